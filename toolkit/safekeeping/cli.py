"""The command line: ``safekeeping …``. Heavy libraries load inside the command that needs them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import usage
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
    run: usage.Command = chosen.run
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
    return usage.parser(
        {
            "open": _open, "check": _check, "new": _new, "page": _page, "deck": _deck, "evaluate": _evaluate,
            "form": _form, "pack": _pack, "site": _site, "lms": _lms, "class": _class,
        }
    )  # fmt: skip


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
    from .author.new import new, new_plan
    from .library import CONTENT, built_in, course

    if chosen.kind == "plan":
        plan = new_plan(built_in(), course(), chosen.name, chosen.audience, chosen.minutes, Path())
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
    print(export(order))
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
