"""Recordings at full speed: the same events however the file is read, and the same as in real time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from staged import PEOPLE, RATE, AtOnce, Evening, Script, check_in, excerpt, plan, room, sample

from coach.audio.recording import Recording
from coach.conversation import Timing, Turn, converse, ipus
from coach.errors import BadInput
from coach.events import AudioGap, Cue, Ended, Enrolled, Event, Notice, Speech, Words, to_record
from coach.loop.files import Analysed, Enrolment, Who, analyse
from coach.settings import Settings
from coach.span import Span, as_samples

SAID = ("I went there and then we came home.", "Mm-hm.", "Will you drive?", "I feel so sad about it.")
AT_ONCE = Settings(quiet_first=0.0)
ENROLLED = Who(people=PEOPLE, enrolments=tuple(Enrolment(who, (check_in(who),)) for who in PEOPLE))


@pytest.fixture(scope="module")
def fifty_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample up to a jump-in and its answer."""
    return excerpt(tmp_path_factory.mktemp("loop"), 0.0, 48.0)


def as_bytes(found: Analysed) -> bytes:
    return "\n".join(json.dumps(to_record(event)) for event in found.events).encode()


def turns(events: list[Event]) -> Sequence[Turn]:
    heard = ipus(event for event in events if isinstance(event, Speech))
    return converse(heard, [], [], Timing(breath=as_samples(AT_ONCE.pause))).turns


@pytest.mark.parametrize("words", [True, False])
def test_the_size_of_blocks_changes_no_byte(words: bool, fifty_seconds: Path) -> None:
    whole = [
        analyse(fifty_seconds, ENROLLED, AT_ONCE, Script(*SAID) if words else None, block_s=block)
        for block in ((0.001, 0.02, 0.1, 1.0) if words else (0.001, 1.0))
    ]
    assert len({as_bytes(found) for found in whole}) == 1
    assert len(whole[0].events) > 15
    assert any(isinstance(event, Words) for event in whole[0].events) == words
    assert any(isinstance(event, Cue) and event.given for event in whole[0].events)


def test_the_same_file_gives_the_same_bytes_when_nobody_is_enrolled(fifty_seconds: Path) -> None:
    one, other = (analyse(fifty_seconds, Who(people=PEOPLE), AT_ONCE, None, block_s=block) for block in (0.0137, 0.5))
    assert as_bytes(one) == as_bytes(other)
    assert one.people == PEOPLE
    assert {event.who for event in one.events if isinstance(event, Speech)} == set(PEOPLE)


def test_events_come_in_the_order_in_which_they_were_known(fifty_seconds: Path) -> None:
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
    assert clock.time == pytest.approx(48.0, abs=0.1)  # it was paced, and by this clock
    assert [e for e in paced if isinstance(e, Speech)] == [e for e in fast.events if isinstance(e, Speech)]
    assert turns(paced) == turns(fast.events)
    assert [e for e in paced if isinstance(e, Cue)] == [e for e in fast.events if isinstance(e, Cue)]
    assert any(isinstance(event, Cue) and event.given for event in paced)


# ------------------------------------------------------------------------------------------------- who is who


def test_people_with_a_channel_each_are_told_by_their_channels(tmp_path: Path) -> None:
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


def test_a_channel_that_is_not_there_is_said_in_a_line(fifty_seconds: Path) -> None:
    with pytest.raises(BadInput, match=r"excerpt.flac has 1 channel\(s\), so there is none for Ben"):
        analyse(fifty_seconds, Who(channels={"Ana": 0, "Ben": 1}), AT_ONCE, None)


def test_one_voice_alone_is_one_person(tmp_path: Path) -> None:
    path = excerpt(tmp_path, 66.5, 77.5)  # Ana tells; nobody answers
    found = analyse(path, Who(people=PEOPLE), AT_ONCE, None)
    assert found.people == ("Ana",)
    assert {event.who for event in found.events if isinstance(event, Speech)} == {"Ana"}


def test_nobody_is_heard_where_nobody_speaks(tmp_path: Path) -> None:
    sf.write(tmp_path / "still.wav", room(5.0), RATE)
    found = analyse(tmp_path / "still.wav", Who(people=PEOPLE), AT_ONCE, None)
    assert not [event for event in found.events if isinstance(event, Speech | Cue)]


def test_a_voice_may_be_learnt_from_a_clip(tmp_path: Path) -> None:
    clips = {}
    for who in PEOPLE:
        clips[who] = tmp_path / f"{who}.wav"
        sf.write(clips[who], sample()[check_in(who).start : check_in(who).end], RATE)
    talk = excerpt(tmp_path, 30.0, 48.0)
    by_clip = analyse(talk, Who(enrolments=tuple(Enrolment(w, clip=c) for w, c in clips.items())), AT_ONCE, None)
    assert by_clip.people == PEOPLE
    said = [event.who for event in by_clip.events if isinstance(event, Speech)]
    assert said[:4] == ["Ana", "Ben", "Ben", "Ana"]


def test_too_little_to_learn_from_is_said_in_a_line(fifty_seconds: Path) -> None:
    silence = Enrolment("Ana", (Span.seconds(16.0, 18.0),))
    with pytest.raises(BadInput, match=r"too little speech of Ana .* 16 to 18 s; name at least four seconds"):
        analyse(fifty_seconds, Who(enrolments=(silence,)), AT_ONCE, None)


def test_what_there_is_to_say_of_a_file_reaches_the_person(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    sf.write(path, sample()[: 10 * RATE], RATE)
    path.write_bytes(path.read_bytes()[: 4 * RATE * 2])
    (notice,) = analyse(path, Who(people=PEOPLE), AT_ONCE, None).notices
    assert "cut off" in notice


def test_progress_is_told_each_second(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    analyse(excerpt(tmp_path, 0.0, 5.0), Who(people=PEOPLE), AT_ONCE, None, progress=lambda *now: seen.append(now))
    assert [done // RATE for done, _ in seen] == [0, 1, 2, 3, 4]
    assert {of for _, of in seen} == {5 * RATE}


def test_a_recording_checks_nobody_in(fifty_seconds: Path) -> None:
    found = analyse(fifty_seconds, ENROLLED, AT_ONCE, None)
    assert not [event for event in found.events if isinstance(event, Enrolled | Notice | AudioGap)]
