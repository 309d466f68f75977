"""A look at a recording before it is heard: the scale of its samples, and whether its channels cancel each other.

Scale. Full scale of float samples is ±1, but some programs write the numbers of integers. A few wild samples (a fault
of one bit gives 1e30) say nothing about it, so the scale is that of nearly all.

Polarity. Channels are averaged for one microphone, and a channel with reversed polarity (a wrongly wired cable, "out of
phase" stereo) cancels the others. Polarity itself is inaudible, so such a channel is turned over:

    left      ▁▃▆▃▁   right   ▔▔▁▔▔ = -left      average 0
    left      ▁▃▆▃▁   turned  ▁▃▆▃▁              average as each

Where channels cancel each other only at times (one person has the same polarity in both, the other does not), no
turning helps, and the loudest channel alone is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from coach.audio.source import Samples

SCALES = (2.0**7, 2.0**15, 2.0**23, 2.0**31)  # of samples that are numbers of 8, 16, 24 and 32 bits


@dataclass(frozen=True, slots=True)
class SurveyConfig:
    """When samples have another scale, and when channels cancel each other. Shares and ratios are of power."""

    wild: float = 1e-4  # share of the samples that may be louder than the scale
    over: float = 8.0  # times full scale (18 dB) that nearly all samples of a hot recording stay below
    louder: float = 4.0  # power ratio (6 dB) by which turning channels over must raise the average
    related: float = 0.3  # correlation with the others from which a channel has a side at all
    even: float = 0.1  # share of the power; by less, no side has the greater part
    cancels: float = 0.1  # of the power that unrelated channels have on average: a correlation of -.9
    sounding: float = 1e-3  # of the loudest second's power (-30 dB): a second with sound
    partly: float = 0.05  # share of such seconds that must cancel if one channel is to be used alone, and
    partly_s: int = 2  # their least number


CONFIG = SurveyConfig()


@dataclass(frozen=True, slots=True)
class Surveyed:
    """`scale` divides the samples; `turned` are the channels (from 0) to turn over; `alone` is the only one to use."""

    scale: float = 1.0
    turned: tuple[int, ...] = ()
    alone: int | None = None


@dataclass
class Survey:
    """Add the samples of a recording second by second (n, channels), then ask for `result`."""

    channels: int
    scaled: bool = True  # whether the samples may have another scale
    _products: list[np.ndarray] = field(default_factory=list)  # (channels, channels) for each second
    _exponents: dict[int, int] = field(default_factory=dict)  # how many samples lie under each power of two

    def add(self, samples: Samples) -> None:
        """Take the next second, (n, channels); samples that are not finite count as silence."""
        finite = np.where(np.isfinite(samples), samples, 0.0).astype(np.float64)
        if self.scaled:
            exponents, counts = np.unique(np.frexp(finite)[1], return_counts=True)
            for exponent, count in zip(exponents.tolist(), counts.tolist(), strict=True):
                self._exponents[exponent] = self._exponents.get(exponent, 0) + count
        if self.channels > 1:
            tame = np.where(np.abs(finite) < SCALES[-1], finite, 0.0)
            rise = np.diff(tame, axis=0)  # an offset and hum are no reason to turn a channel over
            self._products.append(rise.T @ rise)

    def result(self) -> Surveyed:
        """What was found in the samples so far."""
        if not self._products:
            return Surveyed(self._scale())
        seconds = np.array(self._products)
        together = seconds.sum(axis=0)
        sides = _sides(together)
        if _power(together, sides) < CONFIG.louder * _power(together, np.ones(self.channels)):
            sides = np.ones(self.channels)
        if _cancel(seconds, sides):
            return Surveyed(self._scale(), alone=int(np.argmax(together.diagonal())))
        return Surveyed(self._scale(), turned=tuple(np.flatnonzero(sides < 0).tolist()))

    def _scale(self) -> float:
        left = int(CONFIG.wild * sum(self._exponents.values()))
        for exponent in sorted(self._exponents, reverse=True):
            left -= self._exponents[exponent]
            if left < 0:
                peak = 2.0**exponent
                return 1.0 if peak <= CONFIG.over else next((scale for scale in SCALES if peak <= scale), peak)
        return 1.0


def _cancel(seconds: np.ndarray, sides: np.ndarray) -> bool:
    """Whether the channels cancel each other in many of the seconds (n, channels, channels)."""
    apart = np.trace(seconds, axis1=1, axis2=2)
    sounding = apart > CONFIG.sounding * apart.max()
    cancelled = sum(_power(second, sides) < CONFIG.cancels * np.trace(second) for second in seconds[sounding])
    return bool(cancelled >= max(CONFIG.partly_s, CONFIG.partly * sounding.sum()))


def _power(products: np.ndarray, sides: np.ndarray) -> float:
    """The power of the sum of the channels, each times its side (1 or -1)."""
    return float(sides @ products @ sides)


def _sides(products: np.ndarray) -> np.ndarray:
    """The sides of the channels that make their sum loud: each channel, the loudest first, agrees with those before.

    The greater part of the power keeps its side; where they are even, the first channel does.
    """
    power = products.diagonal()
    sides = np.zeros(len(products))
    for channel in np.argsort(-power, kind="stable"):
        alike = products[channel] @ sides
        alone = not sides.any()
        if alone or abs(alike) > CONFIG.related * np.sqrt(power[channel] * _power(products, sides)):
            sides[channel] = 1.0 if alone or alike > 0 else -1.0
    share = float(sides @ power) / max(float(power.sum()), 1e-30)
    if share < -CONFIG.even or (share <= CONFIG.even and sides[np.flatnonzero(sides)[0]] < 0):
        sides = -sides
    return np.where(sides == 0, 1.0, sides)


def by_seconds(pieces: Iterable[Samples], rate: int) -> Iterable[Samples]:
    """The same samples in pieces of a second; the last is shorter."""
    kept: list[Samples] = []
    for piece in pieces:
        kept.append(piece)
        if (count := sum(map(len, kept))) >= rate:
            joined = np.concatenate(kept)
            cuts = range(0, count // rate * rate + 1, rate)
            yield from (joined[a:b] for a, b in pairwise(cuts))
            kept = [joined[cuts[-1] :]]
    if kept and len(kept[0]):
        yield np.concatenate(kept)
