"""Recordings at full speed give the same events as in real time, however the file is read."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.asr import Immediate
from coach.audio.recording import Recording
from coach.audio.source import Block, hops
from coach.coaching import Catalogue
from coach.conversation import Timing, Turn, converse, ipus
from coach.core.errors import BadInput
from coach.core.events import AudioGap, Cue, Ended, Enrolled, Event, Notice, Speech, Words, to_record
from coach.core.settings import Settings
from coach.core.span import Span, as_samples
from coach.hearing.ear import Ear
from coach.runtime.offline import Analysed, Enrolment, Who, analyse
from coach.runtime.pipeline import Pipeline, hear
from coach.runtime.prefetch import heard
from tests.runtime.staged import PEOPLE, RATE, AtOnce, Evening, Script, check_in, excerpt, plan, room, sample, voices

SAID = ("I went there and then we came home.", "Mm-hm.", "Will you drive?", "I feel so sad about it.")
AT_ONCE = Settings(quiet_first=0.0)
ENROLLED = Who(people=PEOPLE, enrolments=tuple(Enrolment(who, (check_in(who),)) for who in PEOPLE))


@pytest.fixture(scope="module")
def fifty_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample up to an early answer and the reply to it."""
    return excerpt(tmp_path_factory.mktemp("loop"), 0.0, 48.0)


def as_bytes(found: Analysed) -> bytes:
    return "\n".join(json.dumps(to_record(event)) for event in found.events).encode()


def turns(events: list[Event]) -> Sequence[Turn]:
    heard = ipus(event for event in events if isinstance(event, Speech))
    return converse(heard, [], [], Timing(breath=as_samples(AT_ONCE.pause))).turns


@pytest.mark.parametrize("words", [True, False])
def test_the_block_size_changes_no_byte_of_the_result(words: bool, fifty_seconds: Path) -> None:
    whole = [
        analyse(fifty_seconds, ENROLLED, AT_ONCE, Script(*SAID) if words else None, block_s=block)
        for block in ((0.001, 0.02, 0.1, 1.0) if words else (0.001, 1.0))
    ]
    assert len({as_bytes(found) for found in whole}) == 1
    assert len(whole[0].events) > 15
    assert any(isinstance(event, Words) for event in whole[0].events) == words
    assert any(isinstance(event, Cue) and event.given for event in whole[0].events)


def test_the_same_file_gives_the_same_bytes_without_enrolment(fifty_seconds: Path) -> None:
    one, other = (analyse(fifty_seconds, Who(people=PEOPLE), AT_ONCE, None, block_s=block) for block in (0.0137, 0.5))
    assert as_bytes(one) == as_bytes(other)
    assert one.people == PEOPLE
    assert {event.who for event in one.events if isinstance(event, Speech)} == set(PEOPLE)


def test_events_are_in_the_order_in_which_they_became_known(fifty_seconds: Path) -> None:
    found = analyse(fifty_seconds, ENROLLED, AT_ONCE, Script(*SAID))
    assert all(a.at <= b.at for a, b in pairwise(found.events))
    assert all(event.stored for event in found.events)
    assert isinstance(found.events[-1], Ended)
    assert found.duration == pytest.approx(48 * RATE, abs=320)


def test_a_file_in_real_time_gives_the_same_turns_and_the_same_cues(fifty_seconds: Path, tmp_path: Path) -> None:
    fast = analyse(fifty_seconds, ENROLLED, AT_ONCE, None)
    clock = AtOnce()
    evening = Evening(tmp_path, Recording(fifty_seconds, 0.1), plan(settings=AT_ONCE), clock=clock)
    paced = evening.run()
    assert clock.time == pytest.approx(48.0, abs=0.1)  # it was paced by this clock
    assert [e for e in paced if isinstance(e, Speech)] == [e for e in fast.events if isinstance(e, Speech)]
    assert turns(paced) == turns(fast.events)
    assert [e for e in paced if isinstance(e, Cue)] == [e for e in fast.events if isinstance(e, Cue)]
    assert any(isinstance(event, Cue) and event.given for event in paced)


# ------------------------------------------------------------------------------------------------- who is who


