"""When one person's own words add up to a run that stays with what happened."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coach.core.events import Words
from coach.core.span import Span, as_samples
from coach.meaning import RunConfig, Runs, read

PLAIN = "so we went up to the house and I opened the door for him and then I drove back to town again"
ASKED = "so you went up to your house and what did your wife say when you came back to town again"


def told(
    start: float, seconds: float = 10, who: str = "Ana", p: float = 0.01, sentences: int = 2, text: str = PLAIN
) -> Words:
    """An event-level stretch."""
    span = Span.seconds(start, start + seconds)
    count = len(text.split())
    return Words(
        at=span.end, who=who, span=span, count=count, text=text, sentences=sentences, level="1", p_experience=p
    )


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
    assert run.p_event > RunConfig().event


def test_forty_seconds_are_not_enough():
    assert not after(*FIVE[:4]).estimate("Ana").events


def test_exactly_forty_five_seconds_are_enough():
    assert after(*FIVE[:4], told(48, 5)).estimate("Ana").events


def test_four_sentences_are_not_enough_however_long_they_are():
    assert not after(told(0, 30, sentences=2), told(31, 30, sentences=2)).estimate("Ana").events
    assert after(told(0, 30, sentences=3), told(31, 30, sentences=2)).estimate("Ana").events


def test_the_others_questions_and_nods_do_not_end_the_run():
    ben = {"who": "Ben", "text": ASKED}
    asked = [replace(told(s, 1.8, **ben), question=True) for s in (10, 22)]
    long = replace(told(59, 16, who="Ben"), question=True)
    nod = Words(at=0, who="Ben", span=Span.seconds(34, 35), count=1, text="Mm-hm.", acknowledgement=True, level="N",
                p_experience=0.0)  # fmt: skip
    assert after(FIVE[0], asked[0], FIVE[1], asked[1], FIVE[2], nod, *FIVE[3:], long).estimate("Ana").events


def test_what_is_answered_to_a_question_counts():
    """Event-level talk is mostly just that: one tells, the other draws out details."""
    stretches = []
    for k in range(10):
        stretches.append(replace(told(8 * k, 2, who="Ben", text=ASKED), question=True))
        stretches.append(told(8 * k + 2.3, 5, sentences=1))
    assert after(*stretches).estimate("Ana").events


def test_saying_back_what_was_told_does_not_end_the_run():
    back = told(10, 16, who="Ben", text="so you went up to the house and you opened the door and you drove him back")
    assert after(FIVE[0], back, *[told(s) for s in (27, 39, 51, 63)]).estimate("Ana").events


def test_the_others_own_telling_ends_the_run():
    for seconds, kept in ((14.9, True), (15.0, False)):
        runs = after(FIVE[0], told(10, seconds, who="Ben"), *[told(s) for s in (27, 39, 51, 63)])
        assert runs.estimate("Ana").events is kept
        assert runs.estimate("Ana").speech == as_samples(50 if kept else 40)


def test_short_tellings_of_the_other_do_not_add_up_between_own_words():
    runs = after(FIVE[0], told(10.5, 8, who="Ben"), told(19), told(30, 8, who="Ben"), *[told(s) for s in (39, 50, 61)])
    assert runs.estimate("Ana").speech == as_samples(50)


def test_late_words_from_before_the_others_telling_do_not_count():
    runs = after(*FIVE[:4], told(60, 16, who="Ben"), FIVE[4])
    assert runs.estimate("Ana").speech == 0
    runs.hear(told(77))
    assert runs.estimate("Ana").speech == as_samples(10)


def test_an_inner_stretch_starts_a_new_run():
    runs = after(*FIVE[:4], replace(FIVE[4], level="3", p_experience=0.5))
    assert runs.estimate("Ana").speech == 0
    runs.hear(told(60))
    assert runs.estimate("Ana").span == Span.seconds(60, 70)


def test_doubt_in_two_stretches_is_no_claim():
    doubtful = [replace(words, p_experience=0.45) for words in FIVE[:2]]
    assert not after(*doubtful, *FIVE[2:]).estimate("Ana").events


def test_more_doubt_never_makes_the_estimate_surer():
    sure = [after(*FIVE[:4], replace(FIVE[4], p_experience=p)).estimate("Ana").p_event for p in (0.01, 0.1, 0.3, 0.49)]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == 4


def test_talk_that_is_no_sharing_is_no_claim():
    """Arrangements, the world, a film: there is nothing in it to be invited from."""
    assert not after(*[replace(words, level="N") for words in FIVE]).estimate("Ana").events


def test_talk_about_the_other_is_no_claim():
    assert not after(*[told(12 * k, text=ASKED) for k in range(5)]).estimate("Ana").events


def test_only_the_last_forty_five_seconds_are_judged():
    warm = [told(12 * k, p=0.45) for k in range(3)]
    plain = [told(36 + 12 * k) for k in range(5)]
    assert not after(*warm, *plain[:2]).estimate("Ana").events
    run, alone = after(*warm, *plain).estimate("Ana"), after(*plain).estimate("Ana")
    assert (run.p_event, run.speech, run.sentences) == (alone.p_event, alone.speech, alone.sentences)
    assert run.events
    assert run.span.start == 0  # the story is older than its last part


def test_the_judged_part_reaches_back_to_the_fifth_sentence():
    warm = [told(31 * k, 30, p=0.45, sentences=1) for k in range(2)]
    plain = [told(62 + 31 * k, 30, sentences=1) for k in range(5)]
    assert not after(*warm, *plain[:3]).estimate("Ana").events
    assert after(*warm, *plain).estimate("Ana").events


def test_in_a_language_without_a_lexicon_there_is_no_run():
    unread = [replace(words, level=None, p_experience=None) for words in FIVE]
    assert after(*unread).estimate("Ana").speech == 0


def test_a_lapse_of_a_minute_starts_a_new_run():
    for silence, kept in ((59.9, True), (60.0, False)):
        runs = after(*FIVE[:4], told(46 + silence))
        assert runs.estimate("Ana").events is kept
        assert runs.estimate("Ana").speech == as_samples(50 if kept else 10)


def test_each_person_has_their_own_run():
    runs = after(*FIVE[:3], *[told(s, 7, who="Ben") for s in (62, 71)])
    assert runs.estimate("Ben").speech == as_samples(14)
    assert runs.estimate("Cara").speech == 0
    assert not runs.estimate("Cara").events


def test_after_an_invitation_the_same_words_do_not_count_twice():
    runs = after(*FIVE)
    runs.reset("Ana")
    assert not runs.estimate("Ana").events
    runs.hear(FIVE[4])
    assert runs.estimate("Ana").speech == 0
    runs.hear(told(58))
    assert runs.estimate("Ana").speech == as_samples(10)


def test_the_caller_sets_the_thresholds():
    runs = Runs(RunConfig(inner=0.2, event=0.999, speech=as_samples(20), sentences=2))
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
        runs.hear(words)
        run = runs.estimate(words.who)
        spoken += words.span.duration
        assert run.speech <= spoken
        assert run.speech < RunConfig().speech + as_samples(30) or run.sentences < RunConfig().sentences + 2
        assert run.speech <= run.span.duration
        assert 0.0 <= run.p_event <= 1.0
        assert not run.events or (run.speech >= RunConfig().speech and run.sentences >= RunConfig().sentences)


def test_a_recognised_story_is_events_and_an_inner_one_is_not():
    tale = [
        "so on saturday i took the van down to my cousin's place in the valley",
        "he had rented one of those big saws and the man at the shop showed me how it starts",
        "then the neighbour came over and said the tree was on my side of the fence",
        "my cousin went in and got the map and i put it on the bonnet and measured it twice",
        "and in the end i called the council and a woman came out with a tape on monday",
    ]
    inner = [*tale[:4], "and i just stood there and i felt so small and ashamed of myself"]
    for told_of, events in ((tale, True), (inner, False)):
        runs = Runs()
        for k, text in enumerate(told_of):
            reading = read(text)
            words = told(k * 11, 10, p=reading.p_experience or 0.0, sentences=reading.sentences, text=text)
            runs.hear(replace(words, level=reading.level))
        assert runs.estimate("Ana").events is events
