"""The university pack as a page: one document for students, or all of it for the lecturer, filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import documents, front, university
from ..documents import Document
from ..faults import WrongCall, listed, near
from ..library import Course, Library
from . import notebook, output
from .exporter import Setting, fill, shared
from .filled import Filler
from .page import TEMPLATE

EVERYTHING = "university"
_NAME = re.compile(r"u\d\d", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]]*)\]\((?![a-z]+:)([^)\s#]*)(#[^)\s]*)?\)")


def is_ours(name: str) -> bool:
    """Whether a name means the pack, or one of its documents."""
    return name.lower() == EVERYTHING or bool(_NAME.fullmatch(name))


def page(library: Library, where: Course, name: str, target: Path) -> bool:
    """Write the pack, or one document of it, as a page without network or scripts of its own.

    Parameters
    ----------
    name : ``university`` for all documents (for the lecturer: the marking key is among them), or an id such as U10.

    Returns
    -------
    False if the file stood there already, made from the same things.

    Raises
    ------
    WrongCall : the course has no such pack, there is no such document, or one names something that does not exist.
    ContentError : the pack's data or a document cannot be read. OutputError : the page cannot be written.
    """
    made_from = output.fingerprint(library, where, "university", name.upper())
    if output.unchanged(target, made_from):
        return False
    every = read(where)
    if not every:
        raise WrongCall(f'This course has no university pack: there is nothing in "{university.folder(where)}".')
    ids = {one.front.id: path for path, one in every.items()}
    if name.lower() != EVERYTHING and name.upper() not in ids:
        hint = near(name.upper(), ids) or f"There are: {listed(sorted(ids), 30)}, and {EVERYTHING} for all of them."
        raise WrongCall(f'There is no document "{name}" in the university pack. {hint}')
    output.ready(target)
    chosen = [ids[id] for id in sorted(ids)] if name.lower() == EVERYTHING else [ids[name.upper()]]
    output.write(target, drawn(filler_of(library, where), where, every, chosen), made_from)
    return True


def filler_of(library: Library, where: Course) -> Filler:
    """What fills in the documents of a course.

    Raises
    ------
    ContentError : the pack's data cannot be read.
    """
    return Filler(library, university.read(where), library.words("university"))


def read(where: Course) -> dict[Path, Document]:
    """Every document of the pack by its path.

    Raises
    ------
    ContentError : one cannot be read.
    """
    return {path: documents.read(path, path.relative_to(where.root).as_posix()) for path in university.paths(where)}


def drawn(filler: Filler, where: Course, every: dict[Path, Document], chosen: list[Path]) -> str:
    """These documents as one page; errors as for `page`."""
    library, labels = filler.library, filler.labels
    setting = Setting(library, where, library.words("page"))
    data = shared(setting, "host.js") | {
        "title": labels["page_title"],
        "style": front.style("style.css", "reading.css", "page.css"),
        "eyebrow": labels["page_heading"],
        "stays": set(),
    }
    texts = [(every[path], text) for path, text in filled(filler, every, chosen).items()]
    return fill(TEMPLATE, data, setting, _cells(texts, labels))


def filled(filler: Filler, every: dict[Path, Document], chosen: list[Path]) -> dict[Path, str]:
    """These documents as Markdown, with what the course fills in and with links among themselves alone."""
    return {path: _linked(filler.fill(every[path]), path, chosen, every) for path in chosen}


def _linked(text: str, path: Path, shown: list[Path], every: dict[Path, Document]) -> str:
    """The text with links that work in this page; what lies elsewhere is named, and by its id if it has one."""

    def put(found: re.Match[str]) -> str:
        target = (path.parent / found[2]).resolve() if found[2] else path.resolve()
        known = next((one for one in every if one.resolve() == target), None)
        if known is None or known not in shown:
            return f"{found[1]} ({every[known].front.id})" if known else found[1]
        return f"[{found[1]}](#{every[known].front.id.lower()})"

    return _LINK.sub(put, text)


def _cells(texts: list[tuple[Document, str]], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each document as a cell of its own; several stand under one heading, each a level lower. Then the help lines."""
    help_lines = notebook.ran("help", {"call": "turn_to", "args": []})
    if len(texts) == 1:
        title, _, rest = texts[0][1].partition("\n")
        id = texts[0][0].front.id.lower()
        return [notebook.words("title", title), notebook.words(id, rest), help_lines]
    cells = [notebook.words("title", f"# {labels['page_heading']}")]
    for one, text in texts:
        lower = re.sub(r"^(#{1,5} )", r"#\1", text, flags=re.MULTILINE)
        lower = re.sub(r"^## ", f"## {one.front.id} ", lower, count=1)
        cells.append(notebook.words(one.front.id.lower(), lower))
    return [*cells, help_lines]
