"""Runs a notebook afresh in a kernel of its own and says what each cell is, for the exports."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..calls import CALLS, make
from ..exercises import Exercise
from ..faults import SafekeepingError
from ..lesson import MIME
from ..library import Course, Library

if TYPE_CHECKING:
    from nbformat import NotebookNode

SECONDS = 120  # a cell that runs longer is stopped


class NotebookError(SafekeepingError):
    """A notebook that cannot be read or does not run."""


def without_url_grammar() -> None:
    """Keep an optional grammar of web addresses from loading: it costs more than a second and nothing here needs it.

    jsonschema tries it for format checks that nbformat does not ask for, and does without where it is missing.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def run(path: Path) -> NotebookNode:
    """Read a notebook and run all its cells in a fresh kernel.

    Raises
    ------
    NotebookError : it is missing, no notebook, or a cell fails; the message names the cell.
    """
    without_url_grammar()
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
    except OSError as error:
        raise NotebookError(f'The notebook "{path.name}" cannot be read: {error.strerror}.') from None
    except Exception as error:  # noqa: BLE001 - nbformat raises many kinds for a file edited by hand
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        remedy = "Open it in JupyterLab and save it again, or restore it."
        raise NotebookError(f'"{path.name}" is no valid notebook: {reason}. {remedy}') from None
    client = NotebookClient(notebook, timeout=SECONDS, kernel_name="python3")
    client.extra_arguments = ["--IPKernelApp.log_level=40"]  # errors only: its advice on transport is not for a learner
    client.resources = {"metadata": {"path": str(path.parent)}}
    try:
        client.execute()
    except CellExecutionError as error:
        cell = _failed(notebook)
        raise NotebookError(f'In "{path.name}" the cell "{cell}" fails: {error.ename}: {error.evalue}') from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise NotebookError(f'"{path.name}" could not be run to the end: {str(error).splitlines()[0]}') from None
    return notebook


@dataclass(frozen=True)
class Drawn:
    """A notebook whose every code cell is one of our own calls, with the outputs that a run would leave."""

    cells: Sequence[dict[str, Any]]


def drawn(path: Path, cells: Sequence[Mapping[str, Any]]) -> Drawn | NotebookNode:
    """The cells as a run would leave them: at once where they hold nothing but our own calls, else by `run`.

    Parameters
    ----------
    path : the notebook. cells : its cells as plain data (see `calls.cells_of`); none if it is not there.

    Raises
    ------
    NotebookError : as for `run`.
    """
    found: list[dict[str, Any]] = []
    part = ""
    for cell in cells:
        source = "".join(cell["source"])
        one = {"id": "", **cell, "source": source}
        if cell["cell_type"] == "code":
            if setup := _SETUP.fullmatch(source.strip()):
                part, payload = setup[1], None
            elif (payload := _payload(source, part)) is None:
                return run(path)
            one |= {"outputs": [_output(payload)] if payload else [], "execution_count": None}
        found.append(one)
    return Drawn(found) if found else run(path)


def words(id: str, text: str) -> dict[str, Any]:
    """A cell of Markdown, for a page that has no notebook."""
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": text}


def ran(id: str, payload: dict[str, Any]) -> dict[str, Any]:
    """A cell that one of our calls has left, by its record (see `MIME`), for a page that has no notebook."""
    return {"cell_type": "code", "id": id, "metadata": {}, "source": "", "outputs": [_output(payload)]}


def _output(payload: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {MIME: payload}}


# The first code cell of every notebook; and the calls that take the part where they are given no name.
_SETUP = re.compile(r'from safekeeping import \*; part\("(\w+)"\)')
_OF_A_PART = {"begin", "key_points", "objectives", "sources"}


def _payload(source: str, part: str) -> dict[str, Any] | None:
    """The record (see `MIME`) that a cell with one plain call leaves; None for every other cell."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in CALLS:
        return None
    if not all(isinstance(one, ast.Constant) for one in [*call.args, *(word.value for word in call.keywords)]):
        return None
    args = [one.value for one in call.args if isinstance(one, ast.Constant)]
    if not args and call.func.id in _OF_A_PART:
        args = [part]
    options = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
    return {"call": call.func.id, "args": args} | ({"options": options} if options else {})


def _failed(notebook: NotebookNode) -> str:
    for cell in notebook.cells:
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return str(cell.get("id", "?"))
    return "?"


@dataclass(frozen=True)
class Piece:
    """What a code cell left for a reader: an exercise, our own HTML, or another program's plain output.

    Attributes
    ----------
    aloud : whether a scenario is shown with its thinking aloud.
    """

    exercise: Exercise | None = None
    html: str = ""
    text: str = ""
    png: str = ""
    aloud: bool = False


def called(notebook: Drawn | NotebookNode) -> set[str]:
    """The names of all calls that left something to draw in a notebook that has run."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return {output["data"][MIME]["call"] for output in outputs if MIME in output.get("data", {})}


def stays(notebook: Drawn | NotebookNode) -> set[str]:
    """The cells that a page keeps in sight when a learner takes the summary, or skips: the opening, help, the pause."""
    found: set[str] = set()
    opening = True
    for cell in notebook.cells:
        calls = {data[MIME]["call"] for output in cell.get("outputs", ()) if MIME in (data := output.get("data", {}))}
        if opening or calls & {"turn_to", "pause"}:
            found.add(cell["id"])
        opening = opening and "begin" not in calls
    return found


def pieces(library: Library, where: Course, cell: Mapping[str, Any]) -> Sequence[Piece]:
    """The pieces of an executed cell, in order. The record under `MIME` marks the place; the rest is drawn anew."""
    found: list[Piece] = []
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if MIME in data:
            payload = data[MIME]
            options = payload.get("options", {})
            made = make(library, payload["call"], *payload["args"], where=where, **options)
            if isinstance(made, Exercise):
                found.append(Piece(exercise=made, aloud=bool(options.get("aloud"))))
            else:
                found.append(Piece(html=made))
        elif "image/png" in data:
            found.append(Piece(png=data["image/png"].replace("\n", ""), text=data.get("text/plain", "")))
        elif "text/plain" in data or output.get("output_type") == "stream":
            found.append(Piece(text=data.get("text/plain", output.get("text", ""))))
    return found
