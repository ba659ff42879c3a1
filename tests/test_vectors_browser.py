"""The vectors in a browser: clicks leave the same traces, answers have the same points, a trace drawn again its place.

The page holds a vector's own table and the texts of its input, and is drawn by the same joined script as every export.
"""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from safekeeping import front, quiz
from safekeeping.faults import Fault
from safekeeping.library import built_in
from safekeeping.records import Item, ItemSet, Scenario, read, texts

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
VECTORS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "vectors").glob("*.json"))
}
Case = dict[str, Any]
PLACE = "el => [...el.closest('ol').children].indexOf(el.closest('li'))"


def cases(kind: str, *, refused: bool) -> list[Any]:
    """The cases of all vectors of a kind, each with its vector's name."""
    return [
        pytest.param(name, case, id=f"{name}: {case['why']}")
        for name, vector in VECTORS.items()
        for case in vector.get("traces" if kind == "scenario" else "answers", [])
        if vector["kind"] == kind and bool(case.get("refused")) is refused
    ]


# --- the page --------------------------------------------------------------------------------------------------------


def data_of(vector: Case) -> tuple[dict[str, Any], dict[str, str]]:
    """The table and the texts of a vector, as an exercise has them."""
    faults: list[Fault] = []
    if vector["kind"] == "scenario":
        one = read(Scenario, vector["input"], "vector", "", faults)
        assert not faults
        return vector["table"] | {"principles": {name: name for name in one.principles}}, dict(texts(one))
    whole = read(ItemSet, vector["input"]["set"], "vector", "", faults)
    items = [read(Item, raw, "vector", "", faults) for raw in vector["input"]["items"]]
    assert not faults
    return vector["table"], quiz.item_texts(whole, items)


def module_of(vector: Case) -> str:
    """The module that draws it."""
    return {"scenario": "scenario", "sort": "sort"}.get(vector["table"]["kind"], "quiz")


def block(value: object, id: str = "") -> str:
    """A block of data that no text can end early."""
    mark = f' id="{id}"' if id else ""
    return f'<script type="application/json"{mark}>{json.dumps(value).replace("<", chr(92) + "u003c")}</script>'


@pytest.fixture
def drawn(offline_page: tuple[Page, list[str]], tmp_path: Path, name: str) -> Locator:
    """A vector on a page of its own, drawn by host.js."""
    table, text = data_of(VECTORS[name])
    form = "".join(f'<p data-t="{html.escape(id)}">{html.escape(words)}</p>' for id, words in text.items())
    path = tmp_path / "vector.html"
    path.write_text(
        f'<!doctype html><title>Vector</title><div class="sk-exercise" data-exercise="{module_of(VECTORS[name])}" '
        f'data-id="{name}"><div class="sk-form" hidden>{form}</div>{block(table)}</div>'
        f"{block(built_in().words('front'), 'sk-words')}{block([], 'sk-contacts')}"
        f"<script>{front.text('host.js', classic=True)}safekeeping.start();</script>",
        encoding="utf-8",
    )
    page, _ = offline_page
    page.goto(path.as_uri())
    return page.locator(".sk-live-part")


def trace_of(drawn: Locator) -> list[Case]:
    """What was reported so far."""
    found: list[Case] = drawn.page.evaluate("Object.values(safekeeping.models)[0].get('trace')")
    return found


def press(drawn: Locator, name: str) -> None:
    """Press a button by its name."""
    drawn.get_by_role("button", name=name, exact=True).click()


# --- stories ---------------------------------------------------------------------------------------------------------


def title_of(name: str, state: str) -> str:
    """The title of the node that a state stands for."""
    vector = VECTORS[name]
    node = vector["table"]["states"][state]["node"]
    return str(next(one["title"] for one in vector["input"]["node"] if one["id"] == node))


def end_title(title: str) -> str:
    """The heading of an ending says that it is one."""
    return f"{built_in().words('front')['ending']} {title}"


def clicked(drawn: Locator, name: str, step: Case) -> None:
    """The click, or the two, that a step of a trace stands for."""
    words = {"start": "Continue", "summary": "Read a summary", "skip": "Skip", "end": "Go on"}
    if step["do"] in words:
        press(drawn, words[step["do"]])
    elif step["do"] == "back":
        press(drawn, "Change this choice")
    elif step["do"] == "replay":
        press(drawn, "Look back")
        title = title_of(name, step["state"])
        drawn.get_by_role("button", name=f"Replay from here: {title}", exact=True).first.click()
    else:
        if drawn.get_by_role("button", name="Go on").count():
            press(drawn, "Go on")
        assert drawn.locator(".sk-body h4").first.inner_text() == title_of(name, step["state"])
        drawn.locator(f'button[data-option="{step["option"]}"]').click()


def by_clicks(trace: list[Case]) -> bool:
    """Can this be clicked? A replay is offered only after an ending; Python takes it at any time."""
    return all(step["do"] != "replay" or trace[i - 1]["do"] == "end" for i, step in enumerate(trace))


@pytest.mark.parametrize(
    ("name", "case"), [case for case in cases("scenario", refused=False) if by_clicks(case.values[1]["trace"])]
)
def test_clicks_leave_the_same_trace_and_reach_the_same_end(drawn: Locator, name: str, case: Case) -> None:
    """And the ending is the one that the last choice leads to."""
    trace = case["trace"]
    for step in trace:
        clicked(drawn, name, step)
    assert trace_of(drawn) == trace
    if case["ended"] and trace[-1]["do"] != "end":
        press(drawn, "Go on")
    assert drawn.locator(".sk-end").count() == case["ended"]
    if case["ended"]:
        state, option = case["way"][-1]
        options = VECTORS[name]["table"]["states"][state]["options"]
        end = next(one["to"] for one in options if one["id"] == option)
        assert drawn.locator(".sk-end").inner_text() == end_title(title_of(name, end))
        assert trace_of(drawn)[-1] == {"do": "end", "state": end}


