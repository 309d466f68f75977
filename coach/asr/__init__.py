"""Speech recognition: spans of sound to text, through one protocol, several engines and a background worker.

    hearing ──► Endpointer ──► Worker ──► Result ──► meaning
                             │
                        Transcriber: whisper · moonshine · none      chosen by `choose_for`

Only `download_whisper` uses the network.
"""

from coach.asr.backlog import Job
from coach.asr.command_window import CommandWindow
from coach.asr.endpointer import Endpointer
from coach.asr.engines.choose import TrialConfig, choose, choose_for, real_time_factor
from coach.asr.engines.cost import SPAN_S, languages_of, measured_encoder, size_on_disk, work_of
from coach.asr.engines.models import (
    WhisperModel,
    download_whisper,
    find_whisper,
    hub_name,
    installed_whisper_models,
    models_folder,
    whisper_names,
)
from coach.asr.engines.moonshine import MoonshineTranscriber
from coach.asr.engines.transcriber import Samples, Transcriber, Windowed, fit_together
from coach.asr.engines.whisper import WhisperTranscriber
from coach.asr.held_jobs import HeldJobs
from coach.asr.immediate import Immediate, NotBegun
from coach.asr.language import ASSUMED, FindsLanguage, LanguageFinder, SpokenLanguage, finder_for
from coach.asr.worker import Result, Worker

__all__ = [
    "ASSUMED",
    "SPAN_S",
    "CommandWindow",
    "Endpointer",
    "FindsLanguage",
    "HeldJobs",
    "Immediate",
    "Job",
    "LanguageFinder",
    "MoonshineTranscriber",
    "NotBegun",
    "Result",
    "Samples",
    "SpokenLanguage",
    "Transcriber",
    "TrialConfig",
    "WhisperModel",
    "WhisperTranscriber",
    "Windowed",
    "Worker",
    "choose",
    "choose_for",
    "download_whisper",
    "find_whisper",
    "finder_for",
    "fit_together",
    "hub_name",
    "installed_whisper_models",
    "languages_of",
    "measured_encoder",
    "models_folder",
    "real_time_factor",
    "size_on_disk",
    "whisper_names",
    "work_of",
]
