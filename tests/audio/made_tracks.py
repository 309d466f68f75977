"""Made tracks: what two people's microphones hear, each with its own start and its own clock."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from coach.core.span import RATE


def babble(seed: int, seconds: float) -> np.ndarray:
    """Something like talk, (n,): noise in the band of speech, in syllables and in turns of some seconds."""
    from scipy.signal import butter, sosfilt  # takes a second, in each process that collects tests

    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    noise = sosfilt(butter(2, [200, 3000], "bandpass", fs=RATE, output="sos"), random.normal(size=count))
    syllables = np.repeat(random.uniform(0, 1, count // 2400 + 1) ** 2, 2400)[:count]
    turns = np.repeat(random.integers(0, 2, count // (3 * RATE) + 1), 3 * RATE)[:count]
    return np.asarray(0.3 * noise * syllables * turns)


def microphones(seconds: float, leak_db: float = -20.0, seed: int = 1, people: int = 2) -> list[np.ndarray]:
    """What each person's microphone hears: themselves, the others softly, and its own noise."""
    own = [babble(10 * seed + n, seconds) for n in range(people)]
    leak = 10 ** (leak_db / 20)
    random = np.random.default_rng(seed)
    return [sound + leak * (sum(own) - sound) + random.normal(scale=1e-3, size=len(sound)) for sound in own]


def late(sound: np.ndarray, starts_s: float, drift: float = 0.0) -> np.ndarray:
    """The same, recorded from second `starts_s` on by a clock that is faster by the share `drift`."""
    rest = sound[round(starts_s * RATE) :]
    return np.asarray(soxr.resample(rest, RATE, RATE * (1 + drift), quality="VHQ")) if drift else rest


def written(path: Path, sound: np.ndarray, rate: int = RATE) -> Path:
    """A file of `sound` (n,) at 16 kHz, with another rate if that is asked for."""
    sf.write(path, np.clip(soxr.resample(sound, RATE, rate), -1, 1), rate, subtype="PCM_16")
    return path
