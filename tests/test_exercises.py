"""Exercises: what a front end needs to play one, and the same as a form that reads well without scripts."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from html_reader import Element, parse, texts_of
from safekeeping import exercises
from safekeeping.calls import make
from safekeeping.exercises import Exercise
from safekeeping.faults import WrongCall
from safekeeping.library import Library
from safekeeping.records import Scenario

CALLS = [
    ("play", "dry-bed", "scenario"),
    ("ask", "bed-questions", "quiz"),
    ("ask", "bed-pair", "quiz"),
    ("sort", "bed-sorting", "sort"),
    ("begin", "t1", "care"),
    ("pause", "", "care"),
]


def exercise(toy: Library, call: str, id: str = "", **options: bool) -> Exercise:
    """The exercise behind a call."""
    made = make(toy, call, *([id] if id else []), **options)
    assert isinstance(made, Exercise)
    return made


def written_twice(place: Element) -> list[str]:
    """Text ids that a form holds more than once."""
    ids = [id for id, _ in texts_of(place)]
    return sorted({id for id in ids if ids.count(id) > 1})


@pytest.mark.parametrize(("call", "id", "module"), CALLS)
def test_a_form_holds_every_text_once_under_its_id(toy: Library, call: str, id: str, module: str) -> None:
    """On a page the form is the data: host.js reads all words of the exercise from it."""
    one = exercise(toy, call, id)
    assert one.module == module
    form = parse(one.form())
    assert not written_twice(form)
    found = dict(texts_of(form))
    needless = {"title"} if module == "care" else {key for key in one.text if key.startswith(("looked.", "told."))}
    assert set(one.text) - needless == set(found) - needless
    assert all(found[key] == " ".join(one.text[key].split()) for key in found)


@pytest.mark.parametrize("kind", ["scenario", "set", "module"])
def test_the_forms_of_the_real_content_hold_every_text_once(kind: str) -> None:
    """The same, for all that the course has."""
    content = Library()
    calls = {"scenario": ["play"], "set": ["ask", "sort"], "module": ["begin"]}[kind]
    for record in content.every(kind):
        if getattr(record, "status", "ready") != "ready":
            continue  # a scenario that still needs review is not shown at all
        call = calls[-1] if kind == "set" and record.kind == "sort" else calls[0]
        one = exercise(content, call, record.id)
        form = parse(one.form())
        assert not written_twice(form)
        found = dict(texts_of(form))
        flags = {f"{flag.id}.text" for flag in getattr(record, "flags", ())}
        assert set(one.text) - flags - {"title"} == set(found) - {"title"}, record.id


@pytest.mark.parametrize(("call", "id", "module"), CALLS)
def test_an_exercise_travels_as_json(toy: Library, call: str, id: str, module: str) -> None:
    """Table and texts are plain data; the table names no text, so that a text stands in a page once."""
    one = exercise(toy, call, id)
    assert json.loads(json.dumps([one.table, one.text])) == [one.table, one.text]
    long = [text for text in one.text.values() if len(text) > 25]
    table = json.dumps(one.table)
    assert not [text for text in long if text in table]


# --- scenarios -------------------------------------------------------------------------------------------------------


def test_thinking_aloud_is_there_only_when_asked_for(toy: Library) -> None:
    """It belongs to the worked example; elsewhere it would give the answer away."""
    quiet, aloud = exercise(toy, "play", "dry-bed"), exercise(toy, "play", "dry-bed", aloud=True)
    assert not [key for key in quiet.text if key.endswith(".aloud")]
    assert "aloud" not in json.dumps(quiet.table)
    assert "Leaves alone tell me little." not in quiet.form()
    assert aloud.text["saturday.aloud"] == "Leaves alone tell me little."
    assert aloud.table["states"]["saturday"]["aloud"]
    assert "Leaves alone tell me little." in aloud.form()


def test_a_scenario_that_needs_review_is_not_shown(toy: Library) -> None:
    """One sentence says why."""
    with pytest.raises(WrongCall, match='The scenario "old-pump" still needs review and is not shown'):
        make(toy, "play", "old-pump")


def test_the_kind_of_a_story_is_told_only_after_its_scenes(toy: Library) -> None:
    """Whether a child was harmed is the last thing that a reader learns."""
    form = exercise(toy, "play", "dry-bed").form()
    assert form.index("In this story nobody knows.") > form.index("sk-form-answers")


def numbers(text: str) -> list[int]:
    """The numbers in a text."""
    return [int(one) for one in re.findall(r"\d+", text)]


def test_every_go_to_on_paper_leads_to_the_scene_that_the_table_names(toy: Library) -> None:
    """Nodes and outcomes are numbered through; each option sends to its outcome, each outcome to its scene."""
    story: Scenario = toy.get("scenario", "dry-bed")
    form = parse(exercise(toy, "play", "dry-bed").form())
    scenes = form.find(css="sk-form-scene")
    outcomes = form.find(css="sk-form-outcome")
    assert [numbers(one.find("h4")[0].text)[0] for one in scenes] == list(range(1, len(story.nodes) + 1))
    at = {node.id: number for number, node in enumerate(story.nodes, 1)}
    numbered = {numbers(one.find("b")[0].text)[0]: one for one in outcomes}
    assert sorted(numbered) == list(range(len(scenes) + 1, len(scenes) + len(outcomes) + 1))
    for node, scene in zip(story.nodes, scenes, strict=True):
        rows = [row for row in scene.find("li") if row.find("b")]
        for option, row in zip(node.options, rows, strict=True):
            outcome = numbered[numbers(row.find("b")[0].text)[-1]]
            assert dict(texts_of(outcome))[f"{node.id}.{option.id}.consequence"] == option.consequence
            sent = numbers(outcome.find("b")[-1].text)
            assert sent == [*[at[turn.go_to] for turn in option.go_if], at[option.go_to]]


def test_flags_read_as_words_on_paper(toy: Library) -> None:
    """ "If you looked at the soil", never the name of a flag."""
    text = parse(exercise(toy, "play", "dry-bed").form()).text
    assert "If you looked at the soil, go to" in text
    assert "Only if you looked at the soil" in text
    assert "Offered only if you looked at the soil" in text
    assert "Not offered if you looked at the soil" in text
    assert "looked|" not in text


def test_the_discussion_of_a_story_holds_the_first_scene_alone(toy: Library) -> None:
    """For a room: situation and options, no consequence, no feedback, nothing of later scenes."""
    one = exercise(toy, "play", "dry-bed")
    text = parse(one.discussion()).text
    for key in ("saturday.text", "saturday.known.0", "saturday.unknown.0", "saturday.question", "saturday.look.text"):
        assert one.text[key] in text
    read = {value for key, value in one.text.items() if key == "title" or key.startswith("saturday.")}
    later = ("soil.", "evening.", "end-", "debrief.")
    told = [
        value
        for key, value in one.text.items()
        if key.endswith((".consequence", ".feedback")) or (key.startswith(later) and value not in read)
    ]
    assert told
    assert not [value for value in told if value in text]
    assert "data-t" not in one.discussion()


def test_principles_are_named_in_words_and_only_those_of_the_story(toy: Library) -> None:
    """The front end draws their names."""
    table = exercise(toy, "play", "dry-bed").table
    assert table["principles"] == {"safety": "Safety", "dignity": "Dignity", "documentation": "Documentation"}
    named = {
        name for state in table["states"].values() for row in state.get("options", []) for name in row["principles"]
    }
    assert named <= set(table["principles"])


# --- questions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "id", "right"), [("ask", "bed-sorting", 'sort("bed-sorting")'), ("sort", "bed-pair", 'ask("bed-pair")')]
)
def test_a_set_of_another_kind_names_the_call_to_use(toy: Library, call: str, id: str, right: str) -> None:
    """The remedy can be copied."""
    with pytest.raises(WrongCall, match=re.escape(f"Write {right}.")):
        make(toy, call, id)


def test_answers_stand_apart_from_the_questions(toy: Library) -> None:
    """First choose for yourself, then read on: nothing in the questions marks the key."""
    form = parse(exercise(toy, "ask", "bed-questions").form())
    (answers,) = form.find(css="sk-form-answers")
    questions = [one.text for one in form.find(css="sk-form-scene")]
    assert not [text for text in questions if "authors" in text.lower()]
    assert "A. The authors chose this." in answers.text
    assert "The authors' rating: 5 of 5." in answers.text
    for key, text in exercise(toy, "ask", "bed-questions").text.items():
        if key.endswith((".rationale", ".accurate", ".model")):
            assert text in answers.text and not [one for one in questions if text in one]


def test_the_printed_order_of_steps_does_not_give_the_key_away(toy: Library) -> None:
    """On paper too, the authors' order stands only among the answers."""
    form = parse(exercise(toy, "sort", "bed-sorting").form())
    printed = [row.text for row in form.find(css="sk-form-scene")[1].find("li")]
    steps = [step.text for step in toy.get("item", "bed-order").steps]
    assert sorted(printed) == sorted(steps)
    assert printed != steps


