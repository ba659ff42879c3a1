"""One part of the course to read on paper: its text, records, diagrams and questions, and where each story begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ... import calls
from ...exercises import Exercise
from ...faults import WrongCall
from ...records import Module
from ..blocks import Figure, Heading, Paragraph, as_data, from_html, from_markdown, plain
from ..figures import drawn
from ..job import Printing
from .pathway import card
from .press import press
from .reading import Row, indicator, setting, shown

LAB_ONLY = "lab-only"  # the tag of a cell that speaks of JupyterLab's own buttons
# The list of sources is long and stands in the page; the others need a screen.
LEFT_OUT = ("form", "part", "pause", "sources")


def part(job: Printing, module: Module) -> bytes:
    """The whole part without feedback or answers; of a story the situation and the first choice.

    Raises
    ------
    ContentError : its notebook cannot be read, or holds Markdown that cannot be printed. TypesetError : as `press`.
    """
    words, lines = job.library.words("class"), card(job)
    blocks = list(_blocks(job, module))
    figures = [one["id"] for one in blocks if one["kind"] == "figure"]
    data: dict[str, Any] = {
        "eyebrow": words["part"].format(n=module.number), "note": module.content_note.text,
        "sources": words["part_sources"].format(stem=module.stem), "blocks": blocks,
        "lines": lines["danger"] + lines["others"],
    }  # fmt: skip
    files = {f"{id}.svg": drawn(job.library, id) for id in figures}
    return press(job, "class-part", module.title, data, words="class", files=files)


def _blocks(job: Printing, module: Module) -> Iterator[Row]:
    """The cells in order; the part's own title stands on the cover already."""
    for cell in calls.cells_of(job.library, job.course, module.id):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and LAB_ONLY not in cell["metadata"].get("tags", ()):
            blocks = from_markdown(source, f"{module.stem}.ipynb", cell.get("id", ""))
            yield from (as_data(one) for one in blocks if not (isinstance(one, Heading) and one.level == 1))
        elif cell["cell_type"] == "code":
            for call, ids in calls.called(source):
                yield from _called(job, call, ids)


def _called(job: Printing, call: str, ids: list[str]) -> Iterator[Row]:
    """What one call of the notebook shows, as far as paper can show it."""
    if call in ("begin", "turn_to"):
        yield {"kind": {"begin": "note", "turn_to": "help"}[call]}
    elif call == "show":
        for id in ids:
            yield from _record(job, id)
    elif call in calls.CALLS and call not in LEFT_OUT:
        made = calls.make(job.library, call, *ids, where=job.course)
        yield from (_exercise(job, made, ids) if isinstance(made, Exercise) else _html(made))


def _record(job: Printing, id: str) -> Iterator[Row]:
    """A record of the course; a setting with its signs, each with context, ordinary reasons and a next step."""
    library = job.library
    place = next((one for one in library.every("setting") if one.id == id), None)
    if place is not None:
        signs = [sign for sign in library.every("indicator") if sign.settings[0] == id]
        rows = [setting(job, place), *(indicator(job, sign) for sign in signs)]
        yield from ({"kind": "record", "record": row} for row in rows)
        return
    try:
        row = shown(job, id)
    except WrongCall:  # a diagram, or something that only a page shows
        yield from _html(str(calls.make(library, "show", id, where=job.course)))
    else:
        yield {"kind": "record", "record": row}


def _html(html: str) -> Iterator[Row]:
    """Blocks of a rendered record; the caption below a diagram says its title once more and is left out."""
    title = ""
    for one in from_html(html):
        if not (isinstance(one, Paragraph) and plain(one.runs) == title):
            yield as_data(one)
        title = one.title if isinstance(one, Figure) else title


def _exercise(job: Printing, made: Exercise, ids: list[str]) -> Iterator[Row]:
    """A story's beginning, or the questions of a set; a myth stays away: its accurate sentence would be missing."""
    library, words = job.library, job.library.words("class")
    if made.module == "scenario":
        yield _framed(words["story"].format(title=made.title), made, words["story_goes_on"])
    elif any(library.get("item", one).type == "MR" for one in library.get("set", ids[0]).items):
        yield _framed(made.title, None, words["on_the_page"])
    else:
        yield _framed(made.title, made, "")


def _framed(title: str, made: Exercise | None, after: str) -> Row:
    blocks = [as_data(one) for one in from_html(made.discussion())] if made else []
    return {"kind": "exercise", "title": title, "blocks": blocks, "after": after}
