"""Finds sounds, tones and words in a recording of the speaker."""

from __future__ import annotations

from functools import cache

import numpy as np
import soundfile as sf

from coach.asr import WhisperTranscriber, find_whisper
from coach.core.resources import asset
from coach.core.understood import words_in
from scripts.whisper_weights import whisper_weights

RATE = 16_000
FRAME = RATE // 100  # samples
AUDIBLE_DBFS = -60.0
JOIN_S = 0.5  # longest pause within a spoken sentence
TONES = ("tone_soon", "tone_over", "tone_heard", "tone_ask", "tone_turn")
ALIKE = 0.8  # correlation with the tone's file; other tones and speech stay below 0.4


def sounding(recording: np.ndarray) -> list[tuple[float, float]]:
    """The audible stretches, in seconds from the recording's start."""
    frames = recording[: len(recording) // FRAME * FRAME].reshape(-1, FRAME)
    on = np.flatnonzero(10 * np.log10((frames**2).mean(1) + 1e-12) > AUDIBLE_DBFS)
    stretches: list[tuple[float, float]] = []
    for start in on / 100:
        if stretches and start - stretches[-1][1] < JOIN_S:
            stretches[-1] = (stretches[-1][0], start + 0.01)
        else:
            stretches.append((start, start + 0.01))
    return stretches


def tone_in(recording: np.ndarray, stretch: tuple[float, float]) -> str | None:
    """The coach's tone in the stretch; None for anything else."""
    margin = FRAME * 20
    start = max(0, round(stretch[0] * RATE) - margin)
    piece = recording[start : round(stretch[1] * RATE) + margin]
    alike = {name: place_of(sf.read(asset(f"{name}.wav"))[0], piece)[1] for name in TONES}
    best = max(alike, key=lambda name: alike[name])
    return best if alike[best] > ALIKE else None


def place_of(sound: np.ndarray, within: np.ndarray) -> tuple[int, float]:
    """The offset of one sound in the other, in samples, and their correlation coefficient there, 0 to 1.

    Computed with a matched filter.
    """
    within = np.pad(within, (0, max(0, len(sound) - len(within))))
    size = 1 << (len(within) + len(sound)).bit_length()
    match = np.fft.irfft(np.fft.rfft(within, size) * np.conj(np.fft.rfft(sound, size)), size)[: len(within)]
    at = int(match.argmax())
    there = within[at : at + len(sound)]
    return at, float(match[at] / np.sqrt((there**2).sum() * (sound**2).sum() + 1e-12))


@cache
def _recogniser() -> object:
    from moonshine_voice import ModelArch, Transcriber, get_model_path

    return Transcriber(get_model_path("tiny-en"), ModelArch.TINY)


@cache
def _whisper(language: str) -> WhisperTranscriber:
    return WhisperTranscriber(find_whisper(str(whisper_weights("base"))), language=language)


def words_heard(recording: np.ndarray, stretch: tuple[float, float], language: str = "en") -> tuple[str, ...]:
    """The words that Moonshine recognises in the stretch, in lower case; in other languages, Whisper base."""
    margin = 0.3
    start, end = max(0, round((stretch[0] - margin) * RATE)), round((stretch[1] + margin) * RATE)
    piece = recording[start:end].astype(np.float32)
    if language != "en":
        return words_in(_whisper(language).transcribe(piece))
    lines = _recogniser().transcribe_without_streaming(piece.tolist(), RATE).lines  # type: ignore[attr-defined]
    return words_in(" ".join(line.text for line in lines))
