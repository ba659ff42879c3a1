"""What each call of a notebook stands for: an exercise to play, or HTML to read.

The notebooks and the exports both ask here, so that a cell means the same in JupyterLab, on a page and on a slide.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from . import exercises, render
from .exercises import Exercise
from .faults import ContentError, Fault, WrongCall, near
from .library import Course, Library, course


def make(library: Library, call: str, *args: str, where: Course | None = None, **options: bool) -> Exercise | str:
    """The exercise, or the HTML, behind one call such as ``play("sc15-new-shoes")``.

    Parameters
    ----------
    where : the course whose notebooks count for minutes and sources; by default the one that `course` finds.

    Raises
    ------
    WrongCall : there is no such call, or what it names does not exist.
    """
    odd = next((one for one in args if not isinstance(one, str)), None)
    if odd is not None or None in args:
        raise WrongCall(f'{call}({odd!r}) needs a name in quotes, for example {call}("m5").')
    if call not in CALLS:
        raise WrongCall(f'There is no call "{call}". {near(call, CALLS)}'.strip())
    if call in ("objectives", "sources"):  # the two that look at a notebook
        return CALLS[call](library, where or course(), *args)
    return CALLS[call](library, *args, **options)


def _sort(library: Library, id: str) -> Exercise:
    return exercises.questions(library, id, kinds=("sort",))


def _form(library: Library, wave: str, letter: str = "", items: str = "", event: str = "") -> Exercise:
    from . import forms  # few notebooks show one, and a lesson stays as light as it was

    return forms.form(library, wave, letter, int(items or 0), event)


def _objectives(library: Library, where: Course, id: str) -> str:
    return render.objectives(library, library.module(id), estimated_minutes(library, where, id))


def _key_points(library: Library, id: str) -> str:
    return render.key_points(library, library.module(id))


def _sources(library: Library, where: Course, id: str) -> str:
    return render.sources(library, sorted(claims_of(library, where, id)))


CALLS: dict[str, Callable[..., Exercise | str]] = {
    "ask": exercises.questions,
    "begin": exercises.note,
    "form": _form,
    "key_points": _key_points,
    "objectives": _objectives,
    "pause": exercises.rest,
    "play": exercises.story,
    "show": render.show,
    "sort": _sort,
    "sources": _sources,
    "turn_to": render.turn_to,
}


WORDS_A_MINUTE = 200  # careful reading on a screen
MINUTES_AN_ITEM = 1.0  # one question with its feedback


def estimated_minutes(library: Library, where: Course, id: str) -> int:
    """Minutes that a whole part takes, estimated from its content and rounded up to five; no pilot has measured it.

    Text at 200 words a minute, one minute an item, and the minutes that each scenario states.
    """
    total, words = 0.0, 0
    for cell in cells_of(library, where, id):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            words += len(source.split())
            continue
        for call, ids in called(source):
            for id in ids[:1]:
                if call == "play":
                    total += library.get("scenario", id).minutes
                elif call in ("ask", "sort"):
                    total += MINUTES_AN_ITEM * len(library.get("set", id).items)
            if call == "show":
                words += len(render.plain(render.show(library, *ids)).split())
    return int(-(-(total + words / WORDS_A_MINUTE) // 5) * 5)


def called(source: str) -> Iterator[tuple[str, list[str]]]:
    """The calls of a code cell with their text arguments; none in a cell of somebody's own that is no plain Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, [str(one.value) for one in node.args if isinstance(one, ast.Constant)]


def cells_of(library: Library, where: Course, id: str) -> list[dict[str, Any]]:
    """The cells of a part's notebook as plain data; none if the notebook is not there."""
    path = where.notebooks / f"{library.module(id).stem}.ipynb"
    if not path.is_file():
        return []
    try:
        cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [cell for cell in cells if {"cell_type", "source", "metadata"} <= set(cell)]
    except (OSError, ValueError, KeyError, TypeError):
        remedy = "Open it in JupyterLab and save it again, or restore it."
        raise ContentError([Fault("notebook", path.name, "", "no readable notebook", "a notebook", remedy)]) from None


def claims_of(library: Library, where: Course, id: str) -> set[str]:
    """The ids of all claims that a part rests on: in its cells' metadata and in every record that it uses."""
    module = library.module(id)
    found: set[str] = set(_claims_in(module))
    for cell in cells_of(library, where, id):
        found |= set(cell["metadata"].get("safekeeping", {}).get("claims", ()))
    for kind, ids in (("scenario", module.scenarios), ("figure", module.figures), ("setting", module.settings)):
        for one in ids:
            found |= set(_claims_in(library.get(kind, one)))
    for one in module.sets:
        for item in library.get("set", one).items:
            found |= set(_claims_in(library.get("item", item)))
    for sign in library.every("indicator"):
        if set(sign.settings) & set(module.settings):
            found |= set(sign.claims)
    return found


def _claims_in(record: Any) -> Iterator[str]:
    """The claim ids in a record and in everything inside it: its fields ``claims`` and ``basis``."""
    if isinstance(record, tuple):
        for one in record:
            yield from _claims_in(one)
    elif is_dataclass(record):
        for spec in fields(record):
            value = getattr(record, spec.name)
            if spec.name in ("claims", "basis"):
                yield from value
            else:
                yield from _claims_in(value)
