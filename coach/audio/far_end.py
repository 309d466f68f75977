"""What the coach itself is sounding, in step with what it hears: the far end of the echo canceller.

The player pushes every sample that it hands to the speaker, silence too; the ear pulls as much as it takes from the
microphone. The two clocks differ a little and both sides come in bursts, so the stock between them must be held:

    too little   the ear gets zeros for what is missing, and what comes later waits that much longer: the stock has
                 grown by just what the bursts need
    too much     a far end that comes late could follow its own echo. So what was pushed before the first pull is
                 dropped, and after a second of silence whatever was not needed at any moment of it, but for 20 ms, so
                 that a cue does not start on the edge. Within a cue nothing is: the canceller has learnt the delay.
                 When the ear was late, what it takes from the microphone is as late, and the stock is needed; beyond
                 two seconds the oldest is dropped
    no pulls     the microphone was away, and the ear leaves that time out (`skip`): the stock is then what it was

Pushing happens on PortAudio's thread, so it copies into a ring and counts; all else happens on the ear's. The ring is
twice as long as what is ever read of it: PortAudio writes two seconds more before it reaches what the ear is reading.
"""

from __future__ import annotations

import numpy as np

from coach.audio.source import Samples
from coach.core.span import MILLISECOND, RATE

BOUND = 2 * RATE  # samples; the most that the far end may lag
RING = 2 * BOUND  # samples; kept of what was pushed, however long nobody pulls
SPARE = 20 * MILLISECOND  # samples; left over when a stock is dropped
SETTLE = RATE  # samples; how long a stock must have gone unneeded before it is dropped


class FarEnd:
    """A queue of mono samples at 16 kHz from one thread to another, whose delay is bounded and as short as can be."""

    def __init__(self) -> None:
        self._ring: Samples = np.zeros(RING, np.float32)  # sample n that was pushed lies at n % RING
        self._pushed = 0  # samples in all; written where the speaker is served
        self._pulled = 0  # samples of these that are over; the stock lies between the two
        self._least = BOUND  # the smallest stock left after a pull, since `_since` began
        self._since = 0  # samples pulled in silence
        self._first = True

    def push(self, samples: Samples) -> None:
        """Add `samples` (n,). Never waits, and takes no memory."""
        latest = samples[-RING:]
        at = (self._pushed + len(samples) - len(latest)) % RING
        ahead = min(len(latest), RING - at)
        self._ring[at : at + ahead] = latest[:ahead]
        self._ring[: len(latest) - ahead] = latest[ahead:]
        self._pushed += len(samples)  # afterwards, so that what is counted is there

    def pull(self, n: int) -> Samples:
        """The next `n` samples (n,), zeros where there are none."""
        pushed = self._pushed
        bound = SPARE if self._first and not self._stock(pushed).any() else BOUND
        self._first = False
        self._pulled = max(self._pulled, pushed - bound - n, pushed - RING)
        out = np.zeros(n, np.float32)
        ready = self._stock(min(pushed, self._pulled + n))
        out[: len(ready)] = ready
        self._pulled += len(ready)
        self._settle(n, pushed)
        return out

    def skip(self, n: int) -> None:
        """Leave out `n` samples that the microphone did not hear, or nobody listened to."""
        if n > 0:
            self._pulled = min(self._pushed, self._pulled + n)
            self._least, self._since = BOUND, 0

    def _stock(self, end: int) -> Samples:
        """What is not pulled yet of the first `end` samples, as far as it is still there."""
        return self._ring[np.arange(max(self._pulled, end - RING), end) % RING]

    def _settle(self, n: int, pushed: int) -> None:
        stock = pushed - self._pulled
        if self._stock(pushed).any():
            self._least, self._since = BOUND, 0
            return
        self._least = min(self._least, stock)
        self._since += n
        if self._since < SETTLE:
            return
        self._pulled += max(0, self._least - SPARE)
        self._least, self._since = BOUND, 0
