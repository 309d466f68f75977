"""Floor rules (turns, backchannels, incursions, bids), each on a conversation of a few units."""

from __future__ import annotations

import pytest

from coach.conversation import Ipu, Timing, Turn, converse, ipus, silences
from coach.core.events import Speech, Words
from coach.core.span import Span, as_samples, as_seconds


def heard(**people: list[tuple[float, float]]) -> list[Ipu]:
    """Units by person, in seconds."""
    return [Ipu(who, Span.seconds(*span)) for who, spans in people.items() for span in spans]


def words(who: str, start: float, end: float, count: int = 5, **flags: bool) -> Words:
    return Words(at=as_samples(end + 0.4), who=who, span=Span.seconds(start, end), count=count, **flags)


def acknowledged(who: str, start: float, end: float) -> Words:
    return words(who, start, end, count=1, acknowledgement=True)


def told(turns: tuple[Turn, ...]) -> list[tuple[str, str, float, float]]:
    return [(turn.who, turn.kind, turn.span.start_s, turn.span.end_s) for turn in turns]


def kinds(turns: tuple[Turn, ...], who: str) -> list[str]:
    return [turn.kind for turn in turns if turn.who == who]


# -------------------------------------------------------------------------------------------------------- units


def test_silences_shorter_than_the_join_are_not_pauses() -> None:
    speech = [
        Speech(at=0, who=who, span=Span.seconds(*span), confidence=1.0)
        for who, span in (("Ben", (0.95, 1.05)), ("Ana", (1.17, 2.0)), ("Ana", (0.0, 1.0)), ("Ana", (2.18, 3.0)))
    ]
    assert ipus(speech) == heard(Ana=[(0.0, 2.0)], Ben=[(0.95, 1.05)]) + heard(Ana=[(2.18, 3.0)])


def test_the_join_is_a_setting() -> None:
    speech = [Speech(at=0, who="Ana", span=Span.seconds(*s), confidence=1.0) for s in ((0, 1), (1.3, 2))]
    assert len(ipus(speech, join=as_samples(0.31))) == 1
    assert len(converse(ipus(speech), timing=Timing(join=as_samples(0.31))).turns[0].units) == 1


# ------------------------------------------------------------------------------------------------- turns and pauses


def test_without_speech_there_is_nothing() -> None:
    talk = converse([])
    assert (talk.turns, talk.transfers, talk.pauses, talk.overlaps, talk.lapses) == ((), (), (), (), ())


def test_the_first_to_speak_has_the_floor_and_took_it_from_nobody() -> None:
    talk = converse(heard(Ana=[(1.0, 1.4)]))
    assert told(talk.turns) == [("Ana", "turn", 1.0, 1.4)]
    assert talk.transfers == ()


def test_one_person_goes_on_after_any_pause_in_the_same_turn() -> None:
    talk = converse(heard(Ana=[(0, 2), (2.3, 4), (16, 18)]))
    assert told(talk.turns) == [("Ana", "turn", 0, 18)]
    assert talk.turns[0].speech == as_samples(2 + 1.7 + 2)
    assert [p.span for p in talk.pauses] == [Span.seconds(2, 2.3), Span.seconds(4, 16)]
    assert all(p.measured for p in talk.pauses)


def test_a_pause_next_to_lost_sound_is_not_measured() -> None:
    talk = converse(heard(Ana=[(0, 2), (3, 4), (5, 6)]), gaps=[Span.seconds(1.5, 2.0)])
    assert [p.measured for p in talk.pauses] == [False, True]


def test_two_people_take_turns() -> None:
    talk = converse(heard(Ana=[(0, 3), (8, 11)], Ben=[(3.5, 5), (5.4, 7)]))
    assert told(talk.turns) == [("Ana", "turn", 0, 3), ("Ben", "turn", 3.5, 7), ("Ana", "turn", 8, 11)]


def test_the_order_in_which_units_arrive_does_not_matter() -> None:
    units = heard(Ana=[(0, 3), (8, 11)], Ben=[(3.5, 5), (9, 9.5)])
    assert converse(units) == converse(reversed(units))


# ----------------------------------------------------------------------------------------------------- backchannels


def test_a_short_word_while_the_other_talks_on_is_a_backchannel() -> None:
    talk = converse(heard(Ana=[(0, 10)], Ben=[(4, 4.5)]))
    assert told(talk.turns) == [("Ana", "turn", 0, 10), ("Ben", "backchannel", 4, 4.5)]
    assert talk.transfers == ()


