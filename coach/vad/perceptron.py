"""A perceptron with two small hidden layers, as `likeness` and `edges` use for frames of speech."""

from __future__ import annotations

import numpy as np

from coach.core.resources import Weights


def perceptron(inputs: np.ndarray, weights: Weights, prefix: str = "") -> np.ndarray:
    """The probability (n,) of speech for each row of inputs (n, inputs).

    `weights` holds w0, b0 … b2, each with `prefix` before its name.
    """
    w = {name: weights[prefix + name] for name in ("w0", "b0", "w1", "b1", "w2", "b2")}
    # one product per frame: a batched product rounds differently, so results would depend on the batch size
    hidden = np.maximum(inputs[:, None] @ w["w0"] + w["b0"], 0.0)
    hidden = np.maximum(hidden @ w["w1"] + w["b1"], 0.0)
    odds = (hidden @ w["w2"] + w["b2"])[:, 0, 0]
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30.0, 30.0))))
