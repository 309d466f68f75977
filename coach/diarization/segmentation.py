"""Who speaks when within ten seconds: segmentation-3.0 (Plaquet & Bredin 2023, Bredin 2023).

The network takes a window of sound and gives for each frame of 16.9 ms which of up to three local speakers talk, alone
or two at once. "Local" means that speaker 0 of one window may be speaker 1 of the next: the embedding tells whose voice
it is. Each window is scaled to one level, so soft speech is found as well as loud speech, and so is a leak of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach.core.networks import batches, load_network, once
from coach.core.span import RATE

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SPEAKERS_OF_CLASS = ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))  # local speakers who talk, for each class


@dataclass(frozen=True, slots=True)
class SegmentationConfig:
    """The grid of frames, and what is fed to the network. Lengths are samples at 16 kHz."""

    step: int = 10 * 3 * 3 * 3  # from frame to frame, 16.875 ms: the stride of the filters, and three pools of 3
    sees: int = 991  # what a frame sees of the sound, 61.9 ms
    shortest: int = RATE  # of a window; in less there is too little to tell anybody from
    longest: int = 10 * RATE  # of a window: the length on which the network was trained
    at_once: int = 4  # windows in one batch; more only take more memory

    def frames(self, samples: int) -> int:
        """The number of frames in a window of so many samples."""
        return (samples - self.sees) // self.step + 1

    def centres(self, samples: int) -> NDArray[np.int64]:
        """The sample at the centre of each frame of a window, (frames,)."""
        return self.sees // 2 + self.step * np.arange(self.frames(samples))


DEFAULT_SEGMENTATION = SegmentationConfig()


class Segmentation:
    """The network. Stateless: a window's result does not depend on other windows. All instances share one session."""

    def __init__(self, config: SegmentationConfig = DEFAULT_SEGMENTATION) -> None:
        self.config = config

    def windows(self, sounds: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log probabilities of the seven classes in each frame: (n, samples) to (n, frames, 7).

        `sounds` is at 16 kHz, full scale 1.0; all windows have one length, from 1 s to 10 s. The classes are those of
        SPEAKERS_OF_CLASS, and their probabilities add up to 1. Raises ValueError for any other shape or length.
        """
        config = self.config
        if sounds.ndim != 2 or not config.shortest <= sounds.shape[1] <= config.longest:
            raise ValueError(
                f"segmentation takes windows of one length, (n, {config.shortest} to {config.longest} samples), "
                f"not an array of shape {sounds.shape}"
            )
        none = np.empty((0, config.frames(sounds.shape[1]), len(SPEAKERS_OF_CLASS)), np.float32)
        return np.concatenate([none, *batches(_run, np.asarray(sounds, np.float32), config.at_once)])


def _run(sounds: NDArray[np.float32]) -> NDArray[np.float32]:
    (out,) = _session().run(None, {"sound": sounds})
    return np.asarray(out)


@once
def _session() -> InferenceSession:
    return load_network("coach.diarization", "weights", "segmentation.onnx")
