"""The embedding is a point of unit length, near others of the same voice."""

from __future__ import annotations

import numpy as np
import pytest

from coach.core.span import RATE
from coach.diarization import DEFAULT_EMBEDDING, Embedding


@pytest.mark.parametrize("seconds", [0.5, 1.0, 3.99, 10.0])
def test_a_voice_has_unit_length(seconds: float) -> None:
    noise = np.random.default_rng(1).normal(size=(2, round(seconds * RATE))).astype(np.float32)
    told = Embedding().voices(noise)
    assert told.shape == (2, DEFAULT_EMBEDDING.numbers)
    assert (told**2).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("shape", [(RATE,), (1, 1, RATE), (1, RATE // 2 - 1), (1, 0)])
def test_any_other_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="crops of one length"):
        Embedding().voices(np.zeros(shape, np.float32))


def test_no_crops_have_no_voices() -> None:
    assert Embedding().voices(np.zeros((0, RATE), np.float32)).shape == (0, DEFAULT_EMBEDDING.numbers)
