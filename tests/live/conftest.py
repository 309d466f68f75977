"""Live tests: each has a sound server of its own; the long run of the whole sample goes on behind all other tests.

It takes four minutes of real time and little of the machine, so it begins before the first test and is looked at after
the last. One processor is kept free for it: who listens in a room does not run a test suite beside.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # the tests of this folder share soundserver, listening and sounds

from evening import Evening
from soundserver import SoundServer

EVENING = pytest.StashKey[Evening]()


@pytest.fixture
def sound_server() -> Iterator[SoundServer]:
    with SoundServer() as server:
        yield server


def asks_for_evening(item: pytest.Item) -> bool:
    return "evening" in getattr(item, "fixturenames", ())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=asks_for_evening)


def pytest_collection_finish(session: pytest.Session) -> None:
    if any(map(asks_for_evening, session.items)) and not session.config.option.collectonly:
        session.config.stash[EVENING] = Evening()
        session.config.stash[EVENING].__enter__()
        _leave_a_processor()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if EVENING in session.config.stash:
        session.config.stash[EVENING].__exit__()


def _leave_a_processor() -> None:
    """Keep the tests, and all they start, off the last processor; elsewhere the evening, begun before, comes first."""
    if not hasattr(os, "sched_setaffinity"):
        return
    os.nice(10)
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) > 1:
        os.sched_setaffinity(0, processors[:-1])


@pytest.fixture(scope="session")
def evening(request: pytest.FixtureRequest) -> Evening:
    begun = request.config.stash[EVENING]
    begun.wait()
    return begun
