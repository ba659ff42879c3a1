"""Everything that a pack is made from, as sums: the whole of it, its code, and what each piece has read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..library import CONTENT
from .binder import files_of
from .job import Earlier, Job, Maker
from .typeset import Sizes

if TYPE_CHECKING:
    from .pack import Order

LARGEST_NAMED = 5_000_000  # bytes of a file that a call names; whoever reads more of it says that it is too large


class Inputs:
    """Everything that a pack is made from, hashed before anything is read as content.

    Raises
    ------
    WrongCall, ContentError : as `pack`; but only when the job is asked for.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self._sums: dict[Path, str] = {}

    @cached_property
    def whole(self) -> str:
        """One sum over every file that could matter, and over the call."""
        where, package = self.order.where, Path(__file__).parents[1]
        total = hashlib.sha256(self._call.encode())
        for folder in (package, self.order.content, where.notebooks, where.facilitator):
            for path in files_of(folder):
                total.update(path.relative_to(folder).as_posix().encode())
                total.update(path.read_bytes())
        return total.hexdigest()[:32]

    @property
    def _call(self) -> str:
        """The call, with the text of the files that it names."""
        order = self.order
        texts = [_bytes(Path(order.plan)) if order.plan.endswith(".toml") else b""]
        texts += [_bytes(path) if path else b"" for path in (order.local, order.names)]
        sums = [hashlib.sha256(text).hexdigest() for text in texts]
        words = [order.plan, *sums, *sorted(order.confirm), order.today.isoformat(), order.paper]
        return "\0".join([*words, str(order.large_print)])

    @cached_property
    def code(self) -> str:
        """One sum over the package without its content."""
        total = hashlib.sha256()
        for path in files_of(Path(__file__).parents[1]):
            if CONTENT not in path.parents:
                total.update(path.name.encode())
                total.update(path.read_bytes())
        return total.hexdigest()[:32]

    @cached_property
    def base(self) -> str:
        """One sum over what touches every piece: the code, notebooks and facilitator's files, the job, the call."""
        where = self.order.where
        total = hashlib.sha256(f"{self.code}\0{self._call}\0{self.job.plan!r}\0{self.job.audience!r}".encode())
        drawn = sorted((self.order.content / "figures").glob("*.svg"))
        # What a piece reads of the content's texts is remembered piece by piece.
        for path in [*files_of(where.notebooks), *files_of(where.facilitator), *drawn]:
            total.update(path.name.encode())
            total.update(path.read_bytes())
        return total.hexdigest()[:32]

    @cached_property
    def job(self) -> Job:
        """The job that the pieces are made from."""
        from .. import plans
        from .names import read_names
        from .traced import confirmed_library

        order = self.order
        library, local, confirmed = confirmed_library(order.content, order.local, order.confirm, order.today)
        plan = plans.plan(library, order.where, order.plan)
        return Job(
            library=library,
            course=order.where,
            plan=plan,
            audience=plans.audiences(order.where)[plan.audience],
            local=local,
            confirmed=confirmed,
            today=order.today,
            paper=order.paper,
            large_print=order.large_print,
            names=read_names(order.names) if order.names else (),
        )

    def traced(self, make: Maker, old: Mapping[str, Any], read: Callable[[], bytes]) -> tuple[bytes, dict[str, Any]]:
        """A piece, with what it was made from.

        Parameters
        ----------
        old : what an earlier pack says of it; empty if there is none. read : gives its bytes as they stand there.
        """
        library: Any = self.job.library
        library.reads.clear()
        earlier = Earlier(self.code, str(old.get("input", "")), read, sizes=Sizes(_sizes(old)))
        raw = make(replace(self.job, earlier=earlier))
        reads = sorted(path.relative_to(self.order.content).as_posix() for path in library.reads)
        sizes = earlier.sizes.known if earlier.same else earlier.sizes.found
        found = {"sizes": sizes} if sizes else {}
        return raw, {"from": self._from(reads), "reads": reads, "input": earlier.asked, **found}

    def same(self, old: Mapping[str, Any]) -> bool:
        """Whether a piece of an earlier pack would come out the same today."""
        reads = old.get("reads", [])
        return isinstance(reads, list) and bool(old.get("from")) and old["from"] == self._from(reads)

    def _from(self, reads: Iterable[str]) -> str:
        total = hashlib.sha256(self.base.encode())
        for name in reads:
            path = self.order.content / str(name)
            if path not in self._sums:
                self._sums[path] = hashlib.sha256(_bytes(path)).hexdigest() if path.is_file() else ""
            total.update(f"{name}\0{self._sums[path]}".encode())
        return total.hexdigest()[:32]


def _sizes(old: Mapping[str, Any]) -> dict[str, float]:
    """The sizes of type that an earlier pack remembers; a number that is none is looked for again."""
    found = old.get("sizes")
    if not isinstance(found, dict):
        return {}
    return {str(key): float(size) for key, size in found.items() if isinstance(size, int | float) and 0 < size < 100}


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_NAMED)
    except OSError:
        return b""  # whoever reads it for its content says in one sentence why it cannot be read
