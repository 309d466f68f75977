"""The ear on one microphone: who spoke when, over gaps, to the end, and from the check-in on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import pytest

from coach.core.errors import Missing
from coach.core.events import UNKNOWN, Event, Speech, SpeechOn, VoiceOff, VoiceOn
from coach.core.span import HOP, Span, as_samples, shared
from coach.diarization import FEWER_WINDOWS, NO_OVERLAP, Ear, Senses, Tape, Voice, find_voices, learn_voice
from coach.diarization.ear import NO_VOICES
from coach.diarization.looks import Look
from coach.diarization.segmentation import Segmentation
from coach.diarization.timetable import CONFIG as TIMETABLE
from coach.diarization.windows import Windows
from coach.vad import Detector
from coach.vad.webrtc import WebRtc
from tests.diarization.conftest import RealTalk
from tests.diarization.rows import in_rows_ahead
from tests.vad.made_sound import (
    ANA_ALONE,
    ANA_SAYS,
    BEN_ALONE,
    BEN_SAYS,
    RATE,
    chord,
    heard,
    hops_of,
    in_order,
    laid,
    loud_part,
    room,
    said,
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


@contextmanager
def noted_looks() -> Iterator[list[bool]]:
    """For each look of the networks, whether the segmentation listened."""
    looks: list[bool] = []
    look = Windows.look

    def noted(windows: Windows, until: int, speech: np.ndarray | None = None) -> Look:
        looks.append(speech is None)
        return look(windows, until, speech)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Windows, "look", noted)
        yield looks


@pytest.fixture(scope="module")
def talk_and_looks(voices: dict[str, Voice]) -> tuple[list[Event], int]:
    """Forty seconds of the sample, heard by an ear that knows both voices, and how often its networks looked."""
    with noted_looks() as looks:
        return heard(Ear(voices), sample()[TALK.start : TALK.end]), len(looks)


@pytest.fixture
def talk(talk_and_looks: tuple[list[Event], int]) -> list[Event]:
    """These forty seconds; times from the start of them."""
    return talk_and_looks[0]


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


def test_who_it_is_is_told_within_a_second_and_surely(talk: list[Event]) -> None:
    began: dict[tuple[str, int], SpeechOn] = {}  # the first telling of each
    for event in talk:
        if isinstance(event, SpeechOn):
            began.setdefault((event.who, event.onset), event)
    assert len(began) >= 10
    late = [seconds(event.at - event.onset) for event in began.values()]
    assert np.median(late) <= 1.0  # the networks listen every half second, and know 0.25 s of what follows a frame
    assert max(late) <= 1.85  # what is not clear waits for another second
    assert np.median([event.confidence for event in talk if isinstance(event, Speech)]) > 0.9


@pytest.mark.parametrize("second", [1.0, 1.1, 1.2, 1.3, 1.4])
def test_a_voice_that_has_stopped_is_attributed_at_once(second: float, voices: dict[str, Voice]) -> None:
    """Wherever on the grid of windows a sentence ends."""
    ending = said(*ANA_ALONE)[-as_samples(4.0) :]
    events = heard(Ear(voices), laid(8.0, (second, ending)))
    (off,) = [event for event in events if isinstance(event, VoiceOff)]
    (spoken,) = [event for event in events if isinstance(event, Speech)]
    assert spoken.at == off.at + TIMETABLE.faded


def test_time_never_runs_backwards_and_units_of_one_person_never_overlap(talk: list[Event]) -> None:
    assert in_order(talk)
    for who in ("Ana", "Ben"):
        assert all(a.end <= b.start for a, b in pairwise(sorted(speech(talk, who))))
    assert all(span.end <= event.at for event in talk if isinstance(event, Speech) for span in [event.span])


def alternate(events: list[Event]) -> bool:
    """Whether each VoiceOn has its VoiceOff before the next."""
    edges = [event for event in events if isinstance(event, VoiceOn | VoiceOff)]
    if [type(edge) for edge in edges] != [VoiceOn, VoiceOff] * (len(edges) // 2):
        return False
    times = [edge.onset if isinstance(edge, VoiceOn) else edge.end for edge in edges]
    return times == sorted(times)


def test_each_voice_goes_on_and_off_once_and_in_order(talk: list[Event]) -> None:
    assert alternate(talk)


def test_that_somebody_speaks_is_told_before_who_it_is(talk: list[Event]) -> None:
    first = [type(event) for event in talk][:2]
    assert first == [VoiceOn, SpeechOn]
    ons = [event.onset for event in talk if isinstance(event, VoiceOn)]
    assert all(any(on <= event.onset + NEAR for on in ons) for event in talk if isinstance(event, SpeechOn))


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
    assert [type(event) for event in before if not isinstance(event, SpeechOn)] == [VoiceOn, VoiceOff, Speech]
    assert any(isinstance(event, SpeechOn) for event in before)
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


# ------------------------------------------------------------------------------------------- a machine that is slow


@pytest.mark.parametrize("step", [FEWER_WINDOWS, NO_OVERLAP])
def test_an_ear_that_does_with_less_still_knows_who_speaks(
    step: int, voices: dict[str, Voice], talk_and_looks: tuple[list[Event], int]
) -> None:
    everything, usual = talk_and_looks
    ear = Ear(voices)
    ear.relieve(step)
    with noted_looks() as looks:
        events = heard(ear, sample()[TALK.start : TALK.end])
    assert len(looks) < 0.7 * usual
    assert any(looks) == (step < NO_OVERLAP)
    assert in_order(events)
    assert alternate(events)
    for who in voices:
        usually = speech(everything, who)
        same = shared(speech(events, who), usually)
        assert same >= 0.85 * sum(span.duration for span in usually)
    ear.relieve(0)
    assert heard(ear, np.zeros(RATE, np.float32)) == []


# ------------------------------------------------------------------------------------------------ two real people


def test_two_real_people_are_named_when_they_speak_and_only_then(real_talk: RealTalk) -> None:
    """Each voice is learnt from the longest that this person speaks alone; all of the talk is attributed."""
    tape = Tape()
    first = Ear(senses=tape)
    heard(first, real_talk.sound)
    assert len(find_voices(tape.crops)) == len(real_talk.turns) == 2  # and without a check-in, that many are found
    says = {who: max(alone(real_talk, who), key=lambda span: span.duration) for who in real_talk.turns}
    voices = {who: learn_voice(first.crops([span])) for who, span in says.items()}
    events = heard(Ear(voices), real_talk.sound)
    assert in_order(events)
    assert alternate(events)
    for who in real_talk.turns:
        due = [Span(*turn) for turn in real_talk.turns[who]]
        found = speech(events, who)
        assert shared(found, due) > 0.85 * sum(span.duration for span in due)
        assert shared(found, due) > 0.85 * sum(span.duration for span in found)


def alone(talk: RealTalk, who: str) -> list[Span]:
    """Where this person speaks, and nobody else does."""
    others = [talk.speaking(other) for other in talk.turns if other != who]
    here = talk.speaking(who) & ~np.any(others, axis=0)
    starts, ends = np.flatnonzero(np.diff(here, prepend=False, append=False)).reshape(-1, 2).T
    return [Span(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


# ------------------------------------------------------------------------------------------------ what is soft, or none


def test_what_only_the_networks_take_for_a_voice_must_last(voices: dict[str, Voice], ana: np.ndarray) -> None:
    """They take barks, sneezes and babies for voices; the quick detector does not, and here it is deaf."""

    def told(sound: np.ndarray) -> list[Event]:
        return heard(Ear(voices, senses=Senses(Detector("deaf", Deaf))), laid(7.0, (1.5, sound), dbfs=-75.0))

    assert told(ana[: as_samples(0.5)]) == []
    assert {event.who for event in told(ana) if isinstance(event, Speech)} == {"Ana"}


class Deaf:
    """A detector that hears no voice."""

    def windows(self, samples: np.ndarray) -> list[float]:
        return [0.0] * len(samples)


def test_a_soft_voice_is_heard(voices: dict[str, Voice], ana: np.ndarray) -> None:
    events = heard(Ear(voices), laid(7.0, (1.5, ana * np.float32(0.03)), dbfs=-80.0))
    assert alternate(events)
    spoken = Span(as_samples(1.5), as_samples(1.5) + len(ana))
    assert shared(speech(events, "Ana"), [spoken]) >= 0.95 * spoken.duration


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(room(4.0, dbfs=-35.0, seed=5), id="a tap that runs"),
        pytest.param(room(0.4, dbfs=-6, seed=3) * np.exp(-np.arange(6400) / 800).astype(np.float32), id="a door"),
        pytest.param(np.zeros(4 * RATE, np.float32), id="nothing"),
    ],
)
def test_a_noise_is_nobodys_speech(voices: dict[str, Voice], noise: np.ndarray) -> None:
    for ear in (Ear(voices), Ear()):
        events = heard(ear, laid(7.0, (1.5, noise)))
        assert speech(events) == []
        assert alternate(events)


@pytest.mark.parametrize(("notes", "partials"), [((220, 277, 330), 1), ((200,), 1), ((200,), 8)])
def test_a_chord_that_trembles_is_nobodys_speech_for_long(notes: tuple[float, ...], partials: int) -> None:
    """It is known to keep its colour after a second or two."""
    sound = chord(*notes, tremolo=5.0, depth=0.7, partials=partials)
    assert sum(span.duration for span in speech(heard(Ear(), sound))) <= 1.5 * RATE


# --------------------------------------------------------------------------------------------------- without networks


def unaided() -> Senses:
    return Senses(Detector("WebRTC", WebRtc, networks=False))


def test_without_the_networks_who_rehearses_alone_is_heard(ana: np.ndarray) -> None:
    events = heard(Ear(everyone="Cleo", senses=unaided()), laid(7.0, (1.5, ana)))
    (found,) = speech(events, "Cleo")
    assert abs(found.start - as_samples(1.5)) <= 2 * NEAR
    assert abs(found.end - as_samples(1.5) - len(ana)) <= 3 * NEAR
    assert alternate(events)


def test_without_the_networks_nobody_can_be_told_apart(voices: dict[str, Voice], ana: np.ndarray) -> None:
    with pytest.raises(Missing, match=NO_VOICES):
        Ear(voices, senses=unaided())
    ear = Ear(senses=unaided())
    fed(ear, laid(5.0, (1.0, ana)))
    with pytest.raises(Missing, match="--channels"):
        ear.enrol(voices)
    assert len(ear.crops([Span(0, ear.now)])) == 0


def test_without_the_networks_a_door_is_no_speech() -> None:
    door = room(0.4, dbfs=-6, seed=3) * np.exp(-np.arange(6400) / 800).astype(np.float32)
    assert speech(heard(Ear(everyone="Cleo", senses=unaided()), laid(5.0, (2.0, door)))) == []


# ----------------------------------------------------------------------------------------------- voices are learnt


def test_from_the_moment_voices_are_learnt_speech_has_names(ana: np.ndarray, ben: np.ndarray) -> None:
    ear = Ear()
    before = fed(ear, sample()[: 17 * RATE])
    assert {event.who for event in before if isinstance(event, Speech)} == {UNKNOWN}
    says = {"Ana": Span.seconds(*ANA_SAYS), "Ben": Span.seconds(*BEN_SAYS)}
    ear.enrol({who: learn_voice(ear.crops([span])) for who, span in says.items()})
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
    fed(ear, laid(7.0, (1.0, ana)))
    assert len(ear.crops([Span(0, 7 * RATE)])) >= len(ana) // RATE
    assert len(ear.crops([Span(5 * RATE, 7 * RATE)])) == 0


@pytest.fixture(scope="module")
def one_by_one(voices: dict[str, Voice]) -> list[Event]:
    """Twelve seconds of the sample, heard hop by hop."""
    ear = Ear(voices)
    return fed(ear, sample()[TALK.start : TALK.start + 12 * RATE]) + ear.finish()


@pytest.mark.parametrize("length", [2, 7, 50, 10_000])
def test_an_ear_that_is_given_many_hops_at_once_tells_the_same(
    length: int, voices: dict[str, Voice], one_by_one: list[Event]
) -> None:
    at_once = Ear(voices)
    assert in_rows(at_once, sample()[TALK.start : TALK.start + 12 * RATE], length) + at_once.finish() == one_by_one
    assert len(one_by_one) > 8


@pytest.mark.parametrize(("length", "rows"), [(50, 1), (110, 2), (599, 1)])
def test_an_ear_whose_networks_run_ahead_tells_the_same(
    length: int, rows: int, voices: dict[str, Voice], one_by_one: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last row has one hop only in one case."""
    here, elsewhere = list[int](), list[int]()
    windows = Segmentation.windows

    def noted(network: Segmentation, sounds: np.ndarray) -> np.ndarray:
        (here if threading.current_thread() is threading.main_thread() else elsewhere).append(len(sounds))
        return windows(network, sounds)

    monkeypatch.setattr(Segmentation, "windows", noted)
    ahead = Ear(voices)
    hops = np.array(hops_of(sample()[TALK.start : TALK.start + 12 * RATE]))
    told = [event for events in in_rows_ahead(ahead, hops, length, rows) for event in events]
    assert told + ahead.finish() == one_by_one
    assert sum(here) <= 8, "the first five seconds, whose windows are not whole, and what no timetable knows"
    assert sum(elsewhere) >= 7
