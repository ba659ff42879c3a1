"""Rules for workshop plans: minutes, pace, load, never-cut steps, slides, stories, words, people, breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from pathlib import Path

from .. import instruments, pace, plans
from ..calls import cells_of
from ..faults import ContentError, Fault, SafekeepingError, WrongCall, listed, near
from ..library import Course, Library
from ..plans import Audience, Plan, Session, Step
from ..records import texts
from . import locate
from .rules import Finding, Findings, rule
from .stock import Spot, Stock

LAST_MINUTES = 8  # and the last tenth of a session: without a heavy step
LONGEST_STRETCH = 100  # minutes without a break
SHORTEST_PAUSE = 10  # minutes between two sessions of one day
WORDS_A_SLIDE = 45
MINUTES_A_SLIDE = 2
KNOWLEDGE_ONLY = 75  # a plan shorter than this claims knowledge alone
INTENTION = "in"  # the instrument that asks what people intend
FORMS = {**pace.LENGTHS, "reaction": "post"}
LENGTHS = ("5", "8", "10", "12", "20")
SCRIPT = ("say", "do", "ask", "watch", "twin", "low_tech", "cut", "add")
# Digits in a script are read out wrongly and age badly; ages and minutes may stand.
_DIGIT = re.compile(r"\d")

Wrong = tuple[str, str, str, str]  # at, came, allowed, remedy


@dataclass(frozen=True)
class View:
    """A plan, its audience, and where it looks things up."""

    plan: Plan
    audience: Audience
    library: Library
    course: Course
    cells: Mapping[str, frozenset[str]]

    @cached_property
    def steps(self) -> list[tuple[Session, Step, str]]:
        """Every step with its session and its place in the file."""
        return [
            (session, step, f"session[{session.id}].step[{step.id}]")
            for session in self.plan.sessions
            for step in session.steps
        ]


Check = Callable[[View], Iterator[Wrong]]
CHECKS: dict[str, Check] = {}


def _check(check: Check) -> Check:
    """Put a function among the rules of plans, and among the rules of `check` for the plans of a course."""
    name = check.__name__.replace("_", "-")
    CHECKS[name] = check

    def over_all(stock: Stock) -> Findings:
        for view, file in _views(stock):
            for at, came, allowed, remedy in check(view):
                yield Finding(Spot(file, at), came, allowed, remedy)

    over_all.__name__, over_all.__doc__ = check.__name__, check.__doc__
    rule(over_all)
    return check


def check_plan(library: Library, where: Course, name: str) -> tuple[Fault, ...]:
    """Every fault of one plan, given by its id or as a file; none if it is in order.

    Raises
    ------
    WrongCall : there is no such plan.
    """
    try:
        raw, file = plans.composed(library, where, name)
        plan = plans.plan(library, where, name)
    except ContentError as error:
        return error.faults
    audience = plans.audiences(where)[str(raw["audience"])]
    view = View(plan, audience, library, where, _cells(library, where))
    marks = locate.marks(Path(name).read_text(encoding="utf-8")) if name.endswith(".toml") else locate.Mark(0)
    found = [Fault(rule, file, *wrong) for rule, check in CHECKS.items() for wrong in check(view)]
    return tuple(replace(one, line=locate.line_of(marks, one.at)) for one in found)


@rule
def plan_reads(stock: Stock) -> Findings:
    """Every plan of the course can be composed and read. Cannot see: whether it is a good plan."""
    _views(stock)
    for fault in stock.kept["plan-faults"]:
        yield Finding(Spot(fault.file, fault.at), fault.came, fault.allowed, f"{fault.remedy} [{fault.rule}]")


def _views(stock: Stock) -> list[tuple[View, str]]:
    """Every plan of the course that can be read, with the file that its faults stand in; worked out once."""
    kept: list[tuple[View, str]] | None = stock.kept.get("plans")
    if kept is not None:
        return kept
    found: list[tuple[View, str]] = []
    faults: dict[Fault, None] = {}
    stock.kept["plans"], stock.kept["plan-faults"] = found, faults
    unread = {"scenario", "claim", "module", "cell"} & stock.unread  # then what is missing there is unknown
    if stock.course is None or unread or not plans.folder(stock.course).is_dir():
        return found
    for path in sorted(plans.folder(stock.course).glob("*.toml")):
        try:
            stock.known_as(path, f"facilitator/plans/{path.name}")
            plans.data(stock.course, path.name)
        except ContentError as error:
            faults.update(dict.fromkeys(error.faults))
    try:
        cells = _cells(stock.library, stock.course)
        names, audiences = plans.names(stock.course), plans.audiences(stock.course)
    except SafekeepingError as error:
        faults.update(dict.fromkeys(error.faults if isinstance(error, ContentError) else ()))
        return found
    for name in names:
        try:
            plan = plans.plan(stock.library, stock.course, name)
        except ContentError as error:
            faults.update(dict.fromkeys(error.faults))
        else:
            view = View(plan, audiences[plan.audience], stock.library, stock.course, cells)
            found.append((view, f"facilitator/plans/{plan.form}.toml"))
    return found


def _cells(library: Library, where: Course) -> dict[str, frozenset[str]]:
    """The ids of the cells of each part's notebook."""
    return {one.id: frozenset(c["id"] for c in cells_of(library, where, one.id)) for one in library.every("module")}


