"""Quiz reports of Canvas and Moodle: each answer reaches its question, no name goes anywhere, nothing is guessed."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import GERMAN, LETTERS, LIBRARY, MOODLE, TEST, Person, canvas, group, items, moodle, write
from safekeeping import cli
from safekeeping.evaluate import class_data, export, quiz, steps
from safekeeping.evaluate.codebook import MISSING, WAVES, Codebook
from safekeeping.evaluate.export import Export, folded, read_export
from safekeeping.evaluate.report import evaluate, keys_of
from safekeeping.evaluate.responses import Responses, ResponsesError
from safekeeping.evaluate.sheet import Faults
from safekeeping.faults import WrongCall

TODAY = date(2026, 11, 22)
KEYS = keys_of(None, LIBRARY)
PEOPLE = group(6)
BANK = quiz.Bank(LIBRARY)


def read(*paths: Path, waves: Sequence[str] = (), **more: Any) -> tuple[Codebook, Responses]:
    return class_data.read(paths, LIBRARY, KEYS, waves=waves, **more)


def letters(found: Responses, ids: Sequence[str] = tuple(one.id for one in TEST)) -> list[str]:
    """The answers of each row as letters, in the course's order of options."""
    rows = zip(*(found.answers[id].tolist() for id in ids), strict=True)
    return ["".join("-" if one == MISSING else LETTERS[one] for one in row) for row in rows]


def faults_of(*paths: Path, **more: Any) -> str:
    with pytest.raises(ResponsesError) as told:
        read(*paths, **more)
    return str(told.value)


