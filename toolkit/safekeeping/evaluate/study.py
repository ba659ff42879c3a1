"""One study being reported: who was measured when, what may be shown about whom, and how figures are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..faults import WrongCall
from .change import Change, change
from .codebook import WAVES, Codebook
from .ledger import Ledger, Tokens, refusal
from .matching import People
from .responses import Responses
from .scoring import Scores, knowledge, modules
from .small_cells import Guard, Mask, band, in_end_band

# From how many matched people on what may be said (CURRICULUM: small samples).
TOTALS, DIRECTION, INTERVAL, EFFECT, RELIABILITY, ITEMS, ALL = 0, 10, 15, 20, 30, 50, 100
STAGES = (ALL, ITEMS, RELIABILITY, EFFECT, INTERVAL, DIRECTION, TOTALS)
LATER = ("follow-30", "follow-90")
DASH, HIDDEN = "–", "hidden"


@dataclass(frozen=True, slots=True)
class Scale:
    """What a score may be, and with how many decimals it is printed: fewer people, coarser figures."""

    least: float
    most: float

    def decimals(self, n: int) -> int:
        """Whole points out of 100 below 100 people, one decimal from there; scales up to 10 get one more."""
        return (n >= ALL) + (self.most - self.least <= 10)

    def at_end(self, mean: float) -> bool:
        """Whether a mean lies in the last twentieth of the scale, where it would tell about everybody."""
        return in_end_band(100 * (mean - self.least) / (self.most - self.least))

    def mean(self, mean: float, n: int) -> str:
        """A mean as printed; at an end of the scale only as that end's band."""
        if not self.at_end(mean):
            return plain(mean, self.decimals(n))
        twentieth = (self.most - self.least) / 20
        low, high = (
            (self.least, self.least + twentieth)
            if mean < (self.least + self.most) / 2
            else (self.most - twentieth, self.most)
        )
        return f"{low:g}–{high:g}"

    def gap(self, difference: float, n: int) -> str:
        """A difference with its sign."""
        return signed(difference, self.decimals(n))


PER_CENT = Scale(0, 100)


def plain(value: float, decimals: int) -> str:
    """A number with a true minus sign, and never "-0"."""
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−") if float(text) != 0 else text.removeprefix("-")


def signed(value: float, decimals: int) -> str:
    """A difference with plus or minus, none at nought."""
    text = plain(value, decimals)
    return text if text.startswith("−") or float(text) == 0 else f"+{text}"


def p_value(p: float) -> str:
    """A p as printed: a bound where it is small, and never 0."""
    return "below 0.001" if p < 0.001 else f"{p:.3f}"


