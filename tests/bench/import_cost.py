"""What the course costs a notebook: processor time and memory, beside `import anywidget` alone."""

from __future__ import annotations

import json
import subprocess
from functools import partial
from statistics import median

from _measure import PYTHON, beside, floor, program, run, spread, table, take_turns

PEER = "import anywidget"
OURS = "from safekeeping import *"
CODES = {
    "peer": PEER,
    "import": OURS,
    "shown": f'{OURS}; first = play("sc15-new-shoes"); SHOW(first)',
}
# Both are put around the code: what it used by itself, and what the process holds afterwards.
BEFORE = "import time; _start = time.process_time()"
AFTER = """
_cpu = time.process_time() - _start
import json, pathlib, resource, sys
_file = pathlib.Path("/proc/self/status")
if _file.exists():
    _mb = next(int(line.split()[1]) for line in _file.read_text().splitlines() if line.startswith("VmRSS")) / 1e3
else:
    _mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
print(json.dumps([_cpu, _mb]))
"""
# Counts the course's content files that are opened.
COUNT = """
import sys
opened = set()
def look(event, details):
    if event == "open" and str(details[0]).endswith(".toml"): opened.add(str(details[0]))
sys.addaudithook(look)
from safekeeping import *
first = len(opened)
play("sc15-new-shoes")
print(first, len(opened))
"""


def in_interpreter(code: str) -> tuple[float, float]:
    """CPU seconds of a whole fresh process, and MB that it holds at its end."""
    code = code.replace("SHOW(first)", "first._repr_mimebundle_()")
    used = run([PYTHON, "-c", f"{BEFORE}\n{code}\n{AFTER}"])
    return used.cpu, json.loads(used.output)[1]


def in_kernel(code: str) -> tuple[float, float]:
    """CPU seconds of the code alone in a fresh kernel, and MB that the kernel holds afterwards."""
    from jupyter_client.manager import start_new_kernel

    said: list[str] = []
    manager, client = start_new_kernel(kernel_name="python3", stderr=subprocess.DEVNULL)
    try:
        reply = client.execute_interactive(
            f"{BEFORE}\n{code.replace('SHOW', 'display')}\n{AFTER}",
            output_hook=lambda message: said.append(message["content"].get("text", "")),
            timeout=60,
        )
        assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    cpu, megabytes = json.loads("".join(said).strip().splitlines()[-1])
    return cpu, megabytes


def main() -> None:
    rows, memory = [], []
    for where, measure in (("kernel", in_kernel), ("interpreter", in_interpreter)):
        found = take_turns({name: partial(measure, code) for name, code in CODES.items()})
        cpu = {name: [one[0] for one in values] for name, values in found.items()}
        held = {name: [one[1] for one in values] for name, values in found.items()}
        rows.append(beside(f"import, fresh {where}", cpu["import"], cpu["peer"], 1.3))
        rows.append(beside(f"import and first exercise, fresh {where}", cpu["shown"], cpu["peer"], 2.0))
        for name, what in (("import", "import"), ("shown", "import and first exercise")):
            over = median(held[name]) - median(held["peer"])
            verdict = floor(over, 5.0, 1) if where == "kernel" else ["told only", ""]  # the floor is about kernels
            figures = [spread(held[name], 1), spread(held["peer"], 1), f"{over:+.1f}"]
            memory.append([f"{what}, fresh {where}", *figures, *verdict])
    table(
        f"CPU seconds: {OURS}, beside {PEER} (a kernel: the code alone; an interpreter: the whole process)",
        ["what", "ours", "peer", "ratio", "must be", ""],
        rows,
    )
    table("Memory held afterwards, MB", ["what", "ours", "peer", "over", "must be", ""], memory)
    first, after = run([PYTHON, "-c", COUNT]).output.split()
    print(f"\nContent files opened by the import: {first}; after the first exercise: {after}.")
    bare = take_turns({"bare": lambda: run([PYTHON, "-c", "pass"]).cpu})["bare"]
    print(f"For scale: an interpreter that does nothing uses {spread(bare, 3)} CPU seconds.")


if __name__ == "__main__":
    program(main)
