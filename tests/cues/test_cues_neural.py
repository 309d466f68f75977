"""The neural voice: in a child of its own, which is asked again, ends when idle, and may be missing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from coach.coaching import Catalogue
from coach.core.errors import BadSetting, CoachError, Missing
from coach.cues.recordings import read
from coach.cues.sounds import CueSounds
from coach.cues.tts import installed, neural
from coach.cues.tts.installed import HEART, fetch_neural_voice, neural_voices
from coach.cues.tts.rendering import NEURAL_VOICE, render
from coach.cues.tts.resident import NoAnswer, Resident
from tests.runtime.staged import NO_PROGRAM
from tests.waiting import wait

TEXT = "…and you, in that?"
MINE = f'[inward]\nwordings = ["{TEXT}"]\n[let_it_land]\nenabled = false\n[slower]\nenabled = false\n'


def child(code: str) -> Resident:
    return Resident((sys.executable, "-c", f"import json, os, sys, time\n{code}"))


ANSWERS = "for line in sys.stdin: print(json.dumps({'pid': os.getpid(), 'heard': json.loads(line)}), flush=True)"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("neural") / "cue.wav"
    render(TEXT, out, voice=HEART)
    return out


def test_the_neural_voice_speaks_in_a_process_of_its_own(spoken: Path) -> None:
    assert NEURAL_VOICE.pid not in (None, os.getpid())
    assert len(read(spoken)) > 8_000


def test_the_same_words_are_the_same_bytes_and_another_manner_is_not(spoken: Path, tmp_path: Path) -> None:
    for name, voice in (("again", HEART), ("brisk", f"{HEART}-brisker")):
        render(TEXT, tmp_path / f"{name}.wav", voice=voice)
    assert (tmp_path / "again.wav").read_bytes() == spoken.read_bytes()
    assert len(read(tmp_path / "brisk.wav")) < 0.95 * len(read(spoken))


def test_an_ellipsis_is_a_breath_and_markup_is_not_voiced() -> None:
    assert neural.phrases("…") == []
    assert neural.phrases("The jaw, the belly… Let [them](/x/) be <soft>.") == [
        "The jaw, the belly.",
        "Let [them](/x/) be soft.",
    ]


def test_the_first_voice_that_can_speak_does_and_the_others_are_reported_once(tmp_path: Path) -> None:
    sounds = CueSounds(tmp_path, Catalogue.load(override=MINE), neural=Resident(NO_PROGRAM))
    (notice,) = sounds.prepare()
    assert notice.startswith("the neural voice cannot speak here (")
    assert notice.endswith("another voice speaks instead")
    assert sounds.clip("inward", TEXT) is not None
    sounds.ready("curious", "…and more?")
    assert sounds.notices() == []


def test_without_a_system_voice_the_neural_one_speaks_and_nothing_is_reported(tmp_path: Path) -> None:
    sounds = CueSounds(tmp_path, Catalogue.load(override=MINE), speak=NO_PROGRAM)
    assert sounds.prepare() == []
    assert sounds.voice == HEART


# ------------------------------------------------------------------------------------------------------ the child


def test_a_child_answers_again_and_again_until_it_is_closed() -> None:
    resident = child(ANSWERS)
    assert resident.pid is None
    first, second = (resident.ask({"n": n}, 30) for n in range(2))
    assert first["pid"] == second["pid"] == resident.pid
    assert second["heard"] == {"n": 1}
    resident.close()
    assert resident.pid is None


def test_a_child_that_has_ended_is_started_again() -> None:
    resident = child("print(json.dumps({'heard': json.loads(sys.stdin.readline())}), flush=True)")
    for n in range(3):
        assert resident.ask({"n": n}, 30) == {"heard": {"n": n}}


def test_the_neural_child_ends_when_it_is_idle_and_when_nobody_is_left_to_ask() -> None:
    idle = "from coach.cues.tts import neural; import dataclasses\n"
    idle += "neural.CONFIG = dataclasses.replace(neural.CONFIG, idle=0.2); neural.main()"
    resident = Resident((sys.executable, "-c", idle))
    answer = resident.ask({"voice": "nobody", "model": None, "text": "", "out": "", "speed": 1, "pitch": 1}, 60)
    assert "nobody" in answer["missing"]
    wait("the end of the child", lambda: resident.pid is None)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("sys.stdin.readline(); sys.exit(1)", "it ended without an answer"),
        ("sys.stdin.readline(); print('no JSON', flush=True); time.sleep(60)", "cannot be read"),
        ("time.sleep(60)", "it hung for 0.5 s"),
    ],
)
def test_a_child_that_fails_says_how_and_is_gone(code: str, told: str) -> None:
    resident = child(code)
    with pytest.raises(NoAnswer, match=told):
        resident.ask({}, 0.5 if "hung" in told else 30)
    assert resident.pid is None


def test_a_voice_that_hangs_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"the neural voice cannot speak here \(it hung for 0\.5 s\)"):
        render(TEXT, tmp_path / "x.wav", voice=HEART, neural=child("time.sleep(60)"), timeout=0.5)
    assert list(tmp_path.iterdir()) == []


# -------------------------------------------------------------------------------------------------- other voices


def test_a_voice_is_fetched_once_checked_and_then_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def download(url: str, to: str, sha256: str) -> None:
        asked.append(f"{url} {sha256[:4]}")
        Path(to).write_bytes(b"a model")

    monkeypatch.setattr("hibari.voices.download", download)
    assert [voice for voice in neural_voices(tmp_path) if "emma" in voice.id] == []
    for _ in range(2):
        fetch_neural_voice("emma-lower", tmp_path / "voices")
    assert len(asked) == 1
    assert asked[0].startswith("https://")
    assert [voice.languages for voice in neural_voices(tmp_path / "voices") if voice.id == "neural/emma"] == [
        ("en-GB",)
    ]


def test_a_voice_that_cannot_be_fetched_or_does_not_exist_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(*_: str) -> None:
        raise RuntimeError("no network")

    monkeypatch.setattr("hibari.voices.download", download)
    with pytest.raises(CoachError, match="emma could not be downloaded"):
        fetch_neural_voice("emma", tmp_path)
    with pytest.raises(BadSetting, match="did you mean 'emma'"):
        fetch_neural_voice("emna", tmp_path)
    with pytest.raises(BadSetting, match="did you mean 'heart-lower'"):
        fetch_neural_voice("heart-lowr", tmp_path)


def test_without_its_package_there_is_no_neural_voice_to_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda name: None)
    assert neural_voices() == []
