"""A span of sound into text: one protocol, engines behind it, and a worker that is never waited for.

    hearing ──► Cutter ──► Worker ──► Result ──► meaning
                             │
                        Transcriber: whisper · moonshine · none      chosen by `choose`

Nothing here uses the network, except `download_whisper` when it is called.
"""

from coach.words.backlog import Job
from coach.words.choose import choose, real_time_factor
from coach.words.cutter import Cutter
from coach.words.lately import Lately
from coach.words.models import (
    WhisperModel,
    download_whisper,
    find_whisper,
    installed_whisper_models,
    models_folder,
)
from coach.words.moonshine import MoonshineTranscriber
from coach.words.transcriber import Samples, Transcriber
from coach.words.whisper import WhisperTranscriber
from coach.words.worker import Immediate, Result, Worker

__all__ = [
    "Cutter",
    "Immediate",
    "Job",
    "Lately",
    "MoonshineTranscriber",
    "Result",
    "Samples",
    "Transcriber",
    "WhisperModel",
    "WhisperTranscriber",
    "Worker",
    "choose",
    "download_whisper",
    "find_whisper",
    "installed_whisper_models",
    "models_folder",
    "real_time_factor",
]
