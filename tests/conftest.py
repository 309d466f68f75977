"""For all tests: how they are spread over processes, and that a skipped test counts as failed where CI runs them.

`scripts/test` runs three processes. One begins with the live tests, which take real time and little of the machine; the
others take one file after another, the slowest first, and give way to it. A file is never split, so that what its
tests share is made once.
"""

from __future__ import annotations

import os

import pytest

from coach.cli.main import ONE_THREAD

# As `coach` itself does, and before numpy is imported: on a busy machine two threads mostly wait for each other, and a
# small matrix product takes twenty times as long.
for _name in ONE_THREAD:
    os.environ.setdefault(_name, "1")

# Files that take long, the longest first: a process that begins one of them last would keep all the others waiting.
LONG_FILES: tuple[str, ...] = ()
LIVE = "live"
NICE = 10  # how far tests that can wait give way to those that play sound in real time


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONG_FILES)}
    for item in items:
        group = LIVE if item.get_closest_marker("live") else _file(item)
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: -1 if item.get_closest_marker("live") else places.get(_file(item), len(places)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a process that has other tests to run give way, as long as there are live ones in another."""
    if item.get_closest_marker("live") is None and "PYTEST_XDIST_WORKER" in os.environ and os.nice(0) < NICE:
        os.nice(NICE)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") and skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        for report in skipped:
            reporter.write_line(f"skipped, which counts as a failure here: {report.nodeid}")
