"""Words are considered before the floor is decided: a laugh does not take it, and an answer may be quick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from coach.asr import Job, Result
from coach.audio.source import Block
from coach.coaching import Catalogue
from coach.core.events import Cue, Event, FloorTaken, Speech, SpeechOn, VoiceOff, VoiceOn
from coach.core.settings import Settings
from coach.core.span import HOP, MILLISECOND, Span, as_samples
from coach.runtime.pipeline import Pipeline
from tests.runtime.staged import Told

SHARE = Span.seconds(0.5, 7.0)  # Ana's
BEN = (Span.seconds(7.3, 8.2), Span.seconds(8.7, 9.6))  # two bursts, 1.8 s in all
GOES_ON = Span.seconds(10.2, 14.0)  # Ana again
FOUND, NAMED, JOIN = 100 * MILLISECOND, 350 * MILLISECOND, 180 * MILLISECOND  # delays of the ear's events
RECOGNISED = as_samples(0.3)  # delay of the recogniser


@dataclass
class Scripted:
    """A recogniser that returns each person's words with a delay on the sample clock."""

    texts: dict[str, str]
    now: Callable[[], int]
    asked: list[tuple[int, Job]] = field(default_factory=list)

    def submit(self, job: Job) -> None:
        self.asked.append((self.now() + RECOGNISED, job))

    def foresee(self, job: Job) -> None:
        """Does nothing, since no job begins early."""

    def command(self, job: Job) -> None:
        """Does nothing, since there are no commands."""

    def ahead(self) -> list[Result]:
        """Always empty."""
        return []

    def results(self) -> list[Result]:
        ready = [job for at, job in self.asked if at <= self.now()]
        self.asked = [(at, job) for at, job in self.asked if at > self.now()]
        return [Result(job.who, job.span, self.texts[job.who]) for job in ready]

    def finish(self, progress: Callable[[int, int], None] | None = None) -> list[Result]:
        return []


def heard(who: str, span: Span) -> list[Event]:
    return [
        VoiceOn(at=span.start + FOUND, onset=span.start),
        SpeechOn(at=span.start + NAMED, who=who, onset=span.start, confidence=1.0),
        VoiceOff(at=span.end + JOIN, end=span.end),
        Speech(at=span.end + JOIN, who=who, span=span, confidence=1.0),
    ]


TOLD = "And then we walked home in the rain and nobody said a word."
REPLY = "Well, when my brother did that he fell."


def evening(ana: str, ben: str, words: bool = True) -> list[Event]:
    """All events of the pipeline; `ana` and `ben` are the recognised texts of the share and of the speech after it."""
    events = heard("Ana", SHARE) + [e for burst in BEN for e in heard("Ben", burst)] + heard("Ana", GOES_ON)
    ear = Told(sorted(events, key=lambda e: e.at))
    script = Scripted({"Ana": ana, "Ben": ben}, lambda: ear.now)
    table = Pipeline(
        ear,  # type: ignore[arg-type]
        Settings(quiet_first=0.0),
        ("Ana", "Ben"),
        catalogue=Catalogue.load(),
        recogniser=script if words else None,
    )
    told: list[Event] = []
    for start in range(0, as_samples(16), HOP):
        told += table.hop(Block(start, np.zeros((HOP, 1), np.float32)))
    return told


def floors(told: list[Event]) -> list[str]:
    return [event.who for event in told if isinstance(event, FloorTaken)]


def cues(told: list[Event]) -> list[str]:
    return [event.kind for event in told if isinstance(event, Cue)]


@pytest.mark.parametrize(
    "text", ["Ha ha ha ha.", "Hahahaha!", "huh huh huh", "he he he he", "[laughter]", "Oh no, haha."]
)
def test_a_laugh_recognised_while_it_is_short_does_not_take_the_floor(text: str) -> None:
    told = evening(TOLD, text)
    assert floors(told) == []
    assert cues(told) == []


def test_the_same_stretch_with_words_is_a_turn() -> None:
    told = evening(TOLD, REPLY)
    assert floors(told)[0] == "Ben"
    assert cues(told) == ["too_soon"]


def test_without_words_a_laugh_longer_than_a_backchannel_is_taken_for_a_turn() -> None:
    assert floors(evening(TOLD, "", words=False))[0] == "Ben"


@pytest.mark.parametrize(
    "asked", ["What would you have done?", "I wonder what you think.", "Tell me how it was for you."]
)
def test_the_answer_to_a_question_or_a_request_is_a_turn_and_not_too_soon(asked: str) -> None:
    told = evening(f"{TOLD} {asked}", REPLY)
    assert floors(told)[0] == "Ben"
    assert cues(told) == []


@pytest.mark.parametrize("asked", ["It was so dark, you know?", "And he said, are you coming?", "Who cares?"])
def test_after_a_rhetorical_question_an_early_answer_is_too_soon(asked: str) -> None:
    assert cues(evening(f"{TOLD} {asked}", REPLY)) == ["too_soon"]
