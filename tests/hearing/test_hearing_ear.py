"""The ear on one microphone: who spoke when, over gaps, to the end, and from the check-in on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from coach.core.events import UNKNOWN, Event, Speech, SpeechOn, VoiceOff, VoiceOn
from coach.core.span import HOP, Span, as_samples, shared
from coach.hearing.ear import Ear
from coach.hearing.voices import Voice
from tests.hearing.made_sound import (
    ANA_ALONE,
    ANA_SAYS,
    BEN_ALONE,
    BEN_SAYS,
    RATE,
    heard,
    hops_of,
    in_order,
    laid,
    loud_part,
    sample,
    seconds,
    truth,
)

NEAR = as_samples(0.03)
TALK = Span.seconds(16.0, 56.0)


def speech(events: list[Event], who: str | None = None) -> list[Span]:
    return [event.span for event in events if isinstance(event, Speech) and who in (None, event.who)]


def fed(ear: Ear, sound: np.ndarray) -> list[Event]:
    return [event for hop in hops_of(sound) for event in ear.hop(hop)]


def in_rows(ear: Ear, sound: np.ndarray, length: int) -> list[Event]:
    """The same, of so many hops at once."""
    hops = np.array(hops_of(sound))
    return [e for n in range(0, len(hops), length) for told in ear.hops(hops[n : n + length]) for e in told]


@pytest.fixture(scope="module")
def ana() -> np.ndarray:
    return loud_part(*ANA_ALONE, at_least=2.0)


@pytest.fixture(scope="module")
def ben() -> np.ndarray:
    return loud_part(*BEN_ALONE, at_least=2.0)


@pytest.fixture(scope="module")
def talk(voices: dict[str, Voice]) -> list[Event]:
    """Forty seconds of the sample, heard by an ear that knows both voices; times from the start of these."""
    return heard(Ear(voices), sample()[TALK.start : TALK.end])


def from_the_start(span: Span) -> Span:
    return Span(span.start - TALK.start, span.end - TALK.start)


def test_speech_goes_to_the_person_whose_it_is(talk: list[Event]) -> None:
    for who, other in (("Ana", "Ben"), ("Ben", "Ana")):
        spoken = {
            name: [Span.seconds(r["start_s"], r["end_s"]) & TALK for r in truth()["speech"] if r["speaker"] == name]
            for name in (who, other)
        }
        due = [from_the_start(span) for span in spoken[who] if span]
        others = [from_the_start(span) for span in spoken[other] if span]
        found = speech(talk, who)
        assert shared(found, due) >= 0.95 * sum(span.duration for span in due)
        assert shared(found, others) <= 0.03 * sum(span.duration for span in others)


def test_who_it_is_is_told_within_half_a_second_and_surely(talk: list[Event]) -> None:
    began = {}  # the first telling of each
    for event in talk:
        if isinstance(event, SpeechOn):
            began.setdefault((event.who, event.onset), event)
    assert len(began) >= 10
    # the path is half a second behind, a frame is judged 90 ms late, and a hop is 20 ms
    assert max(seconds(event.at - event.onset) for event in began.values()) <= 0.61
    assert np.median([event.confidence for event in talk if isinstance(event, Speech)]) > 0.9


def test_time_never_runs_backwards_and_units_of_one_person_never_overlap(talk: list[Event]) -> None:
    assert in_order(talk)
    for who in ("Ana", "Ben"):
        assert all(a.end <= b.start for a, b in pairwise(sorted(speech(talk, who))))
    assert all(span.end <= event.at for event in talk if isinstance(event, Speech) for span in [event.span])


def test_that_somebody_speaks_is_told_before_who_it_is(talk: list[Event]) -> None:
    first = [type(event) for event in talk][:2]
    assert first == [VoiceOn, SpeechOn]
    ons = [event.onset for event in talk if isinstance(event, VoiceOn)]
    assert all(any(on <= event.onset for on in ons) for event in talk if isinstance(event, SpeechOn))


def test_the_same_sound_gives_the_same_events(voices: dict[str, Voice]) -> None:
    piece = sample()[18 * RATE : 30 * RATE]
    assert heard(Ear(voices), piece) == heard(Ear(dict(reversed(voices.items()))), piece)


# ------------------------------------------------------------------------------------------------ nobody is known


def test_until_voices_are_learnt_speech_is_the_unknowns(ana: np.ndarray) -> None:
    (event,) = [e for e in heard(Ear(), laid(5.0, (1.0, ana))) if isinstance(e, Speech)]
    assert event.who == UNKNOWN
    assert abs(event.span.start - RATE) <= NEAR
    assert abs(event.span.end - RATE - len(ana)) <= NEAR


def test_who_rehearses_alone_has_all_the_speech(ana: np.ndarray) -> None:
    events = heard(Ear(everyone="Cleo"), laid(5.0, (1.0, ana)))
    assert {event.who for event in events if isinstance(event, Speech | SpeechOn)} == {"Cleo"}


def test_channels_of_one_microphone_are_averaged(ana: np.ndarray) -> None:
    mono = laid(5.0, (1.0, ana))
    twice = np.stack([mono * 2, np.zeros_like(mono)], axis=1)
    assert heard(Ear(), twice) == heard(Ear(), mono)


# --------------------------------------------------------------------------------------------------- sound is lost


@pytest.mark.parametrize("known", [True, False])
def test_sound_that_was_never_heard_closes_what_is_open_and_moves_the_clock(
    known: bool, voices: dict[str, Voice], ana: np.ndarray
) -> None:
    ear = Ear(voices if known else None)
    before = fed(ear, laid(5.0, (1.0, ana))[: 2 * RATE]) + ear.skip_to(10 * RATE)
    assert list(dict.fromkeys(type(event) for event in before)) == [VoiceOn, SpeechOn, VoiceOff, Speech]
    (lost,) = speech(before)
    assert abs(lost.start - RATE) <= NEAR
    assert 2 * RATE - as_samples(0.06) <= lost.end <= 2 * RATE
    assert ear.now == 10 * RATE
    assert ear.speaking == frozenset()
    after = heard(ear, laid(5.0, (1.0, ana)))
    (found,) = speech(after)
    assert abs(found.start - 11 * RATE) <= NEAR
    assert abs(found.end - 11 * RATE - len(ana)) <= NEAR
    assert in_order(before + after)


def test_a_gap_while_nobody_speaks_tells_nothing(voices: dict[str, Voice]) -> None:
    ear = Ear(voices)
    assert fed(ear, laid(1.0)) + ear.skip_to(3 * RATE) + fed(ear, laid(1.0)) == []
    assert ear.now == 4 * RATE


def test_a_gap_joins_nothing_across_it(voices: dict[str, Voice], ana: np.ndarray) -> None:
    """Even a hop that was lost divides what was said: nobody can know what was in it."""
    ear = Ear(voices)
    sound = laid(5.0, (1.0, ana))
    first = fed(ear, sound[: 2 * RATE]) + ear.skip_to(2 * RATE + HOP)
    rest = heard(ear, sound[2 * RATE + HOP :])
    assert len(speech(first)) == len(speech(rest)) == 1
    assert speech(first)[0].end <= 2 * RATE < speech(rest)[0].start


def test_the_end_closes_what_is_open_and_nothing_more(voices: dict[str, Voice], ana: np.ndarray) -> None:
    ear = Ear(voices)
    told = fed(ear, laid(5.0, (1.0, ana))[: 2 * RATE])
    assert speech(told) == []
    closing = ear.finish()
    assert [type(event) for event in closing if not isinstance(event, SpeechOn)] == [VoiceOff, Speech]
    assert speech(closing)[0].end == pytest.approx(2 * RATE, abs=as_samples(0.06))
    assert all(event.at == 2 * RATE for event in closing)
    assert ear.finish() == []


# ----------------------------------------------------------------------------------------------- voices are learnt


def test_from_the_moment_voices_are_learnt_speech_has_names(ana: np.ndarray, ben: np.ndarray) -> None:
    ear = Ear()
    before = fed(ear, sample()[: 17 * RATE])
    assert {event.who for event in before if isinstance(event, Speech)} == {UNKNOWN}
    ear.enrol({"Ana": ear.learn([Span.seconds(*ANA_SAYS)]), "Ben": ear.learn([Span.seconds(*BEN_SAYS)])})
    after = heard(ear, laid(8.0, (1.0, ana), (4.5, ben)))
    assert [event.who for event in after if isinstance(event, Speech)] == ["Ana", "Ben"]
    (hers,), (his,) = speech(after, "Ana"), speech(after, "Ben")
    assert abs(hers.start - 18 * RATE) <= NEAR
    assert abs(his.start - as_samples(21.5)) <= NEAR


def test_voices_that_come_in_the_midst_of_speech_lose_no_frame_of_it(voices: dict[str, Voice], ana: np.ndarray) -> None:
    ear = Ear()
    sound = laid(6.0, (1.0, ana), (1.0 + seconds(len(ana)) + 0.5, ana))
    before = fed(ear, sound[: 2 * RATE])
    ear.enrol(voices)
    events = before + heard(ear, sound[2 * RATE :])
    starts = 1.0 + seconds(len(ana)) + 0.5
    last = speech(events, "Ana")[-1]
    assert abs(last.start - as_samples(starts)) <= NEAR
    spoken = Span(RATE, RATE + len(ana))
    assert shared(speech(events), [spoken]) >= spoken.duration - 2 * NEAR


def test_what_is_learnt_from_is_the_speech_and_not_the_room(ana: np.ndarray) -> None:
    ear = Ear()
    fed(ear, laid(6.0, (1.0, ana)))
    assert len(ear.colours([Span(0, 6 * RATE)])) == pytest.approx(len(ana) / 160, rel=0.15)
    assert len(ear.colours([Span(4 * RATE, 6 * RATE)])) == 0
    half = Span(RATE, RATE + len(ana) // 2)
    assert len(ear.colours([half])) == pytest.approx(len(ana) / 320, rel=0.25)
    assert len(ear.colours([half, half])) == len(ear.colours([half]))


@pytest.mark.parametrize("length", [2, 7, 50, 10_000])
def test_an_ear_that_is_given_many_hops_at_once_tells_the_same(length: int, voices: dict[str, Voice]) -> None:
    sound = sample()[TALK.start : TALK.start + 12 * RATE]
    one_by_one, at_once = Ear(voices), Ear(voices)
    alone = fed(one_by_one, sound) + one_by_one.finish()
    assert in_rows(at_once, sound, length) + at_once.finish() == alone
    assert len(alone) > 8
