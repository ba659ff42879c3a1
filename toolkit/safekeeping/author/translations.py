"""Rules for other languages: once a language is declared, its words are in step with the English."""

from __future__ import annotations

from typing import Any

from .. import library, records
from ..faults import ContentError, listed, near
from .rules import Finding, Findings, rule
from .stock import Spot, Stock

# Kinds whose words a reader meets only in the evidence base are not asked of a translation.
TRANSLATED = (
    "contact",
    "entry",
    "figure",
    "booster",
    "code",
    "indicator",
    "instrument",
    "item",
    "law",
    "module",
    "phrase",
    "scenario",
    "set",
    "setting",
    "wave",
)


def english(stock: Stock) -> dict[str, dict[str, str]]:
    """The English words by file and text id, as a translation names them: record id, then text id."""
    found: dict[str, dict[str, str]] = {}
    for kind in TRANSLATED:
        for held in stock.live(kind):
            words = found.setdefault(held.file, {})
            words |= {f"{held.id}.{at}": text for at, text in records.texts(held.record)}
    for file in ("words.toml",):
        for table, rows in stock.plain.get(file, {}).items():
            if isinstance(rows, dict):
                found.setdefault(file, {}).update({f"{table}.{k}": v for k, v in rows.items() if isinstance(v, str)})
    return found


@rule
def translation(stock: Stock) -> Findings:
    """A declared language has every text (if complete), no unknown ones, and remembers the English that it follows.

    ``of`` is the fingerprint of the English; another one means that the English changed since. A language that is not
    started is not looked at. Cannot see: whether a translation is good.
    """
    for held in stock.live("language"):
        if held.id == "en" or held.record.status == "not started":
            continue
        for file, words in english(stock).items():
            yield from _file(stock, held.id, file, words, complete=held.record.status == "complete")


def _file(stock: Stock, language: str, file: str, words: dict[str, str], *, complete: bool) -> Findings:
    path = stock.folder / language / file
    name = f"{language}/{file}"
    rows, problem = _rows(stock, path, name) if path.is_file() else ([], None)
    if problem is not None:
        yield problem
        return
    told: set[str] = set()
    for i, row in enumerate(rows):
        id, of = str(row.get("id", "")), row.get("of")
        told.add(id)
        spot = Spot(name, f"text[{i}]")
        if id not in words:
            yield Finding(spot, f'"{id}"', "the id of an English text", near(id, words) or "Remove it.")
        elif not isinstance(row.get("text"), str) or not row["text"].strip():
            yield Finding(spot, f'no text for "{id}"', "words", "Translate it.")
        elif of != library.fingerprint(words[id]):
            came = f"of = {of!r}; the English is {library.fingerprint(words[id])} now"
            yield Finding(
                spot, came, "the fingerprint of the English", "Read the English again, then write its fingerprint."
            )
    missing = [id for id in words if id not in told]
    if missing:
        came = f"{len(missing)} of {len(words)} texts not translated: {listed(missing, 3)}"
        yield Finding(Spot(name), came, "every text of a complete language", "Translate them.", notice=not complete)


def _rows(stock: Stock, path: Any, name: str) -> tuple[list[dict[str, Any]], Finding | None]:
    try:
        rows = stock.read_plain(path, name).get("text", [])
    except ContentError as error:
        fault = error.faults[0]
        return [], Finding(Spot(name), fault.came, fault.allowed, fault.remedy)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else [], None
