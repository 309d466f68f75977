"""What an ear hears with, and a tape of it for the second pass over a recording.

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

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple, Protocol

import numpy as np

from coach.diarization.proof import Proof, Voices
from coach.diarization.windows import CONFIG as GRID
from coach.diarization.windows import Crop, Due, Look, Windows
from coach.vad import FRAME, FRAMES_A_SECOND, OPEN, REACH, SILERO, Activity, Began, Detector, Edges, Stopped


class Told(Protocol):
    """What the quick detector tells after a hop, as in `Activity`."""

    @property
    def active(self) -> tuple[bool, ...]: ...

    @property
    def steady(self) -> tuple[bool, ...]: ...

    @property
    def settled(self) -> int: ...

    @property
    def levels(self) -> np.ndarray: ...


class Quick(Told, Protocol):
    """The quick detector: an `Activity`, or its recorded results."""

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]: ...

    def skip_to(self, frame: int) -> list[Began | Stopped]: ...


class Noted(NamedTuple):
    """What the quick detector told after one hop, when it has gone on to later ones, and the edges that it found."""

    edges: list[Began | Stopped]
    active: tuple[bool, ...]
    steady: tuple[bool, ...]
    settled: int
    levels: np.ndarray


def noted(edges: list[Began | Stopped], quick: Told) -> Noted:
    """What `quick` tells just now, after a hop in which it found these `edges`."""
    return Noted(edges, quick.active, quick.steady, quick.settled, quick.levels)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Whether each frame is `speech`, (n,) bool, by what the networks heard: `look`, None if they did not listen."""

    speech: np.ndarray
    look: Look | None = None


class Judge(Protocol):
    """Decides which frames of one channel are speech. `crops` are the voices heard so far, where it can tell them.

    `hop` takes (HOP,) samples, and the quick detector after it has heard them with the edges that it found; `ended` the
    edges that it found when the sound ended. A sound that the quick detector takes for a voice at first may turn out to
    be a door. What is not settled is not judged: then the result is shorter than what was asked for.
    """

    tell_voices: bool

    @property
    def crops(self) -> tuple[Crop, ...]: ...

    def foresee(self, sounds: np.ndarray, told: Sequence[Told], due: Sequence[Due], close: bool) -> None:
        """Prepare for the next hops, `sounds` (n, HOP), and what will probably be asked in them. No result changes.

        `told` is what the quick detector tells after each hop, and `close` whether two voices were heard last.
        """
        ...

    def hop(self, samples: np.ndarray, quick: Told, edges: list[Began | Stopped]) -> None:
        """Take the next (HOP,) float32 samples, which nobody may change afterwards."""
        ...

    def ended(self, edges: list[Began | Stopped]) -> None:
        """The sound has ended: what was undecided is settled."""
        ...

    def skip_to(self, frame: int) -> None:
        """Skip missing sound up to `frame`."""
        ...

    def judge(self, first: int, last: int, overlap: bool = True) -> Judged:
        """Which of the frames from `first` up to `last` are speech; ask for frames in order.

        Without `overlap`, it may do with less: nobody needs to know whether several speak at once.
        """
        ...


