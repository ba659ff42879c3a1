"""What compiling a scenario makes and costs: states, paths, bytes on a page, CPU."""

from __future__ import annotations

import gzip
import json
import time
from statistics import median

from _measure import ROUNDS, program, table

from safekeeping import scenario
from safekeeping.library import built_in
from safekeeping.records import Scenario

REPEATS = 20


def cpu_of_compile(one: Scenario) -> float:
    """CPU seconds of one compile: the median of several means."""
    means = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REPEATS):
            scenario.compile(one)
        means.append((time.process_time() - start) / REPEATS)
    return median(means)


def main() -> None:
    rows, total = [], [0.0] * 6
    for one in built_in().every("scenario"):
        compiled = scenario.compile(one)
        text = json.dumps(compiled, ensure_ascii=False, separators=(",", ":")).encode()
        figures = [
            len(one.nodes),
            len(compiled["states"]),
            sum(1 for _ in scenario.paths(compiled)),
            len(text),
            len(gzip.compress(text, 9)),
            cpu_of_compile(one) * 1000,
        ]
        total = [a + b for a, b in zip(total, figures, strict=True)]
        rows.append([one.id, *(str(figure) for figure in figures[:5]), f"{figures[5]:.2f}"])
    rows.append(["all", *(f"{figure:.0f}" for figure in total[:5]), f"{total[5]:.2f}"])
    head = ["scenario", "nodes", "states", "paths", "bytes", "gzip", "compile, CPU ms"]
    table(f"Compiled tables (a scenario may have {scenario.MOST_STATES} states)", head, rows)
    print("\nNo peer and no floor: these are the parts that page_cost and import_cost are made of.")


if __name__ == "__main__":
    program(main)
