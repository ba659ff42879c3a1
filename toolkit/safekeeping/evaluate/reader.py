"""What a reader knows: everything printed about how many were right, as sums of unknown counts."""

from __future__ import annotations

import numpy as np

from .codebook import FORMS, Column
from .scoring import Scores
from .small_cells import Mask, Sums, counts_in_band, in_end_band
from .study import LATER, PER_CENT, Study, kn, plain


def known(
    study: Study, shown: dict[tuple[str, str], tuple[int, int]], before: Scores, after: Scores, both: Mask
) -> Sums:
    """Everything that a reader knows about how many were right: cells, means, orders of forms, modules and changes.

    Unknown are the counts of each question, wave and form; a printed cell is their sum over the forms.
    """
    found = Sums()
    n, d = int(both.sum()), PER_CENT.decimals(int(both.sum()))
    inside: dict[tuple[str, str, str], Column] = {}
    groups: dict[tuple[str, str], Mask] = {}
    for wave in ("pre", "post"):
        forms = study.responses.form[study.people.rows[wave]]
        for number, form in enumerate(FORMS):
            groups[wave, form] = both & (forms == number)
            instrument = study.codebook.knowledge(form, study.length)
            for one in instrument.columns if instrument else ():
                inside[one.name, wave, form] = one
                found.ranges[one.name, wave, form] = (0, int(groups[wave, form].sum()))
    for cell, (low, high) in shown.items():
        found.ranges[cell] = (low, high)
        size = sum(found.ranges[each][1] for each in inside if each[:2] == cell)
        if low == 0 or high == size:
            found.ends[cell] = low if low == 0 else size
        found.sums.append(({cell: -1.0} | {each: 1.0 for each in inside if each[:2] == cell}, 0, 0))

    def about(wave: str, values: Scores, people: Mask, some: dict[tuple[str, str, str], float], decimals: int) -> None:
        mean = float(values[people].mean())
        printed, half = float(plain(mean, decimals).replace("−", "-")), 0.5 * 10.0**-decimals + 1e-9
        low, high = (printed - half, printed + half)
        if PER_CENT.at_end(mean):
            low, high = (0.0, 5.0) if mean < 50 else (95.0, 100.0)
        found.sums.append((some, low, high))

    for wave, values in (("pre", before), ("post", after)):
        about(wave, values, both, {each: 100 / (study.length * n) for each in inside if each[1] == wave}, d)
        for form in ("A", "B"):
            people = groups[wave, form]
            if study.orders and people.any():
                m = int(people.sum())
                about(
                    wave,
                    values,
                    people,
                    {each: 100 / (study.length * m) for each in inside if each[1:] == (wave, form)},
                    PER_CENT.decimals(m),
                )
    whole = [float(values[both].mean()) for values in (before, after)]
    if not any(PER_CENT.at_end(one) for one in whole):
        gap, half = float(plain(whole[1] - whole[0], d).replace("−", "-")), 0.5 * 10.0**-d + 1e-9
        both_ways = {each: (1 if each[1] == "post" else -1) * 100 / (study.length * n) for each in inside}
        found.sums.append((both_ways, gap - half, gap + half))
    for length in _short_and_complete(study, both):
        for wave in ("pre", "post"):
            some = {
                each: 100 / (length * n)
                for each in inside
                if each[1] == wave
                and (part := study.codebook.knowledge(each[2], length))
                and inside[each] in part.columns
            }
            about(wave, kn(study, wave, length), both, some, d)
    for module in study.modules():
        weights: dict[str, dict[tuple[str, str, str], float]] = {}
        means: dict[str, float] = {}
        for wave in ("pre", "post"):
            means[wave] = float(np.nanmean(study.module(wave, module)[both]))
            mine = [each for each in inside if each[1] == wave and inside[each].module == module]
            weights[wave] = {each: 100 / (n * sum(one[2] == each[2] for one in mine)) for each in mine}
            if module not in study.hidden_modules:
                # As one count of right answers, where the forms ask equally many; so its ends can be looked at.
                each_form = {len([one for one in mine if one[2] == form]) for form in FORMS} - {0}
                low, high = counts_in_band(means[wave], 100_000)
                found.sums.append((weights[wave], low / 1000 - 1e-9, high / 1000 + 1e-3))
                if len(each_form) == 1:
                    total = n * each_form.pop()
                    found.ranges["module", module, wave] = counts_in_band(means[wave], total)
                    found.sums.append(({("module", module, wave): -1.0} | dict.fromkeys(mine, 1.0), 0, 0))
                    if in_end_band(means[wave]):
                        found.ends["module", module, wave] = 0 if means[wave] < 50 else total
        if module not in study.hidden_modules and not any(in_end_band(one) for one in means.values()):
            gap = float(plain(means["post"] - means["pre"], 0).replace("−", "-"))
            both_ways = weights["post"] | {each: -one for each, one in weights["pre"].items()}
            found.sums.append((both_ways, gap - 0.5 - 1e-9, gap + 0.5 + 1e-9))
    return found


def _short_and_complete(study: Study, both: Mask) -> set[int]:
    """The lengths of later forms that everybody came back for: their means are about the same people."""
    found = set()
    for wave in LATER:
        there = study.people.have(wave)
        for length in {int(one) for one in study.responses.length[study.people.rows[wave][there]] if one}:
            scores = [kn(study, one, length) for one in ("pre", "post", wave)]
            if length != study.length and np.array_equal(~np.isnan(np.sum(scores, axis=0)), both):
                found.add(length)
    return found
