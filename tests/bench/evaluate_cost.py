"""The evaluation beside pandas with SciPy doing the same job: large from CSV and Parquet, small, and growing.

The peer is this file, called with `peer`: it reads, matches by code, scores, and computes the same statistics as an
analyst would with pandas, scipy.stats and, for omega, statsmodels. It checks nothing,
protects nobody, and writes no report.
"""

from __future__ import annotations

import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from _measure import PYTHON, Run, beside, floor, program, run, spread, table, take_turns

MANY, FEWER, FEW = 300_000, 30_000, 30
MOST_CSV, MOST_MEMORY, MOST_PARQUET, MOST_SMALL, MOST_GROWTH = 0.6, 0.5, 0.5, 2.5, 10.0


def make(folder: Path, people: int) -> None:
    """A synthetic study of 20 questions before and after (40 answers a learner), as CSV and as Parquet."""
    code = (
        "import sys; from pathlib import Path; from safekeeping.evaluate import synthetic\n"
        "folder, people = Path(sys.argv[1]), int(sys.argv[2])\n"
        "truth = synthetic.Truth(dropout=0.0, later=0.0, mistyped=0.0)\n"
        "made = synthetic.study(people, 1, truth, events=50, knowledge_only=True)\n"
        "folder.mkdir()\n"
        "(folder / 'codebook.json').write_text(synthetic.files(made)['synthetic-codebook.json'])\n"
        "(folder / 'keys.json').write_text(synthetic.files(made)['synthetic-keys.json'])\n"
        "import polars as pl\n"
        "unique = made.frame.with_columns(pl.col('code_1'))\n"
        "unique.write_csv(folder / 'answers.csv'); unique.write_parquet(folder / 'answers.parquet')\n"
    )
    run([PYTHON, "-c", code, str(folder), str(people)])


def ours(folder: Path, name: str, out: Path) -> Run:
    (folder / "safekeeping-ledger.json").unlink(missing_ok=True)
    words = ["evaluate", str(folder / name), "-o", str(out), "--keys", str(folder / "keys.json"), "--skip-bad"]
    return run([PYTHON, "-m", "safekeeping", *words])


def peers(folder: Path, name: str) -> Run:
    return run([PYTHON, __file__, "peer", str(folder), name])


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folders = {people: Path(made) / str(people) for people in (MANY, FEWER, FEW)}
        for people, folder in folders.items():
            make(folder, people)
        out = Path(made) / "report"
        many = folders[MANY]
        large = take_turns(
            {
                "ours csv": partial(ours, many, "answers.csv", out),
                "peer csv": partial(peers, many, "answers.csv"),
                "ours parquet": partial(ours, many, "answers.parquet", out),
                "peer parquet": partial(peers, many, "answers.parquet"),
            },
            3,
        )
        small = take_turns(
            {
                "ours": partial(ours, folders[FEW], "answers.csv", out),
                "import": lambda: run([PYTHON, "-c", "import pandas, scipy.stats"]),
                "fewer": partial(ours, folders[FEWER], "answers.csv", out),
            },
            5,
        )

    def cpu(found: list[Run]) -> list[float]:
        return [one.cpu for one in found]

    rows = [
        beside("CSV, CPU s", cpu(large["ours csv"]), cpu(large["peer csv"]), MOST_CSV),
        beside("CSV, MB", [one.rss for one in large["ours csv"]], [one.rss for one in large["peer csv"]], MOST_MEMORY),
        beside("Parquet, CPU s", cpu(large["ours parquet"]), cpu(large["peer parquet"]), MOST_PARQUET),
    ]
    table(
        f"{MANY:,} learners, 40 answers each: the whole command beside the peer's figures alone",
        ["what", "ours", "peer", "ratio", "must be", ""],
        rows,
    )
    rows = [beside("whole report, CPU s", cpu(small["ours"]), cpu(small["import"]), MOST_SMALL)]
    table(
        f"{FEW} learners, beside `import pandas, scipy.stats`", ["what", "ours", "import", "ratio", "must be", ""], rows
    )
    growth = median(cpu(large["ours csv"])) / median(cpu(small["fewer"]))
    rows = [
        [
            f"{FEWER:,} to {MANY:,}",
            spread(cpu(small["fewer"])),
            spread(cpu(large["ours csv"])),
            f"{growth:.1f}",
            *floor(growth, MOST_GROWTH, 1),
        ]
    ]
    table("Growth from CSV, CPU s", ["learners", "before", "after", "times", "must be", ""], rows)


