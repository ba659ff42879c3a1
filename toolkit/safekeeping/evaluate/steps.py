"""The steps of `facilitator/evaluate-a-workshop.ipynb`: one short call each, and an answer that can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from ..library import built_in, course
from . import class_data
from . import codebook as codebooks
from . import responses as sheets
from .codebook import WAVES
from .document import Table, Text
from .matching import match
from .report import CODEBOOK, Made, evaluate, keys_of

__all__ = ["Answers", "check", "example", "leaves_out", "main_figures", "may_say", "who_answered", "write"]


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that a notebook shows: HTML made from escaped text, and the same as plain text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class Answers:
    """Where the answers are.

    Parameters
    ----------
    sheet : the CSV or Parquet file, or the report of one quiz from Canvas or Moodle, which needs nothing beside it.
    codebook : beside it by default. keys : the course's own by default.
    """

    sheet: str
    codebook: str = ""
    keys: str = ""

    def book(self) -> codebooks.Codebook:
        """The codebook with the authors' keys; errors as for `codebook.read`."""
        path = Path(self.codebook) if self.codebook else Path(self.sheet).parent / CODEBOOK
        return codebooks.read(path, keys_of(Path(self.keys) if self.keys else None, built_in()))


def example() -> Answers:
    """The synthetic workshop that comes with the course; no person stands behind it."""
    folder = course().facilitator / "examples" / "synthetic-workshop"
    sheet, codebook, keys = (folder / f"synthetic-{one}" for one in ("responses.csv", "codebook.json", "keys.json"))
    return Answers(str(sheet), str(codebook), str(keys))


def check(answers: Answers) -> Shown:
    """Read the answers and say what is in them, or what is wrong with them; writes nothing.

    Raises
    ------
    SafekeepingError : a file is missing or no codebook. Faults in the answers are shown and not raised.
    """
    library, path = built_in(), Path(answers.sheet)
    quiz = class_data.are_exports([path], library)  # one time alone: nobody is matched
    try:
        if quiz:
            found = class_data.read([path], library, keys_of(None, library))[1]
        else:
            found = sheets.read([path], answers.book())
    except sheets.ResponsesError as error:
        return _lines([str(one).replace("\n    ", " · ") for one in error.faults] + [str(error).splitlines()[-1]])
    people = match(found)
    lines = [f"{len(found)} rows can be read."]
    lines += [f"{people.have(wave).sum()} people answered: {wave}." for wave in WAVES if people.have(wave).any()]
    if not quiz:
        lines.append(f"{people.have('pre', 'post').sum()} people can be matched before and after by the same code.")
    if people.unmatchable and not quiz:
        lines.append(f"{people.unmatchable} rows have too few elements of a code to be matched.")
    if found.ignored:
        lines.append(f"{len(found.ignored)} columns are not in the codebook and will not be read.")
    return _lines(lines)


def write(answers: Answers, folder: str, *, nearly: bool = False, skip_bad: bool = False, enrolled: int = 0) -> Made:
    """Write the report into a folder, and enter it into the ledger beside the answers; errors as for `evaluate`.

    Parameters
    ----------
    nearly : also match codes with one element off. skip_bad : leave out rows with a fault.
    """
    return evaluate(
        built_in(), [Path(answers.sheet)], Path(folder), codebook=Path(answers.codebook) if answers.codebook else None,
        keys=Path(answers.keys) if answers.keys else None, one_off=nearly, skip_bad=skip_bad, enrolled=enrolled,
        today=date.today(),  # noqa: DTZ011 - the person's own day
    )  # fmt: skip


def main_figures(made: Made) -> Shown:
    """Page one: the answer in a sentence, and the table of main figures."""
    return _section(made, "first", kinds=("lead",))


def may_say(made: Made) -> Shown:
    """What may be said at this number of people, and what may not."""
    return _section(made, "first", kinds=("note",), tables=False)


def who_answered(made: Made) -> Shown:
    """How many answered at each time, and whether those who came back had begun differently."""
    return _section(made, "flow", kinds=("",))


def leaves_out(made: Made) -> Shown:
    """What the report does not say, and why."""
    return _section(made, "held-back", kinds=("",))


def _section(made: Made, id: str, *, kinds: tuple[str, ...], tables: bool = True) -> Shown:
    section = next(one for one in made.document.sections if one.id == id)
    html, text = [], []
    for one in section.blocks:
        if isinstance(one, Text) and one.kind in kinds:
            html.append(f"<p>{escape(one.text)}</p>")
            text.append(one.text)
        elif isinstance(one, Table) and tables:
            html.append(_table(one, made.document.synthetic))
            text += [": ".join(row) for row in one.rows]
    return Shown(f'<div lang="en">{"".join(html)}</div>', "\n".join(text))


def _table(table: Table, mark: str) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.head)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(one)}</td>" for one in row[1:]) + "</tr>"
        for row in table.rows
    )
    caption = f"{escape(table.title)}. <strong>{escape(mark)}</strong>" if mark else escape(table.title)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _lines(lines: Iterable[str]) -> Shown:
    every = list(lines)
    return Shown("<ul>" + "".join(f"<li>{escape(one)}</li>" for one in every) + "</ul>", "\n".join(every))
