"""Wishes said to the coach, "coach, quiet": who says them, in which words, and what a microphone in a room hears of it.

One session is one voice in one room, and it says each wish into a room like this:

    somebody else   ███████████                                    (half of the time; otherwise nobody)
    the wish                    1 s   ████  pause  █████
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import fftconvolve

from coach.audio.source import Samples
from coach.core.span import as_samples
from scripts.simulate.people import tool
from scripts.simulate.rooms import NOISE, impulse, loud
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


@dataclass(frozen=True)
class Wish:
    """`kind` is what is asked for; `pause_s` lies between the name and the rest, which is one breath where it is 0."""

    kind: str
    wording: str
    pause_s: float
    after_other: bool


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


def silence(seconds: float) -> Samples:
    return np.zeros(as_samples(seconds), np.float32)
