"""Rules for the evidence base: claims, figures, seeds and indicators, and how the course rests on them."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Indicator, Item
from .links import references
from .rules import Finding, Findings, judged, rule
from .stock import Held, Spot, Stock

# The signs of the two source articles: every one that is an indicator is carried, or put right, by an indicator record.
SIGN_SEEDS = {f"S{n:03d}" for n in (*range(36, 43), *range(92, 116))}


@rule
def no_source(stock: Stock) -> Findings:
    """Every claim lists its sources; an unverified one without any is a notice. Cannot see: what a source says."""
    for held in stock.live("claim"):
        if not held.record.sources:
            unverified = held.record.grade == "unverified"
            remedy = (
                "Add sources = [ids]; or confirm the claim, or retire it." if unverified else "Add sources = [ids]."
            )
            yield Finding(held.spot(), f"no source (grade {held.record.grade})", "ids of sources", remedy, unverified)


@rule
def no_caveat(stock: Stock) -> Findings:
    """A claim with a figure has a caveat: a figure is never printed without. A notice while nothing uses the claim.

    Cannot see: whether the caveat says enough.
    """
    used = {claim.id for _, claim, _ in _uses(stock)}
    for held in stock.live("claim"):
        if held.record.figure is not None and not held.record.caveat.strip():
            remedy = "Read the source, then add caveat: population, year, method, what it does not show."
            idle = held.id not in used
            yield Finding(
                held.spot("figure"), "a figure without a caveat", "a caveat", remedy, idle and not stock.release
            )


def _uses(stock: Stock) -> Iterator[tuple[Spot, Held, bool]]:
    """Every place where the course rests on a claim, the claim, and whether that place prints the claim whole."""
    whole = {f"cell[{cell.id}]" for book in stock.books for cell in book.cells if cell.kind == "code"}
    printed = {id for one in stock.documents for id in one.printed}
    inside = ("claim[", "seed[", "source[", "term[")
    for spot, id, kinds in references(stock):
        if "claim" in kinds and id in stock.claims and not spot.at.startswith(inside):
            yield spot, stock.claims[id], spot.at in whole or (spot.file.endswith(".md") and id in printed)


@judged
def do_not_use(stock: Stock) -> Findings:
    """A claim that stands only to be corrected supports nothing, except a myth item, which corrects it.

    Elsewhere the author says that the place corrects it, by ``because``. Cannot see: whether it is corrected well.
    """
    myths = {held.spot("basis").at for held in stock.live("item") if held.record.type == "MR"}
    for spot, claim, _ in _uses(stock):
        if claim.record.do_not_use and spot.at not in myths:
            remedy = 'Rest on another claim; or, where it is put right, because = { do-not-use = "…" }.'
            yield Finding(spot, f'"{claim.id}", marked do_not_use', "claims that may be used", remedy)


@judged
def unverified_claim(stock: Stock) -> Findings:
    """An unverified claim is used only where its grade is printed: by ``show``. Cannot see: prose that says so."""
    for spot, claim, whole in _uses(stock):
        if claim.record.grade == "unverified" and not whole and not claim.record.do_not_use:
            remedy = 'Show the claim by its id, rest on another; or because = { unverified-claim = "…" }.'
            yield Finding(spot, f'"{claim.id}", which nobody has verified', "verified claims", remedy)


@rule
def seed_links(stock: Stock) -> Findings:
    """Seeds and claims name each other at both ends. Cannot see: whether the claim covers the point."""
    seeds = stock.by_id("seed")
    for held in seeds.values():
        if not held.record.claims:
            yield Finding(held.spot(), "a seed without claims", "ids of claims", "Name the claims that cover it.")
        for id in held.record.claims:
            claim = stock.claims.get(id)
            if claim is not None and held.id not in claim.record.seeds:
                came = f'"{id}", which does not name {held.id}'
                yield Finding(held.spot("claims"), came, "links at both ends", f"Add {held.id} to the claim's seeds.")
    for claim in stock.claims.values():
        for id in claim.record.seeds:
            if id in seeds and claim.id not in seeds[id].record.claims:
                came = f"{id}, which does not name this claim"
                yield Finding(
                    claim.spot("seeds"), came, "links at both ends", f'Add "{claim.id}" to the seed\'s claims.'
                )


@rule
def seed_indicator(stock: Stock) -> Findings:
    """Every sign of the two source articles stands in an indicator. Cannot see: whether it is put right there."""
    carried = {id for held in stock.live("indicator") for id in held.record.seeds}
    for held in stock.live("seed"):
        if held.id in SIGN_SEEDS and held.record.kind == "Indicator" and held.id not in carried:
            came = f"“{held.record.text}”, in no indicator"
            yield Finding(held.spot(), came, "an indicator with this seed", "Add it to seeds of an indicator.")


@rule
def indicator_parts(stock: Stock) -> Findings:
    """An indicator has two ordinary explanations, claims and a setting; ``strength`` is no number.

    Context and next step are required keys. Cannot see: whether the explanations are likely ones.
    """
    for held in stock.live("indicator"):
        one: Indicator = held.record
        if len(one.innocent) < 2:
            came = f"{len(one.innocent)} ordinary explanations"
            yield Finding(held.spot("innocent"), came, "at least two", "Think of children whom you know.")
        if not one.claims:
            yield Finding(held.spot(), "no claims", "ids of claims", "Name what it rests on.")
        if not one.settings:
            yield Finding(held.spot(), "no settings", "ids of settings", "Say where it might be seen.")


@rule
def empty_setting(stock: Stock) -> Findings:
    """Every setting has at least one indicator. Cannot see: a sign that is missing."""
    used = {id for held in stock.live("indicator") for id in held.record.settings}
    for held in stock.live("setting"):
        if held.id not in used:
            yield Finding(held.spot(), "a setting without indicators", "one or more", "Add one, or retire the setting.")


@rule
def figure_file(stock: Stock) -> Findings:
    """Every diagram's file stands beside ``figures.toml``. Cannot see: what it shows."""
    for held in stock.live("figure"):
        name = held.record.file
        inside = (stock.folder / name, stock.folder / "figures" / name)
        if ".." in name or not name.endswith(".svg") or not any(path.is_file() for path in inside):
            yield Finding(held.spot("file"), f'"{name}"', "an SVG file in figures/", "Put the file there.")


@rule
def glossary_length(stock: Stock) -> Findings:
    """A glossary entry has at most 45 words, and claims. Cannot see: whether it is clear."""
    for held in stock.live("entry"):
        words = len(held.record.text.split())
        if words > 45:
            yield Finding(held.spot("text"), f"{words} words", "at most 45", "Shorten it.")
        if not held.record.claims:
            yield Finding(held.spot(), "no claims", "ids of claims", "Name what it rests on.")


@rule
def place_of_law(stock: Stock) -> Findings:
    """An item that rests on a claim about the law (its id begins with ``law-``) names the place where it holds.

    Cannot see: law that an item states without resting on such a claim.
    """
    legal = {id for id in stock.claims if id.startswith("law-")}
    for held in stock.live("item"):
        item: Item = held.record
        bound = sorted(set(item.basis) & legal)
        if bound and not item.place:
            remedy = f'Add place = "{stock.library.place}", or rest on claims that hold everywhere.'
            yield Finding(held.spot("basis"), f'"{bound[0]}" without a place', "a place", remedy)
