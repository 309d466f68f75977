"""Prefetching for recordings: an ear runs ahead of the pipeline, so that words are recognised before it requests them.

An ear that gets ten seconds of sound per call needs less time, because its detectors and networks look at many hops at
once. It reports the same events for each hop.

A recogniser and an ear need about the same time for a recording, and each keeps one core busy. The spans to recognise
depend only on the ear (`Endpointer`), and the consequences of the words only on the pipeline. So the ear runs up to a
minute ahead of the pipeline, and each span is passed to a recogniser's thread as soon as it is ready:

    sound ─► ear ─► endpointer ─► [recogniser's threads]
              └───────────────────── a minute ──────────────► pipeline, which requests the same spans

A recogniser that always hears a whole window (Whisper, thirty seconds) gets several spans at once.

If the language must be found first, the spans are held until it is known, and the ear runs ahead further.

The pipeline looks a span's words up by speaker and span, and waits for them if necessary. The events are therefore
exactly the same as if each span had been recognised on request.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np

from coach.asr import Endpointer, HeldJobs, Job, NotBegun, SpokenLanguage, Transcriber, Windowed, fit_together
from coach.audio import Block, Samples
from coach.conversation import SpeechState
from coach.core.events import Ended, Event
from coach.core.networks import beside
from coach.core.span import RATE, Span
from coach.diarization import Ear, MicrophonesEar
from coach.runtime.pipeline import Memory, hear

ANY_TIME = 1 << 62  # samples; this ear is never behind a block


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefetchConfig:
    """How far the ear runs ahead, and in which steps."""

    together: int = 500  # hops given to the ear at once, ten seconds, so that the networks hear in batches
    begun: int = 1  # such tens of seconds in which the networks hear, with threads of their own, before they are read
    ahead: int = 60 * RATE  # samples by which the ear may lead the pipeline; ten spans of the longest kind
    ahead_for_language: int = 10 * 60 * RATE  # the same until the language is known; 40 MB of sound a channel


CONFIG = PrefetchConfig()


def heard(ear: Ear | MicrophonesEar, items: Iterable[Block | Event]) -> Iterator[tuple[Block | Event, list[Event]]]:
    """Each item with the events that `ear` finds in it. Consecutive hops are passed to the ear in one call.

    With threads for the networks (`batch_threads`), they hear the next hops while these are thought over.
    """
    rows: deque[list[Block]] = deque()  # that the ear expects
    row: list[Block] = []
    for item in items:
        before = row or (rows[-1] if rows else [])
        follows = isinstance(item, Block) and item.start == (before[-1].end if before else ear.now)
        if row and (not follows or len(row) == CONFIG.together):
            rows.append(_begun(ear, row))
            row = []
            while len(rows) > (CONFIG.begun if beside() else 0):
                yield from _heard(ear, rows.popleft())
        if isinstance(item, Block) and follows:
            row.append(item)
            continue
        while rows:
            yield from _heard(ear, rows.popleft())
        yield item, hear(ear, item)
    if row:
        rows.append(_begun(ear, row))
    while rows:
        yield from _heard(ear, rows.popleft())


def _begun(ear: Ear | MicrophonesEar, row: list[Block]) -> list[Block]:
    ear.expect(np.array([block.samples for block in row]))
    return row


def _heard(ear: Ear | MicrophonesEar, row: list[Block]) -> Iterator[tuple[Block, list[Event]]]:
    return zip(row, ear.expected(), strict=True)


class Prefetched:
    """A recogniser for `Immediate` that starts before the words are requested.

    `begin` starts a job, and `recognise` waits for its words; a job is identified by its speaker and span. Each engine
    is used by one thread at a time. With several engines, jobs are recognised in parallel. For an engine with a window
    (`Windowed`), jobs wait until they fill one, or until the words of one of them are requested; both calls come from
    one thread, so that the same sound always shares the same windows.
    """

    def __init__(self, engines: Sequence[Transcriber]) -> None:
        self._free: SimpleQueue[Transcriber] = SimpleQueue()
        for engine in engines:
            self._free.put(engine)
        self._windowed = engines[0] if isinstance(engines[0], Windowed) else None
        self._threads = ThreadPoolExecutor(len(engines), "words")
        self._under_way: dict[tuple[str, Span], tuple[Future[list[str]], int]] = {}
        self._waiting: list[Job] = []  # jobs that will share a window
        self._held = HeldJobs(*engines)  # it hears before any job is started, so that no thread uses its engine

    @property
    def language(self) -> SpokenLanguage | None:
        """The language that the engines understand, found or assumed; None while it is being looked for."""
        return self._held.language

    def begin(self, job: Job) -> None:
        """Starts `job`, or holds it until the language is known."""
        if self._held.language is None:
            self._held.hear(job)
        for each in self._held.take(job):
            self._begin(each)

    def _begin(self, job: Job) -> None:
        if self._windowed is None:
            self._start([job])
            return
        if not fit_together([each.samples for each in (*self._waiting, job)], self._windowed):
            self._start(self._waiting)
            self._waiting = []
        self._waiting.append(job)

    def recognise(self, job: Job) -> str:
        """The words of `job`. Raises what the engine raised, and NotBegun for a job that was not begun.

        If its language has not been found yet, it is assumed from now on.
        """
        for each in self._held.assume():
            self._begin(each)
        if any((each.who, each.span) == (job.who, job.span) for each in self._waiting):
            self._start(self._waiting)
            self._waiting = []
        begun = self._under_way.pop((job.who, job.span), None)
        if begun is None:
            raise NotBegun(f"the words of {job.who} in {job.span} were not begun early, as all of a recording are")
        texts, number = begun
        return texts.result()[number]

    def close(self) -> None:
        """Drops jobs that were begun and never requested. The engines stay open."""
        self._threads.shutdown(cancel_futures=True)

    def _start(self, jobs: Sequence[Job]) -> None:
        if jobs:
            texts = self._threads.submit(self._recognised, [job.samples for job in jobs])
            self._under_way |= {(job.who, job.span): (texts, number) for number, job in enumerate(jobs)}

    def _recognised(self, spans: Sequence[Samples]) -> list[str]:
        engine = self._free.get()
        try:
            if len(spans) > 1 and isinstance(engine, Windowed):
                return engine.transcribe_together(spans)
            return [engine.transcribe(samples) for samples in spans]
        finally:
            self._free.put(engine)


class EarAhead:
    """Takes the place of the ear in the pipeline and replays the events of the real ear, which runs ahead.

    Iteration yields the source's items, each once the real ear is far enough ahead; `hop`, `skip_to` and `finish` then
    return the real ear's events and ignore their arguments.
    """

    now = ANY_TIME
    dbfs: tuple[float, ...] = ()

    def __init__(self, ear: Ear | MicrophonesEar, items: Iterable[Block | Event], begun: Prefetched | None) -> None:
        self._ear, self._items, self._begun = ear, items, begun
        self._memory = Memory(ear.columns if isinstance(ear, MicrophonesEar) else None)
        self._endpointer = Endpointer(shared=not isinstance(ear, MicrophonesEar))
        self._speech = SpeechState(shared=not isinstance(ear, MicrophonesEar))
        self._heard: list[Event] = []

    def __iter__(self) -> Iterator[Block | Event]:
        waiting: deque[tuple[Block | Event, list[Event]]] = deque()
        now = 0
        for item, events in heard(self._ear, self._items):
            now = item.end if isinstance(item, Block) else now
            if isinstance(item, Block):
                self._memory.keep(item)
            waiting.append((item, self._follow(events, now)))
            while now - _when(waiting[0][0]) > self._lead:
                due, self._heard = waiting.popleft()
                yield due
        last = self._follow(self._ear.finish(), now)
        self._hear(Ended(at=now, reason=""))
        for due, self._heard in waiting:
            yield due
        self._heard = last

    @property
    def _lead(self) -> int:
        knows = self._begun is None or self._begun.language is not None
        return CONFIG.ahead if knows else CONFIG.ahead_for_language

    def hop(self, samples: Samples) -> list[Event]:
        """The events that the real ear knew by the end of the item yielded last."""
        return self._heard

    def skip_to(self, sample: int) -> list[Event]:
        """The events that the real ear knew by the end of the item yielded last."""
        return self._heard

    def finish(self) -> list[Event]:
        """The events of the end of the sound."""
        return self._heard

    def _follow(self, events: list[Event], now: int) -> list[Event]:
        """The same events. Begins the spans that the pipeline will request because of them."""
        for event in events:
            self._hear(event)
        self._speech = self._speech.at(now)
        self._begin(self._endpointer.tick(self._speech))
        return events

    def _hear(self, event: Event) -> None:
        self._speech = self._speech.after(event)
        self._begin(self._endpointer.hear(event, self._speech))

    def _begin(self, spans: list[tuple[str, Span]]) -> None:
        for who, span in spans:
            sound = self._memory.cut(who, span)
            if self._begun is not None and len(sound):
                self._begun.begin(Job(who, span, sound))


def _when(item: Block | Event) -> int:
    return item.start if isinstance(item, Block) else item.at
