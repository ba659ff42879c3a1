"""What gives an answer away: the texts of the content that tell it, and the marks of a key in an export."""

from __future__ import annotations

from html_reader import parse, words
from safekeeping import front
from safekeeping.library import Library
from safekeeping.publish import reveal
from safekeeping.records import texts


def secrets_of(content: Library, scenarios: list[str], items: list[str]) -> list[str]:
    """Every text that tells what follows or what is right: feedback, rationale, model, endings, debrief."""
    found: list[str] = []
    for id in scenarios:
        one = content.get("scenario", id)
        later = {node.id for node in one.nodes if not node.start}
        start = next(node for node in one.nodes if node.start)
        shown = {text for _, text in texts(start)} | {one.title}
        found += [
            text
            for key, text in texts(one)
            if key.endswith((".consequence", ".feedback", ".aloud"))
            or key.startswith(("debrief.", "note."))
            or (key.partition(".")[0] in later and text not in shown)
        ]
    for id in items:
        told = (".rationale", ".model", ".accurate")
        found += [text for key, text in texts(content.get("item", id)) if key.endswith(told) or "levels." in key]
        found += [one.text for one in content.get("item", id).criteria]
    return [words(text) for text in found if len(text) > 3]


def key_marks(html: str) -> list[str]:
    """What would mark a key in the data or the markup of an export, beside the script and the words of the surface."""
    place = parse(html)
    blocks = " ".join(one.text for one in place.find("script") if one.has.get("id") not in ("sk-words", "sk-contacts"))
    blocks = blocks.replace(front.text("deck.js", classic=True), "").replace(reveal.script(), "")
    marks = [mark for mark in ('"key"', '"keys"', '"marks"', '"orders"', '"points"', '"authors"') if mark in blocks]
    return marks + [one.tag for one in place.find(css="sk-form-answers")]
