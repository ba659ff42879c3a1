"""The slides of a workshop plan, in the plan's order: cells of several notebooks, stories, and the plan's own slides.

A cell that is one plain call is drawn from its record and needs no kernel; a notebook with other code is run once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..calls import cells_of
from ..faults import ContentError, Fault
from ..lesson import MIME
from ..plans import OwnSlide, Plan, Session, Step
from ..records import Note
from . import notebook
from .exporter import Setting
from .notes import labelled, read_notes


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes
    ----------
    cells : Markdown cells, and code cells with their outputs, as in an executed notebook.
    minutes : its share of the plan's minutes. note : speaker notes as pairs of label and text.
    step : the number of the plan's step, from 0; -1 in the deck of a part.
    html : what stands on it, where that is not drawn from its cells.
    """

    id: str
    cells: Sequence[Mapping[str, Any]]
    minutes: float
    note: Sequence[tuple[str, str]]
    exercise: bool
    step: int = -1
    html: str = ""


def plan_slides(plan: Plan, setting: Setting) -> list[Slide]:
    """The slides of a plan; each session begins with a cover.

    Raises
    ------
    ContentError : a slide that the plan names does not exist. NotebookError : a notebook that has to be run fails.
    """
    found: list[Slide] = []
    sources = _Sources(setting)
    number = 0
    for place, session in enumerate(plan.sessions):
        found.append(_cover(plan, session, setting, place, number))
        for step in session.steps:
            found += _of_step(plan, step, number, sources, {slide.id for slide in found})
            number += 1
    return found


def clock(plan: Plan) -> list[dict[str, object]]:
    """The plan as the speaker window reads it: for each step its session, start, minutes, and what to cut if late."""
    return [
        {
            "session": place, "title": step.title, "start": start, "planned": step.planned, "least": step.least,
            "rank": step.cut_rank, "cut": step.cut,
        }
        for place, session in enumerate(plan.sessions)
        for start, step in session.timed()
    ]  # fmt: skip


def _cover(plan: Plan, session: Session, setting: Setting, place: int, number: int) -> Slide:
    several = len(plan.sessions) > 1
    mark, title = "#" if place == 0 else "##", plan.title if place == 0 else session.title
    below = session.title if several and place == 0 else setting.words["plan_cover"]
    cell = _markdown(f"cover-{session.id}", f"{mark} {_plain(title)}\n\n{_plain(below)}")
    note = [(f"{setting.words['plan_minutes']}:", f"{session.minutes}")]
    return Slide(cell["id"], [cell], 0, note, exercise=False, step=number)


class _Sources:
    """The notebooks and notes that the slides of one plan come from, each read once."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._cells: dict[str, dict[str, dict[str, Any]]] = {}
        self._notes: dict[str, Mapping[str, Note]] = {}
        self._executed: dict[str, dict[str, Any]] = {}

    def cells(self, module: str) -> dict[str, dict[str, Any]]:
        """The cells of a part's notebook by id."""
        if module not in self._cells:
            rows = cells_of(self.setting.library, self.setting.where, module)
            self._cells[module] = {cell["id"]: cell for cell in rows}
        return self._cells[module]

    def note(self, module: str, cell: str) -> list[tuple[str, str]]:
        """The speaker notes of a cell, labelled; none for a slide of the plan's own."""
        if not module:
            return []
        if module not in self._notes:
            self._notes[module] = read_notes(self.setting.where, module)
        note = self._notes[module].get(cell)
        return labelled(note, self.setting.words) if note else []

    def executed(self, module: str, cell: str) -> dict[str, Any]:
        """A cell after one run of its whole notebook."""
        if module not in self._executed:
            path = self.setting.where.notebooks / f"{self.setting.library.module(module).stem}.ipynb"
            self._executed[module] = {cell["id"]: cell for cell in notebook.run(path).cells}
        return dict(self._executed[module][cell])


def _of_step(plan: Plan, step: Step, number: int, sources: _Sources, taken: set[str]) -> Iterator[Slide]:
    for place, reference in enumerate(step.slides):
        cell, module, cell_id = _cell(plan, reference, sources)
        own = labelled(step, sources.setting.words) if place == 0 else []
        more = sources.note(module, cell_id)
        exercise = "exercise" in cell["metadata"].get("tags", [])
        id = _free(cell["id"], taken)
        taken.add(id)
        yield Slide(id, [{**cell, "id": id}], step.planned / len(step.slides), own + more, exercise, number)


def _free(id: str, taken: set[str]) -> str:
    """The id, or with a number: a plan may show the help lines at its start and at its end."""
    return next(name for name in (id, *(f"{id}-{n}" for n in range(2, 1000))) if name not in taken)


def _cell(plan: Plan, reference: str, sources: _Sources) -> tuple[dict[str, Any], str, str]:
    """The cell behind a reference such as ``m5/hook``, ``own/exits`` or ``story/sc15-new-shoes``; its part; its id."""
    kind, _, id = reference.partition("/")
    if kind == "own" and any(slide.id == id for slide in plan.slides):
        return _markdown(f"own-{id}", _own(plan.own_slide(id))), "", id
    if kind in ("story", "aloud"):
        return _code(reference.replace("/", "-"), "play", [id], {"aloud": True} if kind == "aloud" else {}), "", id
    cells = sources.cells(kind) if kind != "own" else {}
    if id not in cells:
        allowed = "own/… , story/… or a cell as in m5/hook"
        came, remedy = f'the slide "{reference}"', "Correct it, or take it out."
        raise ContentError([Fault("plan-slides", plan.id, "slides", came, allowed, remedy)])
    source = "".join(cells[id]["source"])
    if cells[id]["cell_type"] == "markdown":
        return _markdown(f"{kind}-{id}", source), kind, id
    call = _plain_call(source)
    if call is None:
        return sources.executed(kind, id), kind, id
    return _code(f"{kind}-{id}", *call), kind, id


def _own(slide: OwnSlide) -> str:
    lines = [f"## {_plain(slide.title)}", _plain(slide.text), "\n".join(f"- {_plain(one)}" for one in slide.points)]
    return "\n\n".join(line for line in lines if line)


def _plain(text: str) -> str:
    """A text that Markdown takes for nothing but text."""
    one_line = " ".join(text.split())
    return "".join(f"\\{mark}" if mark in "\\`*_{}[]<>#|~!" else mark for mark in one_line)


def _markdown(id: str, source: str) -> dict[str, Any]:
    return {"id": id, "cell_type": "markdown", "metadata": {}, "source": source}


def _code(id: str, call: str, args: list[str], options: Mapping[str, bool]) -> dict[str, Any]:
    record = {"call": call, "args": args, "options": dict(options)}
    output = {"output_type": "display_data", "metadata": {}, "data": {MIME: record}}
    tags = ["exercise"] if call in ("play", "ask", "sort") else []
    return {
        "id": id, "cell_type": "code", "metadata": {"tags": tags}, "source": "", "execution_count": None,
        "outputs": [output],
    }  # fmt: skip


def _plain_call(source: str) -> tuple[str, list[str], dict[str, bool]] | None:
    """The one call of a cell with its plain arguments; None if the cell holds anything else, and has to be run."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    call = getattr(body[0], "value", None) if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
        return None
    values = [*call.args, *(word.value for word in call.keywords)]
    if not all(isinstance(one, ast.Constant) for one in values) or not all(word.arg for word in call.keywords):
        return None
    options = {str(word.arg): bool(getattr(word.value, "value", False)) for word in call.keywords}
    return call.func.id, [getattr(one, "value", "") for one in call.args], options
