"""What happens when a listener takes the floor right after a share."""

from dataclasses import replace

import pytest

from coach.coaching import Catalogue, Coach, Policy
from coach.core.errors import BadSetting
from coach.core.events import UNKNOWN, CueFailed, CuePlayed, Hushed
from coach.core.span import Span, as_samples, as_seconds
from tests.coaching.conftest import OFTEN


def often(**changes):
    return replace(OFTEN, **changes)


def told(cues):
    return [(cue.kind, cue.held_back) for cue in cues]


def test_a_listener_who_starts_a_third_of_a_second_after_a_share_hears_a_tone(talk, coach):
    [cue] = talk.jumps_in(100, 0.3).cues(coach(), 110)
    assert (cue.kind, cue.form, cue.to, cue.given, cue.held_back, cue.text) == (
        "too_soon",
        "tone",
        "Ben",
        True,
        None,
        "",
    )
    assert cue.because["fto_s"] == 0.3
    assert cue.because["after"] == "Ana"


def test_the_tone_plays_as_soon_as_the_bid_is_known_to_be_a_turn(talk, coach):
    [cue] = talk.jumps_in(100, 0.3).cues(coach(), 110)
    assert 101.5 <= as_seconds(cue.at) <= 101.52


def test_a_listener_who_began_over_the_end_of_the_share_hears_the_lower_tone(talk, coach):
    [cue] = talk.jumps_in(100, -0.7).cues(coach(), 110)
    assert (cue.kind, cue.given, cue.because["fto_s"]) == ("over", True, -0.7)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param({"after_share": False}, id="not after a share"),
        pytest.param({"too_soon": False}, id="an answer or a backchannel"),
        pytest.param({"after": "Ben"}, id="the sharer goes on"),
    ],
)
def test_a_transfer_that_was_not_too_soon_leaves_no_trace(talk, coach, case):
    talk.says("Ana", 90, 100).says("Ben", 90, 100)
    assert talk.takes_floor("Ben", 100.3, **{"fto": 0.3} | case).cues(coach(), 110) == []


def test_nothing_plays_in_the_first_minute(talk, coach):
    [cue] = talk.jumps_in(50).cues(coach(), 60)
    assert (cue.held_back, cue.given) == ("quiet-first", False)
    assert cue.because["since_beginning_s"] == pytest.approx(51.5, abs=0.02)


def test_the_first_minute_is_counted_from_the_beginning_of_the_conversation(talk, coach):
    one = coach()
    one.begin(as_samples(50))
    assert told(talk.jumps_in(100).cues(one, 110)) == [("too_soon", "quiet-first")]


def test_cases_from_before_the_conversation_are_forgotten(talk, coach):
    one = coach(often(quiet_first=0), words_on=True)
    talk.jumps_in(10).estimate(10).cues(one, 11.7)
    one.begin(as_samples(11.8))
    assert one.tick(talk.speech.at(as_samples(20))) == []


def test_a_second_tone_within_twenty_seconds_is_held_back(talk, coach):
    talk.jumps_in(100).jumps_in(115).jumps_in(130)
    cues = talk.cues(coach(), 140)
    assert told(cues) == [("too_soon", None), ("too_soon", "budget"), ("too_soon", None)]
    assert cues[1].because["since_last_s"] == 15.0


@pytest.mark.parametrize(("minutes", "reason"), [(59.9, "budget"), (60, None)])
def test_within_an_hour_only_so_many_tones_sound(new_talk, coach, minutes, reason):
    one = coach(Policy(tones_an_hour=1))

    def at_a_beginning(at):
        """The cue for a listener who begins at `at`, in mid-thought of the one who shares."""
        talk = new_talk().says("Ana", at - 10, at + 0.7).says("Ben", at, at + 3).takes_floor("Ben", at, -0.7)
        [cue] = talk.cues(one, at + 5, since=at - 11)
        assert (cue.kind, cue.because["lost"]) == ("over", "mid-thought")
        return cue

    assert at_a_beginning(100).given
    assert at_a_beginning(100 + 60 * minutes).held_back == reason


