"""The exercises as JupyterLab widgets. The only module that imports anywidget."""

from __future__ import annotations

from collections.abc import Mapping
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


class _Story(Live):
    _esm = front.text("scenario.js")


class _Quiz(Live):
    _esm = front.text("quiz.js")


class _Sort(Live):
    _esm = front.text("sort.js")


class _Care(Live):
    _esm = front.text("care.js")


_CLASSES: dict[str, type[Live]] = {"scenario": _Story, "quiz": _Quiz, "sort": _Sort, "care": _Care}


def _class(module: str) -> type[Live]:
    """The class that plays a module; a form's is made when the first form is shown, since few notebooks have one."""
    if module == "form" and module not in _CLASSES:
        _CLASSES[module] = type("_Form", (Live,), {"_esm": front.text("form.js"), "__module__": __name__})
    return _CLASSES[module]


def live(exercise: Exercise | str, payload: Mapping[str, Any]) -> Live:
    """The widget that plays an exercise; `payload` is the call that made it, for exports."""
    assert isinstance(exercise, Exercise)  # the caller names only calls that make exercises
    return _class(exercise.module)(exercise, payload)
