"""Common Cartridge 1.3: parts, practice, readings to discuss and assignments, as one file that many platforms import.

Its questions are QTI 1.2 in the cartridge's own profile. An assignment is the extension that came with 1.3, with a page
of the same text for platforms that do not know it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ...calls import claims_of
from ...documents import Document
from ...faults import ContentError, Fault
from ...library import Course, Library
from ...records import Module
from .. import page, university
from ..exporter import prose
from ..filled import Filler
from .archive import zipped
from .qti import XSI, assessment
from .question import PREFIX, Quiz, ident, quizzes, refuse_empty
from .tree import Element, element, given, html, written

CP = "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"
CPX = "http://www.imsglobal.org/xsd/imsccv1p3/imscp_extensionv1p2"
LOM = "http://ltsc.ieee.org/xsd/imsccv1p3/LOM"
PROFILE = "http://www.imsglobal.org/profile/cc/ccv1p3"
TOPIC = "http://www.imsglobal.org/xsd/imsccv1p3/imsdt_v1p3"
ASSIGNMENT = "http://www.imsglobal.org/xsd/imscc_extensions/assignment"
SCHEMAS = {
    CP: f"{PROFILE}/ccv1p3_imscp_v1p2_v1p0.xsd",
    f"{LOM}/resource": f"{PROFILE}/LOM/ccv1p3_lomresource_v1p0.xsd",
    f"{LOM}/manifest": f"{PROFILE}/LOM/ccv1p3_lommanifest_v1p0.xsd",
    CPX: f"{PROFILE}/ccv1p3_cpextensionv1p2_v1p0.xsd",
    TOPIC: f"{PROFILE}/ccv1p3_imsdt_v1p3.xsd",
    ASSIGNMENT: "http://www.imsglobal.org/profile/cc/cc_extensions/cc_extresource_assignmentv1p0_v1p0.xsd",
}
POINTS = "100"  # of an assignment: the weights of the rubric add up to it


def made(
    library: Library, where: Course, modules: Sequence[Module], made_from: str, *, instructor: bool = False
) -> bytes:
    """The file.

    Parameters
    ----------
    instructor : the test questions alone, marked for the instructor's role, in place of everything else.

    Raises
    ------
    WrongCall : an instructor's file without a test question. ContentError, NotebookError : a part, a question or a
    document cannot be read or drawn, or two identifiers would be the same.
    """
    every = quizzes(library, modules, instructor=instructor)
    if instructor:
        refuse_empty(every, modules, instructor=True)
    cartridge = Cartridge(library, where)
    if instructor:
        for quiz in every:
            cartridge.place([cartridge.quiz(quiz, role="Instructor")])
        return cartridge.zipped(instructor=True, made_from=made_from)
    cartridge.place([cartridge.help()])
    readings = cartridge.readings(modules)
    for module in modules:
        own = [cartridge.part(module), *(cartridge.quiz(quiz) for quiz in every if quiz.module is module)]
        cartridge.place([*own, *readings.pop(module.id, ())], cartridge.name(module), ident(module.id))
    cartridge.place(readings.pop("", []), cartridge.words["readings"], f"{PREFIX}readings")
    cartridge.place(list(cartridge.assignments()), cartridge.words["assignments"], f"{PREFIX}assignments")
    return cartridge.zipped(instructor=False, made_from=made_from)


@dataclass
class Cartridge:
    """A cartridge while it is filled: its files, what the manifest says of them, and the tree that a student sees."""

    library: Library
    where: Course
    files: dict[str, bytes] = field(default_factory=dict)
    resources: list[Element] = field(default_factory=list)
    tree: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = self.library.words("lms")

    @cached_property
    def filler(self) -> Filler:
        """What fills in the documents of the university pack."""
        return university.filler_of(self.library, self.where)

    def name(self, module: Module) -> str:
        """What a part is called."""
        return self.words["part" if module.number else "part_start"].format(n=module.number, title=module.title)

    def place(self, items: Sequence[Element], folder: str = "", id: str = "") -> None:
        """Show these to students, in a folder of that name if it has one; an empty folder is left out."""
        if not items:
            return
        if not folder:
            self.tree += items
            return
        self.tree.append(element("item", element("title", folder), *items, identifier=f"{id}.folder"))

    # --- what it holds ---------------------------------------------------------------------------------------------

    def help(self) -> Element:
        """The page with every place to turn to."""
        title = self.words["help"]
        heading = (self.library.words("page")["booster_title"], "", title)
        text = page.loose(self.library, self.where, heading, [("turn_to",)], "host.js")
        return self._page(f"{PREFIX}help", "pages/help.html", text, title)

    def part(self, module: Module) -> Element:
        """The page of a part, as `safekeeping page` makes it."""
        text = page.drawn(self.library, self.where, module)
        return self._page(f"{ident(module.id)}.page", f"pages/part-{module.number}.html", text, self.name(module))

    def quiz(self, quiz: Quiz, role: str = "") -> Element:
        """A quiz. ``role``: whom it is for, where that is not everybody."""
        raw = written(assessment(quiz, cartridge=True))
        self._resource(quiz.ident, "imsqti_xmlv1p2/imscc_xmlv1p3/assessment", f"{quiz.ident}/quiz.xml", raw, role=role)
        return _item(quiz.ident, quiz.title)

    def readings(self, modules: Sequence[Module]) -> dict[str, list[Element]]:
        """A topic for each core reading, by the part that first rests on it; under no part in a whole course alone."""
        sources = {one.id: set(one.sources) for one in self.library.every("claim")}
        parts = {
            one.id: set().union(*(sources.get(id, ()) for id in claims_of(self.library, self.where, one.id)))
            for one in sorted(modules, key=lambda one: not one.number)  # the opening part rests on everything
        }
        whole = len(modules) == len(self.library.course()["modules"])
        found: dict[str, list[Element]] = {}
        for id in self.filler.data.reading:
            at = next((part for part, cited in parts.items() if id in cited), "" if whole else None)
            if at is not None:
                found.setdefault(at, []).append(self._topic(id))
        return found

    def _topic(self, id: str) -> Element:
        title = self.words["reading"].format(title=self.library.get("source", id).title)
        text = html([self.words["reading_note"]]) + prose()(self.filler.made("readings", [id]))
        topic = _rooted("topic", TOPIC, element("title", title), element("text", text, texttype="text/html"))
        name = f"{PREFIX}reading.{ident(id).removeprefix(PREFIX)}"
        self._resource(name, "imsdt_xmlv1p3", f"{name}/topic.xml", written(topic))
        return _item(name, title)

    def assignments(self) -> Iterator[Element]:
        """Every assignment of the university pack."""
        every = university.read(self.where)
        chosen = [path for path in every if path.parent.name == "assignments"]
        for path in chosen:
            yield self._assignment(every, path)

    def _assignment(self, every: dict[Path, Document], path: Path) -> Element:
        front = every[path].front
        name = f"{PREFIX}assignment.{ident(front.id).removeprefix(PREFIX)}"
        _, _, text = university.filled(self.filler, every, [path])[path].partition("\n")
        told = _rooted(
            "assignment",
            ASSIGNMENT,
            element("title", front.title),
            element("text", prose()(text), texttype="text/html"),
            element("gradable", "true", points_possible=POINTS),
            element("submission_formats", element("format", type="html"), element("format", type="file")),
        )
        told.set("identifier", name)
        self._resource(name, "assignment_xmlv1p0", f"{name}/assignment.xml", written(told))
        variant = element("cpx:variant", element("cpx:metadata"), identifier=f"{name}.variant", identifierref=name)
        page_text = university.drawn(self.filler, self.where, every, [path])
        return self._page(f"{name}.page", f"pages/assignment-{front.id.lower()}.html", page_text, front.title, variant)

    # --- the manifest ----------------------------------------------------------------------------------------------

    def _page(self, id: str, file: str, text: str, title: str, *more: Element) -> Element:
        self._resource(id, "webcontent", file, text.encode(), *more)
        return _item(id, title)

    def _resource(self, id: str, kind: str, file: str, raw: bytes, *more: Element, role: str = "") -> None:
        """Enter a file. All but pages have a folder of their own: older versions of the standard ask for that."""
        if file in self.files or any(one.get("identifier") == id for one in self.resources):
            came, remedy = f'two things called "{id}" or "{file}"', "Rename one: give it another id or number."
            raise ContentError([Fault("id-clash", "a cartridge", id, came, "one identifier for one thing", remedy)])
        self.files[file] = raw
        told = [_role(role)] if role else []
        self.resources.append(
            element("resource", *told, *more, element("file", href=file), identifier=id, type=kind, href=file)
        )

    def zipped(self, *, instructor: bool, made_from: str) -> bytes:
        """The whole file, the manifest first."""
        return zipped({"imsmanifest.xml": written(self._manifest(instructor=instructor)), **self.files}, made_from)

    def _manifest(self, *, instructor: bool) -> Element:
        course = self.library.course()
        title = self.words["test_course" if instructor else "course"].format(title=course["title"])
        about = self.words["about"].format(subtitle=course["subtitle"], label=self.library.review_label())
        root = element("item", *self.tree, identifier=f"{PREFIX}root")
        organization = element("organization", root, identifier=f"{PREFIX}organization", structure="rooted-hierarchy")
        spaces = {"xmlns": CP, "xmlns:lom": f"{LOM}/resource", "xmlns:lomimscc": f"{LOM}/manifest", "xmlns:cpx": CPX}
        where = " ".join(f"{space} {SCHEMAS[space]}" for space in spaces.values())
        return given(
            "manifest",
            {"identifier": f"{PREFIX}manifest", **spaces, "xmlns:xsi": XSI, "xsi:schemaLocation": where},
            element(
                "metadata",
                element("schema", "IMS Common Cartridge"),
                element("schemaversion", "1.3.0"),
                _lom(title, about, self.words["rights"], self.library.language),
            ),
            element("organizations", organization),
            element("resources", *self.resources),
        )


def _item(id: str, title: str) -> Element:
    return element("item", element("title", title), identifier=f"{id}.item", identifierref=id)


def _rooted(tag: str, space: str, *inside: Element) -> Element:
    where = f"{space} {SCHEMAS[space]}"
    return given(tag, {"xmlns": space, "xmlns:xsi": XSI, "xsi:schemaLocation": where}, *inside)


def _role(role: str) -> Element:
    """Whom a resource is for, in the words of the standard."""
    source, value = element("lom:source", "IMSGLC_CC_Rolesv1p1"), element("lom:value", role)
    told = element("lom:educational", element("lom:intendedEndUserRole", source, value))
    return element("metadata", element("lom:lom", told))


def _lom(title: str, about: str, rights: str, language: str) -> Element:
    def said(tag: str, text: str) -> Element:
        return element(f"lomimscc:{tag}", element("lomimscc:string", text, language=language))

    general = element(
        "lomimscc:general", said("title", title), element("lomimscc:language", language), said("description", about)
    )
    restricted = element("lomimscc:copyrightAndOtherRestrictions", element("lomimscc:value", "yes"))
    return element("lomimscc:lom", general, element("lomimscc:rights", restricted, said("description", rights)))
