"""A tiny correct course of two modules. The tests of `check` break it in one place at a time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from safekeeping.author.new import new
from safekeeping.library import Course

HERE = Path(__file__).parent / "course"
SCENARIOS = ("sc01-one", "sc02-two", "sc03-three", "sc04-four")


def build(root: Path) -> Course:
    """Write the course into a folder: its content from files, stories and questions from patterns."""
    content = root / "content"
    shutil.copytree(HERE / "content", content)
    for number, name in enumerate(SCENARIOS):
        text = new("scenario", name, content).read_text(encoding="utf-8")
        text = text.replace('status = "needs-review"', 'status = "ready"').replace(
            "The reading corner", f"Corner {number}"
        )
        if number % 2:  # two boys of four young people
            text = text.replace('part = "young person"\ngender = "unstated"', 'part = "young person"\ngender = "boy"')
            text = text.replace("fictional = true", 'fictional = true\nforms = ["boys"]')
        (content / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    (content / "items").mkdir()
    (content / "items" / "m1.toml").write_text(items(), encoding="utf-8")
    (content / "instruments").mkdir()
    (content / "instruments" / "all.toml").write_text(instruments(), encoding="utf-8")
    (root / "notebooks").mkdir()
    (root / "facilitator" / "notes").mkdir(parents=True)
    for stem, module, middle in (("00-open", "m0", []), ("01-notice", "m1", MIDDLE)):
        cells = notebook(module, middle)
        save(root / "notebooks" / f"{stem}.ipynb", cells)
        notes = [one["id"] for one in cells if one["metadata"]["slideshow"]["slide_type"] == "slide"]
        text = "format = 1\n" + "".join(f'\n[[note]]\ncell = "{id}"\nminutes = 1\nsay = "Go on."\n' for id in notes)
        (root / "facilitator" / "notes" / f"{module}.toml").write_text(text, encoding="utf-8")
    shutil.copytree(HERE.parent / "plans", root / "facilitator" / "plans")
    (root / "facilitator" / "handbook.md").write_text(HANDBOOK, encoding="utf-8")
    (root / "facilitator" / "flowcharts.toml").write_text(CHARTS, encoding="utf-8")
    (root / "facilitator" / "handouts").mkdir()
    (root / "facilitator" / "handouts" / "one-page.toml").write_text(HANDOUT, encoding="utf-8")
    return Course(root)


HANDBOOK = """+++
format = 1
id = "F02"
title = "Handbook"
purpose = "To lead an evening in the reading corner."
audience = "Whoever leads it"
minutes = 1
version = "1.0"
date = "2026-11-20"
licence = "CC BY 4.0"
claims = ["change-matters"]
+++

# Handbook

Read this a week before. It takes 5 minutes, and [the first part](../notebooks/00-open.ipynb) takes ten.

## Before you begin

