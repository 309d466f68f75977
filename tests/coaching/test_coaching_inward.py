"""The invitation inward: after a run of events, at a natural end, in silence, once."""

import pytest

from coach.coaching import Catalogue, Policy
from coach.core.events import Hushed, Marked
from coach.core.span import as_samples, as_seconds


def told(cues):
    return [(cue.kind, cue.held_back) for cue in cues]


def a_story(talk, end=120.0, *, story=1, events=True):
    """Ana has shared events for a minute, up to `end`; the estimate is known when she stops."""
    return talk.says("Ana", end - 60, end).estimate(end, story=story, events=events)


def test_a_sharer_who_shared_events_and_stops_is_invited_inward(talk, coach):
    [cue] = a_story(talk).cues(coach(), 130)
    assert (cue.kind, cue.form, cue.to, cue.given) == ("inward", "spoken", "Ana", True)
    assert cue.text == "…and how is that in you?"
    assert cue.because == {"told_s": 60.0, "sentences": 9, "p_event": 0.95, "share_end_s": 120.0, "silence_s": 1.0}


def test_once_the_language_is_known_cues_are_worded_in_it(talk, coach):
    one, german = coach(), Catalogue.load("de")
    one.speak(german)
    [cue] = a_story(talk).cues(one, 130)
    assert cue.text in german["inward"].wordings


def test_the_invitation_comes_when_everybody_has_been_silent_for_a_second(talk, coach):
    [cue] = a_story(talk).cues(coach(), 130)
    assert as_seconds(cue.at) == 121.0


def test_silence_alone_opens_no_case(talk, coach):
    assert a_story(talk, events=False).cues(coach(), 300) == []


def test_a_story_that_only_pauses_for_breath_is_not_interrupted(talk, coach):
    talk.says("Ana", 60, 100).estimate(100)
    for start in range(100, 130, 2):
        talk.says("Ana", start + 0.9, start + 2)
    assert talk.cues(coach(), 130.9) == []


def test_a_listener_s_mm_hm_delays_the_invitation(talk, coach):
    [cue] = a_story(talk).says("Ben", 120.6, 121.1).cues(coach(), 130)
    assert (cue.given, as_seconds(cue.at)) == (True, pytest.approx(122.1, abs=0.02))


def test_an_invitation_that_finds_no_silence_within_four_seconds_is_dropped(talk, coach):
    a_story(talk).says("Ben", 120.5, 128)
    [cue] = talk.cues(coach(), 127)
    assert (cue.held_back, as_seconds(cue.at)) == ("speaking", 125.0)
    assert cue.because["waited_s"] == 4.0


def test_a_dropped_invitation_may_come_at_the_next_natural_end_of_the_same_story(talk, coach):
    a_story(talk).says("Ben", 120.5, 126).says("Ana", 126.5, 140)
    assert told(talk.cues(coach(), 150)) == [("inward", "speaking"), ("inward", None)]


def test_no_invitation_follows_once_the_listener_has_taken_the_floor(talk, coach):
    a_story(talk).says("Ben", 120.5, 122).takes_floor("Ben", 120.5, 0.5, too_soon=False)
    assert told(talk.cues(coach(), 130)) == [("inward", "floor-taken")]


def test_a_sharer_who_went_on_and_was_recognised_is_invited_once(talk, coach):
    a_story(talk).says("Ana", 121.2, 122.4).words("Ana", 60, 122.4, at=123.5)
    assert told(talk.cues(coach(words_on=True), 140)) == [("inward", None)]


def test_a_tone_in_the_same_story_does_not_use_up_the_invitation(talk, coach):
    talk.estimate(70, events=False).jumps_in(80).takes_floor("Ana", 84, 0.5, after="Ben", after_share=False)
    assert told(a_story(talk, 160).cues(coach(), 170)) == [("too_soon", None), ("inward", None)]


def test_an_estimate_from_before_the_conversation_is_forgotten(talk, coach):
    one = coach()
    a_story(talk).cues(one, 120.5)
    heard = talk.speech
    one.begin(as_samples(60))
    assert talk.event(Marked(at=0)).cues(one, 0.1) == []
    assert one.tick(heard.at(as_samples(121.5))) == []


def test_nobody_is_invited_twice_in_one_story(talk, coach):
    a_story(talk).says("Ana", 130, 250).estimate(250, story=1)
    talk.says("Ana", 255, 280)
    assert told(talk.cues(coach(), 290)) == [("inward", None), ("inward", "same-story")]


