"""The tones: soft bowls that differ in pitch, and the script that makes them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from coach.assets import asset
from coach.span import RATE

NAMES = ("tone_soon.wav", "tone_over.wav", "tone_heard.wav")
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_tones"


def sound(name):
    data, rate = soundfile.read(asset(name))
    assert rate == RATE
    assert data.ndim == 1
    return data


def decibels(data):
    return 20 * np.log10(np.max(np.abs(data)))


def pitch(data):
    spectrum = np.abs(np.fft.rfft(data * np.hanning(data.size), 1 << 18))
    return np.argmax(spectrum) * RATE / (1 << 18)


@pytest.mark.parametrize(
    ("name", "seconds", "peak"),
    [("tone_soon.wav", 0.9, -14), ("tone_over.wav", 0.9, -14), ("tone_heard.wav", 0.4, -24)],
)
def test_a_tone_is_short_and_soft(name, seconds, peak):
    data = sound(name)
    assert data.size / RATE == pytest.approx(seconds, abs=0.001)
    assert decibels(data) == pytest.approx(peak, abs=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_a_tone_begins_softly_and_ends_in_nothing(name):
    data = sound(name)
    first = data[: RATE // 200]  # 5 ms
    assert np.max(np.abs(first)) < 0.12 * np.max(np.abs(data))
    assert np.max(np.abs(data[-RATE // 100 :])) < 0.01 * np.max(np.abs(data))


@pytest.mark.parametrize("name", NAMES)
def test_a_tone_dies_away(name):
    data = sound(name)
    third = data.size // 3
    levels = [np.sqrt(np.mean(data[n * third : (n + 1) * third] ** 2)) for n in range(3)]
    assert levels[0] > 2 * levels[1] > 4 * levels[2] > 0


def test_the_three_tones_are_told_apart_by_their_pitch():
    over, soon, heard = (pitch(sound(n)) for n in ("tone_over.wav", "tone_soon.wav", "tone_heard.wav"))
    assert soon > 1.3 * over  # more than a fourth
    assert heard > 1.3 * soon


def test_the_script_makes_the_very_bytes_that_ship(tmp_path):
    out = tmp_path / "a folder with spaces"
    subprocess.run([sys.executable, str(SCRIPT), "--out", str(out)], check=True, capture_output=True)
    assert sorted(p.name for p in out.iterdir()) == sorted(NAMES)
    for name in NAMES:
        made, shipped = (soundfile.read(path, dtype="int16")[0].astype(int) for path in (out / name, asset(name)))
        assert np.max(np.abs(made - shipped)) <= 1  # another machine's sine may round one step apart
