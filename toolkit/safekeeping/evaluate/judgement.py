"""Judgement: closeness to the authors' key, and reporting where it is due beside reporting where it is not."""

from __future__ import annotations

from .change import interval
from .document import Block, Section, Table, Text
from .figures import intervals
from .scoring import Scores, closeness, reporting
from .study import DASH, PER_CENT, Study, change_cells, compared, plain

JUDGED = (
    ("closeness-positive", "positive", False),
    ("closeness-negative", "negative", False),
    ("hits", "positive", True),
    ("false-alarms", "negative", True),
)


def judgement_section(study: Study) -> Section:
    """Closeness to the authors' key, and reporting where it is due beside reporting where it is not."""
    w = study.w
    rows: list[tuple[str, ...]] = []
    drawn_rows: list[tuple[str, ...]] = []
    if study.codebook.of("judgement"):
        for name, case, report_ in JUDGED:

            def score(case: str = case, report_: bool = report_) -> Scores:
                return (reporting if report_ else closeness)(study.responses, study.codebook, case)

            before, after = (study.at(wave, name, score) for wave in ("pre", "post"))
            both = study.pair(before, after)
            n = int(both.sum())
            if study.too_few(n):
                continue
            if not study.may_show(both, name, "pre", "post"):
                study.withhold("withheld-measure", name=w(f"judged-{name}"))
                continue
            found, d = compared(before, after, both), PER_CENT.decimals(n)
            rows.append((w(f"judged-{name}"), *change_cells(found, PER_CENT, study.stage(n))))
            if report_:
                for wave, values in (("pre", before[both]), ("post", after[both])):
                    mean = float(values.mean())
                    low, high = (plain(max(0.0, min(100.0, one)), d) for one in interval(values))
                    ends = (DASH, DASH) if PER_CENT.at_end(mean) else (low, high)
                    drawn_rows.append((w(f"{name}-{wave}"), str(n), PER_CENT.mean(mean, n), *ends))
    if not rows:
        return Section("judgement", w("title-judgement"), ())
    head = tuple(w(f"head-{one}") for one in ("what", "n", "before", "after", "gap", "low", "high", "g-av", "g-z"))
    blocks: list[Block] = [Text(w("judgement-lead")), Table("judgement", w("table-judgement"), head, tuple(rows))]
    if drawn_rows:
        head = tuple(w(f"head-{one}") for one in ("what", "n", "mean", "low", "high"))
        table = Table("reporting", w("table-reporting"), head, tuple(drawn_rows), w("note-reporting"))
        blocks.append(table)
        drawn = intervals(
            "reporting", w("figure-reporting"), w("alt-reporting"), table, {"label": 0, "mean": 2, "low": 3, "high": 4},
            axis=w("axis-per-cent-vignettes"), ends=(0, 100), mark=study.mark,
        )  # fmt: skip
        blocks += [drawn] if drawn else []
    return Section("judgement", w("title-judgement"), tuple(blocks))
