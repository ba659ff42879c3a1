"""The command line: ``safekeeping …``. Heavy libraries load inside the command that needs them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .faults import SafekeepingError, WrongCall

if TYPE_CHECKING:
    import datetime

    from .library import Course


def main(words: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    0 if all is well, 1 if something was found or failed, 2 for a wrong call.
    """
    parser = _parser()
    chosen = parser.parse_args(words)
    if chosen.run is None:
        parser.print_help()
        return 2
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except SafekeepingError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except ModuleNotFoundError as error:
        extras = {"check": "author", "new": "author", "pack": "pack", "class": "pack", "evaluate": "evaluate"}
        extra = extras.get(chosen.command, "publish")
        hint = f"Start it with run.py, which installs it, or run: pip install 'safekeeping[{extra}]'."
        print(f'The command "{chosen.command}" needs the package {error.name}. {hint}', file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. Nothing half-made was left behind.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 1
    except OSError as error:  # a name too long, a place that may not even be looked at
        reason = error.strerror or str(error)
        print(f'"{error.filename or chosen.command}" could not be read or written: {reason}.', file=sys.stderr)
        print("Look at the name, and whether you may use that place.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="safekeeping",
        description="A course on recognising and responding to the commercial sexual exploitation of children.",
        epilog="If a child is in danger now, call the emergency number (911 in the United States).",
    )
    parser.add_argument("--version", action="version", version=f"safekeeping {__version__}")
    parser.set_defaults(run=None, command="")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(run=run)
        return one

    open_ = command("open", _open, "copy the course to a folder of yours and open it in JupyterLab")
    open_.add_argument("folder", nargs="?", default="my-course", metavar="DIR", help="your folder (default: my-course)")
    open_.add_argument("--port", type=int, default=0, help="the port on this computer (default: a free one)")
    open_.add_argument("--facilitator", action="store_true", help="with the notebooks for a workshop")
    open_.add_argument("--no-browser", action="store_true", help="only print the address")
    check = command("check", _check, "check content: the built-in course, or a content folder of your own")
    check.add_argument("path", nargs="?", metavar="PATH", help="a content folder, or a plan file (default: the course)")
    check.add_argument("--coverage", action="store_true", help="where each source point and objective is taught")
    check.add_argument("--sources", metavar="FILE", help="write the source ledger, a sheet ending in .csv")
    check.add_argument("--release", action="store_true", help="stricter: what must be true before a release")
    check.add_argument("--today", metavar="YYYY-MM-DD", help="the day that date rules compare with")
    check.add_argument("--place", metavar="FILE", help="prove that a place pack is complete")
    check.add_argument("--register", action="store_true", help="enter new ids into the ledger of ids")
    check.add_argument("--json", action="store_true", help="machine-readable output")
    new = command("new", _new, "write a valid starter file to edit")
    new.add_argument("kind", choices=["scenario", "item", "plan"])
    new.add_argument("name", metavar="NAME", help="its id, for example sc21-night-bus or m5-my-question")
    new.add_argument("--content", metavar="DIR", help="a content folder (default: the built-in one)")
    new.add_argument("--audience", default="general", metavar="WHO", help="plan: for whom, for example educators")
    new.add_argument("--minutes", default="90", metavar="LENGTH", help="plan: 60, 90, 180, 3x90, 6x60 or trainers")
    page = command("page", _page, "one module, or a booster (b7, b30, b90), as one offline page")
    deck = command("deck", _deck, "one module as one offline slide deck")
    deck.add_argument("--audience", action="store_true", help="participants' copy: neither notes nor answers")
    page.add_argument("module", metavar="MODULE", help="for example 05-recognising, M5, university, or U10 of it")
    deck.add_argument("module", metavar="PLAN-or-MODULE", help="for example educators-90, a plan file, or M5")
    for one in (page, deck):
        one.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write, ending in .html")
    evaluate = command("evaluate", _evaluate, "a report from answers before, after and later")
    evaluate.add_argument("responses", nargs="+", metavar="RESPONSES", help="sheets of answers, .csv or .parquet")
    evaluate.add_argument("-o", "--output", metavar="DIR", required=True, help="the folder to write the report into")
    evaluate.add_argument("--codebook", metavar="FILE", help="default: codebook.json beside the first sheet")
    evaluate.add_argument("--keys", metavar="FILE", help="the authors' keys as JSON (default: the course's own)")
    evaluate.add_argument("--match", action="store_true", help="match codes with one element off too; offers the rows")
    evaluate.add_argument("--yes", action="store_true", help="with --match: write the matched rows without asking")
    evaluate.add_argument("--delete-codes", action="store_true", help="with --match: delete the codes from the sheets")
    evaluate.add_argument("--skip-bad", action="store_true", help="leave out rows with a fault; the report counts them")
    evaluate.add_argument("--limit", type=int, default=10, metavar="N", help="the smallest group shown (default: 10)")
    evaluate.add_argument("--length", type=int, default=0, metavar="N", help="of the forms, where several were used")
    evaluate.add_argument("--enrolled", type=int, default=0, metavar="N", help="how many people were enrolled")
    evaluate.add_argument("--by", choices=["role", "event"], default="", help="groups too, from 100 matched people")
    evaluate.add_argument("--today", metavar="YYYY-MM-DD", help="the day that stands in the ledger of reports")
    evaluate.add_argument(
        "--waves", nargs="+", default=[], metavar="WAVE", choices=["pre", "post", "follow-30", "follow-90"],
        help="quiz reports of Canvas or Moodle: when each was answered, in their order (pre, post …)",
    )  # fmt: skip
    evaluate.add_argument("--attempt", choices=["first", "last", "best"], default="first", help="of each person's")
    form = command("form", _form, "the form before or after the course, as one offline page or as a sheet of answers")
    form.add_argument("wave", metavar="WAVE", help="pre, post, follow-30 or follow-90")
    form.add_argument("--form", metavar="A|B", default="", help="half the group begins with A, half with B")
    form.add_argument("--length", type=int, default=0, metavar="N", help="knowledge items: 5, 8, 12 or 20; later 10")
    form.add_argument("--event", default="", metavar="TEXT", help="what you call the event, in the file of answers")
    form.add_argument(
        "-o", "--output", metavar="FILE", required=True,
        help="a page ending in .html, or an empty sheet ending in .csv with codebook.json beside it",
    )  # fmt: skip
    pack = command("pack", _pack, "everything for one workshop: slides, run sheet, cards, forms, handouts")
    pack.add_argument("plan", metavar="PLAN", help="for example educators-90, or a plan file")
    pack.add_argument("-o", "--output", metavar="DIR", required=True, help="the folder to write")
    pack.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these pieces alone, for example deck.pptx")
    pack.add_argument("--names", metavar="FILE", help="a certificate for each name of this list, one name a line")
    pack.add_argument("--zip", action="store_true", help="also as one file beside the folder")
    site = command("site", _site, "the whole course as a site for one reader at a time, without server or network")
    site.add_argument("-o", "--output", metavar="DIR", required=True, help="the folder to write, for example site")
    lms = command("lms", _lms, "parts and questions for a learning platform: Canvas, Moodle and others")
    lms.add_argument("modules", nargs="*", metavar="MODULE", help="for example 05-recognising or M5 (default: all)")
    lms.add_argument(
        "--format", required=True, choices=["imscc", "qti", "moodle", "gift", "scorm12", "csv"],
        help="imscc: pages and practice; qti, moodle, gift, csv: questions; scorm12: a part, or a folder of parts",
    )  # fmt: skip
    lms.add_argument("-o", "--output", metavar="FILE", required=True, help="for example unit.imscc")
    lms.add_argument("--instructor", action="store_true", help="the test questions with their keys: for you alone")
    lms.add_argument("--renew", action="store_true", help="replace a file that was edited, or that is not ours")
    class_ = command("class", _class, "what a class without a learning platform needs: papers, a fresh test, its key")
    class_.add_argument("--seed", required=True, metavar="N", help="a whole number; the same one gives the same test")
    class_.add_argument("-o", "--output", metavar="DIR", required=True, help="the folder to write")
    class_.add_argument("--modules", nargs="+", default=[], metavar="MODULE", help="for example M5 (default: all)")
    class_.add_argument("--items", type=int, default=0, metavar="K", help="questions of the test (default: 20)")
    class_.add_argument("--students", type=int, default=30, metavar="N", help="rows of the grid (default: 30)")
    class_.add_argument("--syllabus", default="", metavar="ID", help="U03, U04, U05 or U06: gives the parts, too")
    for one in (pack, class_):
        one.add_argument("--local", metavar="FILE", help="your local pathway card")
        one.add_argument("--confirm", action="append", default=[], metavar="ID=DATE", help="the day you rang a contact")
        one.add_argument("--paper", choices=["letter", "a4"], default="letter")
        one.add_argument("--large-print", action="store_true", help="at least 18 points")
        one.add_argument("--renew", action="store_true", help="make files anew that were edited by hand")
        one.add_argument("--today", metavar="YYYY-MM-DD", help="the day that dates are compared with")
    for one in (open_, check, page, deck, form, pack, site, lms, class_):
        one.add_argument("--course", metavar="DIR", help="a course folder of your own, with notebooks/ inside")
    return parser


def _open(chosen: argparse.Namespace) -> int:
    from .opening import open_course

    return open_course(
        Path(chosen.folder),
        course_dir=chosen.course,
        port=chosen.port,
        browser=not chosen.no_browser,
        facilitator=chosen.facilitator,
    )


def _check(chosen: argparse.Namespace) -> int:
    import json

    from .author.check import check
    from .library import CONTENT, course

    if chosen.path and chosen.path.endswith(".toml"):
        return _check_plan(chosen)
    folder = Path(chosen.path) if chosen.path else CONTENT
    if not folder.is_dir():
        raise WrongCall(f'"{chosen.path}" is no folder. Give a content folder, or nothing for the built-in content.')
    today = _day(chosen.today)
    own = folder.resolve() != CONTENT.resolve()
    where = course(chosen.course) if chosen.course or not own else None
    place = Path(chosen.place) if chosen.place else None
    if chosen.sources:
        return _sources(Path(chosen.sources), folder, where, today)
    if chosen.coverage:
        from .author.coverage import coverage

        covered = coverage(folder, where, release=chosen.release)
        print(json.dumps(covered.as_dict(), ensure_ascii=False, indent=1) if chosen.json else covered.as_text())
        return 1 if covered.faults else 0
    report = check(folder, where, place_file=place, release=chosen.release, today=today, register=chosen.register)
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if chosen.json else report.as_text())
    return 1 if report.faults else 0