- Look at the doors, and at *who* sits near them.
- See [what to say](#what-to-say), and bring the card (F13).

## What to say

| moment | words |
|---|---|
| at the door | Good evening. |

{{change-matters}}
"""

HANDOUT = """format = 1
id = "one-page"
order = 1
title = "One page"
lead = "Keep this by the door."

[[block]]
heading = "Notice"
points = ["What is new?", "Since when?"]
show = ["change-matters"]
claims = ["change-matters"]
"""
CHARTS = """format = 1

[[flowchart]]
id = "someone-speaks"
title = "Someone speaks"
lead = "It may come at any time."
say = ["Thank you."]
claims = ["change-matters"]

[[flowchart.step]]
id = "stop"
text = "Stop and listen."
go_to = "now"

[[flowchart.step]]
id = "now"
text = "Is it about today?"
[[flowchart.step.branch]]
answer = "Yes"
go_to = "call"
[[flowchart.step.branch]]
answer = "No"
go_to = "wait"

[[flowchart.step]]
id = "call"
text = "Call together."

[[flowchart.step]]
id = "wait"
text = "Say when you meet again."
"""


def items() -> str:
    """Twenty-seven questions with one key each, in which no habit guesses well, and one item of each other type."""
    rows = ["format = 1\n"]
    for number in range(27):
        # The key stands first, second, third in turn; among three lengths it is the short, the middle and the long one.
        place, rank = number % 3, (number // 3) % 3
        lengths = [length for length in range(3) if length != rank]
        use = "practice" if number < 21 else "test"
        rows.append(_head(f"m1-q{number}", "MC", use, f"In story {number} of this course, what would you do next?"))
        for option in range(3):
            length = rank if option == place else lengths.pop(0)
            text = "Go and ask " + ("Jo", "Joe", "Joel")[length] + f" by {option}."
            key = "key = true\n" if option == place else ""
            rows.append(f'[[item.option]]\nid = "o{option}"\ntext = "{text}"\nrationale = "It fits here."\n{key}')
    rows.append(_head("m1-sort-1", "CL", "practice", "Which group does each belong to?"))
    rows += [f'[[item.category]]\nid = "{id}"\ntext = "{id}"\n' for id in ("notice", "report")]
    rows += [
        f'[[item.case]]\nid = "c-{g}"\ntext = "Case {g}"\ncategory = "{g}"\nrationale = "Yes."\n'
        for g in ("notice", "report")
    ]
    rows.append(_head("m1-order-1", "SEQ", "practice", "In which order would you go?"))
    rows += [f'[[item.step]]\nid = "s{n}"\ntext = "Step {n}"\nrationale = "Yes."\n' for n in range(3)]
    rows.append(
        _head("m1-myth-1", "MR", "practice", "Children always tell.") + 'accurate = "Many children never tell."\n'
    )
    short = 'model = "A new baby, or a new job."\nlevels = ["none", "one", "two", "two and a question"]\n'
    rows.append(_head("m1-short-1", "SR", "practice", "What else could explain it?", "1.2") + short)
    rows.append('[[item.criterion]]\nid = "two"\ntext = "Two explanations"\n')
    for variant, child in (("a", "girl"), ("b", "boy")):
        stem = f"A {child} of 14 is late again. How well does each step fit?"
        rows.append(
            _head(f"m1-pair-{variant}", "SJ", "practice", stem, "1.2") + f'pair = "late"\nvariant = "{variant}"\n'
        )
        rows += [f'[[item.action]]\nid = "x{n}"\ntext = "Action {n}"\nkey = {n}\nrationale = "Yes."\n' for n in (2, 4)]
    quiz = [f"m1-q{n}" for n in range(5)] + ["m1-myth-1", "m1-short-1"]
    for id, kind, names in (
        ("m1-quiz", "quiz", quiz),
        ("m1-sort", "sort", ["m1-sort-1", "m1-order-1"]),
        ("m1-pairs", "pairs", ["m1-pair-a", "m1-q5", "m1-pair-b"]),
    ):
        rows.append(f'[[set]]\nid = "{id}"\ntitle = "Try it"\nkind = "{kind}"\nitems = {json.dumps(names)}\n')
    return "\n".join(rows)


def instruments() -> str:
    """One instrument of every kind, forms of two items and of one, one wave, and the elements of a pseudonym."""
    rows = ["format = 1\n"]
    for name, form, items in (
        ("kn-a", "A", (22, 23)), ("kn-a1", "A", (22,)), ("kn-b", "B", (25, 26)), ("kn-b1", "B", (25,)),
    ):  # fmt: skip
        names = json.dumps([f"m1-q{n}" for n in items])
        rows.append(_measure(name, "knowledge") + f'form = "{form}"\nlength = {len(items)}\nitems = {names}\n')
    ends = 'low = "no"\nhigh = "yes"\n'
    rows.append(_measure("my", "myths") + "least = 1\nmost = 6\n" + ends)
    for n in range(12):
        turned = "reverse = true\n" if n < 3 else ""
        rows.append(_statement(f"my-{n}") + f'{turned}accurate = "This is so."\nbasis = ["change-matters"]\n')
    for id, kind, count in (
        ("se", "self-efficacy", 1), ("in", "intention", 6), ("rx", "reaction", 8), ("rx-distress", "distress", 2),
        ("in-barriers", "barriers", 4), ("fu", "behaviour", 6), ("rx-open", "open", 2),
    ):  # fmt: skip
        rated = kind not in ("barriers", "behaviour", "open")
        rows.append(_measure(id, kind) + ("least = 0\nmost = 5\n" + ends if rated else ""))
        module = 'module = "m1"\n' if id == "se" else ""
        rows += [_statement(f"{id}-{n}") + module for n in range(count)]
    rows.append(_measure("sj", "judgement") + "least = 1\nmost = 5\n" + ends)
    for n in range(8):
        case = ("positive", "negative")[n % 2]
        rows.append(f'[[instrument.vignette]]\nid = "sj-{n}"\ncase = "{case}"\nstem = "Story {n}."\n')
        rows.append('basis = ["change-matters"]\n')
        for id, key in (("report-now", 1 if n % 2 else 5), ("listen", 5), ("leave", 2), ("ask", 4)):
            report = "report = true\n" if id == "report-now" else ""
            rows.append(f'[[instrument.vignette.action]]\nid = "{id}"\ntext = "Do it."\nkey = {key}\n{report}')
            rows.append('rationale = "It fits."\n')
    rows.append('[[wave]]\nid = "pre"\ntitle = "Before"\nintro = "It is voluntary."\n')
    rows += [f'[[wave.length]]\nknowledge = {n}\nparts = ["kn", "se"]\n' for n in (1, 2)]
    letter = 'text = "A letter"\npattern = "one letter"\nmatch = "letter"\n'
    rows += [f'[[code]]\nid = "code-{n}"\n{letter}' for n in range(6)]
    return "\n".join(rows)


def _measure(id: str, kind: str) -> str:
    return f'[[instrument]]\nid = "{id}"\nkind = "{kind}"\ntitle = "A part"\nintro = "Say what you think."\n'


def _statement(id: str) -> str:
    return f'[[instrument.statement]]\nid = "{id}"\ntext = "This is sentence {id}."\n'


def _head(id: str, kind: str, use: str, stem: str, objective: str = "1.1") -> str:
    basis = 'basis = ["change-matters"]'
    return (
        f'[[item]]\nid = "{id}"\ntype = "{kind}"\nuse = "{use}"\nobjective = "{objective}"\n{basis}\nstem = "{stem}"\n'
    )


def prose(id: str, text: str, *, slide: str = "skip", tags: tuple[str, ...] = (), **own: Any) -> dict[str, Any]:
    """A Markdown cell."""
    metadata: dict[str, Any] = {"slideshow": {"slide_type": slide}}
    metadata |= {"tags": list(tags)} if tags else {}
    metadata |= {"safekeeping": own} if own else {}
    return {"id": id, "cell_type": "markdown", "metadata": metadata, "source": text.splitlines(keepends=True)}


def code(id: str, text: str, *, slide: str = "skip", tags: tuple[str, ...] = ()) -> dict[str, Any]:
    """A code cell with a hidden source."""
    metadata = {"jupyter": {"source_hidden": True}, "slideshow": {"slide_type": slide}, "tags": ["hide-input", *tags]}
    return {
        "id": id,
        "cell_type": "code",
        "metadata": metadata,
        "source": [text],
        "outputs": [],
        "execution_count": None,
    }


LONG = (
    "A girl who has always been late is late. A boy who was never late, and is late every Monday now, is telling you "
    "something, though not yet what. Ask how things are, and wait for the answer; then write down day and words."
)
MIDDLE = [
    prose(
        "change", "## Change\n\nLook for change from this child's own normal.", slide="slide", claims=["change-matters"]
    ),
    prose("change-text", LONG, claims=["change-matters"], sources_points=["S001"], objective="1.1"),
    code("change-figure", 'show("fig-change")', slide="slide"),
    prose("story-before", "In the next story you work in a library. It takes about 6 minutes."),
    code("story", 'play("sc01-one")', slide="slide", tags=("exercise",)),
    prose("quiz-before", "Try a few questions; see [the start](00-open.ipynb) for how they work."),
    code("quiz", 'ask("m1-quiz")', slide="slide", tags=("exercise",)),
]


def notebook(module: str, middle: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells of a notebook: the fixed opening, what a module brings, the fixed end."""
    goals = [code("objectives", f'objectives("{module}")')] if module != "m0" else []
    return [
        prose("start-line", "Choose *Run All Cells*.", tags=("lab-only",)),
        prose("title", "# A title\n\nA line below it.", slide="slide"),
        code("setup", f'from safekeeping import *; part("{module}")', tags=("setup",)),
        code("content-note", f'begin("{module}")', slide="slide"),
        code("turn-to", "turn_to()"),
        *goals,
        *middle,
        code("key-points", f'key_points("{module}")'),
        code("sources", f'sources("{module}")'),
        code("pause", "pause()"),
    ]


def save(path: Path, cells: list[dict[str, Any]]) -> None:
    """Write a notebook as JupyterLab does."""
    data = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
