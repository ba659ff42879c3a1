"""The learn site: parts, stories, checks, lists and a search as pages in one folder, for any host, a USB stick or none.

Every page is one file with its own script and style inside, sealed by its own policy, and links only to its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .. import exercises, render
from ..boosters import Booster, boosters
from ..library import Course, Library
from ..records import Module, Scenario
from . import folder, lists, notebook, output, parts, policy, search
from .exporter import Setting, exercise_place, eyebrow, prose
from .frame import Frame, block, safe
from .parts import Part

MOST_STORIES = 3  # that a part plays itself; further ones have pages of their own: a part stays light on a phone
# The tables of words that the scripts of a page read.
PLAYING, CHECKING, DESK = ("front", "keep"), ("front", "keep", "check"), ("keep", "certificate")


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
        self.frame = Frame(self.library, self.words)
        modules = [self.library.module(id) for id in self.library.course()["modules"]]
        self.parts = [parts.draw(self.library, self.where, one) for one in modules]
        self.stories: list[Scenario] = lists.told(self.library)
        self.boosters = boosters(self.library)
        self.prose = prose(self._own_link)
        self.texts: list[search.Text] = []

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
                "minutes": parts.minutes_text(part, self.words),
                "check": _check_page(part) if part.check else "",
            }
            for part in self.parts
        ]
        course = self.library.course()
        first = {one.id for one in self.library.every("contact") if "danger-now" in one.use}
        danger = [one for one in render.contact_rows(self.library) if one["id"] in first and one.get("phone")][:1]
        page = {"rows": rows, "danger": danger, "title_words": course, "course": self._course(self.parts)}
        return self.frame.page("home", self.words["home"], page, root="desk.js")

    def _part_page(self, number: int, part: Part) -> str:
        name = self._name(part.module)
        cells = list(parts.cells(part, self.setting, self.prose, MOST_STORIES))
        # The help lines that stand there to be read are the ones that the exercises show: they travel once.
        again = {"contacts": ""} if any("<div data-contacts>" in cell["html"] for cell in cells) else {}
        self._note(part.page, name, part)
        page = {
            "part": part,
            "eyebrow": eyebrow(self.setting, part.module.id),
            "minutes": parts.minutes_text(part, self.words),
            "cells": cells,
            "check": _check_page(part) if part.check else "",
            "before": self.parts[number - 1] if number else None,
            "after": self.parts[number + 1] if number + 1 < len(self.parts) else None,
            "help": "#help-lines",
            "course": self._course([part]),
        }
        return self.frame.page("part", name, page | again, PLAYING)

    def _check_page(self, part: Part, check: exercises.Exercise) -> str:
        title = self.words["check_title"].format(n=part.module.number)
        place = exercise_place(notebook.Piece(exercise=check), self.setting)
        page = {
            "heading": title,
            "eyebrow": part.module.title,
            "lead": self.words["check_lead"],
            "inside": self.words["questions"],
            "html": safe(place),
            "back": (part.page, self.words["check_back"].format(n=part.module.number)),
            "course": self._course([part]),
        }
        return self.frame.page("exercise", title, page, CHECKING, root="mastery.js")

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
            "html": safe(place),
            "back": back,
            "course": self._course([part] if part else []),
        }
        return self.frame.page("exercise", f"{self.words['stories']}, {lists.story_page(one.id)[6:-5]}", page, PLAYING)

    def _booster_page(self, one: Booster) -> str:
        questions = exercises.questions(self.library, one.questions, kinds=("quiz", "sort"))
        story = exercises.story(self.library, one.scenario)
        places = [exercise_place(notebook.Piece(exercise=made), self.setting) for made in (questions, story)]
        page = {
            "heading": one.title,
            "eyebrow": "",
            "lead": self.words["booster_lead"],
            "inside": self.words["questions"],
            "html": safe("".join(places)),
            "back": ("place.html", self.words["place"]),
        }
        return self.frame.page("exercise", self.words["booster"].format(n=one.day), page, PLAYING)

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
            files.get(key, f"{key}.html"): self.frame.page("list", words[key], {"key": key, "html": safe(html)})
            for key, html in made.items()
        }

    def _own_pages(self) -> dict[str, str]:
        """The two doors for those who teach and build, the learner's desk, and the pages for leaving and for slips."""
        words = self.words
        rows = [{"id": one.module.id, "page": one.page, "title": one.module.title} for one in self.parts]
        desk = {"course": self._course(self.parts), "rows": rows}
        minutes = safe(lists.minutes(self.library, words))
        return {
            "teach.html": self.frame.page("teach", words["teach"], {"minutes": minutes}),
            "build.html": self.frame.page("build", words["build"], {}),
            "place.html": self.frame.page("place", words["place"], desk, DESK, root="desk.js"),
            "record.html": self.frame.page("record", words["record"], desk, DESK, root="desk.js"),
            "404.html": self.frame.page("gone", words["gone"], {}),
            "blank.html": self.frame.blank(),
        }

    def _search(self) -> str:
        texts = [(href, at, heading, search.short(text)) for href, at, heading, text in self.texts]
        library = safe(policy.inline(search.script()))
        page = {"library": library, "texts": block(texts)}
        return self.frame.page("search", self.words["search"], page, ("keep", "find"), root="find.js")

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

    def _own_link(self, url: str) -> str:
        """Where a link of a notebook leads on the site: another notebook is another part's page."""
        stem, _, place = url.removeprefix("./").partition("#")
        for part in self.parts:
            if stem == f"{part.module.stem}.ipynb":
                return part.page + (f"#{place}" if place else "")
        return ""

    def _course(self, some: Sequence[Part]) -> str:
        """What the front end has to know of these parts, to say how far a learner is."""
        rows = [parts.row(part, self.library) for part in some]
        boosters = [{"day": one.day, "page": f"booster-{one.day}.html"} for one in self.boosters]
        version = self.library.course()["version"]
        return block({"version": version, "label": self.library.review_label(), "parts": rows, "boosters": boosters})

def _check_page(part: Part) -> str:
    return f"check-{part.module.number}.html"
