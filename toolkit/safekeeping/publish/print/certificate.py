"""The certificate of attendance: who was there, and honestly what it is not."""

from __future__ import annotations

from ..job import Job
from ..names import Name, refuse
from ..typeset import TypesetError, shows
from .press import press
from .workbook import modules


def certificate(job: Job) -> bytes:
    """One page for each of the job's names; without names one page with a line to write on.

    The names go into this file and nowhere else. A letter that our fonts lack comes from the computer's own.

    Raises
    ------
    NamesError : this computer has no font for some of the names; each is told. TypesetError : as `press` does.
    """
    if not job.names:
        return _made(job, system_fonts=False)
    try:
        return _made(job, system_fonts=False)
    except TypesetError:
        pass
    try:
        return _made(job, system_fonts=True)
    except TypesetError:
        fault = "has letters for which this computer has no font. Take the line out, and write that name by hand."
        refuse("The list of names", ((one, fault) for one in job.names if not shows(one.text)))
        raise


def _made(job: Job, *, system_fonts: bool) -> bytes:
    words, plan, local = job.library.words("attendance"), job.plan, job.local
    data = {
        "names": [{"text": one.text, "rtl": one.right_to_left} for one in job.names or (Name(""),)],
        "plan": plan.title,
        "parts": [{"number": one.number, "title": one.title} for one in map(job.library.module, modules(job))],
        "text": words["text"].format(minutes=plan.minutes),
        "date": local.date if local else "",
        "organisation": ", ".join(part for part in (local.organisation, local.place) if part) if local else "",
    }
    return press(
        job,
        "certificate",
        words["title"],
        data,
        words="attendance",
        numbered=len(job.names) < 2,  # each is one page of its own, not page 3 of 12
        apart=bool(job.names),  # they may be hundreds
        system_fonts=system_fonts,
    )
