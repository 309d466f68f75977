"""The time grid of hearing: hops of sound as input, frames of 10 ms inside.

Hops lie on a fixed grid from sample 0, whatever block size a device delivers, so the block size never changes a result.
Levels and features are computed once per `FRAME`, the field's usual 10 ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt, tan

import kaldi_native_fbank as knf
import numpy as np

from coach.core.span import HOP, MILLISECOND, RATE

FRAME = 10 * MILLISECOND  # samples
FRAMES_A_SECOND = RATE // FRAME


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameConfig:
    """What of a sound is measured. The classifiers were trained with these numbers."""

    rumble_hz: float = 90.0  # below this are hum and footsteps, and nothing of a voice that higher bands do not show
    lowest_hz: float = 80.0  # of the mel bands
    highest_hz: float = 7600.0
    emphasis: float = 0.97  # of high frequencies before the bands, as usual: x[n] - 0.97 x[n - 1]
    peak_decay: float = 3.0 / FRAMES_A_SECOND  # dB per frame by which the recent peak falls: 3 dB per second


CONFIG = FrameConfig()


def runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Where flags (n,) are set: the first frame of each run and the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


class _HighPass:
    """A second-order Butterworth high-pass by the bilinear transform.

    Its poles p and p* are complex conjugates, so one complex one-pole filter is enough, computed as a running sum: with
    w[n] = p w[n-1] + x[n], the output is y[n] = c x[n] + 2 Re(r w[n]), where c is the direct gain and r the residue at
    p. (scipy.signal has this filter, but takes most of a second to import.)
    """

    def __init__(self, hz: float) -> None:
        w = tan(pi * hz / RATE)
        gain = 1 / (1 + sqrt(2) * w + w * w)  # the numerator is gain (1 - 1/z)^2
        real = gain * (1 - w * w)
        size = gain * (1 - sqrt(2) * w + w * w)  # |p|^2
        pole = complex(real, sqrt(size - real * real))
        self._direct = gain / size
        residue = gain * (1 - 1 / pole) ** 2 / (1 - pole.conjugate() / pole)
        # at 90 Hz |p|^HOP is about 3e-4, so the running sum loses fewer than four of a float's sixteen digits
        self._grown = pole ** -np.arange(HOP, dtype=np.float64)
        self._decayed = pole ** np.arange(HOP, dtype=np.float64)
        self._out = 2 * residue * self._decayed
        self._pole, self._state = pole, 0j

    def hops(self, samples: np.ndarray) -> np.ndarray:
        """Return the filtered samples (n, HOP) as float64."""
        x = samples.astype(np.float64)
        total = np.cumsum(x * self._grown, axis=1)
        for n in range(len(total)):
            total[n] += self._pole * self._state
            self._state = complex(total[n, -1] * self._decayed[-1])
        return np.asarray(self._direct * x + (self._out * total).real)


class Levels:
    """The level of each frame in dBFS after the high-pass. Stateful: hops must come in order. No latency."""

    SILENCE = -100.0  # dBFS; the level of digital silence

    def __init__(self) -> None:
        self._above_rumble = _HighPass(CONFIG.rumble_hz)
        self.filtered = np.zeros((1, HOP))  # the last hops after the high-pass

    def hop(self, samples: np.ndarray) -> np.ndarray:
        """The levels (HOP // FRAME,) in dBFS of one hop of float samples, (HOP,)."""
        return np.asarray(self.hops(samples[None])[0])

    def hops(self, samples: np.ndarray) -> np.ndarray:
        """The levels (n, HOP // FRAME) in dBFS of float samples (n, HOP). Sets `filtered`."""
        self.filtered = self._above_rumble.hops(samples)
        above = self.filtered.reshape(len(samples), -1, FRAME)
        power = (above * above).sum(axis=2) / FRAME
        return np.asarray(10 * np.log10(power + 10 ** (self.SILENCE / 10)))


class RecentPeak:
    """The loudest level of late, in dBFS: it falls by 3 dB per second until a frame is louder.

    `frames` takes the levels of the next frames, (n,) dBFS, and returns the peak after each, (n,); `level` is the last.
    """

    def __init__(self) -> None:
        self.level = Levels.SILENCE

    def frames(self, levels: np.ndarray) -> np.ndarray:
        """The peak after each of the next frames, (n,) dBFS, from their `levels`, (n,) dBFS."""
        peaks = []
        for level in levels.tolist():
            self.level = max(self.level - CONFIG.peak_decay, level)
            peaks.append(self.level)
        return np.array(peaks)


class Bands:
    """Log mel energies of each frame (Kaldi's filter bank, 25 ms windows every 10 ms).

    Stateful: hops must come in order. A window is centred on its frame, so it is complete 7.5 ms after the frame's end:
    the first hop completes one frame, each later hop two.
    """

    def __init__(self, bands: int) -> None:
        options = knf.FbankOptions()
        options.frame_opts.samp_freq = RATE
        options.frame_opts.dither = 0.0  # dither is random, but the same sound must give the same events
        options.frame_opts.snip_edges = False
        options.frame_opts.preemph_coeff = CONFIG.emphasis
        options.mel_opts.num_bins = bands
        options.mel_opts.low_freq = CONFIG.lowest_hz
        options.mel_opts.high_freq = CONFIG.highest_hz
        self._options = options
        self._bank = knf.OnlineFbank(options)
        self._given = 0

    def hop(self, samples: np.ndarray) -> np.ndarray:
        """The (k, bands) of the k frames that became complete in one hop of samples, (HOP,)."""
        return self.hops(samples[None])[0]

    def hops(self, samples: np.ndarray) -> list[np.ndarray]:
        """For each hop of samples (n, HOP), full scale 1.0, the (k, bands) of the k frames that it completes."""
        # Kaldi expects the scale of 16-bit integers
        self._bank.accept_waveform(RATE, (samples.ravel() * 32768.0).astype(np.float32))
        ready = self._bank.num_frames_ready
        # copied at once: a row is a view of memory that `pop` frees
        rows = np.array([self._bank.get_frame(i) for i in range(self._given, ready)], dtype=np.float64)
        if ready > self._given:
            self._bank.pop(ready - self._given)
        self._given = ready
        rows = rows.reshape(-1, self._options.mel_opts.num_bins)
        last = len(rows) - HOP // FRAME * np.arange(len(samples))[::-1]  # where the frames of each hop end
        return [rows[max(0, end - HOP // FRAME) : end] for end in last.tolist()]
