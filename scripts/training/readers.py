"""Clean readers, rooms and noises: the training data of the voice weights.

DATA/audio holds voices (one file per person), rooms (impulse responses) and noise (one folder of recordings per kind).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from coach.core.span import HOP, RATE
from coach.hearing.frames import FRAME, Bands

Array = NDArray[np.floating[Any]]

LEVEL = 0.05  # RMS of every reader and noise: -26 dBFS
STEADY = ("rain", "clock_tick")  # stationary kinds of noise
WHITE = 0.6  # share of the noises that are white
UNDER = (10.0, 35.0)  # range of SNR in dB


def read(path: Path) -> Array:
    """The first channel of a file, (n,) samples at RATE."""
    sound, rate = sf.read(path, dtype="float64", always_2d=True)
    return np.asarray(sound[:, 0] if rate == RATE else soxr.resample(sound[:, 0], rate, RATE))


def levelled(path: Path) -> Array:
    """The file's samples scaled to LEVEL."""
    sound = read(path)
    return np.asarray(sound / np.sqrt((sound**2).mean() + 1e-12) * LEVEL)


def readers(data: Path, without: list[str]) -> list[Path]:
    """The files of all readers except those whose names begin with one of `without`."""
    files = sorted((data / "audio" / "voices").iterdir())
    return [file for file in files if not (without and file.name.startswith(tuple(without)))]


def direct(room: Array) -> Array:
    """An impulse response, starting at the direct sound."""
    return room[np.argmax(np.abs(room)) :]


@dataclass(frozen=True, slots=True)
class Places:
    """Acoustic conditions: `rooms` are impulse responses, None for dry; `noises` are at LEVEL."""

    rooms: list[Array | None]
    noises: list[Array]

    @classmethod
    def of(cls, data: Path) -> Places:
        audio = data / "audio"
        return cls(
            [None, *(levelled(file) for file in sorted((audio / "rooms").glob("*.wav")))],
            [levelled(file) for kind in STEADY for file in sorted((audio / "noise" / kind).iterdir())],
        )

    def noise(self, size: int, rng: np.random.Generator) -> Array:
        """(size,) of white noise or of a recording, at a random SNR."""
        white = rng.random() < WHITE
        noise = rng.normal(size=size) * LEVEL if white else np.resize(self.noises[rng.integers(len(self.noises))], size)
        return np.asarray(noise * 10 ** (-rng.uniform(*UNDER) / 20))


def reverberated(sound: Array, room: Array | None) -> Array:
    """`sound` (…, n) convolved with `room`, without delay and at about the same level."""
    if room is None:
        return sound
    response = direct(room) / np.sqrt((direct(room) ** 2).sum())
    response = response.reshape(*[1] * (sound.ndim - 1), -1)
    return np.asarray(fftconvolve(sound, response, axes=-1)[..., : sound.shape[-1]])


def levels(sound: Array) -> Array:
    """The level of every frame, in dBFS."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(10 * np.log10((frames**2).mean(axis=1) + 1e-12))


def bands(sound: Array) -> Array:
    """The mel bands (frames, BANDS) of whole hops of `sound`."""
    bank = Bands()
    return np.concatenate([bank.hop(hop) for hop in sound[: len(sound) // HOP * HOP].reshape(-1, HOP)])
