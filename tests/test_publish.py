"""Exports of the toy course: everything in them once, and nothing that is not meant for the reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from answer_marks import key_marks, secrets_of
from conftest import use_course
from html_reader import parse, texts_of, visible, words
from safekeeping.faults import ContentError, SafekeepingError, WrongCall
from safekeeping.library import Course, Library
from safekeeping.publish import exporter, notebook
from safekeeping.publish.deck import deck
from safekeeping.publish.notes import read_notes
from safekeeping.publish.page import page

Make = Callable[..., Path]


def read(path: Path) -> str:
    """A file as text."""
    return path.read_text(encoding="utf-8")


# --- the toy course, exported ----------------------------------------------------------------------------------------


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, run_here: Callable[[Path], Any], fresh_lesson: Path, tmp_path: Path) -> Make:
    """Export the toy course, or a changed copy of it, with the real exporter: ``make("page", folder)``."""
    monkeypatch.setattr(notebook, "run", run_here)

    def made(kind: str, folder: Path, *, module: str = "t1", name: str = "", **options: bool) -> Path:
        content = Library(folder / "content", place="toyland")
        use_course(monkeypatch, content)
        monkeypatch.setattr("safekeeping.calls.course", lambda: Course(folder))
        target = tmp_path / (name or f"{kind}{len(options)}.html")
        {"page": page, "deck": deck}[kind](content, Course(folder), module, target, **options)
        return target

    return made


def test_the_toy_page_is_whole_and_well_formed(make: Make, toy_folder: Path) -> None:
    """Every cell but the start line and the set-up is there, once, in order."""
    place = parse(read(make("page", toy_folder)))
    ids = [one.has["id"] for one in place.find(css="sk-cell")]
    wanted = [cell["id"] for cell in json.loads(read(toy_folder / "notebooks" / "01-beds.ipynb"))["cells"]]
    assert ids == [id for id in wanted if id not in ("start-line", "setup")]
    assert len({one.has["id"] for one in place.every() if "id" in one.has}) == len(
        [1 for one in place.every() if "id" in one.has]
    )
    assert place.find("html")[0].has["lang"] == "en"
    assert len(place.find("h1")) == 1
    assert len(place.find("main")) == 1


def test_the_first_things_in_tab_order_are_leave_and_skip(make: Make, toy_folder: Path) -> None:
    """The control comes before everything else; the skip link follows."""
    links = parse(read(make("page", toy_folder))).find("a")
    assert [one.has.get("class") for one in links[:2]] == ["sk-leave", "sk-skip"]
    assert links[1].has["href"] == "#main"
    assert links[0].has["href"] in ("about:blank", "blank.html")


def test_the_title_of_a_page_says_nothing_to_a_passer_by(make: Make, toy_folder: Path) -> None:
    """It stays in history and on the tab."""
    for kind in ("page", "deck"):
        (title,) = parse(read(make(kind, toy_folder))).find("head")[0].find("title")
        assert title.text in ("Reading, part 1", "Slides, part 1")


def test_the_label_of_review_stands_on_every_cover(make: Make, toy_folder: Path) -> None:
    """Until a review says otherwise."""
    for kind, options in (("page", {}), ("deck", {}), ("deck", {"audience": True})):
        assert "Not yet externally reviewed" in visible(parse(read(make(kind, toy_folder, **options))))


def test_each_exercise_has_its_place_with_its_table(make: Make, toy_folder: Path) -> None:
    """By kind and id; the readable form is the data."""
    for kind in ("page", "deck"):
        places = parse(read(make(kind, toy_folder))).find(css="sk-exercise")
        assert [(one.has["data-exercise"], one.has["data-id"]) for one in places] == [
            ("care", "note-t1"),
            ("scenario", "dry-bed"),
            ("quiz", "bed-questions"),
            ("sort", "bed-sorting"),
            ("quiz", "bed-pair"),
        ]
        for one in places:
            (block,) = one.find("script")
            assert json.loads(block.text)["id"] in (one.has["data-id"], "t1")
            ids = [id for id, _ in texts_of(one)]
            assert len(ids) == len(set(ids))


def test_help_contacts_and_the_pause_are_text_that_waits_for_no_script(make: Make, toy_folder: Path) -> None:
    """They must be there at once, also on paper."""
    place = parse(read(make("page", toy_folder)))
    turn_to, pause = place.find(css="sk-still")
    assert "Not confirmed by us" in turn_to.text and "Name five things" in pause.text
    assert not turn_to.find("script") and not pause.find("script")
    (nav,) = place.find("nav")
    target = nav.find("a")[0].has["href"].removeprefix("#")
    assert [one for one in turn_to.every() if one.has.get("id") == target]


def test_an_export_of_the_same_things_is_not_made_again(
    make: Make, toy_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is run and nothing written; not a byte of the file changes."""
    path = make("page", toy_folder)
    before = path.read_bytes(), path.stat().st_mtime_ns

    def never(_path: Path) -> None:
        raise AssertionError("the notebook was run")

    monkeypatch.setattr(notebook, "run", never)
    make("page", toy_folder)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("content/scenarios/dry-bed.toml", "page"),
        ("content/figures/fig-bed.svg", "page"),
        ("notebooks/01-beds.ipynb", "page"),
        ("facilitator/notes/t1.toml", "deck"),
    ],
)
def test_a_change_in_anything_that_it_is_made_of_makes_it_again(
    make: Make, toy_copy: Path, file: str, kind: str
) -> None:
    """Content, drawings, notebooks, notes."""
    path = make(kind, toy_copy)
    before = path.stat().st_mtime_ns, path.read_bytes()
    edited = toy_copy / file
    edited.write_text(
        read(edited).replace("bed", "plot").replace("beds", "plots") + "\n", encoding="utf-8"
    ) if file.endswith("svg") else edited.write_text(read(edited) + "\n", encoding="utf-8")
    make(kind, toy_copy)
    assert (path.stat().st_mtime_ns, path.read_bytes()) != before


