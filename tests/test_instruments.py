"""Instruments: forms that hold no key, columns that last, a codebook that explains them, and keys apart."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from itertools import pairwise, product

import pytest

from safekeeping import instruments
from safekeeping.author.banks import HABITS, NEAR_CHANCE, choices_of, key_place
from safekeeping.author.banks import _share as share
from safekeeping.faults import WrongCall
from safekeeping.instruments import Deed
from safekeeping.library import Library, built_in
from safekeeping.quiz import scorable
from safekeeping.records import texts

LETTERS = ("A", "B")


@pytest.fixture
def course() -> Library:
    return built_in()


def every_form(course: Library) -> list[tuple[str, str, int]]:
    return [
        (wave.id, form, one.knowledge) for wave in course.every("wave") for one in wave.lengths for form in LETTERS
    ]


def secrets(course: Library) -> dict[str, str]:
    """Every text that no form may hold, by where it stands."""
    found: dict[str, str] = {}
    for one in course.every("instrument"):
        for record in (one, *(course.get("item", id) for id in one.items)):
            found |= {f"{record.id}.{at}": t for at, t in texts(record) if at.endswith((".rationale", ".accurate"))}
    return found


# --- forms -----------------------------------------------------------------------------------------------------------


def test_a_form_is_numbered_through_and_lettered_within_a_case(toy: Library) -> None:
    """Paper, page and notebook show the same numbers."""
    made = instruments.sheet(toy, "pre", "A", 1)
    labels = [question.label for part in made.parts for question in part.questions]
    assert labels == ["1", "2a", "2b", "3", "4", "5", "6"]
    assert made.ids == ["kn-a", "sj", "my", "fu", "op"]
    case = made.parts[1].questions
    assert case[0].case.startswith("The bed is dry") and case[1].case == ""
    assert [question.column for question in case] == ["sj-bed.pour", "sj-bed.wait"]
    assert [question.type for part in made.parts for question in part.questions] == [
        "choice", "rating", "rating", "rating", "rating", "tick", "open",
    ]  # fmt: skip


def test_a_choice_prints_its_options_in_the_order_of_the_file(toy: Library) -> None:
    """A letter on paper, on a page and in the codebook means the same option."""
    question = instruments.sheet(toy, "pre", "A", 1).parts[0].questions[0]
    item = toy.get("item", "bed-test")
    assert question.answers == tuple((letter, o.text) for letter, o in zip("ABC", item.options, strict=False))
    values = instruments.codebook(toy, ["kn-a"])["instruments"][0]["columns"][0]["values"]
    assert list(values.values()) == [option.id for option in item.options]


def test_no_form_holds_a_key_a_rationale_or_an_accurate_sentence(course: Library) -> None:
    """A learner's form is fields and words; the hidden texts are looked for in all it holds."""
    hidden = secrets(course)
    assert len(hidden) == 35 * 3 + 32 + 12
    for wave, form, length in every_form(course):
        held = repr(instruments.sheet(course, wave, form, length))
        assert [at for at, text in hidden.items() if text in held] == []
        assert "key" not in instruments.Question.__dataclass_fields__


def test_the_codebook_holds_no_key(course: Library) -> None:
    """It travels with the answers."""
    text = json.dumps(instruments.codebook(course), ensure_ascii=False)
    assert [at for at, hidden in secrets(course).items() if hidden in text] == []
    assert '"key"' not in text and '"accurate"' not in text and '"rationale"' not in text


@pytest.mark.parametrize(
    ("wave", "form", "length", "said"),
    [
        ("prae", "A", 5, "pre"),
        ("pre", "C", 5, "A or B"),
        ("pre", "A", 7, "5, 8, 12, 20"),
        ("follow-30", "B", 20, "10"),
    ],
)
def test_a_form_that_does_not_exist_is_refused_with_what_there_is(
    wave: str, form: str, length: int, said: str, course: Library
) -> None:
    """One sentence with the remedy."""
    with pytest.raises(WrongCall, match=said):
        instruments.sheet(course, wave, form, length)


def test_every_form_can_be_made_and_fits_its_minutes(course: Library) -> None:
    """Short forms stay short: five items take less than a third of the full form's time."""
    made = {one: instruments.sheet(course, *one) for one in every_form(course)}
    assert len(made) == 20
    assert all(3 <= one.minutes <= 30 for one in made.values())
    assert made["pre", "A", 5].minutes * 3 < made["pre", "A", 20].minutes
    assert made["pre", "A", 12].minutes <= 12  # the plan's figure for a form before a course


# --- columns, codebook, keys -----------------------------------------------------------------------------------------


def test_the_header_is_who_when_code_and_answers(toy: Library) -> None:
    """The public format, in this order; an open answer has no column."""
    ids = instruments.sheet(toy, "pre", "A", 1).ids
    assert instruments.header(toy, ids) == [
        "event", "wave", "form", "length", "date", "role", "code_1", "code_2",
        "bed-test", "sj-bed.pour", "sj-bed.wait", "my-leaf", "my-soil", "fu-asked",
    ]  # fmt: skip


def test_the_codebook_explains_every_column_of_every_form(course: Library) -> None:
    """No answer without a meaning, and no column explained in two ways."""
    book = instruments.codebook(course)
    assert (book["safekeeping_codebook"], book["waves"]) == (1, ["pre", "post", "follow-30", "follow-90"])
    assert [one["column"] for one in book["codes"]] == [f"code_{n}" for n in range(1, 8)]
    columns: dict[str, dict[str, object]] = {}
    for one in book["instruments"]:
        for column in one["columns"]:
            assert columns.setdefault(column["column"], column) == column
    for one in book["forms"]:
        head = instruments.header(course, one["instruments"])
        assert set(head[len(instruments.BASE) + 7 :]) <= set(columns)
        assert instruments.parts(course, one["wave"], one["form"], one["length"]) == one["instruments"]


