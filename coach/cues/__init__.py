"""The sound of the coach: people's own wordings and recordings, speech synthesis, loudness, and playback."""

from coach.cues.loudness import CueLoudness
from coach.cues.output import LISTENED_TO, CueOutput
from coach.cues.recordings import LONGEST_RECORDING, Sound, accepted, heard_well
from coach.cues.sounds import PIPERS, CueSounds
from coach.cues.tts.rendering import piper_voices, render, system_voices, voice_for
from coach.cues.tts.voices import PIPER, calmest
from coach.cues.wordings import (
    THE_RECORDING,
    copy_of,
    cue_language,
    cues_folder,
    cues_for,
    foreign,
    heard_from,
    own_catalogue,
    own_sounds,
    own_text,
    write_sound,
    write_text,
)

__all__ = [
    "LISTENED_TO",
    "LONGEST_RECORDING",
    "PIPER",
    "PIPERS",
    "THE_RECORDING",
    "CueLoudness",
    "CueOutput",
    "CueSounds",
    "Sound",
    "accepted",
    "calmest",
    "copy_of",
    "cue_language",
    "cues_folder",
    "cues_for",
    "foreign",
    "heard_from",
    "heard_well",
    "own_catalogue",
    "own_sounds",
    "own_text",
    "piper_voices",
    "render",
    "system_voices",
    "voice_for",
    "write_sound",
    "write_text",
]
