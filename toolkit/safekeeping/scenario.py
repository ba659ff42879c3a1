"""Branching scenarios: compiled to a flat table, walked, replayed and compared. Pure functions; nothing is drawn here.

A scenario is a graph of nodes with named flags. `compile` unfolds both into states, so that a front end looks up
and never decides. Paths are compared by the points that their options carry, principle by principle. The scale of a
comparison runs from 0 (the lowest path) to 100 (the authors' path); it is about choices, never about a child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .faults import ContentError, Fault, WrongCall, near
from .records import Node, Option, Scenario

TABLE = 1  # version of the compiled table
MOST_STATES = 2_000

Table = dict[str, Any]
Trace = list[dict[str, Any]]


def compile(scenario: Scenario) -> Table:
    """Unfold nodes and flags into a flat table of states.

    Returns
    -------
    A mapping with ``v``, ``kind``, ``id``, ``start``, ``states``, ``authors`` (the authors' path as pairs of state
    and option) and ``map`` (columns and edges to draw). A state key is the node's id, followed by ``|flag+flag``
    where flags are set that still matter. A state holds its node, the numbers of its extra paragraphs, how many
    things are known and unknown, and its options, each with its next state. Text ids are not in the table: they
    follow from the ids of node and option (`records.texts`).

    Raises
    ------
    ContentError : an edge leads nowhere, there is not exactly one start, the authors' path is no path, or there are
        more than 2,000 states.
    """
    nodes = {node.id: node for node in scenario.nodes}
    starts = [node.id for node in scenario.nodes if node.start]
    if len(starts) != 1:
        remedy = "Write start = true on exactly one node."
        raise _fault(scenario, "start", "node", f"{len(starts)} nodes with start = true", "one", remedy)
    relevant = _relevant_flags(nodes)
    states: dict[str, dict[str, Any]] = {}
    waiting = [(starts[0], frozenset[str]())]
    while waiting:
        node_id, flags = waiting.pop()
        key = _key(node_id, flags)
        if key in states:
            continue
        if len(states) >= MOST_STATES:
            came, allowed = f"more than {MOST_STATES} states", f"at most {MOST_STATES}"
            raise _fault(scenario, "too-many-states", "", came, allowed, "Use fewer flags, or make paths meet again.")
        state, following = _state(scenario, nodes, nodes[node_id], flags, relevant)
        states[key] = state
        waiting.extend(following)
    table: Table = {"v": TABLE, "kind": "scenario", "id": scenario.id, "start": starts[0], "states": states}
    table["authors"] = _authors(scenario, table)
    table["map"] = _map(table)
    return table


def _fault(scenario: Scenario, rule: str, at: str, came: str, allowed: str, remedy: str) -> ContentError:
    return ContentError([Fault(rule, f"scenarios/{scenario.id}.toml", at, came, allowed, remedy)])


def _key(node: str, flags: Iterable[str]) -> str:
    return f"{node}|{'+'.join(sorted(flags))}" if flags else node


def _relevant_flags(nodes: Mapping[str, Node]) -> dict[str, frozenset[str]]:
    """For each node, the flags that this node or a later one asks about; others are dropped, so that paths meet."""
    asked = {
        node.id: {extra.when for extra in node.extras}
        | {flag for option in node.options for flag in (*option.needs, *option.unless)}
        | {turn.flag for option in node.options for turn in option.go_if}
        for node in nodes.values()
    }
    changed = True
    while changed:
        changed = False
        for node in nodes.values():
            later = {flag for target in _targets(node) if target in asked for flag in asked[target]}
            if not later <= asked[node.id]:
                asked[node.id] |= later
                changed = True
    return {node: frozenset(flags) for node, flags in asked.items()}


def _targets(node: Node) -> set[str]:
    return {option.go_to for option in node.options} | {turn.go_to for o in node.options for turn in o.go_if}


def _visible(option: Option, flags: frozenset[str]) -> bool:
    return set(option.needs) <= flags and not set(option.unless) & flags


def _state(
    scenario: Scenario,
    nodes: Mapping[str, Node],
    node: Node,
    flags: frozenset[str],
    relevant: Mapping[str, frozenset[str]],
) -> tuple[dict[str, Any], list[tuple[str, frozenset[str]]]]:
    """One state of the table, and the nodes with flags that it leads to."""
    state: dict[str, Any] = {"node": node.id}
    extras = [i for i, extra in enumerate(node.extras) if extra.when in flags]
    if extras:
        state["extras"] = extras
    if node.aloud:
        state["aloud"] = True
    if node.ending:
        state["ending"] = True
        if node.invite_replay:
            state["replay"] = _known(scenario, nodes, node.invite_replay, f"node[{node.id}].invite_replay")
        return state, []
    state |= {"known": len(node.known), "unknown": len(node.unknown)}
    if node.repair:
        state["repair"] = True
    following, options = [], []
    for option in node.options:
        if not _visible(option, flags):
            continue
        target = next((turn.go_to for turn in option.go_if if turn.flag in flags), option.go_to)
        _known(scenario, nodes, target, f"node[{node.id}].option[{option.id}].go_to")
        after = (flags | set(option.set)) & relevant[target]
        following.append((target, after))
        options.append(
            {
                "id": option.id,
                "principles": named_principles(option),
                "points": sum(option.points.values()),
                "to": _key(target, after),
            }
        )
    state["options"] = options
    return state, following


def _known(scenario: Scenario, nodes: Mapping[str, Node], target: str, at: str) -> str:
    """The same id, if it is one of this scenario's nodes."""
    if target not in nodes:
        hint = near(target, nodes) or "Name a node of this scenario."
        raise _fault(scenario, "unknown-node", at, f'"{target}"', "the id of a node", hint)
    return target


