"""The check-in: each person says a sentence or two, so that the coach learns their voice.

Pure. `CheckIn` measures the speech of one person after another:

    asked    speech          speech        silence
    Ana ─┤   ▓▓▓▓▓▓▓▓        ▓▓▓▓▓▓▓▓▓▓    ├ 1 s ┤ Accepted(Ana, both spans)      four seconds in all, then a pause
    Ben ─┤   ▓▓▓▓            ├──── 5 s ────┤ Asked("A little more, Ben.")         too little: asked once, not again

It never hurries: it waits without limit until somebody has spoken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coach.coaching.catalogue import Catalogue
from coach.conversation import SpeechState
from coach.core.events import Event, VoiceOff, VoiceOn
from coach.core.span import RATE, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInConfig:
    """How much each person has to say. All times are samples."""

    need: int = 4 * RATE  # the least speech from which a voice can be learnt
    pause: int = 1 * RATE  # after this much silence, a person has finished
    patience: int = 5 * RATE  # after this much silence and too little speech, they are encouraged once


CONFIG = CheckInConfig()


@dataclass(frozen=True, slots=True)
class Asked:
    """Say and show `text` to `who` at the sample `at`."""

    at: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """`who` has said enough at the sample `at`; `spans` holds their speech."""

    at: int
    who: str
    spans: tuple[Span, ...]


class CheckIn:
    """Asks `people` in order, from the sample `begins` on.

    After `Accepted`, the next person is asked at the next tick. Call `reject(who)`, best in the same hop, if the voice
    is that of the person before, `ask_more(who)` if it was none, and `skip()` to leave the rest out.
    """

    def __init__(
        self, people: Iterable[str], catalogue: Catalogue, *, begins: int = 0, config: CheckInConfig = CONFIG
    ) -> None:
        self._catalogue = catalogue
        self._waiting = list(people)
        self._config = config
        self._ask = "checkin_ask"
        self._asked = False
        self._encouraged = False
        self._from = begins
        self._spans: list[Span] = []
        self._counts = False  # whether the current voice began after somebody was asked

    @property
    def done(self) -> bool:
        """Whether everybody was accepted or left out."""
        return not self._waiting

    @property
    def person(self) -> str | None:
        """The person who is asked now; None when done."""
        return self._waiting[0] if self._waiting else None

    @property
    def prompt(self) -> str:
        """The text for the screen; empty when done."""
        return self._catalogue.line(self._ask, name=self._waiting[0]) if self._waiting else ""

    def said(self, speech: SpeechState) -> int:
        """Samples of speech so far from the person who is asked; `config.need` is enough."""
        going_on = self._counts and speech.voice is not None
        counted = Span(max(speech.voice or 0, self._from), speech.now).duration if going_on else 0
        return sum(span.duration for span in self._spans) + counted

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Takes VoiceOn and VoiceOff and ignores all other events. `speech` is the state after the event.

        A voice counts only if this object has heard its VoiceOn.
        """
        match event:
            case VoiceOn():
                self._counts = True
            case VoiceOff() if self._counts and speech.stopped is not None:
                self._counts = False
                if said := speech.stopped & Span(self._from, speech.stopped.end):
                    self._spans.append(said)

    def tick(self, speech: SpeechState) -> list[Asked | Accepted]:
        """The steps due at the sample `speech.now`. Call it once per hop."""
        now = speech.now
        if self.done:
            return []
        if not self._asked:
            self._asked = True
            return [Asked(now, self._waiting[0], self.prompt)]
        if (self._counts and speech.voice is not None) or not self._spans:
            return []
        silence = now - self._spans[-1].end
        if self.said(speech) >= self._config.need:
            return [self._accept(now)] if silence >= self._config.pause else []
        if silence >= self._config.patience and not self._encouraged:
            self._encouraged = True
            self._ask = "checkin_more"
            return [Asked(now, self._waiting[0], self.prompt)]
        return []

    def reject(self, who: str) -> None:
        """Asks `who` again from the beginning: the voice was somebody else's."""
        self._again(who, "checkin_again")

    def ask_more(self, who: str) -> None:
        """Asks `who` again from the beginning: what sounded like speech had no voice in it."""
        self._again(who, "checkin_more")

    def _again(self, who: str, ask: str) -> None:
        if self.person != who:
            self._waiting.insert(0, who)
        self._start(ask)

    def skip(self) -> None:
        """Leaves out everybody who has not been accepted yet."""
        self._waiting.clear()

    def _accept(self, now: int) -> Accepted:
        accepted = Accepted(now, self._waiting.pop(0), tuple(self._spans))
        self._start("checkin_ask")
        return accepted

    def _start(self, ask: str) -> None:
        self._ask, self._asked, self._encouraged = ask, False, False
        self._spans = []
