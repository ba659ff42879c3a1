"""Rules for words: terms to avoid, rescue, promises, scores, and numbers that belong elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from .prose import Prose, parse
from .rules import Finding, Findings, judged
from .stock import Spot, Stock

_CHILD = (
    r"(?:child|children|girls?|boys?|kids?|teens?|teenagers?|victims?|survivors?|pupils?|students?|people|person|youth)"
)
RESCUE = re.compile(
    rf"\brescu(?:e|es|ed|ing)\s+(?:\w+\s+){{0,3}}?(?:{_CHILD}|her|him|them|someone|somebody)\b|"
    rf"\b{_CHILD}\s+(?:\w+\s+){{0,3}}?rescued\b",
    re.IGNORECASE,
)
PROMISE = re.compile(
    r"\bwill (?:prevent|stop|end|eliminate|protect|save)\b|\bguarante(?:e|es|ed|eing)\b|"
    rf"\bproven to (?:prevent|protect)\b|"
    rf"\bkeeps? (?:every|all|your) {_CHILD} safe\b",
    re.IGNORECASE,
)
_PROMISING = ("will ", "guarante", "proven", "keep")
_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|[nm])"
_SIGN = r"(?:signs|indicators|red flags|warning signs|risk factors|items|boxes)"
SCORE = re.compile(
    rf"\b(?:risk|danger|vulnerability|exploitation|screening) (?:score|rating|level)s?\b|"
    rf"\bscores? (?:of|for) (?:a|an|the|this|that|each|every|her|his|their|your) (?:\w+ )?{_CHILD}\b|"
    rf"\b{_NUMBER} (?:or more )?(?:out )?of (?:the )?{_NUMBER} {_SIGN}\b|"
    rf"\bn of m\b|"
    rf"\b{_NUMBER} or more {_SIGN}\b|\btick (?:\w+ ){{0,2}}{_SIGN}\b",
    re.IGNORECASE,
)
_SCORING = ("score", "rating", "level", "n of m", "signs", "indicators", "red flags", "risk factors", "items", "boxes")
PHONE = re.compile(
    r"(?<![\w-])(?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|"
    r"\b1-8\d\d-[A-Z0-9-]{7,}|"
    r"(?<![\w.$-])(?:911|988)(?![\w%]|[.,]\d)|"
    r"\b(?i:call|dial|ring|phone|text) (?:999|112)\b"
)
DIGIT = re.compile(r"\d")
THREE_DIGITS = re.compile(r"\d{3}")  # as every number in PHONE has, and few texts
# Digits that Markdown prose may hold: minutes, counts of steps, ages.
_RANGE = r"\d+(?:\s*(?:to|and|or|–|-)\s*\d+)?"
MAY_HOLD = re.compile(
    rf"\b{_RANGE}[\s-]*(?:minutes?|min\b|steps?\b|year-olds?\b|years? old\b)|"
    rf"\bsteps? {_RANGE}\b|\b(?:aged?|ages|under|over|turn(?:s|ed)?) {_RANGE}\b",
    re.IGNORECASE,
)
# Documents, parts and paper; of the university pack also its assignments (A1 to A6) and the competencies (C1 to C9).
NAMES = re.compile(r"\b[FMU]\d\d?\b|\bA[1-6]\b|\bC[1-9]\b|\bCC BY 4\.0(?!\d)")
FACILITATORS = ("document", "handout", "room-safety", "flowchart", "university")
QUOTED = re.compile(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘][^'’]*['’](?!\w)")
# Claims and glossary entries speak about words and sources; there, what stands in quotation marks is not our own voice.
ABOUT_WORDS = {"claim", "entry", "term"}


def readable(stock: Stock) -> Iterator[tuple[Spot, str, str]]:
    """Every text that a person reads: where, its owner's kind (``cell``, ``document`` for Markdown), and the text."""
    for held, at, text in stock.texts:
        yield held.spot(at), held.kind, text
    for file in ("words.toml",):
        for table, rows in stock.plain.get(file, {}).items():
            if isinstance(rows, dict):
                yield from ((Spot(file, f"{table}.{k}"), "label", v) for k, v in rows.items() if isinstance(v, str))
    for book in stock.books:
        for cell in book.cells:
            if cell.kind == "markdown":
                prose = parse(cell.source)
                yield Spot(book.file, f"cell[{cell.id}]", cell.because), "cell", f"{prose.heading}\n{prose.body}"
    for one in stock.documents:
        for key in ("title", "purpose", "audience"):
            yield Spot(one.file, key, one.front.because), "document", getattr(one.front, key)
        for section in one.sections:
            where = Spot(one.file, f"section[{section.anchor}]", one.front.because)
            yield where, "document", f"{section.heading}\n{_spoken(parse(section.prose))}"


def _spoken(prose: Prose) -> str:
    """The text without what stands between backticks: commands and names of files are nobody's words."""
    body = prose.body
    for code in prose.code:
        body = body.replace(code, "…", 1)
    return body


def _texts(stock: Stock) -> list[tuple[Spot, str, str]]:
    kept: list[tuple[Spot, str, str]] | None = stock.kept.get("readable")
    if kept is None:
        kept = stock.kept["readable"] = list(readable(stock))
    return kept


def _numbered(stock: Stock) -> list[tuple[Spot, str, str]]:
    """The texts with a digit, which few have."""
    kept: list[tuple[Spot, str, str]] | None = stock.kept.get("numbered")
    if kept is None:
        kept = stock.kept["numbered"] = [one for one in _texts(stock) if DIGIT.search(one[2])]
    return kept