def _sources(path: Path, folder: Path, where: Course | None, today: datetime.date | None) -> int:
    from .author.provenance import as_csv, rows
    from .publish.output import ready, write

    if path.suffix != ".csv":
        raise WrongCall(f'"{path}" does not end in .csv. Name a file such as source-ledger.csv.')
    ready(path)
    every = rows(folder, where, today)
    write(path, as_csv(every))
    unconfirmed = sum(row.kind == "contact" and not row.checked_on for row in every)
    print(f"{len(every)} rows in {path}; {unconfirmed} contacts are not confirmed.")
    return 0


def _day(text: str | None) -> datetime.date:
    """The day that was given, or today by this computer's clock."""
    import datetime

    try:
        return datetime.date.fromisoformat(text) if text else datetime.datetime.now(datetime.UTC).astimezone().date()
    except ValueError:
        raise WrongCall(f'"{text}" is no date. Write it as year-month-day, for example 2026-11-22.') from None


def _check_plan(chosen: argparse.Namespace) -> int:
    import json

    from .author.plans import check_plan, told
    from .library import built_in, course

    faults = check_plan(built_in(), course(chosen.course), chosen.path)
    as_json = {"faults": [fault.as_dict() for fault in faults]}
    print(json.dumps(as_json, ensure_ascii=False, indent=1) if chosen.json else told(faults, chosen.path))
    return 1 if faults else 0


