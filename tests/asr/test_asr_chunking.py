"""Long audio is split at lulls without loss."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coach.asr.chunking import pieces
from coach.core.span import RATE


def test_sound_that_fits_is_not_cut() -> None:
    sound = np.ones(4 * RATE, dtype=np.float32)
    assert [len(piece) for piece in pieces(sound, 4 * RATE)] == [4 * RATE]


def test_the_cut_is_in_the_pause() -> None:
    sound = np.ones(6 * RATE, dtype=np.float32)
    sound[int(2.3 * RATE) : int(2.5 * RATE)] = 0.0
    first, second = pieces(sound, 4 * RATE)
    assert 2.3 * RATE < len(first) < 2.5 * RATE
    assert len(first) + len(second) == len(sound)


@given(st.integers(0, 9 * RATE), st.integers(RATE, 3 * RATE), st.integers(0, 99))
def test_the_pieces_joined_together_are_the_original_sound(length: int, longest: int, seed: int) -> None:
    sound = np.random.default_rng(seed).normal(0, 1, length).astype(np.float32)
    cut = list(pieces(sound, longest))
    assert max(map(len, cut)) <= longest
    assert np.array_equal(np.concatenate(cut), sound)
