"""Diarization: who speaks when.

`Segmentation` tells local speakers and their overlap apart within ten seconds of sound, `Embedding` tells voices apart
between stretches of speech. Both are neural networks, in `weights`, with their licences and origin.
"""

from coach.diarization.embedding import DEFAULT_EMBEDDING, Embedding, EmbeddingConfig
from coach.diarization.segmentation import (
    DEFAULT_SEGMENTATION,
    SPEAKERS_OF_CLASS,
    Segmentation,
    SegmentationConfig,
)

__all__ = [
    "DEFAULT_EMBEDDING",
    "DEFAULT_SEGMENTATION",
    "SPEAKERS_OF_CLASS",
    "Embedding",
    "EmbeddingConfig",
    "Segmentation",
    "SegmentationConfig",
]
