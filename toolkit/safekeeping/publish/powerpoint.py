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

from .blocks import Block, Figure, Listing, Paragraph, Run, Table, plain, words_of
from .exporter import Setting
from .figures import as_pngs, drawn
from .job import Job
from .slides import plan_slides
from .still import Still, stills

INK, QUIET, LAKE, LAMP, LAKE_SOFT, PAPER = "1D2A2F", "51606A", "0B5A63", "7A4F00", "E4F0EF", "FBFAF6"
FONT = "Calibri"  # is where PowerPoint is; elsewhere Carlito has the same widths
WIDE, HIGH = 12_192_000, 6_858_000  # English metric units: 16:9
LEFT, ACROSS = 762_000, 10_668_000
TITLE, CONTENT, TWO, TITLE_ONLY = 0, 1, 3, 5  # the layouts of the template that are used
PLACES = {  # left, top, width, height
    "title": (LEFT, 360_000, ACROSS, 820_000),
    "body": (LEFT, 1_300_000, ACROSS, 4_950_000),
    "left": (LEFT, 1_300_000, 5_150_000, 4_950_000),
    "right": (LEFT + 5_500_000, 1_300_000, 5_150_000, 4_950_000),
    "number": (WIDE - LEFT - 1_200_000, 6_300_000, 1_200_000, 360_000),
    "lead title": (LEFT, 1_000_000, ACROSS, 1_500_000),  # a few words stand in the middle
    "lead": (LEFT, 2_620_000, 9_900_000, 3_600_000),
    "beside": (LEFT, 420_000, 2_650_000, 4_000_000),  # the title of a diagram
    "diagram": (LEFT + 2_750_000, 300_000, 8_300_000, 5_950_000),
}
SIZES = (28, 26, 24, 23, 22, 21, 20, 18, 16, 14, 12)  # points, the largest first
LEAST = 21  # points; as large as 28 pixels of a slide 1280 wide
TABLE = 19  # points
INNER = 14.4  # points between a place and its text, left and right together
HANG = 1.4  # of the size of type: how far a list stands in
WIDTH_OF_LETTER, LINE, AFTER = 0.54, 1.2, 0.35  # of the size of type: a wide sans, so that a narrower one fits too
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

    def make() -> bytes:
        earlier = job.earlier.read() if job.earlier.sum else b""
        return _made(every, facts, label, as_pngs(figures, job.earlier.code, earlier))

    return job.once(made_from, make)


def _made(every: Sequence[Still], facts: Mapping[str, str], label: str, pictures: Mapping[str, bytes]) -> bytes:
    from pptx import Presentation

    deck: Any = Presentation()
    _fit(deck)
    about = deck.core_properties
    about.created = about.modified = EPOCH.replace(tzinfo=None)
    for name, text in facts.items():
        setattr(about, name, text)
    for one in every:
        _add(deck, one, label, pictures)
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
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = _colour(PAPER)
    layouts = [deck.slide_layouts[number] for number in (CONTENT, TITLE_ONLY, TWO)]
    for shape in [*master.placeholders, *(shape for layout in layouts for shape in layout.placeholders)]:
        kind = shape.placeholder_format.type.name
        name = "title" if "TITLE" in kind else "number" if kind == "SLIDE_NUMBER" else "body"
        if kind not in ("DATE", "FOOTER"):
            _place(shape, name)
    halves = [shape for shape in layouts[-1].placeholders if shape.placeholder_format.type.name == "OBJECT"]
    for shape, name in zip(halves, ("left", "right"), strict=True):
        _place(shape, name)
    for shape in deck.slide_layouts[TITLE].placeholders:
        kind = shape.placeholder_format.type.name
        if kind in ("CENTER_TITLE", "SUBTITLE", "SLIDE_NUMBER"):
            _place(shape, {"CENTER_TITLE": "lead title", "SUBTITLE": "lead", "SLIDE_NUMBER": "number"}[kind])
    _titles(master)


def _place(shape: Any, name: str) -> None:
    shape.left, shape.top, shape.width, shape.height = PLACES[name]


