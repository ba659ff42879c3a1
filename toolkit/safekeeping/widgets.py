"""The exercises as JupyterLab widgets. The only module that imports anywidget."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import anywidget
import traitlets

from . import front, render
from .exercises import Exercise
from .library import built_in


class Live(anywidget.AnyWidget):
    """One exercise in a notebook.

    Attributes
    ----------
    table, text, words, contacts : what the front end looks up; see `exercises.Exercise`.
    trace : events as they happen, oldest first; the front end appends, Python reads.
    """

    _css = front.style("style.css", "reading.css")
    table = traitlets.Dict().tag(sync=True)
    text = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    contacts: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    place = traitlets.Unicode("lab").tag(sync=True)
    trace: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)

    def __init__(self, exercise: Exercise, payload: Mapping[str, Any]) -> None:
        library = built_in()
        super().__init__(
            table=dict(exercise.table),
            text=dict(exercise.text),
            words=library.words("front"),
            contacts=render.contact_rows(library),
        )
        self.exercise = exercise
        self.payload = dict(payload)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        from .lesson import MIME

        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        extra = {MIME: self.payload, "text/plain": f"[{self.exercise.title}: an exercise. Run this cell to start it.]"}
        return dict(data or {}) | extra, metadata


# Modules of the front end that play an exercise.
_MODULES = ("care", "form", "quiz", "scenario", "sort")


@cache
def _class(module: str) -> type[Live]:
    """The class that plays a module, made with the first such exercise: a notebook seldom has all of them."""
    assert module in _MODULES  # it names a file
    return type(f"_{module.title()}", (Live,), {"_esm": front.text(f"{module}.js"), "__module__": __name__})


def live(exercise: Exercise | str, payload: Mapping[str, Any]) -> Live:
    """The widget that plays an exercise; `payload` is the call that made it, for exports."""
    assert isinstance(exercise, Exercise)  # the caller names only calls that make exercises
    return _class(exercise.module)(exercise, payload)
