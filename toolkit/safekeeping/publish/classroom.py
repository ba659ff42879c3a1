"""`safekeeping class`: what a class without a learning platform needs, in one folder, whole or not at all.

What students get and what the lecturer keeps stand in folders of their own: nobody prints a key by mistake.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from .. import documents, university
from ..documents import Document
from ..faults import WrongCall, listed
from ..library import CONTENT, Course, Library
from ..records import Module
from . import binder, index, output
from .binder import Before
from .filled import Filler
from .fresh_form import FreshForm, fresh_form
from .job import Paper, Printing
from .pack import INDEX, Progress
from .print import classroom, handouts, part
from .traced import confirmed_library

KIND = "class"
STUDENTS, LECTURER, DOCUMENTS = "students", "lecturer-only", "lecturer-documents"
MOST_STUDENTS = 300
SYLLABI = ("U03", "U04", "U05", "U06")
FOR_STUDENTS = ("U22", "U23", "U24", "U25", "U07", "U08", "U09", "U10", "U11", "U12", "U13")
BEFORE, DURING, AFTER = "before", "during", "after"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for.

    Attributes
    ----------
    modules : ids or stems; empty: those that the syllabus names, or all with test questions.
    items : of the form; 0 for the usual number. students : rows of the grid, 1 to `MOST_STUDENTS`.
    syllabus : the id of one of `SYLLABI`; empty: all of them, for the lecturer to choose.
    local, confirm, today, paper, large_print, renew : as for a pack.
    """

    where: Course
    seed: int
    target: Path
    content: Path = CONTENT
    modules: tuple[str, ...] = ()
    items: int = 0
    students: int = 30
    syllabus: str = ""
    local: Path | None = None
    confirm: tuple[str, ...] = ()
    today: date
    paper: Paper = "letter"
    large_print: bool = False
    renew: bool = False


@dataclass(frozen=True)
class Sheet:
    """One file of the folder: its place, when it is used, what makes it; its title, where words.toml has none."""

    file: str
    time: str
    make: Callable[[], bytes]
    title: str = ""

    @property
    def given(self) -> bool:
        """Whether students get it."""
        return self.file.startswith(f"{STUDENTS}/")


@dataclass(frozen=True)
class Made:
    """What was done: the folder, its files (none if all was there), the form, and what nobody confirmed."""

    folder: Path
    files: tuple[str, ...]
    form: FreshForm
    unconfirmed: tuple[str, ...]
    renewed: bool


def make(order: Order, progress: Progress = lambda done, of, what: None) -> Made:
    """Make the folder, or leave the one that stands there alone if it is still right.

    Raises
    ------
    WrongCall : no such part or syllabus, too few questions, a number out of range. ContentError : the card has faults.
    BinderError : the folder holds something else or edited files. OutputError : it cannot be written.
    """
    if not 1 <= order.students <= MOST_STUDENTS:
        raise WrongCall(f"--students {order.students} is out of range. Give a number from 1 to {MOST_STUDENTS}.")
    output.restore(order.target)
    before = Before(order.target, KIND)
    before.refuse(renew=order.renew)
    library, local, confirmed = confirmed_library(order.content, order.local, order.confirm, order.today)
    job = Printing(
        library=library, course=order.where, local=local, confirmed=confirmed, today=order.today, paper=order.paper,
        large_print=order.large_print,
    )  # fmt: skip
    papers = _documents(order.where)
    syllabus = _syllabus(order.syllabus, papers)
    form = fresh_form(library, order.seed, _modules(library, order.modules, syllabus), order.items)
    unconfirmed = tuple(job.unconfirmed)
    # No day and no path of a machine: the same call gives the same bytes everywhere, as long as the same is confirmed.
    parts = [one.id for one in form.modules]
    given = syllabus.front.id if syllabus else ""
    call = (order.seed, parts, len(form.items), order.students, given, order.paper, order.large_print)
    whole = output.fingerprint(library, order.where, KIND, repr(call), repr(local), repr(confirmed), repr(unconfirmed))
    if before.whole == whole and before.intact:
        return Made(order.target, (), form, unconfirmed, renewed=False)
    output.ready(order.target)
    every = list(sheets(job, form, papers, syllabus, order.students))
    files = {}
    with binder.whole(order.target) as folder:
        for number, one in enumerate(every):
            progress(number, len(every), one.file)
            raw = one.make()
            files[one.file] = {"sum": binder.sum_of(raw)}
            binder.put(folder, one.file, raw)
        page = index.class_page(job, form, every, unconfirmed).encode()
        files[INDEX] = {"sum": binder.sum_of(page)}
        binder.put(folder, INDEX, page)
        binder.put(folder, binder.name(KIND), binder.manifest(KIND, files, whole=whole, unconfirmed=unconfirmed))
    progress(len(every), len(every), "")
    return Made(order.target, tuple(files), form, unconfirmed, bool(before))


