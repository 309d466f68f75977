"""Live tests: each has a sound server of its own, or looks at a long run that its file shares.

The files are independent of each other, so that several processes can play them side by side.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.simulate.live.soundserver import SoundServer


@pytest.fixture
def sound_server() -> Iterator[SoundServer]:
    with SoundServer() as server:
        yield server
