"""Linear discriminant analysis over 0.2 s of cepstra: what distinguishes speakers, whatever they say.

Cepstra depend mostly on the sound that is spoken and less on the speaker. Fisher's discriminant (1936), trained once on
many readers in several rooms, finds the directions in which speakers differ more than their own sounds do. In this
space a speaker is a point with a spread of 1, and `place` estimates it from a sentence:

    cepstra      -10 . . . . . . . . . 0 . . . . . . . . . +10      frames of 10 ms
    context        x   x   x   x   x   x   x   x   x   x   x        every second one, side by side
                                       └── matrix ──►               DIRECTIONS numbers, spread 1 within a person

A short sentence leaves the point uncertain, so it is shrunk towards the mean of the speakers to be distinguished, more
so in directions in which speakers differ little (`settled`, the posterior mean of two-covariance PLDA).

`scripts/training/train_discriminant.py` trains the matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import numpy as np

from coach.core.resources import load_weights

REACH = 10  # frames of context on either side
STEP = 2  # frames; adjacent frames are nearly the same
DIRECTIONS = 24  # from 47 readers; more do not help with speakers outside the training data
INDEPENDENT = 20.0  # independent contexts of 0.2 s in a check-in sentence of four seconds or more


def context(cepstra: np.ndarray) -> np.ndarray:
    """Stack each frame of (n, c) with its context: (n - 2 REACH, 11 c), for the frames with complete context."""
    count = max(0, len(cepstra) - 2 * REACH)
    return np.concatenate([cepstra[shift : shift + count] for shift in range(0, 2 * REACH + 1, STEP)], axis=1)


def projected(cepstra: np.ndarray) -> np.ndarray:
    """Project (n, c) on the discriminant: (n - 2 REACH, DIRECTIONS), for the frames with complete context."""
    return np.asarray(context(cepstra) @ _weights()[0])


def place(cepstra: np.ndarray) -> np.ndarray:
    """The mean projection of a voice, (DIRECTIONS,), from the cepstra of its speech, (n, c) with n of at least 1."""
    return np.asarray(projected(np.pad(cepstra, ((REACH, REACH), (0, 0)), mode="edge")).mean(axis=0))


def settled(places: Sequence[np.ndarray]) -> np.ndarray:
    """The places, (voices, DIRECTIONS), shrunk towards their mean as far as a sentence leaves them uncertain."""
    where = np.array(places)
    middle = where.mean(axis=0)
    return np.asarray(middle + (where - middle) * (between() / (between() + 1 / INDEPENDENT)))


def nearness(points: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Log likelihood, up to a constant, of points (n, DIRECTIONS) for each of the places; shape (n, places)."""
    return np.asarray(-0.5 * ((points[:, None, :] - places[None, :, :]) ** 2).sum(axis=2))


def between() -> np.ndarray:
    """The between-speaker variance in each direction, (DIRECTIONS,); the within-speaker variance is 1."""
    return _weights()[1]


@contextmanager
def replaced(matrix: np.ndarray, between: np.ndarray) -> Iterator[None]:
    """Replace the shipped weights in this process, so that training can exclude the readers that it is tested on.

    `matrix` is (11 c, DIRECTIONS); `between`, (DIRECTIONS,), is the between-speaker variance.
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
