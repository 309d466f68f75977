"""Ask first: a rising tone, and words only after a yes. `scenarios/ask.txt` tells it as conversations."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.coaching import GATE_SENTENCES, Catalogue, Coach, Policy
from coach.coaching.short_answers import answer_in
from coach.core.events import Hushed, TakenUp, Words
from coach.core.span import MILLISECOND, Span, as_samples, as_seconds

CATALOGUE = Catalogue.load()
HOP = 20 * MILLISECOND
ASKS = Policy(ask=True)
STORY_ENDS = 70.0  # the second at which Ana stops, after the first minute, which stays without cues
ASKED = STORY_ENDS + 1.0  # the second of the rising tone
TOLD = "And then we drove home with all the boxes in the van."


def story(talk):
    """A minute of Ana's telling, after which the pipeline begins a new run, as it does after an invitation."""
    talk.says("Ana", 0.5, STORY_ENDS).words("Ana", 60, STORY_ENDS, at=STORY_ENDS + 0.4)
    return talk.estimate(STORY_ENDS + 0.5).estimate(ASKED + 0.1, events=False, story=2)


def says(talk, who, start, length, text, *, read_s=0.6, sure=0.97):
    span = Span.seconds(start, start + length)
    talk.says(who, start, start + length, sure)
    return talk.event(Words(at=span.end + as_samples(read_s), who=who, span=span, count=len(text.split()), text=text))


def cues(talk, until=110.0, policy=ASKS):
    return talk.cues(Coach(policy, CATALOGUE, ("Ana", "Ben"), words_on=True), until)


def test_the_rising_tone_has_no_words_and_the_words_say_when_they_were_asked_for(talk):
    asked, told = cues(says(story(talk), "Ana", 74.0, 0.5, "Yes, please."))
    assert (asked.kind, asked.form, asked.text, asked.to, asked.given) == ("ask", "tone", "", "Ana", True)
    assert (told.kind, told.form, told.to, told.given) == ("inward", "spoken", "Ana", True)
    assert told.text == CATALOGUE.wording("inward")
    assert as_seconds(asked.at) == pytest.approx(ASKED, abs=0.03)
    assert told.because["asked_s"] == as_seconds(asked.at)
    assert told.because["silence_s"] >= 1.0


def test_by_default_the_words_are_spoken_at_once(talk):
    (cue,) = cues(story(talk), policy=Policy())
    assert (cue.kind, cue.form, cue.given) == ("inward", "spoken", True)
    assert as_seconds(cue.at) == pytest.approx(ASKED, abs=0.03)


@pytest.mark.parametrize(("begins_s", "said"), [(0.2, True), (7.9, True), (8.1, False)])
def test_a_yes_must_begin_within_eight_seconds_of_the_tone(talk, begins_s, said):
    _, told = cues(says(story(talk), "Ana", ASKED + begins_s, 0.5, "Yes."))
    assert told.given == said


def test_a_late_yes_does_not_count_although_another_answer_is_still_awaited(talk):
    says(story(talk), "Ben", ASKED + 7.5, 0.8, "Hm.")
    asked, told = cues(says(talk, "Ana", ASKED + 8.5, 0.5, "Yes."))
    assert not told.given
    assert told.at - asked.at > as_samples(8.5)


def test_a_yes_from_before_the_tone_is_no_answer_to_it(talk):
    early = Span.seconds(40, 40.5)
    story(talk).event(Words(at=as_samples(ASKED + 1), who="Ana", span=early, count=1, text="Yes."))
    _, told = cues(talk)
    assert told.held_back == "not-taken-up"


def test_after_a_yes_a_no_changes_nothing(talk):
    says(story(talk), "Ana", 72.5, 0.5, "Yes.", read_s=0.3)
    _, told = cues(says(talk, "Ana", 73.4, 0.4, "No."))
    assert told.given


