"""When anybody speaks: edges from energy, speech confirmed by Silero.

Neither is enough alone. Energy against a running floor knows to ten milliseconds *when* a sound began and ended, but
not that it was a voice; Silero knows a voice, but answers late and blurs edges by a tenth of a second.

    level     ____▂▆█▇▅_▆█▆▃▁______▂▃▂_____
    burst         |---------|       |--|      frames over the floor, silences under 0.18 s closed
    Silero          ....^                     first sure window: the burst is a voice
    VoiceOn       *    (at ^)                 told then, back-dated to the burst's first frame
    VoiceOff                |      *          told 0.18 s after the last frame over the floor
                                              the second burst was never confirmed: a door, a cough

The threshold is the higher of *floor + margin* and *recent peak - depth*: the second stops a room's tail from counting
as speech. Latency: a voice is told when Silero is sure (median about 0.1 s after its onset), an end after the join.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from coach.hearing.frames import FRAME, FRAMES_A_SECOND, Levels
from coach.hearing.silero import WINDOW, Silero
from coach.span import HOP, Span


def frames(seconds: float) -> int:
    return round(seconds * FRAMES_A_SECOND)


JOIN = frames(0.18)  # silences shorter than this belong to the speech around them (SCIENCE: inter-pausal unit)
OVER_FLOOR = 9.0  # dB over the noise floor that a frame of speech must have
UNDER_PEAK = 20.0  # dB under the recent peak below which a frame is a room's tail, not speech
PEAK_DECAY = 3.0 / FRAMES_A_SECOND  # dB a frame by which the remembered peak sinks: 3 dB a second
FLOOR_MEMORY = frames(6.0)  # the floor is the quietest quarter second of this long a past
FLOOR_BLOCK = frames(0.25)
FLOOR_START = -60.0  # dBFS assumed before anything was heard: a quiet room
NOISY = 30.0  # dB from floor to peak under which soft speech drowns, and Silero may fill what level alone misses
FILL = 0.6  # Silero's probability from which it may
FILL_OVER_FLOOR = 2.0  # dB over the floor that such a frame must still have
FILL_LAG = 5  # frames by which Silero holds on after the last of a voice
SURE = 0.5  # Silero's probability from which a window counts as a voice
SURE_WINDOWS = 2  # windows that confirm a burst: 64 ms of voice
DOUBT = 0.15  # the probability below which a window holds nothing of a voice
LOST = frames(0.4)  # energy without a voice for so long is noise: the voice ended where Silero last heard it
BEFORE = frames(0.08)  # a voice begins at most so long before the first window that hears something of it
AFTER = frames(0.05)  # and ends at most so long after the last one
OPEN = 1 << 62  # the end of a voice that has not stopped


@dataclass(frozen=True, slots=True)
class Began:
    """A voice began at sample `onset`; known at `at`."""

    at: int
    onset: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The voice that began last stopped at `span.end`; known at `at`."""

    at: int
    span: Span


