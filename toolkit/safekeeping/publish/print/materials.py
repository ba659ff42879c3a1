"""What to bring and to print for one workshop, counted from its plan; and the vote cards."""

from __future__ import annotations

from math import ceil
from typing import Any

from ...plans import Material, Need
from ..job import Job
from .press import press

SPARE = 2  # copies more than people, of what is handed out to each
AT_A_TABLE = 6  # people at one table, where nobody has said how many tables there are


def materials(job: Job) -> bytes:
    """The list of materials with counts, and empty columns for cost and ready."""
    words = job.library.words("materials")
    known = bool(job.local and job.local.people)
    every = [_row(job, one) for one in job.plan.materials]
    lead = words["lead"].format(
        people=people(job), threes=_of(job, "three"), tables=_of(job, "table"), leaders=_of(job, "leader")
    )
    votes = any(one.printed == "materials" for one in job.plan.materials)
    data = {
        "plan": job.plan.title, "lead": lead, "guess": "" if known else words["lead_guess"],
        "groups": [
            [words["print"], [row for row in every if row["printed"]]],
            [words["bring"], [row for row in every if not row["printed"]]],
        ],
        "votes": [words[f"vote-{n}"] for n in (1, 2, 3)] if votes else [],
    }  # fmt: skip
    return press(job, "materials", words["title"], data)


def people(job: Job) -> int:
    """Participants to count for: as many as are expected, else the most that two leaders should take."""
    return (job.local.people if job.local else 0) or job.plan.people


def _of(job: Job, per: str) -> int:
    tables = (job.local.tables if job.local else 0) or ceil(people(job) / AT_A_TABLE)
    leaders = sum(role.id in ("lead", "safety") for role in job.plan.roles)
    return {"head": people(job), "three": ceil(people(job) / 3), "table": tables, "leader": leaders, "room": 1}[per]


def count(job: Job, need: Need) -> int:
    """How many pieces one step needs of a material."""
    return need.count * _of(job, need.per) + (SPARE if need.per == "head" else 0)


def _row(job: Job, one: Material) -> dict[str, Any]:
    """A material is used again by later steps: the step that needs most of it counts."""
    words = job.library.words("materials")
    needs = [need for step in job.plan.steps() for need in step.material if need.id == one.id]
    most = max(needs, key=lambda need: count(job, need), default=Need(id=one.id, count=1, per="room"))
    note = " ".join(part for part in (one.note, f"{words['colour']}." if one.colour else "") if part)
    printed = (
        job.library.words("pack").get(f"file_{one.printed.replace('-', '_')}_pdf", one.printed) if one.printed else ""
    )
    return {
        "name": one.name, "note": note, "printed": printed, "count": count(job, most),
        "counted": words[f"per-{most.per}"].format(n=most.count),
    }  # fmt: skip
