"""Safekeeping: a course on recognising and responding to the commercial sexual exploitation of children.

``from safekeeping import *`` gives what a notebook needs and loads nothing else; each name loads when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "answers",
    "ask",
    "begin",
    "erase",
    "form",
    "keep",
    "key_points",
    "objectives",
    "part",
    "pause",
    "play",
    "show",
    "sort",
    "sources",
    "turn_to",
]

if TYPE_CHECKING:
    from .lesson import (
        answers,
        ask,
        begin,
        erase,
        form,
        keep,
        key_points,
        objectives,
        part,
        pause,
        play,
        show,
        sort,
        sources,
        turn_to,
    )


def __getattr__(name: str) -> object:
    """Load the module behind a public name when the name is first used (PEP 562)."""
    if name in __all__:
        from . import lesson

        return getattr(lesson, name)
    raise AttributeError(f"module 'safekeeping' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
