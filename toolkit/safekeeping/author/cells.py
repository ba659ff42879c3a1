"""Rules for one cell: tags, code, Markdown, what stands before an exercise, and what prose rests on."""

from __future__ import annotations

import re

import safekeeping

from ..faults import listed, near
from .links import TAKES
from .notebooks import cells, names
from .prose import parse
from .rules import Finding, Findings, judged, rule
from .stock import Spot, Stock

PUBLIC = tuple(safekeeping.__all__)
TAGS = ("setup", "lab-only", "hide-input", "exercise", "answer", "nbval-check-output", "nbval-skip")
EXERCISES = {"play", "ask", "sort", "form"}
BLOCKS = {"heading", "paragraph", "list", "table"}
LINK = re.compile(r"(?:\./)?\d\d-[a-z-]+\.ipynb(?:#.*)?|#.*")
LONG_PROSE = 40  # words


@rule
def unknown_tag(stock: Stock) -> Findings:
    """Tags come from one short list; a misspelt one would fail silently. Cannot see: a tag that is missing."""
    for _, cell, spot in cells(stock):
        for tag in cell.tags:
            if tag not in TAGS:
                yield Finding(spot, f'the tag "{tag}"', listed(TAGS), near(tag, TAGS) or "Remove it.")


@rule
def code_cell(stock: Stock) -> Findings:
    """A code cell is one line (set-up: two) of calls to public names, arguments plain. Cannot see: what it prints."""
    allowed = listed((f"{name}()" for name in PUBLIC), 20)
    for _, cell, spot in cells(stock):
        if cell.kind != "code":
            continue
        lines = [line for line in cell.source.splitlines() if line.strip()]
        most = 2 if "setup" in cell.tags else 1
        if len(lines) > most:
            yield Finding(spot, f"{len(lines)} lines", f"at most {most}", "Split it into cells of one line.")
        if cell.calls is None or not lines:
            yield Finding(spot, "code other than a call", f"calls to {allowed}", "Use a call, with ids in quotes.")
            continue
        for name in names(cell):
            if name not in PUBLIC:
                hint = near(name, PUBLIC) or "Use one of these calls."
                yield Finding(spot, f"{name}()", allowed, hint)
        if "import" in cell.source and "setup" not in cell.tags:
            yield Finding(spot, "an import", "imports in the set-up cell alone", "Take it out, or tag the cell setup.")
        empty = [c.name for c in cell.calls if c.name in ("play", "ask", "sort", "show") and not c.arguments]
        if empty or any(
            not isinstance(one, str) for call in cell.calls if call.name in TAKES for one in call.arguments
        ):
            yield Finding(spot, f"{listed(names(cell))} without an id", "an id in quotes", 'Write it as show("id").')


@rule
def hidden_source(stock: Stock) -> Findings:
    """The source of every code cell is hidden, for JupyterLab and for exports. Cannot see: other viewers."""
    for _, cell, spot in cells(stock):
        jupyter = cell.metadata.get("jupyter", {})
        hidden = isinstance(jupyter, dict) and jupyter.get("source_hidden") is True
        if cell.kind == "code" and not (hidden and "hide-input" in cell.tags):
            came = "no tag hide-input" if hidden else "no jupyter.source_hidden"
            remedy = 'Write "jupyter": {"source_hidden": true} and the tag hide-input.'
            yield Finding(spot, came, "a hidden source", remedy)


@rule
def exercise_cell(stock: Stock) -> Findings:
    """An exercise has the tag ``exercise`` and, before it, a sentence. Cannot see: whether that makes sense unrun."""
    for book in stock.books:
        for before, cell in zip((None, *book.cells), book.cells, strict=False):
            spot = Spot(book.file, f"cell[{cell.id}]", cell.because)
            playing = bool(EXERCISES & set(names(cell)))
            if playing != ("exercise" in cell.tags):
                came = "an exercise without its tag" if playing else "the tag exercise on something else"
                yield Finding(spot, came, "the tag on play, ask, sort and form", "Correct the tags.")
            sentence = parse(before.source).body if before is not None and before.kind == "markdown" else ""
            if playing and not re.search(r"[.:!?][\"”’)*]*\s*$", sentence):
                remedy = "Add a Markdown cell with a sentence on what comes, for a reader who runs nothing."
                yield Finding(spot, "no sentence before the exercise", "a sentence in the cell before", remedy)


@rule
def markdown_kind(stock: Stock) -> Findings:
    """Markdown holds headings, paragraphs, lists and tables; no HTML, no images, no links to outside.

    A picture is shown by id, an address as a contact or a source. Cannot see: a link to a heading that is not there.
    """
    stems = {book.stem for book in stock.books}
    for _, cell, spot in cells(stock):
        if cell.kind != "markdown":
            continue
        prose = parse(cell.source)
        odd = sorted({one.replace("_", " ") for one in prose.blocks if one not in BLOCKS} | set(prose.odd))
        if odd:
            yield Finding(spot, listed(odd), listed(sorted(BLOCKS)), "Write it as one of these, or show it by id.")
        for link in prose.links:
            known = link.startswith("#") or link.removeprefix("./").partition(".ipynb")[0] in stems
            if not LINK.fullmatch(link) or not known:
                remedy = "Show a contact or a claim by id; link only to other notebooks of the course."
                yield Finding(spot, f"a link to {link}", "links to notebooks here", remedy)


@judged
def no_claims(stock: Stock) -> Findings:
    """Prose of more than 40 words says in its metadata which claims it rests on.

    Whether a text states facts cannot be known, so its author says it: ``claims = []`` means "none: it only guides".
    Cannot see: facts without claims in a shorter cell, or claims that do not carry the text.
    """
    for _, cell, spot in cells(stock):
        if cell.kind != "markdown" or "lab-only" in cell.tags or cell.slide_type not in ("skip", ""):
            continue
        words = parse(cell.source).words
        if words > LONG_PROSE and "claims" not in cell.own:
            remedy = 'Write "safekeeping": {"claims": ["claim-id"]}, or "claims": [] if it states no fact.'
            yield Finding(spot, f"{words} words without claims", "claims in the cell's metadata", remedy)


@rule
def own_metadata(stock: Stock) -> Findings:
    """Our metadata has known keys: claims, objective, sources_points, because. Cannot see: a key that is missing."""
    known = ("because", "claims", "objective", "sources_points")
    for _, cell, spot in cells(stock):
        for key, value in cell.own.items():
            if key not in known:
                yield Finding(spot, f'safekeeping.{key}"'.rstrip('"'), listed(known), near(key, known) or "Remove it.")
            elif key in ("claims", "sources_points") and not (
                isinstance(value, list) and all(isinstance(one, str) for one in value)
            ):
                yield Finding(spot, f"safekeeping.{key} = {value!r}", "a list of ids", 'Write ["id"].')
