"""The state of speech: who is speaking, since when there is silence, and who has the floor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from itertools import groupby, permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.conversation import OpenSpeech, SpeechState
from coach.core.events import (
    UNKNOWN,
    AudioGap,
    DeviceLost,
    DeviceOpened,
    Ended,
    Event,
    FloorTaken,
    Notice,
    Speech,
    SpeechOn,
    VoiceOff,
    VoiceOn,
)
from coach.core.span import HOP, MILLISECOND, RATE, Span, as_samples
from tests.conversation import plain_speech
from tests.conversation.test_conversation_properties import nonsense

PEOPLE = ("Ana", "Ben")
relaxed = settings(suppress_health_check=[HealthCheck.too_slow])


def s(seconds: float) -> int:
    return as_samples(seconds)


def after(*events: Event, shared: bool = True) -> SpeechState:
    state = SpeechState(shared=shared)
    for event in events:
        state = state.after(event)
    return state


def on(at: float, onset: float | None = None) -> VoiceOn:
    return VoiceOn(at=s(at), onset=s(at if onset is None else onset))


def off(at: float, end: float) -> VoiceOff:
    return VoiceOff(at=s(at), end=s(end))


def begins(who: str, onset: float, at: float) -> SpeechOn:
    return SpeechOn(at=s(at), who=who, onset=s(onset), confidence=0.9)


def said(who: str, start: float, end: float) -> Speech:
    return Speech(at=s(end + 0.2), who=who, span=Span.seconds(start, end), confidence=0.9)


def gap(start: float, end: float) -> AudioGap:
    return AudioGap(at=s(end), span=Span.seconds(start, end), reason="the microphone was away")


# -------------------------------------------------------------------------------------------------------- who speaks


def test_an_unnamed_voice_counts_as_somebody() -> None:
    state = after(on(1, 0.98)).at(s(2))
    assert (state.somebody, state.nameless, state.speaking, state.silence) == (True, True, frozenset(), 0)


def test_a_named_speaker_without_a_voice_event_counts_as_somebody() -> None:
    state = after(begins("Ana", 0.5, 1)).at(s(2))
    assert (state.somebody, state.nameless, state.speaking, state.silence) == (True, False, {"Ana"}, 0)


def test_the_time_since_which_a_voice_has_no_name_is_known() -> None:
    assert after(on(1, 0.9)).unnamed_since == s(1)
    assert after(on(1, 0.9), begins("Ana", 0.9, 1.4)).unnamed_since is None
    assert after(on(1, 0.9), off(1.5, 1.3)).unnamed_since is None


def test_when_the_voice_stops_everybody_stopped_at_its_end() -> None:
    state = after(on(0.6, 0.5), begins("Ana", 0.5, 1))
    assert state.ended("Ana") is None
    state = state.after(off(3.2, 3))
    assert (state.somebody, state.ended("Ana"), state.stopped) == (False, s(3), Span.seconds(0.5, 3))
    assert state.of("Ana") == OpenSpeech("Ana", s(0.5), 0.9, s(1), silent_since=s(3), silent_known=s(3.2))


def test_a_voice_that_is_back_within_the_join_goes_on() -> None:
    stopped = after(on(0.6, 0.5), begins("Ana", 0.5, 1), off(3.1, 3))
    assert stopped.after(on(3.2, 3.1)).speaking == {"Ana"}
    assert stopped.after(on(3.3, 3.2)).speaking == frozenset()


def test_the_extent_of_a_voice_without_an_onset_is_unknown() -> None:
    assert after(off(3.2, 3)).stopped is None


def test_a_person_who_has_not_spoken_has_no_end() -> None:
    assert SpeechState().ended("Ana") is None


def test_a_unit_that_closes_leaves_the_next_one_open() -> None:
    state = after(begins("Ana", 3.1, 3.2), said("Ana", 1, 3))
    assert state.speaking == {"Ana"}


# ------------------------------------------------------------------------------------------------------------- names


def test_a_voice_that_gets_another_name_while_it_speaks_is_one_voice() -> None:
    state = after(begins("Ana", 0.5, 1), begins("Ben", 0.5, 1.5))
    assert state.speaking == {"Ben"}
    state = state.after(said("Ben", 0.5, 3))
    assert (state.somebody, state.ended("Ana"), state.ended("Ben")) == (False, None, s(3))


def test_a_voice_that_gets_another_name_at_its_end_is_one_voice() -> None:
    state = after(begins("Ana", 0.5, 1), said("Ben", 0.6, 3))
    assert (state.somebody, state.ended("Ana"), state.ended("Ben")) == (False, None, s(3))


def test_a_voice_that_was_unknown_and_gets_its_name_is_one_voice() -> None:
    assert after(begins(UNKNOWN, 0, 0.1), begins("Ana", 0.05, 0.5)).speaking == {"Ana"}


@pytest.mark.parametrize("shared", [True, False])
def test_two_people_who_begin_in_the_same_frame_are_two_speakers(shared: bool) -> None:
    state = after(
        begins("Ana", 1, 1.1), begins("Ben", 1, 1.1), begins("Ana", 1, 1.6), begins("Ben", 1, 1.7), shared=shared
    )
    assert state.speaking == {"Ana", "Ben"}


def test_with_a_microphone_each_nobody_gets_anothers_voice() -> None:
    assert after(begins("Ana", 1, 1.1), begins("Ben", 1, 1.5), shared=False).speaking == {"Ana", "Ben"}
    assert after(begins("Ben", 1, 1.1), said("Ana", 1, 3), shared=False).speaking == {"Ben"}


def test_speech_does_not_close_a_voice_that_began_at_another_time() -> None:
    state = after(begins("Ana", 0.5, 1), begins("Ben", 0.6, 1), said("Ben", 0.6, 2))
    assert state.speaking == {"Ana"}
    assert after(begins("Ben", 0, 0.5), said("Ana", 2, 4)).speaking == {"Ben"}


# ----------------------------------------------------------------------------------------------------------- silence


def test_silence_counts_from_the_end_of_the_voice_not_from_its_report() -> None:
    assert after(on(1), off(3.2, 3)).at(s(4)).silence == s(1)


def test_before_anybody_speaks_silence_counts_from_the_beginning() -> None:
    state = SpeechState().at(s(3))
    assert (state.silence, state.spoken_until) == (s(3), None)


def test_lost_sound_is_not_silence() -> None:
    state = after(on(1), off(3.2, 3), gap(4, 9))
    assert state.at(s(9.5)).silence == s(0.5)
    assert state.after(off(9.6, 4)).at(s(10)).silence == s(1)


def test_while_no_sound_arrives_there_is_neither_silence_nor_speech() -> None:
    state = after(on(1), begins("Ana", 1, 1.5), DeviceLost(at=s(4), device="mic", reason="unplugged"))
    assert (state.at(s(9)).silence, state.somebody, state.ended("Ana")) == (0, False, s(4))
    back = state.after(DeviceOpened(at=s(9), device="mic", rate=RATE, channels=1)).after(gap(4, 9))
    assert back.at(s(10)).silence == s(1)


def test_everybody_stops_at_the_beginning_of_a_gap() -> None:
    state = after(on(1), begins("Ana", 1, 1.5), gap(4, 9))
    assert (state.somebody, state.ended("Ana"), state.stopped) == (False, s(4), None)


def test_nobody_speaks_after_the_session_ends() -> None:
    assert not after(on(1), begins("Ana", 1, 1.5), Ended(at=s(4), reason="asked")).somebody


# ------------------------------------------------------------------------------------------------------------- floor


def test_the_floor_belongs_to_the_person_of_the_last_transfer() -> None:
    assert SpeechState().floor is None
    taken = FloorTaken(at=0, who="Ben", after="Ana", onset=0, fto=0, after_share=False, too_soon=False, over=False)
    assert after(taken).floor == "Ben"


# -------------------------------------------------------------------------------------------------- whatever is heard


@st.composite
def evenings(draw: st.DrawFn) -> list[Event]:
    """The delayed events of an ear with one microphone per person, with occasional loss of sound or of a device."""
    events: list[Event] = []
    clock = 0
    for _ in range(draw(st.integers(0, 6))):
        begin = clock + draw(st.integers(200, 2000)) * MILLISECOND
        units: list[tuple[str, Span]] = []
        for who in draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True)):
            start = begin + draw(st.integers(0, 400)) * MILLISECOND
            units.append((who, Span(start, start + draw(st.integers(61, 4000)) * MILLISECOND)))
        first, last = min(unit.start for _, unit in units), max(unit.end for _, unit in units)
        events += [VoiceOn(at=first + 100 * MILLISECOND, onset=first), VoiceOff(at=last + 180 * MILLISECOND, end=last)]
        for who, unit in units:
            for late in (60, 600):
                if unit.duration > late * MILLISECOND:
                    events.append(
                        SpeechOn(at=unit.start + late * MILLISECOND, who=who, onset=unit.start, confidence=0.9)
                    )
            events.append(Speech(at=unit.end + 180 * MILLISECOND, who=who, span=unit, confidence=0.9))
        clock = last + 200 * MILLISECOND
        lost = draw(st.sampled_from(["", "", "gap", "device"]))
        if lost:
            away = Span(clock, clock + draw(st.integers(20, 5000)) * MILLISECOND)
            if lost == "device":
                events.append(DeviceLost(at=away.start, device="mic", reason="unplugged"))
                events.append(DeviceOpened(at=away.end, device="mic", rate=RATE, channels=1))
            events.append(AudioGap(at=away.end, span=away, reason="lost"))
            clock = away.end
    return sorted(events, key=lambda event: event.at)


def hops(events: Iterable[Event]) -> list[list[Event]]:
    return [list(each) for _, each in groupby(events, key=lambda event: -(-event.at // HOP))]


@relaxed
@given(evenings(), st.booleans())
def test_the_state_agrees_with_a_computation_from_all_events(events: list[Event], shared: bool) -> None:
    state, heard = SpeechState(shared=shared), list[Event]()
    for event in events:
        state = state.after(event)
        heard.append(event)
        for now in (event.at, event.at + HOP, event.at + RATE):
            assert state.at(now).silence == plain_speech.silence(heard, now)
        assert state.silent_since == plain_speech.silent_since(heard)
        assert (state.voice is not None) == plain_speech.voice_sounds(heard)
        assert state.speaking == {who for who in PEOPLE if plain_speech.speaks(who, heard)}
        for who in PEOPLE:
            assert state.ended(who) == plain_speech.ended(who, heard)


@relaxed
@given(evenings())
def test_within_a_hop_the_order_of_different_peoples_events_makes_no_difference(events: list[Event]) -> None:
    """Voices begin and stop before they are named; one person's onsets and ends keep their order."""
    state = SpeechState(shared=False)
    for hop in hops(events):
        names = [event for event in hop if isinstance(event, SpeechOn | Speech)]
        rest = [event for event in hop if event not in names]
        ends = set()
        for order in permutations(names):
            by_person = [[event for event in order if event.who == who] for who in PEOPLE]
            if by_person == [[event for event in names if event.who == who] for who in PEOPLE]:
                end = state
                for event in [*rest, *order]:
                    end = end.after(event)
                ends.add((end.speaking, end.silent_since, end.somebody, *(end.ended(who) for who in PEOPLE)))
        assert len(ends) == 1
        for event in [*rest, *names]:
            state = state.after(event)


