"""The slide deck, opened from a file: slides, speaker window, reading mode, paper, and the participants' copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import until
from safekeeping import plans
from safekeeping.library import CONTENT, Library, course
from safekeeping.publish.deck import plan_deck

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Offline = Callable[..., tuple["Page", list[str]]]
ROOM = {"width": 1280, "height": 720}


def shown(offline: Offline, path: Path, search: str = "", **options: Any) -> tuple[Page, list[str]]:
    """A deck on a wide screen, once reveal is ready (or the reading mode is on)."""
    page, refused = offline(**({"viewport": ROOM} | options))
    page.goto(path.as_uri() + search)
    if options.get("java_script_enabled", True):
        until(page, "document.querySelector('.sk-live') && (Reveal.isReady() || true)")
    return page, refused


def slide_of(page: Page) -> int:
    found: int = page.evaluate("Reveal.getSlides().indexOf(Reveal.getCurrentSlide())")
    return found


def go_to_story(page: Page) -> Any:
    """Turn to the slide with the story of the new shoes."""
    until(page, "Reveal.isReady()")
    page.evaluate("Reveal.slide(Reveal.getSlides().findIndex(s => s.querySelector('[data-id=sc15-new-shoes]')))")
    return page.locator('[data-id="sc15-new-shoes"]')


def test_deck_asks_for_nothing_and_breaks_no_rule_of_its_own_policy(
    offline: Offline, m5_deck: Path, page_errors: Callable[[Page], list[str]]
) -> None:
    """All slides, forwards, from a file."""
    page, refused = offline(viewport=ROOM)
    errors = page_errors(page)
    page.goto(m5_deck.as_uri())
    until(page, "Reveal.isReady()")
    for _ in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate("Reveal.next()")
    assert refused == []
    assert errors == []


def test_notes_are_in_no_slide_that_a_room_sees(offline: Offline, m5_deck: Path) -> None:
    """With scripts, without, in reading mode and on paper."""
    for search, options in (("", {}), ("?reading", {}), ("", {"java_script_enabled": False})):
        page, _ = shown(offline, m5_deck, search, **options)
        notes = page.locator("aside.notes")
        assert notes.count() > 20
        assert not any(notes.nth(i).is_visible() for i in range(notes.count()))
        if options.get("java_script_enabled", True):
            page.emulate_media(media="print")
            assert not any(notes.nth(i).is_visible() for i in range(notes.count()))


def test_speaker_window_shows_notes_next_slide_and_time_and_turns_slides(offline: Offline, m5_deck: Path) -> None:
    """It opens from a file, under the deck's own policy, with the key s."""
    page, refused = shown(offline, m5_deck)
    until(page, "Reveal.isReady()")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    speaker.wait_for_selector('[data-part="notes"]')
    first = speaker.inner_text('[data-part="title"]')
    notes = speaker.inner_text('[data-part="notes"]')
    assert "Say" in notes
    assert speaker.inner_text('[data-part="left"]').count(":") == 1
    speaker.locator(".acts button").nth(1).click()
    until(page, "Reveal.getSlides().indexOf(Reveal.getCurrentSlide()) === 1")
    assert speaker.inner_text('[data-part="title"]') != first or speaker.inner_text('[data-part="notes"]') != notes
    assert refused == []


def test_arrow_keys_inside_an_exercise_do_not_turn_the_slide_but_page_keys_do(offline: Offline, m5_deck: Path) -> None:
    """Presenter remotes send page keys; a person in an exercise sends arrows, space and letters."""
    page, _ = shown(offline, m5_deck)
    story = go_to_story(page)
    before = slide_of(page)
    story.get_by_role("button", name="Continue").click()
    story.locator("button.sk-opt").first.focus()
    for key in ("ArrowRight", "ArrowLeft", "n", "b"):
        page.keyboard.press(key)
    assert slide_of(page) == before
    page.keyboard.press("PageDown")
    assert slide_of(page) == before + 1


def test_key_x_covers_the_screen_and_uncovers_it(offline: Offline, m5_deck: Path) -> None:
    """Title and slides go; the same key brings them back."""
    page, _ = shown(offline, m5_deck)
    title = page.title()
    page.keyboard.press("x")
    assert page.locator(".sk-cover").is_visible()
    assert page.title() == ""
    page.keyboard.press("x")
    assert page.locator(".sk-cover").count() == 0
    assert page.title() == title


