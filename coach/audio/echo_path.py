"""The echo path from the speaker to each microphone, estimated from the coach's own speech, for a linear canceller.

AEC3 (`aec`) leaves nothing of the coach but also suppresses some of a person's speech, mostly the first words. A
recogniser copes better with a little echo than with missing speech. The sound for the recogniser is therefore cleaned
by subtracting the predicted echo and by nothing else; this cannot remove anything that is not echo:

    out = near - far * path          (* is convolution)

The path is a Wiener estimate: the cross spectrum of far end and near end divided by the power spectrum of the far end.
It is averaged over all lines that nobody was known to speak into, with older lines weighted down. After one line the
noise in the room limits its accuracy; clocks of speaker and microphone that drift apart limit it further.

The delay may change from one line to the next, because `FarEnd` dropped samples or because the two devices have two
clocks. So the delay is estimated anew from the start of each line; until that succeeds, the last one is used. If the
estimated path stops predicting the echo, as in another room or at another volume, it is discarded and re-estimated.

>>> rng = np.random.default_rng(1)
>>> path, far = EchoPath(), np.concatenate([rng.normal(size=RATE), np.zeros(RATE // 2)]).astype(np.float32)
>>> for echo in (0.5 * far, 0.4 * far):
...     out = [path.hop(echo[i : i + 320, None], far[i : i + 320], alone=True) for i in range(0, len(far), 320)]
...     print(f"{np.std(out[:50]):.2f}")
0.50
0.10
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coach.audio.source import Samples
from coach.core.span import MILLISECOND, RATE

Spectrum = npt.NDArray[np.complex128]


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoPathConfig:
    """How `EchoPath` estimates and checks the echo path. Times are samples at 16 kHz."""

    taps: int = RATE // 2  # length of the path: the buffers of both devices and the room's decay
    longest: int = 2**18  # the most of a line and its echo that is learnt from (16 s); longer lines are ignored
    forgetting: float = 0.9  # weight of all earlier lines relative to the latest one
    regularisation: float = 1e-3  # share of the far end's mean power added to every bin; voices leave some bins empty
    max_delay_jump: int = 200 * MILLISECOND  # the most by which the delay changes from one line to the next
    search: int = RATE // 2  # from the start of a line; the delay is searched for within this
    dominant: float = 0.5  # share of the near end's energy that the predicted echo must explain to judge by it
    max_residual: float = 0.25  # share of a line's energy; a path that leaves more is discarded
    keep_delay: float = 0.99  # share of the best reduction at which the delay of the last line is kept
    min_fit: float = 0.7  # share of the predicted echo found in the near end; subtraction helps from 0.5


class EchoPath:
    """A linear echo canceller for `channels` microphones in one room. `hop` must get every hop of a session.

    A line is what the far end gets between two silences of `taps` samples: it begins without any earlier echo, and its
    own echo has decayed when it ends.
    """

    def __init__(self, channels: int = 1, config: EchoPathConfig = EchoPathConfig()) -> None:
        self._config = config
        self._lags = np.arange(-config.max_delay_jump, config.max_delay_jump)
        self.fits = np.zeros(channels, bool)
        """(channels,) whether the path is known and predicts the echo of this line as far as it was observed."""
        self._path = np.zeros((config.taps, channels))
        self._power: npt.NDArray[np.float64] = np.zeros((config.longest // 2 + 1, channels))  # of the far end
        self._cross: Spectrum = np.zeros((config.longest // 2 + 1, channels), np.complex128)
        self._shifted_path = self._path
        self._shift = 0  # samples by which the echo of this line is later than the path says
        self._settled = self._shift, self.fits  # after the last line that was learnt from
        self._begin()

    def _begin(self) -> None:
        """Wait for the next line."""
        self._near: list[Samples] = []
        self._far: list[Samples] = []
        self._length = 0  # samples
        self._silent = 0  # samples since the far end fell silent
        self._alone = True
        self._energy = self._residual = np.zeros(len(self.fits))  # before and after subtraction

    def hop(self, near: Samples, far: Samples, alone: bool) -> Samples:
        """Return `near` (n, channels) without the predicted echo; `far` (n,) is the far end of the same hop.

        `alone` says that nobody is known to speak. `taps` must be a multiple of n.
        """
        self._silent = 0 if far.any() else self._silent + len(far)
        if self._silent and not self._far:
            return near
        self._near.append(near)
        self._far.append(far)
        self._length += len(far)
        self._energy = self._energy + (near.astype(np.float64) ** 2).sum(axis=0)
        self._alone = self._alone and alone
        if self._alone and self._length <= self._config.search:
            self._estimate_delay()
        out = self._without_echo(near)
        self._residual = self._residual + (out.astype(np.float64) ** 2).sum(axis=0)
        usable = (self._alone or not self._path.any()) and self._length <= self._config.longest - self._config.taps
        if self._silent >= self._config.taps:
            self._end(usable)
        elif not usable:
            del self._near[:-1], self._far[: -self._config.taps // len(far) - 1]
        return out

    def _without_echo(self, near: Samples) -> Samples:
        if not self.fits.any():
            return near
        last = np.concatenate(self._far[-self._config.taps // len(near) - 1 :])
        predicted = _convolved(last[:, None], self._shifted_path)[len(last) - len(near) : len(last)]
        return np.asarray(near - predicted * self.fits, np.float32)

    def _end(self, usable: bool) -> None:
        """The echo of the line has decayed. A line with double talk leaves the state as it was before."""
        if usable:
            self._learn()
            self._settled = self._shift, np.ones_like(self.fits)
        self._shift, self.fits = self._settled
        self._shifted_path = _shifted(self._path, self._shift)
        self._begin()

    def _learn(self) -> None:
        config = self._config
        near, far = np.concatenate(self._near), np.concatenate(self._far)
        fits = self.fits & (self._residual < config.max_residual * self._energy)
        if not fits.any():
            self._shift = 0
        far_spectrum = np.fft.rfft(far, config.longest)
        self._power = config.forgetting * self._power * fits + (np.abs(far_spectrum) ** 2)[:, None]
        near_spectrum = np.fft.rfft(np.roll(near, -self._shift, axis=0), config.longest, axis=0)
        self._cross = config.forgetting * self._cross * fits + near_spectrum * far_spectrum.conj()[:, None]
        floor = config.regularisation * self._power.mean(axis=0) + np.finfo(float).tiny
        self._path = np.fft.irfft(self._cross / (self._power + floor), axis=0)[: config.taps]

    def _estimate_delay(self) -> None:
        """Find the delay at which the predicted echo explains most of the line so far, and whether it fits there.

        Delay and fit stay as they are while there is too little to judge by: before the echo arrives, or while somebody
        louder speaks who is not known to be there.
        """
        config = self._config
        near, far = np.concatenate(self._near), np.concatenate(self._far)[:, None]
        predicted = _convolved(far, self._path)
        padded = np.pad(near, ((0, max(0, config.max_delay_jump - len(near))), (0, 0)))
        correlation = _convolved(padded, predicted[::-1])[len(predicted) - 1 + self._lags]
        power = np.cumsum(np.pad(predicted**2, ((1, 0), (0, 0))), axis=0)[np.maximum(0, len(near) - self._lags)]
        reduction = (2 * correlation - power).sum(axis=1)  # of the near end's energy, by subtraction at each lag
        at = self._shift + config.max_delay_jump
        if reduction.max() > config.dominant * self._energy.sum() and (
            reduction[at] < config.keep_delay * reduction.max()
        ):
            self._shift = int(self._lags[np.argmax(reduction)])
            self._shifted_path = _shifted(self._path, self._shift)
            at = self._shift + config.max_delay_jump
        correlation, power = correlation[at], power[at]
        self.fits = np.where(power > config.dominant * self._energy, correlation > config.min_fit * power, self.fits)


def _convolved(a: npt.NDArray[np.floating], b: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Convolve column by column. Importing scipy for this would delay the start of the coach by a second."""
    length = len(a) + len(b) - 1
    size = 1 << (length - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(a, size, axis=0) * np.fft.rfft(b, size, axis=0), size, axis=0)[:length]


def _shifted(path: npt.NDArray[np.float64], by: int) -> npt.NDArray[np.float64]:
    """`path` delayed by `by` samples, at the same length."""
    out = np.zeros_like(path)
    if by >= 0:
        out[by:] = path[: len(path) - by]
    else:
        out[:by] = path[-by:]
    return out
