"""Walls: the learner core stays light and private, exports and evaluation stay apart, heavy libraries load late."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import safekeeping

PACKAGE = Path(safekeeping.__file__).parent
FILES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
# Outside the core: whoever writes content, exports or evaluates. The rest of the package is what a learner runs.
OUTSIDE = ("author/", "publish/", "evaluate/", "course/")
DOORS = {"cli.py", "usage.py", "__main__.py"}  # the command line: leads everywhere, but only inside its commands
SERVERS = {"kernels.py"}  # loaded by JupyterLab's own server, by name
CORE = [name for name in FILES if not name.startswith(OUTSIDE) and name not in DOORS | SERVERS]
LEARNERS_LIBRARIES = {"anywidget", "ipywidgets", "traitlets"}
CONNECTIONS = {
    "asyncio", "ftplib", "http", "imaplib", "poplib", "requests", "smtplib", "socket", "socketserver", "ssl",
    "urllib", "urllib3", "webbrowser", "websockets", "xmlrpc",
}  # fmt: skip


def imports(name: str, *, top: bool = False) -> Iterator[str]:
    """What a file imports, as full names; with `top` only what loads together with the file."""
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    package = ["safekeeping", *Path(name).parts[:-1]]
    for node in _walk(tree, top=top):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield start
            yield from (f"{start}.{one.name}" for one in node.names)


def _walk(node: ast.AST, *, top: bool) -> Iterator[ast.AST]:
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.If) and "TYPE_CHECKING" in ast.unparse(one.test):
            continue  # for type checkers alone: never run
        if top and isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        yield one
        yield from _walk(one, top=top)


def foreign(name: str, *, top: bool = False) -> set[str]:
    """The libraries outside Python and outside the package that a file imports."""
    roots = {one.partition(".")[0] for one in imports(name, top=top)}
    return {root for root in roots if root not in sys.stdlib_module_names and root not in ("safekeeping", "")}


def ours(name: str, *, top: bool = False) -> set[str]:
    """The files of the package that a file imports."""
    found = set()
    for one in imports(name, top=top):
        if one == "safekeeping" or one.startswith("safekeeping."):
            parts = one.split(".")[1:]
            for path in ("/".join(parts) + ".py", "/".join([*parts, "__init__.py"])):
                if path in FILES:
                    found.add(path)
    return found


def test_the_package_is_what_these_tests_think_it_is() -> None:
    """The walk finds files and imports; an empty walk would prove nothing."""
    assert {"lesson.py", "widgets.py", "front/__init__.py", "library.py"} <= set(CORE)
    assert "publish/page.py" in FILES
    assert "render.py" in ours("lesson.py")
    assert foreign("widgets.py") == {"anywidget", "traitlets"}


@pytest.mark.parametrize("name", CORE)
def test_the_learner_core_imports_nothing_from_outside_it(name: str) -> None:
    """Never author, publish, evaluate or cli, also not inside a function."""
    assert {one for one in ours(name) if one.startswith(OUTSIDE) or one in DOORS} == set()


@pytest.mark.parametrize("name", CORE)
def test_the_learner_core_needs_python_and_the_widget_libraries_alone(name: str) -> None:
    """So it stays pure Python and can run wherever they can."""
    assert foreign(name) <= LEARNERS_LIBRARIES


def test_only_one_file_imports_the_widget_libraries() -> None:
    """They load with the first exercise, and nowhere else."""
    assert [name for name in CORE if foreign(name)] == ["widgets.py"]
    users = [name for name in FILES if "widgets.py" in ours(name, top=True)]
    assert users == []


@pytest.mark.parametrize("name", [name for name in CORE if name != "opening.py"])
def test_the_learner_core_opens_no_connection(name: str) -> None:
    """`opening` starts JupyterLab for a person and looks for a free port; nothing else touches a socket."""
    assert {one.partition(".")[0] for one in imports(name)} & CONNECTIONS == set()


def test_opening_is_reached_from_the_command_line_alone() -> None:
    """No notebook call starts a server."""
    assert [name for name in FILES if "opening.py" in ours(name)] == ["cli.py"]


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_what_the_server_loads_is_imported_by_nothing_of_ours(name: str) -> None:
    """A learner's kernel, an export and a command never pay for JupyterLab's server; and it needs none of them."""
    assert [other for other in FILES if name in ours(other)] == []
    assert ours(name) == set()
    assert foreign(name) == {"jupyter_server"}


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("publish/")])
def test_exports_never_import_the_evaluation_or_the_learners_record(name: str) -> None:
    """Private things stay apart."""
    assert {one for one in ours(name) if one.startswith(("evaluate/", "author/")) or one == "progress.py"} == set()


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("evaluate/")] or ["front/__init__.py"])
def test_the_evaluation_never_reads_a_progress_file(name: str) -> None:
    """A learner's own record is not research data."""
    assert "progress.py" not in ours(name)
    assert "course-progress" not in FILES[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(DOORS))
