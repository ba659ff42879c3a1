"""What the tests of printed pieces share: the job of a plan, and a PDF's words in the order of its file."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import date
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
