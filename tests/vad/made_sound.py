"""Audio with a known annotation: the sample conversation, excerpts of it, and non-speech noises."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import soundfile as sf

from coach.core.events import Event
from coach.core.resources import asset
from coach.core.span import HOP, RATE, as_samples

APART_S = 0.4  # from anybody else's speech, where a person is alone
RAMP = as_samples(0.005)  # a cut is heard within this
ROOM_DBFS = -60.0
TOGETHER = 50  # hops, a second: an ear that gets them in one call needs half the time, and tells the same


@cache
def sample() -> np.ndarray:
    """The whole sample, (n,) float32."""
    return sf.read(asset("sample.flac"), dtype="float32")[0]


@cache
def truth() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))
    return whole


def alone(who: str, at_least: float = 2.0) -> list[tuple[float, float]]:
    """The units of one person, after the check-in, to which nobody else says anything; seconds of the sample."""
    units = [(row["speaker"], row["start_s"], row["end_s"]) for row in truth()["speech"]]
    after = max(end for _, end in truth()["enrolment"].values())
    return [
        (start, end)
        for name, start, end in units
        if name == who
        and start > after
        and end - start >= at_least
        and not any(n != who and s < end + APART_S and start - APART_S < e for n, s, e in units)
    ]


def longest(who: str) -> tuple[float, float]:
    """The longest unit of one person that is only theirs."""
    return max(alone(who), key=lambda unit: unit[1] - unit[0])


def said(start: float, end: float) -> np.ndarray:
    """What is heard between two seconds of the sample, cut out with edges that are known to 5 ms."""
    piece = sample()[as_samples(start) : as_samples(end)].copy()
    piece[:RAMP] *= np.linspace(0, 1, RAMP, dtype=np.float32)
    piece[-RAMP:] *= np.linspace(1, 0, RAMP, dtype=np.float32)
    return piece


def loud_part(start: float, end: float, at_least: float) -> np.ndarray:
    """A piece of a unit, at least so many seconds, that begins and ends in the midst of loud vowels."""
    whole = sample()[as_samples(start) : as_samples(end)]
    levels = (whole[: len(whole) // 160 * 160].reshape(-1, 160) ** 2).mean(axis=1)
    loud = np.flatnonzero(levels > 0.8 * levels.max() / 4)
    first = int(loud[0])
    last = int(loud[loud >= first + round(100 * at_least)][0])
    return said(start + first / 100, start + last / 100)


def room(seconds: float, dbfs: float = ROOM_DBFS, seed: int = 1) -> np.ndarray:
    """A room in which nobody speaks: white noise, of `dbfs` on average."""
    rng = np.random.default_rng(seed)
    return (rng.normal(size=as_samples(seconds)) * 10 ** (dbfs / 20)).astype(np.float32)


def laid(seconds: float, *pieces: tuple[float, np.ndarray], dbfs: float = ROOM_DBFS) -> np.ndarray:
    """A room of that length with pieces laid into it, each at its second."""
    out = room(seconds, dbfs)
    for second, piece in pieces:
        at = as_samples(second)
        out[at : at + len(piece)] += piece
    return out


def chord(*notes: float, tremolo: float, depth: float, partials: int = 1) -> np.ndarray:
    """Eight seconds of notes that swell and fade together `tremolo` times a second."""
    time = np.arange(8 * RATE) / RATE
    tones = sum(np.sin(2 * np.pi * note * k * time) / k for note in notes for k in range(1, partials + 1))
    sound = np.asarray(tones * (1 + depth * np.sin(2 * np.pi * tremolo * time)))
    return (0.24 * sound / np.abs(sound).max()).astype(np.float32)


def hops_of(sound: np.ndarray) -> list[np.ndarray]:
    """Whole hops; the rest of the sound is filled up with zeros."""
    missing = -len(sound) % HOP
    padded = np.concatenate([sound, np.zeros((missing, *sound.shape[1:]), np.float32)])
    return list(padded.reshape(-1, HOP, *sound.shape[1:]))


def heard(listener: Any, sound: np.ndarray) -> list[Any]:
    """All that an ear or a voice detector tells of the sound, to its end."""
    pieces = np.array(hops_of(sound))
    parts = (pieces[first : first + TOGETHER] for first in range(0, len(pieces), TOGETHER))
    return [event for part in parts for told in listener.hops(part) for event in told] + list(listener.finish())


def in_order(events: list[Event]) -> bool:
    return all(a.at <= b.at for a, b in pairwise(events))


ANA_SAYS, BEN_SAYS = (tuple(truth()["enrolment"][who]) for who in ("Ana", "Ben"))  # the check-in, in seconds
ANA_ALONE, BEN_ALONE = longest("Ana"), longest("Ben")


def seconds(samples: int) -> float:
    return samples / RATE
