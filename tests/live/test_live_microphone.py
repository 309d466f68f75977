"""The microphone is unplugged during a conversation and comes back."""

from __future__ import annotations

import pytest

from coach.core.resources import asset
from scripts.simulate.live.listening import Line, Listening, exported
from scripts.simulate.live.sample import PEOPLE, ready
from scripts.simulate.live.soundserver import SoundServer
from tests.live.live_run import lost, seconds

PULLED_S = 34.0  # second of the sample; Ben is talking about his brother
AWAY_S = 5.0
BACK_S = 5.0  # the longest wait between two attempts to open a device
END_S = 68.0

pytestmark = pytest.mark.timeout(240)


def test_an_unplugged_microphone_leaves_a_gap_and_the_session_goes_on(sound_server: SoundServer) -> None:
    with Listening(sound_server.env, *PEOPLE) as listening:
        ready(listening)
        playing = sound_server.play(asset("sample.flac"), end_s=END_S)
        playing.wait_until(PULLED_S)
        before = len(listening.of_kind("speech"))
        sound_server.unplug()
        playing.wait_until(PULLED_S + AWAY_S)
        away = listening.wait_for_line("that it is lost", lambda x: x.kind == "device" and "lost" in x.details, 1)
        sound_server.plug()
        gap = listening.wait_for_line("how much was not heard", lambda x: bool(lost([x])), BACK_S + 5)
        playing.wait_until(END_S)
        assert listening.interrupt() == 0, listening.said()
    missing = seconds(gap)
    assert before >= 4, listening.said()
    assert [line.at for line in listening.lines] == sorted(line.at for line in listening.lines), listening.said()
    assert away.at < gap.at
    assert AWAY_S - 0.5 < missing < AWAY_S + BACK_S + 1.0
    assert lost(listening.lines) == [gap]
    assert_clock_agrees_with_the_wall(listening, gap)
    assert exported(sound_server.env)["recording"]["duration_s"] > END_S - 2


def assert_clock_agrees_with_the_wall(listening: Listening, gap: Line) -> None:
    """If the clock jumped by the right amount, lines are equally late before and after the gap."""
    speech = listening.of_kind("speech")
    before = sorted(line.came - line.at for line in speech if line.came < gap.came)
    after = sorted(line.came - line.at for line in speech if line.came > gap.came)
    assert len(after) >= 5, listening.said()
    assert before[len(before) // 2] == pytest.approx(after[len(after) // 2], abs=0.3)
