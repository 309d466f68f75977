"""The check-in alone: voices are learnt from a microphone or a recording, without a conversation after it.

    source ─► echo canceller ─► ear ─► CheckInPhase ─► prompts, and in the end a voice for each person

A recording is processed at full speed and silently, since nobody in it could hear the prompts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from coach.audio import Block, EchoCanceller, Samples, Source, Waiting, hops
from coach.coaching import Catalogue
from coach.conversation import SpeechState
from coach.core.errors import BadInput
from coach.core.events import DeviceOpened, Event, VoiceOff, VoiceOn
from coach.core.span import HOP, RATE
from coach.hearing import SILERO, Detector, Ear, Senses, Voice, heard_at
from coach.runtime.check_in_phase import CheckInPhase, Speaks

LAST_WORDS = 2 * RATE  # samples of silence after a recording: it may end with the last sentence, mid-breath


class Aloud(Speaks, Protocol):
    """What the check-in needs of a voice that people in the room hear: `CueOutput` is the real one."""

    def follow(self, speech: SpeechState) -> None: ...

    def reference(self, n: int) -> Samples: ...

    def skip(self, n: int) -> None: ...


class Unheard:
    """The voice of a coach whose people cannot hear it."""

    announcing = False

    def say(self, kind: str, text: str) -> None:
        """Nothing sounds."""

    def follow(self, speech: SpeechState) -> None:
        """Nothing sounds, so nothing gives way."""

    def reference(self, n: int) -> Samples:
        return np.zeros(n, np.float32)

    def skip(self, n: int) -> None:
        """Nothing sounds, so nothing goes on."""


def learn_voices(
    source: Source,
    people: tuple[str, ...],
    *,
    catalogue: Catalogue,
    output: Aloud,
    show: Callable[[Event], None],
    prompt: Callable[[str], None],
    detector: Detector = SILERO,
) -> dict[str, Voice]:
    """The voices of all `people`, in the order in which they are asked. Ends, and closes `source`, once they are known.

    `show` gets what happens on the way (who was learnt, notices, devices that come and go), `prompt` what to show while
    voices are learnt. Raises BadInput when the sound ends before everybody was heard.
    """
    ear = Ear(senses=Senses(detector))
    beginning = CheckInPhase(ear, people, catalogue, output)
    live = source.length is None
    echo = EchoCanceller(source.channels) if live else None
    shown, speech = "", SpeechState()
    try:
        for item in _with_last_words(source):
            if isinstance(item, Block):
                output.skip(item.start - ear.now)
                far = output.reference(HOP)
                sound = echo.clean(item.samples, far) if echo is not None else item.samples
                for event in heard_at(ear, item.start, sound):
                    if isinstance(event, VoiceOn | VoiceOff):  # nobody has a name yet
                        speech = speech.after(event)
                        beginning.hear(event, speech)
                speech = speech.at(ear.now)
                output.follow(speech)
                events = beginning.tick(speech)
            elif isinstance(item, Waiting):
                continue
            else:
                speech = speech.after(item)
                output.follow(speech)
                events = [] if isinstance(item, DeviceOpened) else [item]
            for event in events:
                show(event)
            if beginning.done:
                return beginning.voices
            if beginning.prompt != shown:
                shown = beginning.prompt
                prompt(shown)
    finally:
        source.close()
    missing = [who for who in people if who not in beginning.voices]
    raise BadInput(
        f"{source.name} ended before {' and '.join(missing)} had said enough, so no voice was learnt; "
        "each needs four seconds of speech, one after the other, with a pause of a second after it"
    )


def _with_last_words(source: Source) -> Iterator[Block | Event]:
    """The source on the grid of hops; after a recording, silence in which the last sentence can end."""
    end, channels = 0, source.channels
    for item in hops(source.blocks()):
        if isinstance(item, Block):
            end = item.end
        yield item
    if source.length is not None:
        for start in range(end, end + LAST_WORDS, HOP):
            yield Block(start, np.zeros((HOP, channels), np.float32))
