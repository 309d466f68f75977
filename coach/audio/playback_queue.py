"""The playback queue: clips in the order in which they play, and the buffers that the speaker gets of them.

There is no device here and no lock: orders arrive in one queue and reports leave in another, so that the thread that
serves the speaker never blocks. A stop fades the clip that is playing and drops those that wait.

Each clip is held at 16 kHz and at the speaker's rate. Native samples are counted as they are handed over, and the far
end at 16 kHz follows the clock that this count gives, so that both stay aligned to the sample for any length of time. A
clip that the echo canceller must not get is left out of the far end (`in_far_end`).

A sound may lie under the clips (`lay_under`): a recorded conversation that people hear while the coach listens to it.
It is in no report and not in the far end, and no stop ends it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
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
    """A clip has ended. `samples` of it, at 16 kHz, were handed to the speaker; `cut` means that some were not.

    `failed` is a message for the person: why the clip did not play to its end although nothing stopped it.
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
    in_far_end: bool
    whole: int = field(init=False)  # samples at 16 kHz, before any stop
    given: int = 0  # native samples handed over so far
    origin: int = 0  # the first sample's place on the queue's 16 kHz clock

    def __post_init__(self) -> None:
        self.whole = len(self.clip)

    def fade(self, seconds: float, rate: int) -> None:
        """End the clip with a linear fade of `seconds` from here, unless it ends sooner anyway."""
        if self.given + round(seconds * rate) >= len(self.native):
            return
        self.native = _faded(self.native, self.given, round(seconds * rate))
        self.clip = _faded(self.clip, self.given * RATE // rate, round(seconds * RATE))


def _native(clip: Samples, rate: int) -> Samples:
    """`clip` at the speaker's rate, padded so that rounding does not cut its last sample at 16 kHz off."""
    native = resampled(clip[:, None], RATE, rate)[:, 0]
    needed = -(-len(clip) * rate // RATE)
    return np.pad(native, (0, max(0, needed - len(native))))


def _faded(samples: Samples, begin: int, n: int) -> Samples:
    out = samples[: begin + n].copy()
    out[begin:] *= np.linspace(1.0, 0.0, len(out) - begin, endpoint=False, dtype=np.float32)
    return out


def drain(queue: SimpleQueue[T]) -> Iterator[T]:
    """Take what is in the queue now, without waiting."""
    try:
        while True:
            yield queue.get_nowait()
    except Empty:
        return


class PlaybackQueue:
    """Clips for a speaker of `rate` samples a second. `reports` gets a `Played` for each clip that ends.

    `play` and `stop` may be called from any thread; `fill`, `fail` and `change_rate` only from the thread that serves
    the speaker, one call at a time.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.reports: SimpleQueue[Played] = SimpleQueue()
        self._orders: SimpleQueue[_Clip | float] = SimpleQueue()  # a clip, or a stop with the seconds of its fade
        self._clips: deque[_Clip] = deque()
        self._requested = 0  # clips; written where `play` is called
        self._ended = 0  # clips; written where the speaker is served
        self.handed = 0  # native samples, including silence
        self._under: _Clip | None = None

    @property
    def busy(self) -> bool:
        """Whether a clip is playing or waiting."""
        return self._requested != self._ended

    def play(self, clip: Samples, gain_db: float, name: str, in_far_end: bool = True) -> None:
        """Add `clip` (n,), mono at 16 kHz."""
        amplified = np.asarray(clip, np.float32) * np.float32(10 ** (gain_db / 20))
        self._orders.put(_Clip(name, amplified, _native(amplified, self.rate), in_far_end))
        self._requested += 1  # last, so that a busy queue has the clip

    def lay_under(self, sound: Samples, gain_db: float) -> Callable[[], None]:
        """Prepare `sound` (n,), mono at 16 kHz, to lie under all clips; the function returned begins to play it."""
        amplified = np.asarray(sound, np.float32) * np.float32(10 ** (gain_db / 20))
        prepared = _Clip("", amplified, _native(amplified, self.rate), in_far_end=False)

        def begin() -> None:
            self._under = prepared

        return begin

    def stop(self, fade_s: float) -> None:
        """Fade the clip that is playing within `fade_s` seconds and drop those that wait."""
        self._orders.put(fade_s)

    def fill(self, n: int) -> tuple[Samples, Samples]:
        """Return the next `n` native samples (n,), and the far end (m,) at 16 kHz for the same time."""
        self._take_orders()
        begin, end = self.handed * RATE // self.rate, (self.handed + n) * RATE // self.rate
        native, far = np.zeros(n, np.float32), np.zeros(end - begin, np.float32)
        done = 0
        while self._clips and done < n:
            clip = self._clips[0]
            if not clip.given:
                clip.origin = (self.handed + done) * RATE // self.rate
            part = clip.native[clip.given : clip.given + n - done]
            native[done : done + len(part)] = part
            if clip.in_far_end:
                at = max(0, clip.origin - begin)
                piece = clip.clip[begin + at - clip.origin : end - clip.origin]
                far[at : at + len(piece)] = piece
            clip.given += len(part)
            done += len(part)
            if clip.given >= len(clip.native):
                self._report(self._clips.popleft())
        if (under := self._under) is not None:
            part = under.native[under.given : under.given + n]
            native[: len(part)] += part
            under.given += len(part)
        self.handed += n
        return native, far

    def fail(self, reason: str) -> None:
        """Report every clip in the queue as failed for `reason`."""
        self._take_orders()
        while self._clips:
            self._report(self._clips.popleft(), reason)

    def change_rate(self, rate: int) -> None:
        """Continue with a speaker of another rate; the clips in the queue start again from their beginning."""
        self._take_orders()
        if (under := self._under) is not None:
            under.native, under.given = _native(under.clip, rate), under.given * rate // self.rate
        self.rate = rate
        for clip in self._clips:
            clip.native, clip.given = _native(clip.clip, rate), 0

    def _take_orders(self) -> None:
        for order in drain(self._orders):
            if isinstance(order, _Clip):
                self._clips.append(order)
                continue
            while len(self._clips) > 1:
                self._report(self._clips.pop())
            if self._clips:
                self._clips[0].fade(order, self.rate)

    def _report(self, clip: _Clip, failed: str | None = None) -> None:
        cut = clip.given < len(clip.native) or len(clip.clip) < clip.whole
        samples = min(clip.whole, round(clip.given * RATE / self.rate)) if cut else clip.whole
        self.reports.put(Played(clip.name, samples, cut, failed))
        self._ended += 1
