"""What telephone lines and recorders do to speech: a narrow band, few bits, comfort noise, automatic gain."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_dilation
from scipy.signal import butter, resample_poly, sosfilt

from scripts.simulate.scenes import FRAME, RATE, Rng

NARROW = RATE // 2  # samples per second on a telephone line
MU = 255.0  # of mu-law
STEPS = 128  # on either side of zero, evenly spaced after mu-law
TARGET = 0.05  # RMS to which automatic gain brings the sound
MOST_GAIN = 30.0  # amplitude factor of automatic gain
RELEASE = 0.997  # per frame, by which automatic gain lets its measure of the power fall


def telephone(rng: Rng, x: np.ndarray, on: np.ndarray) -> np.ndarray:
    """(n,) as it comes out of a telephone; `on`, (n // FRAME,), says when somebody speaks.

    The loudest sample is at -35 to -1 dB. A third of the lines send nothing between talk; the telephone at the end
    fills it with comfort noise, or with silence.
    """
    y = resample_poly(x, 1, RATE // NARROW)
    y = y / (np.abs(y).max() + 1e-9) * 10 ** (rng.uniform(-35, -1) / 20)
    band = rng.uniform(150, 320), rng.uniform(3200, 3800)
    y = mu_law(sosfilt(butter(2, band, "band", fs=NARROW, output="sos"), y))
    if rng.random() < 1 / 3:
        heard = binary_dilation(on, iterations=int(rng.integers(8, 40)))
        sent = np.repeat(heard, FRAME * NARROW // RATE)
        comfort = rng.normal(size=len(sent)) * (10 ** (rng.uniform(-72, -45) / 20) if rng.random() < 0.7 else 0.0)
        y[: len(sent)] = np.where(sent, y[: len(sent)], comfort[: len(y)])
    return np.asarray(resample_poly(y, RATE // NARROW, 1)[: len(x)])


def mu_law(x: np.ndarray) -> np.ndarray:
    """`x` to eight bits and back."""
    small = np.sign(x) * np.log1p(MU * np.abs(np.clip(x, -1, 1))) / np.log1p(MU)
    coarse = np.round(small * STEPS) / STEPS
    return np.asarray(np.sign(coarse) * np.expm1(np.abs(coarse) * np.log1p(MU)) / MU)


def automatic_gain(x: np.ndarray) -> np.ndarray:
    """(n,) with soft stretches raised: at once down for louder sound, by about 1 dB a second up in silence."""
    frames = len(x) // FRAME
    power = (x[: frames * FRAME].reshape(frames, FRAME) ** 2).mean(axis=1)
    followed, now = np.zeros(frames), float(power.mean())
    for n, each in enumerate(power.tolist()):
        now = followed[n] = max(each, now * RELEASE)
    gain = np.minimum(TARGET / np.sqrt(followed + 1e-9), MOST_GAIN)
    return np.asarray(x * np.pad(np.repeat(gain, FRAME), (0, len(x) - frames * FRAME), mode="edge"))