def test_another_story_gets_another_invitation_in_other_words(talk, coach):
    a_story(talk)
    a_story(talk, 300, story=2)
    first, second = talk.cues(coach(), 310)
    assert (first.given, second.given) == (True, True)
    assert first.text != second.text


def test_two_stories_within_two_minutes_get_one_invitation(talk, coach):
    a_story(talk)
    a_story(talk, 200, story=2)
    assert told(talk.cues(coach(), 210)) == [("inward", None), ("inward", "budget")]


def test_the_same_reason_is_reported_once_per_story(talk, coach):
    a_story(talk).says("Ana", 130, 140).says("Ana", 145, 150)
    assert told(talk.cues(coach(Policy(mode="tones")), 160)) == [("inward", "not-asked-for")]


def test_a_story_in_the_first_minute_gets_no_invitation(talk, coach):
    talk.says("Ana", 0, 48).estimate(48)
    assert told(talk.cues(coach(), 55)) == [("inward", "quiet-first")]


@pytest.mark.parametrize(("events", "story"), [(False, 1), (False, 2), (True, 2)])
def test_the_invitation_waits_for_the_last_sentence_which_may_be_the_inward_one(talk, coach, events, story):
    a_story(talk).words("Ana", 60, 115, at=117).words("Ana", 115, 120, at=122.5)
    talk.estimate(122.5, events=events, story=story)
    assert told(talk.cues(coach(words_on=True), 130)) == [("inward", "told-inward")]


def test_the_invitation_is_given_as_soon_as_the_last_sentence_is_recognised(talk, coach):
    [cue] = a_story(talk).words("Ana", 60, 120, at=122.5).cues(coach(words_on=True), 130)
    assert (cue.given, as_seconds(cue.at)) == (True, 122.5)


def test_words_that_never_come_hold_the_invitation_back(talk, coach):
    [cue] = a_story(talk).cues(coach(words_on=True), 130)
    assert (cue.held_back, as_seconds(cue.at)) == ("words-late", 125.0)


def test_if_the_sharer_goes_on_words_are_needed_up_to_the_new_end(talk, coach):
    a_story(talk).says("Ana", 121.2, 122.4).words("Ana", 60, 120, at=122)
    assert told(talk.cues(coach(words_on=True), 130)) == [("inward", "words-late")]


def test_an_estimate_that_comes_late_in_a_long_silence_gives_no_cue(talk, coach):
    talk.says("Ana", 60, 120).estimate(126)
    [cue] = talk.cues(coach(), 130)
    assert (cue.held_back, as_seconds(cue.at)) == ("too-late", 126.0)


@pytest.mark.parametrize(
    ("flag", "reason"),
    [("question", "answer"), ("request", "answer"), ("logistics", "logistics"), ("elsewhere", "elsewhere")],
)
def test_a_sharer_who_asked_a_question_gets_no_invitation(talk, coach, flag, reason):
    a_story(talk).words("Ana", 60, 120, at=120.5, **{flag: True})
    assert told(talk.cues(coach(words_on=True), 130)) == [("inward", reason)]


def test_an_uncertain_voice_is_not_invited(talk, coach):
    talk.says("Ana", 60, 120, confidence=0.7).estimate(120)
    assert told(talk.cues(coach(), 130)) == [("inward", "who-unknown")]


def test_the_invitation_may_be_switched_off(talk, coach):
    assert told(a_story(talk).cues(coach(Policy(disabled=frozenset({"inward"}))), 130)) == [("inward", "switched-off")]


def test_a_hushed_coach_invites_nobody(talk, coach):
    talk.event(Hushed(at=as_samples(110), on=True))
    assert told(a_story(talk).cues(coach(), 130)) == [("inward", "hushed")]


def test_a_marked_moment_changes_nothing(talk, coach):
    talk.event(Marked(at=as_samples(120.5)))
    assert told(a_story(talk).cues(coach(), 130)) == [("inward", None)]


def test_an_invitation_that_waits_at_the_end_of_the_session_is_reported_as_held_back(talk, coach):
    one = coach(words_on=True)
    assert a_story(talk).cues(one, 122) == []
    [cue] = one.finish(as_samples(122))
    assert (cue.kind, cue.held_back) == ("inward", "ended")
