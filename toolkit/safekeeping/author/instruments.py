"""Rules for what is measured: forms that can be compared, cases that ask for care both ways, and columns that last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil, floor
from typing import Any

from ..faults import listed, near
from ..instruments import ANSWER, Instrument
from ..records import Item
from .banks import BALANCE, FEWEST_FOR_BALANCE, choices_of, key_place
from .links import objectives
from .rules import Finding, Findings, rule
from .stock import Held, Stock

ITEMS_A_MODULE = 2  # in a full knowledge form
MOST_OF_A_MODULE = 4  # test items of a module in forms A and B together: fresh forms draw the others
MYTHS, REVERSED = 12, 3
CASES, ACTIONS = 8, 4
FITTING, UNFITTING = 4, 2  # "report now" is keyed so or higher in a positive case, so or lower in a negative one
COUNTS = {"intention": 6, "reaction": 8, "distress": 2, "behaviour": 6, "open": 2}
ELEMENTS = (6, 8)
# What each kind is made of; any other part is a slip.
PARTS = {"knowledge": "items", "judgement": "vignettes"}


def _of(stock: Stock, *kinds: str) -> Iterator[tuple[Held, Instrument]]:
    """The instruments in use of these kinds (or of any)."""
    return ((held, held.record) for held in stock.live("instrument") if not kinds or held.record.kind in kinds)


def _full(stock: Stock) -> dict[str, tuple[Held, Instrument]]:
    """The longest knowledge form of each letter."""
    found: dict[str, tuple[Held, Instrument]] = {}
    for held, one in _of(stock, "knowledge"):
        if one.form not in found or len(one.items) > len(found[one.form][1].items):
            found[one.form] = held, one
    return found


def _items(stock: Stock, one: Instrument) -> list[Item]:
    every = {held.id: held.record for held in stock.live("item")}
    return [every[id] for id in one.items if id in every]


@rule
def instrument_parts(stock: Stock) -> Findings:
    """Each kind has its own parts and no others; what is rated has a scale with words at both ends, and nothing else
    has one. Cannot see: whether the words fit the scale."""
    for held, one in _of(stock):
        own = PARTS.get(one.kind, "statements")
        for name in ("items", "statements", "vignettes"):
            if bool(getattr(one, name)) != (name == own):
                yield Finding(held.spot(), f"{name} in a {one.kind} instrument", own, "Move or add the parts.")
        rated = one.kind not in ANSWER
        whole = one.least < one.most and bool(one.low.strip()) and bool(one.high.strip())
        if whole != rated or (not rated and (one.least or one.most or one.low or one.high)):
            allowed = "least below most, and words for both ends" if rated else "no scale"
            yield Finding(held.spot(), f"the scale of a {one.kind} instrument", allowed, "Correct the scale.")
        wanted = COUNTS.get(one.kind)
        if wanted and len(one.statements) != wanted:
            came = f"{len(one.statements)} statements of {one.kind}"
            yield Finding(held.spot(), came, str(wanted), "Add or retire some; a published scale keeps its length.")


@rule
def knowledge_items(stock: Stock) -> Findings:
    """A knowledge form holds test items that can be marked, each once, as many as its length, and is called after its
    letter and length. Cannot see: whether an item has become known to a class."""
    every = {held.id: held.record for held in stock.live("item")}
    full = _full(stock)
    for held, one in _of(stock, "knowledge"):
        for i, id in enumerate(one.items):
            item = every.get(id)
            if item is not None and (item.use != "test" or item.type != "MC"):
                came = f'"{id}", a {item.use} item of type {item.type}'
                yield Finding(held.spot(f"items[{i}]"), came, "test items of type MC", "Choose a test item.")
        called = f"kn-{one.form.lower()}" + ("" if held is full[one.form][0] else str(one.length))
        count = len(set(one.items))
        if not one.form or called != one.id or {one.length, len(one.items)} != {count}:
            came = f"{count} different items, form “{one.form}”, length {one.length}, id “{one.id}”"
            yield Finding(held.spot(), came, f"length {count}, id “{called}”", "Let them agree.")


@rule
def knowledge_blueprint(stock: Stock) -> Findings:
    """Full forms A and B hold two items of each module, ask for the same objectives in the same order, share one item
    for every two modules, and use at most four of a module's test items. Cannot see: whether they are equally hard."""
    full = _full(stock)
    if not full or stock.unread & {"item", "module"}:
        return
    if set(full) != {"A", "B"}:
        held = next(iter(full.values()))[0]
        yield Finding(held.spot("form"), f"forms {listed(sorted(full))}", "A and B", "Write the other form.")
        return
    module_of = {id: held.id for id, (held, _) in objectives(stock).items()}
    modules = sorted(set(module_of.values()))
    wanted: dict[str, list[str]] = {}
    for letter, (held, one) in full.items():
        items = _items(stock, one)
        wanted[letter] = [item.objective for item in items]
        counts = Counter(module_of.get(item.objective) for item in items)
        for id in modules:
            if counts[id] != ITEMS_A_MODULE:
                came = f"{counts[id]} items of {id} in form {letter}"
                yield Finding(held.spot("items"), came, str(ITEMS_A_MODULE), "Take or add items of that module.")
    (_, a), (held, b) = full["A"], full["B"]
    if wanted["A"] != wanted["B"]:
        came = "other objectives, or another order, than form A"
        yield Finding(held.spot("items"), came, "item by item the same objective", "Choose items in pairs.")
    shared = set(a.items) & set(b.items)
    if len(shared) != len(modules) // 2:
        came, allowed = f"{len(shared)} items shared with form A", f"exactly {len(modules) // 2}"
        yield Finding(held.spot("items"), came, allowed, "Share one item for every two modules.")
    both = {item.id: item for item in _items(stock, a) + _items(stock, b)}
    used = Counter(module_of.get(item.objective) for item in both.values())
    for module, count in used.items():
        if count > MOST_OF_A_MODULE:
            came = f"{count} test items of {module} in A and B together"
            yield Finding(held.spot("items"), came, f"at most {MOST_OF_A_MODULE}", "Leave some for fresh forms.")


