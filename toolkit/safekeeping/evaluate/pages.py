"""A report as one offline page and as one PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from .. import front
from ..publish import policy
from ..publish.typeset import typeset
from .document import Block, Document, Picture, Table, Text
from .figures import draw, on_page

# What the fonts of print can show. A name from the data that holds more gets "?" in the PDF; the page shows it.
_BEYOND = re.compile(r"[^\u0020-\u007e\u00a0-\u017f–—‘’“”…−√Σ≤≥]")
_KIND = {"": "", "lead": ' class="sk-lead"', "note": ' class="sk-said"', "formula": ' class="sk-formula"'}


def drawings(document: Document) -> dict[str, str]:
    """Every picture of a document, drawn once: name to SVG."""
    return {one.name: draw(one) for each in document.sections for one in each.blocks if isinstance(one, Picture)}


def html(document: Document, drawn: Mapping[str, str], words: Mapping[str, str], language: str = "en") -> str:
    """The page: no script, no address, its styles named in its policy; wide tables scroll by themselves."""
    style = front.style("style.css", "page.css") + (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    banner = f'<p class="sk-banner">{escape(document.synthetic)}</p>' if document.synthetic else ""
    contents = "".join(f'<li><a href="#{one.id}">{escape(one.title)}</a></li>' for one in document.sections)
    body = "\n".join(
        f'<section aria-labelledby="{one.id}"><h2 id="{one.id}">{escape(one.title)}</h2>\n'
        + "\n".join(_block(each, document.synthetic, drawn) for each in one.blocks)
        + "</section>"
        for one in document.sections
    )
    return policy.sealed(f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy.MARK}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{escape(document.title)}</title>
<style>{style}</style>
</head>
<body class="sk sk-page sk-report">
<main>
<p class="sk-label">{escape(document.label)}</p>
<h1>{escape(document.title)}</h1>
<p class="sk-lead">{escape(document.lead)}</p>
{banner}
<nav class="sk-contents" aria-label="{escape(words["contents"])}"><ul>{contents}</ul></nav>
{body}
</main>
</body>
</html>
""")


def _block(block: Block, mark: str, drawn: Mapping[str, str]) -> str:
    if isinstance(block, Text):
        return f"<p{_KIND[block.kind]}>{escape(block.text)}</p>"
    marked = f'<span class="sk-mark">{escape(mark)}</span>' if mark else ""
    if isinstance(block, Picture):
        named = on_page(drawn[block.name]).replace("<svg ", f'<svg role="img" aria-label="{escape(block.alt)}" ', 1)
        return f"<figure><figcaption>{escape(block.title)}</figcaption>{named}</figure>"
    return _table(block, marked)


def _table(table: Table, marked: str) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.head)
    rows = "\n".join(
        "<tr>"
        + f'<th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(one)}</td>" for one in row[1:])
        + "</tr>"
        for row in table.rows
    )
    note = f'<p class="sk-quiet">{escape(table.note)}</p>' if table.note else ""
    name = escape(table.name)
    return (
        f'<p class="sk-table-title" id="{name}-title">{escape(table.title)}{marked}</p>\n'
        f'<div class="sk-scroll" role="region" aria-labelledby="{name}-title" tabindex="0">'
        f'<table id="{name}" aria-labelledby="{name}-title"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>{rows}</tbody></table></div>{note}"
    )


def pdf(document: Document, drawn: Mapping[str, str], words: Mapping[str, str], language: str = "en") -> bytes:
    """The same as a tagged PDF on letter paper; the same document gives the same bytes."""
    files: dict[str, bytes] = {}
    sections = []
    for section in document.sections:
        blocks: list[dict[str, object]] = []
        for one in section.blocks:
            if isinstance(one, Text):
                blocks.append({"type": "text", "kind": one.kind, "text": one.text})
            elif isinstance(one, Table):
                rows = [[_BEYOND.sub("?", cell) for cell in row] for row in one.rows]
                blocks.append({"type": "table", "title": one.title, "head": one.head, "rows": rows, "note": one.note})
            else:
                files[f"{one.name}.svg"] = drawn[one.name].encode()
                blocks.append({"type": "picture", "title": one.title, "alt": one.alt, "file": f"{one.name}.svg"})
        sections.append({"title": section.title, "blocks": blocks})
    data = {
        "label": document.label, "lead": document.lead, "synthetic": document.synthetic, "sections": sections,
        "foot": {"left": words["foot-left"], "page": words["foot-page"], "course": words["foot-left"]},
    }  # fmt: skip
    return typeset("evaluation", data, title=document.title, language=language, files=files)
