"""Story cards: a card a scene with flaps that are folded back, the same numbers as on a page; and the leaders' set.

A flap tells what follows. Why the authors see it so stands in the leaders' set alone, for the talk afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from ... import scenario
from ...exercises import story, story_numbers
from ...records import Node, Option, Scenario
from ..job import Job
from .press import press

LETTERS = "ABCDEFGH"
STEPS = ("settle", "facts", "choices", "principle", "action")


def cards(job: Job) -> bytes:
    """The participants' set of every story of the plan: scenes, what follows each choice, the story in short.

    Raises
    ------
    WrongCall : a story still needs review. TypesetError : a card does not fit its paper even in the smallest letters.
    """
    every = [_keyed(job, _story(job, one)) for one in stories(job)]
    return press(job, "cards", job.library.words("cards")["title"], {"stories": every})


def facilitator_cards(job: Job) -> bytes:
    """The leaders' set: each story at a glance, the authors' way with its thinking aloud, and the words to look back.

    Raises as `cards` does.
    """
    every = [_guide(job, one) for one in stories(job)]
    return press(job, "cards-leaders", job.library.words("cards")["leaders_title"], {"stories": every}, words="cards")


def stories(job: Job) -> Iterator[Scenario]:
    """The plan's stories in order of use; refuses one that still needs review."""
    for id in job.plan.stories():
        story(job.library, id)
        yield job.library.get("scenario", id)


def _story(job: Job, one: Scenario) -> dict[str, Any]:
    words, (scene, _) = job.library.words("form"), story_numbers(one)
    said = {flag.id: flag.text for flag in one.flags}
    scenes = [
        {
            "n": scene[node.id], "title": node.title, "text": node.text, "question": node.question,
            "extras": [[words["only_if"].format(flag=said[extra.when]), extra.text] for extra in node.extras],
            "known": node.known, "unknown": node.unknown, "ending": node.ending,
            "replay": words["replay"].format(n=scene[node.invite_replay]) if node.invite_replay else "",
            "options": [_choice(job, one, node, place) for place in range(len(node.options))],
        }
        for node in one.nodes
    ]  # fmt: skip
    return {
        "title": one.title, "role": one.role, "setting": one.setting, "note": one.content_note.text,
        "short": one.content_note.summary, "fictional": words["fictional"], "scenes": scenes,
        "known": words["known"], "unknown": words["unknown"], "ending": words["ending"],
    }  # fmt: skip


def _keyed(job: Job, told: dict[str, Any]) -> dict[str, Any]:
    """A story with a key for each of its cards: a card with the same key has the same size of type as before."""
    labels = [job.library.words(one) for one in ("print", "cards")]
    house = [job.earlier.code, job.library.language, job.paper, job.large_print, labels]
    head = {name: one for name, one in told.items() if name != "scenes"}

    def key(*parts: Any) -> str:
        return hashlib.sha256(json.dumps([house, head, *parts], sort_keys=True).encode()).hexdigest()[:16]

    return head | {"key": key(), "scenes": [scene | {"key": key(scene)} for scene in told["scenes"]]}


def _choice(job: Job, one: Scenario, node: Node, place: int) -> dict[str, Any]:
    """An option as its card shows it, and what its flap holds."""
    words, option = job.library.words("form"), node.options[place]
    _, follows = story_numbers(one)
    said = {flag.id: flag.text for flag in one.flags}
    hints = [
        words[key].format(flags=", ".join(said[flag] for flag in flags))
        for key, flags in (("first_try", option.needs), ("not_if", option.unless))
        if flags
    ]
    return {
        "letter": LETTERS[place], "n": follows[node.id, option.id], "text": option.text, "hints": hints,
        "go_to": words["go_to"].format(n=follows[node.id, option.id]),
        "consequence": option.consequence,
        "principles": _named(job, option), "then": _then(words, one, option),
    }  # fmt: skip


def _named(job: Job, option: Option) -> str:
    """The principles that an option touches, by name."""
    return " · ".join(job.library.course()["principles"][name] for name in scenario.named_principles(option))


def _then(words: dict[str, str], one: Scenario, option: Option) -> str:
    """Where a flap sends its readers, in the words of the form."""
    scene, _ = story_numbers(one)
    said = {flag.id: flag.text for flag in one.flags}
    turns = [words["if_go_to"].format(flag=said[turn.flag], n=scene[turn.go_to]) for turn in option.go_if]
    last = words["otherwise_go_to" if turns else "then"].format(n=scene[option.go_to])
    return " ".join([*turns, last])


def _guide(job: Job, one: Scenario) -> dict[str, Any]:
    scene, follows = story_numbers(one)
    node = {each.id: each for each in one.nodes}
    course, words = job.library.course(), job.library.words("cards")
    way = [tuple(step.split(".", 1)) for step in one.authors_path]
    path = [
        {
            "n": scene[at], "title": node[at].title, "aloud": node[at].aloud, "flap": follows[at, chosen],
            "letter": LETTERS[[option.id for option in node[at].options].index(chosen)],
            "text": next(option.text for option in node[at].options if option.id == chosen),
        }
        for at, chosen in way
    ]  # fmt: skip
    rows = [
        {
            "n": scene[each.id], "title": each.title,
            "options": [
                {
                    "letter": letter, "flap": follows[each.id, option.id], "authors": (each.id, option.id) in way,
                    "principles": _named(job, option), "feedback": option.feedback,
                    "to": list(dict.fromkeys([*(scene[turn.go_to] for turn in option.go_if), scene[option.go_to]])),
                }
                for letter, option in zip(LETTERS, each.options, strict=False)
            ],
        }
        for each in one.nodes
    ]  # fmt: skip
    return {
        "title": one.title, "role": one.role, "minutes": one.minutes, "kind": course["kinds"][one.kind],
        "principles": ", ".join(course["principles"][name] for name in one.principles),
        "path": path, "rows": rows, "debrief": [[words[step], getattr(one.debrief, step)] for step in STEPS],
        "fictional": job.library.words("form")["fictional"],
    }  # fmt: skip
