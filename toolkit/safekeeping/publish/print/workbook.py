"""The participant's workbook, without any answer, and the answers to it for the facilitators alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ... import render
from ...calls import called, cells_of
from ..job import Job
from . import pathway, room
from .practice import Practice
from .press import press
from .reading import contact, entry

TERMS = ("csec", "thing-of-value")  # glossary entries of the first page
_PART = re.compile(r"m\d+")


def workbook(job: Job) -> bytes:
    """Definition, room for notes, practice without answers, the stories' choices, pathway card and action plan."""
    library, words = job.library, job.library.words("workbook")
    front = library.words("front")
    parts = [library.module(id) for id in modules(job)]
    stories = [library.get("scenario", id) for id in job.plan.stories()]
    pictures, true = room.pictures(job, _slides(job)), room.sentences(job)
    data: dict[str, Any] = {
        "sentences": [[one.title, one.text] for one in true], "debrief": room.looking_back(job),
        "thresholds": room.thresholds(job), "pictures": pictures, "first_words": room.first_words(job),
        "signs": room.signs(job) if any(part.settings for part in parts) else None,
        "plan": job.plan.title, "title_of": words["title"], "card": pathway.card(job),
        "terms": [entry(job, library.get("entry", id)) for id in TERMS],
        "sets": [one.questions(library.words("form")) for one in practice(job)],
        "stories": [[one.title, one.content_note.text] for one in stories],
        "keep": [point.text for part in parts for point in part.key_points[:3]],
        "turn_to": [
            [library.words("turn-to")[use], [contact(job, one) for one in group]]
            for use, group in render.contacts_by_use(library)
        ],
        "care": [words["care_lead"], *(front[f"pause-step-{n}"] for n in range(5)), front["pause-close"]],
    }  # fmt: skip
    data["pathway"] = library.words("pathway")
    return press(job, "workbook", words["title"], data, files=room.picture_files(job, pictures))


def answers(job: Job) -> bytes:
    """The authors' answers to every set of the workbook, with their reasons: never for the tables."""
    words = job.library.words("workbook")
    data: dict[str, Any] = {
        "plan": job.plan.title,
        "sets": [one.answers(job.library.words("form")) for one in practice(job)],
    }
    return press(job, "answers", words["title_answers"], data, words="workbook")


def practice(job: Job) -> list[Practice]:
    """The questions on the plan's slides and those that its steps name, then those of the look back of each part that
    it uses; each item once."""
    library = job.library
    named = (id for step in job.plan.steps() for id in step.practice)
    chosen = [(library.get("set", id).title, id) for id in (*_asked(job), *named)]
    chosen += [(part.title, part.sets[-1]) for part in map(library.module, modules(job)) if part.sets]
    seen: set[str] = set()
    found = []
    for title, id in chosen:
        items = [item for item in library.get("set", id).items if item not in seen]
        seen.update(items)
        if items:
            found.append(Practice(title, tuple(library.get("item", item) for item in items)))
    return found


def _asked(job: Job) -> Iterator[str]:
    for slide in _slides(job):
        module, _, id = slide.partition("/")
        cells = {cell["id"]: cell for cell in cells_of(job.library, job.course, module)}
        if id in cells and cells[id]["cell_type"] == "code":
            yield from (names[0] for call, names in called("".join(cells[id]["source"])) if call in ("ask", "sort"))


def _slides(job: Job) -> list[str]:
    """Slides that are cells of a notebook."""
    every = (slide for step in job.plan.steps() for slide in step.slides)
    return [slide for slide in every if _PART.fullmatch(slide.partition("/")[0])]


def modules(job: Job) -> list[str]:
    """The parts of the course from which the plan takes slides, in the order of the course."""
    used = {slide.partition("/")[0] for slide in _slides(job)}
    return [id for id in job.library.course()["modules"] if id in used and id != "m0"]
