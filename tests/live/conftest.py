"""Live tests: each has its own sound server, or inspects a long run that is shared within its file.

The files are independent of each other, so that several processes can run them in parallel. Wordings without a name
ship as recordings; all sessions share the few renderings of lines that name the sample's people.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.coaching import Catalogue
from coach.cues.sounds import CueSounds
from scripts.simulate.live.soundserver import SoundServer


@pytest.fixture(scope="session")
def rendered_cues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the lines that name Ana and Ben, which the processes of this run render before they listen."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cues"
    catalogue = Catalogue.load()
    sounds = CueSounds(folder, catalogue)
    for kind in ("checkin_ask", "checkin_more", "checkin_again"):
        for name in ("Ana", "Ben"):
            sounds.ready(kind, catalogue.line(kind, name=name))
    return folder


@pytest.fixture
def sound_server(rendered_cues: Path) -> Iterator[SoundServer]:
    with SoundServer(rendered_cues) as server:
        yield server
