"""What every recogniser promises: a span of sound in, text out, and silence when it doubts.

Engines live beside this module (`moonshine`, `whisper`). They are handed only what voice activity has cut, because
recognisers invent words where nobody speaks; they never give times, because theirs are a third of a second off.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]  # mono, 16 kHz, full scale 1.0, shape (n,)


class Transcriber(Protocol):
    """A recogniser. Used from one thread at a time; ready (loaded and warm) once constructed."""

    @property
    def name(self) -> str:
        """Engine and model, for the person: "moonshine tiny"."""

    @property
    def languages(self) -> str:
        """What it understands, for the person: "English", "99 languages"."""

    def transcribe(self, samples: Samples) -> str:
        """The words of `samples` (mono, 16 kHz); "" when there are none or when the engine itself doubts them."""

    def close(self) -> None:
        """Give the model's memory back; may be called twice."""
