"""A voice goes on once and off once, whoever hears it: the quick detectors, the networks or both."""

from __future__ import annotations

from coach.core.events import SpeechOn, VoiceOff, VoiceOn
from coach.core.span import Span
from coach.diarization.voicing import Voicing
from coach.vad import FRAME, JOIN, Began, Stopped

ANA = frozenset({"Ana"})


def opened(frame: int) -> SpeechOn:
    return SpeechOn(at=(frame + 50) * FRAME, who="Ana", onset=frame * FRAME, confidence=1.0)


def began(frame: int) -> Began:
    return Began(at=(frame + 10) * FRAME, onset=frame * FRAME)


def stopped(first: int, last: int) -> Stopped:
    return Stopped(at=(last + JOIN) * FRAME, span=Span(first * FRAME, last * FRAME))


def spoken(voicing: Voicing, first: int, last: int) -> None:
    for frame in range(first, last):
        voicing.spoke(frame)


def test_the_edges_of_one_quick_detector_are_the_voice() -> None:
    voicing = Voicing()
    assert voicing.quick(began(100), 1 << 30) == [VoiceOn(at=110 * FRAME, onset=100 * FRAME)]
    assert voicing.quick(stopped(100, 200), 1 << 30) == [VoiceOff(at=(200 + JOIN) * FRAME, end=200 * FRAME)]


def test_an_edge_is_not_reported_later_than_now() -> None:
    (on,) = Voicing().quick(began(100), 105 * FRAME)
    assert on.at == 105 * FRAME


def test_the_voice_of_two_detectors_ends_with_the_last_of_them() -> None:
    voicing = Voicing()
    edges = [began(100), began(150), stopped(100, 200), stopped(150, 300)]
    events = [event for edge in edges for event in voicing.quick(edge, 1 << 30)]
    assert [type(event) for event in events] == [VoiceOn, VoiceOff]
    assert events[1] == VoiceOff(at=(300 + JOIN) * FRAME, end=300 * FRAME)


def test_a_voice_that_only_the_networks_hear_begins_before_their_events_and_ends_after_them() -> None:
    voicing = Voicing()
    spoken(voicing, 100, 150)
    assert voicing.around([opened(100)], ANA, 160 * FRAME) == [VoiceOn(at=160 * FRAME, onset=100 * FRAME), opened(100)]
    spoken(voicing, 150, 200)
    assert voicing.around([], ANA, 210 * FRAME) == []
    assert voicing.around([], frozenset(), 260 * FRAME) == [VoiceOff(at=260 * FRAME, end=200 * FRAME)]
    assert voicing.around([], frozenset(), 310 * FRAME) == []


def test_what_the_quick_detector_reported_is_not_reported_again() -> None:
    voicing = Voicing()
    voicing.quick(began(100), 1 << 30)
    spoken(voicing, 100, 150)
    assert voicing.around([opened(100)], ANA, 160 * FRAME) == [opened(100)]
    voicing.quick(stopped(100, 200), 1 << 30)
    spoken(voicing, 150, 200 + JOIN)  # the networks hear its end a little later
    assert voicing.around([], ANA, 260 * FRAME) == []


def test_what_the_networks_hear_long_after_the_voice_stopped_is_another() -> None:
    voicing = Voicing()
    voicing.quick(began(100), 1 << 30)
    voicing.quick(stopped(100, 200), 1 << 30)
    spoken(voicing, 190, 300)
    events = voicing.around([opened(190)], ANA, 310 * FRAME)
    assert events == [VoiceOn(at=310 * FRAME, onset=200 * FRAME), opened(190)]  # not before the last one's end


def test_a_voice_that_both_hear_goes_on_while_the_quick_detector_hears_it() -> None:
    voicing = Voicing()
    spoken(voicing, 100, 150)
    voicing.around([opened(100)], ANA, 160 * FRAME)
    assert voicing.quick(began(140), 1 << 30) == []
    assert voicing.around([], frozenset(), 210 * FRAME) == []
    assert len(voicing.quick(stopped(140, 300), 1 << 30)) == 1


def test_in_the_end_a_voice_that_is_on_goes_off_once() -> None:
    voicing = Voicing()
    spoken(voicing, 100, 150)
    voicing.around([opened(100)], ANA, 160 * FRAME)
    assert voicing.silence(170 * FRAME) == [VoiceOff(at=170 * FRAME, end=150 * FRAME)]
    assert voicing.silence(170 * FRAME) == []
