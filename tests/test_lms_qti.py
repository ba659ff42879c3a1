"""QTI 1.2: read by a reader of the standard that nobody here wrote, and shaped as text2qti writes for Canvas."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyslet.qtiv1.xml import QTIDocument  # type: ignore[import-untyped]

from lms_readers import HOSTILE, item, plain
from safekeeping.library import Course, Library, built_in
from safekeeping.publish.lms import qti
from safekeeping.publish.lms.question import Choice, Essay, Match, Quiz, question, quizzes
from safekeeping.publish.lms.tree import Element, written

NS = {"q": qti.QTI}


def archive(library: Library, where: Course, *, instructor: bool = False) -> zipfile.ZipFile:
    """The archive of the whole course."""
    modules = [library.module(id) for id in library.course()["modules"]]
    return zipfile.ZipFile(io.BytesIO(qti.made(library, where, modules, "0" * 32, instructor=instructor)))


def independent(raw: bytes) -> Any:
    """What pyslet reads: its assessment, with items and their parts as objects."""
    document = QTIDocument()
    document.read(src=raw)
    return document.root.Assessment


@pytest.fixture(scope="module")
def whole() -> list[Quiz]:
    """Every quiz of the course."""
    library = built_in()
    return quizzes(library, [library.module(id) for id in library.course()["modules"]])


# --- a reader of others ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cartridge", [False, True], ids=["Canvas", "cartridge"])
def test_an_independent_reader_finds_every_question(whole: list[Quiz], cartridge: bool) -> None:
    """With our identifiers, in our order, each with as many answers as we gave."""
    for quiz in whole:
        theirs = independent(written(qti.assessment(quiz, cartridge=cartridge)))
        ours: list[Choice | Match | Essay] = []
        for one in quiz.questions:
            ours += one.choices() if cartridge and isinstance(one, Match) else [one]
        (section,) = theirs.SectionMixin
        assert (theirs.ident, theirs.title) == (quiz.ident, quiz.title)
        assert [(x.ident, x.title) for x in section.SectionItemMixin] == [(one.ident, one.item) for one in ours]
        for one, read in zip(ours, section.SectionItemMixin, strict=True):
            fields = [child for child in read.Presentation.get_children() if hasattr(child, "rCardinality")]
            labels = [[label.ident for label in _labels(field)] for field in fields]
            assert labels == _expected(one), one.item


def _labels(field: Any) -> list[Any]:
    render = field.render
    return [label for child in render.get_children() for label in [child] if hasattr(label, "ident")]


def _expected(one: Choice | Match | Essay) -> list[list[str]]:
    if isinstance(one, Choice):
        return [[f"a-{answer.id}" for answer in one.answers]]
    if isinstance(one, Match):
        return [[f"a-{id}" for id in one.labels] for _ in one.rows]
    return [["answer1"]]


# --- the shape that text2qti gives -----------------------------------------------------------------------------------

SAME_IN_TEXT = """Quiz title: Part 1: practice
Quiz description: A note.

1.  Which?
a)  One
... why one
*b) Two
... why two
c)  Three
... why three

2.  Say it.
... a good answer
____
"""


def shape(one: Element, *, leave_out: tuple[str, ...] = ()) -> Any:
    """A tree of names: each element with its attributes' names, and what stands inside."""
    tag = one.tag.partition("}")[2] or one.tag
    inside = [
        shape(child, leave_out=leave_out)
        for child in one
        if (child.tag.partition("}")[2] or child.tag) not in leave_out
    ]
    return (tag, sorted(one.attrib), inside)


@pytest.fixture(scope="module")
def peers() -> tuple[Element, Element, Element]:
    """What text2qti writes for two questions: assessment, settings, manifest."""
    from text2qti.config import Config  # type: ignore[import-untyped]
    from text2qti.qti import QTI  # type: ignore[import-untyped]
    from text2qti.quiz import Quiz as Theirs  # type: ignore[import-untyped]

    made = QTI(Theirs(SAME_IN_TEXT, config=Config()))
    rights = "Private (Copyrighted) - http://en.wikipedia.org/wiki/Copyright"
    assert rights in made.imsmanifest_xml  # what it says of every quiz; ours says what holds
    texts = (made.assessment, made.assessment_meta, made.imsmanifest_xml)
    assessment, settings, manifest = (ET.fromstring(text.encode()) for text in texts)
    return assessment, settings, manifest


def twin() -> Quiz:
    """The same two questions as ours."""
    words = built_in().words("lms")
    three = question(item("MC", ["Which?", "One", "why one"]), words)
    short = question(item("SR", ["Say it."]), words)
    return Quiz("sk-q", built_in().module("m1"), "Part 1: practice", "", ("A note.",), (three, short))


