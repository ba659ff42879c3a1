"""Attacks on the report: from everything that is printed, in one report or in several, no hidden cell comes back.

The strongest of them is *no influence*: two studies that differ only in what must stay hidden give the same report,
byte for byte, so that no reader, however clever, can tell them apart.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from safekeeping.evaluate.figures import number
from safekeeping.evaluate.ledger import NAME, LedgerError
from safekeeping.evaluate.report import Made, evaluate
from safekeeping.library import built_in
from studies import DAY, QUESTIONS, Lab, Person, cells, codebook, pictures, prose, spread, table


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def files(made: Made) -> dict[str, bytes]:
    return {one: (made.folder / one).read_bytes() for one in made.files}


def same(lab: Lab, one: list[Person], other: list[Person], **options: object) -> None:
    """Both studies give the same files, from a fresh ledger each."""
    assert one != other
    first = files(lab.report(one, **options))
    (lab.folder / NAME).unlink()
    assert files(lab.report(other, **options)) == first


# --- one report ------------------------------------------------------------------------------------------------------


def test_two_people_who_left_have_no_influence(lab: Lab) -> None:
    """With the mean of all 42 and of the 40 who stayed, the two would be known."""
    stayed = spread(40)
    left = [Person("AAAAA", None), Person("BBBBB", None)]
    same(lab, stayed + left, [*stayed, Person("BBBBB", None), Person("AABBA", None)])


def test_two_people_who_came_late_have_no_influence(lab: Lab) -> None:
    same(lab, [*spread(40), Person(None, "AAAAA")], [*spread(40), Person(None, "BBBBB")])


def test_a_small_role_and_its_partner_cannot_be_told_apart(lab: Lab) -> None:
    """Four nurses hide with the next smallest role: exchanging answers between the two changes nothing."""
    roles = ["nurse"] * 4 + ["health"] * 20 + ["school"] * 60 + ["social-work"] * 40
    people = spread(124, lambda i: Person(role=roles[i]))
    swapped = [*people]
    for i, j in ((0, 10), (1, 15), (3, 20)):
        swapped[i], swapped[j] = replace(people[j], role="nurse"), replace(people[i], role="health")
    made = lab.report(people, by="role")
    shown = table(made.document, "groups")
    assert shown is not None and {row[0] for row in shown.rows} == {"school", "social-work"}
    (lab.folder / NAME).unlink()
    assert {row.name: row for row in lab.report(swapped, by="role").document.tables()} == {
        row.name: row for row in made.document.tables()
    }


def test_one_small_role_among_large_ones_takes_a_partner_with_it(lab: Lab) -> None:
    roles = ["nurse"] * 3 + ["school"] * 60 + ["social-work"] * 60
    made = lab.report(spread(123, lambda i: Person(role=roles[i])), by="role")
    shown = table(made.document, "groups")
    assert shown is None or len(shown.rows) < 2


@pytest.mark.parametrize("count", [12, 40, 99])
def test_groups_are_never_shown_below_a_hundred(lab: Lab, count: int) -> None:
    made = lab.report(spread(count, lambda i: Person(role="ab"[i % 2])), by="role")
    assert table(made.document, "groups") is None
    assert "from 100 matched people" in prose(made.document)


def test_who_is_distressed_has_no_influence_while_it_is_few(lab: Lab) -> None:
    """Three or five above 7, five or three between: the two cells are hidden, and what they hold stays hidden."""
    people = spread(60, lambda i: Person(distress=8 if i < 3 else 5 if i < 8 else 1))
    other = spread(60, lambda i: Person(distress=8 if i < 5 else 5 if i < 8 else 1))
    made = lab.report(people)
    (lab.folder / NAME).unlink()
    shown = table(made.document, "distress")
    assert shown is not None and all(
        row[2:] == ("hidden",) * 3 or row[3:] == ("hidden", "hidden") for row in shown.rows
    )
    assert files(lab.report(other)) == files(made)


@pytest.mark.parametrize("few", [0, 1, 4, 9])
def test_how_many_reported_has_no_influence_while_it_is_few(lab: Lab, few: int) -> None:
    """Nobody, one and nine look the same; so do all, all but one and all but nine."""
    nobody = spread(60, lambda i: Person(did="10" if i < 30 else "00"))
    some = spread(60, lambda i: Person(did=("1" if i < 30 else "0") + ("1" if i < few else "0")))
    every = spread(60, lambda i: Person(did=("1" if i < 30 else "0") + ("0" if i < few else "1")))
    shown = []
    for people in (nobody, some, every):
        made = lab.report(people)
        (lab.folder / NAME).unlink()
        found = table(made.document, "behaviour")
        assert found is not None
        shown.append(found.rows)
    assert shown[0] == shown[1] == shown[2]
    assert shown[0][1][2:] == ("hidden", "hidden")


def study_with(counts: tuple[int, ...], n: int) -> list[Person]:
    """So many people right in each question before; afterwards something in the middle."""
    people = []
    for i in range(n):
        before = "".join("A" if (i * 7 + 3 * q) % n < count else "B" for q, count in enumerate(counts))
        people.append(Person(before, ("ABABA", "AABBA", "BBAAB", "ABBAB")[i % 4]))
    return people


@pytest.mark.parametrize(
    "counts",
    [
        (20, 10, 12, 8, 9),
        (19, 10, 12, 8, 9),
        (0, 10, 12, 14, 9),
        (20, 20, 12, 8, 9),
        (20, 18, 18, 18, 18),
        (1, 2, 2, 2, 2),
    ],
)
def test_whether_everybody_was_right_is_never_decided(lab: Lab, counts: tuple[int, ...]) -> None:
    """With 20 people a step of five per cent is one person, so the bands alone tell every count but the ends.

    The attacker tries every set of counts that fits the printed cells, means, modules and differences.
    """
    n = 20
    made = lab.report(study_with(counts, n))
    items, main, modules = (table(made.document, one) for one in ("items", "knowledge", "modules"))
    assert items is not None and main is not None and modules is not None
    printed = {row[0]: row[2] for row in items.rows}
    blocks = dict(zip(QUESTIONS, modules.rows, strict=True))

    def fits(count: int, cell: str) -> bool:
        if cell == "hidden":
            return True
        if cell == "0–5":
            return count <= 0.05 * n
        if cell == "95–100":
            return count >= 0.95 * n
        return abs(100 * count / n - float(cell)) <= 2.5 and 0.05 * n < count < 0.95 * n

    ranges = [[c for c in range(n + 1) if fits(c, printed[one]) and fits(c, blocks[one][2])] for one in QUESTIONS]
    mean = number(main.rows[0][2])
    every = product(*ranges)
    possible = [one for one in every if mean is None or abs(100 * sum(one) / (5 * n) - mean) <= 0.5]
    for i, name in enumerate(QUESTIONS):
        assert {one[i] == n for one in possible} == {True, False} or counts[i] != n, name
        assert {one[i] == 0 for one in possible} == {True, False} or counts[i] != 0, name
        if "95–100" in (printed[name], blocks[name][2]):
            assert {one[i] == n for one in possible} == {True, False}, name
        if "0–5" in (printed[name], blocks[name][2]):
            assert {one[i] == 0 for one in possible} == {True, False}, name
    assert counts in possible


def test_a_short_follow_up_of_everybody_does_not_decide_it_either(lab: Lab) -> None:
    """Two of the five questions again later: their mean before is about the same 20 people, and adds a sum."""
    n, counts = 20, (20, 10, 12, 8, 9)
    people = study_with(counts, n)
    path = lab.sheet(people)
    book = codebook()
    first = book["instruments"][0]["columns"][:2]
    short = {"id": "kn-a2", "kind": "knowledge", "form": "A", "length": 2, "columns": first}
    (lab.folder / "codebook.json").write_text(json.dumps(book | {"instruments": [*book["instruments"], short]}))
    with path.open("a") as file:
        for i in range(n):
            file.write(f"Hall,follow-30,A,2,2026-10-20,school,{','.join(f'{i:07d}')},A,{'AB'[i % 2]},,,,,,\n")
    made = evaluate(built_in(), [path], lab.folder / "report", keys=lab.folder / "keys.json", today=DAY)
    items, main, later, modules = (table(made.document, one) for one in ("items", "knowledge", "follow-up", "modules"))
    assert items is not None and main is not None and later is not None and modules is not None
    printed = {row[0]: row[2] for row in items.rows}
    blocks = {name: row[2] for name, row in zip(QUESTIONS, modules.rows, strict=True)}
    mean, part = number(main.rows[0][2]), number(later.rows[0][2])
    assert mean is not None and part is not None

    def possible(cell: str) -> list[int]:
        bands = {"hidden": range(n + 1), "95–100": (19, 20), "0–5": (0, 1)}
        return list(bands[cell]) if cell in bands else [round(float(cell) * n / 100)]

    left = [
        one
        for one in product(*({*possible(printed[name])} & {*possible(blocks[name])} for name in QUESTIONS))
        if abs(100 * sum(one) / (5 * n) - mean) <= 0.5 and abs(100 * sum(one[:2]) / (2 * n) - part) <= 0.5
    ]
    assert {one[0] == n for one in left} == {True, False}


def test_pictures_hold_printed_figures_and_nothing_else(lab: Lab) -> None:
    """Coordinates are drawn from cells of the tables, so that they are as coarse as these."""
    made = lab.report(spread(60))
    printed = {number(one) for one in cells(made.document.tables())}
    drawn = pictures(made.document)
    assert drawn
    for one in drawn:
        for row in one.spec["data"]["values"]:
            assert {row["mean"], row["low"], row["high"]} <= printed


def test_below_a_hundred_no_score_is_finer_than_a_point(lab: Lab) -> None:
    made = lab.report(spread(60))
    for name in ("main", "knowledge", "modules"):
        shown = table(made.document, name)
        assert shown is not None
        scores = [one for row in shown.rows for one in row[1:] if "g_" not in row[0]]
        assert not [one for one in scores if "." in one], name


@pytest.mark.parametrize("count", [1, 3, 8, 9])
def test_below_ten_there_are_counts_and_nothing_else(lab: Lab, count: int) -> None:
    made = lab.report(spread(count))
    assert {one.name for one in made.document.tables()} <= {"main", "flow", "distress"}
    shown = cells(one for one in made.document.tables() if one.name == "distress")
    assert not {one for one in shown if one[:1].isdigit() and "later" not in one}
    assert not pictures(made.document)


def test_twelve_people_get_one_line_and_no_table_of_questions_or_modules(lab: Lab) -> None:
    made = lab.report(spread(12))
    assert not {one.name for one in made.document.tables()} & {"items", "answers", "modules", "reliability", "groups"}
    assert "Too small to tell" in prose(made.document)


def test_a_mean_at_the_end_is_a_band_without_difference(lab: Lab) -> None:
    """Everybody right in everything would be known from a mean of 100."""
    same(
        lab,
        [replace(one, post="AAAAA") for one in spread(40)],
        [replace(one, post="AAAAA" if i else "AAAAB") for i, one in enumerate(spread(40))],
    )


# --- two and three reports -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["one more", "one fewer", "one exchanged", "one corrected", "nine more"])
def test_a_second_report_about_nearly_the_same_people_is_refused(lab: Lab, change: str) -> None:
    people = spread(40)
    lab.report(people)
    other = {
        "one more": [*people, Person("AAAAA", "BBBBB")],
        "one fewer": people[:-1],
        "one exchanged": [*people[:-1], Person("AAAAA", "BBBBB")],
        "one corrected": [replace(people[0], pre="AAAAA"), *people[1:]],
        "nine more": people + [Person("AAAAA", "BBBBB")] * 9,
    }[change]
    with pytest.raises(LedgerError, match="fewer than 10 people"):
        lab.report(other)
    assert not (lab.folder / "report-2").exists()


def test_the_same_people_again_are_no_news_and_ten_more_are_enough(lab: Lab) -> None:
    people = spread(40)
    first = lab.report(people)
    again = lab.report(people)
    assert "was found beside the data" in prose(again.document)
    assert "No ledger of earlier reports was found" in prose(first.document)
    assert [one.rows for one in again.document.tables()] == [one.rows for one in first.document.tables()]
    lab.report(people + [Person("AABBA", "BAAAA")] * 10)


def test_actions_of_the_newcomers_do_not_come_out_of_two_reports(lab: Lab) -> None:
    """Twenty and then forty: the difference would be how many of the second twenty reported."""
    people = spread(40, lambda i: Person(did="11" if i % 2 else "00"))
    first = lab.report(people[:20])
    second = lab.report(people)
    shown, later = (table(made.document, "behaviour") for made in (first, second))
    assert shown is not None and later is not None
    assert {one for row in shown.rows for one in row[2:]} == {"50"}
    assert {one for row in later.rows for one in row[2:]} == {"hidden"}


def test_a_lower_limit_later_does_not_help(lab: Lab) -> None:
    """The ledger knows the earlier groups whatever the limit was; five people stay five people."""
    people = spread(40)
    lab.report(people)
    with pytest.raises(LedgerError, match="fewer than 5 people"):
        lab.report([*people, *[Person("AAAAA", "BBBBB")] * 4], limit=5)


def test_roles_and_then_events_do_not_give_the_few_away_who_differ(lab: Lab) -> None:
    """All of one role were at one event, with three others: role and event together would be these three."""
    people = spread(
        123,
        lambda i: Person(role="school" if i < 60 else "health", event="Hall" if i < 63 else "Barn"),
    )
    by_role = lab.report(people, by="role")
    assert table(by_role.document, "groups") is not None
    by_event = lab.report(people, by="event")
    assert table(by_event.document, "groups") is None
    assert "could be worked out" in prose(by_event.document)


def test_without_the_ledger_the_report_says_so(lab: Lab) -> None:
    """A lost ledger cannot be made up for; the reader is told."""
    people = spread(40)
    lab.report(people)
    (lab.folder / NAME).unlink()
    made = lab.report([*people, Person("AAAAA", "BBBBB")])
    assert "could not be compared" in prose(made.document)
