"""What a measure is: a pure function whose docstring is its definition, registered with its unit.

    @overall("share")
    def over_share(seen): ...        one number for the conversation, called over_share

    @personal("s")
    def holding_s(seen, who): ...    one for each person, called holding_s.Ana, holding_s.Ben

A measure gives a `Measured`; people see it as a `Stat`, with the unit and the definition beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from coach.conversation.measures.intervals import Interval
from coach.conversation.measures.seen import Seen

Value = float | int | list[float] | None


class Measured(NamedTuple):
    """`value` from `n` observations, None where there are none, and the 95% interval where there is one."""

    value: Value
    n: int
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Stat:
    """`value` in `unit`, from `n` observations; None where there are none.

    Units are "s" (seconds), "share" (0 to 1), "count" and "per minute". `interval` holds the truth in 95 of 100 such
    talks; None where the number is a plain count or length, or where there are too few observations for one.
    """

    value: Value
    n: int
    unit: str
    definition: str
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Overall:
    name: str
    unit: str
    measure: Callable[[Seen], Measured]


@dataclass(frozen=True, slots=True)
class Personal:
    name: str
    unit: str
    measure: Callable[[Seen, str], Measured]


OVERALL: list[Overall] = []
PERSONAL: list[Personal] = []


def overall(unit: str) -> Callable[[Callable[[Seen], Measured]], Callable[[Seen], Measured]]:
    """Register a measure of the whole conversation under the function's name."""

    def register(measure: Callable[[Seen], Measured]) -> Callable[[Seen], Measured]:
        OVERALL.append(Overall(measure.__name__, unit, measure))
        return measure

    return register


def personal(unit: str) -> Callable[[Callable[[Seen, str], Measured]], Callable[[Seen, str], Measured]]:
    """Register a measure of each person under the function's name."""

    def register(measure: Callable[[Seen, str], Measured]) -> Callable[[Seen, str], Measured]:
        PERSONAL.append(Personal(measure.__name__, unit, measure))
        return measure

    return register


def stat(measured: Measured, unit: str, doc: str | None) -> Stat:
    """The number as people see it: three decimals, and its definition in one line."""
    value, n, interval = measured
    ends = None if interval is None else (round(interval[0], 3), round(interval[1], 3))
    return Stat(round(value, 3) if isinstance(value, float) else value, n, unit, " ".join((doc or "").split()), ends)
