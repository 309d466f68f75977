"""The differences between detected and true speech, on a conversation small enough to work out by hand.

sharer    ════════ 1-7    ·····   ════ 12-14
listener                  ═══ 10-11.5            FTO +3.0, then +0.5; she pauses from 4 to 4.5
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.conversation import Ipu
from coach.core.events import UNKNOWN
from coach.core.span import Span, as_samples
from scripts.bench.results.figures import FIGURES, figures, wilson
from scripts.bench.results.scores import Score, false_turns, overlaps, score, within
from scripts.simulate.truth import Given, Truth, matched, too_soon

SCORED = Span.seconds(0, 16)


def unit(who: str, start: float, end: float) -> Ipu:
    return Ipu(who, Span.seconds(start, end))


def given(who: str, onset: float, fto: float, soon: bool = False) -> Given:
    return Given(who, as_samples(onset), as_samples(fto), soon)


SPEECH = (unit("sharer", 1, 4), unit("sharer", 4.5, 7), unit("listener", 10, 11.5), unit("sharer", 12, 14))
TURNS = (unit("sharer", 1, 7), unit("listener", 10, 11.5), unit("sharer", 12, 14))
TRANSFERS = (given("listener", 10, 3.0), given("sharer", 12, 0.5))
TRUTH = Truth(SCORED, SPEECH, TURNS, TRANSFERS)


def heard(**changed: tuple[float, float] | None) -> list[Ipu]:
    """The true units, with some moved or left out by `told`, `went_on`, `answer` and `reply`."""
    names = ("told", "went_on", "answer", "reply")
    out = []
    for name, true in zip(names, SPEECH, strict=True):
        if name not in changed:
            out.append(true)
        elif edges := changed[name]:
            out.append(unit(true.who, *edges))
    return out


def test_correct_hearing_has_no_error() -> None:
    got = figures(score(TRUTH, SPEECH))
    assert got["fto_p90_s"] == got["pause_p90_s"] == got["gap_p90_s"] == 0
    assert got["transfers_missed"] == got["transfers_invented"] == got["overlaps_invented"] == 0
    assert got["who_spoke"] == got["silence_right"] == 1


def test_a_late_onset_and_an_early_end_both_lengthen_the_fto() -> None:
    got = score(TRUTH, heard(answer=(10.1, 11.5), went_on=(4.5, 6.9)))
    assert got.fto == pytest.approx([0.2, 0.0])
    assert (got.missed, got.invented) == (0, 0)


def test_a_transfer_that_was_not_detected_is_missed() -> None:
    got = score(TRUTH, heard(answer=None))
    assert (got.missed, got.invented, got.fto) == (2, 0, [])


def test_a_transfer_that_did_not_happen_is_invented() -> None:
    got = score(TRUTH, [*SPEECH, unit("listener", 14.2, 15.9)])
    assert (got.missed, got.invented) == (0, 1)


def test_a_transfer_detected_more_than_a_second_off_is_not_a_match() -> None:
    got = score(TRUTH, heard(answer=(8.9, 11.5)))
    assert (got.missed, got.invented) == (1, 1)


def test_the_first_speakers_onset_is_not_scored() -> None:
    assert score(TRUTH, [unit("listener", 0.1, 0.5), *SPEECH]).invented == 0


def test_each_detected_transfer_matches_one_true_transfer_nearest_first() -> None:
    true = [given("listener", 10.0, 1.0), given("listener", 10.6, 1.0)]
    one = given("listener", 10.5, 1.0)
    assert matched(true, [one]) == [(true[1], one)]


def test_a_transfer_to_the_other_person_is_not_a_match() -> None:
    assert matched([given("listener", 10.0, 1.0)], [given("sharer", 10.0, 1.0)]) == []


def test_disputed_transfers_count_neither_way() -> None:
    disputed = Truth(SCORED, SPEECH, TURNS, TRANSFERS[1:], disputed=TRANSFERS[:1])
    there = score(disputed, heard(answer=(10.3, 11.5)))
    assert (there.missed, there.invented, there.fto) == (0, 0, [0.0])
    assert score(disputed, heard(answer=None)).invented == 0


def test_speech_before_the_scored_part_is_left_out() -> None:
    got = within([unit("sharer", 0, 3), unit("listener", 0.5, 1)], Span.seconds(2, 9))
    assert got == [unit("sharer", 2, 3)]


# ------------------------------------------------------------------------------------------------------- silences


def test_pauses_and_gaps_are_measured_separately_and_keep_their_sign() -> None:
    got = score(TRUTH, heard(told=(1, 3.8), answer=(9.9, 11.5)))
    assert got.pauses == pytest.approx([0.2])
    assert got.gaps == pytest.approx([-0.1, 0.0])


def test_a_pause_that_was_filled_is_lost() -> None:
    got = score(TRUTH, heard(told=(1, 4.6)))
    assert (got.pauses, got.pauses_lost, got.gaps_lost) == ([], 1, 0)


def test_a_gap_that_was_filled_is_lost() -> None:
    got = score(TRUTH, heard(answer=(6.5, 11.5)))
    assert (got.gaps_lost, got.pauses_lost) == (1, 0)


def test_a_stop_closure_is_not_a_pause() -> None:
    speech = (unit("sharer", 1, 4), unit("sharer", 4.17, 7))
    truth = Truth(SCORED, speech, (unit("sharer", 1, 7),))
    assert score(truth, speech).pauses == []


# ------------------------------------------------------------------------------------------------------------ who


def test_a_frame_is_correct_if_exactly_its_speakers_were_detected() -> None:
    wrong = [*SPEECH[:2], unit("sharer", 10, 11.5), *SPEECH[3:]]
    assert score(TRUTH, wrong).frames_right == 900 - 150


def test_an_unknown_voice_matches_no_speaker() -> None:
    assert score(TRUTH, [unit(UNKNOWN, 1, 4), *SPEECH[1:]]).frames_right == 900 - 300


def test_a_second_voice_where_one_person_spoke_makes_a_frame_wrong() -> None:
    got = score(TRUTH, [*SPEECH, unit(UNKNOWN, 10, 10.5), unit("listener", 15, 15.5)])
    assert got.frames_right == 900 - 50
    assert got.silent_frames - got.silent_right == 50


def test_overlaps_are_where_two_or_more_speak() -> None:
    units = [unit("a", 0, 5), unit("b", 1, 2), unit("c", 1.5, 3), unit("b", 4, 6)]
    assert overlaps(units) == [Span.seconds(1, 3), Span.seconds(4, 5)]


def test_people_who_speak_right_after_each_other_do_not_overlap() -> None:
    assert overlaps([unit("a", 0, 1), unit("b", 1, 2)]) == []


@pytest.mark.parametrize(("together", "found"), [(0.25, 1), (0.15, 0)])
def test_an_overlap_of_half_a_second_is_found_if_a_fifth_of_a_second_was_detected(together: float, found: int) -> None:
    speech = (unit("sharer", 1, 7), unit("listener", 6.4, 9))
    got = score(Truth(SCORED, speech, follows=False), [unit("sharer", 1, 6.5 + together), unit("listener", 6.5, 9)])
    assert (got.overlaps, got.overlaps_found, got.overlaps_invented) == (1, found, 0)


def test_frames_of_two_voices_are_counted_in_the_truth_in_what_was_detected_and_in_both() -> None:
    speech = (unit("sharer", 1, 7), unit("listener", 6, 9))
    found = [unit("sharer", 1, 7.5), unit("listener", 6.2, 9), unit(UNKNOWN, 2, 2.1), unit("another", 4, 4.1)]
    got = score(Truth(SCORED, speech, follows=False), found)
    assert (got.double_frames, got.double_told, got.double_right) == (100, 150, 80)
    assert figures(got)["double_precision"] == pytest.approx(80 / 150, abs=1e-4)
    assert figures(got)["double_recall"] == pytest.approx(0.8)


def test_two_voices_without_a_name_are_two() -> None:
    got = score(TRUTH, [unit("another", 8, 9), unit(UNKNOWN, 8.5, 9.5)])
    assert got.double_told == 50


def test_half_a_second_of_detected_overlap_where_one_person_spoke_is_invented() -> None:
    got = score(TRUTH, [*SPEECH, unit("listener", 2, 2.5), unit("listener", 3, 3.4)])
    assert got.overlaps_invented == 1


# ------------------------------------------------------------------------------------- too soon, and backchannels


@pytest.mark.parametrize(
    ("share", "answer", "fto", "soon"),
    [(5.0, 1.5, 1.9, True), (5.0, 1.5, 2.0, False), (4.9, 1.5, 0.5, False), (5.0, 1.2, 0.5, False)],
)
def test_too_soon_is_a_quick_answer_to_a_share_that_is_more_than_a_backchannel(
    share: float, answer: float, fto: float, soon: bool
) -> None:
    told, reply = unit("sharer", 0, share + 0.5), unit("listener", 8, 8 + answer)
    speech = (unit("sharer", 0, 2), unit("sharer", 2.5, share + 0.5), reply)
    assert too_soon(told, reply, speech, as_samples(fto)) is soon


QUICK = Truth(
    SCORED,
    (unit("sharer", 1, 7), unit("listener", 8, 10), unit("sharer", 13, 15)),
    (unit("sharer", 1, 7), unit("listener", 8, 10), unit("sharer", 13, 15)),
    (given("listener", 8, 1.0, soon=True), given("sharer", 13, 3.0)),
)


def test_a_quick_answer_detected_as_quick_is_found() -> None:
    got = score(QUICK, QUICK.speech)
    assert (got.soon, got.soon_found, got.soon_told) == (1, 1, 1)


def test_a_quick_answer_detected_as_slow_is_not_found() -> None:
    got = score(QUICK, [unit("sharer", 1, 6.4), unit("listener", 8.5, 10), unit("sharer", 13, 15)])
    assert (got.soon_found, got.soon_told) == (0, 0)


def test_a_slow_answer_detected_as_quick_is_a_false_report() -> None:
    got = score(TRUTH, [unit("sharer", 1, 9), *SPEECH[2:]])
    assert (got.soon, got.soon_found, got.soon_told) == (0, 0, 1)


MURMURED = Truth(
    SCORED,
    (unit("sharer", 1, 9), unit("listener", 4, 4.4)),
    (unit("sharer", 1, 9),),
    backchannels=(unit("listener", 4, 4.4),),
)


def test_a_backchannel_detected_as_one_is_not_a_false_turn() -> None:
    assert score(MURMURED, MURMURED.speech).backchannels_taken == 0


def test_a_backchannel_detected_as_the_beginning_of_a_turn_is_a_false_turn() -> None:
    got = score(MURMURED, [unit("sharer", 1, 3.9), unit("listener", 4, 6), unit("sharer", 6.1, 9)])
    assert (got.backchannels, got.backchannels_taken) == (1, 1)


# ------------------------------------------------------------------------------------------------------- left out


def leaving_out(truth: Truth, start: float, end: float) -> Truth:
    return replace(truth, left_out=(Span.seconds(start, end),))


def test_frames_that_are_left_out_are_neither_speech_nor_silence() -> None:
    got = score(leaving_out(TRUTH, 6, 9), [])
    assert (got.frames, got.silent_frames) == (900 - 100, 1601 - 900 - 200)
    assert got.seconds == 13.0


def test_a_frame_that_is_left_out_in_part_is_left_out() -> None:
    assert score(leaving_out(TRUTH, 5.995, 6.005), []).frames == 900 - 2


def test_frames_of_two_voices_that_are_left_out_do_not_count() -> None:
    speech = (unit("sharer", 1, 7), unit("listener", 6, 9))
    got = score(leaving_out(Truth(SCORED, speech, follows=False), 6.5, 7.5), [*speech, unit("sharer", 7, 8)])
    assert (got.double_frames, got.double_told, got.double_right) == (50, 100, 50)


@pytest.mark.parametrize(("start", "end"), [(6, 7.1), (8, 8.1), (9.9, 10.5)])
def test_a_transfer_that_touches_what_is_left_out_is_not_scored(start: float, end: float) -> None:
    truth = leaving_out(TRUTH, start, end)
    assert score(truth, heard(answer=None)).missed == 1
    assert score(truth, heard(answer=(9.8, 11.5))).fto == [0.0]


def test_a_transfer_beside_what_is_left_out_is_scored() -> None:
    assert score(leaving_out(TRUTH, 5, 7), heard(answer=None)).missed == 2
    assert score(leaving_out(TRUTH, 10.1, 11.4), heard(answer=None)).missed == 2


def test_a_detected_transfer_that_touches_what_is_left_out_is_not_invented() -> None:
    false = [*SPEECH, unit("listener", 14.2, 15.9)]
    assert score(leaving_out(TRUTH, 14.1, 14.3), false).invented == 0
    assert score(leaving_out(TRUTH, 14.3, 15.9), false).invented == 1


def test_a_true_transfer_is_matched_even_if_the_detected_one_touches_what_is_left_out() -> None:
    got = score(leaving_out(TRUTH, 10.1, 10.3), heard(answer=(10.4, 11.5)))
    assert (got.missed, got.invented, got.fto) == (0, 0, pytest.approx([0.4, 0.0]))


def test_a_transfer_without_a_gap_touches_what_is_left_out_at_its_onset() -> None:
    onset = given("listener", 10, 0.0)
    assert not leaving_out(TRUTH, 9, 11).judges(onset.between)
    assert leaving_out(TRUTH, 9, 10).judges(onset.between)


def test_a_too_soon_transfer_that_is_left_out_is_neither_true_nor_told() -> None:
    got = score(leaving_out(QUICK, 7.2, 7.4), QUICK.speech)
    assert (got.soon, got.soon_found, got.soon_told) == (0, 0, 0)


def test_silences_that_touch_what_is_left_out_are_not_scored() -> None:
    got = score(leaving_out(TRUTH, 3, 4.1), SPEECH)
    assert (got.pauses, got.pauses_lost, len(got.gaps)) == ([], 0, 2)
    assert len(score(leaving_out(TRUTH, 3, 4), SPEECH).pauses) == 1


def test_overlaps_that_touch_what_is_left_out_are_not_scored() -> None:
    speech = (unit("sharer", 1, 7), unit("listener", 6.4, 9))
    truth = leaving_out(Truth(SCORED, speech, follows=False), 6.9, 7.2)
    got = score(truth, [*speech, unit("sharer", 7.1, 8)])
    assert (got.overlaps, got.overlaps_found, got.overlaps_invented) == (0, 0, 0)


def test_backchannels_that_are_left_out_are_not_scored() -> None:
    assert score(leaving_out(MURMURED, 4.3, 5), MURMURED.speech).backchannels == 0


# ------------------------------------------------------------------------------------------------------- in all


def test_scores_add_up() -> None:
    both = score(TRUTH, SPEECH) + score(TRUTH, heard(answer=None))
    assert (both.missed, len(both.fto), both.frames, both.seconds) == (2, 2, 1800, 32.0)


def test_a_figure_without_observations_is_missing() -> None:
    got = figures(Score())
    assert got["fto_median_s"] is None
    assert got["too_soon_recall"] is None
    assert got["overlaps_found"] is None


@pytest.mark.parametrize(
    ("part", "whole", "interval"),
    [(55, 67, (0.7125, 0.8945)), (0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (5, 10, (0.2366, 0.7634))],
)
def test_the_interval_of_a_share_is_wilsons(part: int, whole: int, interval: tuple[float, float]) -> None:
    assert wilson(part, whole) == pytest.approx(interval, abs=1e-4)


def test_a_share_of_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert figures(Score())["too_soon_recall_low"] is None


def test_too_soon_has_the_intervals_of_both_shares() -> None:
    got = figures(Score(soon=67, soon_found=55, soon_told=64))
    assert (got["too_soon_recall_low"], got["too_soon_recall_high"]) == wilson(55, 67)
    assert (got["too_soon_precision_low"], got["too_soon_precision_high"]) == wilson(55, 64)


def test_a_count_is_shown_with_the_whole_that_it_is_part_of() -> None:
    missed = next(each for each in FIGURES if each.name == "transfers_missed")
    assert missed.shown(Score(fto=[0.1, 0.2, 0.3], missed=2)) == "2 of 5"
    assert missed.shown(Score()) == "-"


def test_a_false_turn_is_counted_once_however_often_it_breaks_off() -> None:
    noise = [Span.seconds(1, 1.4), Span.seconds(2.3, 3.2), Span.seconds(5, 5.5)]
    assert false_turns(noise) == (2, 1)
