"""Voice activity detection: whether it is speech, and its exact edges.

`Activity` is quick: it knows within a tenth of a second that somebody speaks. `Edges` finds, half a second later, which
frames are speech, from the segmentation's probabilities and the level.
"""

from coach.vad.activity import JOIN, OPEN, Activity, Began, Stopped
from coach.vad.detector import SILERO, VOICE_ACTIVITIES, Detector, VoiceActivity, choose_detector
from coach.vad.edges import REACH, Edges
from coach.vad.frames import FRAME, FRAMES_A_SECOND, Levels, runs
from coach.vad.noise_floor import OVER_FLOOR, NoiseFloor

__all__ = [
    "FRAME",
    "FRAMES_A_SECOND",
    "JOIN",
    "OPEN",
    "OVER_FLOOR",
    "REACH",
    "SILERO",
    "VOICE_ACTIVITIES",
    "Activity",
    "Began",
    "Detector",
    "Edges",
    "Levels",
    "NoiseFloor",
    "Stopped",
    "VoiceActivity",
    "choose_detector",
    "runs",
]
