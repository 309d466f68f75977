"""Simulates the coach's echo in a room: which of it counts as a person's speech, and which speech it masks.

An evening is a series of moments in one room. Each has a cue, and in half of them a person speaks over it:

    cue                     ▓▓▓▓▓▓▓▓▓              ▓▓▓▓▓              ▓▓▓▓▓▓▓▓▓
    Ana      ████████████                             ████████████
    Ben                  ████████████
    the microphone picks up both with the room's reverberation, the cue after FLIGHT, over soft noise

There are two people. The ear has learnt their voices in this room, as in a check-in, and both have spoken.

The microphone signal passes hop by hop through a `System` and then through the real pipeline. A cue yields as in a
session, so the system also affects when it stops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from scipy.signal import fftconvolve

from coach.asr import Immediate, Transcriber
from coach.audio.playback_queue import PlaybackQueue
from coach.audio.player import PlayerConfig
from coach.audio.source import Block, Samples
from coach.audio.tonality import is_tone
from coach.coaching import Catalogue
from coach.core.events import Event, VoiceOn
from coach.core.settings import Settings
from coach.core.span import HOP, MILLISECOND, RATE, Span, as_samples
from coach.cues.sounds import CueSounds
from coach.diarization import Ear, learn_voice
from coach.runtime.pipeline import Pipeline
from scripts.simulate.people import Person
from scripts.simulate.rooms import NOISE, TALK, loud, loudness

FADE = PlayerConfig().fade  # seconds of a stop
FLIGHT = 80 * MILLISECOND  # samples of delay from the speaker's buffer to the microphone's
BETWEEN = 3 * RATE  # samples of silence after each moment
OFFSETS_S = (0.3, 0.6, 0.9, 1.2)  # from the onset of a cue
LEVELS_DB = (-12.0, -6.0, 0.0)  # of the coach's words relative to the talk
FORMS = ("words", "tone", "line")
PEOPLE = ("Ana", "Ben")


class System(Protocol):
    """The processing between microphone and ear. `double_talk`: it detects somebody speaking over the cue.

    `spoken` returns the recogniser's input for the last hop; None means the ear's input.
    """

    @property
    def double_talk(self) -> bool: ...

    def hop(self, near: Samples, far: Samples, sounding: bool) -> Samples: ...

    def spoken(self, gives_way: bool) -> Samples | None: ...


# ------------------------------------------------------------------------------------------------ rooms and sounds


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A cue, and a person's speech that starts `offset` samples after its onset.

    `text` holds the words. With `known` it is the exact text; otherwise it is the recogniser's output on the dry
    recording.
    """

    form: str  # "words", "tone", or "line", which always plays to the end
    cue: Samples
    said: Samples | None = None
    offset: int = 0
    text: str = ""
    known: bool = False

    @property
    def length(self) -> int:
        return max(len(self.cue), 0 if self.said is None else self.offset + len(self.said))


def cues(folder: Path) -> dict[str, list[Samples]]:
    """The coach's sounds by form, in this machine's voice."""
    catalogue = Catalogue.load()
    lines = [(kind, catalogue.line(kind)) for kind in ("consent", "keep_words", "keep_audio")]
    sounds = CueSounds(folder, catalogue)
    if notices := sounds.prepare(lines):
        raise SystemExit(notices[0])
    tones = [entry.kind for entry in catalogue.entries.values() if entry.form == "tone"]
    wanted = {"words": catalogue.spoken(), "tone": [(kind, "") for kind in tones], "line": lines}
    return {form: [clip for each in wanted[form] if (clip := sounds.clip(*each)) is not None] for form in FORMS}


def tables(
    sounds: dict[str, list[Samples]], people: Sequence[Person], reads: Callable[[Samples], str]
) -> Iterator[tuple[tuple[Person, Person], list[Moment]]]:
    """Pairs of people and their moments.

    Each evening starts with a line, as a session does, and the first also plays every other cue alone. Then each person
    speaks over cues: readers over one of each form, people with a known text only over words. `reads` recognises the
    words of a recording.
    """
    into = dict.fromkeys(sounds, 0)  # number of cues of each form with speech over them

    def spoken(form: str, sound: Samples, text: str, known: bool) -> Moment:
        i, some = into[form], sounds[form]
        into[form] += 1
        return Moment(form, some[i % len(some)], sound, as_samples(OFFSETS_S[i % len(OFFSETS_S)]), text, known)

    def answers(person: Person) -> Iterator[Moment]:
        if person.words is None:
            for sound in person.says:
                text = reads(sound)
                yield from (spoken(form, sound, text, known=False) for form in sounds)
        else:
            yield from (spoken("words", *each, known=True) for each in zip(person.says, person.words, strict=True))

    alone = [Moment(form, cue) for form in ("line", "words", "tone") for cue in sounds[form]]
    for pair in zip(people[::2], people[1::2], strict=True):
        yield pair, alone + [each for person in pair for each in answers(person)]
        alone = alone[:1]


# ------------------------------------------------------------------------------------------------------ an evening


