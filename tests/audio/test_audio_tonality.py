"""The coach's tones are distinguished from speech."""

from __future__ import annotations

import json

import numpy as np
import pytest
import soundfile as sf

from coach.audio.tonality import is_tone
from coach.coaching import Catalogue
from coach.core.resources import asset
from coach.core.span import RATE, as_samples

TONES = sorted(entry.tone for entry in Catalogue.load().entries.values() if entry.tone)


@pytest.mark.parametrize("name", TONES)
def test_every_tone_of_the_coach_is_recognised_as_a_tone_however_early_it_is_cut(name: str) -> None:
    sound, rate = sf.read(asset(name), dtype="float32")
    assert rate == RATE
    assert is_tone(sound)
    assert is_tone(sound[: len(sound) // 2])


@pytest.mark.parametrize("seconds", [0.4, 1.0, 3.0])
def test_no_spoken_wording_is_taken_for_a_tone(seconds: float) -> None:
    talk = sf.read(asset("sample.flac"), dtype="float32")[0]
    turns = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))["turns"]
    n = as_samples(seconds)
    for turn in turns:
        start = as_samples(turn["start_s"])
        if turn["speech_s"] > seconds:
            assert not is_tone(talk[start : start + n])


def test_silence_and_noise_are_not_tones() -> None:
    assert not is_tone(np.zeros(RATE, np.float32))
    assert not is_tone(np.random.default_rng(1).normal(size=RATE).astype(np.float32))
