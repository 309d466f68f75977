"""Fits the small networks that tell speech from other sound, frame by frame."""

from __future__ import annotations

import sys
import warnings

import numpy as np

NEAR = (25, 40)  # frames before and after an edge that count as near


def near_edges(on: np.ndarray) -> np.ndarray:
    """Which frames (n,) lie near a beginning or an end of speech; `on` (n,) says which frames are speech."""
    near = np.zeros(len(on), bool)
    for edge in np.flatnonzero(np.diff(on.astype(int))):
        near[max(0, edge - NEAR[0]) : edge + NEAR[1]] = True
    return near


def fitted(x: np.ndarray, y: np.ndarray, hidden: tuple[int, int], epochs: int) -> dict[str, np.ndarray]:
    """Weights w0, b0 … b2, float32, of a network with `hidden` units, from inputs (n, inputs) and speech (n,), bool."""
    from sklearn.neural_network import MLPClassifier

    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-3
    net = MLPClassifier(
        hidden, batch_size=512, max_iter=epochs, learning_rate_init=1.5e-3, alpha=3e-4, random_state=0,
        n_iter_no_change=99,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it stops before it has converged, as is meant
        net.fit((x - mean) / spread, y)
    print(f"{len(y)} frames, {y.mean():.0%} of them speech; loss {net.loss_:.3f}", file=sys.stderr)
    first = net.coefs_[0] / spread[:, None]  # folds the input scaling into the first layer
    made = {"w0": first, "b0": net.intercepts_[0] - mean @ first}
    for i in (1, 2):
        made |= {f"w{i}": net.coefs_[i], f"b{i}": net.intercepts_[i]}
    return {name: np.asarray(a, dtype=np.float32) for name, a in made.items()}