def test_no_real_order_of_steps_is_printed_as_its_key() -> None:
    """Sorting by text could meet the key by chance; then the text or the rule must change."""
    content = Library()
    for one in content.every("set"):
        if one.kind != "sort":
            continue
        form = parse(exercise(content, "sort", one.id).form())
        for id, scene in zip(one.items, form.find(css="sk-form-scene"), strict=True):
            steps = [" ".join(step.text.split()) for step in content.get("item", id).steps]
            assert not steps or [" ".join(row.text.split()) for row in scene.find("li")] != steps, id


def test_pairs_show_what_the_authors_thought_and_no_rating(toy: Library) -> None:
    """A prompt for reflection is never marked, also not on paper: reasons, apart from the questions, and no number."""
    form = parse(exercise(toy, "ask", "bed-pair").form())
    (thoughts,) = form.find(css="sk-form-answers")
    assert "A talk is a start." in thoughts.text
    assert not re.search(r"of 5|rating|chose", thoughts.text)
    assert not [one for one in form.find(css="sk-form-scene") if "A talk is a start." in one.text]


@pytest.mark.parametrize(("call", "id"), [("ask", "bed-questions"), ("sort", "bed-sorting"), ("ask", "bed-pair")])
def test_the_discussion_of_questions_tells_no_answer(toy: Library, call: str, id: str) -> None:
    """No rationale, no accurate sentence, no model, no mark; the options may be read."""
    one = exercise(toy, call, id)
    html = one.discussion()
    told = [
        text
        for key, text in one.text.items()
        if key.endswith((".rationale", ".accurate", ".model")) or ".levels." in key
    ]
    assert told
    assert not [text for text in told if text in parse(html).text]
    assert "authors_choice" not in html and "authors chose" not in html
    assert "data-t" not in html


