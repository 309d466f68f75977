"""Wishes said to the coach, "coach, quiet": who says them, how, where, and how soon the coach has understood.

Everything from the ear to the worker is real, and runs in real time from the wish's first sound on; what comes before
runs as quickly as it can. One session is one voice in one room, and it says each wish into a room like this:

    somebody else   ███████████                                    (half of the time; otherwise nobody)
    the wish                    1 s   ████  pause  █████┊
                                                        ┊ silence known · words begun · words there · hushed
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import fftconvolve

from coach.asr import Transcriber, Worker
from coach.audio.source import Block, Samples
from coach.coaching import Catalogue
from coach.core.events import Event, Hushed, VoiceOff
from coach.core.settings import Settings
from coach.core.span import HOP, RATE, Span, as_samples
from coach.runtime.pipeline import Pipeline
from scripts.simulate.own_voice import NOISE, PEOPLE, impulse, learnt, loud, loudness
from scripts.simulate.people import tool
from scripts.simulate.truth import heard
from scripts.simulate.tts import aloud, audible, written

NAME = "coach"
WISHES = {
    "quiet": ("quiet", "be quiet", "hush", "quiet down", "keep quiet", "stay quiet", "silence"),
    "go on": ("go on", "go ahead", "carry on", "you can go on", "you may go on"),
}
PAUSES_S = (0.0, 0.3, 0.6)
ROOMS = {"quiet": ("dry", None), "20 dB": ("dry", 20.0), "10 dB": ("dry", 10.0), "kitchen": ("kitchen", None)}
FLITE = ("slt", "rms", "awb", "kal16")
ESPEAK = ("en-gb", "en-us", "en-gb-scotland", "en-gb+f3", "en-us+m7")
ESPEAK_PACE = 150  # words a minute; at its own 175 it swallows endings
TALK = "I was going to tell you about the walk along the river. It was cold, and nobody was there but the two of us."
READING_S = 6.0
SILENCE_S = 3.0  # before each wish, or before the other's sentence
AFTER_OTHER_S = 1.0
PATIENCE_S = 1.5  # from the end of a wish until it counts as not understood
NEAR_S = 0.6  # around the wish's end, within which the ear's end of it lies


@dataclass(frozen=True)
class Wish:
    """`kind` is what is asked for; `pause_s` lies between the name and the rest, which is one breath where it is 0."""

    kind: str
    wording: str
    pause_s: float
    after_other: bool


@dataclass(frozen=True)
class Outcome:
    """Seconds from the wish's last sound; None where it did not come. `words`: what was read, for whoever asks why."""

    voice: str
    room: str
    wish: Wish
    silent_s: float | None
    begun_s: float | None
    words_s: float | None
    hushed_s: float | None
    words: str


def voices() -> tuple[str, ...]:
    return FLITE + ESPEAK


