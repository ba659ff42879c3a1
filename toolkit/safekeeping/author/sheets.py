"""Rules for handouts, the room-safety sheet and the disclosure charts; words and claims have the rules of all texts."""

from __future__ import annotations

from collections import Counter

from ..faults import listed
from ..sheets import odd_in
from .rules import Finding, Findings, rule
from .stock import Stock

STEP_WORDS = 30  # of one step of a chart
MOST_LINES = 4  # words to say, to leave out, and what comes after, beside a chart
FIELDS = ("say", "avoid", "after")


@rule
def sheet_form(stock: Stock) -> Findings:
    """A handout is named after its file and has a place of its own in the order, and each of its parts holds something.

    Cannot see: whether it fits one page; the printing says so.
    """
    orders = Counter(one.record.order for one in stock.sheets if one.kind == "handout")
    for held in stock.sheets:
        if held.kind == "flowchart":
            continue
        stem = held.file.rpartition("/")[2].removesuffix(".toml")
        if held.id != stem:
            yield Finding(held.spot("id"), f'"{held.id}" in {held.file}', f'"{stem}"', "Let id and file name agree.")
        order = held.record.order
        if held.kind == "handout" and (order < 1 or orders[order] > 1):
            came = f"order {order}" + (", also that of another handout" if orders[order] > 1 else "")
            yield Finding(held.spot("order"), came, "a number from 1, each once", "Number the handouts anew.")
        for i, block in enumerate(held.record.blocks):
            parts = (block.text, block.steps, block.points, block.say, block.avoid, block.show, block.fields)
            if not any(parts) and not block.lines:
                remedy = "Write text, points or another key of FORMAT.md, or take the block out."
                yield Finding(held.spot(f"block[{i}]"), "a block that holds nothing", "something to print", remedy)


@rule
def chart_form(stock: Stock) -> Findings:
    """A chart leads forward from its first step to an end, in few and short steps. Cannot see: whether it is wise."""
    for held in (one for one in stock.sheets if one.kind == "flowchart"):
        chart = held.record
        for fault in odd_in(chart, held.file):
            at = fault.at.removeprefix(f"flowchart[{chart.id}]").removeprefix(".")
            yield Finding(held.spot(at), fault.came, fault.allowed, fault.remedy)
        for stop in chart.stops:
            words = len(stop.text.split())
            if words > STEP_WORDS:
                spot = held.spot(f"step[{stop.id}].text")
                yield Finding(spot, f"{words} words", f"at most {STEP_WORDS}", "Shorten it, or make two steps.")
        for key in FIELDS:
            count = len(getattr(chart, key))
            if count > MOST_LINES:
                remedy = f"Keep what is most needed of {listed(FIELDS)}."
                yield Finding(held.spot(key), f"{count} lines", f"at most {MOST_LINES}", remedy)
