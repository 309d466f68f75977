"""Turns by the clock: one shares and the other listens; at half time a bowl, and the roles change.

Pure. The exercise stands around a `Coach` and is asked like one. It lets through only what fits the roles: cues for
answering too soon are for whoever listens now, an invitation inward is for whoever shares.

    Ana   ▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓ ▓▓▓▓ ♪        ▓▓
    Ben             ▓                 ▓▓▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓ ♪ "Ana, what stayed with you …?" "Ben, …?"
          ├──────── half time ──────┤├──────── half time ──────┤

The bowl may sound under somebody's words: they asked for it. What is said after it waits for silence, at most `WAIT`;
it is shown in any case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import cycle

from coach.coaching.cases import SharingRun
from coach.coaching.catalogue import Catalogue, Line
from coach.coaching.coach import Coach
from coach.conversation import SpeechState
from coach.core.events import Cue, Event, FloorTaken, Notice
from coach.core.span import RATE, as_seconds

WAIT = 20 * RATE  # samples: longer than nearly every turn's rest; later, the words would fall into the other's sharing
NATURAL_END = 1 * RATE  # samples of silence before the coach speaks, as with its cues


def turn_questions(catalogue: Catalogue, people: Iterable[str]) -> list[Line]:
    """A question to look back with, one for each."""
    kind = "turns_question"
    wordings = cycle(catalogue[kind].wordings)
    return [Line(kind, wording.format(name=who)) for who, wording in zip(people, wordings, strict=False)]


class TurnsByClock:
    """`people` are two, the first one shares first; `length` is of the whole exercise, in samples.

    `lines` gives what is to be said aloud, once each, in order; `over` is true after the second half.
    """

    def __init__(self, coach: Coach, catalogue: Catalogue, people: tuple[str, str], length: int) -> None:
        self._coach, self._catalogue, self._people = coach, catalogue, people
        self._half = length // 2
        self._length = length
        self._begins = 0
        self._changes = 0  # how many bowls sounded
        self._waiting: tuple[int, Line] | None = None  # since when it waits for silence
        self._due: list[Line] = []

    @property
    def sharer(self) -> str | None:
        """Who shares now; None when it is over."""
        return None if self.over else self._people[self._changes]

    @property
    def listener(self) -> str | None:
        return None if self.over else self._people[1 - self._changes]

    @property
    def over(self) -> bool:
        return self._changes == 2

    @property
    def opening(self) -> Line:
        """What is said before the talk."""
        return self._roles("turns_begin", *self._people)

    def lines(self) -> list[Line]:
        """What is to be said now, since this was last asked."""
        due, self._due = self._due, []
        return due

    # ------------------------------------------------------------------------------------------------ as a coach

    def begin(self, now: int) -> None:
        """The clock starts at the sample `now`."""
        self._begins = now
        self._coach.begin(now)

    def read_no_more(self) -> None:
        self._coach.read_no_more()

    def hear(self, event: Event) -> None:
        if isinstance(event, FloorTaken) and event.who != self.listener:
            event = replace(event, after_share=False)  # whose turn it is takes it, and answers nobody
        self._coach.hear(event)

    def consider(self, stretch: SharingRun) -> None:
        if stretch.who != self.sharer:
            stretch = replace(stretch, events=False)
        self._coach.consider(stretch)

    def tick(self, speech: SpeechState) -> list[Event]:
        """The coach's cues, and what is due by the clock."""
        now = speech.now
        events = self._coach.tick(speech)
        if not self.over and now - self._begins >= (self._changes + 1) * self._half:
            self._changes += 1
            events += self._bowl(now)
        self._say_in_silence(speech)
        return events

    def finish(self, now: int) -> list[Event]:
        return self._coach.finish(now)

    # ------------------------------------------------------------------------------------------------- by the clock

    def _bowl(self, now: int) -> list[Event]:
        """The sound that a half is over, and who shares now."""
        sharer, listener = self.sharer, self.listener
        bowl = Cue(
            at=now,
            kind="turn_over",
            form="tone",
            text="",
            to=sharer or self._people[1],
            given=True,
            held_back=None,
            because={"since_beginning_s": as_seconds(now - self._begins)},
        )
        if sharer is None or listener is None:
            return [bowl]
        line = self._roles("turns_change", sharer, listener)
        self._waiting = (now, line)
        return [bowl, Notice(at=now, text=line.text)]

    def _say_in_silence(self, speech: SpeechState) -> None:
        if self._waiting is None:
            return
        since, line = self._waiting
        if speech.now - since >= WAIT:
            self._waiting = None
        elif speech.silence >= NATURAL_END:
            self._waiting = None
            self._due.append(line)

    def _roles(self, kind: str, sharer: str, listener: str) -> Line:
        return Line(kind, self._catalogue.line(kind, sharer=sharer, listener=listener))
