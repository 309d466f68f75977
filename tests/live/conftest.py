"""Live tests: each has its own sound server, or inspects a long run that is shared within its file.

The files are independent of each other, so that several processes can run them in parallel.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.simulate.live.soundserver import SoundServer


@pytest.fixture
def sound_server() -> Iterator[SoundServer]:
    with SoundServer() as server:
        yield server
