"""A frame with its surroundings: all that is looked at to say whether there is speech in it.

A threshold on the level cannot know where speech ends: in a room the tail goes on at the level of a soft consonant, in
noise the last syllable sinks under the floor before it is over, on a telephone an "s" is hardly there. What tells them
apart is their shape in time and in frequency, so that a frame is seen from a third of a second before to 80 ms after:

    frames    -32 -24 -18 -14 -11 -8 -6 -4 -3 -2 -1   0   +1 +2 +3 +4 +6 +8
    each as   the level and 12 mel bands, in dB over their own floors, and the level under the recent peak
    and       the detector's probability of speech at -8 -5 -2 +1 +4

Floors are minimum statistics, band by band: a hum raises the floor of its own bands only.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from coach.core.span import HOP
from coach.hearing.detector import SILERO, SpeechProbability
from coach.hearing.floor import Floors
from coach.hearing.frames import FRAME, FRAMES_A_SECOND, Bands, Levels
from coach.hearing.silero import WINDOW

AHEAD = 8  # frames after a frame that are heard before it is judged
OFFSETS = (-32, -24, -18, -14, -11, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, AHEAD)  # the frames that it is seen with
LATE = 4  # frames by which the detector's window over a frame is complete at the latest: 32 ms, and the bands' 7.5
VOICE_OFFSETS = (-8, -5, -2, 1, AHEAD - LATE)
REACH = -OFFSETS[0]
LATEST = 8  # windows whose probabilities are kept from hop to hop: a frame asks for one of the last three
MEL = 12  # bands
PEAK_DECAY = 3.0 / FRAMES_A_SECOND  # dB a frame by which the remembered peak sinks: 3 dB a second
SCALE = 20.0  # dB that count as one
DECIBELS = 10 / np.log(10)  # from the natural logarithm of a power

RAISED_PEAK = -24.0  # dBFS to which the recent peak of a soft recording is raised before the detector hears it
RAISED_MOST = 24.0  # dB, at most: under about -45 dBFS Silero no longer believes in voices


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame AHEAD frames ago: `row` and `floor` are (1 + MEL,) dB, level and bands.

    `voice` is the detector's probability of speech, `ahead` the loudest of the frames after it, in dB over the floor.
    """

    inputs: np.ndarray
    row: np.ndarray
    floor: np.ndarray
    voice: float
    ahead: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What became known in one hop.

    Its own levels in dBFS, the detector's probabilities for the windows that ended in it, and the frames that can now
    be seen with what followed them.
    """

    levels: np.ndarray
    windows: list[float]
    seen: list[Seen]


class Scenery:
    """`hops` takes (n, HOP) float32 samples and gives what became known in each, the same whatever n.

    `rest` gives the frames whose future will never be heard; after it, what comes next is taken as unconnected, though
    floors and peak stay known. Latency of what is seen: AHEAD and a bit, 90 ms. `detector` is Silero unless given.
    """

    def __init__(self, detector: SpeechProbability | None = None) -> None:
        self._meter = Levels()
        self._floors = Floors()
        self._peak = Levels.SILENCE
        self._detector = detector or SILERO.make()
        self._begin()

    def _begin(self) -> None:
        self._bands = Bands(MEL)
        self._window = np.zeros(0, np.float32)  # sound that fills no window yet
        self._probabilities: list[float] = []  # of speech in each of the last windows
        self._windows = 0  # that the detector heard since here
        self._pending = np.zeros(0)  # levels of frames whose bands are not known yet
        self._rows = np.zeros((0, 1 + MEL))  # of the last frames, as far back as a new one may ask
        self._voices = np.zeros(0)  # the probabilities of speech in them
        self._count = 0  # frames in all

    def hops(self, samples: np.ndarray) -> list[Heard]:
        levels = self._meter.hops(samples)
        peaks = self._peaks(levels)
        windows = self._listen(self._meter.filtered, peaks)
        self._pending = np.concatenate([self._pending, levels.ravel()])
        bands = self._bands.hops(samples)
        known = np.repeat(np.arange(len(bands)), [len(rows) for rows in bands])  # the hop that completed each frame
        seen = self._see(np.concatenate(bands), peaks[known])
        heard = [Heard(level, told, []) for level, told in zip(levels, windows, strict=True)]
        for hop, sight in zip(known[len(known) - len(seen) :].tolist(), seen, strict=True):
            heard[hop].seen.append(sight)
        return heard

    def rest(self) -> list[Seen]:
        bands = self._bands.hop(np.zeros(HOP))[: len(self._pending)]
        seen = self._see(bands, np.full(len(bands), self._peak))
        if self._count:
            rows, voices, floors = (x[-1:].repeat(AHEAD, axis=0) for x in (self._rows, self._voices, self._floors.last))
            seen += self._sights(rows, voices, floors, np.full(AHEAD, self._peak))
        self._begin()
        return seen

    def _peaks(self, levels: np.ndarray) -> np.ndarray:
        """The remembered peak after each hop, (n,)."""
        peaks = []
        for hop in levels.tolist():
            for level in hop:
                self._peak = max(self._peak - PEAK_DECAY, level)
            peaks.append(self._peak)
        return np.array(peaks)

    def _listen(self, filtered: np.ndarray, peaks: np.ndarray) -> list[list[float]]:
        """The probabilities of speech in the windows that end in each hop."""
        gains = [10 ** (min(max(RAISED_PEAK - peak, 0.0), RAISED_MOST) / 20) for peak in peaks.tolist()]
        raised = filtered * np.array(gains)[:, None]
        sound = np.concatenate([self._window, raised.astype(np.float32).ravel()])
        whole = len(sound) // WINDOW * WINDOW
        told = self._detector.windows(sound[:whole].reshape(-1, WINDOW))
        over = [(len(self._window) + HOP * n) // WINDOW for n in range(len(filtered) + 1)]  # windows before each hop
        self._window = sound[whole:]
        self._probabilities = self._probabilities[-LATEST:] + told
        self._windows += len(told)
        return [told[a:b] for a, b in pairwise(over)]

    def _see(self, bands: np.ndarray, peaks: np.ndarray) -> list[Seen]:
        count = len(bands)
        rows = np.concatenate([self._pending[:count, None], bands * DECIBELS], axis=1)
        self._pending = self._pending[count:]
        # of a frame's last sample, LATE frames ago; before there was any window, nothing was heard
        windows = [((self._count + n + 1 - LATE) * FRAME - 1) // WINDOW for n in range(count)]
        voices = [self._probabilities[window - self._windows] if window >= 0 else 0.0 for window in windows]
        return self._sights(rows, np.array(voices), self._floors.frames(rows), peaks)

    def _sights(self, rows: np.ndarray, voices: np.ndarray, floors: np.ndarray, peaks: np.ndarray) -> list[Seen]:
        """The frames AHEAD before these, as far as there are any."""
        if not self._count:
            self._rows = rows[:1].repeat(REACH + AHEAD, axis=0)
            self._voices = voices[:1].repeat(REACH + AHEAD)
        rows, voices = np.concatenate([self._rows, rows]), np.concatenate([self._voices, voices])
        self._rows, self._voices = rows[-REACH - AHEAD :], voices[-REACH - AHEAD :]
        new = np.arange(max(0, AHEAD - self._count), len(floors))
        self._count += len(floors)
        if not len(new):
            return []
        near, floors, peaks = rows[new[:, None] + _SEEN], floors[new], peaks[new]
        over = _limited(near - floors[:, None], -6.0, 60.0).reshape(len(new), -1)
        under = _limited(near[:, :, 0] - peaks[:, None], -50.0, 0.0)
        range_ = _limited(peaks - floors[:, 0], 0.0, 70.0)[:, None]
        inputs = np.concatenate([over / SCALE, under / SCALE, range_ / SCALE, voices[new[:, None] + _HEARD]], axis=1)
        ahead = rows[new[:, None] + _AHEAD, 0].max(axis=1) - floors[:, 0]
        heard = voices[new + REACH + LATE].tolist()
        return list(map(Seen, inputs.astype(np.float32), rows[new + REACH], floors, heard, ahead.tolist()))


def _limited(x: np.ndarray, least: float, most: float) -> np.ndarray:
    """`np.clip`, which on so few numbers takes three times as long."""
    return np.asarray(np.minimum(np.maximum(x, least), most))


# of the row AHEAD frames before the last, REACH rows lie before it
_SEEN = np.array(OFFSETS) + REACH
_AHEAD = np.arange(1, AHEAD + 1) + REACH
_HEARD = np.array(VOICE_OFFSETS) + REACH + LATE  # each probability is kept LATE frames after its frame
