"""`safekeeping lms`: one file for a learning platform, whole or not at all, and never over anything edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from ...faults import WrongCall
from ...library import Course, Library
from ...records import Module
from .. import output

Format = Literal["imscc", "qti", "moodle", "gift", "scorm12", "csv"]
ENDINGS = {"imscc": ".imscc", "qti": ".zip", "moodle": ".xml", "gift": ".txt", "scorm12": ".zip", "csv": ".csv"}
UNSTAMPED = {"csv"}  # a sheet has no place for a stamp: it is compared whole
MAKERS = {"imscc": "common_cartridge", "qti": "qti", "moodle": "moodle", "gift": "gift", "csv": "table"}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for.

    Attributes
    ----------
    modules : ids or stems; empty for the whole course. instructor : test questions with keys in place of practice.
    renew : replace what stands there, though it was edited or is not ours.
    """

    library: Library
    where: Course
    modules: tuple[str, ...]
    format: Format
    target: Path
    instructor: bool = False
    renew: bool = False


def export(order: Order) -> str:
    """Write the file.

    Returns
    -------
    One line for the person who asked: what was written, or that nothing had changed.

    Raises
    ------
    WrongCall : no such module, a wrong ending, options that do not go together, or something else stands there.
    ContentError : two questions would get one id. OutputError : the file cannot be written.
    """
    modules = chosen(order.library, order.modules)
    target = order.target
    if order.format == "scorm12":
        return _scorm(order, modules)
    _file(order)
    output.ready(target)
    made_from = output.fingerprint(
        order.library, order.where, "lms", order.format, str(order.instructor), *(one.id for one in modules)
    )
    if output.unchanged(target, made_from):
        return f"Unchanged, nothing to do: {target}"
    if order.format not in UNSTAMPED:
        output.refuse(target, renew=order.renew)
    maker = import_module(f".{MAKERS[order.format]}", __package__)
    raw: bytes = maker.made(order.library, order.where, modules, made_from, instructor=order.instructor)
    if _holds(target, raw):
        return f"Unchanged, nothing to do: {target}"
    output.refuse(target, renew=order.renew)
    output.put(target, raw)
    keys = " It holds keys: keep it from students." if order.instructor else ""
    return f"Written: {target} ({len(raw) / 1000:.0f} KB).{keys}"


def _holds(target: Path, raw: bytes) -> bool:
    try:
        return target.read_bytes() == raw
    except OSError:  # nothing stands there, or nothing that may be read
        return False


def chosen(library: Library, names: Sequence[str]) -> list[Module]:
    """The modules of these names in the course's order, each once; all where none is named.

    Raises
    ------
    WrongCall : there is no such module.
    """
    wanted = {library.module(name).id for name in names}
    every = [library.module(id) for id in library.course()["modules"]]
    return [one for one in every if not wanted or one.id in wanted]


def _file(order: Order) -> None:
    target, ending = order.target, ENDINGS[order.format]
    if target.is_dir():
        raise WrongCall(f'"{target}" is a folder. Name a file to write in it.')
    if target.suffix.lower() != ending:
        raise WrongCall(f'"{target}" does not end in {ending}. Name a file such as {_example(order)}.')


def _scorm(order: Order, modules: Sequence[Module]) -> str:
    """A SCORM package is one part, with practice alone; several parts are several files in a folder."""
    if order.instructor:
        raise WrongCall("A SCORM package goes to students and holds no test questions. Leave --instructor out.")
    from .scorm import made

    target = order.target
    if len(modules) == 1:
        _file(order)
        files = [target]
    else:
        if target.suffix or (target.exists() and not target.is_dir()):
            many = f"a package holds one part, and these are {len(modules)}"
            raise WrongCall(f'"{target}" cannot be written: {many}. Name one part, or a folder such as packages.')
        files = [target / f"part-{one.number}.zip" for one in modules]
    for file in files:
        output.refuse(file, renew=order.renew)
    output.ready(target)
    sources = output.fingerprint(order.library, order.where)  # every part rests on the same files: read once
    sums = [output.narrowed(sources, "scorm12", one.id) for one in modules]
    every = [row for row in zip(files, modules, sums, strict=True) if not output.unchanged(row[0], row[2])]
    if not every:
        return f"Unchanged, nothing to do: {target}"
    raws = {file: made(order.library, order.where, one, sum) for file, one, sum in every}  # all, before any is written
    if len(files) > 1:
        target.mkdir(exist_ok=True)
    for file, raw in raws.items():
        output.put(file, raw)
    if len(files) == 1:
        return f"Written: {target} ({target.stat().st_size / 1000:.0f} KB)."
    kept = len(files) - len(raws)
    return f"Written: {len(raws)} packages in {target}" + (f"; {kept} were unchanged." if kept else ".")


def _example(order: Order) -> str:
    return f"{'keys' if order.instructor else 'unit'}{ENDINGS[order.format]}"
