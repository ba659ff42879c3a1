"""The slides of a plan as a PowerPoint file that can be edited: native text in real placeholders, with notes.

python-pptx starts from its own white template. Its master and three of its layouts are fitted to a wide slide and to
the colours and type of this course, so that a slide added by hand looks like the others.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from ..library import Library
from .blocks import Block, Figure, Listing, Paragraph, Run, Table, plain, words_of
from .exporter import Setting
from .figures import as_png, drawn
from .job import Job
from .slides import plan_slides
from .still import Still, stills

INK, QUIET, LAKE, LAMP, LAKE_SOFT = "1D2A2F", "51606A", "0B5A63", "7A4F00", "E4F0EF"
FONT = "Calibri"  # is where PowerPoint is; elsewhere Carlito has the same widths
WIDE, HIGH = 12_192_000, 6_858_000  # English metric units: 16:9
LEFT, ACROSS = 762_000, 10_668_000
TITLE, CONTENT, TITLE_ONLY = 0, 1, 5  # the layouts of the template that are used
SIZES = (28, 26, 24, 22, 20, 18, 16, 14, 12)  # points, the largest first
ROOM_ACROSS, ROOM_DOWN = 820, 345  # points of the text's place, without its inner margins
WIDTH_OF_LETTER, LINE, AFTER = 0.52, 1.2, 0.35  # of the size of type: a wide sans, so that a narrower one fits too
LONG_TITLE = 60  # characters
Row = tuple[Sequence[Run], str, bool]  # text, marker, whether it is a quiet line
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # of every part and property: the same slides give the same bytes


def deck_pptx(job: Job) -> bytes:
    """The deck of a job's plan with speaker notes.

    Raises
    ------
    ContentError : a slide is missing. TypesetError : a diagram cannot be drawn.
    """
    setting = Setting(job.library, job.course, job.library.words("page"), audience=True)
    every = stills(plan_slides(job.plan, setting), setting)
    label = job.library.review_label()
    facts = {
        "title": job.plan.title,
        "language": job.library.language,
        "author": setting.words["name"],
        "comments": f"{label}. {setting.words['foot'].format(version=_version(job))}",
        "last_modified_by": setting.words["name"],
    }
    figures = {one.figure.id: drawn(job.library, one.figure.id) for one in every if one.figure}
    made_from = (f"{every!r}\0{facts!r}\0{label}".encode(), *figures.values())
    return job.once(made_from, lambda: _made(every, facts, label, job.library))


def _made(every: Sequence[Still], facts: Mapping[str, str], label: str, library: Library) -> bytes:
    from pptx import Presentation

    deck: Any = Presentation()
    _fit(deck)
    about = deck.core_properties
    about.created = about.modified = EPOCH.replace(tzinfo=None)
    for name, text in facts.items():
        setattr(about, name, text)
    for one in every:
        _add(deck, one, label, library)
    made = io.BytesIO()
    deck.save(made)
    return _steady(made.getvalue())


def _version(job: Job) -> str:
    return str(job.library.course()["version"])


def _steady(raw: bytes) -> bytes:
    """The same package with one date on every part."""
    steady = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(zipfile.ZipInfo(part.filename, EPOCH.timetuple()[:6]), old.read(part), zipfile.ZIP_DEFLATED)
    return steady.getvalue()


# --- master and layouts ----------------------------------------------------------------------------------------------


def _fit(deck: Any) -> None:
    """Make the template wide, give it our colours and type, and put its placeholders where ours stand."""
    deck.slide_width, deck.slide_height = WIDE, HIGH
    master = deck.slide_masters[0]
    _theme(master)
    places = {
        "title": (LEFT, 420_000, ACROSS, 1_000_000),
        "body": (LEFT, 1_560_000, ACROSS, 4_500_000),
        "number": (WIDE - LEFT - 1_200_000, 6_300_000, 1_200_000, 360_000),
    }
    layouts = [deck.slide_layouts[number] for number in (CONTENT, TITLE_ONLY)]
    for shape in [*master.placeholders, *(shape for layout in layouts for shape in layout.placeholders)]:
        kind = shape.placeholder_format.type.name
        name = "title" if "TITLE" in kind else "number" if kind == "SLIDE_NUMBER" else "body"
        if kind not in ("DATE", "FOOTER"):
            _place(shape, *places[name])
    for shape in deck.slide_layouts[TITLE].placeholders:
        kind = shape.placeholder_format.type.name
        if kind == "CENTER_TITLE":
            _place(shape, LEFT, 1_900_000, ACROSS, 1_300_000)
        elif kind == "SUBTITLE":
            _place(shape, LEFT, 3_300_000, ACROSS, 1_900_000)
        elif kind == "SLIDE_NUMBER":
            _place(shape, *places["number"])
    _titles(master)


def _place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _theme(master: Any) -> None:
    """The colours and the type of the theme, which everything on a slide falls back to."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for name, colour in {"dk1": INK, "dk2": LAKE, "accent1": LAKE, "accent2": LAMP, "hlink": LAKE}.items():
        for slot in theme.iterfind(f".//a:clrScheme/a:{name}", space):
            for old in list(slot):
                slot.remove(old)
            etree.SubElement(slot, f"{{{space['a']}}}srgbClr", val=colour)
    for latin in theme.iterfind(".//a:fontScheme/*/a:latin", space):
        latin.set("typeface", FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _titles(master: Any) -> None:
    """Titles and text begin on the left, titles in bold; the template centres them."""
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for style in master.element.iterfind(".//{*}titleStyle"):
        for level in style.iterfind("a:lvl1pPr", space):
            level.set("algn", "l")
            for look in level.iterfind("a:defRPr", space):
                look.set("sz", "3200")
                look.set("b", "1")


# --- slides ----------------------------------------------------------------------------------------------------------


def _add(deck: Any, one: Still, label: str, library: Library) -> None:
    still_table = next((block for block in one.blocks if isinstance(block, Table)), None)
    kind = TITLE if one.cover else TITLE_ONLY if one.figure or still_table else CONTENT
    slide = deck.slides.add_slide(deck.slide_layouts[kind])
    slide.shapes.title.text = one.title or one.eyebrow
    if len(one.title) > LONG_TITLE:
        _sized(slide.shapes.title, 28)
    if one.cover:
        _left(slide.shapes.title)
        lines = [*(words_of([block]) for block in one.blocks), label]
        slide.placeholders[1].text = "\n".join(lines)
        _left(slide.placeholders[1])
        _sized(slide.placeholders[1], 20, QUIET)
    elif one.figure:
        _picture(slide, one.figure, library)
    elif still_table:
        _table(slide, still_table)
    else:
        _text(slide.placeholders[1], one)
    _number(slide)
    if one.note:
        slide.notes_slide.notes_text_frame.text = "\n\n".join(f"{label} {text}" for label, text in one.note)


def _left(shape: Any) -> None:
    from pptx.enum.text import PP_ALIGN

    for paragraph in shape.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT


def _sized(shape: Any, points: float, colour: str = INK) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    for paragraph in shape.text_frame.paragraphs:
        paragraph.font.size = Pt(points)
        paragraph.font.color.rgb = RGBColor.from_string(colour)


def _text(shape: Any, one: Still) -> None:
    """Paragraphs and lists of a slide in its text placeholder, in the largest size that fits."""
    frame = shape.text_frame
    frame.word_wrap = True
    lines: list[Row] = [([Run(one.eyebrow)], "", True)] if one.eyebrow else []
    lines += _lines(one.blocks)
    size = next((points for points in SIZES if _height(lines, points) <= ROOM_DOWN), SIZES[-1])
    for place, (runs, marker, quiet) in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        _paragraph(paragraph, runs, marker, size * 0.8 if quiet else size, quiet=quiet)


def _height(lines: Sequence[Row], points: float) -> float:
    """About how high lines stand at a size of type, in points."""
    letters = ROOM_ACROSS / (points * WIDTH_OF_LETTER)
    rows = sum(-(-len(plain(runs)) // letters) for runs, _, _ in lines)
    return (rows * LINE + len(lines) * AFTER) * points


def _lines(blocks: Iterable[Block]) -> Iterator[Row]:
    """Lines of text, each with its marker ("" for none) and whether it is a quiet one."""
    for block in blocks:
        if isinstance(block, Listing):
            for entry in block.entries:
                for place, (runs, _, quiet) in enumerate(_lines(entry)):
                    yield runs, block.marker if place == 0 else "", quiet
        elif isinstance(block, Table | Figure):
            yield [Run(words_of([block]))], "", False
        else:
            yield block.runs, "", isinstance(block, Paragraph) and block.quiet


def _paragraph(paragraph: Any, runs: Sequence[Run], marker: str, points: float, *, quiet: bool) -> None:
    from lxml import etree
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    for run in runs:
        piece = paragraph.add_run()
        piece.text = run.text
        piece.font.size, piece.font.bold, piece.font.italic = Pt(points), run.strong or None, run.emphasis or None
        if quiet:
            piece.font.color.rgb = RGBColor.from_string(QUIET)
    paragraph.space_after = Pt(points * 0.35)
    look = paragraph._p.get_or_add_pPr()  # python-pptx has no call for markers
    name = look.tag.rpartition("}")[0] + "}"
    indent = str(int(points * 12_700 * 1.1)) if marker else "0"
    look.set("marL", indent)
    look.set("indent", f"-{indent}" if marker else "0")
    if marker == "•":
        etree.SubElement(look, f"{name}buChar", char="•")
    elif marker:
        etree.SubElement(look, f"{name}buAutoNum", type="arabicPeriod" if marker == "1" else "alphaUcPeriod")
    else:
        etree.SubElement(look, f"{name}buNone")


def _picture(slide: Any, figure: Figure, library: Library) -> None:
    """A diagram as a picture with its description, as large as the slide allows."""
    png = as_png(library, figure.id)
    picture: Any = slide.shapes.add_picture(io.BytesIO(png), LEFT, 1_500_000)
    scale = min(ACROSS / picture.width, 4_700_000 / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left = (WIDE - picture.width) // 2
    about = picture._element.nvPicPr.cNvPr  # no call for alternative text
    about.set("descr", figure.description)
    about.set("title", figure.title)


def _table(slide: Any, table: Table) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    rows, columns = len(table.rows), max(map(len, table.rows))
    frame: Any = slide.shapes.add_table(rows, columns, LEFT, 1_500_000, ACROSS, 400_000 * rows)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", words_of([table]))
    for y, row in enumerate(table.rows):
        for x, runs in enumerate(row):
            cell = frame.table.cell(y, x)
            cell.text = "".join(run.text for run in runs)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(LAKE_SOFT if y == 0 else "FFFFFF")
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size, paragraph.font.bold = Pt(15), y == 0
                paragraph.font.color.rgb = RGBColor.from_string(LAKE if y == 0 else INK)


def _number(slide: Any) -> None:
    """The number of the slide, as the layout has it; python-pptx leaves that placeholder out of new slides."""
    for shape in slide.slide_layout.placeholders:
        if shape.placeholder_format.type.name == "SLIDE_NUMBER":
            slide.shapes._spTree.append(deepcopy(shape._element))
