"""A part as a SCORM 1.2 package: the learn site's page of it, with all its stories, and a bridge to the class system.

What the page tells a class system, and what it never tells, stands in `front/scorm.js`; the words say it to the learner
at the head of the page. The package asks for no mastery score: with one, a class system would turn practice on the
authors' own keys into passed or failed.
"""

from __future__ import annotations

from html import escape

from ...library import Course, Library
from ...records import Module
from .. import parts, policy
from ..exporter import Setting, eyebrow, prose
from ..frame import Frame, block
from .archive import zipped

PAGE = "index.html"
TABLES = ("front", "keep", "scorm")  # the words that the page's script reads


def made(library: Library, where: Course, module: Module, made_from: str) -> bytes:
    """The file.

    Raises
    ------
    NotebookError, ContentError : the part cannot be drawn.
    """
    texts = files(library, where, module)
    return zipped({name: text.encode() for name, text in texts.items()}, made_from)


def files(library: Library, where: Course, module: Module) -> dict[str, str]:
    """What a package holds, by file name: the manifest and the page."""
    return {"imsmanifest.xml": _manifest(library, module), PAGE: _page(library, where, module)}


def _page(library: Library, where: Course, module: Module) -> str:
    """The part as one page, sealed; it links to no other page of the site, since none is there."""
    words = {**library.words("page"), **library.words("site"), **library.words("package")}
    setting = Setting(library, where, words)
    part = parts.draw(library, where, module)
    cells = list(parts.cells(part, setting, prose()))
    again = {"contacts": ""} if any("<div data-contacts>" in cell["html"] for cell in cells) else {}
    page = {
        "part": part,
        "eyebrow": eyebrow(setting, module.id),
        "minutes": parts.minutes_text(part, words),
        "cells": cells,
        "help": "#help-lines",
        "course": block({"parts": [parts.row(part, library)]}),
    }
    html = Frame(library, words, styles=()).page("scorm", _name(module, words), page | again, TABLES, root="scorm.js")
    return policy.sealed(html, own={PAGE})


def _manifest(library: Library, module: Module) -> str:
    """The package's list of contents as IMS Content Packaging 1.1.2 with the names that SCORM 1.2 adds."""
    course = library.course()
    title = escape(f"{_name(module, library.words('site'))}: {module.title}")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="safekeeping-{escape(module.id)}" version="{escape(str(course["version"]))}"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="part">
    <organization identifier="part">
      <title>{title}</title>
      <item identifier="item" identifierref="page" isvisible="true"><title>{title}</title></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:scormtype="sco" href="{PAGE}"><file href="{PAGE}"/></resource>
  </resources>
</manifest>
"""


def _name(module: Module, words: dict[str, str]) -> str:
    return words["part"].format(n=module.number) if module.number else words["part_start"]
