"""One measurement alone: what was hard, in bands that give nobody away; nothing about change."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safekeeping.evaluate.ledger import NAME, LedgerError
from safekeeping.evaluate.once import _reader
from safekeeping.evaluate.report import evaluate
from safekeeping.evaluate.small_cells import band
from safekeeping.library import built_in
from studies import DAY, QUESTIONS, Lab, Person, codebook, prose, table

WORDS = built_in().words("report", "evaluation.toml")


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def people(counts: list[int], n: int) -> list[Person]:
    """So many right in each question, spread over the people; nobody was there before."""
    return [
        Person(None, "".join("A" if (i * 7 + 3 * q) % n < count else "B" for q, count in enumerate(counts)))
        for i in range(n)
    ]


@pytest.mark.parametrize(("n", "shown"), [(9, set()), (10, {"once"}), (19, {"once"}), (20, {"once", "once-questions"})])
def test_how_much_is_said_follows_the_number_of_people(lab: Lab, n: int, shown: set[str]) -> None:
    """As for a change: counts, the mean with its interval, each question in bands."""
    made = lab.report(people([n // 2, n // 3, n // 2, n // 3, n // 2], n))
    assert {one.name for one in made.document.tables()} - {"distress"} == {"main", "flow", *shown}
    assert made.document.title == WORDS["title-of-once"]
    assert WORDS["no-pair-once"] in prose(made.document) and WORDS["no-cause"] not in prose(made.document)
    assert (WORDS["once-few"] in prose(made.document)) == (n < 10)


def test_the_hardest_question_stands_first(lab: Lab) -> None:
    """In bands of five, with the question in words where the codebook has them."""
    made = lab.report(people([20, 5, 15, 10, 25], 40))
    found = table(made.document, "once-questions")
    assert found is not None
    assert [row[2] for row in found.rows] == [band(100 * one / 40) for one in (5, 10, 15, 20, 25)]
    assert [re.findall(r"\((q\d)\)", row[0])[0] for row in found.rows] == ["q2", "q4", "q3", "q1", "q5"]
    once = table(made.document, "once")
    assert once is not None and once.rows[0][:2] == ("40", "38")


def test_before_alone_is_reported_in_the_same_way(lab: Lab) -> None:
    some = [Person(one.post, None) for one in people([10, 12, 14, 9, 11], 24)]
    assert table(lab.report(some).document, "once-questions") is not None


def test_with_both_times_it_is_the_change_that_is_reported(lab: Lab) -> None:
    some = [Person("AABBB", one.post) for one in people([10, 12, 14, 9, 11], 24)]
    assert table(lab.report(some).document, "once") is None


def test_practice_says_that_it_measures_nothing(lab: Lab) -> None:
    path = lab.sheet(people([10, 12, 14, 9, 11], 24))
    (lab.folder / "codebook.json").write_text(json.dumps({**codebook(), "practice": True}))
    made = evaluate(built_in(), [path], lab.folder / "r", keys=lab.folder / "keys.json", today=DAY)
    assert WORDS["once-practice"] in prose(made.document) and WORDS["once-lead"] not in prose(made.document)


def test_a_second_report_with_one_more_person_is_refused(lab: Lab) -> None:
    """The two together would be that person's answers; a report of the same people is not."""
    some = people([10, 12, 14, 9, 11], 24)
    lab.report(some)
    lab.report(some)
    with pytest.raises(LedgerError, match="fewer than 10 people"):
        lab.report([*some, Person(None, "AAAAA")])


@pytest.mark.parametrize("few", [0, 1])
def test_nobody_and_one_look_the_same(lab: Lab, few: int) -> None:
    """And everybody and all but one: no reader can tell, from the bands and the mean together."""
    found = []
    for end in (0, 1):
        made = lab.report(people([40 - end if few else end, 20, 18, 22, 16], 40))
        (lab.folder / NAME).unlink()
        shown = table(made.document, "once-questions")
        assert shown is not None
        found.append({row[0]: row[2] for row in shown.rows})
    assert found[0] == found[1]


def test_an_end_hides_with_a_partner_where_the_mean_would_give_it_away(lab: Lab) -> None:
    """With twenty people, a band is one count and the mean is the total: nobody and one have to look the same."""
    found = []
    for counts in ([0, 10, 9, 8, 12], [1, 9, 9, 8, 12]):
        made = lab.report(people(counts, 20))
        (lab.folder / NAME).unlink()
        tables = {one.name: one.rows for one in made.document.tables()}
        found.append((tables["once"], tables["once-questions"]))
        assert WORDS["withheld-items"] in prose(made.document)
    assert found[0][1] == found[1][1]
    cells = [row[2] for row in found[0][1]]
    assert cells.count("0–5") == 1 and cells.count("hidden") == 1
    assert found[0][0][0][1] == found[1][0][0][1]


counts_of = st.integers(20, 60).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n), min_size=2, max_size=8))
)


@given(counts_of)
def test_the_reader_finds_what_plain_arithmetic_finds(case: tuple[int, list[int]]) -> None:
    """What the others and the mean leave for one cell, computed here by adding up the ends of the bands."""
    n, counts = case
    named = {f"q{i}": one for i, one in enumerate(counts)}
    reader = _reader(named, set(named), 100 * sum(counts) / (n * len(counts)), n)
    ((_, low, high),) = reader.sums
    pinned = []
    for name, end in reader.ends.items():
        least = sum(one[0] for other, one in reader.ranges.items() if other != name)
        most = sum(one[1] for other, one in reader.ranges.items() if other != name)
        first, last = reader.ranges[name]
        free = [c for c in range(first, last + 1) if c + most >= low - 1e-6 and c + least <= high + 1e-6]
        if end not in free or free == [end]:
            pinned.append(name)
    assert sorted(reader.pinned()) == sorted(pinned)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(case=counts_of.filter(lambda case: len(case[1]) >= 5))
def test_no_end_band_is_ever_pinned_in_a_report(lab: Lab, case: tuple[int, list[int]]) -> None:
    """Whatever people answered: from all that is printed, an end stays possible and so does its neighbour."""
    n, counts = case
    made = lab.report(people(counts[:5], n))
    (lab.folder / NAME).unlink()
    shown = table(made.document, "once-questions")
    once = table(made.document, "once")
    assert shown is not None and once is not None
    cells = {re.findall(r"\((q\d)\)", row[0])[0]: row[2] for row in shown.rows}
    answers = [one.post or "" for one in people(counts[:5], n)]
    right = {name: sum(one[i] == "A" for one in answers) for i, name in enumerate(QUESTIONS)}
    kept = {name for name, cell in cells.items() if cell != "hidden"}
    assert all(cells[name] == band(100 * right[name] / n) for name in kept)
    assert not _reader(right, kept, 100 * sum(right.values()) / (5 * n), n).pinned()