# --- minutes and load ------------------------------------------------------------------------------------------------


@_check
def plan_minutes(view: View) -> Iterator[Wrong]:
    """The minutes of the steps add up to the session, the sessions to the plan, and each step can shrink and grow.
    Cannot see: how long it takes in a real room."""
    for session in view.plan.sessions:
        total = sum(step.planned for step in session.steps)
        if total != session.minutes:
            more = total - session.minutes
            count = "1 minute" if abs(more) == 1 else f"{abs(more)} minutes"
            remedy = f"Take {count} out." if more > 0 else f"Give {count} to a step."
            yield f"session[{session.id}].minutes", f"steps of {total} minutes", f"{session.minutes} minutes", remedy
    total = sum(session.minutes for session in view.plan.sessions)
    if total != view.plan.minutes:
        yield "minutes", f"{view.plan.minutes} minutes", f"{total}, as the sessions add up", f"Write minutes = {total}."
    for _, step, at in view.steps:
        if not 1 <= step.least <= step.planned <= step.most <= 240:
            came = f"least {step.least}, planned {step.planned}, most {step.most}"
            yield at, came, "1 ≤ least ≤ planned ≤ most ≤ 240", "Put the three in order."


@_check
def plan_load(view: View) -> Iterator[Wrong]:
    """No heavy step in the last tenth or the last eight minutes of a session, and the last step is light. Cannot see:
    what is heavy for the people in the room."""
    for session in view.plan.sessions:
        calm = max(LAST_MINUTES, session.minutes / 10)
        for start, step in session.timed():
            late = start + step.planned - (session.minutes - calm)
            last = step is session.steps[-1]
            if step.load == "heavy" and (late > 0 or last):
                came = f"a heavy step that ends {session.minutes - start - step.planned} minutes before the end"
                remedy = "Move it forward, or shorten what comes before it."
                yield f"session[{session.id}].step[{step.id}]", came, f"the last {calm:g} minutes are light", remedy


@_check
def plan_breaks(view: View) -> Iterator[Wrong]:
    """At most a hundred minutes without a break, and a pause between two sessions of one day. Cannot see: whether the
    break is kept."""
    every = view.plan.sessions
    for session, after in zip(every, [*every[1:], None], strict=True):
        stretch = 0
        for step in session.steps:
            stretch = 0 if step.kind == "break" else stretch + step.planned
            if stretch > LONGEST_STRETCH:
                at, came = f"session[{session.id}].step[{step.id}]", f"{stretch} minutes without a break"
                yield at, came, f"at most {LONGEST_STRETCH}", "Put a break before this step."
                break
        if after is not None and after.day == session.day and session.pause < SHORTEST_PAUSE:
            came = f"a pause of {session.pause} minutes"
            allowed = f"at least {SHORTEST_PAUSE} between two blocks of a day"
            yield f"session[{session.id}].pause", came, allowed, f"Write pause = {SHORTEST_PAUSE} or more."