def test_a_short_word_just_before_the_other_goes_on_is_a_backchannel() -> None:
    talk = converse(heard(Ana=[(0, 4), (5, 9)], Ben=[(4.2, 4.6)]))
    assert kinds(talk.turns, "Ben") == ["backchannel"]
    assert kinds(talk.turns, "Ana") == ["turn"]


def test_a_backchannel_lasts_at_most_1200_ms() -> None:
    just = converse(heard(Ana=[(0, 4), (6, 9)], Ben=[(4.2, 5.4)]))
    longer = converse(heard(Ana=[(0, 4), (6, 9)], Ben=[(4.2, 5.41)]))
    assert kinds(just.turns, "Ben") == ["backchannel"]
    assert kinds(longer.turns, "Ben") == ["turn"]


def test_a_backchannel_has_at_most_four_words() -> None:
    units = heard(Ana=[(0, 4), (6, 9)], Ben=[(4.2, 5.2)])
    assert kinds(converse(units, [words("Ben", 4.2, 5.2, count=4)]).turns, "Ben") == ["backchannel"]
    assert kinds(converse(units, [words("Ben", 4.2, 5.2, count=5)]).turns, "Ben") == ["turn"]


def test_words_that_cover_several_units_do_not_make_one_unit_long() -> None:
    units = heard(Ana=[(0, 4), (6, 9)], Ben=[(4.2, 5.0), (9.5, 14)])
    merged = words("Ben", 4.2, 14, count=20)
    assert kinds(converse(units, [merged]).turns, "Ben") == ["backchannel", "turn"]


def test_a_short_word_a_while_after_the_other_is_a_turn() -> None:
    soon = converse(heard(Ana=[(0, 4), (8, 9)], Ben=[(4.9, 5.3)]))
    later = converse(heard(Ana=[(0, 4), (8, 9)], Ben=[(5.1, 5.5)]))
    assert kinds(soon.turns, "Ben") == ["backchannel"]
    assert kinds(later.turns, "Ben") == ["turn"]


def test_a_short_word_at_the_very_end_is_a_turn_once_the_talk_is_over() -> None:
    units = heard(Ana=[(0, 4)], Ben=[(4.2, 4.6)])
    assert kinds(converse(units).turns, "Ben") == ["turn"]
    assert kinds(converse(units, now=as_samples(60)).turns, "Ben") == ["open"]


def test_a_listeners_mm_hm_is_not_the_beginning_of_the_answer_that_comes_three_seconds_later() -> None:
    talk = converse(heard(Ana=[(0, 10)], Ben=[(10.2, 10.6), (13.6, 16)]))
    assert told(talk.turns)[1:] == [("Ben", "backchannel", 10.2, 10.6), ("Ben", "turn", 13.6, 16)]
    assert [as_seconds(t.fto or 0) for t in talk.transfers] == [3.6]


def test_a_short_word_that_is_continued_within_a_second_is_the_beginning_of_the_answer() -> None:
    talk = converse(heard(Ana=[(0, 10)], Ben=[(10.2, 10.6), (11.0, 14)]))
    assert told(talk.turns)[1:] == [("Ben", "turn", 10.2, 14)]
    assert [as_seconds(t.fto or 0) for t in talk.transfers] == [0.2]


def test_a_recognised_acknowledgement_is_a_backchannel_even_if_the_answer_follows_immediately() -> None:
    units = heard(Ana=[(0, 10)], Ben=[(10.2, 10.6), (11.0, 14)])
    talk = converse(units, [acknowledged("Ben", 10.2, 10.6)])
    assert told(talk.turns)[1:] == [("Ben", "backchannel", 10.2, 10.6), ("Ben", "turn", 11.0, 14)]


def test_a_long_laugh_recognised_as_an_acknowledgement_is_a_backchannel() -> None:
    units = heard(Ana=[(0, 10)], Ben=[(10.2, 13)])
    assert kinds(converse(units).turns, "Ben") == ["turn"]
    assert kinds(converse(units, [acknowledged("Ben", 10.2, 13)]).turns, "Ben") == ["backchannel"]


def test_an_acknowledgement_does_not_count_as_going_on() -> None:
    """Ben's short turn, Ana's "oh wow", and Ben's next words half a second later are one turn of Ben."""
    units = heard(Ana=[(0, 10), (11.4, 11.7)], Ben=[(10.4, 11.3), (12.0, 15)])
    talk = converse(units, [acknowledged("Ana", 11.4, 11.7)])
    assert told(talk.turns) == [
        ("Ana", "turn", 0, 10),
        ("Ben", "turn", 10.4, 15),
        ("Ana", "backchannel", 11.4, 11.7),
    ]


