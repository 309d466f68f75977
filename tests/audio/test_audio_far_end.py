"""The far end stays aligned with the ear, whatever the timing of the two threads."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.audio.far_end import FarEnd, FarEndConfig
from coach.core.span import RATE

HOP = 320
MOST_LAG, HEADROOM = FarEndConfig().most_lag, FarEndConfig().headroom


def test_samples_are_pulled_in_the_order_in_which_they_were_pushed():
    reference = FarEnd()
    reference.push(np.arange(1, 401, dtype=np.float32))
    assert reference.pull(HOP).tolist() == list(range(1, 321))
    assert reference.pull(HOP).tolist() == [*range(321, 401), *[0] * 240]


@given(st.lists(st.one_of(st.integers(0, 6), st.just(90)), min_size=1, max_size=60))
def test_the_far_end_never_lags_more_than_its_bound_and_never_changes_order(bursts):
    reference, number = FarEnd(), 1
    for burst in bursts:
        for _ in range(burst):
            reference.push(np.arange(number, number + HOP, dtype=np.float32))
            number += HOP
        pulled = reference.pull(HOP)
        sounding = pulled[pulled > 0]
        assert np.all(np.diff(sounding) == 1)
        if len(sounding):
            assert number - 1 - sounding[-1] <= MOST_LAG


def test_an_ear_that_was_far_too_late_continues_two_seconds_behind():
    reference = FarEnd()
    for i in range(150):
        reference.push(np.full(HOP, i + 1, np.float32))
    assert reference.pull(HOP)[0] == 150 - MOST_LAG // HOP


def test_an_ear_that_is_late_within_a_cue_still_gets_all_of_it():
    """The microphone's sound has waited equally long in the meantime."""
    reference, pulled = FarEnd(), []
    for i in range(200):
        reference.push(np.full(HOP, i + 1, np.float32))
        late = 80 <= i < 110
        pulled += [reference.pull(HOP)[0] for _ in range(31 if i == 110 else 0 if late else 1)]
    assert pulled == list(range(1, 201))


def test_samples_pushed_before_the_first_pull_are_dropped():
    reference = FarEnd()
    reference.push(np.zeros(RATE, np.float32))
    reference.pull(HOP)
    reference.push(np.ones(HOP, np.float32))
    heard = np.concatenate([reference.pull(HOP) for _ in range(3)])
    assert np.argmax(heard > 0) == HEADROOM


def test_within_a_cue_the_delay_is_constant_even_with_pauses():
    reference, pulled = FarEnd(), []
    reference.push(np.ones(2000, np.float32))
    for i in range(4 * RATE // HOP):
        reference.push(np.full(HOP, i % 50 < 5, np.float32))  # 0.9 s of silence, and a syllable
        pulled.append(reference.pull(HOP))
    begins = np.flatnonzero(np.diff(np.concatenate(pulled)) > 0) + 1
    assert begins.tolist() == [2000 + i * HOP for i in (50, 100, 150)]


def test_a_backlog_that_was_not_needed_is_dropped_in_silence():
    reference = FarEnd()
    reference.push(np.zeros(2000, np.float32))
    for _ in range(2 * RATE // HOP):
        reference.push(np.zeros(HOP, np.float32))
        reference.skip(0)
        reference.pull(HOP)
    reference.push(np.ones(HOP, np.float32))
    delay = 0
    while not reference.pull(HOP).any():
        reference.push(np.zeros(HOP, np.float32))
        delay += HOP
    assert delay <= HEADROOM


def test_nothing_is_dropped_while_a_cue_plays():
    reference = FarEnd()
    reference.push(np.ones(2000, np.float32))
    pulled = 0.0
    for _ in range(5 * RATE // HOP):
        reference.push(np.ones(HOP, np.float32))
        pulled += reference.pull(HOP).sum()
    pulled += reference.pull(2 * MOST_LAG).sum()
    assert pulled == 5 * RATE + 2000


def test_a_backlog_that_bursts_need_is_kept():
    reference = FarEnd()
    pulled = []
    for i in range(10 * RATE // HOP):
        if i % 3 == 0:  # the speaker requests three hops at a time
            reference.push(np.full(3 * HOP, i > 300, np.float32))
        pulled.append(reference.pull(HOP))
    heard = np.concatenate(pulled)
    assert heard[np.argmax(heard > 0) :].all()  # the cue has no hole after it begins


def test_after_long_silence_a_speaker_one_hop_late_causes_no_hole_in_a_cue():
    reference = FarEnd()
    reference.push(np.zeros(2000, np.float32))
    pulled = []
    for i in range(4 * RATE // HOP):
        pushes = {180: 0, 181: 2}.get(i, 1)
        reference.push(np.full(pushes * HOP, i > 170, np.float32))
        pulled.append(reference.pull(HOP))
    heard = np.concatenate(pulled)
    assert heard[np.argmax(heard > 0) :].all()


def test_an_hour_without_pulls_takes_no_memory():
    reference = FarEnd()
    tracemalloc.start()
    try:
        for _ in range(3600):
            reference.push(np.ones(RATE, np.float32))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < RATE * np.dtype(np.float32).itemsize  # not even a second
    assert reference.pull(HOP).all()


@pytest.mark.parametrize("seconds", [0.1, 1.0, 30.0])
@pytest.mark.parametrize("stock", [0, 100, 2000])
def test_after_the_microphone_returns_the_delay_is_the_same_as_before(seconds, stock):
    """The player keeps pushing; the ear then skips the time without sound, rounded to whole samples."""
    reference, away = FarEnd(), round(seconds * RATE) + 7
    sound = np.random.default_rng(1).normal(size=4 * RATE + away).astype(np.float32)
    pieces = iter(range(stock, len(sound), HOP))

    def pushed(n):
        for _ in range(n):
            start = next(pieces)
            reference.push(sound[start : start + HOP])

    reference.push(sound[:stock])
    for hop in range(50):
        pushed(1)
        reference.skip(0)
        assert np.array_equal(reference.pull(HOP), sound[hop * HOP :][:HOP])
    pushed(away // HOP + 1)
    reference.skip(away)
    for hop in range(50, 100):
        pushed(1)
        assert np.array_equal(reference.pull(HOP), sound[hop * HOP + away :][:HOP])


def test_after_a_gap_on_both_sides_the_far_end_continues_immediately():
    reference = FarEnd()
    reference.push(np.ones(HOP, np.float32))
    reference.pull(HOP)
    reference.skip(8 * 3600 * RATE)  # the machine slept
    reference.push(np.ones(HOP, np.float32))
    assert reference.pull(HOP).all()
