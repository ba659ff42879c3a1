"""Single questions: shares in bands, how they go with the rest, who changed, which answers were chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import items as single
from .codebook import FORMS, MISSING, UNKNOWN, Column
from .document import Block, Section, Table, Text
from .reader import known
from .scoring import Scores, right
from .sheet import Answers
from .small_cells import Mask, Sums, counts_in_band, in_end_band
from .study import DASH, EFFECT, HIDDEN, ITEMS, Study, kn, matched, p_value, plain, share


def item_section(study: Study) -> Section:
    """Each question: how many were right, and from 50 people how it goes with the rest and which wrong answer drew."""
    w = study.w
    empty = Section("items", w("title-items"), ())
    if not study.length:
        return empty
    before, after, both = matched(study)
    if study.too_few(int(both.sum())) or study.stage(int(both.sum())) < EFFECT:
        return empty
    asked = _asked(study, both)
    if not asked:
        return empty
    gone = _partners(study, asked, before, after, both)
    rows = [_item_row(study, name, asked, gone) for name in dict.fromkeys(name for name, _ in asked)]
    blocks: list[Block] = [Text(w("items-lead"))]
    p = {name: _mcnemar(study, name, asked, gone, both) for name in dict.fromkeys(name for name, _ in asked)}
    tested = [name for name, one in p.items() if one is not None]
    adjusted = dict(zip(tested, single.controlled([p[one] for one in tested]), strict=True))  # type: ignore[misc]
    full = tuple((*row[:5], p_value(adjusted[row[0]]) if row[0] in adjusted else DASH, *row[5:]) for row in rows)
    head = tuple(w(f"head-{one}") for one in ("item", "n-pre", "right-pre", "n-post", "right-post", "changed", "rest"))
    blocks.append(Table("items", w("table-items"), head, full, w("note-items")))
    ends = [row[0] for row in full if any(DASH in one and one != DASH for one in (row[2], row[4]))]
    if ends:
        blocks.append(Text(w("end-band", items=", ".join(ends))))
    if gone:
        study.withhold("withheld-items")
    blocks += _distractors(study, asked, gone)
    return Section("items", w("title-items"), tuple(blocks))


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in one wave: the matched people who had it, their answers, and how many of these are right."""

    column: Column
    people: Mask
    answers: Answers
    right: int

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def share(self) -> float:
        """Right answers in per cent."""
        return 100 * self.right / len(self)


Cells = dict[tuple[str, str], Asked]  # by column and wave


def _asked(study: Study, both: Mask) -> Cells:
    """Every question that may be shown, in every wave."""
    found: Cells = {}
    name = f"kn{study.length}"
    members = [
        set(form_.columns) if (form_ := study.codebook.knowledge(form, study.length)) else set() for form in FORMS
    ]
    for wave in ("pre", "post"):
        rows = study.people.rows[wave]
        forms = study.responses.form[rows]
        groups: dict[tuple[bool, ...], tuple[Mask, Any]] = {}  # who had it, and their rows; no rows if not to be shown
        for one in study.codebook.columns.values():
            inside = tuple(one in some for some in members)
            if not any(inside) or one.name not in study.responses.answers:
                continue
            if inside not in groups:
                people = both & np.isin(forms, np.flatnonzero(inside))
                shown = people.sum() >= max(study.limit, EFFECT) and study.may_show(people, name, wave)
                groups[inside] = (people, rows[people] if shown else None)
                if people.any() and not shown:
                    study.withhold("withheld-item", n=max(study.limit, EFFECT))
            people, places = groups[inside]
            if places is not None:
                answers = study.responses.answers[one.name][places]
                count = int(np.count_nonzero(right(answers, study.codebook.keys[one.name])))
                found[one.name, wave] = Asked(one, people, answers, count)
    return found


