"""`safekeeping pack`: everything for one workshop in one folder, whole or not at all.

The folder holds a manifest, ``pack.json``: what each file was made from and its sum. So a pack that is still right is
left alone, of a changed one only those pieces are made that the change touches, and a folder that holds anything else,
or a file that somebody edited, is never overwritten without being asked.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from ..faults import SafekeepingError, WrongCall, listed, near
from ..library import CONTENT, Course
from . import output
from .inputs import Inputs, files_of
from .job import Paper

MANIFEST = "pack.json"
FORMAT = 1
INDEX = "index.html"
LARGEST_MANIFEST = 2_000_000  # bytes
Progress = Callable[[int, int, str], None]  # done, of how many, what comes next


class PackError(SafekeepingError):
    """A pack that cannot be written where it was asked for. Whatever stands there is unchanged."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for.

    Attributes
    ----------
    plan : a plan's id or file. only : names of pieces, with or without ending; empty for all.
    local : the file of a local pathway card. confirm : words ``ID=DATE``.
    renew : replace files that somebody edited.
    """

    where: Course
    plan: str
    target: Path
    content: Path = CONTENT
    only: tuple[str, ...] = ()
    local: Path | None = None
    confirm: tuple[str, ...] = ()
    today: date
    paper: Paper = "letter"
    large_print: bool = False
    zip: bool = False
    renew: bool = False


@dataclass(frozen=True)
class Packed:
    """What was done: the folder, the files made and those kept, and the places to turn to that nobody confirmed."""

    folder: Path
    made: tuple[str, ...]
    kept: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    renewed: bool


def pack(order: Order, progress: Progress = lambda done, of, what: None) -> Packed:
    """Make a pack, or renew the one that stands there.

    Raises
    ------
    WrongCall : there is no such plan or piece. ContentError : the plan, the card or a date has faults.
    PackError : the folder holds something else or edited files. OutputError : it cannot be written.
    """
    target = order.target
    output.restore(target)
    before = Before(target)
    inputs = Inputs(order)
    before.refuse(renew=order.renew)
    if before.whole == inputs.whole and before.intact and not order.only and (not order.zip or _zip(target).is_file()):
        return Packed(target, (), tuple(sorted(before.files)), before.unconfirmed, renewed=False)
    output.ready(target)
    return _made(order, before, inputs, progress)


def _made(order: Order, before: Before, inputs: Inputs, progress: Progress) -> Packed:
    from . import index
    from .pieces import pieces

    job = inputs.job
    every = pieces(job)
    chosen = _chosen(order.only, [piece.file for piece in every])
    kept = {file for file in before.files if order.only and file not in chosen and file != INDEX}
    made: list[str] = []
    files: dict[str, dict[str, Any]] = {}
    folder = Path(tempfile.mkdtemp(dir=order.target.parent, prefix=f".{order.target.name}-", suffix=".part"))
    try:
        for number, piece in enumerate(one for one in every if one.file in chosen or one.file in kept):
            progress(number, len(chosen) + len(kept), piece.file)
            old = before.files.get(piece.file)
            if old and piece.file in before.sound and (piece.file in kept or inputs.same(old)):
                raw, entry = before.bytes(piece.file), old
            else:
                found = old if old and piece.file in before.sound else {}
                raw, entry = inputs.traced(piece.make, found, partial(before.bytes, piece.file))
                if not entry["input"] or entry["input"] != found.get("input"):
                    made.append(piece.file)
            files[piece.file] = {**entry, "sum": _sum(raw)}
            _put(folder / piece.file, raw)
        unconfirmed = inputs.unconfirmed
        page = index.page(job, [piece for piece in every if piece.file in files], unconfirmed).encode()
        files[INDEX] = {"sum": _sum(page), "from": "", "reads": []}
        _put(folder / INDEX, page)
        whole = inputs.whole if len(files) == len(every) + 1 and not kept else ""
        told = {"safekeeping_pack": FORMAT, "plan": job.plan.id, "whole": whole, "unconfirmed": unconfirmed}
        _put(folder / MANIFEST, (json.dumps({**told, "files": files}, ensure_ascii=False, indent=1) + "\n").encode())
        folder.chmod(0o755)
        output.swap(folder, order.target)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        reason = "the disk is full" if full else error.strerror or str(error)
        raise output.OutputError(
            f'"{order.target}" could not be written: {reason}. Free some space or name another folder. '
            "Nothing was changed."
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if order.zip:
        _zipped(order.target)
    progress(len(files), len(files), "")
    stayed = tuple(file for file in files if file not in {*made, INDEX})
    return Packed(order.target, tuple(made), stayed, tuple(unconfirmed), bool(before))


def _chosen(only: Sequence[str], files: Sequence[str]) -> set[str]:
    """The files that the names mean: the whole name, the name without ending, or a folder."""
    if not only:
        return set(files)
    found: set[str] = set()
    for name in only:
        fits = {f for f in files if name in (f, f.rpartition(".")[0]) or f.startswith(f"{name.rstrip('/')}/")}
        if not fits:
            hint = near(name, [*files, *(file.rpartition(".")[0] for file in files)])
            raise WrongCall(f'A pack has no piece "{name}". {hint} It has {listed(files, 60)}.'.replace("  ", " "))
        found |= fits
    return found


# --- the folder ------------------------------------------------------------------------------------------------------


class Before:
    """What stands at the target: nothing, a pack, or something else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Any] = _manifest(folder / MANIFEST)
        files = self._read.get("files", {})
        self.files: dict[str, dict[str, Any]] = files if isinstance(files, dict) else {}
        self.whole = str(self._read.get("whole", ""))
        told = self._read.get("unconfirmed", [])
        self.unconfirmed = tuple(str(one) for one in told) if isinstance(told, list) else ()

    def __bool__(self) -> bool:
        return bool(self._read)

    @cached_property
    def edited(self) -> list[str]:
        """Files of the pack that were changed since; those that are missing are not among them."""
        there = [name for name in self.files if (self.folder / name).is_file()]
        return [name for name in there if _sum((self.folder / name).read_bytes()) != self.files[name].get("sum")]

    @cached_property
    def sound(self) -> set[str]:
        """Files of the pack that stand there as they were written."""
        return {name for name in self.files if (self.folder / name).is_file()} - set(self.edited)

    @property
    def intact(self) -> bool:
        """Whether that is so of every file of the pack."""
        return bool(self) and self.sound == set(self.files)

    def bytes(self, name: str) -> bytes:
        """One file as it stands there."""
        return (self.folder / name).read_bytes()

    def refuse(self, *, renew: bool) -> None:
        """Raise PackError if writing here would destroy what is not ours."""
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise PackError(f'"{self.folder}" is no folder. Name a new folder for the pack. Nothing was changed.')
        if not self.folder.is_dir():
            return
        there = [path.relative_to(self.folder).as_posix() for path in files_of(self.folder)]
        if there and not self:
            raise PackError(
                f'"{self.folder}" holds something else ({listed(there, 3)}) and stays as it is. '
                "Name a new or an empty folder."
            )
        foreign = [name for name in there if name not in self.files and name != MANIFEST]
        if foreign:
            raise PackError(
                f'"{self.folder}" holds a pack and files that are not part of it ({listed(foreign, 3)}). '
                "Move them somewhere else, or name a new folder. Nothing was changed."
            )
        if self.edited and not renew:
            raise PackError(
                f'In "{self.folder}" somebody edited {listed(self.edited, 3)}. Save your changes under another name, '
                "or add --renew to have the files made anew. Nothing was changed."
            )


