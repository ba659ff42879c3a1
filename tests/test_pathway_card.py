"""The local pathway card: who confirmed a number, a stamp where nobody did, a blank where nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from paper import HOSTILE, TODAY, job_of, one_line, sizes, sound, text_of
from safekeeping.publish.job import Job
from safekeeping.publish.local import LINES, Line, LocalCard
from safekeeping.publish.print import pathway

CONFIRMED = Line(
    id="report-line", name="County intake", number="555-0100", hours="24/7",
    confirmed_on="2026-11-10", confirmed_by="deputy head",
)  # fmt: skip
EXPIRED = replace(CONFIRMED, id="police", name="Police desk", number="555-0102", confirmed_on="2026-07-01")
NEVER = Line(id="lead", name="Safeguarding lead", number="555-0101 x12")


@pytest.fixture
def job() -> Job:
    card = LocalCard(organisation="Cedar Bend", owner="Safeguarding lead", procedure="Staff portal",
                     lines=(CONFIRMED, EXPIRED, NEVER))  # fmt: skip
    return job_of("educators-90", local=card)


def lines_of(job: Job) -> dict[str, dict[str, str]]:
    return {one["label"]: one for one in pathway.card(job)["lines"]}


def test_a_number_stands_without_a_stamp_only_while_its_confirmation_holds(job: Job) -> None:
    """Confirmed twelve days ago: day, role and expiry. Too long ago, or never: the stamp."""
    words, stamp = job.library.words("pathway"), job.library.words("print")["unconfirmed"]
    rows = lines_of(job)
    sound_one = rows[words["line-report-line"]]
    assert sound_one["stamp"] == "" and "deputy head" in sound_one["state"]
    assert "2026-11-10" in sound_one["state"] and "2027-02-08" in sound_one["state"]
    assert rows[words["line-police"]]["stamp"] == rows[words["line-lead"]]["stamp"] == stamp
    last = replace(job, today=date(2027, 2, 7))
    assert lines_of(last)[words["line-report-line"]]["stamp"] == ""
    assert lines_of(replace(job, today=date(2027, 2, 8)))[words["line-report-line"]]["stamp"] == stamp


def test_what_nobody_knows_is_a_line_to_write_on(tmp_path: Path) -> None:
    """Without a card every local line is blank, and none is guessed."""
    job = job_of("educators-90")
    rows = pathway.card(job)["lines"]
    assert len(rows) == len(LINES) - 1
    assert all(not (row["number"] or row["name"] or row["stamp"]) for row in rows)
    text = text_of(pathway.pathway_card(job), tmp_path)
    assert text.count(job.library.words("pathway")["empty"]) == len(rows)


def test_the_card_says_that_there_is_no_single_national_number(job: Job, tmp_path: Path) -> None:
    """On the half sheet and on each wallet card; large, too."""
    sentence = job.library.words("show")["no_number"]
    assert text_of(pathway.pathway_card(job), tmp_path).count(sentence) == 3
    assert sentence in text_of(pathway.pathway_card(replace(job, large_print=True)), tmp_path)


def test_every_number_of_the_card_is_printed_with_its_stamp(job: Job, tmp_path: Path) -> None:
    """National lines that nobody confirmed carry the stamp; one that the facilitator confirmed does not."""
    text, card = text_of(pathway.pathway_card(job), tmp_path), pathway.card(job)
    every = [*card["danger"], *card["lines"], *card["others"]]
    stamp = job.library.words("print")["unconfirmed"]
    assert all(one["number"] in text for one in every)
    copies = 3  # the half sheet, and two for a wallet
    assert text.count(stamp) == copies * sum(bool(one["stamp"]) for one in every)
    mine = pathway.card(replace(job, confirmed={"nhth": TODAY}))["others"]
    told = {one["label"]: one for one in mine}[job.library.get("contact", "nhth").name]
    assert told["stamp"] == "" and job.library.words("print")["the_facilitator"] in told["state"]


@pytest.mark.parametrize("large", [False, True])
def test_text_that_looks_like_a_command_is_printed_as_it_stands(job: Job, large: bool, tmp_path: Path) -> None:
    """A name from a file of somebody else is text."""
    assert job.local
    changed = replace(job.local, organisation=HOSTILE, lines=(replace(CONFIRMED, name=HOSTILE),))
    text = text_of(pathway.pathway_card(replace(job, local=changed, large_print=large)), tmp_path)
    assert one_line(HOSTILE) in text and "root:" not in text


def test_the_card_is_sound_and_the_same_each_time(job: Job, tmp_path: Path) -> None:
    """Tagged, titled, fonts inside."""
    raw = pathway.pathway_card(job)
    sound(raw, job.library.words("pathway")["title"], tmp_path)
    assert pathway.pathway_card(job) == raw


@pytest.mark.parametrize("others", [0, 2, 6])
def test_no_letter_is_too_small_to_read_and_no_number_is_dropped_for_it(others: int, tmp_path: Path) -> None:
    """At least 7.5 points also on the wallet card, with every line filled in and none of the names short."""
    name = "State child protection intake, department of family services"
    lines = [
        Line(id=id, name=name, number=f"1-800-555-01{n:02} ext. 22", hours="day and night, every day of the year")
        for n, id in enumerate([*LINES[:-1], *["other"] * others])
    ]  # fmt: skip
    place, owner = "Lakeside Conference Hotel and Residences", "General manager and deputy manager on duty"
    card = LocalCard(organisation=place, owner=owner, procedure="Blue folder behind the front desk", lines=tuple(lines))
    raw = pathway.pathway_card(job_of("hospitality-60", local=card, paper="a4"))
    assert min(sizes(raw)) >= 7.5
    text = text_of(raw, tmp_path)
    assert all(text.count(line.number) == 3 for line in lines)  # the half sheet, and two for a wallet
    assert text.count("UNCONFIRMED") >= 3 * (len(lines) + 5)
