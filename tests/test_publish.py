"""Exports: sealed, whole or not at all, everything in them once, and nothing that is not meant for the reader."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import use_course
from html_reader import Element, parse, texts_of
from safekeeping import front
from safekeeping.faults import ContentError, SafekeepingError, WrongCall
from safekeeping.library import Course, Library
from safekeeping.publish import exporter, notebook, policy, reveal
from safekeeping.publish.deck import deck, read_notes
from safekeeping.publish.output import OutputError, unchanged, write
from safekeeping.publish.page import page
from safekeeping.records import texts

Make = Callable[..., Path]


def words(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


# --- policy ----------------------------------------------------------------------------------------------------------

HEAD = f'<meta http-equiv="Content-Security-Policy" content="{policy.MARK}">'


def sha(code: str) -> str:
    """A hash as a policy writes it."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() + "'"


def policy_of(html: str) -> dict[str, str]:
    """The directives of a page's policy."""
    (meta,) = [one for one in parse(html).find("meta") if one.has.get("http-equiv") == "Content-Security-Policy"]
    rows = [row.strip().partition(" ") for row in meta.has["content"].split(";")]
    return {name: value for name, _, value in rows}


def test_a_sealed_page_allows_its_own_scripts_and_styles_and_nothing_else() -> None:
    """By hash; data blocks are no scripts."""
    html = f'{HEAD}<style id="a">b{{}}</style><script>f("é")</script><script type="application/json">{{}}</script>'
    rules = policy_of(policy.sealed(html))
    assert rules == {
        "default-src": "'none'",
        "script-src": sha('f("é")'),
        "style-src": sha("b{}"),
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_a_page_without_scripts_or_styles_allows_none() -> None:
    """Nothing is open by default."""
    rules = policy_of(policy.sealed(f"{HEAD}<p>x</p>"))
    assert (rules["script-src"], rules["style-src"]) == ("'none'", "'none'")
    assert "img-src" not in rules


def test_pictures_are_allowed_only_inside_the_file() -> None:
    """And only if there are any."""
    assert policy_of(policy.sealed(f'{HEAD}<img src="data:x">'))["img-src"] == "data:"


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color:red">',
        "<p class=a STYLE='x'>",
        "<p\nstyle=x>",
        '<p onclick="f()">',
        "<svg onload=f()>",
        "<p OnMouseOver = f()>",
        "<svg/onload=f()>",
        '<a href="javascript:f()">x</a>',
        '<script src="x.js"></script>',
        '<script type="module">f()</script>',
    ],
)
def test_what_the_policy_would_block_is_refused_when_the_page_is_made(bad: str) -> None:
    """A style or event attribute, a script from elsewhere: a fault of ours, found before a reader meets it."""
    with pytest.raises(ValueError, match=r"would not allow|no place for the policy"):
        policy.sealed(f"{HEAD}<script>ok()</script>{bad}")


def test_text_that_only_speaks_of_styles_is_no_attribute() -> None:
    """Escaped, it is text; and scripts and styles may contain anything."""
    style, script = "<style>p::after{content:'<p style=x>'}</style>", "<script>'<p onclick=x>'</script>"
    prose = '<p title="&lt;p style=x onclick=y" aria-label="carry on = go on">&lt;p style="x"&gt; on a=b</p>'
    assert policy_of(policy.sealed(f"{HEAD}{style}{prose}{script}"))


def test_a_page_without_a_place_for_its_policy_is_refused() -> None:
    """A page is never unsealed by mistake."""
    with pytest.raises(ValueError, match="no place for the policy"):
        policy.sealed("<p>x</p>")


