"""The page of a module, opened from a file as a learner does: keyboard, small screens, no scripts, paper, leaving."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from safekeeping.library import Library

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Offline = Callable[..., tuple["Page", list[str]]]
STORY = "sc15-new-shoes"


def opened(offline: Offline, path: Path, **options: Any) -> tuple[Page, list[str]]:
    page, refused = offline(**options)
    page.goto(path.as_uri())
    return page, refused


def place(page: Page, id: str = STORY) -> Any:
    return page.locator(f'.sk-exercise[data-id="{id}"]')


def trace(page: Page, id: str = STORY) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("id => safekeeping.models[id].get('trace')", id)
    return found


def test_page_asks_for_nothing_and_breaks_no_rule_of_its_own_policy(
    offline: Offline, m5_page: Path, page_errors: Callable[[Page], list[str]]
) -> None:
    """Every exercise starts, no request leaves, and the policy has nothing to refuse."""
    page, refused = offline()
    errors = page_errors(page)
    page.goto(m5_page.as_uri())
    assert page.locator(".sk-exercise").count() == page.locator(".sk-exercise.sk-live").count() > 8
    assert refused == []
    assert errors == []


def test_stock_deck_of_the_same_notebook_makes_requests_that_are_counted(
    offline: Offline, tmp_path: Path
) -> None:
    """The negative control: without it, a counter that never counts would pass the test above.

    It also keeps proving why the deck has a template of its own: offline, the stock one shows the speaker's notes.
    """
    import nbformat
    from nbconvert.exporters.slides import SlidesExporter

    note = nbformat.v4.new_markdown_cell("For the speaker alone", metadata={"slideshow": {"slide_type": "notes"}})
    slide = nbformat.v4.new_markdown_cell("# Hello", metadata={"slideshow": {"slide_type": "slide"}})
    html, _ = SlidesExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[slide, note]))
    (tmp_path / "stock.html").write_text(html, encoding="utf-8")
    page, refused = offline()
    page.goto((tmp_path / "stock.html").as_uri())
    assert len(refused) >= 3
    assert page.get_by_text("For the speaker alone").is_visible()


def test_story_plays_from_the_keyboard_alone_and_reports_every_step(offline: Offline, m5_page: Path) -> None:
    """Tab, Enter and nothing else: content note, options, go on, look back."""
    page, _ = opened(offline, m5_page)
    story = place(page)
    story.get_by_role("button", name="Continue").focus()
    page.keyboard.press("Enter")
    for _ in range(6):
        if story.get_by_role("button", name="Look back").count():
            break
        option = story.locator("button.sk-opt").first
        while not option.evaluate("el => el === document.activeElement"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        go_on = story.get_by_role("button", name="Go on")
        for _ in range(6):
            if go_on.evaluate("el => el === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    steps = trace(page)
    assert [step["do"] for step in steps[:2]] == ["start", "choose"]
    assert steps[-1]["do"] == "end"
    assert len([step for step in steps if step["do"] == "choose"]) >= 3


def test_choice_can_be_changed_and_the_trace_says_so(offline: Offline, m5_page: Path) -> None:
    """Going back is part of the record, and the options can be taken anew."""
    page, _ = opened(offline, m5_page)
    story = place(page)
    story.get_by_role("button", name="Continue").click()
    story.locator("button.sk-opt").nth(0).click()
    story.get_by_role("button", name="Change this choice").click()
    story.locator("button.sk-opt").nth(1).click()
    assert [step["do"] for step in trace(page)] == ["start", "choose", "back", "choose"]


def test_later_choice_can_be_changed_without_losing_the_place(offline: Offline, m5_page: Path) -> None:
    """Taking back the second choice stands before the second choice, not after the first."""
    page, _ = opened(offline, m5_page)
    story = place(page)
    story.get_by_role("button", name="Continue").click()
    story.locator("button.sk-opt").nth(1).click()
    story.get_by_role("button", name="Go on").click()
    question = story.locator("legend").inner_text()
    story.locator("button.sk-opt").nth(0).click()
    story.get_by_role("button", name="Change this choice").click()
    assert story.locator("legend").inner_text() == question
    assert story.locator("button.sk-opt[aria-disabled]").count() == 0


@pytest.mark.parametrize(("way", "told"), [("Read a summary", True), ("Skip", False)])
def test_summary_and_skip_count_the_same_as_playing(offline: Offline, m5_page: Path, way: str, told: bool) -> None:
    """Both are recorded, both say that they count the same, and the summary is really told."""
    page, _ = opened(offline, m5_page)
    story = place(page)
    story.get_by_role("button", name=way).click()
    assert trace(page)[-1]["do"] == ("summary" if told else "skip")
    assert "counts the same" in story.inner_text()
    assert ("grandmother" in story.inner_text()) is told


def test_summary_of_a_part_puts_the_part_away_and_continue_brings_it_back(offline: Offline, m5_page: Path) -> None:
    """Nobody has to scroll past what they chose not to read; help stays in sight."""
    page, _ = opened(offline, m5_page)
    note = place(page, "note-m5")
    note.get_by_role("button", name="Read a summary").click()
    assert "counts the same" in note.inner_text()
    assert not place(page).is_visible()
    assert page.locator("#help-lines").is_visible()
    note.get_by_role("button", name="Continue").click()
    assert place(page).is_visible()


def test_map_is_shown_only_after_an_ending(offline: Offline, m5_page: Path) -> None:
    """A map before the end would turn a story into a maze."""
    page, _ = opened(offline, m5_page)
    story = place(page)
    story.get_by_role("button", name="Continue").click()
    assert story.get_by_text("Map of the story").count() == 0
    while story.locator("button.sk-opt").count():
        story.locator("button.sk-opt").nth(1).click()
        assert story.locator(".sk-grid").count() == 0
        story.get_by_role("button", name="Go on").click()
    story.get_by_role("button", name="Look back").click()
    assert story.locator(".sk-grid").is_visible()
    story.get_by_role("button", name="Replay from here").first.click()
    assert trace(page)[-1]["do"] == "replay"


def test_leave_now_empties_the_page_and_its_title_and_lands_on_a_blank_one(offline: Offline, m5_page: Path) -> None:
    """Back does not bring the page's address: it was replaced, not left."""
    page, refused = opened(offline, m5_page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "sk-leave"
    page.keyboard.press("Enter")
    page.wait_for_url("about:blank")
    assert page.title() == ""
    assert page.inner_text("body") == ""
    assert refused == []


def test_escape_three_times_leaves_too(offline: Offline, m5_page: Path) -> None:
    """A way out that needs no aim; twice is not enough, so that closing a panel does not lose the page."""
    page, _ = opened(offline, m5_page)
    for _ in range(2):
        page.keyboard.press("Escape")
    assert page.url == m5_page.as_uri()
    page.keyboard.press("Escape")
    page.wait_for_url("about:blank")


def test_page_in_a_frame_says_close_this_tab_where_it_may_not_leave(
    offline: Offline, m5_page: Path, tmp_path: Path
) -> None:
    """A learning platform shows the page in a frame that may not move the window."""
    host = tmp_path / "host.html"
    sandbox = "allow-scripts allow-same-origin"
    host.write_text(f'<title>Host</title><iframe sandbox="{sandbox}" src="{m5_page.as_uri()}"></iframe>')
    page, _ = opened(offline, host)
    frame = page.frames[1]
    frame.wait_for_selector(".sk-live")
    frame.locator(".sk-leave").first.click()
    assert "Close this tab" in frame.inner_text("body")
    assert "Safekeeping" not in frame.inner_text("body")


def test_without_scripts_everything_can_be_read_and_left(offline: Offline, m5_page: Path) -> None:
    """Stories with go-to numbers, answers apart, contacts, and a leave control that is a plain link."""
    page, _ = opened(offline, m5_page, java_script_enabled=False)
    story = place(page)
    assert story.locator(".sk-form").is_visible()
    assert story.get_by_text("Go to 1").first.is_visible()
    assert page.locator("#help-lines").is_visible()
    assert page.locator(".sk-leave").first.get_attribute("href") == "about:blank"
    assert page.get_by_text("Scripts are off").is_visible()


def test_printed_page_holds_every_scene_and_no_live_part(offline: Offline, m5_page: Path) -> None:
    """What is on paper does not depend on how far somebody played."""
    page, _ = opened(offline, m5_page)
    place(page).get_by_role("button", name="Continue").click()
    page.emulate_media(media="print")
    assert place(page).locator(".sk-form").is_visible()
    assert not place(page).locator(".sk-live-part").is_visible()
    assert not page.locator(".sk-bar").is_visible()


FOLDED = ".sk-sign, .sk-fold, .sk-form details, [data-contacts] details"


def test_a_sign_on_paper_has_its_next_step_with_scripts_and_without(
    offline: Offline, m5_page: Path, tmp_path: Path
) -> None:
    """Nothing opens on paper. A closed sign would be a bare line: a list to tick, without what to do."""
    texts: list[str] = []
    for scripts in (True, False):
        page, _ = opened(offline, m5_page, java_script_enabled=scripts)
        path = tmp_path / f"{scripts}.pdf"
        page.pdf(path=str(path))
        texts.append(" ".join(subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True).stdout.split()))
    signs = [one for one in Library().every("indicator") if one.settings]
    assert len(signs) > 40
    for text in texts:
        assert [one.id for one in signs if " ".join(one.next_step.split()) not in text] == []
        assert "crisistextline.org" in text
        assert Library().get("scenario", STORY).content_note.summary[:60] in text


