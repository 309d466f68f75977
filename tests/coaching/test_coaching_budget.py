"""The coach keeps to its budget for any conversation."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.coaching import Catalogue, Coach, Policy
from coach.coaching.gates.order import GATE_SENTENCES
from coach.core.events import to_record
from coach.core.span import MILLISECOND, Span, as_seconds, joined

CATALOGUE = Catalogue.load()
HOP = 20 * MILLISECOND
PEOPLE = ("Ana", "Ben")
POLICY = Policy(lands_at=2)  # words come more often, so that their rules are tested more often

turns = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.floats(0.2, 20),  # seconds of speech
        st.floats(-1.0, 6.0),  # seconds from the end of the turn before
        st.booleans(),  # was the turn before a share?
        st.integers(0, 3),  # which story it belongs to
        st.booleans(),  # does the estimate say "events only"?
    ),
    min_size=10,
    max_size=40,
)


def evening(talk, told):
    end, before = 0.0, None
    for who, length, pause, share, story, events in told:
        start = max(0.0, end + pause)
        talk.says(who, start, start + length)
        if before is not None and who != before:
            talk.takes_floor(who, start, start - end, after=before, after_share=share, too_soon=share)
        end = max(end, start + length)
        talk.estimate(end + 0.3, who, events=events, story=story)
        before = who
    return talk, end + 10


@given(turns)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_the_budget_holds_in_any_evening(new_talk, told):
    talk, until = evening(new_talk(), told)
    cues = talk.cues(Coach(POLICY, CATALOGUE, PEOPLE, words_on=False), until)
    given_cues = [cue for cue in cues if cue.given]

    assert all(cue.at >= POLICY.quiet_first for cue in given_cues)
    for form, every in (("tone", POLICY.tone_every), ("spoken", POLICY.spoken_every)):
        times = [cue.at for cue in given_cues if cue.form == form]
        assert all(later - earlier >= every for earlier, later in pairwise(times))

    heard = [Span(span.start + HOP, span.end) for span in joined(talk.voices)]  # a voice is detected a hop late
    spoken = [cue for cue in given_cues if cue.form == "spoken"]
    assert not [as_seconds(cue.at) for cue in spoken if any(cue.at in span for span in heard)]
    assert all(cue.because["silence_s"] >= 1.0 for cue in spoken)
    assert all((cue.held_back is None) == cue.given for cue in cues)
    assert all(cue.held_back in GATE_SENTENCES for cue in cues if not cue.given)
    assert [cue.at for cue in cues] == sorted(cue.at for cue in cues)


@given(turns)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_there_is_at_most_one_spoken_cue_in_a_story(new_talk, told):
    """Every turn belongs to one story here, so there may be at most one "inward" per person."""
    talk, until = evening(new_talk(), [(*turn[:4], 1, True) for turn in told])
    cues = talk.cues(Coach(Policy(spoken_every=0), CATALOGUE, PEOPLE, words_on=False), until)
    to = [cue.to for cue in cues if cue.given and cue.kind == "inward"]
    assert len(to) == len(set(to))


@given(turns)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_the_same_evening_gives_the_same_cues(new_talk, told):
    talk, until = evening(new_talk(), told)
    first, second = (talk.cues(Coach(POLICY, CATALOGUE, PEOPLE, words_on=False), until) for _ in range(2))
    assert [to_record(cue) for cue in first] == [to_record(cue) for cue in second]


def test_an_evening_with_many_early_answers_gives_some_cues(talk, coach):
    """The properties above would hold for a coach that never says anything, so this test checks that it does."""
    for at in range(30, 600, 15):
        talk.jumps_in(at)
    cues = talk.cues(coach(), 600)
    assert sum(cue.given for cue in cues) >= 15
    assert {cue.form for cue in cues if cue.given} == {"tone", "spoken"}
    assert {cue.held_back for cue in cues} >= {None, "quiet-first", "budget"}
