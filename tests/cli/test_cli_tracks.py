"""`coach analyze --track`: a recording of each person."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.cli.main import main
from coach.core.resources import asset
from coach.core.span import RATE
from tests.audio.made_tracks import babble, late, written

LEAK = 10 ** (-18 / 20)
SECONDS = 60


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray]:
    """What a microphone of each person hears of the first minute of the sample."""
    sound, rate = sf.read(asset("sample.flac"), frames=SECONDS * RATE)
    assert rate == RATE
    truth = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))
    sides = [np.zeros_like(sound), np.zeros_like(sound)]
    for n, who in enumerate(("Ana", "Ben")):
        for each in truth["speech"]:
            if each["speaker"] == who:
                piece = slice(round(each["start_s"] * RATE), round((each["end_s"] + 0.15) * RATE))
                sides[n][piece] = sound[piece]
    noise = [np.random.default_rng(n).normal(scale=8e-4, size=len(sound)) for n in (1, 2)]
    return sides[0] + LEAK * sides[1] + noise[0], sides[1] + LEAK * sides[0] + noise[1]


def analysis(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["analyze", *arguments, "--json", "--transcriber", "none", "--voice-activity", "webrtc"]) == 0
    return json.loads(capsys.readouterr().out)


def test_two_tracks_with_their_own_start_rate_and_clock_give_the_transfers_of_the_channels(sample, tmp_path, capsys):
    sf.write(tmp_path / "both.wav", np.stack(sample, axis=1), RATE)
    written(tmp_path / "a.wav", sample[0])
    written(tmp_path / "b.wav", late(sample[1], 3.7, 80e-6), 48_000)
    channels = analysis(capsys, str(tmp_path / "both.wav"), "--channels", "Ana=1,Ben=2")
    tracks = analysis(capsys, "--track", f"Ana={tmp_path / 'a.wav'}", "--track", f"Ben={tmp_path / 'b.wav'}")
    expected = [(each["from"], each["to"]) for each in channels["transfers"]]
    assert [(each["from"], each["to"]) for each in tracks["transfers"]] == expected
    assert len(expected) > 3
    for one, other in zip(tracks["transfers"], channels["transfers"], strict=True):
        assert one["at_s"] == pytest.approx(other["at_s"], abs=0.02)
        assert one["fto_s"] == pytest.approx(other["fto_s"], abs=0.02)
    ana, ben = tracks["recording"]["tracks"]
    assert (ana["starts_s"], ana["by"]) == (0.0, "first")
    assert (ben["file"], ben["by"]) == ("b.wav", "sound")
    assert ben["starts_s"] == pytest.approx(3.7, abs=0.002)
    assert ben["drift_ppm"] == pytest.approx(80, abs=5)


def test_a_track_with_nothing_in_common_is_refused_in_one_line(tmp_path, capsys):
    for n, name in enumerate("ac"):
        written(tmp_path / f"{name}.wav", babble(n + 1, 20))
    assert main(["analyze", "--track", f"Ana={tmp_path / 'a.wav'}", "--track", f"Cleo={tmp_path / 'c.wav'}"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("coach: c.wav has no sound in common with a.wav")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name the recordings"),
        (["--track", "Ana=a.wav"], "names one recording"),
        (["--track", "Ana=a.wav", "--track", "Ana=b.wav"], "names Ana twice"),
        (["--track", "a.wav", "--track", "b.wav"], "write it like Ana=a.m4a"),
        (["--track", "?=a.wav", "--track", "B=b.wav"], "stands for an unknown voice"),
        (["--track", "Ana=a.wav", "--track", "Ben=a.wav"], "already another person's"),
        (["--track", "Ana=a.wav", "--track", "Ben=b.wav", "--starts", "Ben=soon"], "write it like Ben=3.7"),
        (["--track", "Ana=a.wav", "--track", "Ben=b.wav", "--starts", "Cleo=3"], "who has no --track"),
        (["--track", "Ana=a.wav", "--track", "Ben=b.wav", "--starts", "Ana=3"], "say when the others begin"),
        (["--track", "Ana=a.wav", "--track", "Ben=b.wav", "--people", "Ana,Ben"], "already says who speaks where"),
        (["--track", "Ana=a.wav", "--track", "Ben=b.wav", "c.wav"], "name the recordings"),
    ],
)
def test_wrong_usage_is_told(arguments, says, capsys):
    assert main(["analyze", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_a_track_that_is_missing_is_told(tmp_path, capsys):
    written(tmp_path / "a.wav", babble(1, 10))
    assert main(["analyze", "--track", f"Ana={tmp_path / 'a.wav'}", "--track", f"Ben={tmp_path / 'gone.wav'}"]) == 1
    assert "there is no file" in capsys.readouterr().err


def test_a_start_that_is_stated_needs_no_common_sound(tmp_path, capsys):
    a, c = (written(tmp_path / f"{n}.wav", babble(n, 10)) for n in (1, 2))
    found = analysis(capsys, "--track", f"Ana={a}", "--track", f"Cleo={c}", "--starts", "Cleo=-0:01.5")
    assert [each["starts_s"] for each in found["recording"]["tracks"]] == [1.5, 0.0]
    assert found["recording"]["duration_s"] == pytest.approx(11.5, abs=0.03)


def test_a_folder_that_craig_wrote_is_analysed_as_one_conversation(tmp_path, capsys):
    folder = tmp_path / "craig-x"
    folder.mkdir()
    (folder / "info.txt").touch()
    for n, who in enumerate(("ana", "ben"), 1):
        written(folder / f"{n}-{who}.wav", babble(n, 6))
    found = analysis(capsys, str(folder))
    assert found["people"] == ["ana", "ben"]
    assert found["recording"]["name"] == "craig-x"
    assert [each["by"] for each in found["recording"]["tracks"]] == ["first", "recorder"]
