"""The certificate says who was there, for how long, from which parts, and honestly what it is not."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from paper import HOSTILE, job_of, one_line, sound, text_of
from safekeeping.publish.local import LocalCard
from safekeeping.publish.print import certificate, workbook


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
    job = job_of("educators-90", local=LocalCard(organisation=HOSTILE))
    raw = certificate.certificate(job, name="Ada #read <b>")
    text = text_of(raw, tmp_path)
    assert "Ada #read <b>" in text and one_line(HOSTILE) in text
    assert job.library.words("attendance")["stays"] not in text
    with pikepdf.open(io.BytesIO(raw)) as document:
        assert "Ada" not in str(dict(document.docinfo))
        assert b"Ada" not in document.Root.Metadata.read_bytes()


def test_it_is_sound_and_the_same_each_time(tmp_path: Path) -> None:
    """Tagged, titled, fonts inside."""
    job = replace(job_of("educators-90"), paper="a4")
    raw = certificate.certificate(job)
    sound(raw, job.library.words("attendance")["title"], tmp_path)
    assert certificate.certificate(job) == raw