def test_people_with_separate_channels_are_identified_by_them(tmp_path: Path) -> None:
    left, right = room(20.0), room(20.0) * np.float32(0.9)
    for second, who, channel in ((1.0, "Ana", left), (11.0, "Ben", right)):
        piece = sample()[check_in(who).start : check_in(who).end]
        channel[as_samples(second) :][: len(piece)] += piece
    sf.write(tmp_path / "two.wav", np.stack([left, right], axis=1), RATE)
    for who in (Who(channels={"Ana": 0, "Ben": 1}), Who(people=PEOPLE)):  # given, or found
        found = analyse(tmp_path / "two.wav", who, AT_ONCE, None)
        assert found.channels == 2
        order = [event.who for event in found.events if isinstance(event, Speech)]
        assert order == sorted(order)
        assert set(order) == set(PEOPLE)


def test_a_missing_channel_is_reported_in_one_line(fifty_seconds: Path) -> None:
    with pytest.raises(BadInput, match=r"excerpt.flac has 1 channel\(s\), so none is left for Ben"):
        analyse(fifty_seconds, Who(channels={"Ana": 0, "Ben": 1}), AT_ONCE, None)


def test_a_single_voice_is_one_person(tmp_path: Path) -> None:
    path = excerpt(tmp_path, 66.5, 77.5)  # Ana speaks; nobody answers
    found = analyse(path, Who(people=PEOPLE), AT_ONCE, None)
    assert found.people == ("Ana",)
    assert {event.who for event in found.events if isinstance(event, Speech)} == {"Ana"}


def test_a_recording_without_speech_has_no_people(tmp_path: Path) -> None:
    sf.write(tmp_path / "still.wav", room(5.0), RATE)
    found = analyse(tmp_path / "still.wav", Who(people=PEOPLE), AT_ONCE, None)
    assert not [event for event in found.events if isinstance(event, Speech | Cue)]


def clips(folder: Path) -> tuple[Enrolment, ...]:
    """Each person's check-in sentence as a separate file."""
    for who in PEOPLE:
        sf.write(folder / f"{who}.wav", sample()[check_in(who).start : check_in(who).end], RATE)
    return tuple(Enrolment(who, clip=folder / f"{who}.wav") for who in PEOPLE)


def test_a_voice_may_be_learnt_from_a_clip(tmp_path: Path) -> None:
    talk = excerpt(tmp_path, 30.0, 48.0)
    by_clip = analyse(talk, Who(enrolments=clips(tmp_path)), AT_ONCE, None)
    assert by_clip.people == PEOPLE
    said = [event.who for event in by_clip.events if isinstance(event, Speech)]
    assert said[:4] == ["Ana", "Ben", "Ben", "Ana"]


def test_too_little_speech_to_learn_from_is_reported_in_one_line(fifty_seconds: Path) -> None:
    silence = Enrolment("Ana", (Span.seconds(16.0, 18.0),))
    with pytest.raises(BadInput, match=r"too little speech of Ana .* 16 to 18 s; name at least four seconds"):
        analyse(fifty_seconds, Who(enrolments=(silence,)), AT_ONCE, None)