@relaxed
@given(nonsense(), st.booleans())
def test_for_any_events_time_never_runs_backwards_and_silence_is_heard_silence(
    events: list[Event], shared: bool
) -> None:
    state = SpeechState(shared=shared)
    for event in events:
        before, state = state, state.after(event)
        assert state.now == max(before.now, event.at)
        assert state.silent_since >= before.silent_since
        assert 0 <= state.silence <= state.now - min(state.now, state.silent_since)
        assert state.at(state.now - 1) is state
        assert state.somebody == (state.voice is not None or bool(state.speaking))
        assert not (state.somebody and state.silence)


@relaxed
@given(nonsense())
def test_events_that_are_not_about_speech_change_only_the_time(events: list[Event]) -> None:
    state = after(*events)
    assert state.after(Notice(at=state.now + 1, text="hello")) == state.at(state.now + 1)


def test_time_alone_changes_nothing_else() -> None:
    """`at` lists the fields by hand, because it is called once a hop: none of them may be left out."""
    taken = FloorTaken(at=9, who="Ben", after="Ana", onset=5, fto=1, after_share=True, too_soon=False, over=False)
    state = SpeechState(
        shared=False,
        join=7,
        now=10,
        voice=5,
        stopped=Span(1, 2),
        unnamed_since=3,
        open=(OpenSpeech("Ben", 5, 0.9, 6),),
        ended_by={"Ana": 4},
        spoken_until=6,
        heard_from=2,
        lost=True,
        taken=taken,
    )
    usual = SpeechState()
    assert all(getattr(state, each.name) != getattr(usual, each.name) for each in fields(SpeechState))
    assert state.at(11) == replace(state, now=11)
