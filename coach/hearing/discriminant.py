"""What tells people apart, whatever they are saying: a linear discriminant over a fifth of a second of cepstra.

Most of what a cepstrum shows is which sound is being spoken; who speaks it is the smaller part. Fisher's discriminant
(1936), learnt once from many readers in several rooms, finds the directions in which people differ more than their own
sounds do. Along these a person is a point with a spread of 1, and `place` finds it from a sentence:

    cepstra      -10 . . . . . . . . . 0 . . . . . . . . . +10      frames of 10 ms
    context        x   x   x   x   x   x   x   x   x   x   x        every second one, side by side
                                       └── matrix ──►               DIRECTIONS numbers, spread 1 within a person

A short sentence does not fix the point: it is drawn towards the middle of those it is to be told from, the more so in
the directions in which people differ little (`settled`, the mean of the posterior in two-covariance PLDA).

`scripts/training/train_discriminant.py` learns the matrix again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import numpy as np

from coach.core.resources import load_weights

REACH = 10  # frames to either side of the one that is asked about
STEP = 2  # frames; neighbours say nearly the same
DIRECTIONS = 24  # of 47 readers; further ones tell nobody apart that was not learnt from
INDEPENDENT = 20.0  # independent glimpses in a check-in sentence: four seconds and more, a fifth of a second each


def context(cepstra: np.ndarray) -> np.ndarray:
    """Each frame beside its neighbours: (n, c) gives (n - 2 REACH, 11 c), for the frames with all their neighbours."""
    count = max(0, len(cepstra) - 2 * REACH)
    return np.concatenate([cepstra[shift : shift + count] for shift in range(0, 2 * REACH + 1, STEP)], axis=1)


def projected(cepstra: np.ndarray) -> np.ndarray:
    """Along the learnt directions, (n - 2 REACH, DIRECTIONS), for the frames of (n, c) with all their neighbours."""
    return np.asarray(context(cepstra) @ _weights()[0])


def place(cepstra: np.ndarray) -> np.ndarray:
    """Where a voice lies, (DIRECTIONS,), from the cepstra of its speech, (n, c) with n of at least 1."""
    return np.asarray(projected(np.pad(cepstra, ((REACH, REACH), (0, 0)), mode="edge")).mean(axis=0))


def settled(places: Sequence[np.ndarray]) -> np.ndarray:
    """The places, (voices, DIRECTIONS), drawn towards their middle by what a sentence leaves open."""
    where = np.array(places)
    middle = where.mean(axis=0)
    return np.asarray(middle + (where - middle) * (between() / (between() + 1 / INDEPENDENT)))


def nearness(points: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Log likelihood, less a constant, of points (n, DIRECTIONS) at each of the places; shape (n, places)."""
    return np.asarray(-0.5 * ((points[:, None, :] - places[None, :, :]) ** 2).sum(axis=2))


def between() -> np.ndarray:
    """The variance between people along each direction, (DIRECTIONS,); that within a person is 1."""
    return _weights()[1]


@contextmanager
def replaced(matrix: np.ndarray, between: np.ndarray) -> Iterator[None]:
    """Replaces the shipped weights in this process, so that training can exclude the readers it judges.

    `matrix` is (11 c, DIRECTIONS); `between`, (DIRECTIONS,), is the variance between people.
    """
    _replacements.append((matrix, between))
    try:
        yield
    finally:
        _replacements.pop()


_replacements: list[tuple[np.ndarray, np.ndarray]] = []


def _weights() -> tuple[np.ndarray, np.ndarray]:
    return _replacements[-1] if _replacements else _shipped()


@cache
def _shipped() -> tuple[np.ndarray, np.ndarray]:
    stored = load_weights("coach.hearing", "discriminant.npz")
    return stored["matrix"].astype(np.float64), stored["between"].astype(np.float64)
