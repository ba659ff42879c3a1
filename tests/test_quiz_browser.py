"""Questions and sorting on the page of module 5: by keyboard, and in every look that a reader may have set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from safekeeping.calls import make
from safekeeping.exercises import Exercise
from safekeeping.library import built_in

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
Offline = Callable[..., tuple["Page", list[str]]]
WARM_UP, NEXT, REASONS, PAIRS, STEPS = "m5-warm-up", "m5-next-steps", "m5-other-reasons", "m5-pairs", "m5-sort-steps"


def opened(offline: Offline, path: Path, id: str, **options: Any) -> Locator:
    """One exercise of the page."""
    page, _ = offline(viewport={"width": 1100, "height": 900}, **options)
    page.goto(path.as_uri())
    return page.locator(f'.sk-exercise[data-id="{id}"] .sk-ex')


def trace(where: Locator, id: str) -> list[dict[str, Any]]:
    """What an exercise reported."""
    found: list[dict[str, Any]] = where.page.evaluate("id => safekeeping.models[id].get('trace')", id)
    return found


def items(id: str) -> list[dict[str, Any]]:
    """The rows of a set's table, in the order in which they are asked."""
    exercise = make(built_in(), "sort" if id == STEPS else "ask", id)
    assert isinstance(exercise, Exercise)
    rows: list[dict[str, Any]] = exercise.table["items"]
    return rows


def button(where: Locator, name: str) -> Locator:
    """A button by its whole name."""
    return where.get_by_role("button", name=name, exact=True)


def press(where: Locator, name: str) -> None:
    """Enter on a button that has the keyboard."""
    button(where, name).focus()
    where.page.keyboard.press("Enter")


def focused(where: Locator) -> str:
    """The text of what has the keyboard."""
    found: str = where.page.evaluate("document.activeElement.textContent")
    return found


def choose(where: Locator, steps: int) -> None:
    """In each group: to the first choice by Tab, then down by arrow keys; a radio group is one stop of Tab."""
    keys = where.page.keyboard
    for group in where.locator(".sk-ask fieldset").all():
        group.get_by_role("radio").first.focus()
        keys.press("Space")
        for _ in range(steps):
            keys.press("ArrowDown")


def answer(where: Locator, row: dict[str, Any], steps: int = 0) -> None:
    """Answer the question that stands there and check it, by keyboard; then stand at the reasons."""
    if row["type"] == "SR":
        where.get_by_role("textbox").focus()
        where.page.keyboard.type("Something of my own.")
        press(where, "Show a good answer")
        return
    choose(where, steps)
    press(where, "Go on" if row.get("pair") else "Check")


def come_to(where: Locator, id: str, kind: str) -> dict[str, Any]:
    """Answer on until a question of this type stands there."""
    for row in items(id):
        if row["type"] == kind:
            return row
        answer(where, row)
        press(where, "Go on")
    raise AssertionError(kind)


# --- questions -------------------------------------------------------------------------------------------------------


def test_choice_is_checked_read_and_changed_by_keyboard(offline: Offline, m5_page: Path) -> None:
    """Focus goes to the heading of the reasons, the next Tab to the rest; a change is part of the record."""
    quiz = opened(offline, m5_page, WARM_UP)
    first, second = items(WARM_UP)
    choose(quiz, 1)
    press(quiz, "Check")
    points = first["marks"][first["options"][1]]["points"]
    assert trace(quiz, WARM_UP) == [
        {"do": "answer", "item": first["id"], "answer": first["options"][1], "points": points}
    ]
    assert focused(quiz) in ("The authors chose this", "The authors chose another")
    assert quiz.get_by_text("The authors’ choice").or_(quiz.get_by_text("Your choice, and the authors’")).count() == 1
    quiz.page.keyboard.press("Tab")
    assert focused(quiz) == "Show why for the others"
    quiz.page.keyboard.press("Enter")
    assert quiz.locator("details[open] li").count() == len(first["options"]) - 1

    press(quiz, "Change my answer")
    assert quiz.get_by_role("radio").nth(1).is_enabled()
    choose(quiz, 0)
    press(quiz, "Check")
    assert [step["do"] for step in trace(quiz, WARM_UP)] == ["answer", "back", "answer"]
    assert trace(quiz, WARM_UP)[-1]["answer"] == first["options"][0]
    press(quiz, "Go on")
    assert focused(quiz) == "Question 2 of 2"
    answer(quiz, second)
    press(quiz, "Go on")
    assert trace(quiz, WARM_UP)[-1] == {"do": "end"}


