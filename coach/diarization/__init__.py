"""Diarization: who speaks when.

`Ear` works on one shared microphone, `MicrophonesEar` on one microphone per person. Both take one hop at a time. Two
neural networks serve them, in `weights` with their licences and origin: `Segmentation` tells local speakers and their
overlap apart within seconds of sound, `Embedding` tells whose voice a stretch of speech is.
"""

from coach.diarization.channels import are_microphones
from coach.diarization.clustering import MOST_PEOPLE, find_voices, recognised
from coach.diarization.ear import NO_VOICES, Ear, Hearing, heard_at
from coach.diarization.embedding import DEFAULT_EMBEDDING, Embedding, EmbeddingConfig
from coach.diarization.leads import Leads, are_close
from coach.diarization.microphones import MicrophonesEar
from coach.diarization.segmentation import (
    DEFAULT_SEGMENTATION,
    SPEAKERS_OF_CLASS,
    Segmentation,
    SegmentationConfig,
)
from coach.diarization.senses import Senses
from coach.diarization.tape import Tape
from coach.diarization.timetable import FEWER_WINDOWS, NO_OVERLAP
from coach.diarization.voices import Voice, alike, learn_voice, stored_voice
from coach.diarization.windows import warm_up

__all__ = [
    "DEFAULT_EMBEDDING",
    "DEFAULT_SEGMENTATION",
    "FEWER_WINDOWS",
    "MOST_PEOPLE",
    "NO_OVERLAP",
    "NO_VOICES",
    "SPEAKERS_OF_CLASS",
    "Ear",
    "Embedding",
    "EmbeddingConfig",
    "Hearing",
    "Leads",
    "MicrophonesEar",
    "Segmentation",
    "SegmentationConfig",
    "Senses",
    "Tape",
    "Voice",
    "alike",
    "are_close",
    "are_microphones",
    "find_voices",
    "heard_at",
    "learn_voice",
    "recognised",
    "stored_voice",
    "warm_up",
]
