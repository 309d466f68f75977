"""Recordings and their reference annotations.

All times are samples at 16 kHz.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf
import soxr

from coach.conversation import Ipu
from coach.core.span import RATE, Span, as_samples

BACKCHANNEL = Span.seconds(0, 1.2).duration
SHARE = Span.seconds(0, 5.0).duration
BREATH = Span.seconds(0, 2.0).duration
NEAR = as_samples(1.0)  # most samples between the onsets of matching transfers


@dataclass(frozen=True, slots=True)
class Given:
    """A floor transfer: `who` takes the floor at `onset`, `fto` samples after the end of the previous turn."""

    who: str
    onset: int
    fto: int
    too_soon: bool = False

    @property
    def between(self) -> Span:
        """The silence or the overlap between the two turns, with the onset itself."""
        ended = self.onset - self.fto
        return Span(min(ended, self.onset), max(ended, self.onset) + 1)


@dataclass(frozen=True, slots=True)
class Truth:
    """Who spoke when, with the turns and transfers. Only the region `scored` counts, without the spans `left_out`.

    A span is left out because a voice was learnt from it, or because the annotation is not exact there. Its frames are
    not judged, nor is any transfer, silence, overlap or backchannel that touches it. `disputed` transfers are excluded
    from scoring. Where turns and transfers are unknown (meetings with many people), they are empty and `follows` is
    false.
    """

    scored: Span
    speech: tuple[Ipu, ...]
    turns: tuple[Ipu, ...] = ()
    transfers: tuple[Given, ...] = ()
    disputed: tuple[Given, ...] = ()
    backchannels: tuple[Ipu, ...] = ()
    follows: bool = True
    left_out: tuple[Span, ...] = ()

    def judges(self, span: Span) -> bool:
        """Whether a non-empty span touches nothing that is left out."""
        return not any(span & each for each in self.left_out)

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(unit.who for unit in self.speech))


@dataclass(frozen=True, slots=True)
class Take:
    """One file to analyse, with the options that a user would give.

    `kind`: the recordings that are reported together. `enrolment`: seconds in which each person speaks alone.
    `channels`: each person's column, from 0. `conditions`: labels by which results are grouped. `real`: real people.
    `only_too_soon`: counts in the figures on too-soon transfers alone.
    """

    name: str
    kind: str
    file: Path
    truth: Truth
    enrolment: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    real: bool = False
    only_too_soon: bool = False


def heard(file: Path) -> np.ndarray:
    """The samples at 16 kHz, float32, of shape (n, channels)."""
    x, rate = sf.read(file, dtype="float32", always_2d=True)
    return np.asarray(x if rate == RATE else soxr.resample(x, rate, RATE), np.float32)


def too_soon(before: Ipu, after: Ipu, speech: tuple[Ipu, ...], fto: int) -> bool:
    """By definition: a quick response, longer than a backchannel, to a turn with at least 5 s of speech.

    Implemented independently of the coach's rules, because it is the reference for them.
    """
    return fto < BREATH and spoken(before, speech) >= SHARE and spoken(after, speech) > BACKCHANNEL


def spoken(turn: Ipu, speech: tuple[Ipu, ...]) -> int:
    """Samples of speech in a turn."""
    return sum((turn.span & unit.span).duration for unit in speech if unit.who == turn.who)


def matched(true: Sequence[Given], heard: Sequence[Given], near: int = NEAR) -> list[tuple[Given, Given]]:
    """Pairs (true, detected) to the same person with onsets at most `near` apart; nearest first, each used once."""
    pairs = sorted(
        (abs(t.onset - h.onset), i, j)
        for i, t in enumerate(true)
        for j, h in enumerate(heard)
        if t.who == h.who and abs(t.onset - h.onset) <= near
    )
    used_true: set[int] = set()
    used_heard: set[int] = set()
    out = []
    for _, i, j in pairs:
        if i not in used_true and j not in used_heard:
            used_true.add(i)
            used_heard.add(j)
            out.append((true[i], heard[j]))
    return sorted(out, key=lambda pair: pair[0].onset)


def rttm(file: Path, name: str) -> list[Ipu]:
    """The segments of recording `name`, read by pyannote."""
    from pyannote.database.util import load_rttm

    read: Callable[[str], dict[str, Any]] = load_rttm
    found = read(str(file)).get(name)
    if found is None:
        raise SystemExit(f"{file} knows nothing of {name}")
    return [Ipu(str(who), Span.seconds(each.start, each.end)) for each, _, who in found.itertracks(yield_label=True)]
