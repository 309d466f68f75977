"""The level of a room without speech."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.vad.frames import FRAMES_A_SECOND
from coach.vad.noise_floor import Floors, NoiseFloor


def fed(floor: NoiseFloor, level: float, seconds_: float) -> float:
    for _ in range(round(seconds_ * FRAMES_A_SECOND)):
        floor.frame(level)
    return floor.level


def test_the_floor_is_a_quiet_room_until_something_was_heard() -> None:
    assert -65 <= NoiseFloor().level <= -55
    assert fed(NoiseFloor(), -45.0, 0.2) == NoiseFloor().level


def test_the_floor_follows_a_quieter_room_within_a_quarter_second() -> None:
    assert fed(NoiseFloor(), -75.0, 0.3) == pytest.approx(-75.0)


def test_the_floor_forgets_a_quieter_room_after_six_seconds() -> None:
    floor = NoiseFloor()
    fed(floor, -75.0, 1.0)
    assert fed(floor, -50.0, 5.0) == pytest.approx(-75.0)
    assert fed(floor, -50.0, 2.0) == pytest.approx(-50.0)


def test_a_voice_that_breathes_now_and_then_does_not_raise_the_floor() -> None:
    floor = NoiseFloor()
    for _ in range(10):
        fed(floor, -25.0, 3.0)
        fed(floor, -60.0, 0.5)
    assert floor.level == pytest.approx(-60.0)


def test_one_frame_of_nothing_does_not_pull_the_floor_down() -> None:
    floor = NoiseFloor()
    fed(floor, -50.0, 7.0)
    floor.frame(-100.0)
    assert fed(floor, -50.0, 1.0) >= -55.0


def test_several_floors_are_each_the_one_of_their_own_level() -> None:
    """A hum that begins raises the floor of its own band, and no other."""
    floors, hummed, quiet = Floors(), NoiseFloor(), NoiseFloor()
    rng = np.random.default_rng(1)
    for n in range(12 * FRAMES_A_SECOND):
        hiss, hum = rng.normal(-60.0, 3.0), rng.normal(-60.0 if n < 300 else -30.0, 3.0)
        (row,) = floors.frames(np.array([[hiss, hum]]))
        quiet.frame(hiss)
        hummed.frame(hum)
    assert row == pytest.approx([quiet.level, hummed.level])
    assert row[0] < -58 < -35 < row[1]


def test_before_a_quarter_second_is_over_the_quietest_frame_is_the_floor() -> None:
    floors = Floors()
    assert floors.frames(np.array([[-40.0], [-50.0], [-45.0]])).tolist() == [[-40.0], [-50.0], [-50.0]]
    assert floors.frames(np.array([[-48.0], [-51.0]])).tolist() == [[-50.0], [-51.0]]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_how_many_rows_come_at_once_changes_no_floor(sizes: list[int]) -> None:
    rows = np.random.default_rng(2).normal(-60.0, 3.0, (sum(sizes), 2))
    one_by_one, at_once = Floors(), Floors()
    alone = [floor for row in rows for floor in one_by_one.frames(row[None]).tolist()]
    assert [floor for part in np.split(rows, np.cumsum(sizes)[:-1]) for floor in at_once.frames(part).tolist()] == alone