@rule
def knowledge_subset(stock: Stock) -> Findings:
    """A shorter form holds items of the full form of its letter, and both letters have every length, with the same
    objectives. Cannot see: whether the few items left stand for the whole."""
    full = _full(stock)
    lengths: dict[int, dict[str, tuple[Held, Instrument]]] = {}
    for held, one in _of(stock, "knowledge"):
        lengths.setdefault(len(one.items), {})[one.form] = held, one
        strange = sorted(set(one.items) - set(full[one.form][1].items))
        if strange:
            remedy = f"Take items of {full[one.form][1].id} alone."
            yield Finding(held.spot("items"), f"{listed(strange)}, not in the full form", "a subset", remedy)
    for length, both in lengths.items():
        held = next(iter(both.values()))[0]
        if set(both) != set(full):
            came = f"length {length} for {listed(sorted(both))} alone"
            yield Finding(held.spot("length"), came, "each length for A and B", "Write the twin.")
        elif len({tuple(item.objective for item in _items(stock, one)) for _, one in both.values()}) > 1:
            came = f"other objectives in the forms of {length}"
            yield Finding(held.spot("items"), came, "the same in A and B", "Take the items of the same places.")


@rule
def form_keys(stock: Stock) -> Findings:
    """In a knowledge form each position holds 25 to 42 % of the keys; below twelve items, the whole numbers around
    that. Cannot see: runs of one letter."""
    for held, one in _of(stock, "knowledge"):
        items = choices_of(_items(stock, one))
        places = Counter(key_place(item) for item in items)
        low, high = (share * len(items) for share in BALANCE)
        if len(items) < FEWEST_FOR_BALANCE:
            low, high = floor(low), ceil(high)
        if any(not low <= places[p] <= high for p in range(3)):
            came = ", ".join(f"{letter} {places[p]}" for p, letter in enumerate("ABC")) + f" of {len(items)} keys"
            yield Finding(held.spot("items"), came, f"{low:.3g} to {high:.3g} each", "Choose others, or move options.")


@rule
def myth_statements(stock: Stock) -> Findings:
    """There are twelve myth statements, three of them accurate (reverse), each with its accurate sentence and a basis.
    Cannot see: whether a statement is a myth that people hold."""
    for held, one in _of(stock, "myths"):
        turned = sum(statement.reverse for statement in one.statements)
        if (len(one.statements), turned) != (MYTHS, REVERSED):
            came = f"{len(one.statements)} statements, {turned} reversed"
            yield Finding(held.spot(), came, f"{MYTHS}, {REVERSED} of them reversed", "Complete the scale.")
        for statement in one.statements:
            if not statement.accurate.strip() or not statement.basis:
                came = "no accurate sentence" if statement.basis else "no basis"
                spot = held.spot(f"statement[{statement.id}]")
                yield Finding(spot, came, "the accurate sentence and its claims", "Write what is handed out later.")
    for held, one in _of(stock):
        if one.kind == "myths":
            continue
        for statement in one.statements:
            if statement.accurate or statement.reverse:
                spot = held.spot(f"statement[{statement.id}]")
                yield Finding(spot, f"accurate or reverse in {one.kind}", "neither", "Only myths have these.")


