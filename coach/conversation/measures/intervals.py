"""95% confidence intervals for statistics of few observations.

All are closed formulas or sums, without random numbers, so the same talk always has the same interval. They assume
independent observations. The turns of one conversation are independent only approximately (quick answers come in
bouts), so the true uncertainty is slightly larger.

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
TAIL = (1 - LEVEL) / 2  # the probability beyond each end
Z = NormalDist().inv_cdf(1 - TAIL)  # 1.96 standard deviations
LEAST_SPANS = 6  # for the interval of a ratio; a median needs as many

Interval = tuple[float, float]


def of_share(hits: int, n: int) -> Interval | None:
    """The interval of a proportion, `hits` of `n`: Wilson's score interval (1927), which is valid for small `n`."""
    if not n:
        return None
    share = hits / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    reach = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return (0.0 if not hits else middle - reach), (1.0 if hits == n else middle + reach)


def of_quantile(values: Sequence[float], part: float) -> Interval | None:
    """The distribution-free interval of the quantile at `part` (0.5: the median), between two of the `values`.

    The number of values below the quantile is binomial for every distribution (Conover, Practical Nonparametric
    Statistics). The ends are the closest values that the quantile exceeds, or falls below, with a probability of at
    most 2.5%. None if there are too few values for such ends.
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
    """The exact interval of a Poisson rate, `count` events in `per` units of time (Garwood 1936).

    The ends are the expected counts at which this many events, or this few, have a probability of 2.5%.
    """
    if per <= 0:
        return None
    low = _expected(count - 1, 1 - TAIL) if count else 0.0
    return low / per, _expected(count, TAIL) / per


def of_ratio(parts: Sequence[float], wholes: Sequence[float]) -> Interval | None:
    """The interval of the ratio of two sums over the same spans (words per minute): the ratio estimator (Cochran 1977).

    None for fewer than LEAST_SPANS spans.
    """
    n, whole = len(parts), sum(wholes)
    if n < LEAST_SPANS or whole <= 0:
        return None
    ratio = sum(parts) / whole
    spread = sum((part - ratio * each) ** 2 for part, each in zip(parts, wholes, strict=True))
    reach = Z * sqrt(n / (n - 1) * spread) / whole
    return max(0.0, ratio - reach), ratio + reach


def _binomial(hits: int, n: int, chance: float) -> float:
    """The binomial probability of `hits` in `n`, by logarithms, because a long talk has thousands of pauses."""
    ways = lgamma(n + 1) - lgamma(hits + 1) - lgamma(n - hits + 1)
    return exp(ways + hits * log(chance) + (n - hits) * log(1 - chance))


def _expected(most: int, chance: float) -> float:
    """The expected count at which a Poisson count is at most `most` with this probability, found by bisection."""
    low, high = 0.0, most + 10 * sqrt(most + 1) + 10
    for _ in range(50):
        middle = (low + high) / 2
        at_most = sum(exp(k * log(middle) - middle - lgamma(k + 1)) for k in range(most + 1))
        low, high = (middle, high) if at_most > chance else (low, middle)
    return high
