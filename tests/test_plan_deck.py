"""The deck of a workshop plan, as a page, on paper and to be edited: the plan's slides in order, and nothing secret."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from answer_marks import key_marks, secrets_of
from html_reader import parse, visible, words
from safekeeping import plans
from safekeeping.calls import cells_of
from safekeeping.faults import ContentError
from safekeeping.library import Library, course
from safekeeping.plans import Plan
from safekeeping.publish import figures, notebook
from safekeeping.publish.deck import plan_deck
from safekeeping.publish.deck_print import deck_pdf
from safekeeping.publish.exporter import Setting
from safekeeping.publish.job import Job
from safekeeping.publish.powerpoint import deck_pptx
from safekeeping.publish.slides import Slide, plan_slides
from safekeeping.publish.still import Still, stills

HERE, CONTENT = course(), Library()
NAMES = ("educators-90", "child-welfare-180", "hospitality-60", "general-6x60")


def plan_of(name: str) -> Plan:
    """A plan by its id."""
    return plans.plan(CONTENT, HERE, name)


def job_of(name: str) -> Job:
    """A job for a plan by its id."""
    plan = plan_of(name)
    whom = plans.audiences(HERE)[plan.audience]
    return Job(library=CONTENT, course=HERE, plan=plan, audience=whom, today=date(2026, 11, 22))


def setting(*, audience: bool = False) -> Setting:
    """How the tests draw."""
    return Setting(CONTENT, HERE, CONTENT.words("page"), audience)


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Three plans of the issue, and one of several meetings."""
    return str(request.param)


@pytest.fixture(scope="module")
def slides(name: str) -> list[Slide]:
    """Its slides."""
    return plan_slides(plan_of(name), setting())


@pytest.fixture(scope="module")
def html(name: str) -> str:
    """Its deck for the facilitator."""
    return plan_deck(CONTENT, HERE, plan_of(name))


@pytest.fixture(scope="module")
def audience_html(name: str) -> str:
    """Its deck for participants."""
    return plan_deck(CONTENT, HERE, plan_of(name), audience=True)


@pytest.fixture(scope="module")
def still(name: str) -> list[Still]:
    """Its slides as they stand on paper."""
    return stills(plan_slides(plan_of(name), setting(audience=True)), setting(audience=True))


@pytest.fixture(scope="module")
def pptx(name: str) -> Any:
    """Its slides as PowerPoint reads them."""
    from pptx import Presentation

    return Presentation(io.BytesIO(deck_pptx(job_of(name))))


