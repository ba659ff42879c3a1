"""Pictures: Vega-Lite drawn by vl-convert, as SVG without scripts, style attributes, outside fonts or addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .document import Picture, Table

INK, QUIET, LINE, LAKE, LAMP = "#1d2a2f", "#51606a", "#d8d4c9", "#0b5a63", "#7a4f00"
COLOURS = {INK: "ink", QUIET: "quiet", LINE: "line", LAKE: "lake", LAMP: "lamp"}  # the page's own, dark or light
WIDTH, ROW = 330, 34
_ARIA = re.compile(r' (aria-[a-z]+|role|pointer-events)="[^"]*"')
_NUMBER = re.compile(r"[+−-]?\d+(\.\d+)?")


def number(cell: str) -> float | None:
    """A printed cell as a number; None for a band, a dash or a hidden cell."""
    return float(cell.replace("−", "-")) if _NUMBER.fullmatch(cell) else None


def intervals(
    name: str, title: str, alt: str, table: Table, columns: Mapping[str, int], *, axis: str, ends: tuple[float, float],
    mark: str = "", zero: bool = False,
) -> Picture | None:  # fmt: skip
    """Points with their intervals, one line for each row of a table that has numbers; None if no row has.

    Parameters
    ----------
    columns : where ``label``, ``mean``, ``low`` and ``high`` stand in a row. ends : the axis. zero : whether a line
        marks no change. mark : the watermark.
    """
    rows = []
    for row in table.rows:
        mean, low, high = (number(row[columns[one]]) for one in ("mean", "low", "high"))
        if mean is not None:
            ends_ = (mean if low is None else low, mean if high is None else high)
            rows.append({"label": row[columns["label"]], "mean": mean, "low": ends_[0], "high": ends_[1]})
    return Picture(name, title, alt, _spec(rows, axis, ends, mark, zero)) if rows else None


def _spec(
    rows: Sequence[Mapping[str, Any]], axis: str, ends: tuple[float, float], mark: str, zero: bool
) -> dict[str, Any]:
    labels = [one["label"] for one in rows]
    scale = {"domain": list(ends), "nice": False}
    x = {"type": "quantitative", "scale": scale, "title": axis, "axis": {"tickCount": 6}}
    bare = {"labelLimit": 260, "ticks": False, "domain": False, "labelPadding": 8}
    y = {"field": "label", "type": "nominal", "sort": labels, "title": None, "axis": bare}
    rule = {"type": "rule", "strokeWidth": 2.5, "color": LAKE}
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": LAKE}
    layers: list[dict[str, Any]] = [
        {"mark": rule, "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}},
        {"mark": point, "encoding": {"x": {**x, "field": "mean"}, "y": y}},
    ]
    if zero:
        nought = {"type": "rule", "color": QUIET, "strokeDash": [4, 3]}
        layers.insert(0, {"data": {"values": [{}]}, "mark": nought, "encoding": {"x": {**x, "datum": 0}}})
    title = {"text": mark, "color": LAMP, "fontSize": 14, "anchor": "start", "frame": "group", "fontWeight": "bold"}
    lines = {"gridColor": LINE, "domainColor": LINE, "tickColor": LINE}
    text = {"labelColor": INK, "titleColor": QUIET, "labelFontSize": 14, "titleFontSize": 14}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": list(rows)},
        "width": WIDTH,
        "height": ROW * len(labels),
        "layer": layers,
        **({"title": title} if mark else {}),
        "config": {
            "background": None,
            "font": "Source Sans Pro, sans-serif",
            "view": {"stroke": None},
            "axis": {**lines, **text, "titleFontWeight": "normal"},
        },
    }


def draw(picture: Picture) -> str:
    """The drawing as SVG, in the fixed colours of print."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(dict(picture.spec), allowed_base_urls=[])
    return _ARIA.sub("", drawn).replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")


def on_page(drawn: str) -> str:
    """The same in the colours of the page, light or dark, and as wide as the page lets it be."""
    for colour, name in COLOURS.items():
        drawn = drawn.replace(f'"{colour}"', f'"var(--{name})"')
    return re.sub(r' width="[\d.]+" height="[\d.]+"', "", drawn, count=1)
