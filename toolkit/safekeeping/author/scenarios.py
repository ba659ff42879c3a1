"""Rules for one scenario at a time: its graph, its parts, its people, its authors' path."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from .. import scenario as engine
from ..faults import listed, near
from ..records import Option, texts
from .graph import Story, asked, stories, targets
from .rules import Finding, Findings, judged, rule
from .stock import Stock

PATH = {"full": range(3, 7), "micro": range(1, 4)}  # decisions on one path, by size
FEWEST_ENDINGS = {"full": 3, "micro": 2}
WAYS = 3  # options at a node


def _options(story: Story) -> Iterator[tuple[str, Option]]:
    """Every option with its path of keys."""
    for node in story.scenario.nodes:
        for option in node.options:
            yield f"node[{node.id}].option[{option.id}]", option


@rule
def one_start(stock: Stock) -> Findings:
    """Exactly one node has ``start = true``. Cannot see: whether the story really begins there."""
    for story in stories(stock):
        starts = [node.id for node in story.scenario.nodes if node.start]
        if len(starts) != 1:
            came = f"{len(starts)} nodes with start = true: {listed(starts)}" if starts else "no node with start = true"
            remedy = "Write start = true on the node where the story begins, and on no other."
            yield Finding(story.held.spot(), came, "exactly one", remedy)


@rule
def unreachable_node(stock: Stock) -> Findings:
    """Some choice leads to every node. Cannot see: whether anyone would make that choice."""
    for story in stories(stock):
        if not story.table:
            continue
        seen = {state["node"] for state in story.table["states"].values()}
        for name in story.nodes:
            if name not in seen:
                remedy = "Let an option go_to it, or take the node out."
                yield Finding(
                    story.held.spot(f"node[{name}]"), "a node that no path reaches", "every node reached", remedy
                )


@rule
def dead_end(stock: Stock) -> Findings:
    """A node that is no ending has options, an ending has none. Cannot see: an ending that feels like no ending."""
    for story in stories(stock):
        for node in story.scenario.nodes:
            spot = story.held.spot(f"node[{node.id}]")
            if not node.options and not node.ending:
                yield Finding(
                    spot, "a node without options", "options, or ending = true", "Add options or end it here."
                )
            if node.options and node.ending:
                remedy = "Take ending = true away, or take the options out."
                yield Finding(spot, "an ending with options", "options, or ending = true", remedy)


@rule
def hidden_options(stock: Stock) -> Findings:
    """Exactly three options are offered, whatever was chosen before. Cannot see: whether all three are plausible."""
    for story in stories(stock):
        seen: set[tuple[str, int]] = set()
        for key, state in (story.table or {"states": {}})["states"].items():
            count = len(state["options"])
            node = story.nodes[state["node"]]
            broken = any(name not in story.nodes for name in targets(node))  # told as an unknown id
            if state["ending"] or not node.options or broken or count == WAYS or (node.id, count) in seen:
                continue
            seen.add((node.id, count))
            flags = key.partition("|")[2].replace("+", ", ")
            came = f"{count} options" + (f" once {flags} is set" if flags else "")
            remedy = "Write three, each one that a caring adult might take; look at needs and unless."
            yield Finding(story.held.spot(f"node[{node.id}]"), came, "three", remedy)


@rule
def endless_cycle(stock: Stock) -> Findings:
    """From every state an ending can be reached. Cannot see: how often a learner would go round."""
    for story in stories(stock):
        if not story.table:
            continue
        states = story.table["states"]
        out = {key for key, state in states.items() if state["ending"]}
        grown = True
        while grown:
            more = {k for k, s in states.items() if k not in out and any(o["to"] in out for o in s["options"])}
            out |= more
            grown = bool(more)
        stuck = dict.fromkeys(s["node"] for k, s in states.items() if k not in out and s["options"])
        if stuck:
            came = f"no way to an ending from {listed(stuck)}"
            remedy = "Let one option there lead on to an ending."
            yield Finding(story.held.spot(f"node[{next(iter(stuck))}]"), came, "a way out of every cycle", remedy)


@judged
def path_length(stock: Stock) -> Findings:
    """Every path has three to six decisions, in a micro story one to three; no state counts twice. Cannot see: how
    long a learner thinks."""
    for story in stories(stock):
        allowed = PATH[story.scenario.size]
        odd = [path for path in story.paths if len(path.steps) not in allowed]
        if odd:
            worst = max(odd, key=lambda path: abs(len(path.steps) - 4.5))
            steps = " > ".join(f"{state.partition('|')[0]}.{option}" for state, option in worst.steps)
            came = f"{len(odd)} of {len(story.paths)} paths, for example one of {len(worst.steps)}: {steps}"
            remedy = "Add a decision to a path that is too short; let a long one meet another."
            yield Finding(story.held.spot(), came, f"{allowed[0]} to {allowed[-1]} decisions on every path", remedy)


@rule
def too_many_states(stock: Stock) -> Findings:
    """Nodes and flags unfold to at most 2,000 states. Cannot see: which flag could go."""
    for story in stories(stock):
        if story.table is None and sum(node.start for node in story.scenario.nodes) == 1:
            came, allowed = f"more than {engine.MOST_STATES} states", f"at most {engine.MOST_STATES}"
            yield Finding(story.held.spot(), came, allowed, "Use fewer flags, or let paths meet again.")


@judged
def endings(stock: Stock) -> Findings:
    """There are at least three endings, in a micro story two. Cannot see: whether they differ in what they teach."""
    for story in stories(stock):
        count = sum(node.ending for node in story.scenario.nodes)
        fewest = FEWEST_ENDINGS[story.scenario.size]
        if count < fewest:
            came, remedy = f"{count} endings", "Let choices matter: give the story another way to close."
            yield Finding(story.held.spot(), came, f"at least {fewest}", remedy)


@judged
def repair(stock: Stock) -> Findings:
    """At least one node lets a mistake be mended; a micro story may be too short for it. Cannot see: whether it truly
    mends anything."""
    for story in stories(stock):
        if story.scenario.size == "full" and not any(node.repair for node in story.scenario.nodes):
            remedy = "Mark the node where a mistake can be put right with repair = true, or write one."
            yield Finding(story.held.spot(), "no node with repair = true", "at least one", remedy)


@judged
def consult(stock: Stock) -> Findings:
    """The authors' path consults somebody or waits at least once. Cannot see: a move with the wrong label."""
    for story in stories(stock):
        moves = [story.option(state, choice).move for state, choice in story.authors or ()]
        if moves and not {"consult", "wait"} & set(moves):
            remedy = 'Let the authors\' path ask a second head (move = "consult") or wait (move = "wait").'
            came = f"moves {', '.join(moves)}"
            yield Finding(story.held.spot("authors_path"), came, "one consult or wait", remedy)


