"""Paper for a class: the fresh form, its key, the grid for marking, practice with its answers, and the documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ... import documents, instruments
from ...instruments import LETTERS
from ...library import Library
from ...records import Module
from ..blocks import as_data, from_markdown
from ..filled import Filler
from ..fresh_form import FreshForm
from ..job import Printing
from .pathway import card
from .practice import Practice
from .press import press


def test(job: Printing, form: FreshForm) -> bytes:
    """The students' paper: questions and options, no key, and neither the seed nor an id of a question."""
    words, lines = job.library.words("class"), card(job)
    data = {
        "title_of": words["test"], "mark": words["mark"].format(mark=form.mark),
        "items": [
            {"n": n, "stem": item.stem, "answers": [[LETTERS[i], one.text] for i, one in enumerate(some)]}
            for n, (item, some) in enumerate(form.rows, 1)
        ],
        "codes": [
            {"text": one.text, "hint": one.hint, "pattern": one.pattern} for one in instruments.codes(job.library)
        ],
        "lines": lines["danger"] + lines["others"],
    }  # fmt: skip
    return press(job, "class-test", words["test"], data, words="class")


def key(job: Printing, form: FreshForm) -> bytes:
    """For the lecturer alone: the letters at a glance, what was drawn and how, and the reason for each option."""
    words = job.library.words("class")
    facts = [
        [words["fact_mark"], form.mark], [words["fact_seed"], str(form.seed)], [words["fact_course"], form.course],
        [words["fact_parts"], ", ".join(one.stem for one in form.modules)],
        [words["fact_printed"], str(len(form.printed))],
    ]  # fmt: skip
    items = [
        {
            "n": n, "letter": letter, "stem": item.stem, "id": item.id, "objective": item.objective,
            "printed": words["printed"] if item.id in form.printed else "",
            "options": [
                {"letter": LETTERS[i], "text": one.text, "key": one.key, "why": one.rationale}
                for i, one in enumerate(some)
            ],
        }
        for n, ((item, some), letter) in enumerate(zip(form.rows, form.keys, strict=True), 1)
    ]  # fmt: skip
    return press(job, "class-key", words["key"], {"facts": facts, "items": items}, words="class")


def grid(job: Printing, form: FreshForm, students: int) -> bytes:
    """For the lecturer alone: the key above a row for each student."""
    words = job.library.words("class")
    data = {"mark": words["mark"].format(mark=form.mark), "keys": form.keys, "students": students}
    return press(job, "class-grid", words["grid"], data, words="class")


def practice(job: Printing, modules: Sequence[Module]) -> bytes:
    """The look back of each part, without answers and without myths, which would stand there alone."""
    words = job.library.words("class")
    last = [_practice(job.library, one.title, one.sets[-1]) for one in modules if one.sets]
    last = [Practice(one.title, tuple(item for item in one.items if item.type != "MR")) for one in last]
    data = {"sets": [one.questions(job.library.words("form")) for one in last]}
    return press(job, "class-practice", words["practice"], data, words="class")


def practice_answers(job: Printing, modules: Sequence[Module]) -> bytes:
    """For the lecturer alone: the authors' answers to every question of the parts, with their reasons."""
    library, words = job.library, job.library.words("class")
    every = [(one.title, id) for one in modules for id in one.sets]
    sets = [_practice(library, f"{title}: {library.get('set', id).title}", id) for title, id in every]
    data = {"sets": [one.answers(library.words("form")) for one in sets], "plan": ""}
    return press(job, "answers", words["practice_answers"], data, words="class")


def _practice(library: Library, title: str, id: str) -> Practice:
    return Practice(title, tuple(library.get("item", one) for one in library.get("set", id).items))


def document(job: Printing, path: Path, filler: Filler) -> bytes:
    """One document of the university pack, with what the course knows filled in.

    Raises
    ------
    ContentError : it cannot be read, or holds Markdown that cannot be printed.
    WrongCall : it names something that does not exist.
    """
    one = documents.read(path, path.relative_to(job.course.root).as_posix())
    facts = job.library.words("documents")["facts"].format(
        audience=one.front.audience.rstrip("."), minutes=one.front.minutes, version=one.front.version,
        date=one.front.date, licence=one.front.licence,
    )  # fmt: skip
    text = filler.fill(one)
    blocks = [as_data(block) for block in from_markdown(text, one.file)]
    if blocks and blocks[0]["kind"] == "heading" and blocks[0]["level"] == 1:
        blocks = blocks[1:]  # the document's own title stands on the cover already
    data = {"id": one.front.id, "purpose": one.front.purpose, "facts": facts, "blocks": blocks}
    return press(job, "document", one.front.title, data, words="documents")

