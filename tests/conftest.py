"""What the tests share: a tiny course, exports of the real module made once, and a browser that may reach nothing.

Fixtures
--------
toy, toy_course : a correct course of two parts, fictional and harmless, from `tests/toy`.
pattern, root : the tiny course that `check` goes by, written once; a copy of it to break.
in_toy : notebook calls (`play`, `ask`, `show`, …) use the toy course, and nothing is left over afterwards.
run_here : runs a notebook's calls in this process, for the toy course; the real notebooks get a real kernel.
chromium, offline, offline_page : a browser whose every request to anywhere else is aborted and listed.
m5_page, m5_deck, m5_audience_deck, course_site : the real course, exported once a session.
axe, page_errors : the accessibility faults of a page; the errors that it reports.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from safekeeping import lesson, library, progress
from safekeeping.library import CONTENT, Course, Library
from safekeeping.opening import KERNEL

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Route, WebSocketRoute

ROOT = Path(__file__).resolve().parents[1]
TOY = Path(__file__).parent / "toy"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# No sandbox: tests may run as root. The rest keeps the browser itself from calling home.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
collect_ignore_glob = ["*.ipynb"]  # nbval runs the real notebooks; those in here are made to be changed and broken
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


# The same examples in every run, nothing kept between runs, and no clock: a test never fails for being slow.
hypothesis.settings.register_profile("course", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("course")


@pytest.fixture(scope="session", autouse=True)
def _own_jupyter_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Kernels and JupyterLab read no settings of the person who runs the tests, and leave none behind."""
    inner = tmp_path_factory.mktemp("jupyter")
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({name: str(inner / name.lower()) for name in names})
    profile = inner / "ipythondir" / "profile_default"  # no history: kernels of tests that end at once complain of it
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.json").write_text(json.dumps(KERNEL), encoding="utf-8")
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def until(page: Page, expression: str, seconds: float = 30) -> None:
    """Wait until an expression is true in a page.

    Playwright's own wait asks again with ``eval``, which a page's strict policy refuses: it fails if the first answer
    is no. Asking from outside is never refused.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"still not true after {seconds:g} seconds: {expression}"
        page.wait_for_timeout(50)


# --- the toy course --------------------------------------------------------------------------------------------------


def lay_out_toy(folder: Path) -> Path:
    """Copy the toy course into a folder; the words of the interface are the real ones: they belong to the code."""
    shutil.copytree(TOY, folder, dirs_exist_ok=True)
    shutil.copyfile(CONTENT / "words.toml", folder / "content" / "words.toml")
    return folder


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course, written once: the correct twin of every broken one."""
    from check import tiny

    root = tmp_path_factory.mktemp("tiny") / "course"
    root.mkdir()
    tiny.build(root)
    return root


@pytest.fixture
def root(pattern: Path, tmp_path: Path) -> Path:
    """A copy of the tiny course to break."""
    return Path(shutil.copytree(pattern, tmp_path / "course"))


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy course as a folder with content/, notebooks/ and facilitator/. Tests that change it make a copy."""
    return lay_out_toy(tmp_path_factory.mktemp("toy"))


@pytest.fixture
def toy_copy(tmp_path: Path) -> Path:
    """A toy course that a test may change."""
    return lay_out_toy(tmp_path / "toy")


@pytest.fixture
def toy(toy_folder: Path) -> Library:
    """The library of the toy course, freshly opened."""
    return Library(toy_folder / "content", place="toyland")


@pytest.fixture
def toy_course(toy_folder: Path) -> Course:
    """The folders of the toy course."""
    return Course(toy_folder)


@pytest.fixture
def fresh_lesson(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A notebook in which nothing was called yet, in a folder of its own; gives that folder."""
    monkeypatch.setattr(lesson, "_part", None)
    monkeypatch.setattr(lesson, "_live", {})
    monkeypatch.setattr(progress, "_kept", None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def use_course(monkeypatch: pytest.MonkeyPatch, content: Library) -> None:
    """Let notebook calls read another library than the built-in one."""
    from safekeeping import widgets

    for module in (library, lesson, widgets):
        monkeypatch.setattr(module, "built_in", lambda: content)


@pytest.fixture
def in_toy(monkeypatch: pytest.MonkeyPatch, fresh_lesson: Path, toy: Library) -> Library:
    """Notebook calls use the toy course."""
    use_course(monkeypatch, toy)
    return toy


@pytest.fixture
def run_here() -> Callable[[Path], NotebookNode]:
    """Run a notebook's calls in this process, as `publish.notebook.run` does in a kernel; use with `in_toy`."""
    return _run_here


def _run_here(path: Path) -> NotebookNode:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), cell.id, "exec"), names)
        shown = eval(compile(ast.Expression(last.value), cell.id, "eval"), names) if last else None
        if shown is not None:
            bundle = shown._repr_mimebundle_()
            data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
            cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
    return notebook


