"""Residual echo is not taken for speech, however reverberant the room; real speech over a cue is detected."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.residual_echo_gate import DoubleTalkDetector, ResidualEchoConfig, ResidualEchoGate
from coach.core.span import RATE
from tests.audio.ringing import HOP, QUIET_DB, in_the_room, voice

LINE_S = 9.0  # seconds of the first line, from which the canceller learns the room
CUE = slice(round(11.5 * RATE), round(13.5 * RATE))


def coach_says() -> np.ndarray:
    """The line, a silence, a cue of two seconds, and two more seconds."""
    far = np.zeros(round(16 * RATE), np.float32)
    far[RATE : RATE + round(LINE_S * RATE)] = voice("Ben", LINE_S)
    far[CUE] = voice("Ben", 2.0)
    return far


def cue_later(later_s: float) -> np.ndarray:
    """The sound in the room, with the cue delayed by this much relative to the line."""
    line, cue = coach_says(), coach_says()
    line[CUE], cue[: CUE.start] = 0, 0
    return in_the_room(line) + in_the_room(cue, delay_s=0.08 + later_s, quiet_db=-200)


def heard(near: np.ndarray, far: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The input of the ear, and for each hop whether there was double talk; `near` (n, channels)."""
    own = ResidualEchoGate(near.shape[1])
    out, there = [], []
    for i in range(0, len(far) - HOP + 1, HOP):
        out.append(own.hop(near[i : i + HOP], far[i : i + HOP]))
        there.append(own.double_talk)
    return np.concatenate(out), np.array(there)


def spoken(near: np.ndarray, far: np.ndarray, *, gives_way: bool = True) -> np.ndarray:
    """The input of the recogniser; `near` (n, channels)."""
    own = ResidualEchoGate(near.shape[1])
    out = []
    for i in range(0, len(far) - HOP + 1, HOP):
        own.hop(near[i : i + HOP], far[i : i + HOP])
        out.append(own.spoken(gives_way=gives_way))
    return np.concatenate(out)


def as_loud_as(other: np.ndarray, sound: np.ndarray) -> np.ndarray:
    """`sound` with the power of `other`, both at the microphone."""
    return sound * np.sqrt((other.astype(float) ** 2).mean() / (sound.astype(float) ** 2).mean()).astype(np.float32)


