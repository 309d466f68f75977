"""What the Whisper models cost: sizes and languages as published, and work as measured on this machine."""

from __future__ import annotations

import sys

import pytest

from coach.asr import languages_of, measured_encoder, size_on_disk, whisper_names, work_of
from coach.asr.engines.cost import CONFIG
from coach.core.errors import Missing
from scripts.whisper_weights import whisper_weights


@pytest.mark.parametrize("name", ["tiny.en", "base"])
def test_the_stated_size_is_that_of_the_real_weights(name: str) -> None:
    real = (whisper_weights(name) / "model.bin").stat().st_size
    assert size_on_disk(name) == pytest.approx(real, rel=0.05)


def test_every_model_that_can_be_chosen_has_a_size_and_languages() -> None:
    assert all(size_on_disk(name) > 70_000_000 for name in whisper_names())
    assert {languages_of(name) for name in whisper_names() if name.endswith(".en")} == {"English"}
    assert languages_of("base") == "99 languages"
    assert languages_of("large-v3") == "100 languages"


def test_larger_models_are_more_work_and_english_ones_as_much_as_their_like() -> None:
    works = [work_of(name, 1.0) for name in ("tiny", "base", "small", "medium", "large-v2")]
    assert works == sorted(set(works))
    assert work_of("base", 1.0) == 1 + CONFIG.decoder
    assert work_of("base.en", 2.0) == 2 * work_of("base", 1.0)
    assert 3 < work_of("small", 1.0) / work_of("base", 1.0) < 5


def test_the_quickest_of_the_runs_counts() -> None:
    times = iter([0.0, 9.0, 10.0, 11.5])
    assert measured_encoder(lambda: next(times)) == 1.5


def test_without_the_engine_the_reason_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    with pytest.raises(Missing, match="Whisper's engine cannot be tried here") as told:
        measured_encoder()
    assert "\n" not in str(told.value)
