"""From items to questions: what each type becomes, which stay out, identifiers that stay, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_readers import item
from safekeeping.faults import ContentError, WrongCall
from safekeeping.library import Library, built_in
from safekeeping.publish.lms.question import Choice, Essay, Match, Quiz, ident, question, quizzes, refuse, refuse_empty
from safekeeping.quiz import compile as compile_items
from safekeeping.quiz import mark
from safekeeping.records import ItemSet


def of(library: Library, *names: str, instructor: bool = False) -> list[Quiz]:
    """The quizzes of these modules, or of all."""
    modules = [library.module(name) for name in names or library.course()["modules"]]
    return quizzes(library, modules, instructor=instructor)


def test_every_type_becomes_the_kind_that_the_guide_names(toy: Library) -> None:
    """MC a choice; CL, SEQ and SJ matching; SR an essay."""
    (quiz,) = of(toy)
    kinds = {one.item: type(one) for one in quiz.questions}
    assert kinds == {
        "bed-mc": Choice,
        "bed-sj": Match,
        "bed-words": Essay,
        "bed-groups": Match,
        "bed-order": Match,
    }


def test_what_has_no_right_answer_stays_out(toy: Library) -> None:
    """A myth and both halves of a pair are in the page and in no quiz."""
    items = {one.item for quiz in of(toy) for one in quiz.questions}
    assert items.isdisjoint({"bed-myth", "bed-pair-a", "bed-pair-b"})


def test_practice_and_test_questions_never_meet() -> None:
    """In the whole course: the student's file holds every practice item that can be asked, and no test item."""
    library = built_in()
    use = {one.id: one.use for one in library.every("item")}
    practice = [one.item for quiz in of(library) for one in quiz.questions]
    test = [one.item for quiz in of(library, instructor=True) for one in quiz.questions]
    assert {use[id] for id in practice} == {"practice"}
    assert {use[id] for id in test} == {"test"}
    assert len(practice) == len(set(practice))
    assert len(test) == len(set(test)) == sum(one == "test" for one in use.values())


def test_a_quiz_asks_in_the_order_of_its_part(toy: Library) -> None:
    """First as the exercises of the part ask; what none of them asks comes last."""
    module = toy.module("t1")
    asked = [id for set in module.sets for id in toy.get("set", set).items]
    (quiz,) = of(toy)
    found = [one.item for one in quiz.questions]
    assert found == [id for id in asked if id in found]


def test_the_beginning_says_what_comes_who_sees_it_and_where_to_turn(toy: Library) -> None:
    """The part's content note first."""
    (quiz,) = of(toy)
    assert quiz.title == "Part 1: practice"
    assert toy.module("t1").content_note.text in quiz.intro[0]
    assert "whoever teaches may see it" in quiz.intro[1]
    assert toy.review_label() in quiz.intro[2]
    assert "authors' keys" in quiz.intro[2]
    whole = of(built_in(), "m5")[0].intro
    assert any("911" in text and "not confirmed by us" in text for text in whole)
    assert any("988" in text for text in whole)


def test_an_instructors_quiz_says_on_its_face_that_it_holds_keys(toy: Library) -> None:
    """In its title and in its first words."""
    (quiz,) = of(toy, instructor=True)
    assert "with keys" in quiz.title
    assert "For the instructor only" in quiz.intro[0]


def test_a_sequence_is_matched_to_its_places(toy: Library) -> None:
    """Never shown in the right order; the places give that order back."""
    one = question(toy.get("item", "bed-order"), toy.words("lms"))
    assert isinstance(one, Match)
    assert [row.id for row in sorted(one.rows, key=lambda row: row.label)] == ["see", "ask", "pour"]
    assert [row.id for row in one.rows] != ["see", "ask", "pour"]
    assert list(one.labels.values()) == ["Place 1", "Place 2", "Place 3"]


@given(st.integers(1, 5), st.integers(1, 5))
def test_a_judgement_keeps_the_side_of_its_key(key: int, given_rating: int) -> None:
    """Whoever rates counts in the course exactly if the word for their rating is the right one in a platform."""
    made = item("SJ", ["a", "b"])
    made = replace(made, actions=(replace(made.actions[0], key=key),))
    row = compile_items(ItemSet(id="s", title="", kind="quiz", items=("odd",)), [made])["items"][0]
    words = built_in().words("lms")
    one = question(made, words)
    assert isinstance(one, Match)
    other = question(replace(made, actions=(replace(made.actions[0], key=given_rating),)), words)
    assert isinstance(other, Match)
    assert (one.rows[0].label == other.rows[0].label) == bool(mark(row, {"o0": given_rating}))


