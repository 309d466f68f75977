"""The registry of measures. A measure is a pure function whose docstring is its definition.

    @overall("share")
    def over_share(seen): ...        one number for the conversation, named over_share

    @personal("s")
    def holding_s(seen, who): ...    one number per person, named holding_s.Ana, holding_s.Ben

A measure returns a `Measured`; `stat` adds the unit and the definition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from coach.conversation.measures.intervals import Interval
from coach.conversation.measures.seen import Seen

Value = float | int | list[float] | None


class Measured(NamedTuple):
    """`value` from `n` observations, or None without any, and its 95% interval, if there is one."""

    value: Value
    n: int
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Stat:
    """`value` in `unit`, from `n` observations; None if there are none.

    Units are "s" (seconds), "share" (0 to 1), "count" and "per minute"; the review adds "transfers", for how many of
    `n` transfers it is. `interval` contains the true value in 95 of 100 such talks; it is None for a plain count or
    duration, and for too few observations.
    """

    value: Value
    n: int
    unit: str
    definition: str
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Overall:
    """A registered measure of the whole conversation."""

    name: str
    unit: str
    measure: Callable[[Seen], Measured]


@dataclass(frozen=True, slots=True)
class Personal:
    """A registered measure of each person."""

    name: str
    unit: str
    measure: Callable[[Seen, str], Measured]


OVERALL: list[Overall] = []
PERSONAL: list[Personal] = []


def overall(unit: str) -> Callable[[Callable[[Seen], Measured]], Callable[[Seen], Measured]]:
    """Register a measure of the whole conversation under the name of the function."""

    def register(measure: Callable[[Seen], Measured]) -> Callable[[Seen], Measured]:
        OVERALL.append(Overall(measure.__name__, unit, measure))
        return measure

    return register


def personal(unit: str) -> Callable[[Callable[[Seen, str], Measured]], Callable[[Seen, str], Measured]]:
    """Register a measure of each person under the name of the function."""

    def register(measure: Callable[[Seen, str], Measured]) -> Callable[[Seen, str], Measured]:
        PERSONAL.append(Personal(measure.__name__, unit, measure))
        return measure

    return register


def stat(measured: Measured, unit: str, doc: str | None) -> Stat:
    """The statistic for a measured number: rounded to three decimals, with the docstring `doc` as its definition."""
    value, n, interval = measured
    ends = None if interval is None else (round(interval[0], 3), round(interval[1], 3))
    return Stat(round(value, 3) if isinstance(value, float) else value, n, unit, " ".join((doc or "").split()), ends)
