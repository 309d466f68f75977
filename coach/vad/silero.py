"""Silero's voice activity model (v6, ONNX), in windows of 32 ms.

The model is in `weights`, with its licence and origin. A window takes about 0.1 ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.core.networks import load_network
from coach.core.span import MILLISECOND

MODEL = "silero_vad.onnx"
WINDOW = 512  # samples, 32 ms: the model's own hop at 16 kHz
CONTEXT = 64  # samples of the previous window that the model takes in front
WINDOW_MS = WINDOW // MILLISECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class SileroConfig:
    """When the model forgets what it heard."""

    nothing: float = 0.15  # probability below which a window contains no voice
    forgets: int = 500 // WINDOW_MS  # windows without voice (0.5 s) after which the state is reset


CONFIG = SileroConfig()


class Silero:
    """The probability of speech in each window. Stateful: windows must come in order.

    `windows` takes float32 samples (n, WINDOW), full scale 1.0, and returns n floats in 0..1.

    The model's recurrent state fades slowly. After ten seconds of hum or residual crosstalk, a word gets .1 that would
    get .9 as the first sound; so the state is reset after every half second without voice.
    """

    def __init__(self) -> None:
        self._session = load_network("coach.vad", "weights", MODEL)
        self._context = np.zeros(CONTEXT, np.float32)
        self._begin()

    def _begin(self) -> None:
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._nothing = 0  # consecutive windows without voice

    def windows(self, samples: np.ndarray) -> list[float]:
        """The probability of speech in each of `samples`, (n, WINDOW) float32; n may be 0."""
        if not len(samples):
            return []
        before = np.concatenate([self._context[None], samples[:-1, -CONTEXT:]])
        self._context = samples[-1, -CONTEXT:]
        fed = np.concatenate([before, samples], axis=1)
        told: list[float] = []
        while len(told) < len(fed):
            # few enough that no reset is due before the last of them
            told += self._row(fed[len(told) :][: CONFIG.forgets - self._nothing])
        return told

    def _row(self, fed: np.ndarray) -> list[float]:
        out, self._h, self._c = self._session.run(None, {"input": fed, "h": self._h, "c": self._c})
        told: list[float] = out.ravel().tolist()
        for probability in told:
            self._nothing = self._nothing + 1 if probability < CONFIG.nothing else 0
        if self._nothing == CONFIG.forgets:
            self._begin()
        return told
