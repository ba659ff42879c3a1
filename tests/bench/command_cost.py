"""What the two quick commands cost, beside an interpreter that does nothing."""

from __future__ import annotations

from statistics import median

from _measure import PYTHON, floor, program, run, spread, table, take_turns

LIMITS = {"--help": 0.15, "check": 1.5}  # CPU seconds


def main() -> None:
    found = take_turns(
        {
            "unit": lambda: run([PYTHON, "-c", "pass"]),
            "--help": lambda: run([PYTHON, "-m", "safekeeping", "--help"]),
            "check": lambda: run([PYTHON, "-m", "safekeeping", "check"], codes=(0, 1)),
        }
    )
    unit = [one.cpu for one in found["unit"]]
    rows = [["python -c pass", spread(unit, 3), "1.0", f"{found['unit'][0].rss:.0f}", "", ""]]
    for name, most in LIMITS.items():
        cpu, memory = [one.cpu for one in found[name]], f"{found[name][0].rss:.0f}"
        times = f"{median(cpu) / median(unit):.1f}"
        rows.append([f"safekeeping {name}", spread(cpu, 3), times, memory, *floor(median(cpu), most)])
    table("CPU seconds of a whole command", ["command", "CPU s", "units", "MB", "must be", ""], rows)
    print("\nThe check said: " + (found["check"][-1].output.strip().splitlines() or ["nothing"])[-1])


if __name__ == "__main__":
    program(main)
