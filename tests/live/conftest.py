"""Live tests: each has a sound server of its own; the long run of the whole sample goes on behind the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # the tests of this folder share soundserver, listening and sounds

from evening import Evening
from soundserver import SoundServer


@pytest.fixture
def sound_server() -> Iterator[SoundServer]:
    with SoundServer() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def _evening_behind(request: pytest.FixtureRequest) -> Iterator[Evening | None]:
    """Starts the whole sample, which takes four minutes, before the first live test, if any test asks for it."""
    if not any("evening" in getattr(item, "fixturenames", ()) for item in request.session.items):
        yield None
        return
    with Evening() as evening:
        yield evening


@pytest.fixture(scope="session")
def evening(_evening_behind: Evening) -> Evening:
    _evening_behind.wait()
    return _evening_behind
