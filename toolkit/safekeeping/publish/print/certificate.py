"""The certificate of attendance: who was there, and honestly what it is not."""

from __future__ import annotations

from ..job import Job
from .press import press
from .workbook import modules


def certificate(job: Job, name: str = "") -> bytes:
    """One page with a line for a name.

    Parameters
    ----------
    name : a name typed on this computer; it goes into the file and nowhere else. Empty: a line to write on.
    """
    words, plan, local = job.library.words("attendance"), job.plan, job.local
    data = {
        "name": name,
        "plan": plan.title,
        "parts": [{"number": one.number, "title": one.title} for one in map(job.library.module, modules(job))],
        "text": words["text"].format(minutes=plan.minutes),
        "date": local.date if local else "",
        "organisation": ", ".join(part for part in (local.organisation, local.place) if part) if local else "",
    }
    return press(job, "certificate", words["title"], data, words="attendance")
