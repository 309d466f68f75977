"""The check-in alone: learns voices from a microphone or a recording, without a conversation after it.

    source ─► echo canceller ─► ear ─► CheckInPhase ─► prompts, and finally a voice for each person

A recording is processed at full speed and silently, since nobody in it could hear the prompts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from coach.audio import Block, EchoCanceller, Samples, Source, Waiting, hops
from coach.coaching import Catalogue, CheckInConfig
from coach.conversation import SpeechState
from coach.core.errors import BadInput
from coach.core.events import DeviceOpened, Event, VoiceOff, VoiceOn
from coach.core.span import HOP
from coach.diarization import Ear, Senses, Voice, heard_at
from coach.runtime.check_in_phase import CheckInPhase, Speaks
from coach.vad import SILERO, Detector

LAST_WORDS = 2 * CheckInConfig().pause  # samples of silence after a recording that ends with the last word


class InStep(Protocol):
    """The part of `CueOutput` that goes along with the microphone, hop by hop."""

    def follow(self, speech: SpeechState) -> None:
        """Take the state of speech, once a hop: the coach gives way to whoever begins to speak."""
        ...

    def reference(self, n: int) -> Samples:
        """The next `n` samples of the far end, (n,) float32 at 16 kHz, for the echo canceller."""
        ...

    def skip(self, n: int) -> None:
        """Let `n` samples pass for which there is no microphone sound; none if `n` is 0."""
        ...


class Aloud(Speaks, InStep, Protocol):
    """The part of `CueOutput` that the check-in uses to speak to people in the room."""


class Unheard:
    """Stands in for `CueOutput` if nobody can hear the coach."""

    announcing = False

    def say(self, kind: str, text: str) -> None:
        """Does nothing."""

    def follow(self, speech: SpeechState) -> None:
        """Does nothing, since nothing is playing that could give way."""

    def reference(self, n: int) -> Samples:
        """Zeros (n,), since nothing is played."""
        return np.zeros(n, np.float32)

    def skip(self, n: int) -> None:
        """Does nothing, since nothing is playing that could go on."""


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
    """Learns the voices of all `people`, who are asked in this order, and closes `source` at the end.

    `show` gets the events on the way (enrolments, notices, devices that come and go), and `prompt` the text to show.
    Raises BadInput if the sound ends before everybody was heard.
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
                    if isinstance(event, VoiceOn | VoiceOff):  # no voice has a name yet
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
    """The source as hops; a recording is followed by silence in which the last sentence can end."""
    end, channels = 0, source.channels
    for item in hops(source.blocks()):
        if isinstance(item, Block):
            end = item.end
        yield item
    if source.length is not None:
        for start in range(end, end + LAST_WORDS, HOP):
            yield Block(start, np.zeros((HOP, channels), np.float32))
