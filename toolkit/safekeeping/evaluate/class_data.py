"""Reads what Canvas and Moodle give out about a quiz, as answers to the course's own questions.

Which reports, and where their columns are documented (no real export has been tried; the layouts are theirs, the
sample files in the tests are ours):

*Canvas, Classic Quizzes: "Student Analysis"* (quiz statistics). Columns ``name, id, sis_id, section, section_id,
section_sis_id, submitted, attempt``, of which some may be missing (an anonymous survey has neither name nor id); then
two for each question, ``<number>: <question without tags>`` with the text of the chosen answer, and a column headed by
the points possible; then ``n correct, n incorrect, score``. Source: instructure/canvas-lms,
``app/models/quizzes/quiz_statistics/student_analysis.rb``, `to_csv`; Canvas API, Quiz Reports, ``student_analysis``.

*Canvas, New Quizzes: "Student Analysis"*. Its columns are not documented in public. Where a column is headed by the
question and holds the chosen text it is read by the same rule.

*Moodle: "Responses"* (quiz report), downloaded as CSV. Last name, first name, identity fields such as the e-mail
address, status, started, completed, duration, ``Grade/10.00``, then for each question ``Question 1`` (if ticked),
``Response 1``, ``Right answer 1`` (if ticked), with the plain text of the chosen option and ``-`` where there is none.
The heads are in the language of the site. Source: moodle/moodle, ``mod/quiz/report/responses``,
``mod/quiz/classes/local/reports/attempts_report.php``, `summarise_response` in
``question/type/multichoice/question.php``.

So a question is known by its words and not by the head of a column: by its text in the head (Canvas), or by the words
of its options in the cells (Moodle). Both are unique in the course. Only questions with options are read; a rating, a
sorting, an order or an answer in words is counted as not read. Moodle's "Grades" report holds no answers.

Which instrument the answers belong to follows from the questions. Test questions are a measure: the whole of form A or
form B if they are just that, else a form of their own, C. Practice questions show what is right at once, so they are
read alone, once, and never as a change. A sheet that holds both is refused.

Names, addresses and numbers of persons are never carried on. Where the same people are measured twice, the rows of one
person get the same random id in memory, and the identity is dropped on reading.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import instruments
from ..faults import WrongCall, listed
from ..library import Library
from . import codebook as codebooks
from .codebook import FORMS, LONGEST_FORM, MISSING, WAVES, Codebook
from .export import read_export
from .quiz import Attempt, Bank, Quiz, choose, understood
from .responses import Responses, ResponsesError
from .sheet import Answers, Faults

OWN = "C"  # the form of a quiz that is neither form A nor form B
ENDINGS = (".csv", ".txt")
Forms = Mapping[str, tuple[str, list[str]]]  # wave to the form and its questions


def are_exports(paths: Sequence[Path], library: Library) -> bool:
    """Whether these are reports of a platform: text files in which a question of the course is found.

    Raises
    ------
    WrongCall : some are, and some are sheets of our own.
    """
    bank = Bank(library)
    found = [_is_export(path, bank) for path in paths]
    if any(found) and not all(found):
        ours = listed(path.name for path, one in zip(paths, found, strict=True) if not one)
        raise WrongCall(f"Some of these files are reports of a learning platform, and {ours} is not. Give one kind.")
    return bool(found) and all(found)


def _is_export(path: Path, bank: Bank) -> bool:
    """A sheet of ours names its wave; whatever cannot be read is left to those who say why."""
    if path.suffix.lower() not in ENDINGS or not path.is_file() or _names_wave(path):
        return False
    export = read_export(path, Faults())
    return export is not None and bank.in_export(export)


def _names_wave(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(1_000_000)
    names = {one.strip(b'"\xef\xbb\xbf\r\n ') for part in first.split(b",") for one in part.split(b";")}
    return bool({b"wave", b"form", b"length"} & names)


def read(
    paths: Sequence[Path], library: Library, keys: Mapping[str, Any], *, waves: Sequence[str] = (),
    attempt: Attempt = "first",
) -> tuple[Codebook, Responses]:  # fmt: skip
    """Read one or several exports as answers to one form, or to form A and form B.

    Parameters
    ----------
    keys : the authors' keys, as for `codebook.read`. waves : when each file was answered; one file alone is "post".
    attempt : which attempt of a person counts, where there are several.

    Raises
    ------
    WrongCall : the waves do not fit the files, or practice would be reported as a change.
    ResponsesError : a file cannot be read, or a question or an answer was changed in the platform; with every fault.
    """
    when = list(waves) or (["post"] if len(paths) == 1 else [])
    if len(when) != len(paths) or any(one not in WAVES for one in when):
        example = " ".join(("pre", "post", *WAVES[2:])[: len(paths)])
        raise WrongCall(
            f"There are {len(paths)} files: say when each was answered, in their order, for example --waves {example}."
        )
    bank, faults = Bank(library), Faults()
    quizzes = []
    for path in paths:
        export = read_export(path, faults)
        quiz = understood(export, bank, faults) if export else None
        if quiz is not None:
            choose(quiz, attempt, several=len(set(when)) > 1, faults=faults)
            quizzes.append(quiz)
    if faults.total:
        raise ResponsesError(faults.listed, faults.total, skippable=False)
    forms = _forms(quizzes, when, bank)
    _nobody_twice(quizzes, when)
    book = codebooks.from_data(_codebook(forms, bank), keys, "the course's own codebook")
    return book, _responses(quizzes, when, forms, book, bank)


def _nobody_twice(quizzes: Sequence[Quiz], when: Sequence[str]) -> None:
    """Raise ResponsesError where somebody stands in two files of one wave.

    They would count as two people, towards the smallest group that is shown as well.
    """
    faults = Faults()
    people: dict[str, set[str]] = {wave: set() for wave in when}
    reports = set[tuple[str, tuple[tuple[str, ...], ...]]]()
    for wave, quiz in zip(when, quizzes, strict=True):
        name, again = quiz.export.name, people[wave].intersection(quiz.persons) - {""}
        if (wave, quiz.export.rows) in reports:
            remedy = "Name each report once: a copy counts everybody twice."
            faults.file("file-twice", name, f'the rows of another file for "{wave}"', "a report of its own", remedy)
        elif again:
            remedy = "Download one report for all of them, or delete their rows in one of the two files."
            came = f'{len(again)} people of another file for "{wave}"'
            faults.file("person-twice", name, came, "each person once at one time", remedy)
        people[wave].update(quiz.persons)
        reports.add((wave, quiz.export.rows))
    if faults.total:
        raise ResponsesError(faults.listed, faults.total, skippable=False)


def _forms(quizzes: Sequence[Quiz], when: Sequence[str], bank: Bank) -> Forms:
    """For each wave the form and its questions.

    Raises
    ------
    WrongCall : practice and test questions stand together, practice stands in two waves, or the waves do not compare.
    """
    asked: dict[str, list[str]] = {}
    for wave, quiz in zip(when, quizzes, strict=True):
        if set(asked.setdefault(wave, list(quiz.places))) != set(quiz.places):
            raise WrongCall(f'The files for "{wave}" hold different questions. Give the files of one quiz.')
    uses = {bank.items[id].use for some in asked.values() for id in some}
    if len(uses) > 1:
        raise WrongCall(
            "These files hold practice questions and test questions. Practice shows what is right at once, so it "
            "measures nothing: download the two quizzes apart, or delete the columns of the practice questions."
        )
    if "practice" in uses and len(asked) > 1:
        raise WrongCall(
            "Practice questions show what is right at once, so that they cannot be compared before and after. "
            "Give one file of practice alone; for a change use test questions."
        )
    first = next(iter(asked.values()))
    if all(set(some) == set(first) for some in asked.values()):
        if len(first) > LONGEST_FORM:
            raise WrongCall(f"The quiz has {len(first)} questions, and at most {LONGEST_FORM} are read.")
        return dict.fromkeys(asked, (OWN, first))
    printed = {frozenset(one.items): one for letter in FORMS[:2] for one in instruments.forms(bank.library, letter)}
    found = {wave: printed.get(frozenset(some)) for wave, some in asked.items()}
    if all(found.values()) and len({one.length for one in found.values() if one}) == 1:
        return {wave: (one.form, list(one.items)) for wave, one in found.items() if one}
    raise WrongCall(
        "The files hold different questions at different times, so that nothing can be compared. Use the same "
        "questions each time, or the whole of form A and form B of one length."
    )


def _codebook(forms: Forms, bank: Bank) -> dict[str, Any]:
    """A codebook of these forms alone, in the shape of `instruments.codebook`; letters in the order of the content."""
    library = bank.library
    home = {each.id: module.id for module in library.every("module") for each in module.objectives}
    shared = instruments.anchors(library)
    found = []
    for form, ids in dict(forms.values()).items():
        items = [bank.items[id] for id in ids]
        columns = [
            {
                "column": one.id, "type": "choice", "module": home.get(one.objective, ""), "text": one.stem,
                "values": {instruments.LETTERS[i]: option.id for i, option in enumerate(one.options)},
                "anchor": form != OWN and one.id in shared,
            }
            for one in items
        ]  # fmt: skip
        name = f"kn-quiz-{form.lower()}"
        found.append({"id": name, "kind": "knowledge", "form": form, "length": len(ids), "columns": columns})
    practice = any(bank.items[id].use == "practice" for _, ids in forms.values() for id in ids)
    return {**instruments.codebook(library, []), "codes": [], "instruments": found, "practice": practice}


def _responses(quizzes: Sequence[Quiz], when: Sequence[str], forms: Forms, book: Codebook, bank: Bank) -> Responses:
    """The rows of all files, each person under a random id, and nothing else of who they are."""
    import polars as pl

    ids: dict[str, str] = {}
    wave, person = list[str](), list[str]()
    cells: dict[str, list[int]] = {name: [] for name in book.columns}
    empty = 0
    for one, quiz in zip(when, quizzes, strict=True):
        for row, who in zip(quiz.answers(bank), quiz.persons, strict=True):
            if not row:
                empty += 1
                continue
            wave.append(one)
            person.append(ids.setdefault(who, secrets.token_hex(8)) if who and len(forms) > 1 else "")
            for name, column in cells.items():
                column.append(row.get(name, MISSING))
    if not wave:
        raise WrongCall("There is no finished attempt with an answer in these files. Download the report again later.")
    answers: dict[str, Answers] = {name: np.array(column, np.int8) for name, column in cells.items()}
    nothing = pl.Series([""]).new_from_index(0, len(wave)).cast(pl.Categorical)
    return Responses(
        np.array([WAVES.index(one) for one in wave], np.int8),
        np.array([FORMS.index(forms[one][0]) for one in wave], np.int8),
        np.array([len(forms[one][1]) for one in wave], np.int16),
        nothing, nothing, pl.Series(person, dtype=pl.String), 0, answers, (), without_answers=empty,
        unfinished=sum(one.unfinished for one in quizzes), repeated=sum(one.repeated for one in quizzes),
        others=max(one.others for one in quizzes),
    )  # fmt: skip
