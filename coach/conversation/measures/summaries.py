"""Summaries of lists of observations, each as one number with its interval."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from coach.conversation.measures.intervals import of_quantile, of_share
from coach.conversation.measures.stat import Measured


def median(values: Sequence[float]) -> Measured:
    """The median with its interval."""
    return Measured(statistics.median(values) if values else None, len(values), of_quantile(values, 0.5))


def quantile(values: Sequence[float], tenths: float) -> Measured:
    """The quantile below which `tenths` of ten values lie, with linear interpolation (R's type 7)."""
    if not values:
        return Measured(None, 0)
    ordered = sorted(values)
    place = (len(ordered) - 1) * tenths / 10
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    between = ordered[low] + (place - low) * (ordered[high] - ordered[low])
    return Measured(float(between), len(ordered), of_quantile(ordered, tenths / 10))


def longest(values: Sequence[float]) -> Measured:
    """The largest value."""
    return Measured(max(values, default=None), len(values))


def part(flags: Sequence[bool]) -> Measured:
    """The proportion of true values."""
    n = len(flags)
    return Measured(sum(flags) / n if n else None, n, of_share(sum(flags), n))


def count(things: Sequence[object]) -> Measured:
    """The number of things."""
    return Measured(len(things), len(things))