def _modules(library: Library, names: Sequence[str], syllabus: Document | None) -> list[Module]:
    """The parts of these names, in the course's order; else those of the syllabus; else all that have tests."""
    every = [library.module(id) for id in library.course()["modules"]]
    if names:
        wanted = {library.module(one).id for one in names}
        return [one for one in every if one.id in wanted]
    made = [pair for section in syllabus.sections for pair in section.made] if syllabus else []
    wanted = {id for word, ids in made if word == "modules" for id in ids}
    tested = [one for one in every if one.objectives]
    return [one for one in tested if one.id in wanted] or tested


def _documents(where: Course) -> dict[str, tuple[Path, Document]]:
    """The documents of the university pack by id; none if the course has none."""
    read = ((path, documents.read(path, path.relative_to(where.root).as_posix())) for path in university.paths(where))
    return {one.front.id: (path, one) for path, one in sorted(read, key=lambda pair: pair[1].front.id)}


def _syllabus(name: str, papers: dict[str, tuple[Path, Document]]) -> Document | None:
    if not name:
        return None
    there = [id for id in SYLLABI if id in papers]
    if name.upper() not in there:
        titles = listed(f"{id} ({papers[id][1].front.title})" for id in there)
        raise WrongCall(f'There is no syllabus "{name}". There are: {titles}.')
    return papers[name.upper()][1]


def sheets(
    job: Printing, form: FreshForm, papers: dict[str, tuple[Path, Document]], syllabus: Document | None, students: int
) -> Iterator[Sheet]:
    """Every file of the folder, in the order of use."""
    if papers:
        filler = Filler(job.library, university.read(job.course), job.library.words("university"))
        order = [*([syllabus.front.id] if syllabus else []), *FOR_STUDENTS]
        kept = [id for id in papers if id not in order and not (syllabus and id in SYLLABI)]
        for id in (*(one for one in order if one in papers), *kept):
            path, one = papers[id]
            file = f"{STUDENTS if id in order else DOCUMENTS}/{id}-{path.stem}.pdf".lower()
            yield Sheet(file, BEFORE, partial(classroom.document, job, path, filler), f"{id} {one.front.title}")
    for module in form.modules:
        yield Sheet(f"{STUDENTS}/part-{module.stem}.pdf", BEFORE, partial(part.part, job, module), module.title)
    yield Sheet(f"{STUDENTS}/handouts.pdf", DURING, partial(handouts.handouts, job))
    yield Sheet(f"{STUDENTS}/practice.pdf", DURING, partial(classroom.practice, job, form.modules))
    yield Sheet(f"{STUDENTS}/test.pdf", DURING, partial(classroom.test, job, form))
    yield Sheet(f"{LECTURER}/practice-answers.pdf", DURING, partial(classroom.practice_answers, job, form.modules))
    yield Sheet(f"{LECTURER}/test-key.pdf", AFTER, partial(classroom.key, job, form))
    yield Sheet(f"{LECTURER}/marking-grid.pdf", AFTER, partial(classroom.grid, job, form, students))
    yield Sheet(f"{LECTURER}/responses.csv", AFTER, partial(_responses, job.library, form))
    yield Sheet(f"{LECTURER}/codebook.json", AFTER, partial(_codebook, job.library, form))


def _responses(library: Library, form: FreshForm) -> bytes:
    """The data sheet that the evaluation reads: its header row, and nothing in it yet."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(form.header(library))
    return text.getvalue().encode()


def _codebook(library: Library, form: FreshForm) -> bytes:
    return (json.dumps(form.codebook(library), ensure_ascii=False, indent=1) + "\n").encode()
