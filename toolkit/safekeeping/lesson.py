"""What a notebook calls: one line a cell, nothing to program.

Every call gives an object that JupyterLab can show. Each also says what it is in a small record of its own
(`MIME`), by which an export finds the place and draws the same thing without a kernel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import progress, render
from .calls import make
from .faults import WrongCall
from .library import built_in

if TYPE_CHECKING:
    from .widgets import Live

MIME = "application/vnd.safekeeping+json"

_part: str | None = None
_live: dict[str, Live] = {}


class Reading:
    """Something to read: HTML for a browser, text for everything else, and the call that made it."""

    def __init__(self, html: str, call: str, *args: str) -> None:
        self.html, self.call, self.args = html, call, args

    def __repr__(self) -> str:
        return render.plain(self.html)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        html = f'<div class="sk sk-reading">{self.html}</div>'
        return {"text/html": html, "text/plain": repr(self), MIME: {"call": self.call, "args": list(self.args)}}


def _read(call: str, *args: str) -> Reading:
    return Reading(str(make(built_in(), call, *args)), call, *args)


def _start(call: str, *args: str, **options: bool) -> Live:
    from .widgets import live  # anywidget and ipywidgets load with the first exercise, not before

    exercise = make(built_in(), call, *args, where=None, **options)
    shown = live(exercise, {"call": call, "args": list(args)} | ({"options": options} if options else {}))
    _live[shown.exercise.id] = shown
    progress.watch(shown)
    return shown


def _here(id: str | None) -> str:
    chosen = id or _part
    if chosen is None:
        raise WrongCall('Which part? Run the first cell of the notebook, or name it, for example begin("m5").')
    return built_in().module(chosen).id


def part(id: str) -> None:
    """Say which part of the course this notebook is; the calls below then need no name.

    Raises
    ------
    WrongCall : there is no such part.
    """
    global _part
    _part = built_in().module(id).id


def begin(id: str | None = None) -> Live:
    """The content note of a part, with its three equal choices: go on, read a summary, skip."""
    return _start("begin", _here(id))


def turn_to() -> Live:
    """Where to turn now: help contacts, each with the word on whether anyone has confirmed it."""
    return _start("turn_to")


def pause() -> Live:
    """A moment to pause, with a grounding exercise."""
    return _start("pause")


def play(id: str, *, aloud: bool = False) -> Live:
    """A scenario by its id; ``aloud=True`` shows what an experienced colleague thinks at each point."""
    return _start("play", id, **({"aloud": True} if aloud else {}))


def ask(id: str) -> Live:
    """A set of questions by its id."""
    return _start("ask", id)


def sort(id: str) -> Live:
    """A set of things to sort or to put in order, by its id."""
    return _start("sort", id)


def form(wave: str, *, letter: str = "", items: int = 0, event: str = "") -> Live:
    """The form of a wave (``pre``, ``post``, ``follow-30``, ``follow-90``): nothing is marked, sent or kept by itself.

    Parameters
    ----------
    letter : ``A`` or ``B``, where a host asks for it. items : knowledge items (5, 8, 12 or 20; 10 at a follow-up).
    event : what the host calls the event.
    """
    if not isinstance(items, int):
        raise WrongCall(f"items={items!r} is no number of items. Write a whole number, for example items=8.")
    given = [wave, letter, str(items or ""), event]
    while len(given) > 1 and not given[-1]:  # what was left out is not part of the call
        given.pop()
    return _start("form", *given)


def show(*ids: str) -> Reading:
    """Records by id: claims with figure and caveat, indicators of a setting, diagrams, law, contacts, terms."""
    return _read("show", *ids)


def objectives(id: str | None = None) -> Reading:
    """Estimated minutes, and what a learner can do after this part."""
    return _read("objectives", _here(id))


def key_points(id: str | None = None) -> Reading:
    """The sentences to keep from this part."""
    return _read("key_points", _here(id))


def sources(id: str | None = None) -> Reading:
    """Every source behind this part: behind its text, its scenarios, its questions and its signs."""
    return _read("sources", _here(id))


def answers(id: str | None = None) -> dict[str, list[dict[str, Any]]] | list[dict[str, Any]]:
    """What was chosen so far in this notebook: all exercises by id, or the trace of one. Nothing is saved by this."""
    if id is None:
        return {name: list(live.trace) for name, live in _live.items() if live.trace}
    if id not in _live:
        raise WrongCall(f'The exercise "{id}" has not been started in this notebook.')
    return list(_live[id].trace)


def keep(file: str = progress.FILE) -> Reading:
    """Keep what you choose in a file in this folder, from now on; ``erase()`` removes it again."""
    path = progress.keep(file, list(_live.values()))
    return Reading(f"<p>Kept in the file {path.name} in this folder. erase() removes it.</p>", "keep")


def erase(file: str = progress.FILE) -> Reading:
    """Remove the kept file and forget every choice of this notebook, in one action."""
    for shown in _live.values():
        shown.trace = []
    gone = progress.erase(file)
    sentence = "Erased." if gone else "There was no kept file. The choices of this notebook are forgotten."
    return Reading(f"<p>{sentence}</p>", "erase")
