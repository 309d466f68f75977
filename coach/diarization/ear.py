"""The ear: hops of sound in, voice activity and attributed speech out.

`Ear` works on one microphone, `coach.diarization.microphones.MicrophonesEar` on one microphone per person. Both return
events as they become known:

    VoiceOn, VoiceOff    anybody speaks: about 0.1 s after the onset, 0.18 s after the offset
    SpeechOn, Speech     who speaks: up to a second behind the sound during speech, at once when it has stopped

The quick pair comes from `coach.vad.Activity`, the other from the networks (`windows`, `attribution`), within the
voices that `Activity` has proved: the networks take barks for voices. They hear softer beginnings and endings.

Before enrolment (`enrol`) all speech belongs to UNKNOWN.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from copy import copy
from typing import NamedTuple, Protocol

import numpy as np

from coach.core.errors import Missing
from coach.core.events import UNKNOWN, Event
from coach.core.span import HOP, Span
from coach.diarization.attribution import Attribution, Decided
from coach.diarization.judges import Noted, noted
from coach.diarization.leads import Leads
from coach.diarization.looks import Look, voices_in
from coach.diarization.senses import Senses
from coach.diarization.timetable import Timetable
from coach.diarization.units import Units
from coach.diarization.voices import Voice
from coach.diarization.voicing import Voicing
from coach.vad import FRAME, Began, Stopped

NO_VOICES = (
    "without the neural networks nobody's voice can be told from another's; "
    "give each person a microphone and say which with --channels"
)


class Hearing(Protocol):
    """An ear as the pipeline uses it: an `Ear`, a `MicrophonesEar` or one that replays an earlier result."""

    @property
    def now(self) -> int:
        """The sample up to which it has heard, or skipped missing sound."""
        ...

    @property
    def dbfs(self) -> tuple[float, ...]:
        """The loudest level of each channel in the last hop, in dBFS; a mean of several channels counts as one."""
        ...

    def hop(self, samples: np.ndarray) -> list[Event]:
        """The events known by the end of the next hop, `samples`: (HOP,) or (HOP, channels) float32."""
        ...

    def skip_to(self, sample: int) -> list[Event]:
        """Skip missing sound up to `sample`, a multiple of HOP: open speech ends. Returns the events of that."""
        ...

    def finish(self) -> list[Event]:
        """End the sound: the events of what was still undecided."""
        ...


def heard_at(ear: Hearing, start: int, samples: np.ndarray) -> list[Event]:
    """The events of `ear` for the hop that begins at sample `start`, after skipping missing sound before it."""
    skipped = ear.skip_to(start) if start > ear.now else []
    return skipped + ear.hop(samples)


class _Row(NamedTuple):
    """Hops to come, as they were given and as one channel, and what the quick detector hears in each."""

    given: np.ndarray
    mono: np.ndarray
    heard: list[Noted]


class Ear:
    """Hearing on one microphone. Use it only on the ear thread.

    Without enrolled voices, all speech belongs to `everyone`: UNKNOWN, or the one person who rehearses. With `leads`,
    the channels are microphones that all hear everybody, and the voices are learnt while listening. Raises Missing if
    there are voices, but no networks to tell them apart.
    """

    def __init__(
        self,
        voices: dict[str, Voice] | None = None,
        everyone: str = UNKNOWN,
        senses: Senses | None = None,
        leads: Leads | None = None,
    ) -> None:
        self._everyone = Decided(frozenset([everyone]), {everyone: 1.0})
        self._senses = senses or Senses()
        self._activity = self._senses.activity()
        self._judge = self._senses.judge()
        self._levels = np.zeros(0)  # of the frames of the last hop
        self._units = Units()
        self._leads = leads
        self._attribution = Attribution(leads.learn(())) if leads else None
        self._voicing = Voicing()
        self._timetable = Timetable(onsets=True)
        self._rows: deque[_Row] = deque()  # expected
        self._future = self._timetable  # as it will be after them
        self._begin(0)
        if voices:
            self.enrol(voices)

    def _begin(self, frame: int) -> None:
        """Start anew at `frame`, with nothing pending."""
        self._next = frame  # the first frame whose speakers are not decided
        self._flags = np.zeros(0, bool)  # whether the frames from `_next` on are speech, as far as that is known
        self._look: Look | None = None  # what the networks heard last
        self._timetable.begin()
        self._voicing.begin(frame)
        self.now = frame * FRAME  # samples so far

    @property
    def speaking(self) -> frozenset[str]:
        """The people who are speaking, by the events so far: those with a SpeechOn that no Speech has ended."""
        return self._units.speaking

    @property
    def dbfs(self) -> tuple[float, ...]:
        """The level of the last hop in dBFS, for a meter."""
        return (round(float(self._levels.max(initial=-100.0)), 1),)

    def hop(self, samples: np.ndarray) -> list[Event]:
        """The events known by the end of the next hop, float (HOP,) or (HOP, channels); channels are averaged."""
        (events,) = self.hops(samples[None])
        return events

    def hops(self, samples: np.ndarray) -> Iterator[list[Event]]:
        """Yield the events of each of (n, HOP) or (n, HOP, channels). Read this to its end; cheaper than hop by hop."""
        self.expect(samples)
        return self.expected()

    def expect(self, samples: np.ndarray) -> None:
        """Begin to hear hops to come, as `hops` takes them, after those that are expected already.

        The networks may go on listening on other threads, while earlier hops are read.
        """
        mono = (samples if samples.ndim == 2 else samples.mean(axis=2)).astype(np.float32, copy=False)
        heard = [noted(edges, self._activity) for edges in self._activity.hops(mono)]
        if self._timetable.overlap and (len(heard) > 1 or self._rows):
            if not self._rows:
                self._future = copy(self._timetable)
            since = self.now + HOP * sum(len(row.mono) for row in self._rows)
            due = self._future.ahead(since, [quick.edges for quick in heard])
            self._judge.foresee(mono, heard, due, self._timetable.close)
        self._rows.append(_Row(samples, mono, heard))

    def expected(self) -> Iterator[list[Event]]:
        """Yield the events of the hops that were expected first. Read this to its end."""
        row = self._rows.popleft()
        for given, sound, quick in zip(row.given, row.mono, row.heard, strict=True):
            self.now += HOP
            self._levels = quick.levels
            if self._leads:
                self._leads.hop(given)
            self._judge.hop(sound, quick, quick.edges)
            yield self._told(quick.edges)

    def skip_to(self, sample: int) -> list[Event]:
        """Skip missing sound up to `sample`, a multiple of HOP: close what is open and move the clock on."""
        frame = sample // FRAME
        edges = self._activity.skip_to(frame)
        self._judge.ended(edges)
        events = [event for edge in edges for event in self._voicing.quick(edge, self.now)]
        events += self._decide(self.now // FRAME, final=True) + self._units.finish(self.now)
        events += self._voicing.silence(self.now)
        self._judge.skip_to(frame)
        if self._leads:
            self._leads.skip_to(frame)
        self._begin(frame)
        return events

    def finish(self) -> list[Event]:
        """End the sound: close what is open."""
        return self.skip_to(self.now)

    def crops(self, spans: list[Span]) -> np.ndarray:
        """The voices (n, 192) heard in `spans`, which must be within the last ten minutes."""
        return voices_in(self._judge.crops, spans)

    def enrol(self, voices: dict[str, Voice]) -> None:
        """Attribute speech to these people from now on. Earlier speech keeps its attribution."""
        if not self._judge.tell_voices:
            raise Missing(NO_VOICES)
        self._attribution = Attribution({name: voice.centre for name, voice in voices.items()})

    def relieve(self, step: int) -> None:
        """Do with less from now on: from FEWER_WINDOWS on the networks listen less often; see also NO_OVERLAP."""
        self._timetable.relief = step

    def _told(self, edges: list[Began | Stopped]) -> list[Event]:
        events = [event for edge in edges for event in self._voicing.quick(edge, self.now)]
        until = self._timetable.due(self.now, edges)
        return events if until is None else events + self._decide(until // FRAME, final=False)

    def _decide(self, until: int, final: bool) -> list[Event]:
        """The units of the frames up to `until` that can be decided; with `final` all of them can."""
        known = self._next + len(self._flags)
        if until > known:
            judged = self._judge.judge(known, until, self._timetable.overlap)
            self._flags, self._look = np.concatenate([self._flags, judged.speech]), judged.look
            self._timetable.close = judged.look is not None and judged.look.two_voices()
        elif not (final and len(self._flags)):
            return []
        if self._attribution is None:
            decided = [self._everyone] * len(self._flags)
        else:
            leads = None
            if self._leads:
                self._attribution.know(self._leads.learn(self._look.crops if self._look else ()))
                leads = self._leads.evidence(self._next, self._next + len(self._flags))
            decided = self._attribution.hear(self._look, self._next, self._flags, final, leads)
        events: list[Event] = []
        for spoken, each in zip(self._flags.tolist(), decided, strict=False):
            events += self._units.frame(self._next, each.who if spoken else frozenset(), each.confidence, self.now)
            if spoken:
                self._voicing.spoke(self._next)
            self._next += 1
        self._flags = self._flags[len(decided) :]
        return self._voicing.around(events, self._units.speaking, self.now)
