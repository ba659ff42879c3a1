"""The report as a page: no fault by axe, no request, no sideways scroll on a phone; the notebook; the example."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from safekeeping.evaluate import synthetic
from safekeeping.library import course
from studies import Lab, pictures, spread

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "facilitator" / "examples" / "synthetic-workshop"
NOTEBOOK = ROOT / "facilitator" / "evaluate-a-workshop.ipynb"
PHONE = {"width": 320, "height": 640}


@pytest.mark.browser
@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}, {"java_script_enabled": True}])
def test_the_page_is_accessible_and_asks_for_nothing(
    offline: Callable[..., tuple[Page, list[str]]], axe: Callable[..., list[str]],
    page_errors: Callable[[Page], list[str]], options: dict[str, object],
) -> None:  # fmt: skip
    page, refused = offline(**options)
    errors = page_errors(page)
    page.goto((EXAMPLE / "report" / "synthetic-report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    assert (refused, errors) == ([], [])


@pytest.mark.browser
def test_pictures_have_words_and_fit_a_phone(offline: Callable[..., tuple[Page, list[str]]]) -> None:
    page, _ = offline(viewport=PHONE)
    page.goto((EXAMPLE / "report" / "synthetic-report.html").as_uri())
    drawn = page.locator("figure svg")
    assert drawn.count() >= 3
    for i in range(drawn.count()):
        assert len(drawn.nth(i).get_attribute("aria-label") or "") > 40
        box = drawn.nth(i).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.browser
def test_pictures_change_their_colours_in_the_dark(offline: Callable[..., tuple[Page, list[str]]]) -> None:
    """Points and labels take the page's own colours; none stays dark on dark."""
    found = []
    for scheme in ("light", "dark"):
        page, _ = offline(color_scheme=scheme)
        page.goto((EXAMPLE / "report" / "synthetic-report.html").as_uri())
        found.append(page.evaluate("getComputedStyle(document.querySelector('figure svg text')).fill"))
    assert found[0] != found[1]


def test_the_example_is_what_its_seed_gives(tmp_path: Path) -> None:
    """Data byte for byte; of the report every printed cell (its look may change with the house's style)."""
    for name, text in synthetic.files(synthetic.study(*synthetic.EXAMPLE)).items():
        assert (EXAMPLE / name).read_text(encoding="utf-8") == text, name
    synthetic.example(tmp_path / "again")
    for one in sorted((tmp_path / "again" / "report" / "tables").iterdir()):
        assert (EXAMPLE / "report" / "tables" / one.name).read_bytes() == one.read_bytes(), one.name
    shown = (EXAMPLE / "report" / "synthetic-report.html").read_text(encoding="utf-8")
    again = (tmp_path / "again" / "report" / "synthetic-report.html").read_text(encoding="utf-8")
    words = [
        html.unescape(re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]+>", " ", one, flags=re.S)).split()
        for one in (shown, again)
    ]
    assert words[0] == words[1]
    assert not (EXAMPLE / "safekeeping-ledger.json").exists()


def test_the_notebook_has_short_cells_stable_names_and_no_outputs() -> None:
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    ids = [one["id"] for one in book["cells"]]
    assert len(ids) == len(set(ids))
    for one in book["cells"]:
        if one["cell_type"] == "code":
            assert (len(one["source"]), one["outputs"], one["execution_count"]) == (1, [], None), one["id"]
            assert len(one["source"][0]) < 60, one["id"]


@pytest.mark.kernel
@pytest.mark.slow
def test_the_notebook_runs_from_top_to_bottom_and_says_what_matters(tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    said = {
        one.id: "".join(str(each.get("data", {}).get("text/html", "")) for each in one.get("outputs", []))
        for one in book.cells
    }
    assert "rows can be read" in said["check"]
    assert "Primary outcome" in said["main"] and "Synthetic data" in said["main"]
    assert "What may be said at this number" in said["say"]
    assert "Came back" in said["who"] and "No ledger is kept for synthetic data" in said["out"]
    assert (tmp_path / "my-report" / "synthetic-report.pdf").is_file()


def test_the_steps_say_what_is_wrong_with_a_sheet(tmp_path: Path) -> None:
    from safekeeping.evaluate.steps import Answers, check

    lab = Lab(tmp_path)
    path = lab.sheet(spread(12))
    answers = Answers(str(path), keys=str(tmp_path / "keys.json"))
    assert "12 people can be matched" in str(check(answers))
    path.write_text(path.read_text().replace("A,A,B,B,B,1", "A,A,<b>,B,B,1", 1))
    told = check(answers)
    assert "row 2, column q3" in str(told) and "<b>" not in told.html
    assert course().facilitator == ROOT / "facilitator" and pictures(lab.report(spread(24)).document)
