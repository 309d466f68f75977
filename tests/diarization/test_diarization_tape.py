"""A recorded tape of hearing replays the same events as the audio."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import numpy as np
import pytest

from coach.core.errors import Missing
from coach.core.events import Event, Speech
from coach.core.span import HOP, RATE, Span
from coach.diarization import Segmentation
from coach.diarization.ear import Ear, heard_at
from coach.diarization.tape import Listening, Senses, Tape
from coach.diarization.voices import Voice
from coach.vad import FRAME, OPEN, Began, Detector, Stopped
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


def test_the_networks_listen_only_where_somebody_may_be_speaking(talk: np.ndarray) -> None:
    tape = Tape()
    told(Ear(senses=tape), np.concatenate([talk, room(3.0)]))
    listened = [judged.look is not None for judged in tape.judged]
    assert any(listened)
    assert not any(listened[-3:])
    assert not any(judged.speech.any() for judged in tape.judged if judged.look is None)


class Eager:
    """A quick detector that takes everything for speech, and proves nothing."""

    active = (True,) * (HOP // FRAME)
    steady = (False,) * (HOP // FRAME)
    settled = OPEN
    levels = np.zeros(HOP // FRAME)

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]:
        yield from ([] for _ in samples)

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        return []


@pytest.mark.parametrize("overlap", [True, False])
def test_without_the_segmentation_the_networks_prove_nothing(overlap: bool) -> None:
    sentence = said(*longest("Ana"))[: 2 * RATE]
    listening = Listening()
    for hop in hops_of(laid(3.0, (0.5, sentence))):
        listening.hop(hop, Eager(), [])
    assert listening.judge(0, 3 * RATE // FRAME, overlap).speech.any() == overlap


@pytest.mark.parametrize("said_from", [None, 2.0])
def test_windows_are_foreseen_only_where_somebody_may_be_speaking(
    said_from: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quiet room is loud enough for the network, which scales each window to one level."""
    heard: list[int] = []
    windows = Segmentation.windows

    def noted(network: Segmentation, sounds: np.ndarray) -> np.ndarray:
        heard.append(len(sounds))
        return windows(network, sounds)

    monkeypatch.setattr(Segmentation, "windows", noted)
    spoken = [] if said_from is None else [(said_from, said(*longest("Ana"))[: 2 * RATE])]
    tape = Tape()
    ear = Ear(senses=tape)
    quiet = np.array(hops_of(laid(7.0)))
    rest = np.array(hops_of(laid(12.0, *spoken)))
    for _ in (*ear.hops(quiet), *ear.hops(rest)):
        pass
    looks = sum(judged.look is not None for judged in tape.judged)
    assert sum(heard) <= looks + 1
    assert looks < 8
    assert bool(heard) == (said_from is not None)
    assert max(heard, default=2) > 1, "what is foreseen comes in a batch"
