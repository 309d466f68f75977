"""Sources of sound: blocks on one sample clock, with events in between.

Code downstream does not distinguish a microphone from a recording. Both yield `Block`s at 16 kHz, in order and without
overlap. Missing sound is not a block of zeros but an `AudioGap`: the clock jumps, and the next block starts where the
gap ends.

`hops` aligns that stream to the grid on which the ear works, so that the block size never changes a result:

    source   [----block----][--block--]   gap    [-----block-----]
    clock    0   320  640  960  1280 .         2560  2880  3200
    hops     [ h ][ h ][ h ][ h00]              [00h ][ h ][ h00]
                              │                  │           └ the stream ends here: zero padding
                              └ the gap cuts it  └ the sound returns within this hop

A hop always starts at a multiple of its length. A hop with at least one sample of sound is yielded, with zeros for the
missing ones; a hop that lies entirely inside a gap is not. An event is passed on at once, so it comes before the hop
that contains its `at`. Only a gap first yields the hop that it cuts short.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import ClassVar, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from coach.core.events import AudioGap, Event
from coach.core.span import HOP, RATE

Samples = npt.NDArray[np.float32]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Sound from sample `start` on: float32 (n, channels) at 16 kHz. Full scale is ±1; samples may exceed it."""

    start: int
    samples: Samples

    @property
    def end(self) -> int:
        """The sample after the last one."""
        return self.start + len(self.samples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Event):
    """A live source has no sound at the moment, and its consumer may do other work. Not stored and not shown.

    `at` is the least that the sample clock will read when sound arrives.
    """

    stored: ClassVar[bool] = False


class Source(Protocol):
    """A source of sound. `length` is in samples, as the container states it; None for a live source."""

    name: str
    channels: int
    length: int | None

    @property
    def behind(self) -> int:
        """Samples that wait in the queue; 0 if the consumer sets the pace."""
        ...

    def blocks(self) -> Iterator[Block | Event]:
        """Yield blocks in order, with DeviceOpened, DeviceLost, AudioGap and Notice between them, until closed.

        A live source yields a `Waiting` every 0.1 s while it has nothing else.
        """
        ...

    def close(self) -> None:
        """Release the device or file; `blocks` then ends. May be called from any thread, and more than once."""
        ...


class Clock:
    """The machine's clock, injected into the shell; tests replace it with a clock that they control."""

    _NOW = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC) if hasattr(time, "clock_gettime") else None

    def now(self) -> float:
        """Seconds since an arbitrary moment; never runs backwards, and includes time in which the machine slept."""
        return time.monotonic() if self._NOW is None else time.clock_gettime(self._NOW)

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass; a test's clock moves on by as much at once."""
        time.sleep(seconds)

    def take(self, queue: SimpleQueue[T], timeout: float) -> T | None:
        """Return the next item of `queue`, or None after `timeout` seconds without one."""
        try:
            return queue.get(timeout=timeout)
        except Empty:
            return None


def with_channels(samples: Samples, channels: int) -> Samples:
    """Return `samples` (n, any) as (n, channels): the first columns, or all of them with the last one repeated.

    A missing channel repeats its neighbour instead of being silent. If the channels are people's microphones, nobody
    can then tell who speaks, which is better than crediting one person with everything.
    """
    if samples.shape[1] == channels:
        return samples
    columns = np.minimum(np.arange(channels), samples.shape[1] - 1)
    return np.ascontiguousarray(samples[:, columns])


def hops(items: Iterable[Block | Event], hop: int = HOP) -> Iterator[Block | Event]:
    """Yield the same stream with every block exactly `hop` samples long and starting at a multiple of `hop`.

    Raises ValueError if a block starts before the previous one ends.
    """
    clock = 0  # the end of the last block
    begun: Block | None = None  # a hop with sound that is not full yet
    for item in items:
        if isinstance(item, AudioGap) and begun is not None and item.span.end >= begun.end:
            yield begun
            begun = None
        if not isinstance(item, Block):
            yield item
            continue
        if item.start < clock:
            raise ValueError(f"a block starts at {item.start}, but the clock already stands at {clock}")
        clock = item.end
        taken = 0
        while taken < len(item.samples):
            at = item.start + taken
            start = at - at % hop
            if begun is not None and begun.start != start:  # a block that starts later, with no gap announced
                yield begun
                begun = None
            if begun is None:
                begun = Block(start, np.zeros((hop, item.samples.shape[1]), np.float32))
            n = min(len(item.samples) - taken, begun.end - at)
            begun.samples[at - start : at - start + n] = item.samples[taken : taken + n]
            taken += n
            if at + n == begun.end:
                yield begun
                begun = None
    if begun is not None:
        yield begun


def paced(items: Iterable[Block | Event], clock: Clock) -> Iterator[Block | Event]:
    """Yield the same stream in real time: each block when its last sample is due, events at once.

    A late consumer gets overdue blocks without delay and catches up; nothing is dropped.
    """
    begun = clock.now()
    for item in items:
        if isinstance(item, Block):
            early = begun + item.end / RATE - clock.now()
            if early > 0:
                clock.sleep(early)
        yield item
