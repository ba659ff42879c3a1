"""The questions as a sheet, one row an answer, for a platform that reads nothing else, and for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from ...library import Course, Library
from ...records import Module
from .question import Choice, Match, Question, quizzes, refuse_empty

HEAD = ("part", "quiz", "question", "kind", "objective", "text", "answer", "answer_text", "right", "feedback")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")  # a spreadsheet runs a cell that begins so


def made(
    library: Library, where: Course, modules: Sequence[Module], made_from: str, *, instructor: bool = False
) -> bytes:
    """The file, with the mark by which spreadsheets know UTF-8; errors as for the other formats.

    A sheet has no place for a stamp (`made_from`): whoever writes it compares it whole.
    """
    every = quizzes(library, modules, instructor=instructor)
    refuse_empty(every, modules, instructor=instructor)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEAD)
    for quiz in every:
        first = [str(quiz.module.number), quiz.title]
        writer.writerow(_safe([*first, quiz.ident, "note", "", "\n".join(quiz.intro), "", "", "", ""]))
        for one in quiz.questions:
            for row in _rows(one):
                writer.writerow(_safe([*first, one.ident, *row]))
    return f"\ufeff{file.getvalue()}".encode()


def _rows(one: Question) -> Iterator[list[str]]:
    stem = "\n".join(one.stem)
    if isinstance(one, Choice):
        for answer in one.answers:
            yield [
                "choice",
                one.objective,
                stem,
                answer.id,
                answer.text,
                "yes" if answer.right else "no",
                answer.feedback,
            ]
    elif isinstance(one, Match):
        for row in one.rows:
            yield ["match", one.objective, stem, row.id, row.text, one.labels[row.label], row.feedback]
    else:
        for head, lines in one.guide:
            yield ["essay", one.objective, stem, "", head, "", "\n".join(lines)]


def _safe(cells: Sequence[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
