"""Scores of single rows, from answers: never shown themselves, only their summaries over groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .codebook import FORMS, MISSING, Codebook, Column, Instrument
from .responses import Responses
from .sheet import Answers

Scores = np.ndarray[Any, np.dtype[np.float64]]
ENOUGH = 0.5  # of the questions must carry an answer; then an empty knowledge question counts as not right
REPORTED = 4  # "report now" rated this or higher counts as reporting


def right(answers: Answers, key: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether the answer is the authors' key; "don't know" and an empty cell are not right."""
    found: np.ndarray[Any, np.dtype[np.bool_]] = answers == key
    return found


def knowledge(responses: Responses, codebook: Codebook, length: int) -> Scores:
    """Per cent of a form's questions that agree with the authors' key; NaN without enough answers or in other rows.

    A row with a longer form counts as well if that form holds all these questions: then these alone are scored, so that
    a short follow-up is compared with the same short part of what came before.
    """
    found = np.full(len(responses), np.nan)
    for number, form in enumerate(FORMS):
        instrument = codebook.knowledge(form, length)
        if instrument is None or any(one.name not in responses.answers for one in instrument.columns):
            continue
        long = [
            one.length
            for one in codebook.of("knowledge")
            if one.form == form and set(instrument.columns) <= set(one.columns)
        ]
        rows = (responses.form == number) & np.isin(responses.length, long)
        found[rows] = _per_cent(instrument.columns, responses, codebook, rows)
    return found


def modules(responses: Responses, codebook: Codebook, length: int, whole: Scores) -> dict[str, Scores]:
    """The same for each module's questions within a form; a row counts if it has a score of the `whole` form."""
    found: dict[str, Scores] = {}
    for number, form in enumerate(FORMS):
        instrument = codebook.knowledge(form, length)
        if instrument is None or any(one.name not in responses.answers for one in instrument.columns):
            continue
        rows = np.flatnonzero((responses.form == number) & (responses.length == length) & ~np.isnan(whole))
        for module in dict.fromkeys(one.module for one in instrument.columns if one.module):
            columns = [one for one in instrument.columns if one.module == module]
            total = np.zeros(len(rows), np.int8)
            for one in columns:
                total += (responses.answers[one.name][rows] == codebook.keys[one.name]).view(np.int8)
            here = found.setdefault(module, np.full(len(responses), np.nan))
            here[rows] = 100 * total.astype(float) / len(columns)
    return found


def _per_cent(columns: Iterable[Column], responses: Responses, codebook: Codebook, rows: Any) -> Scores:
    where = np.flatnonzero(rows)
    count, total, given = 0, np.zeros(len(where), np.int8), np.zeros(len(where), np.int8)
    for one in columns:  # at most 127 questions fit into these small numbers; a form has 20
        answers = responses.answers[one.name][where]
        total += (answers == codebook.keys[one.name]).view(np.int8)
        given += (answers != MISSING).view(np.int8)
        count += 1
    return np.where(given >= ENOUGH * count, 100 * total.astype(float) / max(1, count), np.nan)


def mean_rating(responses: Responses, instrument: Instrument) -> Scores:
    """The mean of a row's ratings in units of the scale, reversed ones turned round; NaN without enough answers."""
    present = [one for one in instrument.columns if one.name in responses.answers and one.type == "rating"]
    if not present:
        return np.full(len(responses), np.nan)
    total, given = np.zeros(len(responses)), np.zeros(len(responses), np.int16)
    for one in present:
        answers = responses.answers[one.name]
        there = answers != MISSING
        values = one.least + one.most - answers.astype(np.int16) if one.reverse else answers
        total += np.where(there, values, 0)
        given += there
    return np.where(given >= ENOUGH * len(present), total / np.maximum(given, 1), np.nan)


def closeness(responses: Responses, codebook: Codebook, case: str) -> Scores:
    """How near a row's ratings of actions are to the authors' key, 0 (as far as can be) to 100 (the same), for one kind
    of case. The distance is taken as a part of the longest distance that the scale allows.
    """
    return _over_actions(responses, codebook, case, report=False)


def reporting(responses: Responses, codebook: Codebook, case: str) -> Scores:
    """The per cent of a row's vignettes of one kind in which "report now" is rated 4 or 5."""
    return _over_actions(responses, codebook, case, report=True)


def _over_actions(responses: Responses, codebook: Codebook, case: str, *, report: bool) -> Scores:
    columns = [
        one
        for each in codebook.of("judgement")
        for one in each.columns
        if one.case == case and (one.report or not report)
    ]
    present = [one for one in columns if one.name in responses.answers]
    if not present:
        return np.full(len(responses), np.nan)
    total, given = np.zeros(len(responses)), np.zeros(len(responses), np.int16)
    for one in present:
        answers = responses.answers[one.name]
        there = answers != MISSING
        if report:
            value = (answers >= REPORTED).astype(float)
        else:
            value = 1 - np.abs(answers.astype(np.int16) - codebook.keys[one.name]) / (one.most - one.least)
        total += np.where(there, value, 0)
        given += there
    return np.where(given >= ENOUGH * len(present), 100 * total / np.maximum(given, 1), np.nan)