@pytest.mark.parametrize("text", ["</script>", "</SCRIPT >", "<!-- x", "<!--<script>", "a</scriptb"])
def test_nothing_in_a_script_or_a_data_block_can_close_it(text: str) -> None:
    """And its meaning stays the same: in a text of JavaScript the backslash changes nothing."""
    assert not re.search(r"</script|<!--", policy.inline(f'x = "{text}"'), re.I)
    block = policy.data(json.dumps({"a": text + "\u2028\u2029"}))
    assert "<" not in block and "\u2028" not in block and "\u2029" not in block
    assert json.loads(block) == {"a": text + "\u2028\u2029"}


# --- output ----------------------------------------------------------------------------------------------------------


def test_a_file_is_written_with_its_stamp(tmp_path: Path) -> None:
    """By it the next run knows that there is nothing to do."""
    path = tmp_path / "a.html"
    write(path, "<p>é</p>", "0" * 32)
    assert path.read_text(encoding="utf-8").startswith("<p>é</p>\n<!-- made from 0000")
    assert unchanged(path, "0" * 32)
    assert not unchanged(path, "1" * 32)
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "edit",
    [
        lambda raw: raw.replace(b"a", b"b", 1),
        lambda raw: raw[:-1],
        lambda raw: raw + b" ",
        lambda raw: b"x" + raw,
        lambda raw: raw[: len(raw) // 2],
        lambda raw: b"",
    ],
    ids=["a letter", "an end cut off", "a blank more", "a letter before", "half of it", "nothing left"],
)
def test_an_edited_file_is_not_taken_for_ours(tmp_path: Path, edit: Callable[[bytes], bytes]) -> None:
    """It is made again, whatever was done to it."""
    path = tmp_path / "a.html"
    write(path, "<p>a</p>", "0" * 32)
    path.write_bytes(edit(path.read_bytes()))
    assert not unchanged(path, "0" * 32)


def test_a_missing_file_is_not_unchanged(tmp_path: Path) -> None:
    """Nor a folder."""
    assert not unchanged(tmp_path / "none.html", "0" * 32)
    assert not unchanged(tmp_path, "0" * 32)


def full(*_args: object, **_options: object) -> None:
    """A disk without room."""
    raise OSError(errno.ENOSPC, "No space left on device")


def stopped(*_args: object, **_options: object) -> None:
    """A person presses Ctrl-C at the worst moment."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("where", ["tempfile.mkstemp", "os.fdopen", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_on_a_full_disk_the_earlier_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Written whole or not at all, and nothing half-made is left behind."""
    path = tmp_path / "a.html"
    write(path, "before")
    with monkeypatch.context() as broken:
        broken.setattr(where, full)
        with pytest.raises(OutputError, match=r"No space left on device.*Nothing was changed"):
            write(path, "after")
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.html"]


def test_an_interrupted_run_leaves_the_earlier_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line promises: nothing half-made is left behind."""
    path = tmp_path / "a.html"
    write(path, "before")
    with monkeypatch.context() as broken:
        broken.setattr("pathlib.Path.replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            write(path, "after")
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.html"]


def test_a_folder_that_does_not_exist_is_told_in_one_sentence(tmp_path: Path) -> None:
    """With the remedy."""
    with pytest.raises(OutputError, match="Name a folder that exists"):
        write(tmp_path / "none" / "a.html", "x")


# --- reveal.js -------------------------------------------------------------------------------------------------------


@pytest.fixture
def carrier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that carries reveal.js; gives the folder of its files."""
    source = reveal.distribution(reveal.PACKAGE).locate_file("pyreveal/revealjs")
    for name in reveal.SUMS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(str(source)) / name, tmp_path / name)

    class Fake:
        """A package installed elsewhere."""

        def locate_file(self, _path: str) -> Path:
            """Our copy."""
            return tmp_path

    monkeypatch.setattr(reveal, "distribution", lambda _name: Fake())
    return tmp_path


def test_the_slide_library_is_the_one_that_was_checked(carrier: Path) -> None:
    """Read as data, with its notice in every copy."""
    assert set(reveal.files()) == set(reveal.SUMS)
    assert "Copyright" in reveal.script()[:400] and reveal.VERSION in reveal.script()[:60]
    assert not re.search(r"@import|@font-face|url\((?!data:)|https?:", reveal.style())


