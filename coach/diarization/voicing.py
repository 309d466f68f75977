"""Whether anybody speaks, as events: the quick detectors' edges, and what the networks hear beyond them.

quick      ──┐▓▓▓▓▓▓▓┌──      ──────────────
networks   ────┐▓▓▓▓▓▓▓┌─     ───┐▓▓▓▓▓▓┌───      up to a second later
events     On       Off          On        Off
"""

from __future__ import annotations

from collections.abc import Collection

from coach.core.events import Event, SpeechOn, VoiceOff, VoiceOn
from coach.vad import FRAME, JOIN, Began, Stopped


class Voicing:
    """VoiceOn when the first voice is heard, VoiceOff when the last has stopped. Frames are 10 ms."""

    def __init__(self) -> None:
        self._quick = 0  # quick detectors that hear a voice
        self.begin(0)

    def begin(self, frame: int) -> None:
        """Start anew at `frame`."""
        self._onset: int | None = None  # the sample at which the voice that is on began
        self._spoke = frame  # the frame after the last one that the networks take for speech
        self._stopped = frame  # the frame at which the last voice stopped

    def quick(self, edge: Began | Stopped, now: int) -> list[Event]:
        """The events of one quick detector's edge."""
        at = min(edge.at, now)
        if isinstance(edge, Stopped):
            self._quick -= 1
            return [] if self._quick else [self._off(at, edge.span.end)]
        self._quick += 1
        if self._onset is not None:
            return []
        self._onset = edge.onset
        return [VoiceOn(at=at, onset=edge.onset)]

    def spoke(self, frame: int) -> None:
        """The networks take `frame` for speech."""
        self._spoke = frame + 1

    def around(self, events: list[Event], speaking: Collection[str], now: int) -> list[Event]:
        """The networks' `events`, after which `speaking` speak, in the voice to which they belong.

        A voice that the quick detectors missed begins before them; it stops after them, once nobody speaks.
        """
        if self._onset is None and speaking and self._spoke > self._stopped + JOIN:
            onsets = [event.onset for event in events if isinstance(event, SpeechOn)]
            self._onset = max(self._stopped * FRAME, min(onsets, default=0))
            return [VoiceOn(at=now, onset=self._onset), *events]
        return events if self._quick or speaking else events + self.silence(now)

    def silence(self, now: int) -> list[Event]:
        """The end of a voice that is still on."""
        return [] if self._onset is None else [self._off(now, max(self._onset, self._spoke * FRAME))]

    def _off(self, at: int, end: int) -> VoiceOff:
        self._onset, self._stopped = None, end // FRAME
        return VoiceOff(at=at, end=end)
