"""Items: compiled so that a front end only looks up, marked as it would, and drawn by objective and seed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safekeeping import quiz
from safekeeping.faults import ContentError, WrongCall
from safekeeping.library import Library
from safekeeping.quiz import choose, compile, item_texts, mark, scorable
from safekeeping.records import Item, ItemSet, Step


def made(toy: Library, set_id: str, **options: Any) -> dict[str, Any]:
    """The compiled table of one set of the toy course, its rows by item id."""
    one: ItemSet = toy.get("set", set_id)
    table = compile(one, [toy.get("item", id) for id in one.items], **options)
    return table | {"row": {row["id"]: row for row in table["items"]}}


# --- compile ---------------------------------------------------------------------------------------------------------


def test_every_answer_has_its_points_in_the_table(toy: Library) -> None:
    """Each option, rating, case and order: nothing is left to a rule in the browser."""
    row = made(toy, "bed-questions")["row"]
    assert row["bed-mc"]["marks"] == {"soil": {"points": 1, "key": True}, "leaf": {"points": 0}, "sky": {"points": 0}}
    assert set(row["bed-sj"]["marks"]["shout"]) == set("12345")
    groups = made(toy, "bed-sorting")["row"]["bed-groups"]
    assert groups["marks"]["dusty"] == {"needs": {"points": 1, "key": True}, "rests": {"points": 0}}


@pytest.mark.parametrize(
    ("key", "sides"),
    [
        (5, ["other", "other", "middle", "same", "same"]),
        (4, ["other", "other", "middle", "same", "same"]),
        (3, ["other", "other", "same", "other", "other"]),
        (2, ["same", "same", "middle", "other", "other"]),
        (1, ["same", "same", "middle", "other", "other"]),
    ],
)
def test_a_rating_counts_if_it_lies_on_the_side_of_the_authors(toy: Library, key: int, sides: list[str]) -> None:
    """Three stands in the middle, for them and for us; only the same side has a point."""
    item = replace(toy.get("item", "bed-pair-a"), pair="")
    table = compile(toy.get("set", "bed-pair"), [replace(item, actions=(replace(item.actions[0], key=key),))])
    marks = table["items"][0]["marks"]["talk"]
    assert [marks[str(rating)]["side"] for rating in range(1, 6)] == sides
    assert all(one["points"] == int(one["side"] == "same") for one in marks.values())


def test_items_without_a_single_answer_have_no_marks(toy: Library) -> None:
    """A myth, an answer in one's own words."""
    row = made(toy, "bed-questions")["row"]
    assert row["bed-myth"] == {"id": "bed-myth", "type": "MR"}
    assert row["bed-words"] == {"id": "bed-words", "type": "SR", "criteria": ["who", "why"]}


def test_steps_are_shown_in_another_order_than_the_key_and_always_the_same(toy: Library) -> None:
    """A seed decides; the key is never the order on display."""
    shown = {seed: made(toy, "bed-sorting", seed=seed)["row"]["bed-order"]["steps"] for seed in range(30)}
    assert shown == {seed: made(toy, "bed-sorting", seed=seed)["row"]["bed-order"]["steps"] for seed in range(30)}
    assert all(sorted(steps) == ["ask", "pour", "see"] and steps != ["see", "ask", "pour"] for steps in shown.values())
    assert len({tuple(steps) for steps in shown.values()}) > 1


@pytest.mark.parametrize("set_id", ["bed-questions", "bed-sorting", "bed-pair"])
def test_a_copy_without_key_holds_nothing_that_tells(toy: Library, set_id: str) -> None:
    """For a room and for a test form: no mark, no key, no rationale, no model, no accurate sentence."""
    one = toy.get("set", set_id)
    items = [toy.get("item", id) for id in one.items]
    table = compile(one, items, key=False)
    for row in table["items"]:
        assert not {"marks", "keys", "key", "orders", "otherwise"} & set(row)
    told = item_texts(one, items, key=False)
    assert not [id for id in told if id.endswith((".rationale", ".model", ".accurate"))]
    assert set(told) < set(item_texts(one, items))
    levels = [id for id in told if ".levels." in id]
    assert not levels, "what a rater looks for is an answer as well"


def test_a_test_item_never_travels_with_its_key(toy: Library) -> None:
    """Not even if somebody puts it into a set by mistake."""
    item = toy.get("item", "bed-test")
    one = replace(toy.get("set", "bed-questions"), items=("bed-test",))
    with pytest.raises(ContentError, match="a test item never travels with its key"):
        compile(one, [item])
    assert compile(one, [item], key=False)["items"] == [{"id": "bed-test", "type": "MC", "options": ["left", "right"]}]


def test_more_steps_than_can_be_marked_are_refused(toy: Library) -> None:
    """Six steps have 720 orders."""
    item = toy.get("item", "bed-order")
    many = replace(item, steps=tuple(Step(id=f"s{i}", text="x", rationale="x") for i in range(6)))
    with pytest.raises(ContentError, match="6 steps"):
        compile(toy.get("set", "bed-sorting"), [many])


