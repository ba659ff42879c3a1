"""What leaders hold, read back from its PDFs: charts, run sheet, script, materials, documents, and handouts."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from answer_marks import secrets_of
from html_reader import words
from paper import colliding, sizes
from safekeeping import documents as texts
from safekeeping import plans, sheets
from safekeeping.library import Library, course
from safekeeping.plans import Need
from safekeeping.publish.exporter import Setting
from safekeeping.publish.job import Job, Maker
from safekeeping.publish.local import LocalCard
from safekeeping.publish.print import documents
from safekeeping.publish.print.charts import charts
from safekeeping.publish.print.handouts import handouts, room_safety
from safekeeping.publish.print.materials import SPARE, expected, group, materials, most
from safekeeping.publish.print.runsheet import cutting, run_sheet, script, short
from safekeeping.publish.print.workbook import practice
from safekeeping.publish.slides import plan_slides
from safekeeping.publish.typeset import TypesetError

HERE, CONTENT = course(), Library()
NAMES = ("educators-90", "child-welfare-180", "hospitality-60", "general-3x90")
MAKERS: dict[str, Maker] = {
    "handouts": handouts, "room-safety": room_safety, "charts": charts, "run-sheet": run_sheet, "script": script,
    "materials": materials,
}  # fmt: skip
HOSTILE = '#read("/etc/passwd") $x^2$ *b* @ref <a> `c` \\ #panic() // /* [x] _u_ = h'


def job_of(name: str = "educators-90", **more: Any) -> Job:
    """A job for a plan by its id."""
    plan = plans.plan(CONTENT, HERE, name)
    whom = plans.audiences(HERE)[plan.audience]
    return Job(library=CONTENT, course=HERE, plan=plan, audience=whom, today=date(2026, 11, 22), **more)


def document_makers() -> dict[str, Maker]:
    """The makers of all documents of the course."""
    return documents.files(job_of())


@cache
def pdf(piece: str, name: str = "educators-90", paper: str = "letter", large: bool = False) -> bytes:
    """One piece, made once for all tests."""
    make = MAKERS.get(piece) or document_makers()[piece]
    return make(job_of(name, paper=paper, large_print=large))


def read(raw: bytes, *flags: str) -> str:
    """The text of a PDF in the order in which it stands in the file, spaces evened out; pages end with a form feed."""
    made = subprocess.run(["pdftotext", "-raw", *flags, "-", "-"], input=raw, capture_output=True, check=True)
    return made.stdout.decode().replace("-\n", "-")  # a line may end after the hyphen of a word


def said(raw: bytes) -> str:
    """The same as one line, without the feet of the pages."""
    foot = re.compile(r"^Safekeeping \S+ · .*$|^Page \d+ of \d+$", re.MULTILINE)
    return words(foot.sub("", read(raw)))


def in_order(text: str, wanted: list[str]) -> list[str]:
    """What does not stand in the text after what came before it."""
    at, missing = 0, []
    for one in wanted:
        place = text.find(words(one), at)
        if place < 0:
            missing.append(one)
        else:
            at = place
    return missing


# --- every piece -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paper", "large"), [("letter", False), ("a4", True)])
@pytest.mark.parametrize("piece", [*MAKERS, *document_makers()])
def test_a_piece_is_tagged_titled_and_carries_its_fonts(piece: str, paper: str, large: bool) -> None:
    """Structure, title, language, embedded fonts, the paper that was asked for; no path of this computer."""
    raw = pdf(piece, paper=paper, large=large)
    with pikepdf.open(io.BytesIO(raw)) as document:
        root = document.Root
        assert root.MarkInfo.Marked and root.StructTreeRoot.K
        assert str(root.Lang) == "en" and str(document.docinfo["/Title"]).endswith("· Safekeeping")
        assert document.open_metadata()["pdfuaid:part"] == "1"
        wide, high = sorted(float(side) for side in document.pages[0].MediaBox[2:])
        assert (round(wide), round(high)) == ((595, 842) if paper == "a4" else (612, 792))
        fonts = [font for page in document.pages for font in page.Resources.get("/Font", {}).values()]
        inner = [font.DescendantFonts[0].FontDescriptor for font in fonts]
        assert inner and all("/FontFile2" in one or "/FontFile3" in one for one in inner)
    assert str(Path.home()).encode() + b"/" not in raw and str(HERE.root).encode() not in raw


@pytest.mark.parametrize("piece", [*MAKERS, *document_makers()])
def test_a_piece_says_that_nobody_outside_reviewed_it(piece: str) -> None:
    """On its first page; and each page says how many there are."""
    pages = read(pdf(piece)).split("\f")[:-1]
    assert CONTENT.review_label() in words(pages[0])
    feet = [n for n, page in enumerate(pages, 1) if f"Page {n} of {len(pages)}" in page]
    assert feet == [n for n in range(1, len(pages) + 1) if piece != "room-safety" or n == 1]  # the rest are door signs


@pytest.mark.parametrize("piece", [*MAKERS, "documents/handbook.pdf"])
def test_large_print_is_at_least_eighteen_points(piece: str) -> None:
    """Drawings and lines of time, too; but for what the foot says of the document beside the number of the page."""
    assert {one for one in sizes(pdf(piece, large=True)) if one < 18} <= {12.0, 10.5, 9.0}


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("piece", [*MAKERS, *document_makers()])
def test_no_word_stands_on_another_or_over_the_edge(piece: str, large: bool, tmp_path: Path) -> None:
    """A column too narrow for its longest word would print it across its neighbour."""
    assert colliding(pdf(piece, paper="a4" if large else "letter", large=large), tmp_path) == []


def test_the_same_job_gives_the_same_bytes() -> None:
    """So that an unchanged pack stays unchanged."""
    job = job_of()
    assert [name for name, make in MAKERS.items() if make(job) != make(job)] == []


# --- handouts --------------------------------------------------------------------------------------------------------


def _lines(one: sheets.Sheet) -> list[str]:
    found = [one.title, one.lead]
    for block in one.blocks:
        parts = (block.heading, block.text, *block.steps, *block.points, *block.say, *block.avoid)
        found += [part for part in parts if part]
    return found


def test_each_handout_has_one_page_with_all_its_words_in_order() -> None:
    """And so has the room-safety sheet, before the signs."""
    every = sheets.handouts(HERE)
    pages = read(pdf("handouts")).split("\f")[:-1]
    assert len(pages) == len(every)
    for one, page in zip(every, pages, strict=True):
        assert in_order(words(page), _lines(one)) == [], one.id
    assert in_order(words(read(pdf("room-safety")).split("\f")[0]), _lines(sheets.room_safety(HERE))) == []


def test_handouts_tell_no_answer_and_no_script() -> None:
    """They are for participants."""
    text, plan = said(pdf("handouts")), job_of().plan
    script_lines = [words(line) for step in plan.steps() for line in (*step.say, *step.do, step.watch) if line]
    told = script_lines + secrets_of(CONTENT, list(plan.stories()), [one.id for one in CONTENT.every("item")])
    assert [one for one in told if len(one) > 20 and one in text] == []


def test_signs_for_doors_never_name_the_subject() -> None:
    """Whoever passes by learns nothing about those who are inside."""
    signs = words(" ".join(read(pdf("room-safety")).split("\f")[1:]))
    assert "Quiet room" in signs and not re.search(r"child|sexual|abuse|exploit|traffick|Safekeeping", signs, re.I)


def test_a_handout_longer_than_a_page_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page is cut, and no letters become too small to read."""
    one = sheets.handouts(HERE)[0]
    long = replace(one, blocks=one.blocks * 6)
    monkeypatch.setattr(sheets, "handouts", lambda _: [long])
    with pytest.raises(TypesetError, match=f"{one.id} is longer than one page .* shorten it"):
        handouts(job_of())


