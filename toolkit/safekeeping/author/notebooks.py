"""Rules for a notebook as a whole: its order, its slides, its speaker notes, and how it was saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..faults import listed
from .book import SLIDES, Book, Cell
from .links import SLUG
from .prose import parse
from .rules import Finding, Findings, judged, rule
from .stock import Spot, Stock

LONGEST_LEAD, LONGEST_SLIDE = 25, 45  # words
MINUTES_PER_SLIDE = 2
ORDER = ("part", "begin", "turn_to", "objectives", "key_points", "sources")


def cells(stock: Stock) -> Iterator[tuple[Book, Cell, Spot]]:
    """Every cell with the place it stands in."""
    for book in stock.books:
        for cell in book.cells:
            yield book, cell, Spot(book.file, f"cell[{cell.id}]", cell.because)


def names(cell: Cell) -> list[str]:
    """The public names that a code cell calls."""
    return [call.name for call in cell.calls or ()] if cell.kind == "code" else []


@rule
def notebook_format(stock: Stock) -> Findings:
    """A notebook is saved as format 4.5 with Markdown and code cells. Cannot see: what else JupyterLab might mind."""
    for book in stock.books:
        if book.minor != (4, 5):
            came = f"format {book.minor[0]}.{book.minor[1]}"
            yield Finding(Spot(book.file), came, "format 4.5", "Save it with a current JupyterLab.")
    for _, cell, spot in cells(stock):
        if cell.kind not in ("markdown", "code"):
            yield Finding(spot, f'a cell of type "{cell.kind}"', "markdown or code", "Change the cell's type.")


@rule
def cell_id(stock: Stock) -> Findings:
    """Cell ids are readable and stand once in a notebook. Cannot see: an id that tells nothing."""
    for book in stock.books:
        count = Counter(cell.id for cell in book.cells)
        for i, cell in enumerate(book.cells):
            spot = Spot(book.file, f"cell[{cell.id}]")
            if not SLUG.fullmatch(cell.id) or not any(letter in "aeiouy" for letter in cell.id):
                came = f'"{cell.id}" (cell {i + 1})'
                yield Finding(spot, came, "lower-case words joined by hyphens", "Give it a name, such as hook-scene.")
            elif count[cell.id] > 1:
                count[cell.id] = 1
                yield Finding(spot, f'"{cell.id}" twice', "each id once", "Rename the newer one.")


@rule
def saved_output(stock: Stock) -> Findings:
    """Notebooks are kept without outputs and execution counts. Cannot see: widget state in other places."""
    for _, cell, spot in cells(stock):
        if cell.has_output:
            remedy = "In JupyterLab: Edit, Clear Outputs of All Cells; then save."
            yield Finding(spot, "an output or an execution count", "neither", remedy)


@rule
def part_order(stock: Stock) -> Findings:
    """The fixed order: start line, title, set-up, content note, where to turn, objectives; at the end key points,
    sources, and a pause. Cannot see: the order of what lies between."""
    modules = {held.record.stem: held.record for held in stock.live("module")}
    for book in stock.books:
        yield from _opening(book)
        module = modules.get(book.stem)
        whole = module is None or bool(module.objectives)  # the part that only opens the course has no objectives
        wanted = [name for name in ORDER if whole or name != "objectives"]
        places = {name: i for i, cell in reversed(list(enumerate(book.cells))) for name in names(cell)}
        missing = [name for name in (*wanted, "pause") if name not in places]
        if missing:
            came = f"no cell with {listed(f'{name}()' for name in missing)}"
            yield Finding(Spot(book.file), came, listed(f"{name}()" for name in (*wanted, "pause")), "Add the cell.")
        found = [name for name in wanted if name in places]
        if found != sorted(found, key=lambda name: places[name]):
            came = listed(sorted(found, key=lambda name: places[name]))
            yield Finding(Spot(book.file), came, listed(found), "Put these cells in the fixed order.")
        last = max((i for i, cell in enumerate(book.cells) if "pause" in names(cell)), default=len(book.cells))
        if whole and found and last < max(places[name] for name in found):
            yield Finding(Spot(book.file), "no pause() after the sources", "pause() near the end", "Move it there.")


def _opening(book: Book) -> Findings:
    first = book.cells[0] if book.cells else None
    if first is None or first.kind != "markdown" or "lab-only" not in first.tags:
        remedy = "Open with one line on how to start all exercises, tagged lab-only."
        yield Finding(Spot(book.file), "no start line", "a first cell with the tag lab-only", remedy)
    titles = [i for i, cell in enumerate(book.cells) if cell.kind == "markdown" and parse(cell.source).level == 1]
    if titles != [1]:
        came = f"title headings (#) in cells {listed(str(i + 1) for i in titles)}" if titles else "no title heading (#)"
        yield Finding(Spot(book.file), came, "one, in the second cell", "Begin other headings with ##.")


@rule
def slide_type(stock: Stock) -> Findings:
    """A cell with a heading is a slide, other prose is ``skip``; exercises and diagrams are slides, set-up is ``skip``.

    A form is ``skip`` too: nobody answers it before others. Cannot see: whether a slide looks well.
    """
    figures = stock.known["figure"]
    for _, cell, spot in cells(stock):
        called = names(cell)
        wanted: tuple[str, ...] = (*SLIDES, "skip")
        if cell.kind == "markdown":
            wanted = SLIDES if parse(cell.source).level in (1, 2) else ("skip",)
        elif "part" in called or "form" in called or "setup" in cell.tags:
            wanted = ("skip",)
        elif "exercise" in cell.tags or any(one in figures for call in cell.calls or () for one in call.arguments):
            wanted = SLIDES
        if cell.slide_type not in wanted:
            came = f'slide type "{cell.slide_type}"' if cell.slide_type else "no slide type"
            yield Finding(spot, came, " or ".join(wanted), "Set it in the cell's slideshow metadata.")


@judged
def slide_words(stock: Stock) -> Findings:
    """A lead cell has a heading and at most 25 words below it; a slide of text or a diagram at most 45 in all.

    Cannot see: words inside a diagram's file.
    """
    titles = {held.id: held.record.title for held in stock.live("figure")}
    for _, cell, spot in cells(stock):
        if cell.slide_type not in SLIDES:
            continue
        if cell.kind == "markdown":
            prose = parse(cell.source)
            if prose.words > LONGEST_LEAD:
                came = f"{prose.words} words under the heading"
                yield Finding(spot, came, f"at most {LONGEST_LEAD}", "Shorten it; the rest is prose for the next cell.")
            elif prose.all_words > LONGEST_SLIDE:
                yield Finding(spot, f"{prose.all_words} words", f"at most {LONGEST_SLIDE}", "Shorten the heading.")
        shown = [
            titles[one] for call in cell.calls or () for one in call.arguments if isinstance(one, str) and one in titles
        ]
        count = sum(len(title.split()) for title in shown)
        if cell.kind == "code" and count > LONGEST_SLIDE:
            yield Finding(spot, f"{count} words", f"at most {LONGEST_SLIDE}", "Shorten the diagram's title.")


@rule
def slide_count(stock: Stock) -> Findings:
    """There is at most one slide per two minutes of core and room time. Cannot see: how long a slide is shown."""
    modules = {held.record.stem: held.record for held in stock.live("module")}
    for book in stock.books:
        module = modules.get(book.stem)
        count = sum(cell.slide_type in SLIDES for cell in book.cells)
        if module is not None and count > (module.minutes + module.room_minutes) / MINUTES_PER_SLIDE:
            total = module.minutes + module.room_minutes
            came, allowed = f"{count} slides in {total} minutes", f"at most {total // MINUTES_PER_SLIDE}"
            yield Finding(Spot(book.file), came, allowed, "Turn slides into prose (skip), or join sections.")


@rule
def speaker_notes(stock: Stock) -> Findings:
    """Every slide has speaker notes, and every note its cell. Cannot see: whether a second person could follow them."""
    modules = {held.record.stem: held.id for held in stock.live("module")}
    for book in stock.books:
        here = {cell.id for cell in book.cells}
        slides = [cell.id for cell in book.cells if cell.slide_type in SLIDES]
        name = modules.get(book.stem, book.stem)
        held = stock.notes.get(name)
        if held is None:
            if slides:
                came = f"no facilitator/notes/{name}.toml"
                yield Finding(Spot(book.file), came, "speaker notes for every slide", "Write [[note]] by cell id.")
            continue
        for one in held:
            if one.id not in here:
                yield Finding(one.spot("cell"), f'"{one.id}"', f"the id of a cell in {book.file}", "Correct the id.")
        told = {one.id for one in held}
        for id in slides:
            if id not in told:
                remedy = f"Add a [[note]] to facilitator/notes/{name}.toml."
                yield Finding(Spot(book.file, f"cell[{id}]"), "a slide without speaker notes", "a note", remedy)
    wanted = {modules.get(book.stem, book.stem) for book in stock.books}
    for name, held in stock.notes.items():
        if name not in wanted and held:
            came = f"notes for “{name}”"
            yield Finding(Spot(held[0].file), came, listed(sorted(wanted)), "Name the file after its module.")
