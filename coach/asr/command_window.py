"""The last few words spoken by anybody, which may be a command to the coach, recognised as soon as they end.

The speaker is known only 0.4 s later, and a command does not wait for that. A name and a command with a pause between
them are recognised together, because a single word is often misrecognised:

    Ana   ████████████████████        ███    ███
                                 1 s          ▲ these two are recognised as one sound, 0.2 s after their end

Speech that goes on for longer than a command could is skipped here, which leaves the recogniser free for the normal
spans.

>>> from coach.core.events import VoiceOn
>>> window, stopped = CommandWindow(), VoiceOff(at=11200, end=8000)
>>> window.hear(stopped, SpeechState().after(VoiceOn(at=1600, onset=0)).after(stopped))
Span(start=0, end=9600)
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.asr.endpointer import ENDPOINTER
from coach.conversation import SpeechState
from coach.core.events import Event, VoiceOff
from coach.core.span import RATE, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandWindowConfig:
    """Which voices may be a command to the coach. Times are in samples; `least` and `pad` are the endpointer's."""

    together: int = RATE  # of silence, under which two voices may be one command
    longest: int = 3 * RATE  # from the first voice's onset; a name and a command take half of it without a pause
    least: int = ENDPOINTER.least
    pad: int = ENDPOINTER.pad


class CommandWindow:
    """Voices that are close together and short in all."""

    def __init__(self, config: CommandWindowConfig = CommandWindowConfig()) -> None:
        self._config = config
        self._voices = Span(0, 0)  # from the first to the last of those that are close together

    def hear(self, event: Event, speech: SpeechState) -> Span | None:
        """The padded span to recognise if `event` ends a voice; None for other events and if the span is too long.

        `speech` is the state after `event`.
        """
        if isinstance(event, VoiceOff) and speech.stopped is not None:
            return self._stopped(speech.stopped, event.at)
        return None

    def _stopped(self, voice: Span, at: int) -> Span | None:
        if voice.duration < self._config.least:
            return None
        together = self._voices and voice.start - self._voices.end < self._config.together
        self._voices = self._voices | voice if together else voice
        if self._voices.duration > self._config.longest:
            return None
        pad = self._config.pad
        return Span(max(self._voices.start - pad, 0), min(voice.end + pad, at))