def test_hostile_words_are_printed_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a handout, in a chart, in a plan and in a document; no text becomes markup, and no file is read."""
    job = job_of()
    one, chart = sheets.handouts(HERE)[0], sheets.charts(HERE)[0]
    block = replace(one.blocks[0], heading=HOSTILE, text=HOSTILE, say=(HOSTILE,), fields=(HOSTILE,))
    monkeypatch.setattr(sheets, "handouts", lambda _: [replace(one, title=HOSTILE, blocks=(block,))])
    stops = (replace(chart.stops[0], text=HOSTILE, say=""), *chart.stops[1:])
    monkeypatch.setattr(sheets, "charts", lambda _: [replace(chart, title=HOSTILE, say=(HOSTILE,), stops=stops)])
    session = job.plan.sessions[0]
    steps = (replace(session.steps[0], title=HOSTILE, say=(HOSTILE,), watch=HOSTILE), *session.steps[1:])
    plan = replace(job.plan, title=HOSTILE, sessions=(replace(session, steps=steps),))
    job = replace(job, plan=plan)
    for make, least in ((handouts, 4), (charts, 3), (run_sheet, 2), (script, 2), (materials, 1)):
        text = re.sub(r"\s", "", read(make(job)))
        assert text.count(re.sub(r"\s", "", HOSTILE)) >= least, make.__name__
        assert "root:" not in text


# --- charts ----------------------------------------------------------------------------------------------------------


def test_every_case_is_drawn_on_one_page_and_told_on_the_next() -> None:
    """Each step with its number and its words on both; each answer with the number to which it leads."""
    pages = [words(page) for page in read(pdf("charts")).split("\f")[:-1]]
    every = sheets.charts(HERE)
    assert len(pages) == 2 * len(every) == 10
    for one, drawn, told in zip(every, pages[::2], pages[1::2], strict=True):
        number = {stop.id: n for n, stop in enumerate(one.stops, 1)}
        assert words(one.title) in drawn
        for stop in one.stops:
            kind = "Question" if stop.branches else "Do" if stop.go_to else "End"
            assert f"{number[stop.id]} {kind} {words(stop.text)}" in drawn, (one.id, stop.id)
            assert f"{number[stop.id]}. {kind}. {words(stop.text)}" in told, (one.id, stop.id)
            for way in stop.branches:
                assert f"{words(way.answer)} to {number[way.go_to]}" in drawn, (one.id, stop.id)
                assert f"{words(way.answer)}: go on with {number[way.go_to]}." in told, (one.id, stop.id)
        assert in_order(told, [*one.say, *one.avoid]) == []


def test_letters_of_a_chart_are_never_smaller_than_nine_points() -> None:
    """Even the kind of a step; only the foot stands below that."""
    assert min(sizes(pdf("charts")) - {8.0}) >= 9 * 0.84


def test_in_large_print_every_step_of_a_chart_says_where_to_go_on() -> None:
    """Its ways may lead to another page, so each box names the number; no page holds a lone step."""
    pages = [words(page) for page in read(pdf("charts", large=True)).split("\f")[:-1]]
    text = " ".join(pages)
    for one in sheets.charts(HERE):
        number = {stop.id: n for n, stop in enumerate(one.stops, 1)}
        for stop in one.stops:
            ends = [f"{words(way.answer)} to {number[way.go_to]}" for way in stop.branches]
            if stop.go_to:
                ends = [f"Go on with {number[stop.go_to]}."]
            kind = "Question" if stop.branches else "Do" if stop.go_to else "End"
            assert f"{number[stop.id]} {kind} {words(stop.text)}" in text, (one.id, stop.id)
            assert all(end in text for end in ends), (one.id, stop.id)
    drawn = [page for page in pages if re.search(r"\b\d+ (Do|Question|End) ", page)]
    assert all(len(re.findall(r"\b\d+ (?:Do|Question|End) ", page)) > 1 for page in drawn)


def test_a_chart_too_large_for_its_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its id, rather than drawn over the edge."""
    one = sheets.charts(HERE)[0]
    stops = tuple(replace(stop, text=stop.text * 6) for stop in one.stops)
    monkeypatch.setattr(sheets, "charts", lambda _: [replace(one, stops=stops)])
    with pytest.raises(TypesetError, match=f"{one.id} does not fit a page"):
        charts(job_of())


