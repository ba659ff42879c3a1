"""A pack is written whole or not at all, made anew only where something changed, and never over somebody's work."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from check.twins import swap
from html_reader import parse, visible
from paper import job_of
from safekeeping import cli
from safekeeping.faults import ContentError, SafekeepingError, WrongCall
from safekeeping.library import CONTENT, Course, course
from safekeeping.publish import output, pieces, typeset
from safekeeping.publish.binder import BinderError
from safekeeping.publish.job import Earlier, Job
from safekeeping.publish.names import NamesError
from safekeeping.publish.pack import INDEX, MANIFEST, Order, Packed, pack

TODAY = date(2026, 11, 22)
SHORT = {
    "deck.html": lambda job: job.library.get("scenario", job.audience.group).content_note.text.encode(),
    "materials.pdf": lambda job: job.library.get("claim", "myth-taken").text.encode(),
    "documents/handbook.pdf": lambda job: b"Handbook",
}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the course and of its content that a test may change."""
    shutil.copytree(course().facilitator, tmp_path / "facilitator")
    shutil.copytree(course().notebooks, tmp_path / "notebooks")
    shutil.copytree(CONTENT, tmp_path / "content")
    return tmp_path


@pytest.fixture
def order(own: Path) -> Order:
    """A pack of the short pieces."""
    return Order(where=Course(own), plan="educators-90", target=own / "pack", content=own / "content", today=TODAY)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three quick pieces in place of the real ones; which of them were made is written down."""
    made: list[str] = []

    def noted(file: str, make: Callable[[Job], bytes]) -> Callable[[Job], bytes]:
        def maker(job: Job) -> bytes:
            made.append(file)
            return make(job)

        return maker

    monkeypatch.setattr(pieces, "OWN", {file: noted(file, make) for file, make in SHORT.items()})
    monkeypatch.setattr(pieces, "printed", lambda job: {})
    return made


def state(folder: Path) -> dict[str, bytes]:
    """Every file with what it holds."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def nothing_left_beside(folder: Path) -> bool:
    """No half-made folder or file."""
    return [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


# --- written, kept, renewed ------------------------------------------------------------------------------------------


def test_a_pack_holds_its_pieces_its_first_page_and_its_manifest(order: Order, short: list[str]) -> None:
    """And says what it made."""
    done = pack(order)
    assert set(state(order.target)) == {*SHORT, INDEX, MANIFEST}
    assert set(done.made) == set(SHORT)
    assert (done.folder, done.renewed) == (order.target, False)
    assert nothing_left_beside(order.target)


def test_an_unchanged_pack_is_left_alone(order: Order, short: list[str]) -> None:
    """Not even read as content; the files keep their dates."""
    first = pack(order)
    before = {path: path.stat().st_mtime_ns for path in order.target.rglob("*")}
    again = pack(order)
    assert again.made == () and set(again.kept) == {*SHORT, INDEX}
    assert again.unconfirmed == first.unconfirmed
    assert {path: path.stat().st_mtime_ns for path in order.target.rglob("*")} == before
    assert len(short) == len(SHORT)


def test_only_what_a_changed_story_touches_is_made_anew(order: Order, short: list[str]) -> None:
    """The rest is carried over, byte for byte."""
    pack(order)
    before = state(order.target)
    short.clear()
    swap("content/scenarios/sc10-school-clinic.toml", "A pupil of 15", "A boy of 15")(order.where.root)
    done = pack(order)
    assert set(done.made) == {"deck.html"} == set(short)
    after = state(order.target)
    assert after["deck.html"].startswith(b"A boy of 15")
    assert after["materials.pdf"] == before["materials.pdf"]


def test_a_story_that_the_pack_does_not_use_changes_no_piece(order: Order, short: list[str]) -> None:
    """The first page and the manifest are written again, and nothing else."""
    pack(order)
    short.clear()
    swap("content/scenarios/sc13-bus-station.toml", "title = ", "title  = ")(order.where.root)
    assert pack(order).made == ()
    assert short == []


@pytest.mark.parametrize(
    "change",
    [
        {"today": date(2026, 11, 23)}, {"paper": "a4"}, {"large_print": True}, {"plan": "health-90"},
        {"confirm": ("nhth=2026-11-20",)},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_another_call_makes_another_pack(order: Order, short: list[str], change: dict[str, Any]) -> None:
    """Paper, day, plan, confirmations: nothing of the old one is taken for the new one."""
    pack(order)
    short.clear()
    assert pack(replace(order, **change)).renewed
    assert set(short) == set(SHORT)


def test_a_changed_note_or_step_is_seen(order: Order, short: list[str]) -> None:
    """Everything of the facilitator's folder counts."""
    pack(order)
    swap("facilitator/notes/m5.toml", "minutes = 1", "minutes = 2")(order.where.root)
    assert pack(order).made


def test_a_missing_file_is_made_again(order: Order, short: list[str]) -> None:
    """Somebody took one out."""
    pack(order)
    short.clear()
    (order.target / "materials.pdf").unlink()
    done = pack(order)
    assert "materials.pdf" in state(order.target)
    assert done.made == ("materials.pdf",)


# --- other people's work ---------------------------------------------------------------------------------------------


def test_a_folder_with_something_else_is_refused(order: Order, short: list[str]) -> None:
    """And stays as it is."""
    order.target.mkdir()
    (order.target / "letter.txt").write_text("Dear all", encoding="utf-8")
    with pytest.raises(BinderError, match=r"holds something else \(letter.txt\)"):
        pack(order)
    assert state(order.target) == {"letter.txt": b"Dear all"}
    assert short == []


def test_an_empty_folder_is_used(order: Order, short: list[str]) -> None:
    """Somebody made it for this."""
    order.target.mkdir()
    assert pack(order).made


def test_a_strange_file_in_a_pack_is_refused(order: Order, short: list[str]) -> None:
    """It would be lost."""
    pack(order)
    (order.target / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(BinderError, match=r"not part of it \(mine.txt\)"):
        pack(replace(order, paper="a4"))
    assert (order.target / "mine.txt").read_text(encoding="utf-8") == "x"


def test_an_edited_file_is_replaced_only_when_asked(order: Order, short: list[str]) -> None:
    """`--renew` says so."""
    pack(order)
    (order.target / "deck.html").write_text("my own words", encoding="utf-8")
    for one in (order, replace(order, paper="a4")):
        with pytest.raises(BinderError, match=r"edited deck.html.*--renew"):
            pack(one)
    assert (order.target / "deck.html").read_text(encoding="utf-8") == "my own words"
    done = pack(replace(order, renew=True))
    assert "deck.html" in done.made and done.renewed


@pytest.mark.parametrize(
    "manifest",
    [
        "{", "[]", "{}", '{"safekeeping_pack": 2, "files": {}}', '{"safekeeping_pack": 1, "files": {"../x": {}}}',
        '{"safekeeping_pack": 1, "files": {"/etc/passwd": {}}}', '{"safekeeping_pack": 1, "files": {"a": 1}}',
        '{"safekeeping_pack": 1, "files": []}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_hostile_manifest_is_no_pack(order: Order, short: list[str], manifest: str) -> None:
    """It names nothing outside, and gives leave to replace nothing."""
    order.target.mkdir()
    (order.target / MANIFEST).write_text(manifest, encoding="utf-8")
    with pytest.raises(BinderError, match="holds something else"):
        pack(order)


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_or_a_link_in_its_place_is_refused(order: Order, short: list[str], kind: str) -> None:
    """Nothing behind it is touched."""
    there = order.target.with_name("elsewhere")
    if kind == "file":
        order.target.write_text("x", encoding="utf-8")
    else:
        there.mkdir()
        order.target.symlink_to(there)
    with pytest.raises(BinderError, match="is no folder"):
        pack(order)


# --- interrupted -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_a_run_that_ends_half_way_leaves_the_old_pack_whole(
    order: Order, short: list[str], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Ctrl-C, a full disk."""
    pack(order)
    before = state(order.target)

    def stops(job: Job) -> bytes:
        raise error

    monkeypatch.setattr(pieces, "OWN", {**pieces.OWN, "materials.pdf": stops})
    expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else output.OutputError
    with pytest.raises(expected) as told:
        pack(replace(order, paper="a4"))
    assert state(order.target) == before
    assert nothing_left_beside(order.target)
    if expected is output.OutputError:
        assert "the disk is full" in str(told.value) and "Nothing was changed" in str(told.value)


def test_a_kill_between_the_last_two_renames_loses_nothing(order: Order, short: list[str]) -> None:
    """The next run brings the old pack back."""
    pack(order)
    before = state(order.target)
    order.target.rename(order.target.with_name(".pack-before"))
    output.restore(order.target)
    assert state(order.target) == before
    assert pack(order).made == ()


@pytest.mark.slow
def test_a_kill_in_the_middle_leaves_the_old_pack_whole(order: Order, own: Path) -> None:
    """A real process, really killed."""
    words = ["pack", "educators-90", "-o", str(order.target), "--only", "responses.csv", "--today", "2026-11-22"]
    subprocess.run([sys.executable, "-m", "safekeeping", *words], check=True, capture_output=True)
    before = state(order.target)
    slow = (
        "import sys, time\nfrom safekeeping.publish import pieces\nfrom safekeeping.cli import main\n"
        "def wait(job):\n    print('here', flush=True)\n    time.sleep(60)\n"
        "pieces.OWN = {**pieces.OWN, 'deck.html': wait}\nmain(sys.argv[1:])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", slow, "pack", "educators-90", "-o", str(order.target), "--paper", "a4"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert state(order.target) == before


@pytest.mark.parametrize("where", ["missing/pack", "locked/pack"])
def test_a_place_that_cannot_be_written_is_told_before_the_work(
    order: Order, short: list[str], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence with the remedy."""
    target = order.target.with_name(where.partition("/")[0]) / "pack"
    if where.startswith("locked"):
        target.parent.mkdir()
        real = os.access
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != target.parent and real(path, mode))
    with pytest.raises(output.OutputError, match=r"could not be written.*Nothing was changed"):
        pack(replace(order, target=target))
    assert short == []


# --- choosing, zipping, numbers --------------------------------------------------------------------------------------


def test_only_makes_what_is_named_and_keeps_the_rest(order: Order, short: list[str]) -> None:
    """By file, by name, by folder."""
    pack(replace(order, only=("deck",)))
    assert set(state(order.target)) == {"deck.html", INDEX, MANIFEST}
    pack(replace(order, only=("documents", "materials.pdf")))
    assert set(state(order.target)) == {*SHORT, INDEX, MANIFEST}
    with pytest.raises(WrongCall, match=r'no piece "dek". Did you mean'):
        pack(replace(order, only=("dek",)))


def test_the_whole_folder_as_one_file(order: Order, short: list[str]) -> None:
    """The same pack gives the same bytes; a missing one is made again."""
    pack(replace(order, zip=True))
    made = order.target.with_name("pack.zip")
    first = made.read_bytes()
    with zipfile.ZipFile(made) as file:
        assert {name.partition("/")[2] for name in file.namelist()} == {*SHORT, INDEX, MANIFEST}
    made.unlink()
    pack(replace(order, zip=True))
    assert made.read_bytes() == first


def test_a_zip_file_holds_what_the_folder_holds_now(
    order: Order, short: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One of an earlier pack is no reason to make none: it could still hold names."""
    names = tmp_path / "names.txt"
    names.write_text("Xaviera\n", encoding="utf-8")
    certificate = {"certificate.pdf": lambda job: " ".join(one.text for one in job.names).encode()}
    monkeypatch.setattr(pieces, "OWN", {**pieces.OWN, **certificate})
    pack(replace(order, zip=True, names=names))
    pack(order)
    pack(replace(order, zip=True))
    with zipfile.ZipFile(order.target.with_name("pack.zip")) as file:
        inside = {name.partition("/")[2]: file.read(name) for name in file.namelist()}
    assert inside == state(order.target) and inside["certificate.pdf"] == b""
    assert not pack(replace(order, zip=True)).made


@pytest.mark.parametrize("file", ["../evil.pdf", "documents/../../evil.pdf", "a\\evil.pdf", "/evil.pdf", "c:evil.pdf"])
def test_no_piece_is_written_outside_of_its_folder(
    order: Order, short: list[str], monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """Whatever a content that came from elsewhere calls its parts."""
    monkeypatch.setattr(pieces, "OWN", {**pieces.OWN, file: lambda job: b"evil"})
    with pytest.raises(BinderError, match="no name of a file inside"):
        pack(order)
    assert not order.target.exists() and nothing_left_beside(order.target)
    assert not list(order.where.root.glob("**/evil*"))


def test_somebody_elses_zip_file_stays_until_asked(order: Order, short: list[str]) -> None:
    """Nothing is made before it is known."""
    theirs = order.target.with_name("pack.zip")
    theirs.write_bytes(b"PK, of my own")
    with pytest.raises(WrongCall, match="is not ours, and stays as it is"):
        pack(replace(order, zip=True))
    assert theirs.read_bytes() == b"PK, of my own" and short == [] and not order.target.exists()
    pack(replace(order, zip=True, renew=True))
    assert zipfile.is_zipfile(theirs)


def test_numbers_that_nobody_confirmed_are_listed(order: Order, short: list[str]) -> None:
    """On the first page and in the answer; with a day they are not, until it is too long ago."""
    nhth = "National Human Trafficking Hotline"
    done = pack(order)
    assert nhth in done.unconfirmed
    assert done.unconfirmed[0].startswith("The local pathway card")
    assert nhth in visible(parse((order.target / INDEX).read_text(encoding="utf-8")))
    assert nhth not in pack(replace(order, confirm=("nhth=2026-11-20",))).unconfirmed
    assert nhth in pack(replace(order, confirm=("nhth=2026-08-01",))).unconfirmed


def test_a_wrong_card_or_day_stops_before_anything_is_made(order: Order, short: list[str], tmp_path: Path) -> None:
    """With the fault's four parts."""
    card = tmp_path / "local.toml"
    card.write_text('format = 1\n[[line]]\nid = "lead"\nname = "Lead"\nnumber = "555-O1"\n', encoding="utf-8")
    with pytest.raises(ContentError, match='the letter "O"'):
        pack(replace(order, local=card))
    with pytest.raises(ContentError, match="nhht"):
        pack(replace(order, confirm=("nhht=2026-11-20",)))
    assert short == [] and not order.target.exists()


def test_the_first_page_links_every_file_in_the_order_of_use(order: Order, short: list[str]) -> None:
    """Nothing fetched, no script, every link leads to a file of the pack."""
    pack(order)
    html = (order.target / INDEX).read_text(encoding="utf-8")
    links = [one.has["href"] for one in parse(html).find("a")]
    files = [link for link in links if not link.startswith("#")]
    assert files == ["documents/handbook.pdf", "materials.pdf", "deck.html"]
    assert "script-src &#x27;none&#x27;" in html and "<script" not in html
    assert "Not yet externally reviewed" in html
    assert "Ninety minutes" not in html.partition("<title>")[2].partition("</title>")[0], "neutral to a passer-by"


# --- what a piece is made from ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "code", "same"), [("a", "1", True), ("b", "1", False), ("a", "2", False)])
def test_a_piece_is_kept_only_if_it_would_be_made_from_exactly_the_same(text: str, code: str, same: bool) -> None:
    """The same words by the same code; and a first piece is always made."""
    first = replace(job_of("educators-90"), earlier=Earlier(code="1"))
    assert first.once([b"a", b"z"], lambda: b"first") == b"first" and not first.earlier.same
    again = replace(first, earlier=Earlier(code, first.earlier.asked, lambda: b"kept"))
    assert again.once([text.encode(), b"z"], lambda: b"new") == (b"kept" if same else b"new")
    assert again.earlier.same is same


def test_what_a_piece_is_made_from_is_not_one_long_text() -> None:
    """Where one part ends and the next begins counts."""
    asked = []
    for parts in ([b"ab", b"c"], [b"a", b"bc"], [b"abc"]):
        job = replace(job_of("educators-90"), earlier=Earlier())
        job.once(parts, bytes)
        asked.append(job.earlier.asked)
    assert len(set(asked)) == 3


# --- sizes of type ---------------------------------------------------------------------------------------------------

CARDS = "scenario-cards.pdf"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, float]]:
    """The sizes that typst is told before it looks for one, document by document."""
    found: list[dict[str, float]] = []
    real = typeset._apart

    def apart(folder: Mapping[str, bytes], options: Mapping[str, Any], *, system_fonts: bool) -> Any:
        found.append(json.loads(folder["sizes.json"]))
        return real(folder, options, system_fonts=system_fonts)

    monkeypatch.setattr(typeset, "_apart", apart)
    return found


def sizes_in(target: Path) -> dict[str, Any]:
    """The sizes of type of the story cards, as the manifest remembers them."""
    found: dict[str, Any] = json.loads((target / MANIFEST).read_text(encoding="utf-8"))["files"][CARDS]["sizes"]
    return found


def test_a_size_is_looked_for_again_only_where_a_card_has_changed(order: Order, told: list[dict[str, float]]) -> None:
    """And the cards come out as in a pack that was made from nothing."""
    order = replace(order, only=(CARDS,))
    pack(order)
    before = sizes_in(order.target)
    story = order.content / "scenarios" / "sc01-new-phone.toml"
    head, node, rest = story.read_text(encoding="utf-8").partition("[[node]]")
    story.write_text(head + node + rest.replace('text = "', 'text = "Well. ', 1), encoding="utf-8")
    assert pack(order).made == (CARDS,)
    after = sizes_in(order.target)
    assert told == [{}, before]
    new = set(after) - set(before)
    assert len(new) == len(set(before) - set(after)) == 2  # its scene and its flaps
    assert all(after[key] == before[key] for key in set(after) - new)
    fresh = replace(order, target=order.target.with_name("fresh"))
    pack(fresh)
    assert state(fresh.target)[CARDS] == state(order.target)[CARDS]


def test_a_remembered_size_that_is_none_is_looked_for_again(order: Order, told: list[dict[str, float]]) -> None:
    """A manifest that somebody edited makes no card unreadable."""
    order = replace(order, only=(CARDS,))
    pack(order)
    right = state(order.target)[CARDS]
    edited = json.loads((order.target / MANIFEST).read_text(encoding="utf-8"))
    entry = edited["files"][CARDS]
    odd = ["12", None, float("nan"), float("inf"), -1, 0, 1000, 50, 3, {}, []]
    entry["from"] = entry["input"] = ""  # so that it is made again
    for sizes in ({key: odd[place % len(odd)] for place, key in enumerate(entry["sizes"])}, "none"):
        entry["sizes"] = sizes
        (order.target / MANIFEST).write_text(json.dumps(edited), encoding="utf-8")
        pack(order)
        assert state(order.target)[CARDS] == right
    assert set(told[1].values()) == {50.0, 3.0}
    assert told[2] == {}


def test_a_size_of_other_paper_or_for_large_print_is_never_taken_over(
    order: Order, told: list[dict[str, float]]
) -> None:
    """Such cards have other keys."""
    order = replace(order, only=(CARDS,))
    pack(order)
    before = set(sizes_in(order.target))
    pack(replace(order, paper="a4"))
    assert len(told) == 2
    assert set(sizes_in(order.target)) & before == set()


# --- the real thing --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Packed]:
    """A real pack of the course."""
    target = tmp_path_factory.mktemp("real") / "pack"
    return target, pack(Order(where=course(), plan="educators-90", target=target, today=TODAY))


def test_every_real_piece_is_there_with_a_name_for_people(real: tuple[Path, Packed]) -> None:
    """And the first page uses it."""
    target, done = real
    words = json.loads((target / MANIFEST).read_text(encoding="utf-8"))["files"]
    assert set(done.made) | {INDEX} == set(words)
    text = visible(parse((target / INDEX).read_text(encoding="utf-8")))
    from safekeeping.library import Library

    named = Library().words("pack")
    for file in done.made:
        if "/" not in file:
            assert named[f"file_{file.replace('.', '_').replace('-', '_')}"] in text, file


def test_the_data_sheet_and_its_codebook_agree(real: tuple[Path, Packed]) -> None:
    """Every column is explained, and no key stands anywhere."""
    target, _ = real
    header = (target / "responses.csv").read_text(encoding="utf-8").strip().split(",")
    book = json.loads((target / "codebook.json").read_text(encoding="utf-8"))
    rows = [*(row for one in book["instruments"] for row in one["columns"]), *book["codes"]]
    assert set(header) - {row["column"] for row in rows} == {"event", "wave", "form", "length", "date", "role"}
    assert '"key"' not in json.dumps(book)


def test_no_file_of_a_pack_names_this_computer(real: tuple[Path, Packed]) -> None:
    """No path, no account."""
    target, _ = real
    marks = [str(CONTENT).encode(), str(target.parent).encode(), str(Path.home()).encode() + b"/"]
    for path in target.rglob("*"):
        if path.is_file():
            assert [mark for mark in marks if mark in path.read_bytes()] == [], path.name


def pieces_in(folder: Path) -> dict[str, bytes]:
    """Every file of a pack but its manifest."""
    return {name: raw for name, raw in state(folder).items() if name != MANIFEST}


FILES_OF_A_STORY = {"deck.html", "deck-audience.html", "scenario-cards.pdf"}


@pytest.mark.parametrize(
    ("old", "new", "made"),
    [
        ('summary = "Wes, 15,', 'summary = "Wes, a pupil of 15,', FILES_OF_A_STORY),
        ('title = "A plaster for the thumb"', 'title = "A plaster"', None),
    ],
    ids=["a word", "the title"],
)
def test_a_pack_renewed_after_a_change_is_a_pack_made_from_nothing(
    real: tuple[Path, Packed], order: Order, old: str, new: str, made: set[str] | None
) -> None:
    """Byte for byte; a word costs those files that print it, and a title all those that name the story."""
    shutil.copytree(real[0], order.target)
    swap("content/scenarios/sc10-school-clinic.toml", old, new)(order.where.root)
    renewed = pack(order)
    cold = replace(order, target=order.target.with_name("cold"))
    everything = pack(cold).made
    here, there, before = (pieces_in(folder) for folder in (order.target, cold.target, real[0]))
    assert here == there
    assert {name for name, raw in here.items() if raw != before[name]} <= set(renewed.made) | {INDEX}
    assert set(renewed.made) < set(everything)
    assert pack(order).made == ()
    assert made is None or set(renewed.made) == made
    assert made is not None or {"run-sheet.pdf", "script.pdf", "deck.pptx", "deck.pdf"} <= set(renewed.made)


def test_names_stand_in_the_certificate_alone(real: tuple[Path, Packed], order: Order, tmp_path: Path) -> None:
    """In a whole pack, not even as a sum in another file; without the list the line to write on is back."""
    names = tmp_path / "people of the day.txt"
    names.write_text("Xaviera Quillfeather\nBo\n", encoding="utf-8")
    shutil.copytree(real[0], order.target)
    before = pieces_in(real[0])
    assert "certificate.pdf" in pack(replace(order, names=names)).made
    for path, raw in state(order.target).items():
        assert b"Quillfeather" not in raw and b"people of the day" not in raw, path
    assert {path for path, raw in pieces_in(order.target).items() if raw != before[path]} == {"certificate.pdf"}
    text = subprocess.run(["pdftotext", order.target / "certificate.pdf", "-"], check=True, capture_output=True).stdout
    assert b"Xaviera Quillfeather" in text
    pack(order)
    assert pieces_in(order.target) == before


def test_names_that_would_go_nowhere_are_refused(order: Order, short: list[str], tmp_path: Path) -> None:
    """Before anything is made."""
    names = tmp_path / "names.txt"
    names.write_text("Ada\n", encoding="utf-8")
    with pytest.raises(WrongCall, match=r"--names is for certificate\.pdf"):
        pack(replace(order, names=names, only=("deck.html",)))
    names.write_text("1\n", encoding="utf-8")
    with pytest.raises(NamesError, match="no letter"):
        pack(replace(order, names=names))
    assert short == [] and not order.target.exists()


def test_the_command_tells_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """First written, then unchanged; a wrong plan is a wrong call; silence about progress where nobody watches."""
    words = ["pack", "hospitality-60", "-o", str(tmp_path / "p"), "--today", "2026-11-22", "--only", "codebook.json"]
    assert cli.main(words) == 0
    said = capsys.readouterr()
    assert "Written" in said.out and "UNCONFIRMED" in said.out and said.err == ""
    assert cli.main(["pack", "hotels-60", "-o", str(tmp_path / "q")]) == 2
    assert "Did you mean" in capsys.readouterr().err
    assert cli.main(["pack", "general-60", "-o", str(tmp_path / "q"), "--today", "soon"]) == 2
    assert isinstance(BinderError("x"), SafekeepingError)
    assert not (tmp_path / "q").exists()


def test_progress_counts_up_to_the_end(order: Order, short: list[str]) -> None:
    """So that a bar fills."""
    seen: list[tuple[int, int, str]] = []
    pack(order, lambda *step: seen.append(step))
    assert [step[0] for step in seen] == sorted(step[0] for step in seen)
    assert seen[0] == (0, 3, "documents/handbook.pdf")
    assert seen[-1][2] == ""
