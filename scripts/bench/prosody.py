"""The pitch and the level of the people in a recording whose speakers are labelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.core.span import RATE, Span
from scripts.simulate.truth import Take, heard

FRAME, FRAMED = RATE // 100, 4 * RATE // 100  # samples from frame to frame of pitch and level, and in one
HIGHEST_HZ, LOWEST_HZ = 400, 70
VOICED = 0.5  # autocorrelation at the pitch, from which a frame is voiced
BENT = 25  # frames in which pitch and level rise or fall


@dataclass(frozen=True, slots=True)
class Voice:
    """The pitch, in octaves, and the level, in dB, of the 10 ms frames of one channel; pitch is nan where unvoiced."""

    pitch: np.ndarray
    level: np.ndarray

    @classmethod
    def of(cls, sound: np.ndarray) -> Voice:
        count = max(0, (len(sound) - FRAMED) // FRAME + 1)
        frames = (
            np.stack([sound[n * FRAME : n * FRAME + FRAMED] for n in range(count)]) if count else np.zeros((0, FRAMED))
        )
        level = 10 * np.log10((frames**2).mean(axis=1) + 1e-10)
        window = np.hanning(FRAMED)
        alike = _autocorrelation((frames - frames.mean(axis=1, keepdims=True)) * window) / _autocorrelation(
            window[None]
        )
        within = alike[:, RATE // HIGHEST_HZ : RATE // LOWEST_HZ]
        best = within.argmax(axis=1) if count else np.zeros(0, int)
        voiced = within.max(axis=1, initial=0.0) > VOICED
        return cls(np.where(voiced, np.log2(RATE / (best + RATE // HIGHEST_HZ)), np.nan), level)


def _autocorrelation(frames: np.ndarray) -> np.ndarray:
    power = np.abs(np.fft.rfft(frames, 2 * FRAMED, axis=1)) ** 2
    found = np.fft.irfft(power, axis=1)[:, :FRAMED]
    return np.asarray(found / np.maximum(found[:, :1], 1e-9))


def bend(values: np.ndarray) -> float:
    """How much the last frames rise a second; 0 if too few of them are known."""
    newest = values[-BENT:]
    known = np.flatnonzero(~np.isnan(newest))
    return float(np.polyfit(known / 100, newest[known], 1)[0]) if len(known) > 5 else 0.0


def median(values: Sequence[np.ndarray]) -> float:
    whole = np.concatenate([*values, np.zeros(0)])
    whole = whole[~np.isnan(whole)]
    return float(np.median(whole)) if len(whole) else 0.0


class Voices:
    """The speech of each person in a recording: `speech` holds their spans, in the order of the labels."""

    def __init__(self, take: Take) -> None:
        self._columns, self._sound = take.channels, heard(take.file)
        self.speech: dict[str, list[Span]] = {who: [] for who in take.truth.people}
        for unit in take.truth.speech:
            self.speech[unit.who].append(unit.span)

    def sound(self, who: str, span: Span) -> np.ndarray:
        """The samples (n,) in `span` of this person's channel, or of all channels together."""
        cut = self._sound[span.start : span.end]
        return np.ascontiguousarray(cut[:, self._columns[who]] if self._columns else cut.mean(axis=1))

    def usual(self, who: str) -> tuple[float, float]:
        """The median pitch, in octaves, and level, in dB, of this speaker."""
        voices = [Voice.of(self.sound(who, span)) for span in self.speech[who]]
        return median([voice.pitch for voice in voices]), median([voice.level for voice in voices])
