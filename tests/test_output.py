"""Output files: whole or not at all, and left alone while nothing that they are made of has changed."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from safekeeping.publish.output import OutputError, unchanged, write


def test_a_file_is_written_with_its_stamp(tmp_path: Path) -> None:
    """By it the next run knows that there is nothing to do."""
    path = tmp_path / "a.html"
    write(path, "<p>é</p>", "0" * 32)
    assert path.read_text(encoding="utf-8").startswith("<p>é</p>\n<!-- made from 0000")
    assert unchanged(path, "0" * 32)
    assert not unchanged(path, "1" * 32)
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "edit",
    [
        lambda raw: raw.replace(b"a", b"b", 1),
        lambda raw: raw[:-1],
        lambda raw: raw + b" ",
        lambda raw: b"x" + raw,
        lambda raw: raw[: len(raw) // 2],
        lambda raw: b"",
    ],
    ids=["a letter", "an end cut off", "a blank more", "a letter before", "half of it", "nothing left"],
)
def test_an_edited_file_is_not_taken_for_ours(tmp_path: Path, edit: Callable[[bytes], bytes]) -> None:
    """It is made again, whatever was done to it."""
    path = tmp_path / "a.html"
    write(path, "<p>a</p>", "0" * 32)
    path.write_bytes(edit(path.read_bytes()))
    assert not unchanged(path, "0" * 32)


def test_a_missing_file_is_not_unchanged(tmp_path: Path) -> None:
    """Nor a folder."""
    assert not unchanged(tmp_path / "none.html", "0" * 32)
    assert not unchanged(tmp_path, "0" * 32)


def full(*_args: object, **_options: object) -> None:
    """A disk without room."""
    raise OSError(errno.ENOSPC, "No space left on device")


def stopped(*_args: object, **_options: object) -> None:
    """A person presses Ctrl-C at the worst moment."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("where", ["tempfile.mkstemp", "os.fdopen", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_on_a_full_disk_the_earlier_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Written whole or not at all, and nothing half-made is left behind."""
    path = tmp_path / "a.html"
    write(path, "before")
    with monkeypatch.context() as broken:
        broken.setattr(where, full)
        with pytest.raises(OutputError, match=r"No space left on device.*Nothing was changed"):
            write(path, "after")
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.html"]


def test_an_interrupted_run_leaves_the_earlier_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line promises: nothing half-made is left behind."""
    path = tmp_path / "a.html"
    write(path, "before")
    with monkeypatch.context() as broken:
        broken.setattr("pathlib.Path.replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            write(path, "after")
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.html"]


def test_a_folder_that_does_not_exist_is_told_in_one_sentence(tmp_path: Path) -> None:
    """With the remedy."""
    with pytest.raises(OutputError, match="Name a folder that exists"):
        write(tmp_path / "none" / "a.html", "x")
