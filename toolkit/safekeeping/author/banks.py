"""Rules over items together: enough of them, for every objective, and no habit that guesses well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from statistics import median

from .. import quiz
from ..records import Choice, Item, Module
from .links import objectives
from .rules import Finding, Findings, rule
from .stock import Held, Spot, Stock

PRACTICE, TEST = 14, 6
MORE_PRACTICE = {"m5": 24}
PER_OBJECTIVE = 3
BALANCE, FEWEST_FOR_BALANCE = (0.25, 0.42), 12
NEAR_CHANCE, FEWEST_FOR_GUESSING = 8.0, 20  # percentage points; items
HEDGES = re.compile(
    r"\b(?:may|might|can|could|often|usually|sometimes|some|many|about|perhaps|likely|probably|tend)\b", re.I
)
VAGUE_VERBS = re.compile(r"^\s*(?:understand|know|learn|appreciate|be aware|become aware|be familiar)\b", re.I)

Habit = Callable[[Item], list[float]]


def _module_of(stock: Stock) -> dict[str, Module]:
    """The module of each objective."""
    return {id: held.record for id, (held, _) in objectives(stock).items()}


def _banks(stock: Stock) -> dict[str, list[Held]]:
    """Items in use by module id, through their objective."""
    modules = _module_of(stock)
    banks: dict[str, list[Held]] = {}
    for held in stock.live("item"):
        module = modules.get(held.record.objective)
        if module is not None:
            banks.setdefault(module.id, []).append(held)
    return banks


def choices_of(items: Iterable[Item]) -> list[Item]:
    """Single-best-answer items that are in order; others have faults of their own."""
    return [one for one in items if one.type == "MC" and len(one.options) == 3 and sum(o.key for o in one.options) == 1]


def _choices(bank: list[Held]) -> list[Item]:
    return choices_of(held.record for held in bank)


def key_place(item: Item) -> int:
    """Where the key stands: 0 for the first option."""
    return [option.key for option in item.options].index(True)


@rule
def item_count(stock: Stock) -> Findings:
    """A module with objectives has at least 14 practice and 6 test items (M5: 24 and 6). Cannot see: near-copies."""
    banks = _banks(stock)
    for held in stock.live("module"):
        if not held.record.objectives:
            continue
        bank = [one.record for one in banks.get(held.id, [])]
        for use, fewest in (("practice", MORE_PRACTICE.get(held.id, PRACTICE)), ("test", TEST)):
            count = sum(item.use == use for item in bank)
            if count < fewest:
                came = f"{count} {use} items for {held.id}"
                yield Finding(held.spot("objective"), came, f"at least {fewest}", "Write more, or move some.")


@rule
def objective_items(stock: Stock) -> Findings:
    """A scorable objective has at least three practice items that can be marked. Cannot see: whether they cover it."""
    for id, (held, objective) in objectives(stock).items():
        items = [one.record for one in stock.live("item") if one.record.objective == id]
        count = sum(item.use == "practice" and quiz.scorable(item) for item in items)
        if objective.scorable and count < PER_OBJECTIVE:
            came = f"{count} practice items that can be marked"
            remedy = f'Write items with objective = "{id}" (MC, CL, SEQ or SJ), or say scorable = false.'
            yield Finding(held.spot(f"objective[{id}]"), came, f"at least {PER_OBJECTIVE}", remedy)


@rule
def objective_activity(stock: Stock) -> Findings:
    """An objective has an activity: a scenario, a set's item, or a code cell that names it. Cannot see: its worth."""
    busy = {name for one in stock.live("scenario") for name in one.record.objectives}
    items = {held.id: held.record for held in stock.live("item")}
    busy |= {items[id].objective for one in stock.live("set") for id in one.record.items if id in items}
    busy |= {id for book in stock.books for cell in book.cells if cell.kind == "code" for id in cell.ids("objective")}
    for id, (held, _) in objectives(stock).items():
        if id not in busy:
            remedy = "Name it in a scenario, give it a practice item in a set, or mark an exercise cell with it."
            yield Finding(held.spot(f"objective[{id}]"), "no activity", "at least one", remedy)


