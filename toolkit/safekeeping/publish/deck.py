"""One module as one offline slide deck: with speaker notes for the facilitator, or without notes and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import front
from ..faults import ContentError, Fault
from ..library import Course, Library, Shelf, read_toml, records_in
from ..records import Note
from . import notebook, output, reveal
from .exporter import Setting, export, eyebrow, shared, slides_of

if TYPE_CHECKING:
    from nbformat import NotebookNode


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
    data = shared(setting, "deck.js") | {
        "title": setting.words["deck_title"].format(n=module.number),
        "style": front.style("style.css", "reading.css", "page.css", "deck.css"),
        "eyebrow": eyebrow(setting, module.id),
        "reveal_style": reveal.style(),
        "reveal_script": reveal.script().replace("</script", "<\\/script").replace("<!--", "<\\!--"),
    }
    notes = {} if audience else read_notes(where, module.id)
    executed = notebook.run(where.notebooks / f"{module.stem}.ipynb")
    html = export("safekeeping-deck", executed, data, setting, slides=_slides(notes, setting))
    output.write(target, html, made_from)
    return True


def read_notes(where: Course, module: str) -> dict[str, Note]:
    """The speaker notes of a module by cell id; an empty mapping if it has none.

    Raises
    ------
    ContentError : the file cannot be read.
    """
    path = where.facilitator / "notes" / f"{module}.toml"
    if not path.is_file():
        return {}
    name = f"facilitator/notes/{path.name}"
    faults: list[Fault] = []
    found = records_in(Shelf(Note, "", "note"), read_toml(path, name), name, faults)
    if faults:
        raise ContentError(faults)
    return {note.cell: note for note in found}


@dataclass(frozen=True)
class Slide:
    """One slide: its cells, its planned minutes, and its notes as pairs of label and text."""

    id: str
    cells: Sequence[Mapping[str, Any]]
    minutes: float
    note: Sequence[tuple[str, str]]
    exercise: bool


def _slides(notes: Mapping[str, Note], setting: Setting) -> Callable[[NotebookNode], list[Slide]]:
    def slides(executed: NotebookNode) -> list[Slide]:
        found = []
        for cells in slides_of(executed.cells):
            own = [notes[cell["id"]] for cell in cells if cell["id"] in notes]
            lines = [
                (f"{setting.words[part]}:", getattr(note, part))
                for note in own
                for part in ("say", "do", "ask", "watch")
                if getattr(note, part)
            ]
            exercise = any("exercise" in cell["metadata"].get("tags", []) for cell in cells)
            found.append(Slide(cells[0]["id"], cells, sum(note.minutes for note in own), lines, exercise))
        return found

    return slides