@_check
def plan_pace(view: View) -> Iterator[Wrong]:
    """What is said, read aloud, filled in and done in a step fits into its planned minutes, counted from words at 130
    a minute and from the step's `activity`. Cannot see: how slowly a certain room writes, or how long it talks."""
    for _, step, at in view.steps:
        if not 0 <= step.activity <= step.planned:
            allowed, remedy = f"0 to {step.planned}, the planned minutes", "Write how long people need at the least."
            yield f"{at}.activity", f"{step.activity} minutes", allowed, remedy
            continue
        try:
            needed = pace.needed(view.library, view.plan, step)
        except WrongCall:
            continue  # a story or form that is missing is a fault of its own
        if needed > step.planned:
            came = f"{step.planned} minutes for what needs {needed:.1f}"
            more = ceil(needed - step.planned)
            remedy = f"Say less, or give it {more} minute{'s' * (more > 1)} more."
            yield f"{at}.planned", came, f"words at {pace.WORDS_A_MINUTE} a minute, form and activity fit", remedy


# --- what is never cut -----------------------------------------------------------------------------------------------


@_check
def plan_kept(view: View) -> Iterator[Wrong]:
    """Each day opens with exits and resources and ends with the closing; the plan has its pathway card; each story that
    people play is followed by its debrief; none of these can be cut. Cannot see: whether they are done well."""
    days = sorted({session.day for session in view.plan.sessions})
    for day in days:
        of_day = [session for session in view.plan.sessions if session.day == day]
        ends = (("exits", of_day[0], 0, "opens"), ("closing", of_day[-1], -1, "ends"))
        for keep, session, index, verb in ends:
            step = session.steps[index] if session.steps else None
            if step is None or step.keep != keep:
                came = f'"{step.id}", which is not kept as {keep}' if step else "a session without steps"
                remedy = 'Begin with the step "welcome" or "return".' if keep == "exits" else 'End with "closing".'
                yield f"session[{session.id}]", came, f'each day {verb} with a step of keep = "{keep}"', remedy
    if not any(step.keep == "pathway" for step in view.plan.steps()):
        yield "session", "no pathway card", 'one step with keep = "pathway"', 'Use the step "pathway".'
    for session in view.plan.sessions:
        for step, then in zip(session.steps, [*session.steps[1:], None], strict=True):
            played = [id for id in step.cards if step.load == "heavy" and step.lead == "all"]
            if played and (then is None or then.keep != "debrief" or not set(played) <= set(then.cards)):
                at, came = f"session[{session.id}].step[{step.id}]", "a story that is played, and no debrief after it"
                remedy = f'Let "debrief" follow, with cards = {played}.'.replace("'", '"')
                yield at, came, 'a next step with keep = "debrief" and the same cards', remedy
    for _, step, at in view.steps:
        if step.keep and step.cut_rank:
            yield f"{at}.cut_rank", f"cut_rank = {step.cut_rank} on a kept step", "0", "Take cut_rank out."


# --- what it points at -----------------------------------------------------------------------------------------------


