"""Records: the one reader refuses what it does not know, and text ids fit together in both directions."""

from __future__ import annotations

import tomllib
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safekeeping import records
from safekeeping.faults import Fault
from safekeeping.library import SHELVES, Library
from safekeeping.records import Choice, Item, Language, Module, Scenario, read, shape, texts, with_texts

TOY = Path(__file__).parent / "toy"
RECORDS = [cls for cls in vars(records).values() if isinstance(cls, type) and is_dataclass(cls)]


def faults_of(cls: type, raw: object) -> list[Fault]:
    """What is wrong with this data for this record."""
    faults: list[Fault] = []
    read(cls, raw, "a.toml", "here", faults)
    return faults


def one_fault(cls: type, raw: object) -> Fault:
    """The only thing that is wrong."""
    faults = faults_of(cls, raw)
    assert len(faults) == 1, faults
    return faults[0]


CHOICE = {"id": "a", "text": "A", "rationale": "Because."}
LANGUAGE = {"id": "es", "name": "Español", "status": "not started"}


def test_a_record_holds_what_the_file_says() -> None:
    """Nothing is added but the defaults."""
    faults: list[Fault] = []
    assert read(Choice, CHOICE | {"key": True}, "a.toml", "", faults) == Choice(
        id="a", text="A", rationale="Because.", key=True
    )
    assert faults == []


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
def test_every_record_is_frozen_and_has_a_docstring(cls: type) -> None:
    """Records are dumb and do not change."""
    assert cls.__doc__
    one, name = object.__new__(cls), fields(cls)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(one, name, "b")
    with pytest.raises(FrozenInstanceError):
        delattr(one, name)


def test_a_record_cannot_be_changed() -> None:
    """A changed copy is made, never a changed record."""
    one = Choice(**CHOICE)
    with pytest.raises(FrozenInstanceError):
        one.text = "B"
    with pytest.raises(FrozenInstanceError):
        del one.text
    assert one == Choice(**CHOICE)


@pytest.mark.parametrize(
    ("given", "odd"), [({"id": "a", "text": "A"}, "rationale"), (CHOICE | {"rationle": "x"}, "rationle")]
)
def test_a_record_made_by_hand_needs_its_fields_and_no_others(given: dict[str, Any], odd: str) -> None:
    """A name that is missing or misspelt in code is an error where it stands."""
    with pytest.raises(TypeError, match=odd):
        Choice(**given)


def test_no_two_records_share_a_default_that_could_change() -> None:
    """A mapping that is left out is a new one for each."""
    one, two = (Item(id=id, type="MC", use="practice", objective="1", stem="?") for id in "ab")
    assert one.because == {}
    assert one.because is not two.because


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    """A misspelt key would otherwise be lost without a word."""
    fault = one_fault(Choice, CHOICE | {"rationle": "x"})
    assert (fault.rule, fault.at, fault.came) == ("unknown-key", "here.rationle", 'the key "rationle"')
    assert fault.remedy == 'Did you mean "rationale"?'
    assert "id, text, rationale, key" in fault.allowed


def test_a_missing_key_is_named() -> None:
    """Everything that is needed is asked for."""
    fault = one_fault(Choice, {"id": "a", "text": "A"})
    assert (fault.rule, fault.came, fault.allowed) == ("missing-key", 'no "rationale"', 'every choice has "rationale"')


