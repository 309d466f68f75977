"""The fast driver: a recording through the same table as live talk, as quickly as it goes.

    recording ─► who is who (`whose`) ─► ear ─► table ─► events
                                          └─► words, begun ahead (`ahead`)

On one machine the same file gives the same events to the byte, whatever the size of its blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.asr import Immediate, Transcriber
from coach.audio import Block, Recording
from coach.coaching import Catalogue
from coach.core.events import Ended, Event, Notice
from coach.core.settings import Settings
from coach.cues import cues_for
from coach.hearing import SILERO, ChannelEar, Detector, Ear
from coach.runtime.pipeline import Pipeline
from coach.runtime.prefetch import Begun, EarAhead
from coach.runtime.speaker_setup import Enrolment, Hearings, Progress, Who, planned, settle

__all__ = ["Analysed", "Enrolment", "Who", "analyse"]

ENDED = "the recording ended"


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
    transcriber: Transcriber | Sequence[Transcriber] | None,
    *,
    block_s: float = 0.1,
    progress: Progress | None = None,
    detector: Detector = SILERO,
) -> Analysed:
    """Hears the recording at `path`. Raises BadInput when it cannot be heard, or does not hold what `who` says.

    Of several transcribers, all of one kind, each recognises on a thread of its own.
    """
    recording = Recording(path, block_s)
    hearings = Hearings(recording, planned(recording, who), progress, detector)
    ear, people = settle(hearings, who)
    items = hearings.next(0)
    if ear is None:
        return _silent(recording, items, people)
    engines = transcriber if isinstance(transcriber, Sequence) else [transcriber] if transcriber else []
    begun = Begun(engines) if engines else None
    try:
        heard = _at_the_table(ear, items, people, settings, begun)
    finally:
        if begun is not None:
            begun.close()
    return Analysed(recording.name, heard[-1].at, recording.channels, people, heard)


def _at_the_table(
    ear: Ear | ChannelEar,
    items: Iterable[Block | Event],
    people: tuple[str, ...],
    settings: Settings,
    begun: Begun | None,
) -> list[Event]:
    """All stored events; the last one is that it ended."""
    words = Immediate(begun) if begun is not None else None
    ahead = EarAhead(ear, items, begun)
    table = Pipeline(
        ahead,
        settings,
        people,
        catalogue=cues_for(settings, Catalogue.load()),
        recogniser=words,
        columns=ear.columns if isinstance(ear, ChannelEar) else None,
    )
    events: list[Event] = []
    for item in ahead:
        if isinstance(item, Block):
            events += table.hop(item)
            if words is not None and (lost := words.notices()):
                table.lose_words()
                events += [Notice(at=table.now, text=text) for text in lost]
        else:
            events += table.outside(item)
    events += table.finish(ENDED)
    return [event for event in events if event.stored]


def _silent(recording: Recording, items: Iterable[Block | Event], people: tuple[str, ...]) -> Analysed:
    """A recording in which nobody speaks, which was heard through to know that: all that is left is its length."""
    events: list[Event] = []
    now = 0
    for item in items:
        if isinstance(item, Block):
            now = item.end
        else:
            events.append(item)
    events.append(Ended(at=now, reason=ENDED))
    return Analysed(recording.name, now, recording.channels, people, events)