def test_check_without_an_answer_says_what_is_missing_and_goes_there(offline: Offline, m5_page: Path) -> None:
    """Nothing is reported, and the keyboard stands at the first choice."""
    quiz = opened(offline, m5_page, WARM_UP)
    press(quiz, "Check")
    assert quiz.locator('.sk-status[role="status"]').inner_text() == "Choose one answer first."
    assert quiz.get_by_role("radio").first.evaluate("el => el === document.activeElement")
    assert trace(quiz, WARM_UP) == []


def test_judgement_needs_every_row_and_says_where_both_stand(offline: Offline, m5_page: Path) -> None:
    """Rows are radio groups of their own; the open row is gone to."""
    quiz = opened(offline, m5_page, NEXT)
    row = come_to(quiz, NEXT, "SJ")
    groups = quiz.locator(".sk-ask fieldset")
    assert groups.count() == len(row["actions"])
    groups.first.get_by_role("radio").first.focus()
    quiz.page.keyboard.press("Space")
    press(quiz, "Check")
    assert "in each row" in quiz.locator(".sk-status").inner_text()
    assert groups.nth(1).get_by_role("radio").first.evaluate("el => el === document.activeElement")
    choose(quiz, 2)
    press(quiz, "Check")
    assert trace(quiz, NEXT)[-1]["answer"] == dict.fromkeys(row["actions"], 3)
    assert quiz.get_by_text("You: 3. The authors:").count() == len(row["actions"])
    assert quiz.get_by_role("radio", disabled=True).count() == 5 * len(row["actions"])


def test_own_words_stay_in_memory(offline: Offline, m5_page: Path) -> None:
    """Nothing typed is reported, stored or kept in the page; and it is there again as long as the page is open."""
    quiz = opened(offline, m5_page, REASONS)
    row = come_to(quiz, REASONS, "SR")
    answer(quiz, row)
    assert trace(quiz, REASONS)[-1] == {"do": "answer", "item": row["id"]}
    assert quiz.get_by_role("textbox").input_value() == "Something of my own."
    assert quiz.get_by_role("textbox").evaluate("el => el.readOnly")
    boxes = quiz.get_by_role("checkbox")
    assert boxes.count() > 0
    boxes.first.focus()
    quiz.page.keyboard.press("Space")  # one's own comparison is nobody else's
    assert len(trace(quiz, REASONS)) == items(REASONS).index(row) + 1
    everything = quiz.page.evaluate(
        """id => JSON.stringify([safekeeping.models[id].get('trace'), { ...localStorage }, { ...sessionStorage },
        document.cookie, location.href, history.state, document.documentElement.outerHTML])""",
        REASONS,
    )
    assert "Something of my own" not in everything
    press(quiz, "Change my answer")
    assert quiz.get_by_role("textbox").input_value() == "Something of my own."
    quiz.page.reload()
    assert trace(quiz, REASONS) == []


def test_pairs_report_no_rating_and_show_both_readings_after_the_second(offline: Offline, m5_page: Path) -> None:
    """The first of a pair goes on at once; after the second both stand side by side, with no mark."""
    pairs = opened(offline, m5_page, PAIRS)
    seen: set[str] = set()
    for row in items(PAIRS):
        again = row.get("pair") in seen
        answer(pairs, row, 3 if again else 1)
        if row.get("pair"):
            assert pairs.locator("table.sk-pair").count() == again
            seen.add(row["pair"])
        if again:
            cells = pairs.locator("table.sk-pair td").all_inner_texts()
            assert cells == ["2", "4"] * len(row["actions"])
            assert focused(pairs) == "Two readings, side by side"
            assert pairs.get_by_text("You: ").count() == 0
        if again or not row.get("pair"):
            press(pairs, "Go on")
    steps = trace(pairs, PAIRS)
    private = {row["id"] for row in items(PAIRS) if row.get("pair")}
    assert [step for step in steps if step.get("item") in private and set(step) != {"do", "item"}] == []
    assert [step["item"] for step in steps[:-1]] == [row["id"] for row in items(PAIRS)]
    assert steps[-1] == {"do": "end"}