@pytest.fixture(scope="module")
def pdf(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its slides on paper."""
    path = tmp_path_factory.mktemp("pdf") / "deck.pdf"
    path.write_bytes(deck_pdf(job_of(name)))
    return path


def secrets(plan: Plan) -> list[str]:
    """Every text of its stories and of its exercises that tells what follows, and every line of its script."""
    sets = [
        re.findall(r'"([a-z0-9-]+)"', "".join(cell["source"]))
        for step in plan.steps()
        for slide in step.slides
        for cell in cells_of(CONTENT, HERE, slide.partition("/")[0] if slide[0] == "m" else "m0")
        if cell["id"] == slide.partition("/")[2] and "".join(cell["source"]).startswith(("ask(", "sort("))
    ]
    items = [item for ids in sets for id in ids for item in CONTENT.get("set", id).items]
    told = secrets_of(CONTENT, list(plan.stories()), items)
    script = [text for step in plan.steps() for part in (step.say, step.do, step.ask) for text in part]
    script += [text for step in plan.steps() for text in (step.watch, step.twin, step.cut, step.add)]
    found = [*told, *(words(text) for text in script)]
    return [one for one in found if len(one) > 25]


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_slides_are_the_plans_in_its_order(name: str, html: str) -> None:
    """A cover for each session, then each reference of each step, once."""
    plan = plan_of(name)
    wanted = []
    for session in plan.sessions:
        wanted += [f"cover-{session.id}", *(slide.replace("/", "-") for step in session.steps for slide in step.slides)]
    found = [one.has["id"].removeprefix("slide-") for one in parse(html).find("section")]
    assert [re.sub(r"-\d+$", "", one) if one not in wanted else one for one in found] == wanted
    assert len(set(found)) == len(found)


def test_there_is_at_most_one_slide_for_two_minutes(name: str, slides: list[Slide]) -> None:
    """Covers apart: nobody speaks on them."""
    plan = plan_of(name)
    assert len(slides) - len(plan.sessions) <= plan.minutes / 2
    assert sum(slide.minutes for slide in slides) == pytest.approx(plan.minutes - _unseen(plan))


def _unseen(plan: Plan) -> int:
    """Minutes of steps without a slide."""
    return sum(step.planned for step in plan.steps() if not step.slides)


def test_notes_are_those_of_the_step_and_of_the_cell(slides: list[Slide], name: str) -> None:
    """The whole script is somewhere; the notes of the module's deck stand beside their cells."""
    every = [text for slide in slides for _, text in slide.note]
    for step in plan_of(name).steps():
        if step.slides:
            assert {*step.say, *step.do, *step.ask} <= set(every), step.id


def test_the_participants_deck_holds_no_note_no_key_and_no_clock(name: str, audience_html: str) -> None:
    """Compared with every such text of the content and of the plan."""
    text = visible(parse(audience_html))
    told = secrets(plan_of(name))
    assert len(told) > 150
    assert [one for one in told if one in text] == []
    assert "<aside" not in audience_html
    assert "sk-plan" not in audience_html.replace("getElementById(\"sk-plan\")", "")
    assert key_marks(audience_html) == []


def test_the_clock_is_the_plan(name: str, html: str) -> None:
    """For each step its session, start, minutes and what to cut."""
    (block,) = [one for one in parse(html).find("script") if one.has.get("id") == "sk-plan"]
    rows = json.loads(block.text)
    steps = [(place, start, step) for place, one in enumerate(plan_of(name).sessions) for start, step in one.timed()]
    assert [(row["session"], row["start"], row["planned"], row["least"]) for row in rows] == [
        (place, start, step.planned, step.least) for place, start, step in steps
    ]
    assert [row["cut"] for row in rows] == [step.cut for _, _, step in steps]


def test_a_plan_runs_no_kernel_where_its_cells_are_plain_calls(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call is on record in the cell: running it would give the same record."""
    monkeypatch.setattr(notebook, "run", lambda path: pytest.fail(f"{path.name} was run"))
    assert plan_slides(plan_of(name), setting())


@pytest.mark.slow
def test_the_deck_of_a_plan_loads_neither_nbconvert_nor_nbformat() -> None:
    """No notebook is run for it, and their import costs more than the deck itself."""
    code = (
        "import sys\nfrom safekeeping import plans\nfrom safekeeping.library import built_in, course\n"
        "from safekeeping.publish.deck import plan_deck\n"
        "plan_deck(built_in(), course(), plans.plan(built_in(), course(), 'educators-90'))\n"
        "print({one.partition('.')[0] for one in sys.modules} & {'nbconvert', 'nbformat', 'nbclient', 'jinja2'})"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "{'jinja2'}"


def test_a_slide_that_does_not_exist_is_told(tmp_path: Path) -> None:
    """Also where nobody ran the check."""
    from safekeeping.author.new import new_plan

    path = new_plan(CONTENT, HERE, "mine", "educators", "60", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"m1/hook"', '"m1/hock"'), encoding="utf-8")
    with pytest.raises(ContentError, match="m1/hock"):
        plan_slides(plans.plan(CONTENT, HERE, str(path)), setting())


def test_words_of_a_plan_are_text_on_its_slides(tmp_path: Path) -> None:
    """A title that looks like markup is printed as it stands."""
    from safekeeping.author.new import new_plan

    path = new_plan(CONTENT, HERE, "mine", "educators", "60", tmp_path)
    hostile = "*Hi* <script>alert(1)</script> [x](javascript:1) `y` # z"
    path.write_text(path.read_text(encoding="utf-8").replace('title = "Welcome"', f"title = '{hostile}'"), "utf-8")
    html = plan_deck(CONTENT, HERE, plans.plan(CONTENT, HERE, str(path)))
    (heading,) = [one for one in parse(html).find("h2") if "Hi" in one.text]
    assert heading.text == hostile
    assert "<script>alert" not in html


# --- on paper and to edit --------------------------------------------------------------------------------------------


def test_stills_show_every_diagram_and_every_first_scene(name: str, still: list[Still]) -> None:
    """Numbers, options and pictures as in the content."""
    plan = plan_of(name)
    from safekeeping.publish.blocks import Listing, words_of

    text = "\n".join(words_of(one.blocks) for one in still)
    for id in (story for step in plan.steps() for story in step.played()):
        scene = next(node for node in CONTENT.get("scenario", id).nodes if node.start)
        assert words(scene.text) in words(text)
        listed = [b for one in still for b in one.blocks if isinstance(b, Listing) and b.marker == "A"]
        options = [words_of(entry) for b in listed for entry in b.entries]
        assert {words(option.text) for option in scene.options} <= {words(one) for one in options}


def test_the_pdf_is_tagged_titled_and_in_order(name: str, pdf: Path, still: list[Still]) -> None:
    """Structure, title, language, embedded fonts; the text comes out in the order of the slides."""
    import pikepdf

    with pikepdf.open(pdf) as document:
        assert len(document.pages) == len(still)
        root = document.Root
        assert root.MarkInfo.Marked and root.StructTreeRoot
        assert str(root.Lang) == "en"
        assert str(document.docinfo["/Title"]) == plan_of(name).title
        fonts = [font for page in document.pages for font in page.Resources.get("/Font", {}).values()]
        inner = [font.DescendantFonts[0].FontDescriptor for font in fonts if "/DescendantFonts" in font]
        assert inner and all("/FontFile2" in one or "/FontFile3" in one for one in inner)
    made = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True)
    text, at = words(made.stdout), 0
    for one in still:
        if one.title:
            place = text.find(words(one.title), at)
            assert place >= 0, one.title
            at = place


def test_words_of_the_pdf_are_large_enough_for_a_room(pdf: Path, still: list[Still]) -> None:
    """18 points of its pages are 28 pixels of a slide 1280 wide; the foot alone is smaller."""
    command = ["pdftohtml", "-xml", "-i", "-zoom", "1", "-stdout", str(pdf)]
    made = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    points = {id: int(size) for id, size in re.findall(r'<fontspec id="(\d+)" size="(\d+)"', made)}
    pages = made.split("<page ")[1:]
    for one, page in zip(still, pages, strict=True):
        lines = [(points[id], parse(text).text) for id, text in re.findall(r'font="(\d+)">(.*)</text>', page)]
        small = [text for size, text in lines if size < 18 and not text.isdigit()]
        assert [text for text in small if not text.startswith("Safekeeping ·")] == [], one.title


def test_the_pdf_tells_no_answer_and_no_note(name: str, pdf: Path) -> None:
    """It is for participants."""
    made = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True)
    text = words(made.stdout)
    assert [one for one in secrets(plan_of(name)) if one in text] == []


def test_powerpoint_slides_are_native_text_with_notes(name: str, pptx: Any, still: list[Still]) -> None:
    """Real placeholders, so that an outline and a screen reader see them."""
    slides = list(pptx.slides)
    assert len(slides) == len(still)
    for one, slide in zip(still, slides, strict=True):
        assert slide.shapes.title.text == (one.title or one.eyebrow)
        assert any(shape.placeholder_format.type.name == "SLIDE_NUMBER" for shape in slide.placeholders)
        wanted = [text for _, text in one.note]
        assert slide.has_notes_slide == bool(wanted)
        if wanted:
            assert all(text in slide.notes_slide.notes_text_frame.text for text in wanted)
    assert pptx.core_properties.title == plan_of(name).title


def test_powerpoint_pictures_have_words(pptx: Any) -> None:
    """Each diagram and each table is described."""
    for slide in pptx.slides:
        for shape in slide.shapes:
            if not shape.is_placeholder:
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_powerpoint_slides_are_large_enough_for_a_room_and_nothing_covers_anything(pptx: Any) -> None:
    """21 points are 28 pixels of a slide 1280 wide; a table's words are smaller."""
    for slide in pptx.slides:
        shapes = [one for one in slide.shapes if not one.is_placeholder or (one.has_text_frame and one.text_frame.text)]
        boxes = [(one.left, one.top, one.left + one.width, one.top + one.height) for one in shapes]
        for place, (left, top, right, bottom) in enumerate(boxes):
            assert left >= 0 and top >= 0 and right <= pptx.slide_width and bottom <= pptx.slide_height
            for a, b, c, d in boxes[place + 1 :]:
                assert c <= left or right <= a or d <= top or bottom <= b
        texts = [one.text_frame for one in shapes if one.has_text_frame]
        runs = [run for text in texts for paragraph in text.paragraphs for run in paragraph.runs]
        assert [run.text for run in runs if run.font.size and run.font.size.pt < 21] == []
        for one in shapes:
            if one.shape_type is not None and one.shape_type.name == "PICTURE":
                assert one.height > 0.8 * pptx.slide_height or one.width > 0.6 * pptx.slide_width


def test_powerpoint_slides_tell_no_answer(name: str, pptx: Any) -> None:
    """Notes hold the script; slides hold neither script nor consequence nor feedback."""
    seen = [words(s.text_frame.text) for slide in pptx.slides for s in slide.shapes if s.has_text_frame]
    assert [one for one in secrets(plan_of(name)) if any(one in text for text in seen)] == []


def test_the_same_job_gives_the_same_bytes() -> None:
    """So that an unchanged pack stays unchanged."""
    assert deck_pdf(job_of("hospitality-60")) == deck_pdf(job_of("hospitality-60"))
    first = deck_pptx(job_of("hospitality-60"))
    assert first == deck_pptx(job_of("hospitality-60"))
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert not [one for one in file.namelist() if b"/tmp/" in file.read(one) or b"/root/" in file.read(one)]


def test_pictures_are_taken_from_the_earlier_deck_unless_drawing_or_code_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are the dearest part of a deck; each says what it was made from, and is a sound picture all the same."""
    drawings = {id: figures.drawn(CONTENT, id) for id in ("fig-four-steps", "fig-base-rate")}
    deck = deck_pptx(job_of("educators-90"))
    with zipfile.ZipFile(io.BytesIO(deck)) as file:
        held = [file.read(name) for name in file.namelist() if name.endswith(".png")]
    made = figures.as_pngs(drawings)
    assert made["fig-four-steps"] in held and made["fig-base-rate"] not in held
    for png in made.values():
        at, kinds = 8, []
        while at < len(png):
            size = int.from_bytes(png[at : at + 4], "big")
            body, crc = png[at + 4 : at + 8 + size], png[at + 8 + size : at + 12 + size]
            assert zlib.crc32(body) == int.from_bytes(crc, "big")
            kinds.append(body[:4])
            at += size + 12
        assert kinds[:2] == [b"IHDR", b"tEXt"] and kinds[-1] == b"IEND"
    drew: list[bytes] = []
    monkeypatch.setattr(figures, "picture", lambda svg: drew.append(svg) or made["fig-base-rate"])
    assert figures.as_pngs({"fig-four-steps": drawings["fig-four-steps"]}, deck=deck) == {
        "fig-four-steps": made["fig-four-steps"]
    }
    assert drew == []
    changed = drawings["fig-four-steps"].replace(b"Notice", b"See")
    figures.as_pngs({"fig-four-steps": changed}, deck=deck)
    figures.as_pngs({"fig-four-steps": drawings["fig-four-steps"]}, code="newer", deck=deck)
    assert drew == [changed, drawings["fig-four-steps"]]
