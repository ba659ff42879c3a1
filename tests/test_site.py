"""The learn site as files: which pages, what they hold and link to, what they must not tell, and hostile content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from html_reader import parse, policy_of
from safekeeping import calls, cli, records
from safekeeping.faults import WrongCall
from safekeeping.library import Course, Library
from safekeeping.publish import folder, lists, notebook, policy, search
from safekeeping.publish.site import MOST_STORIES, Site, site

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def pages(course_site: Path) -> dict[str, str]:
    """Every page of the real course by its file name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(course_site.glob("*.html"))}


# --- drawing without a kernel ----------------------------------------------------------------------------------------


@pytest.mark.kernel
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_drawn_at_once_is_what_a_kernel_makes_of_it(path: Path) -> None:
    """The same pieces in the same cells; the site may then do without a kernel for our own one-line calls."""
    library, where = Library(), Course(ROOT)
    at_once = notebook.drawn(path, calls.cells_of(library, where, path.stem))
    assert isinstance(at_once, notebook.Drawn)
    run = notebook.run(path)

    def told(cells: Any) -> list[Any]:
        return [(cell["id"], cell["source"], notebook.pieces(library, where, cell)) for cell in cells]

    assert told(at_once.cells) == told(run.cells)
    assert notebook.stays(at_once) == notebook.stays(run)


