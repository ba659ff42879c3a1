"""Records of the course as plain data for print, all in one shape, so that one template draws every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ... import render
from ...faults import WrongCall, near
from ...library import Library
from ...records import Claim, Contact, Entry, Indicator, Law, Phrase, Setting, Term
from ..job import Printing
from ..local import EXPIRES

Row = dict[str, Any]


def reading(
    kind: str, *, title: str = "", text: str = "", figure: str = "", measures: str = "", quiet: str = "",
    stamp: str = "", rows: list[tuple[str, str]] | None = None, points: list[str] | None = None,
) -> Row:  # fmt: skip
    """One record for print: its title, text, figure, labelled rows, points, and a quiet last line."""
    return {
        "kind": kind, "title": title, "text": text, "figure": figure, "measures": measures, "quiet": quiet,
        "stamp": stamp, "rows": [list(row) for row in rows or []], "points": points or [],
    }  # fmt: skip


def shown(job: Printing, id: str) -> Row:
    """A record of any printed kind by its id.

    Raises
    ------
    WrongCall : no record has that id; the message names a near one.
    """
    library = job.library
    for kind, draw in _DRAW.items():
        if library.holds(kind, id):
            try:
                return draw(job, library.get(kind, id))
            except WrongCall:  # the id is only named there, as a reference
                continue
    known = [one.id for kind in _DRAW for one in library.every(kind)]
    raise WrongCall(f'There is nothing called "{id}" to print. {near(id, known)}'.strip())


def claim(job: Printing, one: Claim) -> Row:
    """A claim with its figure, its caveat, how it was read, and its sources."""
    words, grades = job.library.words("show"), job.library.course()["grades"]
    figure = words["do_not_use"] if one.do_not_use else one.figure.value if one.figure else ""
    measures = one.figure.measures if one.figure and not one.do_not_use else ""
    caveat = one.caveat or (words["no_caveat"] if one.figure else "")
    sources = " ".join(short_reference(job.library, id) for id in one.sources)
    quiet = f"{words['grade'].format(grade=grades[one.grade])} {words['sources']}: {sources}"
    rows = [(words["caveat"], caveat)] if caveat else []
    return reading("claim", text=one.text, figure=figure, measures=measures, rows=rows, quiet=quiet)


def short_reference(library: Library, id: str) -> str:
    """A source in a few words: who, when, and under which title."""
    one = library.get("source", id)
    who = "; ".join((one.authors or one.organisations)[:2]) + (" et al." if len(one.authors) > 2 else "")
    return f"{who} ({one.date or one.year or 'undated'}), {one.title}.".lstrip()


def law(job: Printing, one: Law) -> Row:
    """A headline of the law with its caveat and the day by which it is read again."""
    words = job.library.words("show")
    rows = [(words["caveat"], one.caveat)] if one.caveat else []
    return reading(
        "law", title=words["law"], text=one.text, rows=rows, quiet=words["review_by"].format(date=one.review_by)
    )


def phrase(job: Printing, one: Phrase) -> Row:
    """A few words of the place, with the note that belongs to them."""
    return reading("phrase", text=one.text, quiet=one.note)


def entry(job: Printing, one: Entry) -> Row:
    """A glossary entry."""
    return reading("entry", title=one.term, text=one.text)


def term(job: Printing, one: Term) -> Row:
    """A way of speaking to avoid, and what to say instead, with the reason."""
    words = job.library.words("print")
    rows = [(words["say_instead"], one.prefer), (words["not_this"], ", ".join(one.avoid))]
    return reading("term", text=one.why, rows=rows)


def indicator(job: Printing, one: Indicator) -> Row:
    """An indicator with context, ordinary explanations and a next step: never the sign alone."""
    words = job.library.words("show")
    rows = [
        (words["context"], one.context),
        (words["innocent"], " ".join(f"{reason.rstrip('.')}." for reason in one.innocent)),
        (words["next_step"], one.next_step),
    ]
    return reading("indicator", title=one.text, figure="", text="", rows=rows, quiet=one.strength)


def setting(job: Printing, one: Setting) -> Row:
    """A setting in a sentence, with the reminder that no sign is proof; each of its signs is shown by its own id."""
    return reading("setting", title=one.name, text=one.intro, quiet=job.library.words("show")["no_proof"])


def contact(job: Printing, one: Contact) -> Row:
    """A contact with its ways in, and whether it was confirmed for this workshop."""
    words = job.library.words("show")
    ways = (("phone", one.phone), ("text", one.text), ("web", one.url), ("tty", one.tty), ("hours", one.hours),
            ("languages", one.languages), ("for_whom", one.for_whom), ("scope", one.scope))  # fmt: skip
    rows = [(words[key], value) for key, value in ways if value]
    text = words["no_number"] if one.kind == "reporting-directory" else ""
    quiet, stamp = state(job, one)
    return reading("contact", title=one.name, text=text, rows=rows, quiet=quiet, stamp=stamp)


def state(job: Printing, one: Contact) -> tuple[str, str]:
    """Who confirmed a contact and until when that holds; or where it was seen, with a stamp UNCONFIRMED."""
    words = job.library.words("print")
    day = job.confirmed_on(one)
    if day is None:
        return render.status(job.library, one) if not one.checked_on else words["expired"], words["unconfirmed"]
    mine = day == job.confirmed.get(one.id)
    return confirmed(job, day, words["the_facilitator"] if mine else one.checked_by), ""


def confirmed(job: Printing, day: date, role: str) -> str:
    """One sentence: when a number was confirmed, by which role, and the day from which it must be confirmed again."""
    return job.library.words("print")["confirmed"].format(
        date=day.isoformat(), role=role, until=(day + EXPIRES).isoformat()
    )


_DRAW: dict[str, Callable[[Printing, Any], Row]] = {
    "claim": claim,
    "contact": contact,
    "law": law,
    "phrase": phrase,
    "entry": entry,
    "term": term,
    "indicator": indicator,
    "setting": setting,
}
