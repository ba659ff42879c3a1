#!/usr/bin/env python3
"""Starts Safekeeping from nothing but Python: makes .venv here, installs what a command needs, runs the command.

    python3 run.py                         open the course in JupyterLab (--no-browser, --port N)
    python3 run.py test [WORDS...]         the whole test suite (WORDS go to pytest)
    python3 run.py bench [NAMES...]        the programs in tests/bench/
    python3 run.py COMMAND [WORDS...]      a command of safekeeping: page, deck, site, pack, evaluate, check, ...
    python3 run.py --all                   install everything that the commands need, for use without internet

On Windows write py in place of python3. Deleting the folder .venv undoes everything that is installed here.
"""
# Standard library only, and readable by Python 3.6, so that an old Python gets a sentence and not a syntax error.
# Hence typing.List and no newer grammar. What is printed stays plain ASCII: old Windows consoles know no more.

import difflib
import errno
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from typing import Any, Dict, FrozenSet, List, Optional, Sequence, Tuple

ROOT = os.path.dirname(os.path.abspath(__file__))
OLDEST, NEWEST = (3, 11), (3, 14)
LONGEST_WINDOWS_PATH = 90  # JupyterLab has a file 166 characters below its environment; Windows stops at 260

# What each command needs beyond the core. A new command of safekeeping gets its row here.
NEEDS = {
    "open": ["publish"], "page": ["publish"], "deck": ["publish"], "form": ["publish"], "site": ["publish"],
    "lms": ["publish"],
    "check": ["author"], "new": ["author"], "pack": ["publish", "pack"],
    "class": ["publish", "pack"],
    "evaluate": ["evaluate"], "test": ["test"], "bench": ["test"],
}  # type: Dict[str, List[str]]
FACILITATOR_NEEDS = ["pack", "evaluate"]  # what the notebooks of `open --facilitator` need besides
EVERYTHING = ["publish", "author", "pack", "evaluate"]
PARTS_OF = {"test": ["publish", "author", "pack", "evaluate"]}  # an extra that brings others along (pyproject.toml)

# Measured with pip on Linux (x86-64, Python 3.11 and 3.13) in November 2026: megabytes to download, megabytes on disk.
PARTS = {
    "core": ("the course in JupyterLab", 51, 255),
    "publish": ("pages, slide decks and the site", 8, 13),
    "author": ("checks for content", 4, 12),
    "pack": ("packs for workshops", 51, 127),
    "evaluate": ("evaluation", 167, 519),
    "test": ("tests", 219, 720),
}
BROWSERS_DOWNLOAD = 370  # megabytes: Debian's Chromium, Firefox and WebKit driver with all that they need
DOWNLOAD_A_MINUTE, INSTALL_A_MINUTE = 60, 200  # megabytes, on a modest home connection and an older laptop

# What the tests want of the system: the program looked for, the Debian packages that bring it.
WANTED_PROGRAMS = [
    (("chromium", "chromium-browser", "google-chrome"), ["chromium", "fonts-liberation"]),
    (("WebKitWebDriver",), ["webkit2gtk-driver"]),
    (("xvfb-run",), ["xvfb", "xauth"]),
    (("firefox-esr", "firefox"), ["firefox-esr"]),
    (("pdftotext",), ["poppler-utils"]),  # reads printed pieces back
]  # type: List[Tuple[Tuple[str, ...], List[str]]]

DISK_FULL = "The disk is full. Free some space, then start again; what is half done is finished then."
# Marks in pip's log (lower case), and the sentence for each. The first that fits counts.
REMEDIES = [
    (("no space left", "not enough space", "errno 28", "winerror 112", "disk quota exceeded"), DISK_FULL),
    (("certificate verify failed", "certificate_verify_failed"),
     "The network's own certificate is not trusted by Python. Ask those who run the network, or use another one."),
    (("connection broken by", "name resolution", "getaddrinfo failed", "network is unreachable", "connectionerror",
      "failed to establish a new connection", "read timed out", "max retries exceeded", "connection refused",
      "connection reset", "proxyerror", "incompleteread"),
     "The download did not work: no internet connection, or it broke off. Connect, then start again."),
    (("permission denied", "access is denied", "winerror 5]", "winerror 32]"),
     "A file in .venv could not be written. Close other windows that use the course, then start again."),
]  # type: List[Tuple[Tuple[str, ...], str]]


