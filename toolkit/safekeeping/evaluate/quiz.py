"""One report of a quiz, understood: which column answers which question of the course, and which rows count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property
from typing import Any, Literal

from ..faults import listed
from ..library import Library
from ..records import Item
from .export import Export, folded
from .sheet import Faults, shown

Attempt = Literal["first", "last", "best"]
BLANK = ("", "-")
CLOSE = 0.8  # how alike an edited text is to ours, from 0 to 1 (`difflib`)
ENOUGH_TO_DOUBT = 5  # rows that all hold nothing but the key, before they are taken for the column of right answers
_NUMBERED = re.compile(r"^\W*[\w.]{1,12}:\s+")  # the number of a question before its text
_ASKED = re.compile(r"\d+: ")  # how Canvas begins the head of a question
MOST_ORDERS = 200  # in which the options of one question may have been shown to different people
_GRADE = re.compile(r"\D+/\s?\d+([.,]\d+)?")
_TIMES = (
    "%d %B %Y %I:%M %p", "%d %B %Y, %I:%M %p", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ",
)  # fmt: skip


def options_of(item: Item) -> tuple[str, ...]:
    """The words of a question's options as they can be compared."""
    return tuple(folded(one.text) for one in item.options)


@dataclass(frozen=True)
class Bank:
    """The course's questions by their words and by their ids; an option that two questions share belongs to neither."""

    library: Library

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every question by id."""
        return {one.id: one for one in self.library.every("item") if not one.retired}

    @cached_property
    def stems(self) -> dict[str, Item]:
        """Every question by its text."""
        return {folded(one.stem): one for one in self.items.values()}

    @cached_property
    def owners(self) -> dict[str, Item]:
        """The question to which an option's words belong."""
        pairs = [(text, one) for one in self.items.values() for text in options_of(one)]
        counts = Counter(text for text, _ in pairs)
        return {text: one for text, one in pairs if counts[text] == 1}

    def in_head(self, head: str) -> Item | None:
        """The question that a head holds, with or without a number before it."""
        text = folded(head)
        return self.stems.get(text) or self.stems.get(_NUMBERED.sub("", text))

    def in_export(self, export: Export) -> bool:
        """Whether any question of the course stands in it."""
        first = (cell for row in export.rows[:200] for cell in row)
        return any(self.in_head(one) for one in export.head) or any(folded(one) in self.owners for one in first)


@dataclass
class Quiz:
    """What was found in one export.

    Attributes
    ----------
    places : question id to column. rows : places of the rows that count. persons : each row's identity, or empty.
    unfinished, repeated : rows left out. others : questions that are not read.
    """

    export: Export
    places: dict[str, int] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    unfinished: int = 0
    repeated: int = 0
    others: int = 0

    def answers(self, bank: Bank) -> Iterator[dict[str, int]]:
        """For each row that counts, question id to the place of the option; blank ones are not there."""
        index = {
            id: {cell: options_of(bank.items[id]).index(folded(cell)) for cell in self._given(place)}
            for id, place in self.places.items()
        }
        for number in self.rows:
            row = self.export.rows[number]
            yield {id: index[id][row[place]] for id, place in self.places.items() if row[place] in index[id]}

    def _given(self, place: int) -> set[str]:
        return {one for one in set(self.export.column(place)) if folded(one) not in BLANK}


# --- one file --------------------------------------------------------------------------------------------------------


