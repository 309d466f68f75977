"""What the networks hear in a window, a `Look`, and in seconds of sound that lie in it, each a `Crop`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.core.span import RATE, Span, shared
from coach.diarization.embedding import DEFAULT_EMBEDDING
from coach.diarization.segmentation import DEFAULT_SEGMENTATION as GRID
from coach.diarization.segmentation import SPEAKERS_OF_CLASS
from coach.vad import FRAME

NUMBERS = DEFAULT_EMBEDDING.numbers
LOCAL = 3  # voices that the segmentation tells apart in a window
CROP = RATE  # samples of sound that show whose voice it is


@dataclass(frozen=True, slots=True, kw_only=True)
class LookConfig:
    """What counts as a voice, and as somebody's. Times are samples."""

    latest: int = 3 * RATE // 2  # the newest sound of a window, in which two voices are
    voice: int = RATE // 6  # of each of them
    within: float = 0.6  # share of a crop that must lie in somebody's speech to count as their voice
    partly: float = 0.4  # if no crop reaches `within`, this is enough: short words with pauses between them


CONFIG = LookConfig()
_IN_CLASS = np.array([[voice in voices for voice in range(LOCAL)] for voices in SPEAKERS_OF_CLASS], float)


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A second of sound from sample `start`, and its `voice`, (192,) of unit length.

    `alone` is how much of it is one voice alone, 0 to 1.
    """

    start: int
    voice: np.ndarray
    alone: float

    @property
    def span(self) -> Span:
        """Where it lies, in samples."""
        return Span(self.start, self.start + CROP)

    @property
    def middle(self) -> float:
        """In frames."""
        return (self.start + CROP / 2) / FRAME


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the networks hear in the window from sample `start` to `end`.

    `likely` is (frames, 7): the probabilities of the segmentation's classes. `crops` lie within the window.
    """

    start: int
    end: int
    likely: np.ndarray
    crops: tuple[Crop, ...] = ()

    def at(self, frames: np.ndarray) -> np.ndarray:
        """The probabilities (n, 7) at the middle of `frames`, numbers of 10 ms frames on the clock of the samples.

        Frames outside the window have the probabilities of its first or last frame.
        """
        at = ((frames + 0.5) * FRAME - self.start - GRID.sees // 2) / GRID.step
        at = np.clip(at, 0, len(self.likely) - 1)
        below = np.minimum(at.astype(int), len(self.likely) - 2)
        part = (at - below)[:, None]
        return np.asarray(self.likely[below] * (1 - part) + self.likely[below + 1] * part)

    def voiced(self, frames: np.ndarray) -> np.ndarray:
        """The probability (n,) that anybody speaks."""
        return np.asarray(1 - self.at(frames)[:, 0])

    def two_voices(self) -> bool:
        """Whether two local voices are heard in the newest sound."""
        newest = self.likely[-(CONFIG.latest // GRID.step) :] @ _IN_CLASS
        return bool(((newest > 0.5).sum(axis=0) * GRID.step > CONFIG.voice).sum() > 1)

    def during(self, start: int) -> np.ndarray:
        """The mean probabilities (7,) during the crop from sample `start`."""
        first = max(0, round((start - self.start - GRID.sees // 2) / GRID.step))
        last = round((start + CROP - self.start - GRID.sees // 2) / GRID.step)
        return np.asarray(self.likely[first : max(first + 1, last)].mean(axis=0))


def voices_in(crops: Sequence[Crop], spans: list[Span], config: LookConfig = CONFIG) -> np.ndarray:
    """The voices (n, 192) of the crops that lie mostly within `spans`; if none does, of those that do most.

    None of crops that only touch the spans: those may be somebody else's speech.
    """
    share = [shared([crop.span], spans) / CROP for crop in crops]
    least = min(config.within, max(share, default=0.0))
    least = max(least, config.partly * min(1.0, sum(span.duration for span in spans) / CROP))
    return np.array([c.voice for c, s in zip(crops, share, strict=True) if s >= least > 0]).reshape(-1, NUMBERS)
