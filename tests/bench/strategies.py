"""What a fixed habit scores in the scenarios, from 0 (the lowest path) to 100 (the authors' path)."""

from __future__ import annotations

from statistics import mean

from _measure import NotMeasured, program, table

from safekeeping import scenario
from safekeeping.author.graph import State, Story
from safekeeping.author.stock import Held
from safekeeping.author.strategies import BELOW_EACH, BELOW_SET, HALF, MOST_LONGEST, THIRD
from safekeeping.library import built_in

PLACES = ("first", "longest", "random")
STANCES = ("withdraw", "hold", "escalate")
HALVES = {"negative": ("escalate", "withdraw"), "positive": ("withdraw", "hold")}


def shortest(state: State) -> State:
    """The option with the shortest text; the first of several."""
    found: State = min(state["options"], key=lambda option: option["length"])
    return found


def scores_of(story: Story) -> dict[str, float]:
    """What each habit scores; `check` applies the same six, the shortest is told only here."""
    if not story.table or not story.scores:
        raise NotMeasured(f"{story.scenario.id} cannot be walked: run safekeeping check.")
    return story.scores | {"shortest": story.score(scenario.follow(story.table, shortest).points)}


def remarks(kind: str, scores: dict[str, float]) -> str:
    """Which limits of one scenario are not kept."""
    found = [name for name in PLACES if scores[name] > 100 - BELOW_EACH]
    if kind in HALVES:
        pair = HALVES[kind]
        found += [f"{name} in the upper half" for name in pair if scores[name] >= HALF]
        if min(scores[name] for name in pair) >= THIRD:
            found.append(f"neither {pair[0]} nor {pair[1]} in the lower third")
    else:
        found += [name for name in STANCES if scores[name] > 100 - BELOW_SET]
    return "; ".join(found) if found else "kept"


def main() -> None:
    stories = [Story(Held("scenario", one, "", "")) for one in built_in().every("scenario") if one.status == "ready"]
    names = (*STANCES, "first", "longest", "shortest", "random")
    every, rows = [], []
    for story in stories:
        scores = scores_of(story)
        every.append(scores)
        kind = story.scenario.kind
        rows.append([story.scenario.id, kind, *(f"{scores[name]:.0f}" for name in names), remarks(kind, scores)])
    over = {name: mean(scores[name] for scores in every) for name in names}
    high = [name for name in names if over[name] > 100 - BELOW_SET]
    verdict = f"NOT KEPT: {', '.join(high)}" if high else "kept"
    rows.append(["the set", "", *(f"{over[name]:.0f}" for name in names), verdict])
    table("Points of 100; the authors' path has 100", ["scenario", "kind", *names, "limits"], rows)
    print(f"\nLimits. Each scenario: {', '.join(PLACES)} at most {100 - BELOW_EACH}. Negative: escalate and withdraw")
    print(f"below {HALF:.0f}, one of them below {THIRD:.0f}; positive: withdraw and hold likewise; ambiguous: each")
    print(f"stance at most {100 - BELOW_SET}. The set: every habit at most {100 - BELOW_SET} on average.")
    steps = [(state["options"], choice) for story in stories for state, choice in story.authors or ()]
    long = sum(choice["length"] == max(option["length"] for option in options) for options, choice in steps)
    places = [sum(options.index(choice) == place for options, choice in steps) for place in range(3)]
    word = "kept" if long / len(steps) <= MOST_LONGEST else "NOT KEPT"
    print(f"On the authors' paths the best option is the longest in {long} of {len(steps)} nodes (at most")
    print(f"{MOST_LONGEST:.0%}: {word}), and stands first in {places[0]}, second in {places[1]}, third in {places[2]}.")
    print("Keys and paths are the authors': no panel has rated them.")


if __name__ == "__main__":
    program(main)
