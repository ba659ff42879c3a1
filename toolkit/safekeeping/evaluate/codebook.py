"""The codebook: which columns a sheet of answers has, what they may hold, and which answers the authors call right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..faults import ContentError, Fault, SafekeepingError, listed

FORMAT = 1
LARGEST_FILE = 5_000_000  # bytes
MOST_COLUMNS, LONGEST_FORM = 500, 100
WAVES = ("pre", "post", "follow-30", "follow-90")
FORMS = ("A", "B", "C")  # A and B are printed; C is a form of its own: drawn for a class, or a quiz of a platform
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_CODE = re.compile(r"code_[1-9]")
MISSING, UNKNOWN, BAD = -1, -2, -9  # an empty cell, "don't know", a cell that cannot be read

# The kinds of instrument, and whether a higher mean is the better one (None: neither is).
KINDS: dict[str, bool | None] = {
    "knowledge": True, "myths": False, "self-efficacy": True, "intention": True, "judgement": True, "reaction": None,
    "barriers": None, "behaviour": None, "distress": None,
}  # fmt: skip
OPEN = "open"  # answers in words have no column, and are not evaluated
# Distress and what somebody did about a child are never shown by small counts, whoever asks.
SENSITIVE = ("behaviour", "distress", "barriers")


@dataclass(frozen=True, slots=True)
class Column:
    """One question as a column of the sheet.

    Attributes
    ----------
    type : ``choice`` (cells hold one letter), ``rating`` (a whole number from `least` to `most`) or ``tick`` (0 or 1).
    letters : for a choice, the letters in the order printed. options : the option that each letter stands for.
    unknown : for a choice, the cell that says "don't know"; empty if there is none.
    reverse : for a rating, whether a low number is the favourable end within its scale.
    case : for a judgement, ``positive`` or ``negative``. report : whether this action is "report now".
    text : the question in words, if the codebook carries them.
    """

    name: str
    type: str
    module: str = ""
    letters: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    unknown: str = ""
    anchor: bool = False
    least: int = 0
    most: int = 1
    reverse: bool = False
    vignette: str = ""
    case: str = ""
    report: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One set of questions. `form` and `length` are set for knowledge only (else empty and 0)."""

    id: str
    kind: str
    columns: tuple[Column, ...]
    form: str = ""
    length: int = 0


@dataclass(frozen=True)
class Codebook:
    """Everything that a sheet may hold.

    Attributes
    ----------
    codes : names of the columns with the elements of the pseudonym. synthetic : whether no person stands behind it.
    roles : the closed list of roles, each with its words; empty if any may be written.
    keys : column to the authors' key: the index of a letter for a choice, a whole number for a judgement.
    practice : whether the questions show what is right as soon as they are answered.
    """

    instruments: tuple[Instrument, ...]
    codes: tuple[str, ...]
    course: str
    synthetic: bool
    keys: Mapping[str, int]
    roles: Mapping[str, str] = field(default_factory=dict)
    practice: bool = False

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every question by the name of its column; the same question may stand in several instruments."""
        return {one.name: one for each in self.instruments for one in each.columns}

    def of(self, kind: str) -> tuple[Instrument, ...]:
        """The instruments of one kind."""
        return tuple(one for one in self.instruments if one.kind == kind)

    def knowledge(self, form: str, length: int) -> Instrument | None:
        """The knowledge questions of one form and length."""
        return next((one for one in self.of("knowledge") if (one.form, one.length) == (form, length)), None)

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """The lengths of the knowledge forms."""
        return tuple(sorted({one.length for one in self.of("knowledge")}))


def read_json(path: Path, what: str) -> Any:
    """The data of a JSON file.

    Raises
    ------
    SafekeepingError : it is missing, too large, or no JSON.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise SafekeepingError(f'"{path.name}" has {size} bytes; {what} has at most {LARGEST_FILE}. Name another.')
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise SafekeepingError(
            f'"{path}" ({what}) was not read: {reason}. Put it beside the answers, or name it.'
        ) from None
    except (ValueError, RecursionError):
        raise SafekeepingError(
            f'"{path.name}" is no JSON file, so it is not {what}. Take the file that came with the forms.'
        ) from None


def read(path: Path, keys: Mapping[str, Any]) -> Codebook:
    """Read a codebook and join it with the authors' keys.

    Parameters
    ----------
    keys : column to a letter or an option's id (choice) or a whole number (judgement).

    Raises
    ------
    SafekeepingError : the file cannot be read. ContentError : something in it is wrong; carries every fault.
    """
    return from_data(read_json(path, "a codebook"), keys, path.name)


