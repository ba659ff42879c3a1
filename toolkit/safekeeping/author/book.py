"""A notebook as plain data: read with `json` alone, because importing nbformat takes longer than the whole check."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..faults import Fault

SLIDES = ("slide", "subslide")


@dataclass(frozen=True)
class Call:
    """One call in a code cell: the name called, its plain arguments, and keyword arguments."""

    name: str
    arguments: tuple[object, ...]
    options: Mapping[str, object]


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook."""

    id: str
    kind: str
    source: str
    tags: tuple[str, ...]
    metadata: Mapping[str, Any] = field(repr=False)
    has_output: bool = False

    @property
    def own(self) -> Mapping[str, Any]:
        """Our own metadata: claims, objective, seeds, exemptions."""
        own = self.metadata.get("safekeeping", {})
        return own if isinstance(own, Mapping) else {}

    @property
    def slide_type(self) -> str:
        """The slide type of the cell, or an empty text."""
        show = self.metadata.get("slideshow", {})
        return str(show.get("slide_type", "")) if isinstance(show, Mapping) else ""

    @property
    def because(self) -> Mapping[str, str]:
        """Exemptions: rule to reason."""
        found = self.own.get("because", {})
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, Mapping) else {}

    def ids(self, key: str) -> list[str]:
        """A list of ids in our metadata (`claims`, `sources_points`); a single text counts as a list of one."""
        found = self.own.get(key, [])
        found = [found] if isinstance(found, str) else found
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []

    @cached_property
    def calls(self) -> list[Call] | None:
        """The calls of a code cell; None if it holds anything but calls with plain arguments and our import."""
        try:
            body = ast.parse(self.source).body
        except (SyntaxError, ValueError):
            return None
        found = [_call(line) for line in body if not _is_import(line)]
        return None if None in found else [call for call in found if call is not None]


@dataclass(frozen=True)
class Book:
    """One notebook: its stem, its file as a person knows it, and its cells."""

    stem: str
    file: str
    cells: tuple[Cell, ...]
    minor: tuple[int, int]


def _is_import(line: ast.stmt) -> bool:
    return isinstance(line, ast.ImportFrom) and line.module == "safekeeping" and [a.name for a in line.names] == ["*"]


def _call(line: ast.stmt) -> Call | None:
    if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Call) and isinstance(line.value.func, ast.Name)):
        return None
    call = line.value
    options = {
        word.arg: word.value.value for word in call.keywords if word.arg and isinstance(word.value, ast.Constant)
    }
    arguments = tuple(one.value for one in call.args if isinstance(one, ast.Constant))
    if len(arguments) < len(call.args) or len(options) < len(call.keywords):
        return None
    return Call(line.value.func.id, arguments, options)


def read_book(path: Path, name: str, faults: list[Fault]) -> Book | None:
    """Read one notebook; what makes it unreadable goes into `faults`, and then the answer is None."""
    allowed = "a notebook as JupyterLab saves it"
    remedy = "Open it in JupyterLab and save it, or put the last good copy back."

    came, line, data = "", 1, None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        came, line = f"JSON with a fault: {error.msg}", error.lineno
    except (OSError, UnicodeDecodeError, RecursionError):
        came = "a file that cannot be read as UTF-8 text"
    cells = data.get("cells") if isinstance(data, dict) else None
    if not came and not (isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells)):
        came = "JSON without a list of cells"
    if came or data is None or cells is None:
        faults.append(Fault("unreadable", name, "", came, allowed, remedy, line))
        return None
    minor = (_number(data.get("nbformat")), _number(data.get("nbformat_minor")))
    return Book(path.stem, name, tuple(_cell(cell) for cell in cells), minor)


def _number(raw: object) -> int:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else 0


def _cell(raw: Mapping[str, Any]) -> Cell:
    source = raw.get("source", "")
    if isinstance(source, list):
        source = "".join(str(line) for line in source)
    metadata = raw.get("metadata", {})
    metadata = metadata if isinstance(metadata, dict) else {}
    tags = metadata.get("tags", [])
    tags = tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()
    output = bool(raw.get("outputs")) or raw.get("execution_count") is not None
    return Cell(str(raw.get("id", "")), str(raw.get("cell_type", "")), str(source), tags, metadata, output)
