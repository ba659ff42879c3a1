"""The report: page one, what may be said at each number, honest words, hostile texts, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pikepdf
import pytest

from safekeeping import instruments
from safekeeping.cli import main
from safekeeping.evaluate import synthetic
from safekeeping.evaluate.figures import number
from safekeeping.evaluate.report import Made, evaluate
from safekeeping.evaluate.study import plain, signed
from safekeeping.faults import SafekeepingError, WrongCall
from safekeeping.library import CONTENT, built_in
from studies import DAY, Lab, Person, pictures, prose, spread, table


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made, synthetic.Made]:
    """A synthetic study of 240 people and its report, made once."""
    folder = tmp_path_factory.mktemp("study")
    made = synthetic.study(240, 7)
    for name, text in synthetic.files(made).items():
        (folder / name).write_text(text, encoding="utf-8")
    report = evaluate(
        built_in(), [folder / "synthetic-responses.csv"], folder / "report",
        codebook=folder / "synthetic-codebook.json", keys=folder / "synthetic-keys.json",
        one_off=True, enrolled=260, by="role", today=DAY,
    )  # fmt: skip
    return folder, report, made


# --- page one, and what may be said ----------------------------------------------------------------------------------


def test_page_one_holds_what_a_funder_looks_for(study: tuple[Path, Made, synthetic.Made]) -> None:
    """Primary outcome, n, matching, interval, effect size with its formula, missing data, cause, keys."""
    first = study[1].document.sections[0]
    text = "\n".join(one.text for one in first.blocks if hasattr(one, "text"))
    rows = dict(table(study[1].document, "main").rows)  # type: ignore[union-attr]
    for label in (
        "Enrolled",
        "Primary outcome: difference, percentage points",
        "95\u00a0% interval of the difference (t)",
    ):
        assert any(one.replace(" %", "\u00a0%") == label for one in rows), label
    assert "J = 1 − 3 / (4 (n − 1) − 1)" in text
    assert "Missing data: 240 people answered before" in text
    assert "does not say what made them differ" in text
    assert "authors’ key" in text and "No panel has rated it yet" in text


@pytest.mark.parametrize(
    ("count", "says", "has", "has_not"),
    [
        (9, "how many took part", {"main"}, {"knowledge", "items", "modules"}),
        (12, "the direction of the difference", {"knowledge"}, {"items", "modules", "reliability"}),
        (17, "the difference with its interval. No effect size", {"knowledge"}, {"items", "modules"}),
        (24, "an effect size", {"knowledge", "items", "modules"}, {"reliability", "answers"}),
        (40, "alpha with its (wide) interval", {"items", "reliability"}, {"answers", "alpha-without"}),
        (60, "also statistics of single questions", {"answers", "alpha-without"}, {"groups"}),
        (120, "everything here", {"answers", "reliability"}, set()),
    ],
)
def test_at_each_number_only_what_the_plan_allows(
    lab: Lab, count: int, says: str, has: set[str], has_not: set[str]
) -> None:
    made = lab.report(spread(count))
    names = {one.name for one in made.document.tables()}
    assert says in prose(made.document)
    assert has <= names and not has_not & names
    main_rows = dict(table(made.document, "main").rows)  # type: ignore[union-attr]
    assert ("Effect size g_av" in main_rows) == (count >= 20)
    assert any("bootstrap" in one for one in main_rows) == (15 <= count < 30)


def test_the_median_of_each_wave_is_that_of_its_scores(lab: Lab) -> None:
    """Sixty people: 40, 40, 60, 40, 40 before and 80, 80, 60, 60, 80, 100 after, again and again."""
    found = table(lab.report(spread(60)).document, "knowledge")
    assert found is not None
    assert [(row[0], row[6]) for row in found.rows] == [("before", "40"), ("after", "80")]


def test_omega_comes_from_a_hundred_people_on(lab: Lab) -> None:
    for count in (60, 120):
        made = lab.report(spread(count), limit=10)
        (lab.folder / "safekeeping-ledger.json").unlink()
        found = table(made.document, "reliability")
        assert found is not None
        assert (found.rows[0][7] != "–") == (count >= 100) or found.rows[0][4].startswith("−")


def test_no_report_claims_a_cause_or_a_significance(lab: Lab, study: tuple[Path, Made, synthetic.Made]) -> None:
    """One group, no comparison: scores differ; nobody says why. "Significant" is never said at all."""
    words = (CONTENT / "evaluation.toml").read_text(encoding="utf-8")
    texts = [words, prose(study[1].document), prose(lab.report(spread(24)).document)]
    for text in texts:
        assert not re.search(
            r"significan|\bproved?\b|caused|led to|thanks to|because of the training|effective", text, re.I
        )


def test_confidence_stands_beside_knowledge_with_r_and_n(study: tuple[Path, Made, synthetic.Made]) -> None:
    found = table(study[1].document, "confidence")
    assert found is not None
    assert (
        found.head[:5] == ("When", "n", "Confidence", "Knowledge,\u00a0%".replace("\u00a0%", " %"), "r")
        or "r" in found.head
    )
    assert all(number(row[4]) is not None for row in found.rows)
    assert "no competence" in found.note


def test_one_form_for_all_is_said_and_two_orders_are_shown(lab: Lab, study: tuple[Path, Made, synthetic.Made]) -> None:
    assert "Everybody answered the same form twice" in prose(lab.report(spread(24)).document)
    assert "not equated" in prose(study[1].document)
    assert table(study[1].document, "orders") is not None


def test_nobody_after_and_no_follow_up_are_said(lab: Lab) -> None:
    people = [Person(one.pre, None) for one in spread(30)]
    text = prose(lab.report(people).document)
    assert "nothing can be said about change" in text and "no follow-up yet" in text


def test_nobody_changed(lab: Lab) -> None:
    """No spread of differences: no effect size, no ranks, and no NaN anywhere."""
    made = lab.report([Person(one.pre, one.pre) for one in spread(40)])
    assert "nothing to rank" in prose(made.document)
    every = [one for each in made.document.tables() for row in each.rows for one in row]
    assert not [one for one in every if "nan" in one.lower() or "inf" in one.lower()]


def test_forms_of_different_length_are_never_pooled(study: tuple[Path, Made, synthetic.Made], tmp_path: Path) -> None:
    folder, _, made = study
    frame = pd.DataFrame(made.frame.to_dict(as_series=False))
    short = frame[(frame["wave"] == "follow-90")].copy()
    short["wave"], short["code_1"] = "pre", "z"
    pd.concat([frame[frame["wave"] != "follow-90"], short]).to_csv(tmp_path / "mixed.csv", index=False)
    options = {"codebook": folder / "synthetic-codebook.json", "keys": folder / "synthetic-keys.json", "today": DAY}
    with pytest.raises(WrongCall, match="never pooled"):
        evaluate(built_in(), [tmp_path / "mixed.csv"], tmp_path / "report", **options)
    assert evaluate(built_in(), [tmp_path / "mixed.csv"], tmp_path / "report", length=20, **options).folder.is_dir()


# --- a second route --------------------------------------------------------------------------------------------------


def test_the_main_numbers_come_out_of_plain_pandas_too(study: tuple[Path, Made, synthetic.Made]) -> None:
    """Exact matching only by a merge, scores by comparing letters, formulas typed from the methods paragraph."""
    folder, _, made = study
    report = evaluate(
        built_in(), [folder / "synthetic-responses.csv"], folder / "exact", codebook=folder / "synthetic-codebook.json",
        keys=folder / "synthetic-keys.json", today=DAY, limit=5,
    )  # fmt: skip
    data = pd.read_csv(folder / "synthetic-responses.csv", dtype=str, keep_default_na=False)
    keys = json.loads((folder / "synthetic-keys.json").read_text())
    book = json.loads((folder / "synthetic-codebook.json").read_text())
    forms = {
        (one["form"], str(one["length"])): [c["column"] for c in one["columns"]]
        for one in book["instruments"]
        if one["kind"] == "knowledge"
    }
    data["score"] = [
        np.mean([row[one] == keys[one] for one in forms[row["form"], row["length"]]]) * 100
        for _, row in data.iterrows()
    ]
    codes = ["event", *(f"code_{i}" for i in range(1, 8))]
    both = data[data["wave"] == "pre"].merge(data[data["wave"] == "post"], on=codes, suffixes=("_before", "_after"))
    before, after = both["score_before"].to_numpy(), both["score_after"].to_numpy()
    n, gap = len(both), after - before
    j = 1 - 3 / (4 * (n - 1) - 1)
    g_av = j * gap.mean() / np.sqrt((before.var(ddof=1) + after.var(ddof=1)) / 2)
    rows = dict(table(report.document, "main").rows)  # type: ignore[union-attr]
    told = {one.split(":")[0].split(",")[0]: value for one, value in rows.items()}
    assert told["Matched"] in (str(n), f"{100 * n / 240:.0f}\u00a0%")
    assert rows["Mean knowledge before, % of the questions".replace(" %", "\u00a0%")] == plain(before.mean(), 1)
    assert told["Primary outcome"] == signed(gap.mean(), 1)
    assert told["Effect size g_av"] == signed(g_av, 2)
    assert told["Effect size g_z"] == signed(j * gap.mean() / gap.std(ddof=1), 2)
    half = 1.9729 * gap.std(ddof=1) / np.sqrt(n)  # t(0.975, about 190), from a printed table
    low, high = (
        number(one) for one in next(v for k, v in rows.items() if "interval of the difference (t)" in k).split(" to ")
    )
    assert (low, high) == pytest.approx((gap.mean() - half, gap.mean() + half), abs=0.06)
    hits = [f"v{v}.d" for v in (1, 3, 5, 7)]
    alarms = [f"v{v}.d" for v in (2, 4, 6, 8)]
    shown = {row[0]: row for row in table(report.document, "judgement").rows}  # type: ignore[union-attr]
    for columns, label in (
        (hits, "“Report now” where it is due (hits)"),
        (alarms, "“Report now” where it is not (false alarms)"),
    ):
        rate = [
            (both[[f"{c}_{when}" for c in columns]].astype(int) >= 4).to_numpy().mean() * 100
            for when in ("before", "after")
        ]
        assert shown[label][2:4] == tuple(plain(one, 1) for one in rate)
    assert made.truth == synthetic.Truth()


# --- synthetic data, hostile data, whole or not at all ---------------------------------------------------------------


def test_synthetic_data_is_marked_in_every_file_figure_and_table(study: tuple[Path, Made, synthetic.Made]) -> None:
    folder, made, _ = study
    mark = "Synthetic data: no person stands behind these answers."
    assert all("synthetic" in Path(one).name for one in made.files)
    html = (made.folder / "synthetic-report.html").read_text(encoding="utf-8")
    assert html.count(mark) >= len(made.document.tables()) + len(pictures(made.document)) + 1
    assert all(one.spec["title"]["text"] == mark for one in pictures(made.document))
    for one in made.folder.glob("tables/*.csv"):
        rows = list(csv.reader(io.StringIO(one.read_text(encoding="utf-8-sig"))))
        assert all(row[-1] == "synthetic" for row in rows), one.name
    assert folder


def test_answers_of_people_carry_no_such_mark(lab: Lab) -> None:
    made = lab.report(spread(24))
    assert {"report.html", "report.pdf"} <= set(made.files)
    assert "ynthetic" not in (made.folder / "report.html").read_text(encoding="utf-8")


HOSTILE = '=HYPERLINK("http://x")</script><img src=x onerror=alert(1)>'


def test_hostile_names_are_text_everywhere_and_formulas_in_no_cell(lab: Lab) -> None:
    people = spread(130, lambda i: Person(role=HOSTILE if i < 60 else "学校"))
    made = lab.report(people, by="role")
    html = (made.folder / "report.html").read_text(encoding="utf-8")
    assert "<img" not in html and "学校" in html
    rows = list(csv.reader(io.StringIO((made.folder / "tables/groups.csv").read_text(encoding="utf-8-sig"))))
    assert "'" + HOSTILE in {row[0] for row in rows}
    for one in made.folder.glob("tables/*.csv"):
        for row in csv.reader(io.StringIO(one.read_text(encoding="utf-8-sig"))):
            assert not [cell for cell in row if cell[:1] in "=+@" and cell], one.name


def test_free_text_and_codes_are_in_no_output(lab: Lab) -> None:
    lab.extra = {"remarks": "my neighbour Zyxwv told me"}
    made = lab.report(spread(24))
    for one in made.files:
        assert b"Zyxwv" not in (made.folder / one).read_bytes(), one
    assert "1 columns that the codebook does not know were not read" in prose(made.document)


def test_the_pdf_is_tagged_titled_and_names_its_figures(study: tuple[Path, Made, synthetic.Made]) -> None:
    with pikepdf.open(study[1].folder / "synthetic-report.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]).startswith("What this training changed")


def test_the_same_answers_give_the_same_files(lab: Lab) -> None:
    first, again = lab.report(spread(40)), lab.report(spread(40))
    for one in first.files:
        before, after = ((each.folder / one).read_bytes() for each in (first, again))
        if one in ("report.html", "report.pdf"):
            continue  # they say whether a ledger was found
        assert before == after, one


def test_a_folder_that_holds_something_else_is_left_alone(lab: Lab) -> None:
    (lab.folder / "report-1").mkdir()
    (lab.folder / "report-1" / "letter.txt").write_text("dear all")
    with pytest.raises(WrongCall, match=r"letter\.txt"):
        lab.report(spread(24))
    lab.report(spread(24))  # report-2
    lab.reports = 1
    assert lab.report(spread(24)).folder.name == "report-2"  # an earlier report is replaced


def test_a_failure_leaves_nothing_behind(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SafekeepingError, match="Nothing was changed"):
        lab.report(spread(24))
    monkeypatch.undo()
    assert {one.name for one in lab.folder.iterdir()} == {"responses.csv", "codebook.json", "keys.json"}


# --- the command -----------------------------------------------------------------------------------------------------


def call(lab: Lab, *words: str) -> int:
    return main(
        [
            "evaluate",
            str(lab.folder / "responses.csv"),
            "-o",
            str(lab.folder / "out"),
            "--keys",
            str(lab.folder / "keys.json"),
            *words,
        ]
    )


def test_the_command_writes_a_report(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.sheet(spread(24))
    assert call(lab, "--today", "2026-11-22") == 0
    assert "report.html, report.pdf" in capsys.readouterr().out
    assert (lab.folder / "out" / "tables" / "methods.txt").read_text(encoding="utf-8").startswith("Design: one group")
    assert not (lab.folder / "responses-matched.csv").exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--limit", "4"], 2, "never shown"),
        (["--yes"], 2, "belong to --match"),
        (["--length", "8"], 2, "nobody used a form of that length"),
        (["--codebook", "nowhere.json"], 1, "nowhere.json"),
        (["--today", "tomorrow"], 2, "no date"),
    ],
)
def test_wrong_calls_get_a_sentence(
    lab: Lab, words: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.sheet(spread(24))
    assert call(lab, *words) == code
    assert says in capsys.readouterr().err
    assert not (lab.folder / "out").exists()


def test_faults_end_with_one_and_skip_bad_goes_on(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    path = lab.sheet([*spread(24), Person("AAAAZ", "AAAAA")])
    assert call(lab) == 1
    assert "row 50, column q5" in capsys.readouterr().err
    assert path.exists() and not (lab.folder / "out").exists()
    assert call(lab, "--skip-bad") == 0
    assert "1 rows were left out" in (lab.folder / "out" / "report.html").read_text(encoding="utf-8")


def test_rows_are_written_only_when_asked_for_and_confirmed(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a keyboard the answer is no; with --yes it is written beside the data, never into the report."""
    path = lab.sheet(spread(24))
    assert call(lab, "--match") == 0
    assert not (lab.folder / "responses-matched.csv").exists()
    assert call(lab, "--match", "--yes") == 0
    assert "The codes were kept" in capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO((lab.folder / "responses-matched.csv").read_text())))
    assert len(rows) == 48 and len({row["person"] for row in rows}) == 24
    assert not [one for one in rows[0] if one.startswith("code_")]
    assert "code_1" in path.read_text()


