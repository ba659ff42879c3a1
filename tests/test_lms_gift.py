"""GIFT, read back as Moodle reads it. ``tests/peers/gift.mjs`` does the same by hand with a grammar of others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_readers import HOSTILE, gift, item
from safekeeping.library import Course, Library, built_in, course
from safekeeping.publish.lms import gift as writer
from safekeeping.publish.lms.question import Choice, Essay, Match, Question, question, quizzes

ENDS = " \t\n\x00\x0b"  # Moodle cuts these off


def same(one: Question, theirs: dict[str, object]) -> None:
    """What was read is the question that was written; an arrow in a row is drawn, since it parts the two sides."""
    assert theirs["name"] == one.item
    assert theirs["id"] == one.ident
    assert theirs["stem"] == "\n\n".join(one.stem).strip(ENDS)
    if isinstance(one, Choice):
        rows = [(a.right, a.text.strip(ENDS), a.feedback.strip(ENDS)) for a in one.answers]
        assert theirs["answers"] == rows
    elif isinstance(one, Match):
        drawn = [(_drawn(row.text), _drawn(one.labels[row.label])) for row in one.rows]
        used = {row.label for row in one.rows}
        drawn += [("", _drawn(text)) for id, text in one.labels.items() if id not in used]
        assert theirs["pairs"] == drawn
        assert theirs["general"] == "\n\n".join(one.feedback).strip(ENDS)
    else:
        assert theirs["kind"] == "essay"
        assert all(line.strip(ENDS) in str(theirs["general"]) for _, lines in one.guide for line in lines)


def _drawn(text: str) -> str:
    return text.replace("->", "\u2192").strip(ENDS)


def made(library: Library, where: Course, *, instructor: bool = False) -> str:
    """The file of the whole course."""
    modules = [library.module(id) for id in library.course()["modules"]]
    return writer.made(library, where, modules, "0" * 32, instructor=instructor).decode()


def test_every_question_of_the_course_comes_back() -> None:
    """Each part in a category of its own, its note first, in the part's order."""
    library = built_in()
    found = gift(made(library, course()))
    modules = [library.module(id) for id in library.course()["modules"]]
    for quiz in quizzes(library, modules):
        start = next(n for n, one in enumerate(found) if one["name"] == f"$course$/top/Safekeeping/{quiz.title}")
        note, *rest = found[start + 1 : start + 2 + len(quiz.questions)]
        assert note["kind"] == "description"
        assert note["stem"] == "\n\n".join(quiz.intro)
        for one, theirs in zip(quiz.questions, rest, strict=True):
            same(one, theirs)


def test_the_instructors_file_holds_test_questions_alone(toy: Library, toy_course: Course) -> None:
    """And says so before the first of them."""
    found = gift(made(toy, toy_course, instructor=True))
    assert [one["kind"] for one in found] == ["category", "description", "choice"]
    assert str(found[1]["stem"]).startswith("For the instructor only")
    assert "Which tells more?" not in made(toy, toy_course)


@pytest.mark.parametrize("kind", ["MC", "CL", "SEQ", "SJ", "SR"])
@given(texts=st.lists(HOSTILE, min_size=8, max_size=8))
def test_every_text_comes_back_as_it_was(kind: str, texts: list[str]) -> None:
    """Signs, weights, names of formats, comments and blank lines in a text are text."""
    one = question(item(kind, texts), built_in().words("lms"))
    block = "\n\n".join(["::before::x", writer._question(one), "::after::y"])
    before, *found, after = gift(block)
    assert (before["name"], after["name"]) == ("before", "after")
    assert len(found) == 1
    same(one, found[0])
    assert isinstance(one, (Choice, Match, Essay))
