"""The run sheet: every minute of a workshop on paper; and the script with the words that may be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ...plans import Session, Step
from ..job import Job
from .press import press

MORE = ("twin", "low_tech", "watch", "cut", "add")  # what the script says of a step in small letters
SHORTEST = 3  # words; a shorter first sentence, such as "Welcome.", says nothing alone
_SENTENCE = re.compile(r"(?<=[.!?])[”\"']?\s")


def run_sheet(job: Job) -> bytes:
    """A table of the whole workshop: times, who leads, what to say, do, ask and use, what to watch for and to cut."""
    sheet = _Sheet(job)
    plan, words, local = job.plan, sheet.words, job.local
    ranked = sorted((step for step in plan.steps() if step.cut_rank), key=lambda step: step.cut_rank)
    data = {
        "plan": plan.title,
        "facts": [
            [words["date"], local.date if local else ""],
            [words["place"], ", ".join(part for part in (local.place, local.room) if part) if local else ""],
            [words["quiet_room"], local.quiet_room if local else ""],
            [words["starts"], local.starts if local else ""],
            [words["people"].format(n=plan.people), str(local.people or "") if local else ""],
        ],
        "roles": [[role.name, role.does] for role in plan.roles],
        "late": [[step.title, step.cut] for step in ranked],
        "kept": words["late_lead"].format(kept=", ".join(step.title for step in plan.steps() if step.keep)),
        "claim": ", ".join(words[f"claim_{one.replace(' ', '-')}"] for one in plan.may_claim),
        "claim_note": plan.claim_note,
        "sessions": [sheet.session(one) for one in plan.sessions],
    }
    return press(job, "run-sheet", words["title"], data)


def script(job: Job) -> bytes:
    """The script: for each step the words that may be said, large enough to read aloud from."""
    sheet, words = _Sheet(job), job.library.words("script")
    sessions = []
    for session in job.plan.sessions:
        steps = [
            {
                "time": sheet.clock(start), "title": step.title, "never": sheet.words["never"] if step.keep else "",
                "lead": words["minutes"].format(n=step.planned, who=sheet.words[f"by-{step.lead}"]),
                "slides": sheet.slides(step), "say": step.say, "do": step.do, "ask": step.ask,
                "more": [[key, text] for key in MORE if (text := getattr(step, key))],
            }
            for start, step in session.timed()
        ]  # fmt: skip
        sessions.append({"title": session.title, "steps": steps})
    return press(job, "script", words["title"], {"plan": job.plan.title, "sessions": sessions})


class _Sheet:
    """The plan as rows; counts slides as the deck does: a cover for each session, then those of its steps."""

    def __init__(self, job: Job) -> None:
        self.job, self.words = job, job.library.words("run-sheet")
        self._first: dict[tuple[str, str], int] = {}
        number = 0
        for session in job.plan.sessions:
            number += 1
            for step in session.steps:
                self._first[session.id, step.id] = number + 1
                number += len(step.slides)
        self._session = ""

    def clock(self, minute: int) -> str:
        """The time of day at which a step starts, if it is known when the workshop starts; else hours and minutes."""
        starts = self.job.local.starts if self.job.local else ""
        if not starts or len({session.day for session in self.job.plan.sessions}) < len(self.job.plan.sessions):
            return f"{minute // 60}:{minute % 60:02}"
        return f"{datetime.strptime(starts, '%H:%M') + timedelta(minutes=minute):%H:%M}"  # noqa: DTZ007 - a time of day

    def session(self, session: Session) -> dict[str, Any]:
        """One session with its rows and the time at which it ends."""
        self._session = session.id
        words = self.words
        title = words["session"].format(title=session.title, n=session.minutes)
        pause = words["pause"].format(n=session.pause) if session.pause else ""
        rows = [self._row(start, step) for start, step in session.timed()]
        return {"title": title, "rows": rows, "end": self.clock(session.minutes), "pause": pause}

    def _row(self, start: int, step: Step) -> dict[str, Any]:
        words = self.words
        spoken = [
            [words[key], " ".join(short(lines))]
            for key, lines in (("say", step.say), ("do", step.do), ("ask", step.ask), ("twin", (step.twin,)))
            if any(lines)
        ]
        change = [[words[key], text] for key, text in (("if_late", step.cut), ("if_early", step.add)) if text]
        return {
            "time": self.clock(start), "planned": step.planned, "title": step.title, "pause": step.kind == "break",
            "range": words["range"].format(least=step.least, most=step.most) if step.least < step.most else "",
            "lead": words[f"by-{step.lead}"], "never": words["never"] if step.keep else "",
            "heavy": words["heavy"] if step.load == "heavy" else "", "spoken": spoken, "use": list(self._use(step)),
            "material": [self._material(need.id) for need in step.material], "watch": step.watch, "change": change,
        }  # fmt: skip

    def _use(self, step: Step) -> Iterator[str]:
        if step.slides:
            yield self.slides(step)
        for id in step.cards:
            yield self.words["cards"].format(title=self.job.library.get("scenario", id).title)
        waves = {one.id: one.title for one in self.job.library.every("wave")}
        yield from (self.words["form"].format(name=waves.get(form, form)) for form in step.forms)

    def slides(self, step: Step) -> str:
        """The numbers of a step's slides in the deck; empty if it has none."""
        if not step.slides:
            return ""
        session = next(one.id for one in self.job.plan.sessions if any(other is step for other in one.steps))
        first, last = self._first[session, step.id], self._first[session, step.id] + len(step.slides) - 1
        return self.words["slide" if first == last else "slides"].format(n=first, m=last)

    def _material(self, id: str) -> str:
        return next((one.name for one in self.job.plan.materials if one.id == id), id)


def short(paragraphs: tuple[str, ...]) -> Iterator[str]:
    """The beginning of each paragraph, four words or more to the end of a sentence; dots if more is in the script."""
    for text in paragraphs:
        ends = [match.start() for match in _SENTENCE.finditer(text)]
        end = next((one for one in ends if len(text[:one].split()) > SHORTEST), len(text))
        yield text if end >= len(text) - 1 else f"{text[:end]} …"
