"""The print house: tagged and titled, equal to the records, in the right order, and audience copies without answers."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from safekeeping import instruments, plans, sheets
from safekeeping.faults import ContentError, WrongCall
from safekeeping.library import Course, Library, course
from safekeeping.publish import print as house
from safekeeping.publish.job import Job
from safekeeping.publish.local import Line, LocalCard
from safekeeping.publish.names import Name
from safekeeping.publish.print import certificate, documents, handouts, pathway, workbook
from safekeeping.publish.print.reading import shown
from safekeeping.publish.typeset import TypesetError
from safekeeping.records import texts

TODAY = date(2026, 11, 22)
PLANS = ("educators-90", "child-welfare-180", "hospitality-60")
# What participants may hold in their hands.
AUDIENCE = ("scenario-cards.pdf", "workbook.pdf", "handouts.pdf", "pathway-card.pdf", "forms.pdf", "certificate.pdf")
CARD = LocalCard(
    organisation="Cedar Bend School", place="Main Street", room="Room 4", quiet_room="Library", date="2026-12-03",
    starts="13:30", people=12, tables=3, owner="Deputy head", procedure="shelf by the door",
    lines=(
        Line(id="report-line", name="County line", number="555-0100", confirmed_on="2026-11-20", confirmed_by="host"),
        Line(id="lead", name="Deputy head", number="555-0111"),
        Line(id="police", name="Station", number="555-0122", confirmed_on="2026-01-05", confirmed_by="host"),
        Line(id="other", name="Youth centre", number="555-0133", confirmed_on="2026-11-20", confirmed_by="host"),
    ),
)  # fmt: skip

FOOT = re.compile(r"^Safekeeping \d+\.\d+\.\d+ · .*CC BY 4\.0.*$|^Page \d+ of \d+$", re.MULTILINE)


def job_for(plan: str, **more: Any) -> Job:
    """A job for one of the course's plans."""
    library, where = Library(), course()
    made = plans.plan(library, where, plan)
    audience = plans.audiences(where)[made.audience]
    return Job(library=library, course=where, plan=made, audience=audience, today=TODAY, **more)


@pytest.fixture(scope="session")
def jobs() -> dict[str, Job]:
    """A job for each of three plans."""
    return {plan: job_for(plan) for plan in PLANS}


@pytest.fixture(scope="session")
def made(jobs: dict[str, Job]) -> Callable[[str, str], bytes]:
    """``made(plan, file)``: one piece, made once."""
    kept: dict[tuple[str, str], bytes] = {}

    def make(plan: str, file: str) -> bytes:
        if (plan, file) not in kept:
            kept[plan, file] = house.pieces(jobs[plan])[file](jobs[plan])
        return kept[plan, file]

    return make


@pytest.fixture
def job(jobs: dict[str, Job]) -> Job:
    """Ninety minutes for educators, nothing local known."""
    return jobs["educators-90"]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], str]:
    """What can be copied out of a PDF, in its reading order, without spaces and without the foot of each page."""

    def text(pdf: bytes) -> str:
        path = tmp_path / "read.pdf"
        path.write_bytes(pdf)
        found = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
        return flat(FOOT.sub("", found.stdout.decode().replace("\f", "\n")))

    return text


def flat(text: str) -> str:
    """Text without what differs between a record and a line of print: spaces, and breaks after hyphens and slashes."""
    return re.sub(r"\s+", "", text)


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def structure(node: Any) -> Iterator[str]:
    """The structure types below a node, in reading order."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from structure(one)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        if "/K" in node:
            yield from structure(node.K)


# --- every piece -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", PLANS)
def test_every_piece_is_tagged_titled_and_says_that_nobody_reviewed_it(
    plan: str, jobs: dict[str, Job], made: Callable[[str, str], bytes], read: Callable[[bytes], str]
) -> None:
    """Structure with a heading, title, language, PDF/UA mark, embedded fonts, and the label about review."""
    for file in house.pieces(jobs[plan]):
        pdf = made(plan, file)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            root = document.Root
            tags = list(structure(root.StructTreeRoot.K))
            assert "/H1" in tags, file
            assert str(root.Lang).startswith("en"), file
            with document.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1", file
                assert str(metadata["dc:title"]).endswith("· Safekeeping"), file
            for page in document.pages:
                for font in page.Resources.get("/Font", {}).values():
                    inner = font.DescendantFonts[0].FontDescriptor
                    assert "/FontFile2" in inner or "/FontFile3" in inner, file
        assert flat("Not yet externally reviewed") in read(pdf), file


def test_headings_never_skip_a_level(jobs: dict[str, Job], made: Callable[[str, str], bytes]) -> None:
    """So a screen reader's list of headings is an outline."""
    for file in house.pieces(jobs["child-welfare-180"]):
        with pikepdf.open(io.BytesIO(made("child-welfare-180", file))) as document:
            levels = [int(tag[2]) for tag in structure(document.Root.StructTreeRoot.K) if re.fullmatch(r"/H[1-6]", tag)]
        assert levels[0] == 1, file
        assert all(after <= before + 1 for before, after in pairwise(levels)), file


