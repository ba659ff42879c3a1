"""Exports of the real module: they reach nothing, hold every text once, and tell no answer that they should not."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from answer_marks import key_marks, secrets_of
from html_reader import parse, policy_of, sha, texts_of, visible, words
from safekeeping.library import Course, Library
from safekeeping.publish.deck import read_notes
from safekeeping.records import texts


def read(path: Path) -> str:
    """A file as text."""
    return path.read_text(encoding="utf-8")


def test_notes_that_changed_are_read_anew(tmp_path: Path) -> None:
    """A facilitator may edit them while a program runs."""
    file = tmp_path / "facilitator" / "notes" / "m1.toml"
    file.parent.mkdir(parents=True)
    for nanoseconds, said in ((1, "one"), (2, "two")):
        file.write_text(f'format = 1\n[[note]]\ncell = "a"\nsay = "{said}"\n', encoding="utf-8")
        os.utime(file, ns=(nanoseconds, nanoseconds))
        assert read_notes(Course(tmp_path), "m1")["a"].say == said


# --- the real module -------------------------------------------------------------------------------------------------

EXPORTS = ["m5_page", "m5_deck", "m5_audience_deck"]


@pytest.fixture(params=EXPORTS)
def real(request: pytest.FixtureRequest) -> str:
    """Each of the real exports in turn."""
    return read(request.getfixturevalue(request.param))


@pytest.mark.kernel
def test_a_real_export_reaches_nothing(real: str) -> None:
    """Outside addresses stand only as links that a person may follow: contacts and sources; nothing is loaded."""
    place = parse(real)
    for one in place.every():
        for name, value in one.has.items():
            outside = re.search(r"https?:|//", value) and not value.startswith("http://www.w3.org/")
            assert not outside or (one.tag, name) == ("a", "href"), (one.tag, name, value[:80])
    assert not [
        one for one in place.every() if one.tag in ("link", "iframe", "object", "embed", "base", "audio", "video")
    ]
    assert not [one for one in place.find("script") if "src" in one.has]
    assert not [one for one in place.find("meta") if one.has.get("http-equiv", "").lower() == "refresh"]
    content = Library()
    known = {one.url for one in content.every("contact")} | {one.url for one in content.every("source")}
    links = {one.has["href"] for one in place.find("a") if one.has.get("href", "").startswith("http")}
    assert links <= known
    assert all(
        {"noreferrer", "noopener"} <= set(one.has.get("rel", "").split())
        for one in place.find("a")
        if one.has.get("href", "").startswith("http")
    )


@pytest.mark.kernel
def test_the_policy_of_a_real_export_names_exactly_its_scripts_and_styles(real: str) -> None:
    """No `unsafe-*`, no address, no `blob:`."""
    rules = policy_of(real)
    place = parse(real)
    run = [one.text for one in place.find("script") if one.has.get("type") != "application/json"]
    raw_scripts = re.findall(r"<script>(.*?)</script>", real, re.S)
    assert len(raw_scripts) == len(run)
    assert rules["default-src"] == "'none'" and rules["connect-src"] == "'none'"
    assert set(rules["script-src"].split()) == {sha(code) for code in raw_scripts}
    assert set(rules["style-src"].split()) == {
        sha(code) for code in re.findall(r"<style[^>]*>(.*?)</style>", real, re.S)
    }
    assert not re.search(r"unsafe|blob:|https?:|\*", " ".join(rules.values()))
    metas = [one.has.get("http-equiv") or one.has.get("charset") or one.has.get("name") for one in place.find("meta")]
    assert metas[:2] == ["utf-8", "Content-Security-Policy"], "nothing may come before the policy"


@pytest.mark.kernel
def test_each_front_end_module_stands_in_a_real_export_once(real: str) -> None:
    """Code once a page, however many exercises."""
    for line in (
        "function make(",
        "function noteOf(",
        "function renderScenario(",
        "function renderQuiz(",
        "const SORT_KINDS",
    ):
        assert real.count(line) == 1, line


@pytest.mark.kernel
@pytest.mark.parametrize("export", EXPORTS[:2])
def test_every_text_of_every_exercise_stands_in_an_export_once(export: str, request: pytest.FixtureRequest) -> None:
    """The readable form is the data: no second copy in a table, no text missing for who reads without scripts."""
    html = read(request.getfixturevalue(export))
    content = Library()
    module = content.module("m5")
    place = parse(html)
    places = {one.has["data-id"]: one for one in place.find(css="sk-exercise")}
    blocks = " ".join(one.text for one in place.find("script") if one.has.get("type") == "application/json")
    for aside in place.find("aside"):
        aside.kids = []  # notes may repeat a sentence of the story
    text = visible(place)
    assert {*module.scenarios, *module.sets} <= set(places)
    for id in module.scenarios:
        aloud = "data-aloud" in places[id].has
        have = {key: text for key, text in texts(content.get("scenario", id)) if aloud or not key.endswith(".aloud")}
        flags = {f"{flag.id}.text" for flag in content.get("scenario", id).flags}
        found = texts_of(places[id])
        assert len(found) == len(dict(found))
        assert {key: words(text) for key, text in have.items() if key not in flags}.items() <= dict(found).items()
        long = [words(one) for one in have.values() if len(one) > 60]
        assert [one for one in long if one in blocks or text.count(one) != 1] == []


@pytest.mark.kernel
@pytest.mark.parametrize("export", EXPORTS[:2])
def test_every_text_of_every_question_stands_in_an_export_once(export: str, request: pytest.FixtureRequest) -> None:
    """Stem, parts, rationales, the accurate sentence, the model."""
    content = Library()
    places = {one.has["data-id"]: one for one in parse(read(request.getfixturevalue(export))).find(css="sk-exercise")}
    for id in content.module("m5").sets:
        found = texts_of(places[id])
        assert len(found) == len(dict(found))
        for item in content.get("set", id).items:
            have = {key: words(text) for key, text in texts(content.get("item", item), item)}
            assert have.items() <= dict(found).items(), item


@pytest.mark.kernel
def test_the_real_participants_deck_tells_no_answer_and_no_note(m5_audience_deck: Path) -> None:
    """Compared with every such text of the content."""
    html = read(m5_audience_deck)
    text = visible(parse(html))
    content = Library()
    module = content.module("m5")
    items = [item for id in module.sets for item in content.get("set", id).items]
    secrets = [one for one in secrets_of(content, list(module.scenarios), items) if len(one) > 25]
    assert len(secrets) > 300
    assert [one for one in secrets if one in text] == []
    notes = [
        words(part)
        for note in read_notes(Course(Path(__file__).parents[1]), "m5").values()
        for part in (note.say, note.do, note.ask, note.watch)
        if part
    ]
    assert len(notes) > 20
    assert [one for one in notes if one in text] == []
    assert "<aside" not in html
    assert key_marks(html) == []


@pytest.mark.kernel
def test_no_test_item_is_in_any_export(real: str) -> None:
    """Forms stay apart from teaching: neither stem nor option nor key."""
    text = visible(parse(real))
    for item in Library().every("item"):
        if item.use == "test":
            assert words(item.stem) not in text, item.id
            assert not [one.rationale for one in item.options if words(one.rationale) in text], item.id


@pytest.mark.kernel
def test_the_notes_of_the_real_deck_stand_beside_their_slides(m5_deck: Path) -> None:
    """Each note is on the slide of its cell; none is lost."""
    notes = read_notes(Course(Path(__file__).parents[1]), "m5")
    slides = {one.has["id"].removeprefix("slide-"): one for one in parse(read(m5_deck)).find("section")}
    assert {cell for cell in notes if cell not in slides} == set()
    for cell, note in notes.items():
        (aside,) = slides[cell].find("aside", css="notes")
        for part in (note.say, note.do, note.ask, note.watch):
            assert words(part) in words(aside.text)
        assert float(slides[cell].has["data-minutes"]) >= note.minutes


@pytest.mark.kernel
def test_no_slide_of_the_real_deck_holds_an_inner_section_or_a_style(m5_deck: Path) -> None:
    """The traps of the slide library."""
    for slide in parse(read(m5_deck)).find("section"):
        assert len(slide.find("section")) == 1
        assert not [one for one in slide.every() if "style" in one.has]


@pytest.mark.kernel
def test_ids_in_a_real_export_are_unique(real: str) -> None:
    """Links inside the page and labels for screen readers depend on it."""
    ids = [one.has["id"] for one in parse(real).every() if "id" in one.has]
    assert sorted({id for id in ids if ids.count(id) > 1}) == []
    inner = {one.has["href"][1:] for one in parse(real).find("a") if one.has.get("href", "").startswith("#")}
    assert inner <= set(ids)


@pytest.mark.kernel
def test_the_real_page_stays_small(m5_page: Path) -> None:
    """One file, gzip at most 150 KB: the limit that no page may pass."""
    import gzip

    assert len(gzip.compress(m5_page.read_bytes())) <= 150_000
