"""The lesson: what a notebook calls, what it shows, and what Python hears of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import safekeeping
from safekeeping import front, lesson
from safekeeping.faults import WrongCall
from safekeeping.lesson import MIME
from safekeeping.library import Library

EXERCISES = [
    ("begin", ["t1"], "note-t1", "care.js"),
    ("turn_to", [], "turn-to", "care.js"),
    ("pause", [], "pause", "care.js"),
    ("play", ["dry-bed"], "dry-bed", "scenario.js"),
    ("ask", ["bed-questions"], "bed-questions", "quiz.js"),
    ("sort", ["bed-sorting"], "bed-sorting", "sort.js"),
]
READINGS = [("show", ["bed"]), ("objectives", ["t1"]), ("key_points", ["t1"]), ("sources", ["t1"])]


def bundle(shown: Any) -> dict[str, Any]:
    """What a cell's output would hold."""
    made = shown._repr_mimebundle_()
    data = made[0] if isinstance(made, tuple) else made
    assert isinstance(data, dict)
    return data


def test_the_package_offers_its_names_and_loads_them_when_used() -> None:
    """Sorted, complete, and nothing else."""
    assert list(safekeeping.__all__) == sorted(safekeeping.__all__)
    assert all(callable(getattr(safekeeping, name)) for name in safekeeping.__all__)
    assert set(dir(safekeeping)) == {*safekeeping.__all__, "__version__"}
    with pytest.raises(AttributeError, match="has no attribute 'plays'"):
        safekeeping.plays  # noqa: B018


def test_no_public_name_is_the_name_of_a_module() -> None:
    """`from safekeeping import *` must not hide a module behind a function, or the other way round."""
    modules = {path.stem for path in Path(safekeeping.__file__).parent.iterdir()}
    assert not modules & set(safekeeping.__all__)


@pytest.mark.parametrize(("call", "args", "id", "module"), EXERCISES)
def test_a_call_shows_its_exercise(in_toy: Library, call: str, args: list[str], id: str, module: str) -> None:
    """A widget with its table, its texts, and the module that plays it."""
    shown = getattr(lesson, call)(*args)
    assert shown.exercise.id == id
    assert shown.table == shown.exercise.table
    assert shown.text == shown.exercise.text
    assert shown._esm == front.text(module)
    assert shown.place == "lab"
    assert shown.words == in_toy.words("front")
    assert [one["id"] for one in shown.contacts] == ["fire-bell", "garden-desk", "night-owl"]


@pytest.mark.parametrize(("call", "args", "id", "module"), EXERCISES)
def test_an_exercise_leaves_the_call_that_made_it(
    in_toy: Library, call: str, args: list[str], id: str, module: str
) -> None:
    """By this record an export finds its place; by the text a reader without widgets knows what stands here."""
    data = bundle(getattr(lesson, call)(*args))
    assert data[MIME] == {"call": call, "args": args}
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"].endswith(": an exercise. Run this cell to start it.]")
    assert json.dumps(data)


def test_thinking_aloud_is_part_of_the_record(in_toy: Library) -> None:
    """The export must draw what the notebook shows."""
    data = bundle(lesson.play("dry-bed", aloud=True))
    assert data[MIME] == {"call": "play", "args": ["dry-bed"], "options": {"aloud": True}}


@pytest.mark.parametrize(("call", "args"), READINGS)
def test_a_reading_leaves_html_text_and_its_call(in_toy: Library, call: str, args: list[str]) -> None:
    """HTML for a browser, text for everything else."""
    shown = getattr(lesson, call)(*args)
    data = bundle(shown)
    assert data[MIME] == {"call": call, "args": args}
    assert data["text/html"].startswith('<div class="sk sk-reading">')
    assert data["text/plain"] == repr(shown)
    assert "<" not in repr(shown)


def test_after_part_the_calls_need_no_name(in_toy: Library) -> None:
    """One line says which part; the rest follows."""
    lesson.part("t1")
    assert lesson.begin().exercise.id == "note-t1"
    assert lesson.objectives().args == ("t1",)
    assert lesson.key_points("t0").args == ("t0",)


