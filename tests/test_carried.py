"""Exercises as a page carries them: short, and the same table and texts as in a notebook once they are read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from html_reader import parse, texts_of
from safekeeping import front
from safekeeping.calls import make
from safekeeping.exercises import Exercise
from safekeeping.library import Library
from safekeeping.publish.carried import boxes, carried
from safekeeping.render import contact_rows

if TYPE_CHECKING:
    from playwright.sync_api import Page


def every(content: Library) -> list[Exercise]:
    """All exercises of a library that can be shown, the stories with and without thoughts."""
    stories = [one.id for one in content.every("scenario") if one.status == "ready"]
    sets = [(("sort" if one.kind == "sort" else "ask"), one.id) for one in content.every("set")]
    made = [make(content, "play", id, aloud=aloud) for id in stories for aloud in (False, True)]
    made += [make(content, call, id) for call, id in sets]
    made += [make(content, "begin", one.id) for one in content.every("module")]
    return [one for one in made if isinstance(one, Exercise)]


def place(number: int, one: Exercise) -> str:
    """An exercise's place as on a page."""
    form, table = carried(one)
    data = json.dumps(table).replace("<", "\\u003c")
    return f'<div id="p{number}">{form}<script type="application/json">{data}</script></div>'


def as_in_a_notebook(one: Exercise) -> dict[str, Any]:
    """Its table without the points of a story: no front end shows them."""
    table: dict[str, Any] = json.loads(json.dumps(one.table))
    for state in table.get("states", {}).values():
        for option in state.get("options", ()):
            del option["points"]
    return table


@pytest.mark.browser
@pytest.mark.parametrize("course", ["toy", "real"])
def test_a_page_gives_the_front_end_what_a_notebook_gives_it(
    course: str, toy: Library, tmp_path: Path, offline_page: tuple[Page, list[str]]
) -> None:
    """For every exercise of the course: the whole table but a story's points, and every text under its id."""
    content = toy if course == "toy" else Library()
    exercises = every(content)
    script = front.text("carried.js", classic=True).replace("</", "<\\/")
    body = "".join(place(number, one) for number, one in enumerate(exercises))
    path = tmp_path / "every.html"
    path.write_text(f'<!doctype html><meta charset="utf-8"><title>All</title>{body}<script>{script}</script>', "utf-8")
    page, _ = offline_page
    page.goto(path.as_uri())
    read = page.evaluate(
        """() => [...document.querySelectorAll("body > div")].map((place) => {
          const carried = JSON.parse(place.querySelector("script").textContent);
          return [safekeeping.tableOf(carried), safekeeping.textsOf(place, carried)];
        })"""
    )
    assert len(read) == len(exercises)
    for one, (table, text) in zip(exercises, read, strict=True):
        assert table == as_in_a_notebook(one), one.id
        form = dict(texts_of(parse(one.form())))
        assert text == form, one.id


def test_no_form_of_the_course_needs_its_whole_ids() -> None:
    """Their boxes stand in the order of the table; ids of nodes, items and parts stand in the table alone."""
    for one in every(Library()):
        form, table = carried(one)
        assert "data-in" not in form, one.id
        ids = [id for id in boxes(table) if re.search(rf'data-t="(\w[\w-]*\.)?{re.escape(id)}\b', form)]
        assert ids == [], one.id


def test_a_form_in_another_order_keeps_its_whole_ids(toy: Library) -> None:
    """Whoever writes a form by hand loses bytes and no text."""
    one = make(toy, "ask", "bed-questions")
    assert isinstance(one, Exercise)
    scenes = re.findall(r'<div class="sk-form-scene".*?</div>', one.form(), re.S)
    turned = "".join(reversed(scenes))
    form, table = carried(replace(one, form=lambda: turned))
    assert form == turned
    assert table["items"][0]["id"] in form


def test_text_that_looks_like_a_mark_stays_text(toy: Library) -> None:
    """A person may write about attributes."""
    one = make(toy, "ask", "bed-questions")
    assert isinstance(one, Exercise)
    odd = escape(' data-t="0.text" data-in="x"')
    form, _ = carried(replace(one, form=lambda: one.form() + f"<p>{odd}</p>"))
    assert odd in form


@pytest.mark.browser
def test_the_help_panel_reads_the_list_that_everybody_reads(
    m5_page: Path, offline_page: tuple[Page, list[str]]
) -> None:
    """No second copy of the help lines travels in the page, and nothing of them is lost."""
    page, _ = offline_page
    page.goto(m5_page.as_uri())
    assert page.locator("#sk-contacts").count() == 0
    found = page.evaluate("Object.values(safekeeping.models)[0].get('contacts')")
    assert [{key: value for key, value in row.items() if value} for row in found] == contact_rows(Library())
