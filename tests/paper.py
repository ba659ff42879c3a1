"""What the tests of printed pieces share: the job of a plan, and a PDF's words in the order of its file."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf

from safekeeping import plans
from safekeeping.library import built_in, course
from safekeeping.publish.job import Job

TODAY = date(2026, 11, 22)
HOSTILE = '#read("/etc/passwd") $x$ *bold* @ref \\ <a> #panic()'


def job_of(name: str, **more: Any) -> Job:
    """The job of a plan of the real course."""
    library, where = built_in(), course()
    plan = plans.plan(library, where, name)
    audience = plans.audiences(where)[plan.audience]
    return replace(Job(library=library, course=where, plan=plan, audience=audience, today=TODAY), **more)


def text_of(raw: bytes, folder: Path) -> str:
    """The words of a PDF in the order of its file, on one line and without the feet of its pages."""
    path = folder / "made.pdf"
    path.write_bytes(raw)
    made = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    body = re.sub(r"^Safekeeping .*CC BY 4\.0.*$|^Page \d+ of \d+$", "", made.stdout, flags=re.M)
    return " ".join(re.sub(r"(?<=\w)-\n", "-", body).split())


def pages_of(raw: bytes, folder: Path) -> list[str]:
    """The words of each page of a PDF, on one line, with its foot."""
    path = folder / "pages.pdf"
    path.write_bytes(raw)
    made = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    return [one_line(re.sub(r"(?<=\w)-\n", "-", page)) for page in made.stdout.split("\f")[:-1]]


def one_line(text: str) -> str:
    """A text with single spaces, as `text_of` gives it."""
    return " ".join(text.split())


def sound(raw: bytes, title: str, folder: Path) -> None:
    """Assert that a PDF is tagged, titled, in a language, and carries every font that it uses."""
    path = folder / "sound.pdf"
    path.write_bytes(raw)
    with pikepdf.open(path) as document:
        root = document.Root
        assert "/StructTreeRoot" in root and bool(root.MarkInfo.Marked) and str(root.Lang) == "en"
        assert title in str(document.docinfo["/Title"])
    rows = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert rows and all("Source" in row and " yes yes yes " in re.sub(r" +", " ", row) for row in rows)


def sizes(raw: bytes) -> set[float]:
    """The sizes of all letters, in points."""
    found = set()
    with pikepdf.open(io.BytesIO(raw)) as document:
        for page in document.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    found.add(round(float(operands[1]), 1))
    return found


def colliding(raw: bytes, folder: Path) -> list[str]:
    """Pairs of words of a PDF that stand on one another, and words that reach over the edge of their page."""
    path = folder / "words.pdf"
    path.write_bytes(raw)
    made = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    raw_text = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    known = set(raw_text.split())  # in the order of the file words stay apart that on the page have run into one
    found = []
    for page in made.split("<page ")[1:]:
        wide, high = (float(one) for one in re.findall(r'width="([\d.]+)" height="([\d.]+)"', page)[0])
        rows = re.findall(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>', page)
        words = sorted((float(y), float(x), float(right), float(low), text) for x, y, right, low, text in rows)
        every = [unescape(text) for *_, text in words]
        found += [f"{one} in one" for one in every if one not in known and any(
            one[:i] in known and one[i:] in known for i in range(2, len(one) - 1)
        )]  # fmt: skip
        for place, (y, x, right, low, text) in enumerate(words):
            if x < 0 or y < 0 or right > wide or low > high:
                found.append(f"{text} over the edge")
            for other_y, other_x, other_right, _, other in words[place + 1 :]:
                if other_y >= y + (low - y) / 2:
                    break  # a lower line: tight lines may touch
                if min(right, other_right) - max(x, other_x) > 1:
                    found.append(f"{text} on {other}")
    return found
