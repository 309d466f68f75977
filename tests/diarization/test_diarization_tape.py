"""A recorded tape of hearing replays the same events as the audio."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np
import pytest

from coach.core.errors import Missing
from coach.core.events import Event, Speech
from coach.core.span import HOP, RATE, Span
from coach.diarization.ear import Ear, heard_at
from coach.diarization.senses import Senses
from coach.diarization.tape import Tape
from coach.diarization.voices import Voice
from coach.vad import Detector
from coach.vad.webrtc import WebRtc
from tests.vad.made_sound import hops_of, laid, longest, room, said

GAP = Span(6 * RATE, 8 * RATE)  # never heard


@pytest.fixture(scope="module")
def talk() -> np.ndarray:
    a, b = (said(start, min(end, start + 3.0)) for start, end in (longest("Ana"), longest("Ben")))
    return laid(14.0, (1.0, a), (4.5, b), (9.0, a), (12.5, b[: RATE + RATE // 2]))  # cut off in the end


def told(ear: Ear, sound: np.ndarray) -> list[tuple[int, list[Event]]]:
    """All that an ear tells, hop by hop, of a sound with a gap in it; and how loud each hop is."""
    out = []
    for n, hop in enumerate(hops_of(sound)):
        if n * HOP == GAP.start:
            out.append((n, ear.skip_to(ear.now)))
        if n * HOP not in GAP:
            out.append((n, heard_at(ear, n * HOP, hop)))
            out.append((n, list(ear.dbfs)))
    return [*out, (-1, ear.finish())]


def test_a_second_hearing_from_tape_tells_what_a_second_hearing_of_the_sound_would(
    talk: np.ndarray, voices: dict[str, Voice]
) -> None:
    tape = Tape()
    told(Ear(senses=tape), talk)
    fresh, read = told(Ear(voices), talk), told(Ear(voices, senses=tape.again()), np.zeros_like(talk))
    for heard, known in zip_longest(fresh, read):
        assert heard == known
    assert {event.who for _, events in read for event in events if isinstance(event, Speech)} == set(voices)


def test_keeping_changes_nothing_in_the_first_hearing(talk: np.ndarray) -> None:
    assert told(Ear(senses=Tape()), talk) == told(Ear(), talk)


def test_a_tape_can_be_read_twice(talk: np.ndarray, voices: dict[str, Voice]) -> None:
    tape = Tape()
    told(Ear(senses=tape), talk)
    assert told(Ear(voices, senses=tape.again()), talk) == told(Ear(voices, senses=tape.again()), talk)


def test_the_voices_are_the_same_from_tape(talk: np.ndarray) -> None:
    tape = Tape()
    first = Ear(senses=tape)
    told(first, talk)
    second = Ear(senses=tape.again())
    told(second, room(len(talk) / RATE))
    both = [ear.crops([Span(0, GAP.start), Span(GAP.end, len(talk))]) for ear in (first, second)]
    assert len(both[0]) > 5
    assert np.array_equal(*both)
    assert [crop.start for crop in tape.crops] == sorted({crop.start for crop in tape.crops})


def test_a_tape_without_networks_tells_no_voices(talk: np.ndarray, voices: dict[str, Voice]) -> None:
    tape = Tape(Detector("WebRTC", WebRtc, networks=False))
    direct = Senses(Detector("WebRTC", WebRtc, networks=False))
    assert told(Ear(everyone="Cleo", senses=tape), talk) == told(Ear(everyone="Cleo", senses=direct), talk)
    read = told(Ear(everyone="Cleo", senses=tape.again()), np.zeros_like(talk))
    assert read == told(Ear(everyone="Cleo", senses=direct), talk)
    assert tape.crops == []
    with pytest.raises(Missing):
        Ear(voices, senses=tape.again())
