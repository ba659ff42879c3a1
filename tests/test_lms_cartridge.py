"""The cartridge: a reader of others finds what the manifest promises; pages as `page` writes them; nothing mixed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyslet import imscc_profilev1p0, imscc_profilev1p1  # type: ignore[import-untyped]

from lms_readers import plain
from safekeeping.faults import ContentError, WrongCall
from safekeeping.library import Course, Library, built_in, course
from safekeeping.publish import page
from safekeeping.publish.lms import common_cartridge
from safekeeping.publish.lms.common_cartridge import Cartridge
from safekeeping.publish.lms.question import quizzes


def made(library: Library, where: Course, *names: str, instructor: bool = False) -> zipfile.ZipFile:
    """The cartridge of these modules, or of all."""
    modules = [library.module(name) for name in names or library.course()["modules"]]
    return zipfile.ZipFile(io.BytesIO(common_cartridge.made(library, where, modules, "0" * 32, instructor=instructor)))


@pytest.fixture(scope="module")
def whole() -> zipfile.ZipFile:
    """The cartridge of the whole course."""
    return made(built_in(), course())


@pytest.fixture(scope="module")
def manifest(whole: zipfile.ZipFile) -> ET.Element:
    """Its manifest."""
    return ET.fromstring(whole.read("imsmanifest.xml"))


def titles(one: ET.Element, depth: int = 0) -> list[tuple[int, str]]:
    """The tree as a student sees it."""
    found = []
    for child in one.iterfind("{*}item"):
        found += [(depth, child.findtext("{*}title") or ""), *titles(child, depth + 1)]
    return found


# --- readers of others -----------------------------------------------------------------------------------------------


def older(file: zipfile.ZipFile, folder: Path, foreign: str = "") -> imscc_profilev1p1.CommonCartridge:
    """What pyslet reads. It knows version 1.1, so the version's number in the names of the standard is set back.

    Parameters
    ----------
    foreign : a file to put in that the manifest does not name.
    """
    file.extractall(folder)
    if foreign:
        (folder / foreign).write_text("<a/>", encoding="utf-8")
    path = folder / "imsmanifest.xml"
    path.write_text(path.read_text(encoding="utf-8").replace("imsccv1p3", "imsccv1p1"), encoding="utf-8")
    return imscc_profilev1p1.CommonCartridge(str(folder))


def test_an_independent_reader_finds_each_thing_where_the_manifest_says(whole: zipfile.ZipFile, tmp_path: Path) -> None:
    """Every resource with its file, and its own tests of conformance pass."""
    cartridge = older(whole, tmp_path)
    resources = list(cartridge.cp.manifest.root.Resources.Resource)
    assert len(resources) == len({one.id for one in resources}) > 40
    for one in resources:
        for file in one.File:
            assert (tmp_path / str(file.href)).is_file()
    suite = imscc_profilev1p0.CCTestSuite(cartridge)
    result = imscc_profilev1p0.unittest.TestResult()
    suite.run(result)
    assert result.testsRun > 5
    assert not result.failures, result.failures
    assert not result.errors, result.errors


def test_its_test_of_conformance_can_fail(whole: zipfile.ZipFile, tmp_path: Path) -> None:
    """A file beside a quiz that the manifest does not name is found."""
    cartridge = older(whole, tmp_path, "sk-m1.practice/other.xml")
    result = imscc_profilev1p0.unittest.TestResult()
    imscc_profilev1p0.CCTestSuite(cartridge).run(result)
    assert result.failures


# --- the manifest ----------------------------------------------------------------------------------------------------


def test_the_manifest_names_every_file_once_and_no_other(whole: zipfile.ZipFile, manifest: ET.Element) -> None:
    """It stands first in the archive; identifiers are unique; what the tree shows exists."""
    assert whole.namelist()[0] == "imsmanifest.xml"
    files = [one.get("href") for one in manifest.iterfind(".//{*}file")]
    assert sorted(map(str, files)) == sorted(set(whole.namelist()) - {"imsmanifest.xml"})
    ids = [one.get("identifier") for one in manifest.iter() if one.get("identifier")]
    assert len(ids) == len(set(ids))
    resources = {one.get("identifier") for one in manifest.iterfind(".//{*}resource")}
    shown = {one.get("identifierref") for one in manifest.iterfind(".//{*}item")} - {None}
    assert shown <= resources
    hidden = resources - shown
    assert hidden == {one.get("identifierref") for one in manifest.iterfind(".//{*}variant")}


def test_the_manifest_says_what_this_is(manifest: ET.Element) -> None:
    """Version, title, what it is about, that nobody reviewed it, and the licence."""
    assert manifest.findtext("{*}metadata/{*}schemaversion") == "1.3.0"
    said = " ".join(manifest.find("{*}metadata").itertext())  # type: ignore[union-attr]
    for part in ("Safekeeping", "Recognising and responding", "Not yet externally reviewed", "CC BY 4.0"):
        assert part in said


def test_students_see_help_first_then_the_parts_in_order(manifest: ET.Element) -> None:
    """In each folder the page before its practice."""
    tree = titles(manifest.find("{*}organizations/{*}organization/{*}item"))  # type: ignore[arg-type]
    assert tree[0] == (0, "Where to turn")
    library = built_in()
    folders = [title for depth, title in tree if depth == 0][1:-1]
    names = [library.module(id) for id in library.course()["modules"]]
    assert folders == [
        f"Part {one.number}: {one.title}" if one.number else f"Before you begin: {one.title}" for one in names
    ]
    at = tree.index((0, folders[5]))
    assert tree[at + 1 : at + 3] == [(1, folders[5]), (1, "Part 5: practice")]
    assert tree[-7] == (0, "Assignments")
    assert tree[-6:] == [(1, title) for _, title in tree[-6:]]
    assert tree[-6][1].startswith("A1")


def test_file_names_are_calm(whole: zipfile.ZipFile) -> None:
    """They stay in a history and in a list of downloads."""
    for name in whole.namelist():
        assert name == "imsmanifest.xml" or not any(
            word in name for word in ("exploit", "sex", "traffick", "child", "abuse")
        )


# --- what it holds ---------------------------------------------------------------------------------------------------


@pytest.mark.kernel
def test_a_part_is_the_page_that_the_command_page_writes(whole: zipfile.ZipFile, tmp_path: Path) -> None:
    """Byte for byte, though no kernel was started here: `page` runs the notebook, the cartridge draws its calls."""
    target = tmp_path / "page.html"
    page.page(built_in(), course(), "m1", target)
    alone = target.read_bytes().rpartition(b"\n<!-- made from")[0]
    assert whole.read("pages/part-1.html") == alone


def test_every_page_can_be_left_and_says_where_to_turn(whole: zipfile.ZipFile) -> None:
    """Leave now stands first; help lines and the strict policy are in each of them."""
    pages = [name for name in whole.namelist() if name.endswith(".html")]
    assert len(pages) == 11 + 6 + 1
    for name in pages:
        text = whole.read(name).decode()
        assert text.index('class="sk-leave"') < text.index('class="sk-skip"')
        assert "default-src &#x27;none&#x27;" in text
        assert 'id="help-lines"' in text
        assert "Not yet externally reviewed" in text


def test_a_reading_stands_under_the_first_part_that_rests_on_it(whole: zipfile.ZipFile, manifest: ET.Element) -> None:
    """Each once, with its two questions, and with the choice not to post."""
    from safekeeping import university

    readings = university.read(course()).reading
    topics = [name for name in whole.namelist() if name.endswith("topic.xml")]
    assert len(topics) == len(readings)
    topic = ET.fromstring(whole.read("sk-reading.alaggia-2019/topic.xml"))
    text = topic.findtext("{*}text") or ""
    assert all(question.split("'")[0] in text for question in readings["alaggia-2019"].questions)
    assert "no reason is asked" in text


def test_an_assignment_is_an_extension_with_a_page_for_those_who_do_not_know_it(
    whole: zipfile.ZipFile, manifest: ET.Element
) -> None:
    """The page stands in the tree and names the extension as what is preferred."""
    told = ET.fromstring(whole.read("sk-assignment.u08/assignment.xml"))
    assert told.findtext("{*}title") == "A2: Reflective practice log"
    text = told.findtext("{*}text") or ""
    assert "{{" not in text
    assert "Nothing about a real child" in text
    assert told.find("{*}gradable").get("points_possible") == "100"  # type: ignore[union-attr]
    by_id = {one.get("identifier"): one for one in manifest.iterfind(".//{*}resource")}
    fallback = by_id["sk-assignment.u08.page"]
    assert fallback.get("type") == "webcontent"
    assert fallback.find("{*}variant").get("identifierref") == "sk-assignment.u08"  # type: ignore[union-attr]
    assert by_id["sk-assignment.u08"].get("type") == "assignment_xmlv1p0"


def test_a_quiz_begins_with_what_comes(whole: zipfile.ZipFile) -> None:
    """The part's content note, before the first question."""
    root = ET.fromstring(whole.read("sk-m5.practice/quiz.xml"))
    note = root.findtext("{*}assessment/{*}presentation_material/{*}flow_mat/{*}material/{*}mattext") or ""
    assert built_in().module("m5").content_note.text in plain(note)[0]