# --- run sheet and script --------------------------------------------------------------------------------------------


def clock(minute: int) -> str:
    """As on the sheet."""
    return f"{minute // 60}:{minute % 60:02}"


@pytest.mark.parametrize("name", NAMES)
def test_the_run_sheets_minutes_are_the_plans(name: str) -> None:
    """From and to, least, planned and most, step by step, to the end of each session."""
    plan, wanted = job_of(name).plan, []
    for session in plan.sessions:
        end = 0
        for n, (start, step) in enumerate(session.timed(), 1):
            end = start + step.planned
            length = f"{step.planned} {step.least} to {step.most}" if step.least < step.most else f"{step.planned}"
            wanted.append(f"{clock(start)} {clock(end)} {length} {n} {step.title}")
        assert end == session.minutes
    assert in_order(said(pdf("run-sheet", name)), wanted) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_never_cut_is_marked_and_the_rest_has_a_place_in_the_cutting(name: str) -> None:
    """As often as the plan says."""
    plan, text = job_of(name).plan, said(pdf("run-sheet", name))
    kept = [step for step in plan.steps() if step.keep]
    assert text.count(f"{CONTENT.words('run-sheet')['never']} ") >= len(kept) >= 4
    for session in plan.sessions:
        order = cutting(session)
        assert [one.cut_rank for one in order] == sorted(step.cut_rank for step in session.steps if step.cut_rank)
        assert not [step for step in order if step.keep]
        for place, step in enumerate(order, 1):
            assert f"Late, cut {place}: {words(step.cut)}" in text, step.id


