"""Printed forms: the questions and letters of the instruments, in the order of the data sheet, and no key."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from paper import job_of, one_line, sizes, sound, text_of
from safekeeping import instruments
from safekeeping.publish.job import Job, Paper
from safekeeping.publish.pieces import responses
from safekeeping.publish.print import forms
from safekeeping.records import texts


@pytest.fixture(scope="module", params=["educators-60", "child-welfare-180", "general-6x60"])
def job(request: pytest.FixtureRequest) -> Job:
    """Plans with each length of form, one of them with the forms that follow later."""
    return job_of(str(request.param))


@pytest.fixture(scope="module")
def paper(job: Job, tmp_path_factory: pytest.TempPathFactory) -> str:
    return text_of(forms.forms(job), tmp_path_factory.mktemp("forms"))


def sheets_of(job: Job) -> list[instruments.Sheet]:
    return [
        instruments.sheet(job.library, wave, form, int(getattr(job.plan, key)))
        for wave, key in forms.WAVES.items()
        if getattr(job.plan, key)
        for form in ("A", "B")
    ]


def test_every_form_stands_there_with_its_numbers_letters_and_scales(job: Job, paper: str) -> None:
    """In the order of the instrument, so that a row can be typed from top to bottom."""
    at = 0
    for sheet in sheets_of(job):
        at = paper.index(one_line(sheet.intro), at)
        for code in sheet.codes:
            at = paper.index(one_line(code.text), at)
        for part in sheet.parts:
            at = paper.index(one_line(part.title), at)
            for question in part.questions:
                at = paper.index(one_line(question.text), at)
                lead = paper[max(0, at - 900) : at]
                assert re.search(rf"\b{question.label}\.\s", lead + " "), question.column
                for letter, text in question.answers:
                    at = paper.index(f"{letter} {one_line(text)}", at)


def test_the_order_of_a_form_is_the_order_of_the_data_sheet(job: Job) -> None:
    """Its columns follow one another there as its questions do here; none is missing."""
    header = next(csv.reader(io.StringIO(responses(job).decode())))
    place = {name: n for n, name in enumerate(header)}
    for sheet in sheets_of(job):
        for part in sheet.parts:
            columns = [question.column for question in part.questions if question.type != "open"]
            assert all(one in place for one in columns), part.id
            if part.kind != "knowledge":  # forms A and B share items, whose one column stands where A has it
                assert [place[one] for one in columns] == sorted(place[one] for one in columns)


def pages_of(job: Job, folder: Path) -> list[list[int]]:
    """What each page of the printed forms says of itself: its number, and of how many."""
    path = folder / "forms.pdf"
    path.write_bytes(forms.forms(job))
    made = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return [[int(n) for n in re.findall(r"Page (\d+) of (\d+)", page)[-1]] for page in made.split("\f")[:-1]]


@pytest.mark.parametrize("paper_size", ["letter", "a4"])
def test_each_form_of_an_hour_is_one_sheet(paper_size: Paper, tmp_path: Path) -> None:
    """Both its sides, on either paper: nothing to staple, and no last question alone on a second sheet."""
    pages = pages_of(replace(job_of("hospitality-60"), paper=paper_size), tmp_path)
    assert pages[1:] == [[1, 2], [2, 2]] * 4


def test_each_form_counts_its_own_pages(job: Job, tmp_path: Path) -> None:
    """Whoever holds one form sees that it is whole; the page for whoever collects counts the file."""
    pages = pages_of(job, tmp_path)
    assert pages[0] == [1, len(pages)]
    assert [n for n, _ in pages[1:]].count(1) == len(sheets_of(job))
    for (n, whole), (after, _) in pairwise([*pages[1:], [1, 0]]):
        assert after == (1 if n == whole else n + 1)


def test_no_form_holds_a_key_or_a_reason(job: Job, paper: str) -> None:
    """Nothing that tells which answer the authors chose, and no accurate sentence before the last form."""
    for sheet in sheets_of(job):
        for id in sheet.ids:
            source = instruments.instrument(job.library, id)
            for record in (source, *(job.library.get("item", item) for item in source.items)):
                hidden = [text for at, text in texts(record) if at.endswith((".rationale", ".accurate"))]
                assert [text for text in hidden if text and one_line(text) in paper] == []
    assert job.library.words("form")["authors_choice"] not in paper


def test_each_form_is_voluntary_names_the_code_a_pseudonym_and_has_help_lines(job: Job, paper: str) -> None:
    """And says "don't know" once for each question of knowledge."""
    words, count = job.library.words("forms"), len(sheets_of(job))
    assert paper.count(one_line(words["code_lead"])) == count and "pseudonym" in words["code_lead"]
    assert paper.count(words["help"]) == count and paper.count(one_line(words["end"])) == count
    questions = [question for one in sheets_of(job) for part in one.parts for question in part.questions]
    known = sum(question.type == "choice" for question in questions)
    assert paper.count(f"? {words['unknown']}") == known
    assert all("voluntary" in one.intro for one in sheets_of(job))
    assert job.library.words("print")["unconfirmed"] in paper


def test_the_forms_are_sound_and_the_same_each_time(job: Job, tmp_path: Path) -> None:
    """Tagged, titled, fonts inside."""
    raw = forms.forms(job)
    sound(raw, job.library.words("forms")["title"], tmp_path)
    assert forms.forms(job) == raw


def test_the_sheet_for_after_the_last_form_holds_every_accurate_sentence_and_no_myth(job: Job, tmp_path: Path) -> None:
    """The script promises it; a myth never stands alone, and here it does not stand at all."""
    paper = text_of(forms.accurate_sentences(job), tmp_path)
    (myths,) = [one for one in job.library.every("instrument") if one.kind == "myths"]
    assert len(myths.statements) == 12
    assert all(one_line(row.accurate) in paper for row in myths.statements)
    assert not [row.id for row in myths.statements if one_line(row.text) in paper]


def test_a_form_in_large_print_has_large_letters_in_its_circles_too(job: Job) -> None:
    """Eighteen points, but for what the foot says of the document."""
    raw = forms.forms(replace(job, large_print=True))
    assert {one for one in sizes(raw) if one < 18} <= {12.0, 10.5, 9.0}
