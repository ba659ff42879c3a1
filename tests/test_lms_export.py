"""The command `lms`: what it writes, what it leaves alone, and one calm sentence for every slip."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from safekeeping.cli import main
from safekeeping.faults import ContentError, SafekeepingError, WrongCall
from safekeeping.library import Course, Library
from safekeeping.publish.lms.export import ENDINGS, Format, Order, export
from safekeeping.publish.output import OutputError

FILES: list[Format] = ["imscc", "qti", "moodle", "gift", "csv"]


def order(toy: Library, where: Course, format: Format, target: Path, **more: Any) -> Order:
    """An order for the toy course."""
    return Order(**{"library": toy, "where": where, "modules": (), "format": format, "target": target, **more})


@pytest.mark.parametrize("format", FILES)
def test_a_file_is_written_once_and_then_left_alone(
    toy: Library, toy_course: Course, tmp_path: Path, format: Format
) -> None:
    """Its time does not change while nothing in it would."""
    target = tmp_path / f"unit{ENDINGS[format]}"
    assert export(order(toy, toy_course, format, target)).startswith("Written")
    raw, stamp = target.read_bytes(), target.stat().st_mtime_ns
    assert export(order(toy, toy_course, format, target)).startswith("Unchanged")
    assert target.stat().st_mtime_ns == stamp
    other = tmp_path / f"again{ENDINGS[format]}"
    export(order(toy, toy_course, format, other))
    assert other.read_bytes() == raw


@pytest.mark.parametrize("format", FILES)
def test_a_file_that_somebody_edited_stays_until_asked(
    toy: Library, toy_course: Course, tmp_path: Path, format: Format
) -> None:
    """It is never taken for unchanged; --renew replaces it."""
    target = tmp_path / f"unit{ENDINGS[format]}"
    export(order(toy, toy_course, format, target))
    raw = target.read_bytes()
    edited = raw.replace(b"Part 1", b"Part 9", 1) if b"Part 1" in raw else raw[:50] + b"!" + raw[51:]
    target.write_bytes(edited)
    with pytest.raises(WrongCall, match="--renew"):
        export(order(toy, toy_course, format, target))
    assert target.read_bytes() == edited
    export(order(toy, toy_course, format, target, renew=True))
    assert target.read_bytes() == raw


@pytest.mark.parametrize("format", FILES)
def test_a_file_that_is_not_ours_stays(toy: Library, toy_course: Course, tmp_path: Path, format: Format) -> None:
    """Whatever it is."""
    target = tmp_path / f"unit{ENDINGS[format]}"
    target.write_bytes(b"my own questions")
    with pytest.raises(WrongCall, match="is not ours"):
        export(order(toy, toy_course, format, target))
    assert target.read_bytes() == b"my own questions"


def test_a_file_that_may_not_be_read_is_somebody_elses(
    toy: Library, toy_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused in a sentence; with --renew it is replaced, if the folder allows that."""
    target = tmp_path / "unit.csv"
    target.write_bytes(b"secret")
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path == target:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(WrongCall, match="is not ours"):
        export(order(toy, toy_course, "csv", target))
    assert export(order(toy, toy_course, "csv", target, renew=True)).startswith("Written")


@pytest.mark.parametrize("format", [one for one in FILES if one != "csv"])
def test_an_older_file_of_ours_is_replaced(
    toy: Library, toy_course: Course, tmp_path: Path, toy_copy: Path, format: Format
) -> None:
    """The course was edited since, the file was not."""
    target = tmp_path / f"unit{ENDINGS[format]}"
    export(order(toy, toy_course, format, target))
    path = toy_copy / "content" / "items" / "t1.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("At the soil.", "Down at the soil."), encoding="utf-8")
    newer = Library(toy_copy / "content", place="toyland")
    assert export(order(newer, Course(toy_copy), format, target)).startswith("Written")


@pytest.mark.parametrize("format", FILES)
def test_students_and_instructors_files_do_not_pass_for_each_other(
    toy: Library, toy_course: Course, tmp_path: Path, format: Format
) -> None:
    """Written over each other they differ, and the keys are announced."""
    target = tmp_path / f"unit{ENDINGS[format]}"
    export(order(toy, toy_course, format, target))
    said = export(order(toy, toy_course, format, target, instructor=True, renew=True))
    assert said.startswith("Written")
    assert "keep it from students" in said


def test_nothing_is_left_behind_when_a_question_is_refused(toy_copy: Path, tmp_path: Path) -> None:
    """An unreadable character in an item: a fault with its place, and no file."""
    path = toy_copy / "content" / "items" / "t1.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("At the soil.", "At the \\u0007soil."), encoding="utf-8")
    library = Library(toy_copy / "content", place="toyland")
    for format in FILES:
        target = tmp_path / f"unit{ENDINGS[format]}"
        with pytest.raises(ContentError, match=r"bed-mc"):
            export(order(library, Course(toy_copy), format, target))
    assert [path.name for path in tmp_path.iterdir()] == [toy_copy.name]


