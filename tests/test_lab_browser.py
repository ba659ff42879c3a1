"""JupyterLab as a learner meets it: only what the notebook's own words say is done, with mouse and keyboard.

One `safekeeping open` serves all tests. The walk through module 5 uses the real notebook. The other tests use a short
one with some of its cells, a copy each, so that each has a kernel of its own.
"""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from safekeeping import opening
from safekeeping.library import built_in

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Locator, Page

pytestmark = [pytest.mark.lab, pytest.mark.slow]
Offline = Callable[..., tuple["Page", list[str]]]
NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "05-recognising.ipynb"
STORY, WARM_UP, STEPS = "sc15-new-shoes", "m5-warm-up", "m5-sort-steps"
SHORT = ("start-line", "setup", "hook-before", "hook-warm-up", "sort-steps-before", "sort-steps", "new-shoes")
PATIENCE = 60_000  # milliseconds; a busy machine starts a kernel slowly


class Lab(NamedTuple):
    """A running JupyterLab: the address that was printed, its port, and the learner's folder."""

    address: str
    port: int
    folder: Path

    def notebook(self, name: str) -> str:
        """The address of another notebook, in a window arrangement of its own."""
        return self.address.replace("/lab/tree/00-start-here", f"/lab/workspaces/{name}/tree/{name}")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """`safekeeping open` for real, up and answering."""
    folder = tmp_path_factory.mktemp("lab") / "my course"
    command = [sys.executable, "-m", "safekeeping", "open", str(folder), "--no-browser"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as running:
        assert running.stdout is not None
        said = []
        for line in running.stdout:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)\S+", line):
                break
        else:
            raise AssertionError("".join(said))
        wait_until_up(found[0])
        yield Lab(found[0], int(found[1]), folder)
        os.killpg(running.pid, signal.SIGTERM)


def wait_until_up(address: str) -> None:
    """The address is printed before the server answers."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("JupyterLab does not answer.")


@pytest.fixture
def short(lab: Lab, request: pytest.FixtureRequest) -> str:
    """The address of a short notebook with real cells, of this test alone."""
    whole = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    cells = {cell["id"]: cell for cell in whole["cells"]}
    name = re.sub(r"\W+", "-", request.node.name).strip("-").lower()
    book = whole | {"cells": [cells[id] for id in SHORT]}
    (lab.folder / f"{name}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    return lab.notebook(name)


# --- what a learner does ---------------------------------------------------------------------------------------------


def opened(offline: Offline, lab: Lab, address: str) -> tuple[Page, list[str]]:
    """The notebook, as soon as its first line can be read."""
    page, refused = offline(port=lab.port, viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    start_line(page).wait_for()
    return page, refused


def book(page: Page) -> Locator:
    """The notebook in front."""
    return page.locator(".jp-NotebookPanel:visible")


def start_line(page: Page) -> Locator:
    """The first cell, which says how to start."""
    return book(page).locator(".jp-Cell").first.get_by_role("strong").filter(has_text="To start all exercises")


def appears(wanted: Locator, patience: int) -> bool:
    """Does it come into view in so many milliseconds?"""
    from playwright.sync_api import TimeoutError as NotYet

    try:
        wanted.wait_for(timeout=patience)
    except NotYet:
        return False
    return True


def by_mouse(page: Page) -> None:
    """The button over the notebook."""
    book(page).get_by_role("toolbar").get_by_text("Start all exercises", exact=True).click()


def by_keyboard(page: Page) -> None:
    """Control, Shift and Enter."""
    page.keyboard.press("Control+Shift+Enter")


def by_menu(page: Page) -> None:
    """Where there is no button: the *Run* menu, then *Run All Cells*."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def run_all(page: Page, start: Callable[[Page], None]) -> None:
    """Start; Enter if a box asks for a kernel; and once more if nothing happens.

    The button waits for a kernel. The menu does not: in the first second or two JupyterLab has none for the notebook,
    so it asks for one, or starts one, and in both cases drops what it was told to run.
    """
    live = book(page).locator(".sk-ex")
    box = page.locator(".jp-Dialog", has_text="Select Kernel")
    for _ in range(3):
        start(page)
        if not appears(live.or_(box).first, 15_000):
            continue
        if not box.count():
            break
        page.keyboard.press("Enter")
        box.wait_for(state="detached")
    book(page).locator(".jp-Cell").last.locator(".sk-ex").wait_for()
    book(page).locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(state="attached")