def understood(export: Export, bank: Bank, faults: Faults) -> Quiz | None:
    """Which column holds the answers to which question; None with a fault if a question or an answer was changed."""
    before = faults.total
    quiz, of_cells = Quiz(export), set[int]()
    for place, head in enumerate(export.head):
        item = bank.in_head(head)
        if item is None:
            item = _in_cells(export, place, bank, faults)
            if item is not None:
                of_cells.add(place)
                _head_fits(export, place, item, faults)
        elif not item.options:
            quiz.others += 1
            continue
        if item is None:
            quiz.others += bool(_ASKED.match(head.strip()))
            _changed_head(export, place, bank, faults)
        elif item.id not in quiz.places:
            quiz.places[item.id] = place
        elif not (place in of_cells and _only_key(export, place, item)):
            came = f"the question {item.id} in columns {quiz.places[item.id] + 1} and {place + 1}"
            faults.file("question-twice", export.name, came, "each question once", "Delete one of the two columns.", 1)
    asked = {one for place in range(len(export.head)) for one in _in_summary(export, place, bank)}
    quiz.others += sum(not bank.items[id].options for id in asked)
    for id in sorted(id for id in asked if bank.items[id].options and id not in quiz.places):
        came = f"the question {id}, and no column with its options"
        remedy = "Its options were changed, or the responses are not ticked. Download it again, or delete its columns."
        faults.file("no-answers", export.name, came, "the words of the chosen option", remedy, 1)
    if not quiz.places and faults.total == before:
        remedy = "In Moodle take the report Responses, in Canvas Student Analysis; not the grades."
        faults.file("no-question", export.name, "no answers to questions with options", "some", remedy)
    for id, place in quiz.places.items():
        _answers_fit(export, place, bank.items[id], faults)
        if place in of_cells:
            _summary_fits(export, place, bank.items[id], faults)
    if of_cells and len(export.rows) >= ENOUGH_TO_DOUBT:
        every = [_only_key(export, place, bank.items[id]) for id, place in quiz.places.items()]
        if every and all(every):
            remedy = "Download it with the responses ticked. If really all were right, there is nothing to evaluate."
            faults.file("only-keys", export.name, "nothing but right answers", "what people chose", remedy)
    return quiz if faults.total == before else None


def _in_cells(export: Export, place: int, bank: Bank, faults: Faults) -> Item | None:
    """The question to which most of a column's different texts are options."""
    texts = _texts(export, place)
    owners = Counter(bank.owners[one].id for one in texts if one in bank.owners)
    if not owners or sum(owners.values()) < len(texts) / 2:
        return None
    if len(owners) > 1:
        remedy = "Questions drawn at random cannot be compared: give everybody the same questions."
        came = f"answers to {listed(sorted(owners))} in column {place + 1}"
        faults.file("questions-mixed", export.name, came, "answers to one question", remedy, 1)
        return None
    return bank.items[next(iter(owners))]


def _in_summary(export: Export, place: int, bank: Bank) -> set[str]:
    """The questions with which the cells of a column begin, as Moodle gives them beside the responses."""
    texts = _texts(export, place)
    if not texts or len(texts) > MOST_ORDERS:
        return set()
    found = [next((one.id for stem, one in bank.stems.items() if text.startswith(stem)), "") for text in texts]
    return set(found) if all(found) else set()


def _changed_head(export: Export, place: int, bank: Bank, faults: Faults) -> None:
    """A head that is nearly a question of ours was edited in the platform: then it is no longer the same question."""
    text = _NUMBERED.sub("", folded(export.head[place]))
    close = get_close_matches(text, bank.stems, n=1, cutoff=CLOSE) if len(text) > 20 else []
    if close:
        _edited("question-edited", export, place, text, close[0], faults)


def _head_fits(export: Export, place: int, item: Item, faults: Faults) -> None:
    """Where the cells answer a question of ours and the head is a question as well, it has to be the same one."""
    head, stem = folded(export.head[place]), folded(item.stem)
    text = _NUMBERED.sub("", head)
    if _ASKED.match(head) or SequenceMatcher(None, text, stem).ratio() >= CLOSE:
        _edited("question-edited", export, place, text, stem, faults)


def _edited(rule: str, export: Export, place: int, came: str, ours: str, faults: Faults) -> None:
    remedy = "It was changed in the platform, so it is another question now. Delete its columns, and run this again."
    faults.file(rule, export.name, f"{shown(came)} in column {place + 1}", shown(ours), remedy, 1)


def _answers_fit(export: Export, place: int, item: Item, faults: Faults) -> None:
    """Every cell is an option of the question, or blank. What else somebody wrote is not repeated in a message."""
    ours, unknown = options_of(item), 0
    for text in sorted(_texts(export, place) - set(ours)):
        # It looks at lengths and letters first: where people wrote in their own words, a cell may hold a page.
        close = get_close_matches(text, ours, n=1, cutoff=CLOSE)
        if close:
            _edited("answer-edited", export, place, text, close[0], faults)
        else:
            unknown += 1
    if unknown:
        remedy = "The question was changed in the platform. Delete its columns, and run this again."
        came = f"answers to {item.id} that are none of its options ({unknown} different), in column {place + 1}"
        faults.file("answer-unknown", export.name, came, f"its {len(ours)} options as exported", remedy, 1)


