"""Reads the content, a file at a time and only when it is used, and lays a language over it.

`course()` is the only place that knows where the notebooks and the facilitator's files are.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from . import records
from .faults import ContentError, Fault, WrongCall, near

FORMAT = 1  # the newest content format that this package reads; an older one gets an upgrade step here
LARGEST_FILE = 2_000_000  # bytes
DEEPEST = 12  # tables inside tables

CONTENT = Path(__file__).parent / "content"

R = TypeVar("R")


@dataclass(frozen=True)
class Shelf:
    """Where records of one kind stand: a file pattern and the name of their table (empty: one record a file).

    A record class may be given by its name, such as ``instruments.Code``: its module loads when it is asked for.
    """

    record: type | str
    files: str
    table: str

    @property
    def kind(self) -> type:
        """The record class."""
        if isinstance(self.record, str):
            module, _, name = self.record.partition(".")
            found: type = getattr(import_module(f"{__package__}.{module}"), name)
            return found
        return self.record


SHELVES = {
    "booster": Shelf("boosters.Booster", "boosters.toml", "booster"),
    "claim": Shelf(records.Claim, "claims/*.toml", "claim"),
    "code": Shelf("instruments.Code", "instruments/*.toml", "code"),
    "contact": Shelf(records.Contact, "places/{place}.toml", "contact"),
    "entry": Shelf(records.Entry, "glossary.toml", "entry"),
    "figure": Shelf(records.Diagram, "figures.toml", "figure"),
    "indicator": Shelf(records.Indicator, "indicators.toml", "indicator"),
    "instrument": Shelf("instruments.Instrument", "instruments/*.toml", "instrument"),
    "item": Shelf(records.Item, "items/*.toml", "item"),
    "language": Shelf(records.Language, "languages.toml", "language"),
    "law": Shelf(records.Law, "places/{place}.toml", "law"),
    "module": Shelf(records.Module, "modules/*.toml", ""),
    "phrase": Shelf(records.Phrase, "places/{place}.toml", "phrase"),
    "scenario": Shelf(records.Scenario, "scenarios/*.toml", ""),
    "seed": Shelf(records.Seed, "seeds.toml", "seed"),
    "set": Shelf(records.ItemSet, "items/*.toml", "set"),
    "setting": Shelf(records.Setting, "indicators.toml", "setting"),
    "source": Shelf(records.Source, "sources.toml", "source"),
    "term": Shelf(records.Term, "terminology.toml", "term"),
    "wave": Shelf("instruments.Wave", "instruments/*.toml", "wave"),
}
# Keys of a file that are not records: they describe the file itself.
HEADS = {"format", "id", "name", "language", "label", "review"}


def read_toml(path: Path, name: str) -> dict[str, Any]:
    """One TOML file as plain data.

    Parameters
    ----------
    path : the file. name : what to call it in a message.

    Raises
    ------
    ContentError : the file is missing, too large, not UTF-8, not TOML, too deep or of a newer format.
    """
    return parse_toml(read_text(path, name), name)


def read_text(path: Path, name: str) -> str:
    """One file as text.

    Raises
    ------
    ContentError : the file is missing, too large or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        came = error.strerror or "it cannot be read"
        raise _refuse(name, "unreadable", came, "a file that can be read", "Put the file back, or reinstall.") from None
    if len(raw) > LARGEST_FILE:
        came, allowed = f"more than {LARGEST_FILE} bytes", f"at most {LARGEST_FILE} bytes"
        raise _refuse(name, "too-large", came, allowed, "Split the file.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        came, remedy = "bytes that are not UTF-8", "Save the file as UTF-8."
        raise _refuse(name, "not-utf8", came, "UTF-8 text", remedy) from None


def parse_toml(text: str, name: str, first_line: int = 1) -> dict[str, Any]:
    """TOML as plain data; `first_line` is where it begins in its file.

    Raises
    ------
    ContentError : it is not TOML, too deep or of a newer format.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _line(str(error))
        remedy = "Look at that line: a quote, a bracket or an equals sign is often missing."
        where = line and line + first_line - 1
        raise _refuse(name, "not-toml", str(error), "TOML, with text in quotes", remedy, where) from None
    except RecursionError:
        came, allowed = "tables nested without end", f"at most {DEEPEST} levels"
        raise _refuse(name, "too-deep", came, allowed, "Flatten it.") from None
    if _depth(data) > DEEPEST:
        raise _refuse(name, "too-deep", f"{_depth(data)} levels", f"at most {DEEPEST} levels", "Flatten it.")
    number = data.get("format")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        remedy = "Write format = 1 as the first line."
        raise _refuse(name, "no-format", f"format = {number!r}", "format = 1", remedy)
    if number > FORMAT:
        remedy = "Update Safekeeping, or ask for the file in the older format."
        raise _refuse(name, "newer-format", f"format {number}", f"format {FORMAT} or older", remedy)
    return data


def _refuse(name: str, rule: str, came: str, allowed: str, remedy: str, line: int = 0) -> ContentError:
    return ContentError([Fault(rule, name, "", came, allowed, remedy, line)])


def _line(message: str) -> int:
    """The line number in a message of tomllib, "… (at line 3, column 5)"; 0 if there is none."""
    _, _, tail = message.partition("(at line ")
    digits = tail.partition(",")[0]
    return int(digits) if digits.isdecimal() else 0


def _depth(value: object, level: int = 0) -> int:
    if level > DEEPEST or not isinstance(value, (dict, list)):
        return level
    inside = value.values() if isinstance(value, dict) else value
    below = level + (isinstance(value, dict) and bool(value))
    return max((_depth(one, below) for one in inside if isinstance(one, (dict, list))), default=below)


def records_in(shelf: Shelf, data: Mapping[str, Any], name: str, faults: list[Fault]) -> list[Any]:
    """Every record of one kind in the data of one file; what is wrong goes into `faults`."""
    if not shelf.table:
        raw = {key: value for key, value in data.items() if key != "format"}
        only: Any = records.read(shelf.kind, raw, name, "", faults)
        return [] if only is None else [only]
    rows = data.get(shelf.table, [])
    if not isinstance(rows, list) or len(rows) > records.MOST_ENTRIES:
        allowed = f"[[{shelf.table}]] tables, at most {records.MOST_ENTRIES}"
        faults.append(Fault("wrong-type", name, shelf.table, str(type(rows).__name__), allowed, "Use [[double]]."))
        return []
    found: list[Any] = []
    for i, raw in enumerate(rows):
        label = raw.get("id", i) if isinstance(raw, Mapping) else i
        one: Any = records.read(shelf.kind, raw, name, f"{shelf.table}[{label}]", faults)
        if one is not None:
            found.append(one)
    return found


def fingerprint(text: str) -> str:
    """Eight hexadecimal digits that change when a text changes: a translation remembers which English it follows."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


class Library:
    """The content of one folder, in one language, for one place.

    Parameters
    ----------
    folder : a content folder (see FORMAT.md); the built-in one by default.
    language : a language id; words that it lacks stay English.
    place : a place pack under ``places/``.
    """

    def __init__(self, folder: Path = CONTENT, language: str = "en", place: str = "us") -> None:
        self.folder = Path(folder)
        self.language = language
        self.place = place
        self._bytes: dict[Path, bytes] = {}
        self._data: dict[Path, dict[str, Any]] = {}
        self._records: dict[tuple[Path, str], dict[str, Any]] = {}
        self._paths: dict[str, list[Path]] = {}
        self._places: dict[tuple[str, str], Path] = {}  # kind and id: the file in which it was found

    def paths(self, kind: str) -> list[Path]:
        """The files in which records of this kind may stand, in the order of their names."""
        if kind not in self._paths:
            self._paths[kind] = sorted(self.folder.glob(SHELVES[kind].files.replace("{place}", self.place)))
        return self._paths[kind]

    def name(self, path: Path) -> str:
        """A file's name as a person knows it: relative to the content folder, with forward slashes."""
        return path.relative_to(self.folder).as_posix()

    def data(self, path: Path) -> dict[str, Any]:
        """The plain data of one file, read once."""
        if path not in self._data:
            self._data[path] = read_toml(path, self.name(path))
        return self._data[path]

    def get(self, kind: str, id: str) -> Any:
        """One record by its id.

        Raises
        ------
        WrongCall : there is no such id; the message names a near one.
        ContentError : the file in which it stands cannot be read.
        """
        if (kind, id) in self._places:
            return self._in_file(kind, self._places[kind, id])[id]
        # One record a file means that the file bears its name; if so, no other needs a look.
        every = self.paths(kind)
        for path in [one for one in every if not SHELVES[kind].table and one.stem == id] or every:
            # A look at the bytes spares parsing the files that cannot hold it: a cell needs one file of forty.
            if (path, kind) in self._records or f'"{id}"'.encode() in self._raw(path):
                found = self._in_file(kind, path).get(id)
                if found is not None:
                    self._places[kind, id] = path
                    return found
        hint = near(id, (one.id for one in self.every(kind)))
        raise WrongCall(f'There is no {kind} "{id}" in the course. {hint}'.strip())

    def holds(self, kind: str, id: str) -> bool:
        """Whether some file of this kind names that id at all; quick, and true more often than `get` succeeds."""
        quoted = f'"{id}"'.encode()
        return (kind, id) in self._places or any(quoted in self._raw(path) for path in self.paths(kind))

    def _raw(self, path: Path) -> bytes:
        if path not in self._bytes:
            try:
                self._bytes[path] = path.read_bytes()
            except OSError:
                self.data(path)  # says in one sentence why it cannot be read
        return self._bytes[path]

    def every(self, kind: str) -> Iterator[Any]:
        """All records of a kind, in the order of files and of reading, without retired ones."""
        for path in self.paths(kind):
            yield from (one for one in self._in_file(kind, path).values() if not getattr(one, "retired", False))

    def _in_file(self, kind: str, path: Path) -> dict[str, Any]:
        key = (path, kind)
        if key not in self._records:
            faults: list[Fault] = []
            found = records_in(SHELVES[kind], self.data(path), self.name(path), faults)
            if faults:
                raise ContentError(faults)
            self.keep(kind, path, found)
        return self._records[key]

    def keep(self, kind: str, path: Path, found: Iterable[Any]) -> None:
        """Hold the records of a file without faults; whoever has read it already spares reading it twice."""
        overlay = self._overlay(path)
        if overlay:
            found = [records.with_texts(one, overlay, one.id) for one in found]
        if kind == "claim":
            found = [replace(one, topic=path.stem) for one in found]
        self._records[path, kind] = {one.id: one for one in found}

    def _overlay(self, path: Path) -> dict[str, str]:
        """The words of the chosen language for one English file: text id to text."""
        if self.language == "en":
            return {}
        twin = self.folder / self.language / path.relative_to(self.folder)
        if not twin.is_file():
            return {}
        faults: list[Fault] = []
        name, rows = self.name(twin), Shelf(records.Translated, "", "text")
        found = records_in(rows, read_toml(twin, name), name, faults)
        if faults:
            raise ContentError(faults)
        return {one.id: one.text for one in found}

    def words(self, table: str, file: str = "words.toml") -> dict[str, str]:
        """The words of the interface in one table of ``words.toml``, or of another such file: key to text."""
        path = self.folder / file
        found = {str(k): str(v) for k, v in self.data(path).get(table, {}).items()}
        new = self._overlay(path)
        return found | {k.partition(".")[2]: v for k, v in new.items() if k.startswith(f"{table}.")}

    def course(self) -> dict[str, Any]:
        """The course's own data: title, version, modules in order, names of principles, stances and strengths."""
        return self.data(self.folder / "course.toml")

    def review_label(self) -> str:
        """What every cover says about external review, until a review record says otherwise."""
        data = self.data(self.folder / "reviews.toml")
        return str(data["label"]) if not data.get("review") else str(data["label_reviewed"])

    def module(self, name: str) -> records.Module:
        """A module by its id (``m5``, ``M5``) or its notebook's stem (``05-recognising``)."""
        short = name.lower().removesuffix(".ipynb")
        every: list[records.Module] = list(self.every("module"))
        for one in every:
            if short in (one.id, one.stem):
                return one
        hint = near(short, [one.stem for one in every] + [one.id for one in every])
        known = ", ".join(one.stem for one in every)
        raise WrongCall(f'There is no module "{name}". The modules are {known}. {hint}'.strip())


@cache
def built_in() -> Library:
    """The content that comes with the package, in English, for the United States."""
    return Library()


@dataclass(frozen=True)
class Course:
    """The folders of a course: what a learner opens and what a facilitator opens."""

    root: Path

    @property
    def notebooks(self) -> Path:
        """The learner's notebooks."""
        return self.root / "notebooks"

    @property
    def facilitator(self) -> Path:
        """The facilitator's files."""
        return self.root / "facilitator"


def course(folder: str | Path | None = None) -> Course:
    """Find the course: the folder given, else a checkout around the package, else the copy inside the wheel.

    Raises
    ------
    WrongCall : the folder given has no ``notebooks``; or the package was installed without a course.
    """
    if folder is not None:
        root = Path(folder).expanduser()
        if not (root / "notebooks").is_dir():
            raise WrongCall(f'"{folder}" holds no course: it has no folder "notebooks". Give the folder above it.')
        return Course(root)
    package = Path(__file__).parent
    checkout = package.parents[1]
    pyproject = checkout / "pyproject.toml"
    if (checkout / "notebooks").is_dir() and pyproject.is_file() and 'name = "safekeeping"' in pyproject.read_text(
        encoding="utf-8"
    ):
        return Course(checkout)
    if (package / "course" / "notebooks").is_dir():
        return Course(package / "course")
    raise WrongCall("This copy of Safekeeping holds no notebooks. Reinstall it, or name the course with --course DIR.")
