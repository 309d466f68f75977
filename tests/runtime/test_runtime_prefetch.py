"""Prefetched words are found by speaker and span, in any order; short spans share a recogniser's window."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np
import pytest

from coach.asr import Immediate, Job, NotBegun, SpokenLanguage
from coach.audio import Block
from coach.core.events import AudioGap, Event, Speech, SpeechOn, VoiceOff, VoiceOn
from coach.core.networks import batch_threads
from coach.core.span import HOP, RATE, Span
from coach.runtime.prefetch import CONFIG, EarAhead, Prefetched, heard
from tests.asr.finding import DOUBTFUL, GERMAN, Finding, speech


class Seconds:
    """A recogniser whose words state the length of the sound."""

    name, languages = "seconds", "English"

    def transcribe(self, samples: np.ndarray) -> str:
        return f"{len(samples) / RATE:g} seconds"

    def close(self) -> None:
        """Does nothing."""


def job(who: str, start: float, end: float) -> Job:
    span = Span.seconds(start, end)
    return Job(who, span, np.zeros(span.duration, np.float32))


JOBS = (job("Ana", 0, 2), job("Ben", 2, 5), job("Ana", 5, 6))


@pytest.fixture
def prefetched() -> Iterator[Prefetched]:
    made = Prefetched([Seconds(), Seconds()])
    for each in JOBS:
        made.begin(each)
    yield made
    made.close()


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_each_span_gets_its_own_words_in_any_order_of_requests(prefetched: Prefetched, order: tuple[int, ...]) -> None:
    assert [prefetched.recognise(JOBS[n]) for n in order] == [f"{(2, 3, 1)[n]} seconds" for n in order]


@pytest.mark.parametrize("other", [job("Ben", 0, 2), job("Ana", 0, 2.5), job("Ana", 6, 7)], ids=lambda each: each.who)
def test_a_span_that_was_not_begun_is_a_bug_not_a_failure_of_the_recogniser(prefetched: Prefetched, other: Job) -> None:
    words = Immediate(Seconds(), recognise=prefetched.recognise)
    with pytest.raises(NotBegun, match=other.who):
        words.submit(other)
    assert words.notices() == []


def test_words_are_returned_once(prefetched: Prefetched) -> None:
    prefetched.recognise(JOBS[0])
    with pytest.raises(NotBegun):
        prefetched.recognise(JOBS[0])


class TenSeconds(Seconds):
    """A recogniser with a window of ten seconds, and one of silence between spans, that notes what shared a window."""

    window, gap = 10 * RATE, RATE

    def __init__(self) -> None:
        self.heard: list[list[float]] = []

    def transcribe(self, samples: np.ndarray) -> str:
        self.heard.append([len(samples) / RATE])
        return super().transcribe(samples)

    def transcribe_together(self, spans: Sequence[np.ndarray]) -> list[str]:
        self.heard.append([len(span) / RATE for span in spans])
        return [super(TenSeconds, self).transcribe(span) for span in spans]


def test_spans_share_a_window_until_it_is_full_or_one_of_them_is_wanted() -> None:
    engine = TenSeconds()
    made = Prefetched([engine])
    spans = [job("Ana", 0, 2), job("Ben", 2, 5), job("Ana", 5, 7), job("Ben", 7, 8), job("Ana", 9, 10)]
    for each in spans:
        made.begin(each)
    assert made.recognise(spans[1]) == "3 seconds"
    assert engine.heard == [[2, 3, 2]], "with their gaps, four do not fit"
    assert made.recognise(spans[4]) == "1 seconds"
    assert engine.heard == [[2, 3, 2], [1, 1]]
    assert [made.recognise(spans[n]) for n in (3, 2, 0)] == ["1 seconds", "2 seconds", "2 seconds"]
    long = job("Ana", 10, 30)
    made.begin(long)
    assert made.recognise(long) == "20 seconds"
    assert engine.heard[2:] == [[20]]
    made.close()


def test_spans_are_held_until_the_language_is_known() -> None:
    engine = Finding(DOUBTFUL, GERMAN)
    made = Prefetched([engine])
    spans = [
        Job(each.who, each.span, speech(each.span.duration / RATE)) for each in (job("Ana", 0, 1), job("Ben", 2, 9))
    ]
    made.begin(spans[0])
    assert made.language is None
    made.begin(spans[1])
    assert made.language == SpokenLanguage("de", 8 * RATE, sure=True)
    assert [made.recognise(each) for each in spans] == ["de 1 s", "de 7 s"]
    made.close()


def test_a_span_that_is_wanted_before_the_language_is_known_ends_the_search() -> None:
    made = Prefetched([Finding(DOUBTFUL)])
    span = Job("Ana", Span.seconds(0, 1), speech(1.0))
    made.begin(span)
    assert made.recognise(span) == "en 1 s"
    assert made.language == SpokenLanguage("en", RATE, sure=False)
    made.close()


class Ear:
    """An ear that finds what it is told, in sound of one channel."""

    def __init__(self, *spans: Span) -> None:
        self.now = 0
        self._due: list[Event] = []
        self.rows: deque[int] = deque()  # the hops in each row that is expected
        self.begun: list[int] = []  # how far it was when each row was begun
        for span in spans:
            self._due += [
                VoiceOn(at=span.start, onset=span.start),
                SpeechOn(at=span.start, who="Ana", onset=span.start, confidence=1.0),
                VoiceOff(at=span.end, end=span.end),
                Speech(at=span.end, who="Ana", span=span, confidence=1.0),
            ]

    def expect(self, hops: np.ndarray) -> None:
        self.rows.append(len(hops))
        self.begun.append(self.now)

    def expected(self) -> list[list[Event]]:
        found = []
        for _ in range(self.rows.popleft()):
            self.now += HOP
            found.append([event for event in self._due if event.at <= self.now])
            self._due = [event for event in self._due if event.at > self.now]
        return found

    def finish(self) -> list[Event]:
        return []


@pytest.mark.parametrize("threads", [1, 2])
def test_with_threads_for_the_networks_the_next_row_is_begun_before_one_is_read(threads: int) -> None:
    row = CONFIG.together * HOP
    blocks = [Block(n * HOP, np.zeros((HOP, 1), np.float32)) for n in range(3 * CONFIG.together)]
    gap = AudioGap(at=3 * row, span=Span(3 * row, 3 * row + HOP), reason="lost")
    ear = Ear()
    ear.skip_to = lambda sample: setattr(ear, "now", sample) or []  # type: ignore[attr-defined]
    with batch_threads(threads):
        found = list(heard(ear, [*blocks, gap]))  # type: ignore[arg-type]
    assert [item for item, _ in found] == [*blocks, gap]
    assert ear.begun == ([0, row, 2 * row] if threads == 1 else [0, 0, row])
    assert not ear.rows


def test_the_ear_runs_ahead_until_the_language_is_known_however_late_a_sentence_comes() -> None:
    prefetched = Prefetched([Finding(GERMAN)])
    said = np.tile(speech(1.0), 100).reshape(-1, HOP, 1)
    blocks = [Block(n * HOP, hop) for n, hop in enumerate(said)]
    ear = Ear(Span.seconds(1, 1.6), Span.seconds(75, 80))
    next(iter(EarAhead(ear, blocks, prefetched)))  # type: ignore[arg-type]
    assert prefetched.language is not None
    assert (prefetched.language.code, prefetched.language.sure) == ("de", True)
    prefetched.close()
