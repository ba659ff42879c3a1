"""`safekeeping check --sources`: where each claim, contact and law comes from, who uses it, when to look again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from pathlib import Path

from ..library import Course
from ..records import Claim, Contact, Source
from .check import read
from .links import references
from .stock import Stock

OLD = 5  # years after which the newest source of a claim is marked
EXPIRES = timedelta(days=90)  # of a confirmed contact
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


@dataclass(frozen=True)
class Row:
    """One line of the ledger; every field is text as printed, empty where there is nothing to say.

    Attributes
    ----------
    newest_source : a year. old : that year lies more than `OLD` years back, in words.
    used_in : the files whose text rests on it. checked_on, checked_by : of contacts, and only if somebody did.
    look_again : a day, or what is missing.
    """

    kind: str
    id: str
    statement: str
    caveat: str = ""
    grade: str = ""
    sources: str = ""
    newest_source: str = ""
    old: str = ""
    used_in: str = ""
    checked_on: str = ""
    checked_by: str = ""
    look_again: str = ""
    note: str = ""


def rows(folder: Path, course: Course | None, today: date | None = None) -> list[Row]:
    """The ledger: claims in the order of their files, then contacts, then law.

    Parameters
    ----------
    folder, course, today : as for `check`.

    Raises
    ------
    WrongCall : there is no such folder.
    """
    stock = read(folder, course, today=today)
    used: dict[str, set[str]] = {}
    for spot, id, _ in references(stock):
        used.setdefault(id, set()).add(spot.file)
    return [*_claims(stock, used), *_contacts(stock, used), *_laws(stock, used)]


def as_csv(every: list[Row]) -> str:
    """The ledger as a sheet: a head of column names, a row each, nothing that a spreadsheet would take for a formula.

    It begins with the mark by which spreadsheets know UTF-8.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(spec.name.replace("_", " ") for spec in fields(Row))
    for row in every:
        writer.writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in astuple(row))
    return f"\ufeff{text.getvalue()}"


def _claims(stock: Stock, used: dict[str, set[str]]) -> Iterator[Row]:
    sources = stock.by_id("source")
    for held in stock.live("claim"):
        one: Claim = held.record
        behind = [sources[id].record for id in one.sources if id in sources]
        years = [source.year for source in behind if source.year]
        newest = max(years, default=0)
        yield Row(
            "claim",
            one.id,
            one.text,
            caveat=one.caveat,
            grade=one.grade,
            sources=" | ".join(map(_reference, behind)),
            newest_source=str(newest or ""),
            old=f"older than {OLD} years" if newest and newest < stock.today.year - OLD else "",
            used_in=_listed(used, one.id, held.file),
            note="Not to be used: stands here to be corrected." if one.do_not_use else "",
        )


def _contacts(stock: Stock, used: dict[str, set[str]]) -> Iterator[Row]:
    for held in stock.live("contact"):
        one: Contact = held.record
        seen = " | ".join(", ".join(filter(None, (page.title, page.date, page.url))) for page in one.seen_in)
        yield Row(
            "contact",
            one.id,
            ", ".join(filter(None, (one.name, one.phone, one.text, one.url))),
            grade=one.grade,
            sources=seen,
            used_in=_listed(used, one.id, held.file),
            checked_on=one.checked_on,
            checked_by=one.checked_by,
            look_again=_expiry(one.checked_on),
            note=one.note,
        )


def _laws(stock: Stock, used: dict[str, set[str]]) -> Iterator[Row]:
    for held in stock.live("law"):
        one = held.record
        yield Row(
            "law",
            one.id,
            one.text,
            caveat=one.caveat,
            sources=" | ".join(f"claim {id}" for id in one.claims),
            used_in=_listed(used, one.id, held.file),
            look_again=one.review_by,
        )


def _expiry(checked_on: str) -> str:
    try:
        return (date.fromisoformat(checked_on) + EXPIRES).isoformat()
    except ValueError:
        return "before it is printed: nobody has confirmed it"


def _listed(used: dict[str, set[str]], id: str, own: str) -> str:
    return " | ".join(sorted(used.get(id, set()) - {own}))


def _reference(one: Source) -> str:
    """People or bodies, year, title, where it appeared, address: plain text."""
    who = "; ".join(one.authors or one.organisations)
    year = str(one.date or one.year or "undated")
    where = ", ".join(filter(None, (one.container, one.publisher)))
    return ". ".join(filter(None, (f"{who} ({year})".strip(), one.title, where, one.doi or one.url)))
