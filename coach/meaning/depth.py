"""The depth of a stretch: one logistic model over three kinds of features, then a second one over the context.

    words ─┬─► lists and grammar (`kinds.py`): "scared" bound to "I"       ─┐
           ├─► n-grams of one to three words: "i just", "he said to"        ├─► N · 1 · 2 · 3 ─► z
           └─► the encoder (`encoder.py`): a vector for the sentence       ─┘
    z, and the z of the same person's earlier stretches ─► p(inner)

`z` is the log-odds of levels 2 and 3 ("inner") against N and 1. The context matters because a fragment ("and that is
how it is") says little by itself, and a person who has just shared inner experience most likely goes on doing so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from coach.core.resources import load_weights
from coach.meaning.encoder import Encoder, Floats, encoder
from coach.meaning.log_linear import LogLinear, floats, softmax
from coach.meaning.ngrams import ngrams
from coach.meaning.tokens import words_only

LEVELS = ("N", "1", "2", "3")
_INNER = np.array([-1.0, -1.0, 1.0, 1.0])  # the contrast of levels 2 and 3 against N and 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthConfig:
    """What the second model looks back on. It was trained with these numbers."""

    context: int = 6  # earlier stretches of the same person
    largest_log_odds: float = 30.0  # natural log; a surer probability is taken as this sure


DEPTH = DepthConfig()


@dataclass(frozen=True, slots=True)
class Depth:
    """The depth of one stretch.

    `levels` are the probabilities of N, 1, 2, 3 from the words alone, `z` the log-odds of inner from the words alone,
    `p` the probability of inner with the context, and `because` the n-grams with the most weight for inner, strongest
    first.
    """

    levels: tuple[float, float, float, float]
    z: float
    p: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepthModel:
    """The two models: `words` has one class for each of LEVELS, `past` (5,) weights the `context_features`."""

    words: LogLinear
    past: Floats

    def judge(
        self,
        stream: Sequence[str],
        features: Mapping[str, float],
        before: Sequence[float] = (),
        *,
        by: Encoder | None = None,
    ) -> Depth:
        """The depth of the stretch with the tokens `stream` and the `features` of `kinds.py`.

        `before` holds the `z` of the same person's earlier stretches, the latest last; `by` replaces the encoder.
        """
        words = words_only(tuple(stream))
        found = ngrams(words)
        scores = self.words.ngram_scores(found)
        vector = (by or encoder()).encode(" ".join(words))[0]
        each = softmax(self.words.score(features, scores, vector))
        levels = (float(each[0]), float(each[1]), float(each[2]), float(each[3]))
        z = log_odds(levels[2] + levels[3])
        odds = float(np.dot(self.past, context_features(z, before)))
        weight = dict(zip(found, scores @ _INNER, strict=True))
        strongest = sorted((ngram for ngram in weight if weight[ngram] > 0), key=lambda ngram: (-weight[ngram], ngram))
        return Depth(levels, z, 1 / (1 + exp(-odds)), tuple(strongest[:3]))


def log_odds(p: float) -> float:
    """ln p/(1 − p), limited to ±30."""
    edge = exp(-DEPTH.largest_log_odds)
    p = min(max(p, edge), 1 - edge)
    return log(p / (1 - p))


def context_features(z: float, before: Sequence[float]) -> NDArray[np.float64]:
    """The features of `DepthModel.past`, (5,): 1, `z`, the last `z` before, the mean of the last ones, "no context".

    >>> context_features(1.0, [-3.0, -1.0]).tolist()
    [1.0, 1.0, -1.0, -2.0, 0.0]
    """
    near = list(before[-DEPTH.context :])
    if not near:
        return np.array([1.0, z, 0.0, 0.0, 1.0])
    return np.array([1.0, z, near[-1], sum(near) / len(near), 0.0])


@cache
def depth_model(language: str = "en") -> DepthModel:
    """The model that ships for `language`."""
    table = load_weights("coach.meaning", "weights", language, "depth.npz")
    return DepthModel(LogLinear.from_arrays(table), floats(table, "past"))
