"""The page of a module: its size, and the time to the first choice beside the same notebook from stock nbconvert."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from _browser import (
    MODULE,
    PHONE,
    PLAIN,
    choice_rows,
    chromium,
    make_peer,
    packed,
    served,
    size_rows,
    visit,
    with_local_addresses,
)
from _measure import PYTHON, program, run, table, take_turns

MOST = 1 / 5


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        run([PYTHON, "-m", "safekeeping", "page", MODULE, "-o", str(folder / "page.html")])
        html = (folder / "page.html").read_text(encoding="utf-8")
        peer = with_local_addresses(make_peer(folder))
    table(f"Page {MODULE}, bytes", ["what", "raw", "gzip", "gzip must be", ""], size_rows(html))
    pages = {"page.html": html.encode(), "peer.html": peer.encode()}
    rows, traffic = [], []
    with served(pages) as (address, shelf), chromium() as browser:
        for profile in (PLAIN, PHONE):
            names = ("page.html", "peer.html")
            openings = {name: partial(visit, browser, address, name, shelf, profile) for name in names}
            visits = take_turns(openings, profile.rounds)
            rows += choice_rows(visits, profile, MOST)
            for name in names:
                sent = median(one.sent for one in visits[name])
                asked = max(one.requests for one in visits[name])
                outside = max(one.outside for one in visits[name])
                must = ["0", "reached" if outside == 0 else "NOT REACHED"] if name == "page.html" else ["", ""]
                traffic.append([f"{name}, {profile.name}", str(asked), f"{sent:,.0f}", str(outside), *must])
    table("Seconds until the first choice can be made", ["profile", "ours", "peer", "ratio", "must be", ""], rows)
    table("Traffic of one visit", ["what", "requests", "bytes sent", "outside", "must be", ""], traffic)
    print(f"\nThe peer's file alone is {packed(peer):,} bytes after gzip. Requests to the outside fail at once here;")
    print("those that the peer still makes are for its formula library, and show that the counter counts.")
    print(f"Slow phone: {PHONE.latency} ms, {PHONE.kilobits} kbit/s, processor {PHONE.slower} times slower.")


if __name__ == "__main__":
    program(main)
