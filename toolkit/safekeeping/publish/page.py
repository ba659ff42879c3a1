"""One module as one offline page."""

from __future__ import annotations

from pathlib import Path

from .. import front
from ..library import Course, Library
from . import notebook, output
from .exporter import Setting, export, eyebrow, shared


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
    setting = Setting(library, where, library.words("page"))
    executed = notebook.run(where.notebooks / f"{module.stem}.ipynb")
    data = shared(setting, "host.js") | {
        "title": setting.words["title"].format(n=module.number),
        "style": front.style("style.css", "reading.css", "page.css"),
        "eyebrow": eyebrow(setting, module.id),
        "stays": notebook.stays(executed),
    }
    output.write(target, export("safekeeping-page", executed, data, setting), made_from)
    return True
