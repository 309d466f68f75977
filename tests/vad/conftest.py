"""Tests of voice activity share `made_sound`, and something that each of the sample's two people says."""

from __future__ import annotations

import numpy as np
import pytest

from tests.vad.made_sound import ANA_ALONE, BEN_ALONE, loud_part


@pytest.fixture(scope="session")
def ana() -> np.ndarray:
    """Some seconds of hers, loud from beginning to end."""
    return loud_part(*ANA_ALONE, at_least=2.5)


@pytest.fixture(scope="session")
def ben() -> np.ndarray:
    """The same of his."""
    return loud_part(*BEN_ALONE, at_least=2.5)
