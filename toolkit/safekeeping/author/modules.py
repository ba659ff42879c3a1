"""Rules for a module's record and for what a course shows: leads, key points, and what belongs where."""

from __future__ import annotations

from .. import quiz
from ..boosters import QUESTIONS, SEVERAL
from ..faults import listed
from ..records import Module
from .links import objectives
from .rules import Finding, Findings, rule
from .stock import Spot, Stock

LONGEST_LEAD = 25  # words


@rule
def module_lead(stock: Stock) -> Findings:
    """A module's lead has at most 25 words. Cannot see: whether it leads."""
    for held in stock.live("module"):
        words = len(held.record.lead.split())
        if words > LONGEST_LEAD:
            yield Finding(held.spot("lead"), f"{words} words", f"at most {LONGEST_LEAD}", "Shorten it: it is a slide.")


@rule
def key_points(stock: Stock) -> Findings:
    """A module has key points, each with claims (the opening part may have points without). Cannot see: their truth."""
    for held in stock.live("module"):
        one: Module = held.record
        if not one.key_points:
            yield Finding(held.spot(), "no key points", "three to six", "Add [[key_point]] with id, text and claims.")
        for point in one.key_points:
            if one.objectives and not point.claims:
                spot = held.spot(f"key_point[{point.id}]")
                yield Finding(spot, "a key point without claims", "ids of claims", "Name what it rests on.")


@rule
def module_content(stock: Stock) -> Findings:
    """Scenarios and sets stand in a module or a booster; a module shows no scenario that needs review.

    Cannot see: a good order.
    """
    scenarios = stock.by_id("scenario")
    for held in stock.live("module"):
        for i, id in enumerate(held.record.scenarios):
            one = scenarios.get(id)
            if one is not None and one.record.status != "ready":
                came, remedy = f'"{id}", which needs review', "Take it out until it was reviewed."
                yield Finding(held.spot(f"scenarios[{i}]"), came, "scenarios that are ready", remedy)
    named = {id for held in stock.live("module") for id in held.record.scenarios}
    named |= {held.record.scenario for held in stock.live("booster")}
    for held in scenarios.values():
        if held.record.status == "ready" and held.id not in named:
            remedy = f'Add "{held.id}" to scenarios of modules/{held.record.module}.toml.'
            yield Finding(held.spot("module"), "a scenario in no module's list", "a module that shows it", remedy)
    sets = {id for held in stock.live("module") for id in held.record.sets}
    sets |= {held.record.questions for held in stock.live("booster")}
    for held in stock.live("set"):
        if held.id not in sets:
            yield Finding(held.spot(), "a set in no module's list", "a module that shows it", "Add it to sets.")


@rule
def booster(stock: Stock) -> Findings:
    """A booster has five practice items that can be marked, each in no other booster, from four or more parts (or from
    all, where there are fewer), and a micro story that is ready. Cannot see: whether these are worth keeping."""
    sets, stories, items = (stock.by_id(kind) for kind in ("set", "scenario", "item"))
    module_of = {id: held.id for id, (held, _) in objectives(stock).items()}
    several = min(SEVERAL, len(set(module_of.values())))
    seen: dict[str, str] = {}
    for held in stock.live("booster"):
        one = held.record
        if one.questions in sets:
            bank = [items[id].record for id in sets[one.questions].record.items if id in items]
            good = [item for item in bank if quiz.scorable(item) and item.use == "practice"]
            parts = {module_of.get(item.objective) for item in good}
            if len(bank) != QUESTIONS or len(good) != QUESTIONS or len(parts) < several:
                came = f"{len(bank)} items, {len(good)} of them for practice and with marks, from {len(parts)} parts"
                allowed = f"{QUESTIONS}, from at least {several}"
                yield Finding(held.spot("questions"), came, allowed, "Choose others.")
            for item in bank:
                if seen.setdefault(item.id, one.id) != one.id:
                    came = f'"{item.id}", also in {seen[item.id]}'
                    yield Finding(held.spot("questions"), came, "items of its own", "Choose another item.")
        story = stories.get(one.scenario)
        if story is not None and (story.record.size != "micro" or story.record.status != "ready"):
            came = f"a {story.record.size} story, {story.record.status}"
            yield Finding(held.spot("scenario"), came, "a micro story that is ready", "Choose or write a short one.")


@rule
def course_modules(stock: Stock) -> Findings:
    """``course.toml`` lists the modules that there are, in order. Cannot see: a module that should exist."""
    listing = stock.plain.get("course.toml", {}).get("modules", [])
    here = stock.by_id("module")
    if not isinstance(listing, list):
        remedy = 'Write modules = ["m0", "m5"].'
        yield Finding(Spot("course.toml", "modules"), repr(listing), "a list of ids of modules", remedy)
        return
    for i, id in enumerate(listing):
        if id not in here:
            remedy = f"What there is: {listed(here)}."
            yield Finding(Spot("course.toml", f"modules[{i}]"), f'"{id}"', "the id of a module", remedy)
    for id, held in here.items():
        if listing and id not in listing:
            remedy = f'Add "{id}" to modules in course.toml.'
            yield Finding(held.spot("id"), "a module that the course does not list", "a listed module", remedy)


@rule
def module_notebook(stock: Stock) -> Findings:
    """Every module has its notebook, and every notebook its module. Cannot see: whether both tell the same."""
    if stock.course is None:
        return
    files = {path.stem for path in stock.course.notebooks.glob("*.ipynb")}
    stems = {held.record.stem: held for held in stock.live("module")}
    for stem, held in stems.items():
        if stem not in files:
            came = f"no notebook {stem}.ipynb"
            yield Finding(held.spot("stem"), came, "a notebook of that name", "Write it, or correct the stem.")
    for book in stock.books:
        if book.stem not in stems:
            came, remedy = f"no module with stem “{book.stem}”", "Add the module, or rename the notebook."
            yield Finding(Spot(book.file), came, listed(stems), remedy)
