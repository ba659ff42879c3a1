"""The source ledger: every claim, contact and law once, where it comes from, where it is used, when to look again."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from check.twins import CLAIMS, HANDBOOK, HANDOUT, PLACE, swap
from safekeeping import library
from safekeeping.author.provenance import Row, as_csv, rows
from safekeeping.cli import main

TODAY = date(2026, 11, 22)


def ledger(root: Path, today: date = TODAY) -> dict[str, Row]:
    return {row.id: row for row in rows(root / "content", library.Course(root), today)}


def test_every_claim_contact_and_law_of_the_course_stands_once() -> None:
    """Nothing that the course states is missing, and nothing is told twice."""
    course = library.course()
    every = rows(library.CONTENT, course, TODAY)
    content = library.built_in()
    wanted = [one.id for kind in ("claim", "contact", "law") for one in content.every(kind)]
    assert [row.id for row in every] == wanted
    assert len(wanted) > 400
    assert all(row.statement and (row.sources or row.grade == "unverified" or row.kind != "claim") for row in every)


def test_a_row_names_source_caveat_and_the_places_that_rest_on_it(root: Path) -> None:
    """A document and a handout count as places, like a notebook."""
    row = ledger(root)["change-matters"]
    assert row.kind == "claim"
    assert row.caveat == "Practice guidance; one agency."
    assert row.sources == "A County Agency (2024). Noticing change"
    assert {HANDBOOK, HANDOUT, "notebooks/01-notice.ipynb", "glossary.toml"} <= set(row.used_in.split(" | "))


def test_a_source_of_more_than_five_years_is_marked_and_no_other(root: Path) -> None:
    """The year counts against the day that is given."""
    young, old = ledger(root)["change-matters"], ledger(root, date(2030, 1, 1))["change-matters"]
    assert young.newest_source == old.newest_source == "2024"
    assert (young.old, old.old) == ("", "older than 5 years")


def test_a_contact_is_looked_at_again_ninety_days_after_somebody_confirmed_it(root: Path) -> None:
    """And before it is printed, if nobody has."""
    text = (root / PLACE).read_text(encoding="utf-8")
    confirmed = {row.id: row for row in rows(root / "content", library.Course(root), TODAY) if row.checked_on}
    assert [row.look_again for row in confirmed.values()] == ["2027-01-30"]
    assert all(row.checked_by for row in confirmed.values())
    (root / PLACE).write_text(
        "\n".join(line for line in text.split("\n") if not line.startswith("checked_")), encoding="utf-8"
    )
    open_ = [row for row in ledger(root).values() if row.kind == "contact"]
    assert open_ and all("nobody has confirmed" in row.look_again for row in open_)


def test_a_claim_that_is_not_to_be_used_says_so(root: Path) -> None:
    """It is kept so that nobody adds it again."""
    assert "Not to be used" in ledger(root)["old-number"].note


def test_no_cell_is_a_formula_and_the_sheet_reads_back(root: Path) -> None:
    """Text of a content folder may come from anyone; a spreadsheet must not run it."""
    swap(CLAIMS, 'caveat = "Practice guidance; one agency."', "caveat = '=HYPERLINK(\"http://x\",\"a\")'")(root)
    every = rows(root / "content", library.Course(root), TODAY)
    text = as_csv(every)
    assert text.startswith("\ufeffkind,id,statement,caveat,grade,")
    back = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(back) == len(every) + 1
    assert not [cell for line in back for cell in line if cell.startswith(("=", "+", "-", "@"))]
    assert [line[3] for line in back if line[1] == "change-matters"] == ['\'=HYPERLINK("http://x","a")']


def test_the_command_writes_the_sheet_whole(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says how many rows, and how many contacts nobody has confirmed."""
    file = tmp_path / "ledger.csv"
    words = ["check", str(root / "content"), "--course", str(root), "--sources", str(file), "--today", "2026-11-22"]
    assert main(words) == 0
    assert "rows in" in capsys.readouterr().out
    assert file.read_text(encoding="utf-8-sig").startswith("kind,id,")
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize(("name", "code"), [("ledger.txt", 2), ("none/ledger.csv", 1)])
def test_a_file_that_cannot_be_is_told_in_one_sentence(
    name: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong ending, a folder that is not there."""
    assert main(["check", "--sources", str(tmp_path / name)]) == code
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and name.rpartition("/")[2] in told
