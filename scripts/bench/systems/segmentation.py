"""The segmentation network alone as a speech detector: somebody talks where that is more likely than not.

It hears windows of ten seconds, one each second. A frame's probability is the mean over the windows that hold it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from coach.core.resources import packaged
from coach.core.span import RATE
from coach.diarization import Segmentation
from scripts.cache import key

STEP = RATE  # samples from window to window
FRAME = RATE // 100  # samples
LIKELY = 0.5


def segmentation(x: np.ndarray) -> list[tuple[float, float]]:
    """Speech in samples at 16 kHz, in seconds."""
    likely = np.concatenate([[False], somebody(x) > LIKELY, [False]])
    edges = np.flatnonzero(np.diff(likely)) * FRAME / RATE
    return [(float(start), float(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def somebody(x: np.ndarray) -> NDArray[np.float64]:
    """The probability that anybody talks in each frame of 10 ms, (frames,)."""
    network = Segmentation()
    length = network.config.longest
    x = np.pad(x, (0, max(0, length - len(x))))
    starts = [*range(0, len(x) - length, STEP), len(x) - length]
    centres = network.config.centres(length)
    total, windows = np.zeros(len(x) // FRAME), np.zeros(len(x) // FRAME)
    for start in starts:
        nobody = np.exp(network.windows(x[None, start : start + length])[0, :, 0])
        frames = np.arange(-(-start // FRAME), (start + length) // FRAME)
        total[frames] += 1 - np.interp(frames * FRAME + FRAME // 2, start + centres, nobody)
        windows[frames] += 1
    return np.asarray(total / windows)


@cache
def version() -> str:
    """What the result depends on besides the sound."""
    return key(packaged("coach.diarization", "weights", "segmentation.onnx"), f"1 {STEP} {FRAME} {LIKELY}")
