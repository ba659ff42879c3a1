"""Shared by the page and deck benchmarks: the peer, a local server for both, and the time to the first choice.

The peer is the same notebook as `jupyter nbconvert --to html --execute` makes it, with the standard widget manager.
What it would fetch from outside is fetched once from the npm registry (pinned), kept in the temporary folder, and
served by the same local server that serves our file, compressed alike. In the peer's favour: its formula and diagram
libraries (MathJax, mermaid) are refused at once and cost it nothing.
"""

from __future__ import annotations

import gzip
import re
import shutil
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from _measure import KB, PYTHON, NotMeasured, beside, run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MODULE = "M5"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "05-recognising.ipynb"
CACHE = Path(tempfile.gettempdir()) / "safekeeping-bench-npm"
PACKAGES = {
    "@jupyter-widgets/html-manager": "1.0.15",
    "requirejs": "2.1.10",  # the version that nbconvert names
    "uglify-js": "3.19.3",  # makes require.min.js, which the package does not hold
}
ADDRESSES = ("https://unpkg.com/", "https://cdn.jsdelivr.net/npm/")
REQUIRE = "https://cdnjs.cloudflare.com/ajax/libs/require.js/2.1.10/require.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WAIT = 180_000  # milliseconds
CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # what asks for the outside fails at once
)  # fmt: skip

# In every frame: press the first story's first button, wait for its first answer, and say when each could be used.
FIRST_CHOICE = """
(() => {
  const usable = (button) => {
    if (!button || button.disabled || button.getAttribute("aria-disabled") === "true") return false;
    button.scrollIntoView({ block: "center" });
    const { left, top, width, height } = button.getBoundingClientRect();
    const there = width && height && document.elementFromPoint(left + width / 2, top + height / 2);
    return Boolean(there) && button.contains(there);
  };
  const bring = (story) => {  // on a deck: go to the slide, as a presenter would
    const { Reveal } = window;
    const slide = story.closest(".reveal .slides > section");
    if (!slide || !Reveal || !Reveal.isReady() || slide === Reveal.getCurrentSlide()) return;
    Reveal.slide(Reveal.getSlides().indexOf(slide));
  };
  let story = null, pressed = 0;
  const look = () => {
    const note = story || document.querySelector(".sk-ex .sk-note");
    if (note) bring(note);
    if (!story && note && usable(note.querySelector("button"))) {
      story = note.closest(".sk-ex");
      pressed = performance.now();
      note.querySelector("button").click();
    }
    if (story && usable(story.querySelector("fieldset button"))) {
      console.log(`first-choice ${pressed} ${performance.now()}`);
      return;
    }
    requestAnimationFrame(look);
  };
  look();
})();
"""


@dataclass(frozen=True)
class Profile:
    """How the browser is held back (the network in both directions), and how often each page is opened."""

    name: str
    width: int = 1280
    height: int = 800
    latency: int = 0  # milliseconds
    kilobits: int = 0  # a second; 0 is unlimited
    slower: int = 1  # times
    rounds: int = 5


PLAIN = Profile("plain", rounds=11)  # short visits feel every other program on the machine
PHONE = Profile("slow phone", 390, 844, latency=400, kilobits=400, slower=4)


@dataclass(frozen=True)
class Load:
    """One visit: seconds to the first usable choice, processor seconds of the page's process until then, traffic."""

    choice: float
    cpu: float
    outside: int
    requests: int
    sent: int


# --- the peer ----------------------------------------------------------------------------------------------------


@cache
def package(name: str) -> Path:
    """The folder of an npm package, fetched once."""
    wanted = version("anywidget") if name == "anywidget" else PACKAGES[name]  # its two halves have one version
    folder = CACHE / f"{name.replace('/', '-')}-{wanted}"
    if not folder.is_dir():
        npm = shutil.which("npm")
        if npm is None:
            raise NotMeasured("The peer needs npm for the standard widget manager. Install Node.js with npm.")
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as made:
            run([npm, "pack", "--silent", "--pack-destination", made, f"{name}@{wanted}"], folder=Path(made))
            with tarfile.open(next(Path(made).glob("*.tgz"))) as archive:
                safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # from Python 3.11.4 on
                archive.extractall(made, **safely)  # type: ignore[arg-type]
            (Path(made) / "package").rename(folder)
    return folder


