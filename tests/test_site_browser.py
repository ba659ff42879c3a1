"""The learn site as a learner meets it: from files and over http, kept or not, in two tabs, on paper, left at once."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from safekeeping import mastery, progress
from safekeeping.library import Library

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Offline = Callable[..., tuple["Page", list[str]]]
ROOT = Path(__file__).resolve().parents[1]
KEY = "course-progress"
KINDS = [
    "index", "part-1", "check-5", "story-15", "booster-7", "stories", "glossary", "words", "help", "sources", "search",
    "teach", "build", "place", "record", "404",
]  # fmt: skip


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port(course_site: Path) -> Iterator[int]:
    """The site on a port of this computer, two folders below the root: it must work at any place of a host."""
    deep = course_site.parent / "host" / "some" / "place"
    deep.parent.mkdir(parents=True)
    deep.symlink_to(course_site, target_is_directory=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(course_site.parent / "host")))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def web(offline: Offline, port: int) -> Callable[..., Any]:
    """``web(name)``: a page of the site over http; ``web.page`` the page, ``web.refused`` what it asked for besides."""
    page, refused = offline(port=port)

    def open_(name: str, on: Page | None = None) -> Page:
        (on or page).goto(f"http://127.0.0.1:{port}/some/place/{name}")
        return on or page

    open_.page, open_.refused = page, refused  # type: ignore[attr-defined]
    return open_


def kept(page: Page, store: str = "localStorage") -> dict[str, Any] | None:
    """What the browser holds of the learner's record."""
    text = page.evaluate(f"{store}.getItem('{KEY}')")
    return None if text is None else json.loads(text)


def place(page: Page, id: str) -> Any:
    return page.locator(f'.sk-exercise[data-id="{id}"]')


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


# --- every page ------------------------------------------------------------------------------------------------------


