"""The certificate says who was there, for how long, from which parts, and honestly what it is not."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from paper import HOSTILE, job_of, one_line, sound, text_of
from safekeeping.publish.local import LocalCard
from safekeeping.publish.names import LONGEST, Name, NamesError
from safekeeping.publish.print import certificate, workbook
from safekeeping.publish.typeset import TypesetError


@pytest.mark.parametrize("name", ["educators-90", "general-6x60"])
@pytest.mark.parametrize("large", [False, True])
def test_it_names_minutes_parts_and_limits_on_one_page(name: str, large: bool, tmp_path: Path) -> None:
    """Whatever the plan; and the label about review stands on it."""
    job = job_of(name, large_print=large)
    raw = certificate.certificate(job)
    text, words = text_of(raw, tmp_path), job.library.words("attendance")
    assert words["text"].format(minutes=job.plan.minutes) in text and job.plan.title in text
    parts = [job.library.module(id) for id in workbook.modules(job)]
    numbers = ", ".join(str(one.number) for one in parts)  # in large print, where titles would fill the page
    assert numbers in text if large else all(one.title in text for one in parts)
    assert one_line(words["limits"]) in text and words["parts"] in text
    assert "no licence" in words["limits"] and "no continuing-education credit" in words["limits"]
    assert job.library.review_label() in text
    with pikepdf.open(io.BytesIO(raw)) as document:
        assert len(document.pages) == 1


def test_a_typed_name_is_text_and_stands_nowhere_else(tmp_path: Path) -> None:
    """Not in the file's own data, where a reader would not look for it."""
    job = job_of("educators-90", local=LocalCard(organisation=HOSTILE), names=(Name("Ada #read <b>"),))
    raw = certificate.certificate(job)
    text = text_of(raw, tmp_path)
    assert "Ada #read <b>" in text and one_line(HOSTILE) in text
    assert job.library.words("attendance")["stays"] not in text
    with pikepdf.open(io.BytesIO(raw)) as document:
        assert "Ada" not in str(dict(document.docinfo))
        assert b"Ada" not in document.Root.Metadata.read_bytes()


@pytest.mark.parametrize("large", [False, True])
def test_each_name_has_one_page_and_stays_inside_it(large: bool, tmp_path: Path) -> None:
    """Also the longest that is allowed, in one word or many; none counts the others in its foot."""
    typed = ["Ada", "Nguyễn Thị Ánh Nguyệt", "W" * LONGEST, "Maximiliana " * 8, HOSTILE[:LONGEST]]
    job = job_of("general-6x60", large_print=large, names=tuple(Name(" ".join(one.split())) for one in typed))
    raw = certificate.certificate(job)
    (tmp_path / "all.pdf").write_bytes(raw)
    with pikepdf.open(io.BytesIO(raw)) as document:
        assert len(document.pages) == len(typed)
        wide = float(document.pages[0].MediaBox[2])
    for number, name in enumerate(job.names, 1):
        words = ["pdftotext", "-f", str(number), "-l", str(number)]
        page = subprocess.run([*words, tmp_path / "all.pdf", "-"], check=True, capture_output=True, text=True).stdout
        assert name.text in " ".join(page.split())
        assert f"{number} of" not in page
    boxes = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "all.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert max(float(right) for right in re.findall(r'xMax="([0-9.]+)"', boxes)) < wide - 40


def test_a_name_in_any_writing_is_printed_or_told(tmp_path: Path) -> None:
    """Never as empty boxes: where no font of the computer has its letters, the list's line is named."""
    job = job_of("educators-90", names=(Name("Ada", 1), Name("שרה לוי", 2)))
    try:
        found = text_of(certificate.certificate(job), tmp_path)
    except NamesError as told:
        found = str(told)
    assert ("שרה" in found and "Ada" in found) or ("line 2:" in found and "line 1:" not in found)


def test_a_name_for_which_no_font_has_letters_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a computer without any other font; names that can be printed are not in the message."""

    def refuses(*args: object, **options: object) -> bytes:
        raise TypesetError("no letters")

    monkeypatch.setattr(certificate, "press", refuses)
    monkeypatch.setattr(certificate, "shows", lambda text: text == "Ada")
    with pytest.raises(NamesError, match=r'(?s)line 2: "Ida" has letters for which this computer has no font') as told:
        certificate.certificate(job_of("educators-90", names=(Name("Ada", 1), Name("Ida", 2))))
    assert "Ada" not in str(told.value)
    monkeypatch.setattr(certificate, "shows", lambda text: True)
    with pytest.raises(TypesetError, match="no letters"):
        certificate.certificate(job_of("educators-90", names=(Name("Ada", 1),)))


def test_it_is_sound_and_the_same_each_time(tmp_path: Path) -> None:
    """Tagged, titled, fonts inside."""
    job = replace(job_of("educators-90"), paper="a4")
    raw = certificate.certificate(job)
    sound(raw, job.library.words("attendance")["title"], tmp_path)
    assert certificate.certificate(job) == raw
