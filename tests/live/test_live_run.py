"""A live run on a busy machine is repeated once; sound that is lost for any other reason fails at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.runtime.session import LEFT_OUT
from scripts.simulate.live.listening import Line
from tests.live.live_run import LiveRun, played

LATE = Line(came=0.0, at=37.0, kind="gap", details=f"0.7 s not heard ({LEFT_OUT})")
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
    broken = Told([LOST])
    assert run(tmp_path, broken, again) == (broken, 1)


def test_the_second_run_counts_whatever_it_is_like(tmp_path: Path) -> None:
    second = Told([LATE, LATE])
    assert run(tmp_path, Told([LATE]), second, Told([])) == (second, 2)


@pytest.mark.parametrize("session", [Told([LOST]), Told([], dropped=1), Told([LATE, LATE])])
def test_lost_sound_and_much_late_hearing_fail(session: Told) -> None:
    session.play(Path())
    with pytest.raises(AssertionError):
        session.assert_heard()


@pytest.mark.parametrize("session", [Told([]), Told([LATE])])
def test_a_moment_of_late_hearing_does_not_fail(session: Told) -> None:
    session.play(Path())
    session.assert_heard()
