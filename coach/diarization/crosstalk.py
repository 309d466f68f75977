"""Crosstalk cancellation: removes the other people from each person's microphone.

The crosstalk of a person with a microphone of their own is the sound of that microphone, delayed, attenuated and
filtered by the room. An adaptive filter, learnt while only the other person speaks, predicts it for subtraction:

    Ben's microphone   ▂▆█▇▅▂____________▅█▆▂          the reference
    Ana's microphone   _▁▃▂▂_▅█▇▆_▇█▆▂___▆█▇▅▂         his leak, her voice, both at once
    predicted          _▁▃▂▂_____________▂▄▃▁
    residual           _______▅█▇▆_▇█▆▂___▅▇▆▄▁        her voice, to the end of a word under his

The filter is the partitioned-block frequency-domain Kalman filter (Enzner and Vary 2006; Kuech, Mabande and Enzner
2014). It tracks the variance of every coefficient and weighs it against the power that the reference does not explain.
So it converges fast at first, freezes during double talk and needs no double-talk detector. Three rules are additions
of this project. A channel learns only from the loudest other channel, and only if that is louder than itself; otherwise
a voice would be predicted from its own crosstalk in the other channel. A band is learnt only where the reference is
clearly above its own noise, because noise that two microphones share is no crosstalk. A hop that subtraction makes
louder is returned unchanged.

There is no latency. Without crosstalk, hardly anything changes. Whether a voice in the rest is the owner's or a leak is
judged in `channels`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.core.span import HOP, MILLISECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosstalkConfig:
    """How long the filter is, and how it learns."""

    reach: int = 80 * MILLISECOND  # samples; length of the filter: the distance of people, and early reflections
    kept: float = 0.9998  # decay of the filter per hop, because people move: 1% is left after four minutes
    unsure: float = 0.05  # initial variance of a coefficient; allows for crosstalk down to 10 dB
    least_power: float = 1e-4  # of a coefficient, so that one that was zero for long can still adapt
    blend: float = 0.5  # smoothing of the residual's spectrum: what the reference does not explain
    leads: float = 3.0  # dB by which the loudest channel must exceed another for that one to learn from it
    audible: float = -50.0  # dBFS; nobody speaks more softly into their own microphone
    over_noise: float = 40.0  # power ratio (16 dB) over its own noise above which a band is learnt from
    noise_rise: float = 1.014  # factor per hop by which the noise estimate rises (3 dB per second)
    noise_blend: float = 0.8  # smoothing of the spectrum in which the noise is sought


CONFIG = CrosstalkConfig()
PARTS = CONFIG.reach // HOP
BINS = HOP + 1  # bins of a spectrum over two hops
TINY = 1e-10


class Crosstalk:
    """Removes crosstalk between `channels` microphones. Stateful: hops must come in order."""

    def __init__(self, channels: int) -> None:
        self._history = np.zeros((channels, HOP))
        self._spectra = np.zeros((channels, PARTS, BINS), np.complex128)  # newest part first
        self._smooth = np.full((channels, BINS), 1e-3)
        self._noise = self._smooth.copy()
        self._own = [_Filter(channels - 1) for _ in range(channels)]

    def hop(self, samples: np.ndarray) -> np.ndarray:
        """Return the next hop, float32 (HOP, channels), without its crosstalk, and learn from it. No latency."""
        heard = samples.T.astype(np.float64)
        self._take(heard)
        level = 10 * np.log10((heard * heard).mean(axis=1) + TINY)
        clean = np.empty_like(heard)
        for i, own in enumerate(self._own):
            others = np.delete(np.arange(len(heard)), i)
            teacher = self._teacher(level, i, others)
            clean[i] = own.hop(heard[i], self._spectra[others], teacher, self._taught(others))
        return np.ascontiguousarray(clean.T, dtype=np.float32)

    def _take(self, heard: np.ndarray) -> None:
        newest = np.fft.rfft(np.concatenate([self._history, heard], axis=1))
        self._spectra = np.concatenate([newest[:, None], self._spectra[:, :-1]], axis=1)
        self._history = heard
        self._smooth = CONFIG.noise_blend * self._smooth + (1 - CONFIG.noise_blend) * np.abs(newest) ** 2
        self._noise = np.minimum(CONFIG.noise_rise * self._noise, self._smooth)

    def _taught(self, others: np.ndarray) -> np.ndarray:
        """(others, BINS) whether the newest spectrum of each other channel is above its noise."""
        taught: np.ndarray = np.abs(self._spectra[others, 0]) ** 2 > CONFIG.over_noise * self._noise[others]
        return taught

    @staticmethod
    def _teacher(level: np.ndarray, own: int, others: np.ndarray) -> int | None:
        """The index among the others of the channel to learn from; None while no other channel is loudest."""
        if not len(others):
            return None
        loudest = int(np.argmax(level[others]))
        loud = level[others[loudest]]
        return loudest if loud > CONFIG.audible and loud - level[own] > CONFIG.leads else None


class _Filter:
    """The filters from all `others` to one microphone: PARTS partitions each, as spectra over two hops."""

    def __init__(self, others: int) -> None:
        self._filter = np.zeros((others, PARTS, BINS), np.complex128)
        self._variance = np.full((others, PARTS, BINS), CONFIG.unsure)
        self._unexplained = np.full(BINS, CONFIG.least_power)

    def hop(self, heard: np.ndarray, others: np.ndarray, teacher: int | None, taught: np.ndarray) -> np.ndarray:
        """Return `heard` (HOP,) without the crosstalk of `others` (others, PARTS, BINS); learn from the `teacher`."""
        left: np.ndarray = heard - np.fft.irfft((self._filter * others).sum(axis=(0, 1)))[HOP:]
        if teacher is not None:
            self._learn(teacher, others[teacher], taught[teacher], left)
        return left if left @ left < heard @ heard else heard

    def _learn(self, teacher: int, reference: np.ndarray, taught: np.ndarray, left: np.ndarray) -> None:
        error = np.fft.rfft(np.concatenate([np.zeros(HOP), left]))
        self._unexplained = CONFIG.blend * self._unexplained + (1 - CONFIG.blend) * np.abs(error) ** 2
        power, variance = np.abs(reference) ** 2, self._variance[teacher]
        # an error over one hop has half the power of two hops: hence the halves
        gain = taught * variance / ((power * variance).sum(axis=0) / 2 + self._unexplained + TINY)
        step = np.fft.irfft(gain * reference.conj() * error)
        step[:, HOP:] = 0  # a partition of the filter is one hop long
        learnt = self._filter[teacher] + np.fft.rfft(step)
        self._filter[teacher] = learnt
        fresh = (1 - CONFIG.kept**2) * (np.abs(learnt) ** 2 + CONFIG.least_power)
        self._variance[teacher] = CONFIG.kept**2 * np.maximum(0, 1 - gain * power / 2) * variance + fresh
