"""run.py: from nothing but Python to the course, with one calm sentence for everything that can go wrong."""

import ast
import errno
import importlib.util
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
run = importlib.util.module_from_spec(spec)
spec.loader.exec_module(run)


class FakeMachine(run.Machine):
    """A machine without a screen, a network or other programs: it writes down what it was asked to do."""

    version = (3, 12)
    windows = False
    root_user = False

    def __init__(self, python: Path) -> None:
        self.python = str(python)
        self.said: list[str] = []
        self.called: list[list[str]] = []
        self.answers: dict[str, str] = {}  # program: what it prints
        self.lacking: set[str] = set()  # modules that this Python does not have
        self.programs = {"chromium", "WebKitWebDriver", "xvfb-run", "firefox-esr"}
        self.free = 100_000.0
        self.code = 0  # what the next called command returns
        self.pip_says = ""  # not empty: pip fails with these words
        self.error: BaseException | None = None  # raised when a command is started

    def say(self, text: str) -> None:
        self.said.append(text)

    def which(self, program: str) -> str | None:
        return program if program in self.programs else None

    def free_megabytes(self, folder: str) -> float:
        return self.free

    def has_module(self, name: str) -> bool:
        return name not in self.lacking

    def ask(self, command) -> str:
        return self.answers.get(" ".join(command[: command.index("-c")]), "")

    def call(self, command, folder=None, **variables) -> int:
        self.called.append(list(command))
        return self.code

    def call_quietly(self, command, folder, log) -> int:
        self.called.append(list(command))
        if self.error:
            raise self.error
        if command[1:3] == ["-m", "venv"]:
            python = Path(command[3], "bin", "python")
            python.parent.mkdir(parents=True)
            python.symlink_to(self.python)
        if "pip" in command and self.pip_says:
            Path(log).write_text(self.pip_says, encoding="utf-8")
            return 1
        return 0

    def pip_runs(self) -> list[list[str]]:
        return [command for command in self.called if "pip" in command]

    def answer(self) -> str:
        """What was said, when it must be exactly one sentence's worth of text."""
        assert len(self.said) == 1, self.said
        return self.said[0]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (folder / "constraints.txt").write_text("six==1\n", encoding="utf-8")
    return folder


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    python = tmp_path / "python3.12"
    python.write_text("", encoding="utf-8")
    return FakeMachine(python)


def start(root: Path, machine: FakeMachine, *words: str) -> int:
    machine.said.clear()
    machine.called.clear()
    return run.main(words, str(root), machine)


# --- the file itself


def test_it_parses_with_the_grammar_of_python_3_6() -> None:
    """An old Python must get as far as our sentence about it."""
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_it_uses_the_standard_library_only_and_prints_plain_ascii() -> None:
    """It runs before anything is installed, also in an old Windows console."""
    text = (ROOT / "run.py").read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in imports if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    assert text.isascii()


def test_every_extra_that_a_command_needs_is_in_pyproject_and_has_a_size() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = {extra for needed in run.NEEDS.values() for extra in needed} | set(run.EVERYTHING)
    assert named <= set(extras)
    assert named <= set(run.PARTS)
    for whole, parts in run.PARTS_OF.items():
        assert f"safekeeping[{','.join(parts)}]" in extras[whole]


def test_the_supported_pythons_are_those_that_pyproject_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [line.rsplit(" ", 1)[1] for line in project["classifiers"] if "Python :: 3." in line]
    assert named == [f"3.{minor}" for minor in range(run.OLDEST[1], run.NEWEST[1] + 1)]
    assert project["requires-python"] == ">={}.{}".format(*run.OLDEST)


