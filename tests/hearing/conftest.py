"""Hearing tests share `made_sound`, and the voices of the sample's two people: something they say, and as learnt."""

from __future__ import annotations

import numpy as np
import pytest

from coach.hearing.voices import Voice, learn_voice
from tests.hearing.made_sound import ANA_ALONE, ANA_SAYS, BEN_ALONE, BEN_SAYS, colours_of, loud_part


@pytest.fixture(scope="session")
def voices() -> dict[str, Voice]:
    """Ana and Ben, from their check-in sentences."""
    return {"Ana": learn_voice(colours_of(*ANA_SAYS)), "Ben": learn_voice(colours_of(*BEN_SAYS))}


@pytest.fixture(scope="session")
def ana() -> np.ndarray:
    """Some seconds of hers, loud from beginning to end."""
    return loud_part(*ANA_ALONE, at_least=2.5)


@pytest.fixture(scope="session")
def ben() -> np.ndarray:
    """The same of his."""
    return loud_part(*BEN_ALONE, at_least=2.5)
