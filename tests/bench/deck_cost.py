"""The slide deck of a module: its size, the time to the first choice, and what making it costs."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from _browser import (
    MODULE,
    NOTEBOOK,
    PLAIN,
    choice_rows,
    chromium,
    make_peer,
    served,
    size_rows,
    visit,
    with_local_addresses,
)
from _measure import KB, PYTHON, NotMeasured, beside, program, run, table, take_turns

EXTRA = 60 * KB  # over the page's formula, for the slide library
MOST_CHOICE, MOST_COLD, MOST_UNCHANGED = 1 / 4, 0.85, 0.05
HEAVY = ("nbformat", "nbclient", "nbconvert", "jsonschema")


def deck(target: Path, *options: str) -> list[str]:
    """The command that makes the deck."""
    return [PYTHON, *options, "-m", "safekeeping", "deck", MODULE, "-o", str(target)]


def cost_of_making(folder: Path) -> None:
    """CPU seconds: from nothing, and when nothing has changed, beside stock slides from nothing."""
    done = folder / "done.html"
    run(deck(done))

    def cold() -> float:
        target = folder / "cold.html"
        target.unlink(missing_ok=True)
        return run(deck(target)).cpu

    def unchanged() -> float:
        used = run(deck(done))
        if "Unchanged" not in used.output:
            raise NotMeasured("The course was edited while this ran. Start again when nobody is writing.")
        return used.cpu

    def stock() -> float:
        words = ["--to", "slides", "--execute", "--output-dir", str(folder), str(NOTEBOOK)]
        return run([PYTHON, "-m", "jupyter", "nbconvert", *words]).cpu

    found = take_turns({"stock": stock, "cold": cold, "unchanged": unchanged})
    rows = [
        beside("made from nothing", found["cold"], found["stock"], MOST_COLD),
        beside("nothing changed", found["unchanged"], found["stock"], MOST_UNCHANGED),
    ]
    head = ["what", "ours", "jupyter nbconvert --to slides --execute", "ratio", "must be", ""]
    table(f"CPU seconds of making deck {MODULE}, kernel included", head, rows)
    lines = run(deck(done, "-X", "importtime")).errors.splitlines()
    loaded = {line.rpartition("|")[2].strip() for line in lines}
    heavy = [name for name in HEAVY if name in loaded]
    print(f"\nLoaded when nothing changed, of {', '.join(HEAVY)}: {', '.join(heavy) or 'none (reached)'}")


def time_of_choice(ours: str, peer: str) -> None:
    """Seconds until the first choice, from opening the file to the answer of the first story on its slide."""
    pages = {"deck.html": ours.encode(), "peer.html": peer.encode()}
    with served(pages) as (address, shelf), chromium() as browser:
        openings = {name: partial(visit, browser, address, name, shelf, PLAIN) for name in pages}
        visits = take_turns(openings, PLAIN.rounds)
    table(
        "Seconds until the first choice can be made (ours: on its slide; the peer: the notebook as a stock page)",
        ["profile", "ours", "peer", "ratio", "must be", ""],
        choice_rows(visits, PLAIN, MOST_CHOICE),
    )
    outside = max(one.outside for one in visits["deck.html"])
    word = "reached" if outside == 0 else "NOT REACHED"
    sent = median(one.sent for one in visits["peer.html"])
    print(f"\nRequests to the outside: {outside} (must be 0: {word}). The peer was sent {sent:,.0f} bytes.")


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        run(deck(folder / "deck.html"))
        ours = (folder / "deck.html").read_text(encoding="utf-8")
        peer = with_local_addresses(make_peer(folder))
        table(f"Deck {MODULE}, bytes", ["what", "raw", "gzip", "gzip must be", ""], size_rows(ours, EXTRA))
        time_of_choice(ours, peer)
        cost_of_making(folder)


if __name__ == "__main__":
    program(main)
