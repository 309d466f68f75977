"""The audio buffer, cut into the recogniser's input."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coach.audio.source import Block
from coach.core.span import HOP, Span
from coach.runtime.pipeline import CONFIG, Memory

BLOCKS = 12
LOST = 5  # the block that is missing


def remembered(channels: int, columns: dict[str, int] | None = None) -> Memory:
    """Twelve hops, one missing; the value of a sample is its position plus 100,000 times its channel."""
    memory = Memory(columns)
    for n in range(BLOCKS):
        if n != LOST:
            count = np.arange(n * HOP, (n + 1) * HOP, dtype=np.float32)[:, None]
            memory.keep(Block(n * HOP, count + 100_000 * np.arange(channels, dtype=np.float32)))
    return memory


@given(start=st.integers(0, BLOCKS * HOP), length=st.integers(0, BLOCKS * HOP))
def test_a_span_is_cut_to_the_sample_without_lost_sound(start: int, length: int) -> None:
    heard = [n for n in range(start, min(start + length, BLOCKS * HOP)) if n // HOP != LOST]
    assert remembered(1).cut("Ana", Span(start, start + length)).tolist() == heard


def test_a_person_with_a_channel_is_cut_from_it_and_others_from_the_mean() -> None:
    memory = remembered(2, {"Ana": 1})
    assert memory.cut("Ana", Span(400, 402)).tolist() == [100_400, 100_401]
    assert memory.cut("Ben", Span(400, 402)).tolist() == [50_400, 50_401]


def test_old_sound_is_dropped() -> None:
    memory = Memory(None)
    for start in range(0, CONFIG.kept + 10 * HOP, HOP):
        memory.keep(Block(start, np.ones((HOP, 1), np.float32)))
    assert len(memory.cut("Ana", Span(0, CONFIG.kept))) == CONFIG.kept - 9 * HOP