@pytest.mark.parametrize("options", [{"viewport": {"width": 320, "height": 640}}, {"java_script_enabled": False}])
def test_deck_reads_as_a_page_where_slides_would_be_too_small(
    offline: Offline, m5_deck: Path, options: dict[str, Any]
) -> None:
    """On a phone, at 400 % zoom and without scripts: all slides one under the other, text of at least 16 px."""
    page, _ = shown(offline, m5_deck, **options)
    leads = page.locator(".sk-lead")
    assert leads.count() > 8
    assert leads.first.is_visible() and leads.last.is_visible()
    if options.get("java_script_enabled", True):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.sk-lead p')).fontSize)") >= 16


def test_narrow_window_turns_a_running_deck_into_a_page_and_back(offline: Offline, m5_deck: Path) -> None:
    """Zooming in during a talk loses nothing."""
    page, _ = shown(offline, m5_deck)
    until(page, "Reveal.isReady()")
    page.set_viewport_size({"width": 400, "height": 700})
    until(page, "!document.body.classList.contains('sk-slides')")
    assert page.locator(".sk-lead").last.is_visible()
    page.set_viewport_size(ROOM)
    until(page, "document.body.classList.contains('sk-slides') && Reveal.isReady()")


def test_every_slide_is_on_paper_and_in_its_tags(offline: Offline, m5_deck: Path) -> None:
    """Before printing, nothing is left inert or hidden from a reader of the file."""
    page, _ = shown(offline, m5_deck)
    until(page, "Reveal.isReady()")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    slides = page.locator(".slides > section")
    assert all(slides.nth(i).is_visible() for i in range(slides.count()))
    assert page.locator(".slides > section[inert], .slides > section[aria-hidden]").count() == 0


