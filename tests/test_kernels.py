"""A kernel that is still starting: a press on *Start all exercises* waits for it and is not lost. Real kernels."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from safekeeping.kernels import Line, PatientKernels

pytestmark = pytest.mark.slow


class FakeLine(NamedTuple):
    """What `PatientKernels` looks at in a line; a real one needs a browser (`test_lab_browser`)."""

    kernel_id: str


@pytest.fixture
def being_laid(monkeypatch: pytest.MonkeyPatch) -> list[FakeLine]:
    """The lines that are being laid."""
    lines: list[FakeLine] = []
    monkeypatch.setattr(Line, "being_laid", lines)
    return lines


class Course:
    """One kernel, its restart on the way, and what a test asks of both."""

    def __init__(self, folder: Path) -> None:
        self.kernels = PatientKernels(connection_dir=str(folder))
        self.id = ""

    async def started(self) -> None:
        self.id = await self.kernels.start_kernel(kernel_name="python3")
        await self.kernels.get_kernel(self.id).ready

    @property
    def process(self) -> int:
        return int(self.kernels.get_kernel(self.id).provisioner.pid)

    async def ready(self) -> None:
        """Ask until the server has heard that it is idle, as JupyterLab does; it may miss the first answer."""
        kernel = self.kernels.get_kernel(self.id)
        client = kernel.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        while kernel.execution_state != "idle":
            client.kernel_info()
            await asyncio.sleep(0.2)
        client.stop_channels()


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose kernels write what they must into a folder of the test."""
    return Course(tmp_path)


def run(steps: Coroutine[Any, Any, None], course: Course) -> None:
    """Run a test's steps and close its kernel, in a thread: a browser of other tests holds the loop of the first."""

    async def whole() -> None:
        try:
            await asyncio.wait_for(steps, 120)
        finally:
            await course.kernels.shutdown_all(now=True)

    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, whole()).result()


def test_a_starting_kernel_is_waited_for_and_not_started_twice(course: Course, being_laid: list[FakeLine]) -> None:
    """The restart ends when the kernel is ready; its process is the same."""

    async def steps() -> None:
        await course.started()
        before = course.process
        restart = asyncio.ensure_future(course.kernels.restart_kernel(course.id))
        await asyncio.sleep(0.3)
        assert not restart.done()
        await course.ready()
        await asyncio.wait_for(restart, 10)
        assert course.process == before

    run(steps(), course)


def test_a_kernel_that_has_run_is_restarted(course: Course, being_laid: list[FakeLine]) -> None:
    """Pressing again starts afresh."""

    async def steps() -> None:
        await course.started()
        await course.ready()
        before = course.process
        await course.kernels.restart_kernel(course.id)
        assert course.process != before

    run(steps(), course)


def test_a_restart_waits_until_the_line_of_a_page_stands(course: Course, being_laid: list[FakeLine]) -> None:
    """A page that was just loaded again: its kernel is old and is restarted, but not before the page can hear it."""

    async def steps() -> None:
        await course.started()
        await course.ready()
        before = course.process
        being_laid.extend([FakeLine(course.id), FakeLine("another")])
        restart = asyncio.ensure_future(course.kernels.restart_kernel(course.id))
        await asyncio.sleep(0.3)
        assert not restart.done()
        assert course.process == before
        being_laid.pop(0)
        await asyncio.wait_for(restart, 30)
        assert course.process != before

    run(steps(), course)


def test_a_kernel_that_never_gets_ready_is_restarted_in_the_end(course: Course, being_laid: list[FakeLine]) -> None:
    """The wait has a limit: JupyterLab's own for a start."""

    async def steps() -> None:
        await course.started()
        before = course.process
        being_laid.append(FakeLine(course.id))
        course.kernels.kernel_info_timeout = 0.2
        answer = await asyncio.wait_for(course.kernels.restart_kernel(course.id), 30)
        assert course.process != before
        await asyncio.wait([answer], timeout=30)
        answer.exception()  # JupyterLab's own limit for the answer of the new kernel is as short here

    run(steps(), course)
