"""What a pack holds: each file with its maker, in the order of use."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .. import instruments
from .deck import plan_deck
from .deck_print import deck_pdf
from .job import Job, Maker
from .powerpoint import deck_pptx
from .print import pieces as printed

# When each file is used; what is not named here comes under "later", in the order of its name.
TIMES: Mapping[str, tuple[str, ...]] = {
    "four_weeks": (
        "documents/README.pdf", "documents/handbook.pdf", "documents/readiness-self-check.pdf",
        "documents/host-agreement.pdf", "documents/materials-and-logistics.pdf", "materials.pdf",
    ),
    "one_week": (
        "documents/pathway-card.pdf", "pathway-card.pdf", "documents/room-safety.pdf", "room-safety.pdf",
        "documents/disclosure-cases.pdf", "disclosure-flowcharts.pdf", "documents/co-facilitator-guide.pdf",
        "documents/low-tech-kit.pdf", "run-sheet.pdf", "script.pdf", "answers.pdf", "scenario-cards-facilitator.pdf",
    ),
    "day": (
        "deck.html", "deck.pptx", "deck-audience.html", "deck.pdf", "scenario-cards.pdf", "workbook.pdf",
        "handouts.pdf", "forms.pdf",
    ),
    "after": (
        "certificate.pdf", "accurate-sentences.pdf", "documents/fidelity-log.pdf", "documents/evaluation-guide.pdf",
        "responses.csv", "codebook.json", "documents/supervisor-follow-up.pdf",
    ),
}  # fmt: skip
FORMS_OF = {"pre": "pre", "post": "post", "follow-30": "follow", "follow-90": "follow"}  # wave: the plan's length


@dataclass(frozen=True)
class Piece:
    """One file of a pack: its path inside it, and what makes it."""

    file: str
    make: Maker

    @property
    def name(self) -> str:
        """What `--only` calls it: the file's name, with or without its ending."""
        return self.file

    @property
    def time(self) -> str:
        """When it is used: a key of `TIMES`, or ``later``."""
        fits = (time for time, files in TIMES.items() if any(self.file.startswith(one) for one in files))
        return next(fits, "later")


def pieces(job: Job) -> list[Piece]:
    """Every piece of a pack, in the order of use."""
    found = [Piece(file, make) for file, make in {**OWN, **printed(job)}.items()]
    order = [*(one for files in TIMES.values() for one in files)]

    def place(piece: Piece) -> tuple[int, str]:
        fits = [i for i, one in enumerate(order) if piece.file.startswith(one)]
        return (fits[0] if fits else len(order), piece.file)

    return sorted(found, key=place)


def _deck(job: Job) -> bytes:
    return plan_deck(job.library, job.course, job.plan).encode()


def _audience_deck(job: Job) -> bytes:
    return plan_deck(job.library, job.course, job.plan, audience=True).encode()


def _instruments(job: Job) -> Iterator[str]:
    """The instruments of all forms that the plan hands out, in both forms."""
    for wave, key in FORMS_OF.items():
        length = getattr(job.plan, key)
        if length:
            for form in ("A", "B"):
                yield from instruments.parts(job.library, wave, form, int(length))


def responses(job: Job) -> bytes:
    """The data sheet that the evaluation reads: its header row, and nothing in it yet."""
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\r\n").writerow(instruments.header(job.library, list(_instruments(job))))
    return sheet.getvalue().encode()


def codebook(job: Job) -> bytes:
    """What the columns of the data sheet mean, without any key."""
    book = instruments.codebook(job.library, list(_instruments(job)))
    return (json.dumps(book, ensure_ascii=False, indent=1) + "\n").encode()


# Each file of a pack with its maker. A new piece gets its row here, its title in words.toml, and its place in `TIMES`.
OWN: Mapping[str, Maker] = {
    "deck.html": _deck,
    "deck-audience.html": _audience_deck,
    "deck.pdf": deck_pdf,
    "deck.pptx": deck_pptx,
    "responses.csv": responses,
    "codebook.json": codebook,
}
