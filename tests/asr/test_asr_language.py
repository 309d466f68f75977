"""The language is found from the first spans of speech, or assumed, and the words wait for it."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from coach.asr import HeldJobs, Job, LanguageFinder, SpokenLanguage, Worker, finder_for
from coach.core.span import RATE, Span, as_samples
from tests.asr.finding import DOUBTFUL, ENGLISH, GERMAN, Finding, speech


def job(who: str, start: float, end: float) -> Job:
    return Job(who, Span.seconds(start, end), speech(end - start))


def heard(engine: Finding, *seconds: float) -> tuple[LanguageFinder, list[SpokenLanguage | None]]:
    """The finder, and what it says after each span of so many seconds."""
    finder = LanguageFinder([engine])
    return finder, [finder.hear(speech(length)) for length in seconds]


def test_a_language_is_sure_after_three_seconds_of_speech_and_the_engine_then_understands_it() -> None:
    engine = Finding(GERMAN)
    finder, found = heard(engine, 2.0, 1.5)
    assert found == [None, SpokenLanguage("de", as_samples(3.5), sure=True)]
    assert finder.found == found[1]
    assert engine.language == "de"


def test_one_long_sentence_is_enough() -> None:
    assert heard(Finding(GERMAN), 4.0)[1] == [SpokenLanguage("de", 4 * RATE, sure=True)]


def test_an_mm_hm_is_no_evidence_however_sure_the_model_is_of_it() -> None:
    engine = Finding(GERMAN)
    _, found = heard(engine, *[0.6] * 10)
    assert found == [None] * 10
    assert engine.asked == 0


def test_silence_is_no_evidence_and_brings_no_decision_nearer() -> None:
    engine = Finding(GERMAN)
    finder = LanguageFinder([engine])
    assert [finder.hear(np.zeros(10 * RATE, np.float32)) for _ in range(4)] == [None] * 4
    assert engine.asked == 0
    assert finder.hear(speech(3)) == SpokenLanguage("de", 3 * RATE, sure=True)


def test_a_doubtful_beginning_needs_more_speech() -> None:
    _, found = heard(Finding(DOUBTFUL, GERMAN), 3.0, 3.0, 3.0, 3.0, 3.0)
    assert found[:3] == [None, None, None], "(.4 + .95 + .95) / 3 is still below .8"
    assert found[3] == SpokenLanguage("de", 12 * RATE, sure=True)


def test_a_long_span_counts_for_more_than_a_short_one() -> None:
    _, found = heard(Finding(ENGLISH, GERMAN), 1.0, 6.0)
    assert found[1] == SpokenLanguage("de", 7 * RATE, sure=True)


def test_after_twenty_seconds_of_doubt_english_is_assumed() -> None:
    engine = Finding(DOUBTFUL)
    _, found = heard(engine, *[5.0] * 5)
    assert found == [None, None, None, *[SpokenLanguage("en", 20 * RATE, sure=False)] * 2]
    assert engine.language == "en"


def test_an_engine_that_fails_to_tell_languages_apart_leaves_english() -> None:
    engine = Finding(GERMAN)
    engine.failing = True
    assert heard(engine, *[5.0] * 4)[1][-1] == SpokenLanguage("en", 20 * RATE, sure=False)


def test_once_found_the_language_stays() -> None:
    engine = Finding(GERMAN, ENGLISH)
    finder, _ = heard(engine, 4.0, 9.0, 9.0)
    assert finder.found == finder.assume() == SpokenLanguage("de", 4 * RATE, sure=True)
    assert engine.asked == 1


def test_an_engine_whose_language_is_known_needs_no_finder() -> None:
    engine = Finding(GERMAN)
    assert finder_for(engine) is not None
    engine.finds_language = False
    assert finder_for(engine) is None


# --------------------------------------------------------------------------------------------------- who waits for it


def test_jobs_wait_for_the_language_and_go_on_in_their_order() -> None:
    held = HeldJobs(Finding(ENGLISH, GERMAN))
    first, second, third = job("Ana", 0, 1), job("Ben", 2, 9), job("Ana", 9, 10)
    went_on = []
    for each in (first, second, third):
        held.hear(each)
        went_on.append(held.take(each))
    assert went_on == [[], [first, second], [third]]
    assert held.language == SpokenLanguage("de", 8 * RATE, sure=True)
    assert len(held) == 0


def test_jobs_go_on_once_a_language_is_assumed() -> None:
    held = HeldJobs(Finding(DOUBTFUL))
    waiting = job("Ana", 0, 1)
    assert held.take(waiting) == []
    assert held.assume() == [waiting]
    assert held.language == SpokenLanguage("en", 0, sure=False)
    assert held.assume() == []


def test_nothing_waits_for_an_engine_whose_language_is_known() -> None:
    engine = Finding(GERMAN)
    engine.finds_language = False
    held, only = HeldJobs(engine), job("Ana", 0, 1)
    held.hear(only)
    assert (held.take(only), engine.asked) == ([only], 0)


# ----------------------------------------------------------------------------------------------------- the worker


def texts(worker: Worker) -> list[str]:
    return [result.text for result in worker.finish()]


def test_the_first_words_wait_for_the_language_and_come_in_it() -> None:
    worker = Worker(Finding(ENGLISH, GERMAN))
    for each in (job("Ana", 0, 0.5), job("Ben", 1, 2), job("Ana", 2, 8), job("Ben", 9, 10)):
        worker.submit(each)
    assert texts(worker) == ["de 0.5 s", "de 1 s", "de 6 s", "de 1 s"]
    assert worker.language == SpokenLanguage("de", 7 * RATE, sure=True)
    worker.close()


def test_if_the_talk_ends_before_the_language_is_sure_it_is_assumed_and_no_word_is_lost() -> None:
    worker = Worker(Finding(GERMAN))
    assert worker.language is None
    worker.submit(job("Ana", 0, 0.5))
    worker.submit(job("Ben", 1, 3))
    told: list[tuple[int, int]] = []
    assert [result.text for result in worker.finish(lambda *done: told.append(done))] == ["en 0.5 s", "en 2 s"]
    assert told[-1] == (2, 2)
    assert all(0 <= done <= total for done, total in told)
    assert worker.language == SpokenLanguage("en", as_samples(2.5), sure=False)
    worker.close()


def test_nothing_is_recognised_early_before_the_language_is_known() -> None:
    engine = Finding(GERMAN)
    worker = Worker(engine)
    worker.command(job("?", 0, 1))
    worker.foresee(job("Ana", 0, 2))
    worker.submit(job("Ben", 2, 6))
    assert texts(worker) == ["de 4 s"]
    assert all(result.text.startswith("de") for result in worker.ahead())
    worker.close()


def test_an_engine_with_a_language_says_at_once_that_there_is_nothing_to_find() -> None:
    engine = Finding(GERMAN)
    engine.finds_language = False
    worker = Worker(engine)
    assert worker.language == SpokenLanguage("en", 0, sure=False)
    worker.submit(job("Ana", 0, 1))
    assert texts(worker) == ["none 1 s"]
    worker.close()


def test_a_recogniser_that_is_given_up_while_it_looks_ends_the_search() -> None:
    class Clock:
        now = 0.0

        def __call__(self) -> float:
            return self.now

    free, begun, clock = threading.Event(), threading.Event(), Clock()

    class Hanging(Finding):
        def chances(self, samples: np.ndarray) -> dict[str, float]:
            begun.set()
            assert free.wait(60)
            return {}

    worker = Worker(Hanging(), clock=clock)
    worker.submit(job("Ana", 0, 4))
    assert begun.wait(60)
    clock.now = 1000.0
    assert worker.results() == []
    assert worker.notices()
    assert worker.language == SpokenLanguage("en", 0, sure=False)
    free.set()
    worker.close()


@pytest.mark.parametrize("seconds", [0.5, 30.0])
def test_a_worker_with_no_more_than_one_span_ends(seconds: float) -> None:
    worker = Worker(Finding(DOUBTFUL))
    worker.submit(job("Ana", 0, seconds))
    assert texts(worker) == [f"en {seconds:g} s"]
    worker.close()