def test_at_the_end_one_can_look_again_or_do_it_again(offline: Offline, m5_page: Path) -> None:
    """Looking again shows the answer given and comes back to the end; doing it again starts empty."""
    quiz = opened(offline, m5_page, WARM_UP)
    for row in items(WARM_UP):
        answer(quiz, row, 1)
        press(quiz, "Go on")
    assert focused(quiz) == "That was the last one"
    quiz.locator(".sk-review button").first.focus()
    quiz.page.keyboard.press("Enter")
    assert quiz.get_by_role("radio").nth(1).is_checked()
    assert button(quiz, "Change my answer").is_visible()
    press(quiz, "Go on")
    assert focused(quiz) == "That was the last one"
    press(quiz, "Do it again")
    assert quiz.locator("input:checked").count() == 0
    assert quiz.get_by_role("heading", name="Question 1 of 2").is_visible()
    answer(quiz, items(WARM_UP)[0])
    assert [step["do"] for step in trace(quiz, WARM_UP)] == ["answer", "answer", "end", "answer"]


def test_an_answer_changed_at_the_end_closes_the_set_again(offline: Offline, m5_page: Path) -> None:
    """Whoever reads the trace sees a set that was finished, as it was before."""
    quiz = opened(offline, m5_page, WARM_UP)
    for row in items(WARM_UP):
        answer(quiz, row, 1)
        press(quiz, "Go on")
    quiz.locator(".sk-review button").first.click()
    press(quiz, "Change my answer")
    answer(quiz, items(WARM_UP)[0])
    press(quiz, "Go on")
    assert focused(quiz) == "That was the last one"
    assert [step["do"] for step in trace(quiz, WARM_UP)] == ["answer", "answer", "end", "back", "answer", "end"]


def test_skipping_counts_and_can_be_taken_back(offline: Offline, m5_page: Path) -> None:
    """It is reported as what it is."""
    quiz = opened(offline, m5_page, WARM_UP)
    press(quiz, "Skip this exercise")
    assert trace(quiz, WARM_UP) == [{"do": "skip"}]
    assert focused(quiz) == "Skipped"
    press(quiz, "Do it after all")
    assert quiz.get_by_role("radio").first.is_enabled()


# --- sorting ---------------------------------------------------------------------------------------------------------


def test_cases_are_sorted_row_by_row(offline: Offline, m5_page: Path) -> None:
    """Each case is a group with the categories as its choices."""
    sorting = opened(offline, m5_page, STEPS)
    row = items(STEPS)[0]
    groups = sorting.locator(".sk-ask fieldset")
    assert groups.count() == len(row["cases"])
    choose(sorting, 1)
    press(sorting, "Check")
    assert trace(sorting, STEPS)[-1]["answer"] == dict.fromkeys(row["cases"], row["categories"][1])
    assert focused(sorting) == "Your answers beside the authors’"
    assert sorting.locator(".sk-outcome .sk-fb").count() == len(row["cases"])


