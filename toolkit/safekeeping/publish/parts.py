"""Parts as the learn site and the packages for a class draw them: cells with their pieces, minutes, check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import calls, exercises
from ..faults import WrongCall
from ..library import Course, Library
from ..records import Module
from . import lists, notebook
from .exporter import Setting, placed, role
from .frame import safe


@dataclass(frozen=True)
class Part:
    """One part: its cells with their pieces, its minutes, and the exercises that make it up."""

    module: Module
    page: str
    cells: Sequence[tuple[Mapping[str, Any], str, Sequence[notebook.Piece]]]
    stays: set[str]
    minutes: int
    check: exercises.Exercise | None

    @cached_property
    def do(self) -> list[exercises.Exercise]:
        """The exercises of the part without its content note."""
        made = [piece.exercise for _, _, pieces in self.cells for piece in pieces if piece.exercise]
        return [one for one in made if one.module in ("scenario", "quiz", "sort")]


def draw(library: Library, where: Course, module: Module) -> Part:
    """Draw a part from its notebook; nothing is run.

    Raises
    ------
    NotebookError, ContentError : it cannot be drawn.
    """
    path = where.notebooks / f"{module.stem}.ipynb"
    made = notebook.drawn(path, calls.cells_of(library, where, module.id))
    shown = [cell for cell in made.cells if "lab-only" not in cell["metadata"].get("tags", [])]
    rows = [
        (cell, role(cell), ())
        if cell["cell_type"] == "markdown"
        else (cell, "", notebook.pieces(library, where, cell))
        for cell in shown
        if cell["cell_type"] in ("markdown", "code")
    ]
    try:
        check = exercises.check(library, module.id)
    except WrongCall:  # a part with too few questions, such as the opening one, has no check
        check = None
    minutes = max(calls.estimated_minutes(library, where, module.id), module.minutes)
    return Part(module, f"part-{module.number}.html", rows, notebook.stays(made), minutes, check)


def cells(
    one: Part, setting: Setting, prose: Callable[[str], str], stories: int | None = None
) -> Iterator[dict[str, str]]:
    """What stands in a part, in order.

    Parameters
    ----------
    prose : Markdown to HTML.
    stories : how many stories are played in place; a further one stands as a way to its own page. None: all.
    """
    told = 0
    for cell, kind, pieces in one.cells:
        css = f"sk-cell{f' sk-{kind}' if kind else ''}{' sk-stay' if cell['id'] in one.stays else ''}"
        if cell["cell_type"] == "markdown":
            yield {"id": cell["id"], "css": css, "html": safe(prose(cell["source"])), "kind": kind}
        for place, piece in enumerate(pieces, 1):
            story = piece.exercise if piece.exercise and piece.exercise.module == "scenario" else None
            told += story is not None
            if story and stories is not None and told > stories:
                html = lists.card(setting.library.get("scenario", story.id), setting.words)
            else:
                html = placed(piece, setting)
            id = cell["id"] if place == 1 else f"{cell['id']}-{place}"
            yield {"id": id, "css": css, "html": safe(html), "kind": "piece"}


def minutes_text(one: Part, words: Mapping[str, str]) -> str:
    """How long a part takes, in words: its short route, and all of it."""
    key = "minutes" if one.minutes > one.module.minutes else "minutes_same"
    return words[key].format(short=one.module.minutes, all=one.minutes)


def row(one: Part, library: Library) -> dict[str, Any]:
    """What the front end has to know of a part, to say how far a learner is."""
    known = {
        "id": one.module.id,
        "n": one.module.number,
        "title": one.module.title,
        "page": one.page,
        "minutes": one.minutes,
        "do": {each.id: _minutes(each, library) for each in one.do},
    }
    return known | ({"check": {"id": one.check.id, "need": one.check.table["need"]}} if one.check else {})


def _minutes(one: exercises.Exercise, library: Library) -> int:
    """What an exercise takes, as `calls.estimated_minutes` counts it."""
    if one.module == "scenario":
        return int(library.get("scenario", one.id).minutes)
    return int(len(one.table["items"]) * calls.MINUTES_AN_ITEM)