def loudest(sound: np.ndarray) -> float:
    """The level of the loudest hop in dBFS."""
    hops = sound[: len(sound) // HOP * HOP].reshape(-1, HOP)
    return float(10 * np.log10((hops.astype(float) ** 2).mean(axis=1).max() + 1e-12))


def test_if_only_the_coach_speaks_just_the_quiet_room_remains() -> None:
    far = coach_says()
    out, there = heard(in_the_room(far)[:, None], far)
    assert not there.any()
    assert loudest(out[:, 0]) < QUIET_DB + 3
    assert loudest(out[round(12 * RATE) : round(13 * RATE), 0]) > QUIET_DB - 6  # and no dead silence


@pytest.mark.parametrize("later_s", [-0.05, -0.01, 0.01, 0.025, 0.1])
def test_a_cue_with_a_new_delay_is_not_taken_for_a_person(later_s: float) -> None:
    """Two devices have two clocks, and buffers underrun."""
    out, there = heard(cue_later(later_s)[:, None], coach_says())
    assert not there.any()
    assert loudest(out[:, 0]) < QUIET_DB + 3


@pytest.mark.parametrize("after", [0.3, 1.0, 1.7])
@pytest.mark.parametrize(("later_s", "within"), [(0.0, 0.3), (0.03, 1.2)])  # the second must find the new delay first
def test_a_person_as_loud_as_the_cue_is_soon_detected_and_heard(after: float, later_s: float, within: float) -> None:
    near = cue_later(later_s)
    onset = CUE.start + round(after * RATE)
    person = np.zeros_like(near)
    person[onset : onset + 2 * RATE] = as_loud_as(near[CUE], voice("Ana", 2.0))
    begin = onset + int(np.flatnonzero(np.abs(person[onset:]) > 0.02)[0])  # after a breath
    out, there = heard((near + person)[:, None], coach_says())
    first = int(np.flatnonzero(there)[0]) * HOP
    assert begin - HOP <= first <= begin + round(within * RATE)
    assert loudest(out[first : begin + 2 * RATE, 0]) > loudest(person) - 6


def test_there_is_no_double_talk_until_the_canceller_has_converged() -> None:
    far = coach_says()[: 5 * RATE]
    person = np.zeros_like(far)
    person[2 * RATE : 4 * RATE] = voice("Ana", 2.0)
    out, there = heard((in_the_room(far) + person)[:, None], far)
    assert not there.any()
    assert loudest(out[:, 0]) < QUIET_DB + 3


def test_sound_passes_unchanged_through_the_gate_while_the_coach_is_silent() -> None:
    person = voice("Ana", 2.0)[:, None]
    out, there = heard(person, np.zeros(len(person), np.float32))
    assert np.array_equal(out, person)
    assert not there.any()


@pytest.mark.parametrize("quiet_db", [-80, -45])  # -45: a fan in the room is not an echo
def test_a_person_is_not_masked_if_the_coach_is_inaudible(quiet_db: float) -> None:
    far = coach_says()
    quiet = (10 ** (quiet_db / 20) * np.random.default_rng(3).standard_normal(len(far))).astype(np.float32)
    person = quiet.copy()
    person[3 * RATE : 5 * RATE] += voice("Ana", 2.0)
    out, there = heard(person[:, None], far)
    assert np.array_equal(out[3 * RATE : 5 * RATE, 0], person[3 * RATE : 5 * RATE])
    first = int(np.flatnonzero(there)[0]) * HOP
    assert 3 * RATE - HOP <= first <= round(3.5 * RATE)


def test_noise_that_the_canceller_adds_is_not_taken_for_a_person() -> None:
    detector, config = DoubleTalkDetector(), ResidualEchoConfig()
    for _ in range(config.converged_after):  # an echo, all of it removed
        detector.hop(-40, -70, -70, floor=-72, echo=True)
    for _ in range(config.recent):
        detector.silent(-72)
    for near, left, there in [(-72, -40, False), (-35, -38, True)]:
        for _ in range(config.onset):
            detector.hop(near, left, left, floor=-72, echo=True)
        assert detector.double_talk is there


@pytest.mark.parametrize("gives_way", [True, False])
def test_the_recogniser_gets_all_of_a_person_and_almost_nothing_of_the_coach(gives_way: bool) -> None:
    far = coach_says()
    onset = CUE.start + round(0.5 * RATE)
    person = np.zeros_like(far)
    person[onset : onset + 2 * RATE] = voice("Ana", 2.0)
    both = in_the_room(far) + person
    read = spoken(both[:, None], far, gives_way=gives_way)[:, 0]
    after = slice(onset, CUE.stop)
    assert loudest(both[after] - person[after]) > loudest(read[after] - person[after]) + 15
    silent = slice(CUE.stop + 2 * RATE, None)
    assert np.array_equal(read[silent], both[silent])


def test_the_recogniser_gets_a_microphone_without_echo_unchanged() -> None:
    far = coach_says()
    person = np.zeros_like(far)
    person[3 * RATE : 5 * RATE] = voice("Ana", 2.0)
    near = np.stack([in_the_room(far), person], axis=1)
    assert np.array_equal(spoken(near, far)[:, 1], person)


def test_a_line_whose_echo_cannot_be_predicted_is_not_transcribed_with_a_persons_words() -> None:
    far = coach_says()[: round(10 * RATE)]  # the first one
    near = in_the_room(far)[:, None]
    assert np.array_equal(spoken(near, far, gives_way=True), near)
    assert np.array_equal(spoken(near, far, gives_way=False), heard(near, far)[0])


def test_a_person_who_speaks_during_a_cue_is_not_counted_as_room_noise() -> None:
    far = np.concatenate([coach_says(), coach_says()[CUE.start - RATE :]])
    person = np.zeros_like(far)
    person[CUE.start + RATE // 2 : CUE.start + 5 * RATE // 2] = 2 * voice("Ana", 2.0)
    near = in_the_room(far) + person
    again = slice(len(coach_says()) + RATE, len(coach_says()) + 3 * RATE)
    assert loudest(near[again]) > loudest(spoken(near[:, None], far)[again, 0]) + 15
