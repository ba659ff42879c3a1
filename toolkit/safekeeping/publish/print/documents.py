"""The facilitators' Markdown documents on paper, with each claim printed in full where it stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ... import documents
from ..blocks import as_data, from_markdown
from ..job import Printing
from .press import press
from .reading import claim


def files(job: Printing) -> dict[str, Callable[[Printing], bytes]]:
    """A maker for each document, by its file in the pack."""
    return {
        f"documents/{path.stem}.pdf": partial(document, path=path)
        for path in sorted(job.course.facilitator.glob("*.md"))
    }


def document(job: Printing, path: Path) -> bytes:
    """One document.

    Raises
    ------
    ContentError : it cannot be read, or holds Markdown that cannot be printed. WrongCall : a claim does not exist.
    """
    one = documents.read(path, f"facilitator/{path.name}")
    facts = job.library.words("documents")["facts"].format(
        audience=one.front.audience.rstrip("."), minutes=one.front.minutes, version=one.front.version,
        date=one.front.date, licence=one.front.licence,
    )  # fmt: skip
    blocks = [block for section in one.sections for block in _section(job, section, one.file)]
    if blocks and blocks[0]["kind"] == "heading" and blocks[0]["level"] == 1:
        blocks = blocks[1:]  # the document's own title stands on the cover already
    data = {"id": one.front.id, "purpose": one.front.purpose, "facts": facts, "blocks": blocks}
    return press(job, "document", one.front.title, data, words="documents")


def _section(job: Printing, section: documents.Section, file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if section.heading:
        found.append({"kind": "heading", "level": section.level, "runs": [{"text": section.heading}]})
    rest = section.source
    for id in section.printed:
        before, _, rest = rest.partition(f"{{{{{id}}}}}")
        found += [as_data(block) for block in from_markdown(before, file, section.heading)]
        found.append({"kind": "record", "record": claim(job, job.library.get("claim", id))})
    return found + [as_data(block) for block in from_markdown(rest, file, section.heading)]
