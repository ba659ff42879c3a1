"""The facilitator's documents: Markdown files that begin by saying what they are, for whom, and what they rest on.

Whoever checks or prints them reads them here; no learner ever loads this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from . import library, records
from .faults import ContentError, Fault
from .records import words

FENCE = "+++"
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*$")
# A claim's id alone in a paragraph: printed there with its grade, figure and caveat. With a word and a colon before
# ids, as in {{objectives: 5.1}}: filled in from the course.
_PRINTED = re.compile(r"^\{\{([^{}\n]*)\}\}[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Front:
    """What stands between the two ``+++`` lines of a document.

    Attributes
    ----------
    minutes : of reading. date : of this version, YYYY-MM-DD. claims : ids of all claims that the text rests on.
    because : rules of `check` that do not fit this document, each with the reason.
    """

    id: str
    title: str = words()
    purpose: str = words()
    audience: str = words()
    minutes: int
    version: str
    date: str
    licence: Literal["CC BY 4.0"]
    claims: tuple[str, ...]
    because: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, up to the next heading of any level.

    Attributes
    ----------
    heading : its text, without markup. level : 1 to 6; 0 for text above the first heading.
    line : of the heading in its file. source : the Markdown below the heading.
    """

    heading: str
    level: int
    line: int
    source: str

    @property
    def anchor(self) -> str:
        """What a link to this section ends with: lower-case words joined by hyphens."""
        return "-".join(re.sub(r"[^\w\s-]", "", self.heading.lower()).split())

    @property
    def printed(self) -> tuple[str, ...]:
        """The ids of claims that are printed here, in order."""
        return tuple(one for one in _PRINTED.findall(self.source) if ":" not in one)

    @property
    def made(self) -> tuple[tuple[str, list[str]], ...]:
        """What the course fills in here, in order: a word such as ``objectives``, and ids (university pack alone)."""
        found = (one.partition(":") for one in _PRINTED.findall(self.source) if ":" in one)
        return tuple((word, [id.strip() for id in ids.split(",")]) for word, _, ids in found)

    def replaced(self, claim: Callable[[str], str], made: Callable[[str, list[str]], str]) -> str:
        """The Markdown of the section with something else in each of these places: what `claim` and `made` say."""
        def put(found: re.Match[str]) -> str:
            word, colon, ids = found[1].partition(":")
            return made(word, [id.strip() for id in ids.split(",")]) if colon else claim(word)

        return _PRINTED.sub(put, self.source)

    @property
    def prose(self) -> str:
        """The Markdown of the section without the claims that are printed in it."""
        return _PRINTED.sub("", self.source)


@dataclass(frozen=True)
class Document:
    """One document: its file as a person knows it, its front matter, and its sections in order."""

    file: str
    front: Front
    sections: tuple[Section, ...]

    @cached_property
    def printed(self) -> tuple[str, ...]:
        """The ids of all claims that are printed in it, in order."""
        return tuple(id for section in self.sections for id in section.printed)


def read(path: Path, name: str) -> Document:
    """Read one document.

    Parameters
    ----------
    path : a Markdown file. name : what to call it in a message.

    Raises
    ------
    ContentError : it cannot be read, or its front matter is missing or wrong; with every fault of it.
    """
    text = library.read_text(path, name).replace("\r\n", "\n")
    head, body, first = _split(text, name)
    raw = {key: value for key, value in library.parse_toml(head, name, 2).items() if key != "format"}
    faults: list[Fault] = []
    front = records.read(Front, raw, name, "", faults)
    if front is not None and not _ID.fullmatch(front.id):
        remedy = "It becomes part of the names of files: write one such as U02."
        faults.append(Fault("wrong-id", name, "id", f'"{front.id:.40}"', "letters, digits and hyphens", remedy))
    if front is None or faults:
        raise ContentError(faults)
    return Document(name, front, tuple(_sections(body, first)))


def every(folder: Path) -> Iterator[Path]:
    """The documents of a facilitator's folder, by name; what stands in folders inside it has a form of its own."""
    return iter(sorted(folder.glob("*.md")))


def _split(text: str, name: str) -> tuple[str, str, int]:
    """The front matter, the rest, and the line on which the rest begins."""
    lines = text.split("\n")
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), 0)
    if lines[0].rstrip() != FENCE or not end:
        remedy = f"Begin with a line {FENCE}, then id, title and the other keys, then a line {FENCE}."
        raise ContentError(
            [Fault("no-front-matter", name, "", "no front matter", f"keys between two lines {FENCE}", remedy, 1)]
        )
    return "\n".join([*lines[1:end], ""]), "\n".join(lines[end + 1 :]), end + 2


def _sections(body: str, first: int) -> Iterator[Section]:
    heading, level, start, held = "", 0, first, list[str]()
    for number, line in enumerate(body.split("\n"), first):
        found = _HEADING.match(line)
        if not found:
            held.append(line)
            continue
        if heading or "".join(held).strip():
            yield Section(heading, level, start, "\n".join(held))
        heading, level, start, held = found[2].replace("*", ""), len(found[1]), number, []
    if heading or "".join(held).strip():
        yield Section(heading, level, start, "\n".join(held))