# --- care ------------------------------------------------------------------------------------------------------------


def test_a_content_note_holds_the_summary_behind_one_line(toy: Library) -> None:
    """Three equal ways: go on, read a summary, skip; on paper the summary opens."""
    one = exercise(toy, "begin", "t1")
    assert one.text == {
        "title": "Looking after a bed",
        "note.text": "A gardener wonders about a dry bed.",
        "note.summary": "The gardener asks, learns who waters, and writes it down.",
    }
    (details,) = parse(one.form()).find("details")
    assert "writes it down" in details.text
    assert "writes it down" not in one.discussion()
    assert one.id == "note-t1" and one.table == {"v": 1, "kind": "note", "id": "t1"}


def test_a_pause_has_its_steps_in_order(toy: Library) -> None:
    """Five, four, three, two, one."""
    one = exercise(toy, "pause")
    steps = [one.text[f"pause.step.{i}"] for i in range(5)]
    assert [re.findall("five|four|three|two|one", step)[0] for step in steps] == ["five", "four", "three", "two", "one"]
    assert [row.text for row in parse(one.form()).find("li")] == steps


# --- attacks ---------------------------------------------------------------------------------------------------------

ATTACK = "</p></div><script>alert(1)</script><img src=x onerror=alert(1)>\"'&<!--{words}"


@pytest.mark.parametrize("kind", ["scenario", "set"])
def test_text_enters_a_form_as_text(toy: Library, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a content file says, it is shown and never run."""
    from safekeeping.records import texts, with_texts

    real = toy.get
    monkeypatch.setattr(
        toy, "get", lambda kind, id: with_texts(one := real(kind, id), {key: ATTACK for key, _ in texts(one)})
    )
    made = (
        [exercises.story(toy, "dry-bed", aloud=True)]
        if kind == "scenario"
        else [
            exercises.questions(toy, id, kinds=("quiz", "sort", "pairs"))
            for id in ("bed-questions", "bed-sorting", "bed-pair")
        ]
    )
    for one in made:
        for html in (one.form(), one.discussion()):
            place = parse(html)
            assert not [found for found in place.every() if found.tag in ("script", "img")]
            assert ATTACK in place.text


def test_a_hostile_id_stays_an_id(toy: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids stand in attributes; a quote in one must not close them."""
    one = toy.get("scenario", "dry-bed")
    bad = '"><script>x</script>'
    nodes = tuple(replace(node, id=bad) if node.id == "end-list" else node for node in one.nodes)
    turned = tuple(
        replace(
            node,
            options=tuple(
                replace(
                    option,
                    go_to=bad if option.go_to == "end-list" else option.go_to,
                    go_if=tuple(replace(turn, go_to=bad) for turn in option.go_if),
                )
                for option in node.options
            ),
        )
        for node in nodes
    )
    monkeypatch.setattr(toy, "get", lambda kind, id: replace(one, nodes=turned))
    assert not parse(exercises.story(toy, "dry-bed").form()).find("script")


def test_a_sort_of_the_course_fits_a_phone_and_one_sitting() -> None:
    """The names of the groups stand on every card, so they are short; thirty cards teach no more than twenty."""
    course = Library()
    for one in course.every("set"):
        items = [course.get("item", id) for id in one.items if one.kind == "sort"]
        assert sum(len(item.cases) + len(item.steps) for item in items) <= 20, one.id
        assert all(len(group.text) <= 32 for item in items for group in item.categories), one.id


def test_no_exercise_asks_for_the_stages_of_exploitation_in_an_order() -> None:
    """They have none in life. What has an order is what adults do; the old lists keep their ids and are retired."""
    course = Library()
    asked = {id for one in course.every("set") for id in one.items}
    assert not asked & {"m4-order-1", "m4-order-2", "m4-order-3"}
    stage = re.compile("contact|trust|dependence|exploitation|control", re.IGNORECASE)
    ordered = [one for one in course.every("item") if one.type == "SEQ"]
    assert ordered
    assert not [step.text for one in ordered for step in one.steps if stage.match(step.text)]