def test_steps_move_by_keys_and_say_where_they_are(offline: Offline, m5_page: Path) -> None:
    """The button keeps the keyboard, the status says the new place, and the ends say that they are ends."""
    sorting = opened(offline, m5_page, STEPS)
    row = come_to(sorting, STEPS, "SEQ")
    status, keys = sorting.locator(".sk-status"), sorting.page.keyboard
    count = len(row["steps"])
    step = sorting.locator(".sk-order li > span:first-child").first.inner_text()
    down = button(sorting, f"Move down: {step}")
    down.focus()
    for place in range(2, count + 1):
        keys.press("Enter")
        assert status.inner_text() == f"“{step}” is now number {place} of {count}."
        assert down.evaluate("el => el === document.activeElement")
    keys.press("Enter")
    assert status.inner_text() == "It is already at the end of the list."
    press(sorting, "Check")
    assert trace(sorting, STEPS)[-1]["answer"] == [*row["steps"][1:], row["steps"][0]]
    assert focused(sorting) == "The authors’ order"
    assert sorting.locator(".sk-order button").count() == 0


# --- looks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("id", [NEXT, REASONS, STEPS, PAIRS])
def test_no_state_of_a_set_has_a_fault_that_axe_can_find(
    offline: Offline, m5_page: Path, axe: Callable[..., list[str]], id: str, scheme: str
) -> None:
    """WCAG 2.0 to 2.2 A and AA: the first of each kind of question before and after its answer, and the end."""
    quiz = opened(offline, m5_page, id, color_scheme=scheme)
    looked: set[object] = set()
    found: list[str] = []
    for row in items(id):
        again = row.get("pair") in looked
        kind = (row["type"], "pair" in row, again)
        new = kind not in looked
        looked |= {kind, row.get("pair") or kind}
        if new:
            found += axe(quiz.page, f'[data-id="{id}"]')
        answer(quiz, row, 1)
        if row.get("pair") and not again:
            continue
        if new:
            found += axe(quiz.page, f'[data-id="{id}"]')
        press(quiz, "Go on")
    assert trace(quiz, id)[-1] == {"do": "end"}
    found += axe(quiz.page, f'[data-id="{id}"]')
    assert found == []


# The shapes without an edge that can be seen.
EDGELESS = """id => {
  const unseen = ['rgba(0, 0, 0, 0)', getComputedStyle(document.body).backgroundColor];
  const shapes = 'label.sk-opt, .sk-num, .sk-pill, button.sk-go, .sk-order li, .sk-fb';
  return [...document.querySelector(`[data-id="${id}"] .sk-ex`).querySelectorAll(shapes)].filter(el => {
    const look = getComputedStyle(el);
    const none = parseFloat(look.borderTopWidth) < 1 || look.borderTopStyle === 'none';
    return el.offsetParent && (none || unseen.includes(look.borderTopColor));
  }).map(el => el.outerHTML.slice(0, 100));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_the_edges_of_choices_and_answers(offline: Offline, m5_page: Path, scheme: str) -> None:
    """Where the system sets the colours, borders are all that is left of a shape; the answer taken has a bolder one."""
    for id in (NEXT, STEPS):
        quiz = opened(offline, m5_page, id, forced_colors="active", color_scheme=scheme)
        kinds = {row["type"] for row in items(id)}
        for row in items(id):
            assert quiz.page.evaluate(EDGELESS, id) == []
            answer(quiz, row)
            assert quiz.page.evaluate(EDGELESS, id) == []
            if row["type"] != "SEQ":
                widths = quiz.locator(".sk-taken").evaluate_all(
                    "all => all.map(el => getComputedStyle(el).borderTopWidth)"
                )
                assert set(widths) == {"4px"}
            kinds.discard(row["type"])
            if not kinds:
                break
            press(quiz, "Go on")


def test_nothing_moves_for_those_who_asked_for_less_motion(offline: Offline, m5_page: Path) -> None:
    """No transition, no animation, no smooth scrolling, in any state."""
    quiz = opened(offline, m5_page, NEXT, reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll('*')].filter(el => {
      const look = getComputedStyle(el);
      const times = `${look.transitionDuration},${look.animationDuration}`.split(',').map(parseFloat);
      return look.scrollBehavior === 'smooth' || times.some(time => time > 0.01);
    }).map(el => el.outerHTML.slice(0, 80))"""
    assert quiz.page.evaluate(moving) == []
    answer(quiz, items(NEXT)[0])
    assert quiz.page.evaluate(moving) == []
    assert quiz.page.evaluate("document.getAnimations().length") == 0
