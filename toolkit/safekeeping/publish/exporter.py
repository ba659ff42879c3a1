"""The course's nbconvert exporter: our own templates, our own Markdown rules, and the exercises in their places."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import front, render
from ..library import Course, Library
from . import notebook, policy
from .carried import carried

if TYPE_CHECKING:
    from jinja2 import Environment
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "templates"
# Read the contacts and the moment to pause as text everywhere: they must not wait for a script.
STILL = {"turn-to", "pause"}


@dataclass(frozen=True)
class Setting:
    """How an export draws: which words, and whether it is the participants' copy without answers."""

    library: Library
    where: Course
    words: Mapping[str, str]
    audience: bool = False


def export(template: str, executed: NotebookNode, page: Mapping[str, Any], setting: Setting, **filters: Any) -> str:
    """Fill one of our templates from an executed notebook and seal the result with its content policy.

    Parameters
    ----------
    template : ``safekeeping-page`` or ``safekeeping-deck``.
    executed : the notebook after a run. page : what the template calls ``page``.
    filters : further filters for the template, by name.
    """
    exporter = _exporter(template)
    for name, function in (_filters(setting) | filters).items():
        exporter.register_filter(name, function)
    executed.cells = _shown(executed.cells)
    html, _ = exporter.from_notebook_node(executed, resources={"page": {"policy": policy.MARK, **page}})
    return _sealed(html, page)


def fill(
    template: str,
    page: Mapping[str, Any],
    setting: Setting,
    cells: Sequence[Mapping[str, Any]],
    **filters: Any,
) -> str:
    """As `export`, where no notebook was run: the same template without nbconvert, whose import costs more than a deck.

    Parameters
    ----------
    template : a file below ``templates``, such as ``safekeeping-deck/deck.html.j2``. page, filters : as for `export`.
    cells : what a run would leave (see `notebook.Drawn`); none for a template that has its own.
    """
    environment = _environment()
    environment.filters |= _filters(setting) | filters
    resources = {"page": {"policy": policy.MARK, **page}}
    shown = {"cells": _shown(cells)}
    return _sealed(environment.get_template(template).render(nb=shown, resources=resources), page)


def _shown(cells: Sequence[Any]) -> list[Any]:
    """The cells of a notebook without those that are for its own user alone."""
    return [cell for cell in cells if "lab-only" not in cell["metadata"].get("tags", [])]


@cache
def _environment() -> Environment:
    """The templates, each compiled once: as for `_exporter`."""
    from jinja2 import Environment, FileSystemLoader

    # As nbconvert sets it: our templates escape each text themselves.
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=False)  # noqa: S701


def _filters(setting: Setting) -> dict[str, Callable[..., Any]]:
    return {
        "prose": prose(),
        "role": role,
        "pieces": lambda cell: notebook.pieces(setting.library, setting.where, cell),
        "placed": lambda piece: placed(piece, setting),
    }


def _sealed(html: str, page: Mapping[str, Any]) -> str:
    if "<div data-contacts>" in html:  # the help lines stand there to be read, and host.js reads them there
        html = html.replace(f'<script type="application/json" id="sk-contacts">{page["contacts"]}</script>\n', "")
    return policy.sealed(html)


@cache
def _exporter(template: str) -> TemplateExporter:
    """An exporter with its template, made once: to compile a template costs more than to fill it."""
    from nbconvert.exporters.templateexporter import TemplateExporter
    from traitlets import List

    class CourseExporter(TemplateExporter):
        """nbconvert with our templates; it runs nothing and fetches nothing by itself."""

        output_mimetype = "text/html"
        file_extension = ".html"
        enabled = True
        # The others do nothing here, and the notebook would be validated once more before each of them.
        default_preprocessors = List(["nbconvert.preprocessors.CoalesceStreamsPreprocessor"])

    return CourseExporter(template_name=template, extra_template_basedirs=[str(TEMPLATES)])


