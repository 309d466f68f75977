"""Recordings at full speed give the same events as in real time, however the file is read."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
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
from coach.core.errors import BadInput, Missing
from coach.core.events import AudioGap, Cue, Ended, Enrolled, Event, Notice, Speech, Words, to_record
from coach.core.settings import Settings
from coach.core.span import Span, as_samples
from coach.diarization import NO_VOICES
from coach.diarization.ear import Ear
from coach.diarization.windows import CONFIG as GRID
from coach.diarization.windows import Windows
from coach.runtime.offline import Analysed, Enrolment, Who, analyse
from coach.runtime.pipeline import Pipeline, hear
from coach.runtime.prefetch import heard
from coach.vad import choose_detector
from tests.runtime.staged import PEOPLE, RATE, AtOnce, Evening, Script, check_in, excerpt, plan, room, sample, voices

SAID = ("I went there and then we came home.", "Mm-hm.", "Will you drive?", "I feel so sad about it.")
AT_ONCE = Settings(quiet_first=0.0, cues="drill")
ENROLLED = Who(people=PEOPLE, enrolments=tuple(Enrolment(who, (check_in(who),)) for who in PEOPLE))


LASTS_S = 30.0


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute of the sample: the check-in, then a share of Ben and Ana's early answer."""
    path = tmp_path_factory.mktemp("loop") / "talk.flac"
    joined = [sample()[as_samples(start) : as_samples(end)] for start, end in ((0.0, 16.5), (32.0, 45.5))]
    sf.write(path, np.concatenate(joined), RATE, subtype="PCM_16")
    return path


@pytest.fixture(scope="module")
def found(talk: Path) -> Analysed:
    """The talk with enrolled voices and words."""
    return analyse(talk, ENROLLED, AT_ONCE, Script(*SAID))


def as_bytes(found: Analysed) -> bytes:
    return "\n".join(json.dumps(to_record(event)) for event in found.events).encode()


def turns(events: list[Event]) -> Sequence[Turn]:
    heard = ipus(event for event in events if isinstance(event, Speech))
    return converse(heard, [], [], Timing(breath=as_samples(AT_ONCE.pause))).turns


@pytest.mark.parametrize("block_s", [0.0137, 1.0])
def test_the_block_size_changes_no_byte_of_the_result(block_s: float, talk: Path, found: Analysed) -> None:
    assert as_bytes(analyse(talk, ENROLLED, AT_ONCE, Script(*SAID), block_s=block_s)) == as_bytes(found)
    assert len(found.events) > 10
    assert any(isinstance(event, Words) for event in found.events)
    assert any(isinstance(event, Cue) and event.given for event in found.events)


def test_the_same_file_gives_the_same_bytes_without_enrolment(talk: Path) -> None:
    one, other = (analyse(talk, Who(people=PEOPLE), AT_ONCE, None, block_s=block) for block in (0.0137, 0.5))
    assert as_bytes(one) == as_bytes(other)
    assert one.people == PEOPLE
    assert {event.who for event in one.events if isinstance(event, Speech)} == set(PEOPLE)


def test_events_are_in_the_order_in_which_they_became_known(found: Analysed) -> None:
    assert all(a.at <= b.at for a, b in pairwise(found.events))
    assert all(event.stored for event in found.events)
    assert isinstance(found.events[-1], Ended)
    assert found.duration == pytest.approx(LASTS_S * RATE, abs=320)


def test_a_file_in_real_time_gives_the_same_turns_and_the_same_cues(talk: Path, tmp_path: Path) -> None:
    fast = analyse(talk, ENROLLED, AT_ONCE, None)
    clock = AtOnce()
    evening = Evening(tmp_path, Recording(talk, 0.1), plan(settings=AT_ONCE), clock=clock)
    paced = evening.run()
    assert clock.time == pytest.approx(LASTS_S, abs=0.1)  # it was paced by this clock
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


def test_a_missing_channel_is_reported_in_one_line(talk: Path) -> None:
    with pytest.raises(BadInput, match=r"talk.flac has 1 channel\(s\), so none is left for Ben"):
        analyse(talk, Who(channels={"Ana": 0, "Ben": 1}), AT_ONCE, None)


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
    by_clip = analyse(excerpt(tmp_path, 30.0, 46.7), Who(enrolments=clips(tmp_path)), AT_ONCE, None)
    assert by_clip.people == PEOPLE
    said = [event.who for event in by_clip.events if isinstance(event, Speech)]
    assert said[:4] == ["Ana", "Ben", "Ben", "Ana"]


def test_too_little_speech_to_learn_from_is_reported_in_one_line(talk: Path) -> None:
    silence = Enrolment("Ana", (Span.seconds(7.0, 9.0),))
    with pytest.raises(BadInput, match=r"too little speech of Ana .* 7 to 9 s; name at least four seconds"):
        analyse(talk, Who(enrolments=(silence,)), AT_ONCE, None)


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