def test_a_short_answer_that_is_only_acknowledged_is_a_turn() -> None:
    units = heard(Ana=[(0, 10), (11.4, 11.7)], Ben=[(10.4, 11.3)])
    assert kinds(converse(units).turns, "Ben") == ["backchannel"]
    assert kinds(converse(units, [acknowledged("Ana", 11.4, 11.7)]).turns, "Ben") == ["turn"]


def test_the_holders_own_yeah_is_part_of_the_turn() -> None:
    units = heard(Ana=[(0, 4), (4.5, 4.9), (5.3, 8)])
    assert told(converse(units, [acknowledged("Ana", 4.5, 4.9)]).turns) == [("Ana", "turn", 0, 8)]


def test_several_short_words_during_long_talk_stay_backchannels() -> None:
    talk = converse(heard(Ana=[(0, 20)], Ben=[(4 + 0.7 * n, 4.4 + 0.7 * n) for n in range(8)]))
    assert kinds(talk.turns, "Ben") == ["backchannel"] * 8


def test_two_short_words_are_separate_bids_if_the_other_begins_in_between() -> None:
    talk = converse(heard(Ana=[(0, 4), (5.1, 5.6), (6.9, 9)], Ben=[(4.2, 5.0), (5.8, 6.7)]))
    assert kinds(talk.turns, "Ben") == ["backchannel", "backchannel"]


# ------------------------------------------------------------------------------------- taking the floor in overlap


def test_the_floor_is_taken_when_the_other_falls_silent_within_a_second() -> None:
    talk = converse(heard(Ana=[(0, 10)], Ben=[(9.1, 11)]))
    assert told(talk.turns) == [("Ana", "turn", 0, 10), ("Ben", "turn", 9.1, 11)]
    assert [as_seconds(t.fto or 0) for t in talk.transfers] == [-0.9]


def test_two_seconds_inside_the_others_talk_are_an_incursion() -> None:
    talk = converse(heard(Ana=[(0, 20)], Ben=[(9, 11)]))
    assert told(talk.turns) == [("Ana", "turn", 0, 20), ("Ben", "incursion", 9, 11)]
    assert talk.transfers == ()


def test_three_seconds_take_the_floor_even_if_the_other_talks_on() -> None:
    assert kinds(converse(heard(Ana=[(0, 20)], Ben=[(9, 11.99)])).turns, "Ben") == ["incursion"]
    assert kinds(converse(heard(Ana=[(0, 20)], Ben=[(9, 12.0)])).turns, "Ben") == ["turn"]


def test_a_holder_who_pauses_for_a_moment_has_not_given_way() -> None:
    talk = converse(heard(Ana=[(0, 10), (10.2, 20)], Ben=[(9.5, 11.5)]))
    assert kinds(talk.turns, "Ben") == ["incursion"]
    assert kinds(talk.turns, "Ana") == ["turn"]


def test_speech_more_than_half_inside_the_others_is_an_incursion_otherwise_a_turn() -> None:
    inside = converse(heard(Ana=[(0, 10)], Ben=[(8.5, 11.4)]))
    outside = converse(heard(Ana=[(0, 10)], Ben=[(8.75, 11.4)]))
    assert kinds(inside.turns, "Ben") == ["incursion"]
    assert kinds(outside.turns, "Ben") == ["turn"]


def test_the_speech_of_a_bid_is_added_up_over_short_pauses() -> None:
    talk = converse(heard(Ana=[(0, 10)], Ben=[(8.3, 10.2), (10.5, 13)]))
    assert told(talk.turns)[1:] == [("Ben", "turn", 8.3, 13)]


def test_speech_that_the_former_holder_begins_after_a_transfer_is_a_bid() -> None:
    talk = converse(heard(Ana=[(0, 10), (10.5, 11.0)], Ben=[(10.3, 14)]))
    assert told(talk.turns) == [("Ana", "turn", 0, 10), ("Ben", "turn", 10.3, 14), ("Ana", "backchannel", 10.5, 11)]


def test_without_words_everything_is_decided_by_timing_and_with_neutral_words_it_is_the_same() -> None:
    units = heard(Ana=[(0, 6), (7, 9), (15, 18)], Ben=[(6.2, 6.6), (9.5, 14)])
    neutral = [words("Ana", 0, 6), words("Ben", 9.5, 14)]
    assert told(converse(units).turns) == told(converse(units, neutral).turns)