@rule
def judgement_cases(stock: Stock) -> Findings:
    """There are eight cases, four of each kind, each with a basis, four actions keyed 1 to 5 and exactly one "report
    now", keyed 4 or 5 in a positive case and 1 or 2 in a negative one. Each case has a key above and one below 3.

    Cannot see: whether the keys are right; no panel has rated them.
    """
    for held, one in _of(stock, "judgement"):
        cases = Counter(vignette.case for vignette in one.vignettes)
        if len(one.vignettes) != CASES or cases["positive"] != cases["negative"]:
            came = f"{cases['positive']} positive and {cases['negative']} negative cases"
            yield Finding(held.spot(), came, f"{CASES // 2} of each", "Write or retire cases.")
        for vignette in one.vignettes:
            for came, allowed in _wrong(vignette):
                yield Finding(held.spot(f"vignette[{vignette.id}]"), came, allowed, "Correct the case.")


def _wrong(vignette: Any) -> Iterator[tuple[str, str]]:
    keys = [action.key for action in vignette.actions]
    reports = [action.key for action in vignette.actions if action.report]
    if len(keys) != ACTIONS:
        yield f"{len(keys)} actions", str(ACTIONS)
    if any(not 1 <= key <= 5 for key in keys):
        yield f"keys {listed(map(str, keys))}", "1 to 5"
    elif not min(keys, default=3) < 3 < max(keys, default=3):
        yield f"keys {listed(map(str, keys))}", "at least one above and one below 3"
    if len(reports) != 1:
        yield f"{len(reports)} actions with report = true", "exactly one"
    elif vignette.case == "positive" and reports[0] < FITTING:
        yield f"“report now” keyed {reports[0]} in a positive case", f"{FITTING} or 5"
    elif vignette.case == "negative" and reports[0] > UNFITTING:
        yield f"“report now” keyed {reports[0]} in a negative case", f"1 or {UNFITTING}"
    if not vignette.basis:
        yield "no basis", "ids of claims"


@rule
def confidence_modules(stock: Stock) -> Findings:
    """Self-efficacy has one statement for each module with objectives. Cannot see: whether it fits the module."""
    if "module" in stock.unread:
        return
    modules = {held.id for held in stock.live("module") if held.record.objectives}
    for held, one in _of(stock, "self-efficacy"):
        counts = Counter(statement.module for statement in one.statements)
        off = sorted((modules | set(counts)) - {id for id in modules if counts[id] == 1})
        if off:
            came = f"not exactly one statement for {listed(id or '(no module)' for id in off)}"
            yield Finding(held.spot(), came, "one for each module", "Name the module of each statement.")


@rule
def column_once(stock: Stock) -> Findings:
    """No two columns of a sheet of answers have the same name; the items that forms share are meant to. Cannot see: a
    column whose meaning was changed."""
    first: dict[str, str] = {}
    for held, one in _of(stock):
        names = [(f"statement[{s.id}]", s.id) for s in one.statements]
        names += [(f"vignette[{v.id}].action[{a.id}]", f"{v.id}.{a.id}") for v in one.vignettes for a in v.actions]
        for at, name in names:
            if name in first:
                came = f"the column “{name}” of “{first[name]}”"
                yield Finding(held.spot(at), came, "a name of its own", "Choose another id; columns last for years.")
            first.setdefault(name, one.id)


@rule
def wave_parts(stock: Stock) -> Findings:
    """A wave names instruments that exist, each once, and its lengths are those of the knowledge forms. Cannot see:
    whether a form is too long for the people who fill it in."""
    known = {one.id for _, one in _of(stock)}
    lengths = {one.length for _, one in _of(stock, "knowledge")}
    if "instrument" in stock.unread:
        return
    for held in stock.live("wave"):
        for i, one in enumerate(held.record.lengths):
            spot = held.spot(f"length[{i}]")
            for name in one.parts:
                if name not in known | {"kn"}:
                    remedy = near(name, known) or f"What there is: {listed(sorted(known))}."
                    yield Finding(spot, f'"{name}"', "the id of an instrument, or kn", remedy)
            if len(set(one.parts)) < len(one.parts):
                yield Finding(spot, "one instrument twice", "each once", "Take one out.")
            if "kn" in one.parts and one.knowledge not in lengths:
                remedy = "Write that form for A and B, or take another length."
                yield Finding(spot, f"{one.knowledge} knowledge items", listed(map(str, sorted(lengths))), remedy)


@rule
def pseudonym(stock: Stock) -> Findings:
    """A pseudonym has six to eight elements, if there is one. Cannot see: an element that tells who somebody is."""
    found = list(stock.live("code"))
    if found and not ELEMENTS[0] <= len(found) <= ELEMENTS[1]:
        came = f"{len(found)} elements"
        yield Finding(found[0].spot(), came, f"{ELEMENTS[0]} to {ELEMENTS[1]}", "Add or retire elements.")
