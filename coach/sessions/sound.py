"""The sound of a session, for people who asked to keep it: one FLAC file, for its owner alone.

What is written is what the ear heard, at 16 kHz, so that the sample clock of the events is the position in the file.
Samples that were lost become silence of the same length. FLAC is written in blocks: a killed process leaves a file that
still plays, up to about its last half second.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from coach.core.settings import private_folder
from coach.core.span import RATE

SILENCE = 10 * RATE  # samples written at a time where nothing was heard; a suspended machine can leave hours


class Sound:
    """A FLAC file that is being written. Raises OSError or soundfile.SoundFileError when the disk does not take it."""

    def __init__(self, path: Path, channels: int = 1) -> None:
        private_folder(path.parent)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self.path = path
        self.written = 0  # samples
        self._channels = channels
        self._file = soundfile.SoundFile(
            descriptor, "w", samplerate=RATE, channels=channels, format="FLAC", subtype="PCM_16", closefd=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, at: int, block: np.ndarray) -> None:
        """Put `block` (float in -1..1, shape (n,) or (n, channels)) at sample `at`; what was written already stays."""
        while self.written < at:
            blank = np.zeros((min(SILENCE, at - self.written), self._channels), np.float32)
            self._file.write(blank)
            self.written += len(blank)
        fresh = block[self.written - at :]
        self._file.write(fresh)  # what is too loud is clipped by libsndfile, it does not wrap
        self.written += len(fresh)

    def close(self) -> None:
        self._file.close()
