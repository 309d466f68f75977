"""A multinomial logistic (log-linear) model over three kinds of features of the same words.

listed features ─┐
word n-grams    ─┼─► one score per class ─► softmax ─► probabilities
encoder vector  ─┘
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
class LogLinear:
    """The weights that `scripts/training/train_depth.py` fitted, with one column for each of c classes.

    `lists` (n, c) are the weights of the n features that `listed` names by row; `grams` (slots, c) those of n-grams;
    `encoded` (w, c) those of the encoder vector, which is standardized with `centre` (w,) and `spread` (w,).
    `intercept` is (c,).
    """

    listed: Mapping[str, int]
    lists: Floats
    grams: Floats
    encoded: Floats
    centre: Floats
    spread: Floats
    intercept: Floats

    @classmethod
    def from_arrays(cls, table: Weights) -> LogLinear:
        """The model in the arrays of a weights file."""
        return cls(
            listed={str(name): row for row, name in enumerate(table["listed"])},
            lists=floats(table, "lists"),
            grams=floats(table, "grams") * floats(table, "grams.step"),
            encoded=floats(table, "encoded"),
            centre=floats(table, "centre"),
            spread=floats(table, "spread"),
            intercept=floats(table, "intercept"),
        )

    def ngram_scores(self, found: Mapping[str, float]) -> NDArray[np.float64]:
        """The contribution of each n-gram to the scores, (len(found), c), from the n-grams' values."""
        values = np.fromiter(found.values(), np.float64)
        return np.asarray(values[:, None] * self.grams[[slot(ngram) for ngram in found]])

    def score(
        self, listed: Mapping[str, float], ngram_scores: NDArray[np.float64], vector: Floats
    ) -> NDArray[np.float64]:
        """The score of each class, (c,), from features by name, `ngram_scores` (k, c) and the encoder vector (w,)."""
        score = np.array(self.intercept, np.float64)
        for name, value in listed.items():
            if name in self.listed:
                score += value * self.lists[self.listed[name]]
        score += ngram_scores.sum(axis=0)
        score += (vector - self.centre) / self.spread @ self.encoded
        return score


def softmax(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (…, c) from scores (…, c)."""
    raised = np.exp(score - score.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def floats(table: Weights, name: str) -> Floats:
    """The array `name` of a weights file as float32."""
    return np.asarray(table[name], np.float32)
