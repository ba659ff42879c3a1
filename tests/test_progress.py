"""Progress: a file only if asked for, never overwritten by what cannot read it, and gone with one action."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safekeeping import lesson, progress
from safekeeping.library import Library
from safekeeping.progress import ProgressError, read, write

TRACES: dict[str, list[dict[str, Any]]] = {"dry-bed": [{"do": "start"}, {"do": "choose", "state": "a", "option": "b"}]}
START = {"do": "start"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a progress file may stand."""
    return tmp_path / progress.FILE


def test_what_was_written_is_read_again(file: Path) -> None:
    """Nothing is lost on the way."""
    write(file, TRACES)
    assert read(file) == TRACES


def test_the_file_holds_ids_and_choices_alone(file: Path) -> None:
    """No name, no text, no time of day; its name tells nothing either."""
    write(file, TRACES)
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data == {"safekeeping_progress": 1, "traces": TRACES}
    assert file.name == "course-progress.json"


@given(
    st.dictionaries(
        st.text(max_size=9),
        st.lists(st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=5), st.integers(), st.none()))).map(
            lambda events: [event | {"do": "x"} for event in events]
        ),
        max_size=4,
    )
)
def test_any_traces_survive_the_file(tmp_path_factory: pytest.TempPathFactory, traces: dict[str, Any]) -> None:
    """Also ids in any script."""
    path = tmp_path_factory.mktemp("any") / "p.json"
    write(path, traces)
    assert read(path) == traces


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is damaged or is no progress file"),
        (b'{"safekeeping_progress": 1, "traces": {', "is damaged"),
        (b"\xff\xfe", "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b'{"safekeeping_progress": NaN1}', "is damaged"),
        (b"[]", "is no progress file of this course"),
        (b'"text"', "is no progress file of this course"),
        (b"{}", "is no progress file of this course"),
        (b'{"safekeeping_progress": "1"}', "is no progress file of this course"),
        (b'{"safekeeping_progress": true, "traces": {}}', "is no progress file of this course"),
        (b'{"safekeeping_progress": 0, "traces": {}}', "is no progress file of this course"),
        (b'{"safekeeping_progress": 2, "traces": {}}', "written by a newer Safekeeping"),
        (b'{"safekeeping_progress": 1}', "its traces cannot be read"),
        (b'{"safekeeping_progress": 1, "traces": []}', "its traces cannot be read"),
        (b'{"safekeeping_progress": 1, "traces": {"a": {}}}', "its traces cannot be read"),
        (b'{"safekeeping_progress": 1, "traces": {"a": ["x"]}}', "its traces cannot be read"),
        (b'{"safekeeping_progress": 1, "traces": {"a": [{"do": 1}]}}', "its traces cannot be read"),
        (b" " * 5_000_001, "is too large"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_file_that_cannot_be_read_is_left_as_it_is(file: Path, raw: bytes, words: str) -> None:
    """Damaged, foreign, newer, too large: one sentence, and not a byte is changed."""
    file.write_bytes(raw)
    with pytest.raises(ProgressError, match=words) as caught:
        read(file)
    assert "left as it is" in str(caught.value)
    assert str(caught.value).startswith(f'"{progress.FILE}"')
    assert file.read_bytes() == raw


def test_a_newer_file_says_to_update(file: Path) -> None:
    """What a newer version wrote is never guessed at."""
    file.write_text(json.dumps({"safekeeping_progress": progress.VERSION + 1, "traces": {}}), encoding="utf-8")
    with pytest.raises(ProgressError, match="Update Safekeeping, then open it again"):
        read(file)


def test_every_older_version_has_its_upgrade_step() -> None:
    """From the oldest readable version on, one step each."""
    assert set(progress._UPGRADES) == set(range(progress.OLDEST, progress.VERSION))


def test_a_missing_file_or_a_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    """The words of the operating system."""
    with pytest.raises(ProgressError, match="cannot be read"):
        read(tmp_path / "none.json")
    with pytest.raises(ProgressError, match="cannot be read"):
        read(tmp_path)


def full(*_args: object, **_options: object) -> None:
    """A disk without room."""
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("where", ["json.dump", "tempfile.mkstemp", "pathlib.Path.replace"])
def test_on_a_full_disk_what_was_kept_before_stays(file: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Written whole or not at all, and nothing half-made is left behind."""
    write(file, TRACES)
    before = file.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(where, full)
        with pytest.raises(ProgressError, match=r"No space left on device\. Free some space") as caught:
            write(file, {"other": [START]})
    assert "what was kept before is unchanged" in str(caught.value)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_folder_that_does_not_exist_is_told_in_one_sentence(tmp_path: Path) -> None:
    """With the remedy."""
    with pytest.raises(ProgressError, match="could not be written"):
        write(tmp_path / "none" / "p.json", TRACES)


# --- keeping, in a notebook ------------------------------------------------------------------------------------------


@pytest.fixture
def played(in_toy: Library) -> Callable[[dict[str, Any]], None]:
    """The toy's story, started; call it with what the front end reports."""
    live = lesson.play("dry-bed")

    def report(event: dict[str, Any]) -> None:
        live.trace = [*live.trace, event]

    return report


def test_nothing_is_saved_unless_the_learner_asks(played: Callable[[dict[str, Any]], None], fresh_lesson: Path) -> None:
    """Playing leaves no file."""
    played(START)
    assert list(fresh_lesson.iterdir()) == []


def test_from_keep_on_every_choice_is_written(played: Callable[[dict[str, Any]], None], fresh_lesson: Path) -> None:
    """What came before, and each step after; a crash then loses nothing."""
    played(START)
    lesson.keep()
    file = fresh_lesson / progress.FILE
    assert read(file) == {"dry-bed": [START]}
    played({"do": "choose", "state": "saturday", "option": "look"})
    assert read(file) == {"dry-bed": [START, {"do": "choose", "state": "saturday", "option": "look"}]}


def test_keeping_adds_to_what_the_file_holds(played: Callable[[dict[str, Any]], None], fresh_lesson: Path) -> None:
    """Other parts of the course use the same file."""
    write(fresh_lesson / progress.FILE, {"other": [START]})
    played(START)
    lesson.keep()
    assert read(fresh_lesson / progress.FILE) == {"other": [START], "dry-bed": [START]}


def test_a_notebook_in_which_nothing_was_chosen_erases_nothing_that_was_kept(
    played: Callable[[dict[str, Any]], None], fresh_lesson: Path
) -> None:
    """Opening the course again and keeping on must not empty the record."""
    write(fresh_lesson / progress.FILE, TRACES)
    lesson.keep()
    assert read(fresh_lesson / progress.FILE) == TRACES


@pytest.mark.parametrize("raw", [b"{", b'{"safekeeping_progress": 99, "traces": {}}', b'{"mine": 1}'])
def test_keep_never_overwrites_a_file_that_it_cannot_read(
    played: Callable[[dict[str, Any]], None], fresh_lesson: Path, raw: bytes
) -> None:
    """A newer or foreign file stays; the learner hears one sentence and can name another file."""
    file = fresh_lesson / progress.FILE
    file.write_bytes(raw)
    with pytest.raises(ProgressError):
        lesson.keep()
    played(START)
    assert file.read_bytes() == raw
    lesson.keep("mine.json")
    assert read(fresh_lesson / "mine.json") == {"dry-bed": [START]}


def test_a_file_that_breaks_while_it_is_kept_is_not_overwritten(
    played: Callable[[dict[str, Any]], None], fresh_lesson: Path
) -> None:
    """Another program may write into it at any time."""
    lesson.keep()
    (fresh_lesson / progress.FILE).write_bytes(b"broken")
    with pytest.raises(ProgressError):
        played(START)
    assert (fresh_lesson / progress.FILE).read_bytes() == b"broken"


def test_one_action_erases_the_file_and_every_choice(
    played: Callable[[dict[str, Any]], None], fresh_lesson: Path
) -> None:
    """And keeping has ended: later choices leave no file."""
    lesson.keep()
    played(START)
    assert "Erased." in repr(lesson.erase())
    assert list(fresh_lesson.iterdir()) == []
    assert lesson.answers() == {}
    played(START)
    assert list(fresh_lesson.iterdir()) == []


def test_erase_removes_the_file_that_was_kept_whatever_its_name(
    played: Callable[[dict[str, Any]], None], fresh_lesson: Path
) -> None:
    """One action erases: also a record that was kept under a name of one's own."""
    lesson.keep("mine.json")
    played(START)
    lesson.erase()
    assert list(fresh_lesson.iterdir()) == []


def test_erase_without_a_file_says_so(in_toy: Library) -> None:
    """No error, and no file."""
    assert "There was no kept file" in repr(lesson.erase())


def test_erase_removes_a_damaged_file_as_well(in_toy: Library, fresh_lesson: Path) -> None:
    """Who wants it gone gets it gone."""
    (fresh_lesson / progress.FILE).write_bytes(b"{")
    assert "Erased." in repr(lesson.erase())
    assert list(fresh_lesson.iterdir()) == []


def test_a_file_that_cannot_be_erased_is_told_in_one_sentence(
    in_toy: Library, fresh_lesson: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody may believe that something is gone which is not."""

    def locked(*_args: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    (fresh_lesson / progress.FILE).write_bytes(b"{}")
    monkeypatch.setattr(Path, "unlink", locked)
    with pytest.raises(ProgressError, match="Permission denied"):
        lesson.erase()
