"""GIFT: questions as plain text that Moodle and others read. Every sign that means something there is escaped.

Feedback stands behind each answer of a choice; matching and essays have it once, as general feedback.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...library import Course, Library
from ...records import Module
from .. import output
from .question import Choice, Essay, Match, Question, Quiz, quizzes, refuse_empty

_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\~=#{}:"} | {"\n": "\\n", "\r": ""})
PLAIN = "[plain]"  # the text is text: a platform shows angle brackets and does not read them as HTML


def made(
    library: Library, where: Course, modules: Sequence[Module], made_from: str, *, instructor: bool = False
) -> bytes:
    """The file; parameters and errors as for `question.quizzes`, and WrongCall if no part has such questions."""
    every = quizzes(library, modules, instructor=instructor)
    refuse_empty(every, modules, instructor=instructor)
    course = str(library.course()["title"])
    raw = ("\n\n".join(block for quiz in every for block in _quiz(quiz, course)) + "\n").encode()
    return raw + output.stamp(raw, made_from, mark="// ")


def _quiz(quiz: Quiz, course: str) -> Iterator[str]:
    """A blank line parts questions, so none stands inside one."""
    # Moodle takes a category as it stands, with no sign escaped; a slash parts the names.
    path = "/".join(" ".join(name.replace("/", "//").split()) for name in (course, quiz.title))
    yield f"$CATEGORY: $course$/top/{path}"
    yield f"::{escaped(quiz.note)}::{PLAIN}{_paragraphs(quiz.intro)}"
    for one in quiz.questions:
        yield _question(one)


def _question(one: Question) -> str:
    """A comment with the identifier, which Moodle reads, then the question."""
    comment = f"// [id:{one.ident}] [tag:{one.objective}]"
    return f"{comment}\n::{escaped(one.item)}::{PLAIN}{_paragraphs(one.stem)}{_answers(one)}"


def _answers(one: Question) -> str:
    if isinstance(one, Choice):
        rows = [f"{'=' if a.right else '~'}{_text(a.text)}#{_text(a.feedback)}" for a in one.answers]
    elif isinstance(one, Match):
        used = {row.label for row in one.rows}
        rows = [f"={_side(row.text)} -> {_side(one.labels[row.label])}" for row in one.rows]
        rows += [f"= -> {_side(text)}" for id, text in one.labels.items() if id not in used]
        rows.append(f"####{_paragraphs(one.feedback)}")
    else:
        return f"{{####{_guide(one)}}}"
    return "\n".join([" {", *(f"\t{row}" for row in rows), "}"])


def _guide(one: Essay) -> str:
    return _paragraphs([f"{head}: {' '.join(lines)}" for head, lines in one.guide])


def _paragraphs(texts: Sequence[str]) -> str:
    return "\\n\\n".join(escaped(text) for text in texts)


def _text(text: str) -> str:
    """A text that stands alone: one that begins so would be taken for the name of a format, or for a weight."""
    return (PLAIN if text.lstrip().startswith(("[", "%")) else "") + escaped(text)


def _side(text: str) -> str:
    """One side of a pair. An arrow parts the two, and GIFT has no way to escape one: it becomes a drawn arrow."""
    return _text(text.replace("->", "\u2192"))


def escaped(text: str) -> str:
    """Plain text as GIFT; a line's end is written as a sign, since a real one could end the question."""
    return text.translate(_SIGNS)