@pytest.mark.parametrize("plan", PLANS)
def test_what_participants_hold_has_no_answer_no_reason_and_no_note(
    plan: str, jobs: dict[str, Job], made: Callable[[str, str], bytes], read: Callable[[bytes], str]
) -> None:
    """No feedback, debrief, thinking aloud, rationale, model, accurate sentence, key mark, or line of the script."""
    job = jobs[plan]
    secrets: set[str] = set()
    hidden = (".rationale", ".accurate", ".model", ".feedback", ".aloud", ".settle", ".facts", ".choices", ".action")
    for one in [*job.library.every("item"), *job.library.every("scenario")]:
        secrets |= {text for key, text in texts(one) if key.endswith(hidden)}
    for step in job.plan.steps():
        secrets |= {*step.say, *step.do, step.watch, step.cut}
    secrets |= {text for _, text in instruments.accurate(job.library)}
    words = job.library.words("form")
    marks = [words["authors_choice"], words["authors_rating"].partition("{")[0], words["authors_order"]]
    long = [flat(text) for text in secrets if len(text) > 25]
    assert len(long) > 1500
    for file in AUDIENCE:
        text = read(made(plan, file))
        assert [one for one in long if one in text] == [], file
        assert [mark for mark in marks if flat(mark) in text] == [], file


def test_the_same_job_gives_the_same_bytes(job: Job) -> None:
    """A pack that was made once is known again."""
    for file in ("run-sheet.pdf", "scenario-cards.pdf", "forms.pdf", "documents/handbook.pdf"):
        make = house.pieces(job)[file]
        assert make(job) == make(job)


# --- run sheet, script, materials ------------------------------------------------------------------------------------


def test_every_material_of_a_plan_stands_on_the_list(
    job: Job, made: Callable[[str, str], bytes], read: Callable[[bytes], str]
) -> None:
    """With its note; and what is printed names a piece of the pack that exists."""
    text = read(made("educators-90", "materials.pdf"))
    for one in job.plan.materials:
        assert flat(one.name) in text and flat(one.note) in text
        assert not one.printed or f"{one.printed}.pdf" in house.PIECES


# --- workbook, answers, forms ----------------------------------------------------------------------------------------


def test_the_workbook_asks_what_the_answers_answer(
    job: Job, made: Callable[[str, str], bytes], read: Callable[[bytes], str]
) -> None:
    """The same questions under the same numbers; every option; each question once; test items never."""
    book, key = (read(made("educators-90", f"{name}.pdf")) for name in ("workbook", "answers"))
    every = [item for one in workbook.practice(job) for item in one.items]
    assert len(every) == len({item.id for item in every}) > 10
    assert {item.use for item in every} == {"practice"}
    for one in workbook.practice(job):
        for number, item in enumerate(one.items, 1):
            assert flat(f"{number}. {item.stem}") in book and flat(f"{number}. {item.stem}") in key
            assert all(flat(option.text) in book for option in item.options)
            assert all(flat(option.rationale) in key for option in item.options)


def test_every_kind_of_question_can_be_printed(job: Job, read: Callable[[bytes], str]) -> None:
    """Choices, ratings, myths, groups, orders and own words, in the workbook and in the answers."""
    from safekeeping.publish.print.practice import Practice
    from safekeeping.publish.print.press import press

    kinds = {item.type: item for item in job.library.every("item") if item.use == "practice" and not item.pair}
    assert set(kinds) == {"MC", "MR", "SJ", "CL", "SEQ", "SR"}
    one = Practice("All", tuple(kinds.values()))
    sets = [one.answers(job.library.words("form"))]
    key = read(press(job, "answers", "T", {"plan": "P", "sets": sets}, words="workbook"))
    rows = one.questions(job.library.words("form"))["items"]
    assert [part for row in rows for part in row["parts"] if row["type"] == "SEQ"] == sorted(
        step.text for step in kinds["SEQ"].steps
    )
    for item in kinds.values():
        reasons = [part.rationale for part in (*item.options, *item.actions, *item.cases, *item.steps)]
        assert all(flat(text) in key for text in (*reasons, item.accurate, item.model))