# --- the documented layouts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        canvas(PEOPLE), canvas(PEOPLE, several=False), canvas(PEOPLE, entities=True), canvas(PEOPLE, anonymous=True),
        moodle(PEOPLE), moodle(PEOPLE, summary=True), moodle(PEOPLE, right=True),
        moodle(PEOPLE, summary=True, right=True),
        moodle(PEOPLE, head=GERMAN, response="Antwort"), moodle(PEOPLE, head=[*MOODLE, "Feedback"][:8]),
    ],
    ids=["canvas", "latest", "entities", "anonymous", "moodle", "question", "right", "all", "german", "plain"],
)  # fmt: skip
def test_every_answer_reaches_its_question(tmp_path: Path, rows: list[list[str]]) -> None:
    """Whatever the heads are called, and whichever columns were ticked."""
    path = write(tmp_path / "quiz.csv", rows)
    assert class_data.are_exports([path], LIBRARY)
    book, found = read(path)
    assert letters(found) == [one.letters for one in PEOPLE]
    assert list(book.columns) == [one.id for one in TEST] and not book.practice
    assert {one.name: one.options[book.keys[one.name]] for one in book.columns.values()} == {
        item.id: next(o.id for o in item.options if o.key) for item in TEST
    }
    assert set(found.wave.tolist()) == {WAVES.index("post")} and set(found.length.tolist()) == {4}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_separator_and_encoding_that_a_spreadsheet_makes_is_read(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    """UTF-16 with tabs is what Excel calls Unicode text."""
    path = write(tmp_path / "quiz.csv", moodle(PEOPLE), separator=separator, encoding=encoding)
    assert class_data.are_exports([path], LIBRARY)
    assert letters(read(path)[1]) == [one.letters for one in PEOPLE]


def test_the_line_with_which_excel_is_told_the_separator_is_no_head(tmp_path: Path) -> None:
    path = write(tmp_path / "quiz.csv", moodle(PEOPLE), separator=";")
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    assert letters(read(path)[1]) == [one.letters for one in PEOPLE]


def test_new_quizzes_are_read_where_a_head_holds_the_question(tmp_path: Path) -> None:
    """Nobody documents this layout in public: item id, type, question, points, status for each."""
    head, rows = ["Name", "ID", "Submitted", "Attempt"], []
    for item in TEST:
        head += ["Item ID", "Item Type", item.stem, "Earned Points", "Status"]
    for one in PEOPLE:
        cells = ["Doe Jane", str(one.number), "2026-06-05 15:45:21 UTC", "1"]
        for text in one.texts(TEST, ""):
            cells += ["q", "choice", text, "1.0", "complete"]
        rows.append(cells)
    path = write(tmp_path / "quiz.csv", [head, *rows])
    assert letters(read(path)[1]) == [one.letters for one in PEOPLE]


def test_a_quiz_that_was_exported_by_us_comes_back(tmp_path: Path) -> None:
    """Each choice of the Moodle file, with the plain text that Moodle would give for it, finds its own option again."""
    from safekeeping.library import course
    from safekeeping.publish.lms import moodle as exporter

    modules = [LIBRARY.module(one) for one in ("m1", "m9")]
    raw = exporter.made(LIBRARY, course(), modules, "", instructor=True)

    def plain(node: ET.Element | None) -> str:
        return unescape(re.sub(r"<[^>]+>", "", (node.text or "") if node is not None else "")).strip()

    asked = [one for one in ET.fromstring(raw).iter("question") if one.get("type") == "multichoice"]
    texts = [[plain(answer.find("text")) for answer in one.iter("answer")] for one in asked]
    names = [plain(one.find("name/text")) for one in asked]
    rows = [[*moodle([Person(n, "----")])[1][:8], *(some[n % len(some)] for some in texts)] for n in range(6)]
    path = write(tmp_path / "quiz.csv", [[*MOODLE, *(f"Response {n}" for n in range(1, len(asked) + 1))], *rows])
    _, found = read(path)
    assert len(names) > 8 and set(found.answers) == set(names)
    assert letters(found, names) == ["".join(LETTERS[n % 3] for _ in names) for n in range(6)]


# --- nobody's name ---------------------------------------------------------------------------------------------------


def test_no_name_address_or_number_goes_anywhere(tmp_path: Path) -> None:
    """Not into the answers, the report, the ledger, the matched rows or a message."""
    secret = ["Quisenberry", "First3", "example.org", "S-3", "Section A", "A-5"]
    before = [replace(one, name=f"Quisenberry{one.number}") for one in group(24)]
    after = [replace(one, name=f"Quisenberry{one.number}") for one in group(24, 1)]
    for name, make in (("canvas", canvas), ("moodle", moodle)):
        home = tmp_path / name
        home.mkdir()
        paths = [write(home / "a.csv", make(before)), write(home / "b.csv", make(after))]
        made = evaluate(
            LIBRARY, paths, home / "report", waves=["pre", "post"], today=TODAY, rows_out=lambda path: True
        )
        assert made.matched is not None and made.codes == ()
        texts = [path.read_bytes() for path in home.rglob("*") if path.is_file() and path.parent != home]
        texts += [made.matched.read_bytes(), (home / "safekeeping-ledger.json").read_bytes()]
        assert not [word for word in secret for raw in texts if word.encode() in raw]
        _, found = read(*paths, waves=["pre", "post"])
        assert all(re.fullmatch("[0-9a-f]{16}", one) for one in found.person.to_list())
        assert not [word for word in secret if word in repr(found)]


def test_a_fault_in_a_row_does_not_say_whose_it_is(tmp_path: Path) -> None:
    rows = canvas([replace(PEOPLE[0], name="Quisenberry"), *PEOPLE[1:]])
    rows[1][8] = "I would rather write about what happened to me in May"
    said = faults_of(write(tmp_path / "quiz.csv", rows))
    assert "none of its options" in said and "Quisenberry" not in said and "May" not in said


def test_the_same_person_is_matched_and_gets_another_random_id_each_time(tmp_path: Path) -> None:
    """By the id in Canvas, by the e-mail address in Moodle, however it is written."""
    for make in (canvas, moodle):
        after = list(reversed(make(group(6, 1))[1:]))
        for row in after:
            row[2] = row[2].upper()
        one = write(tmp_path / "a.csv", make(PEOPLE))
        two = write(tmp_path / "b.csv", [make(PEOPLE)[0], *after])
        first, again = (read(one, two, waves=["pre", "post"])[1].person.to_list() for _ in range(2))
        assert first[:6] == list(reversed(first[6:])) and len(set(first)) == 6
        assert not set(first) & set(again)


def test_a_file_without_ids_cannot_be_compared_and_can_be_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "quiz.csv", canvas(PEOPLE, anonymous=True))
    assert len(read(path)[1]) == 6
    assert "Neither is kept" in faults_of(path, path, waves=["pre", "post"])


# --- attempts --------------------------------------------------------------------------------------------------------

TRIES = [
    Person(1, "AAAA", attempt=2, day=12, score=3), Person(1, "BBBB", attempt=1, day=11, score=1),
    Person(1, "CCCC", attempt=3, day=13, score=2), Person(2, "ABCA", attempt=1, day=11),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "wanted"), [("first", "BBBB"), ("last", "CCCC"), ("best", "AAAA")])
