"""Speaker notes: read by cell, and written out as pairs of label and text for a deck or an editable slide."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ..faults import ContentError, Fault
from ..library import Course, Shelf, read_toml, records_in
from ..plans import Step
from ..records import Note

PARTS = ("say", "do", "ask", "watch", "twin", "cut", "add")


def read_notes(where: Course, module: str) -> dict[str, Note]:
    """The speaker notes of a module by cell id; an empty mapping if it has none.

    Raises
    ------
    ContentError : the file cannot be read.
    """
    path = where.facilitator / "notes" / f"{module}.toml"
    return {note.cell: note for note in _read(path, path.stat().st_mtime_ns)} if path.is_file() else {}


@lru_cache(maxsize=32)
def _read(path: Path, changed: int) -> tuple[Note, ...]:
    """One file of notes; every deck of a pack shows the same ones, and they are read anew only when they changed."""
    name = f"facilitator/notes/{path.name}"
    faults: list[Fault] = []
    found = records_in(Shelf(Note, "", "note"), read_toml(path, name), name, faults)
    if faults:
        raise ContentError(faults)
    return tuple(found)


def labelled(note: Note | Step, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The parts of a note or of a plan's step that are not empty, each with its label."""
    found: list[tuple[str, str]] = []
    for part in PARTS:
        text = getattr(note, part, "")
        paragraphs = text if isinstance(text, tuple) else (text,)
        found += [(f"{words[part]}:", paragraph) for paragraph in paragraphs if paragraph]
    return found
