"""For all tests: their distribution over processes, what the networks heard, and skipped tests, failures in CI.

`scripts/test` runs several processes, each of which takes one file after another, the slowest first. A file is never
split, so that the shared data of its tests is made once.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial

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

# Live files take real time and half of the machine; the longest come first, two side by side.
LIVE_FILES = (
    "tests/live/test_live_sample.py",
    "tests/live/test_live_scenarios.py",
    "tests/live/test_live_page.py",
    "tests/live/test_live_mishaps.py",
    "tests/live/test_live_taking_back.py",
    "tests/live/test_live_soundserver.py",
)
# Files that take long, roughly the longest first: `--quick` leaves them out, and a process that began one of them last
# would keep all others waiting.
LONG_FILES = (
    "tests/web/test_web_browser.py",
    "tests/page/test_page_browser.py",
    "tests/web/test_web_home.py",
    "tests/cli/test_cli_voice_activity.py",
    "tests/web/test_web_table.py",
    "tests/test_sample_truth.py",
    "tests/runtime/test_runtime_sample.py",
    "tests/runtime/test_runtime_offline.py",
    "tests/runtime/test_runtime_session.py",
    "tests/coaching/test_coaching_scenarios.py",
    "tests/coaching/test_coaching_sounding.py",
    "tests/review/test_export_back.py",
    "tests/meaning/test_meaning_responses.py",
    "tests/runtime/test_runtime_echo.py",
    "tests/page/test_page_course.py",
    "tests/review/test_export_tiers.py",
    "tests/corpora/test_corpora_run.py",
    "tests/corpora/test_corpora_cluster.py",
    "tests/cli/test_cli_tracks.py",
    "tests/audio/test_audio_alignment.py",
    "tests/audio/test_audio_together.py",
    "tests/diarization/test_diarization_microphones.py",
    "tests/diarization/test_diarization_channels.py",
    "tests/test_wheel.py",
    "tests/meaning/test_meaning_depth.py",
    "tests/meaning/test_meaning_text.py",
    "tests/cli/test_cli_commands.py",
    "tests/cli/test_screen_app.py",
    "tests/cli/test_cli_errors.py",
    "tests/coaching/test_coaching_evenings.py",
    "tests/asr/test_asr_moonshine.py",
    "tests/audio/test_audio_residual_echo_gate.py",
    "tests/diarization/test_diarization_ear.py",
    "tests/vad/test_vad_activity.py",
    "tests/runtime/test_runtime_deciding.py",
    "tests/runtime/test_runtime_check_in.py",
    "tests/runtime/test_runtime_hush.py",
    "tests/runtime/test_runtime_loudness.py",
    "tests/runtime/test_runtime_language.py",
    "tests/runtime/test_runtime_build.py",
    "tests/audio/test_audio_echo_path.py",
    "tests/audio/test_audio_microphone.py",
    "tests/test_private.py",
    "tests/asr/test_asr_real_whisper.py",
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
    "tests/test_made_language.py",
    "tests/runtime/test_runtime_taking_back.py",
    "tests/web/test_web_session_page.py",
    "tests/web/test_web_live.py",
    "tests/web/test_web_settings.py",
    "tests/diarization/test_diarization_attribution.py",
    "tests/web/test_web_first_page.py",
    "tests/runtime/test_runtime_opening_language.py",
    "tests/conversation/test_conversation_properties.py",
    "tests/coaching/test_coaching_budget.py",
    "tests/conversation/test_conversation_tracker.py",
    "tests/test_scripts.py",
    "tests/coaching/test_coaching_rehearsal.py",
    "tests/cues/test_cues_tts.py",
    "tests/web/test_web_closing.py",
    "tests/cues/test_cues_sounds.py",
    "tests/cli/test_cli_called.py",
    "tests/diarization/test_diarization_tape.py",
    "tests/runtime/test_runtime_exercise.py",
    "tests/audio/test_audio_recording.py",
    "tests/diarization/test_diarization_crosstalk.py",
    "tests/runtime/test_runtime_asking_aloud.py",
    "tests/coaching/test_coaching_asking.py",
    "tests/conversation/test_conversation_speech_state.py",
    "tests/conversation/test_conversation_statistics.py",
    "tests/web/test_web_access.py",
    "tests/cues/test_cues_names.py",
    "tests/cues/test_cues_neural.py",
    "tests/audio/test_audio_odd_files.py",
    "tests/page/test_page_file.py",
    "tests/web/test_web_begin.py",
    "tests/page/test_page_german.py",
    "tests/cli/test_cli_printing.py",
    "tests/coaching/test_coaching_too_soon.py",
    "tests/audio/test_audio_resample.py",
    "tests/cli/test_cli_figures.py",
    "tests/core/test_core_messages.py",
    "tests/web/test_web_looking_back.py",
    "tests/vad/test_vad_edges.py",
    "tests/cues/test_cues_output.py",
    "tests/review/test_export_captions.py",
    "tests/review/test_export_schema.py",
    "tests/test_remembered_networks.py",
    "tests/sessions/test_sessions_forgetting.py",
    "tests/web/test_web_relabel.py",
    "tests/cues/test_cues_recordings.py",
    "tests/cues/test_cues_shipped.py",
    "tests/cli/test_cli_sample.py",
    "tests/cli/test_cli_segments.py",
    "tests/web/test_web_microphones.py",
    "tests/web/test_web_glance.py",
    "tests/review/test_export_anonymous.py",
    "tests/corpora/test_corpora_workers.py",
    "tests/audio/test_audio_source.py",
    "tests/audio/test_audio_devices.py",
    "tests/audio/test_audio_aec.py",
    "tests/coaching/test_coaching_turns_by_clock.py",
    "tests/cli/test_cli_export.py",
    "tests/asr/test_asr_cost.py",
    "tests/review/test_review_trends_page.py",
)


# A shell makes a program in the background deaf to Ctrl-C, and so all that this starts; tests press Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _networks_remember() -> Iterator[None]:
    """The networks that tell who speaks hear each sound once; `remembered_networks.afresh` goes around that."""
    from tests.remembered_networks import Memory, Remembering, database

    memory = Memory(database())
    with pytest.MonkeyPatch.context() as patch:
        for module in ("segmentation", "embedding"):
            patch.setattr(f"coach.diarization.{module}.load_network", partial(Remembering, memory))
        yield
    memory.close()


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
