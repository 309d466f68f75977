"""How deep a stretch goes: three views of the same words, weighed by one logistic model, and then what came before.

    words ─┬─► lists and grammar (`experience.py`): "scared" bound to "I"           ─┐
           ├─► one to three words in a row: "i just", "he said to"                  ├─► N · 1 · 2 · 3 ─► z
           └─► the encoder (`encoder.py`): what the sentence is like                ─┘
    z, and the z of what the same person said before ─► p(inner)

`z` is the log-odds of levels 2 and 3 against N and 1. A fragment ("and that is how it is") tells little by itself; who
has just spoken of the inside most likely goes on doing so.
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
from coach.meaning.log_linear import Weighing, floats, shares, unpacked
from coach.meaning.ngrams import grams
from coach.meaning.tokens import words_only

LEVELS = ("N", "1", "2", "3")
FAR_BEFORE = 6  # stretches of the same person that still say something about this one
_INWARD = np.array([-1.0, -1.0, 1.0, 1.0])  # levels 2 and 3 against N and 1
_FAR_ODDS = 30.0  # log-odds beyond which nothing changes


@dataclass(frozen=True, slots=True)
class Depth:
    """`levels` are the probabilities of N, 1, 2, 3 by the words alone; `z` their log-odds of inner; `p` with what came
    before; `because` the runs of words that spoke most for the inside, strongest first."""

    levels: tuple[float, float, float, float]
    z: float
    p: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepthModel:
    """`words` weighs the features of `experience.py`, runs of words and the encoder (384,) for each of LEVELS;
    `past` weighs what `past_features` gives."""

    words: Weighing
    past: Floats

    def judge(
        self,
        stream: Sequence[str],
        features: Mapping[str, float],
        before: Sequence[float] = (),
        *,
        by: Encoder | None = None,
    ) -> Depth:
        """The depth of the stretch with tokens `stream` and `features`, after stretches of log-odds `before`."""
        words = words_only(tuple(stream))
        found = grams(words)
        toward = self.words.toward(found)
        vector = (by or encoder()).encode(" ".join(words))[0]
        each = shares(self.words.score(features, toward, vector))
        levels = (float(each[0]), float(each[1]), float(each[2]), float(each[3]))
        z = log_odds(levels[2] + levels[3])
        odds = float(np.dot(self.past, past_features(z, before)))
        inward = dict(zip(found, toward @ _INWARD, strict=True))
        told = sorted((gram for gram, worth in inward.items() if worth > 0), key=lambda gram: (-inward[gram], gram))
        return Depth(levels, z, 1 / (1 + exp(-odds)), tuple(told[:3]))


def log_odds(p: float) -> float:
    """ln p/(1 − p), never beyond ±30."""
    edge = exp(-_FAR_ODDS)
    p = min(max(p, edge), 1 - edge)
    return log(p / (1 - p))


def past_features(z: float, before: Sequence[float]) -> NDArray[np.float64]:
    """What `DepthModel.past` weighs: 1, this stretch, the last one, the last FAR_BEFORE, and whether there is none.

    >>> past_features(1.0, [-3.0, -1.0]).tolist()
    [1.0, 1.0, -1.0, -2.0, 0.0]
    """
    near = list(before[-FAR_BEFORE:])
    if not near:
        return np.array([1.0, z, 0.0, 0.0, 1.0])
    return np.array([1.0, z, near[-1], sum(near) / len(near), 0.0])


@cache
def depth_model(language: str = "en") -> DepthModel:
    """The weights that ship for `language`."""
    table = load_weights("coach.meaning", "weights", language, "depth.npz")
    return DepthModel(unpacked(table), floats(table, "past"))
