"""A recogniser that finds a language, with prepared chances; each text says in which language it was recognised."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coach.core.span import RATE, as_samples

GERMAN = {"de": 0.95, "nl": 0.05}
ENGLISH = {"en": 0.97, "de": 0.03}
LIKELY = {"de": 0.75, "nl": 0.25}
DOUBTFUL = {"de": 0.4, "nl": 0.35, "en": 0.25}


class Finding:
    """Gives `chances` for one span after the other, the last ones again and again; texts are like "de 2 s"."""

    name, languages = "finding", "several languages"
    finds_language = True

    def __init__(self, *chances: Mapping[str, float]) -> None:
        self.prepared = list(chances)
        self.asked = 0  # how often for chances
        self.language = "none"
        self.failing = False

    def chances(self, samples: np.ndarray) -> Mapping[str, float]:
        if self.failing:
            raise RuntimeError("out of memory")
        self.asked += 1
        return self.prepared[min(self.asked, len(self.prepared)) - 1]

    def understand(self, language: str) -> None:
        self.language = language

    def transcribe(self, samples: np.ndarray) -> str:
        return f"{self.language} {len(samples) / RATE:g} s"

    def close(self) -> None:
        """Does nothing."""


def speech(seconds: float) -> np.ndarray:
    """Something audible of this length, (n,)."""
    return (0.1 * np.sin(np.arange(as_samples(seconds)) / 20)).astype(np.float32)
