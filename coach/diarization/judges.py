"""Which frames of one channel are speech: judged by the networks (`Listening`), or without them (`Unaided`).

Both go by what the quick detector has told after each hop (`Told`); it decides first, and they decide for good.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from coach.diarization.looks import Crop, Look
from coach.diarization.proof import Proof, Voices
from coach.diarization.timetable import Due
from coach.diarization.windows import CONFIG as WINDOWS
from coach.diarization.windows import Windows
from coach.vad import FRAME, FRAMES_A_SECOND, OPEN, REACH, Began, Edges, Stopped


class Told(Protocol):
    """What the quick detector tells after a hop, as in `Activity`."""

    @property
    def active(self) -> tuple[bool, ...]:
        """For each frame that was decided in the last hop, whether it is speech; in order, about nine frames late."""
        ...

    @property
    def steady(self) -> tuple[bool, ...]:
        """For each of the same frames, whether the sound has kept one colour, as no voice does."""
        ...

    @property
    def settled(self) -> int:
        """The frame before which all decisions are final."""
        ...

    @property
    def levels(self) -> np.ndarray:
        """The levels of the frames of the last hop, (n,) in dBFS; from a tape, only the loudest, (1,)."""
        ...


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
    """Decides which frames of one channel are speech.

    `hop` takes (HOP,) samples, and the quick detector after it has heard them with the edges that it found; `ended` the
    edges that it found when the sound ended. A sound that the quick detector takes for a voice at first may turn out to
    be a door. What is not settled is not judged: then the result is shorter than what was asked for.
    """

    tell_voices: bool

    @property
    def crops(self) -> tuple[Crop, ...]:
        """The voices heard in the last ten minutes or longer, in order; empty where voices cannot be told apart."""
        ...

    def foresee(self, sounds: np.ndarray, told: Sequence[Told], due: Sequence[Due], close: bool) -> None:
        """Prepare for hops to come, `sounds` (n, HOP), and what will probably be asked in them. No result changes.

        They follow those that were foreseen and have not come yet. `told` is what the quick detector tells after each
        hop, and `close` whether two voices were heard last.
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
        self._active: deque[bool] = deque(maxlen=WINDOWS.length // FRAME)  # of the same frames, the newest of them
        self._proof = Proof()
        self._first = 0
        self._loud = np.zeros(0, bool)  # the frames that were foreseen and have not come yet

    @property
    def crops(self) -> tuple[Crop, ...]:
        """The crops of the last ten minutes."""
        return self._windows.crops

    def foresee(self, sounds: np.ndarray, told: Sequence[Told], due: Sequence[Due], close: bool) -> None:
        """Hear in batches what is due while somebody may be speaking, judged by the noise floor as it is now."""
        start, new = self._windows.now // FRAME, self._windows.foreseen_until // FRAME
        coming = self._edges.loud(np.concatenate([each.levels for each in told]))  # the frames from `new` on
        loud = self._loud = np.concatenate([self._loud[len(self._loud) - (new - start) :], coming])  # from `start` on
        first = new - FRAMES_A_SECOND  # that is judged next, or one before it
        audible = []
        for each in due:
            since = first - REACH
            before = since < start and self._edges.audible(since)
            if before or loud[max(0, since - start) : each.now // FRAME - start].any():
                audible.append(each)
            first = each.until // FRAME
        self._windows.foresee(sounds, audible, close)

    def hop(self, samples: np.ndarray, quick: Told, edges: list[Began | Stopped]) -> None:
        """Take the sound and what the quick detector tells of it. The networks do not listen before they are asked."""
        self._windows.hop(samples)
        self._edges.hop(samples)
        self._steady.extend(quick.steady)
        self._active.extend(quick.active)
        self._proof.voices.hear(edges, quick.settled)

    def ended(self, edges: list[Began | Stopped]) -> None:
        """Take the last edges. From now on every frame is settled."""
        self._proof.voices.hear(edges, OPEN)

    def skip_to(self, frame: int) -> None:
        """Skip missing sound up to `frame`. Nothing before it is judged any more; the noise floors are kept."""
        self._proof.skip_to(frame)
        self._windows.skip_to(frame * FRAME)
        self._edges.skip_to(frame)
        self._loud = np.zeros(0, bool)
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
        """Take what the quick detector tells; the samples are not looked at."""
        self._voices.hear(edges, quick.settled)
        self._active.extend(quick.active)

    def ended(self, edges: list[Began | Stopped]) -> None:
        """Take the last edges. From now on every frame is settled."""
        self._voices.hear(edges, OPEN)

    def skip_to(self, frame: int) -> None:
        """Skip missing sound up to `frame`. Nothing before it is judged any more."""
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
