"""Makes the report: reads, matches, asks what may be shown, and writes a folder whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..faults import SafekeepingError, WrongCall, listed
from ..library import Library
from . import class_data
from . import codebook as codebooks
from . import responses as sheets
from .document import Document
from .ledger import NAME, Ledger, open_ledger
from .matching import match, matched_rows
from .pages import drawings, html, pdf
from .quiz import Attempt
from .sections import report as sections
from .small_cells import LIMIT, limit_of
from .study import Study, main_length

CODEBOOK = "codebook.json"
MATCHED = "responses-matched.csv"
OURS = {"report.html", "report.pdf", "tables"}  # what a folder of ours holds, with or without "synthetic-" in front
_MARK = "synthetic-"


@dataclass(frozen=True, slots=True)
class Made:
    """What was written. `codes`: the columns of the pseudonym. `matched`: rows under random ids, if confirmed."""

    folder: Path
    files: tuple[str, ...]
    document: Document
    codes: tuple[str, ...]
    matched: Path | None = None


def evaluate(
    library: Library, paths: Sequence[Path], folder: Path, *, codebook: Path | None = None, keys: Path | None = None,
    one_off: bool = False, skip_bad: bool = False, limit: int = LIMIT, length: int = 0, enrolled: int = 0, by: str = "",
    today: date, rows_out: Callable[[Path], bool] | None = None, waves: Sequence[str] = (), attempt: Attempt = "first",
) -> Made:  # fmt: skip
    """Write the report of one study.

    Parameters
    ----------
    paths : sheets of answers, CSV or Parquet, or quiz reports of Canvas or Moodle (see `class_data`).
    folder : new, empty, or an earlier report.
    codebook : beside the first sheet by default. keys : a JSON file of the authors' keys; the course's own by default.
    one_off : match with one element of the code off as well. skip_bad : leave out rows with a fault.
    limit : the smallest group shown, 5 or more. length : of the knowledge forms, where several were used.
    enrolled : how many were enrolled, if known. by : ``role`` or ``event``, to show groups.
    today : the day that stands in the ledger.
    waves, attempt : for quiz reports of a platform: when each was answered, and which attempt of a person counts.
    rows_out : asked before rows of single persons are written (``--match``); given the path, says yes or no.

    Raises
    ------
    WrongCall : an option or a folder does not fit. ResponsesError : the answers have faults.
    LedgerError : an earlier report forbids this one. SafekeepingError : a file cannot be read or written.
    """
    limit_of(limit)
    _free(folder)
    home = paths[0].parent
    if class_data.are_exports(paths, library):
        if codebook or keys:
            raise WrongCall("A quiz report of a platform needs neither --codebook nor --keys: the course knows them.")
        book, answers = class_data.read(paths, library, keys_of(None, library), waves=waves, attempt=attempt)
    elif waves or attempt != "first":
        named = "--waves" if waves else "--attempt"
        raise WrongCall(f"{named} belongs to quiz reports of Canvas or Moodle, and none was found. Leave it out.")
    else:
        if codebook is None and not (home / CODEBOOK).is_file():
            raise WrongCall(_neither(paths))
        book = codebooks.read(codebook or home / CODEBOOK, keys_of(keys, library))
        answers = sheets.read(paths, book, skip_bad=skip_bad)
    people = match(answers, one_off=one_off)
    # Nobody stands behind synthetic answers, so that everybody may make as many reports of them as they like.
    ledger = Ledger(home / NAME, "synthetic") if book.synthetic else open_ledger(home)
    guard, every = ledger.guard(answers, limit)
    study = Study(
        answers, book, people, guard, every, ledger, limit, main_length(answers, book, length),
        library.words("report", "evaluation.toml"), enrolled, by,
    )  # fmt: skip
    w = study.words
    title = w["title-of-once" if study.once else "title"]
    document = Document(title, library.review_label(), w["lead"], study.mark, sections(study))
    mark = _MARK if book.synthetic else ""
    drawn = drawings(document)
    files: dict[str, bytes] = {
        f"{mark}report.html": html(document, drawn, w, library.language).encode(),
        f"{mark}report.pdf": pdf(document, drawn, w, library.language),
    }
    for one in document.tables():
        files[f"tables/{mark}{one.name}.csv"] = (
            b"\xef\xbb\xbf" + one.as_csv(w["synthetic-short"] if mark else "").encode()
        )
    files[f"tables/{mark}methods.txt"] = "\n\n".join(
        getattr(one, "text", "") for one in document.sections[-1].blocks
    ).encode()
    _place(folder, files)
    if not book.synthetic:
        _keep(ledger, ledger.text(guard, every, today, folder.name))
    matched = home / (mark + MATCHED)
    if rows_out is None or not rows_out(matched):
        return Made(folder, tuple(files), document, book.codes)
    _write(matched, matched_rows(answers, people, book).encode())
    return Made(folder, tuple(files), document, book.codes, matched)


def _neither(paths: Sequence[Path]) -> str:
    """What to say of files that are no quiz report and have no codebook beside them."""
    gone = [f'"{path.name}"' for path in paths if not path.is_file()]
    if gone:
        return f"There is no file {listed(gone)}. Look at the spelling of the name."
    names = listed(f'"{path.name}"' for path in paths)
    return (
        f"No question of the course was found in {names}, as in a quiz report, and no {CODEBOOK} stands beside it, as "
        "for a sheet of answers. From Moodle take Responses, from Canvas Student Analysis, as CSV and not as Excel; "
        "for a sheet name its --codebook."
    )


def without_codes(path: Path, codes: Sequence[str]) -> None:
    """Write a CSV or Parquet sheet again without the columns of the pseudonym. This cannot be undone."""
    import polars as pl

    if path.suffix.lower() == ".parquet":
        frame = pl.read_parquet(path)
        kept = frame.drop([one for one in codes if one in frame.columns])
        _replace(path, lambda temporary: kept.write_parquet(temporary))
        return
    frame = pl.read_csv(path, infer_schema=False)
    kept = frame.drop([one for one in codes if one in frame.columns])
    _replace(path, lambda temporary: kept.write_csv(temporary))


def keys_of(path: Path | None, library: Library) -> dict[str, object]:
    """The authors' keys: from a JSON file, else the course's own; raises SafekeepingError.

    The course's own are ids of options and no letters: a fresh form has its options in another order.
    """
    if path is None:
        from ..instruments import keys

        chosen = {one.id: next((o.id for o in one.options if o.key), "") for one in library.every("item")}
        return {**keys(library), **{id: option for id, option in chosen.items() if option}}
    data = codebooks.read_json(path, "a file of keys")
    if not isinstance(data, dict):
        raise SafekeepingError(f'"{path.name}" holds no keys: it must map the name of a column to its key.')
    return {str(one): key for one, key in data.items()}


def _free(folder: Path) -> None:
    """The folder may be written: it is not there, empty, or holds an earlier report and nothing else."""
    if not folder.parent.is_dir():
        raise WrongCall(f'"{folder.parent}" is no folder. Name a place that exists, with -o.')
    if not folder.exists():
        return
    if not folder.is_dir():
        raise WrongCall(f'"{folder}" is a file. Name a folder for the report, with -o.')
    others = sorted(one.name for one in folder.iterdir() if one.name.removeprefix(_MARK) not in OURS)
    if others:
        raise WrongCall(f'"{folder}" holds something else ("{others[0]}"). Name a new folder for the report, with -o.')


def _place(folder: Path, files: dict[str, bytes]) -> None:
    """The whole folder or nothing: written beside its place, then renamed."""
    temporary = ""
    try:
        temporary = tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-")
        for name, raw in files.items():
            path = Path(temporary) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(raw)
        Path(temporary).chmod(0o755)
        old = f"{temporary}-old"
        if folder.exists():
            folder.rename(old)
        Path(temporary).rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        if temporary and Path(f"{temporary}-old").exists() and not folder.exists():
            Path(f"{temporary}-old").rename(folder)
        raise SafekeepingError(f'"{folder}" could not be written: {error.strerror}. Nothing was changed.') from None
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)


def _keep(ledger: Ledger, text: str) -> None:
    try:
        _write(ledger.path, text.encode())
    except OSError as error:
        raise SafekeepingError(
            f'The report is written, but the ledger "{ledger.path}" is not: {error.strerror}. Later reports of the '
            "same people will not know of this one. Keep the data where the ledger can stand beside them, and run "
            "it again."
        ) from None


def _write(path: Path, raw: bytes) -> None:
    _replace(path, lambda temporary: Path(temporary).write_bytes(raw))


def _replace(path: Path, write: Callable[[str], object]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=path.suffix)
    os.close(handle)
    try:
        write(temporary)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
