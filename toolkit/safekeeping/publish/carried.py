"""An exercise as a page carries it: every id once, in the table; the readable form has them by position.

A page is read on slow connections, and ids are the part of it that packs worst. `carried.js` gives the front end the
same table and the same text ids as a notebook has, so that a trace does not depend on where it was made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..exercises import Exercise

PARTS = ("options", "actions", "categories", "cases", "steps", "criteria")  # carried.js reads them in this order
_LIST = re.compile(r'<([uo]l)><li data-t="([a-z.]+)\.0">')
_ROW = re.compile(r'<li data-t="[a-z.]+\.[0-9]+">')
_MARK = re.compile(r' data-(in|t)="([^"]*)"')  # no text holds such a mark: its quotes are escaped

Names = Sequence[tuple[str, Sequence[str]]]


def carried(exercise: Exercise) -> tuple[str, dict[str, Any]]:
    """The readable form and the table of an exercise, both short.

    Returns
    -------
    The form as HTML. Its boxes are not marked, since they stand in the order of `boxes`; in a box ``data-t="0.text"``
    is the text of the first option or part, and a list marked ``known`` holds ``known.0`` and so on. A form in another
    order keeps its whole ids. The table: see `story` and `questions`.
    """
    form, table = exercise.form(), dict(exercise.table)
    written = [id for kind, id in _MARK.findall(form) if kind == "in"]
    table = story(table, written) if "states" in table else questions(table) if "items" in table else table
    parts = dict(names(table))
    if written != boxes(table):
        return form, table
    box = ""  # the node or item whose texts follow

    def short(mark: re.Match[str]) -> str:
        nonlocal box
        kind, id = mark.groups()
        if kind == "in":
            box = id
            return ""
        part, _, text = id.partition(".")
        inside = parts.get(box, ()) if text else ()
        return f' data-t="{inside.index(part)}.{text}"' if part in inside else mark[0]

    return _ROW.sub("<li>", _LIST.sub(r'<\1 data-t="\2"><li>', _MARK.sub(short, form))), table


def names(table: Mapping[str, Any]) -> Names:
    """The ids of a carried table in order: nodes with their options, or items with their parts."""
    if "nodes" in table:
        return [(id, [option for option, *_ in options]) for id, options, _facts in table["nodes"]]
    return [(row["id"], [id for part in PARTS for id in row.get(part, ())]) for row in table.get("items", ())]


def boxes(table: Mapping[str, Any]) -> list[str]:
    """Whose texts the boxes of a form hold, in order: scenes, then outcomes; questions, then answers."""
    every = names(table)
    after = [f"{id}.{part}" for id, parts in every for part in parts] if "nodes" in table else [id for id, _ in every]
    return [id for id, _ in every] + after


def story(table: Mapping[str, Any], written: Sequence[str]) -> dict[str, Any]:
    """A story as its nodes, each once, and a row for every state.

    Parameters
    ----------
    written : nodes, then ``node.option``, in the order of the readable form.

    Returns
    -------
    ``nodes``: id, options (each its id, then the numbers of its principles), all else that is true of the node.
    ``rows``, one a state: number of the node, its flags, numbers of its extra paragraphs, then option and next state
    by number, in turns. ``authors``: state and option by number. ``columns``: numbers of nodes. Points and the edges
    of the map are left out: no page shows the first, and the rows tell the second.
    """
    nodes: dict[str, tuple[dict[str, list[Any]], dict[str, Any]]] = {}
    for id in written:
        node_id, _, option = id.partition(".")
        options, _facts = nodes.setdefault(node_id, ({}, {}))
        if option:
            options[option] = [option]
    principles = list(table["principles"])
    for state in table["states"].values():
        options, facts = nodes[state["node"]]
        facts |= {key: value for key, value in state.items() if key not in ("node", "extras", "options")}
        for one in state.get("options", ()):
            options[one["id"]] = [one["id"], *(principles.index(name) for name in one["principles"])]
    at = {key: number for number, key in enumerate(table["states"])}
    node = {id: number for number, id in enumerate(nodes)}
    chosen = {id: list(options) for id, (options, _) in nodes.items()}
    rows = []
    for key, state in table["states"].items():
        turns = [n for o in state.get("options", ()) for n in (chosen[state["node"]].index(o["id"]), at[o["to"]])]
        rows.append([node[state["node"]], key.partition("|")[2], state.get("extras", []), *turns])
    authors = [[at[key], chosen[table["states"][key]["node"]].index(option)] for key, option in table["authors"]]
    return {
        **{key: table[key] for key in ("v", "kind", "id", "principles")},
        "nodes": [[id, list(options.values()), facts] for id, (options, facts) in nodes.items()],
        "rows": rows,
        "start": at[table["start"]],
        "authors": authors,
        "columns": [[node[id] for id in column] for column in table["map"]["columns"]],
    }


def questions(table: Mapping[str, Any]) -> dict[str, Any]:
    """A set of items in which every mark is a number, looked up in ``marks`` of the table.

    An item's ``marks`` and ``keys`` lose their ids: they stand in the order of its parts, and of ratings or groups.
    """
    known: list[Any] = []

    def number(mark: Any) -> int:
        if mark not in known:
            known.append(mark)
        return known.index(mark)

    rows = []
    for row in table["items"]:
        short = dict(row)
        if "options" in row and "marks" in row:
            short["marks"] = [number(mark) for mark in row["marks"].values()]
        elif "marks" in row:  # of an action by its rating, of a case by its group
            short["marks"] = [[number(mark) for mark in marks.values()] for marks in row["marks"].values()]
        if "keys" in row:
            short["keys"] = list(row["keys"].values())
        rows.append(short)
    return dict(table) | {"items": rows, "marks": known}
