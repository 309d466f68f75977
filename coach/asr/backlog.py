"""The recogniser's queue, bounded in seconds of sound.

On a slow machine, the queue must not grow without bound. When it is late, neighbouring spans of one person are merged:
one long span costs less than two short ones and is recognised better. When it is later still, the oldest spans are
deferred until after the session, at 16 bits per sample.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.core.span import RATE, Span

FULL_SCALE = 32767  # of 16-bit samples


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogConfig:
    """The bounds of what waits for the recogniser, in samples of sound."""

    late: int = 10 * RATE  # waiting, over which neighbours are merged
    most_waiting: int = 30 * RATE  # waiting, over which the oldest are set aside
    most_deferred: int = 20 * 60 * RATE  # set aside (38 MB), over which the oldest sound is dropped
    close_by: int = RATE * 3 // 2  # between two spans that may be merged
    longest_merged: int = 20 * RATE  # of a merged span


BACKLOG = BacklogConfig()


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Sound to recognise: mono at 16 kHz, float32 at full scale 1.0 or int16, beginning at `span.start`."""

    who: str
    span: Span
    samples: npt.NDArray[Any]


class Backlog:
    """Jobs in the order of arrival. Not thread-safe."""

    def __init__(self, config: BacklogConfig = BACKLOG) -> None:
        self._config = config
        self._waiting: deque[Job] = deque()
        self._deferred: deque[Job] = deque()

    def __len__(self) -> int:
        """The number of jobs that wait."""
        return len(self._waiting)

    @property
    def samples(self) -> int:
        """Samples of sound that wait."""
        return _sound(self._waiting)

    @property
    def deferred(self) -> list[Job]:
        """The deferred jobs, oldest first."""
        return list(self._deferred)

    def add(self, job: Job) -> None:
        """Queue `job`; if that is too much, merge neighbours and defer the oldest, but never the newest."""
        self._waiting.append(job)
        if self.samples > self._config.late:
            self._waiting = deque(_merged(self._waiting, self._config))
        while self.samples > self._config.most_waiting and len(self._waiting) > 1:
            oldest = self._waiting.popleft()
            self._deferred.append(replace(oldest, samples=_as_int16(oldest.samples)))
        while _sound(self._deferred) > self._config.most_deferred:
            self._deferred.popleft()

    def take(self) -> Job:
        """The oldest job in the queue. Raises IndexError if it is empty."""
        return self._waiting.popleft()

    def recall(self) -> None:
        """Put the deferred jobs back at the front of the queue, ignoring the bounds."""
        self._waiting = self._deferred + self._waiting
        self._deferred = deque()

    def put_back(self, jobs: Iterable[Job]) -> None:
        """Put `jobs`, which are older than all in the queue, at its front, ignoring the bounds."""
        self._waiting.extendleft(reversed(list(jobs)))

    def clear(self) -> None:
        """Drop all jobs."""
        self._waiting.clear()
        self._deferred.clear()


def as_float(samples: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Samples at full scale 1.0, whatever they were kept as."""
    if samples.dtype == np.int16:
        return (samples / np.float32(FULL_SCALE)).astype(np.float32)
    return samples.astype(np.float32, copy=False)


def _sound(jobs: Iterable[Job]) -> int:
    return sum(len(job.samples) for job in jobs)


def _merged(jobs: Iterable[Job], config: BacklogConfig) -> list[Job]:
    """`jobs` with close neighbours of one person merged, unless somebody else spoke in between."""
    out: list[Job] = []
    for job in jobs:
        last = out[-1] if out else None
        if (
            last is not None
            and last.who == job.who
            and last.span.end <= job.span.start
            and (last.span ^ job.span).duration <= config.close_by
            and (last.span | job.span).duration <= config.longest_merged
        ):
            out[-1] = _joined(last, job)
        else:
            out.append(job)
    return out


def _joined(first: Job, second: Job) -> Job:
    """One job that spans both, including the silence between them, which shows the recogniser where a phrase ended."""
    samples = np.zeros((first.span | second.span).duration, dtype=np.float32)
    for job in (first, second):
        sound = as_float(job.samples)
        start = job.span.start - first.span.start
        room = samples[start : start + len(sound)]
        room[:] = sound[: len(room)]
    return Job(first.who, first.span | second.span, samples)


def _as_int16(samples: npt.NDArray[Any]) -> npt.NDArray[np.int16]:
    return np.round(np.clip(as_float(samples), -1.0, 1.0) * FULL_SCALE).astype(np.int16)
