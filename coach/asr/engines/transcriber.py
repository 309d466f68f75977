"""The protocol of a speech recogniser: a span of sound in, text out, and "" when the engine doubts its text.

The engines are in this package (`moonshine`, `whisper`). They get only spans that voice activity found, because
recognisers hallucinate where nobody speaks. They return no word times, because theirs are off by a third of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]  # mono, 16 kHz, full scale 1.0, shape (n,)


class Transcriber(Protocol):
    """A recogniser, loaded and warmed up by its constructor. Use it from one thread at a time."""

    @property
    def name(self) -> str:
        """Engine and model as people see them: "moonshine tiny"."""

    @property
    def languages(self) -> str:
        """The languages as people see them: "English", "99 languages"."""

    def transcribe(self, samples: Samples) -> str:
        """Return the text of `samples` (n,), or "" if there are no words or the engine doubts them."""

    def close(self) -> None:
        """Free the model's memory. May be called more than once."""


@runtime_checkable
class Windowed(Transcriber, Protocol):
    """A recogniser for which a short span costs as much as a whole window, so that several spans should share one."""

    @property
    def window(self) -> int:
        """Samples of sound in a window."""

    @property
    def gap(self) -> int:
        """Samples of silence that it leaves between two spans in a window."""

    def transcribe_together(self, spans: Sequence[Samples]) -> list[str]:
        """The text of each of `spans`, which fit into one window with their gaps."""


def fit_together(spans: Sequence[Samples], engine: Windowed) -> bool:
    """Whether `spans`, each (n,), fit into one window of `engine`, with the gap that it leaves after each."""
    return sum(len(span) + engine.gap for span in spans) <= engine.window
