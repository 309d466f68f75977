"""How reasons are put into words on the screens."""

from __future__ import annotations

import pytest

from coach.coaching import GATE_SENTENCES
from coach.review.wording import held_back, spoken


@pytest.mark.parametrize("reason", GATE_SENTENCES)
def test_no_screen_shows_the_raw_id_of_a_gate(reason: str):
    understood = {"switched-off", "too-late"}
    assert (held_back(reason) == spoken(reason)) == (reason in understood)
