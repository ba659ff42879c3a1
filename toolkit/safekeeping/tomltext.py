"""Plain data as TOML text: what `tomllib` reads, written so that a person likes to edit it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def as_toml(data: Mapping[str, Any]) -> str:
    """TOML for a table of texts, numbers, truths, lists of texts, small tables in lists, and lists of tables.

    Lists of tables become ``[[double]]`` tables, except those named in `SHORT`, which stay in one line each.
    ``tomllib.loads(as_toml(data)) == data`` holds for such data.
    """
    return "\n".join(_lines(data, "")).lstrip("\n") + "\n"


SHORT = {"material"}  # small tables inside a step; at the top level they are tables of their own


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    inner = {key: value for key, value in table.items() if _is_tables(value) and not (path and key in SHORT)}
    for key, value in table.items():
        if key not in inner:
            yield f"{_key(key)} = {_value(value)}"
    for key, rows in inner.items():
        name = f"{path}.{key}" if path else key
        for row in rows:
            yield f"\n[[{name}]]"
            yield from _lines(row, name)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        inside = [_value(one) for one in value]
        if sum(map(len, inside)) < 90:
            return f"[{', '.join(inside)}]"
        return "[\n" + "".join(f"  {one},\n" for one in inside) + "]"
    if isinstance(value, int | float):
        return str(value)
    # JSON's escapes are TOML's too, but for the delete character, which TOML wants escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
