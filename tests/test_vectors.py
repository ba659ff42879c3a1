"""Vectors: small stories and sets with their tables and answers, the same for Python and for the browser.

A vector holds its inputs, the compiled table, what each trace or answer must come to, and one line why.
A vector that is no longer true is replaced by one of another name; it is not edited.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from safekeeping import front, quiz, scenario
from safekeeping.faults import Fault, WrongCall
from safekeeping.records import Item, ItemSet, Scenario, read, texts

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).parent / "vectors"
VECTORS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def named(kind: str) -> list[str]:
    """The vectors of one kind."""
    return [name for name, vector in VECTORS.items() if vector["kind"] == kind]


def made(cls: type, raw: object) -> Any:
    """A record from a vector's input."""
    faults: list[Fault] = []
    record = read(cls, raw, "vector", "", faults)
    assert not faults
    return record


def test_every_vector_says_why() -> None:
    """One line for the vector and one for each case in it."""
    for vector in VECTORS.values():
        assert vector["format"] == 1
        cases = vector.get("traces", []) + vector.get("answers", [])
        assert cases
        assert all(case["why"].endswith(".") for case in [vector, *cases])


@pytest.mark.parametrize("name", named("scenario"))
def test_a_story_compiles_to_its_table(name: str) -> None:
    """State by state, with the authors' path and the map."""
    vector = VECTORS[name]
    assert scenario.compile(made(Scenario, vector["input"])) == vector["table"]


@pytest.mark.parametrize(
    ("name", "case"),
    [
        pytest.param(name, case, id=f"{name}: {case['why']}")
        for name in named("scenario")
        for case in VECTORS[name]["traces"]
    ],
)
def test_a_trace_leaves_its_way_and_its_points(name: str, case: dict[str, Any]) -> None:
    """Or is refused."""
    one, table = made(Scenario, VECTORS[name]["input"]), VECTORS[name]["table"]
    if case.get("refused"):
        with pytest.raises(WrongCall):
            scenario.replay(table, case["trace"])
        return
    assert [list(step) for step in scenario.replay(table, case["trace"])] == case["way"]
    comparison = scenario.compare(one, table, case["trace"])
    assert (comparison.principles, comparison.ended) == (case["points"], case["ended"])


@pytest.mark.parametrize("name", named("set"))
def test_a_set_compiles_to_its_table(name: str) -> None:
    """Item by item, in the order that the seed gives."""
    vector = VECTORS[name]["input"]
    items = [made(Item, raw) for raw in vector["items"]]
    assert quiz.compile(made(ItemSet, vector["set"]), items, seed=vector["seed"]) == VECTORS[name]["table"]


@pytest.mark.parametrize(
    ("name", "case"),
    [
        pytest.param(name, case, id=f"{name}/{case['item']}: {case['why']}")
        for name in named("set")
        for case in VECTORS[name]["answers"]
    ],
)
def test_an_answer_has_its_points(name: str, case: dict[str, Any]) -> None:
    """Or none, or is refused."""
    row = next(row for row in VECTORS[name]["table"]["items"] if row["id"] == case["item"])
    if case.get("refused"):
        with pytest.raises(WrongCall):
            quiz.mark(row, case["answer"])
        return
    assert quiz.mark(row, case["answer"]) == case["points"]


# --- the same in the browser -----------------------------------------------------------------------------------------

# Draw a story from a trace that was made before, as a view that is thrown away and drawn again does.
DRAW = """async ([code, table, text, trace]) => {
  const story = await import("data:text/javascript," + encodeURIComponent(code));
  const data = { table, text, words: {}, contacts: [], place: "page", trace };
  const el = document.body.appendChild(document.createElement("div"));
  story.default.render({ model: { get: (key) => data[key], set() {}, save_changes() {} }, el });
  const heading = el.querySelector("h4.sk-scene, h4.sk-end");
  el.remove();
  return { path: story.followTrace(table, trace).path, heading: heading ? heading.textContent.trim() : null };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("name", named("scenario"))
def test_the_browser_follows_every_trace_to_the_same_way_and_place(
    name: str, offline_page: tuple[Page, list[str]]
) -> None:
    """The same clicks come to the same in both; drawn again, the story stands where it stood."""
    page, _ = offline_page
    one, table = made(Scenario, VECTORS[name]["input"]), VECTORS[name]["table"]
    table = table | {"principles": {"safety": "Safety", "dignity": "Dignity"}}
    text = dict(texts(one))
    page.goto("about:blank")
    for case in VECTORS[name]["traces"]:
        if case.get("refused"):
            continue
        drawn = page.evaluate(DRAW, [front.text("scenario.js"), table, text, case["trace"]])
        assert drawn["path"] == case["way"], case["why"]
        stands = [event["state"] for event in case["trace"] if "state" in event]
        if stands:
            node = table["states"][stands[-1]]["node"]
            assert drawn["heading"] == text[f"{node}.title"], case["why"]
