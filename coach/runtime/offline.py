"""The fast driver: a recording through the same pipeline as live talk, as fast as the machine allows.

    recording ─► speaker setup ─► ear ─► pipeline ─► events
                                   └─► words, started early (`prefetch`)

On one machine, the same file always gives exactly the same events, whatever the size of its blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coach.asr import Immediate, Transcriber
from coach.audio import Block, Placed, Recording, TogetherRecordings
from coach.coaching import Catalogue
from coach.core.errors import BadSetting
from coach.core.events import Ended, Event, LanguageFound, Notice
from coach.core.settings import Settings
from coach.cues import cues_for, worded
from coach.diarization import Ear, MicrophonesEar
from coach.runtime.pipeline import Pipeline
from coach.runtime.prefetch import EarAhead, Prefetched
from coach.runtime.speaker_setup import Enrolment, Hearings, Progress, Sound, Who, planned, settle
from coach.vad import SILERO, Detector

__all__ = ["Analysed", "Enrolment", "Who", "analyse"]

ENDED = "the recording ended"


@dataclass(frozen=True, slots=True)
class Analysed:
    """A recording and the events found in it. `duration` is in samples; `tracks` are its files if it has several."""

    name: str
    duration: int
    channels: int
    people: tuple[str, ...]
    events: list[Event]
    tracks: tuple[Placed, ...] = ()

    @property
    def notices(self) -> list[str]:
        """Messages about the recording, for the person who analyses it."""
        return [event.text for event in self.events if isinstance(event, Notice)]


def analyse(
    sound: Path | TogetherRecordings,
    who: Who,
    settings: Settings,
    transcriber: Transcriber | Sequence[Transcriber] | None,
    *,
    block_s: float = 0.1,
    progress: Progress | None = None,
    detector: Detector = SILERO,
) -> Analysed:
    """Analyses the recording at a path, or several that are heard together.

    `block_s` is the length of the blocks in seconds; it does not change the result. Each of several transcribers of one
    kind runs in its own thread. Raises BadInput if the file cannot be read or contradicts `who`.
    """
    recording = Recording(sound, block_s) if isinstance(sound, Path) else sound
    hearings = Hearings(recording, planned(recording, who), progress, detector)
    ear, people = settle(hearings, who)
    items = hearings.next(0)
    if ear is None:
        return _silent(recording, items, people)
    engines = transcriber if isinstance(transcriber, Sequence) else [transcriber] if transcriber else []
    prefetched = Prefetched(engines) if engines else None
    words = None
    if prefetched is not None:
        words = Immediate(engines[0], recognise=prefetched.recognise, language=lambda: prefetched.language)
    try:
        heard = _through_the_pipeline(EarAhead(ear, items, prefetched), ear, people, settings, words)
    finally:
        if prefetched is not None:
            prefetched.close()
    return Analysed(recording.name, heard[-1].at, recording.channels, people, heard, _tracks(recording))


def _through_the_pipeline(
    ahead: EarAhead,
    ear: Ear | MicrophonesEar,
    people: tuple[str, ...],
    settings: Settings,
    words: Immediate | None,
) -> list[Event]:
    """All events to be stored; the last is `Ended`."""
    pipeline = Pipeline(
        ahead,
        settings,
        people,
        catalogue=_wordings(settings),
        recogniser=words,
        columns=ear.columns if isinstance(ear, MicrophonesEar) else None,
    )
    events: list[Event] = []
    for item in ahead:
        if isinstance(item, Block):
            heard = pipeline.hop(item)
            events += heard
            for event in heard:
                if isinstance(event, LanguageFound):
                    events += _speak(pipeline, replace(settings, language=event.language))
            if words is not None and (lost := words.notices()):
                pipeline.lose_words()
                events += [Notice(at=pipeline.now, text=text) for text in lost]
        else:
            events += pipeline.outside(item)
    events += pipeline.finish(ENDED)
    return [event for event in events if event.stored]


def _speak(pipeline: Pipeline, settings: Settings) -> list[Event]:
    """Words cues in the language that was found; if its wordings are faulty, they stay as they were and it says so."""
    try:
        pipeline.speak(_wordings(settings))
    except BadSetting as error:
        return [Notice(at=pipeline.now, text=str(error))]
    return []


def _wordings(settings: Settings) -> Catalogue:
    """The wordings in the folder of the language, without what a person has changed of them with `coach cues`.

    Until the language is known, those in English, whatever the system speaks. Raises BadSetting if they are faulty.
    """
    return cues_for(settings, Catalogue.load(worded(settings.language)))


def _tracks(recording: Sound) -> tuple[Placed, ...]:
    return tuple(recording.placed) if isinstance(recording, TogetherRecordings) else ()


def _silent(recording: Sound, items: Iterable[Block | Event], people: tuple[str, ...]) -> Analysed:
    """The result for a recording without speech, whose blocks have already been heard: its length, and any gaps."""
    events: list[Event] = []
    now = 0
    for item in items:
        if isinstance(item, Block):
            now = item.end
        else:
            events.append(item)
    events.append(Ended(at=now, reason=ENDED))
    return Analysed(recording.name, now, recording.channels, people, events, _tracks(recording))