def _colour(name: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(name)


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


def _add(deck: Any, one: Still, label: str, pictures: Mapping[str, bytes]) -> None:
    table = next((block for block in one.blocks if isinstance(block, Table)), None)
    kind = TITLE if one.cover else TITLE_ONLY if one.figure or table else TWO if one.columns else CONTENT
    slide = deck.slides.add_slide(deck.slide_layouts[kind])
    slide.shapes.title.text = one.title or one.eyebrow
    if len(one.title) > LONG_TITLE:
        _sized(slide.shapes.title, 28)
    if one.cover:
        _cover(slide, one, label)
    elif one.figure:
        _figure(slide, one.figure, pictures)
    elif table:
        _table(slide, table)
    elif one.columns:
        _columns(slide, one.columns)
    else:
        if one.lead:
            _in_the_middle(slide)
        _text(slide.placeholders[1], "lead" if one.lead else "body", list(_lines(one.blocks, one.eyebrow)))
    _number(slide)
    if one.note:
        slide.notes_slide.notes_text_frame.text = "\n\n".join(f"{label} {text}" for label, text in one.note)


def _cover(slide: Any, one: Still, label: str) -> None:
    _in_the_middle(slide)
    _left(slide.shapes.title)
    _sized(slide.shapes.title, 40)
    below = slide.placeholders[1]
    below.text = "\n".join([*(words_of([block]) for block in one.blocks), label])
    _left(below)
    _sized(below, 24, QUIET)
    last = below.text_frame.paragraphs[-1].font
    last.color.rgb, last.size = _colour(LAMP), _points(LEAST)


def _in_the_middle(slide: Any) -> None:
    """A few words: the title at the foot of its place, what belongs to it right below."""
    from pptx.enum.text import MSO_ANCHOR

    _place(slide.shapes.title, "lead title")
    slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    _place(slide.placeholders[1], "lead")
    slide.placeholders[1].text_frame.vertical_anchor = MSO_ANCHOR.TOP


def _columns(slide: Any, columns: Sequence[Sequence[Block]]) -> None:
    """Two lists side by side, in letters of one size."""
    lines = [list(_lines(column)) for column in columns]
    size = min(_size(every, name) for every, name in zip(lines, ("left", "right"), strict=True))
    for every, name, shape in zip(lines, ("left", "right"), list(slide.placeholders)[1:3], strict=True):
        _text(shape, name, every, size)


def _left(shape: Any) -> None:
    from pptx.enum.text import PP_ALIGN

    for paragraph in shape.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT


def _sized(shape: Any, points: float, colour: str = INK) -> None:
    for paragraph in shape.text_frame.paragraphs:
        paragraph.font.size = _points(points)
        paragraph.font.color.rgb = _colour(colour)


def _points(points: float) -> Any:
    from pptx.util import Pt

    return Pt(points)


def _text(shape: Any, name: str, lines: Sequence[Row], size: float = 0) -> None:
    """Paragraphs and lists in a text placeholder, in the largest size with which they fit its place."""
    frame = shape.text_frame
    frame.word_wrap = True
    size = size or _size(lines, name)
    for place, (runs, marker, quiet) in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        _paragraph(paragraph, runs, marker, _quiet(size) if quiet else size, quiet=quiet)


def _quiet(size: float) -> float:
    return min(size, max(size * 0.8, LEAST))


def _size(lines: Sequence[Row], name: str) -> float:
    """The largest size of type, in points, with which lines fit a place."""
    _, _, width, height = (one / 12_700 for one in PLACES[name])
    return next((points for points in SIZES if _height(lines, points, width - INNER) <= height), SIZES[-1])


def _height(lines: Sequence[Row], points: float, width: float) -> float:
    """About how high lines stand in a width at a size of type, all in points."""
    found = 0.0
    for runs, marker, quiet in lines:
        size = _quiet(points) if quiet else points
        rows = -(-len(plain(runs)) * size * WIDTH_OF_LETTER // (width - (size * HANG if marker else 0)))
        found += (rows * LINE + AFTER) * size
    return found


def _lines(blocks: Iterable[Block], eyebrow: str = "") -> Iterator[Row]:
    """Lines of text, each with its marker ("" for none) and whether it is a quiet one."""
    if eyebrow:
        yield [Run(eyebrow)], "", True
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

    for run in runs:
        piece = paragraph.add_run()
        piece.text = run.text
        piece.font.size, piece.font.bold, piece.font.italic = _points(points), run.strong or None, run.emphasis or None
        if quiet:
            piece.font.color.rgb = _colour(QUIET)
    paragraph.space_before, paragraph.space_after = _points(0), _points(points * AFTER)
    look = paragraph._p.get_or_add_pPr()  # python-pptx has no call for markers
    name = look.tag.rpartition("}")[0] + "}"
    indent = str(int(points * 12_700 * HANG)) if marker else "0"
    look.set("marL", indent)
    look.set("indent", f"-{indent}" if marker else "0")
    if marker:
        etree.SubElement(etree.SubElement(look, f"{name}buClr"), f"{name}srgbClr", val=LAKE)
    if marker == "•":
        etree.SubElement(look, f"{name}buChar", char="•")
    elif marker:
        etree.SubElement(look, f"{name}buAutoNum", type="arabicPeriod" if marker == "1" else "alphaUcPeriod")
    else:
        etree.SubElement(look, f"{name}buNone")


def _figure(slide: Any, figure: Figure, pictures: Mapping[str, bytes]) -> None:
    """A diagram as a picture with its description, as high as the slide allows; its title beside it."""
    from pptx.enum.text import MSO_ANCHOR

    _place(slide.shapes.title, "beside")
    slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    _sized(slide.shapes.title, 26)
    left, top, width, height = PLACES["diagram"]
    picture: Any = slide.shapes.add_picture(io.BytesIO(pictures[figure.id]), left, top)
    scale = min(width / picture.width, height / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left, picture.top = left + (width - picture.width) // 2, top + (height - picture.height) // 2
    about = picture._element.nvPicPr.cNvPr  # no call for alternative text
    about.set("descr", figure.description)
    about.set("title", figure.title)


def _table(slide: Any, table: Table) -> None:
    """A table; a column of short words is as wide as they are, the others share what is left."""
    rows, columns = len(table.rows), max(map(len, table.rows))
    left, top, width, _ = PLACES["body"]
    frame: Any = slide.shapes.add_table(rows, columns, left, top - 100_000, width, 300_000 * rows)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", words_of([table]))
    longest = [max(len(plain(row[x])) for row in table.rows if x < len(row)) for x in range(columns)]
    shouted = [any(plain(row[x]).isupper() for row in table.rows if x < len(row)) for x in range(columns)]
    wide = [one * (0.76 if capitals else 0.6) for one, capitals in zip(longest, shouted, strict=True)]
    narrow = [int((one * TABLE + INNER) * 12_700) if one <= 12 else 0 for one in wide]
    share = sum(min(one, 60) for one, own in zip(longest, narrow, strict=True) if not own)
    for column, one, own in zip(frame.table.columns, longest, narrow, strict=True):
        column.width = own or (width - sum(narrow)) * min(one, 60) // share
    for y, row in enumerate(table.rows):
        for x, runs in enumerate(row):
            cell = frame.table.cell(y, x)
            cell.text = "".join(run.text for run in runs)
            cell.margin_top = cell.margin_bottom = 30_000
            cell.fill.solid()
            cell.fill.fore_color.rgb = _colour(LAKE_SOFT if y == 0 else PAPER)
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size, paragraph.font.bold = _points(TABLE), y == 0
                paragraph.font.color.rgb = _colour(LAKE if y == 0 else INK)


def _number(slide: Any) -> None:
    """The number of the slide, as the layout has it; python-pptx leaves that placeholder out of new slides."""
    for shape in slide.slide_layout.placeholders:
        if shape.placeholder_format.type.name == "SLIDE_NUMBER":
            slide.shapes._spTree.append(deepcopy(shape._element))
