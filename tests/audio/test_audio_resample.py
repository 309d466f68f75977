"""Any rate is resampled to 16 kHz without drift or delay, whatever the block size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.audio.resample import Resampler, resampled
from coach.core.span import RATE

RATES = (8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000)


def noise(n: int, channels: int = 1) -> np.ndarray:
    return np.random.default_rng(n).standard_normal((n, channels)).astype(np.float32)


@settings(max_examples=60)
@given(st.sampled_from(RATES), st.integers(0, 9000), st.lists(st.integers(1, 3000), min_size=1, max_size=5))
def test_the_same_sound_gives_the_same_bits_in_blocks_of_any_size(rate, n, sizes):
    sound = noise(n, 2)
    stream = Resampler(rate, 2)
    out, at, turn = [], 0, 0
    while at < n:
        size = sizes[turn % len(sizes)]
        out.append(stream.feed(sound[at : at + size]))
        at, turn = at + size, turn + 1
    out.append(stream.flush())
    assert np.array_equal(np.concatenate(out), resampled(sound, rate, RATE))


@pytest.mark.parametrize("rate", RATES)
def test_a_click_keeps_its_position_even_just_before_the_end(rate):
    n = 3 * rate + 5
    for at in (rate // 7, rate, n - rate // 100):
        sound = np.zeros((n, 1), np.float32)
        sound[at] = 1
        out = resampled(sound, rate, RATE)[:, 0]
        assert abs(np.argmax(np.abs(out)) - at * RATE / rate) <= 1


@pytest.mark.parametrize("rate", [11_025, 44_100, 48_000])
def test_an_hour_of_sound_has_exactly_an_hour_of_samples(rate):
    stream = Resampler(rate, 1)
    minute = np.zeros((60 * rate, 1), np.float32)
    count = sum(len(stream.feed(minute)) for _ in range(60)) + len(stream.flush())
    assert count == 3600 * RATE


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_resampling_delays_microphone_sound_by_at_most_60_ms(rate):
    stream = Resampler(rate, 1)
    out, fed, worst = 0, 0, 0.0
    for _ in range(500):
        fed += rate // 50
        out += len(stream.feed(noise(rate // 50)))
        worst = max(worst, fed / rate - out / RATE)
    assert worst < 0.06


def test_a_flushed_stream_starts_again():
    stream = Resampler(48_000, 1)
    sound = noise(5000)
    first = [stream.feed(sound), stream.flush()]
    again = [stream.feed(sound), stream.flush()]
    assert np.array_equal(np.concatenate(first), np.concatenate(again))


def test_a_tone_keeps_its_amplitude_and_sound_above_8_khz_is_removed():
    t = np.arange(48_000) / 48_000
    low, high = (np.sin(2 * np.pi * f * t).astype(np.float32)[:, None] for f in (1000, 12_000))
    assert np.std(resampled(low, 48_000, RATE)[2000:-2000]) == pytest.approx(np.sqrt(0.5), rel=1e-3)
    assert np.std(resampled(high, 48_000, RATE)[2000:-2000]) < 1e-5