class NoiseFloor:
    """The running floor in dBFS: the quietest smoothed quarter second of the last six seconds (minimum statistics)."""

    def __init__(self) -> None:
        self._minima: deque[float] = deque(maxlen=FLOOR_MEMORY // FLOOR_BLOCK)
        self._block: list[float] = []
        self.level = FLOOR_START

    def frame(self, level: float) -> float:
        self._block.append(level)
        if len(self._block) == FLOOR_BLOCK:
            ordered = sorted(self._block)
            self._minima.append(sum(ordered[: FLOOR_BLOCK // 2]) / (FLOOR_BLOCK // 2))
            self._block.clear()
            self.level = min(self._minima)
        return self.level


class Activity:
    """Voice activity of one channel. `hop` takes (HOP,) float32 samples and gives the edges that became known.

    After each hop: `active` says of its frames whether each holds speech as far as level and Silero tell, `levels` is
    their level in dBFS, and `settled` is the frame before which it is known for good what was voice and what was not.
    """

    def __init__(self) -> None:
        self._meter = Levels()
        self._floor = NoiseFloor()
        self._silero = Silero()
        self._window = np.zeros(0, np.float32)
        self._frame = 0  # the next frame
        self._peak = Levels.SILENCE
        self._burst: int | None = None  # first frame of the burst under way
        self._told: int | None = None  # first frame of the voice that was told
        self._last = 0  # last active frame
        self._last_by_level = 0  # the same, not counting frames that Silero filled in
        self._sure = 0  # windows that heard a voice in the burst
        self._heard_first: int | None = None  # frame where Silero first heard something of a voice in it
        self._heard_last = 0  # and last
        self._p = 0.0  # Silero's latest word
        self.active: tuple[bool, ...] = ()
        self.levels: np.ndarray = np.zeros(0)

    @property
    def speaking(self) -> bool:
        """Whether a voice was told and has not stopped."""
        return self._told is not None

    @property
    def settled(self) -> int:
        if self._told is not None:
            return self._end
        return self._frame if self._burst is None else self._burst

    @property
    def _end(self) -> int:
        """Where the voice under way would end if nothing more were heard of it."""
        assert self._told is not None
        last = max(self._last_by_level, self._last - FILL_LAG) + 1
        return max(min(last, self._heard_last + AFTER), self._told + 1)

    def hop(self, samples: np.ndarray) -> list[Began | Stopped]:
        self._listen(samples)
        edges: list[Began | Stopped] = []
        active = []
        self.levels = self._meter.hop(samples)
        for level in self.levels:
            active.append(self._is_active(float(level)))
            edges += self._step(active[-1])
            self._frame += 1
        self.active = tuple(active)
        return edges

    def finish(self) -> list[Began | Stopped]:
        """The end of the sound: a voice under way stops here."""
        return [self._stop()] if self.speaking else []

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        """Nothing was heard from here up to `frame`: a voice under way stops, the room's levels stay known."""
        edges = self.finish()
        self._frame, self._burst = frame, None
        self._window = np.zeros(0, np.float32)
        return edges

    def _listen(self, samples: np.ndarray) -> None:
        """Feeds Silero. Its window may end with this hop, so it sees up to 20 ms past the frame that is judged."""
        self._window = np.concatenate([self._window, samples])
        while len(self._window) >= WINDOW:
            self._p = self._silero.window(self._window[:WINDOW])
            self._window = self._window[WINDOW:]
            if self._burst is None:
                continue
            end = self._frame + HOP // FRAME - len(self._window) // FRAME
            if self._p >= DOUBT:
                self._heard_last = end
                if self._heard_first is None:
                    self._heard_first = end - WINDOW // FRAME
            self._sure += self._p >= SURE

    def _is_active(self, level: float) -> bool:
        floor = self._floor.frame(level)
        over = level > max(floor + OVER_FLOOR, self._peak - UNDER_PEAK)
        drowned = self._peak - floor < NOISY and level > floor + FILL_OVER_FLOOR
        self._peak = max(self._peak - PEAK_DECAY, level)
        if over:
            self._last_by_level = self._frame
        return over or (drowned and self._p >= FILL)

    def _step(self, active: bool) -> list[Began | Stopped]:
        now = self._frame
        if active:
            if self._burst is None:
                self._new_burst(now)
            self._last = now
        if self._burst is None:
            return []
        if self._told is None:
            if self._sure >= SURE_WINDOWS:
                heard = now if self._heard_first is None else self._heard_first
                self._told = min(now, max(self._burst, heard - BEFORE))
                return [Began((now + 1) * FRAME, self._told * FRAME)]
            if now - self._last >= JOIN:
                self._burst = None
            return []
        if now - self._last >= JOIN:
            return [self._stop()]
        if now - self._heard_last >= LOST:
            stopped = self._stop()
            self._new_burst(now)
            return [stopped]
        return []

    def _new_burst(self, first: int) -> None:
        self._burst, self._sure, self._heard_first = first, 0, None

    def _stop(self) -> Stopped:
        assert self._told is not None
        stopped = Stopped((self._frame + 1) * FRAME, Span(self._told * FRAME, self._end * FRAME))
        self._told = self._burst = None
        return stopped
