"""The cost of a speaker change, by the time since the last change."""

from __future__ import annotations

import numpy as np
import pytest

from coach.hearing.costs import OPENING, PAUSE, REST, Costs

ANA, BEN, BOTH = range(3)
STATES = [("Ana",), ("Ben",), ("Ana", "Ben")]


def after(*stretches: tuple[bool, int]) -> np.ndarray:
    """The costs at the last frame of stretches of speech and of silence."""
    costs = Costs(STATES)
    found = np.zeros(0)
    for speech, frames in stretches:
        for _ in range(frames):
            found = costs.step(speech)
    return found


RUNNING = after((True, OPENING + 1))


@pytest.mark.parametrize("speech", [True, False])
def test_to_stay_is_free(speech: bool) -> None:
    assert not after((True, 200), (speech, 100)).diagonal().any()


def test_people_change_more_easily_between_words_and_most_easily_after_a_rest() -> None:
    running, pause, rest = (
        found[ANA, BEN] for found in (RUNNING, after((True, 100), (False, REST - 1)), after((True, 100), (False, REST)))
    )
    assert rest < pause < running


def test_nobody_joins_a_silence() -> None:
    for silence in (1, REST):
        found = after((True, 100), (False, silence))
        assert found[ANA, BOTH] > RUNNING[ANA, BOTH]
        assert found[ANA, BOTH] > found[ANA, BEN]


def test_a_voice_that_has_just_opened_is_not_joined_at_once() -> None:
    for spoken, dearer in ((1, True), (OPENING, True), (OPENING + 1, False)):
        found = after((True, 100), (False, PAUSE), (True, spoken))
        assert (found[ANA, BOTH] > RUNNING[ANA, BOTH]) == dearer
        assert found[ANA, BEN] == RUNNING[ANA, BEN]


def test_a_silence_inside_a_word_opens_no_voice() -> None:
    assert (after((True, 100), (False, PAUSE - 1), (True, 1)) == RUNNING).all()
