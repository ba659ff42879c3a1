"""A fresh form is the same for the same seed everywhere, new questions come first, and its codebook tells no key."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safekeeping.faults import WrongCall
from safekeeping.instruments import LETTERS
from safekeeping.library import Library, built_in
from safekeeping.publish import fresh_form as module
from safekeeping.publish.fresh_form import LARGEST_SEED, FreshForm, fresh_form, rank
from safekeeping.records import Module

LIBRARY = built_in()
PARTS = [one for one in map(LIBRARY.module, LIBRARY.course()["modules"]) if one.objectives]
USED = {id for one in LIBRARY.every("instrument") for id in one.items}
seeds = st.integers(0, LARGEST_SEED)


def bank(parts: list[Module]) -> list[str]:
    objectives = {each.id for one in parts for each in one.objectives}
    every = LIBRARY.every("item")
    return [one.id for one in every if one.use == "test" and one.options and one.objective in objectives]


def as_text(form: FreshForm) -> str:
    return json.dumps([[item.id, [one.id for one in some]] for item, some in form.rows])


# --- the draw --------------------------------------------------------------------------------------------------------


def test_the_draw_is_the_one_that_is_documented() -> None:
    """SHA-256 of seed, purpose and ids with zero bytes between: whoever wants to can repeat it without our code."""
    assert rank(7, "item", "m1-test-1") == hashlib.sha256(b"7\x00item\x00m1-test-1").hexdigest()


def test_another_process_with_other_hashes_draws_the_same() -> None:
    """Python's own hash of a text differs from run to run; nothing here hangs on it."""
    code = (
        "from safekeeping.library import built_in\nfrom safekeeping.publish.fresh_form import fresh_form\nimport json\n"
        "l = built_in()\nparts = [l.module(one) for one in l.course()['modules'] if l.module(one).objectives]\n"
        "print(json.dumps([[i.id, [o.id for o in some]] for i, some in fresh_form(l, 41, parts).rows]))"
    )
    found = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        words = [sys.executable, "-c", code]
        found.add(subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout.strip())
    assert found == {as_text(fresh_form(LIBRARY, 41, PARTS))}


@given(seeds)
def test_twenty_questions_are_all_new_two_of_each_part_and_no_letter_is_favoured(seed: int) -> None:
    """The usual form of the whole course."""
    form = fresh_form(LIBRARY, seed, PARTS)
    assert len({one.id for one in form.items}) == 20
    assert form.printed == frozenset() and not USED & {one.id for one in form.items}
    assert set(Counter(form.module_of(one).id for one in form.items).values()) == {2}
    letters = Counter(form.keys)
    assert max(letters.values()) - min(letters.values()) <= 1 and set(letters) == {"A", "B", "C"}


@given(seeds, st.integers(1, len(bank(PARTS))))
def test_any_number_is_balanced_and_takes_printed_questions_last(seed: int, count: int) -> None:
    """No question of form A or B while a new one is left; parts differ by no more than what the bank forces."""
    form = fresh_form(LIBRARY, seed, PARTS, count)
    new = [id for id in bank(PARTS) if id not in USED]
    assert len(form.items) == count and len(form.printed) == max(0, count - len(new))
    assert form.printed == {one.id for one in form.items} & USED
    parts = Counter(form.module_of(one).id for one in form.items)
    if count <= 20:
        assert max(parts.values()) - min((parts[one.id] for one in PARTS), default=0) <= 1
    for item, some in form.rows:
        assert sorted(one.id for one in some) == sorted(one.id for one in item.options)


def test_an_objective_is_asked_again_only_when_its_part_has_no_other() -> None:
    """Two of a part come from two objectives, if there are new questions for two."""
    form = fresh_form(LIBRARY, 3, [LIBRARY.module("m7")], 2)
    assert len({one.objective for one in form.items}) == 2


def test_seeds_give_different_forms_and_marks() -> None:
    """There are few new questions, so the sets of questions repeat; order and letters do not."""
    every = [fresh_form(LIBRARY, seed, PARTS) for seed in range(60)]
    assert len({as_text(one) for one in every}) == 60
    assert len({frozenset(one.id for one in form.items) for form in every}) > 10
    assert len({one.mark for one in every}) > 55 and all(len(one.mark) == 4 and one.mark.isdigit() for one in every)


def test_the_mark_changes_with_the_questions_and_with_their_order() -> None:
    """A key of another version of the course does not pass for this one's."""
    form = fresh_form(LIBRARY, 7, PARTS)
    turned = (tuple(reversed(form.options[0])), *form.options[1:])
    assert len({form.mark, replace(form, options=turned).mark, replace(form, items=form.items[::-1]).mark}) == 3


# --- what is asked for -----------------------------------------------------------------------------------------------


def test_fewer_parts_give_as_many_questions_as_there_are() -> None:
    """At most the usual number."""
    assert len(fresh_form(LIBRARY, 1, [LIBRARY.module("m5")]).items) == 6
    assert len(fresh_form(LIBRARY, 1, PARTS[:4]).items) == 20


@pytest.mark.parametrize(
    ("seed", "parts", "count", "words"),
    [
        (1, ["m5"], 7, r"there are 6 test questions with options. Give a number from 1 to 6"),
        (1, ["m5"], -1, "Give a number from 1 to 6"),
        (1, ["m0", "m5"], 0, "no test questions for 00-start-here"),
        (LARGEST_SEED + 1, ["m5"], 0, "whole number from 0 to 999999999"),
        (-1, ["m5"], 0, "out of range"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_the_number_there_is(
    seed: int, parts: list[str], count: int, words: str
) -> None:
    """And what to give in its place."""
    with pytest.raises(WrongCall, match=words):
        fresh_form(LIBRARY, seed, [LIBRARY.module(one) for one in parts], count)


def test_retired_questions_and_ratings_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rating has no letter; a retired question stays out although its id stays."""
    library = Library()
    every = {one.id: one for one in library.every("item")}
    gone = replace(every["m5-test-2"], retired=True)
    real = library.every
    changed: Any = lambda kind: iter({**every, gone.id: gone}.values()) if kind == "item" else real(kind)  # noqa: E731
    monkeypatch.setattr(library, "every", changed)
    assert "m5-test-2" not in {one.id for one in fresh_form(library, 1, [library.module("m5")]).items}
    rated = [one.id for one in every.values() if one.use == "test" and not one.options]
    whole = fresh_form(LIBRARY, 1, PARTS, len(bank(PARTS)))
    assert rated and not set(rated) & {one.id for one in whole.items}


# --- the data sheet --------------------------------------------------------------------------------------------------


def test_the_codebook_has_a_column_for_each_question_in_the_order_of_print_and_no_key() -> None:
    """Its letters stand for options, so that the key is found wherever the option went."""
    form = fresh_form(LIBRARY, 7, PARTS)
    book = form.codebook(LIBRARY)
    (one,) = book["instruments"]
    assert [column["column"] for column in one["columns"]] == [item.id for item in form.items]
    assert form.header(LIBRARY)[-20:] == [item.id for item in form.items]
    assert (one["form"], one["length"]) == (module.FORM, 20)
    for column, (item, some) in zip(one["columns"], form.rows, strict=True):
        assert column["values"] == {LETTERS[i]: option.id for i, option in enumerate(some)}
        assert column["module"] == form.module_of(item).id
    told = json.dumps(book)
    assert "rationale" not in told and '"key' not in told
    assert not [o.rationale for item in form.items for o in item.options if o.rationale in told]