def test_what_opened_for_paper_closes_again_and_what_was_open_stays(offline: Offline, m5_page: Path) -> None:
    """For browsers that cannot show a closed line's content in print; printing twice changes nothing either."""
    page, _ = opened(offline, m5_page)
    page.evaluate("document.querySelector('details.sk-sign').open = true")
    before = page.evaluate("[...document.querySelectorAll('details')].map(one => one.open)")
    page.evaluate("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(f"document.querySelectorAll('details:is({FOLDED}):not([open])').length") == 0
    assert page.evaluate("document.querySelectorAll('details.sk-src[open]').length") == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("[...document.querySelectorAll('details')].map(one => one.open)") == before
    assert sum(before) == 1


SIZES = {"320 px": (320, 640, 1), "400 % zoom of 1280 px": (320, 256, 4), "768 px": (768, 1024, 1)}


@pytest.mark.parametrize("size", list(SIZES))
def test_page_needs_no_sideways_scroll(offline: Offline, m5_page: Path, size: str) -> None:
    """Also with an exercise open, and with the text spacing that readers may set (WCAG 1.4.12)."""
    width, height, scale = SIZES[size]
    page, _ = opened(offline, m5_page, viewport={"width": width, "height": height}, device_scale_factor=scale)
    story = place(page)
    story.get_by_role("button", name="Continue").click()
    story.locator("button.sk-opt").nth(1).click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important;'
          + 'word-spacing: .16em !important } p { margin-bottom: 2em !important }');
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    clipped = page.evaluate(
        """() => [...document.querySelectorAll('.sk-live-part button, .sk-live-part p, .sk-bar a')]
        .filter(el => el.offsetParent && !el.matches('.sk-hide, .sk-skip') && el.scrollWidth > el.clientWidth + 2
          && getComputedStyle(el).overflow !== 'visible').map(el => el.textContent.slice(0, 40))"""
    )
    assert clipped == []


