"""The last few words in the room, whoever said them: what to read at once when it falls silent.

Whose words they were is known two fifths of a second later. Somebody who asks the coach for something need not wait for
that; but a name and a wish with a pause between are understood only together, because one word alone is misread:

    Ana   ████████████████████        ███    ███
                                 1 s          ▲ these two voices are read as one sound, 0.2 s after their end

Whoever talks on is not asking the coach for anything: of voices that follow one another for longer than a wish takes,
none is read here, so that the recogniser is not kept from reading what they said.

>>> from coach.core.events import VoiceOn
>>> window, stopped = CommandWindow(), VoiceOff(at=11200, end=8000)
>>> window.hear(stopped, SpeechState().after(VoiceOn(at=1600, onset=0)).after(stopped))
Span(start=0, end=9600)
"""

from __future__ import annotations

from coach.asr.endpointer import LEAST, PAD
from coach.conversation import SpeechState
from coach.core.events import Event, VoiceOff
from coach.core.span import RATE, Span

TOGETHER = RATE  # samples of silence, under which two voices may be one wish
LONGEST = 3 * RATE  # samples from the first voice's beginning; a name and a wish take half of it without a pause


class CommandWindow:
    """Voices that are close together and short in all."""

    def __init__(self) -> None:
        self._voices = Span(0, 0)  # from the first to the last of those that are close together

    def hear(self, event: Event, speech: SpeechState) -> Span | None:
        """The span to read now, padded, when a voice has stopped; None for what is too long, and for no voice.

        `speech` is the state after `event`.
        """
        if isinstance(event, VoiceOff) and speech.stopped is not None:
            return self._stopped(speech.stopped, event.at)
        return None

    def _stopped(self, voice: Span, at: int) -> Span | None:
        if voice.duration < LEAST:
            return None
        together = self._voices and voice.start - self._voices.end < TOGETHER
        self._voices = self._voices | voice if together else voice
        if self._voices.duration > LONGEST:
            return None
        return Span(max(self._voices.start - PAD, 0), min(voice.end + PAD, at))
