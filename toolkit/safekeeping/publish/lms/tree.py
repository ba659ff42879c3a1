"""XML as it is written here: a tree whose every text the standard library escapes, and HTML inside such a text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from xml.etree import ElementTree as ET

Element = ET.Element


def element(tag: str, *inside: Element | str, **attributes: str) -> Element:
    """One element with its attributes and what stands inside it: texts, then other elements."""
    return given(tag, attributes, *inside)


def given(tag: str, attributes: dict[str, str], *inside: Element | str) -> Element:
    """As `element`, for attributes whose names are no Python names."""
    made = ET.Element(tag, attributes)
    for one in inside:
        if isinstance(one, str):
            made.text = (made.text or "") + one
        else:
            made.append(one)
    return made


def written(root: Element) -> bytes:
    """A whole file: UTF-8 with its declaration, indented so that a person can read and compare it."""
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"


def html(paragraphs: Iterable[str]) -> str:
    """Plain texts as paragraphs of HTML; whatever they hold is shown as it stands, and a line's end stays one."""
    return "".join(f"<p>{escape(one, quote=False).replace(chr(10), '<br>')}</p>" for one in paragraphs)


def guide(parts: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    """Headings with their lines, as HTML."""
    return "".join(
        f"<p><strong>{escape(head, quote=False)}</strong></p>"
        + (
            html(lines)
            if len(lines) == 1
            else f"<ul>{''.join(f'<li>{escape(x, quote=False)}</li>' for x in lines)}</ul>"
        )
        for head, lines in parts
    )
