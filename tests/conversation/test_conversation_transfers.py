"""Floor transfer offsets, too-soon and over, worked out by hand."""

from __future__ import annotations

import pytest

from coach.conversation import Conversation, Ipu, Timing, Transfer, converse
from coach.core.events import UNKNOWN, Words
from coach.core.span import Span, as_samples


def heard(**people: list[tuple[float, float]]) -> list[Ipu]:
    return [Ipu(who, Span.seconds(*span)) for who, spans in people.items() for span in spans]


def words(who: str, start: float, end: float, count: int = 5, **flags: bool) -> Words:
    return Words(at=as_samples(end + 0.4), who=who, span=Span.seconds(start, end), count=count, **flags)


def only(talk: Conversation) -> Transfer:
    assert len(talk.transfers) == 1
    return talk.transfers[0]


def ftos(talk: Conversation) -> list[tuple[str, str, float | None]]:
    return [(t.after, t.who, None if t.fto is None else round(t.fto / 16_000, 3)) for t in talk.transfers]


# ---------------------------------------------------------------------------------------------------------- FTO


def test_the_fto_is_the_silence_or_if_negative_the_overlap() -> None:
    talk = converse(heard(Ana=[(0, 3), (5.75, 9)], Ben=[(3.6, 6)]))
    assert ftos(talk) == [("Ana", "Ben", 0.6), ("Ben", "Ana", -0.25)]


def test_backchannels_between_do_not_change_the_fto() -> None:
    talk = converse(heard(Ana=[(0, 3), (3.5, 8)], Ben=[(3.1, 3.4), (8.7, 11)]))
    assert ftos(talk) == [("Ana", "Ben", 0.7)]


def test_a_turn_that_began_less_than_a_fifth_of_a_second_before_is_not_answered() -> None:
    together = converse(heard(Ana=[(0, 2)], Ben=[(0.19, 5)]))
    apart = converse(heard(Ana=[(0, 2)], Ben=[(0.2, 5)]))
    assert ftos(together) == [("Ana", "Ben", None)]
    assert ftos(apart) == [("Ana", "Ben", -1.8)]


def test_the_speakers_own_turn_in_between_hides_an_earlier_turn_unless_it_is_inside_it() -> None:
    """Ana and Ben begin together at 6.0; Ben's turn at 3.5 is between his new one and Ana's first."""
    talk = converse(heard(Ana=[(0, 3), (6.0, 9)], Ben=[(3.5, 5), (6.1, 11)]))
    assert ftos(talk) == [("Ana", "Ben", 0.5), ("Ben", "Ana", 1.0), ("Ana", "Ben", None)]


def test_the_speakers_own_turn_inside_the_others_turn_is_ignored() -> None:
    """Ben had the floor for 3 s inside Ana's long unit; then both begin at 12, and he answers that unit."""
    talk = converse(heard(Ana=[(0, 11), (12.0, 15)], Ben=[(5, 8.5), (12.1, 17)]))
    assert ftos(talk) == [("Ana", "Ben", -6.0), ("Ben", "Ana", 3.5), ("Ana", "Ben", 1.1)]


def test_with_three_people_in_ten_seconds_there_is_no_fto() -> None:
    talk = converse(heard(Ana=[(0, 3), (20, 24)], Ben=[(3.5, 6)], Cleo=[(6.2, 9)]))
    assert ftos(talk) == [("Ana", "Ben", 0.5), ("Ben", "Cleo", None), ("Cleo", "Ana", 11.0)]
    assert talk.transfers[1].offset == as_samples(0.2)


def test_a_third_persons_backchannel_also_counts_as_company() -> None:
    talk = converse(heard(Ana=[(0, 8)], Cleo=[(4, 4.5)], Ben=[(8.5, 11)]))
    assert ftos(talk) == [("Ana", "Ben", None)]
    assert not only(talk).too_soon


def test_an_unknown_voice_is_not_a_third_person() -> None:
    talk = converse(heard(Ana=[(0, 8)], **{UNKNOWN: [(4, 4.5)]}, Ben=[(8.5, 11)]))
    assert ftos(talk) == [("Ana", "Ben", 0.5)]


