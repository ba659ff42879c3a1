"""The sections of a report: page one, who answered, what is left out, methods; and the order of all.

What leaves these functions and those they call is printed: rounded, banded, hidden, or held back in words.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .change import Change
from .codebook import WAVES
from .document import Block, Section, Table, Text
from .judgement import judgement_section
from .learning import follow_up, knowledge_section, split
from .once import once_section
from .protected import protected
from .questions import item_section
from .scales import reliability_section, scales_section
from .study import DASH, DIRECTION, EFFECT, LATER, PER_CENT, Study, change_cells, compared, kn, matched


def report(study: Study) -> tuple[Section, ...]:
    """All sections in order. The first ones have the first call on what may be shown."""
    first, who, know, once = first_page(study), flow(study), knowledge_section(study), once_section(study)
    single, trust = item_section(study), reliability_section(study)
    judged, rated, later = judgement_section(study), scales_section(study), follow_up(study)
    safe, groups = protected(study), split(study)
    found = [who, once, know, later, judged, rated, safe, groups, held_back(study), single, trust, methods(study)]
    return (first, *(one for one in found if one.blocks))


def _span(low: str, high: str, study: Study) -> str:
    return study.w("span", low=low, high=high)


def first_page(study: Study) -> Section:
    """Primary outcome, n, matching, interval, effect sizes with their formula, missing data, what may be said."""
    before, after, both = matched(study)
    n = int(both.sum())
    people, w = study.people, study.w
    pre, post = int(people.have("pre").sum()), int(people.have("post").sum())
    blocks: list[Block] = []
    rows = [(w("row-pre"), str(pre)), (w("row-post"), str(post)), (w("row-matched"), str(n))]
    rows.append((w("row-share"), f"{100 * n / max(1, pre):.0f}\u00a0%"))
    near = int((people.near & people.have("pre", "post")).sum())
    rows.append((w("row-near"), str(near)))
    if study.once:
        rows = [(w(f"row-{study.once}"), str(max(pre, post)))]
    if study.enrolled:
        rows.insert(0, (w("row-enrolled"), str(study.enrolled)))
    if not study.length:
        blocks += [Text(w("no-knowledge"), "lead"), _main_table(study, rows)]
    elif not (pre and post):
        blocks += [Text(w("no-pair-once" if study.once else "no-pair"), "lead"), _main_table(study, rows)]
    elif study.too_few(n):
        blocks += [Text(w("lead-totals", n=n, limit=max(study.limit, DIRECTION)), "lead"), _main_table(study, rows)]
    else:
        if not study.may_show(both, f"kn{study.length}", "pre", "post"):
            study.refuse()
        found = compared(before, after, both)
        blocks += _primary(study, found, rows)
    if study.once:
        missing = " ".join([*_later(study), w("missing-how")])
        blocks += [Text(one, "note") for one in (w("may-say-once"), missing, w("authors-key"))]
        return Section("first", w("title-first"), tuple(blocks))
    blocks += [
        Text(w(f"may-say-{study.stage(0 if study.too_few(n) else n)}"), "note"),
        Text(w("no-cause"), "note"),
        Text(_missing(study, pre, post, n), "note"),
        Text(w("authors-key"), "note"),
    ]
    return Section("first", w("title-first"), tuple(blocks))


def _main_table(study: Study, rows: list[tuple[str, str]]) -> Table:
    return Table("main", study.w("table-main"), (study.w("head-what"), study.w("head-figure")), tuple(rows))


def _primary(study: Study, found: Change, rows: list[tuple[str, str]]) -> list[Block]:
    w, n, stage = study.w, found.n, study.stage(found.n)
    _, before, after, gap, low, high, g_av, g_z = change_cells(found, PER_CENT, stage)
    rows += [(w("row-before"), before), (w("row-after"), after), (w("row-gap"), gap)]
    if gap == DASH:
        return [Text(w("lead-end", before=before, after=after, n=n), "lead"), _main_table(study, rows)]
    rows.append((w("row-interval"), _span(low, high, study)))
    if found.boot and stage > DIRECTION:
        rows.append((w("row-boot"), _span(PER_CENT.gap(found.boot[0], n), PER_CENT.gap(found.boot[1], n), study)))
    if stage >= EFFECT:
        rows += [(w("row-g-av"), g_av), (w("row-g-z"), g_z)]
    if stage < 15:
        lead = w("lead-direction", n=n, gap=gap, low=low, high=high)
    elif found.low > 0 or found.high < 0:
        lead = w(
            "lead-up" if found.low > 0 else "lead-down", n=n, before=before, after=after, gap=gap, low=low, high=high
        )
    else:
        lead = w("lead-open", n=n, gap=gap, low=low, high=high)
    blocks: list[Block] = [Text(lead, "lead"), _main_table(study, rows)]
    if stage >= EFFECT:
        blocks.append(Text(w("formula", j=f"{found.j:.3f}", n=n), "formula"))
    return blocks


def _missing(study: Study, pre: int, post: int, n: int) -> str:
    w = study.w
    parts = [w("missing-pairs", pre=pre, post=post, n=n), *_later(study)]
    if study.responses.skipped:
        parts.append(w("missing-skipped", n=study.responses.skipped))
    parts.append(w("missing-how"))
    return " ".join(parts)


def _later(study: Study) -> list[str]:
    """How many answered at each later time, or that there was none."""
    w, people = study.w, study.people
    later = [one for one in LATER if people.have(one).any()]
    told = [w("missing-later", wave=w(f"wave-{one}"), n=int(people.have(one).sum())) for one in later]
    return told or [w("missing-none-later")]


def flow(study: Study) -> Section:
    """How many answered when; whether those who came back had begun differently."""
    w, people, responses = study.w, study.people, study.responses
    rows = []
    for wave in WAVES:
        count = int(people.have(wave).sum())
        if count:
            matched = int(people.have("pre", wave).sum()) if wave != "pre" else count
            rows.append((w(f"wave-{wave}"), str(count), str(matched) if wave != "pre" else DASH))
    blocks: list[Block] = [
        Table("flow", w("table-flow"), (w("head-wave"), w("head-rows"), w("head-with-pre")), tuple(rows))
    ]
    notes = [w("flow-near", n=int(people.near.sum()))] if people.near.any() else []
    if people.unmatchable and not study.once:
        notes.append(w("flow-unmatchable", n=people.unmatchable))
    late = int(
        (people.have("post") & ~people.have("pre")).sum()
        + sum(int((people.have(one) & ~people.have("pre")).sum()) for one in LATER)
    )
    if late and not study.once:
        notes.append(w("flow-late", n=late))
    if responses.without_answers:
        notes.append(w("flow-empty", n=responses.without_answers))
    if responses.unfinished or responses.repeated:
        notes.append(w("flow-attempts", unfinished=responses.unfinished, repeated=responses.repeated))
    if responses.others:
        notes.append(w("flow-others", n=responses.others))
    if responses.weeks:
        notes.append(w("flow-weeks", first=responses.weeks[0], last=responses.weeks[1]))
    blocks += [Text(" ".join(notes))] if notes else []
    blocks += _leavers(study)
    return Section("flow", w("title-flow"), tuple(blocks))


def _leavers(study: Study) -> Iterator[Block]:
    w = study.w
    if not study.length:
        return
    before = kn(study, "pre")
    started = ~np.isnan(before)
    rows = []
    for wave in ("post", *LATER):
        came = study.people.have(wave)
        groups = (started & came, started & ~came)
        if not came.any() or not groups[1].any():
            continue
        sizes = [int(one.sum()) for one in groups]
        name = f"kn{study.length}"
        if any(study.too_few(one) for one in sizes) or not all(
            study.guard.safe(f"{name} pre", study.rows(one, "pre")) for one in groups
        ):
            study.withhold("withheld-leavers", wave=w(f"wave-{wave}"))
            continue
        if all(study.may_show(one, name, "pre") for one in groups):
            means = [PER_CENT.mean(float(before[one].mean()), size) for one, size in zip(groups, sizes, strict=True)]
            rows.append((w(f"wave-{wave}"), str(sizes[0]), means[0], str(sizes[1]), means[1]))
        else:
            study.withhold("withheld-leavers", wave=w(f"wave-{wave}"))
    if rows:
        head = (w("head-wave"), w("head-back-n"), w("head-back-mean"), w("head-left-n"), w("head-left-mean"))
        yield Table("returners", w("table-returners"), head, tuple(rows), w("note-returners"))


def held_back(study: Study) -> Section:
    """What the report does not say, and why; what was wrong with the answers."""
    w, responses = study.w, study.responses
    blocks: list[Block] = [Text(one) for one in study.withheld] or [Text(w("nothing-withheld"))]
    kept = "synthetic" if study.codebook.synthetic else "found" if study.ledger.found else "new"
    blocks.append(Text(w(f"ledger-{kept}")))
    if responses.skipped:
        blocks.append(Text(w("skipped", n=responses.skipped, faults=len(responses.faults))))
    if responses.ignored:
        blocks.append(Text(w("ignored", n=len(responses.ignored))))
    blocks.append(Text(w("protect", limit=study.limit)))
    return Section("held-back", w("title-held-back"), tuple(blocks))


def methods(study: Study) -> Section:
    """The paragraph for a paper, with the exact formulae."""
    w = study.w
    keys = [one for one in study.words if one.startswith("method-")]
    return Section("methods", w("title-methods"), tuple(Text(w(one, limit=study.limit)) for one in keys))
