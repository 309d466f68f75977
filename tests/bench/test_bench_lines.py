"""Telephone lines and automatic gain, through which made scenes are sent."""

from __future__ import annotations

import numpy as np

from scripts.simulate.lines import automatic_gain, mu_law, telephone
from scripts.simulate.scenes import FRAME, RATE

SECONDS = 4


def tone(hertz: float) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(SECONDS * RATE) / RATE)


def power(x: np.ndarray) -> float:
    return float((x**2).mean())


def test_a_telephone_carries_the_band_of_speech_only() -> None:
    on = np.ones(SECONDS * RATE // FRAME, bool)
    through = {hertz: telephone(np.random.default_rng(1), tone(1000) + tone(hertz), on) for hertz in (1500, 6000)}
    spectrum = {hertz: np.abs(np.fft.rfft(x)) for hertz, x in through.items()}
    assert spectrum[1500][1500 * SECONDS] > 0.5 * spectrum[1500][1000 * SECONDS]
    assert spectrum[6000][6000 * SECONDS] < 0.01 * spectrum[6000][1000 * SECONDS]


def test_mu_law_is_finer_for_soft_sound() -> None:
    soft, loud = np.linspace(0.001, 0.01, 1000), np.linspace(0.1, 1, 1000)
    off = [np.abs(mu_law(x) - x).max() for x in (soft, loud)]
    assert off[0] < off[1] / 20
    assert off[1] < 0.03


def test_some_lines_send_nothing_between_talk() -> None:
    """What was there is then replaced, far from speech, and kept around it."""
    on = np.zeros(SECONDS * RATE // FRAME, bool)
    on[:100] = True
    hum = tone(1000)
    after = []
    for seed in range(12):
        x = telephone(np.random.default_rng(seed), hum, on)
        after.append(power(x[2 * RATE :]) / power(x[:RATE]))
    silent = sum(ratio < 0.5 for ratio in after)
    assert 0 < silent < len(after)
    assert all(0.9 < ratio < 1.1 for ratio in after if ratio >= 0.5)


def test_automatic_gain_brings_loud_and_soft_sound_to_one_level() -> None:
    loud, soft = automatic_gain(0.5 * tone(1000)), automatic_gain(0.005 * tone(1000))
    assert 0.9 < power(loud) / power(soft) < 1.1


def test_automatic_gain_raises_soft_sound_slowly_after_loud_sound() -> None:
    made = automatic_gain(tone(1000) * np.repeat([0.3, 0.003], SECONDS * RATE // 2))
    half = RATE // 2
    first, last = power(made[2 * RATE : 2 * RATE + half]), power(made[-half:])
    assert 1.2 * first < last < 2 * first
