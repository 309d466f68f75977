"""Taking the other people out of one's own microphone.

What a microphone hears of somebody who has one of their own is that other microphone's sound, later, weaker and
coloured by the room. A filter that is learnt while only the other speaks foretells it, and it is subtracted:

    Ben's microphone   ▂▆█▇▅▂____________▅█▆▂          the reference
    Ana's microphone   _▁▃▂▂_▅█▇▆_▇█▆▂___▆█▇▅▂         his leak, her voice, both at once
    foretold           _▁▃▂▂_____________▂▄▃▁
    what is left       _______▅█▇▆_▇█▆▂___▅▇▆▄▁        her voice, to the end of a word under his

The filter is the partitioned-block frequency-domain Kalman filter (Enzner and Vary 2006; Kuech, Mabande and Enzner
2014): beside every coefficient it keeps how unsure it is of it, and weighs that against how much of the sound the
reference does not explain. So it learns fast at first, holds still while both speak, and needs no double-talk detector.
Three things are of our own. A channel learns from the loudest other channel only, when that is louder than itself:
else a voice would be foretold from its own leak into the other. A band is learnt where the reference stands clearly
over its own noise, since noise that two microphones share is no leak. And a hop that subtraction made louder is given
as it was heard.

No latency: a hop in, the same hop out. Where nothing leaks, hardly anything is changed.
"""

from __future__ import annotations

import numpy as np

from coach.core.span import HOP, MILLISECOND

REACH = (
    80 * MILLISECOND
)  # samples of leak that the filter can foretell: the way between people, and a room's first part
PARTS = REACH // HOP
BINS = HOP + 1  # of a spectrum over two hops
KEPT = 0.9998  # of the filter from hop to hop: people move, 99% of it would be another after four minutes
UNSURE = 0.05  # the variance of a coefficient before anything was learnt: leaks down to 10 dB lie within
LEAST_POWER = 1e-4  # of a coefficient, so that one that was zero for long can still be learnt
BLEND = 0.5  # of the residual's old spectrum, as the measure of what the reference does not explain
LEADS = 3.0  # dB by which the loudest channel must lead another for that one to learn from it
AUDIBLE = -50.0  # dBFS under which nobody speaks into their own microphone
OVER_NOISE = 40.0  # power ratio (16 dB) over its own noise from which a band of the reference teaches
NOISE_RISE = 1.014  # a hop by which the remembered noise rises: 3 dB a second; it sinks at once
NOISE_BLEND = 0.8
TINY = 1e-10


class Crosstalk:
    """Cleans `channels` microphones of one another. `hop` takes and gives float32 of shape (HOP, channels)."""

    def __init__(self, channels: int) -> None:
        self._history = np.zeros((channels, HOP))
        self._spectra = np.zeros((channels, PARTS, BINS), np.complex128)  # newest part first
        self._smooth = np.full((channels, BINS), 1e-3)
        self._noise = self._smooth.copy()
        self._own = [_Filter(channels - 1) for _ in range(channels)]

    def hop(self, samples: np.ndarray) -> np.ndarray:
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
        self._smooth = NOISE_BLEND * self._smooth + (1 - NOISE_BLEND) * np.abs(newest) ** 2
        self._noise = np.minimum(NOISE_RISE * self._noise, self._smooth)

    def _taught(self, others: np.ndarray) -> np.ndarray:
        """In which bands each of the others' newest sound stands over its noise; (others, BINS) of bool."""
        taught: np.ndarray = np.abs(self._spectra[others, 0]) ** 2 > OVER_NOISE * self._noise[others]
        return taught

    @staticmethod
    def _teacher(level: np.ndarray, own: int, others: np.ndarray) -> int | None:
        """Which of the others, counted without oneself, is to be learnt from; None while nobody else leads."""
        if not len(others):
            return None
        loudest = int(np.argmax(level[others]))
        loud = level[others[loudest]]
        return loudest if loud > AUDIBLE and loud - level[own] > LEADS else None


class _Filter:
    """What one microphone hears of all `others`: a filter for each, of PARTS hops, as spectra over two hops."""

    def __init__(self, others: int) -> None:
        self._filter = np.zeros((others, PARTS, BINS), np.complex128)
        self._variance = np.full((others, PARTS, BINS), UNSURE)
        self._unexplained = np.full(BINS, LEAST_POWER)

    def hop(self, heard: np.ndarray, others: np.ndarray, teacher: int | None, taught: np.ndarray) -> np.ndarray:
        """`heard` (HOP,) without what `others` (others, PARTS, BINS) explain of it; learns from the `teacher`."""
        left: np.ndarray = heard - np.fft.irfft((self._filter * others).sum(axis=(0, 1)))[HOP:]
        if teacher is not None:
            self._learn(teacher, others[teacher], taught[teacher], left)
        return left if left @ left < heard @ heard else heard

    def _learn(self, teacher: int, reference: np.ndarray, taught: np.ndarray, left: np.ndarray) -> None:
        error = np.fft.rfft(np.concatenate([np.zeros(HOP), left]))
        self._unexplained = BLEND * self._unexplained + (1 - BLEND) * np.abs(error) ** 2
        power, variance = np.abs(reference) ** 2, self._variance[teacher]
        # an error over one hop carries half of what two hops would: hence the halves
        gain = taught * variance / ((power * variance).sum(axis=0) / 2 + self._unexplained + TINY)
        step = np.fft.irfft(gain * reference.conj() * error)
        step[:, HOP:] = 0  # a part of the filter is one hop long
        learnt = self._filter[teacher] + np.fft.rfft(step)
        self._filter[teacher] = learnt
        fresh = (1 - KEPT**2) * (np.abs(learnt) ** 2 + LEAST_POWER)
        self._variance[teacher] = KEPT**2 * np.maximum(0, 1 - gain * power / 2) * variance + fresh
