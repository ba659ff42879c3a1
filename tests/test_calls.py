"""Calls: what each line of a notebook stands for, the same in JupyterLab, on a page and on a slide."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from safekeeping import calls, lesson
from safekeeping.calls import claims_of, estimated_minutes, make
from safekeeping.exercises import Exercise
from safekeeping.faults import SafekeepingError, WrongCall
from safekeeping.library import Course, Library


@pytest.mark.parametrize(
    ("call", "args", "kind"),
    [
        ("play", ["dry-bed"], "scenario"),
        ("ask", ["bed-questions"], "quiz"),
        ("sort", ["bed-sorting"], "sort"),
        ("begin", ["t1"], "care"),
        ("turn_to", [], "care"),
        ("pause", [], "care"),
    ],
)
def test_a_call_makes_its_exercise(toy: Library, call: str, args: list[str], kind: str) -> None:
    """What JupyterLab plays."""
    made = make(toy, call, *args)
    assert isinstance(made, Exercise) and made.module == kind


@pytest.mark.parametrize(
    ("call", "args", "part"),
    [
        ("show", ["sign-1"], "Sign number 1"),
        ("objectives", ["t1"], "Tell a dry bed"),
        ("key_points", ["t1"], "Look at the soil before"),
        ("sources", ["t1"], "A Small Garden Book"),
    ],
)
def test_a_call_makes_its_reading(toy: Library, call: str, args: list[str], part: str) -> None:
    """What stands there to read."""
    made = make(toy, call, *args)
    assert isinstance(made, str) and part in made


def test_an_unknown_call_is_refused_with_the_nearest_one(toy: Library) -> None:
    """A notebook edited by hand gets a hint."""
    with pytest.raises(WrongCall, match=re.escape('There is no call "plays". Did you mean "play"?')):
        make(toy, "plays", "dry-bed")


@pytest.mark.parametrize("call", ["play", "show", "objectives"])
@pytest.mark.parametrize("id", [5, None])
def test_an_id_that_is_no_text_is_refused_in_one_sentence(toy: Library, call: str, id: Any) -> None:
    """play(5) is a slip like any other: a sentence, never a traceback."""
    with pytest.raises(WrongCall):
        make(toy, call, id)


def test_every_call_is_a_public_name_of_the_package() -> None:
    """What an export can draw, a notebook can call, and the other way round for all that shows something."""
    import safekeeping

    silent = {"answers", "erase", "keep", "part"}
    assert set(calls.CALLS) == set(safekeeping.__all__) - silent
    assert all(callable(getattr(lesson, name)) for name in safekeeping.__all__)


# --- what a part rests on --------------------------------------------------------------------------------------------


def test_the_claims_of_a_part_are_those_of_its_cells_and_of_all_that_it_uses(toy: Library, toy_course: Course) -> None:
    """Cells, key points, scenarios, items, signs: a source is never forgotten because it stands elsewhere."""
    assert claims_of(toy, toy_course, "t1") == {"ask-first", "soil-tells"}
    assert claims_of(toy, toy_course, "t0") == set()


def test_a_part_without_a_notebook_still_has_its_claims(toy: Library, tmp_path: Path) -> None:
    """Content may be there before the notebook is."""
    assert claims_of(toy, Course(tmp_path), "t1") == {"ask-first", "soil-tells"}
    assert estimated_minutes(toy, Course(tmp_path), "t1") == 0


def test_minutes_are_estimated_from_the_content_and_rounded_up(toy: Library, toy_course: Course) -> None:
    """One story of 4 minutes and 8 items are 12; with the words that is no more than 15."""
    assert estimated_minutes(toy, toy_course, "t1") == 15
    assert estimated_minutes(toy, toy_course, "t0") == 5


def edited(folder: Path, change: str) -> Course:
    """The toy course with its notebook edited by hand."""
    path = folder / "notebooks" / "01-beds.ipynb"
    raw = path.read_text(encoding="utf-8")
    if change == "cut off":
        path.write_text(raw[: len(raw) // 2], encoding="utf-8")
    elif change == "no cells":
        path.write_text('{"nbformat": 4}', encoding="utf-8")
    elif change == "a list":
        path.write_text("[]", encoding="utf-8")
    else:
        book = json.loads(raw)
        book["cells"].append({"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "source": [change]})
        path.write_text(json.dumps(book), encoding="utf-8")
    return Course(folder)


@pytest.mark.parametrize("change", ["cut off", "no cells", "a list"])
def test_a_broken_notebook_is_told_in_one_sentence(toy: Library, toy_copy: Path, change: str) -> None:
    """With the notebook's name; never a traceback."""
    where = edited(toy_copy, change)
    for function in (claims_of, estimated_minutes):
        with pytest.raises(SafekeepingError, match="01-beds"):
            function(toy, where, "t1")


@pytest.mark.parametrize("change", ["%matplotlib inline", "!ls", "1 +", "play(name)", "play()", "show(*x)"])
def test_cells_that_a_person_added_do_not_stop_the_estimate(toy: Library, toy_copy: Path, change: str) -> None:
    """A learner may add cells of any kind to a notebook; the course's own lines still work."""
    assert estimated_minutes(toy, edited(toy_copy, change), "t1") == 15
