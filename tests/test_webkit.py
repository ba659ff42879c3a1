"""One walk in WebKit: the engine of iPhones. WebKitGTK's own driver on a virtual screen, from a file."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
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
    webkit.find_element(By.CSS_SELECTOR, "a.sk-leave").click()
    assert webkit.title == ""
    assert "Safekeeping" not in webkit.page_source
