"""Hears a microphone for five seconds, so that people see that it hears them. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from coach.audio import Block, Microphone, Source, Waiting, silence_native_stderr
from coach.core.events import DeviceLost
from coach.core.span import RATE

LASTS = 5 * RATE  # samples
STEP = RATE // 5  # samples between two levels
SILENT, SOFT, LOUD = -62.0, -42.0, -3.0  # dBFS of the loudest fifth of a second

Verdict = Literal["good", "soft", "loud", "silent"]


def heard(source: Source) -> Iterator[dict[str, Any]]:
    """{"level": 0 to 1} five times a second, and at the end {"verdict": Verdict}. Closes `source`."""
    pieces: list[np.ndarray] = []
    loudest, passed, waited = -120.0, 0, 0
    try:
        for item in source.blocks():
            if isinstance(item, Block):
                pieces.append(item.samples)
            elif isinstance(item, Waiting):
                waited += RATE // 10
            elif isinstance(item, DeviceLost):
                break
            if sum(map(len, pieces)) >= STEP:
                dbfs = _dbfs(np.concatenate(pieces))
                passed, pieces = passed + STEP, []
                loudest = max(loudest, dbfs)
                yield {"level": round(min(1.0, max(0.0, (dbfs + 60) / 45)), 2)}
            if passed + waited >= LASTS:
                break
    finally:
        source.close()
    yield {"verdict": verdict(loudest)}


def verdict(loudest: float) -> Verdict:
    """What to say of a microphone whose loudest fifth of a second had `loudest` dBFS while somebody spoke."""
    return "silent" if loudest < SILENT else "soft" if loudest < SOFT else "loud" if loudest > LOUD else "good"


def opened(device: str) -> Microphone:
    """The microphone named `device`, or the default one for "". Raises BadInput and Missing."""
    with silence_native_stderr():
        return Microphone(device or None)


def _dbfs(sound: np.ndarray) -> float:
    power = float((sound.astype(np.float64) ** 2).mean(axis=0).max())
    return 10 * np.log10(power) if power > 0 else -120.0
