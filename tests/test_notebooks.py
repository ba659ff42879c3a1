"""The notebooks: committed clean, run from top to bottom, and every exercise cell leaves its exercise.

`pytest` runs their cells with nbval as well (see pyproject.toml); here is what nbval does not look at.
"""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from safekeeping.calls import make
from safekeeping.exercises import Exercise
from safekeeping.lesson import MIME
from safekeeping.library import Library
from safekeeping.publish import notebook

ROOT = Path(__file__).resolve().parents[1]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]
TAGS = {"setup", "lab-only", "hide-input", "exercise", "answer", "nbval-check-output", "nbval-skip"}
Cell = dict[str, Any]


@cache
def book(name: str) -> dict[str, Any]:
    """A notebook as its file says."""
    data: dict[str, Any] = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    return data


def cells(name: str, kind: str = "") -> list[Cell]:
    """Its cells, or those of one kind."""
    return [cell for cell in book(name)["cells"] if kind in ("", cell["cell_type"])]


def source(cell: Cell) -> str:
    """The text of a cell."""
    return "".join(cell["source"])


def tags(cell: Cell) -> list[str]:
    """The tags of a cell."""
    found: list[str] = cell["metadata"].get("tags", [])
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_committed_without_anything_that_a_run_leaves(name: str) -> None:
    """No outputs, no counts, no widget state, nothing of somebody's computer."""
    for cell in cells(name, "code"):
        assert cell["outputs"] == [] and cell["execution_count"] is None, cell["id"]
    metadata = book(name)["metadata"]
    assert metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid(name: str) -> None:
    """By the format's own rules."""
    notebook.without_url_grammar()
    import nbformat

    nbformat.validate(nbformat.from_dict(book(name)))


@pytest.mark.parametrize("name", NAMES)
def test_cells_have_readable_ids_of_their_own(name: str) -> None:
    """Notes, progress and links point at them."""
    ids = [cell["id"] for cell in cells(name)]
    assert len(ids) == len(set(ids))
    assert [id for id in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id)] == []


@pytest.mark.parametrize("name", NAMES)
def test_tags_come_from_the_short_list(name: str) -> None:
    """A misspelt tag fails silently."""
    assert {tag for cell in cells(name) for tag in tags(cell)} <= TAGS


@pytest.mark.parametrize("name", NAMES)
def test_no_programming_is_needed(name: str) -> None:
    """One line a cell, the source hidden, nothing but the course's own calls."""
    import ast

    import safekeeping

    for cell in cells(name, "code"):
        assert len(source(cell).splitlines()) == 1, cell["id"]
        assert cell["metadata"]["jupyter"]["source_hidden"], cell["id"]
        if "setup" in tags(cell):
            assert re.fullmatch(r'from safekeeping import \*; part\("\w+"\)', source(cell))
            continue
        (statement,) = ast.parse(source(cell)).body
        assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        assert isinstance(statement.value.func, ast.Name) and statement.value.func.id in safekeeping.__all__


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_begins_with_how_to_start_and_has_one_setup(name: str) -> None:
    """For mouse and keyboard, and what to do after "Select Kernel"; exports leave that line out."""
    first = cells(name)[0]
    assert tags(first) == ["lab-only"]
    for words in ("Run All Cells", "Ctrl+Shift", "Select Kernel"):
        assert words in source(first)
    assert [tags(cell).count("setup") for cell in cells(name)].count(1) == 1


def test_the_opening_part_names_every_part_and_leads_to_it() -> None:
    """In their order, by the titles that they bear."""
    parts = sorted((one for one in Library().every("module") if one.number), key=lambda one: one.number)
    (names,) = [cell for cell in cells("00-start-here") if cell["id"] == "parts-by-name"]
    found = re.findall(r"\[(.*)\]\((.*)\.ipynb\)", source(names))
    assert found == [(one.title, one.stem) for one in parts]


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_that_shows_something_follows_a_sentence(name: str) -> None:
    """It makes sense unrun, on paper, and with a screen reader."""
    for before, cell in zip(cells(name), cells(name)[1:], strict=False):
        if cell["cell_type"] == "code" and "setup" not in tags(cell):
            assert before["cell_type"] == "markdown", cell["id"]
            assert source(before).rstrip()[-1] in ".:?!)*", before["id"]


def test_each_module_names_what_its_notebook_shows() -> None:
    """Manifest and notebook agree: every scenario and set is played once, in the order of the manifest."""
    content = Library()
    for module in content.every("module"):
        calls = [source(cell) for cell in cells(module.stem, "code")]
        stories = [found[1] for line in calls if (found := re.match(r'play\("([\w-]+)"', line))]
        sets = [found[1] for line in calls if (found := re.match(r'(?:ask|sort)\("([\w-]+)"', line))]
        assert stories == list(module.scenarios), module.id
        assert sets == list(module.sets), module.id


# --- run -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=PATHS, ids=NAMES)
def executed(request: pytest.FixtureRequest) -> Any:
    """Each notebook after a run in a fresh kernel, as nbclient leaves it."""
    return notebook.run(request.param)


@pytest.mark.kernel
def test_every_cell_runs_and_shows_what_its_line_says(executed: Any) -> None:
    """No error, no warning, no stray print; and the record by which exports find the place."""
    for cell in executed.cells:
        if cell.cell_type != "code":
            continue
        kinds = [output.output_type for output in cell.outputs]
        if "setup" in cell.metadata.tags:
            assert kinds == [], cell.id
            continue
        assert kinds in (["display_data"], ["execute_result"]), cell.id
        data = cell.outputs[0].data
        assert data[MIME]["call"] == cell.source.partition("(")[0], cell.id
        made = make(Library(), data[MIME]["call"], *data[MIME]["args"], **data[MIME].get("options", {}))
        if isinstance(made, Exercise):
            assert "application/vnd.jupyter.widget-view+json" in data, cell.id
            assert made.title in data["text/plain"]
        else:
            assert made in data["text/html"], cell.id
        assert ("exercise" in cell.metadata.tags) == (data[MIME]["call"] in ("play", "ask", "sort", "form")), cell.id


def test_pytest_alone_runs_the_notebooks_with_nbval_too() -> None:
    """Nobody has to remember an option."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert "notebooks" in options["testpaths"]
    assert "--nbval-lax" in options["addopts"]
