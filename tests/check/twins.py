"""Broken twins: for each rule of `check` one small edit of the tiny course that breaks that rule and no other.

`NEARLY` holds the opposite: edits that look like a breach and are none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Edit = Callable[[Path], None]

ITEMS = "content/items/m1.toml"
FORMS = "content/instruments/all.toml"
MODULE = "content/modules/m1.toml"
SIGNS = "content/indicators.toml"
WORDS = "content/glossary.toml"
CLAIMS = "content/claims/basics.toml"
PLACE = "content/places/us.toml"
BOOK = "notebooks/01-notice.ipynb"
HANDBOOK = "facilitator/handbook.md"
HANDOUT = "facilitator/handouts/one-page.toml"
CHARTS = "facilitator/flowcharts.toml"
STORIES = [f"content/scenarios/{name}.toml" for name in ("sc01-one", "sc02-two", "sc03-three", "sc04-four")]
STORY = STORIES[0]


def swap(file: str, old: str, new: str) -> Edit:
    """Replace the first occurrence of a text."""

    def edit(root: Path) -> None:
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def both(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(root: Path) -> None:
        for one in edits:
            one(root)

    return edit


def add(file: str, text: str) -> Edit:
    """Write something at the end of a file, or a new file."""

    def edit(root: Path) -> None:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + text, encoding="utf-8")

    return edit


def drop(*files: str) -> Edit:
    """Remove files."""

    def edit(root: Path) -> None:
        for file in files:
            (root / file).unlink()

    return edit


def cut(file: str, start: str, end: str) -> Edit:
    """Take out everything from a text up to, not including, the next occurrence of another."""

    def edit(root: Path) -> None:
        path = root / file
        text = path.read_text(encoding="utf-8")
        i = text.index(start)
        path.write_text(text[:i] + text[text.index(end, i + len(start)) :], encoding="utf-8")

    return edit


def cell(id: str, /, **changes: Any) -> Edit:
    """Change keys of one cell; a dotted key goes into its metadata; None takes a key out."""

    def edit(root: Path) -> None:
        path = root / BOOK
        data = json.loads(path.read_text(encoding="utf-8"))
        one = next(one for one in data["cells"] if one["id"] == id)
        for key, value in changes.items():
            place = one["metadata"] if key in ("tags", "slideshow", "jupyter", "safekeeping") else one
            if value is None:
                place.pop(key)
            else:
                place[key] = value
        path.write_text(json.dumps(data, indent=1), encoding="utf-8")

    return edit


def without_cell(id: str) -> Edit:
    """Take one cell out of the notebook."""

    def edit(root: Path) -> None:
        path = root / BOOK
        data = json.loads(path.read_text(encoding="utf-8"))
        data["cells"] = [one for one in data["cells"] if one["id"] != id]
        path.write_text(json.dumps(data, indent=1), encoding="utf-8")

    return edit


def everywhere(old: str, new: str) -> Edit:
    """The same edit in every story."""
    return both(*(swap(file, old, new) for file in STORIES))


def node(id: str, go_to: str) -> str:
    """A complete node whose three options lead to one place."""
    options = "".join(
        f'\n[[node.option]]\nid = "{id}-{stance}"\nstance = "{stance}"\ntext = "Say a word to Sam."\n'
        'consequence = "Sam nods and looks away."\nfeedback = "It is kind, and it leaves the question where it was."\n'
        f'points = {{ dignity = 1 }}\ngo_to = "{go_to}"\n'
        for stance in ("withdraw", "hold", "escalate")
    )
    facts = 'known = ["Sam is here"]\nunknown = ["Why"]\nquestion = "What do you do?"\n'
    return f'\n[[node]]\nid = "{id}"\ntitle = "A moment"\ntext = "A moment passes."\n{facts}{options}'


def _keys_longest(root: Path) -> None:
    """Every key gets the longest of the three texts."""
    path = root / ITEMS
    text = path.read_text(encoding="utf-8")
    key = re.compile(r'text = "Go and ask Joe?l? (by \d\.)"(\nrationale = "It fits here\."\nkey = true)')
    path.write_text(key.sub(r'text = "Go and ask Joel \1"\2', text), encoding="utf-8")


def _keys_first(root: Path) -> None:
    """Twelve questions retire; of the fifteen that stay, eight have the key in the first place."""
    path = root / ITEMS
    text = path.read_text(encoding="utf-8")
    for number in range(6, 18):
        text = text.replace(f'id = "m1-q{number}"\n', f'id = "m1-q{number}"\nretired = true\n', 1)
    for number in (1, 4, 19):
        start = text.index(f'id = "m1-q{number}"\n')
        end = text.index("[[item]]", start)
        block = text[start:end].replace("key = true\n", "")
        block = block.replace('rationale = "It fits here."\n', 'rationale = "It fits here."\nkey = true\n', 1)
        text = text[:start] + block + text[end:]
    path.write_text(text, encoding="utf-8")


def _keys_alike(root: Path) -> None:
    """The two questions of form A have their keys in the same place."""
    path = root / ITEMS
    text = path.read_text(encoding="utf-8")
    start = text.index('id = "m1-q22"\n')
    end = text.index("[[item]]", start)
    block = text[start:end].replace("key = true\n", "")
    i = block.rindex('rationale = "It fits here."\n') + len('rationale = "It fits here."\n')
    path.write_text(text[:start] + block[:i] + "key = true\n" + block[i:] + text[end:], encoding="utf-8")


def _open_question_last(root: Path) -> None:
    """At the window the best option moves to the third place, in every story."""
    for file in STORIES:
        path = root / file
        text = path.read_text(encoding="utf-8")
        i = text.index('[[node.option]]\nid = "open-question"')
        j = text.index('[[node.option]]\nid = "just-the-hours"')
        k = text.index('[[node]]\nid = "next-week"')
        path.write_text(text[:i] + text[j:k] + text[i:j] + text[k:], encoding="utf-8")


def _micro(root: Path) -> None:
    """A booster with a micro story of two decisions and two endings, and five questions of its own."""
    nodes = "".join(_small_node(*row) for row in (("desk", "door", "hold"), ("door", "", "escalate")))
    ends = "".join(
        f'\n[[node]]\nid = "{id}"\nending = true\ntitle = "It ends"\ntext = "The day is over."\n'
        for id in ("end-well", "end-late")
    )
    head = (root / STORY).read_text(encoding="utf-8").partition("[[flag]]")[0].partition("[[node]]")[0]
    head = re.sub(r"authors_path = \[[^]]*\]", 'authors_path = ["desk.desk-hold", "door.door-escalate"]', head)
    head = head.replace('id = "sc01-one"', 'id = "b7-small"\nsize = "micro"')
    head = head.replace('[[person]]\nname = "Mr Adler"\npart = "adult helper"\ngender = "man"\n', "")
    debrief = (root / STORY).read_text(encoding="utf-8").partition("[debrief]")[2]
    text = f"{head}{nodes}{ends}\n[debrief]{debrief}"
    (root / "content/scenarios/b7-small.toml").write_text(text, encoding="utf-8")
    five = json.dumps([f"m1-q{number}" for number in range(6, 11)])
    questions = f'\n[[set]]\nid = "b7"\ntitle = "Again"\nkind = "quiz"\nitems = {five}\n'
    add(ITEMS, questions)(root)
    row = 'format = 1\n[[booster]]\nid = "b7"\nday = 7\ntitle = "Again"\nquestions = "b7"\nscenario = "b7-small"\n'
    add("content/boosters.toml", row)(root)


def _pack(weight: int, id: str) -> Edit:
    """A university pack of one way of grading and one document that prints it."""

    def edit(root: Path) -> None:
        folder = root / "facilitator" / "university"
        folder.mkdir()
        share = f'[[grading.share]]\ntitle = "A note"\nweight = {weight}\n'
        (folder / "grading.toml").write_text(f'format = 1\n[[grading]]\nid = "evening"\n{share}', encoding="utf-8")
        front = (root / HANDBOOK).read_text(encoding="utf-8").split("+++")[1].replace("F02", "U01")
        text = f"+++{front}+++\n\n# Handbook\n\n{{{{grading: {id}}}}}\n\nA note is enough.\n"
        (folder / "seminar.md").write_text(text, encoding="utf-8")

    return edit


def _small_node(id: str, go_to: str, best: str) -> str:
    text = node(id, go_to or "end-late").replace("dignity = 1 }", "dignity = -1 }")
    start = text.index(f'id = "{id}-{best}"')
    good = text[start:].replace("dignity = -1 }", "dignity = 2 }", 1)
    good = good.replace(f'stance = "{best}"\n', f'stance = "{best}"\nmove = "consult"\n', 1)
    good = good if go_to else good.replace('"end-late"', '"end-well"', 1)
    return (text[:start] + good).replace(f'id = "{id}"\n', f'id = "{id}"\n' + "start = true\n" * bool(go_to), 1)


HARD = (
    "Multidisciplinary institutional responsibilities necessitate comprehensive organisational documentation, "
    "interdisciplinary communication, professional accountability and administrative transparency throughout "
    "extraordinarily complicated circumstances involving vulnerable individuals. "
) * 6
LATE = 'go_to = "clumsy"\n\n[[node]]\nid = "next-week"'  # where the window's last option leads
HOLD = "points = { documentation = 1, timely-report = -2, safety = -1 }"

# Rule, and the edit that breaks it. Each edit breaks that rule alone.
PLAN, PARTS, WHOM = (f"facilitator/plans/{name}.toml" for name in ("short", "steps", "audiences"))

TWINS: dict[str, Edit] = {
    "plan-reads": swap(PLAN, 'use = "welcome"', 'use = "welcom"'),
    "plan-minutes": swap(PLAN, "planned = 8\n", "planned = 9\n"),
    "plan-pace": swap(PLAN, 'use = "story"\n', 'use = "story"\nactivity = 8\n'),
    "plan-load": swap(PLAN, 'use = "pathway"\n', 'use = "pathway"\nload = "heavy"\n'),
    "plan-breaks": swap(PLAN, "pause = 15", "pause = 5"),
    "plan-kept": swap(PARTS, 'keep = "pathway"\n', ""),
    "plan-slides": swap(PARTS, '"m1/title"', '"m1/titel"'),
    "plan-stories": swap(WHOM, 'fits = ["sc03-three", "sc04-four"]', 'fits = ["sc04-four"]'),
    "plan-material": swap(PARTS, 'material = [{ id = "cards", ', 'material = [{ id = "crads", '),
    "plan-forms": swap(PLAN, 'may_claim = ["knowledge"]', 'may_claim = ["skills practice"]'),
    "plan-people": swap(PLAN, "minutes = 60\n", "minutes = 60\npeople = 40\n"),
    "plan-words": swap(PARTS, 'watch = "Silence."\n', ""),
    # ids
    "unknown-id": swap(WORDS, '["change-matters"]', '["change-matter"]'),
    "reused-id": swap(WORDS, 'id = "pattern"', 'id = "school"'),
    "id-shape": swap(WORDS, 'id = "pattern"', 'id = "Pattern_One"'),
    "empty-text": swap(
        STORY, 'consequence = "On the second evening Sam says good evening first."', 'consequence = " "'
    ),
    "ledger-form": add("content/ids.toml", 'format = 1\n[scenarios]\nids = ["sc01-one"]\n'),
    "because": swap(
        ITEMS, 'basis = ["change-matters"]', 'basis = ["change-matters"]\nbecause = { negativ = "It has to be so." }'
    ),
    # evidence
    "no-source": swap(CLAIMS, 'sources = ["agency-2024", "handbook-2023"]', "sources = []"),
    "no-caveat": swap(CLAIMS, 'caveat = "Practice guidance; one agency."\n', ""),
    "do-not-use": swap(WORDS, '["change-matters"]', '["old-number"]'),
    "unverified-claim": swap(WORDS, '["change-matters"]', '["advice-only"]'),
    "seed-links": swap(CLAIMS, 'seeds = ["S001"]', "seeds = []"),
    "seed-indicator": swap(SIGNS, 'seeds = ["S036"]', "seeds = []"),
    "indicator-parts": swap(SIGNS, '["A new baby at home", "A friend who moved away"]', '["A new baby at home"]'),
    "empty-setting": add(SIGNS, '\n[[setting]]\nid = "home"\nname = "Home"\nintro = "At home."\n'),
    "figure-file": swap("content/figures.toml", "fig-change.svg", "fig-other.svg"),
    "glossary-length": swap(WORDS, "seen over time.", "seen over time. " + "It is a word. " * 12),
    "place-of-law": swap(ITEMS, 'basis = ["change-matters"]', 'basis = ["law-duty"]'),
    # places and time
    "contact-confirmed": swap(PLACE, "2026-11-01", "2026-01-01"),
    "contact-parts": swap(PLACE, 'checked_by = "safety lead"\n', ""),
    "law-review": swap(PLACE, "2027-05-22", "next spring"),
    "reviews": add("content/reviews.toml", '\n[[review]]\nreviewer_role = "lawyer"\n'),
    "translation": both(
        swap("content/languages.toml", '"not started"', '"in progress"'),
        add(
            "content/es/glossary.toml", 'format = 1\n[[text]]\nid = "pattern.term"\nof = "00000000"\ntext = "patrón"\n'
        ),
    ),
    # modules
    "module-lead": swap(MODULE, "a change tells you more.", "a change tells you more. " + "Look again. " * 10),
    "key-points": swap(MODULE, 'this child\'s own normal."\nclaims = ["change-matters"]', "this child's own normal.\""),
    "module-content": swap(STORIES[3], '\nstatus = "ready"', '\nstatus = "needs-review"'),
    "course-modules": swap("content/course.toml", '["m0", "m1"]', '["m0"]'),
    "module-notebook": drop(BOOK, "facilitator/notes/m1.toml"),
    "objective-items": swap(MODULE, "scorable = false", "scorable = true"),
    "objective-activity": swap(
        MODULE, "[[key_point]]", '[[objective]]\nid = "1.3"\ntext = "Name two."\nscorable = false\n\n[[key_point]]'
    ),
    "objective-verb": swap(MODULE, "Name two other", "Understand two other"),
    "item-count": swap(ITEMS, 'use = "test"', 'use = "practice"'),
    "key-position": _keys_first,
    "guessing": _keys_longest,
    # items
    "one-key": swap(ITEMS, "key = true\n", ""),
    "item-parts": swap(ITEMS, 'category = "report"', 'category = "reports"'),
    "key-length": swap(ITEMS, '"Go and ask Jo by 0."', '"Go and ask Jo by 0, and then the others."'),
    "question-stem": swap(ITEMS, "what would you do next?", "say what you would do next."),
    "negative": swap(ITEMS, "what would you do next?", "what would you not do next?"),
    "all-or-none": swap(ITEMS, '"Go and ask Joe by 1."', '"All of the above."'),
    "absolute": swap(ITEMS, '"Go and ask Joe by 1."', '"Always ask Joe by 1."'),
    "no-basis": swap(ITEMS, 'basis = ["change-matters"]', "basis = []"),
    "pair": swap(ITEMS, 'variant = "b"', 'variant = "a"'),
    "duplicate-stem": swap(ITEMS, "In story 1 of", "In story 0 of"),
    "set-items": swap(ITEMS, '"m1-order-1"]', '"m1-order-1", "m1-q6"]'),
    "booster": both(_micro, swap(ITEMS, '"m1-q10"]', '"m1-short-1"]')),
    # instruments
    "instrument-parts": swap(FORMS, 'kind = "intention"', 'kind = "barriers"'),
    "knowledge-items": swap(FORMS, "length = 2", "length = 3"),
    "knowledge-blueprint": swap(FORMS, '"m1-q25", "m1-q26"]', '"m1-q25", "m1-q23"]'),
    "knowledge-subset": swap(FORMS, '["m1-q22"]', '["m1-q24"]'),
    "form-keys": _keys_alike,
    "myth-statements": swap(FORMS, "reverse = true\n", ""),
    "judgement-cases": swap(FORMS, "key = 1\nreport = true", "key = 3\nreport = true"),
    "confidence-modules": swap(FORMS, 'module = "m1"\n', ""),
    "column-once": swap(FORMS, 'id = "rx-0"', 'id = "fu-0"'),
    "wave-parts": swap(FORMS, '"se"]', '"sf"]'),
    "pseudonym": cut(FORMS, '[[code]]\nid = "code-0"', "[[code]]"),
    # words
    "avoid-term": swap(SIGNS, "several changes belong together.", "a problem kid is late."),
    "rescue": swap(SIGNS, "Ask how things are,", "Go and rescue the young child,"),
    "promise": swap(SIGNS, "Ask how things are,", "Asking will prevent harm,"),
    "score-wording": swap(SIGNS, "several changes belong together.", "a child has three of five signs."),
    "phone-number": swap(SIGNS, "Ask how things are,", "Call 911,"),
    "digits": cell("quiz-before", source=["In 2024 many people were asked."]),
    "reading-level": cell("change-text", source=[HARD]),
    # stories
    "one-start": swap(STORY, "start = true\n", ""),
    "unreachable-node": add(STORY, '\n[[node]]\nid = "attic"\nending = true\ntitle = "The attic"\ntext = "Dust."\n'),
    "dead-end": both(
        swap(STORY, LATE, LATE.replace("clumsy", "attic")),
        add(STORY, '\n[[node]]\nid = "attic"\ntitle = "The attic"\ntext = "Dust."\n'),
    ),
    "hidden-options": cut(STORY, '[[node.option]]\nid = "keep-away"', "[[node.option]]"),
    "endless-cycle": both(swap(STORY, LATE, LATE.replace("clumsy", "round")), add(STORY, node("round", "round"))),
    "path-length": swap(
        STORY,
        'go_to = "clumsy"\n\n[[node.option]]\nid = "sit-near"',
        'go_to = "desk"\n\n[[node.option]]\nid = "sit-near"',
    ),
    "endings": both(
        swap(STORY, 'go_to = "end-alone"', 'go_to = "end-waited"'),
        cut(STORY, '[[node]]\nid = "end-alone"', "[debrief]"),
    ),
    "repair": swap(STORY, "repair = true\n", ""),
    "consult": both(swap(STORY, 'move = "wait"', 'move = "note"'), swap(STORY, 'move = "consult"', 'move = "report"')),
    "authors-path": swap(STORY, '"window.open-question"', '"window.something-else"'),
    "best-path": swap(
        STORY, 'points = { dignity = 1 }\ngo_to = "desk"', 'points = { dignity = 2, safety = 1 }\ngo_to = "desk"'
    ),
    "points": swap(STORY, "points = { dignity = 2, documentation = 2 }", "points = { dignity = 3, documentation = 2 }"),
    "flags": swap(STORY, 'go_to = "window"', 'set = ["near"]\ngo_to = "window"'),
    "known-unknown": swap(STORY, 'unknown = ["Whether Sam will talk to you again"]\n', ""),
    "feedback": swap(STORY, 'feedback = "Kind words,', 'feedback = "Good try."\n# "Kind words,'),
    "fictional": swap(STORY, "fictional = true", "fictional = false"),
    "persons": swap(STORY, 'name = "Mr Adler"', 'name = "Mr Baker"'),
    "strategies": swap(STORY, 'kind = "ambiguous"', 'kind = "positive"'),
    "set-strategies": both(
        everywhere('kind = "ambiguous"', 'kind = "negative"'),
        everywhere(HOLD, HOLD.replace("timely-report = -2", "timely-report = 1")),
    ),
    "best-longest": both(
        everywhere(
            "and note the dates for yourself afterwards.", "and note the dates for yourself afterwards, at home."
        ),
        swap(STORY, "How are things at the moment?", "How are things for you at the moment, apart from the rain?"),
    ),
    "best-position": _open_question_last,
    "person-balance": everywhere('part = "adult helper"\ngender = "woman"', 'part = "adult helper"\ngender = "man"'),
    "shares": both(*(swap(file, 'forms = ["boys"]\n', "") for file in STORIES[1::2])),
    # notebooks
    "notebook-format": swap(BOOK, '"nbformat_minor": 5', '"nbformat_minor": 4'),
    "cell-id": cell("story-before", id="Story_Before"),
    "saved-output": cell("quiz", execution_count=3),
    "part-order": without_cell("sources"),
    "slide-type": cell("story", slideshow={"slide_type": "skip"}),
    "slide-words": cell("change", source=["## Change\n\n" + "Look for what is new. " * 6]),
    "slide-count": both(
        swap(MODULE, "minutes = 20", "minutes = 6"), swap(MODULE, "room_minutes = 10", "room_minutes = 4")
    ),
    "speaker-notes": swap("facilitator/notes/m1.toml", '[[note]]\ncell = "title"\nminutes = 1\nsay = "Go on."\n', ""),
    "unknown-tag": cell("quiz", tags=["hide-input", "exercise", "exercize"]),
    "code-cell": cell("change-figure", source=['shew("fig-change")']),
    "hidden-source": cell("quiz", jupyter={}),
    "exercise-cell": without_cell("quiz-before"),
    "markdown-kind": cell("quiz-before", source=["Try <b>these</b> questions."]),
    "no-claims": cell("change-text", safekeeping={"sources_points": ["S001"]}),
    "own-metadata": cell("change", safekeeping={"claims": [], "objectiv": "1.1"}),
    # documents
    "document-front": swap(HANDBOOK, '"2026-11-20"', '"2026-12-24"'),
    "document-markdown": swap(HANDBOOK, "Good evening.", "Good <b>evening</b>."),
    "document-links": swap(HANDBOOK, "#what-to-say", "#what-to-sing"),
    "university-data": _pack(90, "evening"),
    "university-filled": _pack(100, "morning"),
    "sheet-form": add(HANDOUT, '\n[[block]]\nheading = "Then"\n'),
    "chart-form": swap(CHARTS, 'go_to = "wait"', 'go_to = "stop"'),
}

# These are told and fail nothing, until a release.
NOTICES = {"contact-confirmed", "shares", "new-id"}

# Edits that are in order, by the rule that must not mind them.
NEARLY: dict[str, Edit] = {
    "negative": swap(ITEMS, "In story 0 of this course,", "A boy does not eat. In story 0 of this course,"),
    "absolute": swap(ITEMS, '"Go and ask Joe by 1."', '"Ask all for it now."'),
    "one-key": swap(ITEMS, '[[item.option]]\nid = "o0"', '[[item.option]]\nid = "zero"'),
    "pair": swap(ITEMS, "A girl of 14 is late", "A girl of 15 is late"),
    "unverified-claim": cell("change-figure", source=['show("advice-only")']),
    "do-not-use": swap(ITEMS, 'stem = "Children always tell."', 'stem = "Children tell."'),
    "avoid-term": swap(WORDS, "seen over time.", "seen over time; “problem kid” is not our word."),
    "rescue": swap(SIGNS, "Ask how things are,", "The fire and rescue service came; ask how things are,"),
    "promise": swap(SIGNS, "Ask how things are,", "This may help to prevent harm; ask how things are,"),
    "score-wording": swap(
        SIGNS, "several changes belong together.", "two changes belong together, in a match with the score 3 to 2."
    ),
    "phone-number": swap(SIGNS, "Ask how things are,", "In the year 1911 or on page 112, ask how things are,"),
    "digits": cell(
        "quiz-before", source=["In 5 minutes and 3 steps: children aged 12 to 17, a 14-year-old, under 18."]
    ),
    "contact-confirmed": swap(PLACE, "2026-11-01", "2026-08-25"),
    "contact-parts": swap(PLACE, 'phone = "911"', 'phone = "1-800-555-0100 (1-800-LISTEN)"'),
    "hidden-options": both(
        swap(STORY, 'go_to = "window"', 'set = ["near"]\ngo_to = "window"'),
        swap(STORY, 'id = "after-sunday"\nstance = "hold"', 'id = "after-sunday"\nunless = ["near"]\nstance = "hold"'),
        swap(
            STORY,
            '[[node.option]]\nid = "between-us"',
            '[[node.option]]\nid = "after-the-day"\nneeds = ["near"]\nstance = "hold"\ntext = "Write it and wait."\n'
            f'consequence = "Sunday comes and goes."\nfeedback = "A note is worth much; the day comes first."\n{HOLD}\n'
            'go_to = "end-waited"\n\n[[node.option]]\nid = "between-us"',
        ),
        add(STORY, '\n[[flag]]\nid = "near"\ntext = "you sat near"\n'),
    ),
    "endless-cycle": both(
        swap(STORY, LATE, LATE.replace("clumsy", "round")),
        add(STORY, node("round", "round").replace('go_to = "round"', 'go_to = "clumsy"', 1)),
    ),
    "persons": swap(STORY, 'name = "Mr Adler"', 'name = "the two readers"'),
    "slide-words": cell(
        "change", source=["## Change in the small things of a week\n\n" + "One two three four five. " * 5]
    ),
    "no-claims": cell("change-text", safekeeping={"claims": []}),
    "code-cell": cell("story", source=['play("sc01-one", aloud=True)']),
    "markdown-kind": cell(
        "quiz-before", source=["Try these:\n\n| a | b |\n|---|---|\n| x | y |\n\n- *one*\n- **two**."]
    ),
    "module-content": both(
        swap(STORIES[3], '\nstatus = "ready"', '\nstatus = "needs-review"'), swap(MODULE, ', "sc04-four"', "")
    ),
    "booster": _micro,
    "path-length": _micro,
    "endings": _micro,
    "knowledge-items": swap(FORMS, 'items = ["m1-q22", "m1-q23"]', 'items = ["m1-q22", "m1-q24"]'),
    "knowledge-subset": swap(FORMS, '["m1-q22"]', '["m1-q23"]'),
    "judgement-cases": swap(FORMS, "key = 1\nreport = true", "key = 2\nreport = true"),
    "wave-parts": swap(FORMS, '"se"]', '"se", "my"]'),
    "pseudonym": add(FORMS, '\n[[code]]\nid = "code-9"\ntext = "Last"\npattern = "a number"\nmatch = "number"\n'),
    "item-parts": swap(
        ITEMS, 'levels = ["none", "one", "two", "two and a question"]', 'levels = ["no", "one", "two", "all"]'
    ),
    "translation": swap("content/languages.toml", '"not started"', '"in progress"'),
    "document-front": swap(HANDBOOK, '"2026-11-20"', '"2026-11-22"'),
    "document-markdown": swap(HANDBOOK, "Good evening.", "Good **evening**, [friends](#handbook)."),
    "document-links": swap(HANDBOOK, "#what-to-say", "handbook.md#what-to-say"),
    "university-data": _pack(100, "evening"),
    "university-filled": _pack(100, "evening"),
    "sheet-form": add(HANDOUT, '\n[[block]]\nheading = "Then"\nlines = 2\n'),
    "chart-form": swap(CHARTS, 'text = "Is it about today?"', 'text = "Is it about today?"\nsay = "Is it today?"'),
}