# --- the real module, exported ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this session's exports."""
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="session")
def m5_page(exports: Path) -> Path:
    """The page of M5, one file."""
    from safekeeping.publish.page import page

    page(Library(), Course(ROOT), "m5", exports / "m5.html")
    return exports / "m5.html"


@pytest.fixture(scope="session")
def m5_deck(exports: Path) -> Path:
    """The facilitator's deck of M5, one file."""
    from safekeeping.publish.deck import deck

    deck(Library(), Course(ROOT), "m5", exports / "m5-deck.html")
    return exports / "m5-deck.html"


@pytest.fixture(scope="session")
def m5_audience_deck(exports: Path) -> Path:
    """The participants' deck of M5, one file."""
    from safekeeping.publish.deck import deck

    deck(Library(), Course(ROOT), "m5", exports / "m5-audience.html", audience=True)
    return exports / "m5-audience.html"


@pytest.fixture(scope="session")
def course_site(exports: Path) -> Path:
    """The learn site of the real course, one folder."""
    from safekeeping.publish.site import site

    site(Library(), Course(ROOT), exports / "site")
    return exports / "site"


# --- a browser that may reach nothing --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, which drives the browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None and not Path(playwright.chromium.executable_path).exists():
        pytest.skip("No Chromium here. Start the tests with: python3 run.py test")
    browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def offline(chromium: Browser) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Open a page that reaches files and, if a port is given, that port of this computer; all else is aborted.

    ``offline(port=0, **context_options)`` gives the page and the growing list of aborted addresses. Pop-ups and frames
    count as well; service workers are blocked, because their requests could not be counted.
    """
    contexts: list[BrowserContext] = []

    def start(port: int = 0, **options: Any) -> tuple[Page, list[str]]:
        context = chromium.new_context(service_workers="block", **options)
        contexts.append(context)
        refused: list[str] = []
        own = ("file:", "data:", "blob:", "about:") + ((f"http://127.0.0.1:{port}/",) if port else ())

        def each(route: Route, request: Request) -> None:
            if request.url.startswith(own):
                route.continue_()
            else:
                refused.append(request.url)
                route.abort()

        def socket(route: WebSocketRoute) -> None:
            refused.append(route.url)
            route.close()

        context.route("**/*", each)
        context.route_web_socket(lambda url: not (port and url.startswith(f"ws://127.0.0.1:{port}/")), socket)
        return context.new_page(), refused

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def offline_page(offline: Callable[..., tuple[Page, list[str]]]) -> tuple[Page, list[str]]:
    """A page that reaches only files, and the list of what it asked for besides."""
    return offline()


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """``axe(page, context=None)``: WCAG 2.0 to 2.2 A and AA faults, one line each, with the elements they are about."""
    from axe_playwright_python.sync_playwright import Axe

    tester = Axe()

    def run(page: Page, context: str | None = None) -> list[str]:
        options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": WCAG}}
        found = tester.run(page, context=context, options=options).response["violations"]
        return [
            f"{fault['id']}: {node['target']} {node['html'][:120]} {node['failureSummary']}"
            for fault in found
            for node in fault["nodes"]
        ]

    return run


@pytest.fixture(scope="session")
def page_errors() -> Callable[[Page], list[str]]:
    """``page_errors(page)``: a list that fills with every script error and every refusal by the page's own policy."""

    def watch(page: Page) -> list[str]:
        found: list[str] = []
        page.on("pageerror", lambda error: found.append(str(error)))
        page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
        return found

    return watch
