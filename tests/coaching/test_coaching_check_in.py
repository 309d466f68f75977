"""The check-in: each person in turn says a sentence or two."""

import pytest

from coach.coaching import Accepted, Asked, CheckIn
from coach.conversation import SpeechState
from coach.core.events import Speech, VoiceOff, VoiceOn
from coach.core.span import MILLISECOND, Span, as_samples, as_seconds

HOP = 20 * MILLISECOND
EAR = 0.2  # seconds until the ear detects that somebody stopped


def run(check_in, spans, until, start=0.0):
    """The steps of the check-in while somebody speaks in `spans` (seconds)."""
    events = []
    for a, b in spans:
        events.append((as_samples(a) + HOP, VoiceOn(at=as_samples(a) + HOP, onset=as_samples(a))))
        events.append((as_samples(b + EAR), VoiceOff(at=as_samples(b + EAR), end=as_samples(b))))
    steps, speech = [], SpeechState()
    for now in range(as_samples(start), as_samples(until), HOP):
        while events and events[0][0] <= now:
            _, event = events.pop(0)
            speech = speech.after(event)
            check_in.hear(event, speech)
        speech = speech.at(now)
        steps += check_in.tick(speech)
    return steps


@pytest.fixture
def check_in(catalogue):
    return CheckIn(("Ana", "Ben"), catalogue)


def test_the_first_person_is_asked_immediately(check_in):
    assert run(check_in, [], 0.1) == [Asked(0, "Ana", "Ana, please say a sentence or two about your day.")]


def test_after_four_seconds_and_a_pause_the_next_person_is_asked(check_in):
    steps = run(check_in, [(2, 4.5), (5, 7)], 9)
    accepted = next(s for s in steps if isinstance(s, Accepted))
    assert (accepted.who, accepted.spans) == ("Ana", (Span.seconds(2, 4.5), Span.seconds(5, 7)))
    assert as_seconds(accepted.at) == 8.0
    assert [s.who for s in steps if isinstance(s, Asked)] == ["Ana", "Ben"]
    assert check_in.person == "Ben"
    assert check_in.prompt.startswith("Ben, please")


def test_nobody_is_cut_off_in_the_middle_of_a_sentence(check_in):
    steps = run(check_in, [(2, 7), (7.6, 12)], 12.9)
    assert [type(s) for s in steps] == [Asked]


def test_three_seconds_are_not_enough(check_in):
    assert [type(s) for s in run(check_in, [(2, 5)], 9.9)] == [Asked]


def test_a_person_who_says_too_little_is_encouraged_once(check_in):
    steps = run(check_in, [(2, 4), (14, 15)], 60)
    assert [s.text for s in steps[1:]] == ["A little more, Ana."]
    assert as_seconds(steps[1].at) == 9.0


def test_each_person_may_be_encouraged(check_in):
    steps = run(check_in, [(2, 4), (12, 15), (20, 22)], 40)
    assert [s.who for s in steps if isinstance(s, Asked) and s.text.startswith("A little more")] == ["Ana", "Ben"]


def test_speech_before_the_encouragement_counts(check_in):
    steps = run(check_in, [(2, 4), (12, 14.5)], 16)
    accepted = next(s for s in steps if isinstance(s, Accepted))
    assert accepted.spans == (Span.seconds(2, 4), Span.seconds(12, 14.5))


def test_the_check_in_waits_for_the_first_word(check_in):
    assert len(run(check_in, [], 120)) == 1


def test_speech_before_the_check_in_does_not_count(catalogue):
    late = CheckIn(("Ana",), catalogue, begins=as_samples(5))
    steps = run(late, [(0, 3), (4, 7)], 12)
    assert not any(isinstance(s, Accepted) for s in steps)
    assert late.said(SpeechState(now=as_samples(12))) == as_samples(2)


def test_speech_in_progress_is_counted_for_the_screen(check_in):
    run(check_in, [(2, 30)], 5)
    assert as_seconds(check_in.said(SpeechState(voice=as_samples(2), now=as_samples(5)))) == 3.0


def test_the_check_in_ends_when_everybody_was_heard(check_in):
    run(check_in, [(2, 7), (10, 15)], 17)
    assert (check_in.done, check_in.person, check_in.prompt) == (True, None, "")
    assert check_in.tick(SpeechState(now=as_samples(18))) == []


def test_a_person_whose_voice_is_rejected_is_asked_again_from_the_beginning(check_in):
    run(check_in, [(2, 7), (10, 15)], 17)
    check_in.reject("Ben")
    steps = run(check_in, [(20, 23)], 24, start=17)
    assert [s.text for s in steps] == ["That voice sounded like the one before. Ben, a sentence or two from you?"]
    assert check_in.said(SpeechState(now=as_samples(24))) == as_samples(3)


def test_a_person_in_whose_speech_there_was_no_voice_is_asked_for_more(check_in):
    run(check_in, [(2, 7), (10, 15)], 17)
    check_in.ask_more("Ben")
    steps = run(check_in, [(20, 23)], 24, start=17)
    assert [s.text for s in steps] == ["A little more, Ben."]
    assert check_in.said(SpeechState(now=as_samples(24))) == as_samples(3)


def test_a_person_can_be_asked_again_after_the_next_was_asked(check_in):
    run(check_in, [(2, 7)], 9)
    check_in.reject("Ana")
    assert check_in.person == "Ana"
    run(check_in, [(12, 17), (20, 25)], 27, start=9)
    assert check_in.done


def test_rejecting_the_person_who_is_asked_does_not_ask_twice(check_in):
    run(check_in, [], 1)
    check_in.reject("Ana")
    run(check_in, [(2, 7), (10, 15)], 17, start=1)
    assert check_in.done


def test_the_rest_can_be_skipped(check_in):
    run(check_in, [(2, 7)], 9)
    check_in.skip()
    assert (check_in.done, check_in.tick(SpeechState(now=as_samples(9)))) == (True, [])


def test_the_names_in_speech_events_do_not_matter(check_in):
    speech = Speech(at=as_samples(8), who="?", span=Span.seconds(2, 8), confidence=0.1)
    check_in.hear(speech, SpeechState().after(speech))
    assert check_in.said(SpeechState().after(speech)) == 0
