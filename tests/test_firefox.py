"""One walk in Firefox, driven by its own WebDriver BiDi port: no other driver is needed. From a file, by keyboard."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.firefox, pytest.mark.slow]
STORY = "[data-id=sc15-new-shoes]"
ENTER, TAB = "\ue007", "\ue004"


class Firefox:
    """The little of WebDriver BiDi that the walk needs (https://w3c.github.io/webdriver-bidi/)."""

    def __init__(self, address: str) -> None:
        import websocket

        self.line = websocket.create_connection(f"{address}/session", suppress_origin=True, timeout=120)
        self.sent = 0
        self.asked_for: list[str] = []
        self.call("session.new", capabilities={})
        # In a tab of our own: the first one has not got the window's focus, and Enter would press no button there.
        self.tab = self.call("browsingContext.create", type="tab")["context"]
        self.call("session.subscribe", events=["network.beforeRequestSent"])

    def call(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its answer; requests of pages that are told meanwhile are listed."""
        self.sent += 1
        self.line.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            told = json.loads(self.line.recv())
            if told.get("method") == "network.beforeRequestSent":
                self.asked_for.append(told["params"]["request"]["url"])
            if told.get("id") == self.sent:
                assert told["type"] == "success", told
                return told["result"]

    def goto(self, address: str) -> None:
        """Open an address and wait until it is loaded."""
        self.call("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def see(self, expression: str) -> Any:
        """The value of an expression in the page, by way of JSON."""
        told = self.call(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self.tab},
            awaitPromise=False,
        )
        assert told["type"] == "success", told
        return json.loads(told["result"].get("value", "null"))

    def press(self, key: str) -> None:
        """A real key, down and up."""
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.call("input.performActions", context=self.tab, actions=[{"type": "key", "id": "k", "actions": actions}])

    def tab_to(self, condition: str) -> None:
        """Press Tab until the element with the keyboard, `el`, is the one."""
        for _ in range(60):
            if self.see(f"(el => Boolean({condition}))(document.activeElement)"):
                return
            self.press(TAB)
        raise AssertionError(f"Tab does not lead to: {condition}")


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    """A Firefox window without a screen, with a profile of its own."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if found is None:
        pytest.skip("Firefox is not installed (Debian: firefox-esr).")
    command = [found, "--headless", "--no-remote", "--profile", str(tmp_path), "--remote-debugging-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        said = []
        for line in running.stderr:
            said.append(line)
            if address := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                break
        else:
            raise AssertionError("".join(said))
        window = Firefox(address[1])
        yield window
        window.line.close()
        running.terminate()


def test_story_plays_by_keyboard_to_its_map_and_leave_now_leaves(firefox: Firefox, m5_page: Path) -> None:
    """Content note, choices, look back, map; then the page is gone. The policy and the script hold in Firefox too."""

    def enter(condition: str) -> None:
        firefox.tab_to(f"el.closest('{STORY}') && {condition}")
        firefox.press(ENTER)

    firefox.goto(m5_page.as_uri())
    assert firefox.see("document.querySelectorAll('.sk-exercise:not(.sk-live)').length") == 0
    firefox.see(f"document.querySelector('{STORY} .sk-tool').focus()")
    enter("el.textContent === 'Continue'")
    for _ in range(8):
        if not firefox.see(f"document.querySelectorAll('{STORY} button.sk-opt').length"):
            break
        enter("el.matches('button.sk-opt:nth-of-type(2)')")
        enter("el.textContent === 'Go on'")
    enter("el.textContent === 'Look back'")
    assert firefox.see(f"document.querySelector('{STORY} .sk-grid').getBoundingClientRect().height") > 100
    trace = firefox.see("safekeeping.models['sc15-new-shoes'].get('trace')")
    assert trace[0] == {"do": "start"}
    assert trace[-1]["do"] == "end"

    firefox.see("document.querySelector('a.sk-leave').focus()")
    firefox.press(ENTER)
    for _ in range(40):
        if firefox.see("location.href") == "about:blank":
            break
        time.sleep(0.25)
    assert firefox.see("[location.href, document.title, document.body.textContent]") == ["about:blank", "", ""]
    assert [url for url in firefox.asked_for if not url.startswith(("file:", "about:", "data:"))] == []
