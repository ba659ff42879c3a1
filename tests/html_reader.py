"""Reads exported HTML as a browser would, for tests: elements with their attributes, and text by text id."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser

from safekeeping.publish import carried

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """One element: its name, its attributes, and what stands in it."""

    tag: str
    has: dict[str, str]
    kids: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside."""
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    def every(self) -> list[Element]:
        """This element and all inside, in the order of reading."""
        inside = [one for kid in self.kids if isinstance(kid, Element) for one in kid.every()]
        return [self, *inside]

    def find(self, tag: str = "", css: str = "", **has: str) -> list[Element]:
        """All inside with this name, this class and these attributes."""
        return [
            one
            for one in self.every()
            if (not tag or one.tag == tag)
            and (not css or css in one.has.get("class", "").split())
            and all(one.has.get(name.replace("_", "-")) == value for name, value in has.items())
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].kids.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].kids.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].kids.append(data)


def parse(html: str) -> Element:
    """The elements of some HTML. Every element that is opened must be closed, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.root


def texts_of(place: Element) -> list[tuple[str, str]]:
    """Text ids with their texts as `carried.js` reads them, from a form or from an exported place."""
    tables = [json.loads(one.text) for one in place.find("script") if one.has.get("type") == "application/json"]
    whole = not tables or any("data-in" in one.has for one in place.every())
    order = iter([] if whole else carried.boxes(tables[0]))
    parts = {} if whole else dict(carried.names(tables[0]))
    found: list[tuple[str, str]] = []

    def read(element: Element, inside: str) -> None:
        if {"sk-form-scene", "sk-form-outcome"} & set(element.has.get("class", "").split()):
            inside = element.has["data-in"] if whole else next(order)
        if "data-t" in element.has:
            number, _, rest = (id := element.has["data-t"]).partition(".")
            own = f"{parts[inside][int(number)]}.{rest}" if number.isdigit() and not whole else id
            own = f"{inside}.{own}" if inside else own
            rows = [kid for kid in element.kids if isinstance(kid, Element)] if element.tag in ("ul", "ol") else []
            found.extend((f"{own}.{n}", words(row.text)) for n, row in enumerate(rows))
            if not rows:
                found.append((own, words(element.text)))
        for kid in element.kids:
            if isinstance(kid, Element):
                read(kid, inside)

    read(place, "")
    return found


def words(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


def visible(place: Element) -> str:
    """The text that a reader sees: not scripts, styles or data."""
    return words(
        "".join(
            k if isinstance(k, str) else " " + visible(k)
            for k in place.kids
            if isinstance(k, str) or k.tag not in ("script", "style")
        )
    )


def sha(code: str) -> str:
    """A hash as a policy writes it."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() + "'"


def policy_of(html: str) -> dict[str, str]:
    """The directives of a page's policy."""
    (meta,) = [one for one in parse(html).find("meta") if one.has.get("http-equiv") == "Content-Security-Policy"]
    rows = [row.strip().partition(" ") for row in meta.has["content"].split(";")]
    return {name: value for name, _, value in rows}
