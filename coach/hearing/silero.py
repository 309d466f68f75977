"""Silero's voice activity model (v6, ONNX), in windows of 32 ms.

The model lies in `weights`, with its licence and where it comes from. One thread: a window takes about 0.1 ms, and the
other core belongs to the recogniser.
"""

from __future__ import annotations

import numpy as np

from coach.core.resources import packaged
from coach.core.span import MILLISECOND

MODEL = "silero_vad.onnx"
WINDOW = 512  # samples, 32 ms: the model's own hop at 16 kHz
CONTEXT = 64  # samples of the window before that the model wants in front
WINDOW_MS = WINDOW // MILLISECOND
NOTHING = 0.15  # the probability below which a window holds nothing of a voice
FORGETS = 500 // WINDOW_MS  # windows of nothing, half a second, after which the model begins afresh


class Silero:
    """Probability of speech in each window. Stateful: windows must come in order.

    `windows` takes float32 samples of shape (n, WINDOW), full scale 1.0, and gives n floats in 0..1.

    What the model remembers fades slowly. After ten seconds of a hum, or of what is left of another's voice, it hears
    .1 in a word that it would give .9 if it were the first; so where it hears nothing, it begins afresh every half
    second.
    """

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            packaged("coach.hearing", "weights", MODEL), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._context = np.zeros(CONTEXT, np.float32)
        self._begin()

    def _begin(self) -> None:
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._nothing = 0  # windows in a row

    def windows(self, samples: np.ndarray) -> list[float]:
        if not len(samples):
            return []
        before = np.concatenate([self._context[None], samples[:-1, -CONTEXT:]])
        self._context = samples[-1, -CONTEXT:]
        fed = np.concatenate([before, samples], axis=1)
        told: list[float] = []
        while len(told) < len(fed):
            # so many that it cannot have to begin afresh before the last of them
            told += self._row(fed[len(told) :][: FORGETS - self._nothing])
        return told

    def _row(self, fed: np.ndarray) -> list[float]:
        out, self._h, self._c = self._session.run(None, {"input": fed, "h": self._h, "c": self._c})
        told: list[float] = out.ravel().tolist()
        for probability in told:
            self._nothing = self._nothing + 1 if probability < NOTHING else 0
        if self._nothing == FORGETS:
            self._begin()
        return told
