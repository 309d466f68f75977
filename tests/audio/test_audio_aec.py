"""Echo cancellation removes the coach's own sound and nothing else."""

from __future__ import annotations

import numpy as np

from coach.audio.aec import AecConfig, EchoCanceller
from coach.core.span import RATE

HOP = 320


def voice(seconds: float, pitch: float, seed: int) -> np.ndarray:
    """A synthetic voice: a glottal buzz with breath, in syllables of a third of a second and short pauses."""
    n = round(seconds * RATE)
    t = np.arange(n) / RATE
    random = np.random.default_rng(seed)
    phase = 2 * np.pi * np.cumsum(pitch * (1 + 0.15 * np.sin(2 * np.pi * 0.7 * t + seed))) / RATE
    buzz = sum(np.sin(k * phase) / k for k in range(1, 25)) + 0.3 * random.standard_normal(n)
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * t + seed), 0, None)
    return (0.4 * buzz * syllables / np.abs(buzz).max()).astype(np.float32)


def echo_of(far: np.ndarray, delay_s: float = 0.08, gain_db: float = -6.0) -> np.ndarray:
    """The sound in a simple room: the direct sound after `delay_s`, and 0.2 s of decay."""
    random = np.random.default_rng(3)
    room = np.zeros(3200)
    room[0] = 1.0
    room[80:] = 0.06 * random.standard_normal(3120) * np.exp(-np.arange(3120) / 500)
    room *= 10 ** (gain_db / 20) / np.sqrt((room**2).sum())
    delay = round(delay_s * RATE)
    return np.concatenate([np.zeros(delay), np.convolve(far, room)])[: len(far)].astype(np.float32)


def cleaned(near: np.ndarray, far: np.ndarray) -> np.ndarray:
    canceller = EchoCanceller(near.shape[1])
    hops = range(0, len(far) - HOP + 1, HOP)
    return np.concatenate([canceller.clean(near[i : i + HOP], far[i : i + HOP]) for i in hops])


def level(sound: np.ndarray) -> float:
    """The level in dBFS."""
    return float(10 * np.log10(np.mean(sound.astype(float) ** 2) + 1e-12))


def test_an_echo_falls_by_20_db_in_the_first_second_and_by_25_later():
    far = voice(5, 120, seed=1)
    echo = echo_of(far)
    out = cleaned(echo[:, None], far)[:, 0]
    first, later = slice(0, RATE), slice(3 * RATE, 5 * RATE)
    assert level(echo[first]) - level(out[first]) >= 20
    assert level(echo[later]) - level(out[later]) >= 25


def test_a_person_who_begins_while_a_cue_plays_is_heard():
    far = voice(6, 120, seed=1)
    far[round(3.3 * RATE) :] = 0  # the cue stops 0.2 s after the onset is noticed
    person = voice(6, 210, seed=5)
    person[: 3 * RATE] = 0
    out = cleaned((echo_of(far) + person)[:, None], far)[:, 0]
    together, alone = slice(3 * RATE, round(3.4 * RATE)), slice(3 * RATE, 6 * RATE)
    assert level(out[alone]) - level(person[alone]) >= -3
    assert level(out[together]) - level(person[together]) >= -12
    assert level(out[alone]) - level(person[alone]) <= 1


def test_sound_passes_unchanged_while_the_coach_is_silent():
    person = voice(2, 210, seed=5)[:, None]
    assert np.array_equal(cleaned(person, np.zeros(len(person), np.float32)), person)


def test_one_second_after_a_cue_sound_passes_unchanged_again():
    far = np.zeros(4 * RATE, np.float32)
    far[RATE : RATE + HOP] = voice(0.02, 120, seed=1)
    person = voice(4, 210, seed=5)[:, None]
    out = cleaned(person, far)
    end = RATE + HOP + AecConfig().tail
    assert np.array_equal(out[:RATE], person[:RATE])
    assert not np.array_equal(out[RATE:end], person[RATE:end])
    assert np.array_equal(out[end + HOP :], person[end + HOP :])


def test_starting_and_stopping_the_canceller_does_not_click():
    far = np.zeros(4 * RATE, np.float32)
    far[RATE : RATE + HOP] = 0.01 * voice(0.02, 120, seed=1)
    hum = (0.3 * np.sin(2 * np.pi * 200 * np.arange(4 * RATE) / RATE)).astype(np.float32)
    out = cleaned(hum[:, None], far)[:, 0]
    slope = 0.3 * 2 * np.pi * 200 / RATE
    assert np.abs(np.diff(out)).max() < 2 * slope


def test_each_channel_is_cleaned_separately():
    far = voice(3, 120, seed=1)
    near = np.stack([echo_of(far), 0.5 * echo_of(far, delay_s=0.12)], axis=1)
    out = cleaned(near, far)
    for channel in (0, 1):
        assert level(near[RATE:, channel]) - level(out[RATE:, channel]) >= 20


def test_a_person_is_not_attenuated_if_the_coach_is_inaudible():
    far = voice(4, 120, seed=1)
    person = voice(4, 210, seed=5)
    person[:RATE] = 0
    out = cleaned(np.stack([person, person + echo_of(far)], axis=1), far)
    assert np.array_equal(out[RATE:, 0], person[RATE : len(out)])
    assert not np.array_equal(out[RATE:, 1], person[RATE : len(out)])  # the other microphone has an echo


def cues(many: int) -> np.ndarray:
    """Cues of 1.5 s with 2 s of silence between them."""
    silence = np.zeros(2 * RATE, np.float32)
    return np.concatenate([np.concatenate([voice(1.5, 120, seed=1), silence]) for _ in range(many)])


def nth(cue: int) -> slice:
    return slice(round(3.5 * RATE * cue), round((3.5 * cue + 1.5) * RATE))


def test_an_echo_that_appears_is_cancelled_from_the_next_cue_on():
    far = cues(3)
    echo = echo_of(far)
    echo[: 2 * RATE] = 0  # headphones, taken off between the first cue and the second
    out = cleaned(echo[:, None], far)[:, 0]
    assert level(echo[nth(2)]) - level(out[nth(2)]) >= 15


def test_an_echo_that_disappears_is_not_cancelled_in_the_next_cue():
    far = cues(2)
    near = echo_of(far)
    near[2 * RATE :] = 0  # headphones, put on between the two cues
    near[round(4.1 * RATE) : 5 * RATE] = voice(0.9, 210, seed=5)
    out = cleaned(near[:, None], far)[:, 0]
    person = slice(round(4.2 * RATE), 5 * RATE)
    assert np.array_equal(out[person], near[person])


def test_without_an_echo_a_person_who_begins_just_before_the_next_cue_is_not_attenuated():
    far = cues(3)
    near = np.zeros_like(far)
    for second in (3.4, 6.9):  # and speaks on for longer than the coach
        near[round(second * RATE) :][: 3 * RATE] = voice(3.0, 210, seed=5)
    assert np.array_equal(cleaned(near[:, None], far)[RATE:, 0], near[RATE:])


def test_while_the_coach_is_silent_nothing_is_computed():
    canceller = EchoCanceller(1)
    near = voice(0.02, 210, seed=5)[:, None]
    assert canceller.clean(near, np.zeros(HOP, np.float32)) is near
