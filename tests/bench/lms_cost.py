"""Packages for learning platforms: what every part in every format costs, and how large the files are."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from _measure import KB, PYTHON, beside, program, run, table, take_turns

from safekeeping.publish.lms.export import ENDINGS

MOST, ROUNDS = 1 / 3, 3
def command(format: str, target: Path) -> list[str]:
    """One call for the whole course, as a lecturer makes it."""
    return [PYTHON, "-m", "safekeeping", "lms", "--format", format, "-o", str(target)]


def every_format(folder: Path) -> float:
    """CPU seconds of all parts in all formats, each by a command of its own."""
    return sum(one_format(folder, format) for format in ENDINGS)


def one_format(folder: Path, format: str) -> float:
    """CPU seconds of all parts in one format, from nothing."""
    target = folder / (f"all{ENDINGS[format]}" if format != "scorm12" else "packages")
    shutil.rmtree(target, ignore_errors=True)
    target.unlink(missing_ok=True)
    return run(command(format, target)).cpu


def main() -> None:
    """Take turns and print the tables."""
    notebooks = [str(path) for path in sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stock = ["--to", "html", "--execute", "--output-dir", str(folder / "stock"), *notebooks]
        programs: dict[str, Callable[[], float]] = {"every format": partial(every_format, folder)}
        programs |= {format: partial(one_format, folder, format) for format in ENDINGS}
        programs["peer"] = lambda: run([PYTHON, "-m", "jupyter", "nbconvert", *stock]).cpu
        found = take_turns(programs, ROUNDS)
        peer = found.pop("peer")
        rows = [beside(what, values, peer, MOST) for what, values in found.items()]
        head = ["what", "ours", f"{len(notebooks)} notebooks, one nbconvert --execute", "ratio", "must be", ""]
        table("CPU seconds, every part of the course", head, rows)
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "stock" not in path.parts]
        sizes = [[str(path.relative_to(folder)), f"{path.stat().st_size / KB:,.0f}"] for path in files]
        table("KB of the files", ["file", "KB"], sizes)


if __name__ == "__main__":
    program(main)
