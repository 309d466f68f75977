"""Rooms by their impulse responses, and how loud talk and noise are in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from coach.audio.source import Samples
from coach.core.span import RATE
from scripts.simulate.people import tool

TALK = 10 ** (-26 / 20)  # RMS of speech at the microphone: talk at a table
NOISE = 10 ** (-61 / 20)  # RMS of the room's own noise
ROOMS = {"dry": None, "kitchen": "kitchen_t60_044.wav", "room": "room_t60_042.wav"}


@cache
def impulse(data: Path, room: str) -> Samples:
    """The room's impulse response from its first sound on, of energy 1."""
    name = ROOMS[room]
    if name is None:
        return np.ones(1, np.float32)
    response = tool(data).load(data / "data" / "audio" / "rooms" / name)
    response = response[np.argmax(np.abs(response)) :][: RATE // 2]
    return np.asarray(response / np.sqrt((response**2).sum()), np.float32)


def loudness(sound: Samples) -> float:
    """RMS of what of it is within 40 dB of its peak, which leaves its silences out."""
    return float(np.sqrt(np.mean(sound[np.abs(sound) > 0.01 * np.abs(sound).max()].astype(np.float64) ** 2)))


def loud(sound: Samples) -> Samples:
    """`sound` as loud as talk at a table."""
    return np.asarray(sound / loudness(sound) * TALK, np.float32)
