"""Asks the data holder before rows of single persons are written, and before codes are deleted for good."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from .report import without_codes


def rows_out(*, yes: bool) -> Callable[[Path], bool]:
    """What `report.evaluate` asks; without a keyboard the answer is no, unless `yes` was given."""

    def ask(path: Path) -> bool:
        if yes:
            return True
        if path.exists():
            print(f'"{path}" stands there already and would be replaced.')
        print(
            "The matched rows hold the answers of single persons under random ids. They are for the data holder alone."
        )
        return _typed(f'Type "yes" to write them to {path}: ', "yes")

    return ask


def delete_codes(paths: Sequence[Path], codes: Sequence[str], *, sure: bool) -> None:
    """Offer to delete the columns of the pseudonym from the sheets, once the matched rows are written."""
    names = ", ".join(one.name for one in paths)
    print(f"The codes are no longer needed for matching. Deleting them from {names} cannot be undone.")
    print("Later answers of the same people can then no longer be matched: keep the codes until the last measurement.")
    if sure or _typed('Type "delete" to delete them now, anything else to keep them: ', "delete"):
        for path in paths:
            without_codes(path, codes)
        print("The codes are deleted.")
    else:
        print("The codes were kept. To delete them later, run this again with --delete-codes.")


def _typed(question: str, wanted: str) -> bool:
    if not sys.stdin.isatty():
        return False
    try:
        return input(question).strip().lower() == wanted
    except EOFError:
        return False