def test_without_a_part_the_remedy_is_told(in_toy: Library) -> None:
    """The likeliest cause is a first cell that was not run."""
    with pytest.raises(WrongCall, match="Run the first cell of the notebook"):
        lesson.begin()


# --- answers ---------------------------------------------------------------------------------------------------------


def report(live: Any, *events: dict[str, Any]) -> None:
    """Let the front end report, as it does: through the model's state, as JSON."""
    for event in events:
        live.set_state(json.loads(json.dumps({"trace": [*live.trace, event]})))


def test_python_hears_every_step(in_toy: Library) -> None:
    """Each event arrives as it happens, oldest first."""
    live = lesson.play("dry-bed")
    heard: list[Any] = []
    live.observe(lambda change: heard.append(change["new"][-1]), names="trace")
    steps = [
        {"do": "start"},
        {"do": "choose", "state": "saturday", "option": "look"},
        {"do": "back", "state": "saturday"},
    ]
    report(live, *steps)
    assert heard == steps
    assert lesson.answers("dry-bed") == steps


def test_answers_hold_only_what_was_chosen(in_toy: Library) -> None:
    """An exercise that was shown and not touched has no answers."""
    lesson.ask("bed-questions")
    live = lesson.play("dry-bed")
    assert lesson.answers() == {}
    report(live, {"do": "start"})
    assert lesson.answers() == {"dry-bed": [{"do": "start"}]}
    assert lesson.answers("bed-questions") == []


def test_answers_are_a_copy(in_toy: Library) -> None:
    """Looking at them changes nothing."""
    live = lesson.play("dry-bed")
    report(live, {"do": "start"})
    found = lesson.answers()
    assert isinstance(found, dict)
    found["dry-bed"].clear()
    assert lesson.answers() == {"dry-bed": [{"do": "start"}]}


def test_the_answers_of_an_exercise_that_was_not_started_are_refused(in_toy: Library) -> None:
    """One sentence."""
    with pytest.raises(WrongCall, match='The exercise "dry-bed" has not been started in this notebook'):
        lesson.answers("dry-bed")


def test_starting_an_exercise_again_starts_it_afresh(in_toy: Library) -> None:
    """Running a cell a second time is a new start."""
    report(lesson.play("dry-bed"), {"do": "start"})
    lesson.play("dry-bed")
    assert lesson.answers() == {}


# --- slips -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('play("dry-bet")', 'There is no scenario "dry-bet" in the course. Did you mean "dry-bed"?'),
        ('play("old-pump")', 'The scenario "old-pump" still needs review and is not shown.'),
        ('ask("bed-sorting")', 'The set "bed-sorting" is a sort exercise. Write sort("bed-sorting").'),
        ('show("soil-tels")', 'There is nothing called "soil-tels" to show. Did you mean "soil-tells"?'),
        ('part("t9")', 'There is no module "t9".'),
        ("begin()", "Which part?"),
    ],
)
def test_a_slip_shows_one_sentence_and_no_traceback(in_toy: Library, line: str, words: str) -> None:
    """As IPython shows it in a notebook."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    shell.ex("from safekeeping import *")
    with capture_output() as shown:
        result = shell.run_cell(line)
    InteractiveShell.clear_instance()
    assert isinstance(result.error_in_exec, WrongCall)
    assert words in shown.stdout + shown.stderr
    assert "Traceback" not in shown.stdout + shown.stderr
    assert len((shown.stdout + shown.stderr).strip().splitlines()) == 1


def test_the_real_calls_of_every_notebook_name_things_that_exist(fresh_lesson: Path) -> None:
    """Each exercise of the built-in content can be started."""
    content = Library()
    for one in content.every("scenario"):
        if one.status == "ready":
            assert lesson.play(one.id).exercise.id == one.id
        else:
            with pytest.raises(WrongCall, match="still needs review"):
                lesson.play(one.id)
    for one in content.every("set"):
        assert (lesson.sort if one.kind == "sort" else lesson.ask)(one.id).exercise.id == one.id
