"""How alike two stretches of speech sound, as far as that tells people apart.

What makes two stretches sound different is mostly what was said, and the room. What is left of it, and is the person,
was learnt from many readers, each in several rooms, noises and on a telephone (`scripts/training/train_timbre.py`):

    cepstra ──► how far each of 32 sounds of speech lies from everybody's average ──► the 32 directions in which one
                reader differs from the next more than from themselves

The first is the supervector of a mixture adapted to the stretch (Reynolds, Quatieri & Dunn 2000), the second linear
discriminant analysis; two stretches are compared by the cosine between them. Of readers that were not learnt from, the
cosine tells pairs of two seconds apart with an AUC of .97, of one second .93.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from coach.core.resources import load_weights
from coach.hearing.voices import Voice, cepstra

RELEVANCE = 8.0  # frames of a sound after which a stretch is believed as much as the average


@dataclass(frozen=True, slots=True, eq=False)
class Timbre:
    """`average` is everybody's mixture of sounds; `centre` (s,) and `directions` (s, d) project supervectors."""

    average: Voice
    centre: np.ndarray
    directions: np.ndarray

    def place(self, bands: np.ndarray) -> np.ndarray:
        """Where speech lies among voices, as a vector of length 1; log mel energies (n, BANDS), n of 50 or more."""
        place = (supervector(self.average, cepstra(bands)) - self.centre) @ self.directions
        return np.asarray(place / np.linalg.norm(place))


@cache
def timbre() -> Timbre:
    """The one that was learnt from readers."""
    weights = {name: array.astype(np.float64) for name, array in load_weights("coach.hearing", "timbre.npz").items()}
    average = Voice(weights["weights"], weights["means"], weights["variances"])
    return Timbre(average, weights["centre"], weights["directions"])


def supervector(average: Voice, x: np.ndarray) -> np.ndarray:
    """How far each component of `average` has to move towards cepstra `x` (n, c); shape (components * c,)."""
    each = np.stack([voice.likelihood(x) for voice in _components(average)], axis=1)
    share = np.exp(each - each.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    count = share.sum(axis=0)[:, None]
    off = (share.T @ x - count * average.means) / (count + RELEVANCE)
    return np.asarray((off * np.sqrt(average.weights[:, None] / average.variances)).ravel())


def _components(voice: Voice) -> list[Voice]:
    return [
        Voice(voice.weights[i : i + 1], voice.means[i : i + 1], voice.variances[i : i + 1])
        for i in range(len(voice.weights))
    ]
