"""Whether a sound is a tone, such as a bowl's: a few partials that hold still, where speech glides.

The echo canceller must not be given one. A filter that is adapted on a few frequencies says nothing about all others,
and AEC3 then takes the room for one without an echo: after one tone of 0.4 s it let the next ten seconds of the coach's
words through as they were, and took 20 dB off people who spoke under it. And it need not be: the ear takes no tone for
a voice.
"""

from __future__ import annotations

import numpy as np

from coach.audio.source import Samples
from coach.core.span import RATE

BAND = 10  # Hz; a struck bowl's partials are narrower, since they last
PARTIALS = 12  # bands; more than a bowl's partials, some of which lie across two
SHARE = 0.95  # of the energy: bowls have 0.99, spoken words 0.1 to 0.86


def is_tone(clip: Samples) -> bool:
    """Whether nearly all of the energy of `clip`, mono at 16 kHz, lies in a few narrow bands; false for silence."""
    rise = np.diff(clip)  # weighs high partials up, which words have many of
    power = np.abs(np.fft.rfft(rise * np.hanning(len(rise)))) ** 2
    width = max(1, BAND * len(clip) // RATE)
    bands = np.add.reduceat(power, np.arange(0, len(power), width))
    return bool(np.sort(bands)[-PARTIALS:].sum() > SHARE * power.sum())