def test_an_assessment_has_the_shape_that_text2qti_gives(peers: tuple[Element, Element, Element]) -> None:
    """Element for element and attribute for attribute: what Canvas takes from there it can take from us."""
    ours = ET.fromstring(written(qti.assessment(twin())))
    theirs = peers[0]
    assert shape(ours.find("q:assessment/q:qtimetadata", NS)) == shape(theirs.find("q:assessment/q:qtimetadata", NS))
    pairs = list(zip(ours.iterfind(".//q:item", NS), theirs.iterfind(".//q:item", NS), strict=True))
    for one, other in pairs:
        # The order of conditions that only show feedback is free; which there are is not.
        assert sorted(map(str, _conditions(one))) == sorted(map(str, _conditions(other)))
        assert shape(one, leave_out=("resprocessing",)) == shape(other, leave_out=("resprocessing",))
        fields = [
            [field.findtext("q:fieldlabel", "", NS) for field in x.iterfind(".//q:qtimetadatafield", NS)]
            for x in (one, other)
        ]
        assert fields[0] == fields[1]


def _conditions(one: Element) -> list[Any]:
    return [(c.get("continue"), shape(c)) for c in one.iterfind("q:resprocessing/q:respcondition", NS)]


def test_the_settings_are_a_part_of_what_text2qti_gives(peers: tuple[Element, Element, Element], toy: Library) -> None:
    """In its order, without the assignment that would count practice in a gradebook."""
    (quiz,) = quizzes(toy, [toy.module("t1")])
    ours = ET.fromstring(written(qti._settings(quiz)))
    names = [child.tag for child in peers[1]]
    found = [child.tag for child in ours]
    assert [name for name in names if name in found] == found
    assert peers[1].tag == ours.tag
    assert "{http://canvas.instructure.com/xsd/cccv1p0}assignment" not in found
    assert ours.findtext("{*}quiz_type") == "practice_quiz"
    assert ours.findtext("{*}allowed_attempts") == "-1"
    assert toy.module("t1").content_note.text in (ours.findtext("{*}description") or "")


def test_a_test_is_asked_once_and_shows_no_answer_while_practice_is_free(toy: Library) -> None:
    """A test that shows its key when it is handed in would spoil the second time."""
    shown = {"hide_results": ("", "always"), "show_correct_answers": ("true", "false")}
    wanted = shown | {"allowed_attempts": ("-1", "1")}
    for instructor in (False, True):
        (quiz,) = quizzes(toy, [toy.module("t1")], instructor=instructor)
        settings = ET.fromstring(written(qti._settings(quiz)))
        assert {tag: settings.findtext(f"{{*}}{tag}") for tag in wanted} == {
            tag: values[instructor] for tag, values in wanted.items()
        }
        fields = _field_values(ET.fromstring(written(qti.assessment(quiz))).find("q:assessment/q:qtimetadata", NS))
        assert fields["cc_maxattempts"] == ("1" if instructor else "unlimited")


def test_the_manifest_names_each_file_as_text2qti_does(
    peers: tuple[Element, Element, Element], toy: Library, toy_course: Course
) -> None:
    """Two resources a quiz; every file that it names is there, and no other; the rights are ours."""
    file = archive(toy, toy_course)
    ours = ET.fromstring(file.read("imsmanifest.xml"))
    assert shape(ours.find("{*}resources")) == shape(peers[2].find("{*}resources"))
    kinds = [one.get("type") for one in ours.iterfind(".//{*}resource")]
    assert kinds == [one.get("type") for one in peers[2].iterfind(".//{*}resource")]
    named = {one.get("href") for one in ours.iterfind(".//{*}file")}
    assert named == set(file.namelist()) - {"imsmanifest.xml"}
    assert "CC BY 4.0" in "".join(ours.itertext())
    assert "Private" not in "".join(ours.itertext())


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_the_instructors_archive_holds_test_questions_alone(toy: Library, toy_course: Course) -> None:
    """And says so in the title that a platform shows."""
    student, instructor = archive(toy, toy_course), archive(toy, toy_course, instructor=True)
    texts = {
        name: b"".join(file.read(one) for one in file.namelist()) for name, file in (("s", student), ("i", instructor))
    }
    assert b"Which tells more?" not in texts["s"]
    assert b"Where do you look first?" not in texts["i"]
    assert b'title="Part 1: test questions with keys, for the instructor only"' in texts["i"]


def _answers(one: Element) -> Iterator[tuple[str, str, float, list[str]]]:
    """For each field and label: what choosing it scores, and what it shows. A small marker by the standard's rules."""
    feedback = {f.get("ident"): "\n\n".join(plain(_text(f))) for f in one.iterfind("q:itemfeedback", NS)}
    for field in one.iterfind(".//q:response_lid", NS):
        for label in field.iterfind(".//q:response_label", NS):
            score, shown = 0.0, []
            for when in one.iterfind("q:resprocessing/q:respcondition", NS):
                test = when.find("q:conditionvar", NS)
                assert test is not None
                equal = test.find("q:varequal", NS)
                met = equal is None or (equal.get("respident"), equal.text) == (field.get("ident"), label.get("ident"))
                if not met:
                    continue
                for points in when.iterfind("q:setvar", NS):
                    score = float(points.text or 0) + (score if points.get("action") == "Add" else 0)
                shown += [feedback[show.get("linkrefid")] for show in when.iterfind("q:displayfeedback", NS)]
                if when.get("continue") == "No":
                    break
            yield str(field.get("ident")), str(label.get("ident")), score, shown


