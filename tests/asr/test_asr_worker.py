"""The recogniser runs in a worker: callers never wait for it and survive its failure."""

from __future__ import annotations

import threading
from itertools import permutations

import numpy as np
import pytest

from coach.asr.backlog import Job
from coach.asr.immediate import Immediate
from coach.asr.worker import Result, Worker
from coach.core.span import RATE, Span


class Clock:
    """A clock that moves only on command."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Engine:
    """A recogniser that can be blocked, and fails on command."""

    name = "fake"
    languages = "English"

    def __init__(self) -> None:
        self.free = threading.Event()
        self.free.set()
        self.begun = threading.Semaphore(0)
        self.failing = 0  # the number of calls that will fail
        self.closed = 0

    def transcribe(self, samples: np.ndarray) -> str:
        self.begun.release()
        assert self.free.wait(60)
        if self.failing:
            self.failing -= 1
            raise RuntimeError("out of memory\nin some kernel")
        assert samples.dtype == np.float32
        return f"{len(samples) / RATE:g} seconds"

    def close(self) -> None:
        self.closed += 1


def job(who: str, start: float, end: float) -> Job:
    span = Span.seconds(start, end)
    return Job(who, span, np.zeros(span.duration, dtype=np.float32))


def begun(engine: Engine) -> None:
    assert engine.begun.acquire(timeout=60)


def foreseeing(engine: Engine) -> Worker:
    """A worker that has begun Ana's first two seconds as a foreseen job."""
    worker = Worker(engine)
    worker.foresee(job("Ana", 0, 2))
    begun(engine)
    return worker


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine() -> Engine:
    return Engine()


def test_words_come_back_with_their_speaker_and_span(engine: Engine) -> None:
    worker = Worker(engine)
    worker.submit(job("Ana", 1, 6))
    (result,) = worker.finish()
    assert result == Result("Ana", Span.seconds(1, 6), "5 seconds")
    worker.close()


def test_submitting_returns_while_the_recogniser_is_busy_and_the_backlog_is_known(engine: Engine) -> None:
    engine.free.clear()
    worker = Worker(engine)
    worker.submit(job("Ana", 0, 5))
    begun(engine)
    worker.submit(job("Ben", 5, 7))
    assert worker.behind == 7 * RATE
    assert worker.results() == []
    engine.free.set()
    assert [result.who for result in worker.finish()] == ["Ana", "Ben"]
    assert worker.behind == 0
    worker.close()


def test_results_are_returned_once(engine: Engine) -> None:
    worker = Worker(engine)
    worker.submit(job("Ana", 0, 1))
    assert len(worker.finish()) == 1
    assert worker.results() == []
    assert worker.finish() == []
    worker.close()


def test_a_late_queue_is_merged_and_a_later_one_is_deferred_until_after_the_session(engine: Engine) -> None:
    engine.free.clear()
    worker = Worker(engine)
    worker.submit(job("Ana", 0, 1))
    begun(engine)
    for start in range(2, 50, 6):
        worker.submit(job("Ana", start, start + 5))
    assert worker.deferred
    assert worker.behind <= 31 * RATE
    engine.free.set()
    results = worker.finish()
    assert [result.span.start for result in results] == sorted(result.span.start for result in results)
    assert (results[0].span, results[-1].span.end_s) == (Span.seconds(0, 1), 49)
    assert len(results) < 9
    assert worker.deferred == []
    worker.close()


def test_deferred_words_come_back_at_the_time_when_they_were_spoken(engine: Engine) -> None:
    engine.free.clear()
    worker = Worker(engine)
    worker.submit(job("Ana", 0, 1))
    begun(engine)
    for number in range(5):
        worker.submit(job(("Ana", "Ben")[number % 2], 10 * number + 2, 10 * number + 11))
    assert [each.span.start_s for each in worker.deferred] == [2, 12]
    engine.free.set()
    for _ in range(3):
        begun(engine)
    assert [result.span.start_s for result in worker.finish()] == [0, 2, 12, 22, 32, 42]
    worker.close()


@pytest.mark.parametrize("kind", [Worker, Immediate])
def test_deferred_16_bit_sound_reaches_the_recogniser_at_full_scale(engine: Engine, kind: type) -> None:
    worker = kind(engine)
    worker.submit(Job("Ana", Span(0, RATE), np.zeros(RATE, dtype=np.int16)))
    assert [result.text for result in worker.finish()] == ["1 seconds"]
    worker.close()


def test_a_recogniser_that_rests_begins_nothing_and_loses_nothing(engine: Engine) -> None:
    worker = Worker(engine)
    worker.rest(True)
    worker.submit(job("Ana", 0, 2))
    worker.foresee(job("Ben", 2, 4))
    worker.command(job("Ben", 2, 3))
    assert not engine.begun.acquire(timeout=0.2)
    worker.rest(False)
    begun(engine)
    assert [result.text for result in worker.finish()] == ["2 seconds"]
    worker.close()


