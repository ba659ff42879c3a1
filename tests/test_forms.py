"""Forms on a page, in a notebook, as a sheet: no key inside, nothing sent or stored, rows that a codebook explains."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import esprima
import pytest

from html_reader import parse, texts_of
from safekeeping import forms, front, instruments, lesson, widgets
from safekeeping.cli import main
from safekeeping.faults import WrongCall
from safekeeping.library import Library, built_in, course
from safekeeping.publish.output import OutputError
from safekeeping.publish.page import form as form_page
from safekeeping.publish.sheet import sheet
from safekeeping.records import texts

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Offline = Callable[..., tuple[Page, list[str]]]


def secrets(library: Library) -> list[str]:
    """Rationales and accurate sentences of everything that a form can hold."""
    found: list[str] = []
    for one in library.every("instrument"):
        for record in (one, *(library.get("item", id) for id in one.items)):
            found += [text for at, text in texts(record) if at.endswith((".rationale", ".accurate"))]
    return found


@pytest.fixture(scope="module")
def full_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The longest form, with everything that a form can hold."""
    path = tmp_path_factory.mktemp("form") / "questions.html"
    form_page(built_in(), course(), "post", path, letter="B", items=20, event="May, room 2")
    return path


@pytest.fixture(scope="module")
def short_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shortest form before the course."""
    path = tmp_path_factory.mktemp("form") / "questions.html"
    form_page(built_in(), course(), "pre", path)
    return path


# --- what it holds ---------------------------------------------------------------------------------------------------


def test_no_key_rationale_or_accurate_sentence_is_in_the_page(full_page: Path) -> None:
    """Neither as text nor as a mark in the table; the words of the options are there, so the search works."""
    html = full_page.read_text(encoding="utf-8")
    shown = parse(html).text
    assert [one for one in secrets(built_in()) if one in shown] == []
    blocks = parse(html).find("script", type="application/json")
    (table,) = [json.loads(one.text) for one in blocks if '"header"' in one.text]
    assert not {"key", "marks", "points", "reverse", "case", "report", "accurate", "anchor"} & set(keys_in(table))
    item = built_in().get("item", built_in().get("instrument", "kn-b").items[0])
    assert all(option.text in shown for option in item.options)


def keys_in(value: Any) -> list[str]:
    """Every key of plain data."""
    if isinstance(value, dict):
        return [*value, *(key for one in value.values() for key in keys_in(one))]
    return [key for one in value for key in keys_in(one)] if isinstance(value, list) else []


def test_a_planted_rationale_would_be_found(full_page: Path) -> None:
    """The search above is awake."""
    html = full_page.read_text(encoding="utf-8").replace("</main>", f"<p>{secrets(built_in())[0]}</p></main>")
    assert [one for one in secrets(built_in()) if one in parse(html).text]


def test_the_readable_form_holds_every_text_once(toy: Library) -> None:
    """Pages read their words from it, and it can be printed."""
    made = forms.form(toy, "pre")
    held = texts_of(parse(made.form()))
    assert dict(held) == made.text
    assert len(held) == len(made.text)


def test_letters_of_the_form_stand_as_letters_on_paper(toy: Library) -> None:
    """The same letters as in the codebook."""
    made = forms.form(toy, "pre")
    assert made.table["parts"][0]["questions"][0]["letters"] == ["A", "B"]
    assert '<ol type="A">' in made.form()


def test_every_word_of_a_form_is_used_and_every_used_word_exists() -> None:
    """A missing word would be an empty button; a spare one, work for translators."""
    script = (Path(front.__file__).parent / "form.js").read_text(encoding="utf-8")
    python = Path(forms.__file__).read_text(encoding="utf-8")
    have = {key for key in built_in().words("test-form") if not key.startswith("role-")}
    quoted = {token.value[1:-1] for token in esprima.tokenize(script) if token.type == "String"}
    asked = set(re.findall(r'sayOf\(set, "([\w-]+)"', script))
    asked |= {f"code-wrong-{kind}" for kind in ("letter", "two-digits", "number")}
    assert asked <= have
    assert sorted(key for key in have if key not in asked | quoted and f'"{key}"' not in python) == []


@pytest.mark.parametrize("event", ["=1+1", "@x", "+1", "a\nb", "x" * 61, '"', "<b>"])
def test_an_event_that_a_table_would_take_for_a_formula_is_refused(event: str, toy: Library) -> None:
    """It goes into a sheet that others open."""
    with pytest.raises(WrongCall, match="begin with a letter or a digit"):
        forms.form(toy, "pre", event=event)


def test_a_person_alone_gets_another_form_each_next_time(toy: Library) -> None:
    """A, then B, then B, then A; and the shortest."""
    assert [forms.usual_letter(wave) for wave in ("pre", "post", "follow-30", "follow-90")] == ["A", "B", "B", "A"]
    assert forms.form(built_in(), "post").id == "post-b-5"


# --- in a notebook ---------------------------------------------------------------------------------------------------


def test_a_notebook_shows_a_form_and_never_hears_the_answers(in_toy: Library) -> None:
    """A widget without a key; what is answered never reaches Python, so it can be kept nowhere."""
    shown = lesson.form("pre", letter="B", items=1, event="May")
    assert shown.exercise.id == "pre-b-1" and shown.table["row"]["event"] == "May"
    assert shown.payload == {"call": "form", "args": ["pre", "B", "1", "May"]}
    assert "ex.say" not in (Path(front.__file__).parent / "form.js").read_text(encoding="utf-8")
    assert isinstance(shown, widgets.Live) and shown._esm == front.text("form.js")


@pytest.mark.parametrize(("wave", "options"), [("pree", {}), ("pre", {"letter": "D"}), ("pre", {"items": "1"})])
def test_a_wrong_form_is_refused_in_one_sentence(in_toy: Library, wave: str, options: dict[str, Any]) -> None:
    """A slip in a cell is no traceback."""
    with pytest.raises(WrongCall):
        lesson.form(wave, **options)


# --- on a page -------------------------------------------------------------------------------------------------------


def opened(offline: Offline, path: Path) -> Page:
    page, _ = offline()
    page.goto(path.as_uri())
    return page


def test_a_row_is_given_as_a_file_and_the_codebook_explains_it(
    offline: Offline, full_page: Path, page_errors: Callable[[Page], list[str]]
) -> None:
    """From file://, under the page's own policy, with no request; every answered cell is a value of its column."""
    page, refused = offline()
    errors = page_errors(page)
    page.goto(full_page.as_uri())
    answers = walk(page)
    with page.expect_download() as given:
        page.get_by_role("button", name="Keep my answers").click()
    assert given.value.suggested_filename == "answers.csv"
    head, row = csv.reader(io.StringIO(Path(given.value.path()).read_text(encoding="utf-8")))
    ids = instruments.parts(built_in(), "post", "B", 20)
    assert head == instruments.header(built_in(), ids)
    cells = dict(zip(head, row, strict=True))
    assert (cells["event"], cells["wave"], cells["form"], cells["length"]) == ("May, room 2", "post", "B", "20")
    assert date.fromisoformat(cells["date"]).weekday() == 0
    assert [cells[f"code_{n}"] for n in range(1, 8)] == ["K", "07", "7", "K", "07", "K", "K"]
    for one in instruments.codebook(built_in(), ids)["instruments"]:
        for column in one["columns"]:
            cell = cells[column["column"]]
            if column["type"] == "choice":
                assert cell in {*column["values"], "?"}
            elif column["type"] == "rating":
                assert column["least"] <= int(cell) <= column["most"]
            else:
                assert cell in ("0", "1")
    assert answers > 80
    assert (refused, errors) == ([], [])


