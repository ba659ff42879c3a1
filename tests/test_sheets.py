"""Handouts, room safety and disclosure charts: read whole, refused with where and what, charts that lead forward."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from safekeeping import sheets
from safekeeping.faults import ContentError, WrongCall
from safekeeping.library import Course, course

CHART = """format = 1
[[flowchart]]
id = "case"
title = "A case"
lead = "It begins."
[[flowchart.step]]
id = "first"
text = "Is it raining?"
[[flowchart.step.branch]]
answer = "Yes"
go_to = "stay"
[[flowchart.step.branch]]
answer = "No"
go_to = "go"
[[flowchart.step]]
id = "stay"
text = "Stay."
[[flowchart.step]]
id = "go"
text = "Go out."
"""


@pytest.fixture
def own(tmp_path: Path) -> Course:
    """A copy of the facilitator's files that a test may change."""
    shutil.copytree(course().facilitator, tmp_path / "facilitator")
    return Course(tmp_path)


@pytest.fixture
def chart(own: Course) -> Callable[[str, str], list[sheets.Chart]]:
    """The charts of a file with one small chart in which something is replaced."""

    def read(old: str, new: str) -> list[sheets.Chart]:
        assert old in CHART
        (own.facilitator / "flowcharts.toml").write_text(CHART.replace(old, new, 1), encoding="utf-8")
        return sheets.charts(own)

    return read


def test_the_course_has_its_handouts_room_safety_and_five_cases() -> None:
    """In their order, each with its own place."""
    every = sheets.handouts(course())
    assert [one.order for one in every] == sorted({one.order for one in every})
    assert {"first-words", "four-steps", "writing-down", "online", "language", "self-care"} == {one.id for one in every}
    assert len(sheets.charts(course())) == 5
    assert sheets.room_safety(course()).blocks


def test_a_handout_is_found_by_id_and_a_near_name_is_offered() -> None:
    """A wrong id is a wrong call."""
    assert sheets.handout(course(), "first-words").id == "first-words"
    with pytest.raises(WrongCall, match='"first-words"'):
        sheets.handout(course(), "first-word")


def test_a_retired_handout_is_not_handed_out(own: Course) -> None:
    """It stays in its file."""
    path = own.facilitator / "handouts" / "online.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("format = 1", "format = 1\nretired = true", 1), "utf-8")
    assert "online" not in [one.id for one in sheets.handouts(own)]


def test_a_wrong_key_is_told_with_its_file_and_place(own: Course) -> None:
    """All faults of all files in one run."""
    for name in ("online", "language"):
        path = own.facilitator / "handouts" / f"{name}.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("lead =", "leed =", 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        sheets.handouts(own)
    assert {fault.file.rpartition("/")[2] for fault in caught.value.faults} == {"online.toml", "language.toml"}
    assert any('"lead"' in fault.remedy for fault in caught.value.faults)


def test_a_right_chart_is_read(chart: Callable[[str, str], list[sheets.Chart]]) -> None:
    """The twin of the broken ones below."""
    one = chart("Stay.", "Stay in.")[0]
    assert [(way.answer, way.go_to) for way in one.stops[0].ways] == [("Yes", "stay"), ("No", "go")]
    assert one.stops[1].ways == ()


@pytest.mark.parametrize(
    ("old", "new", "came", "remedy"),
    [
        ('go_to = "go"', 'go_to = "goo"', 'go_to = "goo"', '"go"'),
        ('text = "Go out."', 'text = "Go out."\ngo_to = "stay"', 'back to "stay"', "forward"),
        ('go_to = "stay"', 'go_to = "go"', "no way leads here", "Lead to it"),
        ('id = "go"', 'id = "stay"', 'two steps "stay"', "Rename"),
        ('text = "Is it raining?"', 'text = "Is it raining?"\ngo_to = "go"', "branches and go_to", "branches"),
        ('[[flowchart.step.branch]]\nanswer = "No"\ngo_to = "go"\n', "", "1 answers", "simpler"),
    ],
)
def test_a_chart_that_cannot_be_followed_is_refused(
    chart: Callable[[str, str], list[sheets.Chart]], old: str, new: str, came: str, remedy: str
) -> None:
    """Where, what came, and what to do."""
    with pytest.raises(ContentError) as caught:
        chart(old, new)
    assert any(came in fault.came and remedy in fault.remedy for fault in caught.value.faults)
    assert all(fault.file == "facilitator/flowcharts.toml" and "case" in fault.at for fault in caught.value.faults)


def test_a_chart_with_too_many_steps_is_refused(chart: Callable[[str, str], list[sheets.Chart]]) -> None:
    """A page holds twelve."""
    more = "".join(f'[[flowchart.step]]\nid = "s{n}"\ntext = "Step."\ngo_to = "s{n + 1}"\n' for n in range(12))
    chain = more + '[[flowchart.step]]\nid = "s12"\ntext = "End."\n'
    with pytest.raises(ContentError, match=r"15 steps|16 steps"):
        chart('text = "Go out."\n', f'text = "Go out."\ngo_to = "s0"\n{chain}')
