"""One module, or a workshop plan, as one offline slide deck: with speaker notes, or without notes and answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import front, plans
from ..library import Course, Library
from ..plans import Plan
from ..records import Note
from . import notebook, output, policy, reveal
from .blocks import as_html
from .exporter import Setting, export, eyebrow, fill, placed, shared, slides_of
from .notes import labelled, read_notes
from .slides import Slide, clock, plan_slides
from .still import Still, contact_lines, stills

if TYPE_CHECKING:
    from nbformat import NotebookNode

ALL = 99  # more parts than an exercise has


def deck(library: Library, where: Course, name: str, target: Path, *, audience: bool = False) -> bool:
    """Write a module as one slide deck that needs no network.

    Parameters
    ----------
    name : the module's id or its notebook's stem.
    audience : leave out speaker notes, and show exercises for discussion: no consequence, feedback or key.

    Returns
    -------
    False if the file stood there already, made from the same things; then nothing is run or written.

    Raises
    ------
    WrongCall, NotebookError, OutputError : as for a page. ContentError : the notes cannot be read.
    RevealError : the slide library is missing or changed.
    """
    module = library.module(name)
    made_from = output.fingerprint(library, where, "deck", module.id, str(audience))
    if output.unchanged(target, made_from):
        return False
    output.ready(target)
    setting = Setting(library, where, library.words("page"), audience)
    title = setting.words["deck_title"].format(n=module.number)
    data = _page(setting, title, eyebrow(setting, module.id))
    notes = {} if audience else read_notes(where, module.id)
    executed = notebook.run(where.notebooks / f"{module.stem}.ipynb")
    html = export("safekeeping-deck", executed, data, setting, **_filters(setting, _slides(notes, setting)))
    output.write(target, html, made_from)
    return True


def write_plan_deck(library: Library, where: Course, name: str, target: Path, *, audience: bool = False) -> bool:
    """Write the deck of a workshop plan, given by its id or its file; returns and raises as `deck` does."""
    text = Path(name).read_text(encoding="utf-8") if name.endswith(".toml") and Path(name).is_file() else name
    made_from = output.fingerprint(library, where, "deck", text, str(audience))
    if output.unchanged(target, made_from):
        return False
    output.ready(target)
    output.write(target, plan_deck(library, where, plans.plan(library, where, name), audience=audience), made_from)
    return True


def plan_deck(library: Library, where: Course, plan: Plan, *, audience: bool = False) -> str:
    """The deck of a workshop plan as one HTML text: its slides in the plan's order, and its clock for the speaker.

    Parameters
    ----------
    audience : leave out notes and clock, and show exercises for discussion.

    Raises
    ------
    ContentError : a slide is missing. NotebookError : a notebook that has to be run fails. RevealError : as `deck`.
    """
    setting = Setting(library, where, library.words("page"), audience)
    slides = list(_in_the_room(plan_slides(plan, setting), setting))
    data = _page(setting, setting.words["plan_title"], setting.words["plan_eyebrow"].format(n=plan.minutes))
    if not audience:
        data["plan"] = policy.data(json.dumps(clock(plan), ensure_ascii=False, separators=(",", ":")))
    return fill("safekeeping-deck/deck.html.j2", data, setting, (), **_filters(setting, lambda _: slides))


def _filters(setting: Setting, slides: Callable[[NotebookNode], list[Slide]]) -> dict[str, Callable[..., Any]]:
    return {"slides": slides, "placed": lambda one: _placed(one, setting)}


def _placed(piece: notebook.Piece, setting: Setting) -> str:
    """A piece as `exporter.placed` has it, but the places to turn to as lines that a room can read at a glance."""
    if piece.exercise is None or piece.exercise.id != "turn-to":
        return placed(piece, setting)
    lines = "".join(
        f"<li><b>{escape(use)}</b> <span>{escape(name)}</span> "
        f'<span class="sk-number">{escape(number)} <small>{escape(state)}</small></span></li>'
        for use, name, number, state in contact_lines(setting)
    )
    return f'<div class="sk-still"><h2>{escape(piece.exercise.title)}</h2><ul class="sk-lines">{lines}</ul></div>'


def _in_the_room(slides: Sequence[Slide], setting: Setting) -> Iterator[Slide]:
    """The slides as they are; in the participants' copy each exercise in parts that fit on a slide, as on paper."""
    for slide in slides:
        if not (setting.audience and slide.exercise):
            yield slide
            continue
        parts = stills([slide], setting, questions=ALL)
        for number, part in enumerate(parts, 1):
            id = slide.id if number == 1 else f"{slide.id}-part-{number}"
            yield replace(slide, id=id, cells=(), minutes=slide.minutes / len(parts), html=_discussed(part))


def _discussed(part: Still) -> str:
    title, columns = escape(part.title), part.columns
    inner = "".join(f"<div>{as_html(column)}</div>" for column in columns)
    body = f'<div class="sk-two">{inner}</div>' if columns else as_html(part.blocks)
    return (
        f'<div class="sk-discussion" role="group" aria-label="{escape(part.eyebrow)}: {title}">'
        f'<p class="sk-eyebrow">{escape(part.eyebrow)}</p><h2>{title}</h2>{body}</div>'
    )


def _page(setting: Setting, title: str, eyebrow: str) -> dict[str, Any]:
    return shared(setting, "deck.js") | {
        "title": title,
        "style": front.style("style.css", "reading.css", "page.css", "deck.css"),
        "eyebrow": eyebrow,
        "reveal_style": reveal.style(),
        "reveal_script": reveal.script().replace("</script", "<\\/script").replace("<!--", "<\\!--"),
    }


def _slides(notes: Mapping[str, Note], setting: Setting) -> Callable[[NotebookNode], list[Slide]]:
    def slides(executed: NotebookNode) -> list[Slide]:
        found = []
        for cells in slides_of(executed.cells):
            own = [notes[cell["id"]] for cell in cells if cell["id"] in notes]
            lines = [line for note in own for line in labelled(note, setting.words)]
            exercise = any("exercise" in cell["metadata"].get("tags", []) for cell in cells)
            found.append(Slide(cells[0]["id"], cells, sum(note.minutes for note in own), lines, exercise))
        return list(_in_the_room(found, setting))

    return slides
