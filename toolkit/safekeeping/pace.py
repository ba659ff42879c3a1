"""The pace of a workshop: what a step needs to be read aloud, filled in and done, beside the minutes that it has.

Everything here is counted from words; nobody has timed it in a room. A learner never loads this module.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from . import instruments
from .library import Library
from .plans import Plan, Step
from .records import Scenario

WORDS_A_MINUTE = 130  # read aloud to a room, calmly
SILENCE = 1 / 6  # minutes, three breaths: before each choice of a story that is read aloud
TOLD = 20  # words in which a scene is told instead of read
SPARE = 0.5  # minutes left over, for what nobody foresees, when a story is read
# Which of a plan's lengths a form has.
LENGTHS = {"pre": "pre", "post": "post", "follow-30": "follow", "follow-90": "follow"}


class Reading(NamedTuple):
    """A story that one leader reads aloud: how many of its scenes fit in full, and how many it has."""

    full: int
    scenes: int


def needed(library: Library, plan: Plan, step: Step) -> float:
    """The least minutes that a step needs: its words, its form, half of its story, and what people do.

    Raises
    ------
    WrongCall : it plays a story, or hands out a form, that does not exist.
    """
    least = _story(library, step, _half(library, step))
    return said(library, step) + written(library, plan, step) + least + step.activity


def said(library: Library, step: Step) -> float:
    """Minutes in which what a leader says and asks is spoken; after a story, with the debrief that it brings along."""
    spoken = [*step.say, *step.ask]
    for id in step.cards if step.keep == "debrief" else ():
        one = library.get("scenario", id).debrief
        spoken += [one.settle, one.facts, one.choices, one.principle, one.action]
    return _words(*spoken) / WORDS_A_MINUTE


def written(library: Library, plan: Plan, step: Step) -> float:
    """Minutes that the longer one of the two forms takes, for each form that the step hands out."""
    known = [(one, getattr(plan, LENGTHS[one])) for one in step.forms if one in LENGTHS]
    return sum(_form(library, one, int(length)) for one, length in known if length.isdecimal())


def read_aloud(library: Library, step: Step) -> Reading:
    """How much of its story a leader can read in full in the planned minutes; no scenes if there is no such story."""
    every = _scenes(library, step)
    left = step.planned - said(library, step) - step.activity - SPARE
    full = len(every)
    while full > 0 and _story(library, step, full) > left:
        full -= 1
    return Reading(full, len(every))


def _half(library: Library, step: Step) -> int:
    return -(-len(_scenes(library, step)) // 2)


def _story(library: Library, step: Step, full: int) -> float:
    """Minutes for a story with so many of its scenes read, the others told, and a silence before each that is read."""
    every = _scenes(library, step)
    if not every:
        return 0
    average = sum(every) / len(every)
    return (average * full + TOLD * (len(every) - full)) / WORDS_A_MINUTE + SILENCE * full


def _scenes(library: Library, step: Step) -> tuple[int, ...]:
    """Words of each scene of the story that a leader reads; none if people play it, or if there is no story."""
    told = [slide.partition("/") for slide in step.slides if slide.startswith(("aloud/", "story/"))]
    if not told or step.lead == "all":
        return ()
    kind, _, id = told[0]
    return _path(library, id, kind == "aloud")


@lru_cache(maxsize=64)
def _path(library: Library, id: str, aloud: bool) -> tuple[int, ...]:
    """Words along the authors' path: each scene with its question, the choice and what follows; the ending last."""
    story: Scenario = library.get("scenario", id)
    nodes = {node.id: node for node in story.nodes}
    found, ending = [], ""
    for entry in story.authors_path:
        at, _, choice = entry.partition(".")
        node = nodes[at]
        option = next(one for one in node.options if one.id == choice)
        thought = node.aloud if aloud else ""
        found.append(_words(node.text, thought, node.question, option.text, option.consequence))
        ending = option.go_to
    if found and ending in nodes:
        found[-1] += _words(nodes[ending].text)
    return tuple(found)


@lru_cache(maxsize=32)
def _form(library: Library, wave: str, length: int) -> float:
    return max(instruments.sheet(library, wave, form, length).time for form in ("A", "B"))


def _words(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)
