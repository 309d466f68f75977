"""Users' own recordings: accepted formats, and refusals with a reason."""

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.errors import BadInput
from coach.core.span import RATE
from coach.cues.recordings import LONGEST_RECORDING, accepted


def voice(seconds=1.0, level=0.3, rate=48_000, hertz=180):
    """A synthetic vowel-like sound."""
    t = np.arange(round(seconds * rate)) / rate
    sound = sum(np.sin(2 * np.pi * hertz * n * t + n) / n for n in range(1, 12))
    return level * sound / np.max(np.abs(sound))


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW"])
def test_any_sample_rate_and_bit_depth_is_accepted(tmp_path, rate, subtype):
    soundfile.write(tmp_path / "own.wav", voice(rate=rate), rate, subtype=subtype)
    sound = accepted(tmp_path / "own.wav", "spoken")
    assert sound.dtype == np.float32
    assert sound.size == pytest.approx(RATE, abs=2)
    assert np.max(np.abs(sound)) == pytest.approx(0.3, abs=0.05)


def test_any_number_of_channels_becomes_one(tmp_path):
    soundfile.write(tmp_path / "own.wav", np.stack([voice()] * 6, 1), 48_000)
    assert accepted(tmp_path / "own.wav", "spoken").ndim == 1


@pytest.mark.parametrize("subtype", ["PCM_U8", "ULAW"])
def test_flat_peaks_in_eight_bit_sound_are_not_clipping(tmp_path, subtype):
    soundfile.write(tmp_path / "own.wav", voice(level=1.0, hertz=100), 48_000, subtype=subtype)
    accepted(tmp_path / "own.wav", "spoken")


def cut_off(sound):
    return np.clip(3 * sound / np.max(np.abs(sound)), -1, 1)


@pytest.mark.parametrize(
    ("made", "form", "said"),
    [
        pytest.param(lambda: np.zeros(0), "spoken", "contains no sound", id="empty"),
        pytest.param(lambda: np.zeros(48_000), "spoken", "is silent", id="silent"),
        pytest.param(lambda: voice(level=0.002), "spoken", "its noise would be audible", id="faint"),
        pytest.param(lambda: voice(0.1), "spoken", "0.10 s long; a cue lasts at least 0.2 s", id="short"),
        pytest.param(lambda: voice(8.2), "spoken", "8.2 s long; this one may last 8 s at most", id="long words"),
        pytest.param(lambda: voice(4.2), "tone", "4.2 s long; this one may last 4 s at most", id="long tone"),
        pytest.param(lambda: voice(61), "line", "61.0 s long; this one may last 60 s at most", id="long line"),
        pytest.param(lambda: cut_off(voice()), "spoken", "clipped: it was recorded too loud", id="clipped"),
        pytest.param(lambda: np.stack([voice(), cut_off(voice())], 1), "spoken", "clipped", id="one channel clipped"),
    ],
)
def test_an_unusable_recording_is_refused_with_the_reason(tmp_path, made, form, said):
    soundfile.write(tmp_path / "own.wav", made(), 48_000)
    with pytest.raises(BadInput) as caught:
        accepted(tmp_path / "own.wav", form)
    assert str(caught.value).startswith("own.wav ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_sound_is_refused(tmp_path):
    (tmp_path / "own.wav").write_bytes(b"no sound")
    with pytest.raises(BadInput, match="cannot be read as sound"):
        accepted(tmp_path / "own.wav", "spoken")


def test_a_name_without_a_file_is_refused_as_missing(tmp_path):
    for path in (tmp_path / "nothing.wav", tmp_path):
        with pytest.raises(BadInput, match=f"there is no file {path}"):
            accepted(path, "spoken")


def test_values_that_are_not_finite_are_refused(tmp_path):
    soundfile.write(tmp_path / "own.wav", np.append(voice(), np.nan), 48_000, subtype="FLOAT")
    with pytest.raises(BadInput, match="values that are not sound"):
        accepted(tmp_path / "own.wav", "spoken")


def test_a_sample_rate_too_low_for_speech_is_refused(tmp_path):
    soundfile.write(tmp_path / "own.wav", voice(rate=4_000), 4_000)
    with pytest.raises(BadInput, match="4000 samples a second"):
        accepted(tmp_path / "own.wav", "spoken")


def test_silence_at_the_ends_does_not_make_a_cue_too_long(tmp_path):
    silence = np.zeros(10 * 48_000)
    soundfile.write(tmp_path / "own.wav", np.concatenate([silence, voice(), silence]), 48_000)
    assert accepted(tmp_path / "own.wav", "spoken").size > LONGEST_RECORDING["spoken"]


@settings(max_examples=40)
@given(
    hertz=st.floats(60, 2_000),
    level=st.floats(0.9, 1.0),
    rate=st.sampled_from([16_000, 44_100, 48_000]),
    sine=st.booleans(),
)
def test_a_loud_sound_without_clipping_is_accepted(tmp_path_factory, hertz, level, rate, sine):
    t = np.arange(rate) / rate
    sound = level * np.sin(2 * np.pi * hertz * t) if sine else voice(1.0, level, rate, hertz)
    path = tmp_path_factory.mktemp("loud") / "own.wav"
    soundfile.write(path, sound, rate, subtype="PCM_16")
    accepted(path, "spoken")