def _new(chosen: argparse.Namespace) -> int:
    from .author.new import new
    from .library import CONTENT, built_in, course

    if chosen.kind == "plan":
        from .author.plans import starter

        plan = starter(built_in(), course(), chosen.name, chosen.audience, chosen.minutes, Path())
        print(f"Written: {plan}. Edit it, then run: safekeeping check {plan}")
        return 0
    path = new(chosen.kind, chosen.name, Path(chosen.content) if chosen.content else CONTENT)
    print(f"Written: {path}. Edit it, then run: safekeeping check")
    return 0


def _target(chosen: argparse.Namespace) -> Path:
    path = Path(chosen.output)
    if path.suffix.lower() not in (".html", ".htm"):
        raise WrongCall(f'"{chosen.output}" does not end in .html. Name the file to write, for example m5.html.')
    if path.is_dir():
        raise WrongCall(f'"{chosen.output}" is a folder. Name a file to write in it.')
    return path


def _folder(chosen: argparse.Namespace) -> Path:
    """A folder that is put in its place as a whole; nobody can do that to the one in which one stands."""
    path = Path(chosen.output)
    if path.name in ("", ".."):
        raise WrongCall(f'"{chosen.output}" cannot be made as a whole. Give a folder by its own name, such as out.')
    return path


