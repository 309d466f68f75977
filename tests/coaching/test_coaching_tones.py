"""The tones: soft bowls that differ in pitch, and the script that makes them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from coach.core.resources import asset
from coach.core.span import RATE

NAMES = ("tone_soon.wav", "tone_over.wav", "tone_heard.wav", "tone_ask.wav", "tone_turn.wav")
STROKES = {"tone_turn.wav": (0.0, 0.9), "tone_ask.wav": (0.0, 0.24)}  # seconds; one stroke for the others
TALK = -26.0  # dBFS RMS of talk at a table, as in the sample conversation
WINDOW = 400 * RATE // 1000  # samples; the window of momentary loudness
HOME = Path(__file__).resolve().parents[2]
STEP = 1  # of 16 bits: another processor's sine may differ in its last bit, so that a sample rounds the other way


def sound(name):
    data, rate = soundfile.read(asset(name))
    assert rate == RATE
    assert data.ndim == 1
    return data


def decibels(data):
    return 20 * np.log10(np.max(np.abs(data)))


def loudest(data):
    power = np.convolve(data**2, np.ones(WINDOW) / WINDOW, "valid")
    return 10 * np.log10(np.max(power))


def pitch(data):
    spectrum = np.abs(np.fft.rfft(data * np.hanning(data.size), 1 << 18))
    return np.argmax(spectrum) * RATE / (1 << 18)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("tone_soon.wav", 0.9),
        ("tone_over.wav", 0.9),
        ("tone_heard.wav", 0.4),
        ("tone_ask.wav", 1.1),
        ("tone_turn.wav", 2.2),
    ],
)
def test_a_tone_is_short_and_clips_nowhere(name, seconds):
    data = sound(name)
    assert data.size / RATE == pytest.approx(seconds, abs=0.001)
    assert decibels(data) < -12


@pytest.mark.parametrize("name", NAMES)
def test_a_tone_is_softer_than_talk_even_at_its_loudest(name):
    assert loudest(sound(name)) < TALK - 1.5


def test_the_tones_that_are_cues_are_equally_loud():
    assert np.ptp([loudest(sound(name)) for name in NAMES if name != "tone_heard.wav"]) < 0.1


@pytest.mark.parametrize("name", NAMES)
def test_a_tone_begins_softly_and_fades_to_silence(name):
    data = sound(name)
    for struck in STROKES.get(name, (0.0,)):
        before, first = (data[round((struck + s) * RATE) :][: RATE // 200] for s in (-0.005, 0.0))  # 5 ms each
        assert np.max(np.abs(first)) < (np.max(np.abs(before)) if struck else 0.0) + 0.12 * np.max(np.abs(data))
    assert np.max(np.abs(data[-RATE // 100 :])) < 0.01 * np.max(np.abs(data))


@pytest.mark.parametrize("name", NAMES[:3])
def test_a_tone_dies_away(name):
    data = sound(name)
    third = data.size // 3
    levels = [np.sqrt(np.mean(data[n * third : (n + 1) * third] ** 2)) for n in range(3)]
    assert levels[0] > 2 * levels[1] > 4 * levels[2] > 0


def test_the_three_tones_are_told_apart_by_their_pitch():
    over, soon, heard = (pitch(sound(n)) for n in ("tone_over.wav", "tone_soon.wav", "tone_heard.wav"))
    assert soon > 1.3 * over  # more than a musical fourth
    assert heard > 1.3 * soon


def test_the_change_of_turns_is_two_strokes_from_a_lower_bowl_to_a_higher_one():
    data = sound("tone_turn.wav")
    first, second = pitch(data[: round(0.85 * RATE)]), pitch(data[round(1.2 * RATE) :])
    assert first == pytest.approx(331, abs=3)
    assert second == pytest.approx(495, abs=3)
    levels = [np.sqrt(np.mean(data[round(s * RATE) :][: RATE // 10] ** 2)) for s in (0.75, 0.95)]
    assert levels[1] > 2 * levels[0]  # the second stroke is heard as one


def test_the_question_rises_by_a_fourth_within_a_third_of_a_second():
    data = sound("tone_ask.wav")
    first, second = pitch(data[: round(0.23 * RATE)]), pitch(data[round(0.5 * RATE) :])
    assert second / first == pytest.approx(4 / 3, rel=0.02)
    levels = [np.sqrt(np.mean(data[round(s * RATE) :][: RATE // 20] ** 2)) for s in (0.18, 0.28)]
    assert levels[1] > 1.3 * levels[0]  # the second stroke is heard as one


@pytest.mark.parametrize("name", NAMES)
def test_a_tone_is_dark_with_little_energy_where_hearing_is_most_sensitive(name):
    power = np.abs(np.fft.rfft(sound(name))) ** 2
    hertz = np.fft.rfftfreq(sound(name).size, 1 / RATE)
    assert np.sum(power[hertz > 2500]) < 0.02 * np.sum(power)


def test_the_script_makes_the_tones_that_ship(tmp_path):
    out = tmp_path / "a folder with spaces"
    command = [sys.executable, "-m", "scripts.make_tones", "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True, cwd=HOME)
    assert sorted(p.name for p in out.iterdir()) == sorted(NAMES)
    for name in NAMES:
        made, shipped = (soundfile.read(path, dtype="int16")[0].astype(int) for path in (out / name, asset(name)))
        assert np.max(np.abs(made - shipped)) <= STEP
