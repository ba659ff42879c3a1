"""`safekeeping class`: papers for students tell no answer, the lecturer's do; the folder is whole or not there."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from html_reader import parse, visible
from paper import one_line, sound, text_of
from safekeeping import cli
from safekeeping.faults import WrongCall
from safekeeping.instruments import LETTERS
from safekeeping.library import Course, built_in, course
from safekeeping.publish import classroom, output
from safekeeping.publish.binder import BinderError
from safekeeping.publish.classroom import FOR_STUDENTS, SYLLABI, Made, Order, make

TODAY = date(2026, 11, 22)
LIBRARY = built_in()
WORDS = LIBRARY.words("class")


def order(target: Path, **more: object) -> Order:
    return replace(Order(where=course(), seed=7, target=target, today=TODAY), **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The whole set, once."""
    return make(order(tmp_path_factory.mktemp("class") / "my-class"))


@pytest.fixture(scope="module")
def papers(made: Made, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The words of every PDF, by its file."""
    folder = tmp_path_factory.mktemp("words")
    pdfs = [file for file in made.files if file.endswith(".pdf")]
    return {file: text_of((made.folder / file).read_bytes(), folder) for file in pdfs}


def state(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# --- apart -----------------------------------------------------------------------------------------------------------


def test_students_and_lecturer_have_folders_of_their_own(made: Made) -> None:
    """Whoever prints the folder for students prints no key."""
    folders = {file.partition("/")[0] for file in made.files}
    assert folders == {"students", "lecturer-only", "lecturer-documents", "index.html"}
    own = sorted(path.name for path in (made.folder / "lecturer-only").iterdir())
    assert own == ["codebook.json", "marking-grid.pdf", "practice-answers.pdf", "responses.csv", "test-key.pdf"]
    given = {path.name[:3].upper() for path in (made.folder / "students").glob("u*.pdf")}
    assert given == set(FOR_STUDENTS)


def test_no_paper_for_students_tells_an_answer(papers: dict[str, str]) -> None:
    """No reason, model or accurate sentence of any question of the course, and no mark of the authors' choice."""
    items = list(LIBRARY.every("item"))
    told = [o.rationale for one in items for o in (*one.options, *one.actions, *one.cases, *one.steps)]
    told += [one.model for one in items]
    marks = [LIBRARY.words("form")[key] for key in ("authors_choice", "authors_order", "accurate", "model")]
    hidden = [one_line(text) for text in [*told, *marks, WORDS["stamp"], WORDS["authors"]] if text]
    assert len(hidden) > 1000
    assert sum(file.startswith("students/part-") for file in papers) == 10
    for file, text in papers.items():
        if file.startswith("students/"):
            assert [one for one in hidden if one in text] == [], file


def test_no_myth_stands_on_a_students_paper(papers: dict[str, str]) -> None:
    """Without a screen, its accurate sentence would not follow. In a part's own text it stands first."""
    myths = [one_line(one.stem) for one in LIBRARY.every("item") if one.type == "MR"]
    taught = " ".join(path.read_text(encoding="utf-8") for path in course().notebooks.glob("*.ipynb"))
    given = " ".join(text for file, text in papers.items() if file.startswith("students/"))
    assert len(myths) == 10
    assert [one for one in myths if given.count(one) > taught.count(one)] == []


def test_each_part_is_there_to_read(made: Made, papers: dict[str, str]) -> None:
    """Its note on what comes, help lines, its questions, where its stories begin, and no word of JupyterLab."""
    for module in made.form.modules:
        text = papers[f"students/part-{module.stem}.pdf"]
        assert one_line(module.content_note.text) in text and WORDS["help"] in text
        for id in module.scenarios:
            story = LIBRARY.get("scenario", id)
            if story.status == "ready":
                assert one_line(next(node for node in story.nodes if node.start).text) in text, id
                assert not [n.title for n in story.nodes if n.ending and one_line(n.text) in text]
        for id in module.sets:
            items = [LIBRARY.get("item", one) for one in LIBRARY.get("set", id).items]
            if not any(one.type == "MR" for one in items):
                assert all(one_line(one.stem) in text for one in items), id
        assert "Start all exercises" not in text and "Ctrl" not in text
    for figure in LIBRARY.every("figure"):
        assert any(one_line(figure.title) in text for text in papers.values()), figure.id


def test_the_test_names_neither_seed_nor_questions_by_id(made: Made, papers: dict[str, str]) -> None:
    """With them, a student could look the key up in a moment."""
    text = papers["students/test.pdf"]
    assert not re.search(r"\bm\d+-test-\d+\b", text) and WORDS["fact_seed"] not in text
    key = papers["lecturer-only/test-key.pdf"]
    facts = (f"{WORDS['fact_seed']} 7", f"{WORDS['fact_course']} {made.form.course}", *(i.id for i in made.form.items))
    assert all(one in key for one in facts)


def test_every_page_for_the_lecturer_says_so(made: Made) -> None:
    """Also when a page is torn off: the foot says it."""
    for name in ("test-key", "marking-grid", "practice-answers"):
        path = made.folder / "lecturer-only" / f"{name}.pdf"
        raw = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
        pages = raw.rstrip("\f").split("\f")
        with pikepdf.open(path) as document:
            assert len(pages) == len(document.pages)
        assert all("for the lecturer alone" in one_line(page).lower() for page in pages), name


def test_paper_key_and_grid_carry_one_number_and_the_same_order(made: Made, papers: dict[str, str]) -> None:
    """Letter by letter: the key's letter stands before the authors' option on the students' paper."""
    test, key, grid = (papers[one] for one in ("students/test.pdf", "lecturer-only/test-key.pdf",
                                              "lecturer-only/marking-grid.pdf"))  # fmt: skip
    assert all(made.form.mark in one for one in (test, key, grid))
    at = 0
    for (item, some), letter in zip(made.form.rows, made.form.keys, strict=True):
        at = test.index(one_line(item.stem), at)
        for i, option in enumerate(some):
            at = test.index(f"{LETTERS[i]} {one_line(option.text)}", at)
            assert option.key == (LETTERS[i] == letter)
        assert f"{letter}. {WORDS['authors']} {one_line(some[LETTERS.index(letter)].text)}" in key
    assert " ".join([WORDS["key_row"], *made.form.keys]) in grid
    assert {str(n) for n in range(1, 31)} <= set(grid.split())


def test_practice_and_its_answers_hold_the_same_questions(made: Made, papers: dict[str, str]) -> None:
    """The look back of each part, without its answers for students; for the lecturer every set with its reasons."""
    last = [LIBRARY.get("item", id) for one in made.form.modules for id in LIBRARY.get("set", one.sets[-1]).items]
    assert all(one_line(item.stem) in papers["students/practice.pdf"] for item in last if item.type != "MR")
    sets = [id for one in made.form.modules for id in one.sets]
    items = [LIBRARY.get("item", one) for id in sets for one in LIBRARY.get("set", id).items]
    assert all(one_line(item.stem) in papers["lecturer-only/practice-answers.pdf"] for item in items)
    reasons = [one_line(o.rationale) for item in items for o in item.options]
    assert all(one in papers["lecturer-only/practice-answers.pdf"] for one in reasons)


def test_the_documents_are_filled_in(papers: dict[str, str]) -> None:
    """No line in double braces is left, and the syllabus names its readings."""
    assert not [file for file, text in papers.items() if "{{" in text]
    syllabus = papers["lecturer-documents/u04-syllabus-single-class.pdf"]
    assert "Free to read" in syllabus and "1.1" in syllabus


def test_every_pdf_is_tagged_and_titled_and_carries_its_fonts(made: Made, tmp_path: Path) -> None:
    files = ("test.pdf", "practice.pdf", "part-05-recognising.pdf", "u22-content-choice-policy.pdf")
    for file in (*(f"students/{one}" for one in files), "lecturer-only/test-key.pdf", "lecturer-only/marking-grid.pdf"):
        sound((made.folder / file).read_bytes(), "Safekeeping", tmp_path)


def test_numbers_that_nobody_confirmed_are_stamped_and_listed(made: Made, papers: dict[str, str]) -> None:
    """On the test, on the first page and in the answer; with a day they are not."""
    assert LIBRARY.words("print")["unconfirmed"] in papers["students/test.pdf"]
    page = visible(parse((made.folder / "index.html").read_text(encoding="utf-8")))
    assert made.unconfirmed and all(one in page for one in made.unconfirmed)


# --- the first page --------------------------------------------------------------------------------------------------


def test_the_first_page_links_every_file_under_whom_it_is_for(made: Made) -> None:
    """In order of use; the seed is not on it, since it may lie on a desk."""
    raw = (made.folder / "index.html").read_text(encoding="utf-8")
    place = parse(raw)
    links = [one.has["href"] for one in place.find("a") if not one.has["href"].startswith("#")]
    assert sorted(links) == sorted(file for file in made.files if file != "index.html")
    assert all((made.folder / one).is_file() for one in links)
    for part in raw.split("<h3>")[1:]:
        heading, _, rest = part.partition("</h3>")
        folders = set(re.findall(r'href="([^/"]+)/', rest.partition("<h2")[0]))
        assert folders == {"students"} if heading == WORDS["for_students"] else "students" not in folders
    heads = [raw.index(f"<h2>{WORDS[one]}</h2>") for one in ("before", "during", "after")]
    assert heads == sorted(heads)
    (policy,) = [one.has["content"] for one in place.find("meta") if one.has.get("http-equiv")]
    assert "default-src 'none'" in policy and not place.find("script")
    assert WORDS["fact_seed"] not in visible(place)


# --- the data sheet --------------------------------------------------------------------------------------------------


def test_the_marked_form_can_be_evaluated_with_the_authors_keys_wherever_they_stand(made: Made, tmp_path: Path) -> None:
    """Everybody has the first ten right and the rest wrong: half, and the two halves of the table are its two ends."""
    from safekeeping.evaluate.report import evaluate

    home = tmp_path / "data"
    shutil.copytree(made.folder / "lecturer-only", home)
    head = next(csv.reader([(home / "responses.csv").read_text(encoding="utf-8")]))
    wrong = ["B" if one == "A" else "A" for one in made.form.keys]
    letters = [*made.form.keys[:10], *wrong[10:]]
    with (home / "responses.csv").open("a", encoding="utf-8", newline="") as file:
        for n in range(24):
            row = {"wave": "post", "form": "C", "length": "20"} | dict(
                zip((i.id for i in made.form.items), letters if n else [*letters[:9], "?", *letters[10:]], strict=True)
            )
            csv.DictWriter(file, head, lineterminator="\r\n").writerow({one: row.get(one, "") for one in head})
    report = evaluate(LIBRARY, [home / "responses.csv"], tmp_path / "report", today=TODAY)
    tables = {one.name: one for one in report.document.tables()}
    assert tables["once"].rows[0][:2] == ("24", "50")
    shares = {row[0].rpartition("(")[2].rstrip(")"): row[2] for row in tables["once-questions"].rows}
    assert set(shares) == {item.id for item in made.form.items}
    assert {shares[item.id] for item in made.form.items[:9]} <= {"95–100", "hidden"}
    assert {shares[item.id] for item in made.form.items[10:]} <= {"0–5", "hidden"}


# --- the same call, the same bytes -----------------------------------------------------------------------------------


def test_another_machine_makes_the_same_bytes(tmp_path: Path) -> None:
    """Another process, another place, another day, other hashes."""
    here = make(order(tmp_path / "here", modules=("m8",)))
    target = tmp_path / "elsewhere"
    words = [sys.executable, "-m", "safekeeping", "class", "--seed", "7", "--modules", "M8", "-o", str(target)]
    environment = {**os.environ, "PYTHONHASHSEED": "5"}
    subprocess.run([*words, "--today", "2027-01-31"], env=environment, capture_output=True, check=True)
    assert state(target) == state(here.folder)


def test_an_unchanged_class_is_left_alone_and_another_seed_renews_it(tmp_path: Path, few: None) -> None:
    first = make(order(tmp_path / "c"))
    before = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")}
    again = make(order(tmp_path / "c"))
    assert again.files == () and again.form == first.form
    assert {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")} == before
    for change in ({"seed": 8}, {"paper": "a4"}, {"large_print": True}, {"students": 5}, {"modules": ("m8",)}):
        assert make(order(tmp_path / "c", **change)).files, change


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test and the data sheet alone: quick to make."""
    real = classroom.sheets
    quick = ("test.pdf", "responses.csv", "marking-grid.pdf")
    monkeypatch.setattr(classroom, "sheets", lambda *args: (o for o in real(*args) if o.file.endswith(quick)))


# --- what is asked for -----------------------------------------------------------------------------------------------


def test_a_syllabus_is_given_to_students_and_names_the_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The single class sets two parts; the other syllabi are left out."""
    real = classroom.sheets
    monkeypatch.setattr(classroom, "sheets", lambda *args: (replace(one, make=bytes) for one in real(*args)))
    done = make(order(tmp_path / "c", syllabus="u04"))
    assert [one.id for one in done.form.modules] == ["m1", "m5"]
    syllabi = [file for file in done.files if re.search(r"/u0[3-6]-", file)]
    assert syllabi == ["students/u04-syllabus-single-class.pdf"]
    assert all(one.lower() in " ".join(done.files) for one in FOR_STUDENTS) and "U04" in SYLLABI


@pytest.mark.parametrize("syllabus", SYLLABI)
def test_every_syllabus_gives_a_test(tmp_path: Path, few: None, syllabus: str) -> None:
    """Also where it begins with the opening part, which has no test questions."""
    assert make(order(tmp_path / "c", syllabus=syllabus)).form.items


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"items": 99}, "there are 59 test questions"),
        ({"modules": ("m5",), "items": 7}, "there are 6 test questions"),
        ({"modules": ("m0",)}, "no test questions for 00-start-here"),
        ({"modules": ("05-recognizing",)}, 'Did you mean "05-recognising"'),
        ({"students": 0}, "a number from 1 to 300"),
        ({"students": 301}, "a number from 1 to 300"),
        ({"syllabus": "U99"}, r"There are: U03 \(Syllabus"),
        ({"seed": 10**12}, "out of range"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_written(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    with pytest.raises(WrongCall, match=words):
        make(order(tmp_path / "c", **change))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", ["seven", "-1", "1.5", "", "７", "1e3"])
def test_a_seed_that_is_no_number_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: str
) -> None:
    assert cli.main(["class", f"--seed={seed}", "-o", str(tmp_path / "c")]) == 2
    said = capsys.readouterr()
    assert "is no whole number. Give one" in said.err and said.out == ""
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_drew(tmp_path: Path, few: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["class", "--seed", "7", "--modules", "M5", "-o", str(tmp_path / "c")]) == 0
    said = capsys.readouterr().out
    assert "6 questions drawn, 3 of them in neither form A nor B" in said and "Begin with index.html" in said
    assert cli.main(["class", "--seed", "7", "--modules", "M5", "-o", str(tmp_path / "c")]) == 0
    assert "Unchanged" in capsys.readouterr().out


def test_a_course_without_a_university_pack_gets_the_papers_of_the_class(tmp_path: Path, few: None) -> None:
    """The documents are somebody's own matter then."""
    root = tmp_path / "own"
    shutil.copytree(course().notebooks, root / "notebooks")
    shutil.copytree(course().facilitator, root / "facilitator", ignore=shutil.ignore_patterns("university"))
    done = make(order(tmp_path / "c", where=Course(root)))
    assert "students/test.pdf" in done.files


# --- other people's work ---------------------------------------------------------------------------------------------


def test_somebody_elses_folder_stays_as_it_is(tmp_path: Path, few: None) -> None:
    """Also a workshop's pack, and also typed answers."""
    target = tmp_path / "c"
    target.mkdir()
    (target / "letter.txt").write_text("Dear all", encoding="utf-8")
    with pytest.raises(BinderError, match=r"holds something else \(letter.txt\)"):
        make(order(target))
    (target / "letter.txt").unlink()
    (target / "pack.json").write_text(json.dumps({"safekeeping_pack": 1, "files": {}}), encoding="utf-8")
    with pytest.raises(BinderError, match="holds something else"):
        make(order(target))
    (target / "pack.json").unlink()
    make(order(target))
    sheet = target / "lecturer-only" / "responses.csv"
    sheet.write_text(sheet.read_text(encoding="utf-8") + "answers\n", encoding="utf-8")
    for change in ({}, {"seed": 8}):
        with pytest.raises(BinderError, match=r"edited lecturer-only/responses.csv.*--renew"):
            make(order(target, **change))
    assert sheet.read_text(encoding="utf-8").endswith("answers\n")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_run_that_ends_half_way_leaves_nothing_or_the_old_one(
    tmp_path: Path, few: None, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    make(order(tmp_path / "c"))
    before = state(tmp_path / "c")

    def stops(*_: object) -> bytes:
        raise error

    monkeypatch.setattr(classroom, "_responses", stops)
    for target in (tmp_path / "c", tmp_path / "new"):
        with pytest.raises(KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else output.OutputError):
            make(order(target, seed=8))
    assert state(tmp_path / "c") == before
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(output.OutputError, match=r"could not be written.*Nothing was changed"):
        make(order(tmp_path / "missing" / "c"))


def test_progress_counts_every_file(tmp_path: Path, few: None) -> None:
    """As the pack does."""
    seen: list[tuple[int, int, str]] = []
    done = make(order(tmp_path / "c"), lambda *step: seen.append(step))
    assert [one[0] for one in seen] == list(range(len(done.files)))
    assert seen[-1] == (len(done.files) - 1, len(done.files) - 1, "")
