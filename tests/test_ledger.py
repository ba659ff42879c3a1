"""The ledger: it knows a row again, refuses nearly the same people, and says so where it cannot be read."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from safekeeping.evaluate.ledger import NAME, LedgerError, open_ledger, tokens
from safekeeping.evaluate.responses import Responses
from test_matching import made

DAY = date(2026, 11, 22)


def people(*codes: str, event: str = "Hall") -> Responses:
    return made(*(("pre", code) for code in codes), event=event)


def kept(folder: Path, rows: Responses, shown: slice, name: str = "report") -> bool:
    """Show a mean of some rows, and write the ledger if it may be shown."""
    ledger = open_ledger(folder)
    guard, every = ledger.guard(rows, 10)
    mask = np.zeros(len(every), np.bool_)
    mask[: len(rows)][shown] = True
    if not guard.allow({"kn pre": mask}):
        return False
    (folder / NAME).write_text(ledger.text(guard, every, DAY, name))
    return True


def codes(count: int) -> list[str]:
    return [f"{i:07d}" for i in range(count)]


def test_the_same_people_again_and_clearly_more_people_are_fine_one_more_is_not(tmp_path: Path) -> None:
    assert kept(tmp_path, people(*codes(30)), slice(None))
    assert kept(tmp_path, people(*codes(30)), slice(None))
    assert not kept(tmp_path, people(*codes(31)), slice(None))
    assert not kept(tmp_path, people(*codes(29)), slice(None))
    assert kept(tmp_path, people(*codes(40)), slice(None))
    assert not kept(tmp_path, people(*codes(45)), slice(None))


def test_three_reports_that_differ_enough_pair_by_pair_are_still_refused(tmp_path: Path) -> None:
    """All 61, then the first 30, then the next 30: together they leave one."""
    rows = people(*codes(61))
    assert kept(tmp_path, rows, slice(None))
    assert kept(tmp_path, rows, slice(0, 30))
    assert not kept(tmp_path, rows, slice(30, 60))


def test_a_row_is_known_again_when_codes_are_gone_and_files_are_joined_otherwise() -> None:
    """The pseudonym is not part of the number; the event and the answers are."""
    one, other = people(*codes(6)), people(*(f"x{i:06d}" for i in range(6)))
    assert tokens(one, "salt").tolist() == tokens(other, "salt").tolist()
    assert not set(tokens(one, "salt").tolist()) & set(tokens(people(*codes(6), event="Barn"), "salt").tolist())
    assert not set(tokens(one, "salt").tolist()) & set(tokens(one, "pepper").tolist())


def test_rows_that_are_the_same_in_everything_are_counted() -> None:
    """Six rows of three kinds of answers: six numbers, so that a seventh person is noticed."""
    assert len(set(tokens(people(*codes(6)), "salt").tolist())) == 6


def test_a_changed_answer_makes_another_row() -> None:
    rows = people(*codes(30))
    before = set(tokens(rows, "salt").tolist())
    rows.answers["q1"][4] = 7
    assert len(before - set(tokens(rows, "salt").tolist())) == 1


@pytest.mark.parametrize("text", ["", "{}", '{"safekeeping_ledger": 2}', "[" * 10_000])
def test_a_damaged_ledger_stops_the_report(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(LedgerError, match="cannot be read"):
        open_ledger(tmp_path)


def test_a_ledger_that_names_groups_it_does_not_hold_is_damaged(tmp_path: Path) -> None:
    assert kept(tmp_path, people(*codes(30)), slice(None))
    data = json.loads((tmp_path / NAME).read_text())
    data["reports"][0]["shown"] = {"kn pre": [1]}
    (tmp_path / NAME).write_text(json.dumps(data))
    with pytest.raises(LedgerError):
        open_ledger(tmp_path)


def test_the_ledger_holds_no_answer_and_no_code(tmp_path: Path) -> None:
    assert kept(tmp_path, people(*codes(30)), slice(None))
    data = json.loads((tmp_path / NAME).read_text())
    (report,) = data["reports"]
    tokens = b"".join(base64.b64decode(one) for one in report.pop("groups"))  # as text they could spell "q1" by chance
    assert len(tokens) == 8 * 30  # a number without meaning for each row, and nothing else
    assert b"0000001" not in tokens and b"Hall" not in tokens
    assert not any(one in json.dumps(data) for one in ("0000001", "Hall", "q1"))
