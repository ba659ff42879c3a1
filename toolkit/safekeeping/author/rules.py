"""What a rule is: a function that looks at the stock and yields findings, under a name that faults and exemptions use.

Every rule's docstring says what it checks and, after "Cannot see:", what it has no way of knowing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .stock import Spot, Stock


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found, before it has a line number."""

    where: Spot
    came: str
    allowed: str
    remedy: str
    notice: bool = False


Findings = Iterator[Finding]
Rule = Callable[[Stock], Findings]

RULES: dict[str, Rule] = {}
# Rules that need judgement can be set aside for one item, scenario or cell by `because = { rule = "reason" }`.
JUDGED: set[str] = set()


def rule(check: Rule) -> Rule:
    """Put a function among the rules; its name with hyphens is the rule's name."""
    RULES[check.__name__.replace("_", "-")] = check
    return check


def judged(check: Rule) -> Rule:
    """Put a function among the rules, and let an author set it aside with a reason."""
    JUDGED.add(check.__name__.replace("_", "-"))
    return rule(check)
