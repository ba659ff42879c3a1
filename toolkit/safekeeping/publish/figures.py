"""The course's diagrams for paper and for slides: the same SVG, with the colours that its classes have on a page."""

from __future__ import annotations

from functools import cache

from ..library import Library
from .typeset import picture

# Our diagrams draw with currentColor and name their colours by class; here stand the classes' colours on light paper.
COLOURS = {
    "sk-ink": "#1d2a2f", "sk-quiet": "#51606a", "sk-lake": "#0b5a63", "sk-lamp": "#7a4f00", "sk-rose": "#8a2c38",
    "sk-leaf": "#27603f",
}  # fmt: skip
FONT = "Source Sans Pro"


def drawn(library: Library, id: str) -> bytes:
    """The SVG of a diagram with its colours and the font of print.

    Raises
    ------
    WrongCall : there is no such figure.
    """
    text = (library.folder / "figures" / library.get("figure", id).file.rpartition("/")[2]).read_text(encoding="utf-8")
    rules = "".join(f".{name}{{color:{colour}}}" for name, colour in COLOURS.items())
    style = f"<style>svg{{color:{COLOURS['sk-ink']};font-family:'{FONT}'}}{rules}</style>"
    head, mark, rest = text.partition(">")
    while not head.lstrip().startswith("<svg") and "<svg" not in head and rest:
        more, mark, rest = rest.partition(">")
        head = f"{head}>{more}"
    return f"{head}{mark}{style}{rest}".encode()


@cache
def as_png(library: Library, id: str) -> bytes:
    """A diagram as PNG; drawn once."""
    return picture(drawn(library, id))