@rule
def authors_path(stock: Stock) -> Findings:
    """The authors' path is a path, from the start to an ending. Cannot see: whether other experts would take it."""
    for story in stories(stock):
        if story.table and story.authors is None:
            came = " > ".join(story.scenario.authors_path) or "nothing"
            allowed = "node.option, step by step, from the start to an ending"
            yield Finding(story.held.spot("authors_path"), came, allowed, "Walk the story and name each step.")


@rule
def best_path(stock: Stock) -> Findings:
    """The authors' path alone has the most points. Cannot see: whether the points are just."""
    for story in stories(stock):
        if not story.authors or not story.paths:
            continue
        own = tuple(choice["id"] for _, choice in story.authors)
        points = sum(choice["points"] for _, choice in story.authors)
        rivals = [p for p in story.paths if p.points >= points and tuple(o for _, o in p.steps) != own]
        if rivals:
            best = max(rivals, key=lambda path: path.points)
            way = " > ".join(f"{state.partition('|')[0]}.{option}" for state, option in best.steps)
            came = f"{points} points, and {best.points} for {way}"
            yield Finding(
                story.held.spot("authors_path"), came, "more points than any other path", "Look at the points."
            )


@rule
def points(stock: Stock) -> Findings:
    """Points are -2 to 2, by principles that the scenario names. Cannot see: whether they are just."""
    for story in stories(stock):
        for at, option in _options(story):
            for name, value in option.points.items():
                if not -2 <= value <= 2:
                    spot = story.held.spot(f"{at}.points")
                    yield Finding(spot, f"{name} = {value}", "-2 to 2", "Use a whole number from -2 to 2.")
                if name not in story.scenario.principles:
                    hint = near(name, story.scenario.principles) or "Name it in principles, or use one of those."
                    spot = story.held.spot(f"{at}.points")
                    yield Finding(spot, f'the principle "{name}"', listed(story.scenario.principles), hint)


