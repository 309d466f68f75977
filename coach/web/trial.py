"""Hears a microphone for five seconds, so that people see that it hears them. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from coach.audio import Block, Microphone, Source, Waiting, silence_native_stderr
from coach.core.events import DeviceLost
from coach.core.span import RATE

Verdict = Literal["good", "soft", "loud", "silent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialConfig:
    """How long a trial lasts, and how it is judged by its loudest step."""

    lasts: int = 5 * RATE  # samples
    step: int = RATE // 5  # samples between two levels
    silent: float = -62.0  # dBFS under which nothing is heard
    soft: float = -42.0  # dBFS under which it is soft
    loud: float = -3.0  # dBFS over which it is too loud
    shown_from: float = -60.0  # dBFS, the level that is shown as 0
    shown: float = 45.0  # dB from there to the level that is shown as 1


CONFIG = TrialConfig()


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
            if sum(map(len, pieces)) >= CONFIG.step:
                dbfs = _dbfs(np.concatenate(pieces))
                passed, pieces = passed + CONFIG.step, []
                loudest = max(loudest, dbfs)
                yield {"level": round(min(1.0, max(0.0, (dbfs - CONFIG.shown_from) / CONFIG.shown)), 2)}
            if passed + waited >= CONFIG.lasts:
                break
    finally:
        source.close()
    yield {"verdict": verdict(loudest)}


def verdict(loudest: float) -> Verdict:
    """What to say of a microphone whose loudest fifth of a second had `loudest` dBFS while somebody spoke."""
    if loudest < CONFIG.soft:
        return "silent" if loudest < CONFIG.silent else "soft"
    return "loud" if loudest > CONFIG.loud else "good"


def opened(device: str) -> Microphone:
    """The microphone named `device`, or the default one for "". Raises BadInput and Missing."""
    with silence_native_stderr():
        return Microphone(device or None)


def _dbfs(sound: np.ndarray) -> float:
    power = float((sound.astype(np.float64) ** 2).mean(axis=0).max())
    return 10 * np.log10(power) if power > 0 else -120.0