def _text(one: Element) -> str:
    return one.findtext(".//q:mattext", "", NS)


@pytest.mark.parametrize("cartridge", [False, True], ids=["Canvas", "cartridge"])
@pytest.mark.parametrize("kind", ["MC", "CL", "SEQ", "SJ", "SR"])
@given(texts=st.lists(HOSTILE, min_size=8, max_size=8))
def test_every_text_and_key_comes_back(kind: str, cartridge: bool, texts: list[str]) -> None:
    """Marked by the rules of the format, each answer scores and shows what it should, whatever the texts hold."""
    one = question(item(kind, texts), built_in().words("lms"))
    quiz = Quiz("sk-q", built_in().module("m1"), "", "", ("x",), (one,))
    root = ET.fromstring(written(qti.assessment(quiz, cartridge=cartridge)))
    items = root.findall(".//q:item", NS)
    choices = one.choices() if cartridge and isinstance(one, Match) else (one,)
    for ours, theirs in zip(choices, items, strict=True):
        assert plain(_text(theirs.find("q:presentation/q:material", NS))) == list(ours.stem)  # type: ignore[arg-type]
        marked = list(_answers(theirs))
        if isinstance(ours, Choice):
            assert [(score, shown) for _, _, score, shown in marked] == [
                (100.0 * a.right, [a.feedback]) for a in ours.answers
            ]
            labels = [plain(_text(label)) for label in theirs.iterfind(".//q:response_label", NS)]
            assert labels == [[a.text] for a in ours.answers]
        elif isinstance(ours, Match):
            best = {(f"response_a-{row.id}", f"a-{row.label}") for row in ours.rows}
            assert {(field, label) for field, label, score, _ in marked if score} == best
            assert sum(score for *_, score, _ in marked) == pytest.approx(100, abs=0.05)
            assert {tuple(shown) for *_, shown in marked} == {("\n\n".join(ours.feedback),)}
            rows = [_text(field) for field in theirs.iterfind(".//q:response_lid", NS)]
            assert rows == [row.text for row in ours.rows]
        else:
            assert theirs.find(".//q:render_fib", NS) is not None


def test_feedback_and_conditions_name_each_other(whole: list[Quiz]) -> None:
    """The cartridge's own rules: each feedback has its trigger and each trigger its feedback, one SCORE, no twice."""
    idents: Counter[str] = Counter()
    for quiz in whole:
        for one in written_items(quiz):
            idents[str(one.get("ident"))] += 1
            told = {f.get("ident") for f in one.iterfind("q:itemfeedback", NS)}
            assert told == {show.get("linkrefid") for show in one.iterfind(".//q:displayfeedback", NS)}
            assert not told & {"solution", "hint"}
            fields = {field.get("ident") for field in one.iterfind(".//q:response_lid", NS)}
            assert {equal.get("respident") for equal in one.iterfind(".//q:varequal", NS)} == fields
            labels = {label.get("ident") for label in one.iterfind(".//q:response_label", NS)}
            assert {equal.text for equal in one.iterfind(".//q:varequal", NS)} <= labels
            assert [x.get("varname") for x in one.iterfind(".//q:decvar", NS)] == ["SCORE"]
    assert set(idents.values()) == {1}


def test_a_cartridge_names_its_fields_as_the_profile_allows(whole: list[Quiz]) -> None:
    """Only fields and values of the profile; an essay is marked by a person; one section, which holds items alone."""
    allowed = {
        "assessment": {"cc_profile", "qmd_assessmenttype", "qmd_scoretype", "cc_maxattempts"},
        "item": {"cc_profile", "qmd_scoringpermitted", "qmd_computerscored"},
    }
    for quiz in whole:
        root = ET.fromstring(written(qti.assessment(quiz, cartridge=True)))
        (section,) = root.findall("q:assessment/q:section", NS)
        assert {child.tag for child in section} == {f"{{{qti.QTI}}}item"}
        assert set(_field_values(root.find("q:assessment/q:qtimetadata", NS))) <= allowed["assessment"]
        for one in section:
            fields = _field_values(one.find("q:itemmetadata/q:qtimetadata", NS))
            assert set(fields) <= allowed["item"]
            essay = one.find(".//q:render_fib", NS) is not None
            assert fields["cc_profile"] == ("cc.essay.v0p1" if essay else "cc.multiple_choice.v0p1")
            assert not essay or fields["qmd_computerscored"] == "No"
            assert len(one.findall(".//q:response_lid", NS)) == (0 if essay else 1)


def _field_values(one: Element | None) -> dict[str, str]:
    assert one is not None
    rows = one.findall("q:qtimetadatafield", NS)
    return {row.findtext("q:fieldlabel", "", NS): row.findtext("q:fieldentry", "", NS) for row in rows}


def written_items(quiz: Quiz) -> list[Element]:
    """The items of a quiz as they stand in a cartridge."""
    return ET.fromstring(written(qti.assessment(quiz, cartridge=True))).findall(".//q:item", NS)