def test_an_edited_export_is_made_again(make: Make, toy_folder: Path) -> None:
    """What somebody wrote into it is replaced by what the course says."""
    path = make("page", toy_folder)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"Soil tells more", b"Leaves tell more"))
    make("page", toy_folder)
    assert path.read_bytes() == whole


def test_an_export_that_fails_leaves_the_earlier_one(make: Make, toy_copy: Path) -> None:
    """A slip in a notebook does not cost the page of yesterday."""
    path = make("page", toy_copy)
    whole = path.read_bytes()
    book = toy_copy / "notebooks" / "01-beds.ipynb"
    book.write_text(read(book).replace("dry-bed", "dry-bet"), encoding="utf-8")
    with pytest.raises(WrongCall):
        make("page", toy_copy)
    assert path.read_bytes() == whole
    assert not [one for one in path.parent.iterdir() if one.name.startswith(".")]


def test_the_part_before_the_first_is_exported_as_well(make: Make, toy_folder: Path) -> None:
    """It has no number, and its cover says so."""
    assert "Before you begin" in visible(parse(read(make("page", toy_folder, module="t0"))))


# --- decks -----------------------------------------------------------------------------------------------------------

NOTES = [
    "Say hello to the beds.",
    "Hand out gloves.",
    "Who has watered today?",
    "Look for wet shoes.",
    "Let the group choose.",
]


def test_slides_are_lead_cells_figures_and_exercises(make: Make, toy_folder: Path) -> None:
    """Prose stays in the notebook; minutes come from the notes."""
    slides = parse(read(make("deck", toy_folder))).find("section")
    assert [one.has["id"] for one in slides] == [
        f"slide-{id}"
        for id in ("title", "note", "turn-to", "beds", "share", "story", "questions", "sorting", "pair", "pause")
    ]
    assert [float(one.has["data-minutes"]) for one in slides] == [2, 0, 0, 0, 0, 3.5, 0, 0, 0, 0]


def test_notes_stand_in_the_facilitators_deck_alone(make: Make, toy_folder: Path) -> None:
    """Hidden beside their slide; not a word of them in any other export."""
    deck_html = read(make("deck", toy_folder))
    notes = parse(deck_html).find("aside", css="notes")
    assert [note for note in NOTES if note not in " ".join(one.text for one in notes)] == []
    assert all("hidden" in one.has for one in notes)
    for other in (make("deck", toy_folder, audience=True), make("page", toy_folder)):
        assert [note for note in NOTES if note in read(other)] == []
        assert not parse(read(other)).find("aside", css="notes")


def test_the_participants_deck_tells_no_answer(make: Make, toy: Library, toy_folder: Path) -> None:
    """Situation and options; no consequence, no feedback, no key mark, no table."""
    html = read(make("deck", toy_folder, audience=True))
    items = [id for one in toy.every("set") for id in one.items]
    text = visible(parse(html))
    assert "Where do you look first?" in text and "At the soil." in text
    secrets = secrets_of(toy, ["dry-bed"], items)
    assert len(secrets) > 40
    assert [one for one in secrets if one in text] == []
    assert not parse(html).find(css="sk-exercise")
    assert "authors chose" not in text
    assert key_marks(html) == []