def test_the_table_is_plain_data_of_a_known_version(toy: Library) -> None:
    """It travels as JSON; ratings are text keys there as well."""
    one = toy.get("set", "bed-questions")
    table = compile(one, [toy.get("item", id) for id in one.items])
    assert json.loads(json.dumps(table)) == table
    assert (table["v"], table["kind"], table["id"]) == (quiz.TABLE, "quiz", "bed-questions")


def test_every_text_that_the_table_stands_for_exists(toy: Library) -> None:
    """The front end makes text ids from the ids of item and part."""
    for one in toy.every("set"):
        items = [toy.get("item", id) for id in one.items]
        have = item_texts(one, items)
        for row in compile(one, items)["items"]:
            own = row["id"]
            assert f"{own}.stem" in have
            parts = [
                p
                for name in ("options", "actions", "categories", "cases", "steps", "criteria")
                for p in row.get(name, ())
            ]
            assert all(f"{own}.{part}.text" in have for part in parts)
            judged = [p for name in ("options", "actions", "cases", "steps") for p in row.get(name, ())]
            assert all(f"{own}.{part}.rationale" in have for part in judged)


# --- mark ------------------------------------------------------------------------------------------------------------


def test_the_key_has_one_point_and_nothing_else_has(toy: Library) -> None:
    """Single best answer."""
    row = made(toy, "bed-questions")["row"]["bed-mc"]
    assert [mark(row, answer) for answer in ("soil", "leaf", "sky")] == [1, 0, 0]


def test_an_order_counts_only_as_a_whole(toy: Library) -> None:
    """All six orders of three steps: one has the point."""
    row = made(toy, "bed-sorting")["row"]["bed-order"]
    right = [order for order in permutations(["see", "ask", "pour"]) if mark(row, order)]
    assert right == [("see", "ask", "pour")]


def test_groups_count_only_if_every_case_is_where_the_authors_put_it(toy: Library) -> None:
    """All four ways to sort two cases: one has the point."""
    row = made(toy, "bed-sorting")["row"]["bed-groups"]
    ways = [dict(zip(("dusty", "noon"), way, strict=True)) for way in product(("needs", "rests"), repeat=2)]
    assert [way for way in ways if mark(row, way)] == [{"dusty": "needs", "noon": "rests"}]


def test_ratings_count_only_if_all_lie_on_the_side_of_the_authors(toy: Library) -> None:
    """All 125 ways to rate three actions with the keys 5, 1 and 3: 2 x 2 x 1 have the point."""
    row = made(toy, "bed-questions")["row"]["bed-sj"]
    ways = product(range(1, 6), repeat=3)
    points = Counter(mark(row, dict(zip(("ask-desk", "shout", "note-it"), way, strict=True))) for way in ways)
    assert points == {1: 4, 0: 121}


def test_what_is_a_prompt_for_reflection_has_no_mark(toy: Library) -> None:
    """Myths, own words, paired vignettes, and every item of a copy without key."""
    row = made(toy, "bed-questions")["row"]
    assert mark(row["bed-myth"], 3) is None
    assert mark(row["bed-words"], None) is None
    assert mark(made(toy, "bed-pair")["row"]["bed-pair-a"], {"talk": 4}) is None
    assert mark(made(toy, "bed-questions", key=False)["row"]["bed-mc"], "soil") is None
    assert mark(made(toy, "bed-sorting", key=False)["row"]["bed-order"], ["see"]) is None


@pytest.mark.parametrize(
    ("set_id", "item", "answer"),
    [
        ("bed-questions", "bed-mc", "moon"),
        ("bed-questions", "bed-mc", None),
        ("bed-questions", "bed-mc", ["soil"]),
        ("bed-questions", "bed-sj", {"ask-desk": 5, "shout": 1}),
        ("bed-questions", "bed-sj", {"ask-desk": 6, "shout": 1, "note-it": 3}),
        ("bed-questions", "bed-sj", "5"),
        ("bed-sorting", "bed-order", ["see", "see", "ask"]),
        ("bed-sorting", "bed-order", ["see"]),
        ("bed-sorting", "bed-order", 3),
        ("bed-sorting", "bed-groups", {"dusty": "needs", "noon": "elsewhere"}),
        ("bed-sorting", "bed-groups", {"dusty": "needs", "noon": ["rests"]}),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_the_items_name(
    toy: Library, set_id: str, item: str, answer: Any
) -> None:
    """A file edited by hand gets a sentence, and no point."""
    with pytest.raises(WrongCall, match=f'does not fit the item "{item}"'):
        mark(made(toy, set_id)["row"][item], answer)


ROWS = [
    row
    for one in Library().every("set")
    for row in compile(one, [Library().get("item", id) for id in one.items])["items"]
]
IDS = sorted(
    {str(part) for row in ROWS for part in (*row.get("steps", ()), *row.get("options", ()), *row.get("cases", ()))}
)
ANSWERS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=4),
        st.sampled_from(IDS),
        st.binary(max_size=3),
    ),
    lambda inside: st.one_of(
        st.lists(inside, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(IDS), st.integers()), inside, max_size=4),
    ),
    max_leaves=6,
)