# --------------------------------------------------------------------------------------------------- more than two


def test_a_third_persons_short_word_before_the_answer_does_not_take_the_floor() -> None:
    talk = converse(heard(Ana=[(0, 10)], Cleo=[(10.2, 10.5)], Ben=[(11, 14)]))
    assert told(talk.turns)[1:] == [("Cleo", "backchannel", 10.2, 10.5), ("Ben", "turn", 11, 14)]


def test_a_bid_is_split_if_a_third_person_begins_in_between() -> None:
    talk = converse(heard(Ana=[(0, 10)], Ben=[(10.2, 10.6), (11.5, 13)], Cleo=[(10.8, 11.9)]))
    assert kinds(talk.turns, "Ben") == ["backchannel", "turn"]


def test_three_people_take_turns() -> None:
    talk = converse(heard(Ana=[(0, 3)], Ben=[(3.5, 6)], Cleo=[(6.2, 9)]))
    assert [(t.after, t.who) for t in talk.transfers] == [("Ana", "Ben"), ("Ben", "Cleo")]


# ------------------------------------------------------------------------------------------------------- shares


def test_a_share_is_five_seconds_of_speech_not_of_time() -> None:
    assert converse(heard(Ana=[(0, 2.5), (3, 5.5)])).turns[0].share
    assert not converse(heard(Ana=[(0, 2.4), (3, 5.5)])).turns[0].share


def test_long_logistics_questions_and_requests_are_not_shares() -> None:
    for flag in ("logistics", "question", "request"):
        talk = converse(heard(Ana=[(0, 8)]), [words("Ana", 0, 8, **{flag: True})])
        assert not talk.turns[0].share, flag


def test_a_share_that_ends_in_a_question_is_still_a_share() -> None:
    units = heard(Ana=[(0, 6), (6.5, 8), (8.3, 8.8)])
    asked = converse(units, [words("Ana", 0, 6), words("Ana", 6.5, 8, question=True)]).turns[0]
    assert (asked.share, asked.question) == (True, True)  # the half second after the question is a tag


def test_a_question_early_in_a_share_is_not_at_its_end() -> None:
    units = heard(Ana=[(0, 2), (2.5, 8), (8.3, 9.6)])
    early = [words("Ana", 0, 2, question=True)]
    assert not converse(units, early).turns[0].question
    assert not converse(units, [*early, words("Ana", 8.3, 9.6)]).turns[0].question


@pytest.mark.parametrize(("count", "asks"), [(4, True), (5, False)])
def test_a_few_words_after_the_question_do_not_take_it_back(count: int, asks: bool) -> None:
    units = heard(Ana=[(0, 6), (6.5, 8), (8.3, 9.3)])
    told = [words("Ana", 6.5, 8, question=True), words("Ana", 8.3, 9.3, count=count)]
    assert converse(units, told).turns[0].question == asks


def test_a_turn_of_mostly_logistics_is_not_a_share_but_a_little_logistics_does_not_matter() -> None:
    units = heard(Ana=[(0, 3), (3.5, 9)])
    assert converse(units, [words("Ana", 0, 3, logistics=True), words("Ana", 3.5, 9)]).turns[0].share
    assert not converse(units, [words("Ana", 0, 3), words("Ana", 3.5, 9, logistics=True)]).turns[0].share


def test_words_belong_to_the_units_they_mostly_overlap() -> None:
    units = heard(Ana=[(0, 3), (3.3, 6)], Ben=[(6.2, 9)])
    padded, whose = words("Ana", 3.1, 6.3), words("Ben", 0, 9)
    turns = converse(units, [padded, whose]).turns
    assert [turn.words for turn in turns] == [(padded,), (whose,)]
    piece = words("Ana", 0.5, 1.5)  # the words of a long unit, in pieces
    assert converse(units, [piece, padded]).turns[0].words == (piece, padded)


# ----------------------------------------------------------------------------------------------------- overlaps


def test_an_overlap_is_between_turns_if_the_floor_is_transferred_and_otherwise_within_a_turn() -> None:
    talk = converse(heard(Ana=[(0, 10), (20, 30)], Ben=[(9.5, 15), (24, 24.5)]))
    assert [(o.kind, o.first, o.second, o.span, o.holder) for o in talk.overlaps] == [
        ("between", "Ana", "Ben", Span.seconds(9.5, 10), None),
        ("within", "Ana", "Ben", Span.seconds(24, 24.5), "Ana"),
    ]


