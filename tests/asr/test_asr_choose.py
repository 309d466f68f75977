"""The choice of recogniser, and the message about it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coach.asr.engines.choose import choose, real_time_factor
from coach.asr.engines.moonshine import MoonshineTranscriber
from coach.asr.engines.whisper import WhisperTranscriber
from coach.core.errors import BadSetting, Missing


class Clock:
    """A clock: each run takes the next of `costs` in seconds; after the last one, no time passes."""

    def __init__(self, *costs: float) -> None:
        self.costs = list(costs)
        self.now = 0.0
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        if self.looks % 2 == 0 and self.costs:  # every second reading ends a run
            self.now += self.costs.pop(0)
        return self.now


@pytest.fixture
def no_moonshine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)  # what importing finds where there is no wheel


@pytest.fixture
def two_models(tmp_path: Path, build_whisper: Callable[..., Path]) -> Path:
    """A small model and one with about twice its weights."""
    build_whisper(tmp_path / "small", "small", multilingual=True)
    build_whisper(tmp_path / "large", "large", multilingual=True)
    weights = tmp_path / "small" / "model.bin"
    with (tmp_path / "large" / "model.bin").open("ab") as file:
        file.write(bytes(weights.stat().st_size))  # bytes after the weights are not read
    return tmp_path


def test_the_engine_none_gives_no_recogniser() -> None:
    engine, line = choose("none")
    assert engine is None
    assert line.startswith("words: none, as chosen")


def test_a_machine_without_models_uses_moonshine_and_says_why(tmp_path: Path) -> None:
    engine, line = choose("auto", folder=tmp_path)
    assert line == "words: moonshine tiny (English), no Whisper model is installed"
    assert engine is not None
    engine.close()


def test_an_installed_whisper_model_that_keeps_up_is_chosen(
    tmp_path: Path, build_whisper: Callable[..., Path], hum: np.ndarray
) -> None:
    build_whisper(tmp_path / "base.en", "so glad")
    engine, line = choose("auto", folder=tmp_path, clock=Clock(2.0))
    assert line == "words: whisper base.en (English), an installed model that keeps up (0.4 s of work a second)"
    assert engine is not None
    assert engine.transcribe(hum) == "so glad"


def test_a_cold_start_is_not_held_against_a_model(tmp_path: Path, build_whisper: Callable[..., Path]) -> None:
    build_whisper(tmp_path / "base.en", "so glad")
    _, line = choose("auto", folder=tmp_path, clock=Clock(9.0, 2.0))
    assert line.startswith("words: whisper base.en")


def test_moonshine_is_chosen_if_whisper_would_fall_behind(tmp_path: Path, build_whisper: Callable[..., Path]) -> None:
    build_whisper(tmp_path / "base.en", "so glad")
    engine, line = choose("auto", folder=tmp_path, clock=Clock(9.0, 2.6))
    assert line == (
        "words: moonshine tiny (English), because Whisper base.en would fall behind (0.52 s of work a second)"
    )
    assert engine is not None
    engine.close()


def test_the_largest_model_that_keeps_up_is_chosen(two_models: Path) -> None:
    assert choose("auto", folder=two_models, clock=Clock(1.0, 2.0))[1].startswith("words: whisper large")


def test_a_larger_model_is_not_loaded_if_its_size_shows_that_it_is_too_slow(two_models: Path) -> None:
    clock = Clock(2.0)
    assert choose("auto", folder=two_models, clock=clock)[1].startswith("words: whisper small")
    assert clock.looks == 2


def test_if_a_larger_model_proves_too_slow_the_smaller_one_is_chosen(two_models: Path) -> None:
    assert choose("auto", folder=two_models, clock=Clock(1.0, 4.0, 4.0))[1].startswith("words: whisper small")


def test_a_damaged_model_is_skipped(tmp_path: Path, build_whisper: Callable[..., Path]) -> None:
    (build_whisper(tmp_path / "base.en", "so glad") / "model.bin").write_bytes(b"damaged")
    engine, line = choose("auto", folder=tmp_path)
    assert line == "words: moonshine tiny (English), the Whisper model base.en cannot be used"
    assert engine is not None
    engine.close()


def test_an_english_model_is_skipped_for_another_language(tmp_path: Path, build_whisper: Callable[..., Path]) -> None:
    build_whisper(tmp_path / "base.en", "so glad")
    engine, line = choose("auto", language="de", folder=tmp_path)
    assert engine is None
    assert "no installed Whisper model knows this language" in line
    assert "coach setup whisper base`" in line


@pytest.mark.usefixtures("no_moonshine")
def test_without_a_working_engine_there_are_no_words_and_the_reason_says_how_to_fix_it(tmp_path: Path) -> None:
    engine, line = choose("auto", folder=tmp_path)
    assert engine is None
    assert line.startswith("words: none, no Whisper model is installed")
    assert "coach setup whisper base.en`" in line


@pytest.mark.usefixtures("no_moonshine")
def test_the_choice_works_without_faster_whisper(
    tmp_path: Path, build_whisper: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    build_whisper(tmp_path / "base.en", "so glad")
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    engine, line = choose("auto", folder=tmp_path)
    assert engine is None
    assert "the Whisper model base.en cannot be used" in line
    with pytest.raises(Missing, match=r"base\.en cannot be loaded"):
        choose("whisper", folder=tmp_path)


def test_whisper_by_name_uses_the_largest_model_without_timing_it(two_models: Path) -> None:
    engine, line = choose("whisper", language="de", folder=two_models)
    assert line == "words: whisper large (100 languages), as chosen"
    assert isinstance(engine, WhisperTranscriber)


def test_whisper_by_name_and_model_uses_that_model(two_models: Path) -> None:
    assert choose("whisper", model="small", folder=two_models)[1].startswith("words: whisper small")
    assert choose("auto", model="small", folder=two_models)[1].startswith("words: whisper small")
    assert choose("whisper", model=str(two_models / "small"), folder=two_models / "nowhere")[0] is not None


@pytest.mark.parametrize("name", ["whisper", "auto"])
def test_a_model_requested_by_name_that_is_not_installed_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(Missing, match=r"coach setup whisper small\.en"):
        choose(name, model="small.en", folder=tmp_path)


def test_without_a_whisper_model_the_error_says_which_one_to_install_for_the_language(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"coach setup whisper base\.en`"):
        choose("whisper", folder=tmp_path)
    with pytest.raises(Missing, match="coach setup whisper base`"):
        choose("whisper", language="de", folder=tmp_path)


@pytest.mark.usefixtures("no_moonshine")
def test_moonshine_by_name_is_an_error_if_it_cannot_run() -> None:
    with pytest.raises(Missing, match="Moonshine cannot run here"):
        choose("moonshine")


def test_moonshine_by_name_is_an_error_for_another_language() -> None:
    with pytest.raises(BadSetting, match="Moonshine understands English only, not de"):
        choose("moonshine", language="de")


def test_a_misspelt_engine_is_an_error() -> None:
    with pytest.raises(BadSetting, match="choose one of auto, whisper, moonshine, none"):
        choose("whisperer")


def test_a_recogniser_is_timed_on_a_sentence_so_that_it_has_words_to_write() -> None:
    told: list[str] = []

    class Listening(MoonshineTranscriber):
        def transcribe(self, samples: np.ndarray) -> str:
            told.append(super().transcribe(samples))
            return told[-1]

    real_time_factor(Listening(), Clock(1.0))
    assert len(told[0].split()) > 8


def test_the_real_time_factor_is_the_work_per_second_of_sound() -> None:
    class Steady:
        name = languages = "fake"

        def transcribe(self, samples: np.ndarray) -> str:
            assert len(samples) == 5 * 16000
            return ""

        def close(self) -> None:
            pass

    assert real_time_factor(Steady(), Clock(5.0, 10.0)) == pytest.approx(1.0)


def test_a_language_without_a_model_is_explained_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(Missing) as raised:
        choose("whisper", language="de", folder=tmp_path)
    assert str(raised.value) == (
        "there is no Whisper model for this language, so there will be no words; "
        "fetch one with `coach setup whisper base`"
    )


# ------------------------------------------------------------------------------------------ the language is to be found


@pytest.mark.parametrize("name", ["auto", "whisper"])
def test_to_find_the_language_a_model_for_several_is_chosen(
    name: str, tmp_path: Path, build_whisper: Callable[..., Path]
) -> None:
    build_whisper(tmp_path / "base.en", "so glad, and here is more to make it larger")
    build_whisper(tmp_path / "base", "so froh", multilingual=True)
    engine, line = choose(name, language="auto", folder=tmp_path, clock=Clock(2.0))
    assert isinstance(engine, WhisperTranscriber)
    assert engine.finds_language
    assert line.startswith("words: whisper base (100 languages), ")
    assert line.endswith("; the language is found from the first sentences")


@pytest.mark.parametrize("name", ["auto", "whisper"])
def test_with_a_model_for_english_alone_there_is_nothing_to_find(
    name: str, tmp_path: Path, build_whisper: Callable[..., Path]
) -> None:
    build_whisper(tmp_path / "base.en", "so glad")
    engine, line = choose(name, language="auto", folder=tmp_path, clock=Clock(2.0))
    assert isinstance(engine, WhisperTranscriber)
    assert not engine.finds_language
    assert line.startswith("words: whisper base.en (English), ")
    assert "is found" not in line


@pytest.mark.parametrize("name", ["auto", "moonshine"])
def test_without_whisper_moonshine_is_chosen_for_english(name: str, tmp_path: Path) -> None:
    engine, line = choose(name, language="auto", folder=tmp_path)
    assert line.startswith("words: moonshine tiny (English), ")
    assert engine is not None
    engine.close()


def test_whisper_by_name_without_a_model_says_which_one_finds_a_language(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="coach setup whisper base`"):
        choose("whisper", language="auto", folder=tmp_path)
