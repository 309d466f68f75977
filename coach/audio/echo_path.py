"""The way from the speaker into the microphone, learnt from what the coach says: words are read without its echo.

WebRTC's canceller leaves nothing of the coach, and takes some of a person for echo, mostly of their first words. A
recogniser would rather have a little of the coach, and all of the person. So for reading words the echo is foretold and
subtracted, and nothing else is done; that cannot take away what is no echo:

    read = microphone - speaker * path

The path is Wiener's: the cross spectrum of speaker and microphone by the spectrum of the speaker, over all that was
said so far while nobody was known to speak, older lines counting less. After one line it is as deep as the noise of
the room allows. Where speaker and microphone have two clocks that differ, it is less.

From one line to the next the delay may be another, by what `Reference` has dropped, or since two devices have two
clocks. So each is laid where its echo is heard, and until that is known, as the last one lay. A path that foretells
nothing of it, as in another place, or at another volume, is not used, and learnt anew.

>>> rng = np.random.default_rng(1)
>>> path, said = EchoPath(), np.concatenate([rng.normal(size=RATE), np.zeros(TAPS)]).astype(np.float32)
>>> for echo in (0.5 * said, 0.4 * said):
...     left = [path.hop(echo[i : i + 320, None], said[i : i + 320], alone=True) for i in range(0, len(said), 320)]
...     print(f"{np.std(left[:50]):.2f}")
0.50
0.10
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from coach.audio.source import Samples
from coach.core.span import MILLISECOND, RATE

TAPS = RATE // 2  # of the path: both devices' buffers and the room's decay
LONGEST = 2**18  # samples, 16 s, of a line and what comes of it; a longer one teaches nothing
FADES = 0.9  # what all earlier lines count beside the one just heard
FLOOR = 1e-3  # of the speaker's mean spectral power, added to all of it: there are frequencies without a voice
ASTRAY = 200 * MILLISECOND  # samples by which the delay may differ from one line to the next
LAGS = np.arange(-ASTRAY, ASTRAY)
LOOKS = RATE // 2  # samples from a line's beginning in which one looks how it lies
HALF = 0.5  # of the energy that was heard: so much of it is taken, or foretold, where it can be told what is echo
LEFT = 0.25  # of it: a path that leaves more in a whole line is not the path, and learnt anew
CLEARLY = 0.99  # of the most that could be taken, from which a line is taken to lie as the last one did
FITS = 0.7  # of the foretold echo that is in what was heard; subtracting takes away from half of it on

Spectrum = npt.NDArray[np.complex128]


class EchoPath:
    """For `channels` microphones in one room; `hop` takes all of a session.

    What the speaker gets from one silence of TAPS to the next is a line: it begins without any echo of what was before,
    and at its end nothing more comes of it.
    """

    def __init__(self, channels: int = 1) -> None:
        self.fits = np.zeros(channels, bool)
        """For each microphone, whether its path is known and foretells the echo of this line as far as it was heard."""
        self._path = np.zeros((TAPS, channels))
        self._power: npt.NDArray[np.float64] = np.zeros((LONGEST // 2 + 1, channels))  # of what was said
        self._cross: Spectrum = np.zeros((LONGEST // 2 + 1, channels), np.complex128)
        self._laid = self._path
        self._lies = 0  # samples by which the echo of this line is later than the path says
        self._known = self._lies, self.fits  # after the last line that was learnt from
        self._begin()

    def _begin(self) -> None:
        """The next line has not begun."""
        self._near: list[Samples] = []
        self._far: list[Samples] = []
        self._length = 0  # samples
        self._silent = 0  # samples that the speaker has got none
        self._alone = True
        self._heard = self._left = np.zeros(len(self.fits))  # energy, before and after

    def hop(self, near: Samples, far: Samples, alone: bool) -> Samples:
        """`near` (n, channels) without the echo of what the speaker got until now, `far` (n,) the last of it.

        `alone`: nobody speaks into it, as far as is known. TAPS is a multiple of n.
        """
        self._silent = 0 if far.any() else self._silent + len(far)
        if self._silent and not self._far:
            return near
        self._near.append(near)
        self._far.append(far)
        self._length += len(far)
        self._heard = self._heard + (near.astype(np.float64) ** 2).sum(axis=0)
        self._alone = self._alone and alone
        if self._alone and self._length <= LOOKS:
            self._look()
        out = self._without_echo(near)
        self._left = self._left + (out.astype(np.float64) ** 2).sum(axis=0)
        teaches = (self._alone or not self._path.any()) and self._length <= LONGEST - TAPS
        if self._silent >= TAPS:
            self._end(teaches)
        elif not teaches:
            del self._near[:-1], self._far[: -TAPS // len(far) - 1]
        return out

    def _without_echo(self, near: Samples) -> Samples:
        if not self.fits.any():
            return near
        last = np.concatenate(self._far[-TAPS // len(near) - 1 :])
        foretold = _convolved(last[:, None], self._laid)[len(last) - len(near) : len(last)]
        return np.asarray(near - foretold * self.fits, np.float32)

    def _end(self, teaches: bool) -> None:
        """Nothing more comes of the line. One that was disturbed leaves all as it was before."""
        if teaches:
            self._learn()
            self._known = self._lies, np.ones_like(self.fits)
        self._lies, self.fits = self._known
        self._laid = _moved(self._path, self._lies)
        self._begin()

    def _learn(self) -> None:
        near, far = np.concatenate(self._near), np.concatenate(self._far)
        fits = self.fits & (self._left < LEFT * self._heard)
        if not fits.any():
            self._lies = 0
        self._power = FADES * self._power * fits + (np.abs(np.fft.rfft(far, LONGEST)) ** 2)[:, None]
        heard = np.fft.rfft(np.roll(near, -self._lies, axis=0), LONGEST, axis=0)
        self._cross = FADES * self._cross * fits + heard * np.fft.rfft(far, LONGEST).conj()[:, None]
        floor = FLOOR * self._power.mean(axis=0) + np.finfo(float).tiny
        self._path = np.fft.irfft(self._cross / (self._power + floor), axis=0)[:TAPS]

    def _look(self) -> None:
        """Where the echo lies in what was heard of the line, and whether it is the one that was foretold.

        What cannot be told yet stays: before an echo is heard, or beside somebody louder who is not known to be there.
        """
        near, far = np.concatenate(self._near), np.concatenate(self._far)[:, None]
        foretold = _convolved(far, self._path)
        long_enough = np.pad(near, ((0, max(0, ASTRAY - len(near))), (0, 0)))
        alike = _convolved(long_enough, foretold[::-1])[len(foretold) - 1 + LAGS]
        power = np.cumsum(np.pad(foretold**2, ((1, 0), (0, 0))), axis=0)[np.maximum(0, len(near) - LAGS)]
        taken = (2 * alike - power).sum(axis=1)  # of the energy that was heard, by what is foretold if it lies so
        if taken.max() > HALF * self._heard.sum() and taken[self._lies + ASTRAY] < CLEARLY * taken.max():
            self._lies = int(LAGS[np.argmax(taken)])
            self._laid = _moved(self._path, self._lies)
        alike, power = alike[self._lies + ASTRAY], power[self._lies + ASTRAY]
        self.fits = np.where(power > HALF * self._heard, alike > FITS * power, self.fits)


def _convolved(a: npt.NDArray[np.floating], b: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Of the columns of each; scipy's would make the coach start a second later."""
    length = len(a) + len(b) - 1
    size = 1 << (length - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(a, size, axis=0) * np.fft.rfft(b, size, axis=0), size, axis=0)[:length]


def _moved(path: npt.NDArray[np.float64], by: int) -> npt.NDArray[np.float64]:
    """`path` so many samples later, of the same length."""
    out = np.zeros_like(path)
    if by >= 0:
        out[by:] = path[: len(path) - by]
    else:
        out[:by] = path[-by:]
    return out
