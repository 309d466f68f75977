"""The ear runs ahead of the table: it hears hops together, and the recogniser has work while the table follows.

A recording is all there, and an ear that is given a second of it at once needs half the time. It tells of each hop what
it would have told of it alone.

A recogniser and an ear need about the same time for a recording, and each keeps one core busy. What is to be
recognised depends on the ear alone (`Endpointer`), what follows from the words on the pipeline alone. So the ear runs
up to a minute ahead of the pipeline, and every span that is ready is begun at once, on a thread of its own:

    sound ─► ear ─► cutter ─► [recogniser's threads]
              └──────────────────── a minute ─────────────► table, which asks for the same spans in the same order

The table gets each span's words when it asks for them, waiting where it must: the same events, to the byte, as if each
had been recognised there and then.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np

from coach.asr import Endpointer, Transcriber
from coach.audio import Block, Samples
from coach.conversation import SpeechState
from coach.core.events import Ended, Event
from coach.core.span import RATE, Span
from coach.hearing import ChannelEar, Ear
from coach.runtime.pipeline import Memory, hear

TOGETHER = 50  # hops that an ear is given at once, a second: with more there is hardly less work
AHEAD = 60 * RATE  # samples that the ear may be ahead of the table; ten spans of the longest kind
ANY_TIME = 1 << 62  # samples: an ear that has heard everything is behind no block


def heard(ear: Ear | ChannelEar, items: Iterable[Block | Event]) -> Iterator[tuple[Block | Event, list[Event]]]:
    """Each item, and what `ear` makes of it; hops that follow one another are heard together."""
    row: list[Block] = []
    for item in items:
        follows = isinstance(item, Block) and item.start == (row[-1].end if row else ear.now)
        if row and (not follows or len(row) == TOGETHER):
            yield from _together(ear, row)
            row = []
        if isinstance(item, Block) and follows:
            row.append(item)
        else:
            yield item, hear(ear, item)
    if row:
        yield from _together(ear, row)


def _together(ear: Ear | ChannelEar, row: list[Block]) -> Iterator[tuple[Block, list[Event]]]:
    return zip(row, ear.hops(np.array([block.samples for block in row])), strict=True)


class Begun:
    """A `Transcriber` whose words are under way before they are asked for, in the order in which they were begun.

    Engines are used from one thread at a time each; with several, spans are recognised side by side.
    """

    def __init__(self, engines: Sequence[Transcriber]) -> None:
        self.name, self.languages = engines[0].name, engines[0].languages
        self._free: SimpleQueue[Transcriber] = SimpleQueue()
        for engine in engines:
            self._free.put(engine)
        self._threads = ThreadPoolExecutor(len(engines), "words")
        self._under_way: deque[Future[str]] = deque()

    def begin(self, samples: Samples) -> None:
        self._under_way.append(self._threads.submit(self._recognised, samples))

    def transcribe(self, samples: Samples) -> str:
        """The words of what was begun first and not asked for yet; raises what the engine raised."""
        return self._under_way.popleft().result()

    def close(self) -> None:
        """Drops what was begun and never asked for. The engines stay whoever's they are."""
        self._threads.shutdown(cancel_futures=True)

    def _recognised(self, samples: Samples) -> str:
        engine = self._free.get()
        try:
            return engine.transcribe(samples)
        finally:
            self._free.put(engine)


class EarAhead:
    """An ear to the table; in truth the words of another one that has heard it all before.

    Iterating gives the source's items, each when the real ear is AHEAD of it; `hop`, `skip_to` and `finish` then tell
    what that ear made of it, whatever they are given.
    """

    now = ANY_TIME
    dbfs: tuple[float, ...] = ()

    def __init__(self, ear: Ear | ChannelEar, items: Iterable[Block | Event], begun: Begun | None) -> None:
        self._ear, self._items, self._begun = ear, items, begun
        self._memory = Memory(ear.columns if isinstance(ear, ChannelEar) else None)
        self._cutter = Endpointer(shared=not isinstance(ear, ChannelEar))
        self._speech = SpeechState(shared=not isinstance(ear, ChannelEar))
        self._heard: list[Event] = []

    def __iter__(self) -> Iterator[Block | Event]:
        waiting: deque[tuple[Block | Event, list[Event]]] = deque()
        now = 0
        for item, events in heard(self._ear, self._items):
            now = item.end if isinstance(item, Block) else now
            if isinstance(item, Block):
                self._memory.keep(item)
            waiting.append((item, self._follow(events, now)))
            while now - _when(waiting[0][0]) > AHEAD:
                due, self._heard = waiting.popleft()
                yield due
        last = self._follow(self._ear.finish(), now)
        self._hear(Ended(at=now, reason=""))
        for due, self._heard in waiting:
            yield due
        self._heard = last

    def hop(self, samples: Samples) -> list[Event]:
        return self._heard

    def skip_to(self, sample: int) -> list[Event]:
        return self._heard

    def finish(self) -> list[Event]:
        return self._heard

    def _follow(self, events: list[Event], now: int) -> list[Event]:
        """The same events; what the table will ask for because of them is begun."""
        for event in events:
            self._hear(event)
        self._speech = self._speech.at(now)
        self._begin(self._cutter.tick(self._speech))
        return events

    def _hear(self, event: Event) -> None:
        self._speech = self._speech.after(event)
        self._begin(self._cutter.hear(event, self._speech))

    def _begin(self, spans: list[tuple[str, Span]]) -> None:
        for who, span in spans:
            sound = self._memory.cut(who, span)
            if self._begun is not None and len(sound):
                self._begun.begin(sound)


def _when(item: Block | Event) -> int:
    return item.start if isinstance(item, Block) else item.at