def test_the_participants_deck_says_what_it_is(make: Make, toy_folder: Path) -> None:
    """So that the two are not mixed up."""
    assert "Copy for participants: without notes and answers" in visible(
        parse(read(make("deck", toy_folder, audience=True)))
    )
    assert "Copy for participants" not in visible(parse(read(make("deck", toy_folder))))


def test_no_section_stands_inside_a_slide(make: Make, toy_folder: Path) -> None:
    """The slide library would take it for a slide and make it inert."""
    for slide in parse(read(make("deck", toy_folder))).find("section"):
        assert len(slide.find("section")) == 1


def test_without_scripts_the_slides_are_readable(make: Make, toy_folder: Path) -> None:
    """The slide library's style is switched on by script only."""
    styles = parse(read(make("deck", toy_folder))).find("style")
    assert [one.has.get("media") for one in styles if one.has.get("id") == "sk-reveal"] == ["not all"]


def test_broken_notes_are_told_in_one_sentence(make: Make, toy_copy: Path) -> None:
    """With the file and the place in it."""
    path = toy_copy / "facilitator" / "notes" / "t1.toml"
    path.write_text(read(path).replace("say =", "sya ="), encoding="utf-8")
    with pytest.raises(ContentError, match=r"facilitator/notes/t1\.toml at note\[0\]\.sya") as caught:
        make("deck", toy_copy)
    assert caught.value.faults[0].remedy == 'Did you mean "say"?'


@pytest.mark.parametrize("raw", ["note = 1", "[note]\ncell = 'a'", "note = ['a']"])
def test_notes_of_another_shape_are_told_in_one_sentence(toy_copy: Path, raw: str) -> None:
    """`[note]` for `[[note]]` is a common slip."""
    (toy_copy / "facilitator" / "notes" / "t1.toml").write_text(f"format = 1\n{raw}\n", encoding="utf-8")
    with pytest.raises(ContentError, match="facilitator/notes/t1"):
        read_notes(Course(toy_copy), "t1")


def test_a_module_without_notes_has_a_deck(make: Make, toy_folder: Path) -> None:
    """Notes are a help, not a condition."""
    assert read_notes(Course(toy_folder), "t0") == {}
    assert "At the gate" in visible(parse(read(make("deck", toy_folder, module="t0"))))


# --- hostile content -------------------------------------------------------------------------------------------------

BAIT = [
    "</p></div></main><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "</script><script>window.hit=1</script>",
    "<!-- ",
    '"\' onmouseover=window.hit=1 x="',
    "{{ 7 * 7 }}{% raw %}",
    "[link](javascript:window.hit=1) ![x](http://example.invalid/x.png) <style>*{}</style>",
    "\u2028</style>\u202e&lt;b&gt;&amp;",
]


def hostile(folder: Path, bait: str) -> Path:
    """Put the same attack behind every text of every record of a toy course."""
    content = Library(folder / "content", place="toyland")
    spoilt: dict[Path, dict[str, Any]] = {
        path: dict(content.data(path)) for path in (folder / "content").glob("**/*.toml") if "es" not in path.parts
    }
    told = json.dumps(bait, ensure_ascii=False)[1:-1].replace("\u2028", "\\u2028")
    for path, data in spoilt.items():
        if path.name in ("words.toml", "languages.toml", "course.toml", "sources.toml"):
            continue
        raw = read(path)
        for text in sorted(set(long_texts(data)), key=len, reverse=True):
            written = json.dumps(text, ensure_ascii=False)
            raw = raw.replace(written, f'{written[:-1]} {told}"')
        path.write_text(raw, encoding="utf-8")
    return folder


def long_texts(value: Any) -> Iterator[str]:
    """Every text of two words or more; ids and addresses have one."""
    if isinstance(value, str):
        if " " in value and value not in ("needs context", "take seriously", "act today"):
            yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in ("part", "strength"):
                yield from long_texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from long_texts(one)


@pytest.mark.parametrize("bait", BAIT, ids=range(len(BAIT)))
def test_hostile_text_in_every_field_is_shown_as_text(make: Make, toy_copy: Path, bait: str) -> None:
    """On page and deck: the same elements as without the attack, and the attack to read."""

    def frame(html: str) -> list[tuple[str, ...]]:
        return [(one.tag, *sorted(name for name in one.has)) for one in parse(html).every()]

    exports = [("page", {}), ("deck", {}), ("deck", {"audience": True})]
    clean = [frame(read(make(kind, toy_copy, name=f"clean{i}.html", **more))) for i, (kind, more) in enumerate(exports)]
    hostile(toy_copy, bait)
    for i, (kind, more) in enumerate(exports):
        html = read(make(kind, toy_copy, name=f"bait{i}.html", **more))
        assert frame(html) == clean[i]
        assert words(bait) in visible(parse(html))
        assert html.count("<!--") == 1, "only the stamp is a comment"


