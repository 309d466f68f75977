"""Tonality: whether a sound is a tone, such as a singing bowl's, with a few steady partials where speech glides.

Tones must stay out of the echo canceller's far end. A filter adapted on a few frequencies is undetermined at all
others, and AEC3 then assumes a room without echo: after one tone of 0.4 s it let ten seconds of the coach's words
through and attenuated people who spoke at the same time by 20 dB. Leaving tones out costs nothing, because the ear does
not take a tone for a voice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.audio.source import Samples
from coach.core.span import RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class TonalityConfig:
    """How much of the energy lies in how few bands of a tone."""

    band: int = 10  # Hz; the long partials of a struck bowl are narrower
    partials: int = 12  # bands; more than a bowl has partials, since a partial may lie across two bands
    share: float = 0.95  # of the energy, 0 to 1; bowls reach 0.99, spoken words 0.1 to 0.86


def is_tone(clip: Samples, config: TonalityConfig = TonalityConfig()) -> bool:
    """Whether nearly all energy of `clip` (n,), mono at 16 kHz, lies in a few narrow bands; false for silence."""
    rise = np.diff(clip)  # pre-emphasis: speech has many high partials
    power = np.abs(np.fft.rfft(rise * np.hanning(len(rise)))) ** 2
    width = max(1, config.band * len(clip) // RATE)
    bands = np.add.reduceat(power, np.arange(0, len(power), width))
    return bool(np.sort(bands)[-config.partials :].sum() > config.share * power.sum())
