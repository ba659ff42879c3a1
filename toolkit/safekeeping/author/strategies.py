"""Rules over scenarios together: nobody does well by a habit, and no group of people holds one part."""

from __future__ import annotations

from collections import Counter
from statistics import mean

from .graph import Story, longest, stories
from .rules import Finding, Findings, judged, rule
from .stock import Spot, Stock

BELOW_EACH = 10  # points of 100 below the authors' path, in each scenario: first, longest, random
BELOW_SET = 25  # on average over the set, each strategy
HALF, THIRD = 50.0, 100 / 3
MOST_LONGEST = 0.40
BALANCE = (0.25, 0.42)  # share of each position, once there are twelve nodes
FEWEST_NODES = 12
MOST_GENDER, PART_FROM = 0.70, 5
SHARE_FORMS, SHARE_OPEN = 0.40, 0.25
WHOLE_SET = 19  # scenarios that the course plans to show; shares are only told before that


def _shown(stock: Stock) -> list[Story]:
    """The stories of the parts; micro stories stand in boosters and are not counted among them."""
    return [one for one in stories(stock) if one.scenario.status == "ready" and one.scenario.size == "full"]


def _spot(stories: list[Story]) -> Spot:
    """A place for what is true of the set: the folder of its scenarios."""
    return Spot(stories[0].held.file.rpartition("/")[0] + "/" if stories else "scenarios/")


@judged
def strategies(stock: Stock) -> Findings:
    """In one scenario no habit does well: first, longest and random at least 10 below; by kind also the stances.

    Negative: always escalate and always withdraw below 50, one of them below a third; positive: withdraw and hold
    likewise; ambiguous: each stance at least 25 below. Cannot see: a habit other than these six.
    """
    for story in stories(stock):
        scores = story.scores
        if not scores:
            continue
        spot = story.held.spot("authors_path")
        for name in ("first", "longest", "random"):
            if scores[name] > 100 - BELOW_EACH:
                came = f'"{name}" scores {scores[name]:.0f} of 100'
                yield Finding(
                    spot, came, f"at most {100 - BELOW_EACH}", "Move the best option, or change lengths or points."
                )
        kind = story.scenario.kind
        pair = {"negative": ("escalate", "withdraw"), "positive": ("withdraw", "hold")}.get(kind)
        if pair is None:
            for name in ("withdraw", "hold", "escalate"):
                if scores[name] > 100 - BELOW_SET:
                    came = f'"always {name}" scores {scores[name]:.0f} of 100 in an ambiguous story'
                    yield Finding(spot, came, f"at most {100 - BELOW_SET}", "Let one node ask for another stance.")
            continue
        high = [name for name in pair if scores[name] >= HALF]
        if high or min(scores[name] for name in pair) >= THIRD:
            came = ", ".join(f'"always {name}" scores {scores[name]:.0f}' for name in pair) + f" in a {kind} story"
            yield Finding(spot, came, "both below 50, one of them below 33.4", "Look at the points on those paths.")


@rule
def set_strategies(stock: Stock) -> Findings:
    """Over the shown set each habit scores on average at least 25 below. Cannot see: stories that cannot be walked."""
    shown = [story for story in _shown(stock) if story.scores]
    for name in shown[0].scores if shown else ():
        score = mean(story.scores[name] for story in shown)
        if score > 100 - BELOW_SET:
            came = f'"{name}" scores {score:.0f} of 100 on average over {len(shown)} scenarios'
            remedy = "Let more nodes ask for something else."
            yield Finding(_spot(shown), came, f"at most {100 - BELOW_SET}", remedy)


@rule
def best_longest(stock: Stock) -> Findings:
    """The best option is the longest in at most 40 % of nodes on authors' paths. Cannot see: other languages."""
    steps = [step for story in _shown(stock) for step in story.authors or ()]
    count = sum(longest(state)["id"] == choice["id"] for state, choice in steps)
    if steps and count / len(steps) > MOST_LONGEST:
        came = f"{count} of {len(steps)} nodes"
        remedy = "Shorten best options, or say more in the others."
        yield Finding(_spot(_shown(stock)), came, "at most 40 % of nodes with the best option the longest", remedy)


@rule
def best_position(stock: Stock) -> Findings:
    """From twelve nodes on, the best option stands first, second or third in 25 to 42 % each. Cannot see: a pattern in
    the order of positions."""
    shown = _shown(stock)
    places = Counter(
        [option["id"] for option in state["options"]].index(choice["id"])
        for story in shown
        for state, choice in story.authors or ()
    )
    total = sum(places.values())
    off = [p for p in range(3) if not BALANCE[0] <= places[p] / max(total, 1) <= BALANCE[1]]
    if total >= FEWEST_NODES and off:
        came = ", ".join(f"{name} {places[p]}" for p, name in enumerate(("first", "second", "third"))) + f" of {total}"
        yield Finding(_spot(shown), came, "each position in 25 to 42 % of nodes", "Move options within some nodes.")


@rule
def person_balance(stock: Stock) -> Findings:
    """No gender holds more than 70 % of a part that occurs five times. Cannot see: gender or background told only in
    the text, or patterns between names and parts (CONTRIBUTING's reading list)."""
    shown = _shown(stock)
    parts: dict[str, Counter[str]] = {}
    for story in shown:
        for person in story.scenario.persons:
            kind = {"girl": "girl or woman", "woman": "girl or woman", "boy": "boy or man", "man": "boy or man"}
            parts.setdefault(person.part, Counter())[kind.get(person.gender, person.gender)] += 1
    for part, genders in parts.items():
        total = sum(genders.values())
        gender, count = genders.most_common(1)[0]
        if total >= PART_FROM and gender != "unstated" and count / total > MOST_GENDER:
            came = f"{count} of {total} people with the part “{part}” are “{gender}”"
            yield Finding(_spot(shown), came, "at most 70 % of one gender", "Recast somebody.")


@rule
def shares(stock: Stock) -> Findings:
    """At least a quarter of shown scenarios are negative or ambiguous, and 40 % show forms that are often missed.

    The forms are what each scenario states in ``forms``. A notice until the whole set stands, then a fault with
    ``--release``. Cannot see: whether a stated form is really what the story is about.
    """
    shown = _shown(stock)
    if not shown:
        return
    is_open = sum(story.scenario.kind != "positive" for story in shown)
    missed = sum(bool(story.scenario.forms) for story in shown)
    notice = not stock.release or len(shown) < WHOLE_SET
    for count, share, what in (
        (is_open, SHARE_OPEN, "negative or ambiguous"),
        (missed, SHARE_FORMS, "of a form that is often missed"),
    ):
        if count / len(shown) < share:
            came, allowed = f"{count} of {len(shown)} scenarios {what}", f"at least {share:.0%}"
            yield Finding(_spot(shown), came, allowed, "Write or recast a scenario.", notice)