def test_without_networks_a_voice_to_learn_is_refused_in_one_line(tmp_path: Path) -> None:
    """Rather than as too little speech: nothing that the person says could mend that."""
    with pytest.raises(Missing, match=NO_VOICES):
        analyse(
            excerpt(tmp_path, 0.0, 3.0),
            Who(enrolments=(Enrolment("Ana", (Span.seconds(0.0, 2.0),)),)),
            AT_ONCE,
            None,
            detector=choose_detector("webrtc"),
        )


class Patient(Script):
    """A transcriber that does not answer until the sound has nearly been heard."""

    def __init__(self, *texts: str) -> None:
        super().__init__(*texts)
        self.heard_much = threading.Event()
        self.waited_in_vain = False

    def hear(self, done: int, of: int | None) -> None:
        if of is not None and done - of // 2 > (LASTS_S - 5) * RATE:
            self.heard_much.set()

    def transcribe(self, samples: np.ndarray) -> str:
        self.waited_in_vain |= not self.heard_much.wait(100.0)
        return super().transcribe(samples)


def test_the_ear_goes_on_while_words_are_being_recognised(talk: Path, found: Analysed) -> None:
    patient = Patient(*SAID)
    again = analyse(talk, ENROLLED, AT_ONCE, patient, progress=patient.hear)
    assert not patient.waited_in_vain
    assert as_bytes(again) == as_bytes(found)


def test_prefetched_words_change_no_event(talk: Path, found: Analysed) -> None:
    ear, words = Ear(voices()), Immediate(Script(*SAID))
    table = Pipeline(ear, AT_ONCE, PEOPLE, catalogue=Catalogue.load(), recogniser=words)
    events: list[Event] = []
    for item in hops(Recording(talk).blocks()):
        events += table.hop(item) if isinstance(item, Block) else table.outside(item)
    events += table.finish("the recording ended")
    assert found.events == [event for event in events if event.stored]


def test_hops_processed_together_give_the_same_events_around_lost_sound(talk: Path) -> None:
    """A gap with an event, one without, and a gap at the end."""
    items = [item for item in hops(Recording(talk).blocks()) if isinstance(item, Block)]
    lost = AudioGap(at=items[700].start, span=Span(items[600].start, items[700].start), reason="")
    broken = [*items[:600], lost, *items[700:900], *items[930:1400], lost]
    one, other = Ear(voices()), Ear(voices())
    assert list(heard(one, broken)) == [(item, hear(other, item)) for item in broken]
    assert one.finish() == other.finish()


def test_a_recogniser_that_fails_repeatedly_is_given_up_with_one_line(talk: Path) -> None:
    class Broken(Script):
        def transcribe(self, samples: np.ndarray) -> str:
            raise RuntimeError("out of ink")

    (notice,) = analyse(talk, Who(channels={"Ana": 0}), AT_ONCE, Broken()).notices
    assert "out of ink" in notice


def test_if_one_of_two_people_is_enrolled_the_other_voice_gets_the_other_name(talk: Path) -> None:
    for one, other in (PEOPLE, PEOPLE[::-1]):
        who = Who(people=PEOPLE, enrolments=(Enrolment(one, (check_in(one),)),))
        found = analyse(talk, who, AT_ONCE, None)
        for each in (one, other):
            heard = [event for event in found.events if isinstance(event, Speech) and event.span & check_in(each)]
            own = [event.who for event in heard]
            assert own
            assert set(own) == {each}


def test_an_enrolled_voice_keeps_its_name_if_the_number_of_people_is_unknown(talk: Path) -> None:
    ben = Who(enrolments=(Enrolment("Ben", (check_in("Ben"),)),))
    assert analyse(talk, ben, AT_ONCE, None).people == ("A", "Ben")


def test_two_enrolled_people_are_assumed_to_be_everybody(tmp_path: Path) -> None:
    path = excerpt(tmp_path, 66.5, 77.5)  # Ana tells; nobody answers
    found = analyse(path, Who(enrolments=clips(tmp_path)), AT_ONCE, None)
    assert found.people == PEOPLE  # a search would have found one voice
    assert {event.who for event in found.events if isinstance(event, Speech)} == {"Ana"}


def test_a_voice_is_learnt_from_all_the_given_spans(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful = replace(GRID, remembered=5 * RATE)
    monkeypatch.setattr("coach.diarization.judges.Windows", partial(Windows, forgetful))
    early, late = check_in("Ana"), Span.seconds(25.0, 26.0)  # within her answer
    by_both, by_early = (
        analyse(talk, Who(PEOPLE, enrolments=(Enrolment("Ana", spans), ENROLLED.enrolments[1])), AT_ONCE, None)
        for spans in ((late, early), (early,))
    )
    both, alone = ([e for e in found.events if isinstance(e, Speech)] for found in (by_both, by_early))
    alike = sum((a.span & b.span).duration for a in both for b in alone if a.who == b.who)
    assert alike > 0.9 * sum(each.span.duration for each in alone)


def test_a_recording_has_no_check_in(found: Analysed) -> None:
    assert not [event for event in found.events if isinstance(event, Enrolled | Notice | AudioGap)]
