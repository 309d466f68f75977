"""What an ear hears with: the quick detector, and a judge of what is speech."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from coach.diarization.judges import Judge, Listening, Told, Unaided
from coach.vad import SILERO, Activity, Began, Detector, Stopped


class Quick(Told, Protocol):
    """The quick detector: an `Activity`, or its recorded results."""

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]:
        """Yield the edges of each hop of (n, HOP) float32 samples. Read this to its end."""
        ...

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        """Skip missing sound up to `frame`: the current voice stops. Returns the edges of that."""
        ...


class Senses:
    """The front end of an ear. `detector` is the quick one."""

    def __init__(self, detector: Detector = SILERO) -> None:
        self._detector = detector

    def activity(self) -> Quick:
        """A new quick detector, for one channel."""
        return Activity(self._detector.make())

    def judge(self) -> Judge:
        """A new judge, for one channel: with the networks, if they can run here."""
        return Listening() if self._detector.networks else Unaided()
