"""Finds every sound of the coach in a session: its time, its level, and the speech around it.

The inputs are two recordings on one clock, from the microphone and the speaker; both mono floats at 16 kHz.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from coach.audio.source import Samples
from coach.coaching import Catalogue
from coach.core.span import RATE
from coach.core.understood import words_in
from scripts.simulate.live.sounds import sounding, tone_in, words_heard

FRAME = RATE // 200  # samples; 5 ms
QUIETER_DB = 20.0  # a voice's frames are less than this below its loud frames
TALK_DBFS = -45.0  # minimum level of speech
JOIN_S = 0.3  # longest pause within an utterance
ALIKE = 0.6  # share of a wording's letters recognised in order
ATTACK_DB = 6.0  # relative to the loudest frame; marks the end of the attack


@dataclass(frozen=True, slots=True)
class Heard:
    """One sound of the coach; times in seconds from the command, levels in dBFS."""

    start_s: float
    end_s: float
    what: str  # the tone's name or the wording; the recognised text if the wording contains figures
    understood: str  # the recognised text; empty for a tone
    level_db: float
    peak_db: float
    attack_ms: float
    after_s: float | None  # since the last speech; None before any, 0 during speech
    before_s: float | None  # until the next speech
    under_talk_s: float  # overlap with speech


def heard(speaker: Samples, talk: list[tuple[float, float]], language: str = "en") -> list[Heard]:
    """Every sound of the speaker, in order, given the stretches of speech; its words are in `language`."""
    return [_sound(speaker, stretch, talk, language) for stretch in sounding(speaker)]


def talk_in(microphone: Samples) -> list[tuple[float, float]]:
    """The stretches of speech, in seconds."""
    on = np.flatnonzero(_levels(microphone) > max(TALK_DBFS, level_db(microphone) - QUIETER_DB))
    stretches: list[tuple[float, float]] = []
    for frame in on:
        start = frame * FRAME / RATE
        if stretches and start - stretches[-1][1] < JOIN_S:
            stretches[-1] = (stretches[-1][0], start + FRAME / RATE)
        else:
            stretches.append((start, start + FRAME / RATE))
    return stretches


def level_db(sound: Samples) -> float:
    """RMS in dBFS of the non-silent part."""
    levels = _levels(sound)
    loud = levels[levels > max(TALK_DBFS - 15, float(np.max(levels)) - 2 * QUIETER_DB)]
    return float(10 * np.log10((10 ** (loud / 10)).mean())) if len(loud) else -np.inf


def peak_db(sound: Samples) -> float:
    return float(20 * np.log10(np.abs(sound).max(initial=0.0) + 1e-6))


def meant(understood: str, language: str = "en") -> str:
    """The most similar wording of the catalogue; `understood` itself if none is similar enough."""
    wordings = [
        text for entry in Catalogue.load(language).entries.values() for text in entry.rotation if "{" not in text
    ]
    plain = {" ".join(words_in(text)): text for text in wordings}
    alike = get_close_matches(understood, plain, n=1, cutoff=ALIKE)
    return plain[alike[0]] if alike else understood


def _sound(speaker: Samples, stretch: tuple[float, float], talk: list[tuple[float, float]], language: str) -> Heard:
    start, end = stretch
    piece = speaker[round(start * RATE) : round(end * RATE)]
    levels = _levels(piece)
    tone = tone_in(speaker, stretch)
    understood = "" if tone else " ".join(words_heard(speaker, stretch, language))
    ended = [b for a, b in talk if a < start]
    began = [a for a, _ in talk if a > start]
    return Heard(
        start_s=round(start, 2),
        end_s=round(end, 2),
        what=tone or meant(understood, language),
        understood=understood,
        level_db=round(level_db(piece), 1),
        peak_db=round(peak_db(piece), 1),
        attack_ms=float(np.argmax(levels > levels.max() - ATTACK_DB) * 1000 * FRAME / RATE),
        after_s=round(max(0.0, start - max(ended)), 2) if ended else None,
        before_s=round(min(began) - end, 2) if began else None,
        under_talk_s=round(sum(max(0.0, min(b, end) - max(a, start)) for a, b in talk), 2),
    )


def _levels(sound: Samples) -> Samples:
    """The level of each frame in dBFS."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(10 * np.log10((frames**2).mean(1) + 1e-12))