@cache
def require_js() -> bytes:
    """RequireJS made small, as the address that nbconvert names would send it."""
    node, source = shutil.which("node") or "node", package("requirejs") / "require.js"
    made = run([node, str(package("uglify-js") / "bin" / "uglifyjs"), "-c", "-m", "--", str(source)])
    return made.output.encode()


def make_peer(folder: Path) -> str:
    """The notebook as a page by stock nbconvert."""
    words = ["--to", "html", "--execute", "--output-dir", str(folder), "--output", "peer", str(NOTEBOOK)]
    run([PYTHON, "-m", "jupyter", "nbconvert", *words])
    return (folder / "peer.html").read_text(encoding="utf-8")


def with_local_addresses(html: str) -> str:
    """The peer's page with the addresses of what it needs turned to the local server."""
    html = html.replace(REQUIRE, "/npm/require.min.js")
    for address in ADDRESSES:
        html = html.replace(address, "/npm/")
    return html


# --- the server --------------------------------------------------------------------------------------------------


@dataclass
class Shelf:
    """What the server has: pages by name; and what it sent since it was last asked."""

    pages: dict[str, bytes]
    requests: int = 0
    sent: int = 0
    packed: dict[str, bytes | None] = field(default_factory=dict)

    def find(self, path: str) -> bytes | None:
        """A page, or a file of a package; compressed, and kept."""
        if path not in self.packed:
            raw = self.pages.get(path) or self._file(path)
            self.packed[path] = None if raw is None else gzip.compress(raw, 6)
        return self.packed[path]

    def _file(self, path: str) -> bytes | None:
        if path == "/npm/require.min.js":
            return require_js()
        found = re.fullmatch(r"/npm/(@jupyter-widgets/html-manager|anywidget)@[^/]+/(dist/[\w.-]+?)(\.js)?", path)
        if not found:
            return None
        file = package(found[1]) / (found[2] + ".js")
        # The widget manager names the address from which it loads anywidget.
        return file.read_bytes().replace(ADDRESSES[1].encode(), b"/npm/") if file.is_file() else None


@contextmanager
def served(pages: dict[str, bytes]) -> Iterator[tuple[str, Shelf]]:
    """Serve pages and packages on this machine; gives the address and the shelf."""
    shelf = Shelf({f"/{name}": raw for name, raw in pages.items()})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(self.path.partition("?")[0])
            body = shelf.find(path)
            self.send_response(404 if body is None else 200)
            if body is not None:
                self.send_header("Content-Type", "text/html" if path.endswith(".html") else "text/javascript")
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")
            shelf.requests += 1
            shelf.sent += len(body or b"")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", shelf
    finally:
        server.shutdown()
        server.server_close()


