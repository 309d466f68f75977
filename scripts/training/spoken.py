"""Sentences spoken by three voices of flite, and what Moonshine makes of them: a recogniser's own mistakes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from coach.span import RATE
from coach.words.moonshine import MoonshineTranscriber

VOICES = ("slt", "rms", "awb")


def heard(texts: Sequence[str]) -> list[str]:
    """Each of `texts` as recognised, the voices by turns; exits where flite is not on the machine."""
    engine = MoonshineTranscriber()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        for k, text in enumerate(texts):
            voice = VOICES[k % len(VOICES)]
            try:
                subprocess.run(["flite", "-voice", voice, "-t", text, str(file)], check=True, capture_output=True)
            except FileNotFoundError:
                sys.exit("flite is not on this machine, so nothing can be spoken; install the package flite")
            sound, rate = sf.read(file, dtype="float32")
            found.append(engine.transcribe(np.asarray(soxr.resample(sound, rate, RATE), np.float32)))
            if k % 50 == 49:
                print(f"spoken: {k + 1} of {len(texts)}", file=sys.stderr)
    engine.close()
    return found
