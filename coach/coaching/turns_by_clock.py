"""Turns by the clock: one person shares and the other listens; at half-time a bowl sounds and they swap roles.

Pure. The exercise wraps a `Coach` and has the same interface. It passes only cues that fit the roles: the listener can
get a cue for answering too soon, and the sharer can get an invitation inward.

    Ana   ▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓ ▓▓▓▓ ♪        ▓▓
    Ben             ▓                 ▓▓▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓ ♪ "Ana, what is still with you …?" "Ben, …?"
          ├──────── half-time ──────┤├──────── half-time ──────┤

The bowl may sound while somebody speaks, since people asked for it. The line after it waits for silence, for
`TurnsConfig.wait` at most; the screen shows it in any case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import cycle

from coach.coaching.cases import SharingRun
from coach.coaching.catalogue import Catalogue, Line
from coach.coaching.coach import Coach
from coach.conversation import SpeechState
from coach.core.events import Cue, Event, FloorTaken, Notice
from coach.core.span import RATE, as_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnsConfig:
    """When the line after the bowl may be said. All times are samples."""

    wait: int = 20 * RATE  # nearly every turn has ended by then, and a later line would disturb the other's sharing
    natural_end: int = 1 * RATE  # the silence before the coach speaks, as for its cues


def turn_questions(catalogue: Catalogue, people: Iterable[str]) -> list[Line]:
    """One question for each person, to look back on the exercise."""
    kind = "turns_question"
    wordings = cycle(catalogue[kind].wordings)
    return [Line(kind, wording.format(name=who)) for who, wording in zip(people, wordings, strict=False)]


class TurnsByClock:
    """The exercise for two `people`; the first one shares first. `length` is the whole exercise, in samples."""

    def __init__(
        self,
        coach: Coach,
        catalogue: Catalogue,
        people: tuple[str, str],
        length: int,
        config: TurnsConfig = TurnsConfig(),
    ) -> None:
        self._config = config
        self._coach, self._catalogue, self._people = coach, catalogue, people
        self._half = length // 2
        self._begins = 0
        self._changes = 0  # the number of bowls that have sounded
        self._waiting: tuple[int, Line] | None = None  # the line that waits for silence, and the sample since when
        self._due: list[Line] = []

    @property
    def sharer(self) -> str | None:
        """The person who shares now; None when the exercise is over."""
        return None if self.over else self._people[self._changes]

    @property
    def listener(self) -> str | None:
        """The person who listens now; None when the exercise is over."""
        return None if self.over else self._people[1 - self._changes]

    @property
    def over(self) -> bool:
        """Whether both bowls have sounded."""
        return self._changes == 2

    @property
    def opening(self) -> Line:
        """The line to say before the exercise begins."""
        return self._roles("turns_begin", *self._people)

    def lines(self) -> list[Line]:
        """The lines to say aloud that became due since the last call, in order."""
        due, self._due = self._due, []
        return due

    # ------------------------------------------------------------------------------------------------ as a coach

    def begin(self, now: int) -> None:
        """The clock starts at the sample `now`."""
        self._begins = now
        self._coach.begin(now)

    def lose_words(self) -> None:
        """Goes on without a recogniser, as `Coach` does."""
        self._coach.lose_words()

    def speak(self, catalogue: Catalogue) -> None:
        """Takes the wordings of cues and lines from `catalogue` from now on."""
        self._catalogue = catalogue
        self._coach.speak(catalogue)

    def hear(self, event: Event) -> None:
        """Takes an event for the coach; that the sharer takes a turn answers nobody."""
        if isinstance(event, FloorTaken) and event.who != self.listener:
            event = replace(event, after_share=False)  # the sharer takes their own turn and answers nobody
        self._coach.hear(event)

    def consider(self, run: SharingRun) -> None:
        """Takes an estimate for the coach; only the sharer is invited inward."""
        if run.who != self.sharer:
            run = replace(run, events=False)
        self._coach.consider(run)

    def tick(self, speech: SpeechState) -> list[Event]:
        """The coach's cues, and the bowl and its notice at the end of each half. Call it once per hop."""
        now = speech.now
        events = self._coach.tick(speech)
        if not self.over and now - self._begins >= (self._changes + 1) * self._half:
            self._changes += 1
            events += self._bowl(now)
        self._say_in_silence(speech)
        return events

    def finish(self, now: int) -> list[Event]:
        """The cues that were still undecided at the sample `now`, when the talk ended."""
        return self._coach.finish(now)

    # ------------------------------------------------------------------------------------------------- by the clock

    def _bowl(self, now: int) -> list[Event]:
        """The bowl that ends a half, and the notice of who shares now."""
        sharer, listener = self.sharer, self.listener
        bowl = Cue(
            at=now,
            kind="turn_over",
            form="tone",
            text="",
            to=None,  # it ends the turn of one and begins that of the other
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
        if speech.now - since >= self._config.wait:
            self._waiting = None
        elif speech.silence >= self._config.natural_end:
            self._waiting = None
            self._due.append(line)

    def _roles(self, kind: str, sharer: str, listener: str) -> Line:
        return Line(kind, self._catalogue.line(kind, sharer=sharer, listener=listener))
