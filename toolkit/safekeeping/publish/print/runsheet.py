"""The run sheet: every minute of a workshop on paper; and the script with the words that may be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ... import pace
from ...plans import Session, Step
from ..job import Job
from .press import press

SHORTEST = 3  # words; a shorter first sentence, such as "Welcome.", says nothing alone
DEBRIEF = ("settle", "facts", "choices", "principle", "action")
_SENTENCE = re.compile(r"(?<=[.!?])[”\"']?\s")


def run_sheet(job: Job) -> bytes:
    """A table of the whole workshop: times, who leads, what to say, do, ask and use, what to watch for and to cut."""
    sheet = _Sheet(job)
    plan, words, local = job.plan, sheet.words, job.local
    kept = dict.fromkeys(step.title for step in plan.steps() if step.keep)  # several sessions close in the same way
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
        "late": [[one.title, [[step.title, step.cut] for step in cutting(one)]] for one in plan.sessions],
        "kept": words["late_lead"].format(kept="; ".join(kept)),
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
                "use": list(sheet.use(step)), "twin": step.twin, "do": [*step.do, *_scenes(job, step)], "say": step.say,
                "ask": step.ask,
                "debriefs": list(_debriefs(job, step)),
                "more": [[key, text] for key in ("low_tech", "watch", "cut", "add") if (text := getattr(step, key))],
            }
            for start, step in session.timed()
        ]  # fmt: skip
        sessions.append({"title": session.title, "steps": steps})
    return press(job, "script", words["title"], {"plan": job.plan.title, "sessions": sessions})


def _scenes(job: Job, step: Step) -> Iterator[str]:
    """How much of a story that a leader reads aloud fits into its minutes."""
    words, read = job.library.words("script"), pace.read_aloud(job.library, step)
    if read.scenes:
        yield words["scenes" if read.full < read.scenes else "scenes_all"].format(full=read.full, scenes=read.scenes)


def _debriefs(job: Job, step: Step) -> Iterator[list[Any]]:
    """For the debrief of a workshop: each story that it looks back on, with its words in five steps."""
    words, front = job.library.words("script"), job.library.words("front")
    for id in step.cards if step.keep == "debrief" else ():
        story = job.library.get("scenario", id)
        parts = [[front[f"debrief-{part}"], getattr(story.debrief, part)] for part in DEBRIEF]
        yield [words["debrief"].format(title=story.title), parts]


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
        self._rank: dict[int, int] = {}  # of the very step: two sessions may hold steps of one name

    def clock(self, minute: int) -> str:
        """The time of day at which a step starts, if it is known when the workshop starts; else hours and minutes."""
        starts = self.job.local.starts if self.job.local else ""
        if not starts or len({session.day for session in self.job.plan.sessions}) < len(self.job.plan.sessions):
            return f"{minute // 60}:{minute % 60:02}"
        return f"{datetime.strptime(starts, '%H:%M') + timedelta(minutes=minute):%H:%M}"  # noqa: DTZ007 - a time of day

    def session(self, session: Session) -> dict[str, Any]:
        """One session with its rows and its length in minutes."""
        self._rank |= {id(step): place for place, step in enumerate(cutting(session), 1)}
        words = self.words
        several = len(self.job.plan.sessions) > 1
        title = words["session"].format(title=session.title, n=session.minutes) if several else self.job.plan.title
        pause = words["pause"].format(n=session.pause) if session.pause else ""
        rows = [self._row(n, start, step) for n, (start, step) in enumerate(session.timed(), 1)]
        return {"title": title, "rows": rows, "minutes": session.minutes, "pause": pause}

    def _row(self, n: int, start: int, step: Step) -> dict[str, Any]:
        words = self.words
        spoken = [
            [words[key], short(lines)]
            for key, lines in (("twin", (step.twin,)), ("say", step.say), ("do", step.do), ("ask", step.ask))
            if any(lines)
        ]
        late = words["if_late_rank"].format(n=self._rank[id(step)]) if id(step) in self._rank else words["if_late"]
        change = [[label, text] for label, text in ((late, step.cut), (words["if_early"], step.add)) if text]
        return {
            "n": n, "from": self.clock(start), "to": self.clock(start + step.planned), "planned": step.planned,
            "title": step.title, "pause": step.kind == "break",
            "range": words["range"].format(least=step.least, most=step.most) if step.least < step.most else "",
            "lead": words[f"by-{step.lead}"], "never": words["never"] if step.keep else "",
            "heavy": words["heavy"] if step.load == "heavy" else "", "spoken": spoken, "use": list(self.use(step)),
            "material": [self._material(need.id) for need in step.material], "watch": step.watch, "change": change,
        }  # fmt: skip

    def use(self, step: Step) -> Iterator[str]:
        """What a step uses: slides by number, cards and forms by name."""
        if step.slides:
            yield self.slides(step)
        for id in step.cards:
            yield self.words["cards"].format(title=self.job.library.get("scenario", id).title)
        read = pace.read_aloud(self.job.library, step)
        if read.scenes:
            yield self.words["scenes"].format(full=read.full, scenes=read.scenes)
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


def cutting(session: Session) -> list[Step]:
    """The steps of a session that may be cut, in the order of cutting; of equals the later one first."""
    steps = [step for step in reversed(session.steps) if step.cut_rank]
    return sorted(steps, key=lambda step: step.cut_rank)


def short(paragraphs: tuple[str, ...]) -> str:
    """The first sentence of each paragraph that says something alone; dots at the end if more is in the script."""
    found, whole = [], True
    for text in paragraphs:
        ends = [match.start() for match in _SENTENCE.finditer(text)]
        end = next((one for one in ends if len(text[:one].split()) > SHORTEST), len(text))
        found.append(text[:end])
        whole = whole and end == len(text)
    return " ".join(found) + ("" if whole or found[-1].endswith("…") else " …")
