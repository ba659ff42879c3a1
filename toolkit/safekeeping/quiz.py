"""Items: compiled to flat tables, marked, and chosen by objective and seed. Pure functions.

`compile` turns every choice, rating or order into points and feedback ids, so that a front end looks up and never
decides. Keys are authors' keys: no panel has rated them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from random import Random
from typing import Any

from .faults import ContentError, Fault, WrongCall
from .records import Item, ItemSet, texts

TABLE = 1  # version of the compiled table
MOST_STEPS = 5  # steps of a sequence: 120 orders

# Never drawn for mastery and never marked: they have no single authors' answer, or are a prompt for reflection.
NOT_SCORABLE = {"MR", "SR"}

Table = dict[str, Any]
Answer = str | int | Sequence[str] | Mapping[str, Any] | None


def scorable(item: Item) -> bool:
    """Whether an item can count: practice MC, CL, SEQ and SJ do; myths, short answers and paired vignettes do not."""
    return item.type not in NOT_SCORABLE and not item.pair


def compile(one: ItemSet, items: Sequence[Item], *, key: bool = True, seed: int = 0) -> Table:
    """One exercise as a flat table.

    Parameters
    ----------
    one : the set.
    items : its items, in order.
    key : False leaves every key, mark and rationale out (an audience's or a test form's copy).
    seed : order of the steps of a sequence on display; the same seed gives the same order.

    Returns
    -------
    A mapping with ``v``, ``kind``, ``id`` and ``items``; see the docstrings of the parts below.

    Raises
    ------
    ContentError : a test item stands in a set that shows its key; a sequence has more than five steps.
    """
    rows = []
    for item in items:
        if key and item.use == "test":
            at, allowed = f"set[{one.id}].items", 'items with use = "practice"'
            remedy = "Take it out of the set: a test item never travels with its key."
            raise ContentError([Fault("test-item", "items", at, f'"{item.id}", a test item', allowed, remedy)])
        row: dict[str, Any] = {"id": item.id, "type": item.type}
        row |= _ITEM[item.type](item, key and not item.pair, Random(f"{seed}:{item.id}"))  # noqa: S311 - order on display, no secret
        if item.pair:
            row |= {"pair": item.pair, "variant": item.variant}
        rows.append(row)
    return {"v": TABLE, "kind": one.kind, "id": one.id, "items": rows}


def item_texts(one: ItemSet, items: Sequence[Item], *, key: bool = True) -> dict[str, str]:
    """Every text of an exercise by text id; without rationales, models and accurate sentences if `key` is False."""
    found = dict(texts(one))
    for item in items:
        tells = {f"{item.id}.{criterion.id}.text" for criterion in item.criteria}
        found |= {k: v for k, v in texts(item, item.id) if key or not (_tells(k) or k in tells)}
    return {k: v for k, v in found.items() if v}


def _tells(text_id: str) -> bool:
    return text_id.endswith((".rationale", ".model", ".accurate")) or ".levels." in text_id


def _mc(item: Item, key: bool, _random: Random) -> dict[str, Any]:
    """``options``: ids in the order of the file; ``marks``: points (0 or 1) by option id."""
    row: dict[str, Any] = {"options": [option.id for option in item.options]}
    if key:
        row["marks"] = {o.id: {"points": int(o.key)} | ({"key": True} if o.key else {}) for o in item.options}
    return row


def _sj(item: Item, key: bool, _random: Random) -> dict[str, Any]:
    """``actions``: ids; ``marks``: for each action and rating 1 to 5 the side of the key it falls on; ``keys``."""
    row: dict[str, Any] = {"actions": [action.id for action in item.actions]}
    if key:
        row["keys"] = {action.id: action.key for action in item.actions}
        row["marks"] = {
            action.id: {str(rating): _side(rating, action.key) for rating in range(1, 6)} for action in item.actions
        }
    return row


def _side(rating: int, key: int) -> dict[str, Any]:
    """On the key's side of the middle (3), or on the other; a key of 3 asks for 3."""
    same = (rating > 3) == (key > 3) and (rating < 3) == (key < 3)
    return {"points": int(same), "side": "same" if same else "middle" if rating == 3 else "other"}


