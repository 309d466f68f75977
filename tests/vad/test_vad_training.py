"""How the small networks for speech are trained."""

from __future__ import annotations

import numpy as np

from coach.vad.edges import likelihood
from scripts.training.perceptron import NEAR, fitted, near_edges


def test_what_is_learnt_works_on_inputs_of_any_scale() -> None:
    """The scaling of the inputs is part of the first layer."""
    rng = np.random.default_rng(0)
    speech = np.arange(4000) % 3 == 0
    inputs = rng.normal(size=(4000, 3)) * [1.0, 50.0, 0.01] + np.array([5.0, -300.0, 0.0])
    inputs[:, 1] += 400.0 * speech
    learnt = fitted(inputs, speech, (6, 4), epochs=40)
    assert {name: (array.dtype, array.shape) for name, array in learnt.items()} == {
        "w0": (np.float32, (3, 6)), "b0": (np.float32, (6,)), "w1": (np.float32, (6, 4)), "b1": (np.float32, (4,)),
        "w2": (np.float32, (4, 1)), "b2": (np.float32, (1,)),
    }  # fmt: skip
    found = likelihood(inputs.astype(np.float32), learnt) > 0.5
    assert (found == speech).mean() > 0.95


def test_frames_near_an_edge_lie_on_both_sides_of_it() -> None:
    on = np.zeros(300, bool)
    on[150:] = True
    before, after = NEAR
    assert np.flatnonzero(near_edges(on)).tolist() == list(range(149 - before, 149 + after))
    assert not near_edges(np.ones(300, bool)).any()