def exercise(page: Page, id: str) -> Locator:
    """An exercise by the title that it shows."""
    kind = "scenario" if id.startswith("sc") else "set"
    title = built_in().get(kind, id).title
    found = book(page).locator(".sk-ex").filter(has=page.get_by_role("heading", name=title, exact=True))
    found.scroll_into_view_if_needed()
    return found


def new_last_cell(page: Page, line: str) -> Locator:
    """Type a line into a new cell at the end and run it; gives its output."""
    book(page).locator(".jp-Notebook-footer").click()  # "Click to add a cell."
    page.keyboard.press("Enter")
    page.keyboard.insert_text(line)
    page.keyboard.press("Control+Enter")
    output = book(page).locator(".jp-Cell").last.locator(".jp-OutputArea-output")
    output.wait_for()
    return output


def python_sees(page: Page, id: str) -> Any:
    """The answers of an exercise, as Python prints them."""
    return ast.literal_eval(new_last_cell(page, f'answers("{id}")').inner_text())


def has_focus(target: Locator) -> bool:
    """Is this where the keyboard is?"""
    found: bool = target.evaluate("el => el === document.activeElement")
    return found


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the keyboard is there."""
    for _ in range(30):
        if has_focus(target):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {target}")


def play_by_keys(page: Page, story: Locator) -> None:
    """Content note, a choice, a change of mind, then the second option each time, to the end: Tab and Enter alone."""
    tools = story.get_by_role("button", name="Help lines")
    tools.focus()  # in a long notebook, a person comes here by reading on

    def press(target: Locator, key: str = "Tab") -> None:
        tab_to(page, target, key)
        page.keyboard.press("Enter")

    press(story.get_by_role("button", name="Continue"))
    press(story.locator("button.sk-opt").nth(0))
    press(story.get_by_role("button", name="Change this choice"), "Shift+Tab")
    for _ in range(8):
        if not story.locator("button.sk-opt").count():
            break
        press(story.locator("button.sk-opt").nth(1))
        press(story.get_by_role("button", name="Go on"))


def answer_by_keys(page: Page, questions: Locator) -> None:
    """Each question: the second choice of each group by arrow keys; the order of steps as it stands."""
    for _ in range(8):
        if not questions.get_by_role("button", name="Check", exact=True).count():
            return
        for group in questions.locator(".sk-ask fieldset").all():
            group.get_by_role("radio").nth(0).focus()
            page.keyboard.press("ArrowDown")
        check = questions.get_by_role("button", name="Check", exact=True)
        tab_to(page, check) if questions.locator(".sk-ask fieldset").count() else check.focus()
        page.keyboard.press("Enter")
        tab_to(page, questions.get_by_role("button", name="Go on"))
        page.keyboard.press("Enter")


# --- the tests -------------------------------------------------------------------------------------------------------


def test_first_cell_says_how_to_start_with_mouse_and_keyboard() -> None:
    """The tests below follow these words; if the words change, they must."""
    line = "".join(json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"][0]["source"])
    told = ["*Start all exercises*", "Ctrl+Shift+Enter", "*Run* menu", "*Run All Cells*"]
    for words in [*told, "*Select Kernel*", "once more"]:
        assert words in line


def test_module_starts_plays_from_the_keyboard_and_python_sees_every_step(
    lab: Lab, offline: Offline, m5_page: Path
) -> None:
    """Open, run all, play a story by keys; the same keys on the page leave the same trace; nothing is asked for."""
    page, refused = opened(offline, lab, lab.address)
    page.get_by_role("listitem", name=re.compile("05-recognising")).dblclick()
    book(page).get_by_role("heading", name="Noticing: patterns, not single signs").wait_for()
    run_all(page, by_mouse)
    play_by_keys(page, exercise(page, STORY))
    in_lab = python_sees(page, STORY)

    other, _ = offline()
    other.goto(m5_page.as_uri())
    play_by_keys(other, other.locator(f'[data-id="{STORY}"] .sk-ex'))
    on_page = other.evaluate("id => safekeeping.models[id].get('trace')", STORY)

    assert [step["do"] for step in in_lab[:4]] == ["start", "choose", "back", "choose"]
    assert in_lab[-1]["do"] == "end"
    assert in_lab == on_page
    assert refused == []
    assert [path.name for path in (lab.folder / opening.INNER).rglob("*") if "history" in path.name] == []


def test_questions_and_sorting_reach_python_too(lab: Lab, short: str, offline: Offline, m5_page: Path) -> None:
    """Item by item, with the points; and as on the page."""
    page, refused = opened(offline, lab, short)
    run_all(page, by_mouse)
    other, _ = offline()
    other.goto(m5_page.as_uri())
    for id in (WARM_UP, STEPS):
        answer_by_keys(page, exercise(page, id))
        answer_by_keys(other, other.locator(f'[data-id="{id}"] .sk-ex'))
        in_lab = python_sees(page, id)
        assert [step["do"] for step in in_lab] == ["answer"] * (len(in_lab) - 1) + ["end"]
        assert {"item", "answer", "points"} <= set(in_lab[0])
        assert in_lab == other.evaluate("id => safekeeping.models[id].get('trace')", id)
    assert refused == []


def at_the_top(page: Page) -> None:
    """The first line is in view, alone selected, and has the keyboard focus."""
    first = book(page).locator(".jp-Cell").first
    page.wait_for_function("el => el === document.activeElement", arg=first.element_handle())
    page.wait_for_function("document.querySelector('.jp-WindowedPanel-outer').scrollTop < 40")
    assert book(page).locator(".jp-Cell.jp-mod-selected").count() == 1


@pytest.mark.parametrize("start", [by_mouse, by_keyboard])
def test_one_press_starts_all_exercises_and_ends_at_the_first_line(
    lab: Lab, short: str, offline: Offline, start: Callable[[Page], None]
) -> None:
    """Button or keys; whoever starts to read is where reading begins."""
    page, _ = opened(offline, lab, short)
    run_all(page, start)
    at_the_top(page)
    assert exercise(page, STORY).get_by_role("button", name="Continue").is_visible()


def test_button_pressed_at_once_is_not_lost(lab: Lab, short: str, offline: Offline) -> None:
    """Nobody waits for a kernel that they do not know of: one press, as soon as the button is there."""
    page, _ = opened(offline, lab, short)
    by_mouse(page)
    book(page).locator(".jp-Cell").last.locator(".sk-ex").wait_for()


def test_run_menu_works_too_and_ctrl_home_comes_back(lab: Lab, short: str, offline: Offline) -> None:
    """Running all cells there ends at the last; a person without a mouse gets back to the first line, focus and all."""
    page, _ = opened(offline, lab, short)
    run_all(page, by_menu)
    assert exercise(page, STORY).get_by_role("button", name="Continue").is_visible()
    page.keyboard.press("Control+Home")
    at_the_top(page)


def test_names_in_the_opening_part_open_the_parts(lab: Lab, offline: Offline) -> None:
    """A learner needs no list of files to go on."""
    page, _ = opened(offline, lab, lab.address)
    title = built_in().module("m5").title
    book(page).get_by_role("link", name=title, exact=True).click()
    book(page).get_by_role("heading", name=title).wait_for()


def test_every_cell_stays_in_reach_of_screen_readers(lab: Lab, offline: Offline) -> None:
    """By default JupyterLab keeps what is out of view from them; `safekeeping open` sets it otherwise."""
    page, _ = opened(offline, lab, lab.notebook("05-recognising"))
    whole = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    page.wait_for_function("n => document.querySelectorAll('.jp-Notebook .jp-Cell').length === n", arg=len(whole))
    sections = [cell for cell in whole if "".join(cell["source"]).startswith("## ")]
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    read = [node for node in tree if not node["ignored"] and node.get("role", {}).get("value") == "heading"]
    assert len(read) > len(sections) > 8


def test_a_form_gives_its_answers_as_a_file_and_python_hears_none(lab: Lab, short: str, offline: Offline) -> None:
    """From memory to a file in the browser; the kernel gets nothing that it could keep."""
    page, refused = opened(offline, lab, short)
    run_all(page, by_mouse)
    exercise(page, STORY).wait_for()
    page.wait_for_timeout(1500)  # the start ends by going to the first line; typing before that would go there
    form = new_last_cell(page, 'form("pre")').locator(".sk-ex")
    form.get_by_role("button", name="Begin", exact=True).click()
    form.get_by_role("radio").nth(1).check(force=True)
    while form.get_by_role("button", name="Go on", exact=True).count():
        form.get_by_role("button", name="Go on", exact=True).click()
    with page.expect_download() as given:
        form.get_by_role("button", name="Keep my answers").click()
    assert given.value.suggested_filename == "answers.csv"
    assert ",B," in Path(given.value.path()).read_text(encoding="utf-8").splitlines()[1]
    assert python_sees(page, "pre-a-5") == []
    assert refused == []


def test_plain_keys_inside_an_exercise_do_not_edit_the_notebook(lab: Lab, short: str, offline: Offline) -> None:
    """In a notebook "b" adds a cell, "d d" deletes one and "m" turns it into text; not from inside an exercise."""
    page, _ = opened(offline, lab, short)
    run_all(page, by_mouse)
    cells, code = book(page).locator(".jp-Cell"), book(page).locator(".jp-CodeCell")
    before = (cells.count(), code.count())
    story, questions = exercise(page, STORY), exercise(page, WARM_UP)
    places = [story.get_by_role("button", name="Continue"), questions.get_by_role("radio").first]
    for place in places:
        place.focus()
        for key in ("b", "a", "d", "d", "x", "m", "y", "Shift+M", "0", "0"):
            page.keyboard.press(key)
        page.wait_for_timeout(500)
        assert has_focus(place)
        assert (cells.count(), code.count()) == before
    story.get_by_role("button", name="Pause").press("Enter")
    page.keyboard.press("Escape")  # closes the panel, and leaves the notebook alone
    assert (cells.count(), code.count()) == before
    cells.first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")  # the control: outside, the key does what JupyterLab says
    page.wait_for_function("n => document.querySelectorAll('.jp-Notebook .jp-Cell').length === n", arg=before[0] + 1)


def closed(page: Page) -> list[str]:
    """Close the tab as a person does, and give what the browser asked."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    return asked


