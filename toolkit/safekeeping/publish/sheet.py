"""An empty sheet of answers: the header that answers from paper are typed under, and the codebook beside it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from .. import forms, instruments
from ..library import Library
from . import output

CODEBOOK = "codebook.json"


def sheet(library: Library, wave: str, target: Path, *, letter: str = "", items: int = 0) -> None:
    """Write the header of one form's answers, and ``codebook.json`` in the same folder. Neither holds a key.

    Without a letter the sheet takes both forms, A and B: their columns stand side by side.

    Parameters
    ----------
    wave, letter, items : which form; see `forms.form`.

    Raises
    ------
    WrongCall : there is no such form. OutputError : one of the files holds something else, or cannot be written.
    """
    length = items or forms.shortest(library, wave)
    both = [instruments.parts(library, wave, one, length) for one in ([letter] if letter else ["A", "B"])]
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(instruments.header(library, [id for ids in both for id in ids]))
    book = json.dumps(instruments.codebook(library), ensure_ascii=False, indent=1) + "\n"
    beside = target.with_name(CODEBOOK)
    for path, text, ours in ((target, row.getvalue(), ""), (beside, book, '"safekeeping_codebook"')):
        _free(path, text, ours)
    output.write(beside, book)
    output.write(target, row.getvalue())


def _free(path: Path, text: str, ours: str) -> None:
    """Nothing, if the file is not there, holds this very text, or begins as one of ours that may be written anew."""
    if not path.exists():
        return
    try:
        there = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        there = "?"
    if there != text and not (ours and ours in there[:200]):
        raise output.OutputError(f'"{path}" holds something else and was left as it is. Name a file that is not there.')
