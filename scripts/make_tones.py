"""Synthesises the coach's tones into audio_assets: soft struck bowls made of a few decaying partials.

    python -m scripts.make_tones [--out DIR]

A struck bowl sounds soft because its partials are inharmonic, the high ones decay first, and pairs of modes a few hertz
apart beat. Levels are set by the loudest 400 ms, the window of momentary loudness (ITU-R BS.1770), unweighted, because
the peak of a struck bowl says little about its loudness. Each tone is mono, 16 bit, 16 kHz; output is byte-identical
across runs on one machine.
"""

from __future__ import annotations

import argparse
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scripts.paths import ASSETS

RATE = 16_000  # samples per second, the coach's internal rate
ATTACK = 30 * RATE // 1000  # samples; under 10 ms a tone clicks, over 50 ms it swells
RELEASE = 120 * RATE // 1000  # samples; the final fade-out

# (frequency relative to the lowest mode, loudness, decay time to 1/e relative to the lowest mode's)
PARTIALS = ((1.0, 1.0, 1.0), (2.71, 0.28, 0.45), (5.05, 0.09, 0.22))
BEAT = 2.2  # hertz between the two halves of each mode


WINDOW = 400 * RATE // 1000  # samples


@dataclass(frozen=True)
class Tone:
    """One or more bowls, each with a strike time in seconds and a lowest mode in hertz.

    `length` and `decay` are seconds, `loudness` dBFS RMS over the loudest `WINDOW`.
    """

    name: str
    strokes: tuple[tuple[float, float], ...]
    length: float
    decay: float
    loudness: float


SOFT = -28.0  # dBFS; the level of the coach's words, 2 dB below talk at a table (about -26 at the microphone)

TONES = (
    Tone("tone_soon.wav", ((0.0, 440.0),), 0.90, 0.28, SOFT),
    Tone("tone_over.wav", ((0.0, 294.0),), 0.90, 0.32, SOFT),
    Tone("tone_heard.wav", ((0.0, 587.0),), 0.40, 0.12, SOFT - 9),
    Tone("tone_ask.wav", ((0.0, 392.0), (0.24, 523.0)), 1.10, 0.24, SOFT),  # a fourth up, quickly: a question
    Tone("tone_turn.wav", ((0.0, 330.0), (0.9, 494.0)), 2.20, 0.40, SOFT),  # a fifth up, to pass the turn
)


def bowls(tone: Tone) -> np.ndarray:
    """The samples of `tone`, float64 in -1..1."""
    sound = np.zeros(round(tone.length * RATE))
    for at, hertz in tone.strokes:
        struck = round(at * RATE)
        sound[struck:] += stroke(hertz, tone.decay, sound.size - struck)
    sound[-RELEASE:] *= 0.5 + 0.5 * np.cos(np.pi * (np.arange(RELEASE) + 1) / RELEASE)
    return sound * 10 ** (tone.loudness / 20) / loudest(sound)


def stroke(hertz: float, decay: float, length: int) -> np.ndarray:
    """`length` samples of one bowl from its strike."""
    seconds = np.arange(length) / RATE
    sound = np.zeros(length)
    for ratio, loudness, lasting in PARTIALS:
        mode = np.sin(2 * np.pi * hertz * ratio * seconds)
        mode += 0.5 * np.sin(2 * np.pi * (hertz * ratio + BEAT) * seconds)
        sound += loudness * mode * np.exp(-seconds / (decay * lasting))
    sound[:ATTACK] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(ATTACK) / ATTACK)
    return sound


def loudest(sound: np.ndarray) -> float:
    """RMS of the loudest `WINDOW` of the sound, or of all of it if it is shorter."""
    window = min(WINDOW, sound.size)
    energy = np.concatenate([[0.0], np.cumsum(sound**2)])
    return float(np.sqrt(np.max(energy[window:] - energy[:-window]) / window))


def write(path: Path, sound: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(sound * 32767).astype("<i2").tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the coach's tones.")
    parser.add_argument("--out", type=Path, default=ASSETS)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for tone in TONES:
        write(out / tone.name, bowls(tone))
        print(out / tone.name)


if __name__ == "__main__":
    main()