@given(row=st.sampled_from(ROWS), answer=ANSWERS)
def test_marking_raises_nothing_but_a_wrong_call(row: dict[str, Any], answer: Any) -> None:
    """Whatever stands in a file of answers."""
    try:
        points = mark(row, answer)
    except WrongCall:
        return
    assert points in (0, 1, None)


@given(data=st.data(), row=st.sampled_from([row for row in ROWS if "marks" in row and row["type"] in ("SJ", "CL")]))
def test_one_odd_part_in_a_good_answer_raises_nothing_but_a_wrong_call(
    data: st.DataObject, row: dict[str, Any]
) -> None:
    """The likeliest fault is one wrong value in a good answer."""
    good = {part: next(iter(given_)) for part, given_ in row["marks"].items()}
    part = data.draw(st.sampled_from(sorted(good)))
    try:
        points = mark(row, good | {part: data.draw(ANSWERS)})
    except WrongCall:
        return
    assert points in (0, 1, None)


# --- choose ----------------------------------------------------------------------------------------------------------


def bank(count: int, objectives: int = 3) -> list[Item]:
    """Practice items, spread over objectives."""
    return [
        Item(id=f"i{n}", type="MC", use="practice", objective=f"1.{n % objectives}", stem="?") for n in range(count)
    ]


@given(seed=st.integers(0, 10_000), count=st.integers(3, 12))
def test_a_draw_covers_every_objective_without_repeating_an_item(seed: int, count: int) -> None:
    """And the same seed draws the same."""
    goals = ["1.0", "1.1", "1.2"]
    drawn = choose(bank(12), goals, count, seed)
    assert drawn == choose(bank(12), goals, count, seed)
    assert len({item.id for item in drawn}) == count
    assert {item.objective for item in drawn} == set(goals)


def test_other_seeds_draw_otherwise() -> None:
    """A fresh form for each class."""
    assert len({tuple(item.id for item in choose(bank(12), ["1.0"], 3, seed)) for seed in range(20)}) > 5


@given(st.integers(0, 10_000))
def test_unseen_items_come_first_then_those_seen_longest_ago(seed: int) -> None:
    """Spaced practice: what was just answered comes last."""
    seen = ["i1", "i3", "i0", "i2"]
    items = bank(6, objectives=1)
    assert {item.id for item in choose(items, ["1.0"], 2, seed, seen=seen)} == {"i4", "i5"}
    assert {item.id for item in choose(items, ["1.0"], 4, seed, seen=seen)} == {"i4", "i5", "i1", "i3"}


def test_only_practice_items_that_can_count_are_drawn(toy: Library) -> None:
    """No test item, no myth, no short answer, no pair, nothing retired."""
    drawn = choose(toy.every("item"), ["1.1", "1.2"], 4, 1)
    assert {item.id for item in drawn} == {"bed-mc", "bed-sj", "bed-groups", "bed-order"}
    assert all(scorable(item) and item.use == "practice" for item in drawn)
    gone = [replace(item, retired=True) if item.id == "bed-mc" else item for item in toy.every("item")]
    assert "bed-mc" not in {item.id for item in choose(gone, ["1.1", "1.2"], 3, 1)}


@pytest.mark.parametrize(
    ("goals", "count", "words"),
    [
        (["1.0"], 13, "12 items in the bank"),
        (["1.0", "9.9"], 2, "without items: 9.9"),
        (["1.0", "1.1"], 1, "cannot be drawn"),
    ],
)
def test_a_draw_that_cannot_be_made_says_why(goals: list[str], count: int, words: str) -> None:
    """One sentence, and no shorter form in silence."""
    with pytest.raises(WrongCall, match=words):
        choose(bank(12, objectives=1) + bank(2)[1:], goals, count, 1)


# --- the real items --------------------------------------------------------------------------------------------------


def test_every_real_set_is_compiled() -> None:
    """Practice items only, and each of a type that its set may hold."""
    content = Library()
    kinds = {"quiz": {"MC", "MR", "SJ", "SR"}, "sort": {"CL", "SEQ"}, "pairs": {"SJ", "MC", "MR", "SR"}}
    for one in content.every("set"):
        items = [content.get("item", id) for id in one.items]
        assert {item.type for item in items} <= kinds[one.kind], one.id
        assert len(compile(one, items)["items"]) == len(items)


def test_no_set_holds_a_test_item() -> None:
    """Forms A and B, the follow-up and the judgement vignettes stay out of modules."""
    content = Library()
    tests = {item.id for item in content.every("item") if item.use == "test"}
    assert len(tests) >= 6
    assert not tests & {id for one in content.every("set") for id in one.items}
