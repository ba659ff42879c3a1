"""Slides that stand still: a title, blocks and notes, for a file that can be edited and for one that is printed.

Exercises stand there for discussion, as on the participants' slides: situation and options, no consequence and no key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .. import render
from ..exercises import Exercise
from . import notebook
from .blocks import Block, Figure, Heading, Listing, Paragraph, Run, Table, from_html, from_markdown, plain, words_of
from .exporter import STILL, Setting
from .slides import Slide

MOST_QUESTIONS = 3  # of a set, one a slide; the others are in the workbook
MOST_CONTACTS = 6
MOST_LEAD_WORDS = 60
_NUMBER = re.compile(r"\d+\.")


@dataclass(frozen=True)
class Still:
    """One slide without movement. ``eyebrow`` is the small line above the title, ``cover`` marks a title page."""

    title: str
    blocks: tuple[Block, ...]
    note: Sequence[tuple[str, str]] = ()
    eyebrow: str = ""
    cover: bool = False

    @property
    def figure(self) -> Figure | None:
        """The diagram, if the slide is one."""
        return next((block for block in self.blocks if isinstance(block, Figure)), None)

    @property
    def lead(self) -> bool:
        """Whether it is a heading with a few words, which may stand large in the middle."""
        few = len(words_of(self.blocks).split()) <= MOST_LEAD_WORDS
        return few and not (self.cover or self.eyebrow or any(isinstance(b, Figure | Table) for b in self.blocks))

    @property
    def columns(self) -> tuple[tuple[Block, ...], ...]:
        """Two short lists, each under its label, which may stand side by side; empty on any other slide."""
        if len(self.blocks) != 4:
            return ()
        pairs = (self.blocks[:2], self.blocks[2:])
        return pairs if all(_is_labelled(*pair) for pair in pairs) else ()


def _is_labelled(label: Block, points: Block) -> bool:
    return isinstance(label, Paragraph) and label.quiet and isinstance(points, Listing) and points.marker == "•"


def stills(slides: Sequence[Slide], setting: Setting, questions: int = MOST_QUESTIONS) -> list[Still]:
    """Every slide of a deck as one still, or as a few where an exercise has several questions.

    Parameters
    ----------
    questions : the most parts of one exercise; the workbook has the rest.
    """
    found: list[Still] = []
    for slide in slides:
        made = [still for cell in slide.cells for still in _of_cell(cell, slide, setting, questions)]
        if made:
            made[0] = Still(made[0].title, made[0].blocks, slide.note, made[0].eyebrow, made[0].cover)
        found += made
    return found


def _of_cell(cell: object, slide: Slide, setting: Setting, questions: int) -> Iterator[Still]:
    assert isinstance(cell, dict)  # cells are plain data; the sequence's type says less
    if cell["cell_type"] == "markdown":
        blocks = from_markdown(cell["source"], slide.id)
        title = next((plain(block.runs) for block in blocks if isinstance(block, Heading)), "")
        rest = tuple(block for block in blocks if not isinstance(block, Heading))
        yield Still(title, rest, cover=slide.id.startswith("cover-"))
        return
    for piece in notebook.pieces(setting.library, setting.where, cell):
        if piece.exercise is not None:
            yield from _exercise(piece.exercise, setting, questions)
        elif piece.html:
            blocks = from_html(piece.html)
            figure = next((block for block in blocks if isinstance(block, Figure)), None)
            title = figure.title if figure else ""
            yield Still(title, (figure,) if figure else blocks)
        elif piece.text:
            yield Still("", (Paragraph((Run(piece.text),)),))


def _exercise(exercise: Exercise, setting: Setting, questions: int) -> Iterator[Still]:
    words = setting.words
    if exercise.id == "turn-to":
        yield Still(words["help_lines"], (_contacts(setting),))
        return
    if exercise.id in STILL:
        yield Still(exercise.title, from_html(exercise.form()))
        return
    story = exercise.module == "scenario"
    parts = _parts(from_html(exercise.discussion()), story=story)
    if story:
        *blocks, last = parts[-1]
        assert isinstance(last, Paragraph)  # it says that the story is made up
        parts[-1] = (*blocks, Paragraph((*last.runs, Run(f" {words['discuss_story']}")), quiet=True))
    for number, part in enumerate(parts[:questions]):
        more = len(parts) > questions and number == questions - 1
        rest: tuple[Block, ...] = (Paragraph((Run(words["more_in_workbook"]),), quiet=True),) if more else ()
        yield Still(exercise.title, part + rest, eyebrow=words["discuss"])


def _parts(blocks: Sequence[Block], *, story: bool) -> list[tuple[Block, ...]]:
    """The blocks of an exercise, cut before each numbered question; a story in scene, what is known, decision."""
    parts: list[list[Block]] = [[]]
    for place, block in enumerate(blocks):
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        runs = block.runs if isinstance(block, Paragraph) else ()
        numbered = bool(runs) and runs[0].strong and _NUMBER.fullmatch(runs[0].text.strip()) is not None
        decides = story and bool(runs) and isinstance(after, Listing) and after.marker == "A"
        first = len(parts) == 1 and isinstance(block, Paragraph) and block.quiet
        knows = story and first and isinstance(after, Listing)
        if (numbered or decides or knows) and parts[-1]:
            parts.append([])
        parts[-1].append(block)
    return [tuple(part) for part in parts]


def contact_lines(setting: Setting) -> list[tuple[str, str, str, str]]:
    """The first place to turn to in each situation: when, where, number, and whether anyone has confirmed it."""
    words, uses = setting.words, setting.library.words("turn-to")
    found = []
    for use, group in render.contacts_by_use(setting.library)[:MOST_CONTACTS]:
        one = group[0]
        local = one.phone.partition(" (")[0] or one.text or words["contact_local"]  # not once more in letters
        state = words["contact_confirmed" if one.checked_on else "contact_unconfirmed"].format(date=one.checked_on)
        found.append((uses[use], one.name, local, state))
    return found


def _contacts(setting: Setting) -> Table:
    heads = tuple(setting.words[key] for key in ("contact_use", "contact_name", "contact_number", "contact_state"))
    return Table(tuple(tuple((Run(text),) for text in line) for line in (heads, *contact_lines(setting))))