def test_forms_are_the_instruments_question_by_question(
    job: Job, made: Callable[[str, str], bytes], read: Callable[[bytes], str]
) -> None:
    """Both forms of each wave, every question under its label, every option with its letter, "don't know", the code."""
    text = read(made("educators-90", "forms.pdf"))
    for wave, length in (("pre", job.plan.pre), ("post", job.plan.post)):
        for form in ("A", "B"):
            sheet = instruments.sheet(job.library, wave, form, int(length))
            assert text.count(flat(f"{sheet.title}Form {form}")) == 1
            assert all(flat(one.text) in text for one in sheet.codes)
            for question in (one for part in sheet.parts for one in part.questions):
                assert flat(f"{question.label}. {question.text}") in text
                assert all(flat(f"{letter} {words}") in text for letter, words in question.answers)
    assert flat("?Don’t know") in text


def test_a_plan_without_forms_has_only_the_page_about_them(job: Job) -> None:
    """Nothing is invented."""
    assert pages(house.PIECES["forms.pdf"](replace(job, plan=replace(job.plan, pre="", post="", follow="")))) == 1


# --- pathway card, certificate ---------------------------------------------------------------------------------------


def test_a_card_that_nobody_filled_in_is_blank_and_every_help_line_is_stamped(
    job: Job, read: Callable[[bytes], str]
) -> None:
    """No local number is guessed; a national one is printed, and marked."""
    card = pathway.card(job)
    assert {line["number"] for line in card["lines"]} == {""}
    assert {one["stamp"] for one in (*card["danger"], *card["others"])} == {"UNCONFIRMED"}
    assert "UNCONFIRMED" in read(pathway.pathway_card(job))


def test_numbers_carry_who_confirmed_them_when_and_until_when(job: Job, read: Callable[[bytes], str]) -> None:
    """Confirmed: role, day and the day of expiry. Never confirmed, or too long ago: the stamp, and the number stays."""
    one = replace(job, local=CARD, confirmed={"emergency-911": date(2026, 11, 21)})
    lines = {line["label"]: line for line in pathway.card(one)["lines"]}
    words = job.library.words("pathway")
    report, lead, police = (lines[words[f"line-{id}"]] for id in ("report-line", "lead", "police"))
    assert report["stamp"] == "" and "2026-11-20" in report["state"] and "host" in report["state"]
    assert "2027-02-18" in report["state"]
    assert lead["stamp"] == "UNCONFIRMED" and lead["number"] == "555-0111"
    assert police["stamp"] == "UNCONFIRMED" and "too old" in police["state"]
    assert pathway.card(one)["danger"][0]["stamp"] == ""
    text = read(pathway.pathway_card(one))
    assert all(line.number in text for line in CARD.lines) and flat("Youth centre") in text


def test_a_confirmation_runs_out_on_the_ninetieth_day(job: Job) -> None:
    """The stamp returns by itself."""
    days = {day: replace(job, local=CARD, today=day) for day in (date(2027, 2, 17), date(2027, 2, 18))}
    stamps = {day: pathway.card(one)["lines"][0]["stamp"] for day, one in days.items()}
    assert list(stamps.values()) == ["", "UNCONFIRMED"]


def test_the_certificate_says_what_it_is_not(job: Job, read: Callable[[bytes], str]) -> None:
    """Attendance, no licence and no credit; a line for the name, or the name that was typed here."""
    one = replace(job, names=(Name("María O’Neill <b>"),))
    blank, typed = read(certificate.certificate(job)), read(certificate.certificate(one))
    assert flat("It is no licence") in blank and flat("no continuing-education credit") in blank
    assert flat("María O’Neill <b>") in typed and pages(certificate.certificate(job)) == 1


