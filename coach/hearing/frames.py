"""The grid on which hearing works: hops of sound in, frames of ten milliseconds inside.

A hop is what the loop hands over, on a fixed grid from sample 0 whatever block size a device delivers, so that block
size can never change a result. Inside, levels and voices are judged every `FRAME`, the field's usual ten milliseconds.
"""

from __future__ import annotations

from math import pi, sqrt, tan

import kaldi_native_fbank as knf
import numpy as np

from coach.core.span import HOP, MILLISECOND, RATE

FRAME = 10 * MILLISECOND  # samples
FRAMES_A_SECOND = RATE // FRAME
BANDS = 24  # mel bands; enough for voice colour, few enough to learn from five seconds
LOWEST_HZ, HIGHEST_HZ = 80.0, 7600.0
RUMBLE_HZ = 90.0  # below lie hum and footsteps, and no voice that the bands above would not show


class _HighPass:
    """Butterworth's high-pass of second order by the bilinear transform.

    Its two poles p and p* are each other's conjugates, so that a single complex one-pole filter does for both, and that
    is a running sum: with w[n] = p w[n-1] + x[n], the output is y[n] = c x[n] + 2 Re(r w[n]), where c is the part that
    has no memory and r the residue at p. (scipy.signal has this filter too, and takes most of a second to import.)
    """

    def __init__(self, hz: float) -> None:
        w = tan(pi * hz / RATE)
        gain = 1 / (1 + sqrt(2) * w + w * w)  # the numerator is gain (1 - 1/z)^2
        real = gain * (1 - w * w)
        size = gain * (1 - sqrt(2) * w + w * w)  # |p|^2
        pole = complex(real, sqrt(size - real * real))
        self._direct = gain / size
        residue = gain * (1 - 1 / pole) ** 2 / (1 - pole.conjugate() / pole)
        # at 90 Hz |p|^HOP is about 3e-4: of the sixteen digits of a float the running sum loses fewer than four
        self._grown = pole ** -np.arange(HOP, dtype=np.float64)
        self._decayed = pole ** np.arange(HOP, dtype=np.float64)
        self._out = 2 * residue * self._decayed
        self._pole, self._state = pole, 0j

    def hops(self, samples: np.ndarray) -> np.ndarray:
        """(n, HOP) samples, filtered; float64."""
        x = samples.astype(np.float64)
        total = np.cumsum(x * self._grown, axis=1)
        for n in range(len(total)):
            total[n] += self._pole * self._state
            self._state = complex(total[n, -1] * self._decayed[-1])
        return np.asarray(self._direct * x + (self._out * total).real)


class Levels:
    """Level of each frame in dBFS, above the rumble. Stateful: hops must come in order.

    `hops` takes float samples of shape (n, HOP) and gives (n, HOP // FRAME) levels, `hop` one of them; latency 0.
    """

    SILENCE = -100.0  # dBFS; what digital silence reads as

    def __init__(self) -> None:
        self._above_rumble = _HighPass(RUMBLE_HZ)
        self.filtered = np.zeros((1, HOP))  # the last hops without their rumble

    def hop(self, samples: np.ndarray) -> np.ndarray:
        return np.asarray(self.hops(samples[None])[0])

    def hops(self, samples: np.ndarray) -> np.ndarray:
        self.filtered = self._above_rumble.hops(samples)
        above = self.filtered.reshape(len(samples), -1, FRAME)
        power = (above * above).sum(axis=2) / FRAME
        return np.asarray(10 * np.log10(power + 10 ** (self.SILENCE / 10)))


class Bands:
    """Log mel-band energies of each frame (kaldi's filter bank, 25 ms windows every 10 ms).

    `hops` takes float samples of shape (n, HOP) and gives for each hop (k, bands) for the k frames that became complete
    in it; frame n is centred on the middle of the n-th ten milliseconds, so the answer comes 7.5 ms after a frame's own
    end: of the first hop one frame, of each hop after it two. `hop` is one of them.
    """

    def __init__(self, bands: int = BANDS) -> None:
        options = knf.FbankOptions()
        options.frame_opts.samp_freq = RATE
        options.frame_opts.dither = 0.0  # dither is random; the same sound must give the same events
        options.frame_opts.snip_edges = False
        options.frame_opts.preemph_coeff = 0.97
        options.mel_opts.num_bins = bands
        options.mel_opts.low_freq = LOWEST_HZ
        options.mel_opts.high_freq = HIGHEST_HZ
        self._options = options
        self._bank = knf.OnlineFbank(options)
        self._given = 0

    def hop(self, samples: np.ndarray) -> np.ndarray:
        return self.hops(samples[None])[0]

    def hops(self, samples: np.ndarray) -> list[np.ndarray]:
        # kaldi's scale is that of 16-bit integers
        self._bank.accept_waveform(RATE, (samples.ravel() * 32768.0).astype(np.float32))
        ready = self._bank.num_frames_ready
        # copied at once: a row is a view of memory that `pop` gives back
        rows = np.array([self._bank.get_frame(i) for i in range(self._given, ready)], dtype=np.float64)
        if ready > self._given:
            self._bank.pop(ready - self._given)
        self._given = ready
        rows = rows.reshape(-1, self._options.mel_opts.num_bins)
        last = len(rows) - HOP // FRAME * np.arange(len(samples))[::-1]  # where the frames of each hop end
        return [rows[max(0, end - HOP // FRAME) : end] for end in last.tolist()]