@pytest.mark.parametrize("make", [canvas, moodle])
def test_one_attempt_of_each_person_counts(tmp_path: Path, make: Any, attempt: str, wanted: str) -> None:
    """Told by the number or the time, wherever it stands in the file; the others are counted."""
    _, found = read(write(tmp_path / "quiz.csv", make(TRIES)), attempt=attempt)
    assert letters(found) == [wanted, "ABCA"] and found.repeated == 2


def test_times_that_cannot_be_read_are_no_reason_to_guess(tmp_path: Path) -> None:
    """In another language, the one attempt has to be chosen in Moodle."""
    rows = moodle(TRIES, head=GERMAN)
    for row in rows[1:]:
        row[4] = row[4].replace("November", "novembre")
        row[5] = "-"
    path = write(tmp_path / "quiz.csv", rows)
    assert "Show at most one finished attempt per user" in faults_of(path)
    assert letters(read(path, attempt="best")[1]) == ["AAAA", "ABCA"]


def test_unfinished_attempts_and_blank_answers(tmp_path: Path) -> None:
    """The first do not count; the second are empty cells of somebody who counts."""
    people = [*PEOPLE, Person(8, "AB--", finished=False), Person(9, "A-B-"), Person(10, "----")]
    _, found = read(write(tmp_path / "quiz.csv", moodle(people)))
    assert letters(found) == [*(one.letters for one in PEOPLE), "A-B-"]
    assert (found.unfinished, found.without_answers) == (1, 1)
    _, found = read(write(tmp_path / "quiz.csv", canvas([*PEOPLE, Person(9, "A-B-")])))
    assert letters(found)[-1] == "A-B-"
    only = write(tmp_path / "none.csv", moodle([Person(1, "AAAA", finished=False)]))
    with pytest.raises(WrongCall, match="no finished attempt"):
        read(only)


# --- what was changed in the platform --------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [canvas, moodle])
def test_an_option_that_was_edited_is_a_fault_with_ours_beside_it(tmp_path: Path, make: Any) -> None:
    """A near text is no answer: somebody may have turned a no into a yes."""
    rows = make(PEOPLE)
    place, old = next((i, cell) for i, cell in enumerate(rows[1]) if cell == TEST[0].options[0].text)
    for row in rows[1:]:
        row[place] = row[place] if row[place] != old else old.replace("R", "Do not r", 1)
    said = faults_of(write(tmp_path / "quiz.csv", rows))
    assert "[answer-edited]" in said and f"column {place + 1}" in said and old[:38] in said
    assert "Delete its columns" in said


def test_a_question_that_was_edited_is_a_fault(tmp_path: Path) -> None:
    """In the head of Canvas, and in the question beside the response of Moodle."""
    rows = canvas(PEOPLE)
    rows[0][8] = rows[0][8].replace("12", "17")
    assert "[question-edited]" in faults_of(write(tmp_path / "a.csv", rows))
    rows = moodle(PEOPLE, summary=True)
    for row in rows[1:]:
        row[8] = row[8].replace("12", "17")
    assert "[question-edited]" in faults_of(write(tmp_path / "b.csv", rows))


def test_a_question_whose_options_were_all_changed_is_missed(tmp_path: Path) -> None:
    rows = moodle(PEOPLE, summary=True)
    for row in rows[1:]:
        row[9] = "Something else"
    assert "[no-answers]" in faults_of(write(tmp_path / "quiz.csv", rows))


def test_a_question_that_was_given_a_field_to_write_in_is_told_once(tmp_path: Path) -> None:
    """However many people wrote, and nothing of what they wrote."""
    rows = canvas(PEOPLE)
    for n, row in enumerate(rows[1:]):
        row[8] = f"My own thought {n}. " * 50
    said = faults_of(write(tmp_path / "quiz.csv", rows))
    assert said.count("[answer-unknown]") == 1 and f"({len(PEOPLE)} different), in column 9" in said
    assert "My own" not in said


def test_questions_drawn_at_random_cannot_be_compared(tmp_path: Path) -> None:
    rows = moodle(PEOPLE)
    for row in rows[1:4]:
        row[8], row[9] = row[9], row[8]
    assert "[questions-mixed]" in faults_of(write(tmp_path / "quiz.csv", rows))


