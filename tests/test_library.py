"""The library: a file at a time, a language over it, a place in it, and limits that hold."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from safekeeping import library, records
from safekeeping.faults import ContentError, Fault, WrongCall
from safekeeping.library import CONTENT, SHELVES, Course, Library, course, fingerprint, read_toml, records_in


def fault_in(path: Path) -> Fault:
    """The one fault for which this file is refused."""
    with pytest.raises(ContentError) as caught:
        read_toml(path, "a.toml")
    (fault,) = caught.value.faults
    assert fault.file == "a.toml"
    assert fault.allowed and fault.remedy
    return fault


def written(folder: Path, raw: str | bytes) -> Path:
    """A file with this in it."""
    path = folder / "a.toml"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return path


# --- one file --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("format = 1\nx = ", "not-toml"),
        ("format = 1\nx = no", "not-toml"),
        ("format = 1\nx = 1\nx = 2", "not-toml"),
        (b"format = 1\nx = '\xff'", "not-utf8"),
        ("x = 1", "no-format"),
        ("format = '1'", "no-format"),
        ("format = true", "no-format"),
        ("format = 0", "no-format"),
        ("", "no-format"),
        ("format = 2", "newer-format"),
        ("format = 1\nx = " + "{a = " * 13 + "1" + "}" * 13, "too-deep"),
        ("format = 1\nx = " + "[" * 40_000 + "]" * 40_000, "too-deep"),
        ("format = 1\n#" + "x" * 2_000_001, "too-large"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(tmp_path: Path, raw: str | bytes, rule: str) -> None:
    """Broken, foreign, newer or hostile: one sentence with the remedy."""
    assert fault_in(written(tmp_path, raw)).rule == rule


def test_a_file_without_an_end_is_read_no_further_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to such a file would otherwise fill the memory before anybody says that it is too large."""
    monkeypatch.setattr("safekeeping.library.LARGEST_FILE", 1000)
    assert fault_in(Path("/dev/zero")).rule == "too-large"


def test_a_missing_file_is_refused_with_its_reason(tmp_path: Path) -> None:
    """The words of the operating system, in one sentence."""
    assert fault_in(tmp_path / "none.toml").came == "No such file or directory"


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    """Anything unreadable is told the same way."""
    assert fault_in(tmp_path).rule == "unreadable"


def test_the_line_of_a_slip_is_told(tmp_path: Path) -> None:
    """A person looks there first."""
    assert fault_in(written(tmp_path, 'format = 1\ntitle = "x\n')).line == 2


def test_a_newer_format_says_to_update(tmp_path: Path) -> None:
    """Nothing is guessed about a format of the future."""
    fault = fault_in(written(tmp_path, f"format = {library.FORMAT + 1}"))
    assert fault.came == f"format {library.FORMAT + 1}"
    assert "Update Safekeeping" in fault.remedy


def test_twelve_levels_are_read(tmp_path: Path) -> None:
    """The limit itself is allowed."""
    assert read_toml(written(tmp_path, "format = 1\nx = " + "{a = " * 11 + "1" + "}" * 11), "a.toml")["x"]


def test_more_records_than_the_limit_are_refused() -> None:
    """Thousands of records in one file are an accident or an attack."""
    faults: list[Fault] = []
    assert records_in(SHELVES["seed"], {"seed": [{}] * (records.MOST_ENTRIES + 1)}, "a.toml", faults) == []
    assert "at most 5000" in faults[0].allowed


@pytest.mark.parametrize("rows", ["x", 1, {"id": "a"}])
def test_a_table_of_the_wrong_kind_is_refused(rows: object) -> None:
    """`[claim]` for `[[claim]]` is a common slip."""
    faults: list[Fault] = []
    assert records_in(SHELVES["claim"], {"claim": rows}, "a.toml", faults) == []
    assert faults[0].remedy == "Use [[double]]."


# --- the library -----------------------------------------------------------------------------------------------------


