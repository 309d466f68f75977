"""Voice commands such as "coach, quiet": voices, wordings, and the microphone signal in a room.

A session has one voice in one room, which says each command like this:

    somebody else   ███████████                                    (in half of the cases)
    the command                 1 s   ████  pause  █████
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
ESPEAK_PACE = 150  # words a minute; at its default of 175 it drops endings
TALK = "I was going to tell you about the walk along the river. It was cold, and nobody was there but the two of us."
READING_S = 6.0
SILENCE_S = 3.0  # before each command, or before the other person's sentence
AFTER_OTHER_S = 1.0
PATIENCE_S = 1.5  # timeout from the end of a command


@dataclass(frozen=True)
class Wish:
    """A command of this `kind`; `pause_s` separates the name from the rest, 0 for no pause."""

    kind: str
    wording: str
    pause_s: float
    after_other: bool


def voices() -> tuple[str, ...]:
    return FLITE + ESPEAK


def wishes(first: int, many: int = 1, *, plain: bool = False) -> Iterator[Wish]:
    """`many` commands per pause and setting, alternating "quiet" and "go on"; wordings rotate from `first`.

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
    """The audible part of `text` said by `voice`, at the level of talk."""
    if voice in FLITE:
        return aloud(voice, text)
    return audible(written("espeak-ng", "-v", voice, "-s", str(ESPEAK_PACE), text, "-w"))


def spoken(voice: str, wish: Wish) -> Samples:
    if not wish.pause_s:
        return say(voice, f"{NAME} {wish.wording}")
    pause = np.zeros(as_samples(wish.pause_s), np.float32)
    return np.concatenate([say(voice, NAME), pause, say(voice, wish.wording)])


def another(data: Path) -> Samples:
    """The other person's speech: six seconds of a reader, at the level of talk."""
    file = sorted((data / "data" / "audio" / "voices").iterdir())[-2]
    return loud(tool(data).load(file)[: as_samples(READING_S)])


class Room:
    """A microphone's surroundings: reverberation, soft room noise, and rain if any."""

    def __init__(self, data: Path, name: str) -> None:
        echo, self._over_db = ROOMS[name]
        self._response = impulse(data, echo)
        rain = [heard(file)[:, 0] for file in sorted((data / "data" / "audio" / "noise" / "rain").iterdir())]
        self._rain = np.concatenate(rain)

    def of(self, dry: Samples, level: float) -> Samples:
        """`dry` as recorded in the room; `level` is the RMS of talk there."""
        wet = fftconvolve(dry, self._response)[: len(dry)]
        noise = np.random.default_rng(1).normal(scale=NOISE, size=len(dry))
        if self._over_db is not None:
            rain = np.resize(self._rain, len(dry))
            noise += rain * (level * 10 ** (-self._over_db / 20) / np.sqrt((rain**2).mean()))
        return np.asarray(wet + noise, np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(as_samples(seconds), np.float32)