def test_whoever_has_the_turn_keeps_the_floor_even_if_a_backchannel_began_before_the_next_words() -> None:
    talk = converse(heard(Ana=[(0, 10), (10.5, 20)], Ben=[(10.3, 10.8)]))
    assert [(o.first, o.second, o.holder) for o in talk.overlaps] == [("Ben", "Ana", "Ana")]


def test_a_lapse_is_a_gap_between_two_people_of_more_than_five_seconds() -> None:
    talk = converse(heard(Ana=[(0, 3), (10, 13)], Ben=[(18, 20), (25.1, 26)], Cleo=[(31.1, 35)]))
    assert talk.lapses == (Span.seconds(26, 31.1),)
    assert converse(heard(Ana=[(0, 3)], Ben=[(9, 12)]), gaps=[Span.seconds(4, 5)]).lapses == ()


def test_an_mm_hm_ends_a_silence_and_the_longest_one_before_a_turn_may_be_a_lapse() -> None:
    nods = [(10.5, 10.8), (16.8, 17.4)]  # both too short to take the floor: Ana goes on, later
    talk = converse(heard(Ana=[(0, 10), (20, 22)], Ben=[*nods, (25, 28)]))
    assert [turn.kind for turn in talk.turns].count("backchannel") == 1
    assert silences(talk)[-1] == (Span.seconds(22, 25),)
    near = converse(heard(Ana=[(0, 10)], Ben=[(10.8, 11.4), (16, 20)]))
    assert [turn.kind for turn in near.turns] == ["turn", "backchannel", "turn"]
    assert silences(near) == [(Span.seconds(10, 10.8), Span.seconds(11.4, 16))]
    assert near.lapses == ()
    late = converse(heard(Ana=[(0, 10)], Ben=[(10.9, 11.1), (12.2, 20)]))
    assert silences(late) == [(Span.seconds(10, 10.9), Span.seconds(11.1, 12.2))]
    lost = [Span.seconds(10.2, 10.4)]
    assert converse(heard(Ana=[(0, 10)], Ben=[(10.8, 11.4), (18, 26)]), gaps=lost).lapses == ()
    assert converse(heard(Ana=[(0, 10)], Ben=[(10.8, 11.4), (18, 26)])).lapses == (Span.seconds(11.4, 18),)


# ----------------------------------------------------------------------------------------------- looking earlier


def test_a_bid_is_open_until_it_is_longer_than_a_backchannel() -> None:
    units = heard(Ana=[(0, 10)], Ben=[(10.4, 14)])
    assert kinds(converse(units, now=as_samples(11.6)).turns, "Ben") == ["open"]
    assert kinds(converse(units, now=as_samples(11.61)).turns, "Ben") == ["turn"]


def test_a_bid_with_many_words_is_decided_a_second_after_its_onset() -> None:
    units = heard(Ana=[(0, 10)], Ben=[(10.4, 11.2), (11.38, 14)])
    many = [words("Ben", 10.4, 11.2, count=6)]
    assert kinds(converse(units, many, now=as_samples(11.4)).turns, "Ben") == ["open"]
    assert kinds(converse(units, many, now=as_samples(11.41)).turns, "Ben") == ["turn"]


def test_a_bid_that_stopped_is_open_for_a_second_because_it_may_go_on() -> None:
    units = heard(Ana=[(0, 10), (13, 15)], Ben=[(8, 10.5)])
    assert kinds(converse(units, now=as_samples(11.49)).turns, "Ben") == ["open"]
    assert kinds(converse(units, now=as_samples(11.5)).turns, "Ben") == ["incursion"]


def test_nothing_is_decided_after_an_open_bid() -> None:
    """Cleo's two seconds may still take the floor from Ana; then Ben would not be answering Ana."""
    units = heard(Ana=[(0, 10)], Cleo=[(7, 10.0)], Ben=[(8.9, 12)])
    assert kinds(converse(units, now=as_samples(9.9)).turns, "Cleo") == ["open"]
    open_still = converse(heard(Ana=[(0, 10)], Cleo=[(8, 10.7)], Ben=[(9.2, 12)]), now=as_samples(10.6))
    assert kinds(open_still.turns, "Cleo") == ["open"]
    assert kinds(open_still.turns, "Ben") == ["open"]
