"""The local pathway card: whom to call here, who confirmed it, and until when that holds; blank where nobody knows."""

from __future__ import annotations

from typing import Any

from ... import render
from ...records import Contact
from ..job import Printing
from ..local import LINES, Line
from .press import press
from .reading import state

USES = {"trafficking": 1, "online": 1, "crisis": 2}  # how many national lines of each use; all stand in the workbook


def pathway_card(job: Printing) -> bytes:
    """The card on half a sheet, and once more to fold to the size of a wallet; in large print on one whole sheet."""
    return press(job, "pathway-card", job.library.words("pathway")["title"], {"card": card(job)}, words="pathway")


def card(job: Printing) -> dict[str, Any]:
    """The card as plain data, also for the workbook."""
    words, local = job.library.words("pathway"), job.local
    national = dict(render.contacts_by_use(job.library))
    danger = [_contact(job, one) for one in national.get("danger-now", [])[:1]]
    others = [_contact(job, one) for use, most in USES.items() for one in national.get(use, [])[:most]]
    lines = [_line(job, id) for id in LINES[:-1]]
    lines += [_filled(job, one) for one in (local.lines if local else ()) if one.id == "other"]
    place = ", ".join(part for part in (local.organisation, local.place) if part) if local else ""
    procedure = ", ".join(part for part in (local.owner, local.procedure) if part) if local else ""
    return {
        "danger": danger, "lines": lines, "others": others, "place": place, "procedure": procedure,
        "place_label": words["organisation"], "procedure_label": words["owner"], "steps": words["steps"],
        "no_national": job.library.words("show")["no_number"],
    }  # fmt: skip


def _line(job: Printing, id: str) -> dict[str, Any]:
    found = job.local.line(id) if job.local else None
    return _filled(job, found) if found else {"label": job.library.words("pathway")[f"line-{id}"]} | _EMPTY


_EMPTY = {"name": "", "number": "", "more": "", "state": "", "stamp": ""}


def _filled(job: Printing, one: Line) -> dict[str, Any]:
    words, label = job.library.words("print"), job.library.words("pathway")[f"line-{one.id}"]
    more = ". ".join(part.rstrip(".") for part in (one.hours, one.note) if part)
    day = one.expires()
    sound = one.confirmed(job.today)
    said = ""
    if sound and day:
        said = words["confirmed"].format(date=one.confirmed_on, role=one.confirmed_by, until=day.isoformat())
    elif day:
        said = words["expired"]
    stamp = "" if sound or not one.number else words["unconfirmed"]
    return {"label": label, "name": one.name, "number": one.number, "more": more, "state": said, "stamp": stamp}


def _contact(job: Printing, one: Contact) -> dict[str, Any]:
    said, stamp = state(job, one)
    number = one.phone or one.text or one.url
    return {"label": one.name, "name": "", "number": number, "more": "", "stamp": stamp, "state": said}
