"""The predicted echo is subtracted from the microphone, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.echo_path import EchoPath, EchoPathConfig
from coach.core.span import RATE
from tests.audio.ringing import HOP, in_the_room, voice

LINE_S, CUE_S = 6.0, 2.0
TAIL = np.zeros(RATE, np.float32)


def says(seconds: float) -> np.ndarray:
    return np.concatenate([voice("Ben", seconds), TAIL])


def through(path: EchoPath, near: np.ndarray, far: np.ndarray, alone_until: int | None = None) -> np.ndarray:
    """One cue; `near` (n, channels). From `alone_until` on, somebody is known to speak."""
    out = [
        path.hop(near[i : i + HOP], far[i : i + HOP], alone=alone_until is None or i < alone_until)
        for i in range(0, len(far) - HOP + 1, HOP)
    ]
    return np.concatenate(out)


def learnt(channels: int = 1, **room: float) -> EchoPath:
    """A path after one line."""
    path, far = EchoPath(channels), says(LINE_S)
    through(path, np.repeat(in_the_room(far, **room)[:, None], channels, axis=1), far)
    return path


def power(sound: np.ndarray) -> float:
    """The level in dB."""
    return float(10 * np.log10((sound.astype(float) ** 2).mean() + 1e-12))


def test_before_a_path_is_known_the_microphone_passes_unchanged() -> None:
    far = says(LINE_S)
    near = in_the_room(far)[:, None]
    assert np.array_equal(through(EchoPath(), near, far), near)


def test_after_one_line_the_echo_of_the_next_cue_is_removed_from_its_first_syllables_on() -> None:
    far = says(CUE_S)
    near = in_the_room(far)[:, None]
    left = through(learnt(), near, far)
    for part in (slice(0, RATE // 2), slice(RATE // 2, 2 * RATE)):
        assert power(near[part]) - power(left[part]) > 18


@pytest.mark.parametrize(("onset_s", "loud"), [(0.3, 1.0), (0.35, 20.0), (0.8, 1.0), (1.5, 1.0)])
def test_a_persons_speech_is_untouched_even_if_it_is_detected_late(onset_s: float, loud: float) -> None:
    far, onset = says(CUE_S), round(onset_s * RATE)
    echo = in_the_room(far)
    person = np.zeros_like(far)
    person[onset : onset + RATE] = loud * voice("Ana", 1.0)
    left = through(learnt(), (echo + person)[:, None], far, alone_until=onset + round(0.2 * RATE / loud))[:, 0]
    assert power(echo[onset:]) - power((left - person)[onset:]) > 15


def dull(far: np.ndarray) -> np.ndarray:
    """The sound without anything above 4 kHz, as in some synthetic voices."""
    spectrum = np.fft.rfft(far)
    spectrum[len(spectrum) // 2 :] = 0
    out = np.fft.irfft(spectrum).astype(np.float32)
    out[-len(TAIL) :] = 0
    return out


@pytest.mark.parametrize("delay_s", [0.03, 0.079, 0.0801, 0.15, 0.25])
def test_an_echo_with_a_new_delay_is_found(delay_s: float) -> None:
    far = says(CUE_S)
    near = in_the_room(far, delay_s=delay_s)[:, None]
    left = through(learnt(delay_s=0.08), near, far)
    part = slice(round(0.5 * RATE), 2 * RATE)
    assert power(near[part]) - power(left[part]) > 15


def test_cues_with_varying_delays_do_not_spoil_the_learnt_path() -> None:
    path, far = learnt(), says(CUE_S)
    for delay_s in (0.06, 0.11, 0.08):
        near = in_the_room(far, delay_s=delay_s)[:, None]
        left = through(path, near, far)
    laid = slice(RATE // 2, None)
    assert power(near[laid]) - power(left[laid]) > 15


def test_in_another_room_the_path_is_soon_discarded_and_learnt_again() -> None:
    path, far = learnt(), says(CUE_S)
    near = -in_the_room(far, walls=4)[:, None]  # as if the microphone were behind the speaker
    through(path, near, far)
    path, soon = learnt(), round(0.3 * RATE)
    assert np.array_equal(through(path, near, far)[soon:], near[soon:])
    assert power(near) - power(through(path, near, far)) > 18


def test_nothing_is_learnt_from_a_cue_with_double_talk() -> None:
    path, far = learnt(), says(CUE_S)
    near = in_the_room(far)[:, None]
    before = through(path, near, far, alone_until=RATE)
    rest = np.zeros_like(far)
    rest[RATE : 2 * RATE] = voice("Ana", 1.0)
    through(path, (in_the_room(far) + rest)[:, None], far, alone_until=RATE)
    assert np.array_equal(through(path, near, far, alone_until=RATE), before)


def test_each_microphone_has_its_own_path() -> None:
    path = EchoPath(2)
    for far in (says(LINE_S), says(CUE_S)):
        near = np.stack([in_the_room(far), 0.5 * in_the_room(far, walls=4)], axis=1)
        left = through(path, near, far)
    for channel in (0, 1):
        assert power(near[:, channel]) - power(left[:, channel]) > 15


def test_the_first_line_is_learnt_from_even_if_somebody_seems_to_speak_during_it() -> None:
    """Double talk cannot be detected reliably before the path is known."""
    path, line, far = EchoPath(), says(LINE_S), says(CUE_S)
    through(path, in_the_room(line)[:, None], line, alone_until=RATE)
    near = in_the_room(far)[:, None]
    assert power(near) - power(through(path, near, far)) > 18


def test_double_talk_in_a_second_line_does_not_spoil_the_learnt_path() -> None:
    """As in a check-in: the coach introduces itself, then asks, and a person answers before it has finished."""
    path, pause = EchoPath(), np.zeros(round(0.7 * RATE), np.float32)
    far = np.concatenate([voice("Ben", LINE_S), pause, says(CUE_S)])
    answered = round((LINE_S + 2.0) * RATE)
    through(path, in_the_room(far)[:, None], far, alone_until=answered)
    near = in_the_room(says(CUE_S))[:, None]
    left = through(path, near, says(CUE_S))
    assert power(near) - power(left) > 18


def test_nothing_is_learnt_from_a_line_that_is_too_long() -> None:
    path = EchoPath()
    far = np.concatenate([voice("Ben", LINE_S)] * 3)
    assert len(far) > EchoPathConfig().longest
    through(path, in_the_room(far)[:, None], far)
    near = in_the_room(says(CUE_S))[:, None]
    assert np.array_equal(through(path, near, says(CUE_S)), near)


def test_frequencies_that_the_coach_has_not_used_yet_pass_unchanged() -> None:
    path, line, far = EchoPath(), dull(says(LINE_S)), says(CUE_S)
    through(path, in_the_room(line)[:, None], line)
    near = in_the_room(far)[:, None]
    assert power(through(path, near, far)) < power(near) - 10


def test_earlier_lines_still_count() -> None:
    path, line, far = learnt(), dull(says(CUE_S)), says(CUE_S)
    through(path, in_the_room(line)[:, None], line)
    near = in_the_room(far)[:, None]
    assert power(near) - power(through(path, near, far)) > 18


def test_the_latest_line_counts_most() -> None:
    path, far = learnt(), says(CUE_S)
    near = 0.75 * in_the_room(far)[:, None]  # the volume was turned down a little
    for _ in range(12):
        left = through(path, near, far)
    assert power(near) - power(left) > 26


@pytest.mark.parametrize(("delay_s", "known_s"), [(0.08, 0.06), (0.08, 0.1), (0.2, 0.2), (0.25, 0.2)])
def test_a_person_who_begins_before_the_echo_arrives_changes_nothing(delay_s: float, known_s: float) -> None:
    path, far = learnt(delay_s=delay_s), says(CUE_S)
    echo, person = in_the_room(far, delay_s=delay_s), np.zeros_like(far)
    person[round(0.02 * RATE) : round(1.02 * RATE)] = voice("Ana", 1.0)
    for _ in range(2):
        left = through(path, (echo + person)[:, None], far, alone_until=round(known_s * RATE))[:, 0]
        assert power(echo) - power(left - person) > 15


def test_moving_one_of_two_microphones_does_not_affect_the_other() -> None:
    path, line, far = EchoPath(2), says(LINE_S), says(CUE_S)
    through(path, np.stack([in_the_room(line), 0.3 * in_the_room(line, walls=4)], axis=1), line)
    near = np.stack([in_the_room(far), -0.3 * in_the_room(far, walls=4)], axis=1)
    left = through(path, near, far)
    soon = slice(round(0.3 * RATE), None)
    assert power(near[:, 0]) - power(left[:, 0]) > 15
    assert np.array_equal(left[soon, 1], near[soon, 1])
    left = through(path, near, far)
    for channel in (0, 1):
        assert power(near[:, channel]) - power(left[:, channel]) > 15


def test_a_delay_that_jumps_within_the_first_line_is_soon_corrected() -> None:
    path, line, far = EchoPath(), says(LINE_S), says(CUE_S)
    jump = 3 * RATE
    near = np.concatenate([in_the_room(line)[:jump], in_the_room(line, delay_s=0.1)[jump:]])
    through(path, near[:, None], line)
    near = in_the_room(far, delay_s=0.1)[:, None]
    for _ in range(3):
        left = through(path, near, far)
    assert power(near) - power(left) > 15


def test_a_path_that_becomes_much_shorter_is_learnt_again() -> None:
    path, far = learnt(delay_s=0.25), says(CUE_S)
    near = -in_the_room(far, delay_s=0.01, walls=4)[:, None]
    for _ in range(2):
        left = through(path, near, far)
    assert power(near) - power(left) > 15
