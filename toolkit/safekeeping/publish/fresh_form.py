"""A fresh test form: drawn by seed from the test questions, so that a class does not meet the printed forms A and B.

The draw is the same on every machine and in every language: things stand in the order of the SHA-256 of the seed, of
what is drawn and of the ids, as UTF-8 with a zero byte between them. No secret is in it: the course is public, and
whoever knows the seed can draw the same form.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import instruments
from ..faults import WrongCall, listed
from ..instruments import LETTERS, UNKNOWN
from ..library import Library
from ..records import Choice, Item, Module

USUAL = 20  # questions, where nobody says how many: as long as forms A and B
LARGEST_SEED = 999_999_999
FORM = "C"  # what the data sheet calls a fresh form, beside A and B
WAVES = ("pre", "post")


def rank(seed: int, *words: str) -> str:
    """Where something stands in a draw: sixty-four hexadecimal digits, the lowest first."""
    return hashlib.sha256("\0".join((str(seed), *words)).encode()).hexdigest()


@dataclass(frozen=True)
class FreshForm:
    """One form, in the order of print.

    Attributes
    ----------
    course : the course's version. modules : the parts that were asked for, in the course's order.
    items : the questions. options : each one's options, in the order of its letters.
    printed : ids of those that stand in form A or B, too.
    """

    seed: int
    course: str
    modules: tuple[Module, ...]
    items: tuple[Item, ...]
    options: tuple[tuple[Choice, ...], ...]
    printed: frozenset[str]

    @property
    def mark(self) -> str:
        """Four digits that stand on the students' paper and on its key, so that the two are never mistaken."""
        whole = (f"{item.id} {' '.join(one.id for one in some)}" for item, some in self.rows)
        return f"{int(rank(self.seed, 'mark', *whole), 16) % 10_000:04}"

    @cached_property
    def rows(self) -> list[tuple[Item, tuple[Choice, ...]]]:
        """Each question with its options."""
        return list(zip(self.items, self.options, strict=True))

    @property
    def keys(self) -> list[str]:
        """The letter of the authors' key for each question."""
        return [LETTERS[[one.key for one in some].index(True)] for some in self.options]

    def module_of(self, item: Item) -> Module:
        """The part to which a question belongs."""
        return next(one for one in self.modules if any(each.id == item.objective for each in one.objectives))

    def header(self, library: Library) -> list[str]:
        """The header of the data sheet: who and when, the pseudonym's elements, the questions in the order of print."""
        return [*instruments.header(library, []), *(one.id for one in self.items)]

    def codebook(self, library: Library) -> dict[str, Any]:
        """What the columns of the data sheet mean, without any key; the same shape as `instruments.codebook`."""
        name = f"kn-fresh-{self.seed}"
        columns = [
            {
                "column": item.id, "type": "choice", "module": self.module_of(item).id, "objective": item.objective,
                "values": {letter: one.id for letter, one in zip(LETTERS, some, strict=False)}, "unknown": UNKNOWN,
                "anchor": False, "text": item.stem,
            }
            for item, some in self.rows
        ]  # fmt: skip
        book = instruments.codebook(library, [])
        forms = [{"wave": one, "form": FORM, "length": len(self.items), "instruments": [name]} for one in WAVES]
        one = {"id": name, "kind": "knowledge", "title": f"Fresh form {self.mark}", "panel": "none", "form": FORM}
        return {**book, "forms": forms, "instruments": [{**one, "length": len(self.items), "columns": columns}]}


def fresh_form(library: Library, seed: int, modules: Sequence[Module], count: int = 0) -> FreshForm:
    """Draw a form.

    Questions that stand in neither form A nor B come first; among them parts and then objectives that have had fewer
    questions so far. Only questions with options are drawn: others cannot be marked by a letter.

    Parameters
    ----------
    count : how many questions; by default `USUAL`, or as many as there are.

    Raises
    ------
    WrongCall : the seed is out of range, a part has no test questions, or there are fewer than were asked for.
    """
    if not 0 <= seed <= LARGEST_SEED:
        raise WrongCall(f"--seed {seed} is out of range. Give a whole number from 0 to {LARGEST_SEED}.")
    bank = _bank(library, modules)
    bare = [one.stem for one in modules if not bank[one.id]]
    if bare:
        raise WrongCall(f"There are no test questions for {listed(bare)}. Leave that out of --modules.")
    there = sum(len(some) for some in bank.values())
    if count < 0 or count > there:
        raise WrongCall(
            f"--items {count}: for these parts there are {there} test questions with options. "
            f"Give a number from 1 to {there}, or name more parts."
        )
    used = {id for one in library.every("instrument") for id in one.items}
    drawn = _drawn(bank, count or min(USUAL, there), seed, used)
    items = sorted(drawn, key=lambda one: rank(seed, "place", one.id))
    places = _key_places(len(items), seed)
    options = tuple(_options(item, seed, place) for item, place in zip(items, places, strict=True))
    version = str(library.course()["version"])
    return FreshForm(seed, version, tuple(modules), tuple(items), options, frozenset(used & {i.id for i in items}))


def _key_places(count: int, seed: int) -> list[int]:
    """Where the key of each question goes, so that no letter is right much more often than another."""
    order = sorted(range(count), key=lambda n: rank(seed, "key", str(n)))
    return [order.index(n) for n in range(count)]


def _options(item: Item, seed: int, place: int) -> tuple[Choice, ...]:
    """The options in the order of print: the others as drawn, the key at its place."""
    others = sorted((one for one in item.options if not one.key), key=lambda one: rank(seed, "option", item.id, one.id))
    at = place % len(item.options)
    return (*others[:at], *(one for one in item.options if one.key), *others[at:])


def _bank(library: Library, modules: Iterable[Module]) -> dict[str, list[Item]]:
    """The test questions with options of each part."""
    bank: dict[str, list[Item]] = {one.id: [] for one in modules}
    home = {each.id: one.id for one in modules for each in one.objectives}
    for item in library.every("item"):
        if item.use == "test" and item.options and not item.retired and item.objective in home:
            bank[home[item.objective]].append(item)
    return bank


def _drawn(bank: Mapping[str, Sequence[Item]], count: int, seed: int, used: set[str]) -> list[Item]:
    """So many questions, one after the other: the one that is new and whose part and objective have had the fewest."""
    left = {item.id: (module, item) for module, some in bank.items() for item in some}
    parts, objectives, found = Counter[str](), Counter[str](), list[Item]()
    while len(found) < count:
        id = min(
            left,
            key=lambda id: (
                id in used, parts[left[id][0]], objectives[left[id][1].objective], rank(seed, "item", id),
            ),
        )  # fmt: skip
        module, item = left.pop(id)
        parts[module] += 1
        objectives[item.objective] += 1
        found.append(item)
    return found
