"""The trained overlap classifier, and its invariances."""

from __future__ import annotations

import numpy as np
import pytest

from coach.hearing.discriminant import REACH
from coach.hearing.overlap import ALONE_A, ALONE_B, BOTH, SWAP, WORST, either_way, inputs, shares, weights

FRAMES = 5
# Nepers by which two answers to the same question may differ: float64's last bit for each product under them, for
# inputs of which none lies beyond WORST.
ROUNDING = np.finfo(np.float64).eps * sum(each.size for each in weights().values()) * -WORST


def fitting(best: int, margin: float = 6.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Colour, level and place of frames which one of the three fits better than the others by `margin`."""
    colour = np.full((FRAMES + 2 * REACH, 3), -30.0)
    place = np.full((FRAMES, 3), -20.0)
    colour[:, best] += margin
    place[:, best] += margin
    return colour, np.zeros(len(colour)), place


@pytest.mark.parametrize("best", [ALONE_A, ALONE_B])
def test_who_fits_plainly_better_for_a_fifth_of_a_second_is_the_likeliest(best: int) -> None:
    assert set(either_way(*fitting(best)).argmax(axis=1)) == {best}


def test_two_are_likelier_where_both_at_once_fit_better_than_either() -> None:
    both, one = (either_way(*fitting(best))[:, BOTH] for best in (BOTH, ALONE_A))
    assert (both > one + 1.0).all()


def test_shares_are_probabilities_of_which_one_is_true() -> None:
    assert np.exp(shares(inputs(*fitting(ALONE_A)))).sum(axis=1) == pytest.approx(np.ones(FRAMES))


def test_it_is_the_same_whoever_of_the_two_comes_first() -> None:
    rng = np.random.default_rng(1)
    colour, levels, place = rng.normal(-30, 5, (FRAMES + 2 * REACH, 3)), rng.normal(size=25), rng.normal(-20, 5, (5, 3))
    found = either_way(colour, levels, place)
    assert either_way(colour[:, SWAP], levels, place[:, SWAP])[:, SWAP] == pytest.approx(found)


def test_how_loud_they_are_changes_nothing() -> None:
    colour, levels, place = fitting(BOTH)
    assert either_way(colour, levels + 5.0, place) == pytest.approx(either_way(colour, levels, place))


def test_several_pairs_at_once_are_each_asked_as_if_alone() -> None:
    pairs = [fitting(ALONE_A), fitting(BOTH, 1.0), fitting(ALONE_B, 0.5)]
    levels = np.random.default_rng(1).normal(size=FRAMES + 2 * REACH)
    together = either_way(np.stack([colour for colour, _, _ in pairs]), levels, np.stack([near for *_, near in pairs]))
    for found, (colour, _, near) in zip(together, pairs, strict=True):
        assert found == pytest.approx(either_way(colour, levels, near), rel=0, abs=ROUNDING)