@pytest.mark.parametrize(
    "source", ["1 + 1", 'print("x")', 'show("x"); show("y")', "show(name)", 'show("a", b=c)', "x =", 'erase("x")']
)
def test_any_other_cell_is_run_by_a_kernel(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not one plain call of ours is never guessed at. (`erase` is a call of a notebook, not of an export.)"""
    ran: list[Path] = []
    monkeypatch.setattr(notebook, "run", lambda path: ran.append(path))
    cells = [{"cell_type": "code", "id": "a", "source": [source], "metadata": {}}]
    notebook.drawn(Path("x.ipynb"), cells)
    assert ran == [Path("x.ipynb")]


# --- the pages -------------------------------------------------------------------------------------------------------


def test_site_has_every_part_check_story_and_list_under_neutral_names(pages: dict[str, str]) -> None:
    """A file name, and a title, tell a person who looks over a shoulder nothing."""
    library = Library()
    parts = {f"part-{one.number}.html" for one in library.every("module")}
    checks = {f"check-{one.number}.html" for one in library.every("module") if one.number}
    stories = {lists.story_page(one.id) for one in lists.told(library)}
    rest = "index stories glossary words help sources search teach build place record 404 blank"
    boosters = {name for name in pages if name.startswith("booster-")}
    assert set(pages) == parts | checks | stories | boosters | {f"{name}.html" for name in rest.split()}
    for name, html in pages.items():
        title = parse(html).find("title")[0].text
        assert title.startswith("Reading, ") or name == "blank.html"
        assert not re.search(r"safekeeping|child|exploit|traffick|abuse", title + name, re.IGNORECASE)
    titles = [parse(html).find("title")[0].text for html in pages.values()]
    assert len(titles) == len(set(titles))


def test_every_link_leads_to_a_page_and_a_place_that_are_there(pages: dict[str, str]) -> None:
    """From any folder: no link begins with a slash."""
    ids = {name: {one.has["id"] for one in parse(html).every() if "id" in one.has} for name, html in pages.items()}
    for name, html in pages.items():
        for link in parse(html).find("a"):
            file, _, place = link.has["href"].partition("#")
            if re.match(r"https://|tel:", file):
                continue
            assert (file or name) in pages, (name, link.has["href"])
            assert not place or place in ids[file or name] or place == "sk-place-title", (name, link.has["href"])


def test_every_command_that_a_page_names_can_be_typed(pages: dict[str, str]) -> None:
    """Whoever copies it from the facilitator's door gets no refusal."""
    parser = cli._parser()
    typed = [code.text for html in pages.values() for code in parse(html).find("code") if "run.py" in code.text]
    assert len(typed) >= 7
    for line in typed:
        start, program, *words = line.split()
        assert (start, program) == ("python3", "run.py")
        assert parser.parse_args(words).command == words[0]


def test_every_page_has_its_policy_its_label_and_one_heading(pages: dict[str, str]) -> None:
    """No page fetches; each is one request; Leave now stands first."""
    for name, html in pages.items():
        place = parse(html)
        rules = policy_of(html)
        assert rules["default-src"] == rules["connect-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        assert "unsafe" not in json.dumps(rules)
        assert not [one for one in place.every() if one.has.get("src", "data:").partition(":")[0] != "data"]
        ids = [one.has["id"] for one in place.every() if "id" in one.has]
        assert len(ids) == len(set(ids)), name
        if name == "blank.html":
            assert "Safekeeping" not in html
            continue
        assert len(place.find("h1")) == 1, name
        assert "Not yet externally reviewed" in place.text
        assert place.find("body")[0].find("a")[0].has["class"] == "sk-leave"
        assert place.find("a", css="sk-leave")[0].has["href"] == "blank.html"


def test_no_page_holds_a_test_item_or_a_story_that_is_held_back(pages: dict[str, str]) -> None:
    """Test items and their reasons travel nowhere; what needs review is not shown."""
    every = "".join(pages.values())
    library = Library()
    tests = [one for one in library.every("item") if one.use == "test"]
    assert not [one.id for one in tests if f'"{one.id}"' in every]
    assert not [one.id for one in tests for option in one.options if escape(option.rationale) in every]
    assert not [one.id for one in library.every("scenario") if one.status != "ready" and f'"{one.id}"' in every]


def test_list_of_stories_and_the_search_tell_no_outcome(pages: dict[str, str]) -> None:
    """Neither the kind of a story nor anything after its beginning."""
    library = Library()
    listed, found = parse(pages["stories.html"]).text, parse(pages["search.html"]).text
    for kind in library.course()["kinds"].values():
        assert kind not in listed and kind not in found
    for one in lists.told(library):
        assert one.title in listed
        for node in one.nodes:
            for option in node.options:
                assert option.feedback not in found and option.consequence not in found


def test_part_with_many_stories_plays_the_first_and_leads_to_the_others(pages: dict[str, str]) -> None:
    """So that it stays light on a phone; none is missing."""
    module = Library().module("m5")
    place = parse(pages["part-5.html"])
    inside = [one.has["data-id"] for one in place.find(css="sk-exercise") if one.has["data-exercise"] == "scenario"]
    cards = [one.find("a")[0].has["href"] for one in place.find(css="sk-card")]
    assert len(inside) == MOST_STORIES
    assert {*(lists.story_page(id) for id in inside), *cards} == {lists.story_page(id) for id in module.scenarios}


def test_pages_are_light(pages: dict[str, str]) -> None:
    """A part by the foundation's formula: 25 KB and 1.3 times its own text, never over 150 KB; others 50."""
    import sys

    sys.path.insert(0, str(ROOT / "tests" / "bench"))
    try:
        from _browser import packed, plain_text
    finally:
        sys.path.pop(0)
    for name, html in pages.items():
        if name.startswith("part-"):
            assert packed(html) <= min(150_000, 25_000 + 1.3 * packed(plain_text(html))), name
        elif name not in ("search.html", "sources.html"):
            assert packed(html) <= 50_000, name


def test_course_data_tells_minutes_and_exercises_of_every_part(pages: dict[str, str]) -> None:
    """What the front end reads to say how far a learner is."""
    block = parse(pages["index.html"]).find("script", id="sk-course")[0].text
    parts = json.loads(block)["parts"]
    assert [one["id"] for one in parts] == Library().course()["modules"]
    for one in parts:
        assert one["minutes"] >= sum(one["do"].values())
        ids = {place.has["data-id"] for place in parse(pages[one["page"]]).find(css="sk-exercise")}
        # A story with a page of its own counts for its part all the same.
        assert {id for id in one["do"] if not id.startswith("sc")} <= ids


# --- writing ---------------------------------------------------------------------------------------------------------


def test_site_is_written_once_and_then_left_alone(toy: Library, toy_course: Course, tmp_path: Path) -> None:
    """A second call does nothing; an edited page or a foreign folder is never written over."""
    target = tmp_path / "site"
    assert site(toy, toy_course, target)
    before = {path.name: path.stat().st_mtime_ns for path in target.iterdir()}
    assert not site(toy, toy_course, target)
    assert before == {path.name: path.stat().st_mtime_ns for path in target.iterdir()}
    (target / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(WrongCall, match=r"index\.html"):
        site(toy, toy_course, target)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WrongCall, match="not ours"):
        site(toy, toy_course, tmp_path / "other")
    assert folder.unchanged(target, "") is False


def test_small_course_without_enough_questions_has_no_check_page(toy: Library, toy_course: Course) -> None:
    """And everything else."""
    names = set(Site(toy, toy_course).files())
    assert {"index.html", "part-0.html", "part-1.html", "stories.html"} <= names
    assert not [name for name in names if name.startswith("check-")]


def test_dead_link_stops_the_site(toy: Library, toy_course: Course) -> None:
    """A page that links to a file that is not written is refused by the policy."""
    with pytest.raises(policy.PolicyError, match=r"gone\.html"):
        policy.sealed(f'<meta content="{policy.MARK}"><a href="gone.html">x</a>', own={"here.html"})
    assert "here" in policy.sealed(f'<meta content="{policy.MARK}"><a href="here.html#a">x</a>', own={"here.html"})
    for odd in ("../here.html", "/here.html", "here.html?x", "javascript:here.html", "file:here.html"):
        with pytest.raises(policy.PolicyError):
            policy.sealed(f'<meta content="{policy.MARK}"><a href="{odd}">x</a>', own={"here.html"})


def test_link_between_notebooks_becomes_a_link_between_parts(toy_copy: Path) -> None:
    """In JupyterLab it opens the notebook, on the site the part; one that leads nowhere is shown as its words."""
    path = toy_copy / "notebooks" / "00-gate.ipynb"
    data = json.loads(path.read_text(encoding="utf-8"))
    texts = [one for one in data["cells"] if one["cell_type"] == "markdown"]
    cell = next(one for one in texts if "lab-only" not in one["metadata"].get("tags", ()))
    cell["source"] = ["# The gate\n\n[The beds](01-beds.ipynb), [away](../secret.html), [gone](99-gone.ipynb)\n"]
    path.write_text(json.dumps(data), encoding="utf-8")
    html = Site(Library(toy_copy / "content", place="toyland"), Course(toy_copy)).files()["part-0.html"]
    assert '<a href="part-1.html">The beds</a>, away, gone' in html


@pytest.mark.browser
def test_language_from_right_to_left_turns_every_page(
    toy_folder: Path, tmp_path: Path, offline: Callable[..., tuple[Page, list[str]]]
) -> None:
    """Words that it lacks stay English; nothing falls out of a phone's screen to either side."""
    library = Library(toy_folder / "content", language="he", place="toyland")
    page, _ = offline(viewport={"width": 320, "height": 600})
    for name, html in Site(library, Course(toy_folder)).files().items():
        if name == "blank.html":
            continue
        assert '<html lang="he" dir="rtl">' in html
        (tmp_path / name).write_text(html, encoding="utf-8")
        page.goto((tmp_path / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.evaluate("document.querySelector('.sk-leave').getBoundingClientRect().left >= 0"), name


# --- the search library ----------------------------------------------------------------------------------------------


def test_search_library_is_the_one_that_was_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its sum, with its notice; another file or a missing package is one sentence."""
    assert "MIT Licensed" in search.script()
    assert not re.search(r"\beval\(|new Function", search.script())
    with monkeypatch.context() as patch:
        patch.setattr(search, "SUM", "0" * 64)
        with pytest.raises(search.SearchError, match="than the one checked"):
            search.script()
    with monkeypatch.context() as patch:
        patch.setattr(search, "PACKAGE", "no-such-package-here")
        with pytest.raises(search.SearchError, match="pip install"):
            search.script()
    with monkeypatch.context() as patch:
        patch.setattr(search, "FILE", "pdoc/gone.js")
        with pytest.raises(search.SearchError, match="lacks"):
            search.script()


# --- hostile content -------------------------------------------------------------------------------------------------

ATTACKS = [
    "<script>window.hit=1</script>", '"><img src=x onerror=window.hit=1>', "</script><script>window.hit=2</script>",
    "<!-- <script>", "]]>", "' onmouseover='window.hit=1", "<svg onload=window.hit=1>", "javascript:window.hit=1",
    "{{7*7}}", "${7*7}", "&lt;b&gt;", "\u202e\u2067abc", "a\u2028b", "שלום مرحبا", "</style><style>*{display:none}",
]  # fmt: skip
ATTACK = " ".join(ATTACKS)


class _Every(dict[str, str]):
    """Answers for every text id: the text, and the attacks after it."""

    def get(self, key: str, default: Any = None) -> Any:
        return f"{default} {ATTACK}"


class HostileLibrary(Library):
    """The toy course with every attack string in every text field, in names, addresses and the words of the surface."""

    def _in_file(self, kind: str, path: Path) -> dict[str, Any]:
        return {id: self._poisoned(one) for id, one in super()._in_file(kind, path).items()}

    def _poisoned(self, one: Any) -> Any:
        texts = records.with_texts(one, _Every(), one.id)
        free = ("title", "name", "container", "publisher", "note", "lint_phrases", "avoid", "authors", "organisations")
        changed: dict[str, Any] = {}
        for spec in fields(texts):
            value = getattr(texts, spec.name)
            if spec.name in free and not spec.metadata.get("words"):
                changed[spec.name] = f"{value} {ATTACK}" if isinstance(value, str) else (*value, ATTACK)
            if spec.name in ("url", "doi", "phone"):
                changed[spec.name] = f"javascript:window.hit=1//{ATTACK}"
        return replace(texts, **changed)

    def words(self, table: str) -> dict[str, str]:
        safe = ATTACK.replace("{", "").replace("}", "")
        return {key: f"{text} {safe}" for key, text in super().words(table).items()}

    def course(self) -> dict[str, Any]:
        data = super().course()
        return data | {"title": data["title"] + ATTACK, "subtitle": ATTACK, "version": f"1 {ATTACK}"}

    def review_label(self) -> str:
        return super().review_label() + ATTACK


@pytest.mark.browser
def test_hostile_content_shows_as_text_on_every_page(
    toy_copy: Path,
    tmp_path: Path,
    offline: Callable[..., tuple[Page, list[str]]],
    page_errors: Callable[[Page], list[str]],
) -> None:
    """Every text field, names, addresses, words of the surface, a notebook's own Markdown; then it is played."""
    path = toy_copy / "notebooks" / "01-beds.ipynb"
    data = json.loads(path.read_text(encoding="utf-8"))
    for cell in data["cells"]:
        if cell["cell_type"] == "markdown":
            links = "[x](javascript:window.hit=1) ![y](http://x.invalid)"
            cell["source"] = ["".join(cell["source"]), f"\n\n{ATTACK}\n\n{links}\n"]
    path.write_text(json.dumps(data), encoding="utf-8")
    files = Site(HostileLibrary(toy_copy / "content", place="toyland"), Course(toy_copy)).files()
    for name, html in files.items():
        (tmp_path / name).write_text(html, encoding="utf-8")
    page, refused = offline()
    errors = page_errors(page)
    page.add_init_script("localStorage.setItem('course-progress', JSON.stringify({ safekeeping_progress: 1, traces: "
                         "{ 'note-t1': [{ do: 'skip' }], '<img src=x onerror=window.hit=1>': [{ do: 'end' }], "
                         "reading: [{ do: 'at', part: 't1', cell: '\"><script>window.hit=1</script>' }] } }))")
    for name in files:
        page.goto((tmp_path / name).as_uri())
        if name != "blank.html":
            assert "<script>window.hit=1</script>" in page.inner_text("body"), name
            assert page.locator("main img, main script:not([type])").count() == 0, name
            assert not [link for link in page.locator("a").evaluate_all("all => all.map(one => one.protocol)")
                        if link not in ("file:", "https:", "tel:", "about:")], name  # fmt: skip
        for button in page.locator(".sk-live-part button.sk-opt, .sk-live-part button.sk-way3").all()[:3]:
            if button.is_visible() and button.is_enabled():
                button.click()
        assert page.evaluate("window.hit") is None, name
        assert errors == [], name
    page.goto((tmp_path / "search.html").as_uri())
    page.locator("input[type=search]").fill("window")
    page.keyboard.press("Enter")
    page.locator(".sk-found li").first.wait_for()
    assert page.evaluate("window.hit") is None
    assert page.locator(".sk-found img, .sk-found script").count() == 0
    assert refused == []