def test_the_command_line_imports_heavy_libraries_inside_its_commands(name: str) -> None:
    """`--help` must be there at once."""
    assert foreign(name, top=True) == set()
    assert ours(name, top=True) <= {"__init__.py", "cli.py", "usage.py", "faults.py"}


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("publish/")])
def test_exports_load_their_libraries_inside_functions(name: str) -> None:
    """An export that has nothing to do must not pay for nbformat."""
    assert foreign(name, top=True) == set()


def loaded(code: str) -> set[str]:
    """The modules that a fresh Python has loaded after some code."""
    report = "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    made = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True, timeout=120
    )
    return set(json.loads(made.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def with_anywidget() -> set[str]:
    """What `import anywidget` loads by itself."""
    return loaded("import anywidget")


FIRST = 'from safekeeping import *\npart("m5")\nplay("sc15-new-shoes")'


@pytest.mark.slow
def test_importing_the_names_loads_almost_nothing() -> None:
    """Not even the widget libraries: they come with the first exercise."""
    found = loaded("from safekeeping import *")
    assert not {"anywidget", "ipywidgets", "IPython", "nbformat", "nbconvert", "pandas"} & found


@pytest.mark.slow
def test_the_first_exercise_loads_no_library_that_anywidget_does_not_load(with_anywidget: set[str]) -> None:
    """A class of hundreds stays light; beside ours, only a few parts of Python itself are new."""
    added = loaded(FIRST) - with_anywidget
    libraries = {one for one in added if one.partition(".")[0] not in sys.stdlib_module_names}
    assert {one for one in libraries if not one.startswith("safekeeping")} == set()
    allowed = {f"safekeeping.{name[:-3].replace('/', '.').removesuffix('.__init__')}" for name in CORE} | {
        "safekeeping"
    }
    assert {one for one in libraries if one.startswith("safekeeping")} <= allowed


@pytest.mark.slow
def test_a_lesson_opens_no_connection_and_reads_only_the_course() -> None:
    """Watched by Python's own audit: no socket, no address looked up, no program started, nothing written."""
    watch = """
import sys, anywidget
seen = []
def hook(event, args):
    if event.startswith(("socket.", "urllib.", "http.", "subprocess.", "os.system", "os.exec", "os.posix_spawn")):
        seen.append(event)
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append(f"writes {args[0]}")
sys.addaudithook(hook)
"""
    rest = """
begin(); turn_to(); pause(); objectives(); key_points(); sources()
ask("m5-warm-up"); show("school"); answers()
print("SEEN", seen)
"""
    code = f"{watch}\n{FIRST}\n{rest}"
    made = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert made.stdout.strip().splitlines()[-1] == "SEEN []"


@pytest.mark.slow
def test_help_loads_no_content_and_no_library() -> None:
    """The command line answers at once."""
    found = loaded(
        "import contextlib\nfrom safekeeping.cli import main\nwith contextlib.suppress(SystemExit): main(['--help'])"
    )
    assert {one for one in found if one.startswith("safekeeping")} == {
        "safekeeping",
        "safekeeping.cli",
        "safekeeping.usage",
        "safekeeping.faults",
    }
    assert not {"anywidget", "nbformat", "nbconvert", "mistune", "tomllib"} & found
