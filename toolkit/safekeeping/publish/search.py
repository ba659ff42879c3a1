"""The search page's library as data from the pinned package that carries it, and the texts that it looks through."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from ..faults import SafekeepingError

PACKAGE, RELEASE = "pdoc", "16.0.0"
FILE = "pdoc/templates/resources/elasticlunr.min.js"  # elasticlunr 0.9.5, MIT; its notice is the file's first line
SUM = "07e859522d04fef799891edd5b45924eada8cc60288ffe958d1119b8c7e3b3f5"
LONGEST = 1_500  # characters of a text that are looked through; what is longer stands under a heading of its own

Text = tuple[str, str, str, str]  # address, where it stands, heading, text


class SearchError(SafekeepingError):
    """The search library is missing, or is not the one that was checked."""


def script() -> str:
    """The library with its notice, checked against the recorded sum.

    Raises
    ------
    SearchError : the package is not installed, or the file differs from the one that was checked.
    """
    remedy = f"Install it: pip install {PACKAGE}=={RELEASE}."
    try:
        raw = Path(str(distribution(PACKAGE).locate_file(FILE))).read_bytes()
    except PackageNotFoundError:
        raise SearchError(f"The search page needs the package {PACKAGE}. {remedy}") from None
    except OSError:
        raise SearchError(f"{PACKAGE} lacks {FILE}. {remedy}") from None
    if hashlib.sha256(raw).hexdigest() != SUM:
        raise SearchError(f"{PACKAGE} holds another {FILE} than the one checked. {remedy}")
    return raw.decode("utf-8")


def short(text: str) -> str:
    """A text in one line, cut at a word where it is longer than what is looked through."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: line.rindex(" ", 0, LONGEST)]