def _cl(item: Item, key: bool, _random: Random) -> dict[str, Any]:
    """``categories`` and ``cases``: ids; ``marks``: for each case and category points (0 or 1)."""
    groups = [category.id for category in item.categories]
    row: dict[str, Any] = {"categories": groups, "cases": [case.id for case in item.cases]}
    if key:
        row["marks"] = {
            case.id: {
                g: {"points": int(g == case.category)} | ({"key": True} if g == case.category else {}) for g in groups
            }
            for case in item.cases
        }
    return row


def _seq(item: Item, key: bool, random: Random) -> dict[str, Any]:
    """``steps``: ids in the order of display; ``orders``: points by order; every other order has ``otherwise``."""
    right = [step.id for step in item.steps]
    if len(right) > MOST_STEPS:
        came, allowed = f"{len(right)} steps", f"at most {MOST_STEPS}"
        raise ContentError([Fault("too-many-steps", "items", f"item[{item.id}]", came, allowed, "Join or drop steps.")])
    others = [list(order) for order in permutations(right) if list(order) != right]
    row: dict[str, Any] = {"steps": random.choice(others) if others else right}
    if key:
        row |= {"key": right, "orders": {" ".join(right): {"points": 1}}, "otherwise": {"points": 0}}
    return row


def _mr(_item: Item, _key: bool, _random: Random) -> dict[str, Any]:
    """Nothing but the statement: a rating from 1 to 6 has no mark."""
    return {}


def _sr(item: Item, key: bool, _random: Random) -> dict[str, Any]:
    """``criteria``: ids to check one's own answer against; they tell what a good answer holds."""
    return {"criteria": [criterion.id for criterion in item.criteria]} if key else {}


_ITEM = {"MC": _mc, "SJ": _sj, "CL": _cl, "SEQ": _seq, "MR": _mr, "SR": _sr}


def mark(row: Mapping[str, Any], answer: Answer) -> int | None:
    """Points (0 or 1) of one answer by a row of the compiled table; None where nothing is marked.

    MC and CL: the key (CL: every case). SEQ: the exact order. SJ: every rating on the key's side of 3.

    Raises
    ------
    WrongCall : the answer does not fit the item.
    """
    if row["type"] in NOT_SCORABLE or "pair" in row or ("marks" not in row and "orders" not in row):
        return None
    try:
        if row["type"] == "MC":
            return int(row["marks"][answer]["points"])
        if row["type"] == "SEQ":
            if not isinstance(answer, Sequence) or sorted(answer) != sorted(row["steps"]):
                raise KeyError(answer)
            return int(row["orders"].get(" ".join(answer), row["otherwise"])["points"])
        if not isinstance(answer, Mapping) or set(answer) != set(row["marks"]):
            raise KeyError(answer)
        return int(all(row["marks"][part][str(given)]["points"] for part, given in answer.items()))
    except (KeyError, TypeError):
        raise WrongCall(f'The answer {answer!r} does not fit the item "{row["id"]}".') from None


def choose(
    items: Iterable[Item],
    objectives: Sequence[str],
    count: int,
    seed: int,
    *,
    seen: Sequence[str] = (),
    use: str = "practice",
) -> list[Item]:
    """Draw items by seed: every objective at least once, unseen ones first, then those seen longest ago.

    Parameters
    ----------
    items : the bank. objectives : those to cover. count : how many items to draw.
    seed : the same seed, bank and history give the same draw.
    seen : ids of items answered before, oldest first.

    Raises
    ------
    WrongCall : the bank holds too few scorable items, or none for an objective, or `count` is below the objectives.
    """
    bank = [i for i in items if i.use == use and scorable(i) and i.objective in objectives and not i.retired]
    missing = [name for name in objectives if not any(item.objective == name for item in bank)]
    if missing or len(bank) < count or count < len(objectives):
        short = f"objectives without items: {', '.join(missing)}" if missing else f"{len(bank)} items in the bank"
        raise WrongCall(f"{count} items over {len(objectives)} objectives cannot be drawn: {short}.")
    random = Random(seed)  # noqa: S311 - a repeatable draw, no secret
    random.shuffle(bank)
    age = {id: position for position, id in enumerate(seen)}
    bank.sort(key=lambda item: age.get(item.id, -1))  # stable: unseen first in shuffled order, then oldest first
    drawn = [next(item for item in bank if item.objective == name) for name in objectives]
    drawn += [item for item in bank if item not in drawn][: count - len(drawn)]
    random.shuffle(drawn)
    return drawn
