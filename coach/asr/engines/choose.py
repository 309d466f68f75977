"""Chooses a recogniser and explains the choice in one line for the person.

"auto" chooses the largest installed Whisper model that keeps up, or else Moonshine, or else none. A model keeps up if
its real-time factor is below 0.5, so that half of the time remains for hearing. At most two models are timed, because
loading a large one takes long: the smallest first, and from its time the others are estimated in proportion to the size
of their weights.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

import soundfile

from coach.asr.engines.models import WhisperModel, find_whisper, installed_whisper_models
from coach.asr.engines.moonshine import MoonshineTranscriber
from coach.asr.engines.transcriber import Samples, Transcriber
from coach.asr.engines.whisper import WhisperTranscriber
from coach.core.errors import BadSetting, CoachError, Missing
from coach.core.languages import recognised_as
from coach.core.messages import Message
from coach.core.resources import SAMPLE_FILE, asset
from coach.core.settings import AUTO_LANGUAGE, Settings
from coach.core.span import RATE

ENGINES = ("auto", "whisper", "moonshine", "none")
ENGLISH = "en"
SENTENCE_S = 32.5  # where one of more than five seconds begins in the sample conversation

WILL_FIND = "; the language is found from the first sentences"

Clock = Callable[[], float]  # seconds
Load = Callable[[WhisperModel], WhisperTranscriber]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialConfig:
    """How a recogniser is timed, and when it is fast enough."""

    length: int = 5 * RATE  # samples of the sound that it is timed on; about as long as the endpointer's spans
    keeps_up: float = 0.5  # real-time factor below which an engine keeps up


def choose(
    name: str = "auto",
    *,
    language: str = ENGLISH,
    model: str | None = None,
    folder: Path | None = None,
    threads: int = 1,
    clock: Clock = time.monotonic,
    trial: TrialConfig = TrialConfig(),
) -> tuple[Transcriber | None, str]:
    """Return the recogniser called `name`, or None, and one line that says which it is and why.

    `language` is a two-letter code, "" for any language, or "auto" for an engine that finds it in the first spans;
    where none can, it is one for English. `model` is the name or the folder of a Whisper model. `folder` holds the
    installed models (None: `models_folder()`). `threads` is for Whisper: one while listening, more for files. Raises
    Missing, with what to do, if an engine or model asked for by name is not installed, and BadSetting for an unknown
    name or a language that the engine does not support.
    """
    if name == "none":
        return None, Message("notice.no_words_chosen")
    if name == "moonshine":
        return _moonshine(language, "as chosen")
    if name == "whisper":
        return _whisper(language, model, folder, threads)
    if name == "auto":
        return _auto(language, model, folder, threads, clock, trial)
    raise BadSetting(f'"{name}" is not a recogniser; choose one of {", ".join(ENGINES)}')


def choose_for(settings: Settings, *, threads: int = 1) -> tuple[Transcriber | None, str]:
    """`choose` by what people have set. A language may say under which other code Whisper knows it."""
    language = recognised_as(settings.language)
    return choose(settings.transcriber, language=language, model=settings.whisper_model or None, threads=threads)


def _auto(
    language: str, model: str | None, folder: Path | None, threads: int, clock: Clock, trial: TrialConfig
) -> tuple[Transcriber | None, str]:
    models = [find_whisper(model, folder)] if model else installed_whisper_models(folder)
    fitting = [each for each in models if _speaks(each, language)]
    if fitting:
        whisper, reason = _fastest_enough(
            fitting, partial(WhisperTranscriber, language=language, threads=threads), clock, trial
        )
    else:
        whisper, reason = None, Message("words.unknown_language" if models else "words.not_installed")
    if whisper is not None:
        return whisper, _told(whisper, reason)
    if language == AUTO_LANGUAGE and any(each.english_only for each in models):
        return _auto(ENGLISH, model, folder, threads, clock, trial)
    try:
        return _moonshine(language, reason)
    except CoachError:
        size = "base.en" if language == ENGLISH else "base"
        return None, Message("notice.no_words", reason=reason, size=size)


def _whisper(language: str, model: str | None, folder: Path | None, threads: int) -> tuple[Transcriber, str]:
    if model:
        found = find_whisper(model, folder)
    else:
        models = installed_whisper_models(folder)
        fitting = [each for each in models if _speaks(each, language)]
        if not fitting and language == AUTO_LANGUAGE:
            fitting = models
        if not fitting:
            size = "base.en" if language == ENGLISH else "base"
            raise Missing(
                "there is no Whisper model for this language, so there will be no words; "
                f"fetch one with `coach setup whisper {size}`"
            )
        found = fitting[-1]
    engine = WhisperTranscriber(found, language=language, threads=threads)
    return engine, _told(engine, "as chosen")


def _told(engine: WhisperTranscriber, reason: str) -> str:
    return f"words: {engine.name} ({engine.languages}), {reason}{WILL_FIND if engine.finds_language else ''}"


def _moonshine(language: str, reason: str) -> tuple[Transcriber, str]:
    if language not in (ENGLISH, "", AUTO_LANGUAGE):
        raise BadSetting(
            f"Moonshine understands English only, not {language}; "
            "download a Whisper model with `coach setup whisper base`, and choose --transcriber whisper"
        )
    engine = MoonshineTranscriber()
    return engine, f"words: {engine.name} ({engine.languages}), {reason}"


def _speaks(model: WhisperModel, language: str) -> bool:
    return not model.english_only or language in (ENGLISH, "")  # an English model cannot find a language


def _fastest_enough(
    models: list[WhisperModel], load: Load, clock: Clock, trial: TrialConfig
) -> tuple[WhisperTranscriber | None, str]:
    """The largest of `models` (smallest first) that keeps up, or None, and the reason."""
    engine, factor, reason = _tried(models[0], load, clock, trial)
    if engine is None or factor >= trial.keeps_up:
        return None, reason
    for larger in reversed(models[1:]):
        if factor * larger.size / models[0].size < trial.keeps_up:
            better, its_factor, its_reason = _tried(larger, load, clock, trial)
            if better is not None and its_factor < trial.keeps_up:
                return better, its_reason
            break
    return engine, reason


def _tried(
    model: WhisperModel, load: Load, clock: Clock, trial: TrialConfig
) -> tuple[WhisperTranscriber | None, float, str]:
    """The engine (None if it cannot be loaded), its real-time factor, and what that means for the choice."""
    try:
        engine = load(model)
    except BadSetting:
        return None, float("inf"), Message("words.unknown_language")
    except CoachError:
        return None, float("inf"), Message("words.unusable", name=model.name)
    factor = real_time_factor(engine, clock, trial)
    if factor >= trial.keeps_up:
        work = Decimal(f"{factor:.2g}")
        return engine, factor, Message("words.behind", name=model.name, s=work)
    return engine, factor, f"an installed model that keeps up ({factor:.2g} s of work a second)"


def real_time_factor(engine: Transcriber, clock: Clock = time.monotonic, trial: TrialConfig = TrialConfig()) -> float:
    """Return the seconds of work per second of sound, measured on a spoken sentence.

    If a first, cold run is too slow, a second, warm run decides.
    """
    sound = _sentence(trial.length)
    factor = float("inf")
    for _ in ("cold", "warm"):
        began = clock()
        engine.transcribe(sound)
        factor = min(factor, (clock() - began) / (len(sound) / RATE))
        if factor < trial.keeps_up:
            break
    return factor


def _sentence(samples: int) -> Samples:
    """So much of a sentence of the sample conversation (samples,): writing it down is much of the work."""
    sound: Samples = soundfile.read(asset(SAMPLE_FILE), samples, round(SENTENCE_S * RATE), dtype="float32")[0]
    return sound