def test_every_page_opens_from_a_file_without_a_request_or_a_refusal(
    offline: Offline, course_site: Path, page_errors: Callable[[Page], list[str]]
) -> None:
    """No page asks for anything but itself, no script fails, and no policy has anything to refuse."""
    page, refused = offline()
    errors = page_errors(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(course_site.glob("*.html")):
        asked.clear()
        page.goto(path.as_uri())
        assert asked == [path.as_uri()]
        assert page.locator(".sk-exercise").count() == page.locator(".sk-exercise.sk-live").count(), path.name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name
        assert errors == [], path.name
    assert refused == []


def test_kinds_of_page_are_all_kinds(course_site: Path) -> None:
    """A kind is a file's name without its number; a new kind of page has to join the list that the tests go by."""
    found = {re.sub(r"-\d+$", "", path.stem) for path in course_site.glob("*.html")}
    assert found == {re.sub(r"-\d+$", "", name) for name in [*KINDS, "blank"]}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault_that_axe_can_find(
    offline: Offline, course_site: Path, axe: Callable[..., list[str]], scheme: str, width: int
) -> None:
    """One of each kind of page, unfolded, in both schemes, on a phone and on a desk; the blank page has nothing."""
    page, _ = offline(color_scheme=scheme, viewport={"width": width, "height": 844})
    for name in [*KINDS, "blank"]:
        page.goto((course_site / f"{name}.html").as_uri())
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert axe(page) == [], name


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_no_page_needs_sideways_scroll(offline: Offline, course_site: Path, width: int) -> None:
    """320 px is also a window of 1280 px at 400 %: there every page, else one of each kind."""
    page, _ = offline(viewport={"width": width, "height": 600})
    for path in sorted(course_site.glob("*.html")):
        if width == 320 or path.stem in KINDS:
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name


def test_without_scripts_every_page_reads_and_says_what_is_missing(offline: Offline, course_site: Path) -> None:
    """Text, help lines and printed forms stand there; no empty box pretends to be something."""
    page, _ = offline(java_script_enabled=False)
    for name in ("index", "part-1", "story-15", "check-1", "help", "glossary", "place", "search", "record"):
        page.goto((course_site / f"{name}.html").as_uri())
        assert len(page.inner_text("main")) > 120, name
        assert page.locator(".sk-leave").first.get_attribute("href") == "blank.html"
        if name in ("part-1", "story-15", "check-1", "place", "search", "record"):
            assert page.locator("main .sk-no-script").first.is_visible(), name
    page.goto((course_site / "check-1.html").as_uri())
    assert page.locator(".sk-form").is_visible()


def test_keyboard_alone_goes_from_home_into_a_part_and_to_help(web: Callable[..., Any]) -> None:
    """Leave now first, then the skip link, then the help lines; every link is reached by Tab."""
    page = web("index.html")
    order = []
    for _ in range(4):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert order == ["Leave now", "Skip to the text", "Safekeeping", "Help lines"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/help.html")
    page.go_back()
    for _ in range(30):
        if page.evaluate("document.activeElement.getAttribute('href')") == "part-0.html":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/part-0.html")


def test_leave_now_puts_a_blank_page_of_the_same_folder_in_its_place(web: Callable[..., Any]) -> None:
    """Over http blank.html, without our name; what was left is not in the history any more."""
    web("index.html")
    page = web("part-5.html")
    page.locator(".sk-leave").first.click()
    page.wait_for_url("**/blank.html")
    assert page.title() == "Blank"
    assert page.inner_text("body").strip() == ""
    page.go_back()
    page.wait_for_url("**/index.html")


def test_leave_now_from_a_file_goes_to_about_blank(offline: Offline, course_site: Path) -> None:
    """A file's address would name the folder."""
    page, _ = offline()
    page.goto((course_site / "part-5.html").as_uri())
    page.locator(".sk-leave").first.click()
    page.wait_for_url("about:blank")


def test_long_list_of_stories_opens_each_on_its_own_page(offline: Offline, course_site: Path) -> None:
    """Part 5 plays three stories and leads to the others; a story leads back to its part."""
    page, _ = offline()
    page.goto((course_site / "part-5.html").as_uri())
    assert page.locator('.sk-exercise[data-exercise="scenario"]').count() == 3
    page.get_by_role("link", name="Play this story on its own page").first.click()
    assert page.locator('.sk-exercise[data-exercise="scenario"].sk-live').count() == 1
    page.get_by_role("link", name="This story belongs to part 5").click()
    assert page.url.endswith("part-5.html")


# --- keeping ---------------------------------------------------------------------------------------------------------


def test_nothing_is_kept_unless_chosen(web: Callable[..., Any]) -> None:
    """Playing, moving about and leaving store nothing, and set no cookie."""
    page = web("part-1.html")
    press(page, "Continue")
    page.goto(page.url.replace("part-1", "index"))
    stored = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie,"
        " (await indexedDB.databases()).length]"
    )
    assert stored == [0, 0, "", 0]
    assert web.refused == []


def test_what_is_kept_on_this_device_comes_back_and_is_erased_in_one_action(web: Callable[..., Any]) -> None:
    """The choices made before the switch count too; erasing empties this page, the browser and every other page."""
    page = web("part-5.html")
    story = place(page, "sc15-new-shoes")
    story.get_by_role("button", name="Continue").click()
    story.locator("button.sk-opt").nth(1).click()
    press(page, "Keep on this device")
    assert [step["do"] for step in kept(page)["traces"]["sc15-new-shoes"]] == ["start", "choose"]
    page.reload()
    assert place(page, "sc15-new-shoes").locator(".sk-taken").count() == 1
    page.goto(page.url.replace("part-5", "index"))
    assert page.locator('[data-state-of="m5"]').inner_text() == "Begun"
    link = page.get_by_role("link", name="Go on with Noticing")
    assert link.get_attribute("href") == "part-5.html#new-shoes"
    press(page, "Erase everything")
    assert kept(page) is None
    assert "Nothing is kept in this browser" in page.locator("#sk-keep, .sk-foot-place").last.inner_text()
    assert page.locator('[data-state-of="m5"]').inner_text() == ""


def test_place_in_the_text_is_found_again(web: Callable[..., Any]) -> None:
    """Home leads back to the section that was on screen."""
    page = web("part-2.html")
    press(page, "Keep on this device")
    page.locator("#facts").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('facts').scrollIntoView()")
    page.goto(page.url.partition("#")[0].replace("part-2", "index"))
    assert kept(page)["traces"]["reading"] == [{"do": "at", "part": "m2", "cell": "facts"}]
    assert page.locator("#sk-journey a").get_attribute("href") == "part-2.html#facts"
    page.locator("#sk-journey a").click()
    page.wait_for_url("**/part-2.html#facts")


def test_from_a_file_the_device_is_offered_only_after_one_sentence(offline: Offline, course_site: Path) -> None:
    """All pages opened from files share one memory; a person hears that first, and may say yes."""
    page, _ = offline()
    page.goto((course_site / "part-1.html").as_uri())
    press(page, "Keep on this device")
    assert kept(page) is None
    assert "share one memory" in page.locator("#sk-keep").inner_text()
    press(page, "Keep it all the same")
    assert kept(page) == {"safekeeping_progress": 1, "traces": {}}


def test_tab_keeps_until_it_is_closed(web: Callable[..., Any]) -> None:
    """For a shared computer: in this tab from page to page, in no other store."""
    page = web("part-1.html")
    press(page, "Keep until I close this tab")
    press(page, "Skip")
    assert kept(page) is None
    page.goto(page.url.replace("part-1", "index"))
    assert page.locator('[data-state-of="m1"]').inner_text() == "Done"
    press(page, "Keep on this device")
    assert kept(page, "sessionStorage") is None
    assert kept(page)["traces"]["note-m1"] == [{"do": "skip"}]


def test_record_travels_between_site_and_notebook_as_one_file(web: Callable[..., Any], tmp_path: Path) -> None:
    """Written by the site, read by progress.py; written by progress.py, opened by the site. Unknown ids stay."""
    page = web("part-1.html")
    press(page, "Skip")
    with page.expect_download() as download:
        press(page, "Save as a file")
    assert download.value.suggested_filename == progress.FILE
    saved = tmp_path / progress.FILE
    download.value.save_as(saved)
    traces = progress.read(saved)
    assert traces["note-m1"] == [{"do": "skip"}]
    progress.write(saved, traces | {"note-m2": [{"do": "summary"}], "from-another-version": [{"do": "end", "x": 1}]})
    page = web("place.html")
    page.set_input_files("input[type=file]", str(saved))
    page.get_by_text("Opened. Your saved choices are here.").wait_for()
    assert page.locator('[data-state-of="m2"]').inner_text() == "Done"
    assert kept(page) is None  # only until the tab is closed
    with page.expect_download() as download:
        press(page, "Save as a file")
    again = tmp_path / "again.json"
    download.value.save_as(again)
    assert progress.read(again)["from-another-version"] == [{"do": "end", "x": 1}]
    assert {"do": "part", "part": "m2"}.items() <= progress.read(again)["course"][-1].items()
    progress.write(saved, progress.read(saved))
    text = json.dumps(json.loads(saved.read_text(encoding="utf-8")), ensure_ascii=False, indent=1)
    assert page.evaluate("text => JSON.stringify(JSON.parse(text), null, 1)", saved.read_text(encoding="utf-8")) == text


BAD_FILES = {
    "cut off": ('{"safekeeping_progress": 1, "traces": {"a"', "damaged"),
    "foreign": ('{"name": "something else"}', "no progress file"),
    "a list": ("[1, 2]", "no progress file"),
    "not text": ("\x00\x01\x02", "damaged"),
    "wrong traces": ('{"safekeeping_progress": 1, "traces": {"a": [{"x": 1}]}}', "damaged"),
    "from the future": ('{"safekeeping_progress": 99, "traces": {}}', "newer version"),
    "version true": ('{"safekeeping_progress": true, "traces": {}}', "damaged"),
    "too large": ('{"safekeeping_progress": 1, "traces": {"a": [{"do": "' + "x" * 5_000_000 + '"}]}}', "too large"),
}


@pytest.mark.parametrize("kind", list(BAD_FILES))
def test_bad_progress_file_is_left_alone_with_one_calm_sentence(
    web: Callable[..., Any], tmp_path: Path, kind: str
) -> None:
    """What was known before is still known; progress.py says no to the same files."""
    text, sentence = BAD_FILES[kind]
    path = tmp_path / "course-progress.json"
    path.write_text(text, encoding="utf-8")
    page = web("place.html")
    page.set_input_files("input[type=file]", str(path))
    page.locator(".sk-status", has_text=sentence).first.wait_for()
    assert kept(page, "sessionStorage") is None
    assert path.read_text(encoding="utf-8") == text
    with pytest.raises(progress.ProgressError):
        progress.read(path)


@pytest.mark.parametrize("kind", ["cut off", "foreign", "from the future", "wrong traces"])
def test_foreign_thing_under_our_name_in_the_browser_is_never_overwritten(web: Callable[..., Any], kind: str) -> None:
    """Neither by playing nor by erasing; the page says so and works on."""
    page = web("404.html")
    page.evaluate("text => localStorage.setItem('course-progress', text)", BAD_FILES[kind][0])
    page = web("part-1.html")
    assert "It was left as it is" in page.locator("#sk-keep").inner_text()
    press(page, "Skip")
    assert page.get_by_role("button", name="Keep on this device").count() == 0
    press(page, "Erase everything")
    assert page.evaluate("localStorage.getItem('course-progress')") == BAD_FILES[kind][0]


def test_full_storage_loses_nothing_that_was_kept(web: Callable[..., Any]) -> None:
    """One sentence; the choices can still be saved as a file."""
    page = web("part-1.html")
    press(page, "Keep on this device")
    before = kept(page)
    full = "() => { throw new DOMException('full', 'QuotaExceededError'); }"
    page.evaluate(f"() => {{ Storage.prototype.setItem = {full}; }}")
    press(page, "Skip")
    assert "no room left" in page.locator("#sk-keep").inner_text()
    assert kept(page) == before
    with page.expect_download() as download:
        press(page, "Save as a file")
    assert "note-m1" in Path(download.value.path()).read_text(encoding="utf-8")


def test_forbidden_storage_is_said_and_hinders_nothing(offline: Offline, course_site: Path) -> None:
    """Some browsers forbid storage altogether: even to name it raises."""
    page, _ = offline()
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.goto((course_site / "part-1.html").as_uri())
    press(page, "Keep until I close this tab")
    assert "does not let the page keep" in page.locator("#sk-keep").inner_text()
    press(page, "Skip")
    assert page.get_by_role("button", name="Save as a file").is_visible()


def test_two_tabs_lose_nothing_of_each_other(web: Callable[..., Any]) -> None:
    """Different exercises, then the same one; what one tab does is seen in the other; erasing in one erases in both."""
    one = web("part-1.html")
    press(one, "Keep on this device")
    two = web("part-1.html", on=one.context.new_page())
    place(one, "note-m1").get_by_role("button", name="Continue").click()
    quiz = place(two, "m1-warm-up")
    quiz.locator("label").first.click()
    quiz.locator("button.sk-go").click()
    assert {"note-m1", "m1-warm-up"} <= set(kept(one)["traces"])
    place(one, "m1-warm-up").get_by_text("Question 2 of 2").wait_for()
    press(two, "Erase everything")
    one.get_by_text("Nothing is kept. What you choose is gone").wait_for()
    place(one, "note-m1").get_by_role("button", name="Skip").click()
    assert kept(one) is None


def test_tab_that_slept_joins_its_steps_with_what_the_other_did(web: Callable[..., Any]) -> None:
    """A phone freezes pages: they hear of nothing, and then write. Nobody's step is lost."""
    one = web("part-1.html")
    press(one, "Keep on this device")
    one.evaluate("addEventListener('storage', event => event.stopImmediatePropagation(), true)")
    one.evaluate(
        """() => { const data = JSON.parse(localStorage.getItem('course-progress'));
        data.traces['m1-warm-up'] = [{ do: 'skip' }]; data.traces.other = [{ do: 'end' }];
        localStorage.setItem('course-progress', JSON.stringify(data)); }"""
    )
    quiz = place(one, "m1-warm-up")
    quiz.locator("label").first.click()
    quiz.locator("button.sk-go").click()
    traces = kept(one)["traces"]
    assert [step["do"] for step in traces["m1-warm-up"]] == ["skip", "answer"]
    assert traces["other"] == [{"do": "end"}]


def test_kept_choices_that_no_longer_fit_are_set_aside_and_not_lost(web: Callable[..., Any]) -> None:
    """After an update of the course a story may have other points: it begins afresh; other ids stay as they are."""
    page = web("404.html")
    old = {
        "sc15-new-shoes": [{"do": "start"}, {"do": "choose", "state": "gone", "option": "x"}],
        "gone": [{"do": "end"}],
        "constructor": [{"do": "end"}],
        "m5-check": [{"do": "answer", "item": "m5-gone-1", "answer": "a"}],
    }
    done(page, old)
    page = web("part-5.html")
    story = place(page, "sc15-new-shoes")
    assert story.get_by_role("button", name="Continue").is_visible()
    assert page.locator(".sk-exercise").count() == page.locator(".sk-exercise.sk-live").count()
    place(page, "note-m5").get_by_role("button", name="Skip").click()
    assert set(old) <= set(kept(page)["traces"])


def test_back_button_brings_the_page_back_as_it_was_left(web: Callable[..., Any]) -> None:
    """And with what was done meanwhile, where something is kept."""
    page = web("part-1.html")
    press(page, "Keep on this device")
    place(page, "note-m1").get_by_role("button", name="Skip").click()
    page.goto(page.url.replace("part-1", "index"))
    page.go_back()
    place(page, "note-m1").locator('[aria-pressed="true"]', has_text="Skip").wait_for()


# --- checks ----------------------------------------------------------------------------------------------------------


def answer_try(page: Page, right: bool = True) -> list[str]:
    """Answer the eight questions of a try, by the authors' key or against it; gives the items in their order."""
    items: list[str] = []
    check = place(page, "check-m1")
    for _ in range(8):
        key = page.evaluate(
            """() => { const model = safekeepingModels['check-m1'], table = model.get('table');
            const stem = document.querySelector('.sk-ask').textContent;
            return table.items.find(one => stem.includes(model.get('text')[one.id + '.stem'])); }"""
        )
        items.append(key["id"])
        if key["type"] == "MC":
            wanted = next(id for id, mark in key["marks"].items() if bool(mark["points"]) == right)
            check.locator(f'input[value="{wanted}"]').check(force=True)
        elif key["type"] == "SJ":
            for place_, rating in enumerate(key["keys"][id] for id in _shown(page, key)):
                value = rating if right else 6 - rating if rating != 3 else 1
                check.locator("fieldset").nth(place_).locator(f'input[value="{value}"]').check(force=True)
        elif key["type"] == "CL":
            for place_, id in enumerate(_shown(page, key)):
                groups = key["marks"][id]
                wanted = next(group for group, mark in groups.items() if bool(mark["points"]) == right)
                check.locator("fieldset").nth(place_).locator(f'input[value="{wanted}"]').check(force=True)
        elif right:
            for target, id in enumerate(key["key"]):
                while True:
                    order = check.locator("ol.sk-order > li [data-move$=' -1']").evaluate_all(
                        "all => all.map(one => one.dataset.move.split(' ')[0])"
                    )
                    if order.index(id) <= target:
                        break
                    check.locator(f'[data-move="{id} -1"]').click()
        check.locator("button.sk-go").click()
        check.locator("button.sk-go").click()
    return items


def _shown(page: Page, item: dict[str, Any]) -> list[str]:
    """Actions or cases in the order on screen."""
    ids = item.get("actions") or item.get("cases")
    return page.evaluate(
        """([id, ids]) => { const text = safekeepingModels['check-m1'].get('text');
        const legends = [...document.querySelectorAll('.sk-ask fieldset legend')].map(one => one.textContent);
        const at = part => legends.indexOf(text[`${id}.${part}.text`]);
        return [...ids].sort((a, b) => at(a) - at(b)); }""",
        [item["id"], ids],
    )


def test_check_is_met_by_eight_right_answers_and_the_next_try_asks_others(web: Callable[..., Any]) -> None:
    """The items are those that Python drew; the result is told in words; Python reads the same from the trace."""
    page = web("check-1.html")
    page.evaluate("window.safekeepingModels = safekeeping.models")
    press(page, "Keep on this device")
    press(page, "Begin")
    first = answer_try(page)
    assert "Met: 8 of 8" in place(page, "check-m1").inner_text()
    trace = kept(page)["traces"]["check-m1"]
    assert mastery.met(trace)
    _, bank, table = mastery.compile(Library().module("m1"), Library().every("item"))
    series, tries = trace[0]["series"], table["series"]
    assert first == [bank[at].id for at, _ in tries[series][0]]
    press(page, "Other questions")
    second = answer_try(page, right=False)
    assert not set(first) & set(second)
    assert second == [bank[at].id for at, _ in tries[series][1]]
    assert "You have met this check." in place(page, "check-m1").inner_text()
    page.goto(page.url.replace("check-1", "index"))
    assert "check met" in page.locator('[data-state-of="m1"]').inner_text()


def test_half_a_try_is_taken_up_again_after_a_break(web: Callable[..., Any]) -> None:
    """Answers stay where they were given; a changed answer does not count in place of the first."""
    page = web("check-1.html")
    press(page, "Keep on this device")
    press(page, "Begin")
    check = place(page, "check-m1")
    check.locator("button.sk-go").wait_for()
    trace = kept(page)["traces"]["check-m1"]
    assert [step["do"] for step in trace] == ["try"]
    page.reload()
    assert check.get_by_text("Question 1 of 8").is_visible()
    check.get_by_role("button", name="Skip this exercise").click()
    assert "You stopped" in check.inner_text()
    assert not mastery.met(kept(page)["traces"]["check-m1"])


TRACES = [
    [],
    [{"do": "answer", "item": "a", "points": 1}],
    [{"do": "try", "series": 0, "try": 0}, *({"do": "answer", "item": str(n), "points": 1} for n in range(7))],
    [{"do": "try", "series": 0, "try": 0}, *({"do": "answer", "item": str(n), "points": 1} for n in range(6))],
    [{"do": "try"}, *({"do": "answer", "item": str(n), "points": n % 2} for n in range(8)), {"do": "end"},
     {"do": "try"}, *({"do": "answer", "item": str(n), "points": 1} for n in range(8))],
    [{"do": "try"}, *({"do": "answer", "item": str(n), "points": 0} for n in range(8)),
     *({"do": "back", "item": str(n)} for n in range(8)),
     *({"do": "answer", "item": str(n), "points": 1} for n in range(8))],
    [{"do": "try"}, *({"do": "answer", "item": str(n), "points": 1} for n in range(4)), {"do": "try"},
     *({"do": "answer", "item": str(n), "points": 1} for n in range(4))],
    [{"do": "try"}, *({"do": "answer", "item": str(n), "points": "1"} for n in range(8))],
]  # fmt: skip


def test_browser_and_python_agree_on_when_a_check_is_met(web: Callable[..., Any]) -> None:
    """First answers count, each try by itself, steps before a try not at all."""
    page = web("check-1.html")
    found = page.evaluate("traces => traces.map(trace => safekeeping.checkMet({ need: 7 }, trace))", TRACES)
    assert found == [mastery.met(trace) for trace in TRACES]
    assert found == [False, False, True, False, True, False, False, False]


# --- the record ------------------------------------------------------------------------------------------------------


def done(page: Page, traces: dict[str, Any]) -> None:
    """Put a record into the browser."""
    page.evaluate(
        "traces => localStorage.setItem('course-progress', JSON.stringify({ safekeeping_progress: 1, traces }))", traces
    )


def test_record_names_parts_version_and_label_and_keeps_no_name(web: Callable[..., Any]) -> None:
    """Honest words, a code that can be read again, and a name, in any script, that is gone with the page."""
    page = web("404.html")
    trace = [{"do": "try"}, *({"do": "answer", "item": str(n), "points": 1} for n in range(8)), {"do": "end"}]
    done(page, {"note-m0": [{"do": "skip"}], "note-m1": [{"do": "summary"}], "check-m1": trace})
    page = web("record.html")
    page.get_by_label("Your name").fill('<img src=x onerror="alert(1)"> נועה')
    sheet = page.locator(".sk-sheet")
    text = sheet.inner_text()
    assert '<img src=x onerror="alert(1)"> נועה' in text
    honest = ["proves nothing about who did the work", "no licence", "Not yet externally reviewed"]
    for words in (*honest, "0.1.0", "Checks met, for parts: 1."):
        assert words in text
    assert sheet.locator("li").count() == 2
    assert "onerror" not in json.dumps(kept(page))
    assert page.evaluate("sessionStorage.length") == 0
    code = sheet.locator(".sk-code").inner_text().removeprefix("Code: ")
    page.get_by_text("Read a code").click()
    page.get_by_label("A code to read").fill(code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    page.get_by_text("Parts: 0, 1. Checks met: 1.").wait_for()
    with page.expect_download() as download:
        page.locator("#sk-record").get_by_role("button", name="Save as a file").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert "<script" not in saved and "<img" not in saved and "&lt;img" in saved
    page.emulate_media(media="print")
    assert sheet.is_visible()
    assert not page.get_by_label("Your name").is_visible()
    assert not page.locator("h1").is_visible()


def test_code_shows_every_single_slip_and_every_swap_of_neighbours(web: Callable[..., Any]) -> None:
    """ISO 7064 MOD 1271-36, counted here by Python's long numbers and there by remainders."""
    page = web("record.html")
    told = {"version": "0.1.0", "day": "2026-11-22", "parts": list(range(11)), "checks": [1, 5, 10]}
    code = page.evaluate("told => safekeeping.recordCode(told)", told)
    assert code.startswith("V0X1X0-20261122-P0123456789A-C15A-")
    assert int(code.replace("-", ""), 36) % 1271 == 1
    assert page.evaluate("code => safekeeping.readCode(code)", code) == told
    signs = code.replace("-", "")
    wrong = [
        signs[:at] + other + signs[at + 1 :]
        for at in range(len(signs))
        for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        if other != signs[at]
    ]
    wrong += [signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :] for at in range(len(signs) - 1)
              if signs[at] != signs[at + 1]]  # fmt: skip
    assert page.evaluate("all => all.filter(code => safekeeping.readCode(code))", wrong) == []
    assert page.evaluate("safekeeping.readCode('9'.repeat(100000))") is None


def test_record_without_anything_done_says_what_to_do(web: Callable[..., Any]) -> None:
    """No empty certificate."""
    page = web("record.html")
    assert "nothing to record yet" in page.locator("#sk-record").inner_text()
    assert page.locator(".sk-sheet").count() == 0


# --- what waits, and search ------------------------------------------------------------------------------------------


def test_calendar_file_is_neutral_and_whole_days(web: Callable[..., Any]) -> None:
    """RFC 5545 lines, no link, no word on the course."""
    page = web("place.html")
    text = page.evaluate("safekeeping.calendarText(['2026-11-29', '2027-02-20'], 'Read; ing')")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20261129" in text and "SUMMARY:Read\\; ing" in text
    assert not re.search(r"https?:|URL|safekeeping|child|exploit", text, re.IGNORECASE)


def test_search_finds_parts_terms_and_help_lines_and_shows_text_as_text(web: Callable[..., Any]) -> None:
    """Word forms count; nothing is sent; what is typed never becomes markup."""
    page = web("search.html")
    box = page.get_by_label("Words to look for")
    wide, low = (page.locator(one).bounding_box() for one in ("#sk-words-wanted", ".sk-field .sk-go"))
    assert wide["width"] > 200 and low["y"] >= wide["y"] + wide["height"]  # nothing lies on top of anything
    box.fill("grooming")
    page.keyboard.press("Enter")
    page.locator(".sk-found li").first.wait_for()
    hrefs = page.locator(".sk-found a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert "glossary.html#grooming" in hrefs
    assert any(href.startswith("part-4.html") for href in hrefs)
    box.fill("<img src=x onerror=alert(1)> zzzzqqq")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing was found").wait_for()
    page.locator(".sk-found img").wait_for(state="detached")
    box.fill("reports")
    page.get_by_role("button", name="Search").click()
    link = page.locator(".sk-found a").first
    link.click()
    page.wait_for_url(re.compile(r"(part|help|glossary|words|story)"))
    assert web.refused == []


def test_boosters_wait_for_their_day_by_the_readers_own_clock(web: Callable[..., Any]) -> None:
    """Counted from the day on which the last part was done; the calendar comes after them, folded away."""
    page = web("404.html")
    page.clock.set_fixed_time("2026-12-05T10:00:00")
    done(page, {"note-m1": [{"do": "skip"}], "course": [{"do": "part", "part": "m1", "day": "2026-11-22"},
                                                       {"do": "part", "part": "m0", "day": "<b>"}]})  # fmt: skip
    page = web("place.html")
    box = page.locator("#sk-boosters")
    assert box.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))") == ["booster-7.html"]
    assert "After 30 days, from 2026-12-22 on" in box.inner_text()
    assert not box.get_by_role("button").is_visible()
    box.locator("summary").click()
    with page.expect_download() as download:
        box.get_by_role("button").click()
    assert download.value.suggested_filename == "reading.ics"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert re.findall(r"DTSTART;VALUE=DATE:(\d+)", text) == ["20261222", "20270220"]
    box.locator("a").click()
    page.locator('[data-exercise="quiz"].sk-live').wait_for()
    assert page.locator('[data-exercise="scenario"].sk-live').count() == 1
