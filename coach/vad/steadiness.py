"""Steadiness: whether what is heard kept one colour for a while, as chords, hums and horns do that swell and fade.

Speech never does: its spectrum changes with every sound. A trembling chord, however, fools the detector and the burst
classifier, because its level rises and falls as often as that of syllables. So the shape of the spectrum is compared
with its mean over the last one and two seconds, level apart, and in excess of the noise floor: a hum behind a talk is
no reason.

    level    ▂▆█▆▂▂▆█▆▂▂▆█▆▂     ▂▅█▃▆▁▇▅▂_▃█
    shape    a a a a a a a a     b c a d e f c       distance from the mean shape: .05 and .4
             a trembling chord   a sentence

Measured on 6,500 windows of voices, calls and meetings: the least distance over two seconds is .14 (one in a thousand
is under .24), over one second .11. Chords and hums with tremolo have .02 to .12.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.vad.frames import FRAMES_A_SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadinessConfig:
    """When a sound has kept one colour. Times are frames; a distance is from 0 to 1."""

    short: int = FRAMES_A_SECOND  # that are compared at least
    long: int = 2 * FRAMES_A_SECOND  # and at most
    steady_short: float = 0.09  # the distance under which so few have one colour
    steady_long: float = 0.15  # and so many
    every: int = 10  # between two comparisons
    stride: int = 2  # every second frame is compared, because windows of 25 ms overlap
    over_floor: float = 3.0  # dB over the floor of a band that is noise
    loud: float = 25.0  # dB under the loudest frame; softer frames have no colour of their own
    fewest: float = 0.5  # share of the frames that must be loud


CONFIG = SteadinessConfig()


class Steadiness:
    """`frames` takes (n, bands) levels and noise floors in dB, and returns (n,) whether the sound is steady by then."""

    def __init__(self) -> None:
        self._rows = np.zeros((0, 0))
        self._floors = np.zeros((0, 0))
        self._count = 0
        self._steady = False

    def frames(self, rows: np.ndarray, floors: np.ndarray) -> np.ndarray:
        """Whether the sound is steady by each frame, (n,) bool; `rows` and `floors` are (n, bands) dB."""
        before = len(self._rows)
        self._rows = np.concatenate([self._rows.reshape(-1, rows.shape[1]), rows])
        self._floors = np.concatenate([self._floors.reshape(-1, rows.shape[1]), floors])
        steady = np.zeros(len(rows), bool)
        for n in range(len(rows)):
            self._count += 1
            end = before + n + 1
            if self._count % CONFIG.every == 0:
                self._steady = _is_steady(self._rows[:end], self._floors[:end])
            steady[n] = self._steady
        self._rows, self._floors = self._rows[-CONFIG.long :], self._floors[-CONFIG.long :]
        return steady


def _is_steady(rows: np.ndarray, floors: np.ndarray) -> bool:
    """Whether the last frames have one colour; what is not steady for a second is not steady for two."""
    if len(rows) < CONFIG.short:
        return False
    short = _distance(rows[-CONFIG.short :: CONFIG.stride], floors[-CONFIG.short :: CONFIG.stride])
    if short < CONFIG.steady_short or short >= CONFIG.steady_long or len(rows) < CONFIG.long:
        return short < CONFIG.steady_short
    return _distance(rows[-CONFIG.long :: CONFIG.stride], floors[-CONFIG.long :: CONFIG.stride]) < CONFIG.steady_long


def _distance(rows: np.ndarray, floors: np.ndarray) -> float:
    """The mean distance (half the L1 norm) of the loud frames' shapes from their mean; 1 if few frames are loud."""
    power = np.maximum(10 ** (rows / 10) - 10 ** ((floors + CONFIG.over_floor) / 10), 0.0)
    level = power.sum(axis=1)
    loud = level > level.max() * 10 ** (-CONFIG.loud / 10)
    if loud.sum() < CONFIG.fewest * len(rows):
        return 1.0
    shapes = power[loud] / level[loud, None]
    return float(np.abs(shapes - shapes.mean(axis=0)).sum(axis=1).mean() / 2)
