"""Print: every word is data and never a command, the same input gives the same bytes, and no path of a computer."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from safekeeping.publish import typeset as module
from safekeeping.publish.typeset import TypesetError, typeset

ATTACKS = [
    '#read("/etc/passwd")', "#panic(1)", "$x^2$", "*bold* _soft_ `code`", "@ref <label>", r"\u{41} \\ \#", "= Heading",
    "- item", "#import \"house.typ\": *", "</script><b>", '"}], "house": {"large": true', "// gone /* gone */",
    "~ --- ...",
    "{{claim}}",
]  # fmt: skip


def document(*texts: str, **house: Any) -> bytes:
    """A document of the facilitators with one paragraph for each text."""
    blocks = [{"kind": "paragraph", "quiet": False, "runs": [{"text": text}]} for text in texts]
    foot = {"left": "Left", "page": "Page {n} of {all}", "course": "Course"}
    data = {"title": "Title", "id": "F00", "purpose": "", "facts": "", "blocks": blocks, "words": {}, "foot": foot}
    return typeset("document", data | {"label": "Not yet externally reviewed"}, title="Títle · Küche", **house)


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """What a reader can copy out of a PDF, with single spaces."""
    (tmp_path / "one.pdf").write_bytes(pdf)
    made = subprocess.run(["pdftotext", "-raw", str(tmp_path / "one.pdf"), "-"], capture_output=True, check=True)
    return " ".join(made.stdout.decode().split())


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_text_that_looks_like_a_command_is_printed_as_it_stands(attack: str, tmp_path: Path) -> None:
    """In paragraphs, titles, labels and the foot alike."""
    assert " ".join(attack.split()) in text_of(document(attack), tmp_path)


def test_no_sign_turns_a_number_around(tmp_path: Path) -> None:
    """An override of the direction of writing, pasted along with a telephone number, is left out."""
    assert "Call 555-0123 now" in text_of(document("Call \u202e555-0123\u202c now"), tmp_path)


def test_a_document_is_tagged_titled_and_brings_its_letters() -> None:
    """PDF/UA-1 with title, language and structure; every font is inside; accents are letters of it."""
    with pikepdf.open(io.BytesIO(document("Ünï çödé – ñ “quoted”", language="es"))) as pdf:
        root = pdf.Root
        assert bool(root.MarkInfo.Marked) and "/StructTreeRoot" in root and str(root.Lang).startswith("es")
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1" and metadata["dc:title"] == "Títle · Küche"
        fonts = [one for page in pdf.pages for one in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            inner = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in inner or "/FontFile3" in inner
            assert "Source" in str(inner.FontName)


def test_the_same_input_gives_the_same_bytes_without_a_path_or_a_date() -> None:
    """A pack that is made twice is the same; nothing of the computer stands in it."""
    first = document("One text")
    assert first == document("One text") != document("Another text")
    with pikepdf.open(io.BytesIO(first)) as pdf:
        assert "/CreationDate" not in pdf.docinfo and "/ModDate" not in pdf.docinfo
        raw = b"".join(one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))
    for mark in (str(Path.home()), str(Path.cwd()), str(module.TEMPLATES), "site-packages"):
        assert mark.encode() not in first + raw


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_both_papers_have_their_size(paper: Any, size: tuple[int, int]) -> None:
    """In points, rounded."""
    with pikepdf.open(io.BytesIO(document("x", paper=paper))) as pdf:
        box = pdf.pages[0].mediabox
        assert (round(float(box[2])), round(float(box[3]))) == size


def sizes(pdf: bytes) -> list[float]:
    """Every size of letters in a PDF, in points, by the length of its text; the matrix that stands above counts."""
    found: list[float] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            size, scale = 0.0, 1.0
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    size = float(operands[1])
                elif str(operator) == "Tm":
                    scale = abs(float(operands[3]))
                elif str(operator) in ("Tj", "TJ"):
                    found.append(round(size * scale, 1))
    return found


def test_large_print_begins_at_eighteen_points() -> None:
    """Only the foot is smaller; without large print the text is smaller than that."""
    small, large = sizes(document("A line of text.")), sizes(document("A line of text.", large_print=True))
    assert min(small) < 12
    assert [one for one in large if one < 18] == [12.0] * len([one for one in large if one < 18])
    assert 18.0 in large


def test_a_document_that_typst_refuses_is_named_with_the_reason() -> None:
    """One sentence, no traceback."""
    with pytest.raises(TypesetError, match=r'"T" could not be typeset: .*'):
        typeset("document", {}, title="T")


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing is an extra of its own."""
    module._compiler.cache_clear()
    monkeypatch.setitem(sys.modules, "typst", None)
    try:
        with pytest.raises(TypesetError, match=r"run\.py pack"):
            document("x")
    finally:
        module._compiler.cache_clear()


def test_a_document_typeset_apart_has_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own changes nothing but where the memory goes; and a fault is told in the same words."""
    from safekeeping.publish import typeset as house

    data = {"slides": [], "eyebrow": "", "label": "", "foot": {"left": ""}}
    here = house.typeset("deck", data, title="Nothing")
    monkeypatch.setattr(house, "APART", ("deck",))
    assert house.typeset("deck", data, title="Nothing") == here
    with pytest.raises(house.TypesetError, match='"Nothing" could not be typeset'):
        house.typeset("deck", {}, title="Nothing")


@pytest.mark.parametrize("name", ["../out.svg", "/out.svg", "in/out.svg"])
def test_no_name_of_a_file_leads_out_of_the_folder_of_a_document(name: str, tmp_path: Path) -> None:
    """A picture is named after an id, and a course may be somebody else's."""
    data = {"slides": [], "eyebrow": "", "label": "", "foot": {"left": ""}}
    with pytest.raises(TypesetError, match="is no name of a file"):
        typeset("deck", data, title="T", apart=True, files={name.replace("/out", f"{tmp_path}/out"): b"x"})
    assert list(tmp_path.iterdir()) == []


def test_the_size_that_fits_is_the_one_that_trying_every_size_finds() -> None:
    """Whatever the text's height does: grows with the size, with its square or its cube, in steps, or not at all."""
    source = """
#set document(title: "-")
#import "house.typ": largest
#let shapes = (
  s => 40pt * (s / 13pt), s => 40pt * calc.pow(s / 13pt, 2), s => 40pt * calc.pow(s / 13pt, 3),
  s => 12pt * calc.ceil(3.3 * calc.pow(s / 13pt, 2)), s => 40pt, s => 0pt,
)
#for high in shapes { for room in range(1, 60) { for step in (0.25pt, 0.5pt, 2pt) {
  let sizes = range(calc.floor((13pt - 8.5pt) / step) + 1).map(i => 13pt - i * step)
  let wanted = sizes.find(size => high(size) <= room * 1pt)
  assert.eq(largest(13pt, 8.5pt, step, room * 1pt, high), wanted)
} } }
"""
    house = '{"house": {"title": "-", "language": "en", "paper": "letter", "large": false}}'
    folder = {"main.typ": source.encode(), "data.json": house.encode(), "sizes.json": b"{}"}
    folder["house.typ"] = (module.TEMPLATES / "house.typ").read_bytes()
    compiler: Any = module._compiler()
    assert compiler.compile(folder, format="pdf").startswith(b"%PDF")
