"""Gives our questions to programs of others and compares what they make of them. Run by hand, no part of the suite:

    python tests/peers/lms_peers.py            every question of the course
    python tests/peers/lms_peers.py m5         those of one part; a folder behind it receives pictures

It needs Node.js with npm, a Chromium, and the test extras. It fetches from npm, once, into the temporary folder:
gift-pegjs (a grammar of GIFT), @citolab/qti-convert and @citolab/qti-components (a player of QTI 3).

A player of QTI 1.2 is on no index. So the questions go a longer way, none of it ours: pyslet reads our 1.2 and writes
2.1, qti-convert makes 3.0 of it, and the player draws it, takes an answer, and marks it. Every answer of every choice
is given, and for matching the right ones and then one wrong. The part of pyslet that writes 2.1 was made for Python 2;
a copy is used in which ``x.next()`` is written ``next(x)``.

Ends with 0 if every program agrees with us, and with 1 and a list if not.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyslet  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "toolkit"), str(ROOT / "tests")]


from safekeeping.library import built_in, course  # noqa: E402
from safekeeping.publish.lms import gift, qti  # noqa: E402
from safekeeping.publish.lms.question import Choice, Essay, Match, Question, Quiz, quizzes  # noqa: E402
from safekeeping.publish.lms.tree import written  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

PACKAGES = {"gift-pegjs": "1.0.2", "@citolab/qti-convert": "0.3.52", "@citolab/qti-components": "7.27.4"}
CACHE = Path(tempfile.gettempdir()) / "safekeeping-lms-peers"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

READ_GIFT = """
import { parse } from "gift-pegjs";
import { readFileSync } from "node:fs";
console.log(JSON.stringify(parse(readFileSync(process.argv[2], "utf8"))));
"""
TO_QTI_2 = """
import sys, warnings
warnings.simplefilter("ignore")
import pyslet.imscpv1p2 as cp, pyslet.qtiv1.xml as qti
from pyslet.qtiv1 import assessment, common, core
assessment.Assessment.QTIAssessProcExtension = None  # a name that the reader misspells
core.QTIComment = common.QTIComment
for source, target in zip(sys.argv[1::2], sys.argv[2::2]):
    document = qti.QTIDocument()
    document.read(src=open(source, "rb").read())
    document.migrate_to_v2(cp.ContentPackage(target))
"""
PAGE = "<!doctype html><meta charset=utf-8><body><qti-item><item-container></item-container></qti-item></body>"
ITEM = "document.querySelector('item-container').shadowRoot.querySelector('qti-assessment-item')"
ANSWER = f"""([answers]) => {{
  const item = {ITEM};
  for (const [field, value] of answers) item.updateResponseVariable(field, value);
  item.processResponse();
  return Object.fromEntries(item.variables.map((one) => [one.identifier, one.value]));
}}"""


def main(names: list[str]) -> int:
    """Compare, and say what was compared."""
    library = built_in()
    pictures = Path(names[1]) if len(names) > 1 else None
    modules = [library.module(name) for name in names[:1] or library.course()["modules"]]
    every = quizzes(library, modules)
    npm()
    faults = [*compare_gift(every)]
    for cartridge in (False, True):
        faults += play(every, pictures, cartridge=cartridge)
    print("\n".join(faults) or "Every program agrees with us.")
    return 1 if faults else 0


def npm() -> None:
    """Have the packages in the temporary folder."""
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    if all((CACHE / "node_modules" / name / "package.json").is_file() for name in PACKAGES):
        return
    CACHE.mkdir(exist_ok=True)
    run(["npm", "install", "--silent", "--no-save", "--prefix", str(CACHE), *wanted])


def run(command: list[str], **more: Any) -> str:
    """Run a program; what it prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


# --- GIFT ----------------------------------------------------------------------------------------------------------


def compare_gift(every: list[Quiz]) -> Iterator[str]:
    """What a grammar of others reads, beside what we wrote."""
    (CACHE / "read.mjs").write_text(READ_GIFT, encoding="utf-8")
    library = built_in()
    raw = gift.made(library, course(), [one.module for one in every], "0" * 32)
    (CACHE / "all.txt").write_bytes(raw)
    found = json.loads(run(["node", "read.mjs", "all.txt"], cwd=CACHE))
    theirs = {one["id"]: one for one in found if one.get("id")}
    ours = [one for quiz in every for one in quiz.questions]
    print(f"gift-pegjs read {len(theirs)} questions in {sum(one['type'] == 'Category' for one in found)} categories.")
    if len(theirs) != len(ours):
        yield f"gift: {len(ours)} written, {len(theirs)} read"
    for one in ours:
        read = theirs[one.ident]
        wanted: Any = _gift_of(one)
        seen = _gift_seen(read)
        if seen != wanted:
            yield f"gift: {one.item}: {seen!s:.200} instead of {wanted!s:.200}"