@pytest.mark.parametrize("name", sorted(reveal.SUMS))
def test_a_changed_file_of_the_slide_library_is_refused(carrier: Path, name: str) -> None:
    """Each of them, for one letter."""
    with (carrier / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(reveal.RevealError, match=f"holds another {name} than the one checked"):
        reveal.files()


def test_a_missing_file_or_package_says_what_to_install(carrier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence with the command."""
    (carrier / "LICENSE").unlink()
    with pytest.raises(reveal.RevealError, match="pip install pyreveal"):
        reveal.files()
    monkeypatch.setattr(reveal, "PACKAGE", "pyreveal-of-nowhere")
    monkeypatch.undo()
    monkeypatch.setattr(reveal, "PACKAGE", "pyreveal-of-nowhere")
    with pytest.raises(reveal.RevealError, match=r"safekeeping\[publish\]"):
        reveal.files()


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


def read(path: Path) -> str:
    """A file as text."""
    return path.read_text(encoding="utf-8")


def visible(place: Element) -> str:
    """The text that a reader sees: not scripts, styles or data."""
    return words(
        "".join(
            k if isinstance(k, str) else " " + visible(k)
            for k in place.kids
            if isinstance(k, str) or k.tag not in ("script", "style")
        )
    )


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


def secrets_of(content: Library, scenarios: list[str], items: list[str]) -> list[str]:
    """Every text that tells what follows or what is right: feedback, rationale, model, endings, debrief."""
    found: list[str] = []
    for id in scenarios:
        one = content.get("scenario", id)
        later = {node.id for node in one.nodes if not node.start}
        start = next(node for node in one.nodes if node.start)
        shown = {text for _, text in texts(start)} | {one.title}
        found += [
            text
            for key, text in texts(one)
            if key.endswith((".consequence", ".feedback", ".aloud"))
            or key.startswith(("debrief.", "note."))
            or (key.partition(".")[0] in later and text not in shown)
        ]
    for id in items:
        told = (".rationale", ".model", ".accurate")
        found += [text for key, text in texts(content.get("item", id)) if key.endswith(told) or "levels." in key]
        found += [one.text for one in content.get("item", id).criteria]
    return [words(text) for text in found if len(text) > 3]


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


def key_marks(html: str) -> list[str]:
    """What would mark a key in the data or the markup of an export, beside the script and the words of the surface."""
    place = parse(html)
    blocks = " ".join(one.text for one in place.find("script") if one.has.get("id") not in ("sk-words", "sk-contacts"))
    blocks = blocks.replace(front.text("deck.js", classic=True), "").replace(reveal.script(), "")
    marks = [mark for mark in ('"key"', '"keys"', '"marks"', '"orders"', '"points"', '"authors"') if mark in blocks]
    return marks + [one.tag for one in place.find(css="sk-form-answers")]


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
        if path.name in ("words.toml", "labels.toml", "languages.toml", "course.toml", "sources.toml"):
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


def test_output_of_other_programs_is_text_or_a_picture(toy: Library) -> None:
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
    setting = exporter.Setting(toy, toy.words("page"))
    made = "".join(exporter.placed(piece, setting) for piece in notebook.pieces(toy, cell))
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


def test_a_record_of_a_call_that_does_not_exist_is_told_in_one_sentence(toy: Library) -> None:
    """A record may come from a newer version."""
    cell = {"outputs": [{"output_type": "display_data", "data": {notebook.MIME: {"call": "dance", "args": []}}}]}
    with pytest.raises(SafekeepingError, match='no call "dance"'):
        notebook.pieces(toy, cell)


# --- the real module -------------------------------------------------------------------------------------------------

EXPORTS = ["m5_page", "m5_deck", "m5_audience_deck"]


@pytest.fixture(params=EXPORTS)
def real(request: pytest.FixtureRequest) -> str:
    """Each of the real exports in turn."""
    return read(request.getfixturevalue(request.param))


@pytest.mark.kernel
def test_a_real_export_reaches_nothing(real: str) -> None:
    """Outside addresses stand only as links that a person may follow: contacts and sources; nothing is loaded."""
    place = parse(real)
    for one in place.every():
        for name, value in one.has.items():
            outside = re.search(r"https?:|//", value) and not value.startswith("http://www.w3.org/")
            assert not outside or (one.tag, name) == ("a", "href"), (one.tag, name, value[:80])
    assert not [
        one for one in place.every() if one.tag in ("link", "iframe", "object", "embed", "base", "audio", "video")
    ]
    assert not [one for one in place.find("script") if "src" in one.has]
    assert not [one for one in place.find("meta") if one.has.get("http-equiv", "").lower() == "refresh"]
    content = Library()
    known = {one.url for one in content.every("contact")} | {one.url for one in content.every("source")}
    links = {one.has["href"] for one in place.find("a") if one.has.get("href", "").startswith("http")}
    assert links <= known
    assert all(
        {"noreferrer", "noopener"} <= set(one.has.get("rel", "").split())
        for one in place.find("a")
        if one.has.get("href", "").startswith("http")
    )


@pytest.mark.kernel
def test_the_policy_of_a_real_export_names_exactly_its_scripts_and_styles(real: str) -> None:
    """No `unsafe-*`, no address, no `blob:`."""
    rules = policy_of(real)
    place = parse(real)
    run = [one.text for one in place.find("script") if one.has.get("type") != "application/json"]
    raw_scripts = re.findall(r"<script>(.*?)</script>", real, re.S)
    assert len(raw_scripts) == len(run)
    assert rules["default-src"] == "'none'" and rules["connect-src"] == "'none'"
    assert set(rules["script-src"].split()) == {sha(code) for code in raw_scripts}
    assert set(rules["style-src"].split()) == {
        sha(code) for code in re.findall(r"<style[^>]*>(.*?)</style>", real, re.S)
    }
    assert not re.search(r"unsafe|blob:|https?:|\*", " ".join(rules.values()))
    metas = [one.has.get("http-equiv") or one.has.get("charset") or one.has.get("name") for one in place.find("meta")]
    assert metas[:2] == ["utf-8", "Content-Security-Policy"], "nothing may come before the policy"


@pytest.mark.kernel
def test_each_front_end_module_stands_in_a_real_export_once(real: str) -> None:
    """Code once a page, however many exercises."""
    for line in (
        "function make(",
        "function noteOf(",
        "function renderScenario(",
        "function renderQuiz(",
        "const SORT_KINDS",
    ):
        assert real.count(line) == 1, line


@pytest.mark.kernel
@pytest.mark.parametrize("export", EXPORTS[:2])
def test_every_text_of_every_exercise_stands_in_an_export_once(export: str, request: pytest.FixtureRequest) -> None:
    """The readable form is the data: no second copy in a table, no text missing for who reads without scripts."""
    html = read(request.getfixturevalue(export))
    content = Library()
    module = content.module("m5")
    place = parse(html)
    places = {one.has["data-id"]: one for one in place.find(css="sk-exercise")}
    blocks = " ".join(one.text for one in place.find("script") if one.has.get("type") == "application/json")
    for aside in place.find("aside"):
        aside.kids = []  # notes may repeat a sentence of the story
    text = visible(place)
    assert {*module.scenarios, *module.sets} <= set(places)
    for id in module.scenarios:
        aloud = "data-aloud" in places[id].has
        have = {key: text for key, text in texts(content.get("scenario", id)) if aloud or not key.endswith(".aloud")}
        flags = {f"{flag.id}.text" for flag in content.get("scenario", id).flags}
        found = texts_of(places[id])
        assert len(found) == len(dict(found))
        assert {key: words(text) for key, text in have.items() if key not in flags}.items() <= dict(found).items()
        long = [words(one) for one in have.values() if len(one) > 60]
        assert [one for one in long if one in blocks or text.count(one) != 1] == []


@pytest.mark.kernel
@pytest.mark.parametrize("export", EXPORTS[:2])
def test_every_text_of_every_question_stands_in_an_export_once(export: str, request: pytest.FixtureRequest) -> None:
    """Stem, parts, rationales, the accurate sentence, the model."""
    content = Library()
    places = {one.has["data-id"]: one for one in parse(read(request.getfixturevalue(export))).find(css="sk-exercise")}
    for id in content.module("m5").sets:
        found = texts_of(places[id])
        assert len(found) == len(dict(found))
        for item in content.get("set", id).items:
            one = content.get("item", item)
            have = {key: words(text) for key, text in texts(one, item) if not (one.pair and ".rationale" in key)}
            assert have.items() <= dict(found).items(), item


@pytest.mark.kernel
def test_the_real_participants_deck_tells_no_answer_and_no_note(m5_audience_deck: Path) -> None:
    """Compared with every such text of the content."""
    html = read(m5_audience_deck)
    text = visible(parse(html))
    content = Library()
    module = content.module("m5")
    items = [item for id in module.sets for item in content.get("set", id).items]
    secrets = [one for one in secrets_of(content, list(module.scenarios), items) if len(one) > 25]
    assert len(secrets) > 300
    assert [one for one in secrets if one in text] == []
    notes = [
        words(part)
        for note in read_notes(Course(Path(__file__).parents[1]), "m5").values()
        for part in (note.say, note.do, note.ask, note.watch)
        if part
    ]
    assert len(notes) > 20
    assert [one for one in notes if one in text] == []
    assert "<aside" not in html
    assert key_marks(html) == []


@pytest.mark.kernel
def test_no_test_item_is_in_any_export(real: str) -> None:
    """Forms stay apart from teaching: neither stem nor option nor key."""
    text = visible(parse(real))
    for item in Library().every("item"):
        if item.use == "test":
            assert words(item.stem) not in text, item.id
            assert not [one.rationale for one in item.options if words(one.rationale) in text], item.id


@pytest.mark.kernel
def test_the_notes_of_the_real_deck_stand_beside_their_slides(m5_deck: Path) -> None:
    """Each note is on the slide of its cell; none is lost."""
    notes = read_notes(Course(Path(__file__).parents[1]), "m5")
    slides = {one.has["id"].removeprefix("slide-"): one for one in parse(read(m5_deck)).find("section")}
    assert {cell for cell in notes if cell not in slides} == set()
    for cell, note in notes.items():
        (aside,) = slides[cell].find("aside", css="notes")
        for part in (note.say, note.do, note.ask, note.watch):
            assert words(part) in words(aside.text)
        assert float(slides[cell].has["data-minutes"]) >= note.minutes


@pytest.mark.kernel
def test_no_slide_of_the_real_deck_holds_an_inner_section_or_a_style(m5_deck: Path) -> None:
    """The traps of the slide library."""
    for slide in parse(read(m5_deck)).find("section"):
        assert len(slide.find("section")) == 1
        assert not [one for one in slide.every() if "style" in one.has]


@pytest.mark.kernel
def test_ids_in_a_real_export_are_unique(real: str) -> None:
    """Links inside the page and labels for screen readers depend on it."""
    ids = [one.has["id"] for one in parse(real).every() if "id" in one.has]
    assert sorted({id for id in ids if ids.count(id) > 1}) == []
    inner = {one.has["href"][1:] for one in parse(real).find("a") if one.has.get("href", "").startswith("#")}
    assert inner <= set(ids)


@pytest.mark.kernel
def test_the_real_page_stays_small(m5_page: Path) -> None:
    """One file, gzip at most 150 KB: the limit that no page may pass."""
    import gzip

    assert len(gzip.compress(m5_page.read_bytes())) <= 150_000
