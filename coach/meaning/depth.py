"""How deep a stretch goes: three views of the same words, weighed by one logistic model, and then what came before.

    words ─┬─► lists and grammar (`experience.py`): "scared" bound to "I"           ─┐
           ├─► one to three words in a row: "i just", "he said to"                  ├─► N · 1 · 2 · 3 ─► z
           └─► the encoder (`encoder.py`): what the sentence is like                ─┘
    z, and the z of what the same person said before ─► p(inner)

`z` is the log-odds of levels 2 and 3 against N and 1. A fragment ("and that is how it is") tells little by itself; who
has just spoken of the inside most likely goes on doing so. Runs of words are looked up by a number made of their
letters (a hash), so that no list of what people said has to ship.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from math import exp, log
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from coach.meaning.encoder import Encoder, Floats, encoder
from coach.meaning.tokens import words_only

LEVELS = ("N", "1", "2", "3")
SLOTS = 1 << 16  # places for runs of words; two runs seldom share one
LONGEST_GRAM = 3  # words
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
    """Weights as `scripts/train_depth` stores them, in the order of LEVELS.

    `listed` names the features of `experience.py` in the rows of `lists` (n, 4); `grams` is (SLOTS, 4); `encoded`
    (384, 4) weighs the encoder's vector after `centre` and `spread`; `past` weighs what `past_features` gives.
    """

    listed: Mapping[str, int]
    lists: Floats
    grams: Floats
    encoded: Floats
    centre: Floats
    spread: Floats
    intercept: Floats
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
        score = np.array(self.intercept, np.float64)
        for name, value in features.items():
            if name in self.listed:
                score += value * self.lists[self.listed[name]]
        found = grams(words)
        toward = np.fromiter(found.values(), np.float64)[:, None] * self.grams[[slot(gram) for gram in found]]
        score += toward.sum(axis=0)
        vector = (by or encoder()).encode(" ".join(words))[0]
        score += (vector - self.centre) / self.spread @ self.encoded
        score -= score.max()
        shares = np.exp(score) / np.exp(score).sum()
        levels = (float(shares[0]), float(shares[1]), float(shares[2]), float(shares[3]))
        z = log_odds(levels[2] + levels[3])
        odds = float(np.dot(self.past, past_features(z, before)))
        inward = dict(zip(found, toward @ _INWARD, strict=True))
        told = sorted((gram for gram, worth in inward.items() if worth > 0), key=lambda gram: (-inward[gram], gram))
        return Depth(levels, z, 1 / (1 + exp(-odds)), tuple(told[:3]))


def grams(words: Sequence[str]) -> dict[str, float]:
    """The runs of one to three words with their worth: together of length 1, so that long talk does not weigh more.

    >>> list(grams(("i", "miss", "her")))
    ['i', 'miss', 'her', 'i miss', 'miss her', 'i miss her']
    """
    runs = chain.from_iterable(
        (" ".join(words[k : k + n]) for k in range(len(words) - n + 1)) for n in range(1, LONGEST_GRAM + 1)
    )
    counts: dict[str, int] = {}
    for run in runs:
        counts[run] = counts.get(run, 0) + 1
    worth = {run: 1 + log(count) for run, count in counts.items()}
    length = sum(value * value for value in worth.values()) ** 0.5
    return {run: value / length for run, value in worth.items()}


def slot(gram: str) -> int:
    """Where the weights of a run of words lie; the same on every machine."""
    return crc32(gram.encode()) % SLOTS


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
    file = files("coach.meaning").joinpath("weights", language, "depth.npz")
    with file.open("rb") as opened, np.load(opened) as stored:
        return unpacked(dict(stored))


def unpacked(table: Mapping[str, NDArray[np.generic]]) -> DepthModel:
    """A model from the arrays of its file."""

    def floats(name: str) -> Floats:
        return np.asarray(table[name], np.float32)

    names = [str(name) for name in table["listed"]]
    return DepthModel(
        listed={name: row for row, name in enumerate(names)},
        lists=floats("lists"),
        grams=floats("grams") * floats("grams.step"),
        encoded=floats("encoded"),
        centre=floats("centre"),
        spread=floats("spread"),
        intercept=floats("intercept"),
        past=floats("past"),
    )