def test_codes_are_deleted_when_told_and_the_rest_still_gives_the_same_report(lab: Lab) -> None:
    path = lab.sheet(spread(24))
    assert call(lab, "--match", "--yes", "--delete-codes") == 0
    assert "code_1" not in path.read_text() and "q1" in path.read_text()
    told = (lab.folder / "out" / "tables" / "main.csv").read_text()
    path.write_text((lab.folder / "responses-matched.csv").read_text())
    assert call(lab) == 0  # the ledger knows the rows again
    assert (lab.folder / "out" / "tables" / "main.csv").read_text() == told
    assert "was found beside the data" in (lab.folder / "out" / "report.html").read_text(encoding="utf-8")


def test_today_is_only_in_the_ledger(lab: Lab) -> None:
    made = lab.report(spread(24))
    assert str(DAY) == str(date(2026, 11, 22))
    assert str(DAY) not in (made.folder / "report.html").read_text(encoding="utf-8")
    assert str(DAY) in (lab.folder / "safekeeping-ledger.json").read_text()


def test_the_courses_own_forms_are_evaluated_with_its_own_keys(tmp_path: Path) -> None:
    """A sheet with the header that `safekeeping form` writes, filled in at random, and no option but the folder."""
    library = built_in()
    draw = np.random.default_rng(4)
    book = instruments.codebook(library)
    (tmp_path / "codebook.json").write_text(json.dumps(book), encoding="utf-8")
    columns = {each["column"]: each | {"kind": one["kind"]} for one in book["instruments"] for each in one["columns"]}
    rows = []
    for i in range(60):
        for wave in ("pre", "post", "follow-30"):
            form, length = "AB"[(i + (wave == "post")) % 2], 10 if wave == "follow-30" else 20
            inside = instruments.columns(library, instruments.parts(library, wave, form, length))
            codes = {f"code_{j}": "abcdefghij"[i // 10 ** (j % 2) % 10] for j in range(1, 8)}
            row = {
                "event": "Hall",
                "wave": wave,
                "form": form,
                "length": length,
                "date": "2026-09-14",
                "role": "school",
            }
            for one in inside:
                what = columns[one]
                if what["type"] == "choice":
                    row[one] = draw.choice([*what["values"], "?"])
                else:
                    row[one] = draw.integers(what.get("least", 0), what.get("most", 1) + 1)
            rows.append(row | codes)
    pd.DataFrame(rows).astype(object).to_csv(tmp_path / "responses.csv", index=False)
    made = evaluate(library, [tmp_path / "responses.csv"], tmp_path / "report", today=DAY)
    names = {one.name for one in made.document.tables()}
    assert {"main", "knowledge", "items", "modules", "judgement", "scales", "follow-up", "behaviour"} <= names
    assert {"in-barriers", "fu-barriers", "distress", "reaction"} <= names
    keyed = {one for one in instruments.keys(library).values() if isinstance(one, str)}
    text = (made.folder / "tables" / "answers.csv").read_text(encoding="utf-8-sig")
    assert keyed and "key" not in text.lower()


# Keys that the code puts together: f"head-{one}" and the like.
MADE_UP = (
    "head-", "wave-", "may-say-", "kind-", "scale-", "judged-", "hits-", "false-alarms-", "table-", "title-split-",
    "method-", "ledger-",
)  # fmt: skip


def test_every_word_of_the_report_is_used() -> None:
    """A sentence that nothing prints would be translated for nothing."""
    package = Path(evaluate.__code__.co_filename).parent
    source = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    words = built_in().words("report", "evaluation.toml")
    assert [one for one in words if f'"{one}"' not in source and not one.startswith(MADE_UP)] == []
