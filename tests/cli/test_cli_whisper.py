"""`coach setup whisper` says what the models cost here before it fetches one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coach.asr import WhisperModel, whisper_names
from coach.cli.whisper import set_up_whisper
from coach.core.errors import BadSetting, CoachError, Missing

Progress = Callable[[int, int], None]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


class Hub:
    """A fetcher that notes what had been printed when it was asked, and fails if it is offline."""

    def __init__(self, capsys: pytest.CaptureFixture[str], offline: bool = False) -> None:
        self.capsys, self.offline = capsys, offline
        self.before = self.said = ""  # on stdout, on stderr
        self.asked: list[str] = []

    def __call__(self, name: str, progress: Progress | None = None) -> WhisperModel:
        self.before, self.said = self.capsys.readouterr()
        self.asked.append(name)
        if self.offline:
            raise CoachError("the model could not be downloaded; check the connection")
        assert progress is not None
        progress(1, 2)
        return WhisperModel(name, Path("models") / name, 2)


@pytest.fixture
def hub(capsys: pytest.CaptureFixture[str]) -> Hub:
    return Hub(capsys)


def rows(out: str) -> dict[str, list[str]]:
    """The words of each row of the table, by the model's name."""
    lines = [line.removeprefix("*").split() for line in out.splitlines()]
    return {words[0]: words[1:] for words in lines if words and words[0] in whisper_names()}


def test_sizes_languages_and_speed_of_all_models_are_said_before_one_is_fetched(hub, capsys):
    set_up_whisper("base", fetch=hub, measure=lambda: 0.48)
    told = rows(hub.before)
    assert list(told) == list(whisper_names())
    assert told["base"] == ["150", "MB", "99", "languages", "1.2", "s"]
    assert told["small.en"][:3] == ["490", "MB", "English"]
    assert " ".join(told["large-v3"]).endswith("s: for recordings, too slow to listen")
    assert [line for line in hub.before.splitlines() if line.startswith("*")] == [
        line for line in hub.before.splitlines() if "base " in line
    ]
    assert hub.asked == ["base"]
    assert capsys.readouterr().err == "coach: Whisper base is installed in models/base\n"


def test_a_quicker_machine_may_listen_with_larger_models(hub):
    set_up_whisper("small", fetch=hub, measure=lambda: 0.06)
    assert rows(hub.before)["small"][-2:] == ["0.5", "s"]


def test_without_a_name_the_models_are_listed_and_nothing_is_fetched(hub, capsys):
    set_up_whisper(None, fetch=hub, measure=lambda: 1.0)
    out, err = capsys.readouterr()
    assert list(rows(out)) == list(whisper_names())
    assert err == "coach: nothing was fetched; `coach setup whisper base` fetches base\n"
    assert hub.asked == []


def test_a_speed_that_cannot_be_measured_is_not_made_up(hub):
    def fails() -> float:
        raise Missing("Whisper's engine cannot be tried here (no such wheel)")

    set_up_whisper("base", fetch=hub, measure=fails)
    assert {tuple(words[-2:]) for words in rows(hub.before).values()} == {("not", "known")}
    assert hub.asked == ["base"]
    assert "(no such wheel), so the speed of the models is not known" in hub.said


def test_a_model_of_somebody_else_is_fetched_and_said_to_be_unknown(hub):
    set_up_whisper("somebody/whisper-mine", fetch=hub, measure=lambda: 1.0)
    assert "* somebody/whisper-mine: its size, languages and speed are not known before it is here" in hub.before


def test_a_misspelt_name_is_an_error_before_anything_is_measured_or_fetched(hub):
    def measured() -> float:
        raise AssertionError("it was measured")

    with pytest.raises(BadSetting, match=r"did you mean base\.en"):
        set_up_whisper("bose.en", fetch=hub, measure=measured)
    assert hub.asked == []


def test_offline_the_costs_are_said_and_then_the_error_in_one_line(capsys):
    offline = Hub(capsys, offline=True)
    with pytest.raises(CoachError, match="check the connection") as told:
        set_up_whisper("base", fetch=offline, measure=lambda: 1.0)
    assert "\n" not in str(told.value)
    assert rows(offline.before)