def test_the_column_of_right_answers_alone_is_not_taken_for_answers(tmp_path: Path) -> None:
    """Six people, each with nothing but the key."""
    keys = "".join(LETTERS[[o.key for o in one.options].index(True)] for one in TEST)
    rows = moodle([replace(one, letters=keys) for one in PEOPLE], response="Right answer")
    assert "[only-keys]" in faults_of(write(tmp_path / "quiz.csv", rows))


def test_a_question_that_stands_there_twice_is_a_fault(tmp_path: Path) -> None:
    rows = canvas(PEOPLE)
    for row in rows:
        row[10] = row[8]
    assert "[question-twice]" in faults_of(write(tmp_path / "quiz.csv", rows))


def test_other_questions_are_counted_and_not_read(tmp_path: Path) -> None:
    """The lecturer's own, and those of ours without options."""
    rated = next(one for one in LIBRARY.every("item") if one.type == "SJ")
    own = ["9901: What did you have for lunch?", "1.0", f"9902: {rated.stem}", "1.0"]
    rows = [[*row[:8], *extra, *row[8:]] for row, extra in zip(
        canvas(PEOPLE), [own, *(["Soup", "1.0", "Always=>Soup", "0.5"] for _ in PEOPLE)], strict=True)]  # fmt: skip
    _, found = read(write(tmp_path / "quiz.csv", rows))
    assert letters(found) == [one.letters for one in PEOPLE] and found.others == 2


# --- which instrument ------------------------------------------------------------------------------------------------


def test_whole_forms_keep_their_names_and_anything_else_is_a_form_of_its_own(tmp_path: Path) -> None:
    """Form A before and form B after; the same questions twice."""
    a, b = (next(one for one in LIBRARY.every("instrument") if one.id == id) for id in ("kn-a5", "kn-b5"))
    people = [Person(n, "ABCAB") for n in range(3)]
    one, two = (write(tmp_path / f"{o.form}.csv", moodle(people, items(*o.items))) for o in (a, b))
    book, found = read(one, two, waves=["pre", "post"])
    assert [(o.form, o.length) for o in book.instruments] == [("A", 5), ("B", 5)]
    assert found.form.tolist() == [0] * 3 + [1] * 3
    shared = set(a.items) & set(b.items)
    assert {o.name for o in book.columns.values() if o.anchor} == shared
    book, found = read(one, one, waves=["pre", "post"])
    assert [o.form for o in book.instruments] == ["C"]
    half = write(tmp_path / "half.csv", moodle([Person(1, "ABC")], items(*b.items[:3])))
    with pytest.raises(WrongCall, match="different questions at different times"):
        read(one, half, waves=["pre", "post"])
    with pytest.raises(WrongCall, match='The files for "pre" hold different questions'):
        read(one, half, waves=["pre", "pre"])


def test_sections_of_one_class_are_read_together(tmp_path: Path) -> None:
    one, two = (write(tmp_path / f"{n}.csv", canvas(some)) for n, some in enumerate((PEOPLE[:3], PEOPLE[3:])))
    assert len(read(one, two, waves=["post", "post"])[1]) == 6


def test_nobody_counts_twice_at_one_time(tmp_path: Path) -> None:
    """Not by a report that is given twice under two names, nor by two reports that overlap."""
    one = write(tmp_path / "quiz.csv", canvas(PEOPLE, anonymous=True))
    copy = write(tmp_path / "quiz (1).csv", canvas(PEOPLE, anonymous=True))
    assert "[file-twice]" in faults_of(one, copy, waves=["post", "post"])
    some, others = (write(tmp_path / f"{n}.csv", moodle(PEOPLE[n : n + 4])) for n in range(2))
    said = faults_of(some, others, waves=["post", "post"])
    assert "[person-twice]" in said
    assert '3 people of another file for "post"' in said and "example.org" not in said


def test_practice_is_read_once_and_never_as_a_change(tmp_path: Path) -> None:
    """It shows what is right at once."""
    practice = items("m5-warm-1", "m5-warm-2", "m5-check-1", "m5-check-2")
    path = write(tmp_path / "p.csv", moodle(PEOPLE, practice))
    book, _ = read(path)
    assert book.practice
    with pytest.raises(WrongCall, match="cannot be compared before and after"):
        read(path, path, waves=["pre", "post"])
    both = write(tmp_path / "both.csv", moodle(PEOPLE, [*practice[:2], *TEST[:2]]))
    with pytest.raises(WrongCall, match="practice questions and test questions"):
        read(both)


