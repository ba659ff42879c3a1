"""A folder of output: whole or not at all, never over anything of somebody else's, unchanged when nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from safekeeping.faults import WrongCall
from safekeeping.publish import folder
from safekeeping.publish.output import OutputError

FILES = {"index.html": "<p>é</p>\n", "b.html": "b"}


def names(path: Path) -> set[str]:
    return {one.name for one in path.iterdir()}


def test_folder_is_written_with_a_list_of_its_files_and_is_then_unchanged(tmp_path: Path) -> None:
    """Nothing half-made stays beside it."""
    target = tmp_path / "site"
    assert not folder.unchanged(target, "abc")
    folder.ready(target)
    folder.write(target, FILES, "abc")
    assert names(target) == {*FILES, folder.LIST}
    assert (target / "index.html").read_text(encoding="utf-8") == FILES["index.html"]
    assert folder.unchanged(target, "abc")
    assert not folder.unchanged(target, "abd")
    assert names(tmp_path) == {"site"}


def test_second_time_old_files_go_and_what_others_put_there_stays(tmp_path: Path) -> None:
    """A host's own file (CNAME), a folder of version control."""
    target = tmp_path / "site"
    folder.write(target, FILES, "abc")
    (target / "CNAME").write_text("example.invalid", encoding="utf-8")
    (target / ".git").mkdir()
    folder.ready(target)
    folder.write(target, {"index.html": "new"}, "abd")
    assert names(target) == {"index.html", folder.LIST, "CNAME", ".git"}
    assert names(tmp_path) == {"site"}


@pytest.mark.parametrize("what", ["foreign folder", "a file", "edited", "forged list", "no folder above"])
def test_what_is_not_ours_is_left_alone(tmp_path: Path, what: str) -> None:
    """One sentence with the remedy; nothing is touched."""
    target = tmp_path / "site"
    if what == "foreign folder":
        target.mkdir()
        (target / "thesis.txt").write_text("mine", encoding="utf-8")
    elif what == "a file":
        target.write_text("mine", encoding="utf-8")
    elif what == "edited":
        folder.write(target, FILES, "abc")
        (target / "b.html").write_text("mine", encoding="utf-8")
        assert not folder.unchanged(target, "abc")
    elif what == "forged list":
        target.mkdir()
        (target / folder.LIST).write_text("made by hand\n", encoding="utf-8")
    else:
        target = tmp_path / "no" / "site"
    with pytest.raises(OutputError if what == "no folder above" else WrongCall):
        folder.ready(target)


def test_list_cannot_name_a_file_outside_the_folder(tmp_path: Path) -> None:
    """A list is input too."""
    target = tmp_path / "site"
    folder.write(target, FILES, "abc")
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    rows = (target / folder.LIST).read_text(encoding="utf-8") + "00  ../outside.txt\n"
    (target / folder.LIST).write_text(rows, encoding="utf-8")
    folder.write(target, {"index.html": "new"}, "abd")
    assert outside.read_text(encoding="utf-8") == "mine"


def test_when_writing_fails_the_old_folder_is_still_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk in the middle, or at the very swap."""
    target = tmp_path / "site"
    folder.write(target, FILES, "abc")
    real = Path.write_text

    def full(self: Path, *args: object, **more: object) -> int:
        if self.name == "b.html":
            raise OSError(28, "No space left on device")
        return real(self, *args, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(OutputError, match="No space left"):
            folder.write(target, {"a.html": "new", "b.html": "new"}, "abd")
    assert folder.unchanged(target, "abc")
    replace = Path.replace

    def refuse(self: Path, to: Path) -> Path:
        if to == target and "-old" not in self.name:
            raise OSError(13, "Permission denied")
        return replace(self, to)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(OutputError, match="Permission denied"):
            folder.write(target, {"a.html": "new"}, "abd")
    assert folder.unchanged(target, "abc")
    assert names(tmp_path) == {"site"}
