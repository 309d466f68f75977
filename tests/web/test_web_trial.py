"""Trying a microphone: five seconds, a level in each fifth, and what to say of it. Nothing stays open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from coach.audio import Block, Waiting
from coach.core.events import Event
from coach.core.span import RATE
from coach.web.trial import heard, verdict
from tests.runtime.staged import Stage, blocks


def hum(dbfs: float, seconds: float) -> np.ndarray:
    wave = np.sin(2 * np.pi * 200 * np.arange(round(seconds * RATE)) / RATE)
    return (wave * np.sqrt(2) * 10 ** (dbfs / 20)).astype(np.float32)


@pytest.mark.parametrize(
    ("dbfs", "says"), [(-80.0, "silent"), (-50.0, "soft"), (-25.0, "good"), (-3.0, "loud"), (-70.0, "silent")]
)
def test_the_verdict_follows_the_loudest_moment(dbfs, says):
    sound = np.concatenate([hum(-90.0, 2.0), hum(dbfs + 0.5, 0.6), hum(-90.0, 3.0)])
    stage = Stage(blocks(sound))
    told = list(heard(stage))
    assert told[-1] == {"verdict": says}
    assert len(told) == 26
    assert all(0 <= each["level"] <= 1 for each in told[:-1])
    assert stage.closed


def test_a_microphone_that_gives_nothing_is_silent_after_five_seconds():
    def nothing() -> Iterator[Block | Event]:
        while True:
            yield Waiting(at=0)

    stage = Stage(nothing())
    assert list(heard(stage)) == [{"verdict": "silent"}]
    assert stage.closed


def test_who_leaves_the_page_closes_the_microphone():
    stage = Stage(blocks(hum(-20.0, 5.0)))
    levels = heard(stage)
    assert next(levels)["level"] > 0.5
    levels.close()  # type: ignore[attr-defined]
    assert stage.closed


def test_each_verdict_has_its_range():
    assert [verdict(dbfs) for dbfs in (-120, -50, -20, -1)] == ["silent", "soft", "good", "loud"]
