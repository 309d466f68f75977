"""Speaker setup: decides before the first hop how speech in a recording is attributed. The best way comes first:

    channels       given, or detected: two channels that take turns being much louder than each other
    enrolled       from seconds of the recording, or a clip, in which one person speaks
    unknown        a first pass groups the voices: one to four people, or as many as the person says

Two enrolled people are taken to be everybody unless the person says that there are more. People who are not enrolled
are looked for among the voices that match no enrolled person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_uppercase

import numpy as np

from coach.audio import Block, Recording, hops
from coach.core.errors import BadInput
from coach.core.events import Event, Speech
from coach.core.span import RATE, Span, as_seconds
from coach.hearing import (
    BANDS,
    SILERO,
    ChannelEar,
    Detector,
    Ear,
    Senses,
    Tape,
    Voice,
    VoicePiece,
    are_microphones,
    cut_pieces,
    find_voices,
    learn_voice,
    recognised,
)
from coach.runtime.pipeline import hear
from coach.runtime.prefetch import heard

Progress = Callable[[int, int | None], None]  # samples done over all passes; and in total, if known
A_CONVERSATION = 2  # people, unless stated: who enrols two people expects no third
MICROPHONES = 2  # channels, if two people may have one each
WHOLE = Span(0, 1 << 62)  # of a clip, whose length may be unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentConfig:
    """What a voice is learnt from."""

    heard_out: int = RATE  # samples after which everything about a frame is known
    least_frames: int = 150  # frames of speech (1.5 s); fewer are not enough to learn a voice


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
    names, and if neither is given, one to four.
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

    def __init__(
        self, recording: Recording, planned: int, progress: Progress | None, detector: Detector = SILERO
    ) -> None:
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


def planned(recording: Recording, who: Who) -> int:
    """The largest number of passes that `settle` and the analysis may need."""
    if who.channels:
        return 1
    return 3 if _may_be_microphones(recording, who) else 2


def settle(hearings: Hearings, who: Who) -> tuple[Ear | ChannelEar | None, tuple[str, ...]]:
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
        return ChannelEar(dict(who.channels), hearings.detector), tuple(who.people or who.channels)
    known = _enrolled(recording, who.enrolments, hearings.detector)
    if known and (who.expected or A_CONVERSATION) <= len(known):
        return Ear(known, senses=Senses(hearings.detector)), tuple(dict.fromkeys([*who.people, *known]))
    if _may_be_microphones(recording, who) and are_microphones(_sound(hearings.next(2))):
        names = _names(who, [None] * MICROPHONES, {})
        return ChannelEar({name: column for column, name in enumerate(names)}, hearings.detector), names
    return _found(hearings, who, known)


def _may_be_microphones(recording: Recording, who: Who) -> bool:
    return not who.enrolments and recording.channels == MICROPHONES and who.expected in (None, MICROPHONES)


def _sound(items: Iterator[Block | Event]) -> Iterator[np.ndarray]:
    return (item.samples for item in items if isinstance(item, Block))


def _found(hearings: Hearings, who: Who, known: dict[str, Voice]) -> tuple[Ear | None, tuple[str, ...]]:
    """An ear for the voices found in a first pass; a tape keeps the results of that pass for the second."""
    tape = Tape(hearings.detector)
    stretches = list(_stretches(hearings.next(1), tape))
    if not stretches:
        return None, who.people
    found = find_voices(stretches, who.expected)
    names = _names(who, recognised(stretches, found, known), known)
    if len(found) > 1:
        return Ear(dict(zip(names, found, strict=True)), senses=tape.again()), names
    return Ear(everyone=names[0], senses=tape.again()), names


def _names(who: Who, heard: list[str | None], known: dict[str, Voice]) -> tuple[str, ...]:
    """A name for each voice: recognised people keep theirs, the others get the names that are left."""
    letters = (letter for letter in ascii_uppercase if letter not in {*who.people, *known})
    left = iter([*(name for name in who.people if name not in known), *letters])
    return tuple(name or next(left) for name in heard) or (next(left),)


def _stretches(items: Iterator[Block | Event], tape: Tape) -> Iterator[VoicePiece]:
    """All speech of the recording as pieces of voice; `tape` keeps what the ear computed."""
    ear = Ear(senses=tape)
    for _, events in heard(ear, items):
        yield from _cut(ear, events)
    yield from _cut(ear, ear.finish())


def _cut(ear: Ear, events: list[Event]) -> Iterator[VoicePiece]:
    for event in events:
        if isinstance(event, Speech):
            yield from cut_pieces(event.span.start, ear.colours([event.span]))


def _enrolled(recording: Recording, enrolments: tuple[Enrolment, ...], detector: Detector) -> dict[str, Voice]:
    """The enrolled voices by name. Raises BadInput if an enrolment has too little speech to learn a voice from."""
    return {
        enrolment.who: _learnt(enrolment, recording if enrolment.clip is None else Recording(enrolment.clip), detector)
        for enrolment in enrolments
    }


def _learnt(enrolment: Enrolment, source: Recording, detector: Detector) -> Voice:
    spans = sorted(enrolment.spans) or [WHOLE]
    colours, heard_s = _colours(source, spans, detector)
    together = np.concatenate(colours) if colours else np.zeros((0, BANDS))
    if len(together) < CONFIG.least_frames:
        where = "".join(f", {span.start_s:g} to {span.end_s:g} s" for span in enrolment.spans)
        outside = heard_s is not None and any(span.end_s > heard_s for span in enrolment.spans)
        ends = f"; the recording ends at {heard_s:g} s" if outside else ""
        raise BadInput(
            f"there is too little speech of {enrolment.who} to learn the voice in {source.name}{where}{ends}; "
            "name at least four seconds"
        )
    return learn_voice(together)


def _colours(source: Recording, spans: list[Span], detector: Detector) -> tuple[list[np.ndarray], float | None]:
    """The log mel energies of the speech in each of `spans`, in order; an ear keeps them for a while only.

    And how many seconds the recording lasts; None if its end was not reached.
    """
    ear = Ear(senses=Senses(detector))
    left = list(spans)
    colours: list[np.ndarray] = []
    for item in hops(source.blocks()):
        hear(ear, item)
        while left and ear.now > left[0].end + CONFIG.heard_out:
            colours.append(ear.colours([left.pop(0)]))
        if not left:
            return colours, None
    end = as_seconds(ear.now)
    ear.finish()
    return [*colours, *(ear.colours([span]) for span in left)], end