@pytest.mark.parametrize(("minutes", "reason"), [(7.4, "budget"), (7.5, None)])
def test_the_weakest_reason_leaves_the_tones_of_an_hour_to_the_others(talk, coach, minutes, reason):
    at = 60 * minutes - 1.5
    talk.says("Ana", at - 10, at).says("Ben", at + 0.3, at + 3).takes_floor("Ben", at + 0.3, 0.3)
    [cue] = talk.cues(coach(Policy()), at + 5, since=at - 11)
    assert (cue.because["lost"], cue.held_back) == ("long", reason)


def test_a_share_by_an_uncertain_voice_gives_no_cue(talk, coach):
    talk.says("Ana", 90, 100, confidence=0.6).says("Ben", 100.3, 103).takes_floor("Ben", 100.3, 0.3)
    [cue] = talk.cues(coach(), 110)
    assert (cue.held_back, cue.because["confidence"]) == ("who-unknown", 0.6)


def test_a_listener_whose_voice_is_not_certain_hears_nothing(talk, coach):
    talk.says("Ana", 90, 100).says("Ben", 100.3, 103, confidence=0.79).takes_floor("Ben", 100.3, 0.3)
    assert told(talk.cues(coach(), 110)) == [("too_soon", "who-unknown")]


def test_a_short_last_word_does_not_make_a_long_share_uncertain(talk, coach):
    talk.says("Ana", 90, 99).says("Ana", 99.6, 100, confidence=0.5)
    talk.says("Ben", 100.3, 103).takes_floor("Ben", 100.3, 0.3)
    assert told(talk.cues(coach(), 110)) == [("too_soon", None)]


@pytest.mark.parametrize("who", [UNKNOWN, "Cleo"])
def test_an_unknown_voice_or_a_stranger_is_never_addressed(talk, coach, who):
    assert told(talk.jumps_in(100, listener=who).cues(coach(), 110)) == [("too_soon", "who-unknown")]


def test_an_unknown_voice_is_not_addressed_even_when_it_is_listed(talk, catalogue):
    one = Coach(Policy(), catalogue, ("Ana", UNKNOWN), words_on=False)
    assert told(talk.jumps_in(100, listener=UNKNOWN).cues(one, 110)) == [("too_soon", "who-unknown")]


def test_without_learnt_voices_nobody_is_addressed(talk, coach):
    assert told(talk.jumps_in(100).cues(coach(confident=False), 110)) == [("too_soon", "who-unknown")]


def test_with_a_recogniser_the_tone_waits_for_the_words_of_the_share(talk, coach):
    [cue] = talk.jumps_in(100).words("Ana", 90, 100, at=101.9).cues(coach(words_on=True), 110)
    assert (cue.given, as_seconds(cue.at)) == (True, pytest.approx(101.9, abs=0.02))


def test_words_that_come_too_late_hold_the_tone_back(talk, coach):
    [cue] = talk.jumps_in(100).words("Ana", 90, 100, at=102.5).cues(coach(words_on=True), 110)
    assert (cue.held_back, cue.because["waited_s"]) == ("words-late", 0.6)


def test_words_of_an_earlier_part_are_not_those_of_the_end(talk, coach):
    talk.jumps_in(100).words("Ana", 90, 95, at=97)
    assert told(talk.cues(coach(words_on=True), 110)) == [("too_soon", "words-late")]


@pytest.mark.parametrize(
    ("flag", "reason"),
    [("question", "answer"), ("request", "answer"), ("logistics", "logistics"), ("elsewhere", "elsewhere")],
)
def test_late_words_can_still_show_that_the_turn_was_not_a_share(talk, coach, flag, reason):
    talk.jumps_in(100).words("Ana", 90, 100, at=101.9, **{flag: True})
    assert told(talk.cues(coach(words_on=True), 110)) == [("too_soon", reason)]


def test_a_listener_who_only_says_oh_no_has_not_jumped_in(talk, coach):
    talk.jumps_in(100).words("Ana", 90, 100, at=101).words("Ben", 100.3, 100.7, at=101.4, acknowledgement=True)
    assert told(talk.cues(coach(words_on=True), 110)) == [("too_soon", "backchannel")]


