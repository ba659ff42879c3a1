"""The frame around every page of the learn site and of the packages for a class: words, style, script, policy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from .. import exercises, front, render
from ..library import Library
from . import policy
from .exporter import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment

RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
READING = ("keep",)  # the tables of words that the script of a page of reading needs; a page that plays adds "front"
ELSEWHERE = ("speaker", "leave")  # words of [front] that only a deck or a notebook says


@dataclass(frozen=True)
class Frame:
    """Fills the templates of pages.

    Parameters
    ----------
    library : the content. words : what the templates call ``words``, with ``title`` and ``foot`` in it.
    styles : style sheets beside those of every page.
    """

    library: Library
    words: Mapping[str, str]
    styles: Sequence[str] = ("site.css",)

    def page(
        self, template: str, what: str, page: Mapping[str, Any], tables: Sequence[str] = READING, root: str = "site.js"
    ) -> str:
        """One page, not yet sealed.

        Parameters
        ----------
        template : its template, without the ending. what : stands in its title, plain but distinct.
        page : what else its template names. tables : the words that its script reads. root : its script.
        """
        plays = "front" in tables
        own = {
            "title": self.words["title"].format(what=what),
            "front_words": block(self._front_words(tables)),
            "contacts": block(render.contact_rows(self.library)) if plays else "",
            "script": safe(policy.inline(front.text(root, classic=True))),
            "help": "help.html",
            "course": None,
        }
        return _environment().get_template(f"{template}.html.j2").render({**self._shared, **own, **page})

    def blank(self) -> str:
        """The page that "Leave now" puts in the place of another."""
        return _environment().get_template("blank.html.j2").render(self._shared)

    @cached_property
    def _shared(self) -> dict[str, Any]:
        language = self.library.language
        style = front.style("style.css", "reading.css", "page.css", "around.css", *self.styles)
        return {
            "words": self.words,
            "language": language,
            "direction": "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
            "style": safe(style),
            "label": self.library.review_label(),
            "foot": self.words["foot"].format(version=self.library.course()["version"]),
            "rest": safe(exercises.rest(self.library).form()),
            "policy": policy.MARK,
        }

    def _front_words(self, tables: Sequence[str]) -> dict[str, str]:
        """The words of the exercises as everywhere; those of a surface under the name of their table."""
        said = self.library.words("front")
        if "front" in tables:
            found = {key: text for key, text in said.items() if not key.startswith(ELSEWHERE)}
        else:
            found = {"close-tab": said["close-tab"]}
        for table in tables:
            if table != "front":
                found |= {f"{table}.{key}": text for key, text in self.library.words(table).items()}
        return found


@cache
def _environment() -> Environment:
    """The templates, each compiled once: to compile one costs more than to fill it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES / "safekeeping-site")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def safe(html: str) -> str:
    """HTML of our own making, in which every text is already escaped."""
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - each caller gives what a function of ours has escaped


def block(value: object) -> str:
    """Data for a JSON block."""
    return safe(policy.data(json.dumps(value, ensure_ascii=False, separators=(",", ":"))))