def _gift_of(one: Question) -> Any:
    head = (one.item, "\n\n".join(one.stem), [one.objective])
    if isinstance(one, Choice):
        return "MC", *head, [(a.right, a.text, a.feedback) for a in one.answers]
    if isinstance(one, Match):
        pairs = [(row.text, one.labels[row.label]) for row in one.rows]
        used = {row.label for row in one.rows}
        pairs += [("", text) for id, text in one.labels.items() if id not in used]
        return "Matching", *head, pairs, "\n\n".join(one.feedback)
    return "Essay", *head


def _gift_seen(read: dict[str, Any]) -> Any:
    head = (read["type"], read["title"], read["stem"]["text"], read["tags"])
    if read["type"] == "MC":
        return *head, [(c["isCorrect"], c["text"]["text"], c["feedback"]["text"]) for c in read["choices"]]
    if read["type"] == "Matching":
        # This grammar forgets to put an escaped colon back on the right side; Moodle does not.
        pairs = [(pair["subquestion"]["text"], pair["subanswer"].replace("&&058;", ":")) for pair in read["matchPairs"]]
        return *head, pairs, read["globalFeedback"]["text"]
    return head


# --- QTI -----------------------------------------------------------------------------------------------------------


def play(every: list[Quiz], pictures: Path | None, *, cartridge: bool) -> list[str]:
    """Answer each question in the player; what it marked otherwise than we do."""
    from playwright.sync_api import sync_playwright

    script = (CACHE / "node_modules/@citolab/qti-components/cdn/index.global.js").read_text(encoding="utf-8")
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    faults, count, answers = [], 0, 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        files = converted(every, Path(folder), cartridge=cartridge)
        chromium = player.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 700, "height": 900})
        page.set_content(PAGE)
        page.add_script_tag(content=script)
        for quiz in every:
            for one in quiz.questions:
                for question in one.choices() if cartridge and isinstance(one, Match) else (one,):
                    count += 1
                    for given, score, shown in tries(question):
                        answers += 1
                        found = answered(page, files[question.ident], question.ident, given)
                        told = set(map(str, found["FEEDBACK"] or []))
                        if abs(float(found.get("SCORE") or 0) - score) > 0.1 or not shown <= told:
                            faults.append(f"player: {question.item}, {given}: {found} instead of {score} and {shown}")
                    if pictures and count % 10 == 1:
                        pictures.mkdir(exist_ok=True)
                        page.screenshot(path=pictures / f"{'cartridge' if cartridge else 'canvas'}-{question.item}.png")
        chromium.close()
    print(f"The player took {answers} answers to {count} questions ({'cartridge' if cartridge else 'Canvas'}).")
    return faults


def tries(one: Question) -> Iterator[tuple[list[list[str]], float, set[str]]]:
    """What to answer, what it must score, and which feedback must be shown."""
    if isinstance(one, Choice):
        for answer in one.answers:
            told = {f"a-{answer.id}_fb"} if answer.feedback else set()
            yield [["response1", f"a-{answer.id}"]], 100.0 * answer.right, told
    elif isinstance(one, Match):
        right = [[f"response_a-{row.id}", f"a-{row.label}"] for row in one.rows]
        yield right, 100.0, {"general_fb"}
        wrong = next(id for id in one.labels if id != one.rows[0].label)
        yield [[right[0][0], f"a-{wrong}"], *right[1:]], 100.0 - 100.0 / len(one.rows), {"general_fb"}
    elif isinstance(one, Essay):
        yield [["response1", "Some words."]], 0.0, {"general_fb"}


def answered(page: Page, path: Path, ident: str, given: list[list[str]]) -> dict[str, Any]:
    """Show a question afresh, give the answers, and read how it was marked."""
    for xml in ("", path.read_text(encoding="utf-8")):
        page.evaluate("(xml) => { document.querySelector('item-container').itemXML = xml }", xml)
    page.wait_for_function(f"{ITEM}?.identifier === {json.dumps(ident)} && {ITEM}.variables.length > 2")
    found: dict[str, Any] = page.evaluate(ANSWER, [given])
    return found


def converted(every: list[Quiz], folder: Path, *, cartridge: bool) -> dict[str, Path]:
    """QTI 3 of every question by its identifier, made by programs of others."""
    fixed = folder / "python" / "pyslet"
    shutil.copytree(Path(pyslet.__file__).parent, fixed, ignore=shutil.ignore_patterns("__pycache__"))
    for path in fixed.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\b(\w+)\.next\(\)", r"next(\1)", text), encoding="utf-8")
    words = []
    for quiz in every:
        source, target = folder / f"{quiz.ident}.xml", folder / "two" / quiz.ident
        source.write_bytes(written(qti.assessment(quiz, cartridge=cartridge)))
        target.parent.mkdir(exist_ok=True)
        words += [str(source), str(target)]
    run([sys.executable, "-c", TO_QTI_2, *words], env={"PYTHONPATH": str(fixed.parent)})
    program = CACHE / "node_modules/@citolab/qti-convert/dist/qti-convert-folder.mjs"
    run(["node", str(program), str(folder / "two")])
    return {path.stem: path for path in (folder / "two-qti3").rglob("sk-*.xml")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
