"""The ear: hops of sound in, voice activity and attributed speech out.

`Ear` works on one microphone, `coach.hearing.channels.ChannelEar` on one microphone per person. Both return events as
they become known:

    VoiceOn, VoiceOff    anybody speaks: about 0.1 s after the onset, 0.18 s after the offset
    SpeechOn, Speech     who speaks: half a second behind the sound during speech, at once when it has stopped

Before enrolment (`enrol`) all speech belongs to UNKNOWN.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from coach.core.events import UNKNOWN, Event, VoiceOff, VoiceOn
from coach.core.span import HOP, Span
from coach.hearing.activity import OPEN, Began, Stopped
from coach.hearing.attribution import Attribution, Decided
from coach.hearing.frames import BANDS, FRAME, FRAMES_A_SECOND
from coach.hearing.tape import Senses
from coach.hearing.units import Units
from coach.hearing.voices import Voice, learn_voice

REMEMBERED = 600 * FRAMES_A_SECOND  # frames of features (ten minutes) kept for enrolment


class Hearing(Protocol):
    """An ear as the pipeline uses it: an `Ear`, a `ChannelEar` or one that replays an earlier result."""

    @property
    def now(self) -> int: ...

    @property
    def dbfs(self) -> tuple[float, ...]: ...

    def hop(self, samples: np.ndarray) -> list[Event]: ...

    def skip_to(self, sample: int) -> list[Event]: ...

    def finish(self) -> list[Event]: ...


def heard_at(ear: Hearing, start: int, samples: np.ndarray) -> list[Event]:
    """The events of `ear` for the hop that begins at sample `start`, after skipping missing sound before it."""
    skipped = ear.skip_to(start) if start > ear.now else []
    return skipped + ear.hop(samples)


class Ear:
    """Hearing on one microphone. Use it only on the ear thread.

    `hop` takes float samples of shape (HOP,) or (HOP, channels); channels are averaged. Without enrolled voices, all
    speech belongs to `everyone`: UNKNOWN, or the one person who rehearses.
    """

    def __init__(
        self, voices: dict[str, Voice] | None = None, everyone: str = UNKNOWN, senses: Senses | None = None
    ) -> None:
        self._everyone = Decided(frozenset([everyone]), {everyone: 1.0})
        self._senses = senses or Senses()
        self._activity = self._senses.activity()
        self._units = Units()
        self._attribution = Attribution(voices) if voices else None
        self._colours: deque[tuple[int, np.ndarray, bool]] = deque(maxlen=REMEMBERED)  # frame, bands, active
        self._begin(0)

    def _begin(self, frame: int) -> None:
        """Start anew at `frame`, with nothing pending."""
        self._bands = self._senses.bands()
        self._rows: deque[np.ndarray] = deque()  # bands of the frames whose activity is pending
        self._decided: deque[Decided] = deque()  # speakers of the frames from `_next` on
        self._active: deque[bool] = deque()  # activity of the same frames, and of the undecided ones
        self._next = frame  # the first frame that was not passed to the units
        self._seen = frame  # the first frame whose activity is pending
        self._spoken: deque[Span] = deque()  # voices in frames, oldest first; a current one ends at OPEN
        self.now = frame * FRAME  # samples so far

    @property
    def speaking(self) -> frozenset[str]:
        return self._units.speaking

    @property
    def dbfs(self) -> tuple[float, ...]:
        """The level of the last hop in dBFS, for a meter."""
        return (round(float(self._activity.levels.max(initial=-100.0)), 1),)

    def hop(self, samples: np.ndarray) -> list[Event]:
        (events,) = self.hops(samples[None])
        return events

    def hops(self, samples: np.ndarray) -> Iterator[list[Event]]:
        """Yield the events of each of (n, HOP) or (n, HOP, channels). Read this to its end; cheaper than hop by hop."""
        mono = (samples if samples.ndim == 2 else samples.mean(axis=2)).astype(np.float32, copy=False)
        rows = self._bands.hops(mono)
        if self._attribution is not None:
            self._attribution.expect(np.concatenate(rows))
        for edges, bands in zip(self._activity.hops(mono), rows, strict=True):
            self.now += HOP
            self._attribute(bands, self._activity.active)
            yield self._tell(edges)

    def skip_to(self, sample: int) -> list[Event]:
        """Skip missing sound up to `sample`, a multiple of HOP: close what is open and move the clock on."""
        frame = sample // FRAME
        edges = self._activity.skip_to(frame)
        (bands,) = self._bands.hops(np.zeros((1, HOP)))
        self._attribute(bands, self._activity.active)
        events = self._tell(edges, last=True) + self._units.finish(self.now)
        self._begin(frame)
        return events

    def finish(self) -> list[Event]:
        """End the sound: close what is open."""
        return self.skip_to(self.now)

    def colours(self, spans: list[Span]) -> np.ndarray:
        """Log mel energies (n, BANDS) of the active frames in `spans`, within the last ten minutes."""
        begin = min((span.start for span in spans), default=0)
        rows: list[np.ndarray] = []
        for frame, bands, active in reversed(self._colours):  # the spans are mostly recent
            if frame * FRAME < begin:
                break
            if active and any(frame * FRAME in span for span in spans):
                rows.append(bands)
        return np.array(rows[::-1]).reshape(-1, BANDS)

    def learn(self, spans: list[Span]) -> Voice:
        """Learn the voice that speaks in `spans`, which must be within the last ten minutes."""
        return learn_voice(self.colours(spans))

    def enrol(self, voices: dict[str, Voice]) -> None:
        """Attribute speech to these people from now on. A stranger's speech gets a low confidence.

        Call this once, with voices learnt in this session. Earlier speech keeps its attribution.
        """
        self._attribution = Attribution(voices, strangers=True)
        self._decided.extend(self._attribution.hop(np.array(self._rows).reshape(-1, BANDS), ()))

    def _attribute(self, heard: np.ndarray, flags: tuple[bool, ...]) -> None:
        """Bands are known some frames before activity: they wait for it, but serve as context at once."""
        self._rows.extend(heard)
        bands = np.array([self._rows.popleft() for _ in flags]).reshape(-1, BANDS)
        self._active.extend(flags)
        for row, active in zip(bands, flags, strict=True):
            self._colours.append((self._seen, row, active))
            self._seen += 1
        if self._attribution is None:
            self._decided.extend([self._everyone] * len(bands))
        else:
            self._decided.extend(self._attribution.hop(heard, flags))

    def _tell(self, edges: list[Began | Stopped], last: bool = False) -> list[Event]:
        events: list[Event] = []
        for edge in edges:
            at = min(edge.at, self.now)
            if isinstance(edge, Began):
                self._spoken.append(Span(edge.onset // FRAME, OPEN))
                events.append(VoiceOn(at=at, onset=edge.onset))
            else:
                self._spoken[-1] = Span(self._spoken[-1].start, edge.span.end // FRAME)
                events.append(VoiceOff(at=at, end=edge.span.end))
        if self._attribution and last:
            self._decided.extend(self._attribution.interrupt())
        elif self._attribution and any(isinstance(edge, Stopped) for edge in edges):
            self._decided.extend(self._attribution.flush())
        settled = self._seen if last else self._activity.settled
        while self._decided and self._next < settled:
            events += self._frame(self._next, self._decided.popleft(), self._active.popleft())
            self._next += 1
        return events

    def _frame(self, n: int, decided: Decided, active: bool) -> list[Event]:
        """A frame counts as speech if it is active and within a voice.

        `Units` bridges short silences if the same person goes on; between two people they are the gap.
        """
        while self._spoken and self._spoken[0].end <= n:
            self._spoken.popleft()
        speech = active and bool(self._spoken) and n in self._spoken[0]
        return self._units.frame(n, decided.who if speech else frozenset(), decided.confidence, self.now)
