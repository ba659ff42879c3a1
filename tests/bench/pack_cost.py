"""A pack for one workshop: from nothing, unchanged, after a change of one story, beside running its notebooks once."""

from __future__ import annotations

import shutil
import tempfile
from itertools import count
from pathlib import Path

from _measure import PYTHON, Run, beside, program, run, table, take_turns

from safekeeping import plans
from safekeeping.library import CONTENT, Course, Library, course

PLAN = "educators-90"
MOST_COLD, MOST_UNCHANGED, MOST_CHANGED, MOST_MB = 1.5, 1 / 20, 1 / 3, 400

RUN = """
import sys
import nbformat
from nbclient import NotebookClient
for path in sys.argv[1:]:
    NotebookClient(nbformat.read(path, as_version=4), kernel_name="python3").execute()
"""
MAKE = """
import sys
from datetime import date
from pathlib import Path
from safekeeping.library import Course
from safekeeping.publish.pack import Order, pack
root, target = Path(sys.argv[1]), Path(sys.argv[2])
print(len(pack(Order(where=Course(root), plan=sys.argv[3], target=target, content=root / "content",
                     today=date(2026, 11, 22))).made), "made")
"""


def parts_of(plan: str) -> list[str]:
    """The notebooks from which the plan takes slides, and those in which its stories stand."""
    here, library = course(), Library()
    found = plans.plan(library, here, plan)
    modules = {slide.partition("/")[0] for step in found.steps() for slide in step.slides}
    modules |= {library.get("scenario", id).module for id in found.stories()}
    return [str(here.notebooks / f"{one.stem}.ipynb") for one in library.every("module") if one.id in modules]


def make(root: Path, target: Path) -> Run:
    """Make the pack from a course in a folder of its own."""
    return run([PYTHON, "-c", MAKE, str(root), str(target), PLAN])


def main() -> None:
    """Take turns and print the table."""
    largest: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        here = course()
        shutil.copytree(here.notebooks, root / "notebooks")
        shutil.copytree(here.facilitator, root / "facilitator")
        shutil.copytree(CONTENT, root / "content")
        story = root / "content" / "scenarios" / f"{plans.audiences(Course(root))['educators'].group}.toml"
        text, turns = story.read_text(encoding="utf-8"), count()
        done = root / "done"
        make(root, done)

        def cold() -> float:
            shutil.rmtree(root / "cold", ignore_errors=True)
            used = make(root, root / "cold")
            largest.append(used.rss)
            return used.cpu

        def unchanged() -> float:
            make(root, done)
            return make(root, done).cpu

        head, mark, nodes = text.partition("[[node]]")

        def after(new: str) -> float:
            """The pack of the story as it is, and then of the story with a change."""
            story.write_text(text, encoding="utf-8")
            make(root, done)
            story.write_text(new, encoding="utf-8")
            return make(root, done).cpu

        def changed() -> float:
            """A name in the story in short, which stands on the cards and in the deck."""
            return after(text.replace("Wes", f"Wes{next(turns)}", 1))

        def scene() -> float:
            """The first scene, which stands on every kind of slide as well."""
            return after(head + mark + nodes.replace('text = "', f'text = "{next(turns)} ', 1))

        notebooks = parts_of(PLAN)
        found = take_turns(
            {
                "run": lambda: run([PYTHON, "-c", RUN, *notebooks]).cpu,
                "cold": cold,
                "unchanged": unchanged,
                "changed": changed,
                "scene": scene,
            }
        )
    from_nothing = f"from nothing, beside running its {len(notebooks)} notebooks once"
    rows = [
        beside(from_nothing, found["cold"], found["run"], MOST_COLD),
        beside("unchanged, beside from nothing", found["unchanged"], found["cold"], MOST_UNCHANGED),
        beside("one story changed, beside from nothing", found["changed"], found["cold"], MOST_CHANGED),
        beside("its first scene, on all slides, likewise", found["scene"], found["cold"], MOST_CHANGED),
    ]
    table(f"CPU seconds of the pack {PLAN}", ["what", "ours", "peer", "ratio", "must be", ""], rows)
    verdict = "reached" if max(largest) < MOST_MB else "NOT REACHED"
    print(f"\nLargest process: {max(largest):.0f} MB; must be under {MOST_MB} MB: {verdict}")


if __name__ == "__main__":
    program(main)
