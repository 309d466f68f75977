"""The features of a frame in context, from which `likeness` decides whether it is speech.

A level threshold cannot find the end of speech: reverberation continues at the level of a soft consonant, noise masks
the end of the last syllable, and a telephone removes most of an "s". They differ in their shape over time and
frequency, so the context reaches from a third of a second before the frame to 80 ms after it:

    frames    -32 -24 -18 -14 -11 -8 -6 -4 -3 -2 -1   0   +1 +2 +3 +4 +6 +8
    each as   the level and 12 mel bands, in dB over their own noise floors, and the level below the recent peak
    and       the detector's probability of speech at -8 -5 -2 +1 +4

Each band has its own noise floor (minimum statistics), so a hum raises the floors of its own bands only.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from coach.core.span import HOP
from coach.vad.detector import SILERO, SpeechProbability
from coach.vad.frames import FRAME, Bands, Levels, RecentPeak
from coach.vad.noise_floor import Floors
from coach.vad.silero import WINDOW
from coach.vad.steadiness import Steadiness

DECIBELS = 10 / np.log(10)  # per neper of power


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneryConfig:
    """The context of a frame, as the classifiers were trained with it, and the sound that the detector gets."""

    offsets: tuple[int, ...] = (-32, -24, -18, -14, -11, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8)  # frames
    voices: tuple[int, ...] = (-8, -5, -2, 1, 4)  # frames around it whose probability of speech is an input
    bands: int = 12  # on the mel scale
    scale: float = 20.0  # dB per unit of an input
    late: int = 4  # frames until the detector's window over a frame is complete: 32 ms at most, and 7.5 ms of the bands
    kept: int = 8  # windows whose probabilities are kept from hop to hop; a frame needs one of the last three
    raised_peak: float = -24.0  # dBFS to which soft sound is amplified for the detector, by its recent peak
    raised_most: float = 24.0  # dB, the most amplification; below about -45 dBFS Silero finds no voices


SCENERY = SceneryConfig()
REACH, AHEAD = -SCENERY.offsets[0], SCENERY.offsets[-1]  # frames of context before and after


@dataclass(frozen=True, slots=True)
class Seen:
    """The features of a frame. `row` and `floor` are (1 + bands,) dB: the level and bands, and their noise floors.

    `voice` is the detector's probability of speech; `ahead` is the loudest level in the look-ahead, in dB over the
    floor; `steady` says that the sound kept one colour for seconds, as no speech does.
    """

    inputs: np.ndarray
    row: np.ndarray
    floor: np.ndarray
    voice: float
    ahead: float
    steady: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """The results of one hop.

    Its levels in dBFS, the probabilities of the windows that end in it, and the frames with complete context.
    """

    levels: np.ndarray
    windows: list[float]
    seen: list[Seen]


class Scenery:
    """`hops` takes (n, HOP) float32 samples and returns the results of each hop, which do not depend on n.

    `rest` returns the last frames, whose look-ahead is missing, and starts anew; noise floors and peak are kept. The
    latency of `Seen` is about 90 ms. `detector` defaults to Silero.
    """

    def __init__(self, detector: SpeechProbability | None = None) -> None:
        self._meter = Levels()
        self._floors = Floors()
        self._peak = RecentPeak()
        self._detector = detector or SILERO.make()
        self._begin()

    def _begin(self) -> None:
        self._bands = Bands(SCENERY.bands)
        self._steadiness = Steadiness()
        self._steady = np.zeros(1, bool)  # of the last frame
        self._window = np.zeros(0, np.float32)  # sound of an incomplete window
        self._probabilities: list[float] = []  # of the last windows
        self._windows = 0  # windows since the start
        self._pending = np.zeros(0)  # levels of frames whose bands are pending
        self._rows = np.zeros((0, 1 + SCENERY.bands))  # of the last frames, as far back as the context reaches
        self._voices = np.zeros(0)  # the probabilities for them
        self._count = 0  # frames in total

    def hops(self, samples: np.ndarray) -> list[Heard]:
        """The results of the next hops, (n, HOP) float32 at 16 kHz, one for each."""
        levels = self._meter.hops(samples)
        peaks = self._peak.frames(levels.ravel()).reshape(levels.shape)[:, -1]  # after each hop
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
        """The frames that waited for their look-ahead; the sound that follows has nothing to do with them."""
        bands = self._bands.hop(np.zeros(HOP))[: len(self._pending)]
        seen = self._see(bands, np.full(len(bands), self._peak.level))
        if self._count:
            last = (self._rows, self._voices, self._floors.last, self._steady)
            rows, voices, floors, steady = (x[-1:].repeat(AHEAD, axis=0) for x in last)
            seen += self._sights(rows, voices, floors, np.full(AHEAD, self._peak.level), steady)
        self._begin()
        return seen

    def _listen(self, filtered: np.ndarray, peaks: np.ndarray) -> list[list[float]]:
        """The probabilities of the windows that end in each hop."""
        raised = [min(max(SCENERY.raised_peak - peak, 0.0), SCENERY.raised_most) for peak in peaks.tolist()]  # dB
        gains = [10 ** (each / 20) for each in raised]
        loud_enough = filtered * np.array(gains)[:, None]
        sound = np.concatenate([self._window, loud_enough.astype(np.float32).ravel()])
        whole = len(sound) // WINDOW * WINDOW
        told = self._detector.windows(sound[:whole].reshape(-1, WINDOW))
        over = [(len(self._window) + HOP * n) // WINDOW for n in range(len(filtered) + 1)]  # windows before each hop
        self._window = sound[whole:]
        self._probabilities = self._probabilities[-SCENERY.kept :] + told
        self._windows += len(told)
        return [told[a:b] for a, b in pairwise(over)]

    def _see(self, bands: np.ndarray, peaks: np.ndarray) -> list[Seen]:
        count = len(bands)
        rows = np.concatenate([self._pending[:count, None], bands * DECIBELS], axis=1)
        self._pending = self._pending[count:]
        # the window with the last sample of the frame `late` frames ago; before the first window, no voice
        windows = [((self._count + n + 1 - SCENERY.late) * FRAME - 1) // WINDOW for n in range(count)]
        voices = [self._probabilities[window - self._windows] if window >= 0 else 0.0 for window in windows]
        floors = self._floors.frames(rows)
        steady = self._steadiness.frames(rows[:, 1:], floors[:, 1:])
        self._steady = steady[-1:] if count else self._steady
        return self._sights(rows, np.array(voices), floors, peaks, steady)

    def _sights(
        self, rows: np.ndarray, voices: np.ndarray, floors: np.ndarray, peaks: np.ndarray, steady: np.ndarray
    ) -> list[Seen]:
        """The features of the frames that are AHEAD frames older than these, if there are any."""
        if not self._count:
            self._rows = rows[:1].repeat(REACH + AHEAD, axis=0)
            self._voices = voices[:1].repeat(REACH + AHEAD)
        rows, voices = np.concatenate([self._rows, rows]), np.concatenate([self._voices, voices])
        self._rows, self._voices = rows[-REACH - AHEAD :], voices[-REACH - AHEAD :]
        new = np.arange(max(0, AHEAD - self._count), len(floors))
        self._count += len(floors)
        if not len(new):
            return []
        scale = SCENERY.scale
        near, floors, peaks = rows[new[:, None] + _SEEN], floors[new], peaks[new]
        over = _limited(near - floors[:, None], -6.0, 60.0).reshape(len(new), -1)
        under = _limited(near[:, :, 0] - peaks[:, None], -50.0, 0.0)
        range_ = _limited(peaks - floors[:, 0], 0.0, 70.0)[:, None]
        inputs = np.concatenate([over / scale, under / scale, range_ / scale, voices[new[:, None] + _HEARD]], axis=1)
        ahead = rows[new[:, None] + _AHEAD, 0].max(axis=1) - floors[:, 0]
        heard = voices[new + REACH + SCENERY.late].tolist()
        of_frame = inputs.astype(np.float32), rows[new + REACH], floors, heard, ahead.tolist(), steady[new].tolist()
        return list(map(Seen, *of_frame))


def _limited(x: np.ndarray, least: float, most: float) -> np.ndarray:
    """Like `np.clip`, which takes three times as long on so few numbers."""
    return np.asarray(np.minimum(np.maximum(x, least), most))


# indices of rows; REACH rows precede the frame
_SEEN = np.array(SCENERY.offsets) + REACH
_AHEAD = np.arange(1, AHEAD + 1) + REACH
_HEARD = np.array(SCENERY.voices) + REACH + SCENERY.late  # a probability is stored so late after its frame
