"""The segmentation finds who speaks within a window, on a known grid of frames."""

from __future__ import annotations

import numpy as np
import pytest

from coach.core.span import RATE
from coach.diarization import DEFAULT_SEGMENTATION, SPEAKERS_OF_CLASS, Segmentation

CLASSES = len(SPEAKERS_OF_CLASS)


@pytest.mark.parametrize("seconds", [1.0, 2.5, 7.77, 10.0])
def test_each_frame_has_the_probabilities_of_seven_classes(seconds: float) -> None:
    samples = round(seconds * RATE)
    noise = np.random.default_rng(1).normal(size=(2, samples)).astype(np.float32)
    told = Segmentation().windows(noise)
    assert told.shape == (2, DEFAULT_SEGMENTATION.frames(samples), CLASSES)
    assert np.exp(told).sum(axis=-1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("shape", [(RATE,), (1, 1, RATE), (1, RATE - 1), (1, 10 * RATE + 1), (1, 0)])
def test_any_other_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="windows of one length"):
        Segmentation().windows(np.zeros(shape, np.float32))


def test_no_windows_have_no_results() -> None:
    assert Segmentation().windows(np.zeros((0, RATE), np.float32)).shape == (0, 58, CLASSES)
