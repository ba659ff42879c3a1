"""The speaker window of a workshop's deck: the step now, the minutes left in it, the pace, and what to cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from conftest import until
from safekeeping import plans
from safekeeping.library import Library, course
from safekeeping.publish.deck import plan_deck

PLAN = plans.plan(Library(), course(), "educators-90")


@pytest.fixture
def speaker(offline_page: tuple[Page, list[str]], tmp_path: Path) -> tuple[Page, Page]:
    """The deck on a clock that the test moves, and its speaker window."""
    path = tmp_path / "deck.html"
    path.write_text(plan_deck(Library(), course(), PLAN), encoding="utf-8")
    deck, _ = offline_page
    deck.clock.install(time=0)
    deck.set_viewport_size({"width": 1280, "height": 720})
    deck.goto(path.as_uri())
    deck.clock.run_for(2000)
    until(deck, "window.Reveal && Reveal.isReady()")
    with deck.expect_popup() as opened:
        deck.keyboard.press("s")
    return deck, opened.value


def part(window: Page, name: str) -> str:
    """What one part of the speaker window says."""
    return window.locator(f'[data-part="{name}"]').inner_text()


@pytest.mark.browser
def test_it_tells_the_step_the_pace_and_the_next_cut(speaker: tuple[Page, Page]) -> None:
    """On time at the start; late after the step's minutes; early when the speaker runs ahead."""
    deck, window = speaker
    first = PLAN.sessions[0].steps[0]
    assert part(window, "step") == first.title
    assert part(window, "pace") == "On time"
    cuts = sorted((s for s in PLAN.steps() if s.cut_rank and s.planned > s.least), key=lambda s: s.cut_rank)
    assert part(window, "cut").startswith(f"{cuts[0].title} (saves up to {cuts[0].planned - cuts[0].least} min)")
    deck.clock.run_for((first.planned + 3) * 60_000)
    assert part(window, "pace") == "3 min late"
    assert part(window, "step-left").startswith("−3:")
    last = len(list(deck.locator(".slides > section").all())) - 1
    deck.evaluate(f"Reveal.slide({last})")
    deck.clock.run_for(1000)
    assert part(window, "step") == PLAN.sessions[0].steps[-1].title
    assert part(window, "pace").endswith("min early")
    assert part(window, "cut") == "Nothing here may be cut."


@pytest.mark.browser
def test_times_stay_in_sight_and_no_slide_of_a_step_is_without_its_notes(speaker: tuple[Page, Page]) -> None:
    """In a window as large as it opens, slide by slide; a diagram goes by its title alone."""
    deck, window = speaker
    window.set_viewport_size({"width": 1080, "height": 760})
    steps = PLAN.sessions[0].steps
    of_step = "n => Reveal.getSlides().flatMap((s, i) => s.dataset.step === `${n}` ? [i] : [])"
    for number, step in enumerate(steps):
        for at in deck.evaluate(of_step, number):
            deck.evaluate("n => Reveal.slide(n)", at)
            assert window.evaluate("document.documentElement.scrollHeight <= innerHeight"), step.title
            assert window.locator(".times").bounding_box()["y"] < 200  # type: ignore[index]
            assert len(part(window, "notes")) > 30 or at == 0, step.title
            assert "\n" not in part(window, "title") and len(part(window, "title")) < 100
    first = next(step for step in steps if len(step.slides) > 1)
    deck.evaluate("Reveal.slide(2)")
    assert first.say[0][:30] in part(window, "notes")
    assert window.locator("#notes").inner_text() == "Notes of this step, from its first slide"
