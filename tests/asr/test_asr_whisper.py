"""Whisper through faster-whisper: real loading and decoding of a synthetic model."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import faster_whisper
import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor

from coach.asr.engines.models import WhisperModel, find_whisper
from coach.asr.engines.whisper import WhisperTranscriber
from coach.core.errors import BadSetting, Missing
from coach.core.span import RATE

SENTENCE = "i was so glad that you stayed"
NO_NETWORK = """
import sys
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        raise SystemExit(f"the network was used: {event}")
sys.addaudithook(refuse)
import numpy as np
from coach.asr.engines.models import find_whisper
from coach.asr.engines.whisper import WhisperTranscriber
hum = (0.2 * np.sin(np.arange(48000) / 20)).astype(np.float32)
print(WhisperTranscriber(find_whisper(sys.argv[1])).transcribe(hum))
"""


def watched_decoding(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """A list that collects (language, CTranslate2's result) for every decoded window."""
    seen: list[tuple[str, Any]] = []
    decode = faster_whisper.WhisperModel.generate_with_fallback

    def watched(self: Any, sound: Any, prompt: Any, tokenizer: Any, options: Any) -> Any:
        result = decode(self, sound, prompt, tokenizer, options)
        seen.append((tokenizer.language_code, result[0]))
        return result

    monkeypatch.setattr(faster_whisper.WhisperModel, "generate_with_fallback", watched)
    return seen


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, build_whisper: Callable[..., Path]) -> WhisperModel:
    return find_whisper(str(build_whisper(tmp_path_factory.mktemp("models") / "pocket.en", SENTENCE)))


def test_a_local_model_is_loaded_and_decodes(model: WhisperModel, hum: np.ndarray) -> None:
    engine = WhisperTranscriber(model)
    assert engine.transcribe(hum) == SENTENCE
    assert (engine.name, engine.languages) == ("whisper pocket.en", "English")
    engine.close()
    engine.close()


def test_the_same_sound_gives_the_same_words(model: WhisperModel, hum: np.ndarray) -> None:
    assert WhisperTranscriber(model).transcribe(hum) == WhisperTranscriber(model, threads=2).transcribe(hum)


def test_more_than_one_window_of_thirty_seconds_is_decoded_window_by_window(
    model: WhisperModel, hum: np.ndarray
) -> None:
    engine = WhisperTranscriber(model)
    assert engine.transcribe(np.tile(hum, 12)) == f"{SENTENCE} {SENTENCE}"


