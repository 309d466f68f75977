"""The target breath: fixed, or growing with the answers to a share."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from coach.conversation import Breath, Conversation, Ipu, converse, timing_of
from coach.conversation.timing import Growth
from coach.core.events import FloorTaken, Speech, SpeechOn
from coach.core.span import HOP, Span, as_samples, as_seconds
from tests.conversation.live import Live

GROWTH = Growth()
seconds = st.floats(-3.0, 6.0)


def targets(answers: Iterable[float], most: float = 2.0, grows: bool = True) -> list[float]:
    """The target in seconds at first, and after each answer with this FTO in seconds."""
    timing = timing_of(most, grows)
    breath = Breath.at_first(timing)
    out = [as_seconds(breath.target)]
    for answer in answers:
        breath = breath.after(as_samples(answer), timing)
        out.append(as_seconds(breath.target))
    return out


@given(st.lists(seconds, max_size=30), st.floats(0.5, 5.0))
def test_a_fixed_breath_stays(answers: list[float], pause: float) -> None:
    assert set(targets(answers, pause, grows=False)) == {as_seconds(as_samples(pause))}


@given(st.lists(seconds, max_size=60), st.floats(0.5, 5.0))
def test_a_growing_breath_is_never_under_half_a_second_nor_over_the_setting(answers: list[float], most: float) -> None:
    assert all(0.5 <= target <= as_seconds(as_samples(most)) for target in targets(answers, most))


@given(st.lists(seconds, max_size=60))
def test_after_its_beginning_it_moves_by_a_tenth_at_most(answers: list[float]) -> None:
    after_first = targets(answers)[GROWTH.answers :]
    rounded = 0.001  # seconds, of both targets
    assert all((low / 1.1 - rounded <= high <= low * 1.1 + rounded) for low, high in pairwise(after_first))


def test_it_begins_a_tenth_above_the_median_of_the_first_four_answers() -> None:
    assert targets([0.6, 1.4, 0.8, 1.2])[-2:] == [0.5, 1.1]


def test_it_begins_a_tenth_above_the_median_of_earlier_sessions_where_that_is_known() -> None:
    def begins(earlier: float, most: float = 2.0) -> float:
        return as_seconds(Breath.at_first(timing_of(most, True, earlier)).target)

    assert (begins(1.0), begins(-0.3), begins(1.9), begins(1.0, most=0.9)) == (1.1, 0.5, 2.0, 0.9)
    timing = timing_of(2.0, True, 1.0)
    breath = Breath.at_first(timing)
    for answer in (1.2, 0.3, 1.2, 1.2):
        breath = breath.after(as_samples(answer), timing)
    assert as_seconds(breath.target) == 1.21  # a step, not the median of these four
    assert Breath.at_first(timing_of(2.0, False, 1.0)).target == as_samples(2.0)


def test_it_grows_by_a_tenth_when_three_of_four_answers_reach_it() -> None:
    began = [1.0, 1.0, 1.0, 1.0]
    assert targets([*began, 1.2, 1.2, 0.3])[-1] == 1.1
    assert targets([*began, 1.2, 0.3, 1.2, 1.2])[-1] == 1.21
    assert targets([*began, 1.2, 0.3, 0.3, 1.2])[-1] == 1.1


def test_four_answers_count_for_one_step() -> None:
    assert targets([1.0] * 4 + [3.0] * 7)[-1] == 1.21
    assert targets([1.0] * 4 + [3.0] * 8)[-1] == 1.331


def test_it_goes_back_when_none_of_four_answers_reached_it() -> None:
    began = [1.0, 1.0, 1.0, 1.0]
    assert targets([*began, 0.4, 0.4, 0.4, 0.4])[-1] == 1.0
    assert targets([*began, 0.4, 0.4, 1.2, 0.4])[-1] == 1.1


# ------------------------------------------------------------------------------------------------- in a conversation


def talk(pauses: Iterable[float], grows: bool = True) -> Conversation:
    """Two people who share six seconds each in turn, with these pauses between them."""
    units, at = [Ipu("Ana", Span.seconds(0.0, 6.0))], 6.0
    for number, pause in enumerate(pauses):
        start = at + pause
        at = start + 6.0
        units.append(Ipu(("Ben", "Ana")[number % 2], Span.seconds(start, at)))
    return converse(units, timing=timing_of(2.0, grows))


def test_an_answer_is_too_soon_by_the_breath_of_that_moment() -> None:
    pauses = [0.4, 0.6, 0.6, 0.6, 0.6, 0.7, 0.7, 0.7, 0.7]
    assert [t.too_soon for t in talk(pauses).transfers] == [True, False, False, False, True, False, False, False, True]
    assert all(t.too_soon for t in talk(pauses, grows=False).transfers)


def test_a_transfer_says_which_breath_it_was_measured_by() -> None:
    assert [as_seconds(t.breath) for t in talk([1.0] * 6).transfers] == [0.5] * 4 + [1.1] * 2


def followed(pauses: Iterable[float], grows: bool = True) -> list[FloorTaken]:
    """What a tracker reports of the same conversation while it goes on."""
    tracker, told = Live(timing=timing_of(2.0, grows)), []
    for turn in talk(pauses).turns:
        tracker.heard(SpeechOn(at=turn.span.start, who=turn.who, onset=turn.span.start, confidence=1.0))
        for now in range(turn.span.start, turn.span.end, HOP):
            told += tracker.at(now)
        tracker.heard(Speech(at=turn.span.end, who=turn.who, span=turn.span, confidence=1.0))
    return told


def test_a_tracker_reports_the_same_and_the_breath_from_then_on() -> None:
    pauses = [0.4, 0.6, 0.6, 0.6, 0.6, 0.7, 0.7, 0.7, 0.7, 0.7, 0.8, 0.8]
    told = followed(pauses)
    assert [taken.too_soon for taken in told] == [t.too_soon for t in talk(pauses).transfers]
    assert [as_seconds(taken.breath or 0) for taken in told] == targets(pauses)[1:]


def test_a_tracker_with_a_fixed_breath_says_nothing_of_it() -> None:
    assert {taken.breath for taken in followed([0.6, 2.5], grows=False)} == {None}
