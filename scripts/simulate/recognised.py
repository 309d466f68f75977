"""Texts with real recognition errors: synthesised by three flite voices and recognised by Moonshine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from importlib import metadata

import numpy as np

from coach.asr.engines.moonshine import MoonshineTranscriber
from scripts.cache import kept, key
from scripts.progress import watched
from scripts.simulate.tts import synthesised

VOICES = ("slt", "rms", "awb")
LONGEST = 18  # words per utterance: about 6 s, the most that a session gives the recogniser
_NOTE = re.compile(r"\[[^\]]*\]|<[^>]*>")  # "[laughs]" is not speech


def heard(texts: Sequence[str]) -> dict[str, str]:
    """Each of `texts` as recognised, with alternating voices. Exits if flite is missing.

    Results are cached (`scripts/cache.py`).
    """
    engine = MoonshineTranscriber()
    version = metadata.version("moonshine-voice")
    found = {}
    every = sorted(set(texts))
    for k, text in enumerate(watched(every, len(every), "speaking")):
        voice = VOICES[k % len(VOICES)]
        found[text] = " ".join(
            kept("said", key(voice, part, version), partial(_heard, engine, voice, part)) for part in parts(text)
        )
    engine.close()
    return found


def parts(text: str) -> list[str]:
    """`text` without notes, split at sentence ends; longer parts are split evenly into at most LONGEST words.

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
    sound = synthesised(voice, text)
    return engine.transcribe(sound) if len(sound) else ""