# --- handouts, charts, documents -------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_each_handout_is_one_page_with_every_word_of_its_file(
    paper: Any, job: Job, read: Callable[[bytes], str]
) -> None:
    """On both papers."""
    pdf = handouts.handouts(replace(job, paper=paper))
    every = sheets.handouts(job.course)
    assert pages(pdf) == len(every)
    text = read(pdf)
    for one in every:
        assert flat(one.title) in text and flat(one.lead) in text and flat(one.foot) in text
        for block in one.blocks:
            parts = (block.heading, block.text, *block.steps, *block.points, *block.say, *block.avoid, *block.fields)
            assert all(flat(part) in text for part in parts)


def test_a_handout_that_is_too_long_is_named_with_how_much(job: Job, tmp_path: Path) -> None:
    """Never a second page that nobody sees, nor letters that nobody reads."""
    (tmp_path / "facilitator" / "handouts").mkdir(parents=True)
    lines = ", ".join(['"A long line of words that says the same again and again, without end."'] * 120)
    page = f'format = 1\nid = "long"\norder = 1\ntitle = "Long"\nlead = "Lead."\n[[block]]\npoints = [{lines}]\n'
    (tmp_path / "facilitator" / "handouts" / "long.toml").write_text(page, encoding="utf-8")
    with pytest.raises(TypesetError, match=r"the handout long is longer than one page .* per cent too much"):
        handouts.handouts(replace(job, course=Course(tmp_path)))
    assert pages(handouts.handouts(replace(job, course=Course(tmp_path), large_print=True))) > 1


@pytest.mark.parametrize("path", sorted(course().facilitator.glob("*.md")), ids=lambda path: path.stem)
def test_a_document_is_printed_whole_with_its_claims_in_full(
    path: Path, job: Job, made: Callable[[str, str], bytes], read: Callable[[bytes], str]
) -> None:
    """Every heading, and each claim that it shows with figure, caveat and grade; no mark of Markdown is left."""
    from safekeeping import documents as source

    text = read(made("educators-90", f"documents/{path.stem}.pdf"))
    one = source.read(path, path.name)
    assert flat(one.front.title) in text and flat(one.front.purpose) in text
    assert all(flat(section.heading) in text for section in one.sections)
    for id in one.printed:
        claim = job.library.get("claim", id)
        assert flat(claim.text) in text and flat(claim.caveat) in text
        assert not claim.figure or flat(claim.figure.value) in text
    assert "**" not in text and "{{" not in text and "___" not in text


def test_a_document_with_other_markdown_is_refused_by_name(job: Job, tmp_path: Path) -> None:
    """A picture, for instance."""
    front = (course().facilitator / "pathway-card.md").read_text(encoding="utf-8").split("+++")[1]
    path = tmp_path / "odd.md"
    path.write_text(f"+++{front}+++\n\n# Title\n\n![alt](picture.png)\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"facilitator/odd\.md"):
        documents.document(job, path)


def test_every_kind_that_a_handout_may_show_can_be_printed(job: Job) -> None:
    """One record of each kind, with its own words; a near name is offered for a wrong one."""
    library = job.library
    for kind in ("claim", "contact", "law", "phrase", "entry", "term", "indicator", "setting"):
        one = next(iter(library.every(kind)))
        row = shown(job, one.id)
        assert row["kind"] == kind and (row["text"] or row["title"] or row["rows"])
    with pytest.raises(WrongCall, match=r"nothing called \"no-such-thing\""):
        shown(job, "no-such-thing")


# --- large print -----------------------------------------------------------------------------------------------------


def test_large_print_holds_the_same_words(job: Job, read: Callable[[bytes], str]) -> None:
    """Every piece can be made large, on A4 too; the run sheet and the cards lose no step and no scene."""
    large = replace(job, large_print=True, paper="a4", local=CARD)
    texts_of = {file: read(make(large)) for file, make in house.PIECES.items()}
    for step in job.plan.steps():
        assert flat(step.title) in texts_of["run-sheet.pdf"] and flat(step.watch) in texts_of["run-sheet.pdf"]
    for id in job.plan.stories():
        for node in job.library.get("scenario", id).nodes:
            assert flat(node.text) in texts_of["scenario-cards.pdf"]
            assert all(flat(option.consequence) in texts_of["scenario-cards.pdf"] for option in node.options)
    for chart in sheets.charts(job.course):
        assert all(flat(line) in texts_of["disclosure-flowcharts.pdf"] for line in (*chart.say, *chart.after))
