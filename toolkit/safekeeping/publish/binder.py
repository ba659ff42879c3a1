"""A folder of pieces: written whole or not at all, and known again by its manifest.

The manifest says what each file was made from and its sum. So a folder that is still right is left alone, and one that
holds anything else, or a file that somebody edited, is never overwritten without being asked.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from ..faults import SafekeepingError, listed
from . import output

FORMAT = 1
LARGEST_MANIFEST = 2_000_000  # bytes


class BinderError(SafekeepingError):
    """A folder that cannot be written where it was asked for. Whatever stands there is unchanged."""


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """An empty folder to write into; at the end it takes the target's place, or nothing has changed at all.

    Raises
    ------
    OutputError : the disk is full, or the place cannot be written.
    """
    folder = Path()
    try:
        folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-", suffix=".part"))
        yield folder
        folder.chmod(0o755)
        output.swap(folder, target)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        reason = "the disk is full" if full else error.strerror or str(error)
        raise output.OutputError(
            f'"{target}" could not be written: {reason}. Free some space or name another folder. Nothing was changed.'
        ) from None
    finally:
        if folder != Path():
            shutil.rmtree(folder, ignore_errors=True)


def put(folder: Path, file: str, raw: bytes) -> None:
    """One file of a folder, with the folders between.

    Raises
    ------
    BinderError : its name, which may be made from an id, would lead out of the folder.
    """
    if not _plain_names({file: {}}):
        raise BinderError(f'"{file}" is no name of a file inside a folder. Nothing was changed.')
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def manifest(kind: str, files: Mapping[str, Mapping[str, Any]], **told: Any) -> bytes:
    """What stands in the manifest: each file with its sum, and what else is told of the whole."""
    return (json.dumps({mark(kind): FORMAT, **told, "files": files}, ensure_ascii=False, indent=1) + "\n").encode()


def name(kind: str) -> str:
    """The manifest's file in a folder of this kind, such as ``pack.json``."""
    return f"{kind}.json"


def mark(kind: str) -> str:
    """The key by which a manifest is known as ours."""
    return f"safekeeping_{kind}"


def sum_of(raw: bytes) -> str:
    """The sum of a file, as the manifest holds it."""
    return hashlib.sha256(raw).hexdigest()[:32]


def files_of(folder: Path) -> list[Path]:
    """Every file of a folder that is somebody's work; by name, so that a sum is the same everywhere."""
    skipped = {"__pycache__", ".ipynb_checkpoints"}
    found = []
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - skipped)
        found += [Path(at, name) for name in sorted(names) if not name.endswith(".pyc")]
    return found


class Before:
    """What stands at the target: nothing, a folder of this kind (a word such as ``pack``), or something else."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder, self.kind = folder, kind
        self._read: dict[str, Any] = _manifest(folder / name(kind), kind)
        files = self._read.get("files", {})
        self.files: dict[str, dict[str, Any]] = files if isinstance(files, dict) else {}
        self.whole = str(self._read.get("whole", ""))
        told = self._read.get("unconfirmed", [])
        self.unconfirmed = tuple(str(one) for one in told) if isinstance(told, list) else ()

    def __bool__(self) -> bool:
        return bool(self._read)

    @cached_property
    def edited(self) -> list[str]:
        """Files of it that were changed since; those that are missing are not among them."""
        there = [one for one in self.files if (self.folder / one).is_file()]
        return [one for one in there if sum_of((self.folder / one).read_bytes()) != self.files[one].get("sum")]

    @cached_property
    def sound(self) -> set[str]:
        """Files of it that stand there as they were written."""
        return {one for one in self.files if (self.folder / one).is_file()} - set(self.edited)

    @property
    def intact(self) -> bool:
        """Whether that is so of every file."""
        return bool(self) and self.sound == set(self.files)

    def bytes(self, file: str) -> bytes:
        """One file as it stands there."""
        return (self.folder / file).read_bytes()

    def refuse(self, *, renew: bool) -> None:
        """Raise BinderError if writing here would destroy what is not ours."""
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise BinderError(f'"{self.folder}" is no folder. Name a new folder. Nothing was changed.')
        if not self.folder.is_dir():
            return
        there = [path.relative_to(self.folder).as_posix() for path in files_of(self.folder)]
        if there and not self:
            raise BinderError(
                f'"{self.folder}" holds something else ({listed(there, 3)}) and stays as it is. '
                "Name a new or an empty folder."
            )
        foreign = [one for one in there if one not in self.files and one != name(self.kind)]
        if foreign:
            raise BinderError(
                f'"{self.folder}" holds a {self.kind} and files that are not part of it ({listed(foreign, 3)}). '
                "Move them somewhere else, or name a new folder. Nothing was changed."
            )
        if self.edited and not renew:
            raise BinderError(
                f'In "{self.folder}" somebody edited {listed(self.edited, 3)}. Save your changes under another name, '
                "or add --renew to have the files made anew. Nothing was changed."
            )


def _manifest(path: Path, kind: str) -> dict[str, Any]:
    """The manifest of a folder; empty if there is none that we wrote."""
    try:
        if path.stat().st_size > LARGEST_MANIFEST:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    ours = isinstance(found, dict) and found.get(mark(kind)) == FORMAT
    return found if ours and _plain_names(found.get("files")) else {}


def _plain_names(files: object) -> bool:
    """Whether a manifest names only files inside its own folder."""
    if not isinstance(files, dict):
        return False
    parts = [part for one in files for part in str(one).split("/")]
    return all(isinstance(entry, dict) for entry in files.values()) and not any(
        part in ("", ".", "..") or "\\" in part or ":" in part for part in parts
    )