def test_every_dependency_is_pinned_in_constraints() -> None:
    """A package that the list forgets would be installed in whatever version is newest that day."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [line for extra in project["optional-dependencies"].values() for line in extra]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0] for line in lines if line and not line.startswith("#")}
    names = {line.replace("[", "=").replace(">", "=").split("=")[0].lower() for line in wanted} - {"safekeeping"}
    assert names <= pinned


# --- the Python that runs it


def test_an_old_python_without_a_newer_one_gets_one_sentence(root: Path, machine: FakeMachine) -> None:
    machine.version = (3, 8)
    assert start(root, machine) == 1
    assert "needs Python 3.11 to 3.14; this is Python 3.8" in machine.answer()
    assert "python.org" in machine.answer()
    assert not (root / ".venv").exists()


def test_an_old_python_hands_over_to_the_newest_supported_one(root: Path, machine: FakeMachine) -> None:
    """A name alone proves nothing: a launcher may exist for a Python that does not."""
    machine.version, machine.code = (3, 8), 5
    machine.answers = {"python3.14": "", "python3.13": "13\n", "python3.11": "11\n"}
    assert start(root, machine, "check", "--json") == 5
    assert machine.called == [["python3.13", str(ROOT / "run.py"), "check", "--json"]]
    assert machine.said == []


def test_on_windows_the_launcher_is_asked_too(root: Path, machine: FakeMachine) -> None:
    machine.version, machine.windows, machine.answers = (3, 8), True, {"py -3.12": "12\r\n"}
    assert start(root, machine) == 0
    assert machine.called[0][:2] == ["py", "-3.12"]


def test_a_python_newer_than_tried_looks_for_a_supported_one(root: Path, machine: FakeMachine) -> None:
    machine.version, machine.answers = (3, 15), {"python3.14": "14"}
    assert start(root, machine) == 0
    assert machine.called[0][0] == "python3.14"


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_debian_package(root: Path, machine: FakeMachine, module: str) -> None:
    machine.lacking = {module}
    assert start(root, machine) == 1
    assert "sudo apt install python3.12-venv" in machine.answer()
    assert not (root / ".venv").exists()


def test_a_long_path_on_windows_is_refused_before_anything_is_made(machine: FakeMachine, tmp_path: Path) -> None:
    machine.windows = True
    assert run.main([], "C:\\" + "x" * 88, machine) == 1
    assert "91 characters" in machine.answer()
    assert "C:\\safekeeping" in machine.answer()


# --- the environment


def test_the_first_start_says_size_and_time_then_makes_installs_and_opens(root: Path, machine: FakeMachine) -> None:
    assert start(root, machine, "--no-browser", "--port", "8899") == 0
    assert "59 MB to download, 268 MB on disk, 2 minutes" in machine.answer()
    venv, pip, child = machine.called
    python = str(root / ".venv" / "bin" / "python")
    assert venv == [machine.python, "-m", "venv", str(root / ".venv")]
    assert pip[0] == python
    assert pip[-4:] == ["-c", "constraints.txt", "-e", ".[publish]"]
    assert child == [python, "-m", "safekeeping", "open", "--no-browser", "--port", "8899"]


def test_the_facilitators_notebooks_bring_what_they_make_files_with(root: Path, machine: FakeMachine) -> None:
    """One button makes a pack, and another a report: nobody should be told then to install something."""
    assert start(root, machine, "open", "plans", "--facilitator") == 0
    _venv, pip, child = machine.called
    assert set(pip[-1].strip(".[]").split(",")) == {"publish", "pack", "evaluate"}
    assert child[-3:] == ["open", "plans", "--facilitator"]


def test_a_second_start_runs_no_pip(root: Path, machine: FakeMachine) -> None:
    start(root, machine)
    assert start(root, machine) == 0
    assert machine.called == [[str(root / ".venv/bin/python"), "-m", "safekeeping", "open"]]
    assert machine.said == []


def test_a_command_adds_its_extra_once_says_its_size_and_keeps_the_others(root: Path, machine: FakeMachine) -> None:
    start(root, machine)
    start(root, machine, "check")
    assert "checks for content. About 4 MB to download" in machine.answer()
    assert machine.pip_runs()[0][-1] == ".[author,publish]"
    for words in ([], ["check"], ["page", "M5", "-o", "m5.html"]):
        start(root, machine, *words)
        assert machine.pip_runs() == []


def test_tests_bring_the_extras_that_their_own_extra_brings(root: Path, machine: FakeMachine) -> None:
    start(root, machine, "test", "-k", "quiz")
    assert machine.called[-1] == [str(root / ".venv/bin/python"), "-m", "pytest", "-k", "quiz"]
    start(root, machine, "check")
    assert machine.pip_runs() == []


def test_all_installs_everything_and_starts_nothing(root: Path, machine: FakeMachine) -> None:
    assert start(root, machine, "--all") == 0
    assert machine.called[-1][-1] == ".[author,evaluate,pack,publish]"
    assert "without internet" in machine.said[-1]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_list_of_packages_is_installed_into_the_same_environment(
    root: Path, machine: FakeMachine, name: str
) -> None:
    start(root, machine)
    (root / name).write_text("changed\n", encoding="utf-8")
    start(root, machine)
    assert len(machine.pip_runs()) == 1
    assert not any("venv" in command for command in machine.called)


def test_another_supported_python_uses_the_environment_that_is_there(root: Path, machine: FakeMachine) -> None:
    """A course that works is not thrown away: the person may be without internet."""
    start(root, machine)
    machine.version, machine.python = (3, 13), machine.python + "-other"
    start(root, machine)
    assert len(machine.called) == 1


def test_a_half_made_environment_is_made_again(root: Path, machine: FakeMachine) -> None:
    """The stamp is written last, so an interrupted installation has none."""
    machine.pip_says = "ERROR: interrupted"
    start(root, machine)
    assert not (root / ".venv" / "safekeeping-stamp").exists()
    machine.pip_says = ""
    assert start(root, machine) == 0
    assert "made again" in machine.said[0]
    assert [command[2] for command in machine.called] == ["venv", "pip", "safekeeping"]
    start(root, machine)
    assert machine.pip_runs() == []


def test_a_moved_environment_is_made_again(root: Path, machine: FakeMachine, tmp_path: Path) -> None:
    start(root, machine)
    moved = tmp_path / "elsewhere"
    shutil.move(root, moved)
    (moved / ".venv" / "old-file").write_text("", encoding="utf-8")
    assert start(moved, machine) == 0
    assert "was moved" in machine.said[0]
    assert not (moved / ".venv" / "old-file").exists()
    start(moved, machine)
    assert machine.pip_runs() == []


def test_an_environment_that_lost_its_python_is_made_again(root: Path, machine: FakeMachine, tmp_path: Path) -> None:
    start(root, machine)
    Path(machine.python).unlink()
    newer = tmp_path / "python3.13"
    newer.write_text("", encoding="utf-8")
    machine.python, machine.version = str(newer), (3, 13)
    assert start(root, machine) == 0
    assert json.loads((root / ".venv/safekeeping-stamp").read_text(encoding="utf-8"))["version"] == "3.13"


def test_a_system_upgrade_under_the_same_name_is_noticed(root: Path, machine: FakeMachine) -> None:
    start(root, machine)
    machine.version = (3, 13)
    assert start(root, machine) == 0
    assert ["-m", "venv"] in [command[1:3] for command in machine.called]


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"place": 1}', "\x00"])
def test_a_damaged_stamp_counts_as_none(root: Path, machine: FakeMachine, stamp: str) -> None:
    start(root, machine)
    (root / ".venv/safekeeping-stamp").write_text(stamp, encoding="utf-8")
    assert start(root, machine) == 0
    assert len(machine.pip_runs()) == 1


@pytest.mark.parametrize("kind", ["folder", "link", "file"])
def test_a_venv_that_is_not_ours_is_never_touched(
    root: Path, machine: FakeMachine, tmp_path: Path, kind: str
) -> None:
    other = tmp_path / "theirs"
    other.mkdir()
    (other / "pyvenv.cfg").write_text("home = /", encoding="utf-8")
    (other / "made-by-safekeeping").write_text("", encoding="utf-8")
    if kind == "folder":
        (other / "made-by-safekeeping").unlink()
        shutil.move(other, root / ".venv")
    elif kind == "link":
        (root / ".venv").symlink_to(other)
    else:
        (root / ".venv").write_text("", encoding="utf-8")
    assert start(root, machine) == 1
    assert "did not make" in machine.answer()
    assert machine.called == []
    assert kind == "file" or (root / ".venv" / "pyvenv.cfg").exists()


# --- what can go wrong

OFFLINE = (
    "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError(Temporary failure in name"
    " resolution)'\nERROR: No matching distribution found for hatchling"
)


@pytest.mark.parametrize(
    ("pip_says", "sentence"),
    [
        (OFFLINE, "no internet connection"),
        ("ReadTimeoutError: Read timed out.", "no internet connection"),
        ("SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] connection broken by", "certificate"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "The disk is full"),
        ("OSError: [WinError 112] There is not enough space on the disk", "The disk is full"),
        ("ERROR: [WinError 5] Access is denied", "Close other windows"),
        ("ERROR: ResolutionImpossible\n\n", "did not finish: ERROR: ResolutionImpossible"),
    ],
)
def test_a_failed_installation_becomes_a_sentence_with_a_remedy(
    root: Path, machine: FakeMachine, pip_says: str, sentence: str
) -> None:
    machine.pip_says = pip_says
    assert start(root, machine) == 1
    assert sentence in machine.said[-1]
    assert len(machine.said) == 2  # the size, then the sentence


def test_adding_a_part_without_internet_leaves_the_rest_usable(root: Path, machine: FakeMachine) -> None:
    start(root, machine)
    machine.pip_says = OFFLINE
    assert start(root, machine, "check") == 1
    assert start(root, machine) == 0
    assert len(machine.called) == 1


def test_a_disk_without_room_is_noticed_before_the_download(root: Path, machine: FakeMachine) -> None:
    machine.free = 200.0
    assert start(root, machine) == 1
    assert "200 MB free" in machine.answer()
    assert machine.called == []
    assert not (root / ".venv").exists()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "x"), "cannot be changed (x)"),
        (OSError(errno.EIO, "Input/output error", "x"), "Input/output error (x)"),
        (KeyboardInterrupt(), "Nothing is lost"),
    ],
)
def test_an_error_of_the_system_is_a_sentence_and_never_a_traceback(
    root: Path, machine: FakeMachine, error: BaseException, sentence: str
) -> None:
    machine.error = error
    assert start(root, machine) == (130 if isinstance(error, KeyboardInterrupt) else 1)
    assert sentence in machine.said[-1]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["chek"], "Did you mean 'check'?"),
        (["nonsense"], "Commands: bench, check"),
        (["--prot", "8899"], "Did you mean '--port'?"),
        (["--all", "check"], "--all stands alone"),
        (["bench", "nothing-of-that-name"], "There is no benchmark nothing-of-that-name"),
    ],
)
def test_a_wrong_call_ends_with_2_and_downloads_nothing(
    root: Path, machine: FakeMachine, words: list[str], hint: str
) -> None:
    assert start(root, machine, *words) == 2
    assert hint in machine.answer()
    assert machine.called == []


def test_the_code_of_the_command_is_the_code_of_run(root: Path, machine: FakeMachine) -> None:
    start(root, machine)
    machine.code = 7
    assert start(root, machine, "page", "M5") == 7


def test_help_needs_no_environment(root: Path, machine: FakeMachine) -> None:
    assert start(root, machine, "--help") == 0
    assert all(f"run.py {word}" in machine.answer() for word in ("test", "bench", "--all"))
    assert machine.called == []


# --- browsers and benchmarks


def test_root_on_debian_installs_the_missing_programs_only(root: Path, machine: FakeMachine) -> None:
    machine.programs, machine.root_user = {"apt-get", "chromium"}, True
    start(root, machine, "test")
    assert machine.called[-2][:3] == ["apt-get", "install", "-y"]
    assert machine.called[-2][-5:] == ["webkit2gtk-driver", "xvfb", "xauth", "firefox-esr", "poppler-utils"]


def test_without_root_playwright_fetches_chromium_only_if_there_is_none(root: Path, machine: FakeMachine) -> None:
    machine.programs = {"apt-get", "google-chrome"}
    start(root, machine, "test")
    assert not any("playwright" in command for command in machine.called)
    machine.programs = {"apt-get"}
    start(root, machine, "test")
    assert machine.called[0][1:] == ["-m", "playwright", "install", "chromium"]


def test_each_benchmark_runs_and_the_first_failure_is_the_code(root: Path, machine: FakeMachine) -> None:
    folder = root / "tests" / "bench"
    folder.mkdir(parents=True)
    for name in ("deck.py", "page.py", "_shared.py", "notes.md"):
        (folder / name).write_text("", encoding="utf-8")
    machine.code = 3
    assert start(root, machine, "bench") == 3
    assert [Path(command[-1]).name for command in machine.called[-2:]] == ["deck.py", "page.py"]
    start(root, machine, "bench", "page")
    assert [Path(command[-1]).name for command in machine.called] == ["page.py"]


# --- the real thing, once


def test_a_child_that_ends_by_itself_gives_its_code_and_its_words_go_to_the_log(tmp_path: Path) -> None:
    machine = run.Machine()
    log = tmp_path / "log.txt"
    assert machine.call([sys.executable, "-c", "raise SystemExit(4)"]) == 4
    assert machine.call_quietly([sys.executable, "-c", "print('hello')"], str(tmp_path), str(log)) == 0
    assert log.read_text(encoding="utf-8").strip() == "hello"
    assert machine.ask(["no-such-program-here", "-c", ""]) == ""


@pytest.mark.slow
def test_a_whole_environment_is_recognised_by_the_real_program(tmp_path: Path) -> None:
    """A fresh process, a real environment without packages: no pip, and the child's own code."""
    folder = tmp_path / "course"
    folder.mkdir()
    for name in ("run.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    environment = run.Environment(str(folder), run.Machine())
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    Path(environment.mark).write_text("", encoding="utf-8")
    environment.write_stamp({"version": environment.running_version(), "made_with": run.Machine.python}, ["publish"])
    done = subprocess.run([sys.executable, "run.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "No module named safekeeping" in done.stderr  # the command was started, and nothing was installed before it
    assert done.stdout == ""
