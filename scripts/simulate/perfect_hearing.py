"""Plays a conversation that is known word by word through the pipeline, hop by hop, with simulated perfect hearing.

Only the sound is missing: the ear reports the given speech with realistic delays, and the recogniser has each word
ready. An hour takes some seconds. The scenarios of the tests and `scripts/bench/run cues` use this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from coach.asr import ASSUMED, Job, Result, SpokenLanguage
from coach.audio.source import Block, Samples
from coach.coaching import Catalogue
from coach.core.events import AudioGap, Cue, CuePlayed, Event, Speech, SpeechOn, VoiceOff, VoiceOn
from coach.core.settings import Settings
from coach.core.span import HOP, MILLISECOND, Span, as_samples, joined
from coach.cues.wordings import cues_for
from coach.diarization.ear import Hearing
from coach.runtime.pipeline import Pipeline

FOUND, NAMED = 100 * MILLISECOND, 500 * MILLISECOND  # samples until the ear detects a voice, and until it names it
SILENT, JOIN = 120 * MILLISECOND, 180 * MILLISECOND  # samples until it detects silence, and until it closes the unit
SURE = 0.97  # confidence of a name
SOUNDS = {"tone": as_samples(0.9), "spoken": as_samples(2.0)}  # lengths of cues in samples
FADED = 200 * MILLISECOND  # samples from somebody's onset to the end of a spoken cue
AFTER_S = 8.0  # seconds that are played after the last speech


@dataclass(frozen=True, slots=True)
class Said:
    """One voice over `span` without a silence in it; `sure` is the ear's confidence in the name."""

    who: str
    span: Span
    text: str
    sure: float = SURE

    def words(self) -> Iterator[tuple[int, str]]:
        """Each word with the sample at its middle; the words are spread evenly."""
        words = self.text.split()
        for n, word in enumerate(words):
            yield self.span.start + round((n + 0.5) * self.span.duration / len(words)), word


def play(
    said: Sequence[Said],
    settings: Settings,
    *,
    words_s: float | None,
    besides: Sequence[Event] = (),
    end: int | None = None,
    ear: Hearing | None = None,
    sound: Samples | None = None,
) -> list[Event]:
    """All events of the pipeline for `said`, with the events `besides`, up to the sample `end`.

    Words are recognised `words_s` seconds after the request; None means no recogniser. A real `ear` hears `sound`,
    (n, channels): one channel per person in their order, or one for all.
    """
    ear = ear or KeptEar(heard(said))
    prepared = _Words(said, as_samples(words_s or 0.0), lambda: ear.now)
    pipeline = Pipeline(
        ear,
        settings,
        settings.people,
        catalogue=cues_for(settings, Catalogue.load()),
        recogniser=prepared if words_s is not None else None,
        columns=None if sound is None or sound.shape[1] == 1 else dict(zip(settings.people, count(), strict=False)),
    )
    last = max([each.span.end for each in said] + [event.at for event in besides])
    waiting, output = sorted(besides, key=lambda event: event.at), _Output()
    silence = np.zeros((HOP, 1), np.float32)
    told: list[Event] = []
    for start in range(0, last + as_samples(AFTER_S) if end is None else end, HOP):
        if waiting and isinstance(gap := waiting[0], AudioGap) and start in gap.span:
            continue  # no sound arrives
        while waiting and waiting[0].at <= start:
            told += pipeline.outside(waiting.pop(0))
        now = pipeline.hop(Block(start, silence if sound is None else sound[start : start + HOP]))
        for played in output.hears(now, pipeline.now):
            pipeline.tell(played)
        told += now
    return told + pipeline.finish("the end")


def heard(said: Sequence[Said]) -> list[Event]:
    """The ear's events for the given speech, in order."""
    events: list[Event] = []
    for span in joined([each.span for each in said], JOIN):
        events.append(VoiceOn(at=span.start + FOUND, onset=span.start))
        events.append(VoiceOff(at=span.end + SILENT, end=span.end))
    for each in said:
        who, span = each.who, each.span
        if span.duration > NAMED:
            events.append(SpeechOn(at=span.start + NAMED, who=who, onset=span.start, confidence=each.sure))
        events.append(Speech(at=span.end + JOIN, who=who, span=span, confidence=each.sure))
    return sorted(events, key=lambda event: event.at)


class KeptEar:
    """An ear that emits the given events at their times."""

    def __init__(self, events: list[Event]) -> None:
        self.now = 0
        self.dbfs = (-40.0,)
        self._events = events[::-1]

    def hop(self, _samples: np.ndarray) -> list[Event]:
        return self.skip_to(self.now + HOP)

    def skip_to(self, sample: int) -> list[Event]:
        self.now = sample
        known: list[Event] = []
        while self._events and self._events[-1].at <= self.now:
            known.append(self._events.pop())
        return known

    def finish(self) -> list[Event]:
        return []


class _Words:
    """A recogniser that returns the words of every stretch `after` samples after the request."""

    def __init__(self, said: Sequence[Said], after: int, now: Callable[[], int]) -> None:
        self._said, self._after, self._now = said, after, now
        self._asked: list[tuple[int, Job]] = []

    @property
    def language(self) -> SpokenLanguage:
        return ASSUMED

    def submit(self, job: Job) -> None:
        self._asked.append((self._now() + self._after, job))

    def foresee(self, job: Job) -> None:
        """Does nothing, since no job begins early."""

    def command(self, job: Job) -> None:
        """Does nothing, since there are no commands."""

    def ahead(self) -> list[Result]:
        """Always empty."""
        return []

    def results(self) -> list[Result]:
        ready = [job for at, job in self._asked if at <= self._now()]
        self._asked = [(at, job) for at, job in self._asked if at > self._now()]
        return [Result(job.who, job.span, self._text(job)) for job in ready]

    def finish(self, progress: Callable[[int, int], None] | None = None) -> list[Result]:
        return []

    def _text(self, job: Job) -> str:
        theirs = sorted((each for each in self._said if each.who == job.who), key=lambda each: each.span)
        return " ".join(word for each in theirs for at, word in each.words() if at in job.span)


class _Output:
    """Plays every given cue; spoken ones stop when a voice begins."""

    def __init__(self) -> None:
        self._sounding: tuple[Cue, int] | None = None  # the cue that is playing, and the sample at which it ends

    def hears(self, events: list[Event], now: int) -> list[CuePlayed]:
        for event in events:
            if isinstance(event, Cue) and event.given:
                self._sounding = event, now + SOUNDS[event.form]
            elif isinstance(event, VoiceOn) and self._sounding and self._sounding[0].form == "spoken":
                self._sounding = self._sounding[0], min(self._sounding[1], now + FADED)
        if self._sounding is None or now < self._sounding[1]:
            return []
        cue, end = self._sounding
        self._sounding = None
        return [CuePlayed(at=now, kind=cue.kind, span=Span(cue.at, end), cut=end < cue.at + SOUNDS[cue.form])]
