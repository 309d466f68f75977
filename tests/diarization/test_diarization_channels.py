"""One microphone per person: crosstalk is not speech."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from coach.core.events import Event, Speech, SpeechOn, VoiceOff, VoiceOn
from coach.core.span import Span, as_samples, joined
from coach.diarization.channels import ChannelEar, are_microphones
from coach.diarization.timetable import Due
from coach.diarization.windows import Windows
from tests.diarization.rows import in_rows_ahead
from tests.vad.made_sound import RATE, heard, hops_of, in_order, laid, room, sample, seconds

PEOPLE = {"Ana": 0, "Ben": 1}
NEAR = as_samples(0.05)


def microphones(seconds_: float, leak: float, *spoken: tuple[str, float, np.ndarray]) -> np.ndarray:
    """Two channels (n, 2): each person's own voice, and the other's `leak` dB below it."""
    both = np.stack([room(seconds_, seed=1), room(seconds_, seed=2)], axis=1)
    for who, second, piece in spoken:
        at, column = as_samples(second), PEOPLE[who]
        both[at : at + len(piece), column] += piece
        both[at : at + len(piece), 1 - column] += piece * np.float32(10 ** (-leak / 20))
    return both


JOIN = as_samples(0.18)  # silences under this are no silences
SLIP = as_samples(0.12)  # a leak that is as loud as speech for a moment may pass for so much of it


def speech(events: list[Event], who: str) -> list[Span]:
    """The inter-pausal units of a person."""
    return joined([event.span for event in events if isinstance(event, Speech) and event.who == who], JOIN)


def without_slips(spans: list[Span]) -> list[Span]:
    return [span for span in spans if span.duration > SLIP]


def hears(sound: np.ndarray) -> list[Event]:
    return heard(ChannelEar(PEOPLE), sound)


@pytest.mark.parametrize("leak", [9.0, 12.0, 18.0, 40.0])
def test_a_voice_is_its_owners_alone_however_much_leaks(leak: float, ana: np.ndarray, ben: np.ndarray) -> None:
    events = hears(microphones(9.0, leak, ("Ana", 1.0, ana), ("Ben", 5.0, ben)))
    (hers,), (his,) = without_slips(speech(events, "Ana")), without_slips(speech(events, "Ben"))
    for span, begins, piece in ((hers, 1.0, ana), (his, 5.0, ben)):
        assert abs(span.start - as_samples(begins)) <= NEAR
        assert abs(span.end - as_samples(begins) - len(piece)) <= NEAR


def test_two_at_once_are_both_heard_to_a_tenth_of_a_second(ana: np.ndarray, ben: np.ndarray) -> None:
    begins = 1.0 + seconds(len(ana)) - 1.0  # one second together
    events = hears(microphones(8.0, 15.0, ("Ana", 1.0, ana), ("Ben", begins, ben)))
    (hers,), (his,) = without_slips(speech(events, "Ana")), without_slips(speech(events, "Ben"))
    assert abs(hers.end - as_samples(1.0) - len(ana)) <= 2 * NEAR
    assert abs(his.start - as_samples(begins)) <= NEAR


def test_a_word_under_the_others_voice_is_heard(ana: np.ndarray, ben: np.ndarray) -> None:
    word = ben[: as_samples(0.6)]
    events = hears(microphones(6.0, 15.0, ("Ana", 1.0, ana), ("Ben", 2.0, word)))
    assert len(speech(events, "Ana")) == 1
    (his,) = without_slips(speech(events, "Ben"))
    assert abs(his.start - as_samples(2.0)) <= NEAR
    assert abs(his.duration - len(word)) <= 2 * NEAR


def test_who_it_is_is_known_as_soon_as_anybody_is_heard(ana: np.ndarray) -> None:
    events = hears(microphones(5.0, 15.0, ("Ana", 1.0, ana)))
    began, *again = [event for event in events if isinstance(event, SpeechOn)]
    assert (began.who, began.confidence) == ("Ana", 1.0)
    assert {event.onset for event in again} <= {began.onset}
    assert seconds(began.at - began.onset) <= 1.3  # a first voice is proved first


def test_somebody_speaks_from_the_first_to_the_last_of_them(ana: np.ndarray, ben: np.ndarray) -> None:
    begins = 1.0 + seconds(len(ana)) - 0.5
    events = hears(microphones(8.0, 25.0, ("Ana", 1.0, ana), ("Ben", begins, ben)))
    edges = [event for event in events if isinstance(event, VoiceOn | VoiceOff)]
    assert [type(edge) for edge in edges] == [VoiceOn, VoiceOff]
    assert abs(edges[0].onset - as_samples(1.0)) <= NEAR
    assert abs(edges[1].end - as_samples(begins) - len(ben)) <= NEAR


def test_time_never_runs_backwards_when_one_begins_as_the_other_is_found_to_have_ended(
    ana: np.ndarray, ben: np.ndarray
) -> None:
    """The end of one and the beginning of the other become known in the same hop for one of these shifts."""
    hers, his = ana[: as_samples(0.6)], ben[: as_samples(0.4)]
    for shift in range(16):  # frames, over which the voice model's windows meet the grid in every way
        for gap in (0.03, 0.06):
            begins = 0.3 + 0.01 * shift
            spoken = ("Ana", begins, hers), ("Ben", begins + 0.6 + gap, his)
            events = hears(microphones(2.0, 60.0, *spoken))
            assert in_order(events), (shift, gap)
            edges = [type(event) for event in events if isinstance(event, VoiceOn | VoiceOff)]
            assert edges == [VoiceOn, VoiceOff] * (len(edges) // 2), (shift, gap)


def test_sound_that_was_never_heard_closes_what_is_open(ana: np.ndarray) -> None:
    ear = ChannelEar(PEOPLE)
    sound = microphones(5.0, 15.0, ("Ana", 1.0, ana))
    before = [event for hop in hops_of(sound[: 2 * RATE]) for event in ear.hop(hop)] + ear.skip_to(10 * RATE)
    assert list(dict.fromkeys(type(event) for event in before)) == [VoiceOn, SpeechOn, VoiceOff, Speech]
    assert speech(before, "Ana")[0].end <= 2 * RATE
    assert ear.speaking == frozenset()
    after = heard(ear, sound)
    assert abs(speech(after, "Ana")[0].start - 11 * RATE) <= NEAR
    assert in_order(before + after)


def test_each_person_has_a_level_to_show(ana: np.ndarray) -> None:
    ear = ChannelEar(PEOPLE)
    for hop in hops_of(microphones(5.0, 20.0, ("Ana", 1.0, ana))[: 2 * RATE]):
        ear.hop(hop)
    hers, his = ear.dbfs
    assert -45 < hers < -5
    assert 14 < hers - his < 26
    assert ear.speaking == {"Ana"}


def test_columns_belong_to_names_not_to_their_order(ana: np.ndarray) -> None:
    sound = microphones(5.0, 15.0, ("Ana", 1.0, ana))
    events = heard(ChannelEar({"Cleo": 1, "Dan": 0}), sound)
    assert {event.who for event in events if isinstance(event, Speech)} == {"Dan"}


# ------------------------------------------------------------------------------------------- microphones or a room


def pair(left: np.ndarray, right: np.ndarray) -> list[np.ndarray]:
    return hops_of(np.stack([left, right], axis=1))


def test_channels_of_which_now_one_leads_and_now_the_other_are_microphones(ana: np.ndarray, ben: np.ndarray) -> None:
    assert are_microphones(hops_of(microphones(9.0, 15.0, ("Ana", 1.0, ana), ("Ben", 5.0, ben))))


def test_one_room_heard_twice_is_no_pair_of_microphones() -> None:
    talk = sample()[: 50 * RATE]
    assert not are_microphones(pair(talk, talk))
    assert not are_microphones(pair(talk, talk * np.float32(0.3)))
    assert not are_microphones(pair(talk, np.roll(talk, 12)))


def test_a_dead_channel_is_no_microphone() -> None:
    talk = sample()[: 20 * RATE]
    assert not are_microphones(pair(talk, np.zeros_like(talk)))
    assert not are_microphones(pair(room(20.0, seed=4), talk))


def test_a_channel_that_led_only_for_a_cough_is_no_microphone(ana: np.ndarray) -> None:
    cough = room(0.4, dbfs=-20, seed=9)
    both = np.stack([laid(9.0, (1.0, ana)), laid(9.0, (6.0, cough))], axis=1)
    assert not are_microphones(hops_of(both))


@pytest.mark.parametrize("length", [7, 50])
def test_an_ear_that_is_given_many_hops_at_once_tells_the_same(length: int, ana: np.ndarray, ben: np.ndarray) -> None:
    sound = microphones(7.0, 20.0, ("Ana", 1.0, ana), ("Ben", 3.5, ben))
    hops = np.array(hops_of(sound))
    ear = ChannelEar({"Ana": 0, "Ben": 1})
    events = [e for n in range(0, len(hops), length) for told in ear.hops(hops[n : n + length]) for e in told]
    assert events + ear.finish() == hears(sound)
    assert speech(events, "Ben")
    ahead = ChannelEar({"Ana": 0, "Ben": 1})
    assert [e for told in in_rows_ahead(ahead, hops, length) for e in told] == events


def test_with_a_microphone_each_windows_are_foreseen_once_a_second_and_no_more(
    ana: np.ndarray, ben: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the window of either, both are heard in turn; that brings no more windows, as whose they are is known."""
    foreseen: list[Due] = []
    foresee = Windows.foresee

    def noted(windows: Windows, sounds: np.ndarray, due: Sequence[Due], close: bool) -> None:
        foreseen.extend(due)
        foresee(windows, sounds, due, close)

    monkeypatch.setattr(Windows, "foresee", noted)
    hops = np.array(hops_of(microphones(9.0, 20.0, ("Ana", 1.0, ana), ("Ben", 4.5, ben))))
    for _ in ChannelEar({"Ana": 0, "Ben": 1}).hops(hops):
        pass
    assert {each.now % RATE for each in foreseen} >= {0}
    assert not any(each.close for each in foreseen)
