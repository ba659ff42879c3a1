"""The learn site: what making it costs, how that grows, how light its parts are, and how soon a phone can answer."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import zipfile
from functools import partial
from pathlib import Path

from _browser import CACHE, PHONE, chromium, make_peer, packed, plain_text, served, visit, with_local_addresses
from _measure import KB, PYTHON, NotMeasured, beside, program, run, spread, table, take_turns

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_COLD, MOST_UNCHANGED, MOST_GROWTH, MOST_CHOICE, MOST_ANSWER = 1 / 3, 1 / 20, 20, 1 / 5, 1.0
FEW, MANY = 10, 200
QUIZ = "jupyterquiz==2.9.6.4"
ROUNDS = 3

# Press "Begin" where there is one; then wait until the first answer of the first question could be chosen.
FIRST_ANSWER = """
(() => {
  const usable = (spot) => {
    if (!spot || spot.disabled) return false;
    spot.scrollIntoView({ block: "center" });
    const { left, top, width, height } = spot.getBoundingClientRect();
    const there = width && height && document.elementFromPoint(left + width / 2, top + height / 2);
    return Boolean(there) && (spot.contains(there) || there.contains(spot));
  };
  let began = false;
  const look = () => {
    const begin = document.querySelector('[data-exercise="check"] .sk-go');
    if (!began && begin && usable(begin)) { began = true; begin.click(); }
    const answer = document.querySelector('[data-exercise="check"] .sk-ask label, .MCButton');
    if (answer && usable(answer)) { console.log(`first-choice 0 ${performance.now()}`); return; }
    requestAnimationFrame(look);
  };
  look();
})();
"""


def site(target: Path, *options: str) -> list[str]:
    """The command that makes the site."""
    return [PYTHON, "-m", "safekeeping", "site", "-o", str(target), *options]


def cost_of_making(folder: Path) -> None:
    """CPU seconds: from nothing, and when nothing has changed, beside stock pages of the same notebooks."""
    done = folder / "done"
    run(site(done))

    def cold() -> float:
        target = folder / "cold"
        shutil.rmtree(target, ignore_errors=True)
        return run(site(target)).cpu

    def unchanged() -> float:
        used = run(site(done))
        if "Unchanged" not in used.output:
            raise NotMeasured("The course was edited while this ran. Start again when nobody is writing.")
        return used.cpu

    found = take_turns({"cold": cold, "unchanged": unchanged})
    words = ["--to", "html", "--execute", "--output-dir", str(folder / "stock")]
    stock = [sum(run([PYTHON, "-m", "jupyter", "nbconvert", *words, str(path)]).cpu for path in NOTEBOOKS)]
    rows = [
        beside("made from nothing", found["cold"], stock, MOST_COLD),
        beside("nothing changed", found["unchanged"], stock, MOST_UNCHANGED),
    ]
    head = ["what", "ours", f"{len(NOTEBOOKS)} x nbconvert --execute, once", "ratio", "must be", ""]
    table("CPU seconds of making the site, one process, kernels included", head, rows)


def wider(folder: Path, count: int) -> Path:
    """The course with so many parts: copies of part 1 under other ids; gives the folder."""
    course = folder / f"course-{count}"
    content = course / "content"
    shutil.copytree(ROOT / "toolkit" / "safekeeping" / "content", content)
    (course / "notebooks").mkdir()
    (course / "facilitator").mkdir()
    module = (content / "modules" / "m1.toml").read_text(encoding="utf-8")
    notebook = (ROOT / "notebooks" / "01-what-it-is.ipynb").read_text(encoding="utf-8")
    shutil.rmtree(content / "modules")
    (content / "modules").mkdir()
    ids = [f"copy{number}" for number in range(1, count + 1)]
    for number, id in enumerate(ids, 1):
        own = re.sub(r'^id = "m1"', f'id = "{id}"', module, count=1, flags=re.M)
        own = re.sub(r'^stem = ".*"', f'stem = "{id}-part"', own, count=1, flags=re.M)
        own = re.sub(r"^number = .*", f"number = {number}", own, count=1, flags=re.M)
        (content / "modules" / f"{id}.toml").write_text(own, encoding="utf-8")
        cells = re.sub(r'\\"m1\\"', f'\\\\"{id}\\\\"', notebook)
        (course / "notebooks" / f"{id}-part.ipynb").write_text(cells, encoding="utf-8")
    text = (content / "course.toml").read_text(encoding="utf-8")
    text = re.sub(r"^modules = .*", f"modules = {json.dumps(ids)}", text, flags=re.M)
    (content / "course.toml").write_text(text, encoding="utf-8")
    return course


def growth(folder: Path) -> None:
    """CPU seconds with few and with many parts; each part is a page, and has a check on a page of its own."""
    code = (
        "import sys; from pathlib import Path; from safekeeping.library import Course, Library;"
        "from safekeeping.publish.site import site; root = Path(sys.argv[1]);"
        "site(Library(root / 'content'), Course(root), Path(sys.argv[2]))"
    )

    def make(count: int) -> float:
        target = folder / f"site-{count}"
        shutil.rmtree(target, ignore_errors=True)
        return run([PYTHON, "-c", code, str(courses[count]), str(target)]).cpu

    courses = {count: wider(folder, count) for count in (FEW, MANY)}
    found = take_turns({str(count): partial(make, count) for count in courses}, ROUNDS)
    row = beside(f"{MANY} parts", found[str(MANY)], found[str(FEW)], MOST_GROWTH)
    table("CPU seconds by the number of parts", ["what", "ours", f"{FEW} parts", "ratio", "must be", ""], [row])


def weights(pages: dict[str, str]) -> None:
    """Bytes of each part after gzip, beside the foundation's formula; a page is one request."""
    rows = []
    for name, html in sorted(pages.items()):
        if name.startswith("part-"):
            most = min(150 * KB, 25 * KB + 1.3 * packed(plain_text(html)))
            word = "reached" if packed(html) <= most else "NOT REACHED"
            rows.append([name, f"{len(html.encode()):,}", f"{packed(html):,}", f"at most {most:,.0f}", word])
    others = [packed(html) for name, html in pages.items() if not name.startswith("part-")]
    rows.append(["the others", "", spread(others, 0), "", ""])
    rows.append(["all pages", f"{sum(len(html.encode()) for html in pages.values()):,}", "", "", ""])
    table("Bytes of the pages, one request each", ["page", "raw", "gzip", "gzip must be", ""], rows)


