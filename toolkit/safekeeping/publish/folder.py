"""An output folder: written whole or not at all, never over anything of somebody else's, left alone when unchanged."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from ..faults import WrongCall
from .output import OutputError

LIST = "files.txt"  # every file that we wrote, with its sha256; its first line says what the folder was made from


def unchanged(folder: Path, made_from: str) -> bool:
    """Whether the folder stands there complete, unedited, and made from the same things."""
    made, sums = _listed(folder)
    return made == made_from and bool(sums) and all(_sum_of(folder / name) == sum for name, sum in sums.items())


def ready(folder: Path) -> None:
    """Look before the long work whether the folder can be written.

    Raises
    ------
    WrongCall : something stands there that we did not write, or that was edited since.
    OutputError : the folder above it is missing or cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise WrongCall(f'"{folder}" is a file. Name a folder, for example site.')
    if folder.is_dir() and any(folder.iterdir()):
        made, sums = _listed(folder)
        if not made:
            raise WrongCall(f'"{folder}" holds files that are not ours, so it was left alone. Name a new folder.')
        edited = [name for name, sum in sums.items() if _sum_of(folder / name) not in (sum, "")]
        if edited:
            remedy = "Keep your copy elsewhere, then delete the file here, or name a new folder."
            raise WrongCall(f'"{edited[0]}" in "{folder}" was edited since it was made. {remedy}')
    above = folder.absolute().parent
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise OutputError(f'"{folder}" could not be written: "{above}" is no folder that can be written.')


def write(folder: Path, files: Mapping[str, str], made_from: str) -> None:
    """Put the files where the folder is, all at once; files that others added there stay.

    Raises
    ------
    OutputError : the disk is full or cannot be written; what stood there before is unchanged.
    """
    folder = folder.absolute()
    before = _listed(folder)[1]
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    rows = [f"made from {made_from}", *(f"{sum}  {name}" for name, sum in sorted(sums.items()))]
    new = Path()
    try:
        new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        new.chmod(0o755)
        for name, text in {**files, LIST: "\n".join(rows) + "\n"}.items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")
        _swap(folder, new, {*before, LIST})
    except OSError as error:
        raise OutputError(f'"{folder}" could not be written: {error.strerror}. Nothing was changed.') from None
    finally:
        if new != Path():
            shutil.rmtree(new, ignore_errors=True)


def _swap(folder: Path, new: Path, ours: Collection[str]) -> None:
    """Let the new folder take the place of the old one, with what others put there; if it fails, the old one stays."""
    if not folder.exists():
        new.replace(folder)
        return
    old = new.with_name(new.name + "-old")
    folder.replace(old)
    try:
        new.replace(folder)
    except OSError:
        old.replace(folder)
        raise
    for path in old.iterdir():
        if path.name not in ours and not (folder / path.name).exists():
            path.replace(folder / path.name)
    shutil.rmtree(old, ignore_errors=True)


def _listed(folder: Path) -> tuple[str, dict[str, str]]:
    """What the folder was made from, and the sum of each file; empty if the list is missing or is not ours."""
    try:
        first, *rows = (folder / LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError):
        return "", {}
    made = first.removeprefix("made from ") if first.startswith("made from ") else ""
    pairs = [row.split("  ", 1) for row in rows]
    return made, {pair[1]: pair[0] for pair in pairs if len(pair) == 2 and "/" not in pair[1] and "\\" not in pair[1]}


def _sum_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
