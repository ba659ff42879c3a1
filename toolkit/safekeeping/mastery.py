"""The check of a part: which questions come in which try, drawn here and not in the browser, and when it is met.

A check draws eight practice items over every scorable objective of its part; it is met when seven first answers of
one try are the authors'. Tries of a series are taken in their order. Each is drawn in view of those before it (unseen
items first, then those seen longest ago), so a front end that goes on to the next row follows the rule without
knowing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

from . import quiz
from .faults import WrongCall
from .records import Item, ItemSet, Module

DRAWN, NEEDED = 8, 7
TRIES = 12  # of a series; the thirteenth is the first again, whose items are then among those seen longest ago
SERIES = 4  # people side by side seldom get the same questions
_PARTS = ("options", "actions", "cases", "steps")


def bank(module: Module, items: Iterable[Item]) -> list[Item]:
    """The practice items that a check of this part may draw: scorable ones of its scorable objectives."""
    goals = {goal.id for goal in module.objectives if goal.scorable}
    practice = [one for one in items if one.use == "practice" and not one.retired]
    return [one for one in practice if quiz.scorable(one) and one.objective in goals]


def series(module: Module, items: Sequence[Item], seed: int, tries: int = TRIES) -> list[list[Item]]:
    """The tries of one series, each of eight items.

    Raises
    ------
    WrongCall : the part has fewer than eight such items, or none for one of its scorable objectives.
    """
    goals = [goal.id for goal in module.objectives if goal.scorable]
    seen: list[str] = []
    found = []
    for number in range(tries):
        drawn = quiz.choose(items, goals, DRAWN, seed * 1000 + number, seen=seen)
        found.append(drawn)
        seen = [id for id in seen if id not in {one.id for one in drawn}] + [one.id for one in drawn]
    return found


def compile(module: Module, items: Iterable[Item]) -> tuple[ItemSet, list[Item], quiz.Table]:
    """A part's check: its set, its bank of items, and the table for the front end.

    Returns
    -------
    The table holds what `quiz.compile` gives and ``need``, ``of``, ``objectives`` (pairs of id and text) and
    ``series``: for each series its tries, for each try pairs of a place in ``items`` and the order of its parts as
    digits, for example ``[3, "201"]``.

    Raises
    ------
    WrongCall : no check can be drawn for this part.
    """
    whole = bank(module, items)
    if not whole:
        raise WrongCall(f'Part "{module.id}" has no items that a check could draw.')
    make: Any = ItemSet  # records are made by `records.read`; types do not know their fields
    one: ItemSet = make(id=f"check-{module.id}", title=module.title, kind="quiz", items=tuple(i.id for i in whole))
    table = quiz.compile(one, whole)
    for row, item in zip(table["items"], whole, strict=True):
        row["objective"] = item.objective
    place = {item.id: number for number, item in enumerate(whole)}
    rows = []
    for seed in range(SERIES):
        random = Random(seed)  # noqa: S311 - a repeatable order, no secret
        rows.append(
            [
                [[place[item.id], _order(table["items"][place[item.id]], random)] for item in drawn]
                for drawn in series(module, whole, seed)
            ]
        )
    goals = [[goal.id, goal.text] for goal in module.objectives if goal.scorable]
    return one, whole, table | {"need": NEEDED, "of": DRAWN, "objectives": goals, "series": rows}


def _order(row: Mapping[str, Any], random: Random) -> str:
    """The order in which an item's parts stand on screen, as digits; where an order is asked for, a wrong one."""
    parts = list(next(row[name] for name in _PARTS if name in row))
    while True:
        digits = random.sample(range(len(parts)), len(parts))
        if row["type"] != "SEQ" or len(parts) < 2 or [parts[place] for place in digits] != row["key"]:
            return "".join(map(str, digits))


def met(trace: Sequence[Mapping[str, Any]], need: int = NEEDED) -> bool:
    """Whether some try of a check's trace has enough first answers that are the authors'.

    Parameters
    ----------
    trace : ``{"do": "try", "series": S, "try": N}`` opens each try; ``{"do": "answer", "item": ID, "points": P}``.
    """
    points: dict[str, int] | None = None
    best = 0
    for step in trace:
        if step["do"] == "try":
            points = {}
        elif step["do"] == "answer" and points is not None:
            points.setdefault(str(step.get("item")), int(step.get("points") == 1))
            best = max(best, sum(points.values()))
    return best >= need