@rule
def objective_verb(stock: Stock) -> Findings:
    """An objective begins with something that can be seen, not "understand". Cannot see: other verbs that are vague."""
    for id, (held, objective) in objectives(stock).items():
        found = VAGUE_VERBS.match(objective.text)
        if found:
            remedy = "Say what a learner does: name, choose, sort, estimate, write."
            yield Finding(held.spot(f"objective[{id}].text"), f'"{found[0].strip()}"', "a measurable verb", remedy)


@rule
def key_position(stock: Stock) -> Findings:
    """From twelve MC items on, a module's keys stand first, second, third in 25 to 42 % each. Cannot see: runs."""
    for id, bank in _banks(stock).items():
        choices = _choices(bank)
        places = Counter(key_place(item) for item in choices)
        off = [p for p in range(3) if not BALANCE[0] <= places[p] / max(1, len(choices)) <= BALANCE[1]]
        if len(choices) >= FEWEST_FOR_BALANCE and off:
            names = ("first", "second", "third")
            came = (
                ", ".join(f"{name} {places[p]}" for p, name in enumerate(names))
                + f" of {len(choices)} MC items of {id}"
            )
            yield Finding(Spot(bank[0].file), came, "each position in 25 to 42 %", "Move options within some items.")


@rule
def guessing(stock: Stock) -> Findings:
    """From twenty MC items on, no habit of guessing is more than 8 points off chance (33.3 %), in a module, in a
    knowledge form or in all.

    Habits: longest, shortest, first, middle, last, most moderate, most words shared with the stem; ties count as
    shares. Cannot see: a habit other than these.
    """
    banks = {id: bank for id, bank in _banks(stock).items() if len(_choices(bank)) >= FEWEST_FOR_GUESSING}
    if len(_banks(stock)) > 1:
        banks["the whole course"] = list(stock.live("item"))
    every = stock.by_id("item")
    for one in stock.live("instrument"):
        if one.record.kind == "knowledge":
            banks[f"form {one.id}"] = [every[id] for id in one.record.items if id in every]
    for name, bank in banks.items():
        choices = _choices(bank)
        if len(choices) < FEWEST_FOR_GUESSING:
            continue
        for habit, weigh in HABITS.items():
            right = 100 * sum(_share(item, weigh) for item in choices) / len(choices)
            if abs(right - 100 / 3) > NEAR_CHANCE:
                came = f"“{habit}” is right in {right:.0f} % of {len(choices)} MC items of {name}"
                remedy = "Change lengths, words or places of options in some items."
                yield Finding(Spot(bank[0].file), came, "25.3 to 41.3 %", remedy)


def _share(item: Item, weigh: Habit) -> float:
    """The chance that a habit picks the key: 1, 0, or a share where it cannot decide."""
    weights = weigh(item)
    most = max(weights)
    best = [option for option, weight in zip(item.options, weights, strict=True) if weight == most]
    return sum(option.key for option in best) / len(best)


def _by(measure: Callable[[Choice], float]) -> Habit:
    return lambda item: [measure(option) for option in item.options]


def _nearest_middle(item: Item) -> list[float]:
    lengths = [len(option.text) for option in item.options]
    return [-abs(length - median(lengths)) for length in lengths]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z']+", text.lower()) if len(word) > 3}


def _overlap(item: Item) -> list[float]:
    stem, every = _words(item.stem), [_words(option.text) for option in item.options]
    return [len(stem & own) / (len(own) or 1) for own in every]


HABITS: dict[str, Habit] = {
    "longest": _by(lambda option: len(option.text)),
    "shortest": _by(lambda option: -len(option.text)),
    "neither longest nor shortest": _nearest_middle,
    "first": lambda item: [1.0, 0.0, 0.0],
    "second": lambda item: [0.0, 1.0, 0.0],
    "last": lambda item: [0.0, 0.0, 1.0],
    "most moderate": _by(lambda option: len(HEDGES.findall(option.text))),
    "most words of the stem": _overlap,
}
