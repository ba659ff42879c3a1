"""Story cards: every scene and every choice once, under the numbers of the page, and nothing of the leaders' set."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from html_reader import parse, visible
from paper import HOSTILE, job_of, one_line, sound, text_of
from safekeeping.exercises import story, story_numbers
from safekeeping.faults import WrongCall
from safekeeping.publish.job import Job, Maker
from safekeeping.publish.print import cards
from safekeeping.publish.typeset import TypesetError
from safekeeping.records import Option, Scenario

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<')


def options_of(one: Scenario) -> list[tuple[str, Option]]:
    return [(node.id, option) for node in one.nodes for option in node.options]


@pytest.fixture(scope="module")
def job() -> Job:
    return job_of("educators-90")


@pytest.fixture(scope="module")
def played(job: Job, tmp_path_factory: pytest.TempPathFactory) -> str:
    return text_of(cards.cards(job), tmp_path_factory.mktemp("cards"))


@pytest.fixture(scope="module")
def led(job: Job, tmp_path_factory: pytest.TempPathFactory) -> str:
    return text_of(cards.facilitator_cards(job), tmp_path_factory.mktemp("led"))


@pytest.mark.parametrize("large", [False, True])
def test_the_cards_hold_every_scene_and_what_follows_every_choice(job: Job, large: bool, tmp_path: Path) -> None:
    """Once and whole: a flap that is cut off, or a text that a fold swallows, is missing here."""
    text = text_of(cards.cards(replace(job, large_print=large)), tmp_path)
    for one in cards.stories(job):
        for node in one.nodes:
            for part in (node.text, node.question, *node.known, *node.unknown, *(extra.text for extra in node.extras)):
                assert one_line(part) in text, f"{one.id}.{node.id}"
        for at, option in options_of(one):
            for part in (option.text, option.consequence):
                assert text.count(one_line(part)) == 1, f"{one.id}.{at}"
        assert one_line(one.content_note.summary) in text


def test_cards_and_page_say_the_same_numbers(job: Job, played: str) -> None:
    """Whoever plays on paper and whoever reads the page are sent to the same place."""
    for one in cards.stories(job):
        form = one_line(visible(parse(story(job.library, one.id).form())))
        scene, follows = story_numbers(one)
        for node in one.nodes:
            for option in node.options:
                n = follows[node.id, option.id]
                sent = re.escape(one_line(option.text)) + rf"[^{{}}]{{0,200}}?Go to {n}\."
                assert re.search(sent, form) and re.search(sent, played), f"{one.id} {n}"
                last = r" ((?:If [^.]+, go to \d+\. ?)*(?:Otherwise|Then) go to \d+\.)"
                follow = rf"\b{n}\b[^§]{{0,60}}? {re.escape(one_line(option.consequence))}[^§]*?{last}"
                told = {found[1] for text in (form, played) if (found := re.search(follow, text))}
                assert len(told) == 1 and told.pop().endswith(f" go to {scene[option.go_to]}."), f"{one.id} {n}"


def test_the_participants_set_tells_neither_the_authors_way_nor_what_leaders_say(job: Job, played: str) -> None:
    """Thinking aloud, the debrief's words and the kind of story stay in the leaders' set."""
    for one in cards.stories(job):
        debrief = [getattr(one.debrief, step) for step in cards.STEPS]
        debrief += [option.feedback for _, option in options_of(one)]
        for secret in (*(node.aloud for node in one.nodes), *debrief, job.library.course()["kinds"][one.kind]):
            assert not secret or one_line(secret) not in played, one.id
    assert job.library.words("cards")["authors"] not in played


def test_the_leaders_set_shows_the_authors_way_in_order_and_the_debrief(job: Job, led: str) -> None:
    """Each step with its card and number; after it the five steps in the order in which they are spoken."""
    for one in cards.stories(job):
        _, follows = story_numbers(one)
        node = {each.id: each for each in one.nodes}
        way = [step.split(".", 1) for step in one.authors_path]
        texts = [next(o.text for o in node[at].options if o.id == chosen) for at, chosen in way]
        places = [led.index(one_line(text)) for text in [*texts, *(getattr(one.debrief, s) for s in cards.STEPS)]]
        assert places == sorted(places)
        assert all(re.search(rf"[A-C] · {follows[at, chosen]} → [\d/]+ authors", led) for at, chosen in way)
        assert f"{one.title} " in led
        assert all(one_line(option.feedback) in led for _, option in options_of(one))


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_every_story_that_may_be_shown_fits_its_cards(job: Job, paper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a plan of one's own picks, no flap is cut off."""
    ready = [one for one in job.library.every("scenario") if one.status == "ready"]
    monkeypatch.setattr(cards, "stories", lambda job: ready)
    raw = cards.cards(replace(job, paper=paper))
    with pikepdf.open(io.BytesIO(raw)) as document:
        choosing = sum(bool(node.options) for one in ready for node in one.nodes)
        halves = sum(-(-(sum(not node.options for node in one.nodes) + 1) // 2) for one in ready)
        assert len(document.pages) == len(ready) + choosing + halves


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_in_large_print_a_choice_is_never_torn_over_two_sheets(
    job: Job, paper: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Question and options of a scene stand on one sheet under its number; words to cut by cover no other words."""
    ready = [one for one in job.library.every("scenario") if one.status == "ready"]
    monkeypatch.setattr(cards, "stories", lambda job: ready)
    path = tmp_path / "large.pdf"
    path.write_bytes(cards.cards(replace(job, paper=paper, large_print=True)))
    made = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    sheets = [one_line(sheet) for sheet in made.stdout.replace("-\n", "-").split("\f")]
    for one in ready:
        scene, _ = story_numbers(one)
        for node in one.nodes:
            asked = [one_line(text) for text in (node.question, *(option.text for option in node.options)) if text]
            own = [sheet for sheet in sheets if sheet.startswith(f"{scene[node.id]} ") and one.title in sheet]
            assert not asked or any(all(text in sheet for text in asked) for sheet in own), f"{one.id}.{node.id}"
    boxes = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    for sheet in boxes.split("<page ")[1:]:
        words = [(*map(float, at), word) for *at, word in WORD.findall(sheet)]
        for x, y, to_x, to_y, word in words:
            over = [w for a, b, c, d, w in words if w != word and a < to_x and c > x and b < to_y - 2 and d > y + 2]
            assert word not in ("Cut", "here") or not over, over


def test_a_card_that_is_too_long_is_refused_by_its_number(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than printed in letters that nobody can read, or cut off."""
    one = next(iter(cards.stories(job)))
    first = one.nodes[0]
    longer = replace(one, nodes=(replace(first, text=first.text * 9), *one.nodes[1:]))
    monkeypatch.setattr(cards, "stories", lambda job: [longer])
    with pytest.raises(TypesetError, match="card 1 is longer than its side of the sheet"):
        cards.cards(job)


def test_a_story_that_still_needs_review_is_not_printed(job: Job) -> None:
    """As it is not shown anywhere else."""
    held = next(one.id for one in job.library.every("scenario") if one.status != "ready")
    plan = job.plan
    step = replace(plan.sessions[0].steps[0], cards=(held,))
    changed = replace(plan, sessions=(replace(plan.sessions[0], steps=(step,)),))
    with pytest.raises(WrongCall, match="needs review"):
        cards.cards(replace(job, plan=changed))


def test_text_that_looks_like_a_command_is_printed_as_it_stands(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a title, a scene and a flap."""
    one = next(iter(cards.stories(job)))
    first = one.nodes[0]
    option = replace(first.options[0], consequence=HOSTILE, text=HOSTILE)
    node = replace(first, title=HOSTILE, text=HOSTILE, options=(option, *first.options[1:]))
    monkeypatch.setattr(cards, "stories", lambda job: [replace(one, title=HOSTILE, nodes=(node, *one.nodes[1:]))])
    for make in (cards.cards, cards.facilitator_cards):
        text = text_of(make(job), tmp_path)
        assert HOSTILE in text and "root:" not in text


@pytest.mark.parametrize("make", [cards.cards, cards.facilitator_cards])
def test_the_files_are_tagged_titled_and_carry_their_fonts(job: Job, make: Maker, tmp_path: Path) -> None:
    """And the same job gives the same bytes."""
    raw = make(job)
    sound(raw, "Story cards", tmp_path)
    assert make(job) == raw
