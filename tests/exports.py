"""Quiz reports in the layouts that Canvas and Moodle document, written by hand: no person and no platform made them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from safekeeping.library import built_in
from safekeeping.records import Item

LIBRARY = built_in()
CANVAS = ("name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted", "attempt")
MOODLE = ("Last name", "First name", "Email address", "Status", "Started", "Completed", "Duration", "Grade/10.00")
GERMAN = ("Nachname", "Vorname", "E-Mail-Adresse", "Status", "Begonnen", "Beendet", "Dauer", "Bewertung/10,00")
LETTERS = "ABC"


def items(*ids: str) -> list[Item]:
    """Questions of the course."""
    return [LIBRARY.get("item", id) for id in ids]


TEST = items("m5-test-1", "m5-test-2", "m5-test-3", "m5-test-4")


@dataclass
class Person:
    """Who answered what: a letter for each question as the course orders its options, ``-`` for none."""

    number: int
    letters: str
    attempt: int = 1
    finished: bool = True
    day: int = 10
    score: float = 1.0
    name: str = field(default="", kw_only=True)

    def texts(self, questions: Sequence[Item], blank: str) -> list[str]:
        """The words of the chosen options."""
        pairs = zip(questions, self.letters, strict=True)
        return [blank if one == "-" else item.options[LETTERS.index(one)].text for item, one in pairs]


def canvas(
    people: Sequence[Person], questions: Sequence[Item] = TEST, *, entities: bool = False, anonymous: bool = False,
    several: bool = True,
) -> list[list[str]]:  # fmt: skip
    """"Student Analysis" of Classic Quizzes. `entities`: as tags are stripped, but & and < stay as they are in HTML."""
    gone = {*(() if several else ("attempt",)), *(("name", "id", "sis_id") if anonymous else ())}
    head = [one for one in CANVAS if one not in gone]
    first = len(head)
    for n, item in enumerate(questions):
        head += [f"{9100 + n}: {escape(item.stem) if entities else item.stem}", "1.0"]
    rows = []
    for one in people:
        when, who = f"2026-09-{one.day} 10:00:00 UTC", one.name or f"Student {one.number}"
        every = (who, f"{700 + one.number}", f"S-{one.number}", "Section A", "5", "A-5", when, str(one.attempt))
        told = dict(zip(CANVAS, every, strict=True))
        cells = [told[name] for name in head[:first]]
        for text in one.texts(questions, ""):
            cells += [text, "1.0"]
        rows.append([*cells, "2", "2", str(one.score)])
    return [[*head, "n correct", "n incorrect", "score"], *rows]


def moodle(
    people: Sequence[Person], questions: Sequence[Item] = TEST, *, head: Sequence[str] = MOODLE, summary: bool = False,
    right: bool = False, response: str = "Response",
) -> list[list[str]]:  # fmt: skip
    """"Responses"; `summary` and `right` add the question and the right answer, as a lecturer may tick them."""
    first = [*head]
    for n, _ in enumerate(questions, 1):
        first += [*([f"Question {n}"] if summary else []), f"{response} {n}", *([f"Right answer {n}"] if right else [])]
    rows = []
    for one in people:
        cells = [one.name or f"Last{one.number}", f"First{one.number}", f"a{one.number}@example.org",
                 "Finished" if one.finished else "In progress", f"{one.day} November 2026  10:15 AM",
                 f"{one.day} November 2026  10:25 AM" if one.finished else "-", "10 mins" if one.finished else "-",
                 f"{one.score:.2f}" if one.finished else "-"]  # fmt: skip
        for item, text in zip(questions, one.texts(questions, "-"), strict=True):
            if summary:
                cells.append(f"{item.stem}: {'; '.join(option.text for option in item.options)}")
            cells.append(text)
            if right:
                cells.append(next(option.text for option in item.options if option.key))
        rows.append(cells)
    return [first, *rows]


def write(path: Path, rows: Sequence[Sequence[str]], *, separator: str = ",", encoding: str = "utf-8") -> Path:
    """A table as a file."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def group(count: int, seed: int = 0) -> list[Person]:
    """So many people with answers that differ, each question right for some and wrong for others."""
    questions = range(len(TEST))
    return [Person(n, "".join(LETTERS[(n * 7 + q * 5 + n // 3 + seed) % 3] for q in questions)) for n in range(count)]
