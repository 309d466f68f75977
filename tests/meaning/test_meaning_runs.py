"""When one person's stretches add up to a run of only events."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coach.core.events import Words
from coach.core.span import Span, as_samples
from coach.meaning import RunConfig, Runs, read


def told(start: float, seconds: float = 10, who: str = "Ana", p: float = 0.01, sentences: int = 2) -> Words:
    """An event-level stretch."""
    span = Span.seconds(start, start + seconds)
    return Words(at=span.end, who=who, span=span, count=25, sentences=sentences, level="1", p_experience=p)


def after(*stretches: Words) -> Runs:
    runs = Runs()
    for stretch in stretches:
        runs.hear(stretch)
    return runs


FIVE = [told(s) for s in (0, 12, 24, 36, 48)]  # 50 s of speech in ten sentences, between 0 and 58 s


def test_fifty_seconds_of_plain_events_are_enough():
    run = after(*FIVE).estimate("Ana")
    assert run.events
    assert (run.span, run.speech, run.sentences) == (Span.seconds(0, 58), as_samples(50), 10)
    assert run.p_event > 0.8


def test_forty_seconds_are_not_enough():
    assert not after(*FIVE[:4]).estimate("Ana").events


def test_exactly_forty_five_seconds_are_enough():
    assert after(*FIVE[:4], told(48, 5)).estimate("Ana").events


def test_four_sentences_are_not_enough_however_long_they_are():
    assert not after(told(0, 30, sentences=2), told(31, 30, sentences=2)).estimate("Ana").events
    assert after(told(0, 30, sentences=3), told(31, 30, sentences=2)).estimate("Ana").events


def test_doubt_in_every_stretch_adds_up_until_there_is_no_claim():
    assert not after(*[replace(w, p_experience=0.3) for w in FIVE]).estimate("Ana").events


def minutes(*first: Words, stretches: int = 15, **changes: float) -> list[Words]:
    """The stretch `first`, followed by two and a half minutes of plain events."""
    start = first[-1].span.end / as_samples(1) + 2 if first else 0
    return [*first, *(told(start + 12 * k, **changes) for k in range(stretches))]


def test_one_doubtful_sentence_is_forgotten_after_a_minute_of_plain_events():
    warm = told(0, p=0.49)
    assert not after(*minutes(warm, stretches=5)).estimate("Ana").events
    assert after(*minutes(warm, stretches=6)).estimate("Ana").events


def test_doubt_does_not_add_up_over_minutes():
    alone = after(*minutes(stretches=6, p=0.04)).estimate("Ana")
    long = after(*minutes(stretches=60, p=0.04)).estimate("Ana")
    assert alone.events
    assert (long.p_event, long.speech, long.sentences) == (alone.p_event, alone.speech, alone.sentences)


def test_doubt_in_the_last_minute_counts_however_long_the_plain_events_before():
    telling = minutes()
    for k in range(-6, 0):
        changed = list(telling)
        changed[k] = replace(changed[k], p_experience=0.49)
        assert not after(*changed).estimate("Ana").events
    changed = list(telling)
    changed[-7] = replace(changed[-7], p_experience=0.49)
    assert after(*changed).estimate("Ana").events


def test_doubt_outside_shares_is_forgotten_with_the_stretch_before_it():
    asked = replace(told(12, p=0.49), question=True)
    assert not after(*minutes(told(0), asked, stretches=5)).estimate("Ana").events
    assert after(*minutes(told(0), asked, stretches=6)).estimate("Ana").events


def test_asides_count_only_in_the_latest_part():
    asides = [replace(told(12 + 10 * k), logistics=True) for k in range(4)]
    assert not after(*minutes(told(0), *asides, stretches=5)).estimate("Ana").events
    assert after(*minutes(told(0), *asides, stretches=6)).estimate("Ana").events


def test_the_latest_part_reaches_back_to_the_fifth_sentence():
    warm = told(0, 30, p=0.49, sentences=2)
    plain = [told(31 + 31 * k, 30, sentences=1) for k in range(5)]
    assert not after(warm, *plain[:4]).estimate("Ana").events
    assert after(warm, *plain).estimate("Ana").events


def test_a_run_is_identified_by_its_start_however_long_it_is():
    telling = minutes(stretches=30)
    assert {after(*telling[:k]).estimate("Ana").span.start for k in range(1, 31)} == {0}


def test_one_doubtful_stretch_lowers_the_estimate():
    doubtful = after(*FIVE[:4], replace(FIVE[4], p_experience=0.45)).estimate("Ana")
    assert doubtful.p_event < after(*FIVE).estimate("Ana").p_event
    assert not doubtful.events


def test_an_inner_stretch_starts_a_new_run():
    runs = after(*FIVE[:4], replace(FIVE[4], level="3", p_experience=0.5))
    assert runs.estimate("Ana").speech == 0
    runs.hear(told(60))
    assert runs.estimate("Ana").span == Span.seconds(60, 70)


def test_talk_that_is_not_a_share_neither_counts_nor_ends_the_run():
    no_share = {
        "acknowledgement": {"acknowledgement": True},
        "question": {"question": True},
        "request": {"request": True},
        "logistics": {"logistics": True},
        "world": {"level": "N"},
        "unknown language": {"level": None, "p_experience": None},
    }
    for name, change in no_share.items():
        runs = after(*FIVE[:4], replace(FIVE[4], **change))
        assert runs.estimate("Ana").speech == after(*FIVE[:4]).estimate("Ana").speech, name
        assert runs.estimate("Ana").span == after(*FIVE[:4]).estimate("Ana").span, name
        runs.hear(told(60))
        assert runs.estimate("Ana").events, name


def test_doubt_also_counts_in_talk_that_is_not_a_share():
    for change in ({"question": True}, {"level": "N"}):
        runs = after(*FIVE)
        runs.hear(replace(told(60), p_experience=0.45, **change))
        assert not runs.estimate("Ana").events
        assert runs.estimate("Ana").speech == as_samples(50)


def test_a_real_turn_by_the_other_person_starts_a_new_run_but_a_short_one_does_not():
    for seconds, kept in ((4.9, True), (5.0, False)):
        runs = after(*FIVE)
        runs.other_turn("Ben", as_samples(seconds))
        assert runs.estimate("Ana").events is kept


def test_a_persons_own_turn_does_not_end_their_run():
    runs = after(*FIVE)
    runs.other_turn("Ana", as_samples(50))
    assert runs.estimate("Ana").events


def test_late_words_from_before_the_other_persons_turn_do_not_count():
    runs = after(*FIVE[:4])
    runs.other_turn("Ben", as_samples(8), end=as_samples(66))
    runs.hear(FIVE[4])
    assert runs.estimate("Ana").speech == 0
    runs.hear(told(67))
    assert runs.estimate("Ana").speech == as_samples(10)


def test_a_lapse_of_a_minute_starts_a_new_run():
    for silence, kept in ((59.9, True), (60.0, False)):
        runs = after(*FIVE[:4], told(46 + silence))
        assert runs.estimate("Ana").events is kept
        assert runs.estimate("Ana").speech == as_samples(50 if kept else 10)


def test_each_person_has_their_own_run():
    runs = after(*FIVE[:3], *[told(s, who="Ben") for s in (62, 74)])
    assert runs.estimate("Ana").speech == as_samples(30)
    assert runs.estimate("Ben").speech == as_samples(20)
    assert runs.estimate("Cara").speech == 0
    assert not runs.estimate("Cara").events


def test_after_a_reset_the_same_story_does_not_count_twice():
    runs = after(*FIVE)
    runs.reset("Ana")
    assert not runs.estimate("Ana").events
    runs.hear(FIVE[4])
    assert runs.estimate("Ana").speech == 0
    runs.hear(told(58))
    assert runs.estimate("Ana").speech == as_samples(10)


def test_the_caller_sets_the_thresholds():
    runs = Runs(RunConfig(inner=0.2, event=0.99, speech=as_samples(20)))
    runs.hear(told(0))
    runs.hear(told(11))
    assert runs.estimate("Ana").speech == as_samples(20)
    assert not runs.estimate("Ana").events
    runs.hear(told(22, p=0.2))
    assert runs.estimate("Ana").speech == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 30), st.integers(0, 70), st.booleans()), max_size=30))
def test_a_run_never_claims_more_than_was_said(stretches):
    runs, clock, spoken = Runs(), 0, 0
    for p, seconds, silence, ben in stretches:
        words = told(clock + silence, seconds, who="Ben" if ben else "Ana", p=p)
        clock += silence + seconds
        before = runs.estimate(words.who)
        runs.hear(words)
        run = runs.estimate(words.who)
        spoken += words.span.duration
        assert run.speech <= spoken
        assert run.speech < RunConfig().latest + as_samples(30) or run.sentences < RunConfig().sentences + 2
        assert run.speech <= run.span.duration
        assert 0.0 <= run.p_event <= 1.0
        if before.speech > 0 and run.speech == before.speech + words.span.duration:  # nothing was dropped
            assert run.p_event <= before.p_event  # more talk never makes "events only" more certain


def test_a_recognised_story_is_events_and_an_inner_one_is_not():
    tale = [
        "so on saturday we took the van down to my cousin's place in the valley",
        "he had rented one of those big saws and the man at the shop showed him how it starts",
        "then the neighbour came over and said the tree was on his side of the fence",
        "my cousin went in and got the map and they put it on the bonnet and measured it twice",
        "and in the end they called the council and a woman came out with a tape on monday",
    ]
    inner = [*tale[:4], "and i just stood there and i felt so small and ashamed of myself"]
    for told_of, events in ((tale, True), (inner, False)):
        runs = Runs()
        for k, text in enumerate(told_of):
            reading = read(text)
            words = told(k * 11, 10, p=reading.p_experience or 0.0, sentences=reading.sentences)
            runs.hear(replace(words, level=reading.level))
        assert runs.estimate("Ana").events is events
