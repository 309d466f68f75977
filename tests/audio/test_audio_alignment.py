"""Recordings of one conversation are laid beside each other by what they have in common."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.audio.alignment import Clock, Envelope, coarse, compared, fine
from coach.core.span import RATE, as_samples
from tests.audio.made_tracks import babble, late, microphones


def levels(sound: np.ndarray, piece: int = RATE) -> np.ndarray:
    envelope = Envelope()
    for start in range(0, len(sound), piece):
        envelope.feed(sound[start : start + piece].astype(np.float32))
    return envelope.levels


def found(one: np.ndarray, other: np.ndarray) -> Clock | None:
    guess = coarse(levels(one), levels(other))
    if guess is None:
        return None
    pieces = []
    for span in compared(len(one) / RATE, len(other) / RATE, guess):
        here = as_samples(guess.here(span.start / RATE))
        if 0 <= here <= len(other) - span.duration:
            ours = other[here : here + span.duration]
            pieces.append((span.start / RATE, one[span.start : span.end], here / RATE, ours))
    return fine(pieces, guess)


@pytest.mark.parametrize(("starts_s", "drift"), [(3.7, 80e-6), (0.0, 0.0), (17.25, -120e-6)])
def test_start_and_drift_are_found_where_each_hears_the_other_softly(starts_s, drift):
    one, other = microphones(120, leak_db=-23)
    clock = found(one, late(other, starts_s, drift))
    assert clock is not None
    assert clock.starts_s == pytest.approx(starts_s, abs=0.001)
    assert clock.drift == pytest.approx(drift, abs=4e-6)


def test_the_drift_of_an_hour_is_found_from_a_few_pieces():
    """As much as in an hour at 100 ppm, 0.36 s, in a sixth of the time: levels of the whole would smear."""
    one, other = microphones(600, seed=3)
    clock = found(one, late(other, 61.5, 400e-6))
    assert clock is not None
    assert clock.there((600 - 61.5) * (1 + 400e-6)) == pytest.approx(600, abs=0.002)


def test_two_microphones_that_hear_one_room_need_no_leak():
    sound = babble(5, 60)
    one, other = (sound + np.random.default_rng(n).normal(scale=0.003, size=len(sound)) for n in (1, 2))
    clock = found(one, late(other, 12.0))
    assert clock is not None
    assert clock.starts_s == pytest.approx(12.0, abs=0.001)


@pytest.mark.parametrize("seconds", [40, 120])
def test_recordings_of_different_conversations_have_nothing_in_common(seconds):
    for seed in (1, 2, 3):
        one, other = microphones(seconds, seed=seed)[0], microphones(seconds, seed=seed + 20)[1]
        assert coarse(levels(one), levels(other)) is None


def test_silence_has_nothing_in_common_with_talk():
    assert coarse(levels(microphones(60)[0]), levels(np.zeros(60 * RATE))) is None


def test_a_short_recording_is_not_judged():
    one, other = microphones(60)
    assert coarse(levels(one), levels(other[20 * RATE : 26 * RATE])) is None


def test_a_drift_that_cannot_be_told_from_none_is_none():
    """In half a minute the people's distances alone, up to 3 ms, would make a slope."""
    later = [0, 40, 10, 48, 16, 40, 24]  # samples
    sound = babble(7, 40)
    pieces = []
    for n, by in enumerate(later):
        first = (4 * n + 2) * RATE
        theirs, ours = (sound[start : start + 4 * RATE] for start in (first, first + by))
        pieces.append((first / RATE, theirs, first / RATE, ours))
    clock = fine([piece for piece in pieces if piece[1].std() > 0.01], Clock(0.0))
    assert clock is not None
    assert clock.drift == 0.0
    assert -0.003 <= clock.starts_s <= 0.003


def test_forty_seconds_without_a_drift_have_none():
    one, other = microphones(40, seed=7)
    clock = found(one, late(other, 5.0))
    assert clock is not None
    assert clock.drift == 0.0


def test_levels_do_not_depend_on_the_pieces_they_come_in():
    sound = microphones(10)[0]
    assert np.array_equal(levels(sound, 16000), levels(sound, 777))


@given(st.floats(-1e4, 1e4), st.floats(-5e-4, 5e-4), st.floats(0, 1e5))
def test_a_clock_leads_there_and_back(starts_s, drift, moment):
    clock = Clock(starts_s, drift)
    assert clock.here(clock.there(moment)) == pytest.approx(moment, abs=1e-6)
