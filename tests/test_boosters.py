"""Boosters: five questions from several parts and one small story, in a notebook and as a page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from safekeeping import quiz, scenario
from safekeeping.boosters import QUESTIONS, SEVERAL, Booster, boosters
from safekeeping.calls import MINUTES_AN_ITEM, make
from safekeeping.cli import main
from safekeeping.exercises import Exercise
from safekeeping.library import Library, built_in, course
from safekeeping.publish.page import booster as booster_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Offline = Callable[..., tuple[Page, list[str]]]

EVERY = boosters(built_in())
each = pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)


def test_there_are_three_the_earliest_first() -> None:
    """Days 7, 30 and 90."""
    assert [(one.id, one.day) for one in EVERY] == [("b7", 7), ("b30", 30), ("b90", 90)]


@each
def test_its_questions_can_be_marked_and_come_from_several_parts(one: Booster) -> None:
    """Practice items, interleaved; none of the last questions of a part, which a learner may still have before them."""
    library = built_in()
    module_of = {o.id: module.id for module in library.every("module") for o in module.objectives}
    items = [library.get("item", id) for id in library.get("set", one.questions).items]
    last = {id for held in library.every("set") if held.id.endswith("-check") for id in held.items}
    assert len(items) == QUESTIONS
    assert all(item.use == "practice" and quiz.scorable(item) for item in items)
    assert len({module_of[item.objective] for item in items}) >= SEVERAL
    assert not {item.id for item in items} & last
    parts = [module_of[item.objective] for item in items]
    assert all(a != b for a, b in pairwise(parts))


def test_no_question_comes_back_in_another_booster() -> None:
    """Fifteen different ones."""
    assert len({id for one in EVERY for id in built_in().get("set", one.questions).items}) == QUESTIONS * len(EVERY)


@each
def test_its_story_is_small_and_takes_about_five_minutes_with_the_questions(one: Booster) -> None:
    """One to three decisions; the minutes are estimated and measured by nobody."""
    story = built_in().get("scenario", one.scenario)
    assert story.size == "micro"
    assert all(1 <= len(path.steps) <= 3 for path in scenario.paths(scenario.compile(story)))
    assert story.minutes + QUESTIONS * MINUTES_AN_ITEM <= 8


def test_the_three_stories_turn_out_differently() -> None:
    """Once nothing, once harm, once nobody knows: a booster is no training in alarm."""
    assert [built_in().get("scenario", one.scenario).kind for one in EVERY] == ["negative", "positive", "ambiguous"]


def test_each_starts_from_the_calls_that_every_notebook_has() -> None:
    """No new name to learn."""
    for one in EVERY:
        assert isinstance(make(built_in(), "ask", one.questions), Exercise)
        assert isinstance(make(built_in(), "play", one.scenario), Exercise)


def test_a_booster_as_a_page_plays_questions_and_story_and_asks_for_nothing(
    offline: Offline, tmp_path: Path, page_errors: Callable[[Page], list[str]], axe: Callable[..., list[str]]
) -> None:
    """One file, under the page's own policy; the same page made again is left alone."""
    target = tmp_path / "b30.html"
    assert booster_page(built_in(), course(), "b30", target)
    assert not booster_page(built_in(), course(), "b30", target)
    page, refused = offline()
    errors = page_errors(page)
    page.goto(target.as_uri())
    assert page.locator(".sk-exercise.sk-live").count() == 2
    assert axe(page) == []
    questions, story = (page.locator(f'.sk-exercise[data-id="{id}"]') for id in ("b30", "b30-six-o-clock"))
    questions.locator("input").first.check(force=True)
    questions.get_by_role("button", name="Check").click()
    assert questions.locator(".sk-outcome.sk-open").count() == 1
    story.get_by_role("button", name="Continue").click()
    for choice in ("Sit down near her", "Let Miriam stay"):
        story.get_by_role("button", name=choice).click()
        story.get_by_role("button", name="Go on").click()
    assert "Two cups of tea" in story.inner_text()
    assert (refused, errors) == ([], [])


def test_the_page_command_takes_a_booster_for_a_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`safekeeping page b7`."""
    assert main(["page", "b7", "-o", str(tmp_path / "b7.html")]) == 0
    assert "Late at the counter" in (tmp_path / "b7.html").read_text(encoding="utf-8")
    assert main(["page", "b8", "-o", str(tmp_path / "b8.html")]) == 2
    assert 'There is no module "b8"' in capsys.readouterr().err


def test_the_toy_booster_is_read(toy: Library) -> None:
    """Another content folder has its own."""
    assert [one.title for one in boosters(toy)] == ["Back to the garden"]
