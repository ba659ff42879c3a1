"""Answers of people who do not exist, from a model whose truth is known: for tests, for practice, never as results.

A seed gives the same study every time. Its questions are invented names (``q01``…): no answer of the course's own
test forms can be guessed from it, so that students may have it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import polars as pl

MODULES, SHARED, SHORT = 10, 5, 10
LETTERS = "ABC"
GUESS = 1 / 3
BEHAVIOURS = ("consulted", "reported", "changed-practice", "used-card", "documented", "talked-with-team")
CODES = 7


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true in the model.

    Attributes
    ----------
    effect, kept : how far ability rises from before to after, and what part of it is there later, in standard
        deviations of ability. dropout : part of the people without a row after. later : part of those who come back.
    careless : part of the rows answered at random. mistyped : part of the rows after with one element of the code off.
    """

    effect: float = 0.9
    kept: float = 0.5
    dropout: float = 0.15
    later: float = 0.55
    careless: float = 0.03
    mistyped: float = 0.06


@dataclass(frozen=True, slots=True)
class Made:
    """A synthetic study: a sheet, its codebook, its keys, and what is true of it.

    Attributes
    ----------
    ability : people by waves (before, after, later). present : the same, whether there is a row.
    mistyped : people whose row after has one element of the code off.
    difficulty, slope : of each question, in order of `questions`.
    """

    frame: pl.DataFrame
    codebook: Mapping[str, Any]
    keys: Mapping[str, Any]
    truth: Truth
    ability: np.ndarray[Any, Any]
    present: np.ndarray[Any, Any]
    mistyped: np.ndarray[Any, Any]
    questions: tuple[str, ...]
    difficulty: np.ndarray[Any, Any]
    slope: np.ndarray[Any, Any]

    def expected(self, form: str, ability: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The expected per cent of a form's questions answered rightly by attentive people of these abilities."""
        mine = [self.questions.index(one) for one in _forms(self.questions)[form]]
        chance = _chance(ability[:, None], self.slope[mine], self.difficulty[mine])
        found: np.ndarray[Any, Any] = 100 * chance.mean(axis=1)
        return found


def study(people: int, seed: int, truth: Truth | None = None, *, events: int = 4, knowledge_only: bool = False) -> Made:
    """A study of so many people before, after and 90 days later.

    Notes
    -----
    Knowledge follows a three-parameter logistic model: chance of a right answer = 1/3 + 2/3 / (1 + exp(-a (t - b))).
    Careless rows choose at random. Whoever does not know guesses, or says "don't know".
    """
    import polars as pl

    truth = truth or Truth()
    draw = np.random.default_rng(seed)
    questions = tuple(f"q{i:02}" for i in range(1, 2 * 2 * MODULES - SHARED + 1))
    slope = draw.uniform(0.8, 1.6, len(questions))
    difficulty = draw.normal(0.2, 0.8, len(questions))
    keyed = draw.integers(0, len(LETTERS), len(questions))
    start = draw.normal(0, 1, people)
    gain = truth.effect + draw.normal(0, 0.35, people)
    ability = np.stack([start, start + gain, start + gain * truth.kept], axis=1)
    after = draw.random(people) >= truth.dropout
    present = np.stack([np.ones(people, np.bool_), after, after & (draw.random(people) < truth.later)], axis=1)
    begins_with_a = np.arange(people) % 2 == 0
    draw.shuffle(begins_with_a)
    codes = draw.integers(0, 20, (people, CODES))
    mistyped = after & (draw.random(people) < truth.mistyped)
    event = draw.integers(1, events + 1, people)
    role = draw.choice(["social-work", "school", "health", "other"], people, p=[0.45, 0.3, 0.2, 0.05])
    parts = []
    for w, (wave, length) in enumerate((("pre", 20), ("post", 20), ("follow-90", SHORT))):
        here = np.flatnonzero(present[:, w])
        form = np.where(begins_with_a[here] == (w != 1), "A", "B")
        written = codes[here].copy()
        if w == 1:
            wrong = np.flatnonzero(mistyped[here])
            element = draw.integers(0, CODES, len(wrong))
            written[wrong, element] = (written[wrong, element] + draw.integers(1, 20, len(wrong))) % 20
        day = ("2026-09-14", "2026-09-15", "2026-12-14")[w]
        columns: dict[str, Any] = {
            "event": np.char.add("synthetic workshop ", event[here].astype(str)), "wave": [wave] * len(here),
            "form": form,
            "length": [str(length)] * len(here), "date": [day] * len(here), "role": role[here],
        }  # fmt: skip
        columns |= {f"code_{i + 1}": np.array(list("abcdefghijklmnoprstu"))[written[:, i]] for i in range(CODES)}
        careless = draw.random(len(here)) < truth.careless
        columns |= _knowledge(draw, questions, slope, difficulty, keyed, ability[here, w], form, length, careless)
        if not knowledge_only:
            columns |= _scales(draw, ability[here, w], w)
        parts.append(pl.DataFrame(columns))
    frame = pl.concat(parts, how="diagonal").with_columns(pl.all().cast(pl.String).fill_null(""))
    order = draw.permutation(frame.height)
    codebook, keys = _codebook(questions, keyed, knowledge_only=knowledge_only)
    return Made(frame[order.tolist()], codebook, keys, truth, ability, present, mistyped, questions, difficulty, slope)


def _chance(ability: Any, slope: Any, difficulty: Any) -> Any:
    return GUESS + (1 - GUESS) / (1 + np.exp(-slope * (ability - difficulty)))


def _forms(questions: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Form A: the first twenty. Form B: the five shared ones and the other fifteen."""
    long = 2 * MODULES
    return {"A": questions[:long], "B": questions[:SHARED] + questions[long:]}


def _knowledge(
    draw: Any,
    questions: Any,
    slope: Any,
    difficulty: Any,
    keyed: Any,
    ability: Any,
    form: Any,
    length: int,
    careless: Any,
) -> dict[str, Any]:
    n = len(ability)
    knows = draw.random((n, len(questions))) < (_chance(ability[:, None], slope, difficulty) - GUESS) / (1 - GUESS)
    guess = draw.integers(0, len(LETTERS), (n, len(questions)))
    chosen = np.where(knows & ~careless[:, None], keyed, guess)
    letters = np.array([*LETTERS, "?", ""])[chosen]
    unsure = ~knows & (draw.random(knows.shape) < 0.02)
    letters = np.where(unsure, "?", letters)
    letters = np.where(draw.random(knows.shape) < 0.01, "", letters)
    forms = _forms(tuple(questions))
    found = {}
    for i, name in enumerate(questions):
        inside = np.zeros(n, np.bool_)
        for one, members in forms.items():
            if name in (members if length > SHORT else members[::2]):
                inside |= form == one
        found[name] = np.where(inside, letters[:, i], "")
    return found


def _scales(draw: Any, ability: Any, wave: int) -> dict[str, Any]:
    n = len(ability)

    def rated(middle: Any, spread: float, least: int, most: int) -> Any:
        return np.clip(np.rint(draw.normal(middle, spread, n)), least, most).astype(int).astype(str)

    found: dict[str, Any] = {}
    confident = 4.8 + 1.3 * (wave > 0) + 0.5 * ability + draw.normal(0, 1.3, n)
    for i in range(10):
        found[f"se-{i + 1:02}"] = rated(confident, 1.2, 0, 10)
    if wave < 2:
        for i in range(12):
            turned = i in (3, 6, 9)
            belief = 3.1 - 0.45 * ability - 0.2 * (wave == 1)
            found[f"my-{i + 1:02}"] = rated(7 - belief if turned else belief, 1.1, 1, 6)
        willing = 4.6 + 0.5 * (wave == 1) + draw.normal(0, 0.9, n)
        for i in range(6):
            found[f"in-{i + 1:02}"] = rated(willing, 1.0, 1, 7)
        for v in range(8):
            positive = v % 2 == 0
            for a, key in enumerate((5, 2, 1, 5 if positive else 2)):
                drift = 0.35 if a == 3 and wave == 1 else 0.0  # the training raises reporting everywhere a little
                found[f"v{v + 1}.{'abcd'[a]}"] = rated(
                    key + (3 - key) * 0.3 - 0.12 * ability * (key < 3) + 0.12 * ability * (key > 3) + drift, 1.0, 1, 5
                )
    if wave == 1:
        content = 4.1 + draw.normal(0, 0.5, n)
        for i in range(8):
            found[f"rx-{i + 1:02}"] = rated(content, 0.7, 1, 5)
        found["rx-distress-after"] = rated(2.2, 1.8, 0, 10)
    if wave == 0:
        found["rx-distress-now"] = rated(1.8, 1.6, 0, 10)
    if wave == 2:
        for i, name in enumerate(BEHAVIOURS):
            found[f"fu-{name}"] = (draw.random(n) < (0.6, 0.2, 0.5, 0.35, 0.55, 0.7)[i]).astype(int).astype(str)
    return found


def _codebook(questions: tuple[str, ...], keyed: Any, *, knowledge_only: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    keys: dict[str, Any] = {name: LETTERS[keyed[i]] for i, name in enumerate(questions)}
    instruments: list[dict[str, Any]] = []
    for form, members in _forms(questions).items():
        for length, some in ((20, members), (SHORT, members[::2])):
            columns = [
                {
                    "column": name, "type": "choice", "module": f"m{members.index(name) // 2 + 1}", "unknown": "?",
                    "anchor": name in questions[:SHARED], "values": {one: f"{name}-{one.lower()}" for one in LETTERS},
                }
                for name in some
            ]  # fmt: skip
            id = f"kn-{form.lower()}" + ("" if length == 20 else str(length))
            instruments.append({"id": id, "kind": "knowledge", "form": form, "length": length, "columns": columns})
    if not knowledge_only:
        instruments += _others(keys)
    codes = [{"column": f"code_{i + 1}", "text": "an invented element", "pattern": "one letter"} for i in range(CODES)]
    return {
        "safekeeping_codebook": 1, "synthetic": True, "course": "synthetic", "language": "en",
        "waves": ["pre", "post", "follow-30", "follow-90"], "codes": codes, "instruments": instruments,
    }, keys  # fmt: skip


def _others(keys: dict[str, Any]) -> list[dict[str, Any]]:
    def ratings(prefix: str, count: int, least: int, most: int, **more: Any) -> list[dict[str, Any]]:
        return [
            {"column": f"{prefix}-{i + 1:02}", "type": "rating", "least": least, "most": most, **more}
            for i in range(count)
        ]

    myths = [one | {"reverse": i in (3, 6, 9)} for i, one in enumerate(ratings("my", 12, 1, 6))]
    vignettes = []
    for v in range(8):
        positive = v % 2 == 0
        for a, key in enumerate((5, 2, 1, 5 if positive else 2)):
            name = f"v{v + 1}.{'abcd'[a]}"
            keys[name] = key
            vignettes.append({
                "column": name, "type": "rating", "least": 1, "most": 5, "vignette": f"v{v + 1}",
                "case": "positive" if positive else "negative", "report": a == 3,
            })  # fmt: skip
    distress = [{"column": f"rx-distress-{one}", "type": "rating", "least": 0, "most": 10} for one in ("now", "after")]
    return [
        {"id": "my", "kind": "myths", "columns": myths},
        {"id": "se", "kind": "self-efficacy", "columns": ratings("se", 10, 0, 10)},
        {"id": "in", "kind": "intention", "columns": ratings("in", 6, 1, 7)},
        {"id": "sj", "kind": "judgement", "columns": vignettes},
        {"id": "rx", "kind": "reaction", "columns": ratings("rx", 8, 1, 5)},
        {"id": "rx-distress", "kind": "distress", "columns": distress},
        {"id": "fu", "kind": "behaviour", "columns": [{"column": f"fu-{one}", "type": "tick"} for one in BEHAVIOURS]},
    ]


def files(made: Made) -> dict[str, str]:
    """The study as files, by name; every name says that it is synthetic."""
    return {
        "synthetic-responses.csv": made.frame.write_csv(),
        "synthetic-codebook.json": json.dumps(made.codebook, indent=1) + "\n",
        "synthetic-keys.json": json.dumps(made.keys, indent=1) + "\n",
    }


EXAMPLE = (150, 2026)  # people and seed of the example in facilitator/examples


def example(folder: Path) -> None:
    """Write the example study and its report, as `facilitator/examples/synthetic-workshop` holds them.

    Parameters
    ----------
    folder : is made; must not hold anything but an earlier example.
    """
    from datetime import date

    from ..library import built_in
    from .report import evaluate

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files(study(*EXAMPLE)).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    codebook, keys = folder / "synthetic-codebook.json", folder / "synthetic-keys.json"
    evaluate(
        built_in(), [folder / "synthetic-responses.csv"], folder / "report", codebook=codebook, keys=keys, one_off=True,
        today=date(2026, 12, 31),
    )  # fmt: skip


if __name__ == "__main__":
    import sys

    example(Path(sys.argv[1]))