class Trouble(Exception):
    """One calm sentence for the person at the keyboard, and the exit code: 2 for a wrong call, else 1."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


class Machine:
    """Everything outside this file: the running Python, other programs, the screen. Tests put another in its place."""

    version = (sys.version_info[0], sys.version_info[1])
    windows = os.name == "nt"
    root_user = hasattr(os, "geteuid") and os.geteuid() == 0
    # Inside an environment (perhaps our own, about to be made again) the Python that it was made from.
    python = str(getattr(sys, "_base_executable", None) or sys.executable)

    def say(self, text: str) -> None:
        print(text, flush=True)

    def which(self, program: str) -> Optional[str]:
        return shutil.which(program)

    def free_megabytes(self, folder: str) -> float:
        return shutil.disk_usage(folder).free / 1e6

    def has_module(self, name: str) -> bool:
        return importlib.util.find_spec(name) is not None

    def ask(self, command: Sequence[str]) -> str:
        """What a command prints; nothing if it is missing or fails."""
        try:
            return subprocess.check_output(list(command), stderr=subprocess.DEVNULL).decode("utf-8", "replace")
        except (OSError, subprocess.CalledProcessError):
            return ""

    def call(self, command: Sequence[str], folder: Optional[str] = None, **variables: str) -> int:
        """Run a command on this screen and keyboard; return its exit code."""
        process = subprocess.Popen(list(command), cwd=folder, env=dict(os.environ, **variables))
        while True:
            try:
                code = process.wait()
                return code if code >= 0 else 128 - code
            except KeyboardInterrupt:  # the command got it too, and may want to ask or tidy up first
                continue

    def call_quietly(self, command: Sequence[str], folder: str, log: str) -> int:
        """Run a command with its words in a file and one moving line on the screen; return its exit code."""
        with open(log, "wb") as words:
            process = subprocess.Popen(
                list(command), cwd=folder, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT
            )
            start = time.time()
            try:
                while process.poll() is None:
                    if sys.stdout.isatty():
                        sys.stdout.write(f"\r  working ... {time.time() - start:.0f} s ")
                        sys.stdout.flush()
                    time.sleep(0.2)
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
                if sys.stdout.isatty():
                    sys.stdout.write("\r" + " " * 30 + "\r")
        return process.returncode


# --- the Python that runs all this -----------------------------------------------------------------------------------

def find_python(machine: Machine) -> Optional[List[str]]:
    """The newest supported Python on this machine, as the start of a command."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        choices = [[f"python3.{minor}"]] + ([["py", f"-3.{minor}"]] if machine.windows else [])
        for command in choices:
            if machine.ask(command + ["-c", "import sys; print(sys.version_info[1])"]).strip() == str(minor):
                return command
    return None


def hand_over(machine: Machine, words: Sequence[str]) -> int:
    """Start this file again with a supported Python, or say which one to get."""
    found = find_python(machine)
    if found is None:
        supported = "{}.{} to {}.{}".format(*(OLDEST + NEWEST))
        this = "{}.{}".format(*machine.version)
        raise Trouble(f"Safekeeping needs Python {supported}; this is Python {this}, and no other was found. Install "
                      "Python 3.13 (from python.org, or with the system's own package manager), then start again.")
    return machine.call(found + [os.path.join(ROOT, "run.py")] + list(words))


def require_venv_parts(machine: Machine) -> None:
    """Debian and Ubuntu leave out of Python what makes environments; say how to get it."""
    if not (machine.has_module("venv") and machine.has_module("ensurepip")):
        version = "{}.{}".format(*machine.version)
        raise Trouble("This Python lacks the part that makes environments. On Debian or Ubuntu run: sudo apt install "
                      f"python{version}-venv; elsewhere install Python again from python.org. Then start again.")


