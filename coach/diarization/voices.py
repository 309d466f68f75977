"""A voice, learnt from a few seconds of speech: the mean of its crops' embeddings.

It contains no words and no sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

_CENTRE = "campplus"  # the array's name in storage, after the network that understands it


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceConfig:
    """How near two voices are that are one person's."""

    alike: float = 0.6  # cosine from which they probably are; two people have at most .5, one has .75 and more


CONFIG = VoiceConfig()


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """`centre`, (192,) of unit length: where the embedding network puts this voice."""

    centre: np.ndarray

    def arrays(self) -> dict[str, np.ndarray]:
        """The voice for storage; `stored_voice` restores it."""
        return {_CENTRE: self.centre}


def stored_voice(arrays: Mapping[str, np.ndarray]) -> Voice | None:
    """The voice that was stored as `arrays`; None for one that another method learnt, which nothing understands now."""
    return Voice(arrays[_CENTRE]) if set(arrays) == {_CENTRE} else None


def learn_voice(crops: np.ndarray) -> Voice:
    """The voice of the crops (n, 192) of one person's speech. Raises ValueError without any."""
    if not len(crops):
        raise ValueError("a voice is learnt from one crop or more")
    centre = crops.mean(axis=0)
    return Voice(np.asarray(centre / np.linalg.norm(centre)))


def alike(a: Voice, b: Voice) -> bool:
    """Whether two voices are probably the same person's."""
    return float(a.centre @ b.centre) > CONFIG.alike
