"""reveal.js as data from the pinned package that carries it: read, checked against recorded sums, never imported."""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from ..faults import SafekeepingError

PACKAGE = "pyreveal"
VERSION = "reveal.js 6.0.1"
# sha256 of the three files that a deck needs, as they stand in pyreveal 1.0.0.
SUMS = {
    "dist/reveal.js": "3fb84c30d2e610dd598843d75a123ef2c4dbc588847cda86cd8c7a61e18ddb6b",
    "dist/reveal.css": "64e6203ee2048665c9f49c368f345fb3d7f936c404934162c70369a7682f388f",
    "LICENSE": "b2883e4b610bfa1b4d8fff84c4d4b825cc7d553cbd9fec4777c04068a2859dc0",
}


class RevealError(SafekeepingError):
    """The slide library is missing, or is not the one that was checked."""


def files() -> dict[str, str]:
    """The text of each needed file by its name, each checked against its recorded sum.

    Raises
    ------
    RevealError : the package is not installed, or a file differs from the one that was checked.
    """
    try:
        root = Path(str(distribution(PACKAGE).locate_file("pyreveal/revealjs")))
    except PackageNotFoundError:
        remedy = "Start Safekeeping with run.py, which installs it, or run: pip install 'safekeeping[publish]'."
        raise RevealError(f"Slides need the package {PACKAGE}. {remedy}") from None
    found = {}
    for name, wanted in SUMS.items():
        try:
            raw = (root / name).read_bytes()
        except OSError:
            raise RevealError(f"{PACKAGE} lacks {name}. Reinstall it: pip install {PACKAGE}==1.0.0.") from None
        if hashlib.sha256(raw).hexdigest() != wanted:
            raise RevealError(f"{PACKAGE} holds another {name} than the one checked. Install {PACKAGE}==1.0.0 again.")
        found[name] = raw.decode("utf-8")
    return found


def script() -> str:
    """The script, with reveal's own notice in front: its licence asks for it in every copy."""
    every = files()
    notice = "\n".join(line.strip() for line in every["LICENSE"].strip().splitlines())
    return f"/*! {VERSION}\n{notice}\n*/\n{every['dist/reveal.js']}"


def style() -> str:
    """The style sheet without anything that would fetch: no imports, no fonts."""
    return re.sub(r"@import[^;]+;|@font-face\s*\{[^}]*\}", "", files()["dist/reveal.css"])
