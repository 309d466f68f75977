"""Intervals of time on the sample clock, and their algebra.

All times in the coach are whole samples at 16 kHz, counted from the first sample of the recording. A `Span` is half
open: it contains the samples `start <= n < end`. Only this module converts between samples and seconds.

>>> share, answer = Span.seconds(1.0, 6.0), Span.seconds(6.5, 9.0)
>>> share ^ answer                      # the gap: the silence between two spans
Span(start=96000, end=104000)
>>> as_seconds((share ^ answer).duration)
0.5
>>> share & Span.seconds(5.5, 7.0)      # the intersection
Span(start=88000, end=96000)
>>> bool(share & answer)                # an empty span is false
False
>>> share | answer                      # the hull
Span(start=16000, end=144000)
>>> Span.seconds(2, 3) in share
True
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

RATE = 16_000  # samples per second: the rate that voice activity, speaker and recognition models expect
MILLISECOND = RATE // 1000  # samples
HOP = 20 * MILLISECOND  # samples; the step of the analysis: two frames of the usual ten milliseconds


def as_samples(seconds: float) -> int:
    """Seconds as the nearest whole number of samples at `RATE`."""
    return round(seconds * RATE)


def as_seconds(samples: int) -> float:
    """Samples as seconds, rounded to the millisecond as in every output of the coach."""
    return round(samples / RATE, 3)


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """The samples from `start` up to, not including, `end`. Ordered by start, then end; false when empty."""

    start: int
    end: int

    @classmethod
    def seconds(cls, start: float, end: float) -> Span:
        """The span between two times in seconds, each rounded to the nearest sample."""
        return cls(as_samples(start), as_samples(end))

    @property
    def duration(self) -> int:
        """Length in samples; never negative."""
        return max(0, self.end - self.start)

    @property
    def start_s(self) -> float:
        """The start in seconds, rounded to the millisecond."""
        return as_seconds(self.start)

    @property
    def end_s(self) -> float:
        """The end in seconds, rounded to the millisecond."""
        return as_seconds(self.end)

    def __bool__(self) -> bool:
        return self.end > self.start

    def __and__(self, other: Span) -> Span:
        """The intersection; empty if the spans do not overlap."""
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.end, other.end)))

    def __or__(self, other: Span) -> Span:
        """The hull: the shortest span that contains both. An empty span adds nothing to it, wherever it lies."""
        if not (self and other):
            return self or other
        return Span(min(self.start, other.start), max(self.end, other.end))

    def __xor__(self, other: Span) -> Span:
        """The gap between two spans; empty if they touch or overlap."""
        first, second = sorted((self, other))
        return Span(first.end, max(first.end, second.start))

    def __contains__(self, other: Span | int) -> bool:
        if isinstance(other, int):
            return self.start <= other < self.end
        return self.start <= other.start and other.end <= self.end


def joined(spans: Iterable[Span], join: int = 0) -> list[Span]:
    """The spans in order, merged where they overlap or where the gap between them is shorter than `join` samples.

    Empty spans are left out.

    >>> joined([Span(0, 10), Span(12, 20), Span(40, 50)], join=5)
    [Span(start=0, end=20), Span(start=40, end=50)]
    """
    out: list[Span] = []
    for span in sorted(s for s in spans if s):
        if out and span.start - out[-1].end < max(join, 1):
            out[-1] = out[-1] | span
        else:
            out.append(span)
    return out


def overlapping(span: Span, others: Sequence[Span]) -> Iterator[Span]:
    """Those of `others`, which are in order and do not meet, that overlap `span`.

    >>> list(overlapping(Span(5, 12), [Span(0, 5), Span(6, 8), Span(10, 20), Span(30, 40)]))
    [Span(start=6, end=8), Span(start=10, end=20)]
    """
    first = max(0, bisect_right(others, span.start, key=lambda each: each.start) - 1)
    for each in islice(others, first, None):
        if each.start >= span.end:
            return
        if each & span:
            yield each


def mostly_under(span: Span, others: Iterable[Span]) -> bool:
    """Whether `others` cover more than half of `span`.

    Spans of `others` that lie inside `span` do not count, unless they are equal to it. Where `others` overlap each
    other, each one counts.

    >>> mostly_under(Span(0, 10), [Span(-5, 3), Span(7, 20)])
    True
    >>> mostly_under(Span(0, 10), [Span(5, 20)])
    False
    >>> mostly_under(Span(0, 10), [Span(1, 10)])
    False
    """
    beside = [each for each in others if each.start < span.start or span.end < each.end or each == span]
    return 2 * sum((each & span).duration for each in beside) > span.duration


def shared(spans: Iterable[Span], others: Iterable[Span]) -> int:
    """The number of samples that are both in one of `spans` and in one of `others`."""
    theirs = joined(others)
    return sum((a & b).duration for a in joined(spans) for b in theirs)
