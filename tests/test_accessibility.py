"""What a screen reader is told in every state of every exercise, compared with stored files that people have read.

The exercises are those of the toy course, on a page in the browser; a state is reached as a person reaches it. Each
state has a file in `tests/snapshots/`: the accessibility tree of the exercise, role by role and name by name. If a
change of the words or of the front end is meant, write the files anew and READ what changed as a listener would::

    SAFEKEEPING_SNAPSHOTS=write python3 run.py test tests/test_accessibility.py
    git diff tests/snapshots
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import use_course
from safekeeping.library import Course, Library
from safekeeping.publish import notebook
from safekeeping.publish.page import page as export_page

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
SNAPSHOTS = Path(__file__).parent / "snapshots"
WRITE = os.environ.get("SAFEKEEPING_SNAPSHOTS") == "write"
STORY, QUESTIONS, SORTING, PAIR = "dry-bed", "bed-questions", "bed-sorting", "bed-pair"


@pytest.fixture
def toy_page(
    monkeypatch: pytest.MonkeyPatch,
    run_here: Callable[[Path], Any],
    fresh_lesson: Path,
    toy_folder: Path,
    offline_page: tuple[Page, list[str]],
) -> Page:
    """The page of the toy course's part, opened from its file."""
    content = Library(toy_folder / "content", place="toyland")
    use_course(monkeypatch, content)
    monkeypatch.setattr(notebook, "run", run_here)
    monkeypatch.setattr("safekeeping.calls.course", lambda: Course(toy_folder))
    export_page(content, Course(toy_folder), "t1", fresh_lesson / "toy.html")
    opened, _ = offline_page
    opened.goto((fresh_lesson / "toy.html").as_uri())
    return opened


def place(page: Page, id: str) -> Locator:
    """Where an exercise stands, live."""
    return page.locator(f'.sk-exercise[data-id="{id}"] .sk-live-part')


def press(where: Locator, name: str) -> None:
    """Press a button by its whole name."""
    where.get_by_role("button", name=name, exact=True).click()


def check_all(where: Locator, number: int) -> None:
    """The same choice in each group, then check."""
    for group in where.locator(".sk-ask fieldset").all():
        group.get_by_role("radio").nth(number).check()
    press(where, "Check")


def same_as_stored(where: Locator, name: str) -> None:
    """Compare the tree with its file, or write the file."""
    path = SNAPSHOTS / f"{name}.yml"
    tree = where.aria_snapshot() + "\n"
    if WRITE:
        path.write_text(tree, encoding="utf-8")
    assert path.is_file(), f"There is no {path.name}. {__doc__}"
    assert tree == path.read_text(encoding="utf-8"), f"{path.name} differs. {__doc__}"


# --- a story ---------------------------------------------------------------------------------------------------------


def test_story_before_its_beginning(toy_page: Page) -> None:
    """The content note, and what the two other ways say."""
    story = place(toy_page, STORY)
    same_as_stored(story, "story-note")
    press(story, "Read a summary")
    same_as_stored(story, "story-summary")
    press(story, "Skip")
    same_as_stored(story, "story-skipped")


def test_story_to_its_repair_and_its_map(toy_page: Page) -> None:
    """Scene, outcome, scene with a repair, ending, look back; and back before a choice."""
    story = place(toy_page, STORY)
    press(story, "Continue")
    same_as_stored(story, "story-scene")
    story.locator('[data-option="pour"]').click()
    same_as_stored(story, "story-outcome")
    press(story, "Change this choice")
    same_as_stored(story, "story-undone")
    story.locator('[data-option="pour"]').click()
    press(story, "Go on")
    same_as_stored(story, "story-repair")
    story.locator('[data-option="tell"]').click()
    press(story, "Go on")
    same_as_stored(story, "story-ending")
    press(story, "Look back")
    same_as_stored(story, "story-look-back")


def test_panels_of_an_exercise(toy_page: Page) -> None:
    """Help lines and a pause, open."""
    story = place(toy_page, STORY)
    press(story, "Help lines")
    same_as_stored(story, "panel-help")
    press(story, "Help lines")
    press(story, "Pause")
    same_as_stored(story, "panel-pause")


# --- questions -------------------------------------------------------------------------------------------------------


def test_questions_of_each_kind(toy_page: Page) -> None:
    """Before and after each answer, a missing answer, and the end."""
    quiz = place(toy_page, QUESTIONS)
    same_as_stored(quiz, "quiz-choice")
    press(quiz, "Check")
    same_as_stored(quiz, "quiz-choice-missing")
    check_all(quiz, 1)
    same_as_stored(quiz, "quiz-choice-checked")
    press(quiz, "Go on")
    same_as_stored(quiz, "quiz-judgement")
    check_all(quiz, 2)
    same_as_stored(quiz, "quiz-judgement-checked")
    press(quiz, "Go on")
    same_as_stored(quiz, "quiz-myth")
    check_all(quiz, 5)
    same_as_stored(quiz, "quiz-myth-checked")
    press(quiz, "Go on")
    same_as_stored(quiz, "quiz-words")
    quiz.get_by_role("textbox").fill("The desk.")
    press(quiz, "Show a good answer")
    same_as_stored(quiz, "quiz-words-checked")
    press(quiz, "Go on")
    same_as_stored(quiz, "quiz-end")


def test_questions_skipped(toy_page: Page) -> None:
    """Another way to be done with them."""
    quiz = place(toy_page, QUESTIONS)
    press(quiz, "Skip this exercise")
    same_as_stored(quiz, "quiz-skipped")


def test_pair_ends_with_two_readings(toy_page: Page) -> None:
    """The second of a pair shows both, side by side."""
    pair = place(toy_page, PAIR)
    same_as_stored(pair, "pair-first")
    for number in (0, 4):
        pair.get_by_role("radio").nth(number).check()
        press(pair, "Go on")
    same_as_stored(pair, "pair-readings")


def test_sorting_and_ordering(toy_page: Page) -> None:
    """Groups and steps, before and after, and a step that has moved."""
    sorting = place(toy_page, SORTING)
    same_as_stored(sorting, "sort-groups")
    check_all(sorting, 0)
    same_as_stored(sorting, "sort-groups-checked")
    press(sorting, "Go on")
    same_as_stored(sorting, "sort-order")
    sorting.get_by_role("button", name="Move down").first.click()
    same_as_stored(sorting, "sort-order-moved")
    press(sorting, "Check")
    same_as_stored(sorting, "sort-order-checked")


# --- around the exercises --------------------------------------------------------------------------------------------


def test_note_of_the_part_and_of_the_page(toy_page: Page) -> None:
    """The content note of the whole part, before and after; and the bar over the page."""
    note = place(toy_page, "note-t1")
    same_as_stored(note, "part-note")
    press(note, "Continue")
    same_as_stored(note, "part-note-continued")
    same_as_stored(toy_page.locator(".sk-bar"), "page-bar")


def test_each_stored_file_is_compared_by_a_test() -> None:
    """A snapshot that no test looks at would be read by nobody."""
    told = Path(__file__).read_text(encoding="utf-8")
    named = [path.stem for path in SNAPSHOTS.glob("*.yml")]
    assert len(named) > 25
    assert [name for name in named if f'"{name}"' not in told] == []
