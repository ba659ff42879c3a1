"""What the pieces of a pack are made from: one frozen record, and the shape of what makes a piece."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ..library import Course, Library
from ..plans import Audience, Plan
from ..records import Contact
from .local import LocalCard, fresh

Paper = Literal["letter", "a4"]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One workshop to be printed.

    Attributes
    ----------
    confirmed : contact ids with the day on which the facilitator says that somebody phoned or read the own site.
    today : the day that every date is compared with.
    """

    library: Library
    course: Course
    plan: Plan
    audience: Audience
    local: LocalCard | None = None
    confirmed: Mapping[str, date] = field(default_factory=dict)
    today: date
    paper: Paper = "letter"
    large_print: bool = False

    def confirmed_on(self, contact: Contact) -> date | None:
        """The newest day on which a contact was confirmed and which has not expired; None: print UNCONFIRMED."""
        days = [self.confirmed[contact.id]] if contact.id in self.confirmed else []
        if contact.checked_on:
            days.append(date.fromisoformat(contact.checked_on))
        return next((day for day in sorted(days, reverse=True) if fresh(day, self.today)), None)


# Makes one piece of a pack from its job: the whole file's bytes, the same for the same job.
Maker = Callable[[Job], bytes]