def _form(chosen: argparse.Namespace) -> int:
    from .library import built_in, course

    path, options = Path(chosen.output), {"letter": chosen.form, "items": chosen.length}
    if path.suffix.lower() == ".csv":
        from .publish.sheet import sheet

        sheet(built_in(), chosen.wave, path, **options)
        print(f"Written: {path} and codebook.json beside it. One row for each person and form; no keys are in them.")
        return 0
    from .publish.page import form

    target = _target(chosen)
    return _said(target, form(built_in(), course(chosen.course), chosen.wave, target, event=chosen.event, **options))


def _said(path: Path, written: bool) -> int:
    size = path.stat().st_size / 1000
    state = "Written" if written else "Unchanged, nothing to do"
    print(f"{state}: {path} ({size:.0f} KB, one file, no network needed)")
    return 0


def _page(chosen: argparse.Namespace) -> int:
    from .library import built_in, course
    from .publish import university
    from .publish.page import booster, page

    target, library = _target(chosen), built_in()
    if university.is_ours(chosen.module):
        return _said(target, university.page(library, course(chosen.course), chosen.module, target))
    make = booster if library.holds("booster", chosen.module) else page
    return _said(target, make(library, course(chosen.course), chosen.module, target))


def _deck(chosen: argparse.Namespace) -> int:
    from .library import built_in, course
    from .plans import is_plan
    from .publish.deck import deck, write_plan_deck

    target, where = _target(chosen), course(chosen.course)
    make = write_plan_deck if is_plan(built_in(), where, chosen.module) else deck
    return _said(target, make(built_in(), where, chosen.module, target, audience=chosen.audience))


def _pack(chosen: argparse.Namespace) -> int:
    from .publish.pack import Order, pack

    names = Path(chosen.names) if chosen.names else None
    order = Order(plan=chosen.plan, only=tuple(chosen.only), names=names, zip=chosen.zip, **_printing(chosen))
    done = pack(order, _bar)
    _stamped(done.unconfirmed)
    if not done.made:
        print(f"Unchanged, nothing to do: {done.folder} ({len(done.kept)} files)")
        return 0
    state = "Renewed" if done.renewed else "Written"
    print(f"{state}: {done.folder} ({len(done.made)} files made, {len(done.kept)} kept). Begin with index.html.")
    if chosen.names:
        zipped = ", here and in the zip file" if chosen.zip else ""
        print(f"The names stand in certificate.pdf alone{zipped}. Take it out before you pass the pack on.")
    return 0


