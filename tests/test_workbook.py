"""The workbook tells no answer, the answers stand apart, and what the steps promise of the workbook is in it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from paper import HOSTILE, job_of, one_line, pages_of, sound, text_of
from safekeeping.publish.job import Job
from safekeeping.publish.print import room, workbook

NAMES = ("educators-90", "child-welfare-180", "hospitality-60", "general-6x60")


@pytest.fixture(scope="module", params=NAMES)
def job(request: pytest.FixtureRequest) -> Job:
    """Three plans of a day, and one of several meetings."""
    return job_of(str(request.param))


@pytest.fixture(scope="module")
def book(job: Job, tmp_path_factory: pytest.TempPathFactory) -> str:
    return text_of(workbook.workbook(job), tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def told(job: Job, tmp_path_factory: pytest.TempPathFactory) -> str:
    return text_of(workbook.answers(job), tmp_path_factory.mktemp("told"))


def test_book_and_answers_hold_the_same_questions_in_the_same_order(job: Job, book: str, told: str) -> None:
    """Each question once, whole, with everything that can be chosen."""
    items = [item for one in workbook.practice(job) for item in one.items]
    assert len(items) > 3
    for text in (book, told):
        places = [text.index(one_line(item.stem)) for item in items]
        assert places == sorted(places)
    for item in items:
        assert all(one_line(part.text) in book for part in (*item.options, *item.actions, *item.cases, *item.steps))


def test_what_belongs_together_is_on_one_page(job: Job, tmp_path: Path) -> None:
    """A question with all that is said to it; the marks of the votes with what they are for."""
    answers = pages_of(workbook.answers(job), tmp_path)
    for item in (item for one in workbook.practice(job) for item in one.items):
        parts = (*item.options, *item.actions, *item.cases, *item.steps)
        asked = [one_line(text) for text in (item.stem, *(part.rationale for part in parts)) if text]
        assert any(all(text in page for text in asked) for page in answers), item.id
    for large in (False, True):
        pages = pages_of(workbook.workbook(replace(job, large_print=large)), tmp_path)
        words = job.library.words("workbook")
        for key, lead in (("sentence", "votes"), ("situation", "threshold")):
            with_marks = [page for page in pages if words[key].format(n=1) in page]
            assert all(words[lead] in page for page in with_marks) and len(with_marks) <= 1
            assert not any(words[key].format(n=2) in page for page in pages if page not in with_marks)


def test_large_print_keeps_its_foot_on_one_line(job: Job, tmp_path: Path) -> None:
    """The longest title too."""
    path = tmp_path / "large.pdf"
    path.write_bytes(workbook.answers(replace(job, large_print=True)))
    made = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    pages = made.stdout.split("\f")[:-1]
    assert all(re.search(r"^ *Safekeeping .* CC BY 4\.0 +Page \d+ of \d+$", page, flags=re.M) for page in pages)


def test_paper_does_not_speak_of_a_screen(book: str) -> None:
    """The pause has words of its own here."""
    assert "look up from the page" in book and "look away from the screen" not in book


def test_the_book_tells_no_answer(job: Job, book: str) -> None:
    """No reason, no model, no accurate sentence of a question, no mark of the authors; nothing of a story's course."""
    words = job.library.words("form")
    marks = [words[key] for key in ("authors_choice", "authors_order", "accurate", "model")]
    for item in (item for one in workbook.practice(job) for item in one.items):
        parts = (*item.options, *item.actions, *item.cases, *item.steps)
        marks += [*(part.rationale for part in parts), item.model, item.accurate, *item.levels]
    for id in job.plan.stories():
        one = job.library.get("scenario", id)
        marks += [one.content_note.summary, *(o.feedback for node in one.nodes for o in node.options)]
    steps = [text for step in job.plan.steps() for text in (*step.say, *step.do, step.watch)]
    assert [one for one in [*marks, *steps] if one and one_line(one) in book] == []


def test_the_answers_name_the_authors_choice_and_every_reason(job: Job, told: str) -> None:
    """A leader who is asked why can read it out."""
    chosen = job.library.words("form")["authors_choice"]
    for item in (item for one in workbook.practice(job) for item in one.items):
        parts = (*item.options, *item.actions, *item.cases, *item.steps)
        assert all(one_line(part.rationale) in told for part in parts)
        for letter, option in zip("ABCDEFGH", item.options, strict=False):
            marked = re.search(rf"{letter}\. {re.escape(chosen)} {re.escape(one_line(option.text))}", told)
            assert bool(marked) == option.key, item.id


def test_what_the_steps_send_people_to_is_in_the_book(job: Job, book: str) -> None:
    """A mark for each vote and the sentence later, the pictures in words, the signs with their context, the debrief."""
    words = job.library.words("workbook")
    sentences = room.sentences(job)
    assert sentences and words["sentence"].format(n=len(sentences)) in book
    assert words["sentence"].format(n=len(sentences) + 1) not in book
    marks, last = book.index(words["votes"]), book.index(one_line(sentences[-1].title))
    assert marks < last, "the sentence stands behind the vote on it"
    slides = [slide for step in job.plan.steps() for slide in step.slides]
    pictures = room.pictures(job, [slide for slide in slides if re.match(r"m\d", slide)])
    assert all(one_line(one["text"]) in book for one in pictures)
    assert bool(pictures) == any(slide.endswith("-figure") for slide in slides)
    assert all(one in book for one in room.looking_back(job)) and room.looking_back(job)
    assert (words["threshold"] in book) == ("own/line" in slides)
    assert all(one_line(line) in book for line in room.first_words(job)) and room.first_words(job)


def test_signs_never_stand_alone(job: Job, book: str) -> None:
    """Where the plan is about noticing, each sign comes with context, ordinary reasons and a next step."""
    heading = job.library.words("workbook")["signs"]
    noticing = "m5" in workbook.modules(job)
    assert (heading in book) == noticing
    signs = [one for one in job.library.every("indicator") if one.settings[0] == job.audience.setting]
    for one in signs if noticing else ():
        assert all(one_line(text) in book for text in (one.text, one.context, one.next_step, *one.innocent)), one.id


def test_text_that_looks_like_a_command_is_printed_as_it_stands(job: Job, tmp_path: Path) -> None:
    """In the title of a plan."""
    changed = replace(job, plan=replace(job.plan, title=HOSTILE))
    for make in (workbook.workbook, workbook.answers):
        text = text_of(make(changed), tmp_path)
        assert HOSTILE in text and "root:" not in text


def test_book_and_answers_are_sound_and_the_same_each_time(job: Job, tmp_path: Path) -> None:
    """In large print, too."""
    words = job.library.words("workbook")
    for make, title in ((workbook.workbook, words["title"]), (workbook.answers, words["title_answers"])):
        raw = make(replace(job, large_print=True, paper="a4"))
        sound(raw, title, tmp_path)
        assert make(replace(job, large_print=True, paper="a4")) == raw
