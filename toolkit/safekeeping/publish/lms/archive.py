"""A zip file: the same files in the same order give the same bytes; it is put in its place whole or not at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from .. import output

STAMP = (2026, 1, 1, 0, 0, 0)  # the day of every entry: a real one would make each run different


def zipped(files: Mapping[str, bytes], made_from: str = "") -> bytes:
    """The bytes of a zip file.

    Parameters
    ----------
    files : what it holds, by name with ``/`` between folders, in the order in which it shall stand.
    made_from : a fingerprint; it stands as the archive's comment, where `output.unchanged` finds it.
    """
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, STAMP)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # the same on every system
            file.writestr(entry, text, zipfile.ZIP_DEFLATED)
        # The comment is the file's end, and its length stands before it: room first, then the words.
        file.comment = b" " * len(output.stamp(b"", made_from))
    end = len(output.stamp(b"", made_from))
    whole = raw.getvalue()[: len(raw.getvalue()) - end]
    return whole + output.stamp(whole, made_from)


def write(path: Path, files: Mapping[str, bytes], made_from: str = "") -> None:
    """Write a zip file; parameters as for `zipped`.

    Raises
    ------
    OutputError : as for `output.put`.
    """
    output.put(path, zipped(files, made_from))
