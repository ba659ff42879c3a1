"""The slides of a plan on paper: a tagged PDF, one slide a page, without notes and answers."""

from __future__ import annotations

from .blocks import as_data
from .exporter import Setting
from .figures import drawn
from .job import Job
from .slides import plan_slides
from .still import Still, stills
from .typeset import typeset


def deck_pdf(job: Job) -> bytes:
    """The deck of a job's plan as PDF/UA-1, for participants and for a projector without a browser.

    Raises
    ------
    ContentError : a slide is missing. TypesetError : it cannot be typeset.
    """
    setting = Setting(job.library, job.course, job.library.words("page"), audience=True)
    slides = stills(plan_slides(job.plan, setting), setting)
    figures = {one.figure.id for one in slides if one.figure}
    data = {
        "slides": [_data(one) for one in slides],
        "eyebrow": setting.words["plan_eyebrow"].format(n=job.plan.minutes),
        "label": job.library.review_label(),
        "foot": {"left": f"{setting.words['name']} · {job.library.review_label()}"},
    }
    return typeset(
        "deck",
        data,
        title=job.plan.title,
        language=job.library.language,
        files={f"{id}.svg": drawn(job.library, id) for id in sorted(figures)},
        once=job.once,
    )


def _data(one: Still) -> dict[str, object]:
    figure = one.figure
    return {
        "title": one.title,
        "eyebrow": one.eyebrow,
        "cover": one.cover,
        "lead": one.lead,
        "blocks": [] if figure else [as_data(block) for block in one.blocks],
        "columns": [[as_data(block) for block in column] for column in one.columns],
        "figure": f"{figure.id}.svg" if figure else "",
        "alt": figure.description if figure else "",
    }
