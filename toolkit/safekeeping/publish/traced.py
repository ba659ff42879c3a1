"""A library that remembers which files it gave, and that knows which contacts the facilitator has confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ..library import CONTENT, Library
from .local import LocalCard, confirmations, fresh, read_local


class Traced(Library):
    """The content for one pack.

    Parameters
    ----------
    confirmed : contact ids with the day on which the facilitator says that somebody phoned.
    by : what is printed as the role that confirmed them.

    Attributes
    ----------
    reads : every file that was asked for since this was last emptied.
    """

    def __init__(self, folder: Path = CONTENT, confirmed: Mapping[str, date] | None = None, by: str = "") -> None:
        super().__init__(folder)
        self.confirmed, self.by = dict(confirmed or {}), by
        self.reads: set[Path] = set()

    def data(self, path: Path) -> dict[str, Any]:
        """As in the library, remembered."""
        self.reads.add(path)
        return super().data(path)

    def _in_file(self, kind: str, path: Path) -> dict[str, Any]:
        self.reads.add(path)
        found = super()._in_file(kind, path)
        if kind != "contact" or not self.confirmed:
            return found
        return {id: self._with_date(one) for id, one in found.items()}

    def _with_date(self, one: Any) -> Any:
        day = self.confirmed.get(one.id)
        return replace(one, checked_on=day.isoformat(), checked_by=self.by) if day else one


def confirmed_library(
    content: Path, card: Path | None, words: Sequence[str], today: date
) -> tuple[Traced, LocalCard | None, Mapping[str, date]]:
    """The content, the local card, and the contacts that card and call (words ``ID=DATE``) name as confirmed.

    Raises
    ------
    ContentError : the card or a date has faults. WrongCall : there is no such contact.
    """
    library = Traced(content)
    known = [one.id for one in library.every("contact")]
    local = read_local(card, today) if card else None
    said = [f"{id}={day}" for id, day in local.confirmed.items()] if local else []
    confirmed = confirmations([*said, *words], known, today)
    by = library.words("pack")["confirmed_by"]
    lasting = {id: day for id, day in confirmed.items() if fresh(day, today)}
    library.confirmed, library.by = lasting, by
    return library, local, confirmed
