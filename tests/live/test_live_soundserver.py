"""The live tests' sound server: audio reaches the microphone, and speaker output is found."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.core.resources import asset
from scripts.simulate.live.sounds import RATE, place_of, sounding, tone_in, words_heard
from scripts.simulate.live.soundserver import Recording, SoundServer
from tests.waiting import wait

pytestmark = pytest.mark.timeout(60)


def recorded_from_microphone(server: SoundServer, path: Path, seconds: int) -> subprocess.Popen[bytes]:
    command = f"arecord -q -D default -t wav -f S16_LE -r {RATE} -c 1 -d {seconds} {path}"
    return subprocess.Popen(command.split(), env=server.env)


def wait_for_recorded(path: Path, seconds: float) -> None:
    """Returns once `arecord` has written so much sound to the file."""
    wait(f"sound in {path.name}", lambda: path.exists() and path.stat().st_size >= 2 * RATE * seconds)


def wait_for_silence(recording: Recording) -> None:
    """Returns once half a second of silence was recorded last."""
    assert recording.silent_for(0.5, patience_s=10)


def test_the_microphone_hears_a_quiet_room_and_then_the_played_sound(sound_server: SoundServer, tmp_path: Path) -> None:
    path = tmp_path / "microphone.wav"
    recorder = recorded_from_microphone(sound_server, path, 4)
    wait_for_recorded(path, 1.0)
    sound_server.play(asset("sample.flac"), start_s=0.6, end_s=1.6)
    assert recorder.wait(timeout=10) == 0
    assert sound_server.dropped == 0
    heard = sf.read(path)[0]
    told = sf.read(asset("sample.flac"))[0][round(0.6 * RATE) : round(1.6 * RATE)]
    at, alike = place_of(told, heard)
    assert alike > 0.99
    before = heard[: at - RATE // 10]
    assert 0 < np.abs(before).max() < 0.01


def test_a_sound_server_that_is_late_still_gets_all_the_sound(sound_server: SoundServer, tmp_path: Path) -> None:
    path = tmp_path / "microphone.wav"
    recorder = recorded_from_microphone(sound_server, path, 5)
    wait_for_recorded(path, 0.5)
    playing = sound_server.play(asset("sample.flac"), start_s=0.6, end_s=2.6)
    playing.wait_until(0.2)
    with sound_server.late():
        playing.wait_until(1.2)
    assert recorder.wait(timeout=10) == 0
    assert sound_server.dropped == 0
    told = sf.read(asset("sample.flac"))[0][round(0.6 * RATE) : round(2.6 * RATE)]
    assert place_of(told, sf.read(path)[0])[1] > 0.99


def test_unplugging_the_microphone_ends_its_recording(sound_server: SoundServer, tmp_path: Path) -> None:
    recorder = recorded_from_microphone(sound_server, tmp_path / "microphone.wav", 8)
    wait_for_recorded(tmp_path / "microphone.wav", 0.5)
    sound_server.unplug()
    assert recorder.wait(timeout=5) != 0
    sound_server.plug()
    assert recorded_from_microphone(sound_server, tmp_path / "again.wav", 1).wait(timeout=5) == 0


@pytest.mark.parametrize("name", ["tone_soon", "tone_over", "tone_heard"])
def test_a_tone_is_found_at_its_time_and_by_its_name(sound_server: SoundServer, name: str) -> None:
    recording = sound_server.record_speaker()
    wait_for_silence(recording)
    begun = time.monotonic() - recording.begun
    command = ["aplay", "-q", "-D", "default", str(asset(f"{name}.wav"))]
    subprocess.run(command, env=sound_server.env, check=True, timeout=10)
    wait_for_silence(recording)
    heard = recording.stop()
    (stretch,) = sounding(heard)
    assert begun - 0.05 < stretch[0] < begun + 0.5  # the recorder holds 20 ms back
    assert tone_in(heard, stretch) == name


def test_speech_is_not_taken_for_a_tone_and_is_understood(sound_server: SoundServer, tmp_path: Path) -> None:
    path = tmp_path / "speech.wav"
    told = sf.read(asset("sample.flac"))[0][round(52.1 * RATE) : round(55.4 * RATE)]
    sf.write(path, told, RATE)
    recording = sound_server.record_speaker()
    subprocess.run(["aplay", "-q", "-D", "default", str(path)], env=sound_server.env, check=True, timeout=10)
    wait_for_silence(recording)
    heard = recording.stop()
    (stretch,) = sounding(heard)
    assert tone_in(heard, stretch) is None
    assert {"train", "next"} <= set(words_heard(heard, stretch))
