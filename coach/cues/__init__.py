"""The sound of the coach: people's own wordings and recordings, speech synthesis, loudness, and playback."""

from coach.cues.loudness import CueLoudness
from coach.cues.names import OWN_NAMES, SaidNames, sayable
from coach.cues.output import LISTENED_TO, CueOutput
from coach.cues.recordings import LONGEST_RECORDING, Sound, accepted, heard_well
from coach.cues.shipped import ShippedVoice
from coach.cues.sounds import INSTEAD, PIPERS, CueSounds
from coach.cues.tts.installed import fetch_neural_voice, installed_voices, published_neural_voices
from coach.cues.tts.voices import NEURAL, MachineVoice, calmest, named
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
    own_wordings,
    worded,
    write_sound,
    write_text,
)

__all__ = [
    "INSTEAD",
    "LISTENED_TO",
    "LONGEST_RECORDING",
    "NEURAL",
    "OWN_NAMES",
    "PIPERS",
    "THE_RECORDING",
    "CueLoudness",
    "CueOutput",
    "CueSounds",
    "MachineVoice",
    "SaidNames",
    "ShippedVoice",
    "Sound",
    "accepted",
    "calmest",
    "copy_of",
    "cue_language",
    "cues_folder",
    "cues_for",
    "fetch_neural_voice",
    "foreign",
    "heard_from",
    "heard_well",
    "installed_voices",
    "named",
    "own_catalogue",
    "own_sounds",
    "own_text",
    "own_wordings",
    "published_neural_voices",
    "sayable",
    "worded",
    "write_sound",
    "write_text",
]
