"""Rules for what goes out of date or differs by place: contacts, law, reviews, and a replacement place pack."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from ..faults import listed
from ..records import Contact
from .links import references
from .rules import Finding, Findings, rule
from .stock import Spot, Stock, place_data

VALID_DAYS = 90
REVIEW_KEYS = {"reviewer_role", "date", "scope", "outcome"}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@rule
def contact_confirmed(stock: Stock) -> Findings:
    """A contact was confirmed by a named role within 90 days: a notice, and a fault with ``--release``.

    Cannot see: whether anyone really phoned. The project never fills such a date in.
    """
    for held in stock.live("contact"):
        one: Contact = held.record
        day = _day(one.checked_on)
        if not one.checked_on:
            came, remedy = "not confirmed", "Let a named role phone, or read the service's own site; never fill it in."
            yield Finding(held.spot(), came, "checked_on and checked_by", remedy, not stock.release)
        elif day is not None and day + timedelta(days=VALID_DAYS) < stock.today:
            came = f"last confirmed {one.checked_on}"
            remedy = "Let a named role confirm it again."
            yield Finding(held.spot("checked_on"), came, f"within {VALID_DAYS} days", remedy, not stock.release)


@rule
def contact_parts(stock: Stock) -> Findings:
    """A contact says where and when it was seen; a confirmation has a date and a role; a phone number is a number.

    Cannot see: whether the number is right.
    """
    for held in stock.live("contact"):
        one: Contact = held.record
        if not one.seen_in or not one.page_date:
            yield Finding(
                held.spot(), "no seen_in or no page_date", "both", "Say where it was seen, and that page's date."
            )
        if bool(one.checked_on) != bool(one.checked_by):
            came = "checked_on without checked_by" if one.checked_on else "checked_by without checked_on"
            yield Finding(held.spot(), came, "both or neither", "Name the role and the day, or take both out.")
        day = _day(one.checked_on) if one.checked_on else None
        if one.checked_on and (day is None or day > stock.today):
            yield Finding(
                held.spot("checked_on"), f'"{one.checked_on}"', "a day until today, as 2026-01-31", "Correct it."
            )
        # Words for keys ("1-888-THE-LOST") are allowed after the digits, in brackets.
        if not re.fullmatch(r"[0-9+() .-]*(?:\([^)]*\))?", one.phone):
            yield Finding(held.spot("phone"), f'"{one.phone}"', "digits; words in brackets after them", "Correct it.")


@rule
def law_review(stock: Stock) -> Findings:
    """A law has claims, and a day of review that has not passed: a notice, and a fault with ``--release``.

    Cannot see: a change of the law before that day.
    """
    for held in stock.live("law"):
        day = _day(held.record.review_by)
        spot = held.spot("review_by")
        if day is None:
            yield Finding(
                spot, f'"{held.record.review_by}"', "a day, as 2027-05-22", "Write the day of the next review."
            )
        elif day < stock.today:
            came, remedy = f"{held.record.review_by}, which has passed", "Read the current law, then set the next day."
            yield Finding(spot, came, "a day to come", remedy, not stock.release)
        if not held.record.claims or not held.record.caveat:
            yield Finding(held.spot(), "no claims or no caveat", "both", "Name the claims and what they do not cover.")


@rule
def reviews(stock: Stock) -> Findings:
    """A review has role, date, scope and outcome; without one the label says so. Cannot see: whether it took place."""
    data = stock.plain.get("reviews.toml", {})
    rows = data.get("review", [])
    if data and not data.get("label"):
        yield Finding(Spot("reviews.toml"), "no label", "label", 'Add label = "Not yet externally reviewed".')
    for i, row in enumerate(rows if isinstance(rows, list) else []):
        spot = Spot("reviews.toml", f"review[{i}]")
        missing = sorted(key for key in REVIEW_KEYS if not (isinstance(row, dict) and row.get(key)))
        if missing:
            yield Finding(
                spot, f"no {listed(missing)}", listed(sorted(REVIEW_KEYS)), "Complete the review, or remove it."
            )
        elif _day(str(row["date"])) is None:
            yield Finding(spot, f'"{row["date"]}"', "a day, as 2026-01-31", "Correct the date.")
    if rows and not data.get("label_reviewed"):
        yield Finding(
            Spot("reviews.toml"), "reviews without label_reviewed", "label_reviewed", "Say what was reviewed."
        )


@rule
def place_complete(stock: Stock) -> Findings:
    """A replacement place pack answers every situation and has every law and phrase that content names.

    Runs with ``--place FILE``. Ids that no content names are told as a notice. Cannot see: whether what stands there
    is right for that place.
    """
    if stock.place_file is None:
        return
    own = stock.library.folder / "places" / f"{stock.library.place}.toml"
    pattern = place_data(own)
    file = next((h.file for kind in ("contact", "law", "phrase") for h in stock.held[kind]), stock.place_file.name)
    wanted = {use for row in _rows(pattern, "contact") for use in row.get("use", [])}
    used = {use for held in stock.live("contact") for use in held.record.use}
    for use in sorted(wanted - used):
        came = f'no contact with use "{use}"'
        yield Finding(Spot(file), came, "one or more for every situation", "Add a contact for that situation.")
    named = {id for _, id, kinds in references(stock) if {"law", "phrase", "contact"} & set(kinds)}
    for kind in ("law", "phrase"):
        here = set(stock.by_id(kind))
        for id in sorted({row.get("id", "") for row in _rows(pattern, kind)} - here):
            yield Finding(Spot(file), f'no {kind} "{id}"', f"every {kind} of {own.name}", "Add it.", id not in named)


def _rows(data: Mapping[str, Any], table: str) -> list[dict[str, Any]]:
    """The tables of one name in plain data; none where something else stands there."""
    rows = data.get(table, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
