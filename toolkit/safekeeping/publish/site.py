"""The learn site: parts, stories, checks, lists and a search as pages in one folder, for any host, a USB stick or none.

Every page is one file with its own script and style inside, sealed by its own policy, and links only to its neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import calls, exercises, front, render
from ..boosters import Booster, boosters
from ..faults import WrongCall
from ..library import Course, Library
from ..records import Module, Scenario
from . import folder, lists, notebook, output, policy, search
from .exporter import TEMPLATES, Setting, exercise_place, eyebrow, placed, prose, role

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_STORIES = 3  # that a part plays itself; further ones have pages of their own: a part stays light on a phone
RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
# The tables of words that the scripts of a page read.
READING, PLAYING, CHECKING, DESK = ("keep",), ("front", "keep"), ("front", "keep", "check"), ("keep", "certificate")
ELSEWHERE = ("speaker", "leave")  # words of [front] that only a deck or a notebook says


def site(library: Library, where: Course, target: Path) -> bool:
    """Write the whole site into a folder of its own.

    Returns
    -------
    False if the folder stood there already, complete and made from the same things.

    Raises
    ------
    WrongCall : the folder holds something else, or files edited since. NotebookError, ContentError : a part cannot be
    drawn. OutputError : the folder cannot be written. SearchError : the search library is missing.
    """
    made_from = output.fingerprint(library, where, "site")
    if folder.unchanged(target, made_from):
        return False
    folder.ready(target)
    folder.write(target, Site(library, where).files(), made_from)
    return True


@dataclass(frozen=True)
class Part:
    """One part as the site draws it: its cells with their pieces, its minutes, and the exercises that make it up."""

    module: Module
    page: str
    cells: Sequence[tuple[Mapping[str, Any], str, Sequence[notebook.Piece]]]
    stays: set[str]
    minutes: int
    check: exercises.Exercise | None

    @cached_property
    def do(self) -> list[exercises.Exercise]:
        """The exercises of the part without its content note."""
        made = [piece.exercise for _, _, pieces in self.cells for piece in pieces if piece.exercise]
        return [one for one in made if one.module in ("scenario", "quiz", "sort")]


@dataclass
class Site:
    """All pages of the site by file name.

    Parameters
    ----------
    library : the content. where : the course whose notebooks are the parts.
    """

    library: Library
    where: Course
    words: Mapping[str, str] = field(init=False)
    parts: list[Part] = field(init=False)

    def __post_init__(self) -> None:
        self.words = {**self.library.words("page"), **self.library.words("site")}
        self.setting = Setting(self.library, self.where, self.words)
        modules = [self.library.module(id) for id in self.library.course()["modules"]]
        self.parts = [self._part(one) for one in modules]
        self.stories: list[Scenario] = lists.told(self.library)
        self.boosters = boosters(self.library)
        self.prose = prose(self._own_link)
        self.texts: list[search.Text] = []

    def _part(self, module: Module) -> Part:
        cells = calls.cells_of(self.library, self.where, module.id)
        made = notebook.drawn(self.where.notebooks / f"{module.stem}.ipynb", cells)
        stays = notebook.stays(made)
        shown = [cell for cell in made.cells if "lab-only" not in cell["metadata"].get("tags", [])]
        rows = [
            (cell, role(cell), ())
            if cell["cell_type"] == "markdown"
            else (cell, "", notebook.pieces(self.library, self.where, cell))
            for cell in shown
            if cell["cell_type"] in ("markdown", "code")
        ]
        try:
            check = exercises.check(self.library, module.id)
        except WrongCall:  # a part with too few questions, such as the opening one, has no check
            check = None
        minutes = calls.estimated_minutes(self.library, self.where, module.id)
        return Part(module, f"part-{module.number}.html", rows, stays, max(minutes, module.minutes), check)

    # --- all files ---------------------------------------------------------------------------------------------------

    def files(self) -> dict[str, str]:
        """Every page by its file name, sealed."""
        drawn = {"index.html": self._home()}
        for number, part in enumerate(self.parts):
            drawn[part.page] = self._part_page(number, part)
            if part.check:
                drawn[_check_page(part)] = self._check_page(part, part.check)
        drawn |= {lists.story_page(one.id): self._story_page(one) for one in self.stories}
        drawn |= {f"booster-{one.day}.html": self._booster_page(one) for one in self.boosters}
        drawn |= self._lists() | self._own_pages()
        drawn["search.html"] = self._search()  # last: by now every page has put in its texts
        return {name: policy.sealed(html, own=drawn) for name, html in drawn.items()}

    def _home(self) -> str:
        rows = [
            {
                "module": part.module,
                "page": part.page,
                "name": self._name(part.module),
                "minutes": self._minutes(part),
                "check": _check_page(part) if part.check else "",
            }
            for part in self.parts
        ]
        course = self.library.course()
        first = {one.id for one in self.library.every("contact") if "danger-now" in one.use}
        danger = [one for one in render.contact_rows(self.library) if one["id"] in first and one.get("phone")][:1]
        page = {"rows": rows, "danger": danger, "title_words": course, "course": self._course(self.parts)}
        return self._page("home", self.words["home"], page, root="desk.js")

    def _part_page(self, number: int, part: Part) -> str:
        name = self._name(part.module)
        cells = list(self._cells(part))
        # The help lines that stand there to be read are the ones that the exercises show: they travel once.
        again = {"contacts": ""} if any("<div data-contacts>" in cell["html"] for cell in cells) else {}
        self._note(part.page, name, part)
        page = {
            "part": part,
            "eyebrow": eyebrow(self.setting, part.module.id),
            "minutes": self._minutes(part),
            "cells": cells,
            "check": _check_page(part) if part.check else "",
            "before": self.parts[number - 1] if number else None,
            "after": self.parts[number + 1] if number + 1 < len(self.parts) else None,
            "help": "#help-lines",
            "course": self._course([part]),
        }
        return self._page("part", name, page | again, PLAYING)

    def _cells(self, part: Part) -> Iterator[dict[str, str]]:
        """What stands in a part, in order; a story beyond those that it plays itself as a way to its own page."""
        told = 0
        for cell, kind, pieces in part.cells:
            css = f"sk-cell{f' sk-{kind}' if kind else ''}{' sk-stay' if cell['id'] in part.stays else ''}"
            if cell["cell_type"] == "markdown":
                yield {"id": cell["id"], "css": css, "html": _safe(self.prose(cell["source"])), "kind": kind}
            for place, piece in enumerate(pieces, 1):
                story = piece.exercise if piece.exercise and piece.exercise.module == "scenario" else None
                told += story is not None
                if story and told > MOST_STORIES:
                    html = lists.card(self.library.get("scenario", story.id), self.words)
                else:
                    html = placed(piece, self.setting)
                id = cell["id"] if place == 1 else f"{cell['id']}-{place}"
                yield {"id": id, "css": css, "html": _safe(html), "kind": "piece"}

    def _check_page(self, part: Part, check: exercises.Exercise) -> str:
        title = self.words["check_title"].format(n=part.module.number)
        place = exercise_place(notebook.Piece(exercise=check), self.setting)
        page = {
            "heading": title,
            "eyebrow": part.module.title,
            "lead": self.words["check_lead"],
            "inside": self.words["questions"],
            "html": _safe(place),
            "back": (part.page, self.words["check_back"].format(n=part.module.number)),
            "course": self._course([part]),
        }
        return self._page("exercise", title, page, CHECKING, root="mastery.js")

    def _story_page(self, one: Scenario) -> str:
        part = next((part for part in self.parts if part.module.id == one.module), None)
        aloud = part is not None and any(
            piece.aloud and piece.exercise and piece.exercise.id == one.id
            for _, _, pieces in part.cells
            for piece in pieces
        )
        story = exercises.story(self.library, one.id, aloud=aloud)
        self.texts.append((lists.story_page(one.id), self.words["stories"], one.title, f"{one.setting}. {one.role}"))
        back = (part.page, self.words["story_back"].format(n=part.module.number)) if part else None
        place = exercise_place(notebook.Piece(exercise=story, aloud=aloud), self.setting)
        page = {
            "heading": one.title,
            "eyebrow": self.words["fictional"],
            "lead": lists.about(one, self.words),
            "inside": self.words["story"],
            "html": _safe(place),
            "back": back,
            "course": self._course([part] if part else []),
        }
        return self._page("exercise", f"{self.words['stories']}, {lists.story_page(one.id)[6:-5]}", page, PLAYING)

    def _booster_page(self, one: Booster) -> str:
        questions = exercises.questions(self.library, one.questions, kinds=("quiz", "sort"))
        story = exercises.story(self.library, one.scenario)
        places = [exercise_place(notebook.Piece(exercise=made), self.setting) for made in (questions, story)]
        page = {
            "heading": one.title,
            "eyebrow": "",
            "lead": self.words["booster_lead"],
            "inside": self.words["questions"],
            "html": _safe("".join(places)),
            "back": ("place.html", self.words["place"]),
        }
        return self._page("exercise", self.words["booster"].format(n=one.day), page, PLAYING)

    def _lists(self) -> dict[str, str]:
        """The pages that only list: nothing to play, all to read."""
        library, words = self.library, self.words
        for entry in library.every("entry"):
            self.texts.append((f"glossary.html#{entry.id}", words["glossary"], entry.term, entry.text))
        for term in library.every("term"):
            text = f"{' '.join(term.avoid)}. {term.why}"
            self.texts.append((f"words.html#{term.id}", words["terms"], term.prefer, text))
        for contact in library.every("contact"):
            text = f"{contact.scope} {contact.hours} {contact.phone} {contact.for_whom}"
            self.texts.append(("help.html", words["contacts"], contact.name, text))
        made = {
            "stories": lists.stories(library, words),
            "glossary": lists.glossary(library),
            "terms": lists.terms(library, words),
            "contacts": lists.contacts(library, words),
            "sources": lists.sources(library),
        }
        files = {"terms": "words.html", "contacts": "help.html"}
        return {
            files.get(key, f"{key}.html"): self._page("list", words[key], {"key": key, "html": _safe(html)})
            for key, html in made.items()
        }

    def _own_pages(self) -> dict[str, str]:
        """The two doors for those who teach and build, the learner's desk, and the pages for leaving and for slips."""
        words = self.words
        rows = [{"id": one.module.id, "page": one.page, "title": one.module.title} for one in self.parts]
        desk = {"course": self._course(self.parts), "rows": rows}
        blank = self._env.get_template("blank.html.j2").render(self._frame)
        return {
            "teach.html": self._page("teach", words["teach"], {"minutes": _safe(lists.minutes(self.library, words))}),
            "build.html": self._page("build", words["build"], {}),
            "place.html": self._page("place", words["place"], desk, DESK, root="desk.js"),
            "record.html": self._page("record", words["record"], desk, DESK, root="desk.js"),
            "404.html": self._page("gone", words["gone"], {}),
            "blank.html": blank,
        }

    def _search(self) -> str:
        texts = [(href, at, heading, search.short(text)) for href, at, heading, text in self.texts]
        library = _safe(policy.inline(search.script()))
        page = {"library": library, "texts": _block(texts)}
        return self._page("search", self.words["search"], page, ("keep", "find"), root="find.js")

    def _note(self, page: str, name: str, part: Part) -> None:
        """Put a part's text, section by section, among the texts to search; nothing of stories and answers."""
        heading, href, found = part.module.title, page, [part.module.lead]
        for cell, kind, pieces in part.cells:
            if kind in ("title", "lead"):
                self.texts.append((href, name, heading, " ".join(found)))
                href = f"{page}#{cell['id']}"
                heading, _, rest = cell["source"].lstrip("# ").partition("\n")
                found = [rest]
            elif kind:
                found.append(cell["source"])
            found += [render.plain(piece.html) for piece in pieces if piece.html and "sk-sources" not in piece.html]
            found += [piece.exercise.title for piece in pieces if piece.exercise]
        self.texts.append((href, name, heading, " ".join(found)))

    # --- one page ----------------------------------------------------------------------------------------------------

    def _name(self, module: Module) -> str:
        return self.words["part"].format(n=module.number) if module.number else self.words["part_start"]

    def _minutes(self, part: Part) -> str:
        key = "minutes" if part.minutes > part.module.minutes else "minutes_same"
        return self.words[key].format(short=part.module.minutes, all=part.minutes)

    def _own_link(self, url: str) -> str:
        """Where a link of a notebook leads on the site: another notebook is another part's page."""
        stem, _, place = url.removeprefix("./").partition("#")
        for part in self.parts:
            if stem == f"{part.module.stem}.ipynb":
                return part.page + (f"#{place}" if place else "")
        return ""

    def _course(self, parts: Sequence[Part]) -> str:
        """What the front end has to know of these parts, to say how far a learner is."""
        rows = [
            {
                "id": part.module.id,
                "n": part.module.number,
                "title": part.module.title,
                "page": part.page,
                "minutes": part.minutes,
                "do": {one.id: _minutes(one, self.library) for one in part.do},
            }
            | ({"check": {"id": part.check.id, "need": part.check.table["need"]}} if part.check else {})
            for part in parts
        ]
        boosters = [{"day": one.day, "page": f"booster-{one.day}.html"} for one in self.boosters]
        version = self.library.course()["version"]
        return _block({"version": version, "label": self.library.review_label(), "parts": rows, "boosters": boosters})

    @cached_property
    def _env(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        loader = FileSystemLoader(TEMPLATES / "safekeeping-site")
        return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)

    @cached_property
    def _frame(self) -> dict[str, Any]:
        language = self.library.language
        style = front.style("style.css", "reading.css", "page.css", "site.css")
        return {
            "words": self.words,
            "language": language,
            "direction": "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
            "style": _safe(style),
            "label": self.library.review_label(),
            "foot": self.words["foot"].format(version=self.library.course()["version"]),
            "rest": _safe(exercises.rest(self.library).form()),
            "policy": policy.MARK,
        }

    def _page(
        self, template: str, what: str, page: Mapping[str, Any], tables: Sequence[str] = READING, root: str = "site.js"
    ) -> str:
        """One page in the frame of the site.

        Parameters
        ----------
        template : its template, without the ending. what : stands in its title, plain but distinct.
        page : what else its template names. tables : the words that its script reads. root : its script.
        """
        plays = "front" in tables
        own = {
            "title": self.words["title"].format(what=what),
            "front_words": _block(self._front_words(tables)),
            "contacts": _block(render.contact_rows(self.library)) if plays else "",
            "script": _safe(policy.inline(front.text(root, classic=True))),
            "help": "help.html",
            "course": None,
        }
        return self._env.get_template(f"{template}.html.j2").render({**self._frame, **own, **page})

    def _front_words(self, tables: Sequence[str]) -> dict[str, str]:
        """The words of the exercises as everywhere; those of the site under the name of their table."""
        said = self.library.words("front")
        if "front" in tables:
            found = {key: text for key, text in said.items() if not key.startswith(ELSEWHERE)}
        else:
            found = {"close-tab": said["close-tab"]}
        for table in tables:
            if table != "front":
                found |= {f"{table}.{key}": text for key, text in self.library.words(table).items()}
        return found


def _check_page(part: Part) -> str:
    return f"check-{part.module.number}.html"


def _minutes(one: exercises.Exercise, library: Library) -> int:
    """What an exercise takes, as `calls.estimated_minutes` counts it."""
    if one.module == "scenario":
        return int(library.get("scenario", one.id).minutes)
    return int(len(one.table["items"]) * calls.MINUTES_AN_ITEM)


def _safe(html: str) -> str:
    """HTML of our own making, in which every text is already escaped."""
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - each caller gives what a function of ours has escaped


def _block(value: object) -> str:
    """Data for a JSON block."""
    return _safe(policy.data(json.dumps(value, ensure_ascii=False, separators=(",", ":"))))