@rule
def flags(stock: Stock) -> Findings:
    """Every flag is set somewhere, used somewhere and explained. Cannot see: a flag that is used too late."""
    for story in stories(stock):
        nodes = story.scenario.nodes
        put = {flag for _, option in _options(story) for flag in option.set}
        used = set().union(*(asked(node) for node in nodes)) if nodes else set()
        told = {flag.id for flag in story.scenario.flags}
        for flag in sorted(put ^ used):
            came = f'"{flag}" is set and never used' if flag in put else f'"{flag}" is used and never set'
            hint = near(flag, (put | used) - {flag}) or "Take it out, or complete it."
            yield Finding(story.held.spot(_flag_at(story, flag)), came, "flags that are set and used", hint)
        for flag in sorted((put & used) - told):
            remedy = f'Add [[flag]] with id = "{flag}" and text, words that complete "If …" on paper.'
            yield Finding(
                story.held.spot(_flag_at(story, flag)), f'"{flag}" without words', "a [[flag]] for each", remedy
            )


def _flag_at(story: Story, flag: str) -> str:
    """The first option that sets a flag or asks about it."""
    for at, option in _options(story):
        if flag in (*option.set, *option.needs, *option.unless, *(turn.flag for turn in option.go_if)):
            return at
    return next((f"node[{node.id}]" for node in story.scenario.nodes if flag in asked(node)), "")


@rule
def known_unknown(stock: Stock) -> Findings:
    """A node with options says what is known and not known, and asks a full question. Cannot see: a missing fact."""
    for story in stories(stock):
        for node in story.scenario.nodes:
            if node.ending or not node.options:
                continue
            spot = story.held.spot(f"node[{node.id}]")
            for name in ("known", "unknown"):
                if not getattr(node, name):
                    remedy = f"Add {name} with two to four short facts."
                    yield Finding(spot, f"no {name}", "what is known and what is not", remedy)
            if not node.question.rstrip("\"'”’ ").endswith("?"):
                came = f'"{node.question}"' if node.question else "no question"
                yield Finding(spot, came, "a full question", "Ask the learner what to do, say or write.")


@judged
def feedback(stock: Stock) -> Findings:
    """Feedback and consequence of an option say something: eight words and four. Cannot see: whether they help."""
    for story in stories(stock):
        for at, option in _options(story):
            for name, fewest in (("feedback", 8), ("consequence", 4)):
                words = len(getattr(option, name).split())
                if 0 < words < fewest:  # none at all is told as an empty text
                    remedy = "Say what is right in the choice, what it does, which principle, and what to do next."
                    yield Finding(story.held.spot(f"{at}.{name}"), f"{words} words", f"at least {fewest}", remedy)


@rule
def fictional(stock: Stock) -> Findings:
    """A scenario says that it is fictional. Cannot see: whether it resembles a real case."""
    for story in stories(stock):
        if not story.scenario.fictional:
            yield Finding(
                story.held.spot("fictional"), "fictional = false", "fictional = true", "Use invented stories only."
            )


@judged
def persons(stock: Stock) -> Findings:
    """Listed people occur in the story, once each; exploiters and buyers have no background.

    Somebody without a name ("the woman at the desk") occurs if one of the words does. Cannot see: a person left out.
    """
    for story in stories(stock):
        words = " ".join(text for _, text in texts(story.scenario))
        if not story.scenario.persons:
            yield Finding(story.held.spot(), "no [[person]]", "everyone in the story", "List the people of the story.")
        for i, person in enumerate(story.scenario.persons):
            spot = story.held.spot(f"person[{i}]")
            if not _occurs(person.name, words):
                yield Finding(
                    spot, f'"{person.name}", who is not in the text', "people of the story", "Correct the name."
                )
            if person.part in ("exploiter", "buyer") and person.background:
                remedy = "Take the background out: it would tie harm to a group of people."
                yield Finding(spot, f'background "{person.background}"', "no background", remedy)
        names = Counter(person.name for person in story.scenario.persons)
        for name, count in names.items():
            if count > 1:
                yield Finding(story.held.spot(), f'"{name}" listed {count} times', "each person once", "Remove one.")


def _occurs(name: str, words: str) -> bool:
    described = re.findall(r"\b(?!the\b|and\b)[a-z0-9]{3,}\b", name)
    return any(re.search(rf"\b{re.escape(one)}\b", words, re.IGNORECASE) for one in (name, *described))