@pytest.mark.parametrize("format", ["qti", "moodle", "gift", "csv"])
def test_a_part_without_questions_is_told(toy: Library, toy_course: Course, tmp_path: Path, format: Format) -> None:
    """And nothing is written."""
    target = tmp_path / f"unit{ENDINGS[format]}"
    with pytest.raises(WrongCall, match="no questions for practice"):
        export(order(toy, toy_course, format, target, modules=("t0",)))
    assert not target.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["05-recognizing", "--format", "gift", "-o", "x.txt"], 'Did you mean "05-recognising"?'),
        (["m5", "--format", "gift", "-o", "x.gift"], "does not end in .txt"),
        (["m5", "--format", "qti", "-o", "x.xml"], "does not end in .zip"),
        (["m5", "--format", "qti", "--instructor", "-o", "x"], "Name a file such as keys.zip"),
        (["m5", "--format", "imscc", "-o", "."], "is a folder"),
        (["m5", "--format", "gift", "-o", "none/x.txt"], "the folder does not exist"),
        (["m0", "--format", "gift", "-o", "x.txt"], "00-start-here has no questions for practice"),
        (["m5", "--format", "scorm12", "--instructor", "-o", "x.zip"], "Leave --instructor out"),
        (["--format", "scorm12", "-o", "x.zip"], "Name one part, or a folder"),
        (["m5", "--format", "scorm12", "-o", "packages"], "does not end in .zip"),
        (["m5", "m6", "--format", "scorm12", "-o", "none/packages"], "the folder does not exist"),
    ],
)
def test_a_slip_gets_one_sentence(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the remedy, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    code = main(["lms", *words])
    complaint = capsys.readouterr().err
    assert code == (1 if "folder does not exist" in said else 2)
    assert said in complaint
    assert "Traceback" not in complaint
    assert list(tmp_path.iterdir()) == []


def test_several_parts_become_several_packages(toy: Library, toy_course: Course, tmp_path: Path) -> None:
    """In one folder; made once, then left alone; of an edited one nothing is lost, and nothing else is touched."""
    folder = tmp_path / "packages"
    assert export(order(toy, toy_course, "scorm12", folder)) == f"Written: 2 packages in {folder}."
    assert sorted(path.name for path in folder.iterdir()) == ["part-0.zip", "part-1.zip"]
    assert export(order(toy, toy_course, "scorm12", folder)).startswith("Unchanged")
    (folder / "part-1.zip").write_bytes(b"mine")
    (folder / "part-0.zip").unlink()
    with pytest.raises(WrongCall, match=r"part-1\.zip"):
        export(order(toy, toy_course, "scorm12", folder))
    assert [path.name for path in folder.iterdir()] == ["part-1.zip"]
    assert (folder / "part-1.zip").read_bytes() == b"mine"


def test_one_part_that_cannot_be_drawn_leaves_no_package_of_another(toy_copy: Path, tmp_path: Path) -> None:
    """Half a course in a folder would pass for the whole."""
    (toy_copy / "notebooks" / "01-beds.ipynb").write_text("{", encoding="utf-8")
    toy = Library(toy_copy / "content", place="toyland")
    with pytest.raises(SafekeepingError):
        export(order(toy, Course(toy_copy), "scorm12", tmp_path / "packages"))
    assert not (tmp_path / "packages").exists()


def test_a_folder_that_cannot_be_written_is_found_before_the_work(
    toy: Library, toy_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a cartridge that cannot be kept."""
    from safekeeping.publish.lms import common_cartridge

    monkeypatch.setattr(common_cartridge, "made", lambda *_, **__: pytest.fail("the long work began"))
    with pytest.raises(OutputError):
        export(order(toy, toy_course, "imscc", tmp_path / "none" / "x.imscc"))


def test_formats_of_questions_load_no_notebooks() -> None:
    """They are quick: neither nbformat nor nbconvert is needed for them."""
    code = (
        "import sys; from safekeeping.cli import main; from pathlib import Path; import tempfile\n"
        "with tempfile.TemporaryDirectory() as d:\n"
        "    for format, end in (('qti', 'zip'), ('moodle', 'xml'), ('gift', 'txt'), ('csv', 'csv')):\n"
        "        assert main(['lms', 'm1', '--format', format, '-o', f'{d}/x-{format}.{end}']) == 0\n"
        "assert not {'nbformat', 'nbconvert', 'jsonschema', 'jinja2', 'mistune'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
