"""The coach does not ask again for a kind of experience that the person has shared."""

from coach.coaching import Catalogue, Coach, Policy
from coach.core.events import KINDS, Words
from coach.core.span import Span, as_samples

FEELINGS_AND_MORE = Catalogue.load(
    override='[inward.toward]\nfeelings = ["…which feelings are there?"]\nneeds = ["…what mattered there?"]'
)


def words(who, at, *kinds):
    return Words(at=as_samples(at), who=who, span=Span.seconds(at - 4, at - 1), count=9, kinds=kinds)


def invitation(talk):
    """The cues for Ana, who has shared events for a minute, up to the second 120; there is no recogniser."""
    coach = Coach(Policy(), FEELINGS_AND_MORE, ("Ana", "Ben"), words_on=False)
    talk.says("Ana", 60, 120).estimate(120)
    [cue] = talk.cues(coach, 130)
    return cue.text


def test_a_sharer_who_mentioned_feelings_is_asked_for_another_kind(talk):
    assert invitation(talk.event(words("Ana", 30, "feelings", "hopes"))) == "…what mattered there?"


def test_kinds_that_the_listener_mentioned_do_not_count_for_the_sharer(talk):
    assert invitation(talk.event(words("Ben", 30, "feelings"))) == "…which feelings are there?"


def test_a_sharer_who_mentioned_every_kind_is_still_invited(talk):
    assert invitation(talk.event(words("Ana", 30, *KINDS))) == "…which feelings are there?"


def test_kinds_mentioned_before_the_conversation_do_not_count(talk):
    coach = Coach(Policy(quiet_first=0), FEELINGS_AND_MORE, ("Ana", "Ben"), words_on=False)
    coach.hear(words("Ana", 10, "feelings"))
    coach.begin(as_samples(20))
    [cue] = talk.says("Ana", 60, 120).estimate(120).cues(coach, 130)
    assert cue.text == "…which feelings are there?"
