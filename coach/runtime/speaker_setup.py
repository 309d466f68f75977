"""Speaker setup: decides before the first hop how speech in a recording is attributed. The best way comes first:

    channels       given, or detected: two channels that take turns being much louder than each other
    enrolled       from seconds of the recording, or a clip, in which one person speaks
    unknown        a first pass groups the voices: one to six people, or as many as the person says

Two enrolled people are taken to be everybody unless the person says that there are more. People who are not enrolled
are looked for among the voices that match no enrolled person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_uppercase

import numpy as np

from coach.audio import Block, Recording, TogetherRecordings, hops
from coach.core.errors import BadInput, Missing
from coach.core.events import Event, Speech
from coach.core.span import RATE, Span, as_seconds
from coach.diarization import (
    NO_VOICES,
    Ear,
    Leads,
    MicrophonesEar,
    Senses,
    Tape,
    Voice,
    are_close,
    are_microphones,
    find_voices,
    learn_voice,
    recognised,
)
from coach.runtime.prefetch import heard
from coach.vad import SILERO, Detector

Sound = Recording | TogetherRecordings
Progress = Callable[[int, int | None], None]  # samples done over all passes; and in total, if known
WHOLE = Span(0, 1 << 62)  # of a clip, whose length may be unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentConfig:
    """How many people are expected, and what a voice is learnt from."""

    people: int = 2  # unless stated: who enrols two people expects no third
    microphones: int = 2  # channels, if two people may have one each
    heard_out: int = RATE  # samples after which everything about a frame is known
    least_crops: int = 2  # of a second each, a half second apart; fewer are not enough to learn a voice


CONFIG = EnrolmentConfig()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where to learn the voice of `who`: from `spans` of the recording itself, or from a separate `clip`."""

    who: str
    spans: tuple[Span, ...] = ()
    clip: Path | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """What is known beforehand about the speakers.

    `channels` are numbered from 0. `count` is the number of speakers, if known; otherwise as many speak as `people`
    names, and if neither is given, one to six.
    """

    people: tuple[str, ...] = ()
    channels: Mapping[str, int] = field(default_factory=dict)
    enrolments: tuple[Enrolment, ...] = ()
    count: int | None = None

    @property
    def expected(self) -> int | None:
        """The number of speakers, or None if it has to be estimated."""
        return self.count or len(self.people) or None


class Hearings:
    """Several passes over one recording with the same detector, and the progress over all of them.

    Progress counts on `planned` passes; if one turns out to be unnecessary, progress jumps ahead.
    """

    def __init__(self, recording: Sound, planned: int, progress: Progress | None, detector: Detector = SILERO) -> None:
        self.recording, self.detector = recording, detector
        self._planned, self._progress = planned, progress

    def next(self, left: int) -> Iterator[Block | Event]:
        """A pass over the recording on the grid of hops; `left` more passes follow."""
        length = self.recording.length
        done = (self._planned - left - 1) * (length or 0)
        for item in hops(self.recording.blocks()):
            yield item
            if self._progress is not None and isinstance(item, Block) and item.start % RATE == 0:
                self._progress(done + item.end, self._planned * length if length else None)


def planned(recording: Sound, who: Who) -> int:
    """The largest number of passes that `settle` and the analysis may need."""
    if len(who.channels) == 1:
        return 1
    return 3 if who.channels or _may_be_microphones(recording, who) else 2


def settle(hearings: Hearings, who: Who) -> tuple[Ear | MicrophonesEar | None, tuple[str, ...]]:
    """The ear that fits what is known (None if nobody speaks), and the people it will name.

    Raises BadInput if the recording contradicts `who`.
    """
    recording = hearings.recording
    if who.channels:
        missing = [name for name, column in who.channels.items() if column >= recording.channels]
        if missing:
            raise BadInput(
                f"{recording.name} has {recording.channels} channel(s), so none is left for {', '.join(missing)}"
            )
        return _microphones(hearings, dict(who.channels)), tuple(who.people or who.channels)
    if who.enrolments and not hearings.detector.networks:
        raise Missing(NO_VOICES)
    known = _enrolled(recording, who.enrolments, hearings.detector)
    if known and (who.expected or CONFIG.people) <= len(known):
        return Ear(known, senses=Senses(hearings.detector)), tuple(dict.fromkeys([*who.people, *known]))
    if _may_be_microphones(recording, who) and are_microphones(_sound(hearings.next(2))):
        names = _names(who, [None] * CONFIG.microphones, {})
        return MicrophonesEar({name: column for column, name in enumerate(names)}, hearings.detector), names
    return _found(hearings, who, known)