@_check
def plan_slides(view: View) -> Iterator[Wrong]:
    """Every slide exists, own slides are short, and there is at most one slide for every two minutes. Cannot see:
    whether it is the right slide at that moment."""
    own = {slide.id: slide for slide in view.plan.slides}
    for _, step, at in view.steps:
        for slide in step.slides:
            kind, _, id = slide.partition("/")
            known = set(own) if kind == "own" else view.cells.get(kind, frozenset())
            if kind in view.cells and not known:
                continue  # the notebook is missing, which is a fault of its own
            if kind not in ("story", "aloud") and id not in known:
                hint = near(id, known) or "Name a cell as in m5/hook, or a slide of the plan as in own/welcome."
                allowed = "cells of the notebooks (m5/…), slides of the plan (own/…), stories (story/…)"
                yield f"{at}.slides", f'the slide "{slide}"', allowed, hint
    for one in view.plan.slides:
        count = len(" ".join((one.title, one.text, *one.points)).split())
        if count > WORDS_A_SLIDE:
            yield f"slide[{one.id}]", f"{count} words", f"at most {WORDS_A_SLIDE}", "Move the rest into say."
    most = view.plan.minutes // MINUTES_A_SLIDE
    count = sum(len(step.slides) for step in view.plan.steps())
    if count > most:
        remedy = "Leave slides out, or give more time."
        yield "session", f"{count} slides", f"at most {most}, one for two minutes", remedy


@_check
def plan_stories(view: View) -> Iterator[Wrong]:
    """Every story exists, is ready, and is among those that fit the audience. Cannot see: whether it fits these
    people, whom only the facilitator knows."""
    for _, step, at in view.steps:
        for id in dict.fromkeys([*step.cards, *step.played()]):
            try:
                story = view.library.get("scenario", id)
            except WrongCall as error:
                yield f"{at}.cards", f'the story "{id}"', "a story of the course", str(error)
                continue
            if story.status != "ready" or story.retired:
                came = f'"{id}", which is {story.status}'
                yield f"{at}.cards", came, "a story that is ready", "Choose another story."
            if id not in view.audience.fits:
                allowed = f"for {view.audience.name}: {listed(view.audience.fits, 20)}"
                yield f"{at}.cards", f'the story "{id}"', allowed, "Choose one of them, or add it to fits."


@_check
def plan_material(view: View) -> Iterator[Wrong]:
    """Everything to bring is described, in sensible counts; every claim exists and may be used. Cannot see: what lies
    in the cupboard."""
    known = {one.id for one in view.plan.materials}
    for _, step, at in view.steps:
        for need in step.material:
            if need.id not in known:
                hint = near(need.id, known) or "Describe it in a [[material]] table."
                allowed = listed(sorted(known), 40) or "a [[material]] of the plan or of steps.toml"
                yield f"{at}.material", f'the material "{need.id}"', allowed, hint
            if not 1 <= need.count <= 50:
                yield f"{at}.material", f"{need.count} of {need.id}", "1 to 50", "Write how many each one needs."
        for id in step.practice:
            if not view.library.holds("set", id):
                hint = near(id, (one.id for one in view.library.every("set"))) or "Name a set of questions."
                yield f"{at}.practice", f'the set "{id}"', "a set of the course, such as m7-threshold", hint
    owned = [(at, step.claims) for _, step, at in view.steps]
    owned += [(f"slide[{slide.id}]", slide.claims) for slide in view.plan.slides]
    for at, ids in owned:
        for id in ids:
            if not view.library.holds("claim", id):
                yield f"{at}.claims", f'the claim "{id}"', "an id of claims/", "Look the id up in content/claims."
            elif (claim := view.library.get("claim", id)).do_not_use or claim.grade == "unverified":
                yield f"{at}.claims", f'"{id}", which is not to be leant on', "a claim that was read", "Leave it out."