def test_a_hushed_coach_is_quiet_until_it_may_go_on(talk, coach):
    talk.event(Hushed(at=0, on=True)).jumps_in(100)
    talk.event(Hushed(at=as_samples(110), on=False)).jumps_in(130)
    assert told(talk.cues(coach(), 140)) == [("too_soon", "hushed"), ("too_soon", None)]


def test_switching_off_one_cue_leaves_the_other_on(talk, coach):
    talk.jumps_in(100, -0.5).jumps_in(130)
    assert told(talk.cues(coach(often(disabled=frozenset({"over"}))), 140)) == [
        ("over", "switched-off"),
        ("too_soon", None),
    ]


def test_a_cue_disabled_in_a_persons_own_catalogue_is_not_given(talk):
    mine = Catalogue.load(override="[too_soon]\nenabled = false\n")
    one = Coach(OFTEN, mine, ("Ana", "Ben"), words_on=False)
    assert told(talk.jumps_in(100).cues(one, 110)) == [("too_soon", "switched-off")]


def test_each_held_back_tone_is_reported_even_with_the_same_reason(talk, coach):
    talk.jumps_in(100).jumps_in(108).jumps_in(116)
    assert told(talk.cues(coach(), 125)) == [("too_soon", None), ("too_soon", "budget"), ("too_soon", "budget")]


def test_a_misspelt_kind_is_not_taken_for_one_that_is_switched_off(coach):
    with pytest.raises(BadSetting, match="did you mean 'too_soon'"):
        coach(often(disabled=frozenset({"to_soon"})))


def test_with_cues_set_to_none_every_decision_is_still_reported(talk, coach):
    assert told(talk.jumps_in(100).cues(coach(often(mode="none")), 110)) == [("too_soon", "not-asked-for")]


def test_tones_only_gives_tones(talk, coach):
    assert told(talk.jumps_in(100).cues(coach(often(mode="tones")), 110)) == [("too_soon", None)]


def test_no_tone_plays_over_a_cue_that_is_still_being_spoken(talk, coach):
    one = coach()
    talk.jumps_in(100).event(CuePlayed(at=0, kind="inward", span=Span.seconds(99, 101.6), cut=False))
    assert told(talk.cues(one, 110)) == [("too_soon", "sounding")]


def test_a_spoken_cue_that_just_began_is_assumed_to_be_still_playing(talk, coach):
    talk.says("Ana", 60, 120).estimate(120).says("Ben", 121.1, 124).takes_floor("Ben", 121.1, 1.1)
    assert told(talk.cues(coach(), 130)) == [("inward", None), ("too_soon", "sounding")]


def test_a_cue_that_failed_is_no_longer_playing(talk, coach):
    talk.jumps_in(100).event(CuePlayed(at=0, kind="inward", span=Span.seconds(99, 101.6), cut=False))
    talk.event(CueFailed(at=as_samples(100), kind="inward", reason="no speaker"))
    assert told(talk.cues(coach(), 110)) == [("too_soon", None)]


def test_a_turn_that_is_recognised_too_late_gets_no_tone(talk, coach):
    talk.says("Ana", 90, 100).says("Ben", 100.3, 106).takes_floor("Ben", 100.3, 0.3, at=104.4)
    [cue] = talk.cues(coach(), 110)
    assert (cue.held_back, cue.because["late_s"]) == ("too-late", pytest.approx(4.1, abs=0.02))


def test_no_words_are_spoken_if_the_sharer_has_taken_the_floor_back(talk, coach):
    talk.jumps_in(100).takes_floor("Ana", 100.6, 0.1, after="Ben", at=101.5, after_share=False, too_soon=False)
    assert told(talk.cues(coach(), 110)) == [("too_soon", "floor-taken")]


def test_a_case_that_still_waits_when_the_session_ends_is_reported(talk, coach):
    one = coach(words_on=True)
    assert talk.jumps_in(100).cues(one, 101.6) == []
    [cue] = one.finish(as_samples(101.7))
    assert (cue.held_back, as_seconds(cue.at)) == ("ended", 101.7)
    assert one.finish(as_samples(102)) == []


