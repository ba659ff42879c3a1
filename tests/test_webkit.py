"""Walks in WebKit, the engine of iPhones: a part as a page from a file, the learn site over http.

WebKitGTK's own driver on a virtual screen.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.webkit, pytest.mark.slow]
STORY = '[data-id="sc15-new-shoes"]'


def mini_browser() -> str | None:
    """WebKitGTK's test browser, which lives outside the path."""
    found = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4.1/MiniBrowser"))
    return str(found[0]) if found else None


@pytest.fixture
def webkit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A WebKit window on a virtual screen."""
    browser, driver, screen = mini_browser(), shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    if not (browser and driver and screen):
        pytest.skip("WebKitGTK's driver or Xvfb is not installed (Debian: webkit2gtk-driver xvfb).")
    from selenium import webdriver
    from selenium.webdriver.webkitgtk.options import Options
    from selenium.webdriver.webkitgtk.service import Service

    read_end, write_end = os.pipe()
    with subprocess.Popen(
        [screen, "-displayfd", str(write_end), "-screen", "0", "1000x1400x24", "-nolisten", "tcp"],
        pass_fds=[write_end], stderr=subprocess.DEVNULL,
    ) as xvfb:  # fmt: skip
        with os.fdopen(read_end) as told:
            os.close(write_end)
            monkeypatch.setenv("DISPLAY", f":{told.readline().strip()}")
        if os.geteuid() == 0:
            monkeypatch.setenv("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")  # its sandbox refuses to run as root
        options = Options()
        options.binary_location = browser
        options.add_argument("--automation")
        window = webdriver.WebKitGTK(options=options, service=Service(driver))
        window.implicitly_wait(10)
        yield window
        window.quit()
        xvfb.terminate()


def test_story_plays_to_its_map_and_leave_now_leaves(webkit: Any, m5_page: Path) -> None:
    """Content note, choices, look back, map; then the page is gone. The policy and the script hold in WebKit too."""
    from selenium.webdriver.common.by import By

    def press(css: str, words: str = "") -> None:
        for button in webkit.find_elements(By.CSS_SELECTOR, f"{STORY} {css}"):
            if button.is_displayed() and (not words or button.text == words):
                webkit.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
                button.click()
                return
        raise AssertionError(f"no {css} {words}")

    webkit.get(m5_page.as_uri())
    press("button.sk-way3", "Continue")
    for _ in range(8):
        webkit.implicitly_wait(0)
        if not webkit.find_elements(By.CSS_SELECTOR, f"{STORY} button.sk-opt"):
            break
        press("button.sk-opt:nth-of-type(2)")
        press("button.sk-go", "Go on")
    press("button.sk-go", "Look back")
    assert webkit.find_element(By.CSS_SELECTOR, f"{STORY} .sk-grid").is_displayed()
    trace = webkit.execute_script("return safekeeping.models['sc15-new-shoes'].get('trace')")
    assert trace[0] == {"do": "start"}
    assert trace[-1]["do"] == "end"
    left(webkit, lambda: webkit.title == "" and "Safekeeping" not in webkit.page_source)


def left(webkit: Any, gone: Callable[[], bool]) -> None:
    """Press "Leave now". The page goes while the driver still asks about it, so it may answer once with a fault."""
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    with contextlib.suppress(WebDriverException):
        webkit.find_element(By.CSS_SELECTOR, "a.sk-leave").click()
    WebDriverWait(webkit, 20, ignored_exceptions=[WebDriverException]).until(lambda _driver: gone())


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(course_site: Path) -> Iterator[str]:
    """The learn site on this computer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(course_site)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_newcomer_keeps_leaves_comes_back_and_erases(webkit: Any, address: str, tmp_path: Path) -> None:
    """Home, part 1, a story, leave, come back, go on, a check, the record, the search, erase."""
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    def soon(true: Callable[[], Any], what: str) -> Any:
        """Ask until it holds: a page that draws itself anew, or goes, while it is asked is asked again."""
        return WebDriverWait(webkit, 20, ignored_exceptions=[StaleElementReferenceException]).until(
            lambda _driver: true(), what
        )

    def shown(css: str, words: str = "") -> Any:
        for one in webkit.find_elements(By.CSS_SELECTOR, css):
            if one.is_displayed() and (not words or words in one.text):
                webkit.execute_script("arguments[0].scrollIntoView({block: 'center'})", one)
                return one
        return None

    def find(css: str, words: str = "") -> Any:
        return soon(lambda: shown(css, words), f"no {css} {words}")

    def press(css: str, words: str = "") -> None:
        def pressed() -> bool:
            one = shown(css, words)
            if one:
                one.click()
            return bool(one)

        soon(pressed, f"no {css} {words}")

    def snap(name: str) -> None:
        webkit.save_screenshot(str(tmp_path / f"{name}.png"))

    webkit.get(f"{address}/index.html")
    snap("home")
    press(".sk-parts a", "What it is, and what to call it")
    press("#sk-keep button", "Keep on this device")
    story = '[data-id="sc07-rent"]'
    press(f"{story} button.sk-way3", "Continue")
    press(f"{story} button.sk-opt")
    snap("story")
    left(webkit, lambda: webkit.current_url == f"{address}/blank.html" and webkit.title == "Blank")
    webkit.get(f"{address}/index.html")
    snap("back")
    press("#sk-journey a.sk-go")
    soon(lambda: webkit.current_url == f"{address}/part-1.html#worked-story", "not at the story")
    find(f"{story} .sk-taken")
    webkit.get(f"{address}/check-1.html")
    press("button.sk-go", "Begin")
    press(".sk-ask label")
    press("button.sk-text", "Skip this exercise")
    find("main", "You stopped")
    webkit.get(f"{address}/part-2.html")
    press('[data-id="note-m2"] button', "Skip")
    webkit.get(f"{address}/record.html")
    find("#sk-name").send_keys("Ada")
    assert "Part 2" in find(".sk-sheet", "Ada").text
    snap("record")
    webkit.get(f"{address}/search.html")
    box = find("input[type=search]")
    box.send_keys("grooming")
    box.send_keys(Keys.ENTER)
    find(".sk-found a")
    snap("search")
    webkit.get(f"{address}/place.html")
    snap("place")
    press("#sk-keep button", "Erase everything")
    assert webkit.execute_script("return localStorage.length + sessionStorage.length") == 0