# --- the environment -------------------------------------------------------------------------------------------------

class Environment:
    """The folder .venv. It is ours only if it holds our mark, and finished only if it holds our stamp."""

    def __init__(self, root: str, machine: Machine) -> None:
        self.root, self.machine = root, machine
        self.folder = os.path.join(root, ".venv")
        self.mark = os.path.join(self.folder, "made-by-safekeeping")  # written first
        self.stamp = os.path.join(self.folder, "safekeeping-stamp")  # written last
        self.log = os.path.join(self.folder, "install-log.txt")
        self.python = os.path.join(self.folder, *(("Scripts", "python.exe") if machine.windows else ("bin", "python")))

    def read_stamp(self) -> Dict[str, Any]:
        """The stamp of a whole environment in its own place; empty if it is half-made, moved or has lost its Python."""
        try:
            with open(self.stamp, encoding="utf-8") as file:
                stamp = json.load(file)
            whole = stamp["place"] == os.path.realpath(self.folder) and os.path.exists(self.python)
            whole = whole and os.path.exists(stamp["made_with"]) and isinstance(stamp["extras"], list)
            if stamp["made_with"] == self.machine.python:  # a system upgrade can put a newer Python under the same name
                whole = whole and stamp["version"] == self.running_version()
            return dict(stamp) if whole else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def running_version(self) -> str:
        return "{}.{}".format(*self.machine.version)

    def fingerprint(self, version: str, extras: Sequence[str]) -> str:
        """Changes when pyproject.toml, constraints.txt, the Python version or the extras do."""
        digest = hashlib.sha256()
        for name in ("pyproject.toml", "constraints.txt"):
            with open(os.path.join(self.root, name), "rb") as file:
                digest.update(file.read())
        digest.update(repr((version, sorted(extras))).encode("utf-8"))
        return digest.hexdigest()

    def ready(self, extras: Sequence[str]) -> bool:
        stamp = self.read_stamp()
        return bool(stamp) and with_parts(extras) <= frozenset(stamp["extras"]) and stamp["hash"] == self.fingerprint(
            stamp["version"], stamp["extras"]
        )

    def prepare(self, extras: Sequence[str]) -> None:
        """Have an environment with at least these extras: look, and only where needed make or add."""
        if self.ready(extras):
            return
        # A whole environment stays, whichever Python runs this file: it may be all that a person offline has.
        stamp = self.read_stamp()
        if not stamp:
            require_venv_parts(self.machine)
            self.refuse_or_announce_remaking()
        installed = frozenset(stamp.get("extras", []))
        wanted = with_parts(extras) | installed
        self.announce([part for part in PARTS if part in wanted - installed or (part == "core" and not stamp)])
        if not stamp:
            self.make()
        self.install(sorted(wanted))
        self.write_stamp(stamp or {"version": self.running_version(), "made_with": self.machine.python}, sorted(wanted))

    def announce(self, new: Sequence[str]) -> None:
        """Say what is about to happen, how large it is and about how long it takes; refuse a disk without room."""
        if not new:
            self.machine.say("The list of packages has changed. Bringing .venv up to date ...")
            return
        download, disk = sum(PARTS[part][1] for part in new), sum(PARTS[part][2] for part in new)
        free = self.machine.free_megabytes(self.root)
        if free < download + disk:
            raise Trouble(f"The disk has {free:.0f} MB free, and this needs about {download + disk} MB. Free some "
                          "space, then start again.")
        minutes = max(1, round(download / DOWNLOAD_A_MINUTE + disk / INSTALL_A_MINUTE))
        names = ", ".join(PARTS[part][0] for part in new)
        self.machine.say(f"Installing into .venv, once: {names}. About {download} MB to download, {disk} MB on disk, "
                         f"{minutes} minute{'' if minutes == 1 else 's'} on a modest connection.")

    def refuse_or_announce_remaking(self) -> None:
        """A folder without our mark is somebody else's: it is never touched."""
        if os.path.islink(self.folder) or (os.path.exists(self.folder) and not os.path.exists(self.mark)):
            raise Trouble("There is already a .venv here that Safekeeping did not make. Rename or move it, then start "
                          "again.")
        if os.path.exists(self.mark):
            self.machine.say("The folder .venv is half-made, was moved or has lost its Python; it is made again.")

    def make(self) -> None:
        """Make the environment from nothing, in place of what a broken one left."""
        os.makedirs(self.folder, exist_ok=True)
        with open(self.mark, "w", encoding="utf-8") as file:
            file.write("run.py made this folder and may remove what is in it.\n")
        for entry in list(os.scandir(self.folder)):  # all but the mark, in case a file is in use and we stop here
            if entry.path != self.mark:
                (shutil.rmtree if entry.is_dir(follow_symlinks=False) else os.remove)(entry.path)
        self.run_quietly([self.machine.python, "-m", "venv", self.folder])

    def install(self, extras: Sequence[str]) -> None:
        """One pip run for all, under the pinned list, with the course itself linked and not copied."""
        self.run_quietly([
            self.python, "-m", "pip", "install", "--no-input", "--no-user", "--disable-pip-version-check",
            "--retries", "3", "--progress-bar", "off", "-c", "constraints.txt", "-e", f".[{','.join(extras)}]",
        ])

    def run_quietly(self, command: Sequence[str]) -> None:
        """Run a step of the installation; turn its failure into a sentence with the remedy."""
        if self.machine.call_quietly(command, self.root, self.log) == 0:
            return
        with open(self.log, encoding="utf-8", errors="replace") as file:
            words = file.read()
        for marks, sentence in REMEDIES:
            if any(mark in words.lower() for mark in marks):
                raise Trouble(sentence)
        lines = [line.strip() for line in words.splitlines() if line.strip()] or ["no reason was given."]
        reason = ([line for line in lines if "error:" in line.lower()] or lines)[-1]
        raise Trouble(f"The installation did not finish: {reason} The whole record is in {self.log}")

    def write_stamp(self, origin: Dict[str, Any], extras: List[str]) -> None:
        """Say that all is done, in one stroke: an interrupted installation must never look finished."""
        stamp = {"place": os.path.realpath(self.folder), "made_with": origin["made_with"], "version": origin["version"],
                 "extras": extras, "hash": self.fingerprint(origin["version"], extras)}
        with open(self.stamp + ".part", "w", encoding="utf-8") as file:
            json.dump(stamp, file, indent=1)
        os.replace(self.stamp + ".part", self.stamp)


