"""The made talk of quick answers has the transfers that the live bench counts, and no other."""

from __future__ import annotations

import numpy as np
import pytest

from coach.conversation import converse
from scripts.simulate.live.quick_answers import ANSWERS as SAID
from scripts.simulate.live.quick_answers import BACKCHANNELS, FTO_S, SHARES, Piece, quick_answers
from tests.runtime.staged import truth

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


@pytest.mark.parametrize("who", ["Ana", "Ben"])
def test_in_each_piece_of_the_sample_its_person_speaks_and_nobody_else(who: str) -> None:
    shares = [half for halves in SHARES[who] for half in halves]
    for piece in (*shares, *SAID[who], *BACKCHANNELS[who]):
        assert _heard(piece) == {who}, piece


def _heard(piece: Piece) -> set[str]:
    """Who speaks in this piece of the sample for more than a moment."""
    start, end = piece
    return {r["speaker"] for r in truth()["speech"] if min(end, r["end_s"]) - max(start, r["start_s"]) > 0.05}
