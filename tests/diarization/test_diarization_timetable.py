"""The networks listen when they should, and it is known ahead."""

from __future__ import annotations

from copy import copy

from coach.core.span import HOP, RATE, Span
from coach.diarization import FEWER_WINDOWS
from coach.diarization.timetable import Timetable
from coach.vad import Began, Stopped


def times(timetable: Timetable, until: int = 4 * RATE) -> list[int]:
    """When the networks listen while somebody goes on speaking."""
    return [now for now in range(HOP, until + 1, HOP) if timetable.due(now, ()) is not None]


def test_the_networks_listen_once_a_second_and_twice_while_two_voices_are_heard() -> None:
    timetable = Timetable(onsets=False)
    assert times(timetable) == [n * RATE for n in (1, 2, 3, 4)]
    timetable.close = True
    assert times(timetable, 2 * RATE) == [RATE // 2, RATE, 3 * RATE // 2, 2 * RATE]
    timetable.relief = FEWER_WINDOWS
    assert times(timetable) == [2 * RATE, 4 * RATE]


def test_what_is_due_is_known_ahead() -> None:
    edges: list[list[Began | Stopped]] = [[] for _ in range(4 * RATE // HOP)]
    edges[20] = [Began(21 * HOP, 15 * HOP)]
    edges[110] = [Stopped(111 * HOP, Span(15 * HOP, 100 * HOP))]
    for close in (False, True):
        timetable = Timetable(onsets=True)
        timetable.close = close
        ahead = copy(timetable).ahead(0, edges)
        found = [(HOP * n, timetable.due(HOP * n, each)) for n, each in enumerate(edges, start=1)]
        expected = [(now, until) for now, until in found if until is not None]
        assert [(each.now, each.until) for each in ahead if close or not each.close] == expected
        assert [each.now / RATE for each in ahead if each.close] == [0.5, 1.5, 2.5, 3.5]
        assert len(expected) == (10 if close else 6)