def with_parts(extras: Sequence[str]) -> FrozenSet[str]:
    return frozenset(extras).union(*[PARTS_OF.get(extra, []) for extra in extras])


# --- the commands ----------------------------------------------------------------------------------------------------

def read_words(words: Sequence[str]) -> Tuple[str, List[str]]:
    """The command and what follows it. A misspelt command is refused before anything is downloaded for it."""
    if not words or words[0] in ("--no-browser", "--port") or words[0].startswith("--port="):
        return "open", list(words)
    if words[0] in ("-h", "--help", "help"):
        return "help", []
    if words[0] == "--all":
        if len(words) > 1:
            raise Trouble("--all stands alone: python3 run.py --all", 2)
        return "--all", []
    if words[0] not in NEEDS:
        near = difflib.get_close_matches(words[0], list(NEEDS) + ["--all", "--no-browser", "--port", "--help"], 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        commands = ", ".join(sorted(NEEDS))
        raise Trouble(f"There is no command {words[0]!r}.{hint} Commands: {commands}. More: python3 run.py --help", 2)
    return words[0], list(words[1:])


def prepare_browsers(machine: Machine, environment: Environment) -> None:
    """Tests need browsers. Debian's packages where we may install them; else Playwright's own Chromium."""
    missing = [row for row in WANTED_PROGRAMS if not any(machine.which(program) for program in row[0])]
    if missing and machine.root_user and machine.which("apt-get"):
        packages = [package for _, names in missing for package in names]
        names = ", ".join(packages)
        machine.say(f"Installing for the tests: {names} (about {BROWSERS_DOWNLOAD} MB with all that they need).")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        machine.call(["apt-get", "update", "-qq"], **quiet)
        if machine.call(["apt-get", "install", "-y", "-qq", "--no-install-recommends"] + packages, **quiet):
            raise Trouble(f"The system could not install {names}. Install them by hand, then start again.")
    elif WANTED_PROGRAMS[0] in missing:
        machine.say("No Chromium found. Playwright fetches its own, once (about 180 MB).")
        if machine.call([environment.python, "-m", "playwright", "install", "chromium"]):
            raise Trouble("No browser could be installed. Install Chromium or Chrome, then start again.")


def run_benchmarks(machine: Machine, environment: Environment, names: Sequence[str]) -> int:
    """Each program in tests/bench/, or the named ones; the exit code is that of the first that failed."""
    folder = os.path.join(environment.root, "tests", "bench")
    programs = sorted(f[:-3] for f in (os.listdir(folder) if os.path.isdir(folder) else [])
                      if f.endswith(".py") and not f.startswith("_"))
    unknown = [name for name in names if name not in programs]
    if unknown or not programs:
        wrong, right = ", ".join(unknown) or "yet", ", ".join(programs) or "none"
        raise Trouble(f"There is no benchmark {wrong}; there are: {right}.", 2 if unknown else 1)
    environment.prepare(NEEDS["bench"])
    prepare_browsers(machine, environment)
    codes = []
    for program in names or programs:
        machine.say("\n== " + program)
        codes.append(machine.call([environment.python, os.path.join(folder, program + ".py")], environment.root))
    return next((code for code in codes if code), 0)


def start(words: Sequence[str], root: str, machine: Machine) -> int:
    command, rest = read_words(words)
    if command == "help":
        machine.say((__doc__ or "").strip())
        return 0
    if not OLDEST <= machine.version <= NEWEST:
        return hand_over(machine, words)
    if machine.windows and len(root) > LONGEST_WINDOWS_PATH:
        raise Trouble(f"The path of this folder has {len(root)} characters, and Windows allows {LONGEST_WINDOWS_PATH} "
                      "here. Move the folder to a short path such as C:\\safekeeping, then start again.")
    environment = Environment(root, machine)
    if command == "bench":
        return run_benchmarks(machine, environment, rest)
    notebooks = FACILITATOR_NEEDS if command == "open" and "--facilitator" in rest else []
    environment.prepare(EVERYTHING if command == "--all" else NEEDS[command] + notebooks)
    if command == "--all":
        machine.say("Everything is here. The course and all its commands now work without internet.")
        return 0
    if command == "test":
        prepare_browsers(machine, environment)
        return machine.call([environment.python, "-m", "pytest"] + rest, root)
    return machine.call([environment.python, "-m", "safekeeping", command] + rest)


def main(words: Sequence[str], root: str = ROOT, machine: Optional[Machine] = None) -> int:
    machine = machine or Machine()
    try:
        return start(words, root, machine)
    except Trouble as trouble:
        machine.say(str(trouble))
        return trouble.code
    except KeyboardInterrupt:
        machine.say("\nStopped. Nothing is lost; start again at any time.")
        return 130
    except OSError as error:
        what = error.filename or root
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
            machine.say(DISK_FULL)
        elif isinstance(error, PermissionError):
            machine.say(f"A file or folder here cannot be changed ({what}). Close programs that use it, or copy the "
                        "course to a folder of your own; then start again.")
        else:
            machine.say(f"This did not work: {error.strerror or error} ({what}). Put it right, then start again.")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
