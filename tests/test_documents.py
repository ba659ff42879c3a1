"""The facilitator's documents: what a file must say about itself, and what `check` finds in its words."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from check.twins import CHARTS, HANDBOOK, HANDOUT, Edit, add, swap
from safekeeping import documents, library
from safekeeping.author.check import Report, check
from safekeeping.faults import ContentError

TODAY = date(2026, 11, 22)


@pytest.fixture
def broken(root: Path) -> Callable[[Edit], Report]:
    """What `check` says after one edit."""

    def run(edit: Edit) -> Report:
        edit(root)
        return check(root / "content", library.Course(root), today=TODAY)

    return run


def test_a_document_is_read_with_its_sections_and_their_lines(root: Path) -> None:
    """A section keeps its heading, level, anchor and line; what is printed from the evidence stands apart."""
    one = documents.read(root / HANDBOOK, HANDBOOK)
    assert (one.front.id, one.front.minutes, one.front.claims) == ("F02", 1, ("change-matters",))
    text = (root / HANDBOOK).read_text(encoding="utf-8").split("\n")
    assert [(s.heading, s.level, s.anchor) for s in one.sections] == [
        ("Handbook", 1, "handbook"), ("Before you begin", 2, "before-you-begin"), ("What to say", 2, "what-to-say"),
    ]  # fmt: skip
    assert all(text[s.line - 1].endswith(s.heading) for s in one.sections)
    assert one.printed == ("change-matters",)
    assert "change-matters" not in one.sections[-1].prose


def test_the_first_document_names_every_document_of_the_pack_once() -> None:
    """F01 to F29 in order; what is written here is linked under its own id, and nothing written is left out."""
    course = library.course()
    ids = {path.name: documents.read(path, path.name).front.id for path in documents.every(course.facilitator)}
    text = (course.facilitator / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (F\d\d) \|(.*)\|$", text, re.MULTILINE)
    assert [id for id, _ in table] == [f"F{n:02d}" for n in range(1, 30)]
    linked = {link: id for id, row in table for link in re.findall(r"\(([a-z-]+\.md)\)", row)}
    assert linked | {"README.md": "F01"} == ids


def test_line_ends_of_another_system_change_nothing(root: Path) -> None:
    """A facilitator may edit on Windows."""
    path = root / HANDBOOK
    before = documents.read(path, HANDBOOK)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert documents.read(path, HANDBOOK) == before


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("# Only a text\n", "no-front-matter", 1),
        ('+++\nformat = 1\nid = "F02"\n', "no-front-matter", 1),
        ('+++\nformat = 1\nid = "open\n+++\n# A\n', "not-toml", 3),
        ('+++\nid = "F02"\n+++\n# A\n', "no-format", 0),
        ("", "no-front-matter", 1),
    ],
)
def test_a_document_without_sound_front_matter_is_one_fault(text: str, rule: str, line: int, tmp_path: Path) -> None:
    """The line counts from the top of the file, not of the keys."""
    path = tmp_path / "handbook.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        documents.read(path, "handbook.md")
    assert [(one.rule, one.line) for one in error.value.faults] == [(rule, line)]


@pytest.mark.parametrize("id", ["../../U02", "..", "U02/x", "U\\\\02", "", "C:02"])
def test_an_id_that_would_lead_to_another_folder_is_a_fault(id: str, root: Path) -> None:
    """Files and pages are named after it."""
    swap(HANDBOOK, 'id = "F02"', f'id = "{id}"')(root)
    with pytest.raises(ContentError) as error:
        documents.read(root / HANDBOOK, HANDBOOK)
    assert [one.rule for one in error.value.faults] == ["wrong-id"]


def test_every_wrong_key_is_named_with_its_line(broken: Callable[[Edit], Report]) -> None:
    """A missing key, a misspelt one and a wrong type in one run; other files are still checked."""

    def edit(root: Path) -> None:
        swap(HANDBOOK, 'audience = "Whoever leads it"', 'audiences = "Whoever leads it"')(root)
        swap(HANDBOOK, "minutes = 1", 'minutes = "one"')(root)
        swap(HANDBOOK, 'licence = "CC BY 4.0"', 'licence = "CC BY-NC"')(root)

    report = broken(edit)
    assert {(one.rule, one.at, one.line) for one in report.faults} == {
        ("unknown-key", "audiences", 6),
        ("missing-key", "", 2),
        ("wrong-type", "minutes", 7),
        ("not-allowed", "licence", 10),
    }


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("document-front", '"F02"', '"F2"'),
        ("document-front", '"1.0"', '"first"'),
        ("document-front", "minutes = 1", "minutes = 30"),
        ("document-markdown", "# Handbook\n", "# Another title\n"),
        ("document-markdown", "## What to say", "#### What to say"),
        ("document-markdown", "Good evening.", "![a picture](x.png)"),
        ("document-markdown", "Good evening.", "Good {{change-matters}} evening."),
        ("document-markdown", 'claims = ["change-matters"]', "claims = []"),
        ("document-links", "../notebooks/00-open.ipynb", "../notebooks/09-open.ipynb"),
        ("document-links", "../notebooks/00-open.ipynb", "../content/glossary.toml"),
        ("document-links", "../notebooks/00-open.ipynb", "https://example.com/"),
        ("document-links", "../notebooks/00-open.ipynb", "//example.com/"),
        ("document-links", "../notebooks/00-open.ipynb", "javascript:alert(1)"),
        ("digits", "at *who* sits", "at the 12 people who sit"),
        ("avoid-term", "at *who* sits", "at a problem kid who sits"),
        ("rescue", "Look at the doors", "Go and rescue the child"),
        ("promise", "Look at the doors", "This will prevent harm: look at the doors"),
        ("score-wording", "Look at the doors", "Work out the risk score of a child"),
        ("unknown-id", 'claims = ["change-matters"]', 'claims = ["change-matters", "change-mutters"]'),
        ("do-not-use", 'claims = ["change-matters"]', 'claims = ["change-matters", "old-number"]'),
        ("unverified-claim", 'claims = ["change-matters"]', 'claims = ["change-matters", "advice-only"]'),
        ("because", "+++\n\n#", 'because = { avoid-terms = "It is taught here." }\n+++\n\n#'),
        ("because", "+++\n\n#", 'because = { promise = "Yes." }\n+++\n\n#'),
    ],
)
def test_a_fault_in_a_document_is_found_where_it_stands(
    rule: str, old: str, new: str, broken: Callable[[Edit], Report]
) -> None:
    """One edit, one rule, in this file, with a line inside it."""
    report = broken(swap(HANDBOOK, old, new))
    assert {(one.rule, one.file) for one in report.faults} == {(rule, HANDBOOK)}
    assert all(one.line > 0 for one in report.faults)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at *who* sits", "at form F13 on A4 paper, under CC BY 4.0, for 20 minutes, at children aged 12"),
        ("at *who* sits", "at [the first part](../notebooks/01-notice.ipynb)"),
        ("{{change-matters}}", ""),
    ],
)
def test_what_a_document_may_hold_passes(old: str, new: str, broken: Callable[[Edit], Report]) -> None:
    """Names of documents and paper are no figures; a listed claim need not be printed."""
    assert broken(swap(HANDBOOK, old, new)).faults == ()


def test_a_printed_claim_may_be_unverified_because_its_grade_is_printed_too(broken: Callable[[Edit], Report]) -> None:
    """As in a notebook: what shows the grade may show the claim."""

    def edit(root: Path) -> None:
        swap(HANDBOOK, "{{change-matters}}", "{{advice-only}}")(root)
        swap(HANDBOOK, '["change-matters"]', '["advice-only"]')(root)

    assert broken(edit).faults == ()


def test_a_phone_number_is_told_as_such_and_as_digits(broken: Callable[[Edit], Report]) -> None:
    """It would be printed without who confirmed it, and when."""
    report = broken(swap(HANDBOOK, "at *who* sits", "at 911 and who sits"))
    assert {one.rule for one in report.faults} == {"phone-number", "digits"}


def test_two_documents_cannot_share_an_id(broken: Callable[[Edit], Report]) -> None:
    """F02 is the handbook, and nothing else."""

    def edit(root: Path) -> None:
        shutil.copyfile(root / HANDBOOK, root / "facilitator" / "manual.md")

    assert [(one.rule, one.file) for one in broken(edit).faults] == [("document-front", "facilitator/manual.md")]


def test_a_reason_in_the_front_matter_sets_a_judged_rule_aside(broken: Callable[[Edit], Report]) -> None:
    """A guide to language must be able to name what it advises against; the report lists it."""

    def edit(root: Path) -> None:
        swap(HANDBOOK, "at *who* sits", "at a problem kid who sits")(root)
        swap(HANDBOOK, "+++\n\n#", 'because = { avoid-term = "This document teaches the term." }\n+++\n\n#')(root)

    report = broken(edit)
    assert report.faults == ()
    assert [(one.rule, one.file) for one in report.exemptions] == [("avoid-term", HANDBOOK)]


def test_a_hard_document_is_told_with_its_grade(broken: Callable[[Edit], Report]) -> None:
    """Facilitators get grade 10 at most; learners' text keeps its own, lower bound."""
    hard = "Multidisciplinary organisational responsibilities necessitate interdisciplinary accountability. " * 20

    def edit(root: Path) -> None:
        swap(HANDBOOK, "Read this a week before.", hard)(root)
        swap(HANDBOOK, "minutes = 1", "minutes = 2")(root)

    report = broken(edit)
    assert [(one.rule, one.allowed) for one in report.faults] == [("reading-level", "at most 10.0")]
    assert report.reading["document handbook"] > 10