def test_a_very_long_silence_has_an_fto() -> None:
    assert ftos(converse(heard(Ana=[(0, 6)], Ben=[(18.5, 20)]))) == [("Ana", "Ben", 12.5)]


# ------------------------------------------------------------------------------------------- too soon, and over


@pytest.mark.parametrize(
    ("onset", "too_soon", "over"),
    [
        (5.7, True, True),
        (5.79, True, True),
        (5.8, True, False),
        (6.4, True, False),
        (7.99, True, False),
        (8.0, False, False),
    ],
)
def test_after_a_share_an_answer_below_the_breath_is_too_soon_and_one_well_before_its_end_is_over(
    onset: float, too_soon: bool, over: bool
) -> None:
    found = only(converse(heard(Ana=[(0, 6)], Ben=[(onset, onset + 3)])))
    assert (found.after_share, found.too_soon, found.over) == (True, too_soon, over)


def test_the_breath_is_a_setting() -> None:
    units = heard(Ana=[(0, 6)], Ben=[(7.0, 10)])
    assert only(converse(units)).too_soon
    assert not only(converse(units, timing=Timing(breath=as_samples(1.0)))).too_soon


def test_an_answer_to_something_short_is_never_too_soon() -> None:
    found = only(converse(heard(Ana=[(0, 4.9)], Ben=[(4.0, 8)])))
    assert (found.after_share, found.too_soon, found.over) == (False, False, False)


@pytest.mark.parametrize("flag", ["question", "request"])
def test_an_answer_to_a_direct_question_or_request_is_never_too_soon(flag: str) -> None:
    asked = [words("Ana", 0, 5.5), words("Ana", 6, 8, **{flag: True})]
    found = only(converse(heard(Ana=[(0, 5.5), (6, 8)], Ben=[(7.7, 10)]), asked))
    assert (found.after_share, found.answers_question, found.too_soon, found.over) == (True, True, False, False)


def test_a_late_answer_after_an_mm_hm_is_not_too_soon() -> None:
    assert not only(converse(heard(Ana=[(0, 10)], Ben=[(10.2, 10.6), (13.6, 16)]))).too_soon


def test_nothing_is_too_soon_to_or_from_an_unknown_voice() -> None:
    to_unknown = only(converse(heard(Ana=[(0, 6)], **{UNKNOWN: [(5.5, 9)]})))
    from_unknown = only(converse(heard(**{UNKNOWN: [(0, 6)]}, Ben=[(5.5, 9)])))
    for found in (to_unknown, from_unknown):
        assert (found.after_share, found.too_soon, found.over) == (True, False, False)


@pytest.mark.parametrize(
    ("gap", "measured"), [((6.1, 6.2), False), ((5.0, 6.0), False), ((4.0, 5.9), True), ((6.6, 7.0), True)]
)
def test_a_silence_in_which_sound_was_lost_is_not_measured_and_not_too_soon(
    gap: tuple[float, float], measured: bool
) -> None:
    found = only(converse(heard(Ana=[(0, 6)], Ben=[(6.5, 9)]), gaps=[Span.seconds(*gap)]))
    assert (found.measured, found.too_soon) == (measured, measured)


def test_lost_sound_in_an_overlap_is_not_measured_either() -> None:
    found = only(converse(heard(Ana=[(0, 6)], Ben=[(5.2, 9)]), gaps=[Span.seconds(5.5, 5.6)]))
    assert (found.measured, found.too_soon, found.over) == (False, False, False)


def test_a_last_word_no_longer_than_a_backchannel_is_a_transfer_but_never_too_soon() -> None:
    found = only(converse(heard(Ana=[(0, 6)], Ben=[(6.3, 6.9)])))
    assert (found.after_share, found.too_soon) == (True, False)
    spoken = only(converse(heard(Ana=[(0, 6)], Ben=[(6.3, 6.9)]), [words("Ben", 6.3, 6.9, count=5)]))
    assert spoken.too_soon


def test_the_span_between_two_turns_is_their_silence_or_overlap() -> None:
    assert only(converse(heard(Ana=[(0, 6)], Ben=[(6.5, 9)]))).between == Span.seconds(6, 6.5)
    assert only(converse(heard(Ana=[(0, 6)], Ben=[(5.5, 9)]))).between == Span.seconds(5.5, 6)
