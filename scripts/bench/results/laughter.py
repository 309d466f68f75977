"""How many windows of each kind the rules for the rhythm of laughter take for laughter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.bench.results.tables import figure


@dataclass(frozen=True)
class Rule:
    """Thresholds for laughter: least autocorrelation, fewest bursts, greatest irregularity."""

    periodic: float
    bursts: int
    uneven: float  # standard deviation of the spacing divided by its mean


RULES = (
    Rule(0.4, 4, 0.35),
    Rule(0.5, 4, 0.3),
    Rule(0.5, 5, 0.25),
    Rule(0.6, 5, 0.25),
    Rule(0.7, 5, 0.2),
    Rule(0.7, 5, 0.15),
)


@dataclass(frozen=True)
class Found:
    """How many windows of one kind a rule classifies as laughter."""

    rule: Rule
    kind: str
    windows: int
    taken: int


def columns(found: Sequence[Found]) -> list[str]:
    """The titles: the rule's thresholds, then each kind with its number of windows."""
    kinds = {each.kind: each.windows for each in found}
    return ["periodic / bursts / uneven", *(f"{kind} ({windows})" for kind, windows in kinds.items())]


def rows(found: Sequence[Found]) -> list[list[str]]:
    """A row for each rule: of a thousand windows of each kind, those taken for laughter."""
    return [
        [
            f"{rule.periodic:g} / {rule.bursts} / {rule.uneven:g}",
            *(figure(1000 * each.taken / each.windows, 1) for each in found if each.rule == rule),
        ]
        for rule in RULES
    ]
