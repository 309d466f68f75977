"""The check-in: each person says a sentence or two, so that the coach learns their voice.

Pure. `CheckIn` hears when somebody speaks and counts, for one person after another:

    asked    speech          speech        silence
    Ana ─┤   ▓▓▓▓▓▓▓▓        ▓▓▓▓▓▓▓▓▓▓    ├ 1 s ┤ Accepted(Ana, both spans)      four seconds in all, then a pause
    Ben ─┤   ▓▓▓▓            ├──── 5 s ────┤ Asked("A little more, Ben.")         too little: once, no more

It never hurries: before anybody has said anything it waits, however long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coach.coaching.catalogue import Catalogue
from coach.conversation import SpeechState
from coach.core.events import Event, VoiceOff, VoiceOn
from coach.core.span import RATE, Span

NEED = 4 * RATE  # samples of speech from which a voice can be learnt
PAUSE = 1 * RATE  # samples of silence after which a person has said what they wanted to say
PATIENCE = 5 * RATE  # samples of silence after too little speech, before a word of encouragement


@dataclass(frozen=True, slots=True)
class Asked:
    """Say and show `text` now; it is for `who`."""

    at: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """`who` has said enough: their speech lies in `spans`."""

    at: int
    who: str
    spans: tuple[Span, ...]


class CheckIn:
    """Asks `people` in order, from the sample `begins` on.

    After `Accepted` the next person is asked at the next tick. The loop may call `reject(who)` when the voice turned
    out to be the one before, best in the same hop, and `skip()` to leave the rest out. `prompt` is what the screen
    shows, empty when done; `person` is who is asked, None when done. `need` and `pause` are samples.
    """

    def __init__(
        self, people: Iterable[str], catalogue: Catalogue, *, begins: int = 0, need: int = NEED, pause: int = PAUSE
    ) -> None:
        self._catalogue = catalogue
        self._waiting = list(people)
        self._need, self._pause = need, pause
        self._ask = "checkin_ask"
        self._asked = False
        self._encouraged = False
        self._from = begins
        self._spans: list[Span] = []
        self._counts = False  # whether the voice that sounds began when somebody was listening for it

    @property
    def done(self) -> bool:
        return not self._waiting

    @property
    def person(self) -> str | None:
        return self._waiting[0] if self._waiting else None

    @property
    def prompt(self) -> str:
        return self._catalogue.line(self._ask, name=self._waiting[0]) if self._waiting else ""

    def said(self, speech: SpeechState) -> int:
        """Samples of speech from the person asked so far; enough is `need`."""
        going_on = self._counts and speech.voice is not None
        counted = Span(max(speech.voice or 0, self._from), speech.now).duration if going_on else 0
        return sum(span.duration for span in self._spans) + counted

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Takes in VoiceOn and VoiceOff, `speech` being the state after it; everything else is let by.

        A voice whose VoiceOn was not given here does not count.
        """
        match event:
            case VoiceOn():
                self._counts = True
            case VoiceOff() if self._counts and speech.stopped is not None:
                self._counts = False
                if said := speech.stopped & Span(self._from, speech.stopped.end):
                    self._spans.append(said)

    def tick(self, speech: SpeechState) -> list[Asked | Accepted]:
        """What is due at the sample `speech.now`; call it once per hop."""
        now = speech.now
        if self.done:
            return []
        if not self._asked:
            self._asked = True
            return [Asked(now, self._waiting[0], self.prompt)]
        if (self._counts and speech.voice is not None) or not self._spans:
            return []
        silence = now - self._spans[-1].end
        if self.said(speech) >= self._need:
            return [self._accept(now)] if silence >= self._pause else []
        if silence >= PATIENCE and not self._encouraged:
            self._encouraged = True
            self._ask = "checkin_more"
            return [Asked(now, self._waiting[0], self.prompt)]
        return []

    def reject(self, who: str) -> None:
        """The voice taken for `who` was somebody else's: ask `who` again, from the beginning."""
        if self.person != who:
            self._waiting.insert(0, who)
        self._start("checkin_again")

    def skip(self) -> None:
        """Leaves out whoever has not been heard yet."""
        self._waiting.clear()

    def _accept(self, now: int) -> Accepted:
        accepted = Accepted(now, self._waiting.pop(0), tuple(self._spans))
        self._start("checkin_ask")
        return accepted

    def _start(self, ask: str) -> None:
        self._ask, self._asked, self._encouraged = ask, False, False
        self._spans = []
