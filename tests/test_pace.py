"""The pace of a workshop: what is said, read, filled in and done fits into the minutes of each step."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from safekeeping import instruments, pace, plans
from safekeeping.author.plans import check_plan
from safekeeping.faults import WrongCall
from safekeeping.library import Course, Library, course
from safekeeping.plans import Plan, Step

CONTENT, HERE = Library(), course()
BARE = Step(id="bare", title="Bare", least=1, planned=10, most=20, load="light", lead="lead")


@pytest.fixture(scope="module")
def every() -> list[Plan]:
    """Every plan that can be composed."""
    return [plans.plan(CONTENT, HERE, name) for name in plans.names(HERE)]


@pytest.fixture(scope="module")
def hour() -> Plan:
    """A plan with forms of five questions."""
    return plans.plan(CONTENT, HERE, "hospitality-60")


def step_of(plan: Plan, id: str) -> Step:
    return next(step for step in plan.steps() if step.id == id)


def test_words_are_spoken_at_a_hundred_and_thirty_a_minute(hour: Plan) -> None:
    """Two hundred and sixty words and three minutes for the people make five."""
    step = replace(BARE, say=("word " * 130, "word " * 100), ask=("word " * 30,), activity=3)
    assert pace.needed(CONTENT, hour, step) == pytest.approx(5)


def test_a_form_counts_with_the_longer_of_its_two(hour: Plan) -> None:
    """Half the room holds form A and the other half form B: the step lasts as long as the slower half."""
    times = [instruments.sheet(CONTENT, "pre", form, 5).time for form in "AB"]
    assert pace.written(CONTENT, hour, replace(BARE, forms=("pre",))) == max(times) > 4


def test_the_debrief_counts_the_words_that_its_story_brings_along(hour: Plan) -> None:
    """Leaders read the story's own five parts aloud, too."""
    debrief = step_of(hour, "debrief")
    assert pace.said(CONTENT, debrief) > pace.said(CONTENT, replace(debrief, cards=())) + 1


def test_more_minutes_let_a_leader_read_more_scenes(every: list[Plan]) -> None:
    """Never fewer than with less time, and in the end all."""
    worked = step_of(every[0], "worked")
    read = [pace.read_aloud(CONTENT, replace(worked, planned=minutes)) for minutes in range(3, 25)]
    assert all(one.full <= more.full for one, more in pairwise(read))
    assert read[0].full == 0 and read[-1].full == read[-1].scenes == 6


def test_half_of_every_story_is_read_and_the_step_keeps_its_minutes(every: list[Plan]) -> None:
    """In each plan, for the number of scenes that the script names."""
    for plan in every:
        for step in plan.steps():
            read = pace.read_aloud(CONTENT, step)
            assert read.full * 2 >= read.scenes, (plan.id, step.id, read)
            assert pace.needed(CONTENT, plan, step) <= step.planned, (plan.id, step.id)


def test_a_story_that_people_play_is_not_read_aloud(hour: Plan) -> None:
    """They have the cards, and go as far as they come."""
    assert pace.read_aloud(CONTENT, step_of(hour, "group")) == pace.Reading(0, 0)


def test_a_story_that_is_not_there_is_a_wrong_call(hour: Plan) -> None:
    """It is named, with a near one."""
    with pytest.raises(WrongCall, match="sc05-front-desk"):
        pace.needed(CONTENT, hour, replace(BARE, slides=("aloud/sc05-front-desc",)))


@pytest.fixture
def own(tmp_path: Path) -> Course:
    """A course whose plans a test may change."""
    shutil.copytree(HERE.facilitator / "plans", tmp_path / "facilitator" / "plans")
    shutil.copytree(HERE.notebooks, tmp_path / "notebooks")
    return Course(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('use = "pre"\nleast = 5\nplanned = 8', 'use = "pre"\nleast = 5\nplanned = 7', "7 minutes for what needs 7.7"),
        ('use = "pathway"\n', 'use = "pathway"\nactivity = 6\n', "6 minutes"),
        ('use = "pathway"\n', 'use = "pathway"\npractice = ["m7-treshold"]\n', 'the set "m7-treshold"'),
        ('pre = "8"', 'pre = "²"', '"²"'),
        ('may_claim = ["knowledge"]', 'may_claim = ["knowledge", "intention"]', 'intention, with forms of length "8"'),
    ],
)
def test_a_plan_that_cannot_be_kept_is_told_what_it_needs(own: Course, old: str, new: str, wanted: str) -> None:
    """A form that takes longer than its step; people without time; a claim that no form asks about."""
    path = own.facilitator / "plans" / "90.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert [fault.came for fault in check_plan(CONTENT, own, "educators-90") if wanted in fault.came]


def test_what_a_script_asks_to_write_on_is_among_the_things_to_bring(every: list[Plan]) -> None:
    """Whoever packs the bag reads the list and not the script."""
    for plan in every:
        for step in plan.steps():
            if "flip chart" in " ".join((*step.say, *step.do)):
                assert "flip-chart" in {need.id for need in step.material}, (plan.id, step.id)
