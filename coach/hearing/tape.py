"""What was heard once need not be heard twice.

Where nobody was enrolled, a recording is heard first to find the voices and then to say whose each frame is. Only the
second question depends on the voices: when anybody spoke, and the colour of every frame, come out the same. They are
most of the work, so the first hearing is kept, and the second has it read out:

    first     sound ─► activity, bands ─► ear ─► stretches ─► voices
                             └─► tape
    second                      tape ───► ear that knows the voices

A tape is read from its beginning by an ear that gets the same hops and gaps as the one it was kept of. Two hours are
about 130 MB: 24 bands of four bytes a frame, which is all that kaldi's filter bank knows, and a note for each hop.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from coach.hearing.activity import Activity, Began, Stopped
from coach.hearing.detector import SILERO, Detector
from coach.hearing.frames import BANDS, Bands

_KEPT = np.dtype(np.float32)  # what the filter bank computes in, so nothing is lost
_ROW = BANDS * _KEPT.itemsize  # bytes a frame


class Edges(Protocol):
    """When anybody speaks: an `Activity`, or what was kept of one."""

    @property
    def active(self) -> tuple[bool, ...]: ...

    @property
    def levels(self) -> np.ndarray: ...

    @property
    def settled(self) -> int: ...

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]: ...

    def skip_to(self, frame: int) -> list[Began | Stopped]: ...


class Colours(Protocol):
    """How frames sound: `Bands`, or what was kept of them."""

    def hops(self, samples: np.ndarray) -> list[np.ndarray]: ...


class Senses:
    """What an ear hears with. `detector` gives the probability of speech."""

    def __init__(self, detector: Detector = SILERO) -> None:
        self._detector = detector

    def activity(self) -> Edges:
        return Activity(self._detector.make())

    def bands(self) -> Colours:
        """Asked for at the beginning and after each gap: windows reach over no gap."""
        return Bands()


class Tape(Senses):
    """Senses whose answers are kept, hop by hop; `again` reads them out to another ear."""

    def __init__(self, detector: Detector = SILERO) -> None:
        super().__init__(detector)
        self.answers: list[tuple[tuple[Began | Stopped, ...], tuple[bool, ...], int, float]] = []
        self.rows = bytearray()
        self.counts = bytearray()  # frames in each answer of the filter bank; it holds back two or three, never 256
        self._patterns: dict[tuple[bool, ...], tuple[bool, ...]] = {}

    def activity(self) -> Edges:
        return _KeptActivity(self, Activity(self._detector.make()))

    def bands(self) -> Colours:
        return _KeptBands(self)

    def again(self) -> Senses:
        return _Reading(self)

    def note(self, edges: list[Began | Stopped], heard: Activity) -> list[Began | Stopped]:
        """Keeps what `heard` answered; equal patterns of activity, of which there are few, are kept once."""
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
    """A tape being read, from its beginning on: `Edges` and `Colours` for one ear."""

    def __init__(self, tape: Tape) -> None:
        super().__init__()
        self._tape = tape
        self._asked = self._row = 0

    def activity(self) -> Edges:
        return _ReadActivity(self._tape)

    def bands(self) -> Colours:
        return self

    def hops(self, samples: np.ndarray) -> list[np.ndarray]:
        """The next colours, whatever the samples: they are known already."""
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
