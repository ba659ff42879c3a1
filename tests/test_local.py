"""The local pathway card: what a person may type, and what is refused in words that help."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safekeeping.faults import ContentError
from safekeeping.library import Library, course
from safekeeping.plans import audiences, plan
from safekeeping.publish.job import Job
from safekeeping.publish.local import EXPIRES, confirmations, number_fault, read_local
from safekeeping.publish.traced import Traced

TODAY = date(2026, 11, 22)
CARD = """format = 1
organisation = "Cedar Bend School"
place = "Library"
date = "2026-12-04"
starts = "14:30"
people = 18

[[line]]
id = "report-line"
name = "County child protection line"
number = "555-0100 x12"
confirmed_on = "2026-11-20"
confirmed_by = "deputy head"

[[line]]
id = "lead"
name = "Safeguarding lead"
"""


def read(tmp_path: Path, text: str) -> object:
    """The card from this text."""
    path = tmp_path / "local.toml"
    path.write_text(text, encoding="utf-8")
    return read_local(path, TODAY)


def test_a_card_is_read_and_knows_what_is_confirmed(tmp_path: Path) -> None:
    """A number counts for ninety days; a line without one never does."""
    path = tmp_path / "local.toml"
    path.write_text(CARD, encoding="utf-8")
    card = read_local(path, TODAY)
    first, second = card.lines
    assert first.confirmed(TODAY) and not second.confirmed(TODAY)
    assert first.expires() == date(2026, 11, 20) + EXPIRES
    assert first.confirmed(date(2026, 11, 20) + EXPIRES - timedelta(days=1))
    assert not first.confirmed(date(2026, 11, 20) + EXPIRES)
    assert card.line("lead") is second and card.line("police") is None


@pytest.mark.parametrize(
    ("old", "new", "rule", "says"),
    [
        ("555-0100 x12", "555-O100", "number", 'the letter "O" in the number "555-O100"'),
        ("555-0100 x12", "call the desk", "number", 'the letter "c"'),
        ("555-0100 x12", "55#", "number", 'the number "55#"'),
        ("2026-12-04", "4 December", "date", '"4 December"'),
        ("14:30", "25:00", "time", '"25:00"'),
        ("2026-11-20", "2026-11-31", "date", '"2026-11-31"'),
        ("2026-11-20", "2026-11-23", "date", "still to come"),
        ('confirmed_by = "deputy head"\n', "", "confirmed-by", "a day and no role"),
        ("people = 18", "people = -1", "count", "-1"),
        ('id = "lead"', 'id = "leed"', "not-allowed", '"leed"'),
        ("people = 18", "peeple = 18", "unknown-key", 'the key "peeple"'),
    ],
)
def test_what_cannot_be_right_is_told_with_a_remedy(tmp_path: Path, old: str, new: str, rule: str, says: str) -> None:
    """Where, what came, what is allowed, what to do."""
    with pytest.raises(ContentError) as error:
        read(tmp_path, CARD.replace(old, new))
    (fault,) = error.value.faults
    assert fault.rule == rule
    assert says in fault.came
    assert fault.allowed and fault.remedy


def test_all_faults_of_a_card_come_at_once(tmp_path: Path) -> None:
    """Nobody likes to be told one thing at a time."""
    with pytest.raises(ContentError) as error:
        read(tmp_path, CARD.replace("555-0100 x12", "555-O100").replace("14:30", "late"))
    assert {fault.rule for fault in error.value.faults} == {"number", "time"}


@given(st.from_regex(r"\+?[1-9][0-9]{2}[ -][0-9]{3}[ -][0-9]{4}( x[0-9]{1,4})?", fullmatch=True))
def test_numbers_as_people_write_them_pass(number: str) -> None:
    """With spaces, hyphens, a plus, an extension."""
    assert number_fault(number) == ""


@given(st.text(max_size=40).filter(lambda text: any(mark.isalpha() for mark in text) and "x" not in text.lower()))
def test_a_letter_never_passes_for_a_number(text: str) -> None:
    """An O for a zero would lead nowhere."""
    if "ext" not in text:
        assert number_fault(text)


def test_confirmations_are_read_or_refused_all_at_once() -> None:
    """Unknown contact, a day to come, no day."""
    known = ["emergency-911", "nhth"]
    assert confirmations(["nhth=2026-11-20"], known, TODAY) == {"nhth": date(2026, 11, 20)}
    with pytest.raises(ContentError) as error:
        confirmations(["nhht=2026-11-20", "nhth=2027-01-01", "nhth"], known, TODAY)
    assert [fault.rule for fault in error.value.faults] == ["unknown-contact", "date", "date"]
    assert error.value.faults[0].remedy == 'Did you mean "nhth"?'


def test_a_confirmation_counts_for_ninety_days_and_only_for_its_contact() -> None:
    """Expired counts as never."""
    library = Library()
    job = Job(
        library=library, course=course(), plan=plan(library, course(), "general-60"),
        audience=audiences(course())["general"], today=TODAY,
        confirmed={"nhth": TODAY - timedelta(days=89), "childhelp": TODAY - timedelta(days=90)},
    )  # fmt: skip
    assert job.confirmed_on(library.get("contact", "nhth")) == TODAY - timedelta(days=89)
    assert job.confirmed_on(library.get("contact", "childhelp")) is None
    assert job.confirmed_on(library.get("contact", "emergency-911")) is None


def test_a_confirmed_contact_is_shown_as_confirmed_everywhere() -> None:
    """The library of a pack carries the day, so slides, cards and pages agree."""
    library = Traced(confirmed={"nhth": TODAY}, by="the facilitator")
    assert library.get("contact", "nhth").checked_on == "2026-11-22"
    assert library.get("contact", "nhth").checked_by == "the facilitator"
    assert library.get("contact", "childhelp").checked_on == ""
