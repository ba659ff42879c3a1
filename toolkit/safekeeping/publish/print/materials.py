"""What to bring and to print for one workshop, counted from its plan; and the vote cards."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from ...plans import Material, Need, Plan
from ..job import Job
from .press import press

SPARE = 2  # copies more than people, of what is handed out to each
AT_A_TABLE = 6  # people at one table, where nobody has said how many tables there are
SIZES = (12, 18, 25)  # groups for which the counts are shown beside those of this workshop


@dataclass(frozen=True)
class Group:
    """A group of people to count for; ``tables`` and ``leaders`` are in the room, too."""

    people: int
    tables: int
    leaders: int

    def of(self, need: Need) -> int:
        """How many pieces one step needs of a material, spare copies included."""
        units = {"head": self.people, "three": ceil(self.people / 3), "table": self.tables, "leader": self.leaders}
        return need.count * units.get(need.per, 1) + (SPARE if need.per == "head" else 0)


def group(plan: Plan, people: int, tables: int = 0) -> Group:
    """So many people at so many tables; without a number of tables, at as many as they need."""
    leaders = sum(role.id in ("lead", "safety") for role in plan.roles)
    return Group(people, tables or ceil(people / AT_A_TABLE), leaders)


def expected(job: Job) -> Group:
    """The people of this workshop: as many as its card says, else the most that two leaders should take."""
    people, tables = (job.local.people, job.local.tables) if job.local else (0, 0)
    return group(job.plan, people or job.plan.people, tables)


def most(job: Job, material: Material) -> Need:
    """What to count a material by: later steps use it again, so the step that needs most of it counts."""
    needs = [need for step in job.plan.steps() for need in step.material if need.id == material.id]
    return max(needs, key=expected(job).of, default=Need(id=material.id, per="room"))


def materials(job: Job) -> bytes:
    """The list of materials with counts for this workshop and for other sizes, and empty columns for cost and ready.

    Raises
    ------
    TypesetError : as `press` does.
    """
    words, here = job.library.words("materials"), expected(job)
    rows = [_row(job, one) for one in job.plan.materials]
    voting = any(one.printed == "materials" for one in job.plan.materials)
    data = {
        "plan": job.plan.title,
        "lead": words["lead"].format(
            people=here.people, threes=ceil(here.people / 3), tables=here.tables, leaders=here.leaders
        ),
        "guess": "" if job.local and job.local.people else words["lead_guess"],
        "sizes": [words["formula_for"].format(n=size) for size in SIZES],
        "groups": [
            [words["print"], [row for row in rows if row["printed"]]],
            [words["bring"], [row for row in rows if not row["printed"]]],
        ],
        "votes": [words[f"vote-{n}"] for n in (1, 2, 3)] if voting else [],
    }
    return press(job, "materials", words["title"], data)


def _row(job: Job, one: Material) -> dict[str, Any]:
    words, pack, need = job.library.words("materials"), job.library.words("pack"), most(job, one)
    printed = pack.get(f"file_{one.printed.replace('-', '_')}_pdf", one.printed) if one.printed else ""
    return {
        "name": one.name, "printed": words["printed"].format(piece=printed) if printed else "",
        "note": " ".join(part for part in (one.note, words["colour"] if one.colour else "") if part),
        "count": expected(job).of(need), "others": [group(job.plan, size).of(need) for size in SIZES],
        "counted": words[f"per-{need.per}"].format(n=need.count),
    }  # fmt: skip