@pytest.mark.parametrize("name", NAMES)
def test_slide_numbers_are_those_of_the_deck(name: str) -> None:
    """Counted from what the deck really shows."""
    job = job_of(name)
    slides = plan_slides(job.plan, Setting(CONTENT, HERE, CONTENT.words("page"), audience=False))
    text, number = said(pdf("run-sheet", name)), 0
    for session in job.plan.sessions:
        number += 1
        for step in session.steps:
            if step.slides:
                last = number + len(step.slides)
                assert (f"Slides {number + 1} to {last}" if last > number + 1 else f"Slide {last}") in text
                number = last
    assert number == len(slides)


def test_a_start_on_the_card_gives_times_of_day() -> None:
    """And the card's room and people stand at the top."""
    card = LocalCard(place="Town hall", room="Room 4", quiet_room="Room 5", starts="18:30", people=17)
    text = said(run_sheet(job_of(local=card)))
    assert "Town hall, Room 4" in text and "Room 5" in text and "18:30 18:35" in text and "19:57 20:00" in text


@pytest.mark.parametrize("name", NAMES)
def test_the_script_holds_every_word_the_private_way_first(name: str) -> None:
    """Then what to do, say and ask; then the way without a screen."""
    plan, text = job_of(name).plan, said(pdf("script", name))
    for step in plan.steps():
        wanted = [step.title, step.twin, *step.do, *step.say, *step.ask, step.low_tech, step.watch, step.cut, step.add]
        assert in_order(text, [one for one in wanted if one]) == [], step.id
        if step.keep == "debrief":
            for id in step.cards:
                said_after = CONTENT.get("scenario", id).debrief
                parts = ("settle", "facts", "choices", "principle", "action")
                assert in_order(text, [getattr(said_after, part) for part in parts]) == [], id