def wishes(first: int, many: int = 1, *, plain: bool = False) -> Iterator[Wish]:
    """`many` for each pause and setting, by turns to be quiet and to go on; wordings go round from the `first` on.

    `plain`: only the first wording of each.
    """
    turn = first
    for pause in PAUSES_S:
        for after_other in (False, True):
            for _ in range(many):
                kind = ("quiet", "go on")[turn % 2]
                wordings = WISHES[kind][:1] if plain else WISHES[kind]
                yield Wish(kind, wordings[turn // 2 % len(wordings)], pause, after_other)
                turn += 1


def say(voice: str, text: str) -> Samples:
    """The audible part of `text` as `voice` says it, as loud as talk."""
    if voice in FLITE:
        return aloud(voice, text)
    return audible(written("espeak-ng", "-v", voice, "-s", str(ESPEAK_PACE), text, "-w"))


def spoken(voice: str, wish: Wish) -> Samples:
    if not wish.pause_s:
        return say(voice, f"{NAME} {wish.wording}")
    pause = np.zeros(as_samples(wish.pause_s), np.float32)
    return np.concatenate([say(voice, NAME), pause, say(voice, wish.wording)])


def another(data: Path) -> Samples:
    """What the other says: six seconds of a reader, as loud as talk."""
    file = sorted((data / "data" / "audio" / "voices").iterdir())[-2]
    return loud(tool(data).load(file)[: as_samples(READING_S)])


class Room:
    """What a microphone hears of somebody: the room's echo, its own soft noise, and rain where there is any."""

    def __init__(self, data: Path, name: str) -> None:
        echo, self._over_db = ROOMS[name]
        self._response = impulse(data, echo)
        rain = [heard(file)[:, 0] for file in sorted((data / "data" / "audio" / "noise" / "rain").iterdir())]
        self._rain = np.concatenate(rain)

    def of(self, dry: Samples, level: float) -> Samples:
        """`dry` in the room; `level` is the RMS of talk there."""
        wet = fftconvolve(dry, self._response)[: len(dry)]
        noise = np.random.default_rng(1).normal(scale=NOISE, size=len(dry))
        if self._over_db is not None:
            rain = np.resize(self._rain, len(dry))
            noise += rain * (level * 10 ** (-self._over_db / 20) / np.sqrt((rain**2).mean()))
        return np.asarray(wet + noise, np.float32)


class _Noting:
    """A recogniser that notes when it began and ended each time."""

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber
        self.name, self.languages = transcriber.name, transcriber.languages
        self.log: list[tuple[float, float, str]] = []

    def transcribe(self, samples: Samples) -> str:
        began = time.monotonic()
        text = self._transcriber.transcribe(samples)
        self.log.append((began, time.monotonic(), text))
        return text

    def close(self) -> None:
        """The one that it stands before is used again."""


def session(
    data: Path, voice: str, room_name: str, some: list[Wish], transcriber: Transcriber, talk: Samples
) -> Iterator[Outcome]:
    """`voice` says `some` wishes in the room, after another's `talk` where so; both are learnt before."""
    room = Room(data, room_name)
    level = loudness(talk)
    mine = say(voice, TALK)
    ear = learnt(room.of(np.concatenate([mine, talk]), level), len(mine))
    noting = _Noting(transcriber)
    worker = Worker(noting)
    table = Pipeline(ear, Settings(cues="none"), PEOPLE, catalogue=Catalogue.load(), recogniser=worker)
    dry: list[Samples] = [talk]  # the two have talked before
    said: list[tuple[Wish, Span]] = []
    at = len(talk)
    for wish in some:
        other = talk if wish.after_other else np.zeros(0, np.float32)
        lead = [_silence(SILENCE_S), *([other, _silence(AFTER_OTHER_S)] if wish.after_other else [])]
        sound = spoken(voice, wish)
        begin = at + sum(map(len, lead))
        said.append((wish, Span(begin, begin + len(sound))))
        dry += [*lead, sound, _silence(PATIENCE_S)]
        at = begin + len(sound) + as_samples(PATIENCE_S)
    wet = room.of(np.concatenate(dry), level)
    try:
        for wish, span in said:
            yield _one(table, worker, noting, wet, voice, room_name, wish, span)
    finally:
        worker.close()


def _one(
    table: Pipeline, worker: Worker, noting: _Noting, wet: Samples, voice: str, room: str, wish: Wish, span: Span
) -> Outcome:
    """Up to the wish as quickly as it goes, then in real time until it is obeyed, or clearly is not."""
    events: list[Event] = []

    def hop() -> list[Event]:
        start = table.now
        return table.hop(Block(start, wet[start : start + HOP][:, None]))

    while table.now < span.start - HOP:
        hop()
    while worker.behind:
        time.sleep(0.01)
    hop()
    table.tell(Hushed(at=table.now, on=wish.kind == "go on"))
    noting.log.clear()
    begun_wall, begun_at = time.monotonic(), table.now
    ended_wall = begun_wall + (span.end - begun_at) / RATE
    hushed: float | None = None
    while table.now + HOP <= span.end + as_samples(PATIENCE_S) - HOP:
        time.sleep(max(0.0, begun_wall + (table.now + HOP - begun_at) / RATE - time.monotonic()))
        events += hop()
        if hushed is None and any(isinstance(event, Hushed) for event in events):
            hushed = time.monotonic() - ended_wall
            log = [each for each in noting.log if each[1] - ended_wall <= hushed]
    near = as_samples(NEAR_S)
    stops = [e for e in events if isinstance(e, VoiceOff) and abs(e.end - span.end) < near]
    words = " | ".join(text for _, _, text in noting.log)
    silent_s = (stops[-1].at - span.end) / RATE if stops else None
    begun_s = words_s = None
    if hushed is not None and log:
        begun_s, words_s = log[-1][0] - ended_wall, log[-1][1] - ended_wall
    return Outcome(voice, room, wish, silent_s, begun_s, words_s, hushed, words)


def _silence(seconds: float) -> Samples:
    return np.zeros(as_samples(seconds), np.float32)


def false_hushes(texts: list[list[str]], asked: Callable[[str], object]) -> list[str]:
    """What is taken for a wish in conversations: turns, and two after one another as a session joins them."""
    found = []
    for turns in texts:
        for before, turn in zip(["", *turns], turns, strict=False):
            found += [text for text in {turn, f"{before}. {turn}"} if asked(text) is not None]
    return found
