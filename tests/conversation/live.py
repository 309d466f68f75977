"""A tracker with the state of speech that a pipeline would pass to it."""

from __future__ import annotations

from coach.conversation import DEFAULTS, SpeechState, Timing, Tracker
from coach.core.events import Event, FloorTaken


class Live(Tracker):
    """Takes only events and the time, and keeps the state of speech in `speech`."""

    def __init__(self, lag: int = 0, timing: Timing = DEFAULTS) -> None:
        super().__init__(timing, lag)
        self.speech = SpeechState()

    def heard(self, event: Event) -> None:
        self.speech = self.speech.after(event)
        self.hear(event, self.speech)

    def at(self, now: int) -> list[FloorTaken]:
        self.speech = self.speech.at(now)
        return self.tick(self.speech)
