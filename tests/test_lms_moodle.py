"""Moodle XML: read back by a parser nobody here wrote, and by the standard library's for what that one leaves out."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moodle_xml_parser.parser import parse_bytes  # type: ignore[import-untyped]

from lms_readers import HOSTILE, item, plain
from safekeeping.library import Course, Library, built_in, course
from safekeeping.publish.lms import moodle
from safekeeping.publish.lms.question import Choice, Essay, Match, question, quizzes


def made(library: Library, where: Course, *names: str, instructor: bool = False) -> bytes:
    """The file of these modules."""
    modules = [library.module(name) for name in names or library.course()["modules"]]
    return moodle.made(library, where, modules, "0" * 32, instructor=instructor)


def test_an_independent_parser_reads_every_choice_of_the_course() -> None:
    """Names, texts, fractions and the feedback of every single answer."""
    library = built_in()
    found = {one.name: one for one in parse_bytes(made(library, course()))["multichoice"]}
    modules = [library.module(id) for id in library.course()["modules"]]
    ours = [one for quiz in quizzes(library, modules) for one in quiz.questions if isinstance(one, Choice)]
    assert set(found) == {one.item for one in ours}
    for one in ours:
        theirs = found[one.item]
        assert theirs.single
        assert not theirs.shuffle_answers
        assert [option.score_fraction for option in theirs.options] == [100.0 * a.right for a in one.answers]
        assert [plain(option.feedback) for option in theirs.options] == [[a.feedback] for a in one.answers]


def test_each_part_is_a_category_that_begins_with_its_note(toy: Library, toy_course: Course) -> None:
    """As a description, which asks nothing and counts nothing."""
    root = ET.fromstring(made(toy, toy_course))
    kinds = [one.get("type") for one in root]
    assert kinds == ["category", "description", "multichoice", "matching", "essay", "matching", "matching"]
    assert root[0].findtext("category/text") == "$course$/top/The shared garden/Part 1: practice"
    note = plain(root[1].findtext("questiontext/text") or "")
    assert toy.module("t1").content_note.text in note[0]


def test_a_slash_in_a_name_makes_no_category_of_its_own(toy_copy: Path) -> None:
    """Moodle parts the names of categories by slashes."""
    path = toy_copy / "content" / "course.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("The shared garden", "Bed / path"), encoding="utf-8")
    root = ET.fromstring(made(Library(toy_copy / "content", place="toyland"), Course(toy_copy)))
    assert root[0].findtext("category/text") == "$course$/top/Bed // path/Part 1: practice"


def test_the_test_file_holds_no_practice_and_the_other_no_test(toy: Library, toy_course: Course) -> None:
    """And the first says on its face what it is."""
    student, instructor = made(toy, toy_course), made(toy, toy_course, instructor=True)
    assert b"Which tells more?" not in student
    assert b"Which tells more?" in instructor
    assert b"Where do you look first?" not in instructor
    assert b"with keys, for the instructor only" in instructor
    assert b"for the instructor only" not in student


@pytest.mark.parametrize("kind", ["MC", "CL", "SEQ", "SJ", "SR"])
@given(texts=st.lists(HOSTILE, min_size=8, max_size=8))
def test_every_text_comes_back_as_it_was(kind: str, texts: list[str]) -> None:
    """Whatever it holds: it is text in the file, and never markup."""
    one = question(item(kind, texts), built_in().words("lms"))
    root = ET.fromstring(ET.tostring(moodle._question(one), encoding="unicode"))
    assert root.findtext("idnumber") == one.ident
    assert plain(root.findtext("questiontext/text") or "") == list(one.stem)
    if isinstance(one, Choice):
        assert root.get("type") == "multichoice"
        for answer, theirs in zip(one.answers, root.findall("answer"), strict=True):
            assert plain(theirs.findtext("text") or "") == [answer.text]
            assert plain(theirs.findtext("feedback/text") or "") == [answer.feedback]
            assert theirs.get("fraction") == ("100" if answer.right else "0")
    elif isinstance(one, Match):
        rows = [(plain(r.findtext("text") or ""), r.findtext("answer/text")) for r in root.findall("subquestion")]
        assert rows[: len(one.rows)] == [([row.text], one.labels[row.label]) for row in one.rows]
        assert {label for _, label in rows} == set(one.labels.values())
        assert plain(root.findtext("generalfeedback/text") or "") == list(one.feedback)
    else:
        assert isinstance(one, Essay)
        lines = [line for head, more in one.guide for line in (head, *more)]
        assert plain(root.findtext("graderinfo/text") or "") == lines
        assert plain(root.findtext("generalfeedback/text") or "") == lines
