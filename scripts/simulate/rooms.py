"""Room impulse responses, and the levels of talk and noise."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from coach.audio.source import Samples
from coach.core.span import RATE
from scripts.simulate.people import tool

TALK = 10 ** (-26 / 20)  # RMS of talk at a table, at the microphone
NOISE = 10 ** (-61 / 20)  # RMS of the room's noise
ROOMS = {"dry": None, "kitchen": "kitchen_t60_044.wav", "room": "room_t60_042.wav"}


@cache
def impulse(data: Path, room: str) -> Samples:
    """The room's impulse response from the direct sound, with unit energy."""
    name = ROOMS[room]
    if name is None:
        return np.ones(1, np.float32)
    response = tool(data).load(data / "data" / "audio" / "rooms" / name)
    response = response[np.argmax(np.abs(response)) :][: RATE // 2]
    return np.asarray(response / np.sqrt((response**2).sum()), np.float32)


def loudness(sound: Samples) -> float:
    """RMS over the samples within 40 dB of the peak, which excludes silences."""
    return float(np.sqrt(np.mean(sound[np.abs(sound) > 0.01 * np.abs(sound).max()].astype(np.float64) ** 2)))


def loud(sound: Samples) -> Samples:
    """`sound` at the level of talk at a table."""
    return np.asarray(sound / loudness(sound) * TALK, np.float32)