def test_every_kind_of_record_is_found_by_its_id(toy: Library) -> None:
    """What stands in the folder can be asked for."""
    for kind in SHELVES:
        every = list(toy.every(kind))
        assert every, kind
        assert all(toy.get(kind, one.id) == one for one in every)


def test_records_come_in_the_order_of_files_and_of_reading(toy: Library) -> None:
    """Order in a file is the order of reading."""
    assert [one.id for one in toy.every("claim")] == ["ask-first", "soil-tells", "water-share", "rain-count"]


def test_an_unknown_id_is_refused_with_the_nearest_one(toy: Library) -> None:
    """A slip of the finger gets a hint."""
    with pytest.raises(
        WrongCall, match=re.escape('There is no scenario "dry-bet" in the course. Did you mean "dry-bed"?')
    ):
        toy.get("scenario", "dry-bet")


@pytest.mark.parametrize("id", ["", '"', "x\ny", "../secret", "\u0000", "é" * 500])
def test_any_odd_id_is_refused_in_one_sentence(toy: Library, id: str) -> None:
    """Whatever is typed, nobody sees a traceback."""
    with pytest.raises(WrongCall):
        toy.get("scenario", id)


def test_one_record_is_found_without_parsing_the_other_files(toy: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module's content is read when it is used."""
    seen: list[str] = []
    real = library.read_toml
    monkeypatch.setattr(library, "read_toml", lambda path, name: (seen.append(name), real(path, name))[1])
    toy.get("claim", "ask-first")
    toy.get("scenario", "old-pump")
    assert seen == ["claims/people.toml", "scenarios/old-pump.toml"]


def test_a_retired_record_is_still_found_but_no_longer_listed(toy_copy: Path) -> None:
    """Progress and responses point at its id for ever."""
    path = toy_copy / "content" / "claims" / "people.toml"
    path.write_text(path.read_text(encoding="utf-8") + "retired = true\n", encoding="utf-8")
    content = Library(toy_copy / "content")
    assert content.get("claim", "ask-first").retired
    assert "ask-first" not in [one.id for one in content.every("claim")]


def test_every_fault_of_a_file_is_carried(toy_copy: Path) -> None:
    """A person mends all of it at once."""
    path = toy_copy / "content" / "claims" / "people.toml"
    path.write_text('format = 1\n[[claim]]\nid = "a"\ngrade = "x"\n[[claim]]\nid = "b"\ntxt = "c"\n', encoding="utf-8")
    with pytest.raises(ContentError, match="safekeeping check") as caught:
        Library(toy_copy / "content").get("claim", "a")
    assert {fault.at for fault in caught.value.faults} >= {"claim[a].grade", "claim[b].txt", "claim[b]"}
    assert {fault.file for fault in caught.value.faults} == {"claims/people.toml"}


def test_a_broken_file_does_not_hide_the_others(toy_copy: Path) -> None:
    """A slip in one scenario does not close the course."""
    (toy_copy / "content" / "scenarios" / "old-pump.toml").write_text("format = 1\nid = ", encoding="utf-8")
    assert Library(toy_copy / "content").get("scenario", "dry-bed").title == "The dry bed"


def test_a_file_that_cannot_be_opened_is_told_in_one_sentence(toy_copy: Path) -> None:
    """Whatever a person put among the claims."""
    (toy_copy / "content" / "claims" / "a-folder.toml").mkdir()
    with pytest.raises(ContentError, match="a-folder"):
        Library(toy_copy / "content").get("claim", "ask-first")


def test_a_file_that_goes_missing_is_told_in_one_sentence(toy_copy: Path) -> None:
    """Also a file that every page needs."""
    (toy_copy / "content" / "course.toml").unlink()
    with pytest.raises(ContentError, match=r"course\.toml"):
        Library(toy_copy / "content").course()


@pytest.mark.parametrize("name", ["t1", "T1", "01-beds", "01-BEDS", "01-beds.ipynb"])
def test_a_module_answers_to_its_id_and_to_its_notebook(toy: Library, name: str) -> None:
    """Both are what people type."""
    assert toy.module(name).id == "t1"


def test_an_unknown_module_names_the_modules_and_a_near_one(toy: Library) -> None:
    """The list is short, so it is told."""
    with pytest.raises(
        WrongCall, match=r'There is no module "01-bed"\. The modules are 00-gate, 01-beds\. .*"01-beds"'
    ):
        toy.module("01-bed")


def test_the_label_of_review_changes_only_with_a_review_record(toy_copy: Path) -> None:
    """Nobody types "reviewed"."""
    assert Library(toy_copy / "content").review_label() == "Not yet externally reviewed"
    path = toy_copy / "content" / "reviews.toml"
    record = '\n[[review]]\nreviewer_role = "gardener"\ndate = "2030-01-01"\nscope = "all"\noutcome = "fine"\n'
    path.write_text(path.read_text(encoding="utf-8") + record, encoding="utf-8")
    assert Library(toy_copy / "content").review_label() == "Externally reviewed: see the record"


def test_built_in_covers_change_their_label_with_the_first_review(tmp_path: Path) -> None:
    """The built-in file holds both labels, so that a real review needs no change of the program."""
    text = (CONTENT / "reviews.toml").read_text(encoding="utf-8")
    (tmp_path / "reviews.toml").write_text(text, encoding="utf-8")
    assert Library(tmp_path).review_label() == "Not yet externally reviewed"
    (tmp_path / "reviews.toml").write_text(text + '[[review]]\nreviewer_role = "x"\n', encoding="utf-8")
    assert "see the review record" in Library(tmp_path).review_label()


# --- languages and places --------------------------------------------------------------------------------------------


@pytest.fixture
def spanish(toy_folder: Path) -> Library:
    """The toy course in its little Spanish."""
    return Library(toy_folder / "content", "es", "toyland")


def test_a_language_replaces_words_and_nothing_else(toy: Library, spanish: Library) -> None:
    """Answers, story edges, numbers and ids exist once, in English."""
    english, other = toy.get("scenario", "dry-bed"), spanish.get("scenario", "dry-bed")
    assert other.title == "El bancal seco"
    assert other.nodes[0].options[1].feedback == "La tierra dice más que las hojas."
    assert records.with_texts(other, dict(records.texts(english))) == english
    assert spanish.get("item", "bed-mc").options[0].text == "La tierra."
    assert spanish.get("item", "bed-mc").options[0].key
    assert spanish.module("t1").content_note.text == "Alguien mira un bancal seco."


def test_a_missing_word_stays_english(spanish: Library) -> None:
    """A gap is better read in English than not at all."""
    one = spanish.get("scenario", "dry-bed")
    assert one.nodes[0].text == "The leaves of the third bed hang down."
    assert one.nodes[0].known == ("Las hojas cuelgan", "It is noon")
    assert spanish.get("scenario", "old-pump").title == "The old pump"


def test_words_of_the_interface_are_laid_over_too(toy_copy: Path) -> None:
    """Buttons speak the language of the text."""
    english = Library(toy_copy / "content").words("front")
    rows = 'format = 1\n[[text]]\nid = "front.leave"\ntext = "Salir ya"\n'
    (toy_copy / "content" / "es" / "words.toml").write_text(rows, encoding="utf-8")
    assert Library(toy_copy / "content", "es").words("front") == english | {"leave": "Salir ya"}


@pytest.mark.parametrize(
    "rows",
    ["text = 1", "[text]\nid = 'a'", "[[text]]\nid = 'dry-bed.title'", "[[text]]\nid = 1\ntext = 2", "text = ['a']"],
)
def test_a_broken_translation_is_refused_in_one_sentence(toy_copy: Path, rows: str) -> None:
    """A translator's slip is a fault with a remedy, never a traceback."""
    path = toy_copy / "content" / "es" / "scenarios" / "dry-bed.toml"
    path.write_text(f"format = 1\n{rows}\n", encoding="utf-8")
    with pytest.raises(ContentError, match="es/scenarios/dry-bed"):
        Library(toy_copy / "content", "es").get("scenario", "dry-bed")


def test_a_place_pack_brings_its_own_contacts_and_phrases(toy_folder: Path, toy: Library) -> None:
    """What holds only in one place stands in that place's file, under the same ids."""
    other = Library(toy_folder / "content", place="elsewhere")
    assert toy.get("contact", "fire-bell").phone == "000"
    assert other.get("contact", "fire-bell").phone == "999"
    assert other.get("phrase", "emergency-number").text == "999"
    assert other.get("scenario", "dry-bed") == toy.get("scenario", "dry-bed")


def test_a_fingerprint_follows_the_text() -> None:
    """A translation remembers which English it follows."""
    assert fingerprint("a") == fingerprint("a") != fingerprint("b")
    assert re.fullmatch("[0-9a-f]{8}", fingerprint("é"))


# --- where the course is ---------------------------------------------------------------------------------------------


def test_a_course_of_ones_own_is_taken(toy_folder: Path) -> None:
    """`--course DIR` comes before everything else."""
    assert course(toy_folder) == Course(toy_folder)
    assert course(str(toy_folder)).facilitator == toy_folder / "facilitator"


def test_a_folder_without_notebooks_is_refused(tmp_path: Path) -> None:
    """With the remedy."""
    with pytest.raises(WrongCall, match=r'it has no folder "notebooks"\. Give the folder above it'):
        course(tmp_path)


def test_in_a_checkout_the_course_is_the_checkout() -> None:
    """So an edited notebook shows at once."""
    assert course().notebooks == Path(__file__).parents[1] / "notebooks"


def fake_package(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Let the library believe that the package stands elsewhere."""
    package = folder / "somewhere" / "safekeeping"
    package.mkdir(parents=True)
    monkeypatch.setattr(library, "__file__", str(package / "library.py"))
    return package


def test_without_a_checkout_the_course_is_the_copy_inside_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An installed wheel carries its course."""
    package = fake_package(monkeypatch, tmp_path)
    (package / "course" / "notebooks").mkdir(parents=True)
    assert course() == Course(package / "course")


def test_somebody_elses_checkout_around_the_package_is_no_course(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A project that vendors the package has notebooks of its own."""
    package = fake_package(monkeypatch, tmp_path)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").write_text('name = "garden"', encoding="utf-8")
    with pytest.raises(WrongCall, match=r"holds no notebooks\. Reinstall it, or name the course with --course DIR"):
        course()
    (package / "course" / "notebooks").mkdir(parents=True)
    assert course().root == package / "course"


# --- the real content ------------------------------------------------------------------------------------------------


def test_every_record_of_the_built_in_content_is_read() -> None:
    """The reader and the content agree."""
    content = Library()
    for kind in SHELVES:
        assert list(content.every(kind)), kind


def test_every_module_has_its_notebook() -> None:
    """Manifest and files agree in both directions."""
    content = Library()
    stems = {one.stem for one in content.every("module")}
    assert stems == {path.stem for path in course().notebooks.glob("*.ipynb")}
    assert {one.id for one in content.every("module")} == set(content.course()["modules"])


def test_every_toml_file_of_the_content_is_read_by_something() -> None:
    """A file in the wrong folder would be lost without a word."""
    content = Library()
    read = {path for kind in SHELVES for path in content.paths(kind)}
    plain = {CONTENT / name for name in ("course.toml", "words.toml", "reviews.toml", "ids.toml", "evaluation.toml")}
    assert set(CONTENT.rglob("*.toml")) - read - plain == set()


def test_a_copy_of_the_content_reads_like_the_content(tmp_path: Path) -> None:
    """Nothing depends on where the folder stands."""
    shutil.copytree(CONTENT, tmp_path / "elsewhere")
    assert list(Library(tmp_path / "elsewhere").every("item")) == list(Library().every("item"))
