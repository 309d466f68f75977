"""Long sound in pieces that a recogniser can take, cut where it is quietest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coach.asr.engines.transcriber import Samples
from coach.core.span import MILLISECOND

FRAME = 10 * MILLISECOND  # samples
LULL = 10  # frames; a cut lies in the middle of the quietest tenth of a second


def pieces(samples: Samples, longest: int) -> Iterator[Samples]:
    """`samples` in order, in pieces of at most `longest` samples, nothing lost.

    Each cut lies at the quietest place in the second half of what still fits.
    """
    while len(samples) > longest:
        cut = longest // 2 + _quietest(samples[longest // 2 : longest])
        yield samples[:cut]
        samples = samples[cut:]
    yield samples


def _quietest(samples: Samples) -> int:
    """The sample in the middle of the quietest lull."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    energy = np.square(frames, dtype=np.float64).sum(axis=1)
    lulls = np.convolve(energy, np.ones(LULL), mode="valid")
    return (int(np.argmin(lulls)) + LULL // 2) * FRAME
