"""The course's diagrams for paper and for slides: the same SVG, with the colours that its classes have on a page."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from ..library import Library
from .typeset import picture

# Our diagrams draw with currentColor and name their colours by class; here stand the classes' colours on light paper.
COLOURS = {
    "sk-ink": "#1d2a2f", "sk-quiet": "#51606a", "sk-lake": "#0b5a63", "sk-lamp": "#7a4f00", "sk-rose": "#8a2c38",
    "sk-leaf": "#27603f",
}  # fmt: skip
FONT = "Source Sans Pro"
HEAD = 33  # bytes of a PNG up to the end of its first chunk
LINE = b"tEXtSource\0"
LARGEST = 5_000_000  # bytes of a picture


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


def as_pngs(drawings: Mapping[str, bytes], code: str = "", deck: bytes = b"") -> dict[str, bytes]:
    """Drawings as PNG, by id. Each names what it was made from, so that it can be taken over from an earlier deck.

    Parameters
    ----------
    drawings : what `drawn` gives, by id.
    code : a sum of the code that draws. deck : an earlier deck with such pictures; empty if there is none.

    Raises
    ------
    TypesetError : a drawing cannot be drawn.
    """
    before = _pictures_of(deck) if deck else {}
    found = {}
    for id, drawing in drawings.items():
        mark = hashlib.sha256(code.encode() + drawing).hexdigest().encode()
        found[id] = before.get(mark) or _marked(picture(drawing), mark)
    return found


def _marked(png: bytes, mark: bytes) -> bytes:
    """The same picture with a line of text behind its head (PNG, third edition, 11.3.3.3)."""
    chunk = LINE + mark
    whole = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return png[:HEAD] + whole + png[HEAD:]


def _pictures_of(deck: bytes) -> dict[bytes, bytes]:
    """The pictures of a deck that name what they were made from."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(deck)) as file:
        for entry in file.infolist():
            if entry.filename.endswith(".png") and entry.file_size < LARGEST:
                raw = file.read(entry)
                start = HEAD + 4 + len(LINE)
                if raw[HEAD + 4 : start] == LINE:
                    found[raw[start : start + 64]] = raw
    return found
