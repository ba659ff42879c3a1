"""The ledger of reports: beside the data, it remembers about which rows something was shown.

Two honest reports can give away a person together: the mean of 30 and the mean of 31 are the answer of one. The ledger
holds one number for each row, computed from the row's own entries and a random salt that stands in the ledger itself.
That is a memory and no protection: the ledger belongs with the data, and is deleted with them.
"""

from __future__ import annotations

import base64
import json
import random
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ..faults import SafekeepingError
from .responses import Responses, by_word
from .small_cells import Guard

NAME = "safekeeping-ledger.json"
FORMAT = 1
LARGEST_FILE = 200_000_000  # bytes

Tokens = np.ndarray[Any, np.dtype[np.uint64]]


class LedgerError(SafekeepingError):
    """The ledger cannot be read or written, or forbids a report."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One report: the day, its folder's name, the tokens of the rows in each group, and which quantities had which."""

    day: str
    folder: str
    groups: tuple[Tokens, ...]
    shown: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass
class Ledger:
    """All reports that were made of the data in one folder. `found` is False where no ledger stood there."""

    path: Path
    salt: str
    entries: list[Entry] = field(default_factory=list)
    found: bool = False
    _before: dict[str, frozenset[int]] = field(default_factory=dict)

    def guard(self, responses: Responses, limit: int) -> tuple[Guard, Tokens]:
        """A guard that knows every earlier report, and the tokens of this run's rows.

        Its people are the rows of `responses`, in order, and after them the rows of earlier reports that are gone.
        """
        guard = Guard(limit)
        now = tokens(responses, self.salt)
        if not self.entries:
            return guard, now
        gone = np.setdiff1d(np.concatenate([one for entry in self.entries for one in entry.groups]), now)
        every = np.concatenate([now, gone])
        for entry in self.entries:
            places = [guard.place(np.isin(every, one)) for one in entry.groups]
            for quantity, groups in entry.shown:
                guard.shown.setdefault(quantity, set()).update(places[one] for one in groups)
        self._before = {quantity: frozenset(places) for quantity, places in guard.shown.items()}
        return guard, every

    def text(self, guard: Guard, every: Tokens, day: date, folder: str) -> str:
        """The ledger as it must stand after this report."""
        new = {
            quantity: sorted(places - self._before.get(quantity, frozenset()))
            for quantity, places in guard.shown.items()
        }
        places = sorted({one for some in new.values() for one in some})
        groups = tuple(every[guard.people(one, len(every))] for one in places)
        shown = tuple(
            (quantity, tuple(places.index(one) for one in some)) for quantity, some in sorted(new.items()) if some
        )
        entries = [*self.entries, Entry(str(day), folder, groups, shown)] if shown else self.entries
        rows = [
            {
                "day": one.day,
                "folder": one.folder,
                "groups": [_packed(group) for group in one.groups],
                "shown": dict(one.shown),
            }
            for one in entries
        ]
        return json.dumps({"safekeeping_ledger": FORMAT, "salt": self.salt, "reports": rows}, indent=1) + "\n"


def open_ledger(folder: Path) -> Ledger:
    """The ledger beside the data, or a new one.

    Raises
    ------
    LedgerError : it is there and cannot be read; without it nobody knows what earlier reports said.
    """
    path = folder / NAME
    if not path.exists():
        return Ledger(path, secrets.token_hex(16))
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError("too large")
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["safekeeping_ledger"] != FORMAT:
            raise ValueError("another format")
        entries = [_entry(one) for one in data["reports"]]
        return Ledger(path, str(data["salt"]), entries, found=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise LedgerError(
            f'"{path}" cannot be read. It says what earlier reports showed. Put the copy back that was kept with the '
            "data; if there is none and no earlier report has left your hands, delete it and those reports."
        ) from None


def _entry(raw: Any) -> Entry:
    groups = tuple(_unpacked(one) for one in raw["groups"])
    shown = tuple((str(quantity), tuple(int(one) for one in places)) for quantity, places in raw["shown"].items())
    if any(not 0 <= one < len(groups) for _, places in shown for one in places):
        raise ValueError("a group that is not there")
    return Entry(str(raw["day"]), str(raw["folder"]), groups, shown)


def tokens(responses: Responses, salt: str) -> Tokens:
    """One number for each row, the same in every run as long as the row's entries are the same.

    Made from the event, wave, form, length and answers, not from the pseudonym: it stays the same when the codes are
    deleted. Rows that are the same in everything are counted, and differ by their count.
    """
    draw = random.Random(salt)  # noqa: S311 - multipliers of a hash that protects nothing (see above)

    def odd() -> np.uint64:
        return np.uint64(draw.getrandbits(64) | 1)

    total = np.full(len(responses), odd(), np.uint64)
    total += by_word(responses.event, lambda one: random.Random(f"{salt} {one}").getrandbits(64), np.uint64)  # noqa: S311
    for plain in (responses.wave, responses.form, responses.length):
        total += _stirred(plain, odd())
    for name in sorted(responses.answers):
        factor = np.uint64(random.Random(f"{salt} {name}").getrandbits(64) | 1)  # noqa: S311
        total += _stirred(responses.answers[name] + np.int8(1), factor)  # an empty cell is 0 and adds nothing
    order = np.argsort(total, kind="stable")
    ordered = total[order]
    starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    first = np.maximum.accumulate(np.where(starts, np.arange(len(ordered)), 0))
    again = np.empty(len(total), np.uint64)
    again[order] = (np.arange(len(ordered)) - first).astype(np.uint64)
    return total + again * odd()


def _stirred(values: np.ndarray[Any, Any], factor: np.uint64) -> Tokens:
    """A number without pattern for each value; one byte has so few values that they are looked up."""
    if values.dtype == np.int8:
        each = _stirred(np.arange(256, dtype=np.uint8).view(np.int8).astype(np.int64), factor)
        found: Tokens = each[values.view(np.uint8)]
        return found
    part = values.astype(np.int64).view(np.uint64) * factor
    part ^= part >> np.uint64(29)
    part *= np.uint64(0xBF58476D1CE4E5B9)
    part ^= part >> np.uint64(32)
    return part


def _packed(tokens: Tokens) -> str:
    return base64.b64encode(np.sort(tokens).astype("<u8").tobytes()).decode()


def _unpacked(text: str) -> Tokens:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype="<u8").astype(np.uint64)


def refusal(ledger: Ledger, limit: int) -> LedgerError:
    """What is said where an earlier report forbids this one."""
    earlier = ", ".join(f'"{one.folder}" of {one.day}' for one in ledger.entries[-3:])
    return LedgerError(
        f"This report would be about nearly the same people as an earlier one ({earlier}): the two together would show "
        f"the results of fewer than {limit} people. Nothing was written. Wait until more people have answered. If the "
        f'earlier report has not left your hands, delete it, delete its entry in "{ledger.path}", and run this again.'
    )