def test_a_coach_whose_recogniser_has_stopped_waits_for_the_key_alone_and_no_longer_than_eight_seconds(talk):
    story(talk).says("Ben", ASKED + 7.5, ASKED + 9)
    coach = Coach(ASKS, CATALOGUE, ("Ana", "Ben"), words_on=True)
    talk.cues(coach, ASKED + 1)
    coach.lose_words()
    (told,) = talk.cues(coach, 110.0, since=ASKED + 1)
    assert told.held_back == "not-taken-up"
    assert as_seconds(told.at) == pytest.approx(ASKED + 8, abs=0.05)


def test_a_new_beginning_forgets_the_question(talk):
    coach = Coach(ASKS, CATALOGUE, ("Ana", "Ben"), words_on=True)
    assert [cue.kind for cue in story(talk).cues(coach, ASKED + 1)] == ["ask"]
    coach.begin(as_samples(ASKED + 1))
    assert talk.cues(coach, 110.0, since=ASKED + 1) == []


after = st.lists(
    st.tuples(
        st.sampled_from(("Ana", "Ana", "Ben")),
        st.sampled_from(("Yes.", "Yes, please.", "No.", "Yeah.", TOLD)),
        st.floats(0.0, 7.0),  # seconds from the tone, or from the end of what was said before
        st.floats(0.3, 6.0),  # seconds of speech
        st.floats(0.3, 3.0),  # seconds until it is read
        st.sampled_from((0.97, 0.97, 0.5)),  # how sure the name is
    ),
    max_size=4,
)
YES = ("Yes.", "Yes, please.")


@given(after, st.none() | st.floats(71.5, 90), st.none() | st.floats(71.5, 90))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_words_come_only_after_a_yes_and_never_over_anybody(new_talk, told, key_s, hush_s):
    talk, end, agreed = story(new_talk()), ASKED, key_s is not None
    for who, text, pause, length, read_s, sure in told:
        start = end + pause
        end = start + length
        says(talk, who, start, length, text, read_s=read_s, sure=sure)
        agreed |= who == "Ana" and text in YES and start <= ASKED + 8.1 and sure > 0.8
    if key_s is not None:
        talk.event(TakenUp(at=as_samples(key_s)))
    if hush_s is not None:
        talk.event(Hushed(at=as_samples(hush_s), on=True))
    given_or_not = cues(talk, 130.0)

    assert [cue.kind for cue in given_or_not] == ["ask", "inward"]
    asked, settled = given_or_not
    assert asked.given
    assert 0 < settled.at - asked.at <= as_samples(8 + 4 + 4 + 1)  # the answer, its words, the silence; a hop each
    if settled.given:
        assert agreed
        assert hush_s is None or settled.at <= as_samples(hush_s) + HOP
        assert settled.because["silence_s"] >= 1.0
        assert not any(settled.at in Span(voice.start + HOP, voice.end) for voice in talk.voices)
    else:
        assert settled.held_back in {"not-taken-up", "gone-on", "speaking"} | ({"hushed"} if hush_s else set())
        assert settled.held_back in GATE_SENTENCES


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("Yes.", "en", "yes"),
        ("Yes, yes.", "en", "yes"),
        ("Um, yes. Please!", "en", "yes"),
        ("Please.", "en", "yes"),
        ("Yeah, please.", "en", "yes"),
        ("Sure.", "en", "yes"),
        ("Okay, go ahead.", "en", "yes"),
        ("No.", "en", "no"),
        ("No, not now.", "en", "no"),
        ("Oh no thanks.", "en", "no"),
        ("Yeah.", "en", None),
        ("Okay.", "en", None),
        ("Mm-hm.", "en", None),
        ("Thank you.", "en", None),
        ("Oh yes, please do.", "en", None),
        ("Yes and no.", "en", None),
        ("Yes, he did.", "en", None),
        ("…", "en", None),
        ("", "en", None),
        ("Ja.", "de", "yes"),
        ("Ja, bitte.", "de", "yes"),
        ("Bitte.", "de", "yes"),
        ("Gerne!", "de", "yes"),
        ("Nein, danke.", "de", "no"),
        ("Jetzt nicht.", "de", "no"),
        ("Ja, und dann?", "de", None),
        ("Ja.", "en", None),
        ("Oui.", "fr", None),
    ],
)
def test_a_short_yes_or_no_is_understood_and_nothing_else(text, language, answer):
    assert answer_in(text, language) == answer
