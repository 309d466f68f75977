"""A conversation given in seconds, for the coach alone; `scenario` plays one through the complete pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from coach.coaching import Catalogue, Coach, Policy, SharingRun
from coach.conversation import SpeechState
from coach.core.events import Cue, Event, FloorTaken, Speech, SpeechOn, VoiceOff, VoiceOn, Words
from coach.core.span import MILLISECOND, Span, as_samples, joined

HOP = 20 * MILLISECOND
EAR = 0.2  # seconds until the ear detects that somebody stopped
NAME = 0.5  # seconds of speech until the ear knows who speaks
LONG = as_samples(20)  # samples of speech in a share: so much that a tone marks its end
OFTEN = Policy(tone_every=as_samples(20), tones_an_hour=3600)  # more often than by default: tests are short
JUDGED = 1.2  # seconds of speech until a turn is certainly not a backchannel


class Talk:
    """Speech with its people and times; `cues` plays it to a coach, hop by hop."""

    def __init__(self) -> None:
        self._told: list[tuple[int, Event | SharingRun]] = []
        self.voices: list[Span] = []
        self.speech = SpeechState()  # at the end of the last play

    def event(self, event: Event) -> Talk:
        self._told.append((event.at, event))
        return self

    def says(self, who: str, start: float, end: float, confidence: float = 0.97) -> Talk:
        onset, at = as_samples(start), as_samples(end + EAR)
        self.voices.append(Span.seconds(start, end))
        if end - start > NAME:
            self.event(SpeechOn(at=as_samples(start + NAME), who=who, onset=onset, confidence=confidence))
        return self.event(Speech(at=at, who=who, span=Span.seconds(start, end), confidence=confidence))

    def words(self, who: str, start: float, end: float, at: float, **flags: bool) -> Talk:
        span = Span.seconds(start, end)
        return self.event(Words(at=as_samples(at), who=who, span=span, count=20, **flags))

    def takes_floor(
        self, who: str, onset: float, fto: float, *, after: str = "Ana", at: float | None = None, **flags: Any
    ) -> Talk:
        known = {"after_share": True, "too_soon": True, "over": fto < -0.2, "told": LONG} | flags
        known_at = as_samples(at if at is not None else onset + JUDGED)
        onset_at, offset = as_samples(onset), as_samples(fto)
        return self.event(FloorTaken(at=known_at, who=who, after=after, onset=onset_at, fto=offset, **known))

    def jumps_in(self, at: float, pause: float = 0.3, *, sharer: str = "Ana", listener: str = "Ben") -> Talk:
        """Ten seconds of sharing that end at `at`; the listener starts `pause` later and speaks for two seconds."""
        self.says(sharer, at - 10, at).says(listener, at + pause, at + pause + 2)
        return self.takes_floor(listener, at + pause, pause, after=sharer)

    def estimate(self, at: float, who: str = "Ana", *, events: bool = True, story: int = 1) -> Talk:
        span = Span.seconds(max(0, at - 60), at)
        run = SharingRun(
            who=who, span=span, speech=span.duration, sentences=9, p_event=0.95, events=events, story=story
        )
        self._told.append((as_samples(at), run))
        return self

    def cues(self, coach: Coach, until: float, since: float = 0.0) -> list[Cue]:
        for span in joined(self.voices, as_samples(EAR)):
            self.event(VoiceOn(at=span.start + HOP, onset=span.start))
            self.event(VoiceOff(at=span.end + as_samples(EAR), end=span.end))
        waiting = sorted(self._told, key=lambda told: told[0])
        cues: list[Cue] = []
        self.speech = SpeechState()
        for now in range(as_samples(since) // HOP * HOP, as_samples(until), HOP):
            while waiting and waiting[0][0] <= now:
                _, told = waiting.pop(0)
                if isinstance(told, SharingRun):
                    coach.consider(told)
                else:
                    self.speech = self.speech.after(told)
                    coach.hear(told)
            self.speech = self.speech.at(now)
            cues += [cue for cue in coach.tick(self.speech) if isinstance(cue, Cue)]
        return cues


@pytest.fixture(scope="session")
def new_talk() -> type[Talk]:
    """Makes fresh conversations, for tests that need many."""
    return Talk


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def coach(catalogue: Catalogue) -> Callable[..., Coach]:
    """Makes a coach for Ana and Ben, by default without a recogniser."""

    def build(policy: Policy | None = None, *, words_on: bool = False, confident: bool = True) -> Coach:
        return Coach(policy or OFTEN, catalogue, ("Ana", "Ben"), words_on=words_on, confident=confident)

    return build
