"""The SCORM package of a part: its manifest and its page; made whole, the same each time, without test questions."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conftest import ROOT
from html_reader import parse
from safekeeping import exercises
from safekeeping.faults import WrongCall
from safekeeping.library import Course, Library
from safekeeping.publish import parts
from safekeeping.publish.lms import scorm
from safekeeping.publish.lms.export import Order, export
from safekeeping.publish.output import OutputError

CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
STATES = {"open", "kept", "resumed", "waiting", "trouble", "review", "browse", "newer", "go-on"}
ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
MODULES = list(Library().course()["modules"])


def unpacked(path: Path) -> dict[str, str]:
    """The files of a package, read by Python's own reader."""
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode() for name in file.namelist()}


def package(library: Library, where: Course, module: str, target: Path) -> bool:
    """Write a package, and say whether there was anything to write."""
    order = Order(library=library, where=where, modules=(module,), format="scorm12", target=target)
    return export(order).startswith("Written")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The page of every part's package."""
    library, where = Library(), Course(ROOT)
    return {id: scorm.files(library, where, library.module(id))[scorm.PAGE] for id in MODULES}


# --- the package -----------------------------------------------------------------------------------------------------


def test_manifest_names_one_page_with_the_part_s_title_and_asks_for_no_mastery(
    toy: Library, toy_course: Course, tmp_path: Path
) -> None:
    """Schema, one organization, one item, one SCO, every file; and no mark that would turn practice into failure."""
    assert package(toy, toy_course, "t1", tmp_path / "t1.zip")
    files = unpacked(tmp_path / "t1.zip")
    assert list(files) == ["imsmanifest.xml", "index.html"]
    root = ElementTree.fromstring(files["imsmanifest.xml"])
    assert root.tag == f"{CP}manifest"
    assert [one.text for one in root.find(f"{CP}metadata") or ()] == ["ADL SCORM", "1.2"]
    organizations = root.find(f"{CP}organizations")
    assert organizations is not None
    (organization,) = organizations
    assert organizations.get("default") == organization.get("identifier")
    (item,) = organization.findall(f"{CP}item")
    (resource,) = root.iter(f"{CP}resource")
    assert item.get("identifierref") == resource.get("identifier")
    assert (resource.get("type"), resource.get(f"{ADL}scormtype"), resource.get("href")) == (
        "webcontent", "sco", "index.html",
    )  # fmt: skip
    assert [one.get("href") for one in resource.iter(f"{CP}file")] == [name for name in files if name.endswith(".html")]
    assert {one.text for one in root.iter(f"{CP}title")} == {f"Part 1: {toy.module('t1').title}"}
    assert "masteryscore" not in files["imsmanifest.xml"]
    identifiers = [one.get("identifier") for one in root.iter() if one.get("identifier")]
    assert len(identifiers) == len(set(identifiers))


def test_package_is_the_same_each_time_and_left_alone_when_nothing_changed(
    toy: Library, toy_course: Course, toy_copy: Path, tmp_path: Path
) -> None:
    """Byte for byte; a word that changed in the course makes it anew."""
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    assert package(toy, toy_course, "t1", one)
    assert package(toy, toy_course, "t1", two)
    assert one.read_bytes() == two.read_bytes()
    assert not package(toy, toy_course, "01-beds", one)
    words = toy_copy / "content" / "words.toml"
    words.write_text(words.read_text("utf-8").replace('"Leave now"', '"Away"'), "utf-8")
    assert package(Library(toy_copy / "content", place="toyland"), Course(toy_copy), "t1", one)
    assert "Away" in unpacked(one)["index.html"]


def test_title_of_any_characters_stands_in_the_manifest_as_text(toy: Library) -> None:
    """Angle brackets, quotes, accents, right-to-left marks: read back by a reader of XML, unchanged."""
    title = "</title><x a=\"1\" b='2'>& é \u202e שלום ]]>"
    module = dataclasses.replace(toy.module("t1"), title=title)
    root = ElementTree.fromstring(scorm._manifest(toy, module))
    assert {one.text for one in root.iter(f"{CP}title")} == {f"Part 1: {title}"}


def test_part_that_does_not_exist_and_folder_that_does_not_are_one_sentence(
    toy: Library, toy_course: Course, tmp_path: Path
) -> None:
    """Nothing is left behind."""
    with pytest.raises(WrongCall, match="t9"):
        package(toy, toy_course, "t9", tmp_path / "t9.zip")
    with pytest.raises(OutputError, match="does not exist"):
        package(toy, toy_course, "t1", tmp_path / "gone" / "t1.zip")
    assert list(tmp_path.iterdir()) == []


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", MODULES)
def test_page_holds_the_whole_part_and_leads_to_nothing_that_is_not_there(pages: dict[str, str], id: str) -> None:
    """Every exercise is played in place, six stories too; a link leads into the page, to the web, to a phone, away."""
    library = Library()
    page = parse(pages[id])
    part = parts.draw(library, Course(ROOT), library.module(id))
    drawn = [one.has["data-id"] for one in page.find(css="sk-exercise")]
    assert drawn == [f"note-{id}", *(one.id for one in part.do)]
    ids = {one.has.get("id") for one in page.every()}
    for link in page.find("a"):
        to = link.has["href"]
        assert re.match(r"https?://|tel:|mailto:|about:blank$", to) or to.removeprefix("#") in ids, to
    assert page.find("a")[0].has["href"] == "about:blank"  # Leave now comes first


@pytest.mark.parametrize("id", MODULES)
def test_page_says_before_anything_what_the_class_system_is_told(pages: dict[str, str], id: str) -> None:
    """Above the content note, with the words for every state that may come; the review label stands beside it."""
    html = pages[id]
    words = Library().words("package")
    assert html.index(words["told"]) < html.index("sk-exercise")
    assert html.index('id="sk-class" role="status"') < html.index("sk-exercise")
    assert "Not yet externally reviewed" in html
    assert "sends nothing." not in html  # what the site may say of itself, and a package may not
    script = html[html.rindex("<script>") :]
    assert set(re.findall(r'"scorm\.([\w-]+)"', script)) == STATES == set(Library().words("scorm"))


def test_no_test_question_is_in_any_package(pages: dict[str, str]) -> None:
    """Students get practice; what is asked in a test stands nowhere."""
    tests = [one for one in Library().every("item") if one.use == "test"]
    assert len(tests) > 50
    for html in pages.values():
        page = parse(html)
        told = {one.text for one in page.every() if "data-t" in one.has}
        assert not [one.id for one in tests if one.stem in told or f'"{one.id}"' in html]


def test_part_without_exercises_is_done_by_the_way_taken(pages: dict[str, str]) -> None:
    """The opening part holds its note alone: its package is no empty one."""
    assert parse(pages["m0"]).find(css="sk-exercise", data_id="note-m0")
    assert exercises.note(Library(), "m0").id == "note-m0"