def test_a_session_that_ends_while_the_recogniser_rests_gets_all_words(engine: Engine) -> None:
    worker = Worker(engine)
    worker.rest(True)
    worker.submit(job("Ana", 0, 2))
    assert [result.text for result in worker.finish()] == ["2 seconds"]
    worker.close()


def test_finish_reports_its_progress(engine: Engine) -> None:
    engine.free.clear()
    worker = Worker(engine)
    for start in range(3):
        worker.submit(job("Ana", 10 * start, 10 * start + 1))
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        engine.free.set()

    assert len(worker.finish(progress)) == 3
    assert (told[0], told[-1]) == ((0, 3), (3, 3))
    worker.close()


def test_a_span_that_fails_loses_only_its_own_words(engine: Engine) -> None:
    engine.failing = 2
    worker = Worker(engine)
    for start in range(3):
        worker.submit(job("Ana", 10 * start, 10 * start + 1))
    assert [result.span.start_s for result in worker.finish()] == [20]
    assert worker.notices() == []
    worker.close()


@pytest.mark.parametrize("kind", [Worker, Immediate])
def test_a_recogniser_that_keeps_failing_is_given_up_with_one_notice(engine: Engine, kind: type) -> None:
    engine.failing = 99
    worker = kind(engine)
    for start in range(6):
        worker.submit(job("Ana", 10 * start, 10 * start + 1))
    assert worker.finish() == []
    (notice,) = worker.notices()
    assert "fake failed (out of memory): there are no more words from here" in notice
    assert "\n" not in notice
    assert 99 - engine.failing == 3
    worker.submit(job("Ana", 90, 91))
    assert (worker.finish(), worker.notices(), worker.behind) == ([], [], 0)
    worker.close()


@pytest.mark.parametrize("kind", [Worker, Immediate])
def test_two_failures_and_a_success_are_no_reason_to_give_up(engine: Engine, kind: type) -> None:
    worker = kind(engine)
    for start in range(6):
        engine.failing = 0 if start % 3 == 2 else 1
        worker.submit(job("Ana", 10 * start, 10 * start + 1))
        worker.finish()
    assert worker.notices() == []
    worker.close()


def test_a_recogniser_that_hangs_is_given_up_and_nobody_waits(engine: Engine, clock: Clock) -> None:
    engine.free.clear()
    worker = Worker(engine, clock=clock)
    worker.submit(job("Ana", 0, 4))
    begun(engine)
    worker.submit(job("Ana", 4, 8))
    clock.now += 49
    assert (worker.results(), worker.notices()) == ([], [])
    clock.now += 2
    assert worker.results() == []
    assert ["does not answer" in notice for notice in worker.notices()] == [True]
    worker.submit(job("Ana", 8, 9))
    assert (worker.behind, worker.finish(), worker.notices()) == (0, [], [])
    worker.close(timeout=0)
    assert engine.closed == 0
    engine.free.set()


@pytest.mark.parametrize("wanted", [True, False])
def test_words_that_come_after_the_recogniser_was_given_up_are_dropped(
    engine: Engine, clock: Clock, wanted: bool
) -> None:
    """A notice has said that there are no more words, and the pipeline no longer expects them."""
    engine.free.clear()
    worker = Worker(engine, clock=clock)
    (worker.submit if wanted else worker.foresee)(job("Ana", 0, 4))
    begun(engine)
    clock.now += 51
    assert worker.results() == []
    assert len(worker.notices()) == 1
    engine.free.set()
    worker.close(timeout=60)
    assert engine.closed == 1
    assert (worker.results(), worker.ahead()) == ([], [])


def test_a_recogniser_that_was_given_up_and_fails_then_is_not_given_up_again(engine: Engine, clock: Clock) -> None:
    engine.failing = 2
    worker = Worker(engine, clock=clock)
    for start in range(2):
        worker.submit(job("Ana", 10 * start, 10 * start + 1))
        begun(engine)
    assert worker.finish() == []
    engine.free.clear()
    engine.failing = 1
    worker.submit(job("Ana", 30, 34))
    begun(engine)
    clock.now += 51
    assert worker.results() == []
    engine.free.set()
    worker.close(timeout=60)
    assert len(worker.notices()) == 1


def test_finish_does_not_wait_for_a_recogniser_that_hangs(engine: Engine, clock: Clock) -> None:
    engine.free.clear()
    worker = Worker(engine, clock=clock)
    worker.submit(job("Ana", 0, 4))
    begun(engine)

    def an_hour_passes(done: int, total: int) -> None:
        clock.now += 3600

    assert worker.finish(an_hour_passes) == []
    engine.free.set()


def test_close_ends_the_thread_and_frees_the_recogniser_without_starting_another_job(engine: Engine) -> None:
    engine.free.clear()
    worker = Worker(engine)
    worker.submit(job("Ana", 0, 1))
    begun(engine)
    worker.submit(job("Ana", 5, 6))
    engine.free.set()
    worker.close(timeout=60)
    assert engine.closed == 1
    assert len(worker.results()) == 1
    worker.submit(job("Ana", 7, 8))
    assert worker.behind == 0