def _partners(study: Study, asked: Cells, before: Scores, after: Scores, both: Mask) -> set[tuple[str, str]]:
    """Cells that hide so that no end band is pinned to nobody or everybody by the means, by a module or by a change."""
    gone: set[tuple[str, str]] = set()
    while True:
        shown = {cell: counts_in_band(one.share, len(one)) for cell, one in asked.items() if cell not in gone}
        reader = known(study, shown, before, after, both)
        pinned = reader.pinned()
        if not pinned or not shown:
            return gone
        wave = pinned[0][-1]  # of a question or of a module
        rest = [cell for cell in shown if cell[1] == wave and cell not in reader.ends]
        rest.sort(key=lambda cell: (abs(asked[cell].right / len(asked[cell]) - 0.5), cell))
        last = [cell for cell in shown if cell[1] == wave] or list(shown)
        gone.add(rest[0] if rest else last[0])


def _item_row(study: Study, name: str, asked: Cells, gone: set[tuple[str, str]]) -> tuple[str, ...]:
    cells: list[str] = [name]
    for wave in ("pre", "post"):
        if (name, wave) not in asked:
            cells += [DASH, DASH]
            continue
        one = asked[name, wave]
        cells += [str(len(one)), HIDDEN if (name, wave) in gone else share(one.right, len(one))]
    return (*cells, _rest(study, name, asked, gone))


def _rest(study: Study, name: str, asked: Cells, gone: set[tuple[str, str]]) -> str:
    """Corrected item-total correlation at the first wave that has it, in that form's group; from 50 people."""
    for wave in ("pre", "post"):
        if (name, wave) not in asked or (name, wave) in gone:
            continue
        one = asked[name, wave]
        if len(one) < ITEMS or in_end_band(one.share):
            continue
        whole = kn(study, wave)[one.people] * study.length / 100
        found = single.item_rest(right(one.answers, study.codebook.keys[name]), whole)
        if found is not None:
            return plain(found, 2)
    return DASH


def _mcnemar(study: Study, name: str, asked: Cells, gone: set[tuple[str, str]], both: Mask) -> float | None:
    cells = [(name, wave) for wave in ("pre", "post")]
    if any(cell not in asked or cell in gone for cell in cells):
        return None
    people = asked[cells[0]].people & asked[cells[1]].people
    if people.sum() < ITEMS or any(in_end_band(asked[cell].share) for cell in cells):
        return None
    key = study.codebook.keys[name]
    first, then = (
        right(study.responses.answers[name][study.people.rows[wave][people]], key) for wave in ("pre", "post")
    )
    return single.changed(first, then)


def _distractors(study: Study, asked: Cells, gone: set[tuple[str, str]]) -> Iterator[Block]:
    """Which answers were chosen, from 50 people, in bands; by the order printed, without marking the key."""
    w = study.w
    rows = []
    widest = max((len(one.column.letters) for one in asked.values()), default=0)
    for name in dict.fromkeys(name for name, _ in asked):
        for wave in ("pre", "post"):
            if (name, wave) not in asked or len(asked[name, wave]) < ITEMS:
                continue
            one, answers = asked[name, wave].column, asked[name, wave].answers
            if one.type != "choice" or (name, wave) in gone:
                continue
            n = len(answers)
            counts = [int(np.count_nonzero(answers == i)) for i in range(len(one.letters))]
            counts += [int(np.count_nonzero(answers == none)) for none in (UNKNOWN, MISSING)]
            reader = Sums({i: counts_in_band(100 * count / n, n) for i, count in enumerate(counts)})
            reader.sums.append((dict.fromkeys(range(len(counts)), 1.0), n, n))
            for i, count in enumerate(counts):
                if in_end_band(100 * count / n):
                    reader.ends[i] = 0 if 2 * count < n else n
            if reader.pinned():
                study.withhold("withheld-distractors")
                continue
            cells = [share(one, n) for one in counts]
            padded = cells[:-2] + [DASH] * (widest - len(one.letters)) + cells[-2:]
            rows.append((name, w(f"wave-{wave}"), str(n), *padded))
    if rows:
        letters = "ABCDEFGHI"[:widest]
        head = (w("head-item"), w("head-wave"), w("head-n"), *letters, w("head-unknown"), w("head-empty"))
        yield Table("answers", w("table-answers"), head, tuple(rows), w("note-answers"))
