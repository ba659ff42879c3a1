"""The disclosure charts: each case drawn on one page, and told once more in words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ... import sheets
from ...sheets import Chart
from ..job import Job
from .press import press


def charts(job: Job) -> bytes:
    """Every disclosure case as a diagram of numbered steps, and then the same steps in words.

    Raises
    ------
    TypesetError : a chart does not fit its page even in the smallest letters.
    """
    every = [_chart(one) for one in sheets.charts(job.course)]
    return press(job, "charts", job.library.words("charts")["title"], {"charts": every})


def _chart(one: Chart) -> dict[str, Any]:
    number = {stop.id: n for n, stop in enumerate(one.stops, 1)}
    rows = _rows(one)
    beside = {id: main for main, side in rows for id in side}
    following = {main: after for (main, _), (after, _) in pairwise(rows)}
    stops = {}
    for stop in one.stops:
        ways = [
            {"answer": way.answer, "to": number[way.go_to], "drawn": _drawn(stop.id, way.go_to, beside, following)}
            for way in stop.ways
        ]
        kind = "ask" if stop.branches else "do" if stop.go_to else "end"
        stops[stop.id] = {"n": number[stop.id], "kind": kind, "text": stop.text, "say": stop.say, "ways": ways}
    return {
        "id": one.id, "title": one.title, "lead": one.lead, "say": one.say, "avoid": one.avoid, "after": one.after,
        "stops": list(stops.values()),
        "rows": [{"main": stops[main], "side": [stops[id] for id in side]} for main, side in rows],
    }  # fmt: skip


def _drawn(start: str, end: str, beside: Mapping[str, str], following: Mapping[str, str]) -> str:
    """How a way is drawn: ``down`` the main way, ``out`` to a step beside it, or not at all; then it is written."""
    if following.get(start) == end:
        return "down"
    return "out" if beside.get(end) == start else ""


def _rows(one: Chart) -> list[tuple[str, list[str]]]:
    """Each step of the main way with the steps that stand beside it.

    The main way begins at the first step and takes the answer that leads furthest down; so what it passes over stands
    on the right, next to the first step of the main way from which it is reached.
    """
    stops = {stop.id: stop for stop in one.stops}
    place = {id: i for i, id in enumerate(stops)}
    main = [one.stops[0].id]
    while stops[main[-1]].ways:
        main.append(max((way.go_to for way in stops[main[-1]].ways), key=place.__getitem__))
    row = {id: id for id in main}
    for stop in one.stops:  # every way leads forward, so whatever leads here was seen before
        for way in stop.ways:
            row.setdefault(way.go_to, row[stop.id])
    return [(id, [other for other in stops if row[other] == id and other != id]) for id in main]
