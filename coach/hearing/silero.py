"""Silero's voice activity model (v6, ONNX), one 32 ms window at a time.

The model file is the one that faster-whisper ships; it is found without importing that package, which would cost half
a second at every start. One thread: a window takes about 0.1 ms, and the other core belongs to the recogniser.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

from coach.errors import Missing
from coach.span import MILLISECOND

WINDOW = 512  # samples, 32 ms: the model's own hop at 16 kHz
CONTEXT = 64  # samples of the window before that the model wants in front
WINDOW_MS = WINDOW // MILLISECOND
NOTHING = 0.15  # the probability below which a window holds nothing of a voice
FORGETS = 500 // WINDOW_MS  # windows of nothing, half a second, after which the model begins afresh


def model_file() -> Path:
    """Where the weights lie. Raises Missing when faster-whisper is not installed."""
    spec = importlib.util.find_spec("faster_whisper")
    folders = spec.submodule_search_locations if spec else None
    found = Path(folders[0]) / "assets" / "silero_vad_v6.onnx" if folders else None
    if found is None or not found.is_file():
        raise Missing("the voice activity model is missing: install the package faster-whisper, which carries it")
    return found


class Silero:
    """Probability of speech, a window at a time. Stateful: windows must come in order.

    `window` takes float32 samples of shape (WINDOW,), full scale 1.0, and gives a float in 0..1.

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
            str(model_file()), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._context = np.zeros(CONTEXT, np.float32)
        self._begin()

    def _begin(self) -> None:
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._nothing = 0  # windows in a row

    def window(self, samples: np.ndarray) -> float:
        fed = np.concatenate([self._context, samples]).astype(np.float32)[None, :]
        out, self._h, self._c = self._session.run(None, {"input": fed, "h": self._h, "c": self._c})
        self._context = samples[-CONTEXT:]
        probability = float(out.ravel()[0])
        self._nothing = self._nothing + 1 if probability < NOTHING else 0
        if self._nothing == FORGETS:
            self._begin()
        return probability
