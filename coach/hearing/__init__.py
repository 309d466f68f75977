"""Hearing: voice activity and diarization, that is when somebody speaks and who it is.

`Ear` works on one shared microphone, `ChannelEar` on one microphone per person. Both take one hop at a time.
"""

from coach.hearing.channels import ChannelEar, are_microphones
from coach.hearing.detector import SILERO, VOICE_ACTIVITIES, Detector, VoiceActivity, choose_detector
from coach.hearing.ear import Ear, Hearing, heard_at
from coach.hearing.frames import BANDS
from coach.hearing.tape import Senses, Tape
from coach.hearing.unknown import MOST_PEOPLE, VoicePiece, cut_pieces, find_voices, recognised
from coach.hearing.voices import Voice, alike, learn_voice, warm_up

__all__ = [
    "BANDS",
    "MOST_PEOPLE",
    "SILERO",
    "VOICE_ACTIVITIES",
    "ChannelEar",
    "Detector",
    "Ear",
    "Hearing",
    "Senses",
    "Tape",
    "Voice",
    "VoiceActivity",
    "VoicePiece",
    "alike",
    "are_microphones",
    "choose_detector",
    "cut_pieces",
    "find_voices",
    "heard_at",
    "learn_voice",
    "recognised",
    "warm_up",
]
