"""One conversation with mishaps: the microphone is unplugged and comes back, and at last the session is killed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from coach.core.resources import asset
from scripts.simulate.live.listening import Line, Listening, coach, exported
from scripts.simulate.live.sample import PEOPLE, ready
from scripts.simulate.live.soundserver import SoundServer
from tests.live.live_run import LiveRun, lost, played, seconds

PULLED_S = 34.0  # second of the sample; Ben is talking about his brother
AWAY_S = 5.0
BACK_S = 5.0  # the longest wait between two attempts to open a device
END_S = 70.0
KEPT_S = 1.0  # a killed session loses at most the last second
JOINED_S = 0.5  # what stretches of one person may share
LATE_S = 3.0  # how long after its end a stretch may be told: the networks hear once a second, and twice where unsure

pytestmark = pytest.mark.timeout(450)  # for three runs


class Mishaps(LiveRun):
    """`before` counts the stretches of speech until the microphone was unplugged; `killed` is the time of the end."""

    def __init__(self) -> None:
        super().__init__()
        self.before = 0
        self.away: Line | None = None
        self.gap: Line | None = None
        self.killed = 0.0
        self.review: subprocess.CompletedProcess[str] | None = None
        self.kept: dict[str, Any] = {}

    def listen(self, server: SoundServer) -> None:
        with Listening(server.env, *PEOPLE) as self.listening:
            ready(self.listening)
            playing = server.play(asset("sample.flac"), end_s=END_S)
            playing.wait_until(PULLED_S)
            self.before = len(self.listening.of_kind("speech"))
            server.unplug()
            playing.wait_until(PULLED_S + AWAY_S)
            self.away = self.listening.wait_for_line(
                "that it is lost", lambda x: x.kind == "device" and "lost" in x.details, 1
            )
            server.plug()
            self.gap = self.listening.wait_for_line("how much was not heard", lambda x: bool(lost([x])), BACK_S + 5)
            playing.wait_until(END_S)
            self.killed = self.listening.kill()
        self.review = coach(server.env, "review")
        self.kept = exported(server.env)


@pytest.fixture(scope="module")
def mishaps(rendered_cues: Path) -> Mishaps:
    return played(Mishaps, rendered_cues)


def test_an_unplugged_microphone_leaves_a_gap_and_the_session_goes_on(mishaps: Mishaps) -> None:
    assert mishaps.away is not None
    assert mishaps.gap is not None
    missing = seconds(mishaps.gap)
    lines = mishaps.lines()
    assert mishaps.before >= 4, mishaps.said()
    assert [line.at for line in lines] == sorted(line.at for line in lines), mishaps.said()
    assert mishaps.away.at < mishaps.gap.at
    assert AWAY_S - 0.5 < missing < AWAY_S + BACK_S + 1.0
    assert lost(lines) == [mishaps.gap]
    assert mishaps.kept["recording"]["duration_s"] > END_S - 2


def test_after_the_gap_the_clock_agrees_with_the_wall(mishaps: Mishaps) -> None:
    """If the clock jumped by the right amount, lines are equally late before and after the gap."""
    assert mishaps.gap is not None
    speech = [line for line in mishaps.lines() if line.kind == "speech"]
    before = sorted(line.came - line.at for line in speech if line.came < mishaps.gap.came)
    after = sorted(line.came - line.at for line in speech if line.came > mishaps.gap.came)
    assert len(after) >= 5, mishaps.said()
    assert before[len(before) // 2] == pytest.approx(after[len(after) // 2], abs=0.3)


def told_s(lines: list[Line], who: str) -> float:
    """How long this person spoke according to these lines, each of which may be rounded up by 0.05 s."""
    mine = [line.details.split() for line in lines]
    return sum(float(lasted) - 0.05 for name, lasted, _ in mine if name == who)


def test_a_killed_session_keeps_all_but_the_last_second(mishaps: Mishaps) -> None:
    """Stretches are compared by their sum: two that were told apart may be one in the analysis."""
    assert mishaps.review is not None
    assert mishaps.review.returncode == 0, mishaps.review.stderr
    speech = [line for line in mishaps.lines() if line.kind == "speech" and line.came < mishaps.killed - KEPT_S]
    assert len(speech) >= 4, mishaps.said()
    for who in PEOPLE:
        kept_s = sum(row["end_s"] - row["start_s"] for row in mishaps.kept["speech"] if row["who"] == who)
        assert told_s(speech, who) <= kept_s + JOINED_S, f"{who}\n{mishaps.said()}\n{mishaps.kept}"
    lasts = speech[-1]
    assert any(row["end_s"] > lasts.at - LATE_S for row in mishaps.kept["speech"]), f"{lasts}\n{mishaps.kept}"
