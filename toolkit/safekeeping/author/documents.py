"""Rules for the facilitator's documents: what they say about themselves, their Markdown, and where they point."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from ..documents import Document, Section
from ..faults import listed, near
from .cells import BLOCKS
from .prose import parse
from .rules import Finding, Findings, rule
from .stock import Spot, Stock

ID = re.compile(r"[FU]\d\d")  # facilitator's pack, university pack
VERSION = re.compile(r"\d+(\.\d+)*")
PACE = (100, 300)  # words a minute: a slow and a quick reader of such a text
FAR = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)  # an address with a scheme or a host


def spot(document: Document, section: Section | None = None, key: str = "") -> Spot:
    """A place in a document: one of its sections, or a key of its front matter."""
    return Spot(document.file, f"section[{section.anchor}]" if section else key, document.front.because)


def sections(stock: Stock) -> Iterator[tuple[Document, Section, Spot]]:
    """Every section of every document, with the place it stands in."""
    for one in stock.documents:
        for section in one.sections:
            yield one, section, spot(one, section)


@rule
def document_front(stock: Stock) -> Findings:
    """A document has an id such as F02 or U02 that no other has, a version, a day that has come, and minutes that fit
    its words. Cannot see: whether somebody read it on that day, or how long a reader needs."""
    owner: dict[str, str] = {}
    for one in stock.documents:
        front = one.front
        if not ID.fullmatch(front.id) or front.id in owner:
            came = f'"{front.id}"' + (f", also the id of {owner[front.id]}" if front.id in owner else "")
            allowed = "F (university pack: U) and two digits, an id of its own"
            yield Finding(spot(one, key="id"), came, allowed, "Take the next free one.")
        owner.setdefault(front.id, one.file)
        if not VERSION.fullmatch(front.version):
            yield Finding(spot(one, key="version"), f'"{front.version}"', "a number such as 1.2", "Write it so.")
        try:
            late = date.fromisoformat(front.date) > stock.today
        except ValueError:
            late = True
        if late:
            remedy = "Write the day of this version."
            yield Finding(spot(one, key="date"), f'"{front.date}"', "a day, YYYY-MM-DD, not after today", remedy)
        count = sum(parse(section.prose).words for section in one.sections)
        least, most = max(1, count // PACE[1]), count // PACE[0] + 1
        if not least <= front.minutes <= most:
            came, remedy = f"{front.minutes} minutes for {count} words", "Read it with a clock."
            yield Finding(spot(one, key="minutes"), came, f"{least} to {most} minutes", remedy)


@rule
def document_markdown(stock: Stock) -> Findings:
    """Headings, paragraphs, lists, tables, emphasis and links, so that paper can show all of it; one title, no level
    left out. A claim to be printed stands alone. Cannot see: whether a table is too wide for a page."""
    for one in stock.documents:
        first = one.sections[0] if one.sections else None
        if first is None or first.level != 1 or first.heading != one.front.title:
            came = f'"{first.heading}"' if first else "nothing"
            allowed = f"first the title: # {one.front.title}"
            yield Finding(spot(one, first), came, allowed, "Let title and heading agree.")
        for before, section in pairwise(one.sections):
            if section.level == 1 or section.level > before.level + 1:
                came, allowed = f'"{section.heading}", level {section.level}', f"level 2 to {before.level + 1}"
                yield Finding(spot(one, section), came, allowed, "Change the number of # signs.")
    for one, section, where in sections(stock):
        prose = parse(section.prose)
        odd = sorted({kind.replace("_", " ") for kind in prose.blocks if kind not in BLOCKS} | set(prose.odd))
        if odd:
            yield Finding(where, listed(odd), listed(sorted(BLOCKS)), "Write it as one of these.")
        if "{{" in section.prose or "}}" in section.prose:
            remedy = "Give the claim a paragraph of its own: {{claim-id}}."
            yield Finding(where, "braces inside a sentence", "a claim's id alone in a paragraph", remedy)
        for id in section.printed:
            if id not in one.front.claims:
                remedy = "Add it to claims in the front matter."
                yield Finding(where, f'"{id}", printed and not listed', "claims of the front matter", remedy)


@rule
def document_links(stock: Stock) -> Findings:
    """A link leads to a document, a notebook or a heading that exists, or to a source or contact of the course.

    Cannot see: whether a page on the web is still there, and still says what it said.
    """
    if stock.course is None:
        return
    known = {held.record.url for kind in ("source", "contact") for held in stock.live(kind)}
    folders = (stock.course.facilitator, stock.course.notebooks)
    root = stock.course.root
    anchors = {(root / one.file).resolve(): {section.anchor for section in one.sections} for one in stock.documents}
    for one, section, where in sections(stock):
        for link in parse(section.prose).links:
            if FAR.match(link):
                if link not in known:
                    remedy = "Name a source or a contact of the course, with the address that stands there."
                    yield Finding(where, f"a link to {link}", "addresses of sources and contacts", remedy)
                continue
            path, _, anchor = link.partition("#")
            own = (root / one.file).resolve()
            target = (own.parent / path).resolve() if path else own
            if path and not (target.is_file() and any(_inside(target, folder) for folder in folders)):
                names = [place.name for place in anchors]
                remedy = near(path, names) or "Link to a file in facilitator/ or notebooks/."
                yield Finding(where, f"a link to {link}", "files that exist here", remedy)
            elif anchor and target in anchors and anchor not in anchors[target]:
                remedy = near(anchor, anchors[target]) or "Copy the words of the heading, joined by hyphens."
                yield Finding(where, f"a link to {link}", f"a heading of {target.name}", remedy)


def _inside(target: Path, folder: Path) -> bool:
    return target.is_relative_to(folder.resolve())