def peer(folder: Path, name: str) -> None:
    """The same job in pandas, SciPy and statsmodels: what is printed is thrown away, but it was computed."""
    import numpy as np
    import pandas as pd
    from scipy import stats
    from statsmodels.multivariate.factor import Factor

    book = json.loads((folder / "codebook.json").read_text())
    keys = json.loads((folder / "keys.json").read_text())
    path = folder / name
    data = pd.read_csv(path, dtype=str, keep_default_na=False) if name.endswith("csv") else pd.read_parquet(path)
    forms = {
        one["form"]: [each["column"] for each in one["columns"]] for one in book["instruments"] if one["length"] == 20
    }
    modules = {each["column"]: each["module"] for one in book["instruments"] for each in one["columns"]}
    codes = [one["column"] for one in book["codes"]]
    questions = list(dict.fromkeys(one for members in forms.values() for one in members))
    right = pd.DataFrame({one: (data[one] == keys[one]).astype("int8") for one in questions})
    data["score"] = 0.0
    for form, members in forms.items():
        rows = data["form"] == form
        data.loc[rows, "score"] = right.loc[rows, members].mean(axis=1) * 100
        for module in dict.fromkeys(modules[one] for one in members):
            some = [one for one in members if modules[one] == module]
            data.loc[rows, module] = right.loc[rows, some].mean(axis=1) * 100
    person = ["event", *codes]
    data["row"] = np.arange(len(data))
    data = data[~data.duplicated([*person, "wave"], keep=False)]
    both = data[data["wave"] == "pre"].merge(data[data["wave"] == "post"], on=person, suffixes=("_pre", "_post"))
    found = {}
    for score in ("score", *dict.fromkeys(modules.values())):
        gap = both[f"{score}_post"] - both[f"{score}_pre"]
        found[score] = (
            gap.mean(),
            gap.std(),
            stats.ttest_rel(both[f"{score}_post"], both[f"{score}_pre"]).confidence_interval(),
        )
    gap = both["score_post"] - both["score_pre"]
    found["ranks"] = stats.wilcoxon(gap)
    p = []
    for wave in ("pre", "post"):
        for form, members in forms.items():
            rows = both.loc[both[f"form_{wave}"] == form, f"row_{wave}"]
            values = right.loc[rows, members]
            covariance = values.cov()
            k = len(members)
            alpha = k / (k - 1) * (1 - np.trace(covariance) / covariance.to_numpy().sum())
            found["alpha", wave, form] = (
                alpha,
                1 - (1 - alpha) * stats.f.ppf([0.975, 0.025], len(values) - 1, (len(values) - 1) * (k - 1)),
            )
            fitted = Factor(corr=values.corr().to_numpy(), n_factor=1, method="ml", nobs=len(values)).fit()
            common = fitted.loadings[:, 0].sum() ** 2
            found["omega", wave, form] = common / (common + fitted.uniqueness.sum())
            total = values.sum(axis=1)
            for one in members:
                found["item", wave, form, one] = values[one].mean(), values[one].corr(total - values[one])
                found["answers", wave, form, one] = data.loc[rows, one].value_counts()
    for one in set(forms["A"]) & set(forms["B"]):
        first, then = right.loc[both["row_pre"], one].to_numpy(), right.loc[both["row_post"], one].to_numpy()
        gained, lost = int(((then == 1) & (first == 0)).sum()), int(((then == 0) & (first == 1)).sum())
        p.append(stats.binomtest(min(gained, lost), gained + lost).pvalue)
    found["changed"] = stats.false_discovery_control(p)
    print(len(found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["peer"]:
        peer(Path(sys.argv[2]), sys.argv[3])
    else:
        program(main)
