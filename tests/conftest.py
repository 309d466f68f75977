"""For all tests: where CI runs them, a test that is skipped has failed, for CI installs all that they need."""

from __future__ import annotations

import os

import pytest

from coach.cli.main import ONE_THREAD

# As `coach` itself does, and before numpy is imported: on a busy machine two threads mostly wait for each other, and a
# small matrix product takes twenty times as long.
for _name in ONE_THREAD:
    os.environ.setdefault(_name, "1")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") and skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        for report in skipped:
            reporter.write_line(f"skipped, which counts as a failure here: {report.nodeid}")
