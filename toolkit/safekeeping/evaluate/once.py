"""What can be said of one measurement alone, such as a test at the end of a class: no change, but what was hard."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .change import interval
from .codebook import FORMS
from .document import Block, Section, Table, Text
from .scoring import Scores, right
from .small_cells import Mask, Sums, counts_in_band, in_end_band
from .study import ALL, DASH, EFFECT, HIDDEN, PER_CENT, Study, kn, plain, share


def once_section(study: Study) -> Section:
    """The mean of the one time at which questions were answered, and from 20 people each question in bands."""
    w = study.w
    empty = Section("once", w("title-once"), ())
    wave = study.once
    if not wave:
        return empty
    values = kn(study, wave)
    people = ~np.isnan(values)
    n = int(people.sum())
    blocks: list[Block] = [Text(w("once-practice" if study.codebook.practice else "once-lead"))]
    if study.too_few(n):
        return Section("once", w("title-once"), (*blocks, Text(w("once-few"))))
    if not study.may_show(people, f"kn{study.length}", wave):
        study.refuse()
    mean, d = float(values[people].mean()), PER_CENT.decimals(n)
    low, high = interval(values[people])
    cells = (DASH, DASH) if PER_CENT.at_end(mean) else (plain(low, d), plain(high, d))
    head = tuple(w(f"head-{one}") for one in ("n", "mean", "low", "high"))
    title = w("table-once", length=study.length)
    note = w("note-rounded") if n < ALL else ""
    blocks.append(Table("once", title, head, ((str(n), PER_CENT.mean(mean, n), *cells),), note))
    if study.stage(n) >= EFFECT:
        blocks += _questions(study, wave, values, people)
    return Section("once", w("title-once"), tuple(blocks))


def _questions(study: Study, wave: str, values: Scores, people: Mask) -> Iterator[Block]:
    """Each question's share of right answers, hardest first; a cell hides that the mean and the others would pin."""
    w, n = study.w, int(people.sum())
    rows = study.people.rows[wave][people]
    forms = set(study.responses.form[rows].tolist())
    if len(forms) > 1:
        yield Text(w("once-forms"))
        return
    instrument = study.codebook.knowledge(FORMS[forms.pop()], study.length)
    columns = instrument.columns if instrument else ()
    counts = {
        one.name: int(right(study.responses.answers[one.name][rows], study.codebook.keys[one.name]).sum())
        for one in columns
    }
    shown = set(counts)
    while pinned := _reader(counts, shown, float(values[people].mean()), n).pinned():
        middle = [one for one in shown if not in_end_band(100 * counts[one] / n)]
        shown.remove(min(middle or pinned, key=lambda one: (abs(counts[one] / n - 0.5), one)))
        study.withhold("withheld-items")
    cells = {one: share(counts[one], n) if one in shown else HIDDEN for one in counts}
    words = {one.name: (f"{one.text} ({one.name})", one.module.upper()) for one in columns}
    order = sorted(counts, key=lambda one: (one not in shown, _first(cells[one]), one))
    head = tuple(w(f"head-{one}") for one in ("item", "module", "right"))
    table = tuple((*words[one], cells[one]) for one in order)
    yield Table("once-questions", w("table-once-questions"), head, table, w("note-once-questions"))


def _first(cell: str) -> int:
    """The number with which a band begins; 0 where it is hidden. The order tells nothing that is not printed."""
    return int(cell.partition("–")[0]) if cell != HIDDEN else 0


def _reader(counts: dict[str, int], shown: set[str], mean: float, n: int) -> Sums:
    """What somebody knows who has the bands, the mean as it is printed, and the number of people."""
    found = Sums()
    for one, count in counts.items():
        per_cent = 100 * count / n
        found.ranges[one] = counts_in_band(per_cent, n) if one in shown else (0, n)
        if one in shown and in_end_band(per_cent):
            found.ends[one] = 0 if per_cent < 50 else n
    half = 0.5 * 10.0 ** -PER_CENT.decimals(n) + 1e-9
    printed = round(mean, PER_CENT.decimals(n))
    low, high = (printed - half, printed + half)
    if PER_CENT.at_end(mean):
        low, high = (0.0, 5.0) if mean < 50 else (95.0, 100.0)
    whole = n * len(counts) / 100
    found.sums.append((dict.fromkeys(counts, 1.0), low * whole, high * whole))
    return found
