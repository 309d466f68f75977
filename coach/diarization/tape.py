"""A tape of what an ear hears with, for the second pass over a recording.

Without enrolment, the first pass over a recording finds the voices and the second attributes every frame. Neither the
quick detector nor the networks depend on the voices, and they are most of the work, so the first pass records their
results and the second reads them back:

    first     sound ─► detector, networks ─► ear ─► crops ─► voices
                              └─► tape
    second                       tape ───► ear that knows the voices

The ear of the second pass must get the same hops and gaps as the first, from the beginning. Two hours take about 60
MB: 293 frames of seven probabilities once a second, in single precision, and one record per hop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

import numpy as np

from coach.diarization.judges import Judge, Judged, Told
from coach.diarization.looks import Crop
from coach.diarization.senses import Quick, Senses
from coach.diarization.timetable import Due
from coach.vad import SILERO, Began, Detector, Stopped


class Tape(Senses):
    """A front end that records its results; `again` returns one that reads them back."""

    def __init__(self, detector: Detector = SILERO) -> None:
        super().__init__(detector)
        self.edges: list[tuple[tuple[Began | Stopped, ...], float]] = []
        self.judged: list[Judged] = []
        self.crops: list[Crop] = []
        self.tell_voices = detector.networks

    def activity(self) -> Quick:
        """A quick detector whose edges and loudest levels go onto the tape. Ask for one only."""
        return _KeptActivity(self, super().activity())

    def judge(self) -> Judge:
        """A judge whose decisions and crops go onto the tape. Ask for one only."""
        return _KeptJudge(self, super().judge())

    def again(self) -> Senses:
        """A front end that reads the tape from its beginning. The first pass must be over."""
        return _Reading(self)


class _KeptActivity:
    def __init__(self, tape: Tape, heard: Quick) -> None:
        self._tape, self._heard = tape, heard

    @property
    def active(self) -> tuple[bool, ...]:
        return self._heard.active

    @property
    def steady(self) -> tuple[bool, ...]:
        return self._heard.steady

    @property
    def settled(self) -> int:
        return self._heard.settled

    @property
    def levels(self) -> np.ndarray:
        return self._heard.levels

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]:
        for edges in self._heard.hops(samples):
            yield self._note(edges)

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        return self._note(self._heard.skip_to(frame))

    def _note(self, edges: list[Began | Stopped]) -> list[Began | Stopped]:
        self._tape.edges.append((tuple(edges), float(self._heard.levels.max(initial=-np.inf))))
        return edges


class _KeptJudge:
    def __init__(self, tape: Tape, heard: Judge) -> None:
        self._tape, self._heard = tape, heard
        self.tell_voices = heard.tell_voices

    @property
    def crops(self) -> tuple[Crop, ...]:
        return self._heard.crops

    def foresee(self, sounds: np.ndarray, told: Sequence[Told], due: Sequence[Due], close: bool) -> None:
        self._heard.foresee(sounds, told, due, close)

    def hop(self, samples: np.ndarray, quick: Told, edges: list[Began | Stopped]) -> None:
        self._heard.hop(samples, quick, edges)

    def ended(self, edges: list[Began | Stopped]) -> None:
        self._heard.ended(edges)

    def skip_to(self, frame: int) -> None:
        self._heard.skip_to(frame)

    def judge(self, first: int, last: int, overlap: bool = True) -> Judged:
        judged = self._heard.judge(first, last, overlap)
        self._tape.judged.append(judged)
        last = self._tape.crops[-1].start if self._tape.crops else -1
        self._tape.crops += reversed([*takewhile(lambda crop: crop.start > last, reversed(self._heard.crops))])
        return judged


class _Reading(Senses):
    """Reads a tape from its beginning, for one ear."""

    def __init__(self, tape: Tape) -> None:
        super().__init__()
        self._tape = tape

    def activity(self) -> Quick:
        return _ReadActivity(self._tape)

    def judge(self) -> Judge:
        return _ReadJudge(self._tape)


class _ReadActivity:
    active: tuple[bool, ...] = ()
    steady: tuple[bool, ...] = ()
    settled = 0

    def __init__(self, tape: Tape) -> None:
        self._edges = iter(tape.edges)
        self.levels = np.zeros(0)

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]:
        for _ in samples:
            yield self._next()

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        return self._next()

    def _next(self) -> list[Began | Stopped]:
        edges, level = next(self._edges)
        self.levels = np.array([level])
        return list(edges)


class _ReadJudge:
    def __init__(self, tape: Tape) -> None:
        self._judged = iter(tape.judged)
        self.tell_voices = tape.tell_voices
        self.crops = tuple(tape.crops)

    def foresee(self, sounds: np.ndarray, told: Sequence[Told], due: Sequence[Due], close: bool) -> None:
        """Does nothing."""

    def hop(self, samples: np.ndarray, quick: Told, edges: list[Began | Stopped]) -> None:
        """Does nothing: what was heard is on the tape."""

    def ended(self, edges: list[Began | Stopped]) -> None:
        """Does nothing."""

    def skip_to(self, frame: int) -> None:
        """Does nothing."""

    def judge(self, first: int, last: int, overlap: bool = True) -> Judged:
        return next(self._judged)
