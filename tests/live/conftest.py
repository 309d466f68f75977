"""Live tests: each has a sound server of its own; the long runs go on behind all other tests.

They are the whole sample, and after it the scenes: seven minutes of real time and little of the machine. So they begin
before the first test and are looked at after the last. One processor is kept free for them: who listens in a room does
not run a test suite beside.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from scripts.simulate.live.soundserver import SoundServer
from tests.live.behind import Behind
from tests.live.evening import Evening
from tests.live.scenes import Scenes

LONG = ("evening", "scenes")  # fixtures, in the order in which they run
BEHIND = pytest.StashKey[dict[str, Behind]]()


@pytest.fixture
def sound_server() -> Iterator[SoundServer]:
    with SoundServer() as server:
        yield server


def place(item: pytest.Item) -> int:
    """0 for a test that asks for no long run, else the place of the one that it asks for."""
    return next((n for n, name in enumerate(LONG, 1) if name in getattr(item, "fixturenames", ())), 0)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=place)


def pytest_collection_finish(session: pytest.Session) -> None:
    asked = {place(item) for item in session.items}
    if session.config.option.collectonly or not asked - {0}:
        return
    evening = Evening() if 1 in asked else None
    runs: dict[str, Behind] = {"evening": evening} if evening else {}
    if 2 in asked:
        runs["scenes"] = Scenes(after=evening)
    for run in runs.values():
        run.begin()
    session.config.stash[BEHIND] = runs
    _leave_a_processor()


def pytest_sessionfinish(session: pytest.Session) -> None:
    for run in session.config.stash.get(BEHIND, {}).values():
        run.give_up()


def _leave_a_processor() -> None:
    """Keep the tests, and all they start, off the last processor; elsewhere the long runs, begun before, come first."""
    if not hasattr(os, "sched_setaffinity"):
        return
    os.nice(10)
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) > 1:
        os.sched_setaffinity(0, processors[:-1])


@pytest.fixture(scope="session")
def evening(request: pytest.FixtureRequest) -> Behind:
    return _over(request)


@pytest.fixture(scope="session")
def scenes(request: pytest.FixtureRequest) -> Behind:
    return _over(request)


def _over(request: pytest.FixtureRequest) -> Behind:
    run = request.config.stash[BEHIND][request.fixturename or ""]
    run.wait()
    return run
