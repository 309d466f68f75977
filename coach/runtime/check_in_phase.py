"""The beginning of a session on one microphone: each person says a sentence, and names meet voices.

The coaching room decides when somebody has said enough; here the ear learns from it, listens whether two voices are
really two, and tells everyone that they were heard.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from coach.coaching import Accepted, Asked, Catalogue, CheckIn
from coach.conversation import SpeechState
from coach.core.events import Enrolled, Event, Notice, VoiceOn
from coach.hearing import Ear, Voice, alike, learn_voice


class Speaks(Protocol):
    """The coach's own voice: `say` a kind of the catalogue; `announcing` while nobody else is to speak yet."""

    def say(self, kind: str, text: str) -> None: ...

    @property
    def announcing(self) -> bool: ...


SKIPPED = (
    "no voice was learnt: with one microphone the coach cannot tell who speaks, so there will be no cue for "
    "answering too soon; pauses are counted all the same"
)


class CheckInPhase:
    """The check-in of `people` on `ear`, which gets its voices at the end. `output` says aloud what there is to say."""

    def __init__(self, ear: Ear, people: tuple[str, ...], catalogue: Catalogue, output: Speaks) -> None:
        self._ear = ear
        self._check_in = CheckIn(people, catalogue)
        self._output = output
        self._colours: dict[str, np.ndarray] = {}  # of what each has said; the ear forgets after ten minutes
        self._voices: dict[str, Voice] = {}
        self._asked_again: set[str] = set()

    @property
    def done(self) -> bool:
        return self._check_in.done

    @property
    def prompt(self) -> str:
        """What to show; empty when done."""
        return self._check_in.prompt

    @property
    def voices(self) -> dict[str, Voice]:
        """The voices learnt so far."""
        return dict(self._voices)

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Voices count once the coach has said what everybody has to hear: before, one of them may be its own."""
        if not (isinstance(event, VoiceOn) and self._output.announcing):
            self._check_in.hear(event, speech)

    def tick(self, speech: SpeechState) -> list[Event]:
        """Events of this hop: who was learnt, and what to know about it."""
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
        """Goes on without whoever was not heard. Voices are of use only when everybody's is known."""
        self._check_in.skip()
        self._voices.clear()
        return [Notice(at=now, text=SKIPPED)]

    def _learn(self, accepted: Accepted) -> list[Event]:
        who, spans = accepted.who, list(accepted.spans)
        events: list[Event] = []
        colours = self._ear.colours(spans)
        double = next((name for name, theirs in self._colours.items() if alike(theirs, colours)), None)
        if double is not None and who not in self._asked_again:
            self._asked_again.add(who)
            self._check_in.reject(who)
            return []
        if double is not None:
            text = f"the voices of {double} and {who} are hard to tell apart, so a cue may be missing or misdirected"
            events.append(Notice(at=accepted.at, text=text))
        self._colours[who] = colours
        self._voices[who] = learn_voice(colours)
        self._output.say("heard", "")
        return [*events, Enrolled(at=accepted.at, who=who, span=spans[0] | spans[-1])]
