"""A live run on a busy machine is repeated; sound that is lost for any other reason fails at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.core.messages import Message
from coach.diarization import FEWER_WINDOWS
from coach.runtime.relief import TOLD
from coach.runtime.session import LEFT_OUT
from scripts.simulate.live.listening import Line, Listening, NotInTime
from tests.live.live_run import RUNS, LiveRun, played

LATE = Line(came=0.0, at=37.0, kind="gap", details=f"0.7 s not heard ({Message(LEFT_OUT)})")
RELIEVED = Line(came=0.0, at=37.0, kind="notice", details=Message(TOLD[FEWER_WINDOWS]))
WORDLESS = Line(
    came=0.0, at=37.0, kind="cue", details="held back: over for Ben (words-late: the words were not recognised in time)"
)
LOST = Line(came=0.0, at=37.0, kind="gap", details="0.7 s not heard (the microphone was away)")


class Told(LiveRun):
    """A session of a hundred seconds in which the coach reports the given gaps."""

    def __init__(self, gaps: list[Line], dropped: int = 0) -> None:
        super().__init__()
        self._gaps, self._dropped = gaps, dropped

    def play(self, cues: Path) -> None:
        self.played_s, self.dropped = 100.0, self._dropped

    def lines(self) -> list[Line]:
        return self._gaps

    def said(self) -> str:
        return ""


def run(tmp_path: Path, *sessions: Told) -> tuple[Told, int]:
    """The session that counts, and how many were played."""
    left: Iterator[Told] = iter(sessions)
    counts = played(lambda: next(left), tmp_path)
    return counts, len(sessions) - len(list(left))


def test_only_a_run_that_was_late_is_played_again(tmp_path: Path) -> None:
    fine, again = Told([]), Told([])
    assert run(tmp_path, fine, again) == (fine, 1)
    assert run(tmp_path, Told([LATE]), again) == (again, 2)
    assert run(tmp_path, Told([RELIEVED]), again) == (again, 2)
    assert run(tmp_path, Told([WORDLESS]), Told([LATE]), again) == (again, 3)
    broken = Told([LOST])
    assert run(tmp_path, broken, again) == (broken, 1)


def test_the_last_run_counts_whatever_it_is_like(tmp_path: Path) -> None:
    last = Told([LATE, LATE])
    assert run(tmp_path, *(Told([LATE]) for _ in range(RUNS - 1)), last, Told([])) == (last, RUNS)


@pytest.mark.parametrize("session", [Told([LOST]), Told([], dropped=1), Told([LATE, LATE])])
def test_lost_sound_and_much_late_hearing_fail(session: Told) -> None:
    session.play(Path())
    with pytest.raises(AssertionError):
        session.assert_heard()


@pytest.mark.parametrize("session", [Told([]), Told([LATE])])
def test_a_moment_of_late_hearing_does_not_fail(session: Told) -> None:
    session.play(Path())
    session.assert_heard()


def fails_after(line: Line) -> None:
    with Listening(os.environ, "--help") as listening:
        listening.lines.append(line)
        raise AssertionError("the cue did not sound")


@pytest.mark.parametrize(
    ("line", "error"), [(LATE, NotInTime), (RELIEVED, NotInTime), (WORDLESS, NotInTime), (LOST, AssertionError)]
)
def test_only_a_test_that_fails_on_a_busy_machine_is_run_again(line: Line, error: type[AssertionError]) -> None:
    with pytest.raises(AssertionError) as failed:
        fails_after(line)
    assert failed.type is error
