"""Which recogniser to use, and why, in one line for the person.

"auto" takes the largest installed Whisper model that keeps up, else Moonshine, else none. To keep up means to need
less than half of the sound's own time: the other half belongs to the ear. Only two models are ever tried out, because
loading a large one takes long: the smallest is timed, and the time of the others is taken to grow with their weights.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from coach.asr.engines.models import WhisperModel, find_whisper, installed_whisper_models
from coach.asr.engines.moonshine import MoonshineTranscriber
from coach.asr.engines.transcriber import Samples, Transcriber
from coach.asr.engines.whisper import WhisperTranscriber
from coach.core.errors import BadSetting, CoachError, Missing
from coach.core.span import RATE

ENGINES = ("auto", "whisper", "moonshine", "none")
TRIAL = 5 * RATE  # samples; about what the cutter delivers
KEEPS_UP = 0.5  # seconds of work for a second of sound
ENGLISH = "en"

NOT_INSTALLED = "no Whisper model is installed"

Clock = Callable[[], float]  # seconds
Load = Callable[[WhisperModel], WhisperTranscriber]


def choose(
    name: str = "auto",
    *,
    language: str = ENGLISH,
    model: str | None = None,
    folder: Path | None = None,
    threads: int = 1,
    clock: Clock = time.monotonic,
) -> tuple[Transcriber | None, str]:
    """The recogniser called `name`, or None, and one line that says which and why.

    `language` is a two-letter code, "" for any. `model` names a Whisper model or its folder. `folder` is where
    installed models lie (the user's own when None); `threads` is for Whisper: one while listening, more over files.
    Raises Missing, with the mend, for something asked for by name
    that is not there, and BadSetting for a name or a language that cannot be.
    """
    if name == "none":
        return None, "words: none, as chosen; pauses, turns and tones work without them"
    if name == "moonshine":
        return _moonshine(language, "as chosen")
    if name == "whisper":
        return _whisper(language, model, folder, threads)
    if name == "auto":
        return _auto(language, model, folder, threads, clock)
    raise BadSetting(f'"{name}" is not a recogniser; choose one of {", ".join(ENGINES)}')


def _auto(
    language: str, model: str | None, folder: Path | None, threads: int, clock: Clock
) -> tuple[Transcriber | None, str]:
    models = [find_whisper(model, folder)] if model else installed_whisper_models(folder)
    fitting = [each for each in models if _speaks(each, language)]
    if fitting:
        whisper, reason = _fastest_enough(
            fitting, partial(WhisperTranscriber, language=language, threads=threads), clock
        )
    else:
        whisper, reason = None, "no installed Whisper model knows this language" if models else NOT_INSTALLED
    if whisper is not None:
        return whisper, f"words: {whisper.name} ({whisper.languages}), {reason}"
    try:
        return _moonshine(language, reason)
    except CoachError:
        size = "base.en" if language == ENGLISH else "base"
        return None, f"words: none, {reason} and Moonshine cannot be used; fetch one with `coach setup whisper {size}`"


def _whisper(language: str, model: str | None, folder: Path | None, threads: int) -> tuple[Transcriber, str]:
    if model:
        found = find_whisper(model, folder)
    else:
        fitting = [each for each in installed_whisper_models(folder) if _speaks(each, language)]
        if not fitting:
            size = "base.en" if language == ENGLISH else "base"
            raise Missing(
                "there is no Whisper model for this language, so there will be no words; "
                f"fetch one with `coach setup whisper {size}`"
            )
        found = fitting[-1]
    engine = WhisperTranscriber(found, language=language, threads=threads)
    return engine, f"words: {engine.name} ({engine.languages}), as chosen"


def _moonshine(language: str, reason: str) -> tuple[Transcriber, str]:
    if language not in (ENGLISH, ""):
        raise BadSetting(
            f"Moonshine understands English only, not {language}; "
            "download a Whisper model with `coach setup whisper base`, and choose --transcriber whisper"
        )
    engine = MoonshineTranscriber()
    return engine, f"words: {engine.name} ({engine.languages}), {reason}"


def _speaks(model: WhisperModel, language: str) -> bool:
    return not model.english_only or language in (ENGLISH, "")


def _fastest_enough(models: list[WhisperModel], load: Load, clock: Clock) -> tuple[WhisperTranscriber | None, str]:
    """The largest of `models` (smallest first) that keeps up, and why it is that one or none."""
    engine, factor, reason = _tried(models[0], load, clock)
    if engine is None or factor >= KEEPS_UP:
        return None, reason
    for larger in reversed(models[1:]):
        if factor * larger.size / models[0].size < KEEPS_UP:
            better, its_factor, its_reason = _tried(larger, load, clock)
            if better is not None and its_factor < KEEPS_UP:
                return better, its_reason
            break
    return engine, reason


def _tried(model: WhisperModel, load: Load, clock: Clock) -> tuple[WhisperTranscriber | None, float, str]:
    """The engine, how much work a second of sound costs it, and that in words; no engine when it cannot be loaded."""
    try:
        engine = load(model)
        factor = real_time_factor(engine, clock)
    except CoachError:
        return None, float("inf"), f"the Whisper model {model.name} cannot be used"
    if factor >= KEEPS_UP:
        return engine, factor, f"because Whisper {model.name} would fall behind ({factor:.2g} s of work a second)"
    return engine, factor, f"an installed model that keeps up ({factor:.2g} s of work a second)"


def real_time_factor(engine: Transcriber, clock: Clock = time.monotonic) -> float:
    """Seconds of work for a second of sound, on five seconds that hum like a voice.

    A first, cold run that is too slow is not held against an engine that is fast when warm.
    """
    sound = _hum(TRIAL)
    factor = float("inf")
    for _ in ("cold", "warm"):
        began = clock()
        engine.transcribe(sound)
        factor = min(factor, (clock() - began) / (len(sound) / RATE))
        if factor < KEEPS_UP:
            break
    return factor


def _hum(samples: int) -> Samples:
    """A voice-like hum: harmonics of 120 Hz in syllables of a quarter second."""
    at = np.arange(samples) / RATE
    voice = sum(np.sin(2 * np.pi * 120 * k * at) / k for k in range(1, 20))
    return (0.1 * voice * np.abs(np.sin(2 * np.pi * 2 * at))).astype(np.float32)