def test_notices_about_a_file_reach_the_person(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    sf.write(path, sample()[: 10 * RATE], RATE)
    path.write_bytes(path.read_bytes()[: 4 * RATE * 2])
    (notice,) = analyse(path, Who(people=PEOPLE), AT_ONCE, None).notices
    assert "cut off" in notice


def test_progress_is_reported_every_second_of_both_passes(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    analyse(excerpt(tmp_path, 0.0, 5.0), Who(people=PEOPLE), AT_ONCE, None, progress=lambda *now: seen.append(now))
    assert [done // RATE for done, _ in seen] == list(range(10))
    assert {of for _, of in seen} == {10 * RATE}


def test_one_pass_is_enough_if_everyone_has_a_channel(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    who = Who(channels={"Ana": 0})
    analyse(excerpt(tmp_path, 0.0, 3.0), who, AT_ONCE, None, progress=lambda *now: seen.append(now))
    assert [(done // RATE, of) for done, of in seen] == [(0, 3 * RATE), (1, 3 * RATE), (2, 3 * RATE)]


class Patient(Script):
    """A transcriber that does not answer until half a minute has been heard."""

    def __init__(self, *texts: str) -> None:
        super().__init__(*texts)
        self.heard_much = threading.Event()
        self.waited_in_vain = False

    def hear(self, done: int, of: int | None) -> None:
        if of is not None and done - of // 2 > 30 * RATE:
            self.heard_much.set()

    def transcribe(self, samples: np.ndarray) -> str:
        self.waited_in_vain |= not self.heard_much.wait(10.0)
        return super().transcribe(samples)


def test_the_ear_goes_on_while_words_are_being_recognised(fifty_seconds: Path) -> None:
    patient = Patient(*SAID)
    found = analyse(fifty_seconds, ENROLLED, AT_ONCE, patient, progress=patient.hear)
    assert not patient.waited_in_vain
    assert as_bytes(found) == as_bytes(analyse(fifty_seconds, ENROLLED, AT_ONCE, Script(*SAID)))


def test_prefetched_words_change_no_event(fifty_seconds: Path) -> None:
    ear, words = Ear(voices()), Immediate(Script(*SAID))
    table = Pipeline(ear, AT_ONCE, PEOPLE, catalogue=Catalogue.load(), recogniser=words)
    events: list[Event] = []
    for item in hops(Recording(fifty_seconds).blocks()):
        events += table.hop(item) if isinstance(item, Block) else table.outside(item)
    events += table.finish("the recording ended")
    found = analyse(fifty_seconds, ENROLLED, AT_ONCE, Script(*SAID))
    assert found.events == [event for event in events if event.stored]


def test_hops_processed_together_give_the_same_events_around_lost_sound(fifty_seconds: Path) -> None:
    """A gap with an event, one without, and a gap at the end."""
    items = [item for item in hops(Recording(fifty_seconds).blocks()) if isinstance(item, Block)]
    lost = AudioGap(at=items[700].start, span=Span(items[600].start, items[700].start), reason="")
    broken = [*items[:600], lost, *items[700:900], *items[930:1800], lost]
    one, other = Ear(voices()), Ear(voices())
    assert list(heard(one, broken)) == [(item, hear(other, item)) for item in broken]
    assert one.finish() == other.finish()


def test_a_recogniser_that_fails_repeatedly_is_given_up_with_one_line(fifty_seconds: Path) -> None:
    class Broken(Script):
        def transcribe(self, samples: np.ndarray) -> str:
            raise RuntimeError("out of ink")

    (notice,) = analyse(fifty_seconds, ENROLLED, AT_ONCE, Broken()).notices
    assert "out of ink" in notice


def test_if_one_of_two_people_is_enrolled_the_other_voice_gets_the_other_name(fifty_seconds: Path) -> None:
    for one, other in (PEOPLE, PEOPLE[::-1]):
        who = Who(people=PEOPLE, enrolments=(Enrolment(one, (check_in(one),)),))
        found = analyse(fifty_seconds, who, AT_ONCE, None)
        for each in (one, other):
            heard = [event for event in found.events if isinstance(event, Speech) and event.span & check_in(each)]
            own = [event.who for event in heard]
            assert own
            assert set(own) == {each}


def test_an_enrolled_voice_keeps_its_name_if_the_number_of_people_is_unknown(fifty_seconds: Path) -> None:
    ben = Who(enrolments=(Enrolment("Ben", (check_in("Ben"),)),))
    assert analyse(fifty_seconds, ben, AT_ONCE, None).people == ("A", "Ben")


def test_two_enrolled_people_are_assumed_to_be_everybody(tmp_path: Path) -> None:
    talk = excerpt(tmp_path, 66.5, 77.5)  # Ana tells; nobody answers
    found = analyse(talk, Who(enrolments=clips(tmp_path)), AT_ONCE, None)
    assert found.people == PEOPLE  # a search would have found one voice
    assert {event.who for event in found.events if isinstance(event, Speech)} == {"Ana"}


def test_a_voice_is_learnt_from_all_the_given_spans(fifty_seconds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.hearing.ear.REMEMBERED", 500)  # frames: an ear that forgets after five seconds
    early, late = check_in("Ana"), Span.seconds(40.0, 41.0)
    by_both, by_early = (
        analyse(fifty_seconds, Who(PEOPLE, enrolments=(Enrolment("Ana", spans), ENROLLED.enrolments[1])), AT_ONCE, None)
        for spans in ((late, early), (early,))
    )
    both, alone = ([e for e in found.events if isinstance(e, Speech)] for found in (by_both, by_early))
    alike = sum((a.span & b.span).duration for a in both for b in alone if a.who == b.who)
    assert alike > 0.9 * sum(each.span.duration for each in alone)


def test_a_recording_has_no_check_in(fifty_seconds: Path) -> None:
    found = analyse(fifty_seconds, ENROLLED, AT_ONCE, None)
    assert not [event for event in found.events if isinstance(event, Enrolled | Notice | AudioGap)]
