"""Forms: the questions of one wave as an exercise that marks nothing, sends nothing and keeps nothing by itself.

The table tells the front end which columns there are and how each is answered; it holds no key. The readable form is
what stands on a page without scripts and can be printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from . import instruments
from .exercises import Exercise, _Form
from .faults import WrongCall
from .instruments import Part, Question, Sheet
from .library import Library

TABLE = 1  # version of the table
# What a host may call an event: it stands in a table that others open, so it begins with a letter or a digit.
EVENT = re.compile(r"[^\W_][\w .,:()/-]{0,59}")


def form(library: Library, wave: str, letter: str = "", items: int = 0, event: str = "") -> Exercise:
    """The form of a wave as an exercise.

    Parameters
    ----------
    letter : ``A`` or ``B``; by default A before the course and at day ninety, B after it and at day thirty.
    items : how many knowledge items; by default the shortest form of the wave.
    event : what the host calls the event; stands in the file of answers.

    Raises
    ------
    WrongCall : there is no such form, or the event's name has other signs than letters, digits and ``. , : ( ) / -``.
    """
    if event and not EVENT.fullmatch(event):
        remedy = "Use at most 60 letters, digits, spaces and . , : ( ) / -, and begin with a letter or a digit."
        raise WrongCall(f'The event cannot be called "{event[:80]}". {remedy}')
    made = instruments.sheet(library, wave, letter or usual_letter(wave), items or shortest(library, wave))
    words = library.words("test-form")
    text = _texts(made, words)
    return Exercise(
        "form",
        f"{made.wave}-{made.form.lower()}-{made.length}",
        made.title,
        _table(library, made, event),
        text,
        lambda: _readable(made, text, words, marked=True),
        lambda: _readable(made, text, words, marked=False),
    )


def usual_letter(wave: str) -> str:
    """The form that somebody alone fills in: another one at each next time."""
    return "B" if wave in ("post", "follow-30") else "A"


def shortest(library: Library, wave: str) -> int:
    """The fewest knowledge items that a wave offers; 0 if there is no such wave, which `instruments.parts` refuses."""
    lengths = [one.knowledge for each in library.every("wave") if each.id == wave for one in each.lengths]
    return min(lengths, default=0)


def _table(library: Library, made: Sheet, event: str) -> dict[str, Any]:
    """``header`` and ``row``: the columns of the file and what is known beforehand; ``parts``: what is asked."""
    words = library.words("test-form")
    return {
        "v": TABLE,
        "kind": "form",
        "id": f"{made.wave}-{made.form.lower()}-{made.length}",
        "header": instruments.header(library, made.ids),
        "row": {"event": event, "wave": made.wave, "form": made.form, "length": str(made.length)},
        "codes": [one.match for one in made.codes],
        "roles": list(instruments.roles(library)),
        "unknown": instruments.UNKNOWN,
        "words": {key: text for key, text in words.items() if not key.startswith("role-") and key != "on-paper"},
        "parts": [
            {
                "id": part.id,
                "type": part.questions[0].type,
                "least": part.least,
                "most": part.most,
                "questions": [_row(question) for question in part.questions],
            }
            for part in made.parts
        ],
    }


def _row(question: Question) -> dict[str, Any]:
    row: dict[str, Any] = {"column": question.column, "label": question.label}
    return row | ({"letters": [letter for letter, _ in question.answers]} if question.answers else {})


def _texts(made: Sheet, words: Mapping[str, str]) -> dict[str, str]:
    """Every text of the form by text id."""
    text = {"title": made.title, "intro": made.intro}
    text["minutes"] = words["minutes"].format(n=made.minutes, form=made.form)
    for n, code in enumerate(made.codes, 1):
        text |= {f"code-{n}.text": code.text, f"code-{n}.hint": code.hint, f"code-{n}.pattern": code.pattern}
    text |= {key: words[key] for key in words if key.startswith("role-")}
    for part in made.parts:
        text |= {f"{part.id}.{key}": getattr(part, key) for key in ("title", "intro", "low", "high")}
        for question in part.questions:
            text |= {f"{question.column}.text": question.text, f"{question.column}.case": question.case}
            text |= {f"{question.column}.{letter}": words for letter, words in question.answers}
    return {id: one for id, one in text.items() if one}


def _readable(made: Sheet, text: Mapping[str, str], words: Mapping[str, str], *, marked: bool) -> str:
    page = _Form(text, words, marked=marked)
    page.add("h3", "title", **{"class": "sk-form-title"})
    page.add("p", "intro")
    page.add("p", "minutes", **{"class": "sk-quiet"})
    page.word("p", "on-paper", "sk-quiet")
    for part in made.parts:
        page.raw(f"<h4>{page.t('span', f'{part.id}.title')}</h4>")
        page.add("p", f"{part.id}.intro")
        if part.low:
            ends = (page.t("span", f"{part.id}.{end}") for end in ("low", "high"))
            low, high = (f"{number}: {end}" for number, end in zip((part.least, part.most), ends, strict=True))
            page.raw(f'<p class="sk-quiet">{low} · {high}</p>')
        for question in part.questions:
            _question(page, part, question)
    page.word("h4", "code-title")
    page.word("p", "code-why")
    for n, _ in enumerate(made.codes, 1):
        parts = " · ".join(page.t("span", id) for id in (f"code-{n}.hint", f"code-{n}.pattern") if id in text)
        page.raw(f'<p>{page.t("span", f"code-{n}.text")}: ____ <span class="sk-quiet">{parts}</span></p>')
    page.word("h4", "where-title")
    page.list("ul", [id for id in text if id.startswith("role-")])
    return page.html()


def _question(page: _Form, part: Part, question: Question) -> None:
    own = question.column
    page.open("sk-form-scene", own)
    page.add("p", f"{own}.case")
    if question.type == "tick":
        page.raw(f"<p>☐ <b>{question.label}.</b> {page.t('span', f'{own}.text')}</p>")
    else:
        page.raw(f"<p><b>{question.label}.</b> {page.t('span', f'{own}.text')}</p>")
    if question.type == "choice":
        rows = "".join(page.t("li", f"{own}.{letter}") for letter, _ in question.answers)
        page.raw(f'<ol type="A">{rows}</ol><p>? {escape(page.words["unknown"])}</p>')
    elif question.type == "rating":
        page.raw(f"<p>{' '.join(str(n) for n in range(part.least, part.most + 1))}</p>")
    else:
        page.raw("<p>____</p>" if question.type == "open" else "")
    page.close()
