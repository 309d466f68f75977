"""Overlap detection: whether a frame has voice a, voice b or both, by a perceptron.

Two voice models give the likelihood of a single frame under a, b and both. But most sounds of one voice resemble some
sound of two. So a small perceptron uses the 0.2 s around the frame:

    frames    -10 . . . . . . . . . 0 . . . . . . . . . +10     every second one
    colour      log likelihoods of a, b and both relative to the best of the three
    level       relative to the loudest of the frames: a second voice raises it
    place       projection of the whole relative to the places of a and b (`discriminant`)
                └── two small layers ──►   a alone, b alone, both: log probabilities

It is evaluated in both orders of the two people and averaged, so that the order does not matter.
`scripts/training/train_overlap.py` trains it on synthetic conversations of many readers.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from coach.core.resources import Weights, load_weights
from coach.hearing.discriminant import REACH, STEP

ALONE_A, ALONE_B, BOTH = range(3)  # columns of colour, nearness and the output
SWAP = [ALONE_B, ALONE_A, BOTH]
WORST = -20.0  # the least relative log likelihood of a colour
FARTHEST = -60.0  # the same of a place
_SHIFTS = np.arange(0, 2 * REACH + 1, STEP)  # offsets of the context frames from the first one


def inputs(colour: np.ndarray, levels: np.ndarray, nearness: np.ndarray) -> np.ndarray:
    """Return the perceptron's inputs for a pair, (n, 59), for the n frames with complete context.

    `colour` (n + 2 REACH, 3) are log likelihoods of a, b and both, `levels` (n + 2 REACH,) mean log energies,
    `nearness` (n, 3) log likelihoods of the place. Leading axes are for several pairs: (..., n + 2 REACH, 3) and
    (..., n, 3) give (..., n, 59).
    """
    *pairs, n, _ = nearness.shape
    around = np.arange(n)[:, None] + _SHIFTS
    best = colour.max(axis=-1, keepdims=True)
    fits = np.maximum(colour - best, WORST) / 5
    level = levels[around]
    level = np.maximum(level - level.max(axis=1, keepdims=True), -8.0) / 2
    near = nearness.max(axis=-1, keepdims=True)
    parts = (
        fits[..., around, :].reshape(*pairs, n, 3 * len(_SHIFTS)),
        best[..., around, 0] / 10,
        np.broadcast_to(level, (*pairs, *level.shape)),
        np.maximum(nearness - near, FARTHEST) / 10,
        near / 10,
    )
    return np.concatenate(parts, axis=-1)


def shares(seen: np.ndarray, learnt: Weights | None = None) -> np.ndarray:
    """Return (..., 3) log probabilities of a alone, b alone and both, from `inputs`."""
    w = learnt or weights()
    hidden = np.maximum(seen @ w["w0"] + w["b0"], 0.0)
    hidden = np.maximum(hidden @ w["w1"] + w["b1"], 0.0)
    out = hidden @ w["w2"] + w["b2"]
    top = out.max(axis=-1, keepdims=True)
    return np.asarray(out - top - np.log(np.exp(out - top).sum(axis=-1, keepdims=True)))


def either_way(colour: np.ndarray, levels: np.ndarray, nearness: np.ndarray) -> np.ndarray:
    """Return `shares` of `inputs`, averaged over both orders of the people; (..., 3)."""
    both_orders = np.stack([colour, colour[..., SWAP]]), levels, np.stack([nearness, nearness[..., SWAP]])
    one, other = shares(inputs(*both_orders))
    return np.asarray((one + other[..., SWAP]) / 2)


@cache
def weights() -> Weights:
    """The trained weights by name, as float64 like the other computations of hearing."""
    return {name: learnt.astype(np.float64) for name, learnt in load_weights("coach.hearing", "overlap.npz").items()}