# ------------------------------------------------------------------------------------------------ let it land


def three_in_a_row(talk, last_turn=2.0):
    for at in (100, 150):
        talk.jumps_in(at)
    talk.says("Ana", 190, 200).says("Ben", 200.3, 200.3 + last_turn)
    return talk.takes_floor("Ben", 200.3, 0.3)


def test_the_third_tone_within_fifteen_minutes_becomes_words_in_the_next_silence(talk, coach):
    cues = three_in_a_row(talk).cues(coach(), 220)
    assert told(cues) == [("too_soon", None), ("too_soon", None), ("let_it_land", None)]
    words = cues[-1]
    assert (words.form, words.to, words.text) == ("spoken", "Ben", "…let it land.")
    assert as_seconds(words.at) == pytest.approx(203.3, abs=0.02)  # Ben stops at 202.3


def test_words_that_find_no_silence_within_four_seconds_are_dropped(talk, coach):
    cues = three_in_a_row(talk, last_turn=8).cues(coach(), 220)
    assert told(cues)[2:] == [("let_it_land", "speaking")]
    assert as_seconds(cues[-1].at) == pytest.approx(205.5, abs=0.02)


def test_after_words_were_tried_the_next_cue_is_a_tone_again(talk, coach):
    cues = three_in_a_row(talk, last_turn=8).jumps_in(240).cues(coach(), 250)
    assert told(cues)[3:] == [("too_soon", None)]


def test_words_may_take_the_place_of_the_very_first_tone(talk, coach):
    assert told(talk.jumps_in(100).cues(coach(often(lands_at=1)), 110)) == [("let_it_land", None)]


def test_an_invitation_inward_does_not_count_as_a_tone(talk, coach):
    talk.says("Ben", 60, 120).estimate(120, "Ben").estimate(125, "Ben", events=False).jumps_in(250).jumps_in(280)
    assert told(talk.cues(coach(), 290)) == [("inward", None), ("too_soon", None), ("too_soon", None)]


def test_the_third_cue_is_a_tone_if_the_first_was_long_ago(talk, coach):
    cues = talk.jumps_in(70).jumps_in(150).jumps_in(1000).cues(coach(), 1010)
    assert told(cues) == [("too_soon", None)] * 3


def test_tones_to_different_people_are_counted_separately(talk, coach):
    talk.jumps_in(100).jumps_in(150).jumps_in(200, sharer="Ben", listener="Ana")
    assert told(talk.cues(coach(), 210)) == [("too_soon", None)] * 3


@pytest.mark.parametrize(
    "changes", [{"mode": "tones"}, {"disabled": frozenset({"let_it_land"})}], ids=["tones only", "switched off"]
)
def test_with_tones_only_the_third_cue_is_a_tone_too(talk, coach, changes):
    assert told(three_in_a_row(talk).cues(coach(often(**changes)), 220)) == [("too_soon", None)] * 3


def test_a_story_that_already_had_a_spoken_cue_gets_a_tone_instead_of_words(talk, coach):
    talk.estimate(60).says("Ana", 50, 62).estimate(64, events=False)  # "inward" is given at 63
    talk.jumps_in(240).jumps_in(265)
    talk.jumps_in(290)
    assert told(talk.cues(coach(), 300)) == [("inward", None)] + [("too_soon", None)] * 3


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"mode": "tone"}, "did you mean 'tones'"),
        ({"confidence": 1.2}, "confidence = 1.2 is out of range"),
        ({"tone_every": -1}, "tone_every cannot be negative"),
    ],
)
def test_an_invalid_policy_is_refused(setting, said):
    with pytest.raises(BadSetting, match=said):
        Policy(**setting)


def test_every_reason_has_a_sentence_for_people(catalogue: Catalogue):
    from coach.coaching.gates.order import GATE_SENTENCES, GATES

    reasons = [gate.reason for gate in GATES]
    assert len(set(reasons)) == len(reasons)
    assert all(GATE_SENTENCES[reason].endswith(".") for reason in [*reasons, "ended"])
