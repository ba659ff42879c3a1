"""What a workbook holds of the workshop itself: marks for the votes, pictures, signs, and the words that leaders show.

The steps of a plan send people to these pages when they would rather not vote, stand or speak.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ... import sheets
from ...calls import called, cells_of
from ...plans import OwnSlide
from ..figures import drawn
from ..job import Job
from .reading import Row, indicator

FIRST_WORDS = "first-words"  # the handout whose words to say stand in the workbook, too


def sentences(job: Job) -> list[OwnSlide]:
    """The accurate sentences of the plan's votes, in order: its own slides that state a fact in one sentence."""
    return [one for one in _own(job) if one.claims and one.text and not one.points]


def looking_back(job: Job) -> tuple[str, ...]:
    """The steps of the debrief as the plan's slide names them; none if the plan has no such slide."""
    return next((one.points for one in _own(job) if one.id == "debrief"), ())


def thresholds(job: Job) -> bool:
    """Whether the plan asks people to mark where they stand between waiting and reporting."""
    return any(one.id == "line" for one in _own(job))


def _own(job: Job) -> Iterator[OwnSlide]:
    shown = dict.fromkeys(slide for step in job.plan.steps() for slide in step.slides if slide.startswith("own/"))
    return (job.plan.own_slide(slide.removeprefix("own/")) for slide in shown)


def pictures(job: Job, slides: Sequence[str]) -> list[dict[str, str]]:
    """The diagrams on these slides, each once: ``id``, ``title`` and ``text``, the whole of it in words."""
    found: dict[str, dict[str, str]] = {}
    for slide in slides:
        module, _, id = slide.partition("/")
        for cell in cells_of(job.library, job.course, module):
            if cell["id"] != id or cell["cell_type"] != "code":
                continue
            names = [name for call, ids in called("".join(cell["source"])) if call == "show" for name in ids]
            for one in (job.library.get("figure", name) for name in names if job.library.holds("figure", name)):
                found[one.id] = {"id": one.id, "title": one.title, "text": one.desc}
    return list(found.values())


def picture_files(job: Job, shown: Sequence[dict[str, str]]) -> dict[str, bytes]:
    """The drawings of `pictures`, by the names that the template uses."""
    return {f"{one['id']}.svg": drawn(job.library, one["id"]) for one in shown}


def signs(job: Job) -> dict[str, Any]:
    """The sheet of signs for the audience's setting, each with context, ordinary reasons and a next step."""
    one = job.library.get("setting", job.audience.setting)
    rows: list[Row] = [indicator(job, sign) for sign in job.library.every("indicator") if one.id == sign.settings[0]]
    caution = job.library.words("show")["no_proof"]
    return {"title": one.name, "intro": one.intro, "caution": caution, "rows": rows}


def first_words(job: Job) -> tuple[str, ...]:
    """Words with which one can answer a young person, as the handout has them; none if there is no such handout."""
    every = [one for one in sheets.handouts(job.course) if one.id == FIRST_WORDS]
    return tuple(line for one in every for block in one.blocks for line in block.say)