@_check
def plan_forms(view: View) -> Iterator[Wrong]:
    """Forms have a length; a short plan claims knowledge alone, and no plan claims an intention that its forms do not
    ask about. Cannot see: what is claimed afterwards."""
    plan = view.plan
    for key in ("pre", "post", "follow"):
        length = getattr(plan, key)
        if length and length not in LENGTHS:
            yield key, f'"{length}"', ", ".join(LENGTHS), "Write the number of questions, in quotes."
    for _, step, at in view.steps:
        for form in step.forms:
            if form not in FORMS:
                yield f"{at}.forms", f'the form "{form}"', ", ".join(FORMS), near(form, FORMS) or "Choose one of them."
            elif not getattr(plan, FORMS[form]):
                key = FORMS[form]
                yield f"{at}.forms", f'"{form}", and the plan has no {key}', f'{key} = "8"', f"Add {key} to the plan."
    if plan.minutes < KNOWLEDGE_ONLY and set(plan.may_claim) != {"knowledge"}:
        came, allowed = ", ".join(plan.may_claim), f'knowledge alone, under {KNOWLEDGE_ONLY} minutes'
        yield "may_claim", came, allowed, 'Write may_claim = ["knowledge"].'
    if "intention" in plan.may_claim:
        asked = [_lengths(view.library, wave).get(getattr(plan, wave), ()) for wave in ("pre", "post")]
        if not all(INTENTION in parts for parts in asked):
            came = f'intention, with forms of length "{plan.pre}" and "{plan.post}"'
            remedy = "Take intention out, or take longer forms."
            yield "may_claim", came, "forms before and after that ask what people intend", remedy


def _lengths(library: Library, wave: str) -> dict[str, tuple[str, ...]]:
    """What a form holds, by its length as a plan writes it; empty if the course has no such form."""
    every: list[instruments.Wave] = [one for one in library.every("wave") if one.id == wave]
    return {str(one.knowledge): one.parts for wave in every for one in wave.lengths}


@_check
def plan_people(view: View) -> Iterator[Wrong]:
    """At least two adults lead, one of whom watches the room; whoever leads a step is among the roles; no more people
    than two leaders can hold. Cannot see: whether both come."""
    roles = {role.id for role in view.plan.roles}
    if not {"lead", "safety"} <= roles:
        yield "role", listed(sorted(roles)) or "no roles", "at least lead and safety", "Two adults are the rule."
    for _, step, at in view.steps:
        if step.lead not in roles | {"all"}:
            yield f"{at}.lead", f'"{step.lead}"', listed(sorted(roles)), "Add the role, or let another lead."
    for key, most in (("people", 25), ("online", 16)):
        if not 1 <= getattr(view.plan, key) <= most:
            came, remedy = f"{getattr(view.plan, key)} people", "Plan a second pair of leaders and a second room."
            yield key, came, f"1 to {most} for two leaders", remedy


# --- words -----------------------------------------------------------------------------------------------------------


@_check
def plan_words(view: View) -> Iterator[Wrong]:
    """Each step that is no break has its script: say, do, ask, watch, private twin, low tech, cut, add; no digits; ids
    are unique. Cannot see: whether anyone would say it like this."""
    for _, step, at in view.steps:
        empty = [key for key in SCRIPT if not getattr(step, key)] if step.kind == "step" else []
        if empty:
            yield at, f"no {listed(empty)}", "every step has all parts of its script", "Write it, in a sentence or two."
        for key, text in texts(step):
            if _DIGIT.search(text) and key != "title":  # a story's title may hold one
                remedy = "Write it as a word, or leave it to the card."
                yield f"{at}.{key}", f"“{text[:60]}”", "numbers in words", remedy
    for what, ids in (
        ("session", [session.id for session in view.plan.sessions]),
        ("step", [f"{session.id}/{step.id}" for session, step, _ in view.steps]),
    ):
        twice = {id for id in ids if ids.count(id) > 1}
        for id in sorted(twice):
            yield "session", f'two {what}s called "{id}"', "each id once", 'Give one of them another id = "…".'


def told(faults: tuple[Fault, ...], name: str) -> str:
    """What `safekeeping check PLAN` prints."""
    count = "1 fault" if len(faults) == 1 else f"{len(faults) or 'No'} faults"
    return "\n".join([*map(str, faults), f'{count} in "{name}".'])
