"""Audio and models for the recognition tests: a voice from Moonshine's wheel, a hum, and synthetic Whisper models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from coach.core.span import RATE


@pytest.fixture(scope="session")
def build_whisper() -> Callable[..., Path]:
    """`build(folder, says, sure=True, multilingual=False)`: a Whisper model that says one sentence."""
    from tests.asr.tiny_whisper import build

    return build


@pytest.fixture(scope="session")
def reading() -> np.ndarray:
    """Somebody reading, 16 kHz: "It was the best of times, it was the worst of times, ..."."""
    from moonshine_voice import get_assets_path

    sound, rate = soundfile.read(get_assets_path() / "two_cities.wav", dtype="float32", always_2d=True)
    return soxr.resample(sound.mean(axis=1), rate, RATE).astype(np.float32)


@pytest.fixture
def hum() -> np.ndarray:
    """Three seconds of a low tone: audible, but no speech."""
    return (0.2 * np.sin(2 * np.pi * 140 * np.arange(3 * RATE) / RATE)).astype(np.float32)
