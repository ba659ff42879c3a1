"""Handouts, one page each, and the room-safety sheet."""

from __future__ import annotations

from typing import Any

from ... import sheets
from ...sheets import Sheet
from ..job import Printing
from .press import press
from .reading import shown


def handouts(job: Printing) -> bytes:
    """All handouts, each on a page of its own in the largest letters that fit.

    Raises
    ------
    TypesetError : a handout is longer than one page; in large print it may take several.
    """
    every = [_sheet(job, one) for one in sheets.handouts(job.course)]
    return press(job, "handouts", job.library.words("handouts")["title"], {"sheets": every, "pages": 1})


def room_safety(job: Printing) -> bytes:
    """The room-safety sheet, and signs for the doors; the way out is shown to the left and to the right."""
    one = sheets.room_safety(job.course)
    words, local = job.library.words("handouts"), job.local
    doors = [("room", local.room if local else ""), ("quiet", local.quiet_room if local else "")]
    signs = [[words[f"sign-{name}"], place, ""] for name, place in doors]
    signs += [[words["sign-exit"], "", way] for way in ("left", "right")]
    return press(job, "handouts", one.title, {"sheets": [_sheet(job, one)], "pages": 3, "signs": signs})


def _sheet(job: Printing, one: Sheet) -> dict[str, Any]:
    blocks = [
        {
            "heading": block.heading, "text": block.text, "steps": block.steps, "points": block.points,
            "say": block.say, "avoid": block.avoid, "fields": block.fields, "lines": block.lines,
            "show": [shown(job, id) for id in block.show],
        }
        for block in one.blocks
    ]  # fmt: skip
    return {"id": one.id, "title": one.title, "lead": one.lead, "foot": one.foot, "blocks": blocks}
