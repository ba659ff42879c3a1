"""The sheet of questions: one row an answer, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_readers import HOSTILE, item
from safekeeping.library import Course, Library, built_in
from safekeeping.publish.lms import table
from safekeeping.publish.lms.question import Choice, Match, question


def rows(library: Library, where: Course, *, instructor: bool = False) -> list[dict[str, str]]:
    """The sheet as a spreadsheet reads it."""
    modules = [library.module(id) for id in library.course()["modules"]]
    text = table.made(library, where, modules, "0" * 32, instructor=instructor).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_answer_has_its_row(toy: Library, toy_course: Course) -> None:
    """With its key in words and its feedback; the note comes first."""
    found = rows(toy, toy_course)
    assert found[0]["kind"] == "note"
    assert [one["kind"] for one in found[1:]].count("choice") == 3
    soil = next(one for one in found if one["answer"] == "soil")
    assert (soil["right"], soil["feedback"]) == ("yes", "Soil tells more than leaves.")
    dusty = next(one for one in found if one["answer"] == "dusty")
    assert (dusty["answer_text"], dusty["right"]) == ("Dusty soil, hanging leaves.", "Needs water")


def test_the_instructors_sheet_holds_test_questions_alone(toy: Library, toy_course: Course) -> None:
    """And every row of it names the quiz that says so."""
    found = rows(toy, toy_course, instructor=True)
    assert {one["question"] for one in found[1:]} == {"sk-bed-test"}
    assert all("with keys" in one["quiz"] for one in found)


@pytest.mark.parametrize("kind", ["MC", "CL", "SEQ", "SJ", "SR"])
@given(texts=st.lists(HOSTILE, min_size=8, max_size=8))
def test_no_cell_runs_and_every_text_comes_back(kind: str, texts: list[str]) -> None:
    """A cell that begins like a formula gains an apostrophe, and nothing else changes."""
    one = question(item(kind, ["=cmd()", "+1", "@x", *texts]), built_in().words("lms"))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    written = [table._safe(row) for row in table._rows(one)]
    writer.writerows(written)
    found = list(csv.reader(io.StringIO(file.getvalue(), newline="")))
    assert found == written
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "|", "%")) for row in found for cell in row)
    back = [
        [cell.removeprefix("'") if cell.startswith("'") and cell[1:2] in "=+-@\t\r|%" else cell for cell in row]
        for row in found
    ]
    if isinstance(one, Choice):
        assert [(row[4], row[6]) for row in back] == [(a.text, a.feedback) for a in one.answers]
    elif isinstance(one, Match):
        assert [(row[4], row[6]) for row in back] == [(r.text, r.feedback) for r in one.rows]
