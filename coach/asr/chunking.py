"""Chunking: cuts long sound into pieces that a recogniser can take, at the quietest places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coach.asr.engines.transcriber import Samples
from coach.core.span import MILLISECOND

FRAME = 10 * MILLISECOND  # samples


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkingConfig:
    """Where `pieces` cuts."""

    lull: int = 10  # frames of 10 ms; the cut is in the middle of the quietest stretch of this length


def pieces(samples: Samples, longest: int, config: ChunkingConfig = ChunkingConfig()) -> Iterator[Samples]:
    """Yield `samples` (n,) in order, in pieces of at most `longest` samples, without losing any.

    Each cut is at the quietest place in the second half of the longest possible piece.
    """
    while len(samples) > longest:
        cut = longest // 2 + _quietest(samples[longest // 2 : longest], config.lull)
        yield samples[:cut]
        samples = samples[cut:]
    yield samples


def _quietest(samples: Samples, lull: int) -> int:
    """The sample in the middle of the quietest `lull` frames."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    energy = np.square(frames, dtype=np.float64).sum(axis=1)
    lulls = np.convolve(energy, np.ones(lull), mode="valid")
    return (int(np.argmin(lulls)) + lull // 2) * FRAME
