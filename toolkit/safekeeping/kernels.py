"""JupyterLab's own server, made patient: a kernel that is still starting is not restarted, it is waited for.

*Start all exercises* restarts the kernel, and people press it as soon as they see it. JupyterLab passes that on at
once. A notebook whose line to the kernel is just being laid then gets a second line under the same name, the kernel
answers on the first, and the press is lost: no exercise appears, and nothing says why. `opening` names these two
classes to the server; nothing else uses them.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar
from weakref import WeakSet

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

LOOK_AGAIN = 0.05  # seconds


class Line(ZMQChannelsWebsocketConnection):
    """A notebook's line to its kernel, which is being laid from `prepare` until the kernel has answered on it."""

    being_laid: ClassVar[WeakSet[Line]] = WeakSet()  # a page that goes away meanwhile takes its line along

    async def prepare(self) -> None:
        """Before the notebook's page is told that the line stands."""
        self.being_laid.add(self)
        await super().prepare()

    def connect(self) -> Any:
        """A future that is done as soon as the kernel has answered; None if there is no kernel any more."""
        answered = super().connect()
        if answered is None:
            self.being_laid.discard(self)
        else:
            answered.add_done_callback(lambda _: self.being_laid.discard(self))
        return answered


class PatientKernels(AsyncMappingKernelManager):
    """Restarts a kernel only when it has started and no line to it is being laid."""

    async def restart_kernel(self, kernel_id: str, now: bool = False) -> Any:  # type: ignore[override]
        """As JupyterLab does it, after a wait; a kernel that was still starting has run nothing and is fresh already.

        The wait ends after `kernel_info_timeout` seconds, JupyterLab's own limit for a start. Then it is restarted.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + self.kernel_info_timeout
        fresh = self._is_starting(kernel_id)
        while self._is_starting(kernel_id) or any(line.kernel_id == kernel_id for line in Line.being_laid):
            if loop.time() > end:
                fresh = False
                break
            await asyncio.sleep(LOOK_AGAIN)
        return None if fresh else await super().restart_kernel(kernel_id, now=now)

    def _is_starting(self, kernel_id: str) -> bool:
        """Has this kernel never yet been ready? One that is not there is for JupyterLab to refuse."""
        return kernel_id in self and getattr(self.get_kernel(kernel_id), "execution_state", "") == "starting"
