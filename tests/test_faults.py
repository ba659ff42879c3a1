"""Faults: four parts each, told in one calm sentence, and never as a traceback."""

from __future__ import annotations

import json

import pytest

from safekeeping.faults import ContentError, Fault, SafekeepingError, WrongCall, listed, near

FAULT = Fault("unknown-key", "items/t1.toml", "item[a].stemm", 'the key "stemm"', "stem, use", 'Did you mean "stem"?')


def test_a_fault_tells_where_what_came_what_is_allowed_and_what_to_do() -> None:
    """A person can act on a fault without asking anyone."""
    told = str(FAULT)
    assert told.startswith("items/t1.toml at item[a].stemm\n")
    for part in ('found: the key "stemm"', "allowed: stem, use", 'do: Did you mean "stem"?', "[unknown-key]"):
        assert part in told


def test_a_known_line_is_told_and_an_unknown_one_is_not() -> None:
    """Line 0 means that nobody knows it."""
    with_line = Fault("not-toml", "a.toml", "", "x", "y", "z", 7)
    assert str(with_line).startswith("a.toml:7\n")
    assert ":0" not in str(FAULT)


def test_a_fault_travels_as_json_with_all_its_parts() -> None:
    """What `--json` prints holds the same facts."""
    back = json.loads(json.dumps(FAULT.as_dict()))
    assert Fault(**back) == FAULT


def test_a_content_error_carries_every_fault_and_counts_them() -> None:
    """Nothing found is lost, and the sentence stays short."""
    error = ContentError([FAULT, FAULT, FAULT])
    assert error.faults == (FAULT, FAULT, FAULT)
    assert str(error).count("found:") == 1
    assert "3 faults in all" in str(error)
    assert "faults in all" not in str(ContentError([FAULT]))


@pytest.mark.parametrize(("kind", "code"), [(WrongCall, 2), (SafekeepingError, 1)])
def test_the_exit_code_lives_in_the_class(kind: type[SafekeepingError], code: int) -> None:
    """A wrong call ends with 2, everything else with 1."""
    assert kind("a").exit_code == code
    assert ContentError([FAULT]).exit_code == 1


def test_a_notebook_shows_the_sentence_and_no_traceback() -> None:
    """IPython asks an error how to print itself."""
    assert WrongCall("There is no such thing.")._render_traceback_() == ["There is no such thing."]


@pytest.mark.parametrize(
    ("word", "hint"),
    [("stanse", 'Did you mean "stance"?'), ("zzz", ""), ("", ""), ("stance", 'Did you mean "stance"?')],
)
def test_a_near_word_is_named_and_a_far_one_is_not(word: str, hint: str) -> None:
    """A wrong hint would be worse than none."""
    assert near(word, ["stance", "points"]) == hint


@pytest.mark.parametrize(
    ("words", "most", "told"),
    [(["a"], 8, "a"), (["a", "b", "c"], 2, "a, b … (3 in all)"), ([], 8, ""), (iter("ab"), 2, "a, b")],
)
def test_a_long_list_is_counted_and_not_printed(words: list[str], most: int, told: str) -> None:
    """The tail of a list of hundreds helps nobody."""
    assert listed(words, most) == told