def test_one_part_alone_brings_its_own_readings_and_the_assignments() -> None:
    """Readings that rest on other parts stay away."""
    names = made(built_in(), course(), "m8").namelist()
    assert "pages/part-8.html" in names
    assert "pages/part-5.html" not in names
    assert "sk-m8.practice/quiz.xml" in names
    assert 0 < len([name for name in names if name.endswith("topic.xml")]) < 21
    assert len([name for name in names if name.endswith("assignment.xml")]) == 6


def test_the_instructors_cartridge_holds_test_questions_and_nothing_else(toy: Library, toy_course: Course) -> None:
    """For the instructor's role; no page, no practice. And no test question is in the student's."""
    file = made(toy, toy_course, instructor=True)
    assert file.namelist() == ["imsmanifest.xml", "sk-t1.test/quiz.xml"]
    text = file.read("sk-t1.test/quiz.xml").decode()
    assert "Which tells more?" in text
    assert "Where do you look first?" not in text
    manifest = ET.fromstring(file.read("imsmanifest.xml"))
    (role,) = [one.text for one in manifest.iterfind(".//{*}intendedEndUserRole/{*}value")]
    assert role == "Instructor"
    assert "with keys, for the instructor only" in (manifest.findtext(".//{*}title/{*}string") or "")
    student = made(toy, toy_course)
    assert not any(b"Which tells more?" in student.read(name) for name in student.namelist())


