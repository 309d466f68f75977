"""Offsets beside scikit-talk's: what is equal, and why only one side has an offset. Their offsets are given by hand."""

from __future__ import annotations

import pytest

from coach.core.events import Speech
from coach.core.span import Span, as_samples
from scripts.bench.scikit_talk import Talk, Turn, compared, talk


def said(who: str, start: float, end: float) -> Speech:
    return Speech(at=as_samples(end), who=who, span=Span.seconds(start, end), confidence=1.0)


def alone(*turns: Turn, ours: int | None, theirs: int | None, asides: tuple[Turn, ...] = ()) -> dict[str, int]:
    """Why only one side has an offset of the last turn; neither side has one of the turns before it."""
    before: list[int | None] = [None] * (len(turns) - 1)
    found = compared([Talk(list(turns), [*before, ours], list(asides))], [[*before, theirs]])
    assert found["fto"]["n"] == 0
    return dict(found["only_one_side"])


def test_a_talk_has_its_turns_in_milliseconds_and_an_offset_where_the_floor_went_over():
    found = talk([said("Ana", 1, 7), said("Ben", 7.5, 12), said("Ana", 11.7, 18)])
    assert found == Talk([("Ana", 1000, 7000), ("Ben", 7500, 12000), ("Ana", 11700, 18000)], [None, 500, -300], [])


def test_a_backchannel_is_no_turn_but_an_aside():
    found = talk([said("Ana", 1, 9), said("Ben", 4, 4.4), said("Ben", 9.5, 15)])
    assert found.asides == [("Ben", 4000, 4400)]
    assert found.ours == [None, 500]


def test_offsets_of_both_sides_are_compared_and_a_gap_is_an_offset_of_zero_or_more():
    turns = [("Ana", 0, 5000), ("Ben", 5500, 9000), ("Ana", 8800, 12000)]
    found = compared([Talk(turns, [None, 500, -200], [])], [[None, 501, -200]])
    assert found["fto"] == {"n": 2, "median_ms": 150, "their_median_ms": 150.5, "largest_difference_ms": 1}
    assert found["gaps"] == {"n": 1, "median_ms": 500, "their_median_ms": 501, "largest_difference_ms": 1}
    assert found["only_one_side"] == {}


def test_only_the_coach_has_an_offset_after_a_long_silence():
    turns = ("Ana", 0, 5000), ("Ben", 15_001, 20_000)
    assert alone(*turns, ours=10_001, theirs=None) == {"ours: after more than 10 s of silence": 1}


@pytest.mark.parametrize(
    ("stopped", "why"),
    [(10_000, "ours: a third person stopped exactly 10 s before"), (9_999, "ours: not explained")],
)
def test_a_third_person_who_stopped_exactly_10_s_before_is_near_only_for_scikit_talk(stopped: int, why: str):
    turns = ("Ben", 4000, stopped), ("Cleo", 13_000, 19_900), ("Ana", 20_000, 27_000)
    assert alone(*turns, ours=100, theirs=None) == {why: 1}


def test_the_coach_does_not_count_a_third_person_who_stopped_exactly_10_s_before():
    ended = said("Ben", 4, 10)
    assert talk([ended, said("Cleo", 13, 19.9), said("Ana", 20, 27)]).ours[-1] == 100
    later = said("Ben", 4, 10.001)
    assert talk([later, said("Cleo", 13, 19.9), said("Ana", 20, 27)]).ours[-1] is None


def test_only_scikit_talk_has_an_offset_where_a_third_person_gave_a_backchannel():
    turns = ("Ana", 0, 9000), ("Ben", 9500, 15_000)
    why = {"theirs: a third person gave a backchannel in the 10 s before": 1}
    assert alone(*turns, ours=None, theirs=500, asides=(("Cleo", 4000, 4400),)) == why
