"""What a check looks at, read once: every record with its place, every notebook, speaker note and document.

What cannot be read becomes one fault for its file, and the rest is read all the same.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import documents, library, records, sheets, university
from ..faults import ContentError, Fault, near
from . import locate
from .book import Book, read_book

if TYPE_CHECKING:
    from datetime import date

# Two tables of one file would be parsed twice by a naive walk: files are read once and kept.
PLAIN_FILES = ("course.toml", "reviews.toml", "words.toml", "ids.toml")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, as a fault names it, with the exemptions that its owner declares."""

    file: str
    at: str = ""
    because: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """A record with its kind and the place it stands in."""

    kind: str
    record: Any
    file: str
    at: str

    @property
    def id(self) -> str:
        """The record's id; a note has its cell's."""
        return str(getattr(self.record, "id", None) or getattr(self.record, "cell", ""))

    def spot(self, at: str = "") -> Spot:
        """A place inside this record, or the record itself."""
        return Spot(self.file, ".".join(part for part in (self.at, at) if part), getattr(self.record, "because", {}))


class Stock:
    """Everything that the rules of `check` read.

    Parameters
    ----------
    folder : the content folder. course : the course whose notebooks and notes are checked too, or None.
    place_file : a place pack to use instead of the folder's own.
    release : dates and shares that are notices before are faults.
    today : the day that every rule about dates compares with.
    """

    def __init__(
        self, folder: Path, course: library.Course | None, place_file: Path | None, release: bool, today: date
    ) -> None:
        self.library = library.Library(folder)
        self.folder, self.course, self.place_file = self.library.folder, course, place_file
        self.release, self.today = release, today
        self.faults: list[Fault] = []
        self.held: dict[str, list[Held]] = {kind: [] for kind in library.SHELVES}
        self.known: dict[str, set[str]] = {kind: set() for kind in library.SHELVES}
        self.unread: set[str] = set()  # kinds of which a file could not be read: what is missing there is unknown
        self.plain: dict[str, dict[str, Any]] = {}
        self.books: list[Book] = []
        self.notes: dict[str, list[Held]] = {}
        self.documents: list[documents.Document] = []
        self.university: dict[str, list[Held]] = {}  # the university pack's data, by table
        self.sheets: list[Held] = []  # handouts, the room-safety sheet, disclosure charts
        self.kept: dict[str, Any] = {}  # what several rules work out once and share
        self._paths: dict[str, Path] = {}
        self._marks: dict[str, locate.Mark] = {}
        self._read_content()
        if course is not None:
            self._read_course(course)
        self.faults = [self._with_line(fault) for fault in self.faults]

    def live(self, kind: str) -> Iterator[Held]:
        """The records of a kind that are not retired."""
        return (one for one in self.held[kind] if not getattr(one.record, "retired", False))

    def by_id(self, kind: str) -> dict[str, Held]:
        """The records of a kind that are not retired, by id."""
        return {one.id: one for one in self.live(kind)}

    @cached_property
    def claims(self) -> dict[str, Held]:
        """The claims by id."""
        return self.by_id("claim")

    @cached_property
    def texts(self) -> list[tuple[Held, str, str]]:
        """Every text that a person reads: its record, its text id inside the record, and the text."""
        every = [one for kind in self.held for one in self.live(kind)]
        every += [one for notes in self.notes.values() for one in notes]
        every += self.sheets
        every += [one for rows in self.university.values() for one in rows]
        return [(one, at, text) for one in every for at, text in records.texts(one.record)]

    def line(self, file: str, at: str) -> int:
        """The line of a place; 0 where the file cannot be found."""
        path = self._paths.get(file)
        if path is None:
            return 0
        if path.suffix == ".ipynb":
            cell = at.removeprefix("cell[").partition("]")[0]
            return locate.line_of_cell(self._text(path), cell) if at.startswith("cell[") else 1
        if path.suffix == ".md":
            return self._line_of_section(file, path, at)
        if file not in self._marks:
            self._marks[file] = locate.marks(self._text(path))
        return locate.line_of(self._marks[file], at)

    def _line_of_section(self, file: str, path: Path, at: str) -> int:
        """The line of a document's section, or of a key of its front matter, which begins on line 2."""
        for one in (one for one in self.documents if one.file == file):
            for section in one.sections:
                if at == f"section[{section.anchor}]":
                    return section.line
        head = self._text(path).partition(f"\n{documents.FENCE}")[0].partition("\n")[2]
        return locate.line_of(locate.marks(head), at) + 1

    def exempting(self) -> Iterator[Spot]:
        """Everything that may set a rule aside: items, scenarios, cells, documents."""
        yield from (held.spot() for kind in ("item", "scenario") for held in self.live(kind))
        for book in self.books:
            yield from (Spot(book.file, f"cell[{cell.id}]", cell.because) for cell in book.cells)
        yield from (Spot(one.file, "", one.front.because) for one in self.documents)

    def known_as(self, path: Path, name: str) -> None:
        """Know a file that a rule reads by this name from now on, for line numbers."""
        self._paths[name] = path

    def read_plain(self, path: Path, name: str) -> dict[str, Any]:
        """One more file of plain data (a translation), known from now on by its name for line numbers.

        Raises
        ------
        ContentError : it cannot be read.
        """
        self.known_as(path, name)
        return library.read_toml(path, name)

    def _text(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def _with_line(self, fault: Fault) -> Fault:
        if fault.line:
            return fault
        line = self.line(fault.file, fault.at)
        return Fault(**(fault.as_dict() | {"line": line}))  # type: ignore[arg-type]

    def _read_content(self) -> None:
        files: dict[Path, list[str]] = {}
        for kind in library.SHELVES:
            for path in self._files(kind):
                files.setdefault(path, []).append(kind)
        for path, kinds in sorted(files.items()):
            name = self._name(path)
            data = self._data(path, name)
            if data is None:
                self.unread |= set(kinds)
                continue
            for kind in kinds:
                self._shelve(kind, data, path, name)
            self._unknown_tables(data, kinds, name)
        for plain in PLAIN_FILES:
            path = self.folder / plain
            if path.is_file():
                self.plain[plain] = self._data(path, plain) or {}

    def _files(self, kind: str) -> list[Path]:
        if self.place_file is not None and "{place}" in library.SHELVES[kind].files:
            return [self.place_file]
        return self.library.paths(kind)

    def _name(self, path: Path) -> str:
        root = self.folder if path.is_relative_to(self.folder) else None
        if root is None and self.course is not None and path.is_relative_to(self.course.root):
            root = self.course.root
        return path.relative_to(root).as_posix() if root else path.name

    def _data(self, path: Path, name: str) -> dict[str, Any] | None:
        self._paths[name] = path
        try:
            # What lies in the content folder is parsed once, for this and for the rules that ask the library.
            own = path.is_relative_to(self.folder)
            return self.library.data(path) if own else library.read_toml(path, name)
        except ContentError as error:
            self.faults += error.faults
            return None

    def _shelve(self, kind: str, data: Mapping[str, Any], path: Path, name: str) -> None:
        shelf = library.SHELVES[kind]
        single = not shelf.table
        self.known[kind] |= raw_ids(shelf, data)
        before = len(self.faults)
        found = library.records_in(shelf, data, name, self.faults)
        if len(self.faults) == before:
            self.library.keep(kind, path, found)
        for one in found:
            at = "" if single else f"{shelf.table}[{one.id}]"
            self.held[kind].append(Held(kind, one, name, at))

    def _unknown_tables(self, data: Mapping[str, Any], kinds: list[str], name: str) -> None:
        """Top-level keys that no record takes; a file with one record is read whole, and says so itself."""
        tables = {library.SHELVES[kind].table for kind in kinds}
        if "" in tables:
            return
        allowed = tables | library.HEADS | {"must_be_corrected"}
        for key in data:
            if key not in allowed:
                hint = near(key, allowed) or "Remove it, or look the table up in FORMAT.md."
                came, may = f'the key "{key}"', ", ".join(sorted(tables))
                self.faults.append(Fault("unknown-key", name, key, came, may, hint))

    def _read_course(self, course: library.Course) -> None:
        for path in sorted(course.notebooks.glob("*.ipynb")):
            name = self._name(path)
            self._paths[name] = path
            book = read_book(path, name, self.faults)
            if book is None:
                self.unread.add("cell")
            else:
                self.books.append(book)
        for path in sorted((course.facilitator / "notes").glob("*.toml")):
            name = self._name(path)
            data = self._data(path, name)
            if data is None:
                continue
            found = [
                Held("note", one, name, f"note[{i}]")
                for i, raw in enumerate(data.get("note", []))
                if (one := records.read(records.Note, raw, name, f"note[{i}]", self.faults)) is not None
            ]
            self.notes[path.stem] = found
        for path in (*documents.every(course.facilitator), *university.paths(course)):
            name = self._name(path)
            self._paths[name] = path
            try:
                self.documents.append(documents.read(path, name))
            except ContentError as error:
                self.faults += error.faults
                self.unread.add("document")
        for path, table, shelf in university.files(course):
            name = self._name(path)
            data = self._data(path, name)
            rows = library.records_in(shelf, data, name, self.faults) if data is not None else []
            self.university[table] = [Held("university", one, name, f"{table}[{one.id}]") for one in rows]
        for kind, path, shelf in sheets.files(course):
            name = self._name(path)
            data = self._data(path, name)
            for one in library.records_in(shelf, data, name, self.faults) if data is not None else ():
                if not one.retired:
                    self.sheets.append(Held(kind, one, name, f"{shelf.table}[{one.id}]" if shelf.table else ""))


def raw_ids(shelf: library.Shelf, data: Mapping[str, Any]) -> set[str]:
    """Ids as they stand in a file, also of records with a fault: what points at those is not a second fault."""
    rows = data.get(shelf.table, []) if shelf.table else [data]
    found = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {one for one in found if isinstance(one, str)}


def place_data(path: Path) -> dict[str, Any]:
    """The plain data of a place pack that came with the course; empty if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