@dataclass
class Study:
    """Everything that the sections of a report share.

    Attributes
    ----------
    limit : the smallest group of which anything is shown. length : of the main knowledge forms.
    w : the words of the report: ``w(key, name=value …)``.
    withheld : what was left out to protect people, in words.
    """

    responses: Responses
    codebook: Codebook
    people: People
    guard: Guard
    every: Tokens
    ledger: Ledger
    limit: int
    length: int
    words: Mapping[str, str]
    enrolled: int = 0
    by: str = ""
    orders: bool = False  # whether the two orders of the forms are shown apart
    hidden_modules: set[str] = field(default_factory=set)
    withheld: list[str] = field(default_factory=list)
    _kept: dict[tuple[str, str], Scores] = field(default_factory=dict)
    _modules: dict[str, Scores] | None = None

    def w(self, key: str, **values: object) -> str:
        """Words of the report with names filled in. Values are never read as a pattern."""
        return self.words[key].format(**values).replace(" %", "\u00a0%")

    @property
    def mark(self) -> str:
        """The watermark of synthetic data; empty for answers of people."""
        return self.words["synthetic"] if self.codebook.synthetic else ""

    def at(self, wave: str, name: str, score: Callable[[], Scores]) -> Scores:
        """A score of each person in one wave; NaN without a row or without enough answers. `name` keeps it."""
        if (name, wave) not in self._kept:
            if (name, "") not in self._kept:
                self._kept[name, ""] = score()
            self._kept[name, wave] = self.person(wave, self._kept[name, ""])
        return self._kept[name, wave]

    def person(self, wave: str, scores: Scores) -> Scores:
        """A score of rows as one of persons in one wave."""
        rows = self.people.rows[wave]
        return np.where(rows >= 0, scores[rows], np.nan)

    def modules(self) -> dict[str, Scores]:
        """Each module's score of each row, computed once."""
        if self._modules is None:
            kn(self, "pre")  # keeps the score of each row
            whole = self._kept[f"kn{self.length}", ""]
            self._modules = modules(self.responses, self.codebook, self.length, whole)
        return self._modules

    def module(self, wave: str, name: str) -> Scores:
        """Each person's score of one module in one wave."""
        return self.at(wave, f"module {name}", lambda: self.modules()[name])

    def rows(self, people: Mask, wave: str) -> Mask:
        """The rows of these people in one wave, as the guard counts them."""
        found = np.zeros(max(len(self.every), len(self.responses)), np.bool_)
        found[self.people.rows[wave][people & (self.people.rows[wave] >= 0)]] = True
        return found

    @property
    def once(self) -> str:
        """The one wave, before or after, at which knowledge was asked; empty if there are both or none."""
        waves = [wave for wave in WAVES[:2] if self.people.have(wave).any()]
        return waves[0] if self.length and len(waves) == 1 else ""

    def may_show(self, people: Mask, name: str, *waves: str, apart: bool = False) -> bool:
        """Ask the guard, and let it remember, that a quantity is shown for these people in these waves."""
        return self.guard.allow({f"{name} {wave}": self.rows(people, wave) for wave in waves}, apart=apart)

    def withhold(self, key: str, **values: object) -> None:
        """Say in the report that something is left out, and why."""
        text = self.w(key, **values)
        if text not in self.withheld:
            self.withheld.append(text)

    def stage(self, n: int) -> int:
        """The row of the plan's table that holds for n people."""
        return next(one for one in STAGES if n >= one)

    def too_few(self, n: int) -> bool:
        """Whether nothing but the number may be said."""
        return n < max(self.limit, DIRECTION)

    def pair(self, before: Scores, after: Scores, people: Mask | None = None) -> Mask:
        """Who has both."""
        both = ~np.isnan(before) & ~np.isnan(after)
        return both if people is None else both & people

    def refuse(self) -> None:
        """Stop where earlier reports forbid this one."""
        raise refusal(self.ledger, self.limit)


def compared(before: Scores, after: Scores, both: Mask) -> Change:
    """The change of those who have both."""
    return change(before[both], after[both])


def change_cells(found: Change, scale: Scale, stage: int) -> tuple[str, ...]:
    """n, before, after, difference, low, high, g_av, g_z as printed; dashes where an end of the scale would speak."""
    n = found.n
    means = (str(n), scale.mean(found.before, n), scale.mean(found.after, n))
    if scale.at_end(found.before) or scale.at_end(found.after):
        return (*means, DASH, DASH, DASH, DASH, DASH)
    gaps = (scale.gap(found.difference, n), scale.gap(found.low, n), scale.gap(found.high, n))
    effects = (DASH, DASH)
    if stage >= EFFECT:
        effects = tuple(DASH if one is None else signed(one, 2) for one in (found.g_av, found.g_z))  # type: ignore[assignment]
    return (*means, *gaps, *effects)


def main_length(responses: Responses, codebook: Codebook, asked: int) -> int:
    """The length of the knowledge forms that is reported; lengths are never pooled.

    Raises
    ------
    WrongCall : several lengths were used before and after, and none was chosen; or nobody used the one chosen.
    """
    early = np.isin(responses.wave, (WAVES.index("pre"), WAVES.index("post"))) & (responses.length > 0)
    there = sorted({int(one) for one in np.unique(responses.length[early])})
    if asked:
        if asked not in there:
            raise WrongCall(f"--length {asked}: nobody used a form of that length. There are {there or 'none'}.")
        return asked
    if len(there) > 1:
        raise WrongCall(
            f"The answers come from forms of {there} questions. "
            "Forms of different lengths are never pooled: add --length and one of these numbers."
        )
    return there[0] if there else 0


def share(count: int, n: int) -> str:
    """A part of a group as a band of per cent."""
    return band(100 * count / n)


def kn(study: Study, wave: str, length: int = 0) -> Scores:
    """Each person's knowledge score in one wave, for forms of one length (or the part of a longer form that is one)."""
    long = length or study.length
    return study.at(wave, f"kn{long}", lambda: knowledge(study.responses, study.codebook, long))


def matched(study: Study) -> tuple[Scores, Scores, Mask]:
    """Everybody's knowledge before and after, and who has both."""
    before, after = kn(study, "pre"), kn(study, "post")
    return before, after, study.pair(before, after)
