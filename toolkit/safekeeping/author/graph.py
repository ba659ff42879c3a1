"""A scenario unfolded into states, also when it has faults: edges to nowhere are left out and told elsewhere.

The engine's `scenario.compile` refuses a story with a fault; a check has to walk it all the same, to find the others.
The states have the shape of the engine's table, so that `scenario.paths` and `scenario.follow` walk both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import scenario as engine
from ..faults import WrongCall
from ..records import Node, Option, Scenario
from .stock import Held, Stock

MOST_PATHS = 20_000

State = dict[str, Any]
Choose = Callable[[State], State]


@dataclass(frozen=True)
class Story:
    """One scenario with its states and every way through them."""

    held: Held

    @property
    def scenario(self) -> Scenario:
        """The record."""
        found: Scenario = self.held.record
        return found

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Nodes by id."""
        return {node.id: node for node in self.scenario.nodes}

    @cached_property
    def table(self) -> dict[str, Any] | None:
        """Start and states; None without exactly one start or with more than 2,000 states."""
        starts = [node.id for node in self.scenario.nodes if node.start]
        return unfold(self.scenario.id, self.nodes, starts[0]) if len(starts) == 1 else None

    @cached_property
    def paths(self) -> list[engine.Path]:
        """Every way from the start to an ending; empty where there are none, or too many to walk."""
        try:
            return list(engine.paths(self.table, MOST_PATHS)) if self.table else []
        except WrongCall:
            return []

    @cached_property
    def authors(self) -> list[tuple[State, State]] | None:
        """The authors' path as pairs of state and option; None if it is no path to an ending."""
        if not self.table:
            return None
        states = self.table["states"]
        key, found = self.table["start"], []
        for entry in self.scenario.authors_path:
            node, _, name = entry.partition(".")
            option = next((one for one in states[key].get("options", []) if one["id"] == name), None)
            if option is None or states[key]["node"] != node:
                return None
            found.append((states[key], option))
            key = option["to"]
        return found if states[key].get("ending") else None

    def option(self, state: State, choice: State) -> Option:
        """The record of an option of a state."""
        return next(one for one in self.nodes[state["node"]].options if one.id == choice["id"])

    def score(self, points: float) -> float:
        """Points on the scale from 0 (lowest path) to 100 (authors' path)."""
        low = min(path.points for path in self.paths)
        high = sum(option["points"] for _, option in self.authors or ())
        return 100.0 * (points - low) / (high - low) if high > low else 100.0

    @cached_property
    def scores(self) -> dict[str, float]:
        """What each fixed way of choosing scores, from 0 to 100; empty where the story cannot be walked."""
        if not self.table or not self.paths or self.authors is None:
            return {}
        if any(not state["ending"] and not state["options"] for state in self.table["states"].values()):
            return {}
        ways = {"withdraw": by_stance("withdraw"), "hold": by_stance("hold"), "escalate": by_stance("escalate")}
        ways |= {"first": lambda state: state["options"][0], "longest": longest}
        found = {name: self.score(self._points(way)) for name, way in ways.items()}
        return found | {"random": self.score(engine.random_points(self.table))}

    def _points(self, way: Choose) -> float:
        """The points of a way of choosing; one that goes round for ever counts as the lowest path."""
        table = self.table or {}
        try:
            return engine.follow(table, way).points
        except (WrongCall, IndexError):
            return min(path.points for path in self.paths)


def by_stance(stance: str) -> Choose:
    """Always take the option with this stance; a node without it uses hold, and one without hold the first option."""

    def choose(state: State) -> State:
        for wanted in (stance, "hold"):
            for option in state["options"]:
                if option["stance"] == wanted:
                    found: State = option
                    return found
        first: State = state["options"][0]
        return first

    return choose


def longest(state: State) -> State:
    """The option with the longest text; the first of several."""
    found: State = max(state["options"], key=lambda option: option["length"])
    return found


def unfold(id: str, nodes: Mapping[str, Node], start: str) -> dict[str, Any] | None:
    """States by key (node and the flags that still matter), each with its visible options; None above 2,000."""
    matter = flags_that_matter(nodes)
    states: dict[str, State] = {}
    waiting = [(start, frozenset[str]())]
    while waiting:
        name, flags = waiting.pop()
        key = _key(name, flags)
        if key in states:
            continue
        if len(states) >= engine.MOST_STATES:
            return None
        node = nodes[name]
        states[key] = {"node": name, "ending": node.ending, "options": []}
        for option in () if node.ending else node.options:
            target = next((turn.go_to for turn in option.go_if if turn.flag in flags), option.go_to)
            if not shown(option, flags) or target not in nodes:
                continue
            after = (flags | set(option.set)) & matter[target]
            waiting.append((target, after))
            states[key]["options"].append(
                {
                    "id": option.id,
                    "points": sum(option.points.values()),
                    "stance": option.stance,
                    "length": len(option.text),
                    "to": _key(target, after),
                }
            )
    return {"id": id, "start": _key(start, frozenset()), "states": states}


def _key(node: str, flags: frozenset[str]) -> str:
    return f"{node}|{'+'.join(sorted(flags))}" if flags else node


def shown(option: Option, flags: frozenset[str]) -> bool:
    """Whether an option is offered with these flags set."""
    return set(option.needs) <= flags and not set(option.unless) & flags


def targets(node: Node) -> list[str]:
    """Every node that a node's options name."""
    return [name for option in node.options for name in (option.go_to, *(turn.go_to for turn in option.go_if))]


def asked(node: Node) -> set[str]:
    """The flags that a node asks about."""
    found = {extra.when for extra in node.extras}
    for option in node.options:
        found |= {*option.needs, *option.unless, *(turn.flag for turn in option.go_if)}
    return found


def flags_that_matter(nodes: Mapping[str, Node]) -> dict[str, set[str]]:
    """For each node the flags that it or a later node asks about."""
    matter = {name: asked(node) for name, node in nodes.items()}
    changed = True
    while changed:
        changed = False
        for name, node in nodes.items():
            later = set().union(*(matter.get(target, set()) for target in targets(node)))
            if not later <= matter[name]:
                matter[name] |= later
                changed = True
    return matter


def stories(stock: Stock) -> list[Story]:
    """Every scenario that is not retired, as a story; made once for all rules."""
    kept: list[Story] | None = stock.kept.get("stories")
    if kept is None:
        kept = stock.kept["stories"] = [Story(one) for one in stock.live("scenario")]
    return kept
