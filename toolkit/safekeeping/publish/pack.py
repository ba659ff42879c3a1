"""`safekeeping pack`: everything for one workshop in one folder, whole or not at all.

Its manifest, ``pack.json``, says what each file was made from. So of a changed pack only those pieces are made that the
change touches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from ..faults import WrongCall, listed, near
from ..library import CONTENT, Course
from . import binder, output
from .binder import Before, files_of
from .inputs import Inputs
from .job import Paper
from .lms import archive

KIND = "pack"
MANIFEST = binder.name(KIND)
INDEX = "index.html"
NAMED = "certificate.pdf"  # the only file that holds names
Progress = Callable[[int, int, str], None]  # done, of how many, what comes next


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for.

    Attributes
    ----------
    plan : a plan's id or file. only : names of pieces, with or without ending; empty for all.
    local : the file of a local pathway card. confirm : words ``ID=DATE``. names : a file of names for certificates.
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
    names: Path | None = None
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
    WrongCall : there is no such plan or piece, or what stands in the zip file's place is not ours.
    ContentError : the plan, the card or a date has faults.
    NamesError : the file of names has faults.
    BinderError : the folder holds something else or edited files. OutputError : it cannot be written.
    """
    target = order.target
    output.restore(target)
    before = Before(target, KIND)
    inputs = Inputs(order)
    before.refuse(renew=order.renew)
    if order.zip:
        output.refuse(_zip(target), renew=order.renew)
    right = before.whole == inputs.whole and before.intact and not order.only
    if right and (not order.zip or output.unchanged(_zip(target), _made_of(target))):
        return Packed(target, (), tuple(sorted(before.files)), before.unconfirmed, renewed=False)
    output.ready(target)
    return _made(order, before, inputs, progress)


def _made(order: Order, before: Before, inputs: Inputs, progress: Progress) -> Packed:
    from . import index
    from .pieces import pieces

    job = inputs.job
    every = pieces(job)
    chosen = _chosen(order.only, [piece.file for piece in every])
    if order.names and NAMED not in chosen:
        raise WrongCall(f"--names is for {NAMED}, which --only leaves out. Add it to --only, or leave --names out.")
    kept = {file for file in before.files if order.only and file not in chosen and file != INDEX}
    made: list[str] = []
    files: dict[str, dict[str, Any]] = {}
    with binder.whole(order.target) as folder:
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
            files[piece.file] = {**entry, "sum": binder.sum_of(raw)}
            binder.put(folder, piece.file, raw)
        unconfirmed = job.unconfirmed
        page = index.page(job, [piece for piece in every if piece.file in files], unconfirmed).encode()
        files[INDEX] = {"sum": binder.sum_of(page), "from": "", "reads": []}
        binder.put(folder, INDEX, page)
        whole = inputs.whole if len(files) == len(every) + 1 and not kept else ""
        binder.put(
            folder,
            MANIFEST,
            binder.manifest(KIND, files, plan=job.plan.id, whole=whole, unconfirmed=unconfirmed),
        )
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


def _zip(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.zip")


def _made_of(folder: Path) -> str:
    """What a zip file of the folder is made from: the manifest holds a sum of every file."""
    return binder.sum_of((folder / MANIFEST).read_bytes())


def _zipped(folder: Path) -> None:
    """The whole folder as one file beside it."""
    files = {f"{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files_of(folder)}
    try:
        archive.write(_zip(folder), files, _made_of(folder))
    except output.OutputError as error:
        raise output.OutputError(f'{str(error).removesuffix("Nothing was changed.")}The folder is complete.') from None
