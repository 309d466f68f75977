"""Confidence intervals from few observations, against tables and simulation."""

from __future__ import annotations

from math import comb, exp, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.conversation.measures.intervals import of_quantile, of_rate, of_ratio, of_share

relaxed = settings(max_examples=60)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # Wilson's interval from tables and other programs
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_a_share_has_wilsons_interval(hits: int, n: int, low: float, high: float) -> None:
    assert of_share(hits, n) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("n", "low", "high"),
    [  # which of the ordered values enclose the median, from tables of the sign test
        (6, 1, 6),
        (8, 1, 8),
        (9, 2, 8),
        (10, 2, 9),
        (20, 6, 15),
        (100, 40, 61),
    ],
)
def test_the_interval_of_a_median_is_between_two_of_the_values(n: int, low: int, high: int) -> None:
    assert of_quantile(list(range(1, n + 1)), 0.5) == (low, high)


def test_the_order_of_the_values_does_not_matter() -> None:
    assert of_quantile([0.7, 0.1, 2.0, 0.2, 0.5, 0.4], 0.5) == (0.1, 2.0)


def test_five_values_cannot_enclose_a_median_nor_a_dozen_an_outer_tenth() -> None:
    assert of_quantile([1, 2, 3, 4, 5], 0.5) is None
    assert of_quantile(list(range(12)), 0.9) is None
    assert of_quantile([], 0.5) is None
    assert of_quantile(list(range(60)), 0.9) is not None


@relaxed
@given(st.integers(1, 80), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))
def test_the_interval_of_a_quantile_is_the_narrowest_that_leaves_a_fortieth_on_either_side(n: int, part: float) -> None:
    """The number of n values below the quantile is binomial; computed here with whole numbers."""

    def at_most(below: int) -> float:
        return sum(comb(n, k) * part**k * (1 - part) ** (n - k) for k in range(below + 1))

    found = of_quantile(list(range(1, n + 1)), part)
    beyond_low = [j for j in range(1, n + 1) if at_most(j - 1) <= 0.025]
    beyond_high = [k for k in range(1, n + 1) if 1 - at_most(k - 1) <= 0.025]
    assert found == ((max(beyond_low), min(beyond_high)) if beyond_low and beyond_high else None)


@pytest.mark.parametrize("count", [0, 1, 3, 10, 40, 100])
def test_a_rate_has_the_interval_of_a_poisson_count(count: int) -> None:
    """At either end, a count at least as extreme as this one has a probability of a fortieth."""
    found = of_rate(count, 2.0)
    assert found is not None
    low, high = (end * 2.0 for end in found)

    def at_most(most: int, mean: float) -> float:
        return sum(exp(-mean) * mean**k / factorial(k) for k in range(most + 1))

    assert at_most(count, high) == pytest.approx(0.025)
    assert 1 - at_most(count - 1, low) == pytest.approx(0.025) if count else low == 0


def test_a_rate_without_time_has_no_interval() -> None:
    assert of_rate(3, 0.0) is None


def test_a_ratio_has_the_spread_of_its_parts() -> None:
    words, minutes = [10.0, 14.0, 12.0, 8.0, 16.0, 12.0], [0.1] * 6
    # 120 words a minute; the parts differ from 12 by -2 2 0 -4 4 0: 40 in squares, 48 with 6/5; 1.96 * sqrt(48) / 0.6
    assert of_ratio(words, minutes) == pytest.approx((120 - 22.6, 120 + 22.6), abs=0.1)
    assert of_ratio(words[:5], minutes[:5]) is None
    assert of_ratio([0.0] * 6, [0.0] * 6) is None


@relaxed
@given(st.lists(st.floats(-10, 100), max_size=60), st.sampled_from([0.1, 0.25, 0.5, 0.9]), st.data())
def test_every_interval_contains_its_number(values: list[float], part: float, data: st.DataObject) -> None:
    if (found := of_quantile(values, part)) is not None:
        ordered = sorted(values)
        assert found[0] <= ordered[round((len(ordered) - 1) * part)] <= found[1]
    n = data.draw(st.integers(1, 50))
    hits = data.draw(st.integers(0, n))
    share = of_share(hits, n)
    assert share is not None
    assert 0.0 <= share[0] <= hits / n <= share[1] <= 1.0
    rate = of_rate(hits, n)
    assert rate is not None
    assert 0.0 <= rate[0] <= hits / n <= rate[1]
