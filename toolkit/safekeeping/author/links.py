"""Rules about ids: everything that is named exists, nothing is named twice, and no text is empty."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, cast

from ..faults import listed, near
from ..records import Scenario
from ..render import WHOLE
from .rules import JUDGED, Finding, Findings, rule
from .stock import Held, Spot, Stock

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHAPES = {"seed": re.compile(r"S\d{3}"), "objective": re.compile(r"\d{1,2}\.\d{1,2}")}
# A node's texts are called "NODE.text"; these first words belong to the scenario itself.
RESERVED = {"title", "setting", "role", "note", "debrief", "fictional", "kind", "basis", "pause", "flag", "person"}

# What `show` looks up shares one namespace, what `play`, `ask` and `sort` look up another.
SHOWN = ("claim", "contact", "entry", "figure", "indicator", "law", "phrase", "setting")
PLAYED = ("scenario", "set", "item")
MEASURED = ("instrument", "wave", "code", "booster")
NAMESPACES = (SHOWN, PLAYED, MEASURED, ("source",), ("seed",), ("term",), ("module",), ("language",))

# Public name to the kinds that its ids may be of. Names that are not here take no id.
TAKES: dict[str, tuple[str, ...]] = {
    "show": SHOWN,
    "play": ("scenario",),
    "ask": ("set",),
    "sort": ("set",),
    "form": ("wave",),
    "part": ("module",),
    "begin": ("module",),
    "objectives": ("module",),
    "key_points": ("module",),
    "sources": ("module",),
}

# Record field to the kind that its ids name, for fields that mean the same in every record.
FIELDS = {
    "claims": "claim", "basis": "claim", "sources": "source", "seeds": "seed", "scenarios": "scenario", "sets": "set",
    "settings": "setting", "figures": "figure", "items": "item", "objectives": "objective", "objective": "objective",
    "module": "module", "place": "place", "questions": "set", "scenario": "scenario",
}  # fmt: skip

Reference = tuple[Spot, str, tuple[str, ...]]


def objectives(stock: Stock) -> dict[str, tuple[Held, Any]]:
    """Every objective by id, with the module that it stands in."""
    return {one.id: (held, one) for held in stock.live("module") for one in held.record.objectives}


def references(stock: Stock) -> list[Reference]:
    """Every id that content, a notebook, a document or a handout names: where, the id, and the kinds it may be of."""
    kept: list[Reference] | None = stock.kept.get("references")
    if kept is None:
        kept = stock.kept["references"] = list(_references(stock))
    return kept


def _references(stock: Stock) -> Iterator[Reference]:
    for kind in stock.held:
        for held in stock.live(kind):
            for at, name, value in _named(held.record):
                yield held.spot(f"{at}{name}"), value, (FIELDS[name],)
    for book in stock.books:
        for cell in book.cells:
            spot = Spot(book.file, f"cell[{cell.id}]", cell.because)
            for key, wanted in (("claims", "claim"), ("objective", "objective"), ("sources_points", "seed")):
                yield from ((spot, id, (wanted,)) for id in cell.ids(key))
            for call in cell.calls or ():
                ids = [one for one in call.arguments if isinstance(one, str)]
                whole = WHOLE if call.name == "show" else ()
                yield from ((spot, id, TAKES[call.name]) for id in ids if call.name in TAKES and id not in whole)
    for held in stock.sheets:
        yield from ((held.spot(f"{at}{name}"), id, (FIELDS[name],)) for at, name, id in _named(held.record))
        for i, block in enumerate(getattr(held.record, "blocks", ())):
            yield from ((held.spot(f"block[{i}].show"), id, (*SHOWN, "term")) for id in block.show)
    for one in stock.documents:
        because = one.front.because
        yield from ((Spot(one.file, "claims", because), id, ("claim",)) for id in one.front.claims)
        for section in one.sections:
            where = Spot(one.file, f"section[{section.anchor}]", because)
            yield from ((where, id, ("claim",)) for id in section.printed)


def _named(record: Any, at: str = "") -> Iterator[tuple[str, str, str]]:
    """The ids inside a record: path so far, field, id."""
    for field, key in _keys(cast(Hashable, type(record))):
        value = getattr(record, field)
        if isinstance(value, tuple) and _parts(value):
            for i, one in enumerate(value):
                yield from _named(one, f"{at}{key}[{getattr(one, 'id', i)}].")
        elif field in FIELDS and not is_dataclass(value):
            for one in (value,) if isinstance(value, str) else value:
                if one:
                    yield at, field, one


@cache
def _keys(kind: Hashable) -> tuple[tuple[str, str], ...]:
    """The fields of a record class, each with its key in the file."""
    return tuple((spec.name, spec.metadata.get("key", spec.name)) for spec in fields(cast(Any, kind)))


def _parts(value: tuple[Any, ...]) -> bool:
    return bool(value) and is_dataclass(value[0])


@rule
def unknown_id(stock: Stock) -> Findings:
    """Every id that is named exists and is not retired. Cannot see: an id that exists and is the wrong one."""
    known = {kind: set(ids) for kind, ids in stock.known.items()}
    known["objective"] = set(objectives(stock))
    unread = stock.unread | ({"objective"} if "module" in stock.unread else set())
    known["place"] = {path.stem for path in stock.library.folder.glob("places/*.toml")}
    known["module"] |= {held.record.stem for held in stock.live("module")}
    retired = {(k, one.id) for k, every in stock.held.items() for one in every if getattr(one.record, "retired", False)}
    for spot, id, kinds in references(stock):
        if set(kinds) & unread:
            continue
        if not any(id in known[kind] for kind in kinds):
            yield _unknown(spot, id, kinds, {name for kind in kinds for name in known[kind]})
        elif all((kind, id) in retired for kind in kinds if id in known[kind]):
            yield Finding(spot, f'"{id}", which is retired', f"a {kinds[0]} in use", "Name another one.")
    for held in stock.live("scenario"):
        yield from _unknown_nodes(held)


def _unknown(spot: Spot, id: str, kinds: tuple[str, ...], known: set[str]) -> Finding:
    allowed = f"the id of a {' or '.join(kinds)}"
    remedy = near(id, known) or (
        f"What there is: {listed(sorted(known))}." if known else f"There is no {kinds[0]} yet."
    )
    return Finding(spot, f'"{id}"', allowed, remedy)


def _unknown_nodes(held: Held) -> Findings:
    scenario: Scenario = held.record
    nodes = {node.id for node in scenario.nodes}
    for node in scenario.nodes:
        for option in node.options:
            for name in (option.go_to, *(turn.go_to for turn in option.go_if)):
                if name not in nodes:
                    spot = held.spot(f"node[{node.id}].option[{option.id}].go_to")
                    yield _unknown(spot, name, ("node",), nodes)
        if node.invite_replay and node.invite_replay not in nodes:
            yield _unknown(held.spot(f"node[{node.id}].invite_replay"), node.invite_replay, ("node",), nodes)


@rule
def reused_id(stock: Stock) -> Findings:
    """No two things of one namespace share an id, retired ones included. Cannot see: ids older than the ledger."""
    for space in NAMESPACES:
        first: dict[str, Held] = {}
        for held in (one for kind in space for one in stock.held[kind]):
            if held.id in first:
                other = first[held.id]
                came = f'"{held.id}", also the id of a {other.kind} in {other.file}'
                yield Finding(held.spot("id"), came, "an id of its own", "Choose another id; ids are never used again.")
            first.setdefault(held.id, held)
    seen: dict[str, str] = {}
    for held in stock.live("module"):
        for one in held.record.objectives:
            if one.id in seen:
                came = f'"{one.id}", also an objective of {seen[one.id]}'
                yield Finding(held.spot(f"objective[{one.id}]"), came, "an id of its own", "Number it anew.")
            seen[one.id] = held.id
    for kind in ("scenario", "item", "module", "instrument"):
        for held in stock.held[kind]:
            yield from _reused_parts(held, held.record, "")


def _reused_parts(held: Held, record: Any, at: str) -> Findings:
    """Parts of one record with the same id: nodes, options, actions, cases."""
    parts: set[str] = set()
    for field, name in _keys(cast(Hashable, type(record))):
        value = getattr(record, field)
        if not isinstance(value, tuple) or not _parts(value) or not hasattr(value[0], "id"):
            continue
        for one in value:
            here = f"{at}{name}[{one.id}]"
            if one.id in parts:
                yield Finding(held.spot(here), f'"{one.id}" twice', "an id of its own", "Rename the newer one.")
            parts.add(one.id)
            yield from _reused_parts(held, one, f"{here}.")


@rule
def id_shape(stock: Stock) -> Findings:
    """Ids are lower-case words joined by hyphens, and files are called after what is in them. Cannot see: an id that
    tells nothing."""
    for kind, every in stock.held.items():
        for held in every:
            shape = SHAPES.get(kind, SLUG)
            if not shape.fullmatch(held.id):
                yield Finding(held.spot("id"), f'"{held.id}"', "lower-case words joined by hyphens", "Rename it.")
            stem = held.file.rpartition("/")[2].removesuffix(".toml")
            if kind in ("scenario", "module") and stem != held.id:
                yield Finding(
                    held.spot("id"), f'"{held.id}" in {held.file}', f'"{stem}"', "Let id and file name agree."
                )
            if kind == "module":
                yield from _objective_shapes(held)
            if kind == "scenario":
                for node in held.record.nodes:
                    if not SLUG.fullmatch(node.id) or node.id in RESERVED:
                        allowed = f"lower-case words joined by hyphens, and none of {listed(sorted(RESERVED), 20)}"
                        yield Finding(held.spot(f"node[{node.id}].id"), f'"{node.id}"', allowed, "Rename the node.")


def _objective_shapes(held: Held) -> Findings:
    for one in held.record.objectives:
        if not SHAPES["objective"].fullmatch(one.id):
            spot = held.spot(f"objective[{one.id}].id")
            yield Finding(spot, f'"{one.id}"', "a number such as 5.1", "Use the number of the module and a dot.")


@rule
def empty_text(stock: Stock) -> Findings:
    """No text that a record must have is empty or blank. Cannot see: a text that says nothing."""
    for kind in stock.held:
        for held in stock.live(kind):
            for at in _empty(held.record):
                remedy = (
                    "Write it. An option always has consequence and feedback, an answer a rationale, a story a debrief."
                )
                yield Finding(held.spot(at), "an empty text", "words", remedy)


def _empty(record: Any, at: str = "") -> Iterator[str]:
    for field, key, words, must in _spoken(cast(Hashable, type(record))):
        value = getattr(record, field)
        if words:
            bad = isinstance(value, str) and not value.strip() and (must or value)
            if bad or (isinstance(value, tuple) and any(not one.strip() for one in value)):
                yield f"{at}{key}"
        elif isinstance(value, tuple) and _parts(value):
            for i, one in enumerate(value):
                yield from _empty(one, f"{at}{key}[{getattr(one, 'id', i)}].")
        elif not isinstance(value, (str, int, tuple)) and is_dataclass(value):
            yield from _empty(value, f"{at}{key}.")


@cache
def _spoken(kind: Hashable) -> tuple[tuple[str, str, bool, bool], ...]:
    """The fields of a record class: name, key in the file, whether a person reads it, whether every record has it."""
    return tuple(
        (
            spec.name,
            spec.metadata.get("key", spec.name),
            bool(spec.metadata.get("words")),
            spec.default is MISSING and spec.default_factory is MISSING,
        )
        for spec in fields(cast(Any, kind))
    )


@rule
def because(stock: Stock) -> Findings:
    """An exemption names a rule that can be set aside, and gives a reason. Cannot see: whether the reason is good."""
    for spot in stock.exempting():
        for name, reason in spot.because.items():
            if name not in JUDGED:
                hint = near(name, JUDGED) or f"Rules that can be set aside: {listed(sorted(JUDGED), 40)}."
                yield Finding(Spot(spot.file, f"{spot.at}.because".strip(".")), f'"{name}"', "the name of a rule", hint)
            elif len(reason.split()) < 3:
                where = Spot(spot.file, f"{spot.at}.because".strip("."))
                yield Finding(
                    where, f'the reason "{reason}"', "a reason in words", "Say why the rule does not fit here."
                )