def _class(chosen: argparse.Namespace) -> int:
    from .publish.classroom import Order, make

    if not chosen.seed.isascii() or not chosen.seed.isdigit():
        raise WrongCall(f'--seed "{chosen.seed:.20}" is no whole number. Give one, for example 7; it draws the test.')
    order = Order(
        seed=int(chosen.seed[:20]), modules=tuple(chosen.modules), items=chosen.items, students=chosen.students,
        syllabus=chosen.syllabus, **_printing(chosen),
    )  # fmt: skip
    done = make(order, _bar)
    _stamped(done.unconfirmed)
    if not done.files:
        print(f"Unchanged, nothing to do: {done.folder}")
        return 0
    count, old = len(done.form.items), len(done.form.printed)
    print(f"{count} questions drawn, {count - old} of them in neither form A nor B. Both say {done.form.mark}.")
    state = "Renewed" if done.renewed else "Written"
    print(f"{state}: {done.folder} ({len(done.files)} files). Begin with index.html.")
    return 0


def _printing(chosen: argparse.Namespace) -> dict[str, Any]:
    """What a pack and the papers of a class are asked for alike."""
    from .library import course

    return {
        "where": course(chosen.course), "target": _folder(chosen), "confirm": tuple(chosen.confirm),
        "local": Path(chosen.local) if chosen.local else None, "today": _day(chosen.today), "paper": chosen.paper,
        "large_print": chosen.large_print, "renew": chosen.renew,
    }  # fmt: skip


def _stamped(unconfirmed: Sequence[str]) -> None:
    """Say which places to turn to nobody confirmed."""
    if unconfirmed:
        print("UNCONFIRMED, and stamped so:", *unconfirmed, sep="\n  ")


def _bar(done: int, of: int, what: str) -> None:
    """A line that moves, for a person at a terminal; silence for a program."""
    if sys.stderr.isatty():
        width = 24
        full = width * done // max(of, 1)
        line = f"  [{'#' * full}{'.' * (width - full)}] {done} of {of}  {what}"
        print("\r" + line.ljust(78)[:78] if what else "\r" + " " * 78 + "\r", end="", file=sys.stderr, flush=True)


def _site(chosen: argparse.Namespace) -> int:
    from .library import built_in, course
    from .publish.site import site

    target = _folder(chosen)
    written = site(built_in(), course(chosen.course), target)
    every = [path for path in target.iterdir() if path.suffix == ".html"]
    size = sum(path.stat().st_size for path in every) / 1_000_000
    state = "Written" if written else "Unchanged, nothing to do"
    print(f"{state}: {target} ({len(every)} pages, {size:.1f} MB, no network needed). Open {target / 'index.html'}")
    return 0


def _lms(chosen: argparse.Namespace) -> int:
    import gc

    from .library import built_in, course
    from .publish.lms.export import Order, export

    order = Order(
        library=built_in(),
        where=course(chosen.course),
        modules=tuple(chosen.modules),
        format=chosen.format,
        target=Path(chosen.output),
        instructor=chosen.instructor,
        renew=chosen.renew,
    )
    gc.disable()  # a short run that drops nothing until its end: to look for what could go costs a twentieth of it
    try:
        print(export(order))
    finally:
        gc.enable()
    return 0


def _evaluate(chosen: argparse.Namespace) -> int:
    from .evaluate.asking import delete_codes, rows_out
    from .evaluate.report import evaluate
    from .library import built_in

    if (chosen.yes or chosen.delete_codes) and not chosen.match:
        raise WrongCall("--yes and --delete-codes belong to --match. Add --match, or leave them out.")
    paths = [Path(one) for one in chosen.responses]
    codebook = Path(chosen.codebook) if chosen.codebook else None
    made = evaluate(
        built_in(), paths, Path(chosen.output), codebook=codebook, keys=Path(chosen.keys) if chosen.keys else None,
        one_off=chosen.match, skip_bad=chosen.skip_bad, limit=chosen.limit, length=chosen.length,
        enrolled=chosen.enrolled, by=chosen.by, today=_day(chosen.today),
        rows_out=rows_out(yes=chosen.yes) if chosen.match else None, waves=chosen.waves, attempt=chosen.attempt,
    )  # fmt: skip
    print(f"Written: {made.folder} ({', '.join(one for one in made.files if '/' not in one)}, and the tables as CSV)")
    if made.matched:
        print(f"Written: {made.matched}. It holds rows of single persons: keep it with the data, pass it to nobody.")
        if made.codes:  # a quiz report of a platform has none
            delete_codes(paths, made.codes, sure=chosen.delete_codes)
    return 0
