"""SCORM packages: what each adds to its page, and how much of the room for the way back the longest path takes.

The page beside it is the learn site's, with all stories of the part in place as in the package. The codes are those
that the page writes, in Chromium: there is no second codec that could say something else.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from _browser import chromium, served
from _measure import KB, floor, program, table

from safekeeping.library import built_in, course
from safekeeping.publish import page, site
from safekeeping.publish.lms import archive, scorm

MOST, ROOM, PROMISED = 15, 4000, 4096  # KB over the page; characters; characters that SCORM 1.2 promises
AGAIN = 5  # how often a learner goes through everything in the second figure
PATHS = Path(__file__).parents[1] / "scorm_paths.js"
LENGTHS = """({ tables, traces, again }, times) => {
  const { packCodes } = safekeeping.codes;
  const length = (rows) => packCodes(new Map(tables), rows, [], 99999).length;
  return [traces.length, length(traces), length(traces.map(([id, trace]) => [id, again(trace, times)]))];
}"""


def main() -> None:
    """Make every package, look at its size, then at its codes in a browser."""
    library, where = built_in(), course()
    modules = [library.module(id) for id in library.course()["modules"]]
    packages = {one.id: scorm.files(library, where, one) for one in modules}
    with patch.object(site, "MOST_STORIES", 99):
        pages = site.Site(library, where).files()
    rows = []
    for one in modules:
        files = {name: text.encode() for name, text in packages[one.id].items()}
        whole, beside = sum(map(len, files.values())), len(pages[f"part-{one.number}.html"].encode())
        packed = archive.zipped(files)
        with zipfile.ZipFile(BytesIO(packed)) as file:
            assert sum(entry.file_size for entry in file.infolist()) == whole
        lone = len(page.drawn(library, where, one).encode())
        sizes = [f"{size / KB:.1f}" for size in (beside, whole)]
        over = (whole - beside) / KB
        last = [f"{(whole - lone) / KB:.1f}", f"{len(packed) / KB:.1f}"]
        rows.append([one.stem, *sizes, f"{over:.1f}", *floor(over, MOST, 1), *last])
    head = ["part", "page", "package", "more", "must be", "", "more than `safekeeping page`", "as a zip file"]
    table("KB of a package, unpacked, beside the learn site's page with all its stories", head, rows)

    rows = []
    drawn = {f"{id}.html": files[scorm.PAGE].encode() for id, files in packages.items()}
    with served(drawn) as (address, _), chromium() as browser:
        tab = browser.new_page()
        for one in modules:
            tab.goto(f"{address}/{one.id}.html")
            count, once, often = tab.evaluate(f"({LENGTHS})({PATHS.read_text('utf-8').strip()}, {AGAIN})")
            cells = [str(count), str(once), str(ROOM - once), *floor(once, ROOM, 0, below=True), str(often)]
            rows.append([one.stem, *cells])
    head = ["part", "exercises", "longest path", "left of 4,000", "must be", "", f"all of it {AGAIN} times"]
    table(f"Characters of cmi.suspend_data (SCORM 1.2 promises {PROMISED:,})", head, rows)


if __name__ == "__main__":
    program(main)
