"""Writes the coach's tones into audio_assets: soft struck bowls, made of a few decaying partials.

    python -m scripts.make_tones [--out DIR]

A struck bowl sounds soft because its partials are not harmonic, because the high ones die first, and because two
modes that lie a few hertz apart make it breathe. All tones are set by their loudest 400 ms, the window in which
momentary loudness is measured (ITU-R BS.1770), here unweighted: the peak of a struck bowl says little of how loud it
is. Each tone is one 16 kHz, 16 bit channel; the same bytes every time on one machine.
"""

from __future__ import annotations

import argparse
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scripts.paths import ASSETS

RATE = 16_000  # samples per second, as everywhere inside the coach
ATTACK = 30 * RATE // 1000  # samples; under 10 ms a tone clicks, over 50 ms it swells
RELEASE = 120 * RATE // 1000  # samples; what is left at the end fades to nothing

# (frequency relative to the lowest mode, loudness, time until it has fallen to 1/e as a part of the lowest mode's)
PARTIALS = ((1.0, 1.0, 1.0), (2.71, 0.28, 0.45), (5.05, 0.09, 0.22))
BEAT = 2.2  # hertz between the two halves of each mode


WINDOW = 400 * RATE // 1000  # samples


@dataclass(frozen=True)
class Tone:
    """One bowl or several, each struck at so many seconds and with a lowest mode of so many hertz.

    `length` and `decay` are seconds, `loudness` dBFS RMS over the loudest `WINDOW`.
    """

    name: str
    strokes: tuple[tuple[float, float], ...]
    length: float
    decay: float
    loudness: float


SOFT = -28.0  # dBFS: as the coach's words, and 2 dB under talk at a table, which reaches a microphone at about -26

TONES = (
    Tone("tone_soon.wav", ((0.0, 440.0),), 0.90, 0.28, SOFT),
    Tone("tone_over.wav", ((0.0, 294.0),), 0.90, 0.32, SOFT),
    Tone("tone_heard.wav", ((0.0, 587.0),), 0.40, 0.12, SOFT - 9),
    Tone("tone_turn.wav", ((0.0, 330.0), (0.9, 494.0)), 2.20, 0.40, SOFT),  # over to the other, a fifth up
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
    """One bowl from the moment it is struck, `length` samples."""
    seconds = np.arange(length) / RATE
    sound = np.zeros(length)
    for ratio, loudness, lasting in PARTIALS:
        mode = np.sin(2 * np.pi * hertz * ratio * seconds)
        mode += 0.5 * np.sin(2 * np.pi * (hertz * ratio + BEAT) * seconds)
        sound += loudness * mode * np.exp(-seconds / (decay * lasting))
    sound[:ATTACK] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(ATTACK) / ATTACK)
    return sound


def loudest(sound: np.ndarray) -> float:
    """RMS of the loudest `WINDOW` of the sound, or of all of it when it is shorter."""
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
