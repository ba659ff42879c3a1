"""How often a habit of guessing is right in the single-best-answer items, beside chance."""

from __future__ import annotations

from _measure import program, table

from safekeeping.author.banks import HABITS, NEAR_CHANCE
from safekeeping.library import built_in
from safekeeping.records import Item

FEWEST = 20  # below that many items a habit is only told, not judged


def share(item: Item, habit: str) -> float:
    """The chance that a habit picks the key: 1, 0, or a share where it cannot decide."""
    weights = HABITS[habit](item)
    best = [option.key for option, weight in zip(item.options, weights, strict=True) if weight == max(weights)]
    return sum(best) / len(best)


def main() -> None:
    library = built_in()
    module_of = {one.id: module.id for module in library.every("module") for one in module.objectives}
    every = [item for item in library.every("item") if item.type == "MC" and len(item.options) == 3]
    banks: dict[str, list[Item]] = {}
    for item in every:
        banks.setdefault(module_of.get(item.objective, "no module"), []).append(item)
    banks["all"] = every
    for form in library.every("instrument"):
        if form.kind == "knowledge":
            banks[form.id] = [library.get("item", id) for id in form.items]
    rows = []
    for name, bank in banks.items():
        for habit in HABITS:
            right = 100 * sum(share(item, habit) for item in bank) / len(bank)
            chance = 100 * sum(1 / len(item.options) for item in bank) / len(bank)
            far = right - chance
            word = "few items" if len(bank) < FEWEST else "reached" if abs(far) <= NEAR_CHANCE else "NOT REACHED"
            rows.append([name, str(len(bank)), habit, f"{right:.1f}", f"{chance:.1f}", f"{far:+.1f}", word])
    head = ["module or form", "items", "habit", "right, %", "chance, %", "distance", ""]
    table(f"Guessing; the distance from chance must be at most {NEAR_CHANCE:.0f} points", head, rows)
    print("\nA tie counts as a share. All MC items, practice and test. Keys are the authors': no panel has rated them.")


if __name__ == "__main__":
    program(main)
