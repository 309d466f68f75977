"""How reasons are put into words on the screens."""

from __future__ import annotations

import pytest

from coach.coaching import GATE_SENTENCES
from coach.review.wording import held_back, spoken


@pytest.mark.parametrize("reason", GATE_SENTENCES)
def test_no_screen_shows_the_id_of_a_gate_that_people_would_not_understand(reason: str):
    understood = {"switched-off", "too-late"}
    assert (held_back(reason) == spoken(reason)) == (reason in understood)