def from_data(data: Any, keys: Mapping[str, Any], name: str = "codebook.json") -> Codebook:
    """A codebook from plain data, as `safekeeping.instruments.codebook` makes it; errors as for `read`."""
    faults: list[Fault] = []

    def fault(
        rule: str, at: str, came: object, allowed: str, remedy: str = "Take the codebook of these forms."
    ) -> None:
        faults.append(Fault(rule, name, at, f"{came!s:.60}", allowed, remedy))

    if not isinstance(data, dict) or data.get("safekeeping_codebook") != FORMAT:
        came = data.get("safekeeping_codebook", "nothing") if isinstance(data, dict) else type(data).__name__
        fault("not-a-codebook", "safekeeping_codebook", came, f"the number {FORMAT}")
        raise ContentError(faults)
    instruments = []
    for i, raw in enumerate(_tables(data.get("instruments"))):
        at = f"instruments[{raw.get('id', i)!s:.40}]"
        kind = str(raw.get("kind", ""))
        if kind == OPEN:
            continue
        if not _NAME.fullmatch(str(raw.get("id", ""))):
            fault("bad-name", f"{at}.id", raw.get("id", ""), "small letters, digits, - _ and . only")
            continue
        if kind not in KINDS:
            fault("unknown-kind", f"{at}.kind", kind, listed(KINDS, 20))
            continue
        columns = tuple(
            _column(one, kind, f"{at}.columns[{j}]", fault) for j, one in enumerate(_tables(raw.get("columns")))
        )
        if not columns:
            fault("empty", f"{at}.columns", "no column", "at least one column")
        form, length = str(raw.get("form", "")), raw.get("length", 0)
        if kind == "knowledge" and (
            form not in FORMS or not isinstance(length, int) or not 0 < length == len(columns) <= LONGEST_FORM
        ):
            fault(
                "form",
                at,
                f"form {form}, length {length}, {len(columns)} columns",
                "form A, B or C, and its number of columns",
            )
            continue
        instruments.append(
            Instrument(str(raw.get("id", kind)), kind, columns, form, length if kind == "knowledge" else 0)
        )
    instruments = _distress_apart(instruments)
    codes = tuple(str(one.get("column", "")) for one in _tables(data.get("codes")))
    for one in codes:
        if not _CODE.fullmatch(one):
            fault("unknown-code", "codes", one, "code_1 to code_9")
    told = data.get("roles", {})
    roles = {str(one): f"{text!s:.80}" for one, text in told.items()} if isinstance(told, dict) else {}
    names = {one.name for each in instruments for one in each.columns}
    if len(names) > MOST_COLUMNS:
        fault("too-many", "instruments", f"{len(names)} columns", f"at most {MOST_COLUMNS}")
    found = _keys(
        [one for each in instruments for one in each.columns],
        keys,
        {one for each in instruments if each.kind in ("knowledge", "judgement") for one in each.columns},
        fault,
    )
    if faults:
        raise ContentError(faults)
    return Codebook(
        tuple(instruments), codes, f"{data.get('course', '')!s:.40}", data.get("synthetic") is True, found, roles,
        data.get("practice") is True,
    )  # fmt: skip


def _tables(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _distress_apart(instruments: Iterable[Instrument]) -> list[Instrument]:
    """Ratings of distress stand with the reactions on paper; they are protected, so they are counted apart."""
    found = []
    for one in instruments:
        apart = tuple(each for each in one.columns if "distress" in each.name) if one.kind == "reaction" else ()
        rest = tuple(each for each in one.columns if each not in apart)
        if rest:
            found.append(Instrument(one.id, one.kind, rest, one.form, one.length))
        if apart:
            found.append(Instrument(f"{one.id}-distress", "distress", apart))
    return found


def _column(raw: dict[str, Any], kind: str, at: str, fault: Any) -> Column:
    name, type_ = (
        str(raw.get("column", "")),
        str(raw.get("type", "tick" if kind in ("barriers", "behaviour") else "rating")),
    )
    if not _NAME.fullmatch(name):
        fault("bad-name", f"{at}.column", name, "small letters, digits, - _ and . only")
    if type_ not in ("choice", "rating", "tick"):
        fault("unknown-type", f"{at}.type", type_, "choice, rating or tick")
    values = raw.get("values", {})
    letters = tuple(str(one) for one in values) if isinstance(values, dict) else ()
    if type_ == "choice" and not (
        2 <= len(letters) <= 9 and all(len(one) == 1 and one.isascii() and one.isupper() for one in letters)
    ):
        fault("values", f"{at}.values", letters, "two to nine capital letters, each with an option's id")
    least, most = raw.get("least", 0), raw.get("most", 1)
    if type_ == "rating" and not (isinstance(least, int) and isinstance(most, int) and 0 <= least < most <= 100):
        fault("range", at, f"{least} to {most}", "whole numbers from 0 to 100, the lower one first")
        least, most = 0, 1
    case = str(raw.get("case", ""))
    if kind == "judgement" and case not in ("positive", "negative"):
        fault("case", f"{at}.case", case, "positive or negative")
    options = tuple(str(values[one]) for one in letters)
    return Column(
        name, type_, str(raw.get("module", "")).lower(), letters, options, str(raw.get("unknown", "")),
        raw.get("anchor") is True, least, most, raw.get("reverse") is True, str(raw.get("vignette", "")), case,
        raw.get("report") is True, f"{raw.get('text', '')!s:.300}",
    )  # fmt: skip


def _keys(columns: Iterable[Column], keys: Mapping[str, Any], keyed: set[Column], fault: Any) -> dict[str, int]:
    found = {}
    for one in {each.name: each for each in columns if each in keyed}.values():
        key = keys.get(one.name)
        if one.type == "choice":
            index = next((i for i, pair in enumerate(zip(one.letters, one.options, strict=True)) if key in pair), None)
        else:
            index = key if isinstance(key, int) and not isinstance(key, bool) and one.least <= key <= one.most else None
        if index is None:
            fault(
                "no-key",
                one.name,
                "no key" if key is None else key,
                "one of its answers",
                "Name the file of keys that belongs to these forms with --keys.",
            )
        else:
            found[one.name] = index
    return found
