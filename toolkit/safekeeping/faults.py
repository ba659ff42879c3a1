"""What can be wrong with what a person wrote, in four parts: where, what came, what is allowed, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding about content, a notebook, a plan or a file.

    Attributes
    ----------
    rule : short name of the rule, for example ``unknown-key``.
    file : path as the person knows it (relative to the content or course folder).
    at : path of keys inside the file, for example ``node[monday].option[1].stance``; empty for the whole file.
    came : what stands there.
    allowed : what may stand there.
    remedy : what to do, with a near match where there is one.
    line : line number in the file, counted from 1; 0 where it is not known.
    notice : True if this is told but does not fail a check (an unconfirmed contact, for example).
    """

    rule: str
    file: str
    at: str
    came: str
    allowed: str
    remedy: str
    line: int = 0
    notice: bool = False

    def __str__(self) -> str:
        where = self.file + (f":{self.line}" if self.line else "") + (f" at {self.at}" if self.at else "")
        return f"{where}\n    found: {self.came}\n    allowed: {self.allowed}\n    do: {self.remedy} [{self.rule}]"

    def as_dict(self) -> dict[str, object]:
        """The same facts as a plain mapping, for ``--json``."""
        return asdict(self)


class SafekeepingError(Exception):
    """Anything that a person can put right. Its text is one calm sentence with the remedy; never shown as a traceback.

    Attributes
    ----------
    exit_code : 2 for a wrong call, 1 for everything else.
    """

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in a notebook instead of a traceback."""
        return [str(self)]


class WrongCall(SafekeepingError):
    """A name, an option or a path in the call does not exist or does not fit."""

    exit_code = 2


class ContentError(SafekeepingError):
    """Content that cannot be read. Carries every fault found in the file, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        more = "" if len(self.faults) < 2 else f"\n({len(self.faults)} faults in all; `safekeeping check` lists them.)"
        super().__init__(f"{self.faults[0]}{more}")


def near(word: str, allowed: Iterable[str]) -> str:
    """A closing hint such as ``Did you mean "stance"?``, or an empty string if nothing is close."""
    from difflib import get_close_matches  # only where something is wrong

    match = get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    return f'Did you mean "{match[0]}"?' if match else ""


def listed(words: Iterable[str], most: int = 8) -> str:
    """Words as a short readable list; the tail of a long one is counted, not printed."""
    every = list(words)
    tail = f" … ({len(every)} in all)" if len(every) > most else ""
    return ", ".join(every[:most]) + tail
