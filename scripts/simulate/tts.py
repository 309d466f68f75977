"""Synthesises sentences with flite at a chosen pace and at the level of talk at a table."""

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
FLOOR_DB = 30.0  # dB below the loud frames at which a voice is inaudible


@dataclass(frozen=True, slots=True)
class Line:
    """A line, `pause` seconds after the previous one, stretched by the factor `slower`."""

    pause: float
    text: str
    slower: float = 1.0


def synthesised(voice: str, text: str, slower: float = 1.0) -> Samples:
    """`text` synthesised by flite, (n,) at 16 kHz. Exits if flite is missing."""
    return written("flite", "-voice", voice, "--setf", f"duration_stretch={slower}", "-t", text, "-o")


def written(program: str, *options: str) -> Samples:
    """The file that `program` writes to the path after its `options`, (n,) at 16 kHz. Exits if it is missing."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        try:
            subprocess.run([program, *options, str(file)], check=True, capture_output=True)
        except FileNotFoundError:
            sys.exit(f"{program} is not on this machine, so its voices are missing; install the package {program}")
        sound, rate = sf.read(file, dtype="float32")
    return np.asarray(soxr.resample(sound, rate, RATE), np.float32)


def aloud(voice: str, text: str, slower: float = 1.0) -> Samples:
    """The audible part of the synthesised line, at the level of talk at a table."""
    return audible(synthesised(voice, text, slower))


def audible(sound: Samples) -> Samples:
    """`sound` from its first to its last audible frame, at the level of talk at a table."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    level = 10 * np.log10((frames**2).mean(1) + 1e-12)
    on = np.flatnonzero(level > np.percentile(level, 95) - FLOOR_DB)
    loud = float(np.sqrt((frames[on] ** 2).mean()))
    return sound[on[0] * FRAME : (on[-1] + 1) * FRAME] * np.float32(10 ** (TALK_DB / 20) / loud)


def lasting(voice: str, text: str, samples: int) -> Samples:
    """`sound` time-stretched to the given number of samples."""
    slower = samples / len(aloud(voice, text))
    return np.resize(np.pad(aloud(voice, text, slower), (0, samples)), samples)


def told(voice: str, lines: Sequence[Line]) -> Samples:
    """The lines with their pauses."""
    pieces = [(np.zeros(round(line.pause * RATE), np.float32), aloud(voice, line.text, line.slower)) for line in lines]
    return np.concatenate([piece for pair in pieces for piece in pair])
