"""The readers of the development data: their sex, and who is held back from tuning.

The data does not give a reader's sex; it is inferred from the median pitch, which has a gap between 161 and 182 Hz
among these readers.

A number that is chosen by looking at results fits the people it was chosen on. So the readers are divided once, by a
hash of their name, into those to choose on ("tuning") and those to report ("held-back").
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
import soundfile as sf

from scripts.cache import kept, key

MIDDLE_PITCH = 170.0  # Hz; separates the two groups of readers
TUNING, HELD_BACK, MIXED = "tuning", "held-back", "mixed"
HALVES = (TUNING, HELD_BACK)


def half(file: Path) -> str:
    """Whether a reader is for tuning or held back; their name is the file's up to the first hyphen."""
    name = file.stem.partition("-")[0]
    return HALVES[hashlib.blake2b(name.encode()).digest()[0] % 2]


def half_of(files: Iterable[Path]) -> str:
    """The half that all these readers are in, or `MIXED`."""
    halves = {half(file) for file in files}
    return halves.pop() if len(halves) == 1 else MIXED


def by_sex(data: Path, only: str | None = None) -> dict[str, list[Path]]:
    """The readers grouped into "f" and "m" by their median pitch from Praat; with `only`, those of one half."""
    found: dict[str, list[Path]] = {"f": [], "m": []}
    for file in sorted((data / "data" / "audio" / "voices").iterdir()):
        if only in (None, half(file)):
            pitch = kept("pitch", key(file), partial(_pitch, file))
            found["f" if pitch > MIDDLE_PITCH else "m"].append(file)
    return found


def _pitch(file: Path) -> float:
    import parselmouth

    x, rate = sf.read(file)
    track = parselmouth.Sound(x, rate).to_pitch_ac(pitch_floor=60, pitch_ceiling=400).selected_array["frequency"]
    return float(np.median(track[track > 0]))
