"""What printed pieces are made from: one frozen record for paper, one for a whole workshop; and what makes a piece."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ..library import Course, Library
from ..plans import Audience, Plan
from ..records import Contact
from .local import LocalCard, fresh
from .names import Name
from .typeset import Sizes

Paper = Literal["letter", "a4"]


@dataclass
class Earlier:
    """A piece as an earlier pack holds it.

    Attributes
    ----------
    code : a sum of the code that makes pieces. sum : of what the piece was made from; empty if there is none.
    read : gives its bytes. asked : the sum of what it would be made from now; set by `Job.once`.
    sizes : of type that were looked for then, and those that are found now.
    """

    code: str = ""
    sum: str = ""
    read: Callable[[], bytes] = bytes
    asked: str = ""
    sizes: Sizes = field(default_factory=Sizes)

    @property
    def same(self) -> bool:
        """Whether the piece is the earlier one; false until it has been asked for."""
        return bool(self.sum) and self.asked == self.sum


@dataclass(frozen=True, kw_only=True)
class Printing:
    """What any printed piece needs to know: the course, the paper, and which numbers somebody confirmed.

    Attributes
    ----------
    confirmed : contact ids with the day on which the facilitator says that somebody phoned or read the own site.
    today : the day that every date is compared with.
    names : of those who get a certificate; empty for one with a line to write on.
    earlier : the piece that is being made as an earlier pack holds it, for `once`.
    """

    library: Library
    course: Course
    local: LocalCard | None = None
    confirmed: Mapping[str, date] = field(default_factory=dict)
    today: date
    paper: Paper = "letter"
    large_print: bool = False
    names: tuple[Name, ...] = ()
    earlier: Earlier = field(default_factory=Earlier, compare=False, repr=False)

    def once(self, made_from: Iterable[bytes], make: Callable[[], bytes]) -> bytes:
        """A whole piece: the one of the earlier pack if that was made from exactly the same, else a new one.

        So a changed word of a story costs only the files that print it, not all those that had a look at the story.

        Parameters
        ----------
        made_from : everything that `make` depends on beside the code of this package, always in the same order.
        """
        total = hashlib.sha256(self.earlier.code.encode())
        for raw in made_from:
            total.update(hashlib.sha256(raw).digest())
        self.earlier.asked = total.hexdigest()[:32]
        return self.earlier.read() if self.earlier.same else make()

    def confirmed_on(self, contact: Contact) -> date | None:
        """The newest day on which a contact was confirmed and which has not expired; None: print UNCONFIRMED."""
        days = [self.confirmed[contact.id]] if contact.id in self.confirmed else []
        if contact.checked_on:
            days.append(date.fromisoformat(contact.checked_on))
        return next((day for day in sorted(days, reverse=True) if fresh(day, self.today)), None)

    @property
    def unconfirmed(self) -> list[str]:
        """The places to turn to, and the lines of the local card, that nobody confirmed in the last ninety days."""
        from .. import render

        groups = render.contacts_by_use(self.library)
        found = [one.name for _, group in groups for one in group if self.confirmed_on(one) is None]
        if self.local is None:
            return [self.library.words("pack")["no_card"], *found]
        return [line.name for line in self.local.lines if not line.confirmed(self.today)] + found


@dataclass(frozen=True, kw_only=True)
class Job(Printing):
    """One workshop to be printed."""

    plan: Plan
    audience: Audience


# Makes one piece of a pack from its job: the whole file's bytes, the same for the same job.
Maker = Callable[[Job], bytes]
