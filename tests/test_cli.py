"""The command line: a calm sentence for every slip, exit code 2 for a wrong call, 1 for a finding, no traceback."""

from __future__ import annotations

import builtins
import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import safekeeping
from safekeeping import cli
from safekeeping.cli import main

COMMANDS = ["open", "check", "new", "page", "deck", "form", "pack", "site", "lms", "class", "evaluate"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: its exit code, what it prints, and what it complains."""

    def ran(*words: object) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:  # argparse ends a call that it does not understand
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def one_sentence(complaint: str) -> None:
    """Whatever went wrong is told calmly: no traceback, no class names, no more than a few lines."""
    assert complaint.strip()
    assert "Traceback" not in complaint
    assert not re.search(r"\b\w+Error\b", complaint)
    assert complaint.strip()[-1] in ".?])"


# --- help ------------------------------------------------------------------------------------------------------------


def test_help_names_every_command_with_what_it_does(run: Run) -> None:
    """And the emergency number, for whoever looks for it here."""
    code, said, _ = run("--help")
    assert code == 0
    for command in COMMANDS:
        assert re.search(rf"^ +{command} +\w", said, re.M), command
    assert "911" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(run: Run, command: str) -> None:
    """Every option has a word of help."""
    code, said, _ = run(command, "--help")
    assert code == 0
    assert said.count("\n") > 5
    assert not re.search(r"^ +--?\w[\w-]*( [A-Z][\w-]*)?\n(?! {10})", said, re.M), "an option without a word"


def test_the_commands_of_this_test_are_all_there_are() -> None:
    """A new command gets its tests."""
    parser = cli._parser()
    (actions,) = [one for one in parser._actions if one.dest == "command"]
    assert sorted(actions.choices or ()) == sorted(COMMANDS)


def test_without_words_the_help_is_shown(run: Run) -> None:
    """As a wrong call."""
    code, said, _ = run()
    assert code == 2
    assert "usage: safekeeping" in said


def test_the_version_is_told(run: Run) -> None:
    """For a report of a fault."""
    assert run("--version")[:2] == (0, f"safekeeping {safekeeping.__version__}\n")


def test_the_version_is_the_one_of_the_project() -> None:
    """Stated twice, equal twice."""
    import tomllib

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == safekeeping.__version__


# --- slips -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["pge", "m5", "-o", "x.html"], "pge"),
        (["open", "--port", "eight"], "--port"),
        (["open", "--port"], "--port"),
        (["page", "m5"], "-o"),
        (["page", "-o", "x.html"], "MODULE"),
        (["check", "--todya", "2026-01-01"], "--todya"),
        (["new", "story", "x"], "story"),
        (["deck", "m5", "-o", "x.html", "--audeince"], "--audeince"),
        (["site"], "-o"),
    ],
)
def test_words_that_are_not_understood_end_with_two(run: Run, words: list[str], part: str) -> None:
    """The complaint names them."""
    code, _, complaint = run(*words)
    assert code == 2
    assert part in complaint
    assert "Traceback" not in complaint


@pytest.mark.parametrize("command", ["page", "deck"])
@pytest.mark.parametrize(
    ("module", "output", "words"),
    [
        ("05-recognizing", "x.html", 'Did you mean "05-recognising"?'),
        ("m66", "x.html", "The modules are 00-start-here, 01-what-it-is"),
        ("", "x.html", "There is no module"),
        ("m5", "x.pdf", "does not end in .html"),
        ("m5", "x", "does not end in .html"),
        ("m5", "folder.html", "is a folder. Name a file"),
    ],
)
def test_a_wrong_module_or_file_name_ends_with_two(
    run: Run, tmp_path: Path, command: str, module: str, output: str, words: str
) -> None:
    """Nothing is run and nothing is written."""
    (tmp_path / "folder.html").mkdir()
    code, said, complaint = run(command, module, "-o", tmp_path / output)
    assert (code, said) == (2, "")
    assert words in complaint
    one_sentence(complaint)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


@pytest.mark.parametrize("command", [["pack", "educators-90"], ["class", "--seed", "1"], ["site"]])
@pytest.mark.parametrize("output", [".", "/", "..", ""])
def test_a_folder_without_a_name_of_its_own_ends_with_two(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], output: str
) -> None:
    """Such a folder cannot be set aside for another."""
    monkeypatch.chdir(tmp_path)
    code, said, complaint = run(*command, "-o", output)
    assert (code, said) == (2, "") and "by its own name" in complaint
    one_sentence(complaint)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        ["page", "m5", "-o", "{}.html"], ["deck", "m5", "-o", "{}.html"], ["form", "pre", "-o", "{}.csv"],
        ["pack", "educators-90", "-o", "{}"], ["class", "--seed", "1", "-o", "{}"], ["check", "{}"],
        ["lms", "--format", "imscc", "-o", "{}.imscc"], ["lms", "--format", "scorm12", "-o", "{}"],
        ["evaluate", "{}.csv", "-o", "report"],
    ],
    ids=lambda words: words[0] + words[-1],
)  # fmt: skip
def test_a_name_that_the_computer_cannot_have_ends_with_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """In a sentence, wherever the name is first looked at; so does a place that may not be looked at."""
    monkeypatch.chdir(tmp_path)
    code, said, complaint = run(*(word.format("x" * 300) for word in command))
    assert (code, said) == (1, "") and "x" * 300 in complaint
    assert "too long" in complaint and "Traceback" not in complaint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.kernel
@pytest.mark.parametrize("command", ["page", "deck"])
def test_a_folder_that_is_missing_ends_with_one_and_says_so(run: Run, tmp_path: Path, command: str) -> None:
    """With the remedy."""
    code, _, complaint = run(command, "m0", "-o", tmp_path / "none" / "x.html")
    assert code == 1
    assert "could not be written" in complaint and "Name a folder that exists" in complaint
    one_sentence(complaint)


@pytest.mark.parametrize(
    "command", [["page", "m5", "-o", "x.html"], ["deck", "m5", "-o", "x.html"], ["open", "x"], ["check"]]
)
def test_a_course_folder_without_a_course_ends_with_two(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """`--course` for each command that takes it."""
    monkeypatch.chdir(tmp_path)
    code, _, complaint = run(*command, "--course", tmp_path)
    assert code == 2
    assert "holds no course" in complaint
    one_sentence(complaint)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["check", "no-such-folder"], "is no folder"),
        (["check", "--today", "tomorrow"], "is no date"),
        (["check", "--today", "2026-13-01"], "is no date"),
        (["check", "--place", "no-such-file.toml"], "no-such-file.toml"),
        (["new", "scenario", "../../x"], "../../x"),
        (["new", "scenario", "Not An Id"], "Not An Id"),
        (["new", "scenario", "sc99-x", "--content", "no-such-folder"], "content folder"),
    ],
)
def test_a_wrong_word_to_an_authors_command_ends_with_two(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], part: str
) -> None:
    """One sentence that names it; nothing is written."""
    monkeypatch.chdir(tmp_path)
    code, _, complaint = run(*words)
    assert code == 2
    assert part in complaint
    one_sentence(complaint)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_number_that_is_no_port_ends_with_two(run: Run, tmp_path: Path, port: str) -> None:
    """Before JupyterLab is started."""
    code, _, complaint = run("open", tmp_path / "mine", "--port", port)
    assert code == 2
    assert "is no port number" in complaint
    one_sentence(complaint)


def test_a_port_in_use_ends_with_one(run: Run, tmp_path: Path) -> None:
    """With the remedy, and no address of somebody else's server."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, said, complaint = run("open", tmp_path / "mine", "--port", other.getsockname()[1])
    assert code == 1
    assert "is in use on this computer. Give another number" in complaint
    assert "http" not in said
    one_sentence(complaint)


def test_a_file_in_the_place_of_ones_folder_ends_with_two(run: Run, tmp_path: Path) -> None:
    """It is left as it is."""
    (tmp_path / "mine").write_text("x", encoding="utf-8")
    code, _, complaint = run("open", tmp_path / "mine")
    assert code == 2
    one_sentence(complaint)
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "x"


# --- findings --------------------------------------------------------------------------------------------------------


def test_broken_content_of_ones_own_is_found_and_ends_with_one(run: Run, toy_copy: Path) -> None:
    """File, line, what came, what is allowed, what to do."""
    (toy_copy / "content" / "seeds.toml").write_text("format = 1\n[[seed]]\nid = \n", encoding="utf-8")
    code, said, complaint = run("check", toy_copy / "content", "--today", "2026-11-22")
    assert (code, complaint) == (1, "")
    assert "seeds.toml:3" in said
    code, said, _ = run("check", toy_copy / "content", "--today", "2026-11-22", "--json")
    assert code == 1
    assert [one for one in json.loads(said)["faults"] if one["file"] == "seeds.toml" and one["line"] == 3]


def test_the_built_in_content_has_no_fault(run: Run) -> None:
    """The course keeps its own rules."""
    code, said, complaint = run("check", "--today", "2026-11-22")
    assert (code, complaint) == (0, ""), said


def test_a_missing_library_names_the_extra_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody installed only what a learner needs."""
    real = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name.partition(".")[0] in ("nbformat", "mistune", "nbconvert", "nbclient"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *more)

    for name in [
        one for one in sys.modules if one.partition(".")[0] in ("nbformat", "mistune", "nbconvert", "nbclient")
    ]:
        monkeypatch.delitem(sys.modules, name)
    for name in [one for one in sys.modules if one.startswith("safekeeping.author")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    code, _, complaint = run("page", "m5", "-o", tmp_path / "x.html")
    assert code == 2
    assert "pip install 'safekeeping[publish]'" in complaint
    code, _, complaint = run("check")
    assert code == 2
    assert "pip install 'safekeeping[author]'" in complaint


@pytest.mark.parametrize("error", [KeyboardInterrupt, BrokenPipeError])
def test_a_stop_in_the_middle_ends_calmly(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """Ctrl-C, or `| head`: no traceback."""

    def stopped(*_words: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr("safekeeping.library.course", stopped)
    code, _, complaint = run("page", "m5", "-o", "x.html")
    assert code in (1, 130)
    assert "Traceback" not in complaint


def test_the_module_answers_like_the_command(tmp_path: Path) -> None:
    """`python -m safekeeping` where no command is on the path; a real process, from anywhere."""
    words = [sys.executable, "-m", "safekeeping", "page", "m55", "-o", "x.html"]
    made = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert made.returncode == 2
    assert 'There is no module "m55"' in made.stderr
    one_sentence(made.stderr)


# --- what the commands make ------------------------------------------------------------------------------------------


@pytest.mark.kernel
@pytest.mark.parametrize("command", ["page", "deck"])
def test_an_export_says_what_it_wrote_and_the_second_time_that_nothing_was_to_do(
    run: Run, tmp_path: Path, command: str
) -> None:
    """With its size; only what a person wants to read, and nothing of the machinery."""
    path = tmp_path / "m0.html"
    code, said, complaint = run(command, "m0", "-o", path)
    assert (code, complaint) == (0, "")
    assert said.startswith(f"Written: {path} (") and "no network needed" in said
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    code, said, _ = run(command, "m0", "-o", path)
    assert code == 0
    assert said.startswith("Unchanged, nothing to do")


@pytest.mark.kernel
def test_an_export_prints_no_word_of_the_machinery(tmp_path: Path) -> None:
    """A real process: neither its own screen nor its kernel's complaints hold a warning."""
    words = [sys.executable, "-m", "safekeeping", "page", "m0", "-o", str(tmp_path / "m0.html")]
    made = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.count("\n") == 1


@pytest.mark.parametrize("kind", ["scenario", "item"])
def test_a_starter_file_is_valid_and_never_overwrites(run: Run, toy_copy: Path, kind: str) -> None:
    """What `new` writes, the library reads; a second time it is refused."""
    name = {"scenario": "sc99-night-bus", "item": "t1-my-question"}[kind]
    code, said, _ = run("new", kind, name, "--content", toy_copy / "content")
    assert code == 0
    path = Path(re.findall(r"Written: (.*?\.toml)", said)[0])
    assert path.is_file() and path.is_relative_to(toy_copy / "content")
    assert safekeeping.library.Library(toy_copy / "content").get(kind, name).id == name
    before = path.read_bytes()
    code, _, complaint = run("new", kind, name, "--content", toy_copy / "content")
    assert code == 2
    one_sentence(complaint)
    assert path.read_bytes() == before


# --- the site --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["a folder of somebody's", "a file", "no folder above"])
def test_site_leaves_what_is_not_its_own(run: Run, tmp_path: Path, what: str) -> None:
    """One sentence, before any work; nothing is touched."""
    target = tmp_path / "mine"
    if what == "a folder of somebody's":
        target.mkdir()
        (target / "thesis.txt").write_text("mine", encoding="utf-8")
    elif what == "a file":
        target.write_text("mine", encoding="utf-8")
    else:
        target = tmp_path / "no" / "mine"
    before = sorted(path.name for path in tmp_path.rglob("*"))
    code, _, complaint = run("site", "-o", str(target))
    assert code == (1 if what == "no folder above" else 2)
    assert "mine" in complaint and "Traceback" not in complaint
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_site_is_written_and_then_unchanged(run: Run, tmp_path: Path) -> None:
    """Both times the person hears where to begin."""
    for word in ("Written", "Unchanged"):
        code, said, _ = run("site", "-o", str(tmp_path / "site"))
        assert code == 0
        assert said.startswith(word) and "index.html" in said
