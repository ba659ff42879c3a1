"""Boosters: short returns to the course, each five practice questions from several parts and one small story."""

from __future__ import annotations

from .library import Library
from .records import _record, _Value, words

QUESTIONS = 5
SEVERAL = 4  # parts of the course that the questions come from, at least


@_record
class Booster(_Value):
    """A return after about ``day`` days. ``questions`` and ``scenario`` are what `ask` and `play` start."""

    id: str
    day: int
    title: str = words()
    questions: str
    scenario: str
    retired: bool = False


def boosters(library: Library) -> list[Booster]:
    """All boosters, the earliest first."""
    return sorted(library.every("booster"), key=lambda one: one.day)
