"""Rules for one item, one pair or one set: parts, keys, wording, and which items may stand together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import mean

from ..faults import listed
from ..records import Item
from .rules import Finding, Findings, judged, rule
from .stock import Held, Stock

RATIO = (0.7, 1.3)  # length of the key against the mean of the others
NEGATIVE = re.compile(r"\b(?:not|never|except|least|without|cannot|\w+n['’]t)\b", re.IGNORECASE)
ALL_OR_NONE = re.compile(
    r"\b(?:all|none|any|both|neither) of (?:the above|these|them|the (?:other )?(?:options|answers))\b|"
    r"\b(?:both )?[abc] and [abc]\b",
    re.IGNORECASE,
)
# Only words that are absolute in any sentence; "all", "only" and "every" are often right, and go to human readers.
ABSOLUTE = re.compile(
    r"\b(?:always|never|completely|totally|entirely|absolutely|impossible|guaranteed|everyone|everybody|nobody|no one|"
    r"in every case|under no circumstances|all children|no child|every child)\b",
    re.IGNORECASE,
)
# The parts that each type has; any other part is a slip.
PARTS = {
    "MC": {"options"}, "MR": {"accurate", "scale"}, "SJ": {"actions", "scale"}, "CL": {"categories", "cases"},
    "SEQ": {"steps"}, "SR": {"criteria", "model", "levels"},
}  # fmt: skip
EVERY_PART = set().union(*PARTS.values())
IN_SET = {"quiz": {"MC", "MR", "SJ", "SR"}, "sort": {"CL", "SEQ"}, "pairs": {"SJ", "MC", "MR", "SR"}}


def _items(stock: Stock, *types: str) -> Iterator[tuple[Held, Item]]:
    """Every item in use of these types (or of any)."""
    return ((held, held.record) for held in stock.live("item") if not types or held.record.type in types)


def part_texts(item: Item) -> list[tuple[str, str]]:
    """What a learner chooses from: path of keys and text."""
    groups = (("option", item.options), ("action", item.actions), ("case", item.cases), ("step", item.steps))
    return [(f"{name}[{part.id}].text", part.text) for name, parts in groups for part in parts]


@rule
def one_key(stock: Stock) -> Findings:
    """A single-best-answer item has three options and one key. Cannot see: a second option that is right too."""
    for held, item in _items(stock, "MC"):
        keys = [option.id for option in item.options if option.key]
        if len(item.options) != 3:
            remedy = "Write one key and two others that a caring adult might choose."
            yield Finding(held.spot(), f"{len(item.options)} options", "three", remedy)
        if len(keys) != 1:
            came = f"{len(keys)} options with key = true" + (f": {listed(keys)}" if keys else "")
            yield Finding(held.spot(), came, "exactly one", "Write key = true at the one best answer.")


@rule
def item_parts(stock: Stock) -> Findings:
    """Each type has its own parts, complete, and no others. Cannot see: whether a model answer is good.

    SJ: two to five actions with keys 1 to 5. CL: categories that exist and are each used. SEQ: three to five steps.
    SR: model, criteria and four levels. MR: the accurate sentence.
    """
    for held, item in _items(stock):
        for name in sorted(EVERY_PART - PARTS[item.type]):
            if getattr(item, name):
                allowed = listed(sorted(PARTS[item.type]))
                yield Finding(held.spot(), f"{name} on a {item.type} item", allowed, "Take it out or change the type.")
        for at, came, allowed in _incomplete(item):
            yield Finding(held.spot(at), came, allowed, "Complete the item; FORMAT.md lists the parts of each type.")


def _incomplete(item: Item) -> Iterator[tuple[str, str, str]]:
    if item.type == "SJ":
        if not 2 <= len(item.actions) <= 5:
            yield "", f"{len(item.actions)} actions", "two to five"
        for action in item.actions:
            if not 1 <= action.key <= 5:
                yield f"action[{action.id}].key", f"key = {action.key}", "1 to 5"
    elif item.type == "CL":
        groups = {category.id for category in item.categories}
        used = {case.category for case in item.cases}
        if len(groups) < 2 or not item.cases:
            yield "", f"{len(groups)} categories and {len(item.cases)} cases", "two or more categories, and cases"
        for case in item.cases:
            if case.category not in groups:
                yield f"case[{case.id}].category", f'"{case.category}"', listed(sorted(groups))
        for group in sorted(groups - used):
            yield f"category[{group}]", "a category without a case", "at least one case each"
    elif item.type == "SEQ" and not 3 <= len(item.steps) <= 5:
        yield "", f"{len(item.steps)} steps", "three to five"
    elif item.type == "SR":
        for name in ("model", "criteria"):
            if not getattr(item, name):
                yield "", f"no {name}", "a model answer and criteria"
        if len(item.levels) != 4:
            yield "", f"{len(item.levels)} levels", "four, for 0 to 3"
    elif item.type == "MR" and not item.accurate:
        yield "", "no accurate sentence", "the accurate sentence, which comes before the myth"


@judged
def key_length(stock: Stock) -> Findings:
    """The key is 0.7 to 1.3 times as long as the mean of the others, in characters. Cannot see: detail as a clue."""
    for held, item in _items(stock, "MC"):
        keys = [len(option.text) for option in item.options if option.key]
        others = [len(option.text) for option in item.options if not option.key]
        if len(keys) == 1 and others and not RATIO[0] <= keys[0] / mean(others) <= RATIO[1]:
            came = f"{keys[0]} characters against {mean(others):.0f} on average ({keys[0] / mean(others):.2f})"
            yield Finding(held.spot(), came, "0.7 to 1.3 times the others", "Make the options equally long.")


@judged
def question_stem(stock: Stock) -> Findings:
    """A stem with options ends in a question, or holds one. Cannot see: a question that needs the options."""
    for held, item in _items(stock, "MC"):
        if "?" not in item.stem:
            yield Finding(held.spot("stem"), "a stem without a question", "a full question", "Ask it: end with “?”.")


@judged
def negative(stock: Stock) -> Findings:
    """The question of a stem has no negative word. Cannot see: a negative thought without one."""
    for held, item in _items(stock, "MC"):
        for question in re.findall(r"[^.!?]*\?", item.stem):
            quoted = re.sub(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘][^'’]*['’](?!\w)", "", question)
            word = NEGATIVE.search(quoted)
            if word:
                remedy = "Ask for what is right; or say why it must be negative, in because."
                yield Finding(held.spot("stem"), f'"{word[0]}" in the question', "no negative", remedy)


@judged
def all_or_none(stock: Stock) -> Findings:
    """No option is "all of the above", "none of these" or "A and B". Cannot see: the same in other words."""
    for held, item in _items(stock, "MC", "SJ"):
        for at, text in part_texts(item):
            found = ALL_OR_NONE.search(text)
            if found:
                yield Finding(held.spot(at), f'"{found[0]}"', "an answer of its own", "Write a third real option.")


@judged
def absolute(stock: Stock) -> Findings:
    """No option has a word that is absolute in any sentence: a clue.

    Cannot see: "all", "only" and "every", which are often right and go to human readers.
    """
    for held, item in _items(stock, "MC"):
        for at, text in part_texts(item):
            found = ABSOLUTE.search(text)
            if found:
                yield Finding(held.spot(at), f'"{found[0]}"', "no absolute word", "Say it as somebody would.")


@rule
def no_basis(stock: Stock) -> Findings:
    """Every item names the claims it rests on. Cannot see: whether they carry the key."""
    for held, item in _items(stock):
        if not item.basis:
            yield Finding(held.spot(), "no basis", "ids of claims", 'Add basis = ["claim-id"].')


@rule
def pair(stock: Stock) -> Findings:
    """A pair is two SJ items, a and b, with the same actions and keys and other stems. Cannot see: a second difference
    in the stems."""
    pairs: dict[str, list[tuple[Held, Item]]] = {}
    for held, item in _items(stock):
        if bool(item.pair) != bool(item.variant):
            yield Finding(held.spot(), "pair without variant, or variant without pair", "both", "Add the other one.")
        if item.pair:
            pairs.setdefault(item.pair, []).append((held, item))
    for name, both in pairs.items():
        held, first = both[0]
        if sorted(item.variant for _, item in both) != ["a", "b"]:
            came = f"variants {', '.join(item.variant or '(none)' for _, item in both)} of pair “{name}”"
            yield Finding(held.spot("variant"), came, "one a and one b", "Complete the pair.")
            continue
        second = both[1][1]
        if first.type != "SJ" or second.type != "SJ":
            yield Finding(held.spot("type"), f"{first.type} and {second.type}", "two SJ items", "Change the type.")
        elif [(a.text, a.key) for a in first.actions] != [(a.text, a.key) for a in second.actions]:
            came = f"other actions or keys than “{second.id}”"
            yield Finding(held.spot(), came, "the same actions and keys", "Let only the stem differ.")
        if first.stem == second.stem:
            yield Finding(held.spot("stem"), "the same stem twice", "one detail changed", "Change one detail.")


@rule
def duplicate_stem(stock: Stock) -> Findings:
    """No two items ask the same. Cannot see: the same question in other words."""
    first: dict[str, Held] = {}
    for held, item in _items(stock):
        words = " ".join(item.stem.lower().split())
        if words in first and not item.pair:
            came = f"the stem of “{first[words].id}”"
            yield Finding(held.spot("stem"), came, "a stem of its own", "Ask something else, or retire one.")
        first.setdefault(words, held)


@rule
def set_items(stock: Stock) -> Findings:
    """A set holds items of its kind, at least one, none for tests, none twice; pairs are not side by side.

    Cannot see: whether the order teaches well.
    """
    items = {held.id: held.record for held in stock.live("item")}
    for held in stock.live("set"):
        one = held.record
        if not one.items or len(set(one.items)) < len(one.items):
            yield Finding(held.spot("items"), "no items, or one twice", "items, each once", "Correct the list.")
        for i, name in enumerate(one.items):
            item, spot = items.get(name), held.spot(f"items[{i}]")
            if item is None:
                continue
            if item.use == "test":
                remedy = "Take it out: a test item never travels with its key."
                yield Finding(spot, f'"{name}", a test item', "practice items", remedy)
            if item.type not in IN_SET[one.kind] or (item.pair and one.kind != "pairs"):
                allowed = "paired items in a pairs set; " + listed(sorted(IN_SET[one.kind]))
                yield Finding(spot, f"{item.type} in a {one.kind} set", allowed, "Move it, or change the set's kind.")
            before = items.get(one.items[i - 1]) if i else None
            if item.pair and before is not None and before.pair == item.pair:
                remedy = "Put another item between the two."
                yield Finding(spot, f"both of pair “{item.pair}” side by side", "other items between", remedy)
