"""The recogniser's backlog is bounded in seconds of audio."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.asr.backlog import Backlog, BacklogConfig, Job, as_float
from coach.core.span import RATE, Span


def job(who: str, start: float, end: float, level: float = 0.1) -> Job:
    span = Span.seconds(start, end)
    return Job(who, span, np.full(span.duration, level, dtype=np.float32))


def taken(backlog: Backlog) -> list[tuple[str, float, float]]:
    jobs = [backlog.take() for _ in range(len(backlog))]
    return [(each.who, each.span.start_s, each.span.end_s) for each in jobs]


def test_spans_are_unchanged_while_the_recogniser_keeps_up() -> None:
    backlog = Backlog()
    for each in (job("Ana", 0, 4), job("Ana", 5, 9)):
        backlog.add(each)
    assert taken(backlog) == [("Ana", 0, 4), ("Ana", 5, 9)]


def test_when_late_one_persons_neighbouring_spans_are_merged_with_the_silence_between_them() -> None:
    backlog = Backlog()
    for each in (job("Ana", 0, 4, 0.1), job("Ana", 5, 9, 0.2), job("Ana", 9.5, 12, 0.3)):
        backlog.add(each)
    assert backlog.samples == 12 * RATE
    merged = backlog.take()
    assert (merged.span, len(backlog)) == (Span.seconds(0, 12), 0)
    assert [float(merged.samples[int(at * RATE)]) for at in (2, 4.5, 7, 9.2, 11)] == pytest.approx(
        [0.1, 0, 0.2, 0, 0.3]
    )


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(job("Ben", 6, 12), id="somebody else's"),
        pytest.param(job("Ana", 7.6, 13), id="after more than 1.5 s"),
        pytest.param(job("Ana", 5.9, 12), id="overlapping"),
        pytest.param(job("Ana", 6, 20.1), id="together over 20 s"),
    ],
)
def test_spans_that_do_not_belong_together_are_not_merged(second: Job) -> None:
    backlog = Backlog()
    backlog.add(job("Ana", 0, 6))
    backlog.add(second)
    assert len(backlog) == 2


def test_two_spans_are_not_merged_if_somebody_else_spoke_in_between() -> None:
    backlog = Backlog()
    for each in (job("Ana", 0, 5), job("Ben", 5, 6), job("Ana", 6, 11)):
        backlog.add(each)
    assert [who for who, _, _ in taken(backlog)] == ["Ana", "Ben", "Ana"]


def test_beyond_half_a_minute_of_sound_the_oldest_spans_are_deferred() -> None:
    backlog = Backlog()
    for number in range(5):
        backlog.add(job("Ana" if number % 2 else "Ben", number * 9, number * 9 + 9))
    assert [each.span.start_s for each in backlog.deferred] == [0, 9]
    assert backlog.samples == 27 * RATE
    assert backlog.deferred[0].samples.dtype == np.int16


def test_deferred_sound_is_the_same_to_within_a_step_of_16_bits() -> None:
    backlog = Backlog(BacklogConfig(most_waiting=RATE))
    sound = np.linspace(-1, 1, RATE, dtype=np.float32)
    backlog.add(Job("Ana", Span(0, RATE), sound))
    backlog.add(job("Ben", 1, 2))
    backlog.recall()
    assert np.max(np.abs(as_float(backlog.take().samples) - sound)) <= 1 / 32767
    assert backlog.deferred == []


def test_recalled_jobs_come_before_the_others_and_keep_their_order() -> None:
    backlog = Backlog(BacklogConfig(most_waiting=2 * RATE))
    for number in range(4):
        backlog.add(job("AB"[number % 2], number, number + 1))
    backlog.recall()
    assert [start for _, start, _ in taken(backlog)] == [0, 1, 2, 3]


def test_a_single_span_longer_than_the_bound_is_not_deferred() -> None:
    backlog = Backlog()
    backlog.add(job("Ana", 0, 40))
    assert (len(backlog), backlog.deferred) == (1, [])


def test_beyond_twenty_minutes_the_oldest_deferred_sound_is_dropped() -> None:
    backlog = Backlog(BacklogConfig(late=RATE, most_waiting=RATE, most_deferred=3 * RATE))
    for number in range(6):
        backlog.add(job("AB"[number % 2], number, number + 1))
    assert [each.span.start_s for each in backlog.deferred] == [2, 3, 4]


def test_deferred_16_bit_sound_is_merged_at_full_scale() -> None:
    backlog = Backlog(BacklogConfig(late=0))
    for start in (0, 1):
        backlog.add(Job("Ana", Span.seconds(start, start + 1), np.full(RATE, 16384, dtype=np.int16)))
    assert float(backlog.take().samples.max()) == pytest.approx(0.5, abs=1e-3)


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 15), st.integers(0, 3)), max_size=30))
def test_for_any_input_the_bound_holds_and_no_speech_is_lost(spans: list[tuple[str, int, int]]) -> None:
    backlog, at, spoken = Backlog(), 0, 0
    for who, length, gap in spans:
        backlog.add(Job(who, Span(at * RATE, (at + length) * RATE), np.ones(length * RATE, dtype=np.int16)))
        at, spoken = at + length + gap, spoken + length
        assert backlog.samples <= 30 * RATE
    backlog.recall()
    jobs = [backlog.take() for _ in range(len(backlog))]
    assert sum(int(np.count_nonzero(each.samples)) for each in jobs) == spoken * RATE
    assert [each.span.start for each in jobs] == sorted(each.span.start for each in jobs)