def walk(page: Page) -> int:
    """Answer everything, in turn with another option, and come to the end; returns how many groups there were."""
    count = 0
    page.get_by_role("button", name="Begin", exact=True).click()
    while True:
        for group in page.locator(".sk-body fieldset").all():
            inputs = group.locator("input")
            inputs.nth(count % inputs.count()).check(force=True)
            count += 1
        for place, field in enumerate(page.locator("input.sk-element").all()):
            field.fill("7" if place in (1, 2, 4) else "k")
        go = page.get_by_role("button", name="Go on", exact=True)
        if not go.count():
            return count
        go.click()


def test_every_question_may_be_left_out_and_an_answer_taken_back(offline: Offline, short_page: Path) -> None:
    """Voluntary means that too: nothing is asked twice, and the file has empty cells."""
    page = opened(offline, short_page)
    page.get_by_role("button", name="Begin", exact=True).click()
    first = page.locator(".sk-body fieldset").first
    first.locator("input").first.check(force=True)
    first.get_by_role("button", name="Clear").click()
    assert first.locator("input:checked").count() == 0
    while page.get_by_role("button", name="Go on", exact=True).count():
        page.get_by_role("button", name="Go on", exact=True).click()
    assert "0 of 5" in page.locator(".sk-body").inner_text()
    with page.expect_download() as given:
        page.get_by_role("button", name="Keep my answers").click()
    head, row = csv.reader(io.StringIO(Path(given.value.path()).read_text(encoding="utf-8")))
    filled = {column for column, cell in zip(head, row, strict=True) if cell}
    assert filled == {"wave", "form", "length", "date"}


