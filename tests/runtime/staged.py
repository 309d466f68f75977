"""Fakes for devices and time: a scripted source, a manual clock, prepared words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf

from coach.asr import Transcriber
from coach.audio.player import NoPlayer
from coach.audio.source import Block, Clock
from coach.coaching import Catalogue
from coach.core.events import Consented, Event
from coach.core.settings import Settings
from coach.core.span import HOP, RATE, Span, as_samples
from coach.cues.sounds import CueSounds
from coach.cues.tts.resident import Resident
from coach.diarization.ear import Ear
from coach.diarization.voices import Voice, learn_voice
from coach.runtime.build import build_session
from coach.runtime.plan import Plan
from coach.runtime.session import Wordings
from coach.sessions import Store
from tests.vad.made_sound import sample, truth
from tests.waiting import wait

PEOPLE = ("Ana", "Ben")
STEP = RATE // 10  # samples per block


def check_in(who: str) -> Span:
    """The span of the person's first sentence in the sample."""
    return Span.seconds(*truth()["enrolment"][who])


@cache
def voices() -> dict[str, Voice]:
    """The voices of the sample's people, learnt from their check-in sentences."""
    ear = Ear()
    heard = sample()[: (check_in("Ben").end + RATE) // HOP * HOP]
    for _ in ear.hops(heard.reshape(-1, HOP)):
        pass
    return {who: learn_voice(ear.crops([check_in(who)])) for who in PEOPLE}


def excerpt(folder: Path, start: float, end: float) -> Path:
    """A part of the sample as a file."""
    path = folder / "excerpt.flac"
    sf.write(path, sample()[as_samples(start) : as_samples(end)], RATE, subtype="PCM_16")
    return path


def room(seconds: float) -> np.ndarray:
    """Silence of the given length."""
    return (np.random.default_rng(1).normal(size=as_samples(seconds)) * 10 ** (-60 / 20)).astype(np.float32)


class Script:
    """A transcriber that returns the given texts one after the other, and "Mm-hm." for sound shorter than `MURMUR`."""

    MURMUR = as_samples(0.9)

    name, languages = "script", "English"

    def __init__(self, *texts: str) -> None:
        self.texts = texts
        self.asked = 0

    def transcribe(self, samples: np.ndarray) -> str:
        if len(samples) < self.MURMUR:
            return "Mm-hm."
        self.asked += 1
        return self.texts[(self.asked - 1) % len(self.texts)]

    def close(self) -> None:
        """Does nothing."""


@dataclass
class Stage:
    """A `Source` with the test's blocks; the test may check and act between two of them."""

    told: Iterator[Block | Event]
    name: str = "stage"
    channels: int = 1
    length: int | None = None
    behind: int = 0
    closed: bool = False

    def blocks(self) -> Iterator[Block | Event]:
        for item in self.told:
            if self.closed:
                return
            yield item

    def close(self) -> None:
        self.closed = True


@dataclass
class Told:
    """An ear that emits the test's events at their times."""

    events: list[Event]
    now: int = 0
    dbfs: float = -40.0

    def hop(self, _samples: np.ndarray) -> list[Event]:
        self.now += HOP
        known = [event for event in self.events if event.at <= self.now]
        self.events = self.events[len(known) :]
        return known

    def finish(self) -> list[Event]:
        return []


def blocks(sound: np.ndarray, start: int = 0) -> Iterator[Block]:
    """The sound as blocks of a tenth of a second, starting at the given sample."""
    for n in range(0, len(sound), STEP):
        yield Block(start + n, sound[n : n + STEP].reshape(-1, 1))


class AtOnce(Clock):
    """A clock on which sleeping takes no time."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


NO_PROGRAM = ("/no such program",)
VOICELESS: dict[str, Any] = {"speak": NO_PROGRAM, "neural": Resident(NO_PROGRAM)}  # a machine on which nothing speaks


def sounds(folder: Path, seconds: float = 4.0) -> CueSounds:
    """Sounds in which every cue is a soft hum of the given length, so that nothing has to be rendered."""
    own = folder / "own"
    own.mkdir(exist_ok=True)
    hum = 0.05 * np.sin(2 * np.pi * 220 * np.arange(as_samples(seconds)) / RATE)
    for entry in Catalogue.load().entries.values():
        if entry.tone is None:
            sf.write(own / f"{entry.kind}.wav", hum, RATE)
    return CueSounds(folder / "cache", Catalogue.load(), own=own)


@dataclass
class Evening:
    """A session that is ready to run, and its events."""

    folder: Path
    source: Any
    plan: Plan
    transcriber: Transcriber | None = None
    cue_sounds: CueSounds | None = None
    clock: Clock = field(default_factory=AtOnce)
    catalogue: Catalogue = field(default_factory=Catalogue.load)
    player: NoPlayer = field(default_factory=NoPlayer)
    shown: list[Event] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    looks: Callable[[Event], object] = lambda event: None  # called for each event when it is shown
    wordings: Wordings | None = None
    consents: tuple[Consented, ...] = ()

    def __post_init__(self) -> None:
        self.store = Store(self.folder / "coach.db")
        self.session = build_session(
            self.plan,
            source=self.source,
            speaker=self.player,
            sounds=self.cue_sounds or sounds(self.folder),
            catalogue=self.catalogue,
            transcriber=self.transcriber,
            store=self.store,
            show=self._show,
            prompt=self.prompts.append,
            clock=self.clock,
            wordings=self.wordings,
            consents=self.consents,
        )

    def _show(self, event: Event) -> None:
        self.shown.append(event)
        self.looks(event)

    def run(self) -> list[Event]:
        self.session.run()
        return self.shown

    def read_up(self) -> None:
        """Waits until the words thread is idle; the sample clock does not move meanwhile."""
        wait("the words", lambda: self.session.parts.words is None or self.session.parts.words.behind == 0)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.shown if isinstance(event, kind)]

    @property
    def stored(self) -> list[Event]:
        assert self.session.number is not None
        return list(self.store.events(self.session.number))


def plan(**changes: Any) -> Plan:
    """A session of Ana and Ben with known voices, on a recording, without a quiet first minute."""
    settings = changes.pop("settings", Settings(quiet_first=0.0, cues="drill"))
    return Plan(
        **{"people": PEOPLE, "settings": settings, "version": "0", "voices": voices(), "played_back": True, **changes}
    )
