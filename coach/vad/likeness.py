"""Two small classifiers: whether a frame is speech, and whether a burst is a voice.

`scripts/training/train_likeness.py` trains both, on read speech in rooms and on noises.

    speech      per frame: a perceptron with two small hidden layers over `Scenery`'s inputs; precise in time, but
                easily fooled by a bark
    voice_odds  per burst so far: logistic regression over statistics of its frames; recognises a bark after 0.3 s
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cache

import numpy as np

from coach.core.resources import Weights, load_weights
from coach.vad.frames import FRAMES_A_SECOND
from coach.vad.perceptron import perceptron
from coach.vad.scenery import SCENERY, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessConfig:
    """What of a burst is judged."""

    longest: int = FRAMES_A_SECOND  # frames; the latest part of a burst that is used


CONFIG = LikenessConfig()


@cache
def weights() -> Weights:
    """The trained weights by name; float32."""
    return load_weights("coach.vad", "likeness.npz")


def speech(seen: list[Seen], learnt: Weights | None = None) -> np.ndarray:
    """Return (n,) the probability of speech in each frame."""
    if not seen:
        return np.zeros(0)
    return perceptron(np.array([s.inputs for s in seen]), learnt or weights(), "frame_")


class Burst:
    """The frames of a burst, in order from its first frame of speech."""

    def __init__(self) -> None:
        self._seen: deque[Seen] = deque(maxlen=CONFIG.longest)
        self._speech: deque[float] = deque(maxlen=CONFIG.longest)

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, seen: Seen, speech: float) -> None:
        """Append the next frame, and the probability that it is `speech`; the oldest goes when there are too many."""
        self._seen.append(seen)
        self._speech.append(speech)

    def features(self) -> np.ndarray:
        """Statistics of the frames: both probabilities, the mean spectrum and its change, the level over the floor."""
        voice, speech = np.array([seen.voice for seen in self._seen]), np.array(self._speech)
        rows, floors = np.array([seen.row for seen in self._seen]), np.array([seen.floor for seen in self._seen])
        levels, bands = rows[:, 0], rows[:, 1:]
        colour = bands - bands.mean(axis=1, keepdims=True)
        change = np.abs(np.diff(bands, axis=0)).mean() if len(bands) > 1 else 0.0
        sure = np.clip(voice, 0.01, 0.99)
        summary = [
            voice.max(),
            voice.mean(),
            (voice > 0.5).mean(),
            (voice > 0.8).mean(),
            np.log(sure / (1 - sure)).mean(),
            speech.mean(),
            (speech > 0.9).mean(),
            np.log(len(voice)),
            np.log((voice > 0.5).sum() + 1),
            change / 10,
            (levels.max() - levels.mean()) / SCENERY.scale,
            levels.std() / 10,
        ]
        over = np.clip(bands - floors[:, 1:], 0.0, 60.0).mean(axis=0)
        return np.concatenate([summary, colour.mean(axis=0) / 10, colour.std(axis=0) / 10, over / SCENERY.scale])

    def voice_odds(self) -> float:
        """Return the log odds that the burst is a voice rather than noise, with equal priors."""
        w = weights()
        return float(self.features() @ w["burst_w"] + w["burst_b"][0])
