"""Knowledge: the whole score, each module, what is still there later, and groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .change import interval, ranks
from .codebook import FORMS
from .document import Block, Section, Table, Text
from .figures import intervals
from .reader import known
from .scoring import Scores
from .small_cells import Mask, band, hidden, in_end_band
from .study import (
    ALL,
    DASH,
    DIRECTION,
    EFFECT,
    HIDDEN,
    LATER,
    PER_CENT,
    Study,
    change_cells,
    compared,
    kn,
    matched,
    p_value,
    plain,
    share,
    signed,
)

CEILING = 15  # per cent at the best possible score from which the form is called too easy


def knowledge_section(study: Study) -> Section:
    """The whole score with its spread, ends and ranks; then each module."""
    w = study.w
    if not study.length:
        return Section("knowledge", w("title-knowledge"), ())
    before, after, both = matched(study)
    n = int(both.sum())
    if study.too_few(n):
        return Section("knowledge", w("title-knowledge"), ())
    found, stage = compared(before, after, both), study.stage(n)
    d = PER_CENT.decimals(n)
    rows = []
    for wave, values, mean, sd in (
        ("pre", before[both], found.before, found.sd_before),
        ("post", after[both], found.after, found.sd_after),
    ):
        ends = PER_CENT.at_end(mean)
        low, high = interval(values)
        median = PER_CENT.mean(float(np.median(values)), n)
        cells = [DASH] * 4 if ends else [plain(low, d), plain(high, d), plain(sd, 0), median]
        at = (
            [share(int((values <= 0).sum()), n), share(int((values >= 100).sum()), n)]
            if stage >= EFFECT
            else [DASH, DASH]
        )
        rows.append((w(f"wave-{wave}"), str(n), PER_CENT.mean(mean, n), *cells, *at))
    head = tuple(w(f"head-{one}") for one in ("wave", "n", "mean", "low", "high", "sd", "median", "floor", "ceiling"))
    table = Table(
        "knowledge", w("table-knowledge", length=study.length), head, tuple(rows), w("note-rounded") if n < ALL else ""
    )
    blocks: list[Block] = [table]
    drawn = intervals(
        "knowledge", w("figure-knowledge"), w("alt-knowledge", n=n, before=rows[0][2], after=rows[1][2]), table,
        {"label": 0, "mean": 2, "low": 3, "high": 4}, axis=w("axis-per-cent"), ends=(0, 100), mark=study.mark,
    )  # fmt: skip
    blocks += [drawn] if drawn else []
    if stage >= EFFECT and any(float(100 * np.mean(one[both] >= 100)) > CEILING for one in (before, after)):
        blocks.append(Text(w("ceiling"), "note"))
    if stage >= EFFECT and not PER_CENT.at_end(found.before) and not PER_CENT.at_end(found.after):
        ranked = ranks(before[both], after[both])
        if ranked is None:
            blocks.append(Text(w("no-ranks")))
        else:
            blocks.append(
                Text(
                    w(
                        "ranks",
                        r=signed(ranked.rank_biserial, 2),
                        p=p_value(ranked.p),
                        g=DASH if found.g_av is None else signed(found.g_av, 2),
                    )
                )
            )
    blocks += _orders(study, before, after, both)
    if stage >= EFFECT:
        blocks += _modules(study, both)
    return Section("knowledge", w("title-knowledge"), tuple(blocks))


def _orders(study: Study, before: Scores, after: Scores, both: Mask) -> Iterator[Block]:
    """The change of those who began with form A and of those who began with B."""
    w = study.w
    rows_before, rows_after = study.people.rows["pre"], study.people.rows["post"]
    first, then = study.responses.form[rows_before], study.responses.form[rows_after]
    yield Text(w("forms") if (first[both] != then[both]).any() else w("same-form"))
    rows = []
    for number, name in enumerate(FORMS[:2]):  # the two that are parallel
        group = both & (first == number) & (then == 1 - number)
        rows.append((w("order", first=name, then="BA"[number]), group))
    if all(group.sum() >= max(study.limit, EFFECT) for _, group in rows) and all(
        study.may_show(group, f"kn{study.length}", "pre", "post") for _, group in rows
    ):
        cells = [(label, *change_cells(compared(before, after, group), PER_CENT, EFFECT)[:6]) for label, group in rows]
        study.orders = True
        head = tuple(w(f"head-{one}") for one in ("order", "n", "before", "after", "gap", "low", "high"))
        yield Table("orders", w("table-orders"), head, tuple(cells))
    elif any(group.any() for _, group in rows):
        study.withhold("withheld-orders")


def _modules(study: Study, both: Mask) -> Iterator[Block]:
    """Two questions a module: a coarse look, in bands."""
    w = study.w
    n = int(both.sum())
    modules = study.modules()
    _hide_modules(study, both)
    rows = []
    for module in sorted(modules, key=lambda one: (len(one), one)):
        before, after = (study.module(wave, module) for wave in ("pre", "post"))
        mine = study.pair(before, after, both)
        if not np.array_equal(mine, both) or not study.may_show(mine, f"kn{study.length} {module}", "pre", "post"):
            study.withhold("withheld-module", module=module.upper())
            continue
        found = compared(before, after, mine)
        if module in study.hidden_modules:
            rows.append((module.upper(), str(n), HIDDEN, HIDDEN, DASH, DASH, DASH))
            continue
        ends = in_end_band(found.before) or in_end_band(found.after)
        gaps = (
            (DASH, DASH, DASH) if ends else (signed(found.difference, 0), signed(found.low, 0), signed(found.high, 0))
        )
        rows.append((module.upper(), str(n), band(found.before), band(found.after), *gaps))
    if rows:
        head = tuple(w(f"head-{one}") for one in ("module", "n", "before", "after", "gap", "low", "high"))
        sizes = {
            sum(one.module == module for one in each.columns)
            for each in study.codebook.of("knowledge") if each.length == study.length for module in modules
        }  # fmt: skip
        note = w("note-modules" if sizes <= {0, 2} else "note-modules-few")
        table = Table("modules", w("table-modules"), head, tuple(rows), note)
        yield table
        drawn = intervals(
            "modules", w("figure-modules"), w("alt-modules", n=n), table, {"label": 0, "mean": 4, "low": 5, "high": 6},
            axis=w("axis-points"), ends=_round_ends(rows), mark=study.mark, zero=True,
        )  # fmt: skip
        if drawn:
            yield drawn


def _hide_modules(study: Study, both: Mask) -> None:
    """Modules that hide so that the whole mean does not tell that exactly nobody or everybody was right in another."""
    before, after, _ = matched(study)
    while True:
        reader = known(study, {}, before, after, both)
        pinned = reader.pinned()
        if not pinned:
            break
        ends = {one[1] for one in reader.ends}
        rest = sorted(set(study.modules()) - study.hidden_modules - ends, key=lambda one: (len(one), one))
        study.hidden_modules.add(rest[len(rest) // 2] if rest else pinned[0][1])
    if study.hidden_modules:
        study.withhold("withheld-modules")


def _round_ends(rows: Sequence[tuple[str, ...]]) -> tuple[float, float]:
    """An axis in steps of ten around what is printed, with nought on it."""
    values = [float(one.replace("−", "-")) for row in rows for one in row[4:7] if one != DASH]
    return (10 * np.floor(min([0.0, *values]) / 10), 10 * np.ceil(max([10.0, *values]) / 10))


def follow_up(study: Study) -> Section:
    """What is still there later, on the same short set of questions, for those who came back."""
    w = study.w
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    for wave in LATER:
        there = study.people.have(wave)
        if not there.any() or not study.length:
            continue
        lengths = sorted({int(one) for one in study.responses.length[study.people.rows[wave][there]] if one})
        for length in lengths:
            scores = [kn(study, one, length) for one in ("pre", "post", wave)]
            people = ~np.isnan(scores[0]) & ~np.isnan(scores[1]) & ~np.isnan(scores[2])
            n = int(people.sum())
            label = w("later", wave=w(f"wave-{wave}"), length=length)
            started = int((~np.isnan(scores[0])).sum())
            notes.append(w("later-back", wave=w(f"wave-{wave}"), n=n, share=band(100 * n / max(1, started))))
            if study.too_few(n):
                study.withhold("withheld-later-few", wave=w(f"wave-{wave}"), limit=max(study.limit, DIRECTION))
                continue
            name = f"kn{length}"
            if not study.may_show(people, name, "pre", "post", wave):
                study.withhold("withheld-later", wave=w(f"wave-{wave}"))
                if study.may_show(people, name, wave):
                    rows.append(
                        (
                            label,
                            str(n),
                            DASH,
                            DASH,
                            PER_CENT.mean(float(scores[2][people].mean()), n),
                            DASH,
                            DASH,
                            DASH,
                            DASH,
                        )
                    )
                continue
            means = [PER_CENT.mean(float(one[people].mean()), n) for one in scores]
            kept = compared(scores[0], scores[2], people)
            cells = change_cells(kept, PER_CENT, study.stage(n))
            rows.append((label, str(n), *means, *cells[3:7]))
    blocks: list[Block] = [Text(" ".join(notes))] if notes else []
    if rows:
        head = tuple(
            w(f"head-{one}") for one in ("what", "n", "before", "after", "later", "gap-later", "low", "high", "g-av")
        )
        blocks.append(Table("follow-up", w("table-later"), head, tuple(rows), w("note-later")))
    elif not notes and not study.once:
        blocks.append(Text(w("no-later")))
    return Section("follow-up", w("title-later"), tuple(blocks))


def split(study: Study) -> Section:
    """The change in each role or at each event: on request, from 100 matched people, small groups hidden."""
    w = study.w
    if not study.by or not study.length:
        return Section("split", w("title-split"), ())
    before, after, both = matched(study)
    n = int(both.sum())
    title = w(f"title-split-{study.by}")
    if n < ALL:
        study.withhold("withheld-split-few", n=ALL)
        return Section("split", title, ())
    words = (study.responses.role if study.by == "role" else study.responses.event).to_numpy()[study.people.rows["pre"]]
    names = sorted({str(one) for one in words[both]})
    groups = [both & (words == one) for one in names]
    sizes = [int(one.sum()) for one in groups]
    gone = hidden(sizes, max(study.limit, DIRECTION))
    shown = [(name, group) for name, group, hide in zip(names, groups, gone, strict=True) if not hide]
    trial = [
        study.guard.safe(f"kn{study.length} {wave}", study.rows(group, wave))
        for _, group in shown
        for wave in ("pre", "post")
    ]
    rows = []
    for name, group in shown if all(trial) else ():
        if study.may_show(group, f"kn{study.length}", "pre", "post"):
            rows.append(
                (
                    study.codebook.roles.get(name, name) or w("no-name"),
                    *change_cells(compared(before, after, group), PER_CENT, study.stage(int(group.sum()))),
                )
            )
        else:
            study.withhold("withheld-split")
    if not rows:
        study.withhold("withheld-split")
        return Section("split", title, ())
    if any(gone):
        study.withhold("withheld-split-some", n=sum(gone), limit=max(study.limit, DIRECTION))
    head = tuple(w(f"head-{one}") for one in ("group", "n", "before", "after", "gap", "low", "high", "g-av", "g-z"))
    return Section("split", title, (Table("groups", w("table-split"), head, tuple(rows), w("note-split")),))