@pytest.mark.parametrize("waves", [[], ["pre"], ["pre", "post", "post"], ["pre", "later"]])
def test_two_files_need_two_times(tmp_path: Path, waves: list[str]) -> None:
    path = write(tmp_path / "quiz.csv", canvas(PEOPLE))
    with pytest.raises(WrongCall, match="--waves pre post"):
        read(path, path, waves=waves)


# --- files that are something else -----------------------------------------------------------------------------------


def test_grades_are_no_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Moodle's Grades report, or one that was saved by Excel: it is said which report is wanted."""
    row = ["a", "b", "c@d.ef", "Finished", "", "", "", "7", "1"]
    path = write(tmp_path / "grades.csv", [[*MOODLE, "Q. 1 /1.00"], row])
    assert not class_data.are_exports([path], LIBRARY)
    with pytest.raises(ResponsesError, match="no answers to questions with options"):
        read(path)
    workbook = tmp_path / "quiz.xlsx"
    workbook.write_bytes(b"PK\x03\x04\x00\x00")
    for one in (path, workbook):
        assert cli.main(["evaluate", str(one), "-o", str(tmp_path / "report")]) == 2
        said = capsys.readouterr().err
        assert one.name in said and "From Moodle take Responses, from Canvas Student Analysis, as CSV" in said
    assert cli.main(["evaluate", str(tmp_path / "none.csv"), "-o", str(tmp_path / "report")]) == 2
    assert 'no file "none.csv"' in capsys.readouterr().err


def test_a_sheet_of_ours_is_no_report_and_the_two_are_not_mixed(tmp_path: Path) -> None:
    ours = write(tmp_path / "responses.csv", [["wave", "form", "length", TEST[0].id], ["pre", "C", "1", TEST[0].stem]])
    theirs = write(tmp_path / "quiz.csv", canvas(PEOPLE))
    assert not class_data.are_exports([ours], LIBRARY)
    with pytest.raises(WrongCall, match=r"responses.csv is not. Give one kind"):
        class_data.are_exports([theirs, ours], LIBRARY)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"", "unreadable"), (b"\n\n", "unreadable"), (b"a,b\n1,2\n1,2,3\n", "ragged"),
        (b"\xe4\xf6,b\n1,2\n", "not-utf8"),
        (b"PK\x03\x04\x00\x00,b\n", "unreadable"), (b'a,"b\n1,2\n', "unreadable"), (b"\xff\xfea", "not-utf8"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_said(tmp_path: Path, raw: bytes, rule: str) -> None:
    path = tmp_path / "quiz.csv"
    path.write_bytes(raw)
    faults = Faults()
    assert read_export(path, faults) is None
    assert [one.rule for one in faults.listed] == [rule]


def test_limits_of_size_rows_columns_and_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "quiz.csv", canvas(PEOPLE))
    for name, value in (("LARGEST_FILE", 100), ("MOST_COLUMNS", 5), ("MOST_ROWS", 3), ("LONGEST_CELL", 20)):
        with monkeypatch.context() as patch:
            patch.setattr(export, name, value)
            assert re.search(r"\[too-(large|long)\]", faults_of(path)), name
    assert "[missing]" in faults_of(tmp_path / "none.csv")


