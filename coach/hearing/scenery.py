"""A frame with its surroundings: all that is looked at to say whether there is speech in it.

A threshold on the level cannot know where speech ends: in a room the tail goes on at the level of a soft consonant, in
noise the last syllable sinks under the floor before it is over, on a telephone an "s" is hardly there. What tells them
apart is their shape in time and in frequency, so that a frame is seen from a third of a second before to 80 ms after:

    frames    -32 -24 -18 -14 -11 -8 -6 -4 -3 -2 -1   0   +1 +2 +3 +4 +6 +8
    each as   the level and 12 mel bands, in dB over their own floors, and the level under the recent peak
    and       what Silero said at -8 -5 -2 +1 +4

Floors are minimum statistics, band by band: a hum raises the floor of its own bands only.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from coach.hearing.floor import Floors
from coach.hearing.frames import FRAME, FRAMES_A_SECOND, Bands, Levels
from coach.hearing.silero import WINDOW, Silero
from coach.span import HOP

AHEAD = 8  # frames after a frame that are heard before it is judged
OFFSETS = (-32, -24, -18, -14, -11, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, AHEAD)  # the frames that it is seen with
LATE = 4  # frames by which Silero's window over a frame is complete at the latest: 32 ms, and the bands' 7.5
VOICE_OFFSETS = (-8, -5, -2, 1, AHEAD - LATE)
REACH = -OFFSETS[0]
LATEST = 8  # Silero's windows whose words are kept: a frame asks for one of the last three
MEL = 12  # bands
PEAK_DECAY = 3.0 / FRAMES_A_SECOND  # dB a frame by which the remembered peak sinks: 3 dB a second
ROOM = 16  # times its length that a trail may grow before its end is copied to its beginning
SCALE = 20.0  # dB that count as one
DECIBELS = 10 / np.log(10)  # from the natural logarithm of a power

SILERO_PEAK = -24.0  # dBFS to which the recent peak of a soft recording is raised before Silero hears it
SILERO_GAIN = 24.0  # dB, at most: under about -45 dBFS Silero no longer believes in voices


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame AHEAD frames ago: `row` and `floor` are (1 + MEL,) dB, level and bands.

    `voice` is Silero's word on it, `ahead` the loudest of the frames after it, in dB over the floor.
    """

    inputs: np.ndarray
    row: np.ndarray
    floor: np.ndarray
    voice: float
    ahead: float


class Scenery:
    """`hop` takes (HOP,) float32 samples and gives the frames that can now be seen with what followed them.

    `levels` are the last hop's own, in dBFS, at once. `rest` gives the frames whose future will never be heard; after
    it, what comes next is taken as unconnected, though floors and peak stay known. Latency: AHEAD and a bit, 90 ms.
    """

    def __init__(self) -> None:
        self._meter = Levels()
        self._floors = Floors()
        self._peak = Levels.SILENCE
        self._silero = Silero()
        self.voice = 0.0  # Silero's latest word
        self.windows: tuple[float, ...] = ()  # its words of the last hop
        self.levels: np.ndarray = np.zeros(0)
        self._begin()

    def _begin(self) -> None:
        self._bands = Bands(MEL)
        self._window = np.zeros(0, np.float32)
        self._words: deque[float] = deque(maxlen=LATEST)  # Silero's word on each of the last windows
        self._windows = 0  # that it heard since here
        self._pending: deque[float] = deque()  # levels of frames whose bands are not known yet
        self._rows = Trail(REACH + 1 + AHEAD, 1 + MEL)
        self._voices = Trail(REACH + 1 + AHEAD)
        self._count = 0  # frames in all
        self._floor = np.zeros(1 + MEL)

    def hop(self, samples: np.ndarray) -> list[Seen]:
        self.levels = self._meter.hop(samples)
        for level in self.levels:
            self._peak = max(self._peak - PEAK_DECAY, float(level))
            self._pending.append(float(level))
        self._listen(self._meter.filtered)
        return self._see(self._bands.hop(samples))

    def rest(self) -> list[Seen]:
        seen = self._see(self._bands.hop(np.zeros(HOP))[: len(self._pending)])
        for _ in range(AHEAD if self._count else 0):
            self._rows.add(self._rows.latest[-1])
            self._voices.add(self._voices.latest[-1])
            self._count += 1
            seen += self._latest()
        self._begin()
        return seen

    def _listen(self, filtered: np.ndarray) -> None:
        gain = 10 ** (min(max(SILERO_PEAK - self._peak, 0.0), SILERO_GAIN) / 20)
        self._window = np.concatenate([self._window, (filtered * gain).astype(np.float32)])
        self.windows = ()
        while len(self._window) >= WINDOW:
            self.voice = self._silero.window(self._window[:WINDOW])
            self._window = self._window[WINDOW:]
            self._words.append(self.voice)
            self._windows += 1
            self.windows += (self.voice,)

    def _see(self, bands: np.ndarray) -> list[Seen]:
        seen: list[Seen] = []
        for band in bands * DECIBELS:
            row = np.concatenate([[self._pending.popleft()], band])
            # of a frame's last sample, LATE frames ago; before there was any window, nothing was heard
            window = ((self._count + 1 - LATE) * FRAME - 1) // WINDOW
            voice = self._words[window - self._windows] if window >= 0 else 0.0
            if self._count == 0:
                for _ in range(REACH + AHEAD):
                    self._rows.add(row)
                    self._voices.add(voice)
            self._rows.add(row)
            self._voices.add(voice)
            self._floor = self._floors.frame(row)
            self._count += 1
            seen += self._latest()
        return seen

    def _latest(self) -> list[Seen]:
        """The frame AHEAD before the last, if there is one."""
        if self._count <= AHEAD:
            return []
        near = self._rows.latest
        ahead = float(near[REACH + 1 :, 0].max() - self._floor[0])
        rows = near[_SEEN]
        over = _limited(rows - self._floor, -6.0, 60.0).ravel()
        under = _limited(rows[:, 0] - self._peak, -50.0, 0.0)
        range_ = min(max(self._peak - self._floor[0], 0.0), 70.0)
        voices = self._voices.latest
        inputs = np.concatenate([over / SCALE, under / SCALE, [range_ / SCALE], voices[_HEARD]]).astype(np.float32)
        return [Seen(inputs, near[REACH].copy(), self._floor, float(voices[REACH + LATE]), ahead)]


class Trail:
    """The last `length` of rows that come one by one, as one array, without putting it together for each."""

    def __init__(self, length: int, *shape: int) -> None:
        self._length, self._end = length, 0
        self._kept = np.empty((ROOM * length, *shape))

    def add(self, row: np.ndarray | float) -> None:
        if self._end == len(self._kept):
            self._kept[: self._length] = self.latest
            self._end = self._length
        self._kept[self._end] = row
        self._end += 1

    @property
    def latest(self) -> np.ndarray:
        """(length, …), oldest first, fewer at the beginning; a view, which holds until the next `add`."""
        return self._kept[max(0, self._end - self._length) : self._end]


def _limited(x: np.ndarray, least: float, most: float) -> np.ndarray:
    """`np.clip`, which on so few numbers takes three times as long."""
    return np.asarray(np.minimum(np.maximum(x, least), most))


_SEEN = np.array(OFFSETS) + REACH
_HEARD = np.array(VOICE_OFFSETS) + REACH + LATE  # `_voices` holds each word LATE frames after its frame
