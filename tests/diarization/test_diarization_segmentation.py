"""The segmentation finds who speaks within a window, on a known grid of frames."""

from __future__ import annotations

import numpy as np
import pytest

from coach.core.span import RATE
from coach.diarization import DEFAULT_SEGMENTATION, SPEAKERS_OF_CLASS, Segmentation
from tests.diarization.conftest import RealTalk
from tests.vad.made_sound import room

CLASSES = len(SPEAKERS_OF_CLASS)


@pytest.mark.parametrize("seconds", [1.0, 2.5, 7.77, 10.0])
def test_each_frame_has_the_probabilities_of_seven_classes(seconds: float) -> None:
    samples = round(seconds * RATE)
    noise = np.random.default_rng(1).normal(size=(2, samples)).astype(np.float32)
    told = Segmentation().windows(noise)
    assert told.shape == (2, DEFAULT_SEGMENTATION.frames(samples), CLASSES)
    assert np.exp(told).sum(axis=-1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("shape", [(RATE,), (1, 1, RATE), (1, RATE - 1), (1, 10 * RATE + 1), (1, 0)])
def test_any_other_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="windows of one length"):
        Segmentation().windows(np.zeros(shape, np.float32))


def test_no_windows_have_no_results() -> None:
    assert Segmentation().windows(np.zeros((0, RATE), np.float32)).shape == (0, 56, CLASSES)


def speech(told: np.ndarray) -> np.ndarray:
    """Of log probabilities (frames, 7): whether somebody speaks, (frames,)."""
    return np.asarray(np.exp(told[:, 0]) < 0.5)


def local(told: np.ndarray, speaker: int) -> np.ndarray:
    """Of log probabilities (frames, 7): whether this local speaker speaks, alone or with another, (frames,)."""
    classes = [number for number, speakers in enumerate(SPEAKERS_OF_CLASS) if speaker in speakers]
    return np.asarray(np.exp(told[:, classes]).sum(axis=1) > 0.5)


def test_a_frame_is_centred_half_of_what_it_sees_after_its_start() -> None:
    centres = DEFAULT_SEGMENTATION.centres(10 * RATE)
    assert len(centres) == 589
    assert centres[:2] / RATE == pytest.approx([0.03097, 0.03097 + 0.016875], abs=1 / RATE)
    assert centres[-1] + DEFAULT_SEGMENTATION.sees / 2 <= 10 * RATE


@pytest.mark.parametrize("dbfs", [-np.inf, -60.0, -20.0])
def test_nobody_speaks_in_silence_and_in_white_noise(dbfs: float) -> None:
    assert not speech(Segmentation().windows(room(10.0, dbfs)[None])[0]).any()


def test_how_many_windows_come_at_once_changes_no_frame(two_in_turn: np.ndarray) -> None:
    """No answer may move by more than a tenth of the way from the nearest probability to one half."""
    windows = np.stack([two_in_turn[start : start + 5 * RATE] for start in range(0, 5 * RATE, RATE)])
    together = np.exp(Segmentation().windows(windows)[..., 0])
    alone = np.exp(np.concatenate([Segmentation().windows(window[None]) for window in windows])[..., 0])
    assert np.abs(together - alone).max() < np.abs(alone - 0.5).min() / 10


def test_two_made_voices_in_turn_are_two_local_speakers(two_in_turn: np.ndarray) -> None:
    (told,) = Segmentation().windows(two_in_turn[None])
    seconds = DEFAULT_SEGMENTATION.centres(len(two_in_turn)) / RATE
    first, second = (told[(seconds > start) & (seconds < start + 3.8)] for start in (0.6, 5.6))
    whose = [int(np.bincount(part.argmax(axis=1)).argmax()) for part in (first, second)]
    assert whose[0] != whose[1]
    assert all(len(SPEAKERS_OF_CLASS[number]) == 1 for number in whose)
    assert (first.argmax(axis=1) == whose[0]).mean() > 0.9
    assert (second.argmax(axis=1) == whose[1]).mean() > 0.9


def test_two_real_people_are_told_apart_in_time_and_in_overlap(real_talk: RealTalk) -> None:
    start = len(real_talk.sound) - 10 * RATE  # the last ten seconds: both speak, now and then at once
    (told,) = Segmentation().windows(real_talk.sound[None, start:])
    at = start + DEFAULT_SEGMENTATION.centres(10 * RATE)
    truth = [real_talk.speaking(who)[at] for who in real_talk.turns]
    assert (speech(told) == (truth[0] | truth[1])).mean() > 0.95
    found = [max(range(3), key=lambda k: (local(told, k) == person).mean()) for person in truth]
    assert len(set(found)) == 2
    assert all((local(told, k) == person).mean() > 0.95 for k, person in zip(found, truth, strict=True))
