"""Opens the course for a learner: a copy in a folder of their own, and JupyterLab on it, kept inside that folder."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from . import front
from .faults import SafekeepingError, WrongCall
from .library import course

PLANNING = "plan-a-workshop.ipynb"  # in the facilitator's folder of the course
START = "00-start-here.ipynb"
INNER = ".jupyter"  # JupyterLab's own settings and workspaces: deleting the learner's folder erases them as well

# Runs every cell afresh, and waits for the kernel first; "Run All Cells" drops its task in the first seconds. Then the
# first cell has the view and the keyboard focus again, instead of the last.
_START = {
    "command": "apputils:run-all-enabled",
    "args": {"commands": ["notebook:restart-run-all", "notebook:extend-marked-cells-top", "notebook:deselect-all"]},
}
# JupyterLab's defaults in a learner's folder; what the learner sets in the Settings menu wins.
# Out of view, JupyterLab would also hide cells from screen readers: so all stay in the document. No box asks for a
# kernel, and none before a fresh start: what a learner wants to keep stands in a file. One button, or its keys, starts
# all exercises. "Run All Cells" ends at the last cell: Ctrl+Home goes to the first, with the keyboard focus.
DEFAULTS = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
    "@jupyterlab/apputils-extension:sessionDialogs": {"skipKernelRestartDialog": True},
    "@jupyterlab/notebook-extension:panel": {
        "toolbar": [{"name": "start", "label": "Start all exercises", "caption": "", "rank": 5, **_START}]
    },
    "@jupyterlab/shortcuts-extension:shortcuts": {
        "shortcuts": [
            {**_START, "keys": ["Accel Shift Enter"], "selector": "body"},
            {
                "command": "apputils:run-all-enabled",
                "args": {"commands": ["notebook:extend-marked-cells-top", "notebook:deselect-all"]},
                "keys": ["Ctrl Home"],
                "selector": ".jp-Notebook.jp-mod-commandMode :focus",
            },
        ]
    },
}
# Nobody asked for a list of every line that was run, with the time of each sitting.
KERNEL = {"HistoryManager": {"enabled": False}}


class OpeningError(SafekeepingError):
    """The folder or the port cannot be used, or JupyterLab is missing."""


def copy_course(folder: Path, course_dir: str | None = None, *, facilitator: bool = False) -> list[str]:
    """Copy the notebooks into a learner's folder; a notebook that is already there is never overwritten.

    Parameters
    ----------
    facilitator : copy the notebooks that plan and evaluate a workshop as well.

    Returns
    -------
    The names of the notebooks that were copied now.

    Raises
    ------
    OpeningError : the folder cannot be written. WrongCall : it is a file, or holds the course itself.
    """
    where = course(course_dir)
    if folder.is_file():
        raise WrongCall(f'"{folder}" is a file. Name a folder for your copy of the course.')
    if folder.resolve() == where.notebooks.resolve():
        raise WrongCall(f'"{folder}" is the course itself. Name another folder for your copy.')
    copied = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folders = [where.notebooks, *([where.facilitator] if facilitator else [])]
        for source in [path for one in folders for path in sorted(one.glob("*.ipynb"))]:
            if os.path.lexists(folder / source.name):  # also a link that leads nowhere is the learner's own
                continue
            part = folder / f".{source.name}.part"
            try:
                shutil.copyfile(source, part)
                part.replace(folder / source.name)
            finally:
                part.unlink(missing_ok=True)
            copied.append(source.name)
    except OSError as error:
        remedy = "Name a folder that you can write to, or free some space."
        raise OpeningError(f'"{folder}" cannot be written: {error.strerror}. {remedy}') from None
    return copied


def free_port(wanted: int = 0) -> int:
    """A port of this computer that is free; the wanted one, if one is wanted.

    Raises
    ------
    OpeningError : the wanted port is in use. WrongCall : it is no port number.
    """
    if not 0 <= wanted <= 65535:
        raise WrongCall(f"{wanted} is no port number. Give one from 1024 to 65535, or leave --port out.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            remedy = "Give another number, or leave --port out: then a free one is found."
            raise OpeningError(f"Port {wanted} is in use on this computer. {remedy}") from None
        return int(probe.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    """The variables that keep JupyterLab's settings, workspaces and news inside the learner's folder.

    The files that they lead to are written here: no news, no search for updates, no history of what was run.
    """
    inner = folder.resolve() / INNER
    settings = inner / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet), encoding="utf-8")
    defaults = inner / "config" / "labconfig"
    defaults.mkdir(parents=True, exist_ok=True)
    (defaults / "default_setting_overrides.json").write_text(json.dumps(DEFAULTS), encoding="utf-8")
    custom = inner / "config" / "custom"
    custom.mkdir(parents=True, exist_ok=True)
    (custom / "custom.css").write_text(front.style("lab.css"), encoding="utf-8")
    profile = inner / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.json").write_text(json.dumps(KERNEL), encoding="utf-8")
    return os.environ | {
        "JUPYTER_CONFIG_DIR": str(inner / "config"),
        "JUPYTER_DATA_DIR": str(inner / "data"),
        "JUPYTER_RUNTIME_DIR": str(inner / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(inner / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(inner / "workspaces"),
        "IPYTHONDIR": str(inner / "ipython"),
    }


def command(folder: Path, port: int, token: str, browser: bool, first: str = START) -> list[str]:
    """The call that starts JupyterLab on this computer only, with a token of its own."""
    return [
        sys.executable, "-m", "jupyterlab", f"--port={port}", "--ip=127.0.0.1", "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder.resolve()}", f"--IdentityProvider.token={token}",
        "--ServerApp.kernel_manager_class=safekeeping.kernels.PatientKernels",
        "--ServerApp.kernel_websocket_connection_class=safekeeping.kernels.Line",
        "--LabApp.extension_manager=readonly", "--LabApp.custom_css=True",
        f"--LabApp.default_url=/lab/tree/{first}", "--ServerApp.log_level=ERROR", "--LabApp.log_level=ERROR",
        f"--FileCheckpoints.checkpoint_dir={folder.resolve() / INNER / 'checkpoints'}",
        *([] if browser else ["--no-browser"]),
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]  # fmt: skip


def open_course(
    folder: Path, *, course_dir: str | None = None, port: int = 0, browser: bool = True, facilitator: bool = False
) -> int:
    """Copy the course where it is missing, start JupyterLab, print its address, and wait until it is closed."""
    copied = copy_course(folder, course_dir, facilitator=facilitator)
    first = PLANNING if facilitator else START
    chosen, token = free_port(port), secrets.token_urlsafe(16)
    state = f"{len(copied)} notebooks copied" if copied else "your notebooks are as you left them"
    print(f"Your folder: {folder} ({state}). Deleting it erases everything.")
    print(f"Address: http://127.0.0.1:{chosen}/lab/tree/{first}?token={token}")
    print("To stop: press Ctrl-C here.", flush=True)
    try:
        words = command(folder, chosen, token, browser, first)
        return subprocess.run(words, env=environment(folder), check=False).returncode
    except KeyboardInterrupt:
        print("\nClosed. Your notebooks are kept in your folder.")
        return 0
