"""Without neural networks the coach still rehearses and handles one channel per person, and says so."""

from __future__ import annotations

import json
import sys
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile as sf

from coach.cli.main import main
from coach.core.events import Speech
from coach.core.resources import asset
from coach.core.settings import data_folder
from coach.core.span import RATE, Span, as_samples
from coach.sessions import DATABASE_FILE, Store

NOTICE = "a simpler voice detector is used (WebRTC); it takes more noise for speech"
HEARD = 17  # seconds of the sample, in which Ana and then Ben say their sentences
LEAK = 0.1  # crosstalk of a voice in the other person's microphone: -20 dB
RIGHT = 0.9  # least share of the speech that is detected: soft ends may be missing, but no complete words


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary folders in place of the user's."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes importing onnxruntime fail, as if it were not installed."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)


@pytest.fixture(scope="module")
def spoken() -> dict[str, list[Span]]:
    """The true speech of each of the two people."""
    rows = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))["speech"]
    return {
        who: [Span.seconds(r["start_s"], r["end_s"]) for r in rows if r["speaker"] == who and r["end_s"] < HEARD]
        for who in ("Ana", "Ben")
    }


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    return sf.read(asset("sample.flac"), frames=as_samples(HEARD), dtype="float32")[0]


def share(spoken: list[Span], heard: list[Span]) -> float:
    """The share of the true speech that was detected."""
    return sum((a & b).duration for a in spoken for b in heard) / sum(span.duration for span in spoken)


def test_a_rehearsal_runs_from_beginning_to_end(no_network, spoken, sound, tmp_path, capsys):
    until = spoken["Ben"][0].start - RATE
    sf.write(tmp_path / "alone.flac", sound[:until], RATE)
    assert main(["rehearse", "--input", str(tmp_path / "alone.flac"), "--transcriber", "none", "--plain"]) == 0
    out, _ = capsys.readouterr()
    assert "the neural network for speech cannot run here (" in out
    assert NOTICE in " ".join(out.split())
    with Store(data_folder() / DATABASE_FILE) as store:
        heard = [event for event in store.events(1) if isinstance(event, Speech)]
    assert {event.who for event in heard} == {"You"}
    assert share(spoken["Ana"], [event.span for event in heard]) > RIGHT


def test_a_recording_with_one_channel_per_person_is_analysed(no_network, spoken, sound, tmp_path, capsys):
    half = spoken["Ben"][0].start - RATE
    channels = np.random.default_rng(2).normal(0, 1e-3, (len(sound), 2)).astype(np.float32)
    channels[:half] += sound[:half, None] * np.array([1, LEAK], np.float32)
    channels[half:] += sound[half:, None] * np.array([LEAK, 1], np.float32)
    sf.write(tmp_path / "call.flac", channels, RATE)
    status = main(
        ["analyze", str(tmp_path / "call.flac"), "--json", "--transcriber", "none", "--channels", "Ana=1,Ben=2"]
    )
    out, err = capsys.readouterr()
    assert status == 0
    assert err.count(NOTICE) == 1
    heard: dict[str, list[Span]] = {"Ana": [], "Ben": []}
    for row in json.loads(out)["speech"]:
        heard[row["who"]].append(Span.seconds(row["start_s"], row["end_s"]))
    assert all(share(spoken[who], heard[who]) > RIGHT for who in spoken)
    assert all(share(spoken[who], heard[other]) == 0 for who, other in (("Ana", "Ben"), ("Ben", "Ana")))


def test_if_the_network_is_required_its_failure_ends_the_command(no_network, tmp_path, capsys):
    sf.write(tmp_path / "quiet.wav", np.zeros(RATE, np.float32), RATE)
    assert main(["analyze", str(tmp_path / "quiet.wav"), "--voice-activity", "silero"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("coach: the neural network for speech cannot run here (")
    assert err.endswith("choose --voice-activity webrtc\n")


def test_files_of_segments_need_no_voice_activity(no_network, tmp_path, capsys):
    (tmp_path / "talk.rttm").write_text("SPEAKER talk 1 0.5 2.0 <NA> <NA> Ana <NA> <NA>\n", encoding="utf-8")
    assert main(["analyze", str(tmp_path / "talk.rttm"), "--json"]) == 0
    assert NOTICE not in capsys.readouterr().err


@pytest.mark.parametrize("runs", [True, False])
def test_doctor_says_which_voice_activity_works(runs, monkeypatch, capsys):
    if not runs:
        monkeypatch.setitem(sys.modules, "onnxruntime", None)
    clock = count(0.0, 0.1)  # seconds: how fast it runs depends on what else this machine does
    monkeypatch.setattr("coach.cli.doctor.time", SimpleNamespace(perf_counter=lambda: next(clock)))
    main(["doctor", "--input", "no such microphone"])
    out = " ".join(capsys.readouterr().out.split())
    if runs:
        assert "ok hearing: 50 times as fast as talk, with Silero" in out
        assert "WebRTC could stand in for it" in out
    else:
        assert "warning hearing: the neural network for speech cannot run here (" in out
        assert "50 times as fast as talk, with WebRTC" in out
        assert "-> install the package onnxruntime again" in out