def _matches(stock: Stock, pattern: re.Pattern[str], hints: tuple[str, ...]) -> Iterator[tuple[Spot, str, str]]:
    """The texts in which a pattern is found, with place and kind; only those that hold one of the hints are searched.

    There are ten thousand texts and few that could match: a plain look for each hint, through all of them at once,
    spares most of the searching.
    """
    texts = _texts(stock)
    kept: tuple[str, list[int]] | None = stock.kept.get("lower")
    if kept is None:
        lower = [text.lower() for _, _, text in texts]
        starts = list(accumulate((len(one) + 1 for one in lower), initial=0))
        kept = stock.kept["lower"] = "\0".join(lower), starts
    whole, starts = kept
    found: set[int] = set()
    for hint in hints:
        at = whole.find(hint)
        while at >= 0:
            row = bisect_right(starts, at) - 1
            found.add(row)
            at = whole.find(hint, starts[row + 1])  # once a text is enough
    yield from (texts[row] for row in sorted(found) if pattern.search(texts[row][2]))


def _around(text: str, found: re.Match[str]) -> str:
    """A match with a little of its sentence."""
    start, end = max(0, found.start() - 20), min(len(text), found.end() + 20)
    return f"“{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}”".replace("\n", " ")


@judged
def avoid_term(stock: Stock) -> Findings:
    """No text uses a phrase that ``terminology.toml`` marks for the word check; that file itself may.

    In claims and glossary entries a phrase in quotation marks is spoken about. Cannot see: terms that are wrong only in
    some sentences; those are in CONTRIBUTING's reading list.
    """
    terms = {phrase: one.record for one in stock.live("term") for phrase in one.record.lint_phrases}
    if not terms:
        return
    every = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(terms, key=len, reverse=True)))})\b", re.IGNORECASE)
    for spot, kind, text in _matches(stock, every, tuple(terms)):
        if kind == "term":
            continue
        found = every.search(QUOTED.sub("", text) if kind in ABOUT_WORDS else text)
        if found:
            remedy = f"Say: {terms[found[0].lower()].prefer}. Where the text teaches or quotes the term, add because."
            yield Finding(spot, f'"{found[0]}"', "words that do not blame or belittle", remedy)


@judged
def rescue(stock: Stock) -> Findings:
    """Nobody "rescues" a person: learners are no heroes. Cannot see: the same idea in other words."""
    yield from _phrases(
        stock, RESCUE, ("rescu",), "support, safety, help; what people do within their role", "Say what is done."
    )


@judged
def promise(stock: Stock) -> Findings:
    """Nothing promises an effect for children ("will prevent", "guarantees"). Cannot see: a promise in other words."""
    yield from _phrases(
        stock, PROMISE, _PROMISING, "what may help, with its evidence", "Say “can help to” or name the evidence."
    )


@judged
def score_wording(stock: Stock) -> Findings:
    """No score, total or count of signs about a child, in any disguise. Cannot see: a list that invites to count."""
    remedy = "Speak of change, cluster and context, and of a next step."
    yield from _phrases(stock, SCORE, _SCORING, "no score of a child, no number of signs", remedy)


def _phrases(stock: Stock, pattern: re.Pattern[str], hints: tuple[str, ...], allowed: str, remedy: str) -> Findings:
    """A finding for each text of the course's own voice in which a pattern is found."""
    for spot, kind, text in _matches(stock, pattern, hints):
        found = pattern.search(text) if kind not in ABOUT_WORDS else None
        if found:
            yield Finding(spot, _around(text, found), allowed, remedy)


@judged
def phone_number(stock: Stock) -> Findings:
    """A phone number stands in a place pack alone. Cannot see: a number written in words.

    Claims about numbers are evidence; no cell shows them, because a number is printed with its confirmation.
    """
    remedy = 'Give the contact in places/, and show it by its id: show("contact-id").'
    numbered = set()
    for spot, kind, text in (one for one in _numbered(stock) if THREE_DIGITS.search(one[2])):
        found = PHONE.search(text) if kind not in ("contact", "law", "phrase") else None
        if found and kind == "claim":
            numbered.add(spot.at.partition("[")[2].partition("]")[0])
        elif found:
            yield Finding(spot, _around(text, found), "no phone number outside places/", remedy)
    for book in stock.books:
        for cell in book.cells:
            shown = [
                one for call in cell.calls or () if cell.kind == "code" for one in call.arguments if one in numbered
            ]
            if shown:
                spot = Spot(book.file, f"cell[{cell.id}]", cell.because)
                yield Finding(spot, f'"{shown[0]}", a claim with a phone number', "the contact", remedy)
    for one in stock.documents:
        for section in one.sections:
            for id in numbered.intersection(section.printed):
                spot = Spot(one.file, f"section[{section.anchor}]", one.front.because)
                yield Finding(spot, f'"{id}", a claim with a phone number', "a claim without one", "Name the service.")


@judged
def digits(stock: Stock) -> Findings:
    """Markdown prose holds digits only for minutes, counts of steps and ages; what facilitators read and hand out also
    names documents (F13), paper (A4) and the licence. Cannot see: numbers in words."""
    for spot, kind, text in _numbered(stock):
        rest = MAY_HOLD.sub("", text) if kind in ("cell", *FACILITATORS) else ""
        rest = NAMES.sub("", rest) if kind in FACILITATORS else rest
        found = DIGIT.search(rest)
        if found:
            remedy = 'Let show("claim-id") print the figure with its caveat, or write a small number as a word.'
            yield Finding(spot, _around(rest, found), "minutes, counts of steps, ages", remedy)
