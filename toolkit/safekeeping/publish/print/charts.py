"""The disclosure charts: each case drawn on one page, and told once more in words."""

from __future__ import annotations

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
    column = _columns(one)
    exits = {(stop.id, way.go_to): _exit(one, column, stop.id, way.go_to) for stop in one.stops for way in stop.ways}
    stops = [
        {
            "n": number[stop.id], "text": stop.text, "say": stop.say, "column": column[stop.id],
            "kind": "ask" if stop.branches else "do" if stop.go_to else "end",
            "ways": [
                {"answer": way.answer, "to": number[way.go_to], "exit": exits[stop.id, way.go_to]}
                for way in sorted(stop.ways, key=lambda way: number[way.go_to])
            ],
        }
        for stop in one.stops
    ]  # fmt: skip
    return {
        "id": one.id, "title": one.title, "lead": one.lead, "say": one.say, "avoid": one.avoid, "after": one.after,
        "stops": stops, "margin": int("around" in exits.values()),
    }  # fmt: skip


def _columns(one: Chart) -> dict[str, int]:
    """Where each step stands: 0 for the main way on the left, 1 for what branches off beside it.

    The main way begins at the first step and at each step takes the way that leads furthest down, so that what is
    passed over stands on the right, next to the question from which it branches.
    """
    place = {stop.id: i for i, stop in enumerate(one.stops)}
    main, at = {one.stops[0].id}, one.stops[0]
    while at.ways:
        at = one.stops[max(place[way.go_to] for way in at.ways)]
        main.add(at.id)
    return {stop.id: 0 if stop.id in main else 1 for stop in one.stops}


def _exit(one: Chart, column: dict[str, int], start: str, end: str) -> str:
    """On which side an arrow leaves its box: across the middle, straight down, or around the boxes between."""
    if column[start] != column[end]:
        return "right" if column[end] else "left"
    ids = [stop.id for stop in one.stops if column[stop.id] == column[start]]
    return "down" if ids.index(end) == ids.index(start) + 1 else "around"
