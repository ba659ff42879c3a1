"""Questions on paper, and, apart from them, the authors' answers; numbered as in the printed form in `exercises`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...records import Item

LETTERS = "ABCDEFGH"
_HINT = {"SJ": "rate", "MR": "myth", "CL": "groups", "SR": "own_words"}
_SCALE = {"SJ": [1, 2, 3, 4, 5], "MR": [1, 2, 3, 4, 5, 6]}


@dataclass(frozen=True)
class Practice:
    """Some items of one set, under a title, numbered from 1."""

    title: str
    items: tuple[Item, ...]

    def questions(self, words: Mapping[str, str]) -> dict[str, Any]:
        """The items without any answer; `words` is the table ``form``."""
        return {"title": self.title, "items": [_question(n, item, words) for n, item in enumerate(self.items, 1)]}

    def answers(self, words: Mapping[str, str]) -> dict[str, Any]:
        """The same items with the authors' answers and their reasons."""
        rows = [{"n": n, "stem": item.stem, "rows": _answer(item, words)} for n, item in enumerate(self.items, 1)]
        return {"title": self.title, "items": rows}


def _parts(item: Item) -> Sequence[Any]:
    """What is chosen, rated, grouped or ordered; the steps of an order by alphabet, so that paper gives no hint."""
    return item.options or item.actions or item.cases or sorted(item.steps, key=lambda step: step.text)


def _question(number: int, item: Item, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "n": number, "type": item.type, "stem": item.stem,
        "hint": words[_HINT[item.type]] if item.type in _HINT else "",
        "groups": [category.text for category in item.categories], "scale": _SCALE.get(item.type, []),
        "parts": [part.text for part in _parts(item)], "lines": 5 if item.type == "SR" else 0,
    }  # fmt: skip


def _answer(item: Item, words: Mapping[str, str]) -> list[list[str]]:
    """Pairs of a lead and a text, in the order of the printed form."""
    rows = []
    if item.type == "MR":
        rows.append([words["accurate"], item.accurate])
    if item.type == "SR":
        rows.append([words["model"], item.model])
        rows.append([words["criteria"], "; ".join(one.text for one in item.criteria)])
    if item.type == "SEQ":
        rows.append([words["authors_order"], ""])
    for letter, option in zip(LETTERS, item.options, strict=False):
        chosen = f"{letter}. {words['authors_choice']}" if option.key else f"{letter}."
        rows.append([chosen, f"{option.text} {option.rationale}"])
    # A paired vignette is not marked: what the authors thought is told, their rating is not.
    rating = "" if item.pair else words["authors_rating"]
    rows += [[f"{one.text} {rating.format(n=one.key)}".strip(), one.rationale] for one in item.actions]
    group = {one.id: one.text for one in item.categories}
    rows += [
        [f"{one.text} {words['authors_group'].format(group=group[one.category])}", one.rationale] for one in item.cases
    ]
    rows += [[f"{n}. {one.text}", one.rationale] for n, one in enumerate(item.steps, 1)]
    return rows