def test_leave_now_blanks_a_dirty_notebook_without_a_question(lab: Lab, short: str, offline: Offline) -> None:
    """A notebook that has run is unsaved; leaving must not ask, and the title must stay blank."""
    page, _ = opened(offline, lab, short)
    run_all(page, by_mouse)
    assert closed(page) == ["beforeunload"]  # the control: without leaving first, the browser asks

    page, _ = opened(offline, lab, short)
    run_all(page, by_mouse)
    story = exercise(page, STORY)
    story.get_by_role("button", name="Continue").press("Enter")
    story.get_by_role("button", name="Leave now").press("Enter")
    for _ in range(8):
        assert page.evaluate("[document.title, document.body.childNodes.length]") == ["", 0]
        page.wait_for_timeout(500)
    assert closed(page) == []


def test_a_misspelt_name_gets_one_sentence(lab: Lab, short: str, offline: Offline) -> None:
    """With the near match, and no traceback."""
    page, _ = opened(offline, lab, short)
    run_all(page, by_mouse)
    said = new_last_cell(page, 'play("sc15-new-shoe")').inner_text().strip()
    assert said == 'There is no scenario "sc15-new-shoe" in the course. Did you mean "sc15-new-shoes"?'


def test_the_words_beside_a_help_line_stay_whole(lab: Lab, short: str, offline: Offline) -> None:
    """JupyterLab's own rule for such lists made the label so narrow that "Phone" stood letter under letter."""
    page, _ = opened(offline, lab, short)
    run_all(page, by_mouse)
    label = new_last_cell(page, 'show("cybertipline")').locator("dt").first
    lines = label.evaluate("el => el.getBoundingClientRect().height / parseFloat(getComputedStyle(el).lineHeight)")
    assert lines < 1.5


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_our_part_of_a_notebook_has_no_fault_that_axe_can_find(
    lab: Lab, short: str, offline: Offline, axe: Callable[..., list[str]], theme: str
) -> None:
    """WCAG 2.0 to 2.2 A and AA on exercises in the middle, in both themes."""
    settings = lab.folder / opening.INNER / "settings" / "@jupyterlab" / "apputils-extension"
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}), encoding="utf-8")
    page, _ = opened(offline, lab, short)
    assert page.locator("body").get_attribute("data-jp-theme-name") == theme
    run_all(page, by_mouse)
    assert axe(page, ".sk") == []
    story = exercise(page, STORY)
    story.get_by_role("button", name="Continue").click()
    story.locator("button.sk-opt").nth(1).click()
    for name in ("Help lines", "Pause"):
        story.get_by_role("button", name=name).click()
    for id in (WARM_UP, STEPS):
        questions = exercise(page, id)
        for group in questions.locator(".sk-ask fieldset").all():
            group.get_by_role("radio").first.check()
        questions.get_by_role("button", name="Check", exact=True).click()
    assert axe(page, ".sk") == []