def test_columns_have_the_keys_of_the_contract(course: Library) -> None:
    """Others read these."""
    book = {one["id"]: one for one in instruments.codebook(course)["instruments"]}
    choice = book["kn-a5"]["columns"][0]
    assert {"column", "type", "module", "objective", "values", "unknown", "anchor"} <= set(choice)
    assert (choice["type"], choice["unknown"], book["kn-a5"]["subset_of"]) == ("choice", "?", "kn-a")
    assert "subset_of" not in book["kn-a"]
    assert {"column", "type", "least", "most", "reverse"} <= set(book["my"]["columns"][0])
    assert {"column", "type", "least", "most", "vignette", "case", "report"} <= set(book["sj"]["columns"][0])
    assert book["in-barriers"]["type"] == book["in-barriers"]["columns"][0]["type"] == "tick"
    assert book["rx-open"]["columns"] == []
    assert [one["module"] for one in book["se"]["columns"]] == [f"m{n}" for n in range(1, 11)]


def test_keys_are_letters_and_ratings_by_column(toy: Library, course: Library) -> None:
    """Only those who score ask for them."""
    assert instruments.keys(toy) == {"bed-test": "A", "sj-bed.pour": 1, "sj-bed.wait": 5}
    found = instruments.keys(course, ["kn-b", "sj"])
    assert len(found) == 20 + 32
    assert set(found) == set(instruments.columns(course, ["kn-b", "sj"]))
    for id in course.get("instrument", "kn-b").items:
        item = course.get("item", id)
        assert item.options["ABC".index(str(found[id]))].key


def test_accurate_sentences_come_by_themselves(toy: Library) -> None:
    """For the sheet after the last measurement."""
    assert [column for column, _ in instruments.accurate(toy)] == ["my-leaf", "my-soil"]


# --- the course's own forms ------------------------------------------------------------------------------------------


def test_forms_a_and_b_follow_one_blueprint(course: Library) -> None:
    """Two items of each module, item by item the same objective, five shared, at most four of a module in both."""
    a, b = (course.get("instrument", id).items for id in ("kn-a", "kn-b"))
    module_of = {one.id: module.id for module in course.every("module") for one in module.objectives}
    items = {id: course.get("item", id) for id in {*a, *b}}
    assert Counter(module_of[items[id].objective] for id in a) == {f"m{n}": 2 for n in range(1, 11)}
    assert [items[id].objective for id in a] == [items[id].objective for id in b]
    assert len(set(a) & set(b)) == 5 == len(instruments.anchors(course))
    assert max(Counter(module_of[one.objective] for one in items.values()).values()) <= 4
    assert all(one.use == "test" and scorable(one) for one in items.values())


def test_shorter_forms_are_nested(course: Library) -> None:
    """Five in eight in ten in twelve in twenty: an item keeps its form."""
    for letter in "ab":
        names = [f"kn-{letter}{n}" for n in ("5", "8", "10", "12", "")]
        sets = [set(course.get("instrument", name).items) for name in names]
        assert all(small < large for small, large in pairwise(sets))
        assert [len(one) for one in sets] == [5, 8, 10, 12, 20]


@pytest.mark.parametrize(("form", "habit"), list(product(("kn-a", "kn-b"), HABITS)))
def test_no_habit_of_guessing_helps_in_a_form(form: str, habit: str, course: Library) -> None:
    """Within eight points of chance, in each form by itself."""
    items = choices_of(course.get("item", id) for id in course.get("instrument", form).items)
    right = 100 * sum(share(item, HABITS[habit]) for item in items) / len(items)
    assert abs(right - 100 / 3) <= NEAR_CHANCE


def test_keys_are_spread_over_the_letters(course: Library) -> None:
    """Always answering B gains nothing."""
    for name in ("kn-a", "kn-b", "kn-a12", "kn-b12"):
        items = [course.get("item", id) for id in course.get("instrument", name).items]
        places = Counter(key_place(item) for item in items)
        assert all(0.25 <= places[p] / len(items) <= 0.42 for p in range(3)), (name, places)


def test_judgement_asks_for_care_both_ways(course: Library) -> None:
    """Whoever always reports, and whoever never does, is right in half the cases."""
    cases = course.get("instrument", "sj").vignettes
    report = {one.id: next(a.key for a in one.actions if a.report) for one in cases}
    assert sorted(one.case for one in cases) == ["negative"] * 4 + ["positive"] * 4
    assert all((report[one.id] >= 4) == (one.case == "positive") for one in cases)


@pytest.mark.parametrize("habit", [max, min])
def test_the_length_of_an_action_does_not_tell_its_key(habit: Callable[..., Deed], course: Library) -> None:
    """The longest action of a case is fitting about as often as it is not, and so is the shortest."""
    cases = course.get("instrument", "sj").vignettes
    fitting = sum(habit(one.actions, key=lambda action: len(action.text)).key > 3 for one in cases)
    assert 2 <= fitting <= 6


def test_the_report_has_no_fixed_place_among_the_actions(course: Library) -> None:
    """Else its place would tell."""
    cases = course.get("instrument", "sj").vignettes
    places = Counter([action.report for action in one.actions].index(True) for one in cases)
    assert len(places) == 4 and max(places.values()) <= 3