def test_what_a_script_reads_from_elsewhere_is_in_the_pack() -> None:
    """A leader without the course at hand finds the questions that a step works with in the workbook."""
    for name, sets in (("child-welfare-180", {"m7-threshold"}), ("general-3x90", {"m7-threshold", "m6-hard-moments"})):
        job = job_of(name)
        printed = {item.id for one in practice(job) for item in one.items}
        assert all(printed >= set(CONTENT.get("set", id).items) for id in sets)
        text = " ".join(" ".join((*step.say, *step.do)) for step in job.plan.steps())
        elsewhere = r"\b(from|of) the part\b|\bpart (one|two|three|four|five|six|seven|eight|nine|ten)\b"
        assert not re.search(elsewhere, text)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("Welcome. My name is Ana. We begin.",), "Welcome. My name is Ana. …"),
        (("One whole sentence here.",), "One whole sentence here."),
        (("A first long sentence. More.", "A second long one."), "A first long sentence. A second long one. …"),
    ],
)
def test_in_short_means_whole_sentences(given: tuple[str, ...], wanted: str) -> None:
    """With dots where the script has more."""
    assert short(given) == wanted


# --- materials -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 12, 18, 25, 26])
@pytest.mark.parametrize("name", NAMES)
def test_counts_are_enough_for_every_step(name: str, people: int) -> None:
    """Each step has what it needs, however few or many come; nothing is counted twice over steps."""
    job = job_of(name, local=LocalCard(people=people))
    heads: dict[str, Callable[[int], int]] = {
        "head": lambda n: n * people + SPARE, "three": lambda n: n * ceil(people / 3),
        "table": lambda n: n * ceil(people / 6), "leader": lambda n: n * 2, "room": lambda n: n,
    }  # fmt: skip
    for one in job.plan.materials:
        needs = [need for step in job.plan.steps() for need in step.material if need.id == one.id]
        assert expected(job).of(most(job, one)) == max(heads[need.per](need.count) for need in needs), one.id


def test_the_list_shows_this_workshop_and_three_sizes() -> None:
    """For a thing for each head: two more than people."""
    text = said(materials(job_of(local=LocalCard(people=15, tables=4))))
    name = next(one.name for one in job_of().plan.materials if one.id == "workbook")
    assert f"17 {name}" in text and "14 20 27" in text
    assert "15 participants, 5 groups of three, 4 tables and 2 leaders" in text
    assert group(job_of().plan, 15, 4).of(Need(id="x", count=2, per="table")) == 8
    assert "not known yet" not in text and "not known yet" in said(pdf("materials"))


# --- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", list(document_makers()))
def test_a_document_begins_with_what_it_is_and_keeps_its_order(piece: str) -> None:
    """For whom, minutes, version, licence; then every heading; nothing of its Markdown is left over."""
    path = next(one for one in texts.every(HERE.facilitator) if one.stem == Path(piece).stem)
    one, text = texts.read(path, path.name), said(pdf(piece))
    front = [one.front.title, one.front.purpose, one.front.audience.rstrip(".")]
    facts = [f"{one.front.minutes} minutes", f"{one.front.version}, {one.front.date}", one.front.licence]
    assert in_order(text, front + facts + [section.heading for section in one.sections[1:]]) == []
    assert not re.search(r"\{\{|\]\(|\*\*|\+\+\+|\|---", text)


@pytest.mark.parametrize("piece", list(document_makers()))
def test_a_claim_in_a_document_stands_with_its_figure_and_its_caveat(piece: str) -> None:
    """Whoever reads the number reads what limits it."""
    path = next(one for one in texts.every(HERE.facilitator) if one.stem == Path(piece).stem)
    text = said(pdf(piece))
    for id in texts.read(path, path.name).printed:
        claim = CONTENT.get("claim", id)
        figure = [claim.figure.value] if claim.figure and not claim.do_not_use else []
        assert in_order(text, [*figure, claim.text, *([claim.caveat] if claim.caveat else [])]) == [], id
