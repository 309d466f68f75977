"""Sentences spoken by three voices of flite, and what Moonshine makes of them: a recogniser's own mistakes."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from coach.span import RATE
from coach.words.moonshine import MoonshineTranscriber
from measuring.kept import kept, key
from measuring.watched import watched

VOICES = ("slt", "rms", "awb")
LONGEST = 18  # words spoken in one go: about the 6 s that a session gives a recogniser at most
_NOTE = re.compile(r"\[[^\]]*\]|<[^>]*>")  # "[laughs]" is nothing that anybody said


def heard(texts: Sequence[str]) -> dict[str, str]:
    """Each of `texts` as recognised, the voices by turns; exits where flite is not on the machine.

    What was heard once is kept (`kept.py`).
    """
    engine = MoonshineTranscriber()
    version = metadata.version("moonshine-voice")
    found = {}
    every = sorted(set(texts))
    for k, text in enumerate(watched(every, len(every), "speaking")):
        voice = VOICES[k % len(VOICES)]
        found[text] = " ".join(
            kept("said", key(voice, part, version), lambda part=part, voice=voice: _heard(engine, voice, part))
            for part in parts(text)
        )
    engine.close()
    return found


def parts(text: str) -> list[str]:
    """`text` without notes, cut at sentence marks, and what is longer than LONGEST into pieces of so many words.

    >>> parts("I went. [laughs] " + "so " * 19)
    ['I went.', 'so so so so so so so so so so', 'so so so so so so so so so']
    """
    found = []
    for sentence in re.split(r"(?<=[.!?])\s+", _NOTE.sub(" ", text).strip()):
        words = sentence.split()
        pieces = -(-len(words) // LONGEST)
        if words:
            found += [" ".join(piece) for piece in np.array_split(np.array(words, object), pieces)]
    return found


def _heard(engine: MoonshineTranscriber, voice: str, text: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        try:
            subprocess.run(["flite", "-voice", voice, "-t", text, str(file)], check=True, capture_output=True)
        except FileNotFoundError:
            sys.exit("flite is not on this machine, so nothing can be spoken; install the package flite")
        sound, rate = sf.read(file, dtype="float32")
    return engine.transcribe(np.asarray(soxr.resample(sound, rate, RATE), np.float32)) if len(sound) else ""
