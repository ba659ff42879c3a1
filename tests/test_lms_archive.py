"""Zip files: the same files give the same bytes, whole or not at all, and known by their stamp."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from safekeeping.publish import output
from safekeeping.publish.lms.archive import write, zipped

FILES = {"b.txt": b"first", "a/c.txt": "é".encode(), "empty": b""}
MADE = "0123456789abcdef" * 2


def test_files_stand_in_the_order_given_with_what_they_hold() -> None:
    """A manifest comes first because whoever packs says so."""
    with zipfile.ZipFile(io.BytesIO(zipped(FILES))) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == FILES
        assert file.namelist() == list(FILES)


def test_the_same_files_give_the_same_bytes() -> None:
    """Whenever they are made: no entry has a real date, and all look as if made on one kind of system."""
    assert zipped(FILES, MADE) == zipped(dict(FILES), MADE)
    with zipfile.ZipFile(io.BytesIO(zipped(FILES))) as file:
        assert {one.date_time for one in file.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        assert {(one.create_system, one.external_attr >> 16) for one in file.infolist()} == {(3, 0o644)}


def test_the_stamp_is_the_archives_comment(tmp_path: Path) -> None:
    """So every unpacker reads the file as before, and the next run knows that there is nothing to do."""
    path = tmp_path / "a.zip"
    write(path, FILES, MADE)
    assert output.unchanged(path, MADE)
    assert output.ours(path)
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        assert b"made from " + MADE.encode() in file.comment


@pytest.mark.parametrize("at", [0, 40, -120, -1])
def test_an_archive_with_one_byte_changed_is_not_ours(tmp_path: Path, at: int) -> None:
    """Wherever the byte stands."""
    path = tmp_path / "a.zip"
    write(path, FILES, MADE)
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(bytes(raw))
    assert not output.ours(path)
    assert not output.unchanged(path, MADE)


def test_an_archive_that_another_program_packed_anew_is_not_ours(tmp_path: Path) -> None:
    """Even if it keeps the comment: somebody looked inside, and may have changed something."""
    path = tmp_path / "a.zip"
    write(path, FILES, MADE)
    with zipfile.ZipFile(path) as file:
        files, comment = {name: file.read(name) for name in file.namelist()}, file.comment
    with zipfile.ZipFile(path, "w") as file:
        for name, raw in files.items():
            file.writestr(name, raw + b" edited")
        file.comment = comment
    assert not output.ours(path)


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    """And the message names the file."""
    with pytest.raises(output.OutputError, match=r"a\.zip"):
        write(tmp_path / "none" / "a.zip", FILES)
