"""How far a number from few observations can be trusted: 95% intervals that need nothing but the numbers themselves.

All are closed formulas or sums, so the same talk always has the same interval. They take the observations to be
independent draws. The turns of one conversation are so only roughly (quick answers come in bouts), so the truth is a
little less certain than they say.

>>> tuple(round(end, 2) for end in of_share(8, 10))
(0.49, 0.94)
>>> of_quantile([0.1, 0.2, 0.4, 0.5, 0.7, 2.0], 0.5)
(0.1, 2.0)
>>> of_quantile([0.1, 0.2, 0.4, 0.5, 0.7], 0.5) is None       # no two of five enclose the median this surely
True
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import exp, lgamma, log, sqrt
from statistics import NormalDist

LEVEL = 0.95
TAIL = (1 - LEVEL) / 2  # what may lie beyond either end
Z = NormalDist().inv_cdf(1 - TAIL)  # 1.96 standard deviations
LEAST_SPANS = 6  # for a ratio; the number from which a median has an interval too

Interval = tuple[float, float]


def of_share(hits: int, n: int) -> Interval | None:
    """A share of `hits` in `n`: Wilson's score interval (1927), which stays inside 0 to 1 and holds for small `n`."""
    if not n:
        return None
    share = hits / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    reach = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return (0.0 if not hits else middle - reach), (1.0 if hits == n else middle + reach)


def of_quantile(values: Sequence[float], part: float) -> Interval | None:
    """The quantile at `part` (0.5: the median) of what `values` were drawn from, between two of the values themselves.

    How many of n values lie below the quantile is binomial, whatever the distribution (Conover, Practical
    Nonparametric Statistics): the ends are the closest values that it leaves beyond with at most 2.5% either way.
    None where even the smallest or the largest value lies beyond more often.
    """
    n = len(values)
    at_most = list(accumulate(_binomial(below, n, part) for below in range(n)))  # n itself is left out: that is 1
    low = sum(p <= TAIL for p in at_most)
    high = 1 + sum(p < 1 - TAIL for p in at_most)
    if low < 1 or high > n:
        return None
    ordered = sorted(values)
    return ordered[low - 1], ordered[high - 1]


def of_rate(count: int, per: float) -> Interval | None:
    """A rate of `count` events in `per` units of time, as a Poisson rate: the exact interval (Garwood 1936).

    Its ends are the expected counts at which this many, or this few, would come about with a chance of 2.5%.
    """
    if per <= 0:
        return None
    low = _expected(count - 1, 1 - TAIL) if count else 0.0
    return low / per, _expected(count, TAIL) / per


def of_ratio(parts: Sequence[float], wholes: Sequence[float]) -> Interval | None:
    """The ratio of two sums over the same spans (words, minutes): the ratio estimator of sampling (Cochran 1977).

    None below six spans, where the spread between them says too little.
    """
    n, whole = len(parts), sum(wholes)
    if n < LEAST_SPANS or whole <= 0:
        return None
    ratio = sum(parts) / whole
    spread = sum((part - ratio * each) ** 2 for part, each in zip(parts, wholes, strict=True))
    reach = Z * sqrt(n / (n - 1) * spread) / whole
    return max(0.0, ratio - reach), ratio + reach


def _binomial(hits: int, n: int, chance: float) -> float:
    """How probable exactly `hits` in `n` are; by logarithms, since a long talk has thousands of pauses."""
    ways = lgamma(n + 1) - lgamma(hits + 1) - lgamma(n - hits + 1)
    return exp(ways + hits * log(chance) + (n - hits) * log(1 - chance))


def _expected(most: int, chance: float) -> float:
    """The expected count at which a Poisson count is at most `most` with this `chance`; halved down to it."""
    low, high = 0.0, most + 10 * sqrt(most + 1) + 10
    for _ in range(50):
        middle = (low + high) / 2
        at_most = sum(exp(k * log(middle) - middle - lgamma(k + 1)) for k in range(most + 1))
        low, high = (middle, high) if at_most > chance else (low, middle)
    return high
