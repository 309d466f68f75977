"""Any sample rate into the coach's 16 kHz, as a stream.

The method is libsoxr's (through `soxr`). It compensates its own filter delay, so a click at second t comes out at
second t; it keeps the ratio exactly, so nothing drifts; and it gives the same bits whatever the size of the pieces that
it is fed. The tests hold it to all three.
"""

from __future__ import annotations

import numpy as np
import soxr

from coach.audio.source import Samples
from coach.core.span import RATE

QUALITY = "HQ"  # 20 bits; comes out at most 40 ms late from 44.1 and 48 kHz, where VHQ would take 85 ms
_LAST = True


class Resampler:
    """One stream of `channels` channels from `rate` to `to` samples a second."""

    def __init__(self, rate: int, channels: int, to: int = RATE) -> None:
        self._stream = None if rate == to else soxr.ResampleStream(rate, to, channels, dtype="float32", quality=QUALITY)
        self._nothing: Samples = np.zeros((0, channels), np.float32)

    def feed(self, samples: Samples) -> Samples:
        """What is ready after `samples` (n, channels): (m, channels), often empty at first."""
        if self._stream is None:
            return samples
        ready: Samples = self._stream.resample_chunk(samples)
        return ready

    def flush(self) -> Samples:
        """The rest; all that came out then lasts as long as all that went in, to half a sample.

        The stream begins anew afterwards, as if nothing had been fed.
        """
        if self._stream is None:
            return self._nothing
        rest: Samples = self._stream.resample_chunk(self._nothing, _LAST)
        self._stream.clear()
        return rest


def resampled(samples: Samples, rate: int, to: int) -> Samples:
    """A whole clip (n, channels) at another rate."""
    stream = Resampler(rate, samples.shape[1], to)
    return np.concatenate([stream.feed(samples), stream.flush()])
