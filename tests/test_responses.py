"""Sheets of answers: everything that real files do wrong is listed with its row and column, and nothing is dropped."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from safekeeping import instruments
from safekeeping.evaluate import codebook, responses
from safekeeping.evaluate.codebook import MISSING, UNKNOWN, Codebook
from safekeeping.evaluate.responses import Responses, ResponsesError
from safekeeping.faults import ContentError
from safekeeping.library import built_in

CODES = ",".join(f"code_{i}" for i in range(1, 8))
HEAD = f"event,wave,form,length,date,role,{CODES},q1,q2,q3,se-1"


def questions(*names: str) -> list[dict[str, object]]:
    values = {"A": "yes", "B": "no", "C": "maybe"}
    return [{"column": one, "type": "choice", "module": "m1", "values": values, "unknown": "?"} for one in names]


SURE = {"column": "se-1", "type": "rating", "least": 0, "most": 10}
BOOK = {
    "safekeeping_codebook": 1, "course": "toy", "codes": [{"column": f"code_{i}"} for i in range(1, 8)],
    "instruments": [
        {"id": "kn-a", "kind": "knowledge", "form": "A", "length": 2, "columns": questions("q1", "q2")},
        {"id": "kn-b", "kind": "knowledge", "form": "B", "length": 2, "columns": questions("q1", "q3")},
        {"id": "se", "kind": "self-efficacy", "columns": [SURE]},
    ],
}  # fmt: skip
KEYS = {"q1": "A", "q2": "no", "q3": "C"}


@pytest.fixture
def book() -> Codebook:
    return codebook.from_data(BOOK, KEYS)


def row(who: str = "abcdefg", wave: str = "pre", form: str = "A", answers: str = "A,B,,7", **more: str) -> str:
    plain = {"event": "Hall", "date": "2026-09-14", "role": "", "length": "2"} | more
    codes = ",".join(who) if len(who) == 7 else who
    return f"{plain['event']},{wave},{form},{plain['length']},{plain['date']},{plain['role']},{codes},{answers}"


@pytest.fixture
def sheet(tmp_path: Path, book: Codebook):
    """``sheet(rows…)`` writes a file and reads it."""

    def read(*rows: str, head: str = HEAD, skip_bad: bool = False, raw: bytes | None = None) -> Responses:
        path = tmp_path / "answers.csv"
        path.write_bytes(raw if raw is not None else "\n".join([head, *rows, ""]).encode())
        return responses.read([path], book, skip_bad=skip_bad)

    return read


def faults(caught: pytest.ExceptionInfo[ResponsesError]) -> list[tuple[str, str]]:
    return [(one.rule, one.at) for one in caught.value.faults]


def test_a_good_sheet_is_read_whole(sheet) -> None:
    found = sheet(row(), row("bbbbbbb", form="B", answers="?,,C,10"), row(wave="post", answers=",,,0"))
    assert found.answers["q1"].tolist() == [0, UNKNOWN, MISSING]
    assert found.answers["q3"].tolist() == [MISSING, 2, MISSING]
    assert found.answers["se-1"].tolist() == [7, 10, 0]
    assert (found.weeks, found.skipped, len(found)) == (("2026-09-14", "2026-09-14"), 0, 3)


def test_dates_are_kept_to_the_week(sheet) -> None:
    assert sheet(row(date="2026-09-17"), row("bbbbbbb", date="2026-09-20")).weeks == ("2026-09-14", "2026-09-14")


def test_a_byte_order_mark_semicolons_spaces_and_small_letters_are_no_fault(sheet) -> None:
    text = "\n".join([HEAD, row(answers=" a ,b,,7.0")]).replace(",", ";")
    found = sheet(raw=b"\xef\xbb\xbf" + text.encode() + b"\r\n")
    assert (found.answers["q1"].tolist(), found.answers["q2"].tolist(), found.answers["se-1"].tolist()) == (
        [0],
        [1],
        [7],
    )


def test_every_fault_is_listed_with_row_and_column(sheet) -> None:
    with pytest.raises(ResponsesError) as caught:
        sheet(
            row(answers="D,B,,7"),
            row("bbbbbbb", answers="A,B,,11"),
            row("ccccccc", wave="before"),
            row("ddddddd", date="14/09/2026"),
            row("eeeeeee", form="C"),
            row("fffffff", answers="A,B,C,7"),
            row("ggggggg", answers="A,B,,=1+1"),
            row("hhhhhhh", answers="A,B,,1-Mar"),
            row("iiiiiii"),
            row("jjjjjjj", length="²"),
        )
    assert set(faults(caught)) == {
        ("out-of-range", "row 2, column q1"), ("out-of-range", "row 3, column se-1"),
        ("unknown-wave", "row 4, column wave"), ("date", "row 5, column date"),
        ("unknown-form", "row 6, column form, length"), ("mixed-forms", "row 7, column q3"),
        ("out-of-range", "row 8, column se-1"), ("out-of-range", "row 9, column se-1"),
        ("unknown-form", "row 11, column form, length"),
    }  # fmt: skip
    text = str(caught.value)
    assert "was not run" in text and "Excel seems to have made a date" in text and "--skip-bad" in text


def test_skip_bad_keeps_the_good_rows_and_counts_the_others(sheet) -> None:
    found = sheet(row(answers="D,B,,7"), row("bbbbbbb"), skip_bad=True)
    assert (len(found), found.skipped, len(found.faults)) == (1, 1, 1)


def test_a_code_twice_in_a_wave_spares_neither_row(sheet) -> None:
    with pytest.raises(ResponsesError) as caught:
        sheet(row(), row(), row("bbbbbbb"))
    assert faults(caught) == [("code-twice", "row 2, column code"), ("code-twice", "row 3, column code")]
    assert len(sheet(row(), row(), row("bbbbbbb"), skip_bad=True)) == 1
    assert len(sheet(row(), row(wave="post"), row(event="Barn"))) == 3


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"", "empty"),
        ((HEAD + "\n").encode(), "empty"),
        (HEAD.replace("se-1", "se-2").encode() + b"\n", "empty"),
        (HEAD.replace(",q1", "").encode() + b"\nx\n", "missing-column"),
        (HEAD.replace(",wave", "").encode() + b"\nx\n", "missing-column"),
        (",".join(f"c{i}" for i in range(10_000)).encode() + b"\n", "too-many"),
        ((HEAD + ",q1\n").encode(), "column-twice"),
        (HEAD.encode("utf-16"), "not-utf8"),
        ((HEAD + "\n" + row() + ",9,9\n").encode(), "unreadable"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(sheet, raw: bytes, rule: str) -> None:
    with pytest.raises(ResponsesError) as caught:
        sheet(raw=raw, skip_bad=True)
    assert faults(caught)[0][0] == rule


def test_a_row_that_is_too_long_is_named(sheet) -> None:
    with pytest.raises(ResponsesError) as caught:
        sheet(row(), row("bbbbbbb") + ",9,9")
    assert caught.value.faults[0].line == 3


def test_a_misspelt_column_brings_its_near_match(sheet) -> None:
    with pytest.raises(ResponsesError, match='Did you mean "wavee"'):
        sheet(row(), head=HEAD.replace("wave", "wavee"))


def test_columns_that_nobody_knows_are_not_read_but_named(sheet) -> None:
    found = sheet(row() + ",call me on 555", head=HEAD + ",remarks")
    assert found.ignored == ("remarks",)
    assert "remarks" not in found.answers


def test_too_few_elements_cannot_be_matched(sheet) -> None:
    found = sheet(row("a,b,c,d,,,"), row("a,b,c,d,e,,"), row(",,,,,,"))
    assert [bool(one) for one in found.person.to_list()] == [False, True, False]


def test_rows_without_any_answer_are_counted_apart(sheet) -> None:
    found = sheet(row(answers=",,,"), row("bbbbbbb"))
    assert (len(found), found.without_answers, found.skipped) == (1, 1, 0)


def test_parquet_with_its_own_types_reads_the_same(sheet, tmp_path: Path, book: Codebook) -> None:
    told = sheet(row(), row("bbbbbbb", form="B", answers="?,,C,"))
    frame = pl.read_csv(tmp_path / "answers.csv").with_columns(pl.col("length").cast(pl.Float64))
    frame.write_parquet(tmp_path / "answers.parquet")
    found = responses.read([tmp_path / "answers.parquet"], book)
    for name, values in told.answers.items():
        assert found.answers[name].tolist() == values.tolist(), name
    assert found.length.tolist() == [2, 2]


def test_many_files_are_read_as_one(tmp_path: Path, book: Codebook) -> None:
    for name, wave in (("one.csv", "pre"), ("two.csv", "post")):
        (tmp_path / name).write_text("\n".join([HEAD, row(wave=wave), ""]))
    found = responses.read([tmp_path / "one.csv", tmp_path / "two.csv"], book)
    assert found.wave.tolist() == [0, 1]
    with pytest.raises(ResponsesError, match="no such file"):
        responses.read([tmp_path / "three.csv"], book)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"safekeeping_codebook": 2}, "not-a-codebook"),
        ({"codes": [{"column": "name"}]}, "unknown-code"),
        ({"instruments": [{"id": "x", "kind": "iq", "columns": []}]}, "unknown-kind"),
        (
            {"instruments": [{"id": "x", "kind": "knowledge", "form": "A", "length": 3, "columns": questions("q1")}]},
            "form",
        ),
        (
            {"instruments": [{"id": "x", "kind": "knowledge", "form": "A", "length": 1, "columns": questions("=q")}]},
            "bad-name",
        ),
        (
            {"instruments": [{"id": "x", "kind": "knowledge", "form": "A", "length": 1, "columns": questions("q9")}]},
            "no-key",
        ),
    ],
)
def test_a_broken_codebook_is_refused(change: dict[str, object], rule: str) -> None:
    with pytest.raises(ContentError) as caught:
        codebook.from_data(BOOK | change, KEYS)
    assert rule in {one.rule for one in caught.value.faults}


def test_a_nought_that_excel_dropped_and_capitals_make_no_other_person(sheet) -> None:
    found = sheet(row("a,07,0,B,c,d,e"), row("A,7,0,b,C,d,e ", wave="post"), row("a,70,0,b,c,d,e"))
    one, same, other = found.person.to_list()
    assert one == same != other


def test_a_role_outside_the_closed_list_is_a_fault_with_its_near_match(tmp_path: Path) -> None:
    book = codebook.from_data(BOOK | {"roles": {"school": "School", "health": "Health care"}}, KEYS)
    path = tmp_path / "answers.csv"
    path.write_text("\n".join([HEAD, row(role="school"), row("bbbbbbb", role="shcool"), ""]))
    with pytest.raises(ResponsesError, match='Did you mean "school"') as caught:
        responses.read([path], book)
    assert faults(caught) == [("unknown-role", "row 3, column role")]


def test_the_courses_own_codebook_and_keys_are_read_whole() -> None:
    """What `instruments` writes, the evaluation reads: every form, every key, distress and barriers apart."""
    library = built_in()
    book = codebook.from_data(instruments.codebook(library), instruments.keys(library))
    assert book.lengths == (5, 8, 10, 12, 20)
    assert {one.kind for one in book.instruments} == set(codebook.KINDS)
    assert set(book.keys) == set(instruments.keys(library))
    assert sum(one.report for one in book.columns.values()) == 8
    assert len(book.roles) > 3
