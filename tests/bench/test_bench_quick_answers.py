"""The made talk of quick answers has the transfers that the live bench counts, and no other."""

from __future__ import annotations

import numpy as np

from coach.conversation import converse
from scripts.simulate.live.quick_answers import FTO_S, quick_answers

ANSWERS = 2 * len(FTO_S)


def test_every_transfer_is_an_answer_that_comes_too_soon_and_every_mm_hm_is_a_backchannel() -> None:
    talk = converse(quick_answers(ANSWERS).speech)
    assert len(talk.transfers) == ANSWERS
    assert all(taken.too_soon for taken in talk.transfers)
    assert [turn.kind for turn in talk.turns].count("backchannel") == ANSWERS


def test_the_sound_is_loud_where_somebody_speaks() -> None:
    talk = quick_answers(4)
    quietest = min(float(np.abs(talk.sound[unit.span.start : unit.span.end]).max()) for unit in talk.speech)
    assert quietest > 0.05
