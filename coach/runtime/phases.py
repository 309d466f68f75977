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
    """One phase before the talk."""

    @property
    def done(self) -> bool:
        """Whether this phase is over, so that the next may begin."""
        ...

    @property
    def prompt(self) -> str:
        """The text to show now; it may change with any tick, and is empty when done."""
        ...

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Take an event, and the state of speech after it."""
        ...

    def tick(self, speech: SpeechState) -> list[Event]:
        """Go on by a hop: the events that follow from it. `speech.now` is the sample."""
        ...

    def skip(self, now: int) -> list[Event]:
        """Somebody wants to leave this phase at the sample `now`."""
        ...


class LineByLine(Protocol):
    """The part of `CueOutput` that says lines one after the other."""

    def say(self, kind: str, text: str) -> None:
        """Say `text` of the catalogue's `kind`. Returns at once."""
        ...

    @property
    def busy(self) -> bool:
        """Whether anything given to `say` is playing or waiting."""
        ...


class Guided:
    """Sentences of the catalogue's `kind`, spoken with silences between them.

    They begin `GuidedConfig.breath` after other lines.
    """

    def __init__(
        self, kind: str, sentences: Sequence[str], output: LineByLine, silence: Callable[[str], int] = silence_after
    ) -> None:
        self._kind, self._output = kind, output
        self._practice = Practice(sentences, silence)
        self._free_from = 0  # the sample at which `GuidedConfig.breath` has passed since other lines

    @property
    def done(self) -> bool:
        """Whether the last sentence and the silence after it are over, or the rest was skipped."""
        return self._practice.done

    @property
    def prompt(self) -> str:
        """The sentence said last; the first one before that; empty when done."""
        return self._practice.prompt

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Ignores all events: a sigh or a chair does not interrupt the silence."""

    def tick(self, speech: SpeechState) -> list[Event]:
        """Say what is due at `speech.now`. Returns no events."""
        now = speech.now
        if not self._practice.begun and self._output.busy:
            self._free_from = now + CONFIG.breath
        if self._practice.begun or now >= self._free_from:
            text = self._practice.tick(now, speaking=self._output.busy)
            if text is not None:
                self._output.say(self._kind, text)
        return []

    def skip(self, now: int) -> list[Event]:
        """Leave out the sentences that are not said yet; the one that is being said goes on. Returns no events."""
        self._practice.skip()
        return []


class FirstWords(Guided):
    """One line that begins the talk. The phase ends after the line, or as soon as somebody speaks after it."""

    def __init__(self, kind: str, text: str, output: LineByLine) -> None:
        super().__init__(kind, [text], output, lambda _: 0)

    def hear(self, event: Event, speech: SpeechState) -> None:
        """End the phase if a voice begins once the line has been said."""
        if isinstance(event, VoiceOn) and self._practice.begun and not self._output.busy:
            self._practice.skip()


class InTurn:
    """Several phases, one after another; also a phase."""

    def __init__(self, phases: Sequence[Phase]) -> None:
        self._phases = list(phases)

    @property
    def done(self) -> bool:
        """Whether all phases are over."""
        return all(phase.done for phase in self._phases)

    @property
    def prompt(self) -> str:
        """The text of the current phase; empty when done."""
        return self._phases[0].prompt if self._phases else ""

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Pass an event on to the current phase; the others do not hear it."""
        if self._phases:
            self._phases[0].hear(event, speech)

    def tick(self, speech: SpeechState) -> list[Event]:
        """The events of the current phase. Then the first that is not done becomes the current one."""
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
