"""What is protected most: distress, reactions, actions and obstacles."""

from __future__ import annotations

from typing import Any

import numpy as np

from .codebook import MISSING, SENSITIVE, WAVES, Column
from .document import Block, Section, Table, Text
from .small_cells import Mask, hidden, shares
from .study import HIDDEN, Study

HIGH_DISTRESS = 7  # of 10


def protected(study: Study) -> Section:
    """Distress, behaviour and barriers: whole group only, in bands, and only if no small cell could be read from it."""
    w = study.w
    blocks: list[Block] = []
    for each in study.codebook.instruments:
        if each.kind not in (*SENSITIVE, "reaction"):
            continue
        rows = []
        for one in each.columns:
            if one.name not in study.responses.answers:
                continue
            for number, wave in enumerate(WAVES):
                answers = study.responses.answers[one.name]
                answered = (study.responses.wave == number) & (answers != MISSING)
                if answered.any():
                    row = _protected_row(study, each.kind, one, wave, answers, answered)
                    rows.append(row)
        if rows:
            parts = 3 if each.kind in ("distress", "reaction") else 2
            head = (w("head-item"), w("head-wave"), *(w(f"head-{each.kind}-{i}") for i in range(parts)))
            name = each.kind if len(study.codebook.of(each.kind)) == 1 else each.id
            note = w("note-protected", limit=study.limit)
            blocks.append(Table(name, w(f"table-{each.kind}"), head, tuple(rows), note))
    if blocks:
        blocks.insert(0, Text(w("protected-lead", limit=study.limit)))
    return Section("protected", w("title-protected"), tuple(blocks))


def _protected_row(study: Study, kind: str, one: Column, wave: str, answers: Any, answered: Mask) -> tuple[str, ...]:
    values = answers[answered]
    if kind == "distress":
        counts = [
            int((values <= 3).sum()),
            int(((values > 3) & (values < HIGH_DISTRESS)).sum()),
            int((values >= HIGH_DISTRESS).sum()),
        ]
    elif kind == "reaction":
        middle = (one.least + one.most) / 2
        counts = [int((values < middle).sum()), int((values == middle).sum()), int((values > middle).sum())]
    else:
        counts = [int((values == 1).sum()), int((values == 0).sum())]
    people = np.zeros(max(len(study.every), len(study.responses)), np.bool_)
    people[: len(answered)] = answered
    cells = [HIDDEN] * len(counts)
    if (
        int(answered.sum()) >= 2 * study.limit
        and not all(hidden(counts, study.limit))
        and study.guard.allow({f"{one.name} {wave}": people}, apart=True)
    ):
        cells = shares(counts, study.limit)
    if HIDDEN in cells:
        study.withhold("withheld-protected", limit=study.limit)
    return (one.text or one.name, study.w(f"wave-{wave}"), *cells)