def prose(own: Callable[[str], str] = lambda url: "") -> Callable[[str], str]:
    """Markdown to HTML: headings, paragraphs, lists, tables, emphasis; raw HTML is shown as text.

    A picture is shown as its description, since a page fetches nothing; a link that leads nowhere useful, as its words.

    Parameters
    ----------
    own : where an address inside the course leads; empty if nowhere.
    """
    import mistune

    class Prose(mistune.HTMLRenderer):
        """mistune's HTML without pictures and without links to anything but places on the web or in the page."""

        def image(self, text: str, url: str, title: str | None = None) -> str:
            return text

        def link(self, text: str, url: str, title: str | None = None) -> str:
            to = url if re.match(policy.LINKS, url) else own(url)
            return super().link(text, to, title) if to else text

    return mistune.create_markdown(renderer=Prose(escape=True), plugins=["table"])  # type: ignore[return-value]


def role(cell: Mapping[str, Any]) -> str:
    """What a Markdown cell is for the eye: ``title`` (heading 1), ``lead`` (another heading) or ``prose``."""
    first = cell["source"].lstrip()
    return "title" if first.startswith("# ") else "lead" if first.startswith("#") else "prose"


def placed(piece: notebook.Piece, setting: Setting) -> str:
    """One piece as HTML: an exercise in its place, our reading, or another program's output as text or picture."""
    if piece.exercise is not None:
        return exercise_place(piece, setting)
    if piece.html:
        return f'<div class="sk-reading">{piece.html}</div>'
    if piece.png:
        alt = escape(piece.text or setting.words["picture"])
        return f'<img alt="{alt}" src="data:image/png;base64,{escape(piece.png)}">'
    return f"<pre>{escape(piece.text)}</pre>"


def exercise_place(piece: notebook.Piece, setting: Setting) -> str:
    """The place of an exercise: its readable form, which holds every text once, and its table for the front end."""
    exercise = piece.exercise
    assert exercise is not None  # the only caller has just looked
    title = escape(exercise.title)
    if exercise.id in STILL:
        heading = "" if exercise.id == "pause" else f'<h2 id="help-lines">{title}</h2>'
        return f'<div class="sk-still">{heading}{exercise.form()}</div>'
    if setting.audience:
        lead = escape(setting.words["discuss"])
        return (
            f'<div class="sk-discussion" role="group" aria-label="{lead}: {title}">'
            f'<p class="sk-eyebrow">{lead}</p><h3>{title}</h3>{exercise.discussion()}</div>'
        )
    form, table = carried(exercise)
    data = policy.data(json.dumps(table, ensure_ascii=False, separators=(",", ":")))
    aloud = " data-aloud" if piece.aloud else ""
    return (
        f'<div class="sk-exercise" data-exercise="{exercise.module}" data-id="{escape(exercise.id)}"{aloud}>'
        f'<div class="sk-form">{form}</div><script type="application/json">{data}</script></div>'
    )


def shared(setting: Setting, root: str) -> dict[str, Any]:
    """What every page and deck carries once: words, contacts, the joined script, and the review label."""
    library = setting.library

    def block(value: object) -> str:
        return policy.data(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def needed(key: str) -> bool:
        return root == "deck.js" or not key.startswith("speaker")  # only a deck has a speaker's window

    return {
        "language": library.language,
        "words": setting.words,
        "front_words": block({key: word for key, word in library.words("front").items() if needed(key)}),
        "contacts": block(render.contact_rows(library)),
        "script": policy.inline(front.text(root, classic=True)),
        "label": library.review_label(),
        "audience": setting.audience,
        "foot": setting.words["foot"].format(version=library.course()["version"]),
    }


def eyebrow(setting: Setting, id: str) -> str:
    """The small line over a title: which part of how many."""
    module, course = setting.library.module(id), setting.library.course()
    key = "eyebrow" if module.number else "eyebrow_start"
    return setting.words[key].format(n=module.number, all=course["parts_planned"])


def slides_of(cells: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Cells grouped into slides by their slide type: ``slide`` opens one, ``-`` goes on, ``skip`` is left out."""
    groups: list[list[Mapping[str, Any]]] = []
    for cell in cells:
        kind = cell["metadata"].get("slideshow", {}).get("slide_type", "-")
        if kind == "skip" or "setup" in cell["metadata"].get("tags", []):
            continue
        if kind == "slide" or not groups:
            groups.append([])
        groups[-1].append(cell)
    return groups
