"""Levels and mel bands of 10 ms frames."""

from __future__ import annotations

import numpy as np
import pytest

from coach.vad.frames import Bands, Levels
from tests.vad.made_sound import RATE, hops_of, room


def level_of(hertz: float) -> float:
    """What a sine of -20 dBFS reads as, once the meter has settled."""
    meter = Levels()
    tone = 10 ** (-20 / 20) * np.sqrt(2) * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)
    levels = np.concatenate([meter.hop(hop) for hop in hops_of(tone.astype(np.float32))])
    return float(levels[50:].mean())


def test_a_level_is_in_decibels_under_full_scale() -> None:
    assert level_of(1000.0) == pytest.approx(-20.0, abs=0.1)


def test_rumble_reads_well_below_a_voice() -> None:
    assert level_of(30.0) < level_of(1000.0) - 15
    assert level_of(50.0) < level_of(1000.0) - 8
    assert level_of(200.0) == pytest.approx(level_of(1000.0), abs=0.5)


def test_the_filter_is_the_same_from_hop_to_hop() -> None:
    """A running sum that is begun anew each hop would click at every seam."""
    meter = Levels()
    steady = np.full(4 * RATE, 0.5, np.float32)  # an offset, which no voice has
    levels = np.concatenate([meter.hop(hop) for hop in hops_of(steady)])
    assert levels[20:].max() < -95


def test_nothing_reads_as_silence() -> None:
    assert Levels().hop(np.zeros(320)).tolist() == [Levels.SILENCE] * 2


@pytest.mark.parametrize("bands", [12, 24])
def test_bands_come_one_row_a_frame_and_less_than_a_hop_late(bands: int) -> None:
    bank = Bands(bands)
    rows = [bank.hop(hop) for hop in hops_of(room(1.0))]
    assert {row.shape[1] for row in rows} == {bands}
    assert [len(row) for row in rows] == [1] + [2] * 49