class Listening:
    """The networks, in proved voices (`proof`). They listen only while somebody may be speaking.

    Training gives its own `windows` and `edges`. Without `overlap`, the segmentation rests (`coach.runtime.relief`).
    """

    tell_voices = True

    def __init__(self, windows: Windows | None = None, edges: Edges | None = None) -> None:
        self._windows = windows or Windows()
        self._edges = edges or Edges()
        self._steady: deque[bool] = deque()  # of the frames from `_first` on
        self._active: deque[bool] = deque(maxlen=GRID.length // FRAME)  # of the same frames, the newest of them
        self._proof = Proof()
        self._first = 0

    @property
    def crops(self) -> tuple[Crop, ...]:
        return self._windows.crops

    def foresee(self, sounds: np.ndarray, told: Sequence[Told], due: Sequence[Due], close: bool) -> None:
        """Hear in batches what is due while somebody may be speaking, judged by the noise floor as it is now."""
        start = self._windows.now // FRAME
        loud = self._edges.loud(np.concatenate([each.levels for each in told]))  # in the frames from `start` on
        first = start - FRAMES_A_SECOND  # that is judged next, or one before it
        audible = []
        for each in due:
            since = first - REACH
            before = since < start and self._edges.audible(since)
            if before or loud[max(0, since - start) : each.now // FRAME - start].any():
                audible.append(each)
            first = each.until // FRAME
        self._windows.foresee(sounds, audible, close)

    def hop(self, samples: np.ndarray, quick: Told, edges: list[Began | Stopped]) -> None:
        self._windows.hop(samples)
        self._edges.hop(samples)
        self._steady.extend(quick.steady)
        self._active.extend(quick.active)
        self._proof.voices.hear(edges, quick.settled)

    def ended(self, edges: list[Began | Stopped]) -> None:
        self._proof.voices.hear(edges, OPEN)

    def skip_to(self, frame: int) -> None:
        self._proof.skip_to(frame)
        self._windows.skip_to(frame * FRAME)
        self._edges.skip_to(frame)
        self._steady.clear()
        self._active.clear()
        self._first = frame

    def judge(self, first: int, last: int, overlap: bool = True) -> Judged:
        """Judge the frames from `first` up to `last`."""
        if not self._edges.audible(first - REACH):
            return Judged(np.zeros(last - first, bool))
        look = self._windows.look(last * FRAME, None if overlap else np.array([*self._active] or [False]))
        speech = self._edges.speech(first, last, look.voiced(self._edges.context(first, last)))
        speech &= ~self._steadily(first, last)
        sure = look.voiced(np.arange(first, last)) if overlap else np.zeros(last - first)
        return Judged(self._proof.counts(first, speech, sure), look)

    def _steadily(self, first: int, last: int) -> np.ndarray:
        """Whether the sound keeps one colour in each frame; it goes on as in the last frame that is known."""
        while len(self._steady) > 1 and self._first < first:
            self._steady.popleft()
            self._first += 1
        known = np.array([*self._steady] or [False])
        return np.asarray(known[np.clip(np.arange(first, last) - self._first, 0, len(known) - 1)])


class Unaided:
    """The quick detector alone, where no network can run. It cannot tell voices apart."""

    tell_voices = False
    crops: tuple[Crop, ...] = ()

    def __init__(self) -> None:
        self.skip_to(0)

    def foresee(self, sounds: np.ndarray, told: Sequence[Told], due: Sequence[Due], close: bool) -> None:
        """Does nothing."""

    def hop(self, samples: np.ndarray, quick: Told, edges: list[Began | Stopped]) -> None:
        self._voices.hear(edges, quick.settled)
        self._active.extend(quick.active)

    def ended(self, edges: list[Began | Stopped]) -> None:
        self._voices.hear(edges, OPEN)

    def skip_to(self, frame: int) -> None:
        self._active: deque[bool] = deque()  # of the frames from `_first` on
        self._voices = Voices(frame)
        self._first = frame

    def judge(self, first: int, last: int, overlap: bool = True) -> Judged:
        """Speech is what the quick detector takes for it in the voices from `first` up to `last`."""
        while self._active and self._first < first:
            self._active.popleft()
            self._first += 1
        last = max(first, min(last, self._voices.settled, first + len(self._active)))
        speech = np.array([*self._active][: last - first], bool)
        return Judged(speech & self._voices.within(first, last))


class Senses:
    """The front end of an ear. `detector` is the quick one."""

    def __init__(self, detector: Detector = SILERO) -> None:
        self._detector = detector

    def activity(self) -> Quick:
        return Activity(self._detector.make())

    def judge(self) -> Judge:
        return Listening() if self._detector.networks else Unaided()


class Tape(Senses):
    """A front end that records its results; `again` returns one that reads them back."""

    def __init__(self, detector: Detector = SILERO) -> None:
        super().__init__(detector)
        self.edges: list[tuple[tuple[Began | Stopped, ...], float]] = []
        self.judged: list[Judged] = []
        self.crops: list[Crop] = []
        self.tell_voices = detector.networks

    def activity(self) -> Quick:
        return _KeptActivity(self, super().activity())

    def judge(self) -> Judge:
        return _KeptJudge(self, super().judge())

    def again(self) -> Senses:
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
