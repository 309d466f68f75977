"""A span of sound into text: one protocol, engines behind it, and a worker that is never waited for.

    hearing ──► Endpointer ──► Worker ──► Result ──► meaning
                             │
                        Transcriber: whisper · moonshine · none      chosen by `choose`

Nothing here uses the network, except `download_whisper` when it is called.
"""

from coach.asr.backlog import Job
from coach.asr.command_window import CommandWindow
from coach.asr.endpointer import Endpointer
from coach.asr.engines.choose import KEEPS_UP, choose, real_time_factor
from coach.asr.engines.models import (
    WhisperModel,
    download_whisper,
    find_whisper,
    installed_whisper_models,
    models_folder,
)
from coach.asr.engines.moonshine import MoonshineTranscriber
from coach.asr.engines.transcriber import Samples, Transcriber
from coach.asr.engines.whisper import WhisperTranscriber
from coach.asr.worker import Immediate, NotBegun, Result, Worker

__all__ = [
    "KEEPS_UP",
    "CommandWindow",
    "Endpointer",
    "Immediate",
    "Job",
    "MoonshineTranscriber",
    "NotBegun",
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
