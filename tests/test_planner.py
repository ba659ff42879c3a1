"""The planning notebook: what is typed is kept at once, mistakes are told in a sentence, one button makes the pack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from html_reader import parse, visible
from safekeeping import plans
from safekeeping.library import Library, course
from safekeeping.opening import copy_course
from safekeeping.publish import pieces
from safekeeping.publish.local import LINES, read_local
from safekeeping.publish.planner import FILE, Planner
from safekeeping.publish.timeline import timeline

TODAY = date(2026, 11, 22)
NOTEBOOK = course().facilitator / "plan-a-workshop.ipynb"


@pytest.fixture
def one(tmp_path: Path) -> Planner:
    """A planner in an empty folder."""
    return Planner(tmp_path, course(), TODAY)


def widgets(box: Any) -> Iterator[Any]:
    """Every field of the form, in order."""
    for child in box.children:
        yield child
        if hasattr(child, "children"):
            yield from widgets(child)


def test_every_field_has_a_visible_label(one: Planner) -> None:
    """No control without words; no two with the same."""
    labels = [child.description for child in widgets(one.box) if hasattr(child, "description") and child.description]
    fields = [child for child in widgets(one.box) if "value" in child.keys and type(child).__name__ != "HTML"]
    assert all(field.description for field in fields)
    assert len(labels) - len(set(labels)) <= 1, "only the button and its bar share theirs"
    assert len(fields) > 30


def test_what_is_typed_is_there_after_the_kernel_was_restarted(one: Planner, tmp_path: Path) -> None:
    """A second planner on the same folder shows the same."""
    one.fields["audience"].value, one.fields["form"].value = "hospitality", "60"
    one.fields["place"].value, one.fields["people"].value = "Riverside Inn", 14
    one.fields["date"].value = date(2026, 12, 4)
    line = one.fields["lines"]["report-line"]
    line["number"].value, line["confirmed_by"].value = "555-0100 x12", "night manager"
    line["confirmed_on"].value = date(2026, 11, 20)
    one.fields["contacts"]["nhth"].value = date(2026, 11, 1)
    again = Planner(tmp_path, course(), TODAY)
    assert again.plan_id == "hospitality-60"
    assert (again.fields["place"].value, again.fields["people"].value) == ("Riverside Inn", 14)
    assert again.fields["date"].value == date(2026, 12, 4)
    assert again.fields["lines"]["report-line"]["number"].value == "555-0100 x12"
    assert again.fields["contacts"]["nhth"].value == date(2026, 11, 1)
    card = read_local(tmp_path / FILE, TODAY)
    (kept,) = card.lines
    assert kept.confirmed(TODAY)


def test_a_mistake_is_told_and_the_rest_is_kept(one: Planner, tmp_path: Path) -> None:
    """The file can always be read again."""
    one.fields["place"].value = "Library"
    one.fields["lines"]["police"]["number"].value = "555-O1"
    assert 'role="alert"' in one.told.value and "the letter" in one.told.value
    one.fields["starts"].value = "late"
    one.fields["contacts"]["nhth"].value = date(2026, 11, 23)
    card = read_local(tmp_path / FILE, TODAY)
    assert (card.place, card.starts, card.confirmed, card.lines) == ("Library", "", {}, ())
    one.fields["lines"]["police"]["number"].value = "555-0101"
    one.fields["starts"].value = "18:30"
    one.fields["contacts"]["nhth"].value = None
    assert 'role="status"' in one.told.value
    assert read_local(tmp_path / FILE, TODAY).starts == "18:30"


def test_a_file_that_somebody_broke_is_told_and_never_overwritten(tmp_path: Path) -> None:
    """Nothing of it is lost."""
    (tmp_path / FILE).write_text("format = 1\nplace = ", encoding="utf-8")
    broken = Planner(tmp_path, course(), TODAY)
    (told,) = broken.box.children
    assert FILE in told.value and "run this cell again" in told.value
    assert (tmp_path / FILE).read_text(encoding="utf-8") == "format = 1\nplace = "


def test_the_button_makes_the_pack_with_progress(
    one: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says what is missing."""
    monkeypatch.setattr(pieces, "OWN", {"materials.pdf": lambda job: job.local.place.encode()})
    monkeypatch.setattr(pieces, "printed", lambda job: {})
    one.fields["place"].value = "Riverside Inn"
    one.make()
    assert (tmp_path / "pack-general-90" / "materials.pdf").read_bytes() == b"Riverside Inn"
    assert "Done: the folder pack-general-90" in one.told.value
    assert one.bar.value == one.bar.max


def test_a_pack_that_cannot_be_made_is_one_sentence(one: Planner, tmp_path: Path) -> None:
    """No traceback in a notebook."""
    (tmp_path / "pack-general-90").mkdir()
    (tmp_path / "pack-general-90" / "letter.txt").write_text("x", encoding="utf-8")
    one.make()
    assert 'role="alert"' in one.told.value and "letter.txt" in one.told.value


def test_the_picture_of_the_agenda_has_a_table_that_tells_the_same() -> None:
    """Every step with its minutes and its load; the time of day if the start is known."""
    words = Library().words("planner")
    for name in ("educators-90", "general-6x60"):
        plan = plans.plan(Library(), course(), name)
        place = parse(timeline(plan, words, "18:30"))
        tables = place.find("table")
        assert len(tables) == len(plan.sessions)
        for table, session in zip(tables, plan.sessions, strict=True):
            rows = [[cell.text for cell in row.find("td")] for row in table.find("tr")[1:]]
            assert [row[2] for row in rows] == [step.title for step in session.steps]
            assert [int(row[4]) for row in rows] == [step.planned for step in session.steps]
            assert rows[0][1] == "18:30"
        (picture,) = place.find("svg")
        assert picture.has["role"] == "img" and picture.has["aria-label"]


def test_a_title_with_marks_stays_text_in_the_picture() -> None:
    """Plans are files that anyone may write."""
    from dataclasses import replace

    plan = plans.plan(Library(), course(), "educators-60")
    session = replace(plan.sessions[0], title="<script>alert(1)</script>")
    html = timeline(replace(plan, sessions=(session,), title='"><b>x'), Library().words("planner"))
    assert "<script" not in html and "<b>" not in html
    assert "alert(1)" in visible(parse(html))


def test_the_notebook_is_stored_as_the_others_are() -> None:
    """No outputs, hidden source, readable ids, one line of code."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    (code,) = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code["outputs"] == [] and code["execution_count"] is None
    assert code["metadata"]["jupyter"]["source_hidden"]
    assert "".join(code["source"]).count("\n") == 0


def test_a_facilitators_folder_gets_the_notebooks_for_a_workshop(tmp_path: Path) -> None:
    """A learner's does not: they would only confuse."""
    assert NOTEBOOK.name not in copy_course(tmp_path / "learner")
    assert {NOTEBOOK.name, "evaluate-a-workshop.ipynb"} <= set(copy_course(tmp_path / "facilitator", facilitator=True))
    (tmp_path / "facilitator" / NOTEBOOK.name).write_text("mine", encoding="utf-8")
    assert copy_course(tmp_path / "facilitator", facilitator=True) == []
    assert (tmp_path / "facilitator" / NOTEBOOK.name).read_text(encoding="utf-8") == "mine"
    assert len(LINES) == len(set(LINES))
