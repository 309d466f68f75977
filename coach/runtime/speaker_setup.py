"""Who is who in a recording, settled before the first hop, best way first:

    channels       given, or found: two channels of which now one leads and now the other, by far
    enrolled       seconds of the recording, or a clip, in which one person speaks
    unknown        heard once through, then grouped: one to four people, or as many as were said to be there

Two who were enrolled are all there are, unless more are said to be there. Whoever of several people was not enrolled is
looked for among the voices that suit no enrolled person.
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
from coach.core.span import RATE, Span
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

Progress = Callable[[int, int | None], None]  # samples heard so far over all hearings, and in all where that is known
A_CONVERSATION = 2  # people in it, where nobody says how many: whoever enrols two does not ask for a third
MICROPHONES = 2  # channels in which two people may have one each
HEARD_OUT = RATE  # samples after which all is known of a frame
LEAST_FRAMES = 150  # frames of speech, a second and a half, under which no voice is learnt


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where to learn the voice of `who`: seconds of the recording itself, or a clip of its own."""

    who: str
    spans: tuple[Span, ...] = ()
    clip: Path | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """What is known beforehand about who speaks. `channels` count from 0; `count` is how many speak, where it is known.

    With `people` it is as many as are named; with neither, one to four.
    """

    people: tuple[str, ...] = ()
    channels: Mapping[str, int] = field(default_factory=dict)
    enrolments: tuple[Enrolment, ...] = ()
    count: int | None = None

    @property
    def expected(self) -> int | None:
        """How many people are to be found; None when that is to be found out."""
        return self.count or len(self.people) or None


class Hearings:
    """A recording that may be heard several times over with the same detector, and how far all that has come.

    `planned` hearings are reckoned with; one that turns out not to be needed is made up for at once.
    """

    def __init__(
        self, recording: Recording, planned: int, progress: Progress | None, detector: Detector = SILERO
    ) -> None:
        self.recording, self.detector = recording, detector
        self._planned, self._progress = planned, progress

    def next(self, left: int) -> Iterator[Block | Event]:
        """The recording on the grid of hops from its beginning; `left` hearings follow this one."""
        length = self.recording.length
        done = (self._planned - left - 1) * (length or 0)
        for item in hops(self.recording.blocks()):
            yield item
            if self._progress is not None and isinstance(item, Block) and item.start % RATE == 0:
                self._progress(done + item.end, self._planned * length if length else None)


def planned(recording: Recording, who: Who) -> int:
    """How many times the recording may have to be heard."""
    if who.channels:
        return 1
    return 3 if _may_be_microphones(recording, who) else 2


def settle(hearings: Hearings, who: Who) -> tuple[Ear | ChannelEar | None, tuple[str, ...]]:
    """The ear that suits what is known, None where nobody speaks, and the people it will name.

    Raises BadInput when the recording does not hold what `who` says.
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
    """An ear for the voices that a first hearing finds; what that hearing heard is on its tape."""
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
    """Whoever was recognised by their own name, the others by the names that are left."""
    letters = (letter for letter in ascii_uppercase if letter not in {*who.people, *known})
    left = iter([*(name for name in who.people if name not in known), *letters])
    return tuple(name or next(left) for name in heard) or (next(left),)


def _stretches(items: Iterator[Block | Event], tape: Tape) -> Iterator[VoicePiece]:
    """Every voice of the recording, whoever's it is; `tape` keeps what was heard."""
    ear = Ear(senses=tape)
    for _, events in heard(ear, items):
        yield from _cut(ear, events)
    yield from _cut(ear, ear.finish())


def _cut(ear: Ear, events: list[Event]) -> Iterator[VoicePiece]:
    for event in events:
        if isinstance(event, Speech):
            yield from cut_pieces(event.span.start, ear.colours([event.span]))


def _enrolled(recording: Recording, enrolments: tuple[Enrolment, ...], detector: Detector) -> dict[str, Voice]:
    """The voices, learnt from where the person says they are heard. Raises BadInput where nobody speaks there."""
    return {
        enrolment.who: _learnt(enrolment, recording if enrolment.clip is None else Recording(enrolment.clip), detector)
        for enrolment in enrolments
    }


def _learnt(enrolment: Enrolment, source: Recording, detector: Detector) -> Voice:
    spans = sorted(enrolment.spans) or [Span(0, source.length or 0)]
    colours = list(_colours(source, spans, detector))
    together = np.concatenate(colours) if colours else np.zeros((0, BANDS))
    if len(together) < LEAST_FRAMES:
        raise BadInput(
            f"there is too little speech of {enrolment.who} to learn the voice in {source.name}, "
            f"{', '.join(f'{span.start_s:g} to {span.end_s:g} s' for span in spans)}; name at least four seconds"
        )
    return learn_voice(together)


def _colours(source: Recording, spans: list[Span], detector: Detector) -> Iterator[np.ndarray]:
    """How the speech in each of `spans`, in order of time, sounds; asked for at once, since an ear forgets."""
    ear = Ear(senses=Senses(detector))
    left = list(spans)
    for item in hops(source.blocks()):
        hear(ear, item)
        while left and ear.now > left[0].end + HEARD_OUT:
            yield ear.colours([left.pop(0)])
        if not left:
            return
    ear.finish()
    yield from (ear.colours([span]) for span in left)