def named_principles(option: Option) -> list[str]:
    """The principles that the feedback of an option names: those with points, the weightiest first, two at most."""
    weighty = sorted(option.points, key=lambda name: -abs(option.points[name]))
    return [name for name in weighty if option.points[name]][:2] or weighty[:1]


def _authors(scenario: Scenario, table: Table) -> list[list[str]]:
    """The authors' path as pairs of state and option."""
    state, path = table["start"], []
    for step, entry in enumerate(scenario.authors_path):
        node, _, option_id = entry.partition(".")
        options = {o["id"]: o for o in table["states"][state].get("options", [])}
        if table["states"][state]["node"] != node or option_id not in options:
            at, here = f"authors_path[{step}]", table["states"][state]["node"]
            allowed = f'"{here}." and one of {", ".join(options) or "nothing: it is an ending"}'
            raise _fault(scenario, "authors-path", at, f'"{entry}"', allowed, "Name each step as node.option.")
        path.append([state, option_id])
        state = options[option_id]["to"]
    if not table["states"][state].get("ending"):
        came = f'it stops at "{state}"'
        raise _fault(scenario, "authors-path", "authors_path", came, "a path to an ending", "Add the next steps.")
    return path


def _map(table: Table) -> dict[str, Any]:
    """Nodes in columns by their longest way from the start, with every edge; what the debrief draws."""
    edges: list[list[str]] = []
    for state in table["states"].values():
        for option in state.get("options", []):
            edge = [state["node"], option["id"], table["states"][option["to"]]["node"]]
            if edge not in edges:
                edges.append(edge)
    start = table["states"][table["start"]]["node"]
    column = {start: 0}
    forward = _forward(start, edges)
    for _ in column | {edge[2]: 0 for edge in edges}:  # as often as there are nodes: then every way was gone
        for source, _option, target in edges:
            if source in column and (source, target) in forward:
                column[target] = max(column.get(target, 0), column[source] + 1)
    last = max(column.values(), default=0)
    column |= {state["node"]: last for state in table["states"].values() if state.get("ending")}
    columns: list[list[str]] = [[] for _ in range(last + 1)]
    for node, at in column.items():
        columns[at].append(node)
    return {"columns": [one for one in columns if one], "edges": edges}


def _forward(start: str, edges: Sequence[Sequence[str]]) -> set[tuple[str, str]]:
    """The edges without those that lead back to a node on the way there: what is left has no circle."""
    after: dict[str, list[str]] = {}
    for source, _option, target in edges:
        after.setdefault(source, []).append(target)
    kept: set[tuple[str, str]] = set()
    done: set[str] = set()
    on_way: list[str] = []

    def visit(node: str) -> None:
        on_way.append(node)
        for target in after.get(node, ()):
            if target not in on_way:
                kept.add((node, target))
                if target not in done:
                    visit(target)
        on_way.pop()
        done.add(node)

    visit(start)
    return kept


@dataclass(frozen=True)
class Path:
    """One way through a scenario: pairs of state and option, the state in which it ends, and its points."""

    steps: tuple[tuple[str, str], ...]
    end: str
    points: int


def paths(table: Table, most: int = 100_000) -> Iterator[Path]:
    """Every way from the start to an ending, in which no state comes twice.

    Raises
    ------
    WrongCall : there are more than `most` paths.
    """
    states = table["states"]
    stack: list[tuple[str, tuple[tuple[str, str], ...], int]] = [(table["start"], (), 0)]
    found = 0
    while stack:
        key, steps, points = stack.pop()
        state = states[key]
        if state.get("ending"):
            found += 1
            if found > most:
                raise WrongCall(f'Scenario "{table["id"]}" has more than {most} paths. Make some of them meet again.')
            yield Path(steps, key, points)
            continue
        been = {step[0] for step in steps} | {key}
        stack.extend(
            (option["to"], (*steps, (key, option["id"])), points + option["points"])
            for option in reversed(state["options"])
            if option["to"] not in been
        )