def test_answers_stay_while_going_back_and_can_be_copied(offline: Offline, short_page: Path) -> None:
    """Back and forth loses nothing; the list for paper shows numbers and letters."""
    page = opened(offline, short_page)
    page.get_by_role("button", name="Begin", exact=True).click()
    groups = page.locator(".sk-body fieldset")
    groups.nth(0).locator("input").nth(2).check(force=True)
    groups.nth(1).locator("input").nth(3).check(force=True)
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("button", name="Back", exact=True).click()
    assert page.locator(".sk-body fieldset").nth(0).locator("input").nth(2).is_checked()
    while page.get_by_role("button", name="Go on", exact=True).count():
        page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_text("Or copy them onto paper").click()
    copied = page.locator(".sk-copied").first.inner_text().replace("\u00a0", " ")
    assert copied.startswith("1: C") and "2: ?" in copied and "3: –" in copied


def test_a_code_that_does_not_fit_is_told_and_nothing_is_lost(offline: Offline, short_page: Path) -> None:
    """One calm sentence in the status line; the field is marked and has the focus."""
    page = opened(offline, short_page)
    page.get_by_role("button", name="Begin", exact=True).click()
    while not page.locator("input.sk-element").count():
        page.get_by_role("button", name="Go on", exact=True).click()
    page.locator("input.sk-element").nth(1).fill("x")
    page.get_by_role("button", name="Go on", exact=True).click()
    assert "two digits" in page.locator(".sk-status").inner_text()
    assert page.locator("input.sk-element").nth(1).get_attribute("aria-invalid") == "true"
    assert page.evaluate("document.activeElement === document.querySelectorAll('input.sk-element')[1]")


def test_nothing_is_stored_and_leave_now_takes_the_answers_along(offline: Offline, short_page: Path) -> None:
    """No storage of any kind; the page is empty afterwards."""
    page = opened(offline, short_page)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.locator(".sk-body input").first.check(force=True)
    assert page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    page.locator("a.sk-leave").click()
    page.wait_for_url("about:blank")


def test_no_step_of_a_form_has_a_fault_that_axe_can_find(offline: Offline, full_page: Path, axe: Any) -> None:
    """Each kind of question, the code and the end."""
    page = opened(offline, full_page)
    assert axe(page) == []
    page.get_by_role("button", name="Begin", exact=True).click()
    while True:
        assert axe(page) == []
        go = page.get_by_role("button", name="Go on", exact=True)
        if not go.count():
            break
        go.click()


def test_a_form_fits_a_small_phone(offline: Offline, short_page: Path) -> None:
    """No sideways scroll at 320 pixels, also in front of a scale from 0 to 10."""
    page = opened(offline, short_page)
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("button", name="Begin", exact=True).click()
    while True:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        go = page.get_by_role("button", name="Go on", exact=True)
        if not go.count():
            break
        go.click()


def test_what_draws_a_form_is_on_its_own_page_alone() -> None:
    """A part without a form carries none of it."""
    assert "answers.csv" in front.text("form-page.js", classic=True)
    assert "answers.csv" not in front.text("host.js", classic=True)


# --- the command and the sheet ---------------------------------------------------------------------------------------


def test_the_command_writes_a_page_and_refuses_a_wrong_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0 and 2, one sentence each."""
    assert main(["form", "pre", "--form", "A", "--length", "8", "-o", str(tmp_path / "q.html")]) == 0
    assert main(["form", "pre", "--form", "A", "--length", "9", "-o", str(tmp_path / "r.html")]) == 2
    assert "5, 8, 12, 20" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


def test_a_sheet_takes_both_forms_and_has_its_codebook_beside_it(tmp_path: Path) -> None:
    """The header of A and of B side by side, no row, no key."""
    sheet(built_in(), "pre", tmp_path / "responses.csv", items=5)
    (head,) = csv.reader(io.StringIO((tmp_path / "responses.csv").read_text(encoding="utf-8")))
    assert head == instruments.header(built_in(), ["kn-a5", "kn-b5"])
    book = json.loads((tmp_path / "codebook.json").read_text(encoding="utf-8"))
    assert book == instruments.codebook(built_in())


def test_a_sheet_with_answers_is_never_written_over(tmp_path: Path) -> None:
    """Weeks of answers must not go in one command; an empty one of ours may be made again."""
    target = tmp_path / "responses.csv"
    sheet(built_in(), "pre", target)
    sheet(built_in(), "pre", target)
    target.write_text(target.read_text(encoding="utf-8") + "x,pre\n", encoding="utf-8")
    before = target.read_bytes()
    with pytest.raises(OutputError, match="holds something else"):
        sheet(built_in(), "pre", target)
    assert target.read_bytes() == before
    (tmp_path / "codebook.json").write_text('{"mine": 1}', encoding="utf-8")
    with pytest.raises(OutputError, match=re.escape("codebook.json")):
        sheet(built_in(), "pre", tmp_path / "new.csv")


def test_a_form_page_says_that_it_was_not_reviewed(short_page: Path) -> None:
    """On every cover."""
    assert built_in().review_label() in parse(short_page.read_text(encoding="utf-8")).text
