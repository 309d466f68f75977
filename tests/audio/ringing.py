"""A voice, and a reverberant room."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import soundfile as sf

from coach.core.resources import asset
from coach.core.span import RATE, as_samples

HOP = 320
QUIET_DB = -60.0  # dBFS of the room when nobody speaks


@cache
def voice(who: str, seconds: float) -> np.ndarray:
    """The given length of the person's talk in the sample, from the beginning of a turn."""
    turns = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))["turns"]
    turn = next(turn for turn in turns if turn["speaker"] == who and turn["speech_s"] > seconds)
    sound = sf.read(asset("sample.flac"), dtype="float32")[0][as_samples(turn["start_s"]) :][: as_samples(seconds)]
    return np.asarray(sound, np.float32)


def in_the_room(far: np.ndarray, delay_s: float = 0.08, walls: int = 3, quiet_db: float = QUIET_DB) -> np.ndarray:
    """Its echo after `delay_s`, with half a second of reverberation, over the noise of a quiet room."""
    random = np.random.default_rng(walls)
    ringing = np.concatenate([[1.0], 0.05 * random.standard_normal(8000) * np.exp(-np.arange(8000) / 1000)])
    echo = np.convolve(np.concatenate([np.zeros(round(delay_s * RATE)), far]), ringing)[: len(far)]
    return (echo + 10 ** (quiet_db / 20) * random.standard_normal(len(far))).astype(np.float32)