def follow(table: Table, choose: Callable[[dict[str, Any]], dict[str, Any]]) -> Path:
    """The path that one way of choosing takes; `choose` gets a state and returns one of its options.

    Raises
    ------
    WrongCall : that way of choosing goes round for ever.
    """
    key, points = table["start"], 0
    steps: list[tuple[str, str]] = []
    while not table["states"][key].get("ending"):
        if len(steps) > len(table["states"]):
            raise WrongCall(f'In scenario "{table["id"]}" that way of choosing never comes to an ending.')
        option = choose(table["states"][key])
        steps.append((key, option["id"]))
        points += option["points"]
        key = option["to"]
    return Path(tuple(steps), key, points)


def span(table: Table) -> tuple[int, int]:
    """The lowest path's points and the authors' path's points: 0 and 100 of the scale."""
    lowest = min(path.points for path in paths(table))
    return lowest, sum(_option(table, state, option)["points"] for state, option in table["authors"])


def on_scale(table: Table, points: float) -> float:
    """Points on the scale from 0 (lowest path) to 100 (authors' path), linear."""
    low, high = span(table)
    return 100.0 if high == low else 100.0 * (points - low) / (high - low)


def random_points(table: Table) -> float:
    """The exact expectation of points if each option of a state is equally likely.

    Assumes that no state can come twice; an option that would close a circle counts as if it ended there.
    """

    def expected(key: str, been: frozenset[str]) -> float:
        state = table["states"][key]
        if state.get("ending"):
            return 0.0
        values: list[float] = [
            option["points"] + (expected(option["to"], been | {key}) if option["to"] not in been else 0.0)
            for option in state["options"]
        ]
        return sum(values) / len(values)

    return expected(table["start"], frozenset())


def _option(table: Table, state: str, option: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in table["states"][state]["options"] if one["id"] == option)
    return found


def replay(table: Table, trace: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The way that a trace of events leaves standing: choices in order, with undone ones taken back.

    Parameters
    ----------
    trace : events as the exercise reports them: ``choose`` (state, option), ``back`` and ``replay`` (state); others
        change nothing.

    Raises
    ------
    WrongCall : an event does not fit the table (a choice in a state where the learner was not, for example).
    """
    way: list[tuple[str, str]] = []
    here = table["start"]
    for number, event in enumerate(trace, 1):
        do, state, option = event.get("do"), str(event.get("state")), str(event.get("option"))
        if do == "choose":
            options = {o["id"]: o for o in table["states"].get(here, {}).get("options", [])}
            if state != here or option not in options:
                raise WrongCall(f'Event {number} chooses "{option}" in "{state}", but the story stands at "{here}".')
            way.append((here, option))
            here = options[option]["to"]
        elif do == "back":
            if not way or way[-1][0] != state:
                known = "which is not on the way so far, or not its last choice"
                raise WrongCall(f'Event {number} goes back to "{state}", {known}.')
            way.pop()
            here = state
        elif do == "replay":
            if state not in table["states"]:
                known = "which is not on the way so far and no state of this story"
                raise WrongCall(f'Event {number} replays from "{state}", {known}.')
            # From a point off the way (an ending may invite there), what came before is no longer part of it.
            way = way[: next((i for i, step in enumerate(way) if step[0] == state), 0)]
            here = state
    return way


@dataclass(frozen=True)
class Comparison:
    """A learner's way beside the authors' path: choices alike, and points by principle of each."""

    same: tuple[tuple[str, str], ...]
    other: tuple[tuple[str, str], ...]
    principles: Mapping[str, int]
    authors_principles: Mapping[str, int]
    ended: bool


def compare(scenario: Scenario, table: Table, trace: Sequence[Mapping[str, Any]]) -> Comparison:
    """Set a trace beside the authors' path, principle by principle; no total is made of it."""
    way = replay(table, trace)
    authors = [tuple(step) for step in table["authors"]]
    ended = bool(way) and bool(table["states"][_option(table, *way[-1])["to"]].get("ending"))
    return Comparison(
        same=tuple(step for step in way if step in authors),
        other=tuple(step for step in way if step not in authors),
        principles=_by_principle(scenario, table, way),
        authors_principles=_by_principle(scenario, table, [(s, o) for s, o in table["authors"]]),
        ended=ended,
    )


def _by_principle(scenario: Scenario, table: Table, way: Sequence[tuple[str, str]]) -> dict[str, int]:
    options = {(node.id, option.id): option for node in scenario.nodes for option in node.options}
    total: dict[str, int] = {str(name): 0 for name in scenario.principles}
    for state, option in way:
        for name, points in options[table["states"][state]["node"], option].points.items():
            total[name] = total.get(name, 0) + points
    return total