def test_a_multilingual_model_uses_the_language_that_is_given(
    tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = find_whisper(str(build_whisper(tmp_path / "pocket", "ich war so froh", multilingual=True)))
    engine = WhisperTranscriber(model, language="de")
    decoded = watched_decoding(monkeypatch)
    assert engine.transcribe(hum) == "ich war so froh"
    assert [language for language, _ in decoded] == ["de"]
    assert engine.languages == "100 languages"
    with pytest.raises(BadSetting, match="does not know the language xx"):
        WhisperTranscriber(model, language="xx")


def test_the_language_may_be_detected(tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray) -> None:
    model = find_whisper(str(build_whisper(tmp_path / "pocket", "ich war so froh", multilingual=True)))
    assert WhisperTranscriber(model, language="").transcribe(hum) == "ich war so froh"


def test_an_english_model_refuses_another_language(model: WhisperModel) -> None:
    with pytest.raises(BadSetting, match="understands English only"):
        WhisperTranscriber(model, language="de")


def test_words_that_the_model_doubts_are_dropped(
    tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray
) -> None:
    doubtful = find_whisper(str(build_whisper(tmp_path / "pocket.en", SENTENCE, sure=False)))
    assert WhisperTranscriber(doubtful).transcribe(hum) == ""


def test_a_phrase_that_repeats_over_and_over_is_dropped(
    tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray
) -> None:
    stuck = find_whisper(str(build_whisper(tmp_path / "pocket.en", "and so " * 9)))
    assert WhisperTranscriber(stuck).transcribe(hum) == ""


def test_a_model_that_will_not_stop_is_stopped_by_the_length_of_the_sound(
    tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    chatter = " ".join(f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(300))
    engine = WhisperTranscriber(find_whisper(str(build_whisper(tmp_path / "pocket.en", chatter))))
    decoded = watched_decoding(monkeypatch)
    assert engine.transcribe(hum) == ""
    assert len(decoded[0][1].sequences_ids[0]) <= 10 * 3 + 20


def test_a_sentence_over_two_spans_is_recognised_span_by_span(
    model: WhisperModel, hum: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, seconds = WhisperTranscriber(model), len(hum) / RATE
    ends = (seconds, 2 * seconds + 1, 3 * seconds + 2)  # of three spans, with a second between
    told = [(0, ends[0], "one"), (ends[0], ends[2], "two and three")]
    windows: list[bool] = []

    def transcribe(_: Any, samples: np.ndarray, *, without_timestamps: bool, **options: Any) -> tuple[list[Any], None]:
        windows.append(not without_timestamps)
        found = [(0, seconds, "alone")] if without_timestamps else told
        sure = {"avg_logprob": 0.0, "compression_ratio": 1.0}
        return [SimpleNamespace(start=start, end=end, text=text, **sure) for start, end, text in found], None

    monkeypatch.setattr(faster_whisper.WhisperModel, "transcribe", transcribe)
    assert engine.transcribe_together([hum, hum, hum]) == ["one", "alone", "alone"]
    assert windows == [True, False, False]


def watched_encoding(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """A list that collects the features (mels, frames of 10 ms) of each window that are encoded."""
    seen: list[np.ndarray] = []
    encode = faster_whisper.WhisperModel.encode

    def watched(self: Any, features: np.ndarray) -> Any:
        seen.append(features)
        return encode(self, features)

    monkeypatch.setattr(faster_whisper.WhisperModel, "encode", watched)
    return seen


def lengths(encoded: list[np.ndarray]) -> list[float]:
    """How many seconds of each window were encoded."""
    return [features.shape[-1] / 100 for features in encoded]


def test_a_span_is_encoded_with_eight_seconds_of_padding_and_not_in_a_whole_window(
    model: WhisperModel, hum: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded, engine = watched_encoding(monkeypatch), WhisperTranscriber(model)
    assert engine.transcribe(hum) == SENTENCE
    assert lengths(encoded) == [pytest.approx(len(hum) / RATE + 8, abs=0.05)]
    encoded.clear()
    engine.transcribe_together([hum, hum])
    assert max(lengths(encoded)) == pytest.approx(2 * (len(hum) / RATE + 1) + 8, abs=0.05)
    engine.transcribe(np.tile(hum, 9))
    assert lengths(encoded)[-1] == 30


def test_what_follows_a_noisy_span_is_the_silence_that_the_model_learnt_with(
    model: WhisperModel, hum: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded = watched_encoding(monkeypatch)
    noisy = hum + np.random.default_rng(1).normal(0, 0.05, len(hum)).astype(np.float32)
    WhisperTranscriber(model).transcribe(noisy)
    learnt = FeatureExtractor()(np.pad(noisy, (0, 30 * RATE - len(noisy))))
    assert encoded[0][:, -700:] == pytest.approx(learnt[:, 2000:2700], abs=1e-3)


@pytest.mark.parametrize(("seconds", "windows"), [(0.5, 1), (0.6, 2), (3.9, 2), (4.1, 1)])
def test_a_short_span_without_words_is_heard_once_more_in_a_whole_window(
    seconds: float, windows: int, tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    doubtful = find_whisper(str(build_whisper(tmp_path / "pocket.en", SENTENCE, sure=False)))
    encoded = watched_encoding(monkeypatch)
    assert WhisperTranscriber(doubtful).transcribe(np.tile(hum, 3)[: round(seconds * RATE)]) == ""
    assert lengths(encoded) == pytest.approx([seconds + 8, 30][:windows], abs=0.05)


def test_a_language_is_found_in_a_whole_window(
    tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhisperTranscriber(
        find_whisper(str(build_whisper(tmp_path / "pocket", SENTENCE, multilingual=True))), language="auto"
    )
    encoded = watched_encoding(monkeypatch)
    engine.chances(hum)
    assert lengths(encoded) == [30]
    encoded.clear()
    engine.transcribe(hum)
    assert lengths(encoded)[0] < 30


def test_where_it_is_detected_for_every_span_windows_are_whole(
    tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build_whisper(tmp_path / "pocket", SENTENCE, multilingual=True)
    encoded = watched_encoding(monkeypatch)
    WhisperTranscriber(find_whisper(str(folder)), language="").transcribe(hum)
    assert set(lengths(encoded)) == {30}


def test_a_recogniser_that_nobody_uses_any_more_is_freed_at_once(model: WhisperModel) -> None:
    engine = WhisperTranscriber(model)
    left = weakref.ref(engine)
    gc.disable()
    try:
        del engine
        assert left() is None
    finally:
        gc.enable()


def test_silence_never_reaches_the_model(model: WhisperModel) -> None:
    engine = WhisperTranscriber(model)
    assert engine.transcribe(np.zeros(3 * RATE, dtype=np.float32)) == ""
    assert engine.transcribe(np.zeros(0, dtype=np.float32)) == ""


def test_a_damaged_model_is_reported_in_one_line(tmp_path: Path, build_whisper: Callable[..., Path]) -> None:
    folder = build_whisper(tmp_path / "pocket.en", SENTENCE)
    whole = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Missing, match=r"cannot be loaded .*fetch it again") as told:
        WhisperTranscriber(find_whisper(str(folder)))
    assert "\n" not in str(told.value)


def test_it_opens_no_connection(model: WhisperModel) -> None:
    run = subprocess.run(
        [sys.executable, "-c", NO_NETWORK, str(model.folder)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (run.returncode, run.stdout.strip()) == (0, SENTENCE), run.stderr


def test_a_language_that_is_found_is_the_one_that_is_decoded(
    tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = find_whisper(str(build_whisper(tmp_path / "pocket", "ich war so froh", multilingual=True)))
    engine = WhisperTranscriber(model, language="auto")
    chances = engine.chances(hum)
    assert set(chances) == {"en", "de", "fr"}
    assert sum(chances.values()) == pytest.approx(1.0, abs=1e-3)
    decoded = watched_decoding(monkeypatch)
    engine.understand("de")
    engine.transcribe(hum)
    assert [language for language, _ in decoded] == ["de"]


def test_an_english_model_has_no_language_to_find(model: WhisperModel, hum: np.ndarray) -> None:
    engine = WhisperTranscriber(model, language="auto")
    assert not engine.finds_language
    assert engine.transcribe(hum) == SENTENCE
