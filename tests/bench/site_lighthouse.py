"""Lighthouse on its own phone profile: one page of each kind of the learn site, served on this machine."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from _browser import BROWSERS, CACHE, served
from _measure import PYTHON, NotMeasured, program, run, table

VERSION = "12.8.2"
FLOORS = {"accessibility": 100, "performance": 95, "best-practices": 100}
PAGES = ("index", "part-1", "part-5", "check-5", "story-15", "stories", "help", "search", "place", "record")


def lighthouse() -> list[str]:
    """The command, installed once from the npm registry into the system's temporary folder."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise NotMeasured("Lighthouse needs Node.js with npm.")
    folder = CACHE / f"lighthouse-{VERSION}"
    main = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not main.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}", encoding="utf-8")
        run([npm, "install", "--silent", "--no-audit", "--no-fund", f"lighthouse@{VERSION}"], folder=folder)
    return [node, str(main)]


def main() -> None:
    command = lighthouse()
    os.environ["CHROME_PATH"] = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    rows, lost = [], []
    with tempfile.TemporaryDirectory() as made:
        run([PYTHON, "-m", "safekeeping", "site", "-o", f"{made}/site"])
        pages = {path.name: path.read_bytes() for path in Path(made, "site").glob("*.html")}
        with served(pages) as (address, _):
            for name in PAGES:
                report = Path(made) / f"{name}.json"
                flags = "--headless=new --no-sandbox --disable-gpu"
                words = [f"--chrome-flags={flags}", "--quiet", "--output=json", f"--output-path={report}"]
                run([*command, f"{address}/{name}.html", *words, f"--only-categories={','.join(FLOORS)}"])
                told = json.loads(report.read_text(encoding="utf-8"))
                scores = {key: round(told["categories"][key]["score"] * 100) for key in FLOORS}
                reached = all(scores[key] >= least for key, least in FLOORS.items())
                cells = [str(scores[key]) for key in FLOORS]
                paint = told["audits"]["largest-contentful-paint"]["displayValue"].replace("\xa0", " ")
                rows.append([f"{name}.html", *cells, paint, "reached" if reached else "NOT REACHED"])
                for key in FLOORS:
                    lost += [
                        f"{name}.html, {key}: {told['audits'][one['id']]['title']}"
                        for one in told["categories"][key]["auditRefs"]
                        if one["weight"] and (told["audits"][one["id"]]["score"] or 0) < 1
                        and told["audits"][one["id"]]["scoreDisplayMode"] in ("binary", "numeric", "metricSavings")
                        and scores[key] < 100
                    ]  # fmt: skip
    head = ["page", *(f"{key} (at least {least})" for key, least in FLOORS.items()), "largest paint", ""]
    table(f"Lighthouse {VERSION}, phone profile", head, rows)
    print("\nEvery deduction:", *(lost or ["none"]), sep="\n  ")


if __name__ == "__main__":
    program(main)
