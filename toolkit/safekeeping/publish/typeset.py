"""Prints through typst: one house template, fonts from pinned packages, and every word as data.

A text never becomes typst markup: it travels as JSON beside the template, in a folder that exists in memory only, or
for this one document (`apart`). So a text that looks like a command is printed as it stands, and no other file of the
computer can be read or named.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..faults import SafekeepingError

if TYPE_CHECKING:
    import typst

Paper = Literal["letter", "a4"]
Once = Callable[[Iterable[bytes], Callable[[], bytes]], bytes]  # what a piece is made from, and what makes it

TEMPLATES = Path(__file__).parent / "templates" / "typst"
# Signs that turn the direction of writing: with one of them a number could be printed backwards. None is needed here.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Templates that try many sizes of type. typst remembers every trial, up to a hundred megabytes, until the process ends.
APART = ("cards", "charts")
FONTS = ("font_source_sans_pro", "font_source_serif_pro")


@dataclass(frozen=True)
class Sizes:
    """Sizes of type in points by the key of what is set in them: those known from before, and those found this time."""

    known: Mapping[str, float] = field(default_factory=dict)
    found: dict[str, float] = field(default_factory=dict)


class TypesetError(SafekeepingError):
    """A document that could not be typeset; the message says which, and why."""


def typeset(
    template: str,
    data: Mapping[str, Any],
    *,
    title: str,
    language: str = "en",
    paper: Paper = "letter",
    large_print: bool = False,
    apart: bool = False,
    system_fonts: bool = False,
    files: Mapping[str, bytes] | None = None,
    once: Once = lambda made_from, make: make(),
    sizes: Sizes | None = None,
) -> bytes:
    """One PDF/UA-1 document: tagged, titled, fonts inside; the same input gives the same bytes.

    Parameters
    ----------
    template : a file in ``templates/typst``, without ``.typ``.
    data : what the template reads; JSON. Its texts are printed as they stand.
    title : the document's title, for readers and for window titles.
    language : a language id, for hyphenation and for screen readers.
    paper : ``letter`` or ``a4``. large_print : at least 18 points.
    apart : in a process of its own, as for the templates in `APART`: for documents of very many pages.
    system_fonts : whether letters that our fonts lack may come from the computer's own. Then its files are the same
        on one computer only.
    files : further files for the template, by name: pictures.
    once : is given the document's whole input and what typesets it; may know the document already (see `Job.once`).
    sizes : for a template of `APART` that looks for sizes of type: those that it found before, and where to put what it
        finds. They are no part of the input, for it would find the same ones again.

    Raises
    ------
    TypesetError : typst or the fonts are not installed, or typst refuses the document.
    """
    house = {"title": title, "language": language, "paper": paper, "large": large_print}
    folder = {one.name: one.read_bytes() for one in sorted(TEMPLATES.glob("*.typ"))}
    folder |= dict(files or {})
    text = json.dumps({"house": house, **data}, ensure_ascii=False, sort_keys=True)
    folder["data.json"] = text.translate(_TURNING).encode()
    folder["main.typ"] = folder[f"{template}.typ"]
    folder["sizes.json"] = b"{}"
    options: dict[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1"]}

    def make() -> bytes:
        try:
            if apart or template in APART:
                known = json.dumps(sizes.known if sizes else {}).encode()
                pdf, found = _apart(folder | {"sizes.json": known}, options, system_fonts=system_fonts)
                if sizes:
                    sizes.found.update(found)
                return pdf
            compiler: Any = _compiler(system_fonts)  # its stub knows no folders in memory
            pdf = compiler.compile(folder, **options)
        except ImportError:
            remedy = "Install the extra pack: python3 run.py pack does so by itself."
            raise TypesetError(f"Printing needs typst and its fonts, which are not installed. {remedy}") from None
        except RuntimeError as error:
            raise TypesetError(f'"{title}" could not be typeset: {error}') from None
        assert isinstance(pdf, bytes)  # it answers with bytes wherever no file is named
        return pdf

    return once((part for name, raw in folder.items() for part in (name.encode(), raw)), make)


def _apart(
    folder: Mapping[str, bytes], options: Mapping[str, Any], *, system_fonts: bool
) -> tuple[bytes, dict[str, float]]:
    """Typeset in a process of its own: the same bytes as here, the sizes found; and the memory is free afterwards."""
    import typst  # noqa: F401 - missing here, it is missing there as well, and is told in the same words

    files = {name: base64.b64encode(raw).decode() for name, raw in folder.items()}
    order = {"files": files, "fonts": _fonts(), "system_fonts": system_fonts, "options": options}
    words = [sys.executable, "-P", str(Path(__file__).with_name("apart.py"))]
    done = subprocess.run(words, input=json.dumps(order).encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip() or "its process ended early")
    answer = json.loads(done.stdout)
    return base64.b64decode(answer["pdf"]), answer["sizes"]


def _fonts() -> list[str]:
    return [str(package_files(name) / "files") for name in FONTS]


@cache
def _compiler(system_fonts: bool = False) -> typst.Compiler:
    """One compiler a process: reading the fonts takes longer than most documents do."""
    import typst

    fonts = typst.Fonts(include_system_fonts=system_fonts, include_embedded_fonts=False, font_paths=_fonts())
    nothing: Any = {"main.typ": b""}  # its stub knows no folders in memory
    return typst.Compiler(nothing, font_paths=fonts, ignore_system_fonts=not system_fonts)


def shows(text: str) -> bool:
    """Whether our fonts and those of this computer have a shape for every letter of a text."""
    source = b'#set document(title: "-")\n#set text(font: "Source Sans Pro")\n#json("text.json")'
    folder = {"main.typ": source, "text.json": json.dumps(text).encode()}
    compiler: Any = _compiler(system_fonts=True)
    try:
        compiler.compile(folder, format="pdf", pdf_standards=["ua-1"])
    except RuntimeError:
        return False
    return True


def picture(svg: bytes, pixels_an_inch: int = 200) -> bytes:
    """A diagram as PNG on no ground of its own, for programs that cannot show SVG.

    Raises
    ------
    TypesetError : typst is not installed, or the diagram cannot be drawn.
    """
    source = b'#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("picture.svg", alt: "")'
    try:
        compiler: Any = _compiler()  # its stub knows no folders in memory
        png = compiler.compile({"main.typ": source, "picture.svg": svg}, format="png", ppi=pixels_an_inch)
    except ImportError:
        raise TypesetError("Pictures need typst, which is not installed. Start with: python3 run.py pack") from None
    except RuntimeError as error:
        raise TypesetError(f"A diagram could not be drawn: {error}") from None
    assert isinstance(png, bytes)
    return png
