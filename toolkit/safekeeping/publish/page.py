"""One module as one offline page; and pages of a few calls that have no notebook: a form, a booster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import front
from ..calls import cells_of, make
from ..exercises import Exercise
from ..library import Course, Library
from ..records import Module
from . import notebook, output
from .exporter import Setting, export, eyebrow, fill, shared

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATE = "safekeeping-page/page.html.j2"
Call = tuple[str, ...]  # the name of a call and its arguments


def page(library: Library, where: Course, name: str, target: Path) -> bool:
    """Write a module as one file that needs no network, no server and, for reading, no scripts.

    Parameters
    ----------
    name : the module's id or its notebook's stem.

    Returns
    -------
    False if the file stood there already, made from the same things; then nothing is run or written.

    Raises
    ------
    WrongCall : there is no such module. NotebookError : it does not run. OutputError : it cannot be written.
    """
    module = library.module(name)
    made_from = output.fingerprint(library, where, "page", module.id)
    if output.unchanged(target, made_from):
        return False
    output.ready(target)
    executed = notebook.run(where.notebooks / f"{module.stem}.ipynb")
    output.write(target, _part(library, where, module, executed), made_from)
    return True


def drawn(library: Library, where: Course, module: Module) -> str:
    """The page of a module as `page` writes it, without a kernel where its notebook holds nothing but our own calls.

    Raises
    ------
    NotebookError, ContentError : the notebook cannot be read or drawn.
    """
    made = notebook.drawn(where.notebooks / f"{module.stem}.ipynb", cells_of(library, where, module.id))
    return _part(library, where, module, made)


def _part(library: Library, where: Course, module: Module, executed: notebook.Drawn | NotebookNode) -> str:
    setting = Setting(library, where, library.words("page"))
    # Few parts hold a form; the others need not carry what draws one.
    data = shared(setting, "form-page.js" if "form" in notebook.called(executed) else "host.js") | {
        "title": setting.words["title"].format(n=module.number),
        "style": front.style("style.css", "reading.css", "page.css"),
        "eyebrow": eyebrow(setting, module.id),
        "stays": notebook.stays(executed),
    }
    if isinstance(executed, notebook.Drawn):
        return fill(TEMPLATE, data, setting, executed.cells)
    return export("safekeeping-page", executed, data, setting)


def form(
    library: Library, where: Course, wave: str, target: Path, *, letter: str = "", items: int = 0, event: str = ""
) -> bool:
    """Write the form of a wave as one page; parameters and errors as for `forms.form`, the answer as for `page`."""
    call: Call = ("form", wave, letter, str(items or ""), event)
    made = make(library, *call)
    assert isinstance(made, Exercise)  # a form always is one
    words = library.words("page")
    heading = (words["form_title"], made.title, words["form_heading"])
    return _loose(library, where, heading, [call, ("turn_to",)], target, "form-page.js")


def booster(library: Library, where: Course, id: str, target: Path) -> bool:
    """Write a booster as one page: five questions and a small story; the answer as for `page`.

    Raises
    ------
    WrongCall : there is no such booster. OutputError : the page cannot be written.
    """
    one = library.get("booster", id)
    words = library.words("page")
    calls: list[Call] = [("ask", one.questions), ("play", one.scenario), ("turn_to",), ("pause",)]
    heading = (words["booster_title"], one.title, words["booster_heading"])
    return _loose(library, where, heading, calls, target, "host.js")


def _loose(
    library: Library, where: Course, heading: tuple[str, str, str], calls: Sequence[Call], target: Path, root: str
) -> bool:
    """Write a page of calls; `heading` as for `loose`."""
    made_from = output.fingerprint(library, where, "loose", *heading, *("\0".join(call) for call in calls))
    if output.unchanged(target, made_from):
        return False
    output.ready(target)
    output.write(target, loose(library, where, heading, calls, root), made_from)
    return True


def loose(library: Library, where: Course, heading: tuple[str, str, str], calls: Sequence[Call], root: str) -> str:
    """A page of calls as HTML; `heading` is the window's title, the small line above, and the heading."""
    setting = Setting(library, where, library.words("page"))
    data = shared(setting, root) | {
        "title": heading[0],
        "style": front.style("style.css", "reading.css", "page.css"),
        "eyebrow": heading[1],
        "stays": set(),
    }
    return fill(TEMPLATE, data, setting, _cells(heading[2], calls))


def _cells(heading: str, calls: Sequence[Call]) -> list[dict[str, Any]]:
    """The calls as cells that have run: each leaves the record by which an export finds what to draw."""
    made = [notebook.words("title", f"# {heading}")]
    for name, *arguments in calls:
        id = "-".join((name, *arguments[:1])).replace("_", "-")
        made.append(notebook.ran(id, {"call": name, "args": arguments}))
    return made