def test_no_test_item_of_the_course_is_in_the_student_cartridge(whole: zipfile.ZipFile) -> None:
    """Neither its words nor its id, in any file."""
    library = built_in()
    test = [one for one in library.every("item") if one.use == "test"]
    quiz = "".join(whole.read(name).decode() for name in whole.namelist() if name.endswith("quiz.xml"))
    assert len(test) > 50
    for one in test:
        assert f'"{one.id}"' not in quiz
        assert f"sk-{one.id}." not in quiz
    stems = {
        text
        for made in quizzes(library, [library.module("m5")], instructor=True)
        for q in made.questions
        for text in q.stem
    }
    everything = "".join(whole.read(name).decode() for name in whole.namelist())
    assert not [stem for stem in stems if stem in everything]


def test_a_course_without_a_university_pack_makes_a_cartridge_too(toy: Library, toy_course: Course) -> None:
    """With pages and practice, without readings and assignments; no empty folder stands there."""
    file = made(toy, toy_course)
    assert [name for name in file.namelist() if "assignment" in name or "topic" in name] == []
    tree = titles(ET.fromstring(file.read("imsmanifest.xml")).find("{*}organizations/{*}organization/{*}item"))  # type: ignore[arg-type]
    assert "Assignments" not in [title for _, title in tree]


def test_an_instructors_file_without_a_test_question_is_refused(toy: Library, toy_course: Course) -> None:
    """The opening part has none."""
    with pytest.raises(WrongCall, match="no test questions"):
        made(toy, toy_course, "t0", instructor=True)


def test_two_things_with_one_identifier_are_refused(toy: Library, toy_course: Course) -> None:
    """A part whose id differs from another's in a capital letter would take its place."""
    cartridge = Cartridge(toy, toy_course)
    cartridge.part(toy.module("t1"))
    with pytest.raises(ContentError, match="id-clash"):
        cartridge.part(toy.module("t1"))


def test_the_same_course_gives_the_same_bytes(toy: Library, toy_course: Course) -> None:
    """Run twice, compared byte by byte."""
    modules = [toy.module(id) for id in toy.course()["modules"]]
    first = common_cartridge.made(toy, toy_course, modules, "0" * 32)
    assert first == common_cartridge.made(toy, toy_course, modules, "0" * 32)
