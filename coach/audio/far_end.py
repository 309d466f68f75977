"""The far end: what the speaker was handed, in step with the microphone, as the echo canceller needs it.

The player pushes every sample that it hands to the speaker, including silence; the ear pulls as many samples as it
takes from the microphone. The clocks of the two devices drift apart and both sides come in bursts, so the backlog
between them must be regulated:

    underrun     the ear gets zeros for the missing samples, and later samples arrive that much later: the backlog has
                 grown by exactly what the bursts need
    overrun      a far end that is too late could arrive after its own echo. What was pushed before the first pull is
                 dropped. After a second of silence, the part of the backlog that was never needed in that second is
                 dropped too, except for 20 ms of headroom at the start of a cue. Within a cue nothing is dropped,
                 because the canceller has learnt the delay. A late ear takes microphone sound that is equally late and
                 needs the backlog; beyond two seconds the oldest samples are dropped
    no pulls     the microphone was away and the ear skips that time (`skip`), so the backlog is what it was before

`push` runs on PortAudio's thread, so it only copies into a ring buffer and counts; everything else runs on the ear
thread. The ring is twice as long as what is ever read from it: PortAudio can write for two more seconds before it
reaches what the ear is reading.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.audio.source import Samples
from coach.core.span import MILLISECOND, RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class FarEndConfig:
    """How `FarEnd` regulates its backlog. All times are samples at 16 kHz."""

    most_lag: int = 2 * RATE  # the most that the far end may lag behind the speaker
    headroom: int = 20 * MILLISECOND  # kept when a backlog is dropped
    settle: int = RATE  # of silence in which a backlog must not have been needed before it is dropped


class FarEnd:
    """A queue of mono samples at 16 kHz from one thread to another, whose delay is bounded and as short as possible."""

    def __init__(self, config: FarEndConfig = FarEndConfig()) -> None:
        self._config = config
        self._size = 2 * config.most_lag
        self._ring: Samples = np.zeros(self._size, np.float32)  # pushed sample n is at n % self._size
        self._pushed = 0  # samples in total; written on PortAudio's thread
        self._pulled = 0  # of them, samples that were pulled or dropped; the backlog is the rest
        self._least = config.most_lag  # the smallest backlog after a pull, in the current silence
        self._silent = 0  # samples pulled in the current silence
        self._first = True

    def push(self, samples: Samples) -> None:
        """Add `samples` (n,). Never waits, and memory does not grow."""
        latest = samples[-self._size :]
        at = (self._pushed + len(samples) - len(latest)) % self._size
        ahead = min(len(latest), self._size - at)
        self._ring[at : at + ahead] = latest[:ahead]
        self._ring[: len(latest) - ahead] = latest[ahead:]
        self._pushed += len(samples)  # last, so that every counted sample is in the ring

    def pull(self, n: int) -> Samples:
        """Return the next `n` samples (n,), with zeros for missing ones."""
        pushed = self._pushed
        fresh = self._first and not self._backlog(pushed).any()
        most = self._config.headroom if fresh else self._config.most_lag
        self._first = False
        self._pulled = max(self._pulled, pushed - most - n, pushed - self._size)
        out = np.zeros(n, np.float32)
        ready = self._backlog(min(pushed, self._pulled + n))
        out[: len(ready)] = ready
        self._pulled += len(ready)
        self._settle(n, pushed)
        return out

    def skip(self, n: int) -> None:
        """Drop `n` samples of time in which the microphone was away or the ear did not listen."""
        if n > 0:
            self._pulled = min(self._pushed, self._pulled + n)
            self._restart()

    def _backlog(self, end: int) -> Samples:
        """The samples before `end` that are still in the ring and were not pulled."""
        return self._ring[np.arange(max(self._pulled, end - self._size), end) % self._size]

    def _settle(self, n: int, pushed: int) -> None:
        if self._backlog(pushed).any():
            self._restart()
            return
        self._least = min(self._least, pushed - self._pulled)
        self._silent += n
        if self._silent < self._config.settle:
            return
        self._pulled += max(0, self._least - self._config.headroom)
        self._restart()

    def _restart(self) -> None:
        self._least, self._silent = self._config.most_lag, 0
