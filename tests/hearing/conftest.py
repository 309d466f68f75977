"""Hearing tests share `made_sound`, and the voices of the sample's two people, learnt once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from made_sound import ANA_SAYS, BEN_SAYS, colours_of

from coach.hearing.voices import Voice, learn


@pytest.fixture(scope="session")
def voices() -> dict[str, Voice]:
    """Ana and Ben, from their check-in sentences."""
    return {"Ana": learn(colours_of(*ANA_SAYS)), "Ben": learn(colours_of(*BEN_SAYS))}
