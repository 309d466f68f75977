"""Live tests: each has a sound server of its own, and the long runs go on behind the short tests.

The long runs are the whole sample and the scenes: four minutes of real time and little of the machine. They begin side
by side with the first live test, and the tests that look at them come last.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.simulate.live.soundserver import SoundServer
from tests.live.behind import Behind
from tests.live.evening import Evening
from tests.live.scenes import Scenes

LONG_RUNS = {"evening": Evening, "scenes": Scenes}  # by the fixture that waits for each


@pytest.fixture
def sound_server() -> Iterator[SoundServer]:
    with SoundServer() as server:
        yield server


def long_runs_of(item: pytest.Item) -> set[str]:
    return LONG_RUNS.keys() & set(getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within the live tests, those that look at a long run come last; all others stay where they are."""
    places = [place for place, item in enumerate(items) if item.get_closest_marker("live")]
    live = sorted((items[place] for place in places), key=lambda item: len(long_runs_of(item)))
    for place, item in zip(places, live, strict=True):
        items[place] = item


@pytest.fixture(scope="session", autouse=True)
def long_runs(request: pytest.FixtureRequest) -> Iterator[dict[str, Behind]]:
    """All long runs that some test of this session looks at, begun with the first live test."""
    wanted = sorted(set().union(*(long_runs_of(item) for item in request.session.items)))
    runs: dict[str, Behind] = {name: LONG_RUNS[name]() for name in wanted}
    for run in runs.values():
        run.begin()
    yield runs
    for run in runs.values():
        run.give_up()


@pytest.fixture(scope="session")
def evening(long_runs: dict[str, Behind]) -> Behind:
    return _over(long_runs["evening"])


@pytest.fixture(scope="session")
def scenes(long_runs: dict[str, Behind]) -> Behind:
    return _over(long_runs["scenes"])


def _over(run: Behind) -> Behind:
    run.wait()
    return run