def test_markup_in_a_notebooks_prose_is_shown_as_text(make: Make, toy_copy: Path) -> None:
    """Raw HTML, scripts and addresses of scripts in Markdown do nothing."""
    path = toy_copy / "notebooks" / "01-beds.ipynb"
    book = json.loads(read(path))
    bait = (
        "<script>window.hit=1</script> <b onclick=x>y</b> [l](javascript:window.hit=1) <!-- c --> [d](data:text/html,x)"
    )
    next(cell for cell in book["cells"] if cell["id"] == "care")["source"] = [bait]
    path.write_text(json.dumps(book), encoding="utf-8")
    place = parse(read(make("page", toy_copy)))
    (cell,) = [one for one in place.find(css="sk-cell") if one.has["id"] == "care"]
    assert not [one for one in cell.every() if one.tag in ("script", "b")]
    assert "window.hit=1" in cell.text
    assert not [one for one in cell.find("a") if one.has.get("href", "").startswith(("javascript:", "data:"))]


def test_a_picture_from_the_web_in_prose_is_not_put_into_a_page(make: Make, toy_copy: Path) -> None:
    """The policy would block it; a page never asks for it in the first place."""
    path = toy_copy / "notebooks" / "01-beds.ipynb"
    book = json.loads(read(path))
    next(cell for cell in book["cells"] if cell["id"] == "care")["source"] = [
        "![a bed](https://example.invalid/bed.png)"
    ]
    path.write_text(json.dumps(book), encoding="utf-8")
    html = read(make("page", toy_copy))
    assert not [one for one in parse(html).find("img") if not one.has["src"].startswith("data:")]


def test_output_of_other_programs_is_text_or_a_picture(toy: Library, toy_course: Course) -> None:
    """A cell that somebody added: its HTML and its scripts are never taken over, its text is escaped."""
    html = "<script>window.hit=1</script>"
    cell = {
        "outputs": [
            {"output_type": "stream", "text": html},
            {"output_type": "execute_result", "data": {"text/html": html, "text/plain": html}},
            {"output_type": "display_data", "data": {"text/html": html}},
            {"output_type": "display_data", "data": {"image/png": 'aGVq\n"><script>', "text/plain": '"><script>'}},
        ]
    }
    setting = exporter.Setting(toy, toy_course, toy.words("page"))
    made = "".join(exporter.placed(piece, setting) for piece in notebook.pieces(toy, toy_course, cell))
    place = parse(made)
    assert [one.tag for one in place.every()] == ["", "pre", "pre", "img"]
    assert html in place.text


# --- a notebook that does not run ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", ["", "{", "[]", '{"cells": 1}', '{"nbformat": 4}', '{"nbformat": 99, "cells": []}', "\ufeff"]
)
def test_a_file_that_is_no_notebook_is_told_in_one_sentence(tmp_path: Path, raw: str) -> None:
    """A notebook edited by hand: its name, the reason, the remedy."""
    path = tmp_path / "01-beds.ipynb"
    path.write_text(raw, encoding="utf-8")
    with pytest.raises(notebook.NotebookError, match=r'"01-beds\.ipynb"'):
        notebook.run(path)


def test_a_missing_notebook_is_told_in_one_sentence(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(notebook.NotebookError, match=r'The notebook "none\.ipynb" cannot be read: No such file'):
        notebook.run(tmp_path / "none.ipynb")


@pytest.mark.kernel
def test_a_cell_that_fails_is_named(toy_copy: Path) -> None:
    """The cell's id and what it said; the rest of the traceback helps nobody."""
    path = toy_copy / "notebooks" / "01-beds.ipynb"
    book = json.loads(read(path))
    book["cells"] = [cell for cell in book["cells"] if cell["cell_type"] == "markdown"]
    book["cells"].append(
        {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "source": ["1 / 0"], "execution_count": None}
    )
    path.write_text(json.dumps(book), encoding="utf-8")
    with pytest.raises(notebook.NotebookError) as caught:
        notebook.run(path)
    assert str(caught.value) == 'In "01-beds.ipynb" the cell "own" fails: ZeroDivisionError: division by zero'


def test_a_record_of_a_call_that_does_not_exist_is_told_in_one_sentence(toy: Library, toy_course: Course) -> None:
    """A record may come from a newer version."""
    cell = {"outputs": [{"output_type": "display_data", "data": {notebook.MIME: {"call": "dance", "args": []}}}]}
    with pytest.raises(SafekeepingError, match='no call "dance"'):
        notebook.pieces(toy, toy_course, cell)
