"""Output files and folders: written whole or not at all, and left alone when nothing in them would change."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ..faults import SafekeepingError, WrongCall
from ..library import Course, Library

_STAMP = re.compile(rb"\n(?:// )?<!-- made from ([0-9a-f]{32}), text ([0-9a-f]{32}) -->\n$")


_REMEDY = "Name a folder that exists and can be written, or free some space. Nothing was changed."


class OutputError(SafekeepingError):
    """A file that cannot be written. Whatever stood there before is unchanged."""


def write(path: Path, text: str, made_from: str = "") -> None:
    """Write a text file whole or not at all; with `made_from`, end it with a stamp that `unchanged` reads.

    Raises
    ------
    OutputError : the folder is missing or cannot be written, or the disk is full.
    """
    raw = text.encode()
    put(path, raw + stamp(raw, made_from))


def stamp(raw: bytes, made_from: str, mark: str = "") -> bytes:
    """The end of a file by which `unchanged` knows it; nothing if `made_from` is empty.

    Parameters
    ----------
    raw : all that stands before. mark : ``// `` where the format's own comments begin so.
    """
    return f"\n{mark}<!-- made from {made_from}, text {_digest(raw)} -->\n".encode() if made_from else b""


def put(path: Path, raw: bytes) -> None:
    """Write a file whole or not at all; errors as for `write`."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except KeyboardInterrupt:
        Path(temporary).unlink(missing_ok=True)
        raise
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise OutputError(f'"{path}" could not be written: {reason}. {_REMEDY}') from None


def ready(path: Path) -> None:
    """Look before the long work whether the file can be written at all.

    Raises
    ------
    OutputError : its folder is missing or cannot be written.
    """
    reason = "the folder does not exist" if not path.parent.is_dir() else "the folder cannot be written"
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise OutputError(f'"{path}" could not be written: {reason}. {_REMEDY}')


def unchanged(path: Path, made_from: str) -> bool:
    """Whether the file stands there complete, unedited, and made from the same things."""
    return bool(made_from) and _made_from(path) == made_from


def ours(path: Path) -> bool:
    """Whether the file stands there as we wrote it, whatever it was made from."""
    return bool(_made_from(path))


def refuse(path: Path, *, renew: bool) -> None:
    """Raise WrongCall if writing this file would destroy what is not ours or what somebody edited."""
    if path.exists() and not renew and not ours(path):
        remedy = "Give another name, or add --renew to replace it."
        raise WrongCall(f'"{path}" was edited, or is not ours, and stays as it is. {remedy}')


def _made_from(path: Path) -> str:
    """What a file was made from; empty if it is missing, not ours, or was edited."""
    try:
        raw = path.read_bytes()
    except OSError:
        return ""
    found = _STAMP.search(raw)
    return found[1].decode() if found and found[2].decode() == _digest(raw[: found.start()]) else ""


def swap(new: Path, target: Path) -> None:
    """Put a finished folder where another may stand; the other is whole until the very moment.

    A computer that stops between the two renames leaves the old folder beside it under a name that `restore` knows.

    Raises
    ------
    OutputError : a file in the old folder is held open, or the place cannot be written.
    """
    aside = _aside(target)
    try:
        if target.exists():
            target.replace(aside)
        new.replace(target)
    except OSError as error:
        restore(target)
        raise OutputError(f'"{target}" could not be replaced: {error.strerror or error}. {_REMEDY}') from None
    shutil.rmtree(aside, ignore_errors=True)


def restore(target: Path) -> None:
    """Bring back a folder that was set aside by a run that did not end."""
    aside = _aside(target)
    if aside.is_dir() and not target.exists():
        aside.replace(target)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}-before")


def fingerprint(library: Library, where: Course, *more: str) -> str:
    """One hash of everything that an export is made of: package, content, notebooks, notes, and the call's options."""
    package = Path(__file__).parents[1]
    total = hashlib.sha256("\0".join(more).encode())
    folders = [(package, "**/*"), (library.folder, "**/*.toml"), (library.folder, "figures/*.svg")]
    folders += [(where.notebooks, "*.ipynb"), (where.facilitator, "**/*")]
    for folder, pattern in folders:
        for path in sorted(_files(folder, pattern)):
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:32]


def narrowed(sources: str, *more: str) -> str:
    """The fingerprint of one of several exports from the same course: `sources` is `fingerprint` without options."""
    return hashlib.sha256("\0".join([sources, *more]).encode()).hexdigest()[:32]


def _files(folder: Path, pattern: str) -> Iterable[Path]:
    skipped = {"__pycache__", ".ipynb_checkpoints"}
    return (path for path in folder.glob(pattern) if path.is_file() and not skipped & set(path.parts))


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:32]