def _microphones(hearings: Hearings, channels: dict[str, int]) -> MicrophonesEar:
    """An ear for a microphone each. If they are close, a first pass learns the voices, and a tape keeps its results."""
    detector = hearings.detector
    if len(channels) == 1 or not detector.networks or not are_close(_sound(hearings.next(2)), channels):
        return MicrophonesEar(channels, detector)
    tape = Tape(detector)
    leads = Leads({who: n for n, who in enumerate(channels)})
    first = MicrophonesEar(channels, detector, close=Ear(senses=tape, leads=leads))
    for _ in heard(first, hearings.next(1)):
        pass
    first.finish()
    return MicrophonesEar(channels, detector, close=Ear(senses=tape.again(), leads=leads.again()))


def _may_be_microphones(recording: Sound, who: Who) -> bool:
    return (
        not who.enrolments and recording.channels == CONFIG.microphones and who.expected in (None, CONFIG.microphones)
    )


def _sound(items: Iterator[Block | Event]) -> Iterator[np.ndarray]:
    return (item.samples for item in items if isinstance(item, Block))


def _found(hearings: Hearings, who: Who, known: dict[str, Voice]) -> tuple[Ear | None, tuple[str, ...]]:
    """An ear for the voices found in a first pass; a tape keeps the results of that pass for the second."""
    tape = Tape(hearings.detector)
    ear = Ear(senses=tape)
    events = [event for _, events in heard(ear, hearings.next(1)) for event in events] + ear.finish()
    if not any(isinstance(event, Speech) for event in events):
        return None, who.people
    found = find_voices(tape.crops, who.expected) if tape.crops else []
    names = _names(who, recognised(found, known), known)
    if len(found) > 1:
        return Ear(dict(zip(names, found, strict=True)), senses=tape.again()), names
    return Ear(everyone=names[0], senses=tape.again()), names


def _names(who: Who, heard: list[str | None], known: dict[str, Voice]) -> tuple[str, ...]:
    """A name for each voice: recognised people keep theirs, the others get the names that are left."""
    letters = (letter for letter in ascii_uppercase if letter not in {*who.people, *known})
    left = iter([*(name for name in who.people if name not in known), *letters])
    return tuple(name or next(left) for name in heard) or (next(left),)


def _enrolled(recording: Sound, enrolments: tuple[Enrolment, ...], detector: Detector) -> dict[str, Voice]:
    """The enrolled voices by name. Raises BadInput if an enrolment has too little speech to learn a voice from."""
    inside = _Listened(recording, [span for each in enrolments if not each.clip for span in _spans(each)], detector)
    return {
        each.who: _learnt(each, _Listened(Recording(each.clip), _spans(each), detector) if each.clip else inside)
        for each in enrolments
    }


def _spans(enrolment: Enrolment) -> list[Span]:
    return sorted(enrolment.spans) or [WHOLE]


class _Listened:
    """The voices, (n, 192), in each of `spans` of `source`, after one pass up to the last of them.

    An ear keeps voices for a while only, so those of a span are taken when everything about it is known. `ends_s` is
    how many seconds the recording lasts, None if its end was not reached.
    """

    def __init__(self, source: Sound, spans: list[Span], detector: Detector) -> None:
        self.name = source.name
        self.ends_s: float | None = None
        self.voices: dict[Span, np.ndarray] = {}
        left = sorted(set(spans), key=lambda span: span.end)
        if not left:
            return
        ear = Ear(senses=Senses(detector))
        for _ in heard(ear, hops(source.blocks())):
            while left and ear.now > left[0].end + CONFIG.heard_out:
                span = left.pop(0)
                self.voices[span] = ear.crops([span])
            if not left:
                return
        self.ends_s = as_seconds(ear.now)
        ear.finish()
        self.voices |= {span: ear.crops([span]) for span in left}


def _learnt(enrolment: Enrolment, source: _Listened) -> Voice:
    crops = np.concatenate([source.voices[span] for span in _spans(enrolment)])
    if len(crops) < CONFIG.least_crops:
        where = "".join(f", {span.start_s:g} to {span.end_s:g} s" for span in enrolment.spans)
        outside = source.ends_s is not None and any(span.end_s > source.ends_s for span in enrolment.spans)
        ends = f"; the recording ends at {source.ends_s:g} s" if outside else ""
        raise BadInput(
            f"there is too little speech of {enrolment.who} to learn the voice in {source.name}{where}{ends}; "
            "name at least four seconds"
        )
    return learn_voice(crops)
