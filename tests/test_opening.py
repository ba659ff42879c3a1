"""Opening the course: a folder of one's own, on this computer only, and answers that are never overwritten."""

from __future__ import annotations

import errno
import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from traitlets import import_item

from safekeeping import opening
from safekeeping.faults import WrongCall
from safekeeping.kernels import Line, PatientKernels
from safekeeping.opening import OpeningError, command, copy_course, environment, free_port, open_course

NAMES = ["00-gate.ipynb", "01-beds.ipynb"]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "my-course"


# --- the copy --------------------------------------------------------------------------------------------------------


def test_the_notebooks_are_copied_and_named(mine: Path, toy_folder: Path) -> None:
    """Byte by byte."""
    assert copy_course(mine, str(toy_folder)) == NAMES
    for name in NAMES:
        assert (mine / name).read_bytes() == (toy_folder / "notebooks" / name).read_bytes()
    assert sorted(path.name for path in mine.iterdir()) == NAMES


def test_a_notebook_that_is_there_is_never_overwritten(mine: Path, toy_folder: Path) -> None:
    """Answers and notes stand in it."""
    copy_course(mine, str(toy_folder))
    (mine / NAMES[1]).write_text("my answers", encoding="utf-8")
    (mine / NAMES[0]).unlink()
    assert copy_course(mine, str(toy_folder)) == [NAMES[0]]
    assert (mine / NAMES[1]).read_text(encoding="utf-8") == "my answers"
    assert copy_course(mine, str(toy_folder)) == []


def test_other_files_in_the_folder_stay(mine: Path, toy_folder: Path) -> None:
    """A folder with one's own things in it is fine."""
    mine.mkdir()
    (mine / "notes.txt").write_text("x", encoding="utf-8")
    copy_course(mine, str(toy_folder))
    assert (mine / "notes.txt").read_text(encoding="utf-8") == "x"


def test_a_link_that_leads_nowhere_is_not_replaced(mine: Path, toy_folder: Path) -> None:
    """Somebody put it there; perhaps the disk behind it is not plugged in."""
    mine.mkdir()
    (mine / NAMES[0]).symlink_to(mine / "elsewhere.ipynb")
    copy_course(mine, str(toy_folder))
    assert (mine / NAMES[0]).is_symlink()


def test_the_copy_can_be_written_even_if_the_course_cannot(mine: Path, toy_copy: Path) -> None:
    """A course on a read-only disk still gives a folder to work in."""
    for name in NAMES:
        (toy_copy / "notebooks" / name).chmod(stat.S_IRUSR)
    copy_course(mine, str(toy_copy))
    assert all((mine / name).stat().st_mode & stat.S_IWUSR for name in NAMES)