def _summary_fits(export: Export, place: int, item: Item, faults: Faults) -> None:
    """If Moodle gives the question before the response, it begins with our words."""
    before = _texts(export, place - 1) if place else set()
    if before and all(any(one in text for one in options_of(item)) for text in before):
        for text in sorted(before):
            if not text.startswith(folded(item.stem)):
                _edited("question-edited", export, place - 1, text, folded(item.stem), faults)


def _only_key(export: Export, place: int, item: Item) -> bool:
    return _texts(export, place) == {folded(one.text) for one in item.options if one.key}


def _texts(export: Export, place: int) -> set[str]:
    """The different texts of a column, without blank ones."""
    return {folded(one) for one in set(export.column(place))} - set(BLANK)


# --- rows and persons ------------------------------------------------------------------------------------------------


def choose(quiz: Quiz, attempt: Attempt, *, several: bool, faults: Faults) -> None:
    """The rows that count: finished attempts with an answer, one for each person; and who they are, if that matters."""
    export, answers = quiz.export, list(quiz.places.values())
    first = min(answers)
    grade = next((i for i in range(first) if _GRADE.fullmatch(export.head[i].strip())), None)
    for number, row in enumerate(export.rows):
        if grade is not None and row[grade].strip() in BLANK:
            quiz.unfinished += 1
        else:
            quiz.rows.append(number)
    who = _identity(export, first)
    if who is None:
        if several:
            remedy = "Download it with the id (Canvas) or the e-mail address (Moodle). Neither is kept."
            came, allowed = "no column that tells who is who", "an id or an e-mail address"
            faults.file("no-person", export.name, came, allowed, remedy, 1)
        quiz.persons = [""] * len(quiz.rows)
        return
    groups: dict[str, list[int]] = {}
    for number in quiz.rows:
        person = export.rows[number][who].strip().casefold()
        groups.setdefault(person or f"\0{number}", []).append(number)
    kept = {}
    for person, rows in groups.items():
        one = rows[0] if len(rows) == 1 else _attempt(quiz, rows, attempt, grade)
        if one is None:
            remedy = "Download one attempt for each person (Moodle: “Show at most one finished attempt per user”)."
            came = f"several attempts of a person, the first in row {rows[0] + 2}"
            faults.file("attempts", export.name, came, "one, or a column that tells their order", remedy)
            return
        kept[one] = "" if person.startswith("\0") else person
        quiz.repeated += len(rows) - 1
    quiz.rows = sorted(kept)
    quiz.persons = [kept[number] for number in quiz.rows]


def _identity(export: Export, first: int) -> int | None:
    """The column that tells persons apart: the id of Canvas, else one that holds nothing but e-mail addresses."""
    heads = [one.strip().casefold().replace("_", " ") for one in export.head[:first]]
    for name in ("id", "sis id", "sisid"):
        if name in heads:
            return heads.index(name)
    for place in range(first):
        cells = [one.strip() for one in export.column(place) if one.strip()]
        if cells and all(re.fullmatch(r"\S+@\S+", one) for one in cells):
            return place
    return None


def _attempt(quiz: Quiz, rows: Sequence[int], attempt: Attempt, grade: int | None) -> int | None:
    """The row of the attempt that counts; None if the file does not tell."""
    export = quiz.export
    heads = [one.strip().casefold() for one in export.head]
    if attempt == "best":
        place = grade if grade is not None else heads.index("score") if "score" in heads else None
        numbers = [_number(export.rows[one][place]) for one in rows] if place is not None else [None]
        return max(zip(numbers, (-one for one in rows), rows, strict=True))[2] if None not in numbers else None
    if "attempt" in heads:
        order: list[Any] = [_number(export.rows[one][heads.index("attempt")]) for one in rows]
    else:
        places = range(min(quiz.places.values()))
        times = ([_time(export.rows[one][place]) for one in rows] for place in places)
        order = next((one for one in times if None not in one), [None])
    if None in order or len(set(order)) < len(rows):
        return None
    ordered = [row for _, row in sorted(zip(order, rows, strict=True))]
    return ordered[0] if attempt == "first" else ordered[-1]


def _number(cell: str) -> float | None:
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None


def _time(cell: str) -> datetime | None:
    text = " ".join(cell.split())
    for form in _TIMES:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - only the order within one file matters
        except ValueError:
            continue
    return None
