"""The check-in of a session on one microphone: each person says a sentence, and the coach learns their voice.

`coach.coaching` decides when somebody has said enough. This module lets the ear learn the voice, checks that it differs
from the voices before, and confirms it to the person.
"""

from __future__ import annotations

from typing import Protocol

from coach.coaching import Accepted, Asked, Catalogue, CheckIn
from coach.conversation import SpeechState
from coach.core.events import Enrolled, Event, Notice, VoiceOn
from coach.core.messages import Message
from coach.diarization import Ear, Voice, alike, learn_voice


class Speaks(Protocol):
    """The part of `CueOutput` that this phase uses."""

    def say(self, kind: str, text: str) -> None:
        """Say `text` of the catalogue's `kind`, "" for a tone. Returns at once."""
        ...

    @property
    def announcing(self) -> bool:
        """Whether lines that everybody must hear are still playing, so that no voice may count yet."""
        ...


class CheckInPhase:
    """The check-in of `people` on `ear`, which gets their voices at the end. `output` speaks the lines."""

    def __init__(self, ear: Ear, people: tuple[str, ...], catalogue: Catalogue, output: Speaks) -> None:
        self._ear = ear
        self._check_in = CheckIn(people, catalogue)
        self._output = output
        self._voices: dict[str, Voice] = {}
        self._asked_again: set[str] = set()

    @property
    def done(self) -> bool:
        """Whether everybody was heard or left out."""
        return self._check_in.done

    @property
    def prompt(self) -> str:
        """The text to show; empty when done."""
        return self._check_in.prompt

    @property
    def voices(self) -> dict[str, Voice]:
        """The voices learnt so far."""
        return dict(self._voices)

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Takes an event. Voices count only after the lines for everybody, because the coach may hear itself before."""
        if not (isinstance(event, VoiceOn) and self._output.announcing):
            self._check_in.hear(event, speech)

    def tick(self, speech: SpeechState) -> list[Event]:
        """The events of this hop: enrolments, and notices about them."""
        events: list[Event] = []
        for step in self._check_in.tick(speech):
            if isinstance(step, Asked):
                self._output.say("checkin_ask", step.text)
            else:
                events += self._learn(step)
        if self.done and self._voices:
            self._ear.enrol(self._voices)
        return events

    def skip(self, now: int) -> list[Event]:
        """Goes on without the people who were not heard. Voices are used only if all of them are known."""
        self._check_in.skip()
        self._voices.clear()
        return [Notice(at=now, text=Message("notice.no_voice_learnt"))]

    def _learn(self, accepted: Accepted) -> list[Event]:
        who, spans = accepted.who, list(accepted.spans)
        events: list[Event] = []
        crops = self._ear.crops(spans)
        if not len(crops):
            self._check_in.ask_more(who)
            return []
        voice = learn_voice(crops)
        double = next((name for name, theirs in self._voices.items() if alike(theirs, voice)), None)
        if double is not None and who not in self._asked_again:
            self._asked_again.add(who)
            self._check_in.reject(who)
            return []
        if double is not None:
            events.append(Notice(at=accepted.at, text=Message("notice.alike", one=double, other=who)))
        self._voices[who] = voice
        self._output.say("heard", "")
        return [*events, Enrolled(at=accepted.at, who=who, span=spans[0] | spans[-1])]
