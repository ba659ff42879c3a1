"""The local pathway card: what only the facilitator knows, in a small file that outlives any kernel.

A number stands on it only with the day on which a named role confirmed it; after `EXPIRES` it counts as unconfirmed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from ..faults import ContentError, Fault, near
from ..library import read_toml
from ..records import many, read
from ..tomltext import as_toml
from . import output

EXPIRES = timedelta(days=90)
# The lines that a card has, in the order in which they are printed.
LINES = ("report-line", "lead", "lead-deputy", "police", "health", "interpreter", "support", "other")
TIME = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
HEAD = "# The local pathway card of a workshop: your own numbers, each with the day on which somebody here rang it.\n"
NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]{1,28}[0-9](?: ?(?:ext\.?|x) ?[0-9]{1,6})?|[0-9]{2,6}")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One place to turn to. ``confirmed_on`` is a day (YYYY-MM-DD) on which somebody phoned or read its own site."""

    id: Literal["report-line", "lead", "lead-deputy", "police", "health", "interpreter", "support", "other"]
    name: str
    number: str = ""
    hours: str = ""
    note: str = ""
    confirmed_on: str = ""
    confirmed_by: str = ""

    def confirmed(self, today: date) -> bool:
        """Whether the number was confirmed, and not too long ago."""
        day = _day(self.confirmed_on)
        return bool(self.number and self.confirmed_by and day and fresh(day, today))

    def expires(self) -> date | None:
        """The day from which the number has to be confirmed again; None if it never was."""
        day = _day(self.confirmed_on)
        return day + EXPIRES if day else None


@dataclass(frozen=True, kw_only=True)
class LocalCard:
    """A workshop's own data: where and when, how many come, who receives a disclosure, and the local numbers.

    Attributes
    ----------
    plan : the id of the workshop's plan, or empty.
    date : the day of the (first) meeting, YYYY-MM-DD, or empty. starts : HH:MM, or empty.
    people : participants expected; 0 if not known. tables : tables in the room; 0 if not known.
    owner : the role that keeps the organisation's procedure. procedure : where it is found.
    confirmed : ids of contacts of the place pack, each with the day on which somebody here rang it.
    """

    plan: str = ""
    organisation: str = ""
    place: str = ""
    room: str = ""
    quiet_room: str = ""
    date: str = ""
    starts: str = ""
    people: int = 0
    tables: int = 0
    owner: str = ""
    procedure: str = ""
    confirmed: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = many("line")

    def line(self, id: str) -> Line | None:
        """The first line with this id, or None."""
        return next((one for one in self.lines if one.id == id), None)


def read_local(path: Path, today: date) -> LocalCard:
    """A local card from its file.

    Raises
    ------
    ContentError : it cannot be read, or a number, a date or a time in it cannot be right; all faults at once.
    """
    faults: list[Fault] = []
    raw = {key: value for key, value in read_toml(path, path.name).items() if key != "format"}
    card = read(LocalCard, raw, path.name, "", faults)
    if card is not None:
        faults += list(_wrong(card, path.name, today))
    if card is None or faults:
        raise ContentError(faults)
    return card


def write_local(path: Path, raw: Mapping[str, Any]) -> None:
    """Keep a card as its file, whole or not at all; what is empty is left out.

    Raises
    ------
    OutputError : it cannot be written.
    """
    lines = [{key: text for key, text in line.items() if text} for line in raw.get("line", [])]
    kept = {key: value for key, value in raw.items() if value and key not in ("line", "format")}
    if any(len(line) > 2 for line in lines):
        kept["line"] = [line for line in lines if len(line) > 2]
    output.write(path, HEAD + as_toml({"format": 1, **kept}))


def number_fault(number: str) -> str:
    """What is wrong with a telephone number as a person typed it, in words; empty if nothing is."""
    letter = next((mark for mark in number if mark.isalpha()), "")
    if not number or NUMBER.fullmatch(number):
        return ""
    if letter and not re.search(r"[0-9] ?(ext\.?|x) ?[0-9]+$", number):
        return f'the letter "{letter}" in the number "{number}"'
    return f'the number "{number}"'


def fresh(day: date, today: date) -> bool:
    """Whether a confirmation of that day still counts."""
    return day <= today < day + EXPIRES


def _wrong(card: LocalCard, file: str, today: date) -> list[Fault]:
    found = []
    if card.date and _day(card.date) is None:
        found.append(Fault("date", file, "date", f'"{card.date}"', "a day such as 2026-11-22", "Write year-month-day."))
    if card.starts and not TIME.fullmatch(card.starts):
        found.append(Fault("time", file, "starts", f'"{card.starts}"', "a time such as 18:30", "Write hours:minutes."))
    for key in ("people", "tables"):
        count = getattr(card, key)
        if not 0 <= count <= 500:
            found.append(Fault("count", file, key, str(count), "a count from 0 to 500", "Write 0 if it is not known."))
    for id, text in card.confirmed.items():
        if (on := _day(text)) is None or on > today:
            remedy = "Write the day on which somebody rang it, up to today, or leave the line out."
            found.append(Fault("date", file, f"confirmed.{id}", f'"{text}"', "a day up to today, YYYY-MM-DD", remedy))
    for i, line in enumerate(card.lines):
        at = f"line[{line.id if card.line(line.id) is line else i}]"
        if wrong := number_fault(line.number):
            remedy = "Write digits, with spaces or hyphens, and x before an extension: 555-0100 x12."
            found.append(Fault("number", file, f"{at}.number", wrong, "digits, spaces, + ( ) - / .", remedy))
        day = _day(line.confirmed_on)
        if line.confirmed_on and (day is None or day > today):
            came = f'"{line.confirmed_on}"' + (", which is still to come" if day else "")
            remedy = "Write the day on which somebody phoned, or leave it out: the card then says UNCONFIRMED."
            found.append(Fault("date", file, f"{at}.confirmed_on", came, "a day up to today, YYYY-MM-DD", remedy))
        if line.confirmed_on and not line.confirmed_by:
            remedy = "Write a role, such as deputy head; no name is needed."
            found.append(Fault("confirmed-by", file, at, "a day and no role", "the role that confirmed it", remedy))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def confirmations(given: list[str], known: list[str], today: date) -> dict[str, date]:
    """``ID=DATE`` words from the command line as contact ids and days.

    Raises
    ------
    ContentError : a word has no such form, names no contact of this place, or a day that is still to come.
    """
    faults, found = [], {}
    for word in given:
        id, _, text = word.partition("=")
        day = _day(text)
        if id not in known:
            hint = near(id, known) or "Name a contact of the place pack."
            faults.append(Fault("unknown-contact", "--confirm", "", f'"{id}"', ", ".join(known), hint))
        elif day is None or day > today:
            remedy = f"Write the day on which somebody phoned, up to today: --confirm {id}={today.isoformat()}"
            faults.append(Fault("date", "--confirm", id, f'"{text}"', "a day up to today, YYYY-MM-DD", remedy))
        else:
            found[id] = day
    if faults:
        raise ContentError(faults)
    return found
