"""Clean readers, the rooms and the noises that they are heard in: what the voice's weights are learnt from.

Below DATA/audio lie voices (one file a person), rooms (impulse responses) and noise (a folder of recordings a kind).
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

LEVEL = 0.05  # root mean square of every reader and noise: -26 dBFS
STEADY = ("rain", "clock_tick")  # kinds of noise that go on
WHITE = 0.6  # share of the noises that are white
UNDER = (10.0, 35.0)  # dB by which a noise lies under the readers


def read(path: Path) -> Array:
    """(n,) samples at RATE of a file's first channel."""
    sound, rate = sf.read(path, dtype="float64", always_2d=True)
    return np.asarray(sound[:, 0] if rate == RATE else soxr.resample(sound[:, 0], rate, RATE))


def levelled(path: Path) -> Array:
    """The same at LEVEL."""
    sound = read(path)
    return np.asarray(sound / np.sqrt((sound**2).mean() + 1e-12) * LEVEL)


def readers(data: Path, without: list[str]) -> list[Path]:
    """The files of all readers but those whose names begin with one of `without`."""
    files = sorted((data / "audio" / "voices").iterdir())
    return [file for file in files if not (without and file.name.startswith(tuple(without)))]


def direct(room: Array) -> Array:
    """An impulse response from its direct sound on."""
    return room[np.argmax(np.abs(room)) :]


@dataclass(frozen=True, slots=True)
class Places:
    """Where readers are heard: `rooms` by their impulse responses, None the dry one, and `noises` at LEVEL."""

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
        """(size,) of white noise or of a recording, under the readers by as much as is drawn."""
        white = rng.random() < WHITE
        noise = rng.normal(size=size) * LEVEL if white else np.resize(self.noises[rng.integers(len(self.noises))], size)
        return np.asarray(noise * 10 ** (-rng.uniform(*UNDER) / 20))


def reverberated(sound: Array, room: Array | None) -> Array:
    """`sound` (…, n) as it is heard in `room`, no later and about as loud."""
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