# --- the browser -------------------------------------------------------------------------------------------------


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium that reaches nothing but this machine."""
    from playwright.sync_api import Error, sync_playwright

    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        except Error as error:
            raise NotMeasured(f"Chromium does not start: {str(error).splitlines()[0]}") from None
        yield browser
        browser.close()


def visit(
    browser: Browser, address: str, name: str, shelf: Shelf, profile: Profile, look: str = FIRST_CHOICE
) -> Load:
    """Open a page with empty caches, play to the first choice (or what `look` waits for), and say what it took."""
    from playwright.sync_api import TimeoutError as TooLong

    context = browser.new_context(viewport={"width": profile.width, "height": profile.height})
    try:
        page = context.new_page()
        control = context.new_cdp_session(page)
        if profile.kilobits:
            speed = profile.kilobits * 1000 / 8
            limits = {"latency": profile.latency, "downloadThroughput": speed, "uploadThroughput": speed}
            control.send("Network.enable")
            control.send("Network.emulateNetworkConditions", {"offline": False, **limits})
        control.send("Emulation.setCPUThrottlingRate", {"rate": profile.slower})
        control.send("Performance.enable")
        asked: list[str] = []
        context.on("request", lambda one: asked.append(one.url))
        page.add_init_script(look)
        shelf.requests = shelf.sent = 0
        try:
            with page.expect_console_message(lambda one: one.text.startswith("first-choice"), timeout=WAIT) as said:
                page.goto(f"{address}/{name}", wait_until="commit")
        except TooLong:
            raise NotMeasured(f"{name}: no first choice within {WAIT // 1000} s ({profile.name}).") from None
        choice = float(said.value.text.split()[2])
        metrics = control.send("Performance.getMetrics")["metrics"]
        cpu = next(one["value"] for one in metrics if one["name"] == "ProcessTime")
        page.wait_for_timeout(300)  # late requests count too
        outside = sum(not url.startswith((address, "data:", "blob:", "about:")) for url in asked)
        return Load(choice / 1000, cpu, outside, shelf.requests, shelf.sent)
    finally:
        context.close()
        time.sleep(1)  # what the browser still clears away must not fall into the next visit


def choice_rows(visits: Mapping[str, list[Load]], profile: Profile, most: float) -> list[list[str]]:
    """Rows on the first choice: seconds by the clock, with the floor, and of the processor. Ours is the first page."""
    ours, peer = visits.values()
    rows = [beside(profile.name, [one.choice for one in ours], [one.choice for one in peer], most, below=True)]
    if profile.slower > 1:  # being held back counts as work
        return rows
    processor = beside(f"{profile.name}, processor", [one.cpu for one in ours], [one.cpu for one in peer], most)
    return [*rows, [*processor[:4], "told only", ""]]


# --- sizes -------------------------------------------------------------------------------------------------------


class _Text(HTMLParser):
    """The text that a reader sees without scripts: nothing from scripts, styles and drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside += tag in ("script", "style", "svg")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in ("script", "style", "svg")

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.words.append(data)


def plain_text(html: str) -> str:
    """The page's own plain text, with single spaces."""
    parser = _Text()
    parser.feed(html)
    return " ".join(" ".join(parser.words).split())


def packed(text: str) -> int:
    """Bytes after gzip."""
    return len(gzip.compress(text.encode(), 9))


def size_rows(html: str, extra: int = 0) -> list[list[str]]:
    """Rows on the size of a file: all of it and, by leaving each part out, what each costs."""
    text = plain_text(html)
    whole, most, ever = packed(html), 25 * KB + 1.3 * packed(text) + extra, 150 * KB + extra
    rows = [
        ["the file", f"{len(html.encode()):,}", f"{whole:,}", f"at most {most:,.0f}", _word(whole <= most)],
        ["the same, never over", "", f"{whole:,}", f"at most {ever:,}", _word(whole <= ever)],
        ["its own plain text", f"{len(text.encode()):,}", f"{packed(text):,}", "", ""],
    ]
    parts = {
        "scripts": r"<script>.*?</script>",
        "tables and words (JSON)": r'<script type="application/json".*?</script>',
        "styles": r"<style.*?</style>",
        "drawings (SVG)": r"<svg.*?</svg>",
        "speaker notes": r'<aside class="notes".*?</aside>',
        "text ids (data-t)": r'\sdata-t="[^"]*"',
    }
    bare = html
    for name, pattern in parts.items():
        found = "".join(re.findall(pattern, html, re.S))
        less = whole - packed(re.sub(pattern, "", html, flags=re.S))
        bare = re.sub(pattern, "", bare, flags=re.S)
        if found:
            rows.append([f"  of it {name}", f"{len(found.encode()):,}", f"{less:,}", "", ""])
    rows.append(["  of it text and markup", f"{len(bare.encode()):,}", f"{packed(bare):,}", "", ""])
    return rows


def _word(reached: bool) -> str:
    return "reached" if reached else "NOT REACHED"