def test_matching_as_single_choices_has_one_right_answer_each(toy: Library) -> None:
    """For the cartridge, which knows no matching; the explanation stands behind every answer."""
    one = question(toy.get("item", "bed-groups"), toy.words("lms"))
    assert isinstance(one, Match)
    choices = one.choices()
    assert [choice.stem[-1] for choice in choices] == [row.text for row in one.rows]
    for choice, row in zip(choices, one.rows, strict=True):
        assert [answer.text for answer in choice.answers if answer.right] == [one.labels[row.label]]
        assert {answer.feedback for answer in choice.answers} == {row.feedback}


def test_every_row_is_explained_after_an_answer(toy: Library) -> None:
    """With what fits, and why."""
    one = question(toy.get("item", "bed-groups"), toy.words("lms"))
    assert isinstance(one, Match)
    for told, row in zip(one.feedback, one.rows, strict=True):
        assert row.text in told
        assert one.labels[row.label] in told
        assert row.feedback in told


def test_an_essay_says_who_reads_it_and_to_name_nobody(toy: Library) -> None:
    """A platform stores free text under a name; our own pages do not."""
    one = question(toy.get("item", "bed-words"), toy.words("lms"))
    assert isinstance(one, Essay)
    assert "Write nothing about a real child" in one.stem[1]
    assert [head for head, _ in one.guide] == ["One good answer", "What to look for", "Levels"]


# --- identifiers -----------------------------------------------------------------------------------------------------


@given(st.text(max_size=30))
def test_identifiers_are_valid_everywhere(id: str) -> None:
    """Letters, digits, hyphens and dots, never beginning with a digit; the same id gives the same one."""
    made = ident(id)
    assert made.isascii()
    assert all(sign.isalnum() or sign in "-." for sign in made)
    assert made[0].isalpha()
    assert made == ident(id)


def test_identifiers_hang_on_nothing_but_the_item(toy: Library, toy_copy: Path) -> None:
    """They stay when other questions come and go, when texts change, and when the part is reordered."""
    path = toy_copy / "content" / "items" / "t1.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('items = ["bed-mc", "bed-sj", "bed-myth", "bed-words"]', 'items = ["bed-words", "bed-mc"]')
    path.write_text(text.replace("Where do you look first?", "Where first?"), encoding="utf-8")
    before = {one.item: one.ident for quiz in of(toy) for one in quiz.questions}
    after = {
        one.item: one.ident for quiz in of(Library(toy_copy / "content", place="toyland")) for one in quiz.questions
    }
    assert {item: after[item] for item in after} == {item: before[item] for item in after}
    assert list(before) != list(after)


def _one(*questions: Choice | Match | Essay) -> Quiz:
    return Quiz("sk-q", built_in().module("m1"), "", "", (), questions)


@pytest.mark.parametrize(("first", "second"), [("bed-a", "Bed-A"), ("bed a", "bed-a"), ("bed_a", "bed-a")])
def test_two_items_with_one_identifier_are_refused(first: str, second: str) -> None:
    """Both are named; nothing is renamed in silence."""
    words = built_in().words("lms")
    with pytest.raises(ContentError, match="id-clash") as raised:
        refuse([_one(question(item("MC", ["a"], first), words), question(item("MC", ["a"], second), words))])
    assert first in str(raised.value)
    assert second in str(raised.value)


def test_an_item_named_like_a_row_of_another_is_refused() -> None:
    """In a cartridge each row of a matching question is a question of its own."""
    words = built_in().words("lms")
    with pytest.raises(ContentError, match="id-clash"):
        refuse([_one(question(item("CL", ["a"], "bed"), words), question(item("MC", ["a"], "bed.o1"), words))])


@pytest.mark.parametrize("kind", ["MC", "CL", "SEQ", "SJ", "SR"])
@pytest.mark.parametrize("odd", ["\x00", "\x0b", "\x1b", "\ufffe", "\ud800"])
def test_a_character_that_no_xml_holds_is_refused(kind: str, odd: str) -> None:
    """With the item and the character, before anything is written."""
    made = question(item(kind, ["fine", f"not{odd}fine"]), built_in().words("lms"))
    with pytest.raises(ContentError, match=f"U\\+{ord(odd):04X}"):
        refuse([_one(made)])


def test_parts_without_questions_are_told(toy: Library) -> None:
    """The opening part has none; alone it makes no quiz, and with others it is passed over."""
    gate, beds = toy.module("t0"), toy.module("t1")
    assert quizzes(toy, [gate]) == []
    assert len(quizzes(toy, [gate, beds])) == 1
    with pytest.raises(WrongCall, match="00-gate has no questions for practice"):
        refuse_empty([], [gate])
    with pytest.raises(WrongCall, match="00-gate and 01-beds have no test questions"):
        refuse_empty([], [gate, beds], instructor=True)
