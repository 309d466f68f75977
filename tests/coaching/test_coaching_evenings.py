"""For any conversation of two people, played through the complete pipeline, the coach keeps its promises.

`test_coaching_budget` tests the coach alone on more evenings with invented floor transfers. Here everything from voices
to cues is real, and the words are classified.
"""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.coaching import ASKED, GATE_SENTENCES
from coach.core.settings import Settings
from coach.core.span import Span, as_samples, as_seconds, joined
from scripts.simulate.perfect_hearing import FOUND, Said
from scripts.simulate.scenario import PEOPLE, Scenario

TOLD = (
    "So we drove up on Friday and there was a lorry across both lanes, and the police sent us back through the town. "
    "When we got there the lock was broken, so my father climbed in through the window and then he opened the door."
)
TEXTS = {
    "told": TOLD,
    "inner": "I noticed how sad I was, I felt so alone in that house, and I longed for somebody to hold me.",
    "asked": f"{TOLD} What would you have done?",
    "advice": "You should call the plumber tomorrow and tell him about it. You need to ask for some help with that.",
    "mm-hm": "Mm-hm.",
    "yes": "Yes, please.",
}
QUIET = 10  # seconds without cues at the beginning, instead of a minute, so that more is tested

turns = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from([*TEXTS, "told", "told"]),
        st.floats(0.4, 25),  # seconds of speech
        st.floats(-1.5, 5.0),  # seconds from the end of what was said before
    ),
    min_size=8,
    max_size=14,
)
wishes = st.builds(
    Settings,
    people=st.just(PEOPLE),
    quiet_first=st.just(float(QUIET)),
    cues=st.sampled_from(["full", "full", "tones"]),
    spoken_every=st.sampled_from([0.0, 20.0, 120.0]),
    tone_every=st.sampled_from([5.0, 20.0]),
    cues_on=st.sampled_from([(), ("curious",)]),
    cues_in_words=st.sampled_from([(), ("too_soon",)]),
    cues_as_tones=st.sampled_from([(), ("inward",)]),
    cue_style=st.sampled_from(["speak", "ask"]),
)


def evening(wish: Settings, words_s: float | None, told: list[tuple[str, str, float, float]]) -> Scenario:
    said: list[Said] = []
    end = dict.fromkeys(PEOPLE, 0.0)
    for who, text, length, pause in told:
        start = max(end[who] + 0.3, max(end.values()) + pause)  # one person's speech does not overlap
        end[who] = start + length
        said.append(Said(who, Span.seconds(start, end[who]), TEXTS[text]))
    return Scenario("an evening", wish, words_s, said)


@given(wishes, st.sampled_from([None, 0.4, 1.5, 3.0]), turns)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_cues_are_rare_never_spoken_over_people_and_held_back_with_a_reason(wish, words_s, told):
    scenario = evening(wish, words_s, told)
    cues = scenario.decisions()
    sounded = [cue for cue in cues if cue.given]

    # the tone that asks for words counts as they do; words that were asked for count no further
    counted = [("spoken" if cue.kind == "ask" else cue.form, cue.at) for cue in sounded if ASKED not in cue.because]
    for form, every in (("tone", wish.tone_every), ("spoken", wish.spoken_every)):
        times = [at for counts_as, at in counted if counts_as == form]
        assert all(later - earlier >= as_samples(every) for earlier, later in pairwise(times))
    assert all(cue.at >= as_samples(QUIET) for cue in sounded)

    voices = [Span(span.start + FOUND, span.end) for span in joined(each.span for each in scenario.said)]
    marks = {("tone", "too_soon"), ("tone", "over")}
    in_silence = [cue for cue in sounded if (cue.form, cue.kind) not in marks]
    assert not [as_seconds(cue.at) for cue in in_silence if any(cue.at in span for span in voices)]
    assert wish.cues == "full" or not any(cue.form == "spoken" for cue in sounded)

    assert all((cue.held_back is None) == cue.given for cue in cues)
    assert {cue.held_back for cue in cues if not cue.given} <= set(GATE_SENTENCES)
    assert [cue.at for cue in cues] == sorted(cue.at for cue in cues)


def test_such_evenings_give_cues_of_every_kind():
    """A coach that never says anything would keep the promises above, so this test checks that it does."""
    told = [("Ana", "told", 20.0, 0.5), ("Ben", "advice", 6.0, 0.4)] * 6
    wish = Settings(people=PEOPLE, quiet_first=0.0, cues_on=("curious",), spoken_every=20.0, tones_an_hour=3600)
    told += [("Ana", "inner", 10.0, 3.0)]  # which ends a story
    told += [("Ana", "told", 20.0, 3.0)] * 3 + [("Ana", "inner", 10.0, 5.0)]
    given_kinds = {(cue.kind, cue.form) for cue in evening(wish, 0.4, told).decisions() if cue.given}
    assert given_kinds >= {("too_soon", "tone"), ("curious", "spoken"), ("inward", "spoken")}