def test_text_of_slides_is_large_enough_for_a_room(offline: Offline, m5_deck: Path) -> None:
    """At least 28 px at a width of 1280 px, in leads and in exercises."""
    page, _ = shown(offline, m5_deck)
    story = go_to_story(page)
    story.get_by_role("button", name="Continue").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll('.sk-lead p, .sk-title p, [data-id=sc15-new-shoes] .sk-opt span')]
        .map(el => parseFloat(getComputedStyle(el).fontSize)).filter(size => size < 28)"""
    )
    assert small == []


def test_every_diagram_fits_its_slide_and_can_be_read_from_the_back(offline: Offline, m5_deck: Path) -> None:
    """Each drawing of the course in turn on one slide: nothing scrolls, and its smallest words have 28 pixels."""
    page, _ = shown(offline, m5_deck)
    slide = page.locator("#slide-base-rate-figure")
    page.evaluate("Reveal.slide(Reveal.getSlides().findIndex(s => s.id === 'slide-base-rate-figure'))")
    for one in Library().every("figure"):
        drawing = (CONTENT / "figures" / one.file).read_text(encoding="utf-8")
        over, size = slide.evaluate(
            """(slide, drawing) => {
              slide.querySelector("svg").outerHTML = drawing;
              const [svg, inner] = [slide.querySelector("svg"), slide.querySelector(".sk-slide")];
              const box = svg.getBoundingClientRect();
              const view = svg.viewBox.baseVal;
              const sizes = [...svg.querySelectorAll("text")].map((one) => parseFloat(getComputedStyle(one).fontSize));
              const scale = Math.min(box.width / view.width, box.height / view.height);
              return [inner.scrollHeight - inner.clientHeight, Math.min(...sizes) * scale];
            }""",
            drawing,
        )
        assert over <= 0, one.id
        assert round(size) >= 28, one.id


def test_participants_deck_starts_no_exercise_and_shows_none_of_what_follows(
    offline: Offline, m5_audience_deck: Path
) -> None:
    """Situation and options for discussion; the stories go on with the facilitator."""
    page, refused = shown_plain(offline, m5_audience_deck)
    assert page.locator("aside.notes").count() == 0
    assert page.locator(".sk-discussion").count() > 8
    assert page.locator('[data-exercise="scenario"], [data-exercise="quiz"], [data-exercise="sort"]').count() == 0
    assert refused == []


def shown_plain(offline: Offline, path: Path) -> tuple[Page, list[str]]:
    page, refused = offline(viewport=ROOM)
    page.goto(path.as_uri())
    until(page, "Reveal.isReady()")
    return page, refused


def test_the_tab_key_stays_on_the_slide_that_shows(offline: Offline, m5_deck: Path) -> None:
    """Leave now first, then what stands on this slide, then turning slides; nothing of a slide that nobody sees."""
    page, _ = shown(offline, m5_deck)
    until(page, "Reveal.isReady()")
    assert page.locator("section:not(.present) .sk-exercise").count() > 8
    held = """() => { const el = document.activeElement, slide = el.closest(".slides > section");
      return slide && slide !== Reveal.getCurrentSlide() ? slide.id : el.className || el.tagName; }"""
    page.keyboard.press("Tab")
    assert page.evaluate(held) == "sk-leave"
    for _ in range(8):
        page.keyboard.press("Tab")
        assert not page.evaluate(held).startswith("slide-")
    go_to_story(page)
    found = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        found.add(page.evaluate(held))
    assert "sk-leave" in found and any("sk-way3" in one for one in found)
    assert not any(one.startswith("slide-") for one in found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_slide_has_a_fault_that_axe_can_find(
    offline: Offline, m5_deck: Path, axe: Callable[..., list[str]], scheme: str
) -> None:
    """WCAG 2.0 to 2.2 A and AA, slide by slide."""
    page, _ = shown(offline, m5_deck, color_scheme=scheme)
    until(page, "Reveal.isReady()")
    found = []
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate("n => Reveal.slide(n)", number)
        found += [f"slide {number + 1}: {fault}" for fault in axe(page)]
    assert found == []


# What is wrong with a slide as it shows: it scrolls, words are too small for the last row or too pale, no Leave now.
SHOWN = """() => {
  const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number);
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  };
  const ground = (el) => {
    const own = getComputedStyle(el).backgroundColor;
    return /, 0\\)$/.test(own) && el.parentElement ? ground(el.parentElement) : own;
  };
  const zoom = (svg) => {
    const [box, view] = [svg.getBoundingClientRect(), svg.viewBox.baseVal];
    return Math.min(box.width / view.width, box.height / view.height);
  };
  const slide = Reveal.getCurrentSlide();
  const inner = slide.querySelector(".sk-slide");
  const faults = [];
  if (inner.scrollHeight > inner.clientHeight) faults.push("scrolls");
  if (inner.scrollWidth > inner.clientWidth) faults.push("scrolls sideways");
  const walk = document.createTreeWalker(inner, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim();
    const el = walk.currentNode.parentElement;
    const svg = el.closest("svg");
    if (!text || !el.checkVisibility({ visibilityProperty: true }) || el.closest("title, desc, .sk-hide")) continue;
    const style = getComputedStyle(el);
    const size = parseFloat(style.fontSize) * (svg ? zoom(svg) : Reveal.getScale()) * (1280 / innerWidth);
    if (Math.round(size) < 28) faults.push("small: " + text);
    const [a, b] = [light(svg ? style.fill : style.color), light(ground(el))];
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) faults.push("pale: " + text);
  }
  const a = light(getComputedStyle(document.querySelector(".reveal .controls")).color);
  const b = light(getComputedStyle(document.body).backgroundColor);
  if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) faults.push("pale arrows");
  const leave = document.querySelector(".sk-leave");
  const box = leave.getBoundingClientRect();
  const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (there !== leave) faults.push("Leave now is covered");
  return faults.map((fault) => slide.id + " " + fault);
}"""


@pytest.mark.parametrize(("scheme", "size"), [("light", ROOM), ("dark", {"width": 1920, "height": 1080})])
@pytest.mark.parametrize("audience", [False, True])
def test_every_slide_of_a_workshop_fits_its_room(
    offline: Offline, tmp_path: Path, scheme: str, size: dict[str, int], audience: bool
) -> None:
    """Nothing scrolls; all words are large and dark enough, and Leave now is free."""
    for name in ("child-welfare-180", "hospitality-60"):
        path = tmp_path / f"{name}.html"
        made = plan_deck(Library(), course(), plans.plan(Library(), course(), name), audience=audience)
        path.write_text(made, encoding="utf-8")
        page, _ = offline(viewport=size, color_scheme=scheme)
        page.goto(path.as_uri())
        until(page, "Reveal.isReady()")
        found = []
        for number in range(page.evaluate("Reveal.getTotalSlides()")):
            page.evaluate("n => Reveal.slide(n)", number)
            found += page.evaluate(SHOWN)
        assert found == [], name
