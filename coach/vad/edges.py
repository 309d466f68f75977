"""The edges of speech to the hundredth of a second, from energy against the running floor.

The segmentation network knows whether it is speech, but blurs its edges by 60 ms and bridges short pauses. The level
shows the edges, but not what it is. A small network sees both around each frame, and decides:

    levels     -24 -16 -11 -8 -6 -4 -3 -2 -1 0 +1 +2 +3 +4 +6 +8 +11 +16 +24 frames
               in dB over the noise floor, and in dB under the recent peak
    bands      -11 -6 -3 -1 0 +1 +3 +6 +11 frames: twelve mel bands in dB over their noise floors, because the
               reverberation of a voice is as loud as its soft consonants, but duller
    segments   -24 -16 -10 -6 -3 -1 0 +1 +3 +6 +10 +16 +24: the probability that somebody speaks

`scripts/training/train_edges.py` trains it on made talk in rooms, over noises and telephones, and on a real call.

Its probability becomes speech by two thresholds, because people mean a soft ending as speech; a dip between two
stretches of speech is a pause at a third one, because there the same softness is reverberation:

    probability  .1 .5 .9 .9 .8 .4 .8 .9 .9 .6 .4 .3 .2 .1
    speech          ├─────────┤pause ├──────────┤
                  begins                       ends

Where the level has fallen to the noise for as long as a pause, nobody speaks, even if the network still expects it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from coach.core.resources import Weights, load_weights
from coach.vad.frames import FRAMES_A_SECOND, Bands, Levels, RecentPeak, runs
from coach.vad.noise_floor import Floors
from coach.vad.perceptron import perceptron
from coach.vad.scenery import DECIBELS, SCENERY

LEVELS = (-24, -16, -11, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 11, 16, 24)  # frames
BANDS = (-11, -6, -3, -1, 0, 1, 3, 6, 11)
SEGMENTS = (-24, -16, -10, -6, -3, -1, 0, 1, 3, 6, 10, 16, 24)
REACH = 24  # frames of context on either side


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgesConfig:
    """What counts as speech, and how levels become inputs."""

    begins_at: float = 0.45  # probability with which speech begins
    ends_at: float = 0.3  # and under which it ends: people mean soft endings as speech
    pauses_at: float = 0.7  # and under which a dip between two stretches of speech is a pause
    pause: tuple[int, int] = (15, 25)  # frames, the least and the most, of such a dip; a longer one is not seen whole
    begins: int = 4  # frames of a sound with which speech goes on after a breath
    breath: int = 8  # frames of silence that are a breath
    within: int = 12  # frames that hold so many; what flickers among them is the reverberation of a last word
    scale: float = 20.0  # dB per unit of an input
    audible: float = 6.0  # dB over the floor under which nobody speaks
    silent: float = 3.0  # dB over the floor; as soft for as long as a pause is silence, whatever else suggests
    noise_under: float = 20.0  # dB by which the floor then lies at least under the recent peak
    kept: int = 20 * FRAMES_A_SECOND  # frames of levels that are kept
    together: int = 50  # hops that wait at most until they are looked at, a second


CONFIG = EdgesConfig()


@cache
def weights() -> Weights:
    """The trained weights by name; float32."""
    return load_weights("coach.vad", "edges.npz")


class Edges:
    """Levels and floors of the last frames on one channel; `speech` decides about frames of them.

    Sound is looked at when somebody asks, many hops at once, for that takes a fraction of the time. Nothing depends on
    how sound is cut into blocks.
    """

    def __init__(self, config: EdgesConfig = CONFIG) -> None:
        self._config = config
        self._meter = Levels()
        self._floors = Floors()
        self._peak = RecentPeak()
        self._waiting: list[np.ndarray] = []  # hops that nobody has asked about
        self._begin(0)

    def _begin(self, frame: int) -> None:
        self._bands = Bands(SCENERY.bands)
        self._levels = np.zeros(0)  # of the frames whose bands are not complete
        self._rows = np.zeros((0, 3 + SCENERY.bands))  # of the last frames: level, floor, peak, bands over floor; dB
        self._count = frame  # complete frames so far
        self._decided = frame  # frames of which `speech` has decided
        self._before = np.zeros(self._config.pause[1], bool)  # whether the last of them were speech, pauses closed

    def hop(self, samples: np.ndarray) -> None:
        """Take the next (HOP,) samples. They are kept, not copied, so nobody may change them afterwards."""
        self._waiting.append(samples)
        if len(self._waiting) == self._config.together:
            self._look()

    def _look(self) -> None:
        """Takes the hops that wait."""
        if not self._waiting:
            return
        samples = np.array(self._waiting)
        self._waiting.clear()
        self._levels = np.concatenate([self._levels, self._meter.hops(samples).ravel()])
        bands = np.concatenate(self._bands.hops(samples)) * DECIBELS
        rows = np.concatenate([self._levels[: len(bands), None], bands], axis=1)
        self._levels = self._levels[len(bands) :]
        floors = self._floors.frames(rows)
        seen = np.column_stack([rows[:, 0], floors[:, 0], self._peak.frames(rows[:, 0]), (rows - floors)[:, 1:]])
        self._rows = np.concatenate([self._rows, seen])[-self._config.kept :]
        self._count += len(rows)

    def skip_to(self, frame: int) -> None:
        """Skip missing sound up to `frame`; the noise floors and the peak are kept."""
        self._look()
        self._begin(frame)

    def audible(self, since: int) -> bool:
        """Whether any frame from `since` on is loud enough for a voice."""
        self._look()
        recent = self._rows[max(0, len(self._rows) - max(0, self._count - since)) :]
        return bool(np.any(recent[:, 0] - recent[:, 1] > self._config.audible))

    def loud(self, levels: np.ndarray) -> np.ndarray:
        """Whether each of the next frames, (n,) dBFS, will be loud enough for a voice if the floor stays as it is.

        Before the first frame, the floor is the quietest of them.
        """
        self._look()
        floor = self._rows[-1, 1] if len(self._rows) else levels.min(initial=np.inf)
        return np.asarray(levels - floor > self._config.audible)

    def context(self, first: int, last: int) -> np.ndarray:
        """The frames whose probability of a voice `speech` needs for the frames from `first` up to `last`."""
        reach = REACH + self._config.pause[1]
        return np.arange(first - reach, last + reach)

    def speech(self, first: int, last: int, segments: np.ndarray) -> np.ndarray:
        """Whether each frame from `first` up to `last` is speech, (last - first,) bool. Ask for frames in order.

        `segments` is the probability that somebody speaks in the frames of `context`.
        """
        if last <= first:
            return np.zeros(0, bool)
        config = self._config
        around = config.pause[1]  # frames on either side that show a pause
        likely = likelihood(self.inputs(first - around, last + around, segments))
        if first != self._decided:
            self._before = np.zeros(around, bool)
        speech = np.concatenate([self._before, self._going_on(likely[around:])])
        self._decided, self._before = last, speech[last - first : last - first + around].copy()
        for start, end in runs(likely < config.pauses_at):
            if start > 0 and end < len(likely) and config.pause[0] <= end - start <= config.pause[1]:
                speech[start:end] = False
        for start, end in runs(self._silent(first - around, last + around)):
            if end - start >= config.pause[0]:
                speech[start:end] = False
        for start, end in runs(speech):
            before = speech[max(0, start - config.within) : start]
            if end - start >= config.begins and (~before).sum() >= config.breath:
                before[:] = False
        return speech[around:-around]

    def _silent(self, first: int, last: int) -> np.ndarray:
        """Whether each frame from `first` up to `last` is known, and as soft as the noise; (last - first,).

        Where sound begins in the middle of talk, its floor is that of soft syllables, so a floor is noise only if it
        lies far under the recent peak.
        """
        at = np.arange(first, last) - (self._count - len(self._rows))
        known = (at >= 0) & (at < len(self._rows))
        level, floor, peak = self._rows[np.clip(at, 0, len(self._rows) - 1), :3].T
        config = self._config
        return np.asarray(known & (level - floor <= config.silent) & (peak - floor >= config.noise_under))

    def _going_on(self, likely: np.ndarray) -> np.ndarray:
        """Whether each of the next frames is speech: it begins with a higher probability than it ends with."""
        config, on = self._config, bool(self._before[-1])
        speech = np.empty(len(likely), bool)
        for n, p in enumerate(likely.tolist()):
            on = speech[n] = p > (config.ends_at if on else config.begins_at)
        return speech

    def inputs(self, first: int, last: int, segments: np.ndarray) -> np.ndarray:
        """What the network sees of each frame, (last - first, inputs) float32.

        `segments` is the probability that somebody speaks in those frames and in `REACH` frames on either side. Raises
        ValueError if it is of another length, for then it would belong to other frames.
        """
        if len(segments) != last - first + 2 * REACH:
            raise ValueError(f"{last - first} frames need {last - first + 2 * REACH} segments, not {len(segments)}")
        self._look()
        rows = self._rows
        here = np.arange(first, last)
        at = here - (self._count - len(rows))
        level, floor, peak = rows[:, :3].T
        scale, end = self._config.scale, len(rows) - 1
        near = np.clip(at[:, None] + np.array(LEVELS), 0, end)
        over = np.clip(level - floor, -6.0, 60.0)[near] / scale
        under = np.clip(level - peak, -50.0, 0.0)[near] / scale
        wide = np.clip(peak - floor, 0.0, 70.0)[np.clip(at, 0, end), None] / scale
        voiced = segments[here[:, None] - first + REACH + np.array(SEGMENTS)]
        bands = np.clip(rows[:, 3:], -6.0, 60.0)[np.clip(at[:, None] + np.array(BANDS), 0, end)] / scale
        return np.concatenate([over, under, wide, voiced, bands.reshape(len(at), -1)], axis=1).astype(np.float32)


def likelihood(inputs: np.ndarray, learnt: Weights | None = None) -> np.ndarray:
    """The probability (n,) of speech in each row of inputs, (n, 2 * levels + 1 + segments + bands)."""
    return perceptron(inputs, learnt or weights())