@pytest.mark.parametrize(("name", "case"), cases("scenario", refused=True))
def test_no_click_leaves_a_trace_that_python_refuses(drawn: Locator, name: str, case: Case) -> None:
    """The option is not there, stands in another scene, or is answered already."""
    *before, last = case["trace"]
    for step in before:
        clicked(drawn, name, step)
    states = VECTORS[name]["table"]["states"]
    if before[-1]["do"] == "choose" and states[last["state"]]["node"] != states[before[-1]["state"]]["node"]:
        press(drawn, "Go on")
    offered = drawn.locator(f'button[data-option="{last["option"]}"]')
    for button in offered.all():
        button.dispatch_event("click")
    assert trace_of(drawn)[: len(before)] == before
    assert trace_of(drawn) != case["trace"]


@pytest.mark.parametrize(("name", "case"), cases("scenario", refused=False))
def test_a_trace_drawn_again_stands_where_it_stood(offline_page: tuple[Page, list[str]], name: str, case: Case) -> None:
    """As a notebook draws an exercise a second time: the module alone, with a model that holds the trace."""
    page, _ = offline_page
    table, text = data_of(VECTORS[name])
    page.evaluate(
        """async ([module, data]) => {
          const address = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
          const { default: drawer } = await import(address);
          const el = document.body.appendChild(document.createElement("div"));
          const set = () => { throw Error("drawing reports nothing") };
          const model = { get: (key) => data[key], set, save_changes: set };
          drawer.render({ model, el });
        }""",
        [
            front.text("scenario.js"),
            {"table": table, "text": text, "words": built_in().words("front"), "trace": case["trace"]},
        ],
    )
    last = case["trace"][-1]
    if last["do"] in ("summary", "skip"):
        assert page.locator('.sk-way3[aria-pressed="true"]').count() == 1
        return
    here = title_of(name, last["state"])
    assert page.locator(".sk-body h4").first.inner_text() == (end_title(here) if last["do"] == "end" else here)
    assert page.locator(".sk-end").count() == (last["do"] == "end")
    taken = page.locator(".sk-taken").evaluate_all("all => all.map(one => one.dataset.option)")
    assert taken == ([last["option"]] if last["do"] == "choose" else [])


# --- questions and sorting -------------------------------------------------------------------------------------------


def row_of(name: str, item: str) -> Case:
    """An item's row of the table."""
    return next(row for row in VECTORS[name]["table"]["items"] if row["id"] == item)


def parts_of(row: Case) -> list[str]:
    """The parts of an item that are answered one by one, in their order on the page."""
    return list(row.get("actions") or row.get("cases") or [])


def filled(drawn: Locator, row: Case, answer: Any) -> bool:
    """Give an answer, as far as the page offers it; says whether all of it was offered."""
    groups = drawn.locator(".sk-ask fieldset")
    if row["type"] == "SR":
        drawn.get_by_role("textbox").fill("Something of my own.")
        return True
    if row["type"] == "SEQ":
        for place, id in enumerate(answer):
            up = drawn.locator(f'[data-move="{id} -1"]')
            for _ in range(up.evaluate(PLACE) - place):
                up.click()
        return True
    whole = True
    wanted = answer if isinstance(answer, dict) else {"": answer}
    for group, part in zip(groups.all(), parts_of(row) or [""], strict=True):
        radio = group.locator(f'input[value="{wanted.get(part)}"]')
        if radio.count():
            radio.check()
        else:
            whole = False
    return whole


def come_to(drawn: Locator, name: str, item: str) -> Case:
    """Answer all items before this one in any way."""
    rows = VECTORS[name]["table"]["items"]
    for row in rows:
        if row["id"] == item:
            return dict(row)
        given = next(
            one["answer"] for one in VECTORS[name]["answers"] if one["item"] == row["id"] and not one.get("refused")
        )
        filled(drawn, row, given)
        drawn.locator(".sk-go").click()
        if not row.get("pair"):
            press(drawn, "Go on")
    raise AssertionError(item)


@pytest.mark.parametrize(("name", "case"), cases("set", refused=False))
def test_an_answer_has_the_same_points_in_the_browser(drawn: Locator, name: str, case: Case) -> None:
    """What is written and what is rated in pairs is not reported at all."""
    row = come_to(drawn, name, case["item"])
    assert filled(drawn, row, case["answer"])
    drawn.locator(".sk-go").click()
    reported = trace_of(drawn)[-1]
    assert (reported["do"], reported["item"], reported.get("points")) == ("answer", case["item"], case["points"])
    private = row["type"] == "SR" or "pair" in row
    assert ("answer" in reported) is not private
    assert private or reported["answer"] == case["answer"]


@pytest.mark.parametrize(
    ("name", "case"),
    [case for case in cases("set", refused=True) if row_of(case.values[0], case.values[1]["item"])["type"] != "SEQ"],
)
def test_an_answer_that_python_refuses_cannot_be_given(drawn: Locator, name: str, case: Case) -> None:
    """There is no such choice, or the page says what is missing and reports nothing. (An order is always whole.)"""
    row = come_to(drawn, name, case["item"])
    before = trace_of(drawn)
    assert not filled(drawn, row, case["answer"])
    drawn.locator(".sk-go").click()
    assert trace_of(drawn) == before
    assert "first" in drawn.locator(".sk-status").inner_text()
