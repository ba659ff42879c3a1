"""The learner's own record: a file that exists only if the learner asks for it, and that one action erases.

The same format serves the notebooks and the site (front/keep.js), and each leaves alone what only the other knows: the
site adds traces of its own (``course``: the day on which a part was done; ``reading``: the place in the text;
``check-…``). It holds ids and choices, no name, no text, no time of day.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .faults import SafekeepingError

if TYPE_CHECKING:
    from .widgets import Live

FILE = "course-progress.json"
VERSION = 1  # of what is written
OLDEST = 1  # the oldest version that is still read; each step between has an upgrade in `_UPGRADES`
LARGEST = 5_000_000  # bytes
_UPGRADES: dict[int, Any] = {}

_kept: Path | None = None


class ProgressError(SafekeepingError):
    """A progress file that cannot be read or written. The file itself is left as it is."""


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The traces in a progress file, by exercise id.

    Raises
    ------
    ProgressError : the file is too large, damaged, foreign, or from a newer version. It is not changed.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ProgressError(f'"{path.name}" is too large to be a progress file. It was left as it is.')
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProgressError(f'"{path.name}" cannot be read: {error.strerror}.') from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise ProgressError(
            f'"{path.name}" is damaged or is no progress file. It was left as it is: move it away to start afresh.'
        ) from None
    version = data.get("safekeeping_progress") if isinstance(data, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < OLDEST:
        raise ProgressError(f'"{path.name}" is no progress file of this course. It was left as it is.')
    if version > VERSION:
        raise ProgressError(
            f'"{path.name}" was written by a newer Safekeeping (format {version}; this one reads up to {VERSION}). '
            "It was left as it is. Update Safekeeping, then open it again."
        )
    for step in range(version, VERSION):
        data = _UPGRADES[step](data)
    traces = data.get("traces")
    if not isinstance(traces, dict) or not all(_is_trace(one) for one in traces.values()):
        raise ProgressError(f'"{path.name}" is damaged: its traces cannot be read. It was left as it is.')
    return traces


def _is_trace(value: object) -> bool:
    if not isinstance(value, list):
        return False
    return all(isinstance(event, dict) and isinstance(event.get("do"), str) for event in value)


def write(path: Path, traces: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write a progress file whole or not at all.

    Raises
    ------
    ProgressError : the folder cannot be written or the disk is full; an earlier file stays as it was.
    """
    data = {"safekeeping_progress": VERSION, "traces": {id: list(trace) for id, trace in sorted(traces.items())}}
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".course-", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1)
        Path(temporary).replace(path)
    except KeyboardInterrupt:
        Path(temporary).unlink(missing_ok=True)
        raise
    except OSError as error:
        Path(temporary).unlink(missing_ok=True) if temporary else None
        remedy = "Free some space or choose another folder; what was kept before is unchanged."
        raise ProgressError(f'"{path.name}" could not be written: {error.strerror}. {remedy}') from None


def keep(file: str, shown: Sequence[Live]) -> Path:
    """Start keeping: join what the file holds with what was chosen so far, write it, and go on at each choice."""
    global _kept
    path = Path(file)
    traces = read(path) if path.exists() else {}
    write(path, traces | {live.exercise.id: live.trace for live in shown if live.trace})
    _kept = path
    return path


def watch(live: Live) -> None:
    """Have a shown exercise written at each choice, as long as the learner keeps a file."""

    def changed(change: Mapping[str, Any]) -> None:
        if _kept is not None and change["new"]:
            traces = read(_kept) if _kept.exists() else {}
            write(_kept, traces | {live.exercise.id: change["new"]})

    live.observe(changed, names="trace")


def erase(file: str) -> bool:
    """Stop keeping and remove the kept file, whatever its name. Returns whether there was one.

    Raises
    ------
    ProgressError : the file cannot be removed; it is named, so that the person can remove it.
    """
    global _kept
    there = False
    for path in {Path(file), *([_kept] if _kept else [])}:
        try:
            there |= path.exists()
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ProgressError(f'"{path}" could not be erased: {error.strerror}. Remove it by hand.') from None
    _kept = None
    return there
