"""A part in a class system, in a real browser: what is told and what never is, the way back, and systems that fail."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import ROOT, until
from safekeeping.library import Course, Library
from safekeeping.publish.lms import scorm
from test_site import HostileLibrary

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

pytestmark = pytest.mark.browser
Offline = Callable[..., tuple["Page", list[str]]]
HERE = Path(__file__).parent
LOOK = "<style>iframe {width: 100%; height: 90vh}</style>"
HOST = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Class</title>{LOOK}'
LINE = "document.getElementById('part').contentDocument.getElementById('sk-class')"
MODULES = list(Library().course()["modules"])


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every part as its package holds it, and a class system's page that opens a part in a frame."""
    folder = tmp_path_factory.mktemp("class")
    library, where = Library(), Course(ROOT)
    for id in MODULES:
        (folder / f"{id}.html").write_text(scorm.files(library, where, library.module(id))[scorm.PAGE], "utf-8")
    shutil.copyfile(HERE / "scorm_api.js", folder / "scorm_api.js")
    (folder / "class.html").write_text(f'{HOST}<body><script src="scorm_api.js"></script>', "utf-8")
    return folder


@pytest.fixture(scope="module")
def port(class_folder: Path) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(class_folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


class Class:
    """A class system with one learner in it."""

    def __init__(self, page: Page, refused: list[str], port: int) -> None:
        self.page, self.refused, self.address = page, refused, f"http://127.0.0.1:{port}"
        page.goto(f"{self.address}/class.html")

    def open(self, part: str = "m1", **ways: Any) -> Frame:
        """Open the part in a new session over what was kept."""
        self.page.evaluate("([ways, name]) => openPart(ways, name)", [ways, f"{part}.html"])
        return self.part()

    def part(self) -> Frame:
        """The frame of the part, once its exercises are drawn."""
        until(self.page, "Boolean(document.getElementById('part')?.contentDocument?.querySelector('.sk-live'))")
        frame = self.page.frames[-1]
        frame.wait_for_load_state()
        return frame

    def close(self) -> None:
        """Leave the part as a learner does who goes elsewhere in the class system."""
        self.page.evaluate("closePart()")

    @property
    def saved(self) -> dict[str, Any]:
        """What the class system has kept."""
        kept: dict[str, Any] = self.page.evaluate("saved")
        return kept

    @property
    def calls(self) -> list[list[Any]]:
        """The calls of this session, each with its answer."""
        made: list[list[Any]] = self.page.evaluate("lms.state.calls")
        return made

    @property
    def faults(self) -> list[str]:
        """What of it SCORM 1.2 does not allow."""
        found: list[str] = self.page.evaluate("lms.state.faults")
        return found

    def kept(self, expression: str) -> None:
        """Wait until something is kept; `expression` speaks of ``saved``."""
        until(self.page, expression)


@pytest.fixture
def lms(offline: Offline, port: int) -> Class:
    return Class(*offline(port=port), port)


def place(part: Frame, id: str) -> Any:
    return part.locator(f'.sk-exercise[data-id="{id}"]')


def press(part: Frame, id: str, name: str) -> None:
    place(part, id).get_by_role("button", name=name, exact=True).first.click()


def answer(part: Frame, id: str, number: int) -> None:
    """Take the nth answer of the question that stands there, and check it."""
    place(part, id).locator("fieldset input").nth(number).check()
    press(part, id, "Check")


def line(part: Frame) -> str:
    """What the page says of the class system."""
    return part.locator("#sk-class").inner_text()


def traces(part: Frame) -> dict[str, Any]:
    found: dict[str, Any] = part.evaluate(
        "Object.fromEntries(Object.entries(safekeeping.models).map(([id, model]) => [id, model.get('trace')]))"
    )
    return found


def told(calls: list[list[Any]], name: str) -> list[str]:
    """The values that an element was set to, in turn."""
    return [value for call, *rest in calls if call == "LMSSetValue" for element, value, _ in [rest] if element == name]


# --- what is told ----------------------------------------------------------------------------------------------------


def test_opening_and_closing_tells_that_the_part_was_open_and_nothing_more(lms: Class) -> None:
    """Nothing is set before the reader has seen the line that says so; leaving sets no score of its own making."""
    part = lms.open()
    assert "each option you choose" in part.locator("main").inner_text()
    assert line(part) == "Your class system is ready to keep your place."
    assert {call[0] for call in lms.calls} == {"LMSInitialize", "LMSGetValue"}
    lms.close()
    assert lms.saved["cmi.core.lesson_status"] == "incomplete"
    assert lms.saved["cmi.core.score.raw"] == "0"
    assert "cmi.suspend_data" not in lms.saved
    assert lms.saved["interactions"] == []
    assert lms.saved["cmi.core.exit"] == "suspend"
    assert re.fullmatch(r"0000:00:\d\d", lms.saved["cmi.core.session_time"])
    assert [call[0] for call in lms.calls].count("LMSFinish") == 1
    assert lms.faults == []


def test_every_kind_of_answer_is_told_as_a_code_and_words_never_leave(lms: Class) -> None:
    """A choice, a sorting, a story's decision; free text and what says that nothing is stored are left out."""
    part = lms.open()
    answer(part, "m1-warm-up", 1)
    for group in place(part, "m1-forms").locator("fieldset").all():
        group.locator("input").first.check()
    press(part, "m1-forms", "Check")
    press(part, "sc07-rent", "Continue")
    place(part, "sc07-rent").locator("button.sk-opt").nth(2).click()
    for _ in range(4):
        answer(part, "m1-value", 0)
        press(part, "m1-value", "Go on")
    place(part, "m1-value").locator("textarea").fill("Zebra and lighthouse")
    press(part, "m1-value", "Show a good answer")
    lms.close()
    rows = lms.saved["interactions"]
    assert [(row["type"], row["student_response"]) for row in rows[:3]] == [
        ("choice", "b"),
        ("matching", "a.1,b.1,c.1,d.1,e.1,f.1,g.1,h.1"),
        ("choice", "c"),
    ]
    assert rows[0]["id"] == "m1-warm-1"
    assert rows[2]["id"].startswith("sc07-rent.")
    assert rows[2]["result"] == "neutral"
    assert {row["result"] for row in rows} <= {"correct", "wrong", "neutral"}
    assert len(rows) == 7
    everything = json.dumps(lms.calls)
    assert "Zebra" not in everything
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", lms.saved["cmi.suspend_data"])
    assert {call[1] for call in lms.calls if call[0] == "LMSGetValue"} == {
        "cmi.interactions._count", "cmi.suspend_data", "cmi.core.score.raw", "cmi.core.lesson_status",
        "cmi.core.lesson_mode",
    }  # fmt: skip
    assert lms.faults == []


def test_ratings_of_the_pairs_and_own_words_of_m5_are_told_to_nobody(lms: Class) -> None:
    """The page says "Nothing here is marked or stored" there, and means it."""
    part = lms.open("m5")
    for group in place(part, "m5-pairs").locator("fieldset").all():
        group.locator("input").nth(4).check()
    press(part, "m5-pairs", "Go on")
    lms.close()
    assert lms.saved["interactions"] == []
    row = next(one for one in lms.saved["cmi.suspend_data"].removeprefix("sk1;").split(";") if one)
    assert re.fullmatch(r"[0-9a-z]{5}0", row)  # that the first was answered, and not how
    assert lms.faults == []


def test_order_and_rating_are_told_as_codes_and_agreement_with_a_myth_is_not(lms: Class) -> None:
    """M6 orders, M4 rates; M2 asks how far one agrees with a myth, which comes back as a place and is no answer."""
    part = lms.open("m6")
    press(part, "m6-order", "Check")
    lms.close()
    told = [(row["type"], row["student_response"]) for row in lms.saved["interactions"]]
    assert told == [("sequencing", "a,b,c,d,e")]
    lms.page.reload()
    part = lms.open("m4")
    answer(part, "m4-interrupt", 0)
    press(part, "m4-interrupt", "Go on")
    for group in place(part, "m4-interrupt").locator("fieldset").all():
        group.locator("input").nth(3).check()
    press(part, "m4-interrupt", "Check")
    lms.close()
    told = [(row["type"], row["student_response"]) for row in lms.saved["interactions"]]
    assert told == [("choice", "a"), ("matching", "a.4,b.4,c.4,d.4")]
    assert lms.faults == []
    lms.page.reload()
    part = lms.open("m2")
    answer(part, "m2-ten", 5)
    lms.close()
    assert lms.saved["interactions"] == []
    assert traces(lms.open("m2"))["m2-ten"][0]["answer"] == 6


def test_steps_that_follow_one_another_are_committed_together(lms: Class) -> None:
    """Ten quick steps are one commit, and the answer never waits for it."""
    part = lms.open()
    part.evaluate(
        """() => {
          const buttons = document.querySelectorAll('[data-id="note-m1"] .sk-way3');
          for (let step = 0; step < 10; step += 1) buttons[step % 3].click();
        }"""
    )
    assert [call[0] for call in lms.calls].count("LMSCommit") == 0
    lms.kept("'cmi.suspend_data' in saved")
    assert [call[0] for call in lms.calls].count("LMSCommit") == 1
    assert len(traces(part)["note-m1"]) == 10


# --- score and status ------------------------------------------------------------------------------------------------


def test_skipping_the_whole_part_counts_as_much_as_doing_it(lms: Class) -> None:
    """Full score, completed; nobody passes or fails, and the way taken is no answer."""
    part = lms.open()
    press(part, "note-m1", "Skip")
    lms.kept("saved['cmi.core.score.raw'] === '100'")
    assert lms.saved["cmi.core.lesson_status"] == "completed"
    assert lms.saved["interactions"] == []
    lms.close()
    part = lms.open()
    press(part, "note-m1", "Continue")  # taken up after all: what was reached stays
    lms.close()
    assert lms.saved["cmi.core.score.raw"] == "100"
    assert lms.saved["cmi.core.lesson_status"] == "completed"


def test_score_is_the_share_gone_through_whatever_was_answered(lms: Class) -> None:
    """Two of the ten exercises of M1: one with other answers than the authors', one skipped."""
    part = lms.open()
    for _ in range(2):
        place(part, "m1-warm-up").locator("fieldset input").last.check()
        press(part, "m1-warm-up", "Check")
        press(part, "m1-warm-up", "Go on")
    press(part, "sc07-rent", "Skip")
    lms.kept("saved['cmi.core.score.raw'] === '20'")
    assert lms.saved["cmi.core.lesson_status"] == "incomplete"
    assert (lms.saved["cmi.core.score.min"], lms.saved["cmi.core.score.max"]) == ("0", "100")
    assert lms.faults == []


def test_completed_stays_and_the_score_never_falls_when_the_place_is_lost(lms: Class) -> None:
    """A class system that forgot the codes but kept the result."""
    lms.page.evaluate("Object.assign(saved, {'cmi.core.lesson_status': 'passed', 'cmi.core.score.raw': '80'})")
    part = lms.open()
    answer(part, "m1-warm-up", 0)
    lms.close()
    assert lms.saved["cmi.core.lesson_status"] == "passed"
    assert lms.saved["cmi.core.score.raw"] == "80"


def test_part_opened_to_look_at_changes_nothing_there(lms: Class) -> None:
    """The reader is told so, sees what was done, and can do more."""
    part = lms.open()
    answer(part, "m1-warm-up", 0)
    lms.close()
    before = lms.saved
    part = lms.open(mode="browse")
    assert "to look at only" in line(part)
    answer(part, "m1-warm-up", 0)
    lms.close()
    assert lms.saved == before
    assert not [call for call in lms.calls if call[0] == "LMSSetValue"]


def test_who_skipped_a_part_and_comes_back_to_do_it_keeps_the_place(lms: Class) -> None:
    """Kolibri opens what is completed for review: then score, status and answers rest, and the place goes on."""
    part = lms.open()
    press(part, "note-m1", "Skip")
    lms.close()
    before = lms.saved
    part = lms.open(mode="review")
    assert "takes no more answers" in line(part)
    press(part, "note-m1", "Continue")
    answer(part, "m1-warm-up", 0)
    lms.close()
    after = lms.saved
    same = ["cmi.core.lesson_status", "cmi.core.score.raw", "interactions"]
    assert [after[name] for name in same] == [before[name] for name in same] == ["completed", "100", []]
    assert len(traces(lms.open(mode="review"))["m1-warm-up"]) == 1
    assert lms.faults == []


# --- the way back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ["", "ab-initio", "resume"])
def test_left_and_opened_again_everything_stands_where_it_was(lms: Class, entry: str) -> None:
    """By the codes alone: class systems disagree on what they say at the door."""
    part = lms.open()
    answer(part, "m1-warm-up", 1)
    press(part, "sc07-rent", "Continue")
    for _ in range(2):
        place(part, "sc07-rent").locator("button.sk-opt").nth(1).click()
        press(part, "sc07-rent", "Go on")
    scene = place(part, "sc07-rent").locator("h4.sk-scene").inner_text()
    before = traces(part)
    lms.close()
    answers = len(lms.saved["interactions"])
    part = lms.open(entry=entry)
    after = traces(part)
    assert after["m1-warm-up"] == before["m1-warm-up"]
    assert after["sc07-rent"] == before["sc07-rent"]
    assert place(part, "m1-warm-up").locator("h4.sk-eyebrow").inner_text().startswith("Question 2")
    press(part, "sc07-rent", "Go on")  # the outcome of the second choice stands open again
    assert place(part, "sc07-rent").locator("h4.sk-scene").inner_text() == scene
    assert "Your choices are here again" in line(part)
    part.get_by_role("link", name="Go on where you were").click()
    assert part.evaluate("location.hash").startswith("#")
    place(part, "sc07-rent").locator("button.sk-opt").nth(0).click()
    lms.close()
    assert len(lms.saved["interactions"]) == answers + 1  # nothing was told a second time
    assert lms.faults == []


@pytest.mark.parametrize("id", MODULES)
def test_longest_path_of_every_part_comes_back_whole_and_in_room(lms: Class, id: str) -> None:
    """Every story to an end on its longest way, every item answered: under 4,000 characters, and nothing lost."""
    part = lms.open(id)
    found = part.evaluate(
        _paths(
            """({ tables, traces }) => {
              const { packCodes, unpackCodes } = safekeeping.codes;
              const text = packCodes(new Map(tables), traces, [], 3999);
              const back = unpackCodes(new Map(tables), text).traces;
              const other = traces.filter(([id, trace]) => JSON.stringify(trace) !== JSON.stringify(back[id]));
              return { text, n: traces.length, other: other.map(([id]) => id) };
            }"""
        )
    )
    assert found["n"] == part.locator(".sk-exercise.sk-live").count() > 0
    assert found["other"] == []
    assert len(found["text"]) < 4000
    assert re.fullmatch(r"sk1;([0-9a-z]{5}[0-9a-zA-Z]+;)+", found["text"])
    assert len({row[:3] for row in found["text"].split(";")[1:-1]}) == found["n"]  # no two under one short name


def _paths(function: str) -> str:
    """A call of a JavaScript function with the longest paths of the page."""
    return f"({function})({(HERE / 'scorm_paths.js').read_text('utf-8').strip()})"


def test_nothing_is_written_into_the_browser_inside_a_class_system(lms: Class) -> None:
    """Neither by a choice nor by the controls at the foot; and what stands there from elsewhere is not read."""
    other = json.dumps({"safekeeping_progress": 1, "traces": {"note-m1": [{"do": "skip"}]}})
    lms.page.evaluate("text => localStorage.setItem('course-progress', text)", other)
    part = lms.open()
    assert traces(part)["note-m1"] == []
    answer(part, "m1-warm-up", 0)
    names = part.locator("#sk-keep button").all_inner_texts()
    assert names == ["Save as a file"]
    lms.close()
    assert lms.page.evaluate("[localStorage.length, sessionStorage.length]") == [1, 0]
    assert lms.page.evaluate("localStorage.getItem('course-progress')") == other
    assert lms.refused == []


def test_file_of_ones_own_comes_in_counts_and_is_told_as_a_place_alone(lms: Class, tmp_path: Path) -> None:
    """What was done elsewhere has no time here: it brings the place and the share, and no single answers."""
    part = lms.open()
    answer(part, "m1-warm-up", 0)
    with lms.page.expect_download() as saving:
        part.get_by_role("button", name="Save as a file").click()
    data = json.loads(Path(saving.value.path()).read_text("utf-8"))
    assert set(data["traces"]) >= {"m1-warm-up"}
    file = tmp_path / "course-progress.json"
    file.write_text(json.dumps({"safekeeping_progress": 1, "traces": {"sc07-rent": [{"do": "skip"}]}}), "utf-8")
    part.locator("#sk-keep input").set_input_files(file)
    lms.kept("saved['cmi.core.score.raw'] === '10'")
    assert len(lms.saved["interactions"]) == 1
    lms.close()
    assert traces(lms.open())["sc07-rent"] == [{"do": "skip"}]


def test_steps_that_no_way_through_the_story_gives_come_back_as_done_and_not_as_others(
    lms: Class, tmp_path: Path
) -> None:
    """A file may hold a choice at a scene that nobody has come to: its code would read as another choice."""
    part = lms.open()
    state, option = part.evaluate(
        """() => {
          const { start, states } = safekeeping.models["sc07-rent"].get("table");
          const [key, { options }] = Object.entries(states).find(([key, { options }]) => key !== start && options);
          return [key, options[1].id];
        }"""
    )
    odd = [{"do": "choose", "state": state, "option": option}, {"do": "skip"}, {"do": "start"}]
    file = tmp_path / "course-progress.json"
    file.write_text(json.dumps({"safekeeping_progress": 1, "traces": {"sc07-rent": odd}}), "utf-8")
    part.locator("#sk-keep input").set_input_files(file)
    lms.kept("saved['cmi.core.score.raw'] === '10'")
    lms.close()
    assert traces(lms.open())["sc07-rent"] == [{"do": "skip"}]


def test_place_of_a_changed_exercise_keeps_that_it_was_done_and_foreign_text_harms_nothing(lms: Class) -> None:
    """A part that was edited since; a text that was cut; one of another program; one of a newer version."""
    part = lms.open()
    press(part, "m1-warm-up", "Skip this exercise")
    answer(part, "m1-law", 0)
    lms.close()
    whole = lms.saved["cmi.suspend_data"]
    assert whole.count(";") == 3

    def open_with(text: str) -> dict[str, Any]:
        lms.page.evaluate("text => { saved['cmi.suspend_data'] = text; }", text)
        return traces(lms.open())

    first, second = whole.removeprefix("sk1;").split(";")[:2]
    changed = open_with(f"sk1;{first[:3]}zz{first[5:]};{second[:3]}zz{second[5:]};00000ABC;")
    assert changed["m1-warm-up"] == [{"do": "skip"}]
    assert changed["m1-law"] == []
    lms.close()
    assert "00000ABC;" in lms.saved["cmi.suspend_data"]  # of an exercise that another version of the part has
    cut = open_with(whole[:-3])
    assert cut["m1-warm-up"] == [{"do": "skip"}]
    assert cut["m1-law"] == []
    lms.close()
    for text in ("x" * 4000, "sk1;" + ";" * 99, "sk1;\u202e<b>;", f"sk1;{second[:5]}zzzz;", "null", "{}"):
        assert not any(open_with(text).values()), text
        assert lms.faults == []
    assert not any(open_with("sk2;whatever it means").values())
    part = lms.part()
    assert "newer version" in line(part)
    answer(part, "m1-warm-up", 0)
    lms.close()
    assert lms.saved["cmi.suspend_data"] == "sk2;whatever it means"
    assert lms.saved["cmi.core.lesson_status"] == "incomplete"


@pytest.mark.parametrize("room", [4096, 255])
def test_what_does_not_fit_leaves_out_whole_exercises_oldest_first(lms: Class, room: int) -> None:
    """Stories played a hundred times are more than any class system keeps; what was gone through still counts."""
    part = lms.open("m5", room=room)
    done = part.evaluate(
        _paths(
            """({ traces, again }) => {
              for (const [id, trace] of traces) {
                const model = safekeeping.models[id];
                model.set("trace", again(trace, id.startsWith("sc") ? 100 : 1));
                model.save_changes();
              }
              return Object.fromEntries(traces.map(([id]) => [id, safekeeping.models[id].get("trace")]));
            }"""
        )
    )
    lms.kept("saved['cmi.core.score.raw'] === '100'")
    lms.close()
    text = lms.saved["cmi.suspend_data"]
    assert room / 3 < len(text) <= min(room, 3999)
    assert re.fullmatch(r"sk1;([0-9a-z]{5}[0-9a-zA-Z]*;)+", text)
    back = traces(lms.open("m5", room=room))
    whole = [id for id in done if back[id] == done[id]]
    closed = [id for id in done if back[id] != done[id] and back[id] and back[id][-1]["do"] in ("end", "start")]
    gone = [id for id in done if not back[id]]
    assert [*gone, *closed, *whole] == list(done)  # the oldest first, and none in half
    assert whole
    assert closed
    assert gone == ["note-m5"]  # to go on after a note is nothing gone through
    assert lms.faults == []


# --- class systems that fail -----------------------------------------------------------------------------------------


def test_system_that_answers_late_gets_everything_once(lms: Class) -> None:
    """The API appears after the first choices; what was kept there before comes back as well."""
    part = lms.open()
    press(part, "m1-warm-up", "Skip this exercise")
    lms.close()
    part = lms.open(late=True)
    until(lms.page, f"{LINE}.textContent !== ''")
    assert "No class system has answered yet" in line(part)
    answer(part, "m1-law", 2)
    lms.page.evaluate("window.API = lms.api")
    lms.kept("saved.interactions.length === 1")
    assert traces(part)["m1-warm-up"] == [{"do": "skip"}]
    assert lms.saved["cmi.core.score.raw"] == "10"
    lms.close()
    assert lms.faults == []


def test_system_that_refuses_the_first_words_is_asked_again(lms: Class) -> None:
    """LMSInitialize answers "false" twice."""
    part = lms.open(noInit=2)
    assert "No class system has answered yet" in line(part)
    answer(part, "m1-warm-up", 0)
    lms.kept("saved.interactions.length === 1")
    assert set(lms.faults) == {"301 cmi.core.lesson_status"}  # asked whether a session is open already


def test_commit_that_fails_is_tried_again_and_the_page_goes_on(lms: Class) -> None:
    """One calm sentence; then the same answers, each once."""
    part = lms.open(noCommit=2)
    answer(part, "m1-warm-up", 0)
    until(lms.page, "lms.ways.noCommit === 1")
    assert "is not taking your latest steps" in line(part)
    assert part.locator("#sk-class").get_attribute("role") == "status"
    part.locator("#help-lines").scroll_into_view_if_needed()
    part.get_by_role("link", name="Not kept yet").click()  # in the bar, wherever one reads
    assert part.evaluate("location.hash") == "#sk-told"
    press(part, "m1-warm-up", "Go on")
    answer(part, "m1-warm-up", 1)
    lms.kept("saved.interactions.length === 2")
    until(lms.page, f"{LINE}.textContent.includes('keeps your place')")
    assert part.locator("#sk-unkept").is_hidden()
    assert lms.faults == []


def test_session_that_is_dropped_is_opened_again_and_loses_no_answer(lms: Class) -> None:
    """Between two commits the session is gone over there (301): the answers of that time are told again, once."""
    part = lms.open()
    answer(part, "m1-warm-up", 0)
    lms.kept("saved.interactions.length === 1")
    lms.page.evaluate("lms.drop()")
    press(part, "m1-warm-up", "Go on")
    answer(part, "m1-warm-up", 1)
    answer(part, "m1-law", 1)
    lms.kept("saved.interactions.length === 3")
    ids = [row["id"] for row in lms.saved["interactions"]]
    assert len(set(ids)) == 3
    assert traces(part)["m1-warm-up"][-1]["item"] == ids[1]


def test_answer_that_was_heard_and_not_kept_is_told_again_when_the_session_is_gone(lms: Class) -> None:
    """Taken, the commit refused, then dropped: it is in no one's memory over there."""
    part = lms.open(noCommit=1)
    answer(part, "m1-warm-up", 0)
    until(lms.page, "lms.ways.noCommit === 0")
    assert lms.saved["interactions"] == []
    lms.page.evaluate("lms.drop()")
    lms.kept("saved.interactions.length === 1")


def test_system_that_throws_or_vanishes_never_stops_the_page(lms: Class, page_errors: Callable[..., list[str]]) -> None:
    """Every call throws; then the API is taken away; then another stands in its place."""
    errors = page_errors(lms.page)
    part = lms.open()
    lms.page.evaluate("lms.ways.throws = true")
    answer(part, "m1-warm-up", 0)
    until(lms.page, f"{LINE}.dataset.said === 'scorm.trouble'")
    lms.page.evaluate("delete window.API")
    press(part, "m1-warm-up", "Go on")
    answer(part, "m1-warm-up", 0)
    lms.page.evaluate("window.lms = makeApi(saved); window.API = lms.api")
    lms.kept("saved.interactions.length === 2")
    assert errors == []
    assert lms.faults == []


def test_system_without_single_answers_or_with_less_of_the_core_still_keeps_the_rest(lms: Class) -> None:
    """Interactions, bounds of the score and times are what a class system may lack; nobody is troubled by it."""
    part = lms.open(noAnswers=True, refuse=r"score\.m|session_time|lesson_location")
    answer(part, "m1-warm-up", 0)
    lms.kept("Boolean(saved['cmi.suspend_data'])")
    assert line(part) == "Your class system keeps your place."
    assert lms.saved["interactions"] == []


def test_frame_without_a_class_system_says_so_and_keeps_nothing(lms: Class) -> None:
    """Somebody shows the page in a frame of a page of their own."""
    part = lms.open(late=True)
    until(lms.page, f"{LINE}.dataset.said === 'scorm.waiting'")
    answer(part, "m1-warm-up", 0)
    assert "you can save them as a file" in line(part)
    assert part.locator("#sk-keep button").all_inner_texts() == ["Save as a file"]
    assert lms.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_outside_of_a_class_system_the_page_is_as_on_the_site(lms: Class, class_folder: Path) -> None:
    """Over http it may keep, if asked; from a file it plays and leaves."""
    page = lms.page
    page.goto(f"{lms.address}/m1.html")
    assert page.locator("#sk-class").inner_text() == ""
    page.get_by_role("button", name="Keep on this device").click()
    page.locator('[data-id="note-m1"]').get_by_role("button", name="Skip", exact=True).click()
    assert json.loads(page.evaluate("localStorage.getItem('course-progress')"))["traces"]["note-m1"] == [{"do": "skip"}]
    page.reload()
    assert "You have done this part" in page.locator("#sk-left").inner_text()
    page.goto((class_folder / "m1.html").as_uri())
    assert page.locator(".sk-exercise").count() == page.locator(".sk-exercise.sk-live").count()
    page.locator("a.sk-leave").click()
    until(page, "location.href === 'about:blank'")


@pytest.mark.parametrize("way", ["opener", "above a closed window"])
def test_api_is_found_where_scorm_says_and_closed_windows_are_passed_by(lms: Class, way: str) -> None:
    """In the window that opened this one; and above a frame of another origin, which may not be looked into."""
    page = lms.page
    page.evaluate("window.lms = makeApi(saved); window.API = lms.api")
    if way == "opener":
        with page.expect_popup() as opening:
            page.evaluate("window.open('m1.html')")
        part = opening.value.main_frame
    else:
        inner = f"<iframe src='{lms.address}/m1.html'></iframe>"
        page.evaluate(
            """(html) => {
              const box = document.createElement("iframe");
              box.src = `data:text/html,${encodeURIComponent(html)}`;
              document.body.append(box);
            }""",
            inner,
        )
        until(page, "lms.state.open")
        part = page.frames[-1]
    part.locator(".sk-live").first.wait_for()
    press(part, "note-m1", "Skip")
    lms.kept("saved['cmi.core.score.raw'] === '100'")
    assert lms.faults == []


# --- leaving ---------------------------------------------------------------------------------------------------------


def test_leave_now_empties_the_page_before_anything_else_and_waits_for_nobody(lms: Class) -> None:
    """In a frame that may not move the window: LMSFinish comes after the empty page, with all that was done."""
    part = lms.open(sandbox="allow-scripts allow-same-origin", slowFinish=300)
    answer(part, "m1-warm-up", 0)
    lms.page.evaluate(
        """() => {
          const { contentWindow: part } = document.getElementById("part");
          const look = () => { window.drawn = part.document.body.innerText; };
          part.addEventListener("sk-leave", () => part.requestAnimationFrame(look));
          const { LMSFinish } = lms.api;
          lms.api.LMSFinish = (given) => { window.before = window.drawn; return LMSFinish(given); };
        }"""
    )
    part.locator("a.sk-leave").click()
    lms.kept("lms.state.closed")
    empty = "This page is empty now. Close this tab."
    assert lms.page.evaluate("window.before") == empty  # and drawn so, before the class system was told anything
    assert part.locator("body").inner_text() == empty
    assert part.evaluate("document.title") == ""
    assert len(lms.saved["interactions"]) == 1
    assert lms.faults == []


def test_leave_now_takes_the_whole_window_and_does_not_wait_for_the_class_system(lms: Class) -> None:
    """Where the window may go, LMSFinish is not called at all: it could hold the old page on screen."""
    part = lms.open(note=True)
    answer(part, "m1-warm-up", 0)
    lms.kept("saved.interactions.length === 1")
    part.locator("a.sk-leave").click()
    until(lms.page, "location.href === 'about:blank'")
    lms.page.goto(f"{lms.address}/class.html")
    assert lms.page.evaluate("sessionStorage.getItem('finished')") is None
    part = lms.open(note=True)
    lms.close()
    assert lms.page.evaluate("sessionStorage.getItem('finished')") == "yes"  # the other way of leaving does


# --- hostile text, and the look of it ---------------------------------------------------------------------------------


def test_hostile_content_is_text_in_a_package_and_in_what_it_tells(
    toy_copy: Path, tmp_path: Path, offline: Offline, page_errors: Callable[..., list[str]]
) -> None:
    """Every field of the content holds markup, quotes and a mark from right to left; then a choice is made."""
    toy = HostileLibrary(toy_copy / "content", place="toyland")
    files = scorm.files(toy, Course(toy_copy), toy.module("t1"))
    page, _ = offline()
    errors = page_errors(page)
    (tmp_path / "t1.html").write_text(files[scorm.PAGE], "utf-8")
    api = (HERE / "scorm_api.js").read_text("utf-8")
    page.add_init_script(f"{api}window.lms = makeApi(saved); window.API = lms.api;")
    page.goto((tmp_path / "t1.html").as_uri())
    assert "<script>window.hit=1</script>" in page.inner_text("body")
    story = page.locator('.sk-exercise[data-exercise="scenario"]').first
    story.locator(".sk-live-part button.sk-way3").first.click()
    story.locator(".sk-live-part button.sk-opt").first.click()
    until(page, "saved.interactions.length === 1")
    assert page.evaluate("window.hit") is None
    assert page.locator("main img, main script:not([type])").count() == 0
    assert page.evaluate("lms.state.faults") == []
    assert "<" not in json.dumps(page.evaluate("lms.state.calls"))
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_with_its_line_has_no_fault_that_axe_can_find(
    offline: Offline, port: int, axe: Callable[..., list[str]], scheme: str
) -> None:
    """With the line of a class system that does not take the steps; on a phone, without sideways scroll."""
    page, refused = offline(port=port, color_scheme=scheme, viewport={"width": 320, "height": 844})
    lms = Class(page, refused, port)
    part = lms.open(noCommit=99)
    before = part.locator("a.sk-leave").bounding_box()
    press(part, "note-m1", "Read a summary")
    until(page, f"{LINE}.dataset.said === 'scorm.trouble'")
    assert part.locator("a.sk-leave").bounding_box() == before  # the mark in the bar does not move it
    assert axe(page) == []
    assert part.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert refused == []
