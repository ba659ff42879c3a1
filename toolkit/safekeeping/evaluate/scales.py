"""Scales: how far they can be trusted, how they changed, and confidence beside competence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .change import correlation
from .codebook import FORMS, MISSING, Column
from .document import Block, Section, Table, Text
from .reliability import Reliability, omega, reliability, reliable, spread
from .scoring import Scores, mean_rating, right
from .small_cells import Mask, in_end_band, shares
from .study import (
    ALL,
    DASH,
    EFFECT,
    ITEMS,
    PER_CENT,
    RELIABILITY,
    Scale,
    Study,
    change_cells,
    compared,
    kn,
    matched,
    plain,
    signed,
)


def reliability_section(study: Study) -> Section:
    """Alpha of each scale where 30 people answered it, omega from 100, and reliable change of knowledge."""
    w = study.w
    before, after, both = matched(study) if study.length else (None, None, np.zeros(len(study.people), np.bool_))
    rows: list[tuple[str, ...]] = []
    without: list[tuple[str, ...]] = []
    sems: dict[tuple[str, str], float] = {}
    for label, name, wave, columns, people, scale, ends in _scales(study, both):
        n = int(people.sum())
        if n < max(study.limit, RELIABILITY) or not study.may_show(people, name, wave):
            continue
        values = _values(study, columns, wave, people, keyed=name.startswith("kn"))
        covariance = spread(values)
        found = reliability(covariance, n, scale)
        if found is None or ends.at_end(float(values.sum(axis=1).mean()) * scale):
            rows.append((label, w(f"wave-{wave}"), str(n), str(len(columns)), DASH, DASH, DASH, DASH, DASH))
            continue
        sems[label, wave] = found.sem
        whole = omega(covariance) if n >= ALL else None
        decimals = 0 if scale > 2 else 2
        rows.append((
            label, w(f"wave-{wave}"), str(n), str(found.k),
            plain(found.alpha, 2), plain(found.low, 2), plain(found.high, 2),
            DASH if whole is None else plain(whole, 2), plain(found.sem, decimals),
        ))  # fmt: skip
        if n >= ITEMS and wave == "pre":
            without += _without(study, label, columns, values, found, keyed=name.startswith("kn"))
    if not rows:
        return Section("reliability", w("title-reliability"), ())
    head = tuple(w(f"head-{one}") for one in ("scale", "wave", "n", "k", "alpha", "low", "high", "omega", "sem"))
    blocks: list[Block] = [
        Text(w("reliability-lead")),
        Table("reliability", w("table-reliability"), head, tuple(rows), w("note-reliability")),
    ]
    if without:
        head = tuple(w(f"head-{one}") for one in ("scale", "item", "without"))
        blocks.append(Table("alpha-without", w("table-without"), head, tuple(without), w("note-without")))
    if before is not None and after is not None:
        blocks += _reliable_change(study, before, after, both, sems)
    return Section("reliability", w("title-reliability"), tuple(blocks))


def _scales(study: Study, both: Mask) -> Iterator[tuple[str, str, str, list[Column], Mask, float, Scale]]:
    """Label, quantity, wave, questions, people, units and scale of every set of questions that has a reliability."""
    for wave in ("pre", "post"):
        for number, form in enumerate(FORMS):
            known = study.codebook.knowledge(form, study.length)
            if known:
                people = both & (study.responses.form[study.people.rows[wave]] == number)
                yield (
                    study.w("scale-form", form=form),
                    f"kn{study.length}",
                    wave,
                    list(known.columns),
                    people,
                    100 / study.length,
                    PER_CENT,
                )
    for each in study.codebook.instruments:
        if each.kind in ("myths", "self-efficacy", "intention"):
            columns = [one for one in each.columns if one.name in study.responses.answers]
            pair = _rating_pair(study, each.kind)
            if len(columns) > 1 and pair is not None:
                for wave in ("pre", "post"):
                    yield study.w(f"kind-{each.kind}"), each.kind, wave, columns, pair[2], 1 / len(columns), pair[3]


def _values(study: Study, columns: list[Column], wave: str, people: Mask, *, keyed: bool) -> np.ndarray[Any, Any]:
    """People by questions: whether each was right, or each rating with the mean of the others in an empty place."""
    rows = study.people.rows[wave][people]
    found = []
    for one in columns:
        answers = study.responses.answers[one.name][rows]
        if keyed:
            found.append(right(answers, study.codebook.keys[one.name]))
        else:
            values = (one.least + one.most - answers.astype(float)) if one.reverse else answers.astype(float)
            there = answers != MISSING
            found.append(np.where(there, values, values[there].mean() if there.any() else 0.0))
    return np.stack(found).T  # a question's values stay together: much quicker to fill and to sum


def _without(
    study: Study, label: str, columns: list[Column], values: Any, found: Reliability, *, keyed: bool
) -> Iterator[tuple[str, ...]]:
    for i, one in enumerate(columns):
        end = keyed and in_end_band(100 * float(values[:, i].mean()))
        value = found.without[i]
        yield label, one.name, study.w("cell-end") if end else DASH if value is None else plain(value, 2)


def _reliable_change(
    study: Study, before: Scores, after: Scores, both: Mask, sems: dict[tuple[str, str], float]
) -> Iterator[Block]:
    w = study.w
    forms = [w("scale-form", form=one) for one in FORMS]
    known = [
        (sems[first, "pre"], sems[second, "post"])
        for first in forms
        for second in forms
        if (first, "pre") in sems and (second, "post") in sems
    ]
    if not known:
        return
    bar = max(reliable(*one) for one in known)
    if not study.may_show(both, "reliable change", "pre", apart=True):
        study.withhold("withheld-measure", name=w("table-reliable"))
        return
    gap = (after - before)[both]
    counts = [int((gap >= bar).sum()), int((np.abs(gap) < bar).sum()), int((gap <= -bar).sum())]
    cells = shares(counts, study.limit)
    yield Table(
        "reliable-change", w("table-reliable"), (w("head-up"), w("head-same"), w("head-down")), (tuple(cells),),
        w("note-reliable", bar=plain(bar, 0), limit=study.limit),
    )  # fmt: skip


def _rating_pair(study: Study, kind: str) -> tuple[Scores, Scores, Mask, Scale] | None:
    instruments = [
        one for one in study.codebook.of(kind) if any(each.name in study.responses.answers for each in one.columns)
    ]
    if not instruments:
        return None
    one = instruments[0]
    ratings = [each for each in one.columns if each.type == "rating"]
    if not ratings:
        return None
    before, after = (study.at(wave, kind, lambda: mean_rating(study.responses, one)) for wave in ("pre", "post"))
    return before, after, study.pair(before, after), Scale(ratings[0].least, ratings[0].most)


def scales_section(study: Study) -> Section:
    """Myths, self-efficacy and intention; then confidence beside competence."""
    w = study.w
    rows = []
    for kind in ("myths", "self-efficacy", "intention"):
        pair = _rating_pair(study, kind)
        if pair is None or study.too_few(int(pair[2].sum())):
            continue
        before, after, both, scale = pair
        if not study.may_show(both, kind, "pre", "post"):
            study.withhold("withheld-measure", name=w(f"kind-{kind}"))
            continue
        label = w(f"scale-{kind}", least=f"{scale.least:g}", most=f"{scale.most:g}")
        rows.append((label, *change_cells(compared(before, after, both), scale, study.stage(int(both.sum())))))
    if not rows:
        return Section("scales", w("title-scales"), ())
    head = tuple(w(f"head-{one}") for one in ("what", "n", "before", "after", "gap", "low", "high", "g-av", "g-z"))
    blocks: list[Block] = [Table("scales", w("table-scales"), head, tuple(rows))]
    blocks += _confidence(study)
    return Section("scales", w("title-scales"), tuple(blocks))


def _confidence(study: Study) -> Iterator[Block]:
    w = study.w
    pair = _rating_pair(study, "self-efficacy")
    if pair is None or not study.length:
        return
    rows = []
    for wave, sure in (("pre", pair[0]), ("post", pair[1])):
        knows = kn(study, wave)
        both = study.pair(sure, knows, matched(study)[2] & pair[2])
        n = int(both.sum())
        if (
            n < max(study.limit, EFFECT)
            or not study.may_show(both, "self-efficacy", wave)
            or not study.may_show(both, f"kn{study.length}", wave)
        ):
            continue
        means = PER_CENT.mean(float(knows[both].mean()), n), pair[3].mean(float(sure[both].mean()), n)
        found = correlation(sure[both], knows[both])
        ends = found is None or PER_CENT.at_end(float(knows[both].mean())) or pair[3].at_end(float(sure[both].mean()))
        r = (
            (DASH, DASH, DASH)
            if found is None or ends
            else (signed(found.r, 2), signed(found.low, 2), signed(found.high, 2))
        )
        rows.append((w(f"wave-{wave}"), str(n), means[1], means[0], *r))
    if rows:
        head = tuple(w(f"head-{one}") for one in ("wave", "n", "sure", "knows", "r", "low", "high"))
        yield Table("confidence", w("table-confidence"), head, tuple(rows), w("note-confidence"))