def _manifest(path: Path) -> dict[str, Any]:
    """The manifest of a pack; empty if there is none that we wrote."""
    try:
        if path.stat().st_size > LARGEST_MANIFEST:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    ours = isinstance(found, dict) and found.get("safekeeping_pack") == FORMAT
    return found if ours and _plain_names(found.get("files")) else {}


def _plain_names(files: object) -> bool:
    """Whether a manifest names only files inside its own folder."""
    if not isinstance(files, dict):
        return False
    parts = [part for name in files for part in str(name).split("/")]
    return all(isinstance(entry, dict) for entry in files.values()) and not any(
        part in ("", ".", "..") or "\\" in part or ":" in part for part in parts
    )


def _put(path: Path, raw: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(raw)


def _sum(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:32]


def _zip(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.zip")


def _zipped(folder: Path) -> None:
    """The whole folder as one file beside it."""
    made = _zip(folder).with_name(f".{folder.name}.zip.part")
    stamp = datetime(2026, 1, 1, tzinfo=UTC).timetuple()[:6]  # the same pack gives the same bytes
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
            for path in files_of(folder):
                name = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", stamp)
                file.writestr(name, path.read_bytes(), zipfile.ZIP_DEFLATED)
        made.replace(_zip(folder))
    except OSError as error:
        made.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise output.OutputError(f'"{_zip(folder)}" could not be written: {reason}. The folder is complete.') from None
