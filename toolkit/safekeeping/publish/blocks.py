"""Text as blocks, for paper and for slides that can be edited: heading, paragraph, list, table, figure.

Two sources give the same blocks: the Markdown of notebooks and documents, parsed by mistune, and the HTML that
`render` and `exercises` make. Anything else in them is a fault, never passed on half understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import Any, Literal

from ..faults import ContentError, Fault

DEEPEST = 8  # marks inside marks, lists inside lists
_ALLOWED = "headings, paragraphs, lists, tables, emphasis, links"
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Run:
    """A stretch of text in one look. ``link`` is an address on the web or in the same file, or empty. ``code``: to be
    typed as it stands, such as a command."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str = ""
    code: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` from 1 to 6."""

    level: int
    runs: Line


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a ``quiet`` one is a remark, a caveat or a label, set smaller."""

    runs: Line
    quiet: bool = False


@dataclass(frozen=True)
class Listing:
    """A list; ``marker`` is a point, a number or a letter, each entry holds blocks, ``start`` is the first number."""

    marker: Literal["•", "1", "A"]
    entries: tuple[tuple[Block, ...], ...]
    start: int = 1


@dataclass(frozen=True)
class Table:
    """A table; the first row holds the headings of the columns."""

    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A diagram of the course: its id, its title, and its description in full."""

    id: str
    title: str
    description: str


Block = Heading | Paragraph | Listing | Table | Figure


def plain(runs: Iterable[Run]) -> str:
    """The text of a line without its marks."""
    return "".join(run.text for run in runs)


def words_of(blocks: Iterable[Block]) -> str:
    """The text of blocks, a line each."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Listing):
            lines += [words_of(entry) for entry in block.entries]
        elif isinstance(block, Table):
            lines += [" ".join(plain(cell) for cell in row) for row in block.rows]
        elif isinstance(block, Figure):
            lines.append(f"{block.title}\n{block.description}")
        else:
            lines.append(plain(block.runs))
    return "\n".join(lines)


# --- Markdown --------------------------------------------------------------------------------------------------------


def from_markdown(source: str, file: str = "", at: str = "") -> tuple[Block, ...]:
    """The blocks of a Markdown text.

    Raises
    ------
    ContentError : it holds a picture, raw HTML, code, a quotation or a rule, or is nested too deep.
    """
    return _blocks(_parser()(source), file, at, 0)


@cache
def _parser() -> Any:
    import mistune

    return mistune.create_markdown(renderer=None, plugins=["table"])


def _blocks(tokens: Sequence[Mapping[str, Any]], file: str, at: str, depth: int) -> tuple[Block, ...]:
    found: list[Block] = []
    for token in tokens:
        kind, inside = token["type"], token.get("children", ())
        if depth > DEEPEST:
            raise _refused("lists inside lists without end", file, at)
        if kind == "heading":
            found.append(Heading(token["attrs"]["level"], _runs(inside, file, at)))
        elif kind in ("paragraph", "block_text"):
            found.append(Paragraph(_runs(inside, file, at)))
        elif kind == "list":
            entries = tuple(_blocks(item["children"], file, at, depth + 1) for item in inside)
            marker: Literal["•", "1"] = "1" if token["attrs"].get("ordered") else "•"
            found.append(Listing(marker, entries, int(token["attrs"].get("start", 1))))
        elif kind == "table":
            head, body = inside[0], inside[1:]
            rows = [head, *(row for part in body for row in part["children"])]
            found.append(Table(tuple(tuple(_runs(c["children"], file, at) for c in row["children"]) for row in rows)))
        elif kind != "blank_line":
            raise _refused(kind.replace("_", " "), file, at)
    return tuple(found)


def _runs(tokens: Sequence[Mapping[str, Any]], file: str, at: str, look: Run = Run(""), depth: int = 0) -> Line:
    found: list[Run] = []
    for token in tokens:
        kind, inside = token["type"], token.get("children", ())
        if depth > DEEPEST:
            raise _refused("marks inside marks without end", file, at)
        if kind in ("text", "codespan"):
            found.append(_like(look, text=token["raw"], code=kind == "codespan"))
        elif kind in ("softbreak", "linebreak"):
            found.append(_like(look, text=" "))
        elif kind == "strong":
            found += _runs(inside, file, at, _like(look, strong=True), depth + 1)
        elif kind == "emphasis":
            found += _runs(inside, file, at, _like(look, emphasis=True), depth + 1)
        elif kind == "link":
            found += _runs(inside, file, at, _like(look, link=token["attrs"]["url"]), depth + 1)
        else:
            raise _refused(kind.replace("_", " "), file, at)
    return tuple(found)


def _like(look: Run, **new: Any) -> Run:
    return Run(**{**look.__dict__, **new})


def _refused(came: str, file: str, at: str) -> ContentError:
    return ContentError([Fault("markdown", file, at, came, _ALLOWED, "Write it as one of these, or show it by id.")])


# --- our own HTML ----------------------------------------------------------------------------------------------------

_QUIET = {"sk-quiet", "sk-caveat", "sk-form-label", "sk-eyebrow", "sk-grade"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)} | {"summary": 4}
_BREAKING = {"div", "section", "details", "article", "dl", "header", "footer", "blockquote", "table", "tbody", "thead"}


class _Reader(HTMLParser):
    """Collects blocks from HTML that this package made."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self._lists: list[tuple[Literal["•", "1", "A"], list[tuple[Block, ...]], list[Block]]] = []
        self._runs: list[Run] = []
        self._marks: list[str] = []
        self._heading, self._quiet, self._asked, self._link = 0, False, False, ""
        self._svg, self._svg_text, self._figure = 0, "", {"id": "", "title": "", "desc": ""}
        self._rows: list[list[Line]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "svg" or self._svg:
            if tag == "svg":
                self._flush()
                self._svg += 1
            self._svg_text = tag if tag in ("title", "desc") else ""
            if tag == "title":
                self._figure["id"] = has.get("id", "").removesuffix("-title")
            return
        if tag in ("b", "strong", "em", "i"):
            self._marks.append(tag)
        elif tag == "a":
            self._link = has.get("href", "")
        elif tag in ("ul", "ol"):
            self._flush()
            marker: Literal["•", "1", "A"] = "•" if tag == "ul" else "A" if has.get("type") == "A" else "1"
            self._lists.append((marker, [], []))
        elif tag in ("li", "tr"):
            self._flush()
            if tag == "tr":
                self._rows = [*(self._rows or []), []]
        elif tag == "br":
            self._runs.append(Run(" "))
        elif tag in _HEADINGS or tag in ("p", "dt", "dd", "figcaption") or tag in _BREAKING:
            self._flush()
            self._heading = _HEADINGS.get(tag, 0)
            named = set(has.get("class", "").split())
            self._quiet, self._asked = tag == "dt" or bool(_QUIET & named), "sk-form-question" in named

    def handle_endtag(self, tag: str) -> None:
        if self._svg:
            if tag == "svg":
                self._svg -= 1
                self._put(Figure(self._figure["id"], self._figure["title"].strip(), self._figure["desc"].strip()))
                self._figure = {"id": "", "title": "", "desc": ""}
            self._svg_text = ""
        elif tag in ("b", "strong", "em", "i"):
            if tag in self._marks:
                self._marks.remove(tag)
        elif tag == "a":
            self._link = ""
        elif tag == "li" and self._lists:
            self._flush()
            _, entries, current = self._lists[-1]
            entries.append(tuple(current))
            current.clear()
        elif tag in ("ul", "ol") and self._lists:
            self._flush()
            marker, entries, _ = self._lists.pop()
            self._put(Listing(marker, tuple(entries)))
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append(self._line())
        elif tag == "table" and self._rows is not None:
            rows, self._rows = self._rows, None
            self._put(Table(tuple(map(tuple, rows))))
        elif tag in _HEADINGS or tag in ("p", "dt", "dd", "figcaption") or tag in _BREAKING:
            self._flush()

    def handle_data(self, data: str) -> None:
        if self._svg:
            if self._svg_text:
                self._figure[self._svg_text] += data
            return
        text = _SPACE.sub(" ", data)
        if text.strip() or (text and self._runs):
            strong = self._asked or bool({"b", "strong"} & set(self._marks))
            emphasis = bool({"em", "i"} & set(self._marks))
            self._runs.append(Run(text, strong, emphasis, self._link))

    def _line(self) -> Line:
        runs, self._runs = self._runs, []
        if runs:
            runs[0] = _like(runs[0], text=runs[0].text.lstrip())
            runs[-1] = _like(runs[-1], text=runs[-1].text.rstrip())
        return tuple(run for run in runs if run.text)

    def _flush(self) -> None:
        line = self._line()
        if line:
            self._put(Heading(self._heading, line) if self._heading else Paragraph(line, self._quiet))
        self._heading, self._quiet, self._asked = 0, False, False

    def _put(self, block: Block) -> None:
        (self._lists[-1][2] if self._lists else self.found).append(block)


def from_html(html: str) -> tuple[Block, ...]:
    """The blocks of HTML that `render` or an exercise made; not meant for anybody else's."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader._flush()
    return tuple(reader.found)


def as_html(blocks: Iterable[Block]) -> str:
    """Headings, paragraphs, lists and tables as HTML for a slide; every text is escaped, and links lose their address.

    A diagram is not drawn here: its title and description stand in its place.
    """
    return "".join(_html(block) for block in blocks)


def _html(block: Block) -> str:
    if isinstance(block, Listing):
        numbered = "ol" if block.start == 1 else f'ol start="{block.start}"'
        tag = "ul" if block.marker == "•" else 'ol type="A"' if block.marker == "A" else numbered
        entries = "".join(f"<li>{_entry_html(entry)}</li>" for entry in block.entries)
        return f"<{tag}>{entries}</{tag[:2]}>"
    if isinstance(block, Table):
        head, *body = ([_runs_html(cell) for cell in row] for row in block.rows)
        first = "".join(f'<th scope="col">{cell}</th>' for cell in head)
        rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in body)
        return f"<table><thead><tr>{first}</tr></thead><tbody>{rows}</tbody></table>"
    if isinstance(block, Figure):
        return f"<p>{escape(block.title)}</p><p>{escape(block.description)}</p>"
    if isinstance(block, Heading):
        return f"<h{block.level}>{_runs_html(block.runs)}</h{block.level}>"
    return f'<p class="sk-quiet">{_runs_html(block.runs)}</p>' if block.quiet else f"<p>{_runs_html(block.runs)}</p>"


def _entry_html(entry: tuple[Block, ...]) -> str:
    """An entry of a list; one paragraph stands there without its tag."""
    one = entry[0] if len(entry) == 1 else None
    return _runs_html(one.runs) if isinstance(one, Paragraph) and not one.quiet else as_html(entry)


def _runs_html(runs: Line) -> str:
    found = []
    for run in runs:
        text = escape(run.text)
        text = f"<em>{text}</em>" if run.emphasis else text
        found.append(f"<strong>{text}</strong>" if run.strong else text)
    return "".join(found)


def as_data(block: Block) -> dict[str, Any]:
    """A block as plain data for a print template: texts stay texts."""
    if isinstance(block, Listing):
        entries = [[as_data(b) for b in e] for e in block.entries]
        return {"kind": "list", "marker": block.marker, "start": block.start, "entries": entries}
    if isinstance(block, Table):
        return {"kind": "table", "rows": [[_line_data(cell) for cell in row] for row in block.rows]}
    if isinstance(block, Figure):
        return {"kind": "figure", "id": block.id, "title": block.title, "description": block.description}
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "runs": _line_data(block.runs)}
    return {"kind": "paragraph", "quiet": block.quiet, "runs": _line_data(block.runs)}


def _line_data(runs: Line) -> list[dict[str, Any]]:
    return [{"text": run.text, "strong": run.strong, "emphasis": run.emphasis, "code": run.code} for run in runs]
