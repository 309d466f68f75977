"""The voice activity model's result for a word does not depend on earlier audio."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from coach.core.resources import packaged
from coach.core.span import RATE
from coach.vad.activity import ACTIVITY
from coach.vad.silero import CONFIG, WINDOW, Silero
from tests.vad.made_sound import ANA_ALONE, loud_part

HUM = 312 * WINDOW  # samples, ten seconds: as long as the other speaks, and what is left of it is no voice
HUM_DBFS = -50.0


@pytest.fixture(scope="module")
def word() -> np.ndarray:
    return loud_part(*ANA_ALONE, at_least=0.6)


def probabilities(sound: np.ndarray) -> np.ndarray:
    """Of speech in each whole window."""
    return np.array(Silero().windows(windows(sound)))


def windows(sound: np.ndarray) -> np.ndarray:
    return sound[: len(sound) // WINDOW * WINDOW].reshape(-1, WINDOW)


def test_a_word_after_ten_seconds_of_a_hum_is_heard_from_its_first_windows(word: np.ndarray) -> None:
    t = np.arange(HUM) / RATE
    hum = sum(np.sin(2 * np.pi * 100 * k * t) / k for k in (1, 2, 3, 5, 7)) * 10 ** (HUM_DBFS / 20)
    heard = probabilities(np.concatenate([hum.astype(np.float32), word]))
    assert heard[: HUM // WINDOW].max() < 0.5
    assert heard[HUM // WINDOW + 1 :][:3].min() > 0.6


def test_a_voice_that_goes_on_is_not_forgotten(word: np.ndarray) -> None:
    heard = probabilities(np.concatenate([word] * 5))
    assert (heard[3:] > 0.5).mean() > 0.95


@pytest.mark.parametrize("at_once", [1, 7, 16])
def test_how_many_windows_come_at_once_changes_no_decision(at_once: int, word: np.ndarray) -> None:
    """Onnxruntime may add up in another order where there are more windows. No answer may move by more than a tenth of
    the way from the nearest one to a threshold."""
    sound = windows(np.concatenate([word, np.zeros(60 * WINDOW, np.float32), word]))  # it begins afresh in between
    silero = Silero()
    parts = [silero.windows(sound[n : n + at_once]) for n in range(0, len(sound), at_once)]
    at_a_time, whole = np.concatenate(parts), probabilities(sound.ravel())
    margin = min(np.abs(whole - threshold).min() for threshold in (CONFIG.nothing, ACTIVITY.sure))
    assert np.abs(at_a_time - whole).max() < margin / 10


def test_the_model_that_ships_is_the_one_that_its_notice_names() -> None:
    notice = packaged("coach.vad", "weights", "NOTICE").decode()
    assert hashlib.sha256(packaged("coach.vad", "weights", "silero_vad.onnx")).hexdigest() in notice
    assert packaged("coach.vad", "weights", "LICENSE").startswith(b"MIT License\n\nCopyright (c) 2020-present Silero")
