"""Whether one voice or two are in a frame, and whose: what was learnt from made conversations of many readers.

The models of two voices say of a frame by itself how well each fits, and how well both at once would. But most sounds
of one voice resemble some sound of two. A small perceptron looks at the fifth of a second around the frame instead:

    frames    -10 . . . . . . . . . 0 . . . . . . . . . +10     every second one
    colour      how much better a, b or both fit than the rest of the three
    level       against the loudest of them: a voice that comes in lifts it
    place       of the whole, against the places of a and b (`discriminant`)
                └── two small layers ──►   a alone, b alone, both: log probabilities

It is asked twice, the second time with the people exchanged, so that nobody comes first.
`scripts/training/train_overlap.py` learns it again.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from coach.core.resources import Weights, load_weights
from coach.hearing.discriminant import REACH, STEP

ALONE_A, ALONE_B, BOTH = range(3)  # columns of colour, nearness and the answer
SWAP = [ALONE_B, ALONE_A, BOTH]
WORST = -20.0  # log likelihood under which a colour fits no worse
FARTHEST = -60.0  # the same of a place
_SHIFTS = np.arange(0, 2 * REACH + 1, STEP)  # of a frame's neighbours, from the first one on


def inputs(colour: np.ndarray, levels: np.ndarray, nearness: np.ndarray) -> np.ndarray:
    """What the perceptron sees of a pair, (n, 59), of the n frames that have all their neighbours.

    `colour` (n + 2 REACH, 3) are log likelihoods of a, b and both, `levels` (n + 2 REACH,) mean log energies,
    `nearness` (n, 3) log likelihoods of the place. Several pairs are seen at once: (..., n + 2 REACH, 3) and
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
    """(..., 3) log probabilities of a alone, b alone and both, from `inputs`."""
    w = learnt or weights()
    hidden = np.maximum(seen @ w["w0"] + w["b0"], 0.0)
    hidden = np.maximum(hidden @ w["w1"] + w["b1"], 0.0)
    out = hidden @ w["w2"] + w["b2"]
    top = out.max(axis=-1, keepdims=True)
    return np.asarray(out - top - np.log(np.exp(out - top).sum(axis=-1, keepdims=True)))


def either_way(colour: np.ndarray, levels: np.ndarray, nearness: np.ndarray) -> np.ndarray:
    """What `shares` says of `inputs`, on the average of both orders of the people; (..., 3)."""
    both_orders = np.stack([colour, colour[..., SWAP]]), levels, np.stack([nearness, nearness[..., SWAP]])
    one, other = shares(inputs(*both_orders))
    return np.asarray((one + other[..., SWAP]) / 2)


@cache
def weights() -> Weights:
    """What was learnt, by name; float64, as hearing computes."""
    return {name: learnt.astype(np.float64) for name, learnt in load_weights("coach.hearing", "overlap.npz").items()}
