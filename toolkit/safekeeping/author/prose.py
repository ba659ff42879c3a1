"""Markdown of a notebook cell as blocks and plain text, by the parser that the exports use too (mistune)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import mistune

Token = dict[str, Any]


@dataclass(frozen=True)
class Prose:
    """What a Markdown cell holds.

    Attributes
    ----------
    blocks : kinds of block in order, without blank lines.
    heading : text of the first heading. level : its level; 0 without one.
    body : the text of everything but headings, a line for each block or list entry.
    odd : kinds of inline markup other than text, emphasis, strong text, code and links.
    links : addresses of links. code : what stands between backticks.
    """

    blocks: tuple[str, ...]
    heading: str
    level: int
    body: str
    odd: tuple[str, ...]
    links: tuple[str, ...]
    code: tuple[str, ...]

    @property
    def words(self) -> int:
        """Words of everything but headings."""
        return len(self.body.split())

    @property
    def all_words(self) -> int:
        """Words of headings and body."""
        return self.words + len(self.heading.split())


PLAIN = {"text", "strong", "emphasis", "codespan", "link", "softbreak", "linebreak"}


@cache
def parse(source: str) -> Prose:
    """Read the Markdown of one cell."""
    tokens: list[Token] = [one for one in _parser()(source) if one["type"] != "blank_line"]
    headings = [one for one in tokens if one["type"] == "heading"]
    inline = [one for token in tokens for one in _inline(token)]
    return Prose(
        blocks=tuple(one["type"] for one in tokens),
        heading=_text(headings[0]) if headings else "",
        level=headings[0]["attrs"]["level"] if headings else 0,
        body="\n".join(line for token in tokens if token["type"] != "heading" for line in _lines(token)),
        odd=tuple(one["type"] for one in inline if one["type"] not in PLAIN),
        links=tuple(one["attrs"]["url"] for one in inline if one["type"] == "link"),
        code=tuple(one["raw"] for one in inline if one["type"] == "codespan"),
    )


@cache
def _parser() -> Any:
    return mistune.create_markdown(renderer="ast", plugins=["table"])


def _children(token: Token) -> list[Token]:
    found: list[Token] = token.get("children", [])
    return found


def _inline(token: Token) -> Iterator[Token]:
    """The inline tokens of a block; of an image, the image alone."""
    leaf = ("paragraph", "heading", "block_text", "table_cell", "strong", "emphasis", "link")
    for child in _children(token):
        if token["type"] in leaf:
            yield child
        yield from _inline(child)


def _lines(token: Token) -> Iterator[str]:
    """One line of text for each paragraph, list entry or cell of a table."""
    if token["type"] in ("paragraph", "block_text", "table_cell", "block_code", "block_html"):
        yield _text(token)
    else:
        for child in _children(token):
            yield from _lines(child)


def _text(token: Token) -> str:
    if token["type"] in ("softbreak", "linebreak"):
        return " "
    return str(token["raw"]) if "raw" in token else "".join(_text(child) for child in _children(token))
