"""What every source of sound gives: blocks on one sample clock, and events in between.

A microphone and a recording are told apart by nobody downstream. Both give `Block`s at 16 kHz, in order, without
overlap. Sound that was never heard is no block of zeros but an `AudioGap`: the clock jumps, and the next block starts
where the gap ended.

`hops` lays that stream on the grid on which the ear works, so that the size of blocks can never change a result:

    source   [----block----][--block--]   gap    [-----block-----]
    clock    0   320  640  960  1280 .         2560  2880  3200
    hops     [ h ][ h ][ h ][ h00]              [00h ][ h ][ h00]
                              │                  │           └ the end of the stream, filled with zeros
                              └ the gap cuts it  └ the sound comes back in the midst of this one

A hop always starts at a multiple of its length. One that holds at least one heard sample is given, with zeros for the
others; one that lies wholly inside a gap is left out. An event is passed on at once, so it comes before the hop that
holds its `at`; only a gap first gives the hop that it cuts for good.
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
    """Sound from sample `start` on: float32 (n, channels) at 16 kHz; full scale is ±1, which floats may exceed."""

    start: int
    samples: Samples

    @property
    def end(self) -> int:
        """The sample after the last."""
        return self.start + len(self.samples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Event):
    """A live source has no sound just now, but whoever listens may have other things to do. Told to nobody else.

    `at` is where the sample clock will be at least, if sound comes now.
    """

    stored: ClassVar[bool] = False


class Source(Protocol):
    """Anything that sound comes from. `length` is in samples, as the container promises it; None for a live source."""

    name: str
    channels: int
    length: int | None

    @property
    def behind(self) -> int:
        """Samples that were heard and wait to be taken; 0 where whoever takes them sets the pace."""
        ...

    def blocks(self) -> Iterator[Block | Event]:
        """Blocks in order, with DeviceOpened, DeviceLost, AudioGap and Notice between them; ends when closed.

        A live source gives a `Waiting` every tenth of a second in which it has nothing else.
        """
        ...

    def close(self) -> None:
        """Release the device or file; `blocks` then ends. May be called from any thread, and twice."""
        ...


class Clock:
    """The machine's clock, as the shell rooms use it; tests put a clock in its place that moves when told."""

    _NOW = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC) if hasattr(time, "clock_gettime") else None

    def now(self) -> float:
        """Seconds from an arbitrary moment, never backwards, counting also the time that the machine slept."""
        return time.monotonic() if self._NOW is None else time.clock_gettime(self._NOW)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def take(self, queue: SimpleQueue[T], timeout: float) -> T | None:
        """The queue's next item; None when `timeout` seconds passed without one."""
        try:
            return queue.get(timeout=timeout)
        except Empty:
            return None


def with_channels(samples: Samples, channels: int) -> Samples:
    """`samples` (n, any) with `channels` columns: the first ones, or the last repeated.

    A channel that is missing repeats its neighbour instead of falling silent, so that channels which stand for people
    become undecidable, rather than that one person is credited with all that is said.
    """
    if samples.shape[1] == channels:
        return samples
    columns = np.minimum(np.arange(channels), samples.shape[1] - 1)
    return np.ascontiguousarray(samples[:, columns])


def hops(items: Iterable[Block | Event], hop: int = HOP) -> Iterator[Block | Event]:
    """The same stream with every block exactly `hop` samples long and starting at a multiple of `hop`.

    Raises ValueError when a block starts before the one before it ended.
    """
    clock = 0  # the end of what was heard
    begun: Block | None = None  # a hop that holds sound but is not full yet
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
    """The same stream in real time: each block comes when its last sample would have sounded, events at once.

    A consumer that is late gets what is due without delay; nothing is dropped and no time is lost for good.
    """
    begun = clock.now()
    for item in items:
        if isinstance(item, Block):
            early = begun + item.end / RATE - clock.now()
            if early > 0:
                clock.sleep(early)
        yield item
