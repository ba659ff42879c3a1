"""The forms of a workshop: before, after and later, in both forms, without any key."""

from __future__ import annotations

from typing import Any

from ... import instruments
from ...pace import LENGTHS as WAVES
from ..job import Job
from .pathway import card
from .press import press


def forms(job: Job) -> bytes:
    """Every form that the plan hands out, A and B, each from a page of its own; first a page for whoever collects."""
    library, words = job.library, job.library.words("forms")
    every = [
        _form(job, instruments.sheet(library, wave, form, int(length)))
        for wave, key in WAVES.items()
        if (length := getattr(job.plan, key))
        for form in ("A", "B")
    ]
    roles = list(instruments.roles(library).values())
    how = [words[f"how_{n}"] for n in range(1, 6)]
    lines = card(job)
    data = {
        "plan": job.plan.title, "forms": every, "roles": roles, "how": how, "lines": lines["danger"] + lines["others"],
    }  # fmt: skip
    return press(job, "forms", words["title"], data)


def accurate_sentences(job: Job) -> bytes:
    """The accurate sentence for every statement on myths, without the myth: for everyone, after the last form."""
    words = job.library.words("forms")
    points = [text for _, text in instruments.accurate(job.library)]
    block = {
        "heading": "", "text": "", "steps": [], "points": points, "say": [], "avoid": [], "fields": [], "lines": 0,
        "show": [],
    }  # fmt: skip
    lead = words["accurate_lead"]
    sheet = {"id": "accurate", "title": words["accurate"], "lead": lead, "foot": "", "blocks": [block]}
    return press(job, "handouts", words["accurate"], {"sheets": [sheet], "pages": 1})


def _form(job: Job, one: instruments.Sheet) -> dict[str, Any]:
    words = job.library.words("forms")
    return {
        "title": one.title, "intro": one.intro, "form": words["form"].format(form=one.form), "form_id": one.form,
        "minutes": words["minutes"].format(n=one.minutes), "length": one.length,
        "codes": [{"text": code.text, "hint": code.hint, "pattern": code.pattern} for code in one.codes],
        "parts": [_part(job, part) for part in one.parts],
    }  # fmt: skip


def _part(job: Job, one: instruments.Part) -> dict[str, Any]:
    words = job.library.words("forms")
    scaled = one.most > one.least
    scale = (
        words["scale"].format(least=one.least, low=one.low, most=one.most, high=one.high) if scaled and one.low else ""
    )
    return {
        "title": one.title, "intro": one.intro, "scale": scale,
        "steps": list(range(one.least, one.most + 1)) if scaled else [],
        "questions": [
            {
                "label": row.label, "type": row.type, "text": row.text, "case": row.case,
                "answers": [list(answer) for answer in row.answers],
            }
            for row in one.questions
        ],
    }  # fmt: skip