def test_no_more_rows_are_held_than_are_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of nothing but line ends, or of far too many rows, does not fill the memory before it is refused."""
    taken: list[list[str]] = []
    reader = csv.reader

    def counted(*given: Any, **more: Any) -> Any:
        return (taken.append(row) or row for row in reader(*given, **more))

    monkeypatch.setattr(export.csv, "reader", counted)
    monkeypatch.setattr(export, "MOST_ROWS", 3)
    faults = Faults()
    assert read_export(write(tmp_path / "quiz.csv", [["a", "b"]] * 50), faults) is None
    assert [one.rule for one in faults.listed] == ["too-large"]
    assert len(taken) == 3 * 4  # for each separator one more than allowed


@given(st.binary(max_size=300))
def test_no_bytes_at_all_bring_it_down(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "quiz.csv"
    path.write_bytes(raw)
    faults = Faults()
    assert (read_export(path, faults) is None) == bool(faults.total)
    class_data.are_exports([path], LIBRARY)


@given(st.lists(st.lists(st.text(max_size=30), min_size=2, max_size=6), min_size=2, max_size=5))
def test_no_table_at_all_brings_it_down(rows: list[list[str]]) -> None:
    """Cells of any words are no answers of ours; what is found is a fault, never a crash."""
    wide = max(map(len, rows))
    table = [[*row, *[""] * (wide - len(row))] for row in rows]
    some = Export("any.csv", tuple(table[0]), tuple(map(tuple, table[1:])))
    assert quiz.understood(some, BANK, Faults()) is None


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "came",
    [
        "Is 3 < 4 & “so”?", "Is 3 &lt; 4 &amp; “so”?", "<p>Is 3 &lt; 4 &amp; “so”?</p>", "  Is 3\u00a0< 4\r\n& “so”? ",
        "\u202bIs 3 < 4\u202c & “so”?\u200f", "Is 3 < 4 &#38; “so”?", "Is\u200b 3 < 4 & “so”?",
    ],
)  # fmt: skip
def test_what_platforms_do_to_a_text_makes_no_difference(came: str) -> None:
    assert folded(came) == folded("Is 3 < 4 & “so”?")


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_that_matters(text: str) -> None:
    """One line, no unseen signs, no spaces at the ends; and never longer than what came with its entities read."""
    found = folded(text)
    assert "\n" not in found and found == found.strip() and "\u200e" not in found and "  " not in found


@pytest.mark.parametrize("first", ["=", "+", "-", "@"])
def test_an_apostrophe_before_a_formula_is_not_part_of_the_text(first: str) -> None:
    assert folded(f"'{first}1+1") == f"{first}1+1"
    assert folded("'Hello', he said.") == "'Hello', he said."


def test_every_question_of_the_course_is_known_by_its_words_alone() -> None:
    """No two questions or options fold to the same text: else an answer could not be told."""
    every = [one for one in LIBRARY.every("item") if not one.retired]
    assert len(BANK.stems) == len(every)
    assert len(BANK.owners) == sum(len(one.options) for one in every)


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_writes_a_report_of_a_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One file: what was hard. Two: a change. No codebook, no keys, no code to type."""
    one = write(tmp_path / "one.csv", canvas(group(24)))
    two = write(tmp_path / "two.csv", canvas(group(24, 1)))
    assert cli.main(["evaluate", str(one), "-o", str(tmp_path / "r1"), "--today", "2026-11-22"]) == 0
    page = (tmp_path / "r1" / "report.html").read_text(encoding="utf-8")
    assert "What was hard" in page and "m5-test-1" in page and "Student 3" not in page
    (tmp_path / "safekeeping-ledger.json").unlink()
    words = [str(one), str(two), "--waves", "pre", "post", "-o", str(tmp_path / "r2"), "--match", "--yes"]
    before = one.read_bytes()
    assert cli.main(["evaluate", *words]) == 0
    rows = list(csv.DictReader((tmp_path / "responses-matched.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 48 and {row["form"] for row in rows} == {"C"}
    assert one.read_bytes() == before and "codes" not in capsys.readouterr().out
    with (tmp_path / "r2" / "tables" / "main.csv").open(encoding="utf-8-sig") as file:
        assert "24" in file.read()


def test_the_notebook_reads_the_report_of_one_quiz(tmp_path: Path) -> None:
    """With the same two calls as for a sheet of ours."""
    answers = steps.Answers(str(write(tmp_path / "quiz.csv", moodle(group(24)))))
    assert "24 rows can be read." in str(steps.check(answers)) and "code" not in str(steps.check(answers))
    assert "one time only" in str(steps.main_figures(steps.write(answers, str(tmp_path / "report"))))
    broken = canvas(PEOPLE)
    broken[0][8] = broken[0][8].replace("12", "17")
    said = str(steps.check(steps.Answers(str(write(tmp_path / "broken.csv", broken)))))
    assert "changed in the platform" in said


def test_options_that_do_not_belong_together_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = str(write(tmp_path / "quiz.csv", canvas(PEOPLE)))
    (tmp_path / "codebook.json").write_text(json.dumps({}), encoding="utf-8")
    book = ["--codebook", str(tmp_path / "codebook.json")]
    assert cli.main(["evaluate", theirs, "-o", str(tmp_path / "r"), *book]) == 2
    assert "needs neither --codebook nor --keys" in capsys.readouterr().err
    ours = str(write(tmp_path / "responses.csv", [["wave", "q1"], ["pre", "A"]]))
    assert cli.main(["evaluate", ours, "-o", str(tmp_path / "r"), "--waves", "pre"]) == 2
    assert "--waves belongs to quiz reports" in capsys.readouterr().err
    assert cli.main(["evaluate", ours, "-o", str(tmp_path / "r"), "--attempt", "best"]) == 2
    assert "--attempt belongs to quiz reports" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()
