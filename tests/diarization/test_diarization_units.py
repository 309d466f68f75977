"""From who speaks in each frame to inter-pausal units."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from coach.core.events import Event, Speech, SpeechOn
from coach.core.span import Span
from coach.diarization.units import CONFIG, Units
from coach.vad.activity import JOIN
from coach.vad.frames import FRAME

ANA, BEN, BOTH, NOBODY = frozenset(["Ana"]), frozenset(["Ben"]), frozenset(["Ana", "Ben"]), frozenset[str]()
LATE = 35  # frames by which an answer is behind the sound


def told(*runs: tuple[frozenset[str], int], sure: float = 1.0) -> list[Event]:
    """What is told of frames that come in runs, each run so many frames of the same people."""
    units, n = Units(), 0
    events: list[Event] = []
    for who, count in runs:
        for _ in range(count):
            events += units.frame(n, who, dict.fromkeys(who, sure), (n + LATE) * FRAME)
            n += 1
    return events + units.finish((n + LATE) * FRAME)


def spans(events: list[Event], who: str) -> list[Span]:
    return [event.span for event in events if isinstance(event, Speech) and event.who == who]


def test_a_unit_opens_after_sixty_milliseconds_back_dated_to_its_first_frame() -> None:
    opened, closed = told((NOBODY, 10), (ANA, 50))
    assert opened == SpeechOn(at=(15 + LATE) * FRAME, who="Ana", onset=10 * FRAME, confidence=1.0)
    assert isinstance(closed, Speech)
    assert closed.span == Span(10 * FRAME, 60 * FRAME)


def test_a_click_is_no_unit() -> None:
    assert told((NOBODY, 10), (ANA, CONFIG.shortest - 1), (NOBODY, 50)) == []
    assert len(told((NOBODY, 10), (ANA, CONFIG.shortest), (NOBODY, 50))) == 2


def test_a_silence_shorter_than_the_join_is_part_of_the_unit() -> None:
    events = told((ANA, 50), (NOBODY, JOIN - 1), (ANA, 50))
    assert spans(events, "Ana") == [Span(0, (99 + JOIN) * FRAME)]


def test_a_silence_of_the_join_ends_the_unit_at_its_last_speech() -> None:
    events = told((ANA, 50), (NOBODY, JOIN), (ANA, 50))
    assert spans(events, "Ana") == [Span(0, 50 * FRAME), Span((50 + JOIN) * FRAME, (100 + JOIN) * FRAME)]


def test_a_unit_is_told_when_the_join_has_passed() -> None:
    events = told((ANA, 50), (NOBODY, 2 * JOIN))
    assert [event.at for event in events if isinstance(event, Speech)] == [(49 + JOIN + LATE) * FRAME]


def test_another_who_speaks_ends_the_unit_at_once() -> None:
    events = told((ANA, 50), (BEN, 50))
    assert spans(events, "Ana") == [Span(0, 50 * FRAME)]
    assert [type(event) for event in events] == [SpeechOn, Speech, SpeechOn, Speech]
    assert events[1].at == (50 + LATE) * FRAME


def test_two_at_once_both_have_their_units() -> None:
    events = told((ANA, 50), (BOTH, 20), (BEN, 50))
    assert spans(events, "Ana") == [Span(0, 70 * FRAME)]
    assert spans(events, "Ben") == [Span(50 * FRAME, 120 * FRAME)]


def test_a_unit_is_as_sure_as_its_frames_are_on_average() -> None:
    units = Units()
    for n in range(100):
        units.frame(n, ANA, {"Ana": 1.0 if n < 50 else 0.6}, n * FRAME)
    (closed,) = units.finish(100 * FRAME)
    assert isinstance(closed, Speech)
    assert closed.confidence == 0.8


def test_who_speaks_is_known_from_the_opening_to_the_close() -> None:
    units = Units()
    speaking = []
    for n, who in enumerate([ANA] * 10 + [NOBODY] * 2 * JOIN):
        units.frame(n, who, dict.fromkeys(who, 1.0), n * FRAME)
        speaking.append(units.speaking)
    assert speaking.index(ANA) == CONFIG.shortest - 1
    assert speaking[CONFIG.shortest - 1 : 9 + JOIN] == [ANA] * (10 + JOIN - CONFIG.shortest)
    assert set(speaking[9 + JOIN :]) == {NOBODY}


RUNS = st.lists(st.tuples(st.sampled_from([ANA, BEN, BOTH, NOBODY]), st.integers(1, 3 * JOIN)), max_size=30)


@given(RUNS)
def test_units_of_one_person_never_overlap_and_all_hold_speech(runs: list[tuple[frozenset[str], int]]) -> None:
    events = told(*runs)
    frames = [who for who, count in runs for _ in range(count)]
    for who in ("Ana", "Ben"):
        found = spans(events, who)
        assert all(a.end <= b.start for a, b in pairwise(found))
        for span in found:
            first, last = span.start // FRAME, span.end // FRAME - 1
            assert who in frames[first]
            assert who in frames[last]
            assert sum(who in frame for frame in frames[first : last + 1]) >= CONFIG.shortest
            assert not any(frame and who not in frame for frame in frames[first : last + 1])


@given(RUNS)
def test_every_unit_is_opened_and_closed_once_and_in_order_of_time(runs: list[tuple[frozenset[str], int]]) -> None:
    events = told(*runs)
    assert [event.at for event in events] == sorted(event.at for event in events)
    for who in ("Ana", "Ben"):
        own = [event for event in events if isinstance(event, SpeechOn | Speech) and event.who == who]
        openings = list(dict.fromkeys(event.onset for event in own if isinstance(event, SpeechOn)))
        assert openings == [event.span.start for event in own if isinstance(event, Speech)]
        assert all(isinstance(event, SpeechOn) for event in own[:1])
        assert all(isinstance(event, Speech) for event in own[-1:])


def test_the_opening_of_a_unit_that_goes_on_is_told_again_with_what_is_known_by_then() -> None:
    units, events = Units(), []
    for n in range(CONFIG.settled):
        events += units.frame(n, ANA, {"Ana": 0.5 if n < CONFIG.shortest else 1.0}, n * FRAME)
    first, again = events
    assert isinstance(first, SpeechOn)
    assert isinstance(again, SpeechOn)
    assert (first.onset, first.confidence) == (again.onset, 0.5)
    assert again.confidence > 0.9


@given(RUNS)
def test_no_speech_of_sixty_milliseconds_is_left_out(runs: list[tuple[frozenset[str], int]]) -> None:
    events = told(*runs)
    n = 0
    for who, count in runs:
        run = Span(n * FRAME, (n + count) * FRAME)
        n += count
        for name in who if count >= CONFIG.shortest else ():
            assert any(run in span for span in spans(events, name))
