"""Tests whether rhythm separates laughter from speech: detection and false-alarm rates by threshold.

    scripts/bench/run laughter DATA            a table
    scripts/bench/run laughter DATA --json     one JSON object

A laugh longer than 1.2 s is too long for a backchannel, so without words it counts as a turn. Laughter is a series of
voiced bursts of 50 to 120 ms, four to six a second; its level should vary more deeply and regularly than that of
syllables, which come about as fast. The test takes the first 1.2 s of synthetic laughs, dry and in rooms, and 1.2 s
windows of recorded speech, one every 0.3 s. The features are the autocorrelation of the level at a period of 0.16 to
0.26 s, the number of 8 dB rises between 8 dB falls, and the regularity of their spacing. The data contains no recorded
laughter; synthetic laughs are more regular than real ones, so expect worse on real ones. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import soundfile as sf
from numpy.typing import NDArray
from soxr import resample

from coach.core.span import MILLISECOND, RATE
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.results.laughter import RULES, Found, Rule, columns, rows
from scripts.bench.results.tables import machine_lines, table
from scripts.progress import watched

Sound = NDArray[np.float32]
FRAME = 10 * MILLISECOND  # samples
WINDOW = 120  # frames: the longest backchannel
STEP = 30  # frames from one window of speech to the next
PERIODS = slice(16, 27)  # frames: 160 to 260 ms from burst to burst
SWING_DB = 8.0  # a burst rises, and falls, by this much; inside a syllable the level moves less
FLOOR_DB = -40.0  # relative to the loudest frame; below it there is only the room
SPEAKS_DB = -30.0  # relative to the loud frames of the whole recording
NOISE_DB = -25.0  # of the room, under a laugh
LAUGHS = 300
SPEECH = ("voices", "speakers", "call40", "ami", "hesitant")  # folders of DATA/data/audio


def level(sound: Sound) -> Sound:
    """The RMS of each frame."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(np.sqrt(np.mean(np.square(frames), axis=1) + 1e-12), np.float32)


def rhythm(window: Sound) -> tuple[float, int, float]:
    """The features that `Rule` tests, from `WINDOW` levels."""
    db = np.maximum(20 * np.log10(window / window.max()), FLOOR_DB)
    smooth = np.convolve(db, np.ones(3) / 3, "same")
    swing = smooth - smooth.mean()
    lags = np.correlate(swing, swing, "full")[len(swing) - 1 :]
    periodic = lags / (lags[0] + 1e-9) * len(swing) / np.arange(len(swing), 0, -1)
    distances = np.diff(peaks(smooth))
    uneven = float(np.std(distances) / np.mean(distances)) if len(distances) > 1 else np.inf
    return float(periodic[PERIODS].max()), len(distances) + 1, uneven


def peaks(db: Sound) -> list[int]:
    """The frame of each peak that rises and falls by at least the swing."""
    found: list[int] = []
    rising, turn, at = False, float(db[0]), 0
    for frame, now in enumerate(db):
        if (now > turn) == rising:
            turn, at = float(now), frame
        elif abs(now - turn) >= SWING_DB:
            if rising:
                found.append(at)
            rising, turn, at = not rising, float(now), frame
    return found


def is_laughter(window: tuple[float, int, float], rule: Rule) -> bool:
    periodic, bursts, uneven = window
    return periodic > rule.periodic and bursts >= rule.bursts and uneven < rule.uneven


def heard(file: Path) -> Sound:
    sound, rate = sf.read(file, dtype="float32", always_2d=True)
    return np.asarray(resample(sound.mean(axis=1), rate, RATE), np.float32)


def spoken(file: Path) -> Iterator[Sound]:
    """Windows that begin in speech and are more than half speech."""
    levels = level(heard(file))
    speaks = levels > np.quantile(levels, 0.95) * 10 ** (SPEAKS_DB / 20)
    for start in range(0, len(levels) - WINDOW, STEP):
        if speaks[start : start + WINDOW].mean() > 0.5 and speaks[start : start + 8].any():
            yield levels[start : start + WINDOW]


def laugh(rng: np.random.Generator, room: Sound | None) -> Sound:
    """The levels of a synthetic laugh: falling pitch, decaying bursts with breath between them, over noise."""
    sound = np.zeros(2 * RATE)
    pitch, period, loud, at = rng.uniform(150, 450), rng.uniform(0.17, 0.24), 1.0, 0.0
    breath = 50 * MILLISECOND
    while at < 1.3:
        start, length = int(at * RATE), int(rng.uniform(0.05, 0.12) * RATE)
        turns = 2 * np.pi * pitch * np.exp(-at / 4) * np.arange(length) / RATE
        sound[start : start + length] += (
            loud * np.sqrt(np.hanning(length)) * sum(np.sin(k * turns) / k for k in range(1, 12))
        )
        sound[start + length : start + length + breath] += 0.08 * loud * rng.normal(size=breath) * np.hanning(breath)
        loud *= rng.uniform(0.85, 1.0)
        at += period * (1 + 0.1 * rng.normal())
    if room is not None:
        size = len(sound) + len(room)
        sound = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)
    sound += rng.normal(size=len(sound)) * np.sqrt(np.mean(sound**2)) * 10 ** (NOISE_DB / 20)
    return level(sound.astype(np.float32))[:WINDOW]


def windows(data: Path) -> Iterator[tuple[str, list[tuple[float, int, float]]]]:
    """The rhythm of the windows of each kind."""
    rng = np.random.default_rng(1)
    audio = data / "data" / "audio"
    rooms = sorted(f for f in (audio / "rooms").rglob("*") if f.suffix in (".wav", ".flac"))
    for name, room in [("dry", None), *((f"room {n}", heard(f)) for n, f in enumerate(rooms, 1))]:
        yield f"laughs, {name}", [rhythm(laugh(rng, room)) for _ in range(LAUGHS)]
    for folder in SPEECH:
        files = sorted(f for f in (audio / folder).rglob("*") if f.suffix in (".wav", ".flac"))
        yield folder, [rhythm(window) for file in files for window in spoken(file)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "data", type=data_folder, metavar="DATA", help="the development data's folder, with data/ and tools/"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of a table")
    args = parser.parse_args()
    kinds = list(watched(windows(args.data), 3 + len(SPEECH), "kinds"))  # dry, two rooms
    found = [Found(r, kind, len(each), sum(is_laughter(w, r) for w in each)) for r in RULES for kind, each in kinds]
    if args.as_json:
        print(json.dumps({"bench": "laughter", "machine": machine(), "found": [asdict(f) for f in found]}))
        return
    print(machine_lines(machine()))
    print(table("Taken for laughter, of a thousand windows of 1.2 s", columns(found), rows(found)))


if __name__ == "__main__":
    main()