def test_a_folder_in_the_place_of_the_course_is_refused(tmp_path: Path, toy_copy: Path) -> None:
    """A file; the course itself; a folder without a course."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(WrongCall, match=r"is a file\. Name a folder"):
        copy_course(tmp_path / "file", str(toy_copy))
    with pytest.raises(WrongCall, match="is the course itself"):
        copy_course(toy_copy / "notebooks", str(toy_copy))
    with pytest.raises(WrongCall, match="holds no course"):
        copy_course(tmp_path / "x", str(tmp_path))
    with pytest.raises(OpeningError, match="cannot be written"):
        copy_course(tmp_path / "file" / "deeper", str(toy_copy))


def test_on_a_full_disk_no_half_notebook_is_left(mine: Path, toy_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence; the next try begins clean."""

    def full(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(opening.shutil, "copyfile", full)
        with pytest.raises(OpeningError, match=r"No space left on device\. Name a folder"):
            copy_course(mine, str(toy_folder))
    assert list(mine.iterdir()) == []
    assert copy_course(mine, str(toy_folder)) == NAMES


# --- port, address, folders ------------------------------------------------------------------------------------------


@pytest.fixture
def busy() -> Any:
    """A port that somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_free_port_is_found_or_the_wanted_one_taken() -> None:
    """Both are free at that moment."""
    port = free_port()
    assert 1024 <= port <= 65535
    assert free_port(port) == port


def test_a_port_in_use_is_told_in_one_sentence(busy: int) -> None:
    """With the remedy."""
    with pytest.raises(OpeningError, match=f"Port {busy} is in use on this computer. Give another number"):
        free_port(busy)


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    """A wrong call, not a search for another one."""
    with pytest.raises(WrongCall, match="is no port number"):
        free_port(port)


def test_everything_that_jupyterlab_writes_stays_inside_the_folder(mine: Path) -> None:
    """So that deleting one folder erases all: settings, workspaces, data, run-time files, history, checkpoints."""
    made = environment(mine)
    folders = {name: value for name, value in made.items() if value != os.environ.get(name)}
    assert set(folders) >= {
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "IPYTHONDIR",
    }
    assert [name for name, value in folders.items() if not Path(value).is_relative_to(mine.resolve())] == []
    written = [path for path in mine.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(mine / opening.INNER) for path in written)
    (checkpoints,) = [one for one in command(mine, 1, "t", True) if "checkpoint_dir" in one]
    assert Path(checkpoints.partition("=")[2]).is_relative_to(mine.resolve() / opening.INNER)


def test_jupyterlab_asks_for_no_news_and_no_updates(mine: Path) -> None:
    """It would ask outside hosts."""
    environment(mine)
    (settings,) = mine.rglob("notification.jupyterlab-settings")
    assert re.sub(r"\s", "", settings.read_text(encoding="utf-8")) == '{"fetchNews":"false","checkForUpdates":false}'


def test_the_server_listens_on_this_computer_only_and_asks_for_its_token(mine: Path) -> None:
    """One address, one port, no other one in silence."""
    words = command(mine, 8765, "secret", True)
    assert words[:3] == [sys.executable, "-m", "jupyterlab"]
    assert {"--port=8765", "--ip=127.0.0.1", "--ServerApp.port_retries=0", "--IdentityProvider.token=secret"} <= set(
        words
    )
    assert f"--ServerApp.root_dir={mine.resolve()}" in words
    assert "--LabApp.extension_manager=readonly" in words
    assert "--no-browser" not in words
    assert "--no-browser" in command(mine, 8765, "secret", False)


def test_the_server_gets_the_patient_kernels_under_their_right_names(mine: Path) -> None:
    """A misspelt class would only show when somebody opens the course."""
    pairs = [word.partition("=") for word in command(mine, 8765, "secret", True)]
    assert [import_item(value) for name, _, value in pairs if "kernel" in name] == [PatientKernels, Line]


# --- the whole start -------------------------------------------------------------------------------------------------


def test_the_address_is_printed_with_a_token_of_its_own(
    mine: Path, toy_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a person clicks or copies; each start has another token."""
    started: list[list[str]] = []

    def run(words: list[str], **_more: Any) -> subprocess.CompletedProcess[str]:
        started.append(words)
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(opening.subprocess, "run", run)
    for _ in range(2):
        assert open_course(mine, course_dir=str(toy_folder), browser=False) == 0
    said = capsys.readouterr().out
    tokens = re.findall(r"Address: http://127\.0\.0\.1:\d+/lab/tree/00-start-here\.ipynb\?token=([\w-]{20,})", said)
    assert len(set(tokens)) == 2
    assert [f"--IdentityProvider.token={token}" in words for token, words in zip(tokens, started, strict=True)] == [
        True
    ] * 2
    assert "2 notebooks copied" in said and "your notebooks are as you left them" in said
    assert "Deleting it erases everything" in said


def test_ctrl_c_ends_calmly(
    mine: Path, toy_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is how a person stops."""

    def interrupted(*_words: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(opening.subprocess, "run", interrupted)
    assert open_course(mine, course_dir=str(toy_folder), browser=False) == 0
    assert "Closed. Your notebooks are kept in your folder." in capsys.readouterr().out


def test_the_folder_is_prepared_before_anything_else_can_fail(
    mine: Path, toy_folder: Path, busy: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a port in use nothing is started and no address is printed that leads to somebody else's server."""
    with pytest.raises(OpeningError):
        open_course(mine, course_dir=str(toy_folder), port=busy, browser=False)
    assert "Address" not in capsys.readouterr().out