def test_a_document_that_goes_away_is_missed(root: Path) -> None:
    """Its id stands on paper in many rooms: the ledger remembers it."""
    course = library.Course(root)
    check(root / "content", course, today=TODAY, register=True)
    (root / HANDBOOK).unlink()
    report = check(root / "content", course, today=TODAY)
    assert [(one.rule, one.came) for one in report.faults] == [("vanished-id", 'the document "F02" is gone')]


def test_a_document_that_cannot_be_read_is_not_called_gone_as_well(root: Path) -> None:
    """One fault, one place to look."""
    course = library.Course(root)
    check(root / "content", course, today=TODAY, register=True)
    swap(HANDBOOK, "minutes = 1", "minutes = ")(root)
    report = check(root / "content", course, today=TODAY)
    assert [(one.rule, one.file) for one in report.faults] == [("not-toml", HANDBOOK)]


@pytest.mark.parametrize(
    ("file", "rule", "old", "new"),
    [
        (HANDOUT, "sheet-form", 'id = "one-page"', 'id = "two-pages"'),
        (HANDOUT, "sheet-form", "order = 1", "order = 0"),
        (HANDOUT, "unknown-id", 'show = ["change-matters"]', 'show = ["change-mutters"]'),
        (HANDOUT, "unknown-id", 'claims = ["change-matters"]', 'claims = ["pattern"]'),
        (HANDOUT, "unknown-key", "points = [", "pionts = ["),
        (HANDOUT, "digits", "Since when?", "Since 2019?"),
        (HANDOUT, "avoid-term", "What is new?", "Is it a problem kid?"),
        (CHARTS, "chart-form", "Stop and listen.", "Stop and listen. " * 11),
        (CHARTS, "chart-form", '["Thank you."]', '["Thank you.", "Yes.", "No.", "Perhaps.", "Later."]'),
        (CHARTS, "chart-form", 'go_to = "call"', 'go_to = "cull"'),
        (CHARTS, "do-not-use", 'claims = ["change-matters"]', 'claims = ["old-number"]'),
        (CHARTS, "rescue", "Call together.", "Go and rescue the child."),
    ],
)
def test_a_fault_in_a_handout_or_chart_is_found_where_it_stands(
    file: str, rule: str, old: str, new: str, broken: Callable[[Edit], Report]
) -> None:
    """What hangs on the wall for years has the rules of all other text."""
    report = broken(swap(file, old, new))
    assert {one.file for one in report.faults} == {file}
    assert rule in {one.rule for one in report.faults}
    assert all(one.line > 0 for one in report.faults)


def test_two_handouts_have_no_place_in_common(broken: Callable[[Edit], Report]) -> None:
    """Both are told, because either may be the wrong one."""

    def edit(root: Path) -> None:
        text = (root / HANDOUT).read_text(encoding="utf-8").replace("one-page", "other-page")
        add("facilitator/handouts/other-page.toml", text)(root)

    assert [one.rule for one in broken(edit).faults] == ["sheet-form", "sheet-form"]
