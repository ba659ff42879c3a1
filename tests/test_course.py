"""The course works as it was delivered: in a checkout, and from the wheel with the checkout out of reach."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from html_reader import parse

ROOT = Path(__file__).resolve().parents[1]
PARTS = [
    "toolkit",
    "notebooks",
    "facilitator",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "LICENSE-CONTENT",
    ".gitignore",
]
PATIENCE = 120  # seconds until a start counts as failed; nothing here measures speed


def checkout_in(folder: Path) -> Path:
    """A copy of what a clone holds, as far as the package needs it."""
    folder.mkdir()
    left_out = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=left_out)
        else:
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def ran(*words: object, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A program that ran to its end, with a bare environment."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT", "TEMP") if name in os.environ}
    return subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=keep | variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


# --- a checkout ------------------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that a test may change."""
    return checkout_in(tmp_path / "checkout")


def in_checkout(checkout: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A command of the package in that checkout."""
    package = str(checkout / "toolkit")
    return ran(sys.executable, "-m", "safekeeping", *words, folder=checkout, PYTHONPATH=package)


def test_a_checkout_finds_its_own_course(checkout: Path) -> None:
    """Wherever it stands, and whatever else is installed."""
    code = "from safekeeping.library import course, CONTENT; print(course().root); print(CONTENT)"
    made = ran(sys.executable, "-c", code, folder=checkout.parent, PYTHONPATH=str(checkout / "toolkit"))
    assert made.stdout.splitlines() == [str(checkout), str(checkout / "toolkit" / "safekeeping" / "content")]


@pytest.mark.kernel
@pytest.mark.slow
def test_an_edited_notebook_shows_at_once(checkout: Path) -> None:
    """No stale copy anywhere: in the next export and in the next learner's folder."""
    page = checkout / "m0.html"
    assert in_checkout(checkout, "page", "m0", "-o", page).stdout.startswith("Written")
    assert in_checkout(checkout, "page", "m0", "-o", page).stdout.startswith("Unchanged")
    path = checkout / "notebooks" / "00-start-here.ipynb"
    book = json.loads(path.read_text(encoding="utf-8"))
    next(cell for cell in book["cells"] if cell["id"] == "title")["source"] = ["# A heading of today\n\nAnd a line."]
    path.write_text(json.dumps(book), encoding="utf-8")
    assert in_checkout(checkout, "page", "m0", "-o", page).stdout.startswith("Written")
    assert "A heading of today" in page.read_text(encoding="utf-8")
    code = "from pathlib import Path; from safekeeping.opening import copy_course; copy_course(Path('mine'))"
    ran(sys.executable, "-c", code, folder=checkout, PYTHONPATH=str(checkout / "toolkit"))
    assert "A heading of today" in (checkout / "mine" / path.name).read_text(encoding="utf-8")


@pytest.mark.kernel
@pytest.mark.slow
def test_an_edited_content_file_shows_at_once(checkout: Path) -> None:
    """The same for words and data."""
    page = checkout / "m0.html"
    in_checkout(checkout, "page", "m0", "-o", page)
    path = checkout / "toolkit" / "safekeeping" / "content" / "modules" / "m0.toml"
    point = re.findall(r'\[\[key_point\]\]\nid = "[^"]+"\ntext = "([^"]+)"', path.read_text(encoding="utf-8"))[0]
    path.write_text(path.read_text(encoding="utf-8").replace(point, "A point of today."), encoding="utf-8")
    assert in_checkout(checkout, "page", "m0", "-o", page).stdout.startswith("Written")
    assert "A point of today." in page.read_text(encoding="utf-8")


# --- the wheel -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout; the copy is gone afterwards."""
    folder = tmp_path_factory.mktemp("wheel")
    source = checkout_in(folder / "source")
    (source / "notebooks" / ".ipynb_checkpoints").mkdir()
    (source / "notebooks" / ".ipynb_checkpoints" / "answers.ipynb").write_text("{}", encoding="utf-8")
    made = ran(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=source)
    assert made.returncode == 0, made.stderr
    shutil.rmtree(source)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with nothing of ours but the wheel.

    The libraries are those of the environment that runs the tests, as one line in a .pth file: that line brings no
    editable install along, because .pth files inside such a folder are not read.
    """
    folder = tmp_path_factory.mktemp("home")
    venv.create(folder / "env", with_pip=False, symlinks=os.name != "nt")
    purelib = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder / "env")}))
    (purelib / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    share = Path(sys.prefix) / "share" / "jupyter"  # JupyterLab's own pages and the kernel's description
    (folder / "env" / "share").mkdir(exist_ok=True)
    (folder / "env" / "share" / "jupyter").symlink_to(share, target_is_directory=True)
    pip = [sys.executable, "-m", "pip", "--python", python_of(folder), "install", "--no-deps", "--no-index", wheel]
    made = ran(*pip, folder=folder, PIP_DISABLE_PIP_VERSION_CHECK="1")
    assert made.returncode == 0, made.stderr
    return folder


def python_of(home: Path) -> Path:
    """The Python of that environment."""
    return home / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def command_of(home: Path) -> Path:
    """The command that the wheel installed there."""
    return python_of(home).with_name("safekeeping.exe" if os.name == "nt" else "safekeeping")


# Before anything else: note every file that is opened below the checkout.
WATCH = f"""
import sys
seen = []
sys.addaudithook(lambda event, args: seen.append(str(args[0])) if event == "open" and str(args[0]).startswith({str(ROOT)!r} + "/") else None)
"""  # noqa: E501


def without_checkout(home: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Some code in that environment; it fails if anything of the checkout is touched."""
    libraries = sysconfig.get_path("purelib")
    end = f"\nout = [one for one in seen if not one.startswith({libraries!r})]\nassert not out, out"
    return ran(python_of(home), "-c", WATCH + code + end, folder=home)


@pytest.mark.wheel
def test_the_wheel_holds_the_course_and_nothing_that_is_not_meant_to_travel(wheel: Path) -> None:
    """Content, front end, templates, notebooks, facilitator's files, licences; no tests, no caches, no answers."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, pattern, place in (
        ("toolkit/safekeeping", "**/*", "safekeeping"),
        ("notebooks", "*.ipynb", "safekeeping/course/notebooks"),
        ("facilitator", "**/*", "safekeeping/course/facilitator"),
    ):
        wanted = [
            f"{place}/{path.relative_to(ROOT / folder).as_posix()}"
            for path in (ROOT / folder).glob(pattern)
            if path.is_file() and "__pycache__" not in path.parts
        ]
        assert wanted
        assert set(wanted) <= names
    assert "safekeeping/py.typed" in names
    assert {Path(name).name for name in names if "licenses" in name} == {"LICENSE", "LICENSE-CONTENT"}
    assert not [name for name in names if re.search(r"checkpoint|__pycache__|\.pyc|/tests?/|progress\.json", name)]
    assert {name.partition("/")[0] for name in names} == {"safekeeping", wheel.name.partition("-py3")[0] + ".dist-info"}


@pytest.mark.wheel
def test_the_installed_package_finds_its_course_and_touches_no_checkout(home: Path) -> None:
    """Package, content, notebooks and notes all stand in the environment."""
    made = without_checkout(
        home,
        """
import safekeeping
from safekeeping.library import Library, course
from safekeeping import *
part("m5"); print(objectives()); sources(); begin(); play("sc15-new-shoes", aloud=True)
print(safekeeping.__file__)
print(course().root)
print(len(list(course().facilitator.glob("notes/*.toml"))) > 0)
""",
    )
    assert made.returncode == 0, made.stderr
    *_, package, root, notes = made.stdout.splitlines()
    assert Path(package).is_relative_to(home / "env")
    assert Path(root) == Path(package).parent / "course"
    assert notes == "True"


@pytest.mark.wheel
def test_the_installed_command_checks_its_content(home: Path) -> None:
    """Without a fault."""
    made = ran(command_of(home), "check", "--today", "2026-11-22", folder=home)
    assert (made.returncode, made.stderr) == (0, ""), made.stdout


@pytest.mark.wheel
@pytest.mark.kernel
@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "start"),
    [(["page"], "Reading, part 5"), (["deck"], "Slides, part 5"), (["deck", "--audience"], "Slides, part 5")],
)
def test_the_installed_command_exports(home: Path, words: list[str], start: str) -> None:
    """Page, deck and participants' deck, each one file."""
    path = home / f"{'-'.join(words)}.html"
    made = ran(command_of(home), *words, "m5", "-o", path, folder=home)
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(f"Written: {path}")
    place = parse(path.read_text(encoding="utf-8"))
    assert place.find("head")[0].find("title")[0].text == start
    assert len(place.find(css="sk-exercise")) == (0 if "--audience" in words else len(place.find(css="sk-form")))


@pytest.mark.wheel
def test_the_installed_course_is_copied(home: Path) -> None:
    """What `open` does first."""
    code = "from pathlib import Path\nfrom safekeeping.opening import copy_course\nprint(copy_course(Path('mine')))"
    made = without_checkout(home, code)
    assert made.returncode == 0, made.stderr
    names = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert made.stdout.strip() == str(names)
    for name in names:
        assert (home / "mine" / name).read_bytes() == (ROOT / "notebooks" / name).read_bytes()


@pytest.fixture
def opened(home: Path, tmp_path: Path) -> Iterator[tuple[str, Path, subprocess.Popen[str]]]:
    """`safekeeping open --no-browser`, really started: its address, the learner's folder, and the running program."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    folder = tmp_path / "my course"
    words = [str(command_of(home)), "open", str(folder), "--no-browser"]
    with subprocess.Popen(
        words,
        cwd=tmp_path,
        env=keep,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout
        for line in running.stdout:
            if line.startswith("Address: "):
                break
        yield line.removeprefix("Address: ").strip(), folder, running
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)


def fetched(address: str) -> tuple[int, str]:
    """What a browser gets there first, once the server answers."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.mark.wheel
@pytest.mark.slow
def test_the_installed_command_opens_the_course(opened: tuple[str, Path, subprocess.Popen[str]]) -> None:
    """The printed address shows JupyterLab; without its token nothing is told; all that was made is in one folder."""
    address, folder, running = opened
    code, text = fetched(address)
    assert code == 200
    assert "jupyter-config-data" in text
    start = address.partition("/lab/")[0]
    token = address.partition("token=")[2]
    assert fetched(f"{start}/api/contents/00-start-here.ipynb?token={token}")[0] == 200
    assert fetched(f"{start}/api/contents/00-start-here.ipynb")[0] == 403
    assert fetched(f"{start}/api/contents/00-start-here.ipynb?token=x")[0] == 403
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait(PATIENCE) == 0
    assert sorted(path.name for path in folder.parent.iterdir()) == ["my course"]
    visible = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    assert visible == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