class _Speaker:
    """The speaker in the room: its sound reaches the microphone `FLIGHT` later.

    The delay of each cue varies by up to `astray` samples, as with two clocks or buffer underruns.
    """

    def __init__(self, response: Samples, gain: float, astray: int = 0) -> None:
        self.line = PlaybackQueue(RATE)
        self._response = response * np.float32(gain)
        self._astray, self._random = astray, np.random.default_rng(1)
        self._later = FLIGHT
        self._coming = np.zeros(FLIGHT + astray + len(response) + HOP - 1, np.float32)

    def play(self, cue: Samples) -> None:
        self._later = FLIGHT + int(self._random.integers(-self._astray, self._astray, endpoint=True))
        self.line.play(cue, 0.0, "", in_far_end=not is_tone(cue))

    def hop(self) -> tuple[Samples, Samples]:
        """The canceller's reference and the echo at the microphone in the same hop."""
        sounding, far = self.line.fill(HOP)
        if sounding.any():
            heard_of_it = fftconvolve(sounding, self._response).astype(np.float32)
            self._coming[self._later : self._later + len(heard_of_it)] += heard_of_it
        heard = self._coming[:HOP].copy()
        self._coming = np.concatenate([self._coming[HOP:], np.zeros(HOP, np.float32)])
        return far, heard


@dataclass(frozen=True, slots=True)
class Heard:
    """The result of an evening: each moment's start sample, the events, and where cues ended early."""

    begins: Sequence[int]
    told: Sequence[Event]
    cut: Mapping[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Evening:
    """Moments in a room. `level_db`: the coach's words relative to the talk at the microphone; None: no speaker.

    `astray`: largest variation of the cues' delay, in samples.
    """

    moments: Sequence[Moment]
    response: Samples
    level_db: float | None
    people: tuple[Person, Person]
    seed: int = 1  # for the room's noise
    astray: int = 0

    def run(self, system: System, transcriber: Transcriber | None) -> Heard:
        talk = np.concatenate([loud(person.talk) for person in self.people])
        begins = self._begins(len(talk) + BETWEEN)
        speaker = _Speaker(self.response, self._gain(), self.astray)
        near = self._near(talk, begins)
        pipeline = Pipeline(
            learnt(near[: len(talk)], len(self.people[0].talk)),
            Settings(cues="none"),
            PEOPLE,
            catalogue=Catalogue.load(),
            recogniser=Immediate(transcriber) if transcriber else None,
        )
        told: list[Event] = []
        cut: dict[int, int] = {}
        latest = -1
        for start in range(0, len(near) - HOP, HOP):
            if latest + 1 < len(begins) and start >= begins[latest + 1]:
                latest += 1
                speaker.play(self.moments[latest].cue)
            far, echo = speaker.hop()
            hop = (near[start : start + HOP] + echo)[:, None]
            heard = system.hop(hop, far, speaker.line.busy)
            gives_way = self.moments[latest].form != "line"
            events = pipeline.hop(Block(start, heard), system.spoken(gives_way))
            began = system.double_talk or any(isinstance(event, VoiceOn) for event in events)
            if began and speaker.line.busy and self.moments[latest].form == "words" and latest not in cut:
                speaker.line.stop(FADE)
                cut[latest] = start + HOP + as_samples(FADE)
            told += events
        told += pipeline.finish("the evening ended")
        return Heard(begins, told, cut)

    def _begins(self, at: int) -> list[int]:
        begins = []
        for moment in self.moments:
            begins.append(at - at % HOP)
            at += moment.length + BETWEEN
        return begins

    def _gain(self) -> float:
        """Gain of the room's response that brings the coach's words to `level_db` at the microphone."""
        if self.level_db is None:
            return 0.0
        words = np.concatenate([moment.cue for moment in self.moments if moment.form == "words"])
        return TALK * 10 ** (self.level_db / 20) / loudness(fftconvolve(words, self.response))

    def _near(self, first: Samples, begins: list[int]) -> Samples:
        """The microphone signal without the coach."""
        length = begins[-1] + self.moments[-1].length + BETWEEN
        talk = np.zeros(length, np.float32)
        talk[: len(first)] = self._in_room(first)
        for moment, begin in zip(self.moments, begins, strict=True):
            if moment.said is not None:
                at = begin + moment.offset
                talk[at : at + len(moment.said)] = self._in_room(moment.said)
        noise = np.random.default_rng(self.seed).normal(scale=NOISE, size=length)
        return np.asarray(fftconvolve(talk, self.response)[:length] + noise, np.float32)

    def _in_room(self, sound: Samples) -> Samples:
        return sound * np.float32(TALK / loudness(fftconvolve(sound, self.response)))


def learnt(talk: Samples, second: int) -> Ear:
    """A fresh ear enrolled with two voices from `talk` (n,); the second person starts at the given sample."""
    ear = Ear()
    for start in range(0, len(talk) - HOP, HOP):
        ear.hop(talk[start : start + HOP])
    spans = (Span(0, second), Span(second, ear.now))
    return Ear({who: learn_voice(ear.crops([span])) for who, span in zip(PEOPLE, spans, strict=True)})