@pytest.mark.parametrize(
    ("cls", "change", "rule", "words"),
    [
        (Choice, {"text": 5}, "wrong-type", "text in quotes"),
        (Choice, {"text": False}, "wrong-type", "text in quotes"),
        (Choice, {"key": "yes"}, "wrong-type", "true or false"),
        (Choice, {"key": 1}, "wrong-type", "true or false"),
        (Choice, {"text": None}, "wrong-type", "text in quotes"),
        (Choice, {"text": "x" * 20_001}, "too-long", "at most 20000 characters"),
        (Language, {"status": "complet"}, "not-allowed", "complete, in progress, not started"),
        (Language, {"status": 1}, "not-allowed", "complete"),
        (Language, {"status": ["complete"]}, "not-allowed", "complete"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(cls: type, change: dict[str, Any], rule: str, words: str) -> None:
    """Phone numbers, yes and no, and dates must be text in quotes; a number is not a truth."""
    base = CHOICE if cls is Choice else LANGUAGE
    fault = one_fault(cls, base | change)
    assert fault.rule == rule
    assert words in fault.allowed


def test_a_list_that_is_no_list_or_is_too_long_is_refused() -> None:
    """A single text is no list; thousands of entries are an accident or an attack."""
    base = {"id": "a", "title": "A", "kind": "quiz"}
    assert one_fault(records.ItemSet, base | {"items": "one"}).at == "here.items"
    assert one_fault(records.ItemSet, base | {"items": ["x"] * 5_001}).rule == "wrong-type"


def test_a_fault_inside_a_list_says_which_one() -> None:
    """By id where there is one, else by number."""
    raw = {"id": "i", "type": "MC", "use": "practice", "objective": "1", "stem": "?", "option": [CHOICE, {"id": "b"}]}
    assert {fault.at for fault in faults_of(Item, raw)} == {"here.option[b]"}
    assert one_fault(Item, raw | {"option": ["x"]}).at == "here.option[0]"


def test_every_fault_of_a_record_is_found_in_one_run() -> None:
    """A person mends all of it at once."""
    faults = faults_of(Choice, {"id": 1, "textt": "A", "rationale": True})
    assert {fault.rule for fault in faults} == {"unknown-key", "missing-key", "wrong-type"}
    assert len(faults) == 4


@pytest.mark.parametrize("raw", [None, 1, "x", [], [1], True])
def test_what_is_no_table_is_refused(raw: object) -> None:
    """One sentence, whatever stands there."""
    assert one_fault(Choice, raw).allowed == "a table"


def test_a_single_text_is_taken_for_a_list_of_one_where_both_are_allowed() -> None:
    """`bloom = "apply"` and `bloom = ["apply"]` mean the same."""
    faults: list[Fault] = []
    base = {"id": "1", "text": "x"}
    one, two = (read(records.Objective, base | {"bloom": bloom}, "", "", faults) for bloom in ("a", ["a"]))
    assert one == two
    assert faults == []


def test_a_whole_number_is_a_number_of_minutes() -> None:
    """`minutes = 2` and `minutes = 2.5` are both fine; true is not."""
    assert faults_of(records.Note, {"cell": "a", "minutes": 2}) == []
    assert faults_of(records.Note, {"cell": "a", "minutes": 2.5}) == []
    assert one_fault(records.Note, {"cell": "a", "minutes": True}).rule == "wrong-type"


# --- property: whatever stands in a file, reading it raises nothing --------------------------------------------------

SCALARS = st.one_of(
    st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.none(), st.dates(), st.times(), st.datetimes()
)
KEYS = st.one_of(
    st.text(max_size=10),
    st.sampled_from(sorted({name for cls in RECORDS for name in shape(cls)})),
)
VALUES = st.recursive(
    SCALARS,
    lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(KEYS, inside, max_size=5)),
    max_leaves=25,
)


@given(cls=st.sampled_from(RECORDS), raw=VALUES)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
def test_reading_arbitrary_data_never_raises_and_says_what_is_wrong(cls: type, raw: object) -> None:
    """A reader that trips over data cannot say what to do about it."""
    faults: list[Fault] = []
    record = read(cls, raw, "a.toml", "here", faults)
    assert (record is None) == bool(faults)
    for fault in faults:
        assert fault.rule and fault.came and fault.allowed and fault.remedy
        assert len(fault.came) < 200


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100)
def test_one_spoilt_value_in_correct_data_never_raises(data: st.DataObject) -> None:
    """The likeliest fault is one wrong value in a good record."""
    name, cls = data.draw(st.sampled_from([("scenarios/dry-bed.toml", Scenario), ("modules/t1.toml", Module)]))
    raw: Any = tomllib.loads((TOY / "content" / name).read_text(encoding="utf-8"))
    del raw["format"]
    holder = raw
    while True:  # walk to some place inside, and put another value there
        key = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
        if not isinstance(holder[key], dict | list) or not holder[key] or data.draw(st.booleans()):
            break
        holder = holder[key]
    holder[key] = data.draw(VALUES)
    faults: list[Fault] = []
    record = read(cls, raw, "a.toml", "", faults)
    assert (record is None) == bool(faults)


# --- texts and their ids ---------------------------------------------------------------------------------------------


def every_record(content: Library) -> list[Any]:
    """All records of all kinds."""
    return [one for kind in SHELVES for one in content.every(kind)]


def test_text_ids_are_made_of_the_ids_on_the_way(toy: Library) -> None:
    """The exercises, the printed forms and the translations share these ids."""
    found = dict(texts(toy.get("scenario", "dry-bed")))
    assert found["title"] == "The dry bed"
    assert found["note.summary"].startswith("Kim looks")
    assert found["saturday.text"].startswith("The leaves")
    assert found["saturday.known.1"] == "It is noon"
    assert found["saturday.look.feedback"].startswith("Soil tells")
    assert found["evening.extras.0.text"].startswith("Your finger")
    assert found["debrief.action"] == "Write one line on the board."
    assert found["looked.text"] == "you looked at the soil"


@pytest.mark.parametrize("content", ["toy", "built-in"])
def test_no_two_texts_of_a_record_share_an_id(content: str, toy: Library) -> None:
    """A shared id would show one text in the place of another."""
    for one in every_record(toy if content == "toy" else Library()):
        ids = [id for id, _ in texts(one)]
        assert len(ids) == len(set(ids)), one


def test_every_text_of_a_record_is_listed(toy: Library) -> None:
    """Nothing that a person reads stays outside the ids: neither translated nor shown otherwise."""

    def strings(record: Any) -> list[str]:
        found: list[str] = []
        for spec in fields(record):
            value = getattr(record, spec.name)
            inside = [value] if is_dataclass(value) else value if isinstance(value, tuple) else ()
            found += [text for one in inside if is_dataclass(one) for text in strings(one)]
            if spec.metadata.get("words"):
                found += [value] if isinstance(value, str) else list(value)
        return [text for text in found if text]

    for one in every_record(toy):
        assert sorted(strings(one)) == sorted(text for _, text in texts(one))


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_replaced_texts_come_back_under_the_same_ids(toy: Library, data: st.DataObject) -> None:
    """`with_texts` and `texts` are each other's reverse, also for a part of the texts."""
    one = data.draw(st.sampled_from(every_record(toy)))
    before = dict(texts(one))
    chosen = data.draw(st.sets(st.sampled_from(sorted(before)))) if before else set()
    new = {id: data.draw(st.text(min_size=1, max_size=8)) for id in sorted(chosen)}
    changed = with_texts(one, new)
    assert dict(texts(changed)) == before | new
    assert with_texts(changed, before) == one


def test_unknown_text_ids_change_nothing(toy: Library) -> None:
    """A translation may be newer or older than the English."""
    one = toy.get("scenario", "dry-bed")
    assert with_texts(one, {"nowhere.text": "x"}) == one
