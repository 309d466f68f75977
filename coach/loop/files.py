"""The fast driver: a recording through the same table as live talk, as quickly as it goes.

Who is who is settled before the first hop, best way first:

    channels       given, or found: two channels of which now one leads and now the other, by far
    enrolled       seconds of the recording, or a clip, in which one person speaks
    unknown        heard once through, then grouped; a recording with one voice has one person

The same file gives the same events to the byte, whatever the size of its blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from coach.audio.recording import Recording
from coach.audio.source import Block, hops
from coach.coaching import Catalogue
from coach.errors import BadInput
from coach.events import Ended, Event, Notice, Speech
from coach.hearing.channels import ChannelEar, are_microphones
from coach.hearing.ear import Ear, heard_at
from coach.hearing.unknown import Stretch, cut, find_voices
from coach.hearing.voices import Voice, learn
from coach.loop.table import Table
from coach.settings import Settings
from coach.span import RATE, Span
from coach.words import Immediate, Transcriber

Progress = Callable[[int, int | None], None]  # samples heard so far, and in all where that is known
ENDED = "the recording ended"
LETTERS = ("A", "B")  # people nobody named
LEAST_FRAMES = 150  # frames of speech, a second and a half, under which no voice is learnt


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where to learn the voice of `who`: seconds of the recording itself, or a clip of its own."""

    who: str
    spans: tuple[Span, ...] = ()
    clip: Path | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """What is known beforehand about who speaks. `channels` count from 0."""

    people: tuple[str, ...] = ()
    channels: Mapping[str, int] = field(default_factory=dict)
    enrolments: tuple[Enrolment, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysed:
    """A recording and everything that was heard in it. `duration` is in samples."""

    name: str
    duration: int
    channels: int
    people: tuple[str, ...]
    events: list[Event]

    @property
    def notices(self) -> list[str]:
        """What there is to say about the recording, to the person."""
        return [event.text for event in self.events if isinstance(event, Notice)]


def analyse(
    path: Path,
    who: Who,
    settings: Settings,
    transcriber: Transcriber | None,
    *,
    block_s: float = 0.1,
    progress: Progress | None = None,
) -> Analysed:
    """Hears the recording at `path`. Raises BadInput when it cannot be heard, or does not hold what `who` says."""
    recording = Recording(path, block_s)
    ear, people = _ear(recording, who)
    if ear is None:
        return _silent(recording, people)
    words = Immediate(transcriber) if transcriber else None
    table = Table(
        ear,
        settings,
        people,
        catalogue=Catalogue.load(),
        recogniser=words,
        columns=ear.columns if isinstance(ear, ChannelEar) else None,
    )
    events: list[Event] = []
    for item in hops(recording.blocks()):
        if isinstance(item, Block):
            events += table.hop(item)
            if words is not None and (lost := words.notices()):
                table.lose_words()
                events += [Notice(at=table.now, text=text) for text in lost]
            if progress is not None and item.start % RATE == 0:
                progress(item.end, recording.length)
        else:
            events += table.outside(item)
    events += table.finish(ENDED)
    return Analysed(recording.name, table.now, recording.channels, people, [e for e in events if e.stored])


def _silent(recording: Recording, people: tuple[str, ...]) -> Analysed:
    """A recording in which nobody speaks, which was heard through to know that: all that is left is its length."""
    events: list[Event] = []
    now = 0
    for item in recording.blocks():
        if isinstance(item, Block):
            now = item.end
        else:
            events.append(item)
    events.append(Ended(at=now, reason=ENDED))
    return Analysed(recording.name, now, recording.channels, people, events)


def _ear(recording: Recording, who: Who) -> tuple[Ear | ChannelEar | None, tuple[str, ...]]:
    """The ear that suits what is known, None where nobody speaks, and the people it will name."""
    if who.channels:
        missing = [name for name, column in who.channels.items() if column >= recording.channels]
        if missing:
            raise BadInput(
                f"{recording.name} has {recording.channels} channel(s), so there is none for {', '.join(missing)}"
            )
        return ChannelEar(dict(who.channels)), tuple(who.people or who.channels)
    if who.enrolments:
        voices = _enrolled(recording, who.enrolments)
        return Ear(voices), tuple(dict.fromkeys([*who.people, *voices]))
    names = who.people or LETTERS
    if recording.channels == len(names) == len(LETTERS) and are_microphones(_heard(recording)):
        return ChannelEar({name: column for column, name in enumerate(names)}), names
    stretches = list(_stretches(recording))
    if not stretches:
        return None, who.people
    found = find_voices(stretches, len(names))
    if len(found) > 1:
        return Ear(dict(zip(names, found, strict=False))), names[: len(found)]
    return Ear(everyone=names[0]), names[:1]


def _heard(recording: Recording) -> Iterator[np.ndarray]:
    return (item.samples for item in hops(recording.blocks()) if isinstance(item, Block))


def _stretches(recording: Recording) -> Iterator[Stretch]:
    """Every voice of the recording, whoever's it is."""
    for ear, event in _speech(recording):
        yield from cut(event.span.start, ear.colours([event.span]))


def _speech(recording: Recording) -> Iterator[tuple[Ear, Speech]]:
    """A first hearing: each unit of speech, and the ear that still remembers how it sounded."""
    ear = Ear()
    for item in hops(recording.blocks()):
        if isinstance(item, Block):
            events = heard_at(ear, item.start, item.samples)
            yield from ((ear, event) for event in events if isinstance(event, Speech))
    yield from ((ear, event) for event in ear.finish() if isinstance(event, Speech))


def _enrolled(recording: Recording, enrolments: tuple[Enrolment, ...]) -> dict[str, Voice]:
    """The voices, learnt from where the person says they are heard. Raises BadInput where nobody speaks there."""
    voices = {}
    for enrolment in enrolments:
        source = recording if enrolment.clip is None else Recording(enrolment.clip)
        ear = _heard_up_to(source, max((span.end for span in enrolment.spans), default=None))
        spans = list(enrolment.spans) or [Span(0, ear.now)]
        colours = ear.colours(spans)
        if len(colours) < LEAST_FRAMES:
            raise BadInput(
                f"there is too little speech of {enrolment.who} to learn the voice from in {source.name}, "
                f"{', '.join(f'{span.start_s:g} to {span.end_s:g} s' for span in spans)}; name at least four seconds"
            )
        voices[enrolment.who] = learn(colours)
    return voices


def _heard_up_to(recording: Recording, end: int | None) -> Ear:
    ear = Ear()
    for item in hops(recording.blocks()):
        if not isinstance(item, Block):
            continue
        heard_at(ear, item.start, item.samples)
        if end is not None and ear.now > end:
            break
    return ear
