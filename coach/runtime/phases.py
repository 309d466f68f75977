"""The phases before the talk, one after another: the check-in, the guided beginning, the first words.

During these phases, speech is attributed to nobody and does not count. A key skips the current phase.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from coach.coaching import Practice, silence_after
from coach.conversation import SpeechState
from coach.core.events import Event, VoiceOn
from coach.core.span import RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidedConfig:
    """How sentences that the coach says follow on what was said before. Times are samples."""

    breath: int = 3 * RATE // 2  # between what was said before and a beginning: it is another thing


CONFIG = GuidedConfig()


class Phase(Protocol):
    """One phase. `prompt` is the text to show, empty when done."""

    @property
    def done(self) -> bool: ...

    @property
    def prompt(self) -> str: ...

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Take an event, and the state of speech after it."""
        ...

    def tick(self, speech: SpeechState) -> list[Event]:
        """Go on by a hop: the events that follow from it. `speech.now` is the sample."""
        ...

    def skip(self, now: int) -> list[Event]:
        """Somebody wants to leave this phase at the sample `now`."""
        ...


class Aloud(Protocol):
    """The part of `CueOutput` that phases use; `busy` is true while anything given to `say` has not ended."""

    def say(self, kind: str, text: str) -> None: ...

    @property
    def busy(self) -> bool: ...


class Guided:
    """Sentences of the catalogue's `kind`, spoken with silences between them. They begin `BREATH` after other lines."""

    def __init__(
        self, kind: str, sentences: Sequence[str], output: Aloud, silence: Callable[[str], int] = silence_after
    ) -> None:
        self._kind, self._output = kind, output
        self._practice = Practice(sentences, silence)
        self._free_from = 0  # the sample at which `BREATH` has passed since other lines

    @property
    def done(self) -> bool:
        return self._practice.done

    @property
    def prompt(self) -> str:
        return self._practice.prompt

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Ignores all events: a sigh or a chair does not interrupt the silence."""

    def tick(self, speech: SpeechState) -> list[Event]:
        now = speech.now
        if not self._practice.begun and self._output.busy:
            self._free_from = now + CONFIG.breath
        if self._practice.begun or now >= self._free_from:
            text = self._practice.tick(now, speaking=self._output.busy)
            if text is not None:
                self._output.say(self._kind, text)
        return []

    def skip(self, now: int) -> list[Event]:
        self._practice.skip()
        return []


class FirstWords(Guided):
    """One line that begins the talk. The phase ends after the line, or as soon as somebody speaks after it."""

    def __init__(self, kind: str, text: str, output: Aloud) -> None:
        super().__init__(kind, [text], output, lambda _: 0)

    def hear(self, event: Event, speech: SpeechState) -> None:
        if isinstance(event, VoiceOn) and self._practice.begun and not self._output.busy:
            self._practice.skip()


class InTurn:
    """Several phases, one after another; also a phase."""

    def __init__(self, phases: Sequence[Phase]) -> None:
        self._phases = list(phases)

    @property
    def done(self) -> bool:
        return all(phase.done for phase in self._phases)

    @property
    def prompt(self) -> str:
        return self._phases[0].prompt if self._phases else ""

    def hear(self, event: Event, speech: SpeechState) -> None:
        if self._phases:
            self._phases[0].hear(event, speech)

    def tick(self, speech: SpeechState) -> list[Event]:
        events = self._phases[0].tick(speech) if self._phases else []
        self._leave_done()
        return events

    def skip(self, now: int) -> list[Event]:
        """Skips the current phase."""
        events = self._phases[0].skip(now) if self._phases else []
        self._leave_done()
        return events

    def _leave_done(self) -> None:
        self._phases = [phase for phase in self._phases if not phase.done]
