"""Rules for the university pack: its data fits together, its readings and objectives exist, its weeks can be read."""

from __future__ import annotations

from pathlib import PurePosixPath

from .. import university
from ..faults import WrongCall, listed
from ..university import MOST_READINGS, TABLES, Data
from .documents import sections
from .rules import Finding, Findings, rule
from .stock import Spot, Stock


def data(stock: Stock) -> Data:
    """The pack's data as far as it could be read."""
    found: dict[str, dict[str, object]] = {table: {} for tables in TABLES.values() for table in tables}
    found |= {table: {one.id: one.record for one in rows} for table, rows in stock.university.items()}
    return Data(**found)  # type: ignore[arg-type]


@rule
def university_data(stock: Stock) -> Findings:
    """Weights add up to 100, each criterion has a text for each level, marks fit the rubric and belong to an exemplar,
    a reading is a source and has two questions. Cannot see: whether a mark is fair, or a reading still free."""
    where = f"facilitator/{university.FOLDER}"
    pack = data(stock)
    for fault in university.odd_in(pack, where):
        yield Finding(Spot(fault.file, fault.at), f"{fault.rule}: {fault.came}", fault.allowed, fault.remedy)
    known = {"reading": set(stock.by_id("source")), "mark": {PurePosixPath(one.file).stem for one in stock.documents}}
    for table, ids in known.items():
        for held in stock.university.get(table, ()):
            if held.id not in ids:
                allowed = "the id of a source" if table == "reading" else "the name of an exemplar's file"
                yield Finding(held.spot(), f'"{held.id}"', allowed, "Look it up, or take this entry out.")
    objectives = {one.id for held in stock.live("module") for one in held.record.objectives}
    for held in stock.university.get("area", ()):
        missing = sorted(set(held.record.objectives) - objectives)
        if missing:
            yield Finding(held.spot("objectives"), listed(missing), "ids of objectives", "Look them up in modules/.")
    named = {one for held in stock.live("module") for objective in held.record.objectives for one in objective.cswe}
    if pack.competency and named - pack.competency.keys():
        spot = Spot(f"{where}/competencies.toml")
        missing = sorted(named - pack.competency.keys())
        yield Finding(spot, f"no {listed(missing)}", "all that objectives name", "Add it.")


@rule
def university_filled(stock: Stock) -> Findings:
    """A line in double braces with a colon names things that exist; at most three core readings stand in one section;
    only documents of this pack hold such lines. Cannot see: whether three readings are too long for a week."""
    records = ([held.record for held in stock.live(kind)] for kind in ("module", "scenario"))
    known = university.known(data(stock), *records)
    for one, section, where in sections(stock):
        for word, ids in section.made:
            if not one.file.startswith(f"facilitator/{university.FOLDER}/"):
                yield Finding(where, f"{{{{{word}: …}}}}", "such lines in the university pack", "Write it out here.")
                continue
            try:
                university.named(word, ids, known)
            except WrongCall as error:
                yield Finding(where, f"{{{{{word}: {listed(ids)}}}}}", "what the course holds", str(error))
        count = sum(len(ids) for word, ids in section.made if word == "readings")
        if count > MOST_READINGS:
            remedy = "Keep what is most needed for this week."
            yield Finding(where, f"{count} core readings", f"at most {MOST_READINGS}", remedy)
