"""A cache of voice activity and bands for the second pass over a recording.

Without enrolment, the first pass over a recording finds the voices and the second attributes every frame. Voice
activity and bands do not depend on the voices and are most of the work, so the first pass records them and the second
reads them back:

    first     sound ─► activity, bands ─► ear ─► stretches ─► voices
                             └─► tape
    second                      tape ───► ear that knows the voices

The ear of the second pass must get the same hops and gaps as the first, from the beginning. Two hours take about 130
MB: 24 bands of four bytes per frame, which is the full precision of Kaldi's filter bank, and one record per hop.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from coach.hearing.activity import Activity, Began, Stopped
from coach.hearing.detector import SILERO, Detector
from coach.hearing.frames import BANDS, Bands

_KEPT = np.dtype(np.float32)  # the filter bank's own precision, so nothing is lost
_ROW = BANDS * _KEPT.itemsize  # bytes per frame


class Edges(Protocol):
    """Voice activity: an `Activity`, or its recorded results."""

    @property
    def active(self) -> tuple[bool, ...]: ...

    @property
    def levels(self) -> np.ndarray: ...

    @property
    def settled(self) -> int: ...

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]: ...

    def skip_to(self, frame: int) -> list[Began | Stopped]: ...


class Colours(Protocol):
    """The bands of frames: a `Bands`, or its recorded results."""

    def hops(self, samples: np.ndarray) -> list[np.ndarray]: ...


class Senses:
    """The front end of an ear: voice activity and bands. `detector` gives the probability of speech."""

    def __init__(self, detector: Detector = SILERO) -> None:
        self._detector = detector

    def activity(self) -> Edges:
        return Activity(self._detector.make())

    def bands(self) -> Colours:
        """Called at the beginning and after each gap, because windows must not span a gap."""
        return Bands()


class Tape(Senses):
    """A front end that records its results hop by hop; `again` returns one that reads them back."""

    def __init__(self, detector: Detector = SILERO) -> None:
        super().__init__(detector)
        self.answers: list[tuple[tuple[Began | Stopped, ...], tuple[bool, ...], int, float]] = []
        self.rows = bytearray()
        self.counts = bytearray()  # frames in each result of the filter bank; two or three, never 256
        self._patterns: dict[tuple[bool, ...], tuple[bool, ...]] = {}

    def activity(self) -> Edges:
        return _KeptActivity(self, Activity(self._detector.make()))

    def bands(self) -> Colours:
        return _KeptBands(self)

    def again(self) -> Senses:
        return _Reading(self)

    def note(self, edges: list[Began | Stopped], heard: Activity) -> list[Began | Stopped]:
        """Record the results of `heard`; equal patterns of activity, of which there are few, are stored once."""
        pattern = self._patterns.setdefault(heard.active, heard.active)
        self.answers.append((tuple(edges), pattern, heard.settled, float(heard.levels.max(initial=-np.inf))))
        return edges


class _KeptActivity:
    def __init__(self, tape: Tape, heard: Activity) -> None:
        self._tape, self._heard = tape, heard

    @property
    def active(self) -> tuple[bool, ...]:
        return self._heard.active

    @property
    def levels(self) -> np.ndarray:
        return self._heard.levels

    @property
    def settled(self) -> int:
        return self._heard.settled

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]:
        for edges in self._heard.hops(samples):
            yield self._tape.note(edges, self._heard)

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        return self._tape.note(self._heard.skip_to(frame), self._heard)


class _KeptBands:
    def __init__(self, tape: Tape) -> None:
        self._tape, self._bands = tape, Bands()

    def hops(self, samples: np.ndarray) -> list[np.ndarray]:
        found = self._bands.hops(samples)
        for rows in found:
            self._tape.rows += rows.astype(_KEPT).tobytes()
            self._tape.counts.append(len(rows))
        return found


class _Reading(Senses):
    """Reads a tape from its beginning, as `Edges` and `Colours` for one ear."""

    def __init__(self, tape: Tape) -> None:
        super().__init__()
        self._tape = tape
        self._asked = self._row = 0

    def activity(self) -> Edges:
        return _ReadActivity(self._tape)

    def bands(self) -> Colours:
        return self

    def hops(self, samples: np.ndarray) -> list[np.ndarray]:
        """Return the next recorded bands; only the number of `samples` matters."""
        return [self._next() for _ in samples]

    def _next(self) -> np.ndarray:
        count = self._tape.counts[self._asked]
        rows = np.frombuffer(self._tape.rows, _KEPT, count * BANDS, self._row * _ROW).reshape(-1, BANDS)
        self._asked += 1
        self._row += count
        return rows.astype(np.float64)


class _ReadActivity:
    active: tuple[bool, ...] = ()
    settled = 0

    def __init__(self, tape: Tape) -> None:
        self._answers = iter(tape.answers)
        self.levels = np.zeros(0)

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]:
        for _ in samples:
            yield self._next()

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        return self._next()

    def _next(self) -> list[Began | Stopped]:
        edges, self.active, self.settled, level = next(self._answers)
        self.levels = np.array([level])
        return list(edges)
