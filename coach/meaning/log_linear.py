"""Three views of the same words, added up: what was learnt by fitting one multinomial logistic model to all of them.

listed features ─┐
runs of words   ─┼─► a score for each class ─► probabilities
encoder         ─┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.core.resources import Weights
from coach.meaning.encoder import Floats
from coach.meaning.ngrams import slot


@dataclass(frozen=True, slots=True)
class Weighing:
    """Weights as `scripts/training/train_depth.py` stores them, with a column for each of c classes.

    `listed` names the rows of `lists` (n, c); `grams` is (SLOTS, c); `encoded` (w, c) weighs the encoder's numbers
    after `centre` and `spread` (w,); `intercept` (c,) is where every score begins.
    """

    listed: Mapping[str, int]
    lists: Floats
    grams: Floats
    encoded: Floats
    centre: Floats
    spread: Floats
    intercept: Floats

    def toward(self, runs: Mapping[str, float]) -> NDArray[np.float64]:
        """What each run of words adds to the score, (len(runs), c)."""
        worth = np.fromiter(runs.values(), np.float64)
        return np.asarray(worth[:, None] * self.grams[[slot(run) for run in runs]])

    def score(self, listed: Mapping[str, float], toward: NDArray[np.float64], vector: Floats) -> NDArray[np.float64]:
        """The score of each class, (c,), from features by name, `toward` of the runs and the encoder's numbers."""
        score = np.array(self.intercept, np.float64)
        for name, value in listed.items():
            if name in self.listed:
                score += value * self.lists[self.listed[name]]
        score += toward.sum(axis=0)
        score += (vector - self.centre) / self.spread @ self.encoded
        return score


def shares(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (…, c) from scores (…, c)."""
    raised = np.exp(score - score.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def unpacked(table: Weights) -> Weighing:
    """From the arrays of a file."""
    return Weighing(
        listed={str(name): row for row, name in enumerate(table["listed"])},
        lists=floats(table, "lists"),
        grams=floats(table, "grams") * floats(table, "grams.step"),
        encoded=floats(table, "encoded"),
        centre=floats(table, "centre"),
        spread=floats(table, "spread"),
        intercept=floats(table, "intercept"),
    )


def floats(table: Weights, name: str) -> Floats:
    """One array of a file, to be reckoned with."""
    return np.asarray(table[name], np.float32)
