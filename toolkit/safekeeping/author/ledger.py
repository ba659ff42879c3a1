"""Rules for ids over time: an id never changes, never goes away silently and is never used again.

``ids.toml`` lists every id ever used, by kind. Learners' progress, answers and learning platforms point at them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from ..faults import listed, near
from .rules import Finding, Findings, rule
from .stock import Spot, Stock

FILE = "ids.toml"
# Kinds whose things cannot stay in their file as `retired = true`: the ledger itself remembers them under `gone`.
WITHOUT_RETIRED = ("cell", "document", "key-point", "objective", "part", "seed", "language")
HEAD = """# Every id ever used, by kind. Written by `safekeeping check --register`, which only ever adds.
#
# An id never changes and is never used again: progress, answers and learning platforms point at it. A record that is
# no longer wanted stays in its file with retired = true. Cells, documents, objectives, key points and parts (nodes and
# options of a scenario, options and actions of an item) have no such key: move their ids from `ids` to `gone` by hand.
format = 1
"""


def ids(stock: Stock) -> dict[str, set[str]]:
    """Every id of the content, the notebooks and the documents, by kind; retired ones too."""
    found: dict[str, set[str]] = {kind: set(known) for kind, known in stock.known.items()}
    found |= {"objective": set(), "key-point": set(), "part": set(), "cell": set()}
    found["document"] = {one.front.id for one in stock.documents}
    for held in stock.held["module"]:
        found["objective"] |= {one.id for one in held.record.objectives}
        found["key-point"] |= {one.id for one in held.record.key_points}
    for kind in ("scenario", "item", "instrument"):
        for held in stock.held[kind]:
            found["part"] |= set(_parts(held.record, held.id))
    for book in stock.books:
        found["cell"] |= {f"{book.stem}/{cell.id}" for cell in book.cells}
    return found


def _parts(record: Any, name: str) -> Iterator[str]:
    """The ids of everything with an id inside a record, with the ids around it: ``sc15-new-shoes.monday.let-it-be``."""
    for spec in fields(record):
        value = getattr(record, spec.name)
        if isinstance(value, tuple) and value and is_dataclass(value[0]) and hasattr(value[0], "id"):
            for one in value:
                yield f"{name}.{one.id}"
                yield from _parts(one, f"{name}.{one.id}")


def listed_ids(stock: Stock) -> dict[str, tuple[set[str], set[str]]]:
    """What the ledger says: for each kind the ids ever used, and those of them that are gone."""
    data = stock.plain.get(FILE, {})
    return {
        kind: (_texts(table.get("ids")), _texts(table.get("gone")))
        for kind, table in data.items()
        if isinstance(table, dict)
    }


def _texts(raw: object) -> set[str]:
    return {one for one in raw if isinstance(one, str)} if isinstance(raw, list) else set()


@rule
def ledger_form(stock: Stock) -> Findings:
    """The ledger holds known kinds, each with lists of ids. Cannot see: an id that somebody took out by hand."""
    kinds = ids(stock)
    for kind, table in stock.plain.get(FILE, {}).items():
        if kind == "format":
            continue
        if kind not in kinds or not isinstance(table, dict):
            hint = near(kind, kinds) or "Remove it."
            yield Finding(Spot(FILE, kind), f'"{kind}"', f"a table for each of {listed(sorted(kinds), 30)}", hint)
            continue
        for name, rows in table.items():
            if name not in ("ids", "gone") or not isinstance(rows, list) or _texts(rows) != set(map(str, rows)):
                yield Finding(Spot(FILE, f"{kind}.{name}"), name, "ids and gone, lists of texts", "Correct the list.")


@rule
def vanished_id(stock: Stock) -> Findings:
    """No id of the ledger went away without being retired; an id that is gone does not come back.

    Cannot see: an id that was given to something else (a changed meaning under the same id).
    """
    now = ids(stock)
    for kind, (used, gone) in listed_ids(stock).items():
        if kind in stock.unread or kind not in now or (kind in ("cell", "document") and stock.course is None):
            continue
        if kind in ("part", "objective", "key-point") and stock.unread & {"scenario", "item", "module"}:
            continue
        fresh = now[kind] - used - gone
        for id in sorted(used - gone - now[kind]):
            came = f'the {kind} "{id}" is gone'
            retire = f"move it to gone in [{kind}]" if kind in WITHOUT_RETIRED else "put it back with retired = true"
            hint = near(id, fresh).replace("Did you mean", "Was it renamed to")
            yield Finding(
                Spot(FILE, kind), came, "ids that stay, or retire", f"{hint} Take the old id, or {retire}.".strip()
            )
        for id in sorted(gone & now[kind]):
            yield Finding(Spot(FILE, f"{kind}.gone"), f'"{id}" is used again', "a new id", "Choose an id never used.")


@rule
def new_id(stock: Stock) -> Findings:
    """An id that the ledger does not know yet is told, kind by kind. Cannot see: whether it is a good id."""
    known = listed_ids(stock)
    for kind, now in sorted(ids(stock).items()):
        used, gone = known.get(kind, (set(), set()))
        fresh = sorted(now - used - gone)
        if fresh:
            came = f"{len(fresh)} new {kind} ids: {listed(fresh, 3)}"
            remedy = "When they are final, run `safekeeping check --register`."
            yield Finding(Spot(FILE, kind), came, "ids in the ledger", remedy, notice=True)


def register(stock: Stock) -> int:
    """Write the ids that are new into the ledger, sorted; the file is replaced whole. Returns how many were new."""
    known, now = listed_ids(stock), ids(stock)
    count = 0
    lines = [HEAD]
    for kind in sorted(set(known) | set(now)):
        used, gone = known.get(kind, (set(), set()))
        fresh = now.get(kind, set()) - used - gone
        count += len(fresh)
        if used | fresh:
            lines.append(f"\n[{kind}]\n{_list('ids', (used | fresh) - gone)}")
            lines.append(_list("gone", gone) if gone else "")
    _write(stock.folder / FILE, "".join(lines))
    return count


def _list(name: str, ids: set[str]) -> str:
    return f"{name} = [\n" + "".join(f'  "{id}",\n' for id in sorted(ids)) + "]\n"


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a file beside it takes its place."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
