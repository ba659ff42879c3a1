"""Where something stands: line numbers of keys in TOML text and of cells in a notebook's JSON.

`tomllib` forgets line numbers, so a file is scanned a second time, but only if it has something to report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# One piece of TOML at a time: a string of any of the four kinds, a comment, a bracket, a comma, or plain text.
_PIECE = re.compile(
    r'"""(?:[^\\]|\\.)*?"""'
    r"|'''.*?'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{},\n]"
    r"|[^\"'#\[\]{},\n]+"
    r"|.",
    re.DOTALL,
)
_HEAD = re.compile(r"\s*(\[\[?)\s*([^\]\n]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r'\s*("[^"\n]*"|[A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=')
_QUOTED = re.compile(r"""\s*["']([^"']*)""")
_TOKEN = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
# Text ids say "note" for short.
_LONG = {"note": "content_note"}


@dataclass
class Mark:
    """One table, list or value of a file: its line, its parts by name, its entries in order, and its id."""

    line: int
    parts: dict[str, Mark] = field(default_factory=dict)
    entries: list[Mark] = field(default_factory=list)
    id: str = ""


def marks(text: str) -> Mark:
    """The lines of every table, key and list entry of a TOML file; a broken file gives what could be seen."""
    root = Mark(1)
    table = root
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        line = lines[number]
        head = _HEAD.match(line)
        if head:
            table = _open(root, head[2].split("."), number + 1, many=head[1] == "[[")
            number += 1
            continue
        key = _KEY.match(line)
        if not key:
            number += 1
            continue
        mark, used = _value("\n".join(lines[number : number + 400]), key.end(), number + 1)
        name = key[1].strip('"')
        table.parts[name] = mark
        if name == "id":
            quoted = _QUOTED.match(line, key.end())
            table.id = quoted[1] if quoted else ""
        number += used
    return root


def _open(root: Mark, names: list[str], line: int, *, many: bool) -> Mark:
    """The mark of a table that starts here; a name on the way stands for the last entry of its list."""
    here = root
    for depth, raw in enumerate(names):
        name = raw.strip().strip('"')
        last = depth == len(names) - 1
        here = here.parts.setdefault(name, Mark(line))
        if last and many:
            here.entries.append(Mark(line))
        if here.entries:
            here = here.entries[-1]
    return here


def _value(text: str, start: int, line: int) -> tuple[Mark, int]:
    """The mark of one value with the lines of its entries, and how many lines it takes."""
    mark = Mark(line)
    depth = 0
    here = line
    fresh = False
    for match in _PIECE.finditer(text, start):
        piece = match[0]
        if piece == "\n" and depth == 0:
            break
        if depth == 1 and fresh and piece.strip() and piece not in "]," and piece[0] != "#":
            mark.entries.append(Mark(here))
            fresh = False
        if piece in ("[", "{"):
            depth += 1
            fresh = fresh or depth == 1
        elif piece in ("]", "}"):
            depth -= 1
        elif piece == "," and depth == 1:
            fresh = True
        here += piece.count("\n")
    return mark, here - line + 1


def line_of(root: Mark, at: str) -> int:
    """The line of a path of keys such as ``node[monday].option[1].stance``, or of a text id (``monday.text``).

    Where the last parts cannot be found (a missing key), the line of the nearest thing around it is given.
    """
    here = root
    for match in _TOKEN.finditer(at):
        label, name = match[1], match[2]
        found = _entry(here, label) if label is not None else _part(here, name)
        if found is None:
            break
        here = found
    return here.line


def _entry(here: Mark, label: str) -> Mark | None:
    for entry in here.entries:
        if entry.id == label:
            return entry
    return here.entries[int(label)] if label.isdecimal() and int(label) < len(here.entries) else None


def _part(here: Mark, name: str) -> Mark | None:
    direct = here.parts.get(name) or here.parts.get(_LONG.get(name, name))
    if direct is not None:
        return direct
    if name.isdecimal():
        return _entry(here, name)
    # A text id leaves out the name of the list: look for the id in every list of this table.
    return next((e for part in here.parts.values() for e in part.entries if e.id == name), None)


def line_of_cell(text: str, cell: str) -> int:
    """The line of a notebook's JSON on which a cell's id stands; 1 if it cannot be found."""
    found = re.search(rf'"id"\s*:\s*"{re.escape(cell)}"', text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