def test_focus_is_never_hidden_under_the_fixed_bar(offline: Offline, m5_page: Path) -> None:
    """WCAG 2.4.11: tabbing forwards and backwards, whatever has focus can be seen."""
    page, _ = opened(offline, m5_page, viewport={"width": 800, "height": 500})
    bar = page.evaluate("document.querySelector('.sk-bar').getBoundingClientRect().bottom")

    def hidden() -> str | None:
        found: str | None = page.evaluate(
            """bar => { const el = document.activeElement, box = el.getBoundingClientRect();
            if (el.closest('.sk-bar') || el === document.body) return null;
            return box.bottom <= bar || box.top >= innerHeight ? el.outerHTML.slice(0, 120) : null }""",
            bar,
        )
        return found

    for _ in range(60):
        page.keyboard.press("Tab")
        assert hidden() is None
    for _ in range(50):
        page.keyboard.press("Shift+Tab")
        assert hidden() is None


def test_targets_are_large_enough(offline: Offline, m5_page: Path) -> None:
    """Controls of ours are at least 24 px high (WCAG 2.5.8), options at least 44."""
    page, _ = opened(offline, m5_page, viewport={"width": 360, "height": 740})
    story = place(page)
    story.get_by_role("button", name="Continue").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll('.sk-live-part button, .sk-live-part summary, .sk-leave, .sk-bar nav a')]
        .filter(el => el.offsetParent && el.getBoundingClientRect().height < (el.matches('.sk-opt') ? 44 : 24))
        .map(el => el.outerHTML.slice(0, 100))"""
    )
    assert small == []


def test_help_lines_are_one_key_from_the_start_of_the_page(offline: Offline, m5_page: Path) -> None:
    """Leave now, skip link, help lines: the third Tab, then Enter, and the contacts are in view."""
    page, _ = opened(offline, m5_page)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#help-lines").evaluate("el => el.getBoundingClientRect().top < innerHeight")
    assert page.get_by_text("Not confirmed by us").first.is_visible()


def test_nothing_is_stored_by_reading_and_playing(offline: Offline, m5_page: Path) -> None:
    """No cookie, no local or session storage, no database."""
    page, _ = opened(offline, m5_page)
    story = place(page)
    story.get_by_role("button", name="Continue").click()
    story.locator("button.sk-opt").first.click()
    stored = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie,"
        " (await indexedDB.databases()).length]"
    )
    assert stored == [0, 0, "", 0]


STATES = ["light", "dark"]


@pytest.mark.parametrize("scheme", STATES)
def test_page_has_no_fault_that_axe_can_find(
    offline: Offline, m5_page: Path, axe: Callable[..., list[str]], scheme: str
) -> None:
    """WCAG 2.0 to 2.2 A and AA: the page as it opens, and with exercises in the middle and at their end."""
    page, _ = opened(offline, m5_page, color_scheme=scheme, viewport={"width": 1100, "height": 900})
    assert axe(page) == []
    story = place(page)
    story.get_by_role("button", name="Continue").click()
    assert axe(page, f'[data-id="{STORY}"]') == []
    while story.locator("button.sk-opt").count():
        story.locator("button.sk-opt").nth(1).click()
        assert axe(page, f'[data-id="{STORY}"]') == []
        story.get_by_role("button", name="Go on").click()
    assert axe(page, f'[data-id="{STORY}"]') == []
    story.get_by_role("button", name="Look back").click()
    story.get_by_role("button", name="Help lines").click()
    story.get_by_role("button", name="Pause").click()
    assert axe(page, f'[data-id="{STORY}"]') == []


def test_help_lines_of_an_exercise_dial_what_the_page_dials(offline: Offline, m5_page: Path) -> None:
    """Two programs write these links, and a number printed in letters as well is dialled once in both."""
    page, _ = opened(offline, m5_page)
    story = place(page)
    story.get_by_role("button", name="Continue").click()
    story.get_by_role("button", name="Help lines").click()
    hrefs = "all => all.map(one => one.getAttribute('href'))"
    panel = story.locator(".sk-live-part a[href^='tel:']").evaluate_all(hrefs)
    assert "tel:18335915669" in panel
    assert set(panel) <= set(page.locator("[data-contacts] a[href^='tel:']").evaluate_all(hrefs))
