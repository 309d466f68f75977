"""The endpointer cuts speech into spans long enough to recognise and short enough for low latency."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.asr.endpointer import Endpointer, EndpointerConfig
from coach.conversation import SpeechState
from coach.core.events import Ended, Event, Speech, SpeechOn, VoiceOff, VoiceOn
from coach.core.span import RATE, Span, as_samples

HOP = 320  # samples between two ticks of the endpointer
KNOWN = as_samples(0.18)  # from the end of a unit until the end is known
Cuts = list[tuple[int, str, Span]]  # (when the span was ready, who, span)


def units(*spoken: tuple[str, float, float]) -> list[Event]:
    """The events of hearing for (who, start, end) in seconds, with realistic delays."""
    events: list[Event] = []
    for who, start, end in spoken:
        span = Span.seconds(start, end)
        known = min(span.start + as_samples(0.1), span.end)
        events.append(SpeechOn(at=known, who=who, onset=span.start, confidence=1.0))
        events.append(Speech(at=span.end + KNOWN, who=who, span=span, confidence=1.0))
    return sorted(events, key=lambda event: event.at)


class Live:
    """An endpointer with the state of speech that a pipeline would pass to it."""

    def __init__(self, *, shared: bool = False, **options: float) -> None:
        config = EndpointerConfig(**{name: as_samples(seconds) for name, seconds in options.items()})
        self.endpointer = Endpointer(shared=shared, config=config)
        self.speech = SpeechState(shared=shared)

    def hear(self, event: Event) -> list[tuple[str, Span]]:
        self.speech = self.speech.after(event)
        return self.endpointer.hear(event, self.speech)

    def tick(self, now: int) -> list[tuple[str, Span]]:
        self.speech = self.speech.at(now)
        return self.endpointer.tick(self.speech)

    def foreseen(self, who: str) -> tuple[str, Span] | None:
        return self.endpointer.foreseen(who, self.speech)


def run(events: list[Event], until: float, *, silence: float = 0.35, shared: bool = False, **options: float) -> Cuts:
    """The spans and when they are ready. These tests assume a silence of 0.35 s, whatever the default is."""
    cutter, cuts = Live(silence=silence, shared=shared, **options), []
    waiting = list(events)
    for now in range(0, as_samples(until) + 1, HOP):
        while waiting and waiting[0].at <= now:
            event = waiting.pop(0)
            cuts += [(event.at, who, span) for who, span in cutter.hear(event)]
        cuts += [(now, who, span) for who, span in cutter.tick(now)]
    return cuts


def spans(cuts: Cuts) -> list[tuple[str, float, float]]:
    return [(who, span.start_s, span.end_s) for _, who, span in cuts]


def test_a_silence_as_long_as_configured_ends_a_span() -> None:
    cuts = run(units(("Ana", 1, 3)), until=5)
    assert spans(cuts) == [("Ana", 0.9, 3.1)]
    assert 3.35 * RATE <= cuts[0][0] <= 3.35 * RATE + HOP


@pytest.mark.parametrize("others", [[("Ben", 1.0, 4.0)], [("Ben", 1.0, 2.3), ("Ben", 2.6, 4.0)], [("Ben", 1.0, 9.0)]])
def test_on_a_shared_microphone_a_unit_mostly_under_another_voice_is_not_recognised(
    others: list[tuple[str, float, float]],
) -> None:
    events = units(*others, ("Ana", 2.0, 2.8))
    assert "Ana" in {who for who, _, _ in spans(run(events, until=12))}
    assert {who for who, _, _ in spans(run(events, until=12, shared=True))} == {"Ben"}


def test_on_a_shared_microphone_a_speaker_is_recognised_despite_others_interjections() -> None:
    events = units(("Ben", 1.0, 4.0), ("Ana", 1.2, 2.4), ("Ana", 2.8, 3.6))
    assert {who for who, _, _ in spans(run(events, until=12, shared=True))} == {"Ben"}


def test_on_a_shared_microphone_a_unit_that_overlaps_anothers_end_is_recognised() -> None:
    events = units(("Ben", 1.0, 2.3), ("Ana", 2.0, 2.8))
    assert {who for who, _, _ in spans(run(events, until=12, shared=True))} == {"Ana", "Ben"}


def test_units_with_short_pauses_between_them_are_one_span() -> None:
    assert spans(run(units(("Ana", 1, 2), ("Ana", 2.2, 3), ("Ana", 3.2, 4)), until=6)) == [("Ana", 0.9, 4.1)]


def test_units_with_a_longer_pause_between_them_are_two_spans() -> None:
    assert spans(run(units(("Ana", 1, 2), ("Ana", 2.6, 3)), until=6)) == [("Ana", 0.9, 2.1), ("Ana", 2.5, 3.1)]


def test_a_span_is_ready_as_soon_as_somebody_else_begins() -> None:
    cuts = run(units(("Ana", 1, 3), ("Ben", 3.25, 5)), until=8, silence=1.0)
    assert cuts[0] == (as_samples(3.35), "Ana", Span.seconds(0.9, 3.1))


def test_if_the_answer_is_known_first_a_span_is_ready_when_it_ends() -> None:
    cuts = run(units(("Ana", 1, 3), ("Ben", 3.02, 5)), until=8)
    assert cuts[0] == (as_samples(3) + KNOWN, "Ana", Span.seconds(0.9, 3.02))


def test_talk_over_the_end_of_a_sentence_does_not_cut_it() -> None:
    assert spans(run(units(("Ana", 1, 3), ("Ben", 2.6, 3.4), ("Ana", 3.2, 4)), until=6)) == [
        ("Ben", 2.5, 3.5),
        ("Ana", 0.9, 4.1),
    ]


def test_talk_over_the_end_that_is_detected_late_does_not_cut_it_either() -> None:
    events = units(("Ana", 1, 3))
    events.append(SpeechOn(at=as_samples(3.2), who="Ben", onset=as_samples(2.9), confidence=1.0))
    assert run(events, until=6)[0][0] >= 3.35 * RATE


def test_a_murmur_during_somebodys_speech_does_not_cut_it() -> None:
    cuts = run(units(("Ana", 0, 1), ("Ana", 1.2, 4), ("Ben", 2, 2.4)), until=6)
    assert ("Ana", 0, 4.1) in spans(cuts)


def test_a_nearly_full_span_is_ready_when_a_unit_ends() -> None:
    cuts = run(units(("Ana", 0, 2.5), ("Ana", 2.7, 5.2), ("Ana", 5.4, 7)), until=9)
    assert spans(cuts) == [("Ana", 0, 5.3), ("Ana", 5.3, 7.1)]
    assert cuts[0][0] == as_samples(5.2) + KNOWN


def test_a_unit_that_would_make_a_span_too_long_begins_a_new_one() -> None:
    assert spans(run(units(("Ana", 0, 3), ("Ana", 3.2, 7)), until=9)) == [("Ana", 0, 3.1), ("Ana", 3.1, 7.1)]


def test_the_same_holds_if_only_the_ends_of_units_are_reported() -> None:
    said = [event for event in units(("Ana", 0, 3), ("Ana", 3.2, 7)) if isinstance(event, Speech)]
    assert spans(run(said, until=12, silence=4.5)) == [("Ana", 0, 3.1), ("Ana", 3.1, 7.1)]


def test_speech_before_a_long_unit_does_not_wait_for_the_end_of_that_unit() -> None:
    cuts = run(units(("Ana", 0, 3), ("Ana", 3.2, 20)), until=22)
    assert spans(cuts) == [("Ana", 0, 3.1), ("Ana", 3.1, 20.1)]
    assert cuts[0][0] <= 6 * RATE + HOP


def test_a_voice_that_is_never_named_delays_a_span_only_briefly() -> None:
    events = units(("Ana", 1, 2))
    events.append(SpeechOn(at=as_samples(2.3), who="Ana", onset=as_samples(2.2), confidence=0.5))
    events.append(VoiceOff(at=as_samples(2.6), end=as_samples(2.4)))
    cuts = run(events, until=9)
    assert spans(cuts) == [("Ana", 0.9, 2.1)]
    assert 2.95 * RATE <= cuts[0][0] <= 2.95 * RATE + HOP


def test_an_unnamed_voice_may_continue_the_sentence() -> None:
    on = [VoiceOn(at=as_samples(2.3), onset=as_samples(2.2))]
    ana = SpeechOn(at=as_samples(2.7), who="Ana", onset=as_samples(2.2), confidence=1.0)
    first, second = (each for each in units(("Ana", 1, 2), ("Ana", 2.2, 3)) if isinstance(each, Speech))
    assert spans(run([first, *on, ana, second], until=6)) == [("Ana", 0.9, 3.1)]
    assert spans(run([first, *on, second], until=6)) == [("Ana", 0.9, 3.1)]


def test_a_named_voice_does_not_delay_a_span() -> None:
    on = VoiceOn(at=as_samples(2.3), onset=as_samples(1.9))
    ben = SpeechOn(at=as_samples(2.32), who="Ben", onset=as_samples(1.9), confidence=1.0)
    ana = Speech(at=as_samples(2.31), who="Ana", span=Span.seconds(1, 2), confidence=1.0)
    assert run([on, ana], until=6)[0][0] <= 2.35 * RATE + HOP
    early = Speech(at=as_samples(2.2), who="Ana", span=Span.seconds(1, 2), confidence=1.0)
    assert run([early, on, ben], until=6)[0][0] <= 2.35 * RATE + HOP


def test_a_noise_delays_a_span_until_it_ends_but_only_briefly() -> None:
    on = VoiceOn(at=as_samples(2.3), onset=as_samples(2.2))
    off = VoiceOff(at=as_samples(2.8), end=as_samples(2.6))
    said = units(("Ana", 1, 2))
    assert 2.8 * RATE <= run([*said, on, off], until=6)[0][0] <= 2.8 * RATE + HOP
    assert 3.3 * RATE <= run([*said, on], until=6)[0][0] <= 3.3 * RATE + HOP


def test_silence_does_not_end_a_span_while_the_closing_unit_is_still_awaited() -> None:
    events = units(("Ana", 1, 2), ("Ana", 2.2, 3))
    events.append(VoiceOff(at=as_samples(3.1), end=as_samples(3)))
    assert spans(run(sorted(events, key=lambda event: event.at), until=6)) == [("Ana", 0.9, 3.1)]


def test_a_click_is_not_speech() -> None:
    assert run(units(("Ana", 1, 1.14)), until=3) == []
    assert spans(run(units(("Ana", 1, 1.15)), until=3)) == [("Ana", 0.9, 1.25)]


def test_clicks_that_add_up_to_a_word_are_recognised() -> None:
    assert spans(run(units(("Ana", 1, 1.1), ("Ana", 1.3, 1.4)), until=3)) == [("Ana", 0.9, 1.5)]


def test_the_padding_contains_none_of_another_persons_speech() -> None:
    cuts = run(units(("Ana", 1, 3), ("Ben", 3.05, 4), ("Ana", 4.03, 5)), until=8)
    assert spans(cuts) == [("Ana", 0.9, 3.05), ("Ben", 3, 4.03), ("Ana", 4, 5.1)]


def test_the_end_of_the_session_makes_all_spans_ready() -> None:
    cutter = Live(silence=0.35)
    cutter.hear(Speech(at=as_samples(2), who="Ana", span=Span.seconds(1, 2), confidence=1.0))
    assert cutter.hear(Ended(at=as_samples(2.05), reason="asked")) == [("Ana", Span.seconds(0.9, 2.05))]


def test_lengths_and_silences_can_be_set() -> None:
    said = units(("Ana", 1, 2), ("Ana", 2.6, 3), ("Ana", 3.4, 5))
    assert spans(run(said, until=7, silence=0.8)) == [("Ana", 0.9, 5.1)]
    assert spans(run(said, until=7, longest=3, silence=0.8)) == [("Ana", 0.9, 3.1), ("Ana", 3.3, 5.1)]


talk = st.lists(
    st.tuples(st.sampled_from(["Ana", "Ben", "?"]), st.integers(0, 2 * RATE), st.integers(1, 8 * RATE)), max_size=25
)


@given(talk)
def test_all_speech_is_returned_once_for_its_speaker_and_not_before_it_is_heard(
    said: list[tuple[str, int, int]],
) -> None:
    free: dict[str, int] = {}
    events: list[Event] = []
    clock = 0
    for who, gap, length in said:  # people overlap one another, never themselves
        start = max(clock + gap - RATE, free.get(who, 0) + KNOWN, 0)
        span = Span(start, start + length)
        clock, free[who] = start + length, span.end
        events.append(SpeechOn(at=min(span.start + 1600, span.end), who=who, onset=span.start, confidence=1.0))
        events.append(Speech(at=span.end + KNOWN, who=who, span=span, confidence=1.0))
    events.sort(key=lambda event: event.at)
    until = (clock + 10 * RATE) / RATE
    cuts = run(events, until)
    for who in ("Ana", "Ben", "?"):
        mine = [span for _, name, span in cuts if name == who]
        assert all(first.end <= second.start for first, second in pairwise(mine))
        for event in events:
            if isinstance(event, Speech) and event.who == who and event.span.duration >= 2400:
                assert sum(event.span in span for span in mine) == 1
    assert all(span.end <= at for at, _, span in cuts)
    assert cuts == run(events, until)


def foreseen_after(events: list[Event]) -> tuple[Live, tuple[str, Span] | None]:
    cutter = Live(silence=0.35)
    for event in events:
        cutter.hear(event)
    return cutter, cutter.foreseen(events[-1].who)


def test_the_span_that_follows_if_nobody_speaks_is_foreseen_to_the_sample() -> None:
    cutter, foreseen = foreseen_after(units(("Ana", 1, 2), ("Ana", 2.2, 3)))
    assert foreseen == ("Ana", Span.seconds(0.9, 3.1))
    assert cutter.tick(as_samples(3.35)) == [foreseen]


def test_foreseeing_does_not_change_the_next_span() -> None:
    cutter, _ = foreseen_after(units(("Ana", 1, 2)))
    for event in units(("Ana", 2.2, 3)):
        cutter.hear(event)
    assert cutter.tick(as_samples(4)) == [("Ana", Span.seconds(0.9, 3.1))]


def test_no_span_is_foreseen_for_a_click_or_for_somebody_who_goes_on_speaking() -> None:
    assert foreseen_after(units(("Ana", 1, 1.1)))[1] is None
    cutter, _ = foreseen_after(units(("Ana", 1, 2)))
    cutter.hear(units(("Ana", 2.2, 3))[0])
    assert cutter.foreseen("Ana") is None
