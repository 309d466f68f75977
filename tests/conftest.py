"""For all tests: their distribution over processes, and skipped tests, which count as failures in CI.

`scripts/test` runs several processes, each of which takes one file after another, the slowest first. A file is never
split, so that the shared data of its tests is made once.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from coach.cli.main import ONE_THREAD

# As in `coach` itself, and before numpy is imported: on a busy machine two threads mostly wait for each other, and a
# small matrix product takes twenty times as long.
for _name in ONE_THREAD:
    os.environ.setdefault(_name, "1")

# A time limit per example would test the machine: a busy one takes longer than Hypothesis allows.
settings.register_profile("any machine", deadline=None)
LONG = "long"  # minutes for each test, for a search that somebody starts: pytest --hypothesis-profile long FILE
settings.register_profile(LONG, deadline=None, max_examples=10_000)
settings.load_profile("any machine")

# Live files take real time and little of the machine; the longest come first, side by side.
LIVE_FILES = (
    "tests/live/test_live_sample.py",
    "tests/live/test_live_scenarios.py",
    "tests/live/test_live_endings.py",
    "tests/live/test_live_microphone.py",
    "tests/live/test_live_soundserver.py",
)
# Files that take long, the longest first: `--quick` leaves them out, and a process that began one of them last would
# keep all others waiting.
LONG_FILES = (
    "tests/page/test_page_browser.py",
    "tests/test_sample_truth.py",
    "tests/runtime/test_runtime_sample.py",
    "tests/runtime/test_runtime_offline.py",
    "tests/runtime/test_runtime_session.py",
    "tests/coaching/test_coaching_scenarios.py",
    "tests/coaching/test_coaching_sounding.py",
    "tests/review/test_export_back.py",
    "tests/meaning/test_meaning_responses.py",
    "tests/hearing/test_hearing_unknown.py",
    "tests/runtime/test_runtime_echo.py",
    "tests/page/test_page_course.py",
    "tests/review/test_export_tiers.py",
    "tests/hearing/test_hearing_channels.py",
    "tests/test_wheel.py",
    "tests/meaning/test_meaning_depth.py",
    "tests/meaning/test_meaning_text.py",
    "tests/cli/test_cli_commands.py",
    "tests/cli/test_screen_app.py",
    "tests/cli/test_cli_errors.py",
    "tests/coaching/test_coaching_evenings.py",
    "tests/asr/test_asr_moonshine.py",
    "tests/audio/test_audio_residual_echo_gate.py",
    "tests/hearing/test_hearing_ear.py",
    "tests/hearing/test_hearing_attribution.py",
    "tests/hearing/test_hearing_activity.py",
    "tests/runtime/test_runtime_deciding.py",
    "tests/runtime/test_runtime_check_in.py",
    "tests/runtime/test_runtime_hush.py",
    "tests/runtime/test_runtime_loudness.py",
    "tests/runtime/test_runtime_language.py",
    "tests/runtime/test_runtime_build.py",
    "tests/audio/test_audio_echo_path.py",
    "tests/audio/test_audio_microphone.py",
    "tests/test_private.py",
    "tests/asr/test_asr_models.py",
    "tests/asr/test_asr_choose.py",
    "tests/asr/test_asr_whisper.py",
    "tests/cli/test_cli_sessions.py",
    "tests/cli/test_cli_lookback.py",
    "tests/cli/test_cli_cues.py",
    "tests/cli/test_cli_rehearse.py",
    "tests/cli/test_cli_screen.py",
    "tests/cli/test_cli_jobs.py",
    "tests/cli/test_cli_help.py",
    "tests/page/test_page_contents.py",
    "tests/sessions/test_sessions_recorder.py",
    "tests/sessions/test_sessions_backup.py",
    "tests/meaning/test_meaning_non_personal.py",
    "tests/meaning/test_meaning_training.py",
)


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    order = (*LIVE_FILES, *LONG_FILES)
    if gone := [name for name in order if not (config.rootpath / name).is_file()]:
        raise pytest.UsageError(f"the order of the tests names files that are not there: {', '.join(gone)}")
    places = {name: place for place, name in enumerate(order)}
    for item in items:
        if _file(item) in LONG_FILES:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: places.get(_file(item), len(places)))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") and skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        for report in skipped:
            reporter.write_line(f"skipped, which counts as a failure here: {report.nodeid}")