def same_questions(folder: Path) -> str:
    """The questions of a check with one right answer, as a notebook with jupyterquiz by stock nbconvert."""
    import nbformat

    from safekeeping import exercises
    from safekeeping.library import built_in

    check = exercises.check(built_in(), "m5")
    questions = [
        {
            "question": check.text[f"{item['id']}.stem"],
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": check.text[f"{item['id']}.{option}.text"],
                    "correct": bool(item["marks"][option]["points"]),
                    "feedback": check.text[f"{item['id']}.{option}.rationale"],
                }
                for option in item["options"]
            ],
        }
        for item in check.table["items"]
        if item["type"] == "MC"
    ]
    wheels = CACHE / QUIZ
    if not list(wheels.glob("*.whl")):
        run([PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), QUIZ])
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "quiz")
    source = f"from jupyterquiz import display_quiz\ndisplay_quiz({questions!r})"
    path = folder / "questions.ipynb"
    cells = [nbformat.v4.new_markdown_cell("# Questions"), nbformat.v4.new_code_cell(source)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    before = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(folder / "quiz"), before])
    try:
        run([PYTHON, "-m", "jupyter", "nbconvert", "--to", "html", "--execute", "--no-input", str(path)])
    finally:
        os.environ["PYTHONPATH"] = before
    return path.with_suffix(".html").read_text(encoding="utf-8")


def on_a_phone(pages: dict[str, str], folder: Path) -> None:
    """Seconds until the first choice of part 5 and until the first question of its check, on the slow phone."""
    served_pages = {
        "part-5.html": pages["part-5.html"],
        "widgets.html": with_local_addresses(make_peer(folder)),
        "check-5.html": pages["check-5.html"],
        "jupyterquiz.html": with_local_addresses(same_questions(folder)),
    }
    raw = {name: html.encode() for name, html in served_pages.items()}
    with served(raw) as (address, shelf), chromium() as browser:

        def open_(name: str) -> float:
            more = () if name in ("part-5.html", "widgets.html") else (FIRST_ANSWER,)
            seen = visit(browser, address, name, shelf, PHONE, *more)
            if seen.outside and name in pages:
                raise NotMeasured(f"{name} asked for something outside.")
            return seen.choice

        found = take_turns({name: partial(open_, name) for name in served_pages}, ROUNDS)
    rows = [
        beside("first choice, part 5", found["part-5.html"], found["widgets.html"], MOST_CHOICE),
        beside("first question, check 5", found["check-5.html"], found["jupyterquiz.html"], MOST_ANSWER),
    ]
    head = ["what", "ours", "widget manager; jupyterquiz", "ratio", "must be", ""]
    table("Seconds on the slow phone until a person can answer", head, rows)
    sizes = {name: packed(html) for name, html in served_pages.items()}
    print(f"\nBytes after gzip: {', '.join(f'{name} {size:,}' for name, size in sizes.items())}.")
    print("What the peers would fetch for formulas and diagrams is refused at once and costs them nothing.")


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        run(site(folder / "site"))
        pages = {path.name: path.read_text(encoding="utf-8") for path in (folder / "site").glob("*.html")}
        weights(pages)
        cost_of_making(folder)
        growth(folder)
        on_a_phone(pages, folder)


if __name__ == "__main__":
    program(main)
