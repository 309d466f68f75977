"""The sound of a session, for people who asked to keep it: one FLAC file that only its owner can read.

The file holds the sound that was analysed, at 16 kHz, so that the sample time of an event is its position in the file.
Lost samples become silence of the same length. FLAC is written in blocks: if the process is killed, the file still
plays up to about its last half second.
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

SILENCE = 10 * RATE  # samples of silence in one write: a suspended machine can leave a gap of hours


class Sound:
    """A FLAC file while it is written. Every method raises OSError or soundfile.SoundFileError if the disk fails.

    The constructor raises as `private_folder` does if there can be no folder for the file.
    """

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
        """Write `block` (float in -1..1, shape (n,) or (n, channels)) at sample `at`.

        Samples of the block that lie before the end of the file are skipped.
        """
        while self.written < at:
            blank = np.zeros((min(SILENCE, at - self.written), self._channels), np.float32)
            self._file.write(blank)
            self.written += len(blank)
        fresh = block[self.written - at :]
        self._file.write(fresh)  # libsndfile clips samples beyond ±1; they do not wrap
        self.written += len(fresh)

    def close(self) -> None:
        """Write what is still in memory and close the file; no `write` may follow."""
        self._file.close()
