"""Moodle XML: questions with feedback for every answer, in one category a part; only types that every Moodle has.

Moodle's ``ordering`` type came into its core late, so a sequence is matched to places there, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...library import Course, Library
from ...records import Module
from .. import output
from .question import Answer, Choice, Essay, Match, Question, Quiz, quizzes, refuse_empty
from .tree import Element, element, guide, html, written


def made(
    library: Library, where: Course, modules: Sequence[Module], made_from: str, *, instructor: bool = False
) -> bytes:
    """The file; parameters and errors as for `question.quizzes`, and WrongCall if no part has such questions."""
    every = quizzes(library, modules, instructor=instructor)
    refuse_empty(every, modules, instructor=instructor)
    title = str(library.course()["title"])
    raw = written(element("quiz", *(one for quiz in every for one in _quiz(quiz, title))))
    return raw + output.stamp(raw, made_from)


def _quiz(quiz: Quiz, course: str) -> Iterator[Element]:
    yield _category(quiz, course)
    yield element(
        "question",
        element("name", element("text", quiz.note)),
        _rich("questiontext", html(quiz.intro)),
        element("idnumber", f"{quiz.ident}.note"),
        type="description",
    )
    for one in quiz.questions:
        yield _question(one)


def _category(quiz: Quiz, course: str) -> Element:
    """A slash parts the names of categories, so one inside a name is doubled."""
    path = "/".join(name.replace("/", "//") for name in (course, quiz.title))
    return element(
        "question",
        element("category", element("text", f"$course$/top/{path}")),
        _rich("info", html(quiz.intro)),
        element("idnumber", quiz.ident),
        type="category",
    )


def _question(one: Question) -> Element:
    """One question: what all have in common, then what its type needs."""
    kind, own = _own(one)
    general = html(one.feedback) if isinstance(one, Match) else guide(one.guide) if isinstance(one, Essay) else ""
    return element(
        "question",
        element("name", element("text", one.item)),
        _rich("questiontext", html(one.stem)),
        _rich("generalfeedback", general),
        element("defaultgrade", "0" if isinstance(one, Essay) else "1"),
        element("penalty", "0"),
        element("hidden", "0"),
        element("idnumber", one.ident),
        *own,
        element("tags", element("tag", element("text", one.objective))),
        type=kind,
    )


def _own(one: Question) -> tuple[str, list[Element]]:
    if isinstance(one, Choice):
        return "multichoice", [
            element("single", "true"),
            element("shuffleanswers", "false"),
            element("answernumbering", "abc"),
            *(_answer(answer) for answer in one.answers),
        ]
    if isinstance(one, Match):
        used = {row.label for row in one.rows}
        rows = [(row.text, one.labels[row.label]) for row in one.rows]
        rows += [("", text) for id, text in one.labels.items() if id not in used]  # a label that fits nothing here
        return "matching", [
            element("shuffleanswers", "false"),
            *(_row(text, label) for text, label in rows),
        ]
    return "essay", [
        element("responseformat", "plain"),
        element("responserequired", "0"),
        element("responsefieldlines", "10"),
        element("attachments", "0"),
        element("attachmentsrequired", "0"),
        _rich("graderinfo", guide(one.guide)),
    ]


def _row(text: str, label: str) -> Element:
    return _rich("subquestion", html([text]) if text else "", element("answer", element("text", label)))


def _answer(one: Answer) -> Element:
    text = element("text", html([one.text]))
    feedback = _rich("feedback", html([one.feedback]) if one.feedback else "")
    return element("answer", text, feedback, fraction="100" if one.right else "0", format="html")


def _rich(tag: str, text: str, *more: Element) -> Element:
    return element(tag, element("text", text), *more, format="html")
