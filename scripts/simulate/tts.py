"""Sentences said aloud by a voice of flite, at a chosen pace and at the level of talk at a table."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from coach.audio.source import Samples
from coach.core.span import RATE

TALK_DB = -26.0  # dBFS RMS at the microphone
FRAME = RATE // 100  # samples
FLOOR_DB = 30.0  # dB under the loud frames, where a voice is no longer heard


@dataclass(frozen=True, slots=True)
class Line:
    """What is said `pause` seconds after the line before it, `slower` times as slowly as the voice by itself speaks."""

    pause: float
    text: str
    slower: float = 1.0


def synthesised(voice: str, text: str, slower: float = 1.0) -> Samples:
    """`text` as flite says it, (n,) at 16 kHz; exits where flite is not on the machine."""
    return written("flite", "-voice", voice, "--setf", f"duration_stretch={slower}", "-t", text, "-o")


def written(program: str, *options: str) -> Samples:
    """What `program` writes into the file named after its `options`, (n,) at 16 kHz; exits where it is missing."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        try:
            subprocess.run([program, *options, str(file)], check=True, capture_output=True)
        except FileNotFoundError:
            sys.exit(f"{program} is not on this machine, so its voices are missing; install the package {program}")
        sound, rate = sf.read(file, dtype="float32")
    return np.asarray(soxr.resample(sound, rate, RATE), np.float32)


def aloud(voice: str, text: str, slower: float = 1.0) -> Samples:
    """The audible part of it, as loud as talk at a table."""
    return audible(synthesised(voice, text, slower))


def audible(sound: Samples) -> Samples:
    """What of `sound` can be heard, from its first to its last frame, as loud as talk at a table."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    level = 10 * np.log10((frames**2).mean(1) + 1e-12)
    on = np.flatnonzero(level > np.percentile(level, 95) - FLOOR_DB)
    loud = float(np.sqrt((frames[on] ** 2).mean()))
    return sound[on[0] * FRAME : (on[-1] + 1) * FRAME] * np.float32(10 ** (TALK_DB / 20) / loud)


def lasting(voice: str, text: str, samples: int) -> Samples:
    """The same, slower or quicker, so that it lasts so many samples."""
    slower = samples / len(aloud(voice, text))
    return np.resize(np.pad(aloud(voice, text, slower), (0, samples)), samples)


def told(voice: str, lines: Sequence[Line]) -> Samples:
    """Line after line with its pauses."""
    pieces = [(np.zeros(round(line.pause * RATE), np.float32), aloud(voice, line.text, line.slower)) for line in lines]
    return np.concatenate([piece for pair in pieces for piece in pair])
