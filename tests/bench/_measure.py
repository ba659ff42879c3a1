"""Shared by the benchmarks: run a command and count what it uses, take turns, print a table.

A name with an underscore in front is no benchmark: `run.py bench` leaves it out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

T = TypeVar("T")

ROUNDS = 5
PYTHON = sys.executable
KB = 1000  # bytes

# A person's Python keeps what it has compiled; where that is switched off, every run would compile all of it again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


class NotMeasured(Exception):
    """Something that a measurement needs is missing or failed; the message says what."""


@dataclass(frozen=True)
class Run:
    """What one finished command used, together with every process that it started and waited for."""

    cpu: float  # seconds of processor time
    wall: float  # seconds
    rss: float  # MB, the largest of its processes at its largest
    output: str
    errors: str


def run(command: Sequence[str], *, folder: Path | None = None, codes: Sequence[int] = (0,)) -> Run:
    """Run a command to its end, with its words in files, and ask the system what it used.

    Raises
    ------
    NotMeasured : it ended with a code that is not in `codes`, or this system does not count for single commands.
    """
    if not hasattr(os, "wait4"):
        raise NotMeasured("This system does not say what a single command used. Run this on Linux or macOS.")
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    if process.returncode not in codes:
        last = (texts[1] or texts[0]).strip().splitlines()[-1:] or ["no reason given"]
        raise NotMeasured(f"{' '.join(command)[:100]} ended with {process.returncode}: {last[0]}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / unit, *texts)


def take_turns(programs: Mapping[str, Callable[[], T]], rounds: int = ROUNDS) -> dict[str, list[T]]:
    """A B A B …: every program once without counting (it fills the caches), then `rounds` times in turn."""
    found: dict[str, list[T]] = {name: [] for name in programs}
    for turn in range(rounds + 1):
        for name, program in programs.items():
            result = program()
            if turn:
                found[name].append(result)
    return found


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, with the lowest and the highest."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def floor(value: float, most: float, digits: int = 2, *, below: bool = False) -> list[str]:
    """Two cells of a table: what must be reached, and whether it is; `below` means less than, not at most."""
    reached = value < most if below else value <= most
    return [f"{'below' if below else 'at most'} {most:.{digits}f}", "reached" if reached else "NOT REACHED"]


def beside(what: str, ours: Sequence[float], peer: Sequence[float], most: float, *, below: bool = False) -> list[str]:
    """One row: a figure, its peer, the ratio of their medians, the floor of the ratio, and whether it is reached."""
    ratio = median(ours) / median(peer)
    return [what, spread(ours, 3), spread(peer, 3), f"{ratio:.2f}", *floor(ratio, most, below=below)]


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    print(f"\n{title}")
    for first, *rest in (head, ["-" * width for width in widths], *rows):
        others = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        print("  " + "  ".join([first.ljust(widths[0]), *others]).rstrip())


def program(main: Callable[[], None]) -> None:
    """Run a benchmark. Figures never fail it; only a measurement that could not be made does."""
    try:
        main()
    except NotMeasured as error:
        print(f"Not measured: {error}")
        sys.exit(1)
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    print(f"\nMachine: {load} on {os.cpu_count()} processors. The machine and its load move every time: ratios count.")