def test_fast_mode_has_the_words_as_soon_as_they_are_requested(engine: Engine) -> None:
    worker = Immediate(engine)
    worker.submit(job("Ana", 0, 2))
    assert (worker.behind, worker.deferred) == (0, [])
    assert worker.results() == [Result("Ana", Span.seconds(0, 2), "2 seconds")]
    assert worker.results() == []
    worker.submit(job("Ana", 3, 4))
    assert [result.text for result in worker.finish()] == ["1 seconds"]
    worker.close()
    assert engine.closed == 1


def test_words_that_were_foreseen_are_recognised_once(engine: Engine) -> None:
    worker = Worker(engine)
    worker.foresee(job("Ana", 0, 2))
    begun(engine)
    worker.submit(job("Ana", 0, 2))
    assert [result.text for result in worker.finish()] == ["2 seconds"]
    assert not engine.begun.acquire(blocking=False)
    worker.close()


def test_words_that_were_foreseen_in_time_are_ready_when_they_are_requested(engine: Engine) -> None:
    worker = foreseeing(engine)
    engine.free.clear()  # jobs that begin from here on never end
    worker.foresee(job("Ben", 3, 4))
    begun(engine)  # so Ana's is done
    worker.submit(job("Ana", 0, 2))
    assert [result.text for result in worker.results()] == ["2 seconds"]
    engine.free.set()
    worker.close()


WAYS = list(permutations(("submit Ana 0-4", "foresee Ana 0-2", "foresee Ben 4-6", "command ? 6-7")))


@pytest.mark.parametrize("calls", WAYS, ids=", ".join)
def test_the_order_of_the_calls_in_one_hop_makes_no_difference(engine: Engine, calls: tuple[str, ...]) -> None:
    engine.free.clear()
    worker = Worker(engine)
    worker.submit(job("Cara", 0, 9))  # keeps the recogniser busy until all calls were made
    begun(engine)
    for call in calls:
        name, who, span = call.split()
        start, end = map(float, span.split("-"))
        getattr(worker, name)(job(who, start, end))
    engine.free.set()
    for _ in range(3):
        begun(engine)
    worker.submit(job("Ben", 4, 6))
    assert [(result.who, result.text) for result in worker.finish()] == [
        ("Ana", "4 seconds"),
        ("Cara", "9 seconds"),
        ("Ben", "2 seconds"),
    ]
    assert [result.who for result in worker.ahead() if result.who == "?"] == ["?"]
    assert not engine.begun.acquire(blocking=False), "Ben's words were begun twice"
    worker.close()


def test_words_that_were_foreseen_but_never_requested_are_no_results(engine: Engine) -> None:
    worker = foreseeing(engine)
    worker.submit(job("Ana", 0, 4))
    assert [result.text for result in worker.finish()] == ["4 seconds"]
    assert worker.finish() == []
    worker.close()


def test_a_foreseen_job_in_work_that_is_then_submitted_is_not_done_twice(engine: Engine) -> None:
    engine.free.clear()
    worker = foreseeing(engine)
    assert worker.behind == 0
    worker.submit(job("Ana", 0, 2))
    assert worker.behind == 2 * RATE
    engine.free.set()
    assert [result.text for result in worker.finish()] == ["2 seconds"]
    assert not engine.begun.acquire(blocking=False)
    worker.close()


def test_submitted_jobs_come_before_foreseen_ones(engine: Engine) -> None:
    engine.free.clear()
    worker = Worker(engine)
    worker.submit(job("Ana", 0, 5))
    begun(engine)
    worker.foresee(job("Ben", 5, 6))
    worker.submit(job("Ana", 5, 7))
    engine.free.set()
    assert [result.text for result in worker.finish()] == ["5 seconds", "2 seconds"]
    begun(engine)
    assert not engine.begun.acquire(blocking=False), "what was foreseen before something else came is not begun"
    worker.close()


def test_foreseen_words_can_be_fetched_early_and_only_once(engine: Engine) -> None:
    worker = foreseeing(engine)
    worker.submit(job("Ben", 3, 4))
    assert [result.text for result in worker.finish()] == ["1 seconds"]
    assert [(result.who, result.text) for result in worker.ahead()] == [("Ana", "2 seconds")]
    assert worker.ahead() == []
    worker.close()


def test_submitted_words_are_not_returned_early(engine: Engine) -> None:
    worker = Worker(engine)
    worker.submit(job("Ana", 0, 2))
    worker.finish()
    assert worker.ahead() == []
    worker.close()


def test_a_second_foreseen_job_does_not_lose_the_words_of_the_first(engine: Engine) -> None:
    worker = foreseeing(engine)
    worker.foresee(job("?", 0, 1))
    begun(engine)
    worker.finish()
    worker.submit(job("Ana", 0, 2))
    assert [result.text for result in worker.results()] == ["2 seconds"]
    assert not engine.begun.acquire(blocking=False)
    worker.close()
