"""Live tests: each has its own sound server, or inspects a long run that is shared within its file.

The files are independent of each other, so that several processes can run them in parallel. All sessions share the
rendered cues: while a session renders them, it keeps half of the machine busy for a minute.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.coaching import Catalogue
from coach.cues.sounds import CueSounds
from scripts.simulate.live.soundserver import SoundServer


@pytest.fixture(scope="session")
def rendered_cues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all spoken cues, which the processes of this run render together before they listen."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cues"
    catalogue = Catalogue.load()
    sounds, spoken = CueSounds(folder, catalogue), list(catalogue.spoken())
    for kind, text in random.sample(spoken, len(spoken)):  # in any order, so that each process renders others
        sounds.ready(kind, text)
    return folder


@pytest.fixture
def sound_server(rendered_cues: Path) -> Iterator[SoundServer]:
    with SoundServer(rendered_cues) as server:
        yield server
