"""Checks of a part: what a try draws, in which order, and when a check is met."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safekeeping import exercises, mastery, quiz
from safekeeping.faults import WrongCall
from safekeeping.library import Library

LIBRARY = Library()
MODULES = [one for one in LIBRARY.every("module") if one.number]


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.id)
def test_every_try_covers_every_objective_and_repeats_nothing_before_all_was_seen(module: Any) -> None:
    """Eight items, each scorable objective at least once; a later try takes what was seen longest ago."""
    items = mastery.bank(module, LIBRARY.every("item"))
    goals = {goal.id for goal in module.objectives if goal.scorable}
    tries = mastery.series(module, items, 0)
    assert len(tries) == mastery.TRIES
    seen: list[str] = []
    for drawn in tries:
        ids = [one.id for one in drawn]
        assert len(set(ids)) == mastery.DRAWN
        assert {one.objective for one in drawn} == goals
        fresh = [one for one in items if one.id not in seen]
        # Unseen items come first; a seen one only where an objective has no unseen one left, or none is left at all.
        for one in drawn:
            if one.id in seen:
                left = [other for other in fresh if other.id not in ids]
                assert not left or not [other for other in fresh if other.objective == one.objective]
        seen = [id for id in seen if id not in ids] + ids
    assert not {one.id for one in tries[0]} & {one.id for one in tries[1]}


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.id)
def test_no_check_draws_a_test_item_or_one_that_cannot_be_marked(module: Any) -> None:
    """Practice only: no test item travels with its key, no myth, short answer or paired vignette is marked."""
    _, items, table = mastery.compile(module, LIBRARY.every("item"))
    assert all(one.use == "practice" and quiz.scorable(one) for one in items)
    assert not any(f'"{one.id}"' in json.dumps(table) for one in LIBRARY.every("item") if one.use == "test")
    assert (table["need"], table["of"]) == (7, 8)


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.id)
def test_parts_of_an_item_are_shuffled_and_an_order_is_never_given_away(module: Any) -> None:
    """Digits name every part once; a sequence never stands in its right order; the key wanders."""
    _, _, table = mastery.compile(module, LIBRARY.every("item"))
    places = set()
    for rows in table["series"]:
        for row in rows:
            for at, order in row:
                item = table["items"][at]
                parts = next(item[name] for name in ("options", "actions", "cases", "steps") if name in item)
                assert sorted(order) == [str(n) for n in range(len(parts))]
                shown = [parts[int(digit)] for digit in order]
                if item["type"] == "SEQ":
                    assert shown != item["key"]
                if item["type"] == "MC":
                    places.add(next(n for n, id in enumerate(shown) if item["marks"][id].get("key")))
    assert places >= {0, 1, 2}


def test_the_same_content_gives_the_same_check_and_another_series_other_questions() -> None:
    """Repeatable; people side by side seldom have the same first eight."""
    module = LIBRARY.module("m1")
    one, two = (mastery.compile(module, LIBRARY.every("item"))[2] for _ in range(2))
    assert one == two
    firsts = [sorted(at for at, _ in rows[0]) for rows in one["series"]]
    assert len(firsts) == mastery.SERIES and all(a != b for a, b in pairwise(firsts))


def test_a_part_without_enough_items_has_no_check(toy: Library) -> None:
    """The opening part, and a small course: a wrong call, not a check of three."""
    for library, id in ((LIBRARY, "m0"), (toy, "m1")):
        with pytest.raises(WrongCall):
            exercises.check(library, id)


def test_readable_form_of_a_check_holds_every_question_and_apart_from_it_every_answer() -> None:
    """It is what stands there without scripts, and what is printed."""
    check = exercises.check(LIBRARY, "m1")
    form = check.form()
    assert form.count("sk-form-scene") == len(check.table["items"])
    assert form.index("sk-form-answers") > form.rindex("sk-form-scene")


Steps = st.lists(
    st.one_of(
        st.just({"do": "try", "series": 0, "try": 0}),
        st.builds(lambda n, p: {"do": "answer", "item": str(n), "points": p}, st.integers(0, 9), st.integers(0, 1)),
        st.just({"do": "end"}),
    ),
    max_size=60,
)


@given(Steps)
def test_a_check_is_met_only_by_seven_first_answers_of_one_try(trace: list[dict[str, Any]]) -> None:
    """Counted here try by try, the plain way."""
    starts = [n for n, step in enumerate(trace) if step["do"] == "try"] + [len(trace)]
    best = 0
    for start, stop in pairwise(starts):
        first: dict[str, int] = {}
        for step in trace[start:stop]:
            if step["do"] == "answer" and step["item"] not in first:
                first[step["item"]] = step["points"]
        best = max(best, sum(first.values()))
    assert mastery.met(trace) is (best >= 7)
