"""A conversation that is known word by word, played hop by hop through the table: tracker, cutter, reader, runs, coach.

Only sound is missing: the ear says what is given, as late as ears are, and the recogniser has each word ready. An hour
takes some seconds. The scenarios of the tests and `scripts/bench/run cues` play theirs through this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from coach.asr import Job, Result
from coach.audio.source import Block, Samples
from coach.coaching import Catalogue
from coach.core.events import AudioGap, Cue, CuePlayed, Event, Speech, SpeechOn, VoiceOff, VoiceOn
from coach.core.settings import Settings
from coach.core.span import HOP, MILLISECOND, RATE, Span, as_samples, joined
from coach.cues.wordings import cues_for
from coach.hearing.ear import Hearing
from coach.runtime.pipeline import Pipeline

FOUND, NAMED = 100 * MILLISECOND, 500 * MILLISECOND  # how late the ear says that somebody speaks, and who
SILENT, JOIN = 120 * MILLISECOND, 180 * MILLISECOND  # and that nobody does, and who spoke
SURE = 0.97  # of a name
SOUNDS = {"tone": as_samples(0.9), "spoken": as_samples(2.0)}  # how long cues are
FADED = 200 * MILLISECOND  # from somebody's voice to the end of a spoken cue
AFTER_S = 8.0  # seconds that are heard after the last of it


@dataclass(frozen=True, slots=True)
class Said:
    """One voice over `span` without a silence in it; `sure` is how certain the ear is of the name."""

    who: str
    span: Span
    text: str
    sure: float = SURE

    def words(self) -> Iterator[tuple[int, str]]:
        """Each word and the sample in the middle of it: they are spread evenly."""
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
    """All that the table tells of `said`, and of what happens `besides`, up to the sample `end`.

    Words are there `words_s` seconds after they are asked for; None is for no recogniser. A real `ear` hears `sound`,
    (n, channels), a channel each in the order of the people, or one for all.
    """
    ear = ear or _Ear(heard(said))
    prepared = _Words(said, as_samples(words_s or 0.0), lambda: ear.now)
    table = Pipeline(
        ear,
        settings,
        settings.people,
        catalogue=cues_for(settings, Catalogue.load()),
        recogniser=prepared if words_s is not None else None,
        columns=None if sound is None or sound.shape[1] == 1 else dict(zip(settings.people, count(), strict=False)),
    )
    last = max([each.span.end for each in said] + [event.at for event in besides])
    waiting, mouth = sorted(besides, key=lambda event: event.at), _Mouth()
    silence = np.zeros((HOP, 1), np.float32)
    told: list[Event] = []
    for start in range(0, last + as_samples(AFTER_S) if end is None else end, HOP):
        if waiting and isinstance(gap := waiting[0], AudioGap) and start in gap.span:
            continue  # nothing arrives
        while waiting and waiting[0].at <= start:
            told += table.outside(waiting.pop(0))
        now = table.hop(Block(start, silence if sound is None else sound[start : start + HOP]))
        for played in mouth.hears(now, table.now):
            table.tell(played)
        told += now
    return told + table.finish("the end")


def heard(said: Sequence[Said]) -> list[Event]:
    """What the ear says of it, in order."""
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


class _Ear:
    """Hears what it was told, when it is known."""

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
    """A recogniser that has the words of every stretch ready, `after` samples after it is asked."""

    def __init__(self, said: Sequence[Said], after: int, now: Callable[[], int]) -> None:
        self._said, self._after, self._now = said, after, now
        self._asked: list[tuple[int, Job]] = []

    def submit(self, job: Job) -> None:
        self._asked.append((self._now() + self._after, job))

    def foresee(self, job: Job) -> None:
        """Nothing is begun early."""

    def command(self, job: Job) -> None:
        """No commands are read."""

    def ahead(self) -> list[Result]:
        """So nothing is known early."""
        return []

    def results(self) -> list[Result]:
        ready = [job for at, job in self._asked if at <= self._now()]
        self._asked = [(at, job) for at, job in self._asked if at > self._now()]
        return [Result(job.who, job.span, self._text(job), self._after / RATE) for job in ready]

    def finish(self, progress: Callable[[int, int], None] | None = None) -> list[Result]:
        return []

    def _text(self, job: Job) -> str:
        theirs = sorted((each for each in self._said if each.who == job.who), key=lambda each: each.span)
        return " ".join(word for each in theirs for at, word in each.words() if at in job.span)


class _Mouth:
    """Sounds every cue that is given; spoken ones stop for a voice."""

    def __init__(self) -> None:
        self._sounding: tuple[Cue, int] | None = None  # what sounds, and up to where

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
