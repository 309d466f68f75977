"""Recognition starts before the end of an utterance is certain, so that the words are ready when it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from coach.asr import Job, Result
from coach.audio.source import Block
from coach.coaching import Catalogue
from coach.core.events import UNKNOWN, Speech, VoiceOff, VoiceOn
from coach.core.settings import Settings
from coach.core.span import HOP, Span, as_samples
from coach.runtime.pipeline import Pipeline
from tests.runtime.staged import Told


@dataclass
class Asked:
    """A recogniser that records its requests in order."""

    log: list[tuple[str, str, Span, int]] = field(default_factory=list)

    def submit(self, job: Job) -> None:
        self.log.append(("wanted", job.who, job.span, len(job.samples)))

    def foresee(self, job: Job) -> None:
        self.log.append(("foreseen", job.who, job.span, len(job.samples)))

    def command(self, job: Job) -> None:
        self.log.append(("command", job.who, job.span, len(job.samples)))

    def ahead(self) -> list[Result]:
        return []

    def results(self) -> list[Result]:
        return []

    def finish(self, progress: Callable[[int, int], None] | None = None) -> list[Result]:
        return []


def test_a_unit_goes_to_the_recogniser_as_soon_as_it_ends_and_again_when_it_is_certain() -> None:
    spoken = Span.seconds(0.5, 2.0)
    ear = Told(
        [
            VoiceOff(at=as_samples(2.2), end=as_samples(2.0)),
            Speech(at=as_samples(2.2), who="Ana", span=spoken, confidence=1.0),
        ]
    )
    asked = Asked()
    table = Pipeline(ear, Settings(), ("Ana", "Ben"), catalogue=Catalogue.load(), recogniser=asked)  # type: ignore[arg-type]
    began: dict[str, int] = {}
    for start in range(0, as_samples(3), HOP):
        table.hop(Block(start, np.zeros((HOP, 1), np.float32)))
        for kind, *_ in asked.log:
            began.setdefault(kind, table.now)
    whole = Span.seconds(0.4, 2.1)
    assert asked.log == [("foreseen", "Ana", whole, whole.duration), ("wanted", "Ana", whole, whole.duration)]
    assert began["wanted"] - began["foreseen"] >= as_samples(0.14)


def test_the_latest_words_may_be_a_command_from_any_speaker() -> None:
    spoken = Span.seconds(0.5, 2.0)
    ear = Told(
        [
            VoiceOn(at=as_samples(0.6), onset=spoken.start),
            VoiceOff(at=as_samples(2.5), end=spoken.end),
            Speech(at=as_samples(2.5), who="Ana", span=spoken, confidence=1.0),
        ]
    )
    asked = Asked()
    table = Pipeline(ear, Settings(), ("Ana", "Ben"), catalogue=Catalogue.load(), recogniser=asked)  # type: ignore[arg-type]
    for start in range(0, as_samples(3), HOP):
        table.hop(Block(start, np.zeros((HOP, 1), np.float32)))
    commands = [(who, span) for kind, who, span, _ in asked.log if kind == "command"]
    assert commands == [(UNKNOWN, Span.seconds(0.4, 2.1))]
