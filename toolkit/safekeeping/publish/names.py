"""The names for certificates: a text file of the facilitator's own, one name a line. They go into that piece alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..faults import SafekeepingError

MOST, LONGEST, LARGEST = 500, 100, 200_000  # names; characters of one; bytes of the file
# Signs without a shape of their own that are part of names: joiners and marks of direction in Persian, Hindi, Hebrew.
_JOINERS = {"\u200c", "\u200d", "\u200e", "\u200f"}
_NO_LETTERS = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}  # commands, hidden signs, private and unassigned ones


class NamesError(SafekeepingError):
    """A file of names that cannot be used; the text has a line for each fault."""


@dataclass(frozen=True)
class Name:
    """One name as it was typed, with the line of the file on which it stands."""

    text: str
    line: int = 0

    @property
    def right_to_left(self) -> bool:
        """Whether it is written from right to left: what its first letter says, as Unicode has it for a paragraph."""
        kinds = (unicodedata.bidirectional(letter) for letter in self.text)
        return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def read_names(path: Path) -> tuple[Name, ...]:
    """The names of a file in its order; empty lines are passed over, and spaces around and inside made single.

    Raises
    ------
    NamesError : it cannot be read, is not UTF-8, holds no name or more than `MOST`, or a line that is no name.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NamesError(f'"{path}" cannot be read: {reason}. Give a text file with one name a line.') from None
    if len(raw) > LARGEST:
        raise NamesError(f'"{path.name}" is too large for a list of names. It may hold {MOST}, one a line.')
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        remedy = "Open it in a text editor and save it with the encoding UTF-8."
        raise NamesError(f'"{path.name}" is no UTF-8 text. {remedy}') from None
    lines = enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1)
    found = tuple(Name(name, number) for number, line in lines if (name := " ".join(line.split())))
    if not found:
        raise NamesError(f'"{path.name}" holds no name. Write one a line.')
    if len(found) > MOST:
        raise NamesError(f'"{path.name}" holds {len(found)} names. At most {MOST} at a time: make two lists of it.')
    refuse(f'"{path.name}"', ((one, fault) for one in found if (fault := _wrong(one.text))))
    return found


def refuse(what: str, wrong: Iterable[tuple[Name, str]]) -> None:
    """Raise `NamesError` if any name is wrong: a line for each, with what is the matter."""
    lines = [f'\n  line {one.line}: "{_shown(one.text)}" {fault}' for one, fault in wrong]
    if lines:
        raise NamesError(f"{what} has lines that cannot be printed as names. Nothing was changed.{''.join(lines)}")


def _wrong(name: str) -> str:
    """What is the matter with a name; nothing if it can be one."""
    if len(name) > LONGEST:
        return f"is longer than {LONGEST} characters. Write a shorter form."
    if any(unicodedata.category(sign) in _NO_LETTERS and sign not in _JOINERS for sign in name):
        return "holds a hidden sign. Type the name again."
    if not any(unicodedata.category(sign).startswith("L") for sign in name):
        return "holds no letter. Take the line out."
    return ""


def _shown(name: str) -> str:
    """A name for a message: short, and without anything that could command a terminal."""
    plain = "".join(sign if unicodedata.category(sign) not in _NO_LETTERS else "?" for sign in name)
    return plain if len(plain) <= 40 else plain[:39] + "…"
