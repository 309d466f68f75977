"""The line of clips that wait for the speaker, and what the speaker gets of them.

No device is in here and no lock: orders come in through one queue and reports go out through another, so that the
thread that fills the speaker never waits. Clips sound in the order in which they were given. A stop fades what sounds
and drops what waits.

Each clip is kept at 16 kHz and at the speaker's rate. What is handed over is counted in native samples; its copy at
16 kHz lies on the clock that this count gives, so that both stay together to the sample however long it goes on. The
copy is for the echo canceller; a clip that it had better not know of is not `copied`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TypeVar

import numpy as np

from coach.audio.resample import resampled
from coach.audio.source import Samples
from coach.core.span import RATE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Played:
    """A clip is over: `samples` of it, at 16 kHz, were handed to the speaker; `cut` when that was not all of them.

    `failed` says, for the person, why it did not sound to its end although nobody stopped it.
    """

    name: str
    samples: int
    cut: bool
    failed: str | None = None


@dataclass(slots=True, eq=False)
class _Clip:
    name: str
    clip: Samples  # (n,) at 16 kHz
    native: Samples  # (m,) at the speaker's rate
    copied: bool
    whole: int = field(init=False)  # samples at 16 kHz, before any stop
    given: int = 0  # native samples
    origin: int = 0  # where its first sample lies on the line's 16 kHz clock

    def __post_init__(self) -> None:
        self.whole = len(self.clip)

    def fade(self, seconds: float, rate: int) -> None:
        """Let it end, evenly, `seconds` from where it is; one that ends sooner anyway stays whole."""
        if self.given + round(seconds * rate) >= len(self.native):
            return
        self.native = _faded(self.native, self.given, round(seconds * rate))
        self.clip = _faded(self.clip, self.given * RATE // rate, round(seconds * RATE))


def _native(clip: Samples, rate: int) -> Samples:
    """`clip` at the speaker's rate, long enough for all of its copy: rounding may leave the last sample outside."""
    native = resampled(clip[:, None], RATE, rate)[:, 0]
    needed = -(-len(clip) * rate // RATE)
    return np.pad(native, (0, max(0, needed - len(native))))


def _faded(samples: Samples, begin: int, n: int) -> Samples:
    out = samples[: begin + n].copy()
    out[begin:] *= np.linspace(1.0, 0.0, len(out) - begin, endpoint=False, dtype=np.float32)
    return out


def drain(queue: SimpleQueue[T]) -> Iterator[T]:
    """What is in the queue now, without waiting."""
    try:
        while True:
            yield queue.get_nowait()
    except Empty:
        return


class PlaybackQueue:
    """Clips on their way to a speaker that takes `rate` samples a second.

    `play` and `stop` may be called from any thread; `fill` and `fail` only where the speaker is served, one at a time.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.reports: SimpleQueue[Played] = SimpleQueue()
        self._orders: SimpleQueue[_Clip | float] = SimpleQueue()  # a clip, or a stop with the seconds of its fade
        self._line: deque[_Clip] = deque()
        self._asked = 0  # clips; written where `play` is called
        self._over = 0  # clips; written where the speaker is served
        self._handed = 0  # native samples, silence too

    @property
    def busy(self) -> bool:
        """Whether a clip sounds or waits to."""
        return self._asked != self._over

    def play(self, clip: Samples, gain_db: float, name: str, copied: bool = True) -> None:
        loud = np.asarray(clip, np.float32) * np.float32(10 ** (gain_db / 20))
        self._orders.put(_Clip(name, loud, _native(loud, self.rate), copied))
        self._asked += 1  # afterwards, so that a line that is busy has the clip

    def stop(self, fade_s: float) -> None:
        self._orders.put(fade_s)

    def fill(self, n: int) -> tuple[Samples, Samples]:
        """The next `n` native samples (n,), and the same stretch of time at 16 kHz without what is not copied."""
        self._take_orders()
        begin, end = self._handed * RATE // self.rate, (self._handed + n) * RATE // self.rate
        native, same = np.zeros(n, np.float32), np.zeros(end - begin, np.float32)
        done = 0
        while self._line and done < n:
            clip = self._line[0]
            if not clip.given:
                clip.origin = (self._handed + done) * RATE // self.rate
            part = clip.native[clip.given : clip.given + n - done]
            native[done : done + len(part)] = part
            if clip.copied:
                place = max(0, clip.origin - begin)
                copy = clip.clip[begin + place - clip.origin : end - clip.origin]
                same[place : place + len(copy)] = copy
            clip.given += len(part)
            done += len(part)
            if clip.given >= len(clip.native):
                self._report(self._line.popleft())
        self._handed += n
        return native, same

    def fail(self, reason: str) -> None:
        """Nothing more will sound: report every clip of the line as failed."""
        self._take_orders()
        while self._line:
            self._report(self._line.popleft(), reason)

    def change_rate(self, rate: int) -> None:
        """Go on for a speaker of another rate, while none is served; what is on its way begins anew there."""
        self._take_orders()
        self.rate = rate
        for clip in self._line:
            clip.native, clip.given = _native(clip.clip, rate), 0

    def _take_orders(self) -> None:
        for order in drain(self._orders):
            if isinstance(order, _Clip):
                self._line.append(order)
                continue
            while len(self._line) > 1:
                self._report(self._line.pop())
            if self._line:
                self._line[0].fade(order, self.rate)

    def _report(self, clip: _Clip, failed: str | None = None) -> None:
        cut = clip.given < len(clip.native) or len(clip.clip) < clip.whole
        samples = min(clip.whole, round(clip.given * RATE / self.rate)) if cut else clip.whole
        self.reports.put(Played(clip.name, samples, cut, failed))
        self._over += 1
