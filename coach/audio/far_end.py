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

Pushing happens on PortAudio's thread, so it is one put into a queue; all else happens on the ear's.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue

import numpy as np

from coach.audio.source import Samples
from coach.core.span import MILLISECOND, RATE

BOUND = 2 * RATE  # samples; the most that the far end may lag
SPARE = 20 * MILLISECOND  # samples; left over when a stock is dropped
SETTLE = RATE  # samples; how long a stock must have gone unneeded before it is dropped


class FarEnd:
    """A queue of mono samples at 16 kHz from one thread to another, whose delay is bounded and as short as can be."""

    def __init__(self) -> None:
        self._pushed: SimpleQueue[Samples] = SimpleQueue()
        self._stock: Samples = np.zeros(0, np.float32)
        self._least = BOUND  # the smallest stock left after a pull, since `_since` began
        self._since = 0  # samples pulled in silence
        self._first = True

    def push(self, samples: Samples) -> None:
        self._pushed.put(samples)

    def pull(self, n: int) -> Samples:
        """The next `n` samples (n,), zeros where there are none."""
        self._take()
        bound = SPARE if self._first and not self._stock.any() else BOUND
        self._first = False
        if (surplus := len(self._stock) - n - bound) > 0:
            self._stock = self._stock[surplus:]
        out = np.zeros(n, np.float32)
        ready = min(n, len(self._stock))
        out[:ready] = self._stock[:ready]
        self._stock = self._stock[ready:]
        self._settle(n)
        return out

    def _take(self) -> None:
        pieces = [self._stock]
        try:
            while True:
                pieces.append(self._pushed.get_nowait())
        except Empty:
            self._stock = np.concatenate(pieces)

    def _settle(self, n: int) -> None:
        if self._stock.any():
            self._least, self._since = BOUND, 0
            return
        self._least = min(self._least, len(self._stock))
        self._since += n
        if self._since < SETTLE:
            return
        self._stock = self._stock[max(0, self._least - SPARE) :]
        self._least, self._since = BOUND, 0
