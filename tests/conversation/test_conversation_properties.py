"""Properties that hold for all speech: hypothesis draws conversations of two or three people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coach.conversation import DEFAULTS, Conversation, Ipu, converse, statistics
from coach.core.events import AudioGap, Event, FloorTaken, Speech, SpeechOn, VoiceOff, VoiceOn, Words
from coach.core.span import MILLISECOND, RATE, Span, as_samples, as_seconds
from tests.conversation.live import Live

HOP = 320  # samples between two ticks
LAG = as_samples(0.25)

relaxed = settings(max_examples=60)

PEOPLE = ("Ana", "Ben", "Cleo", "?")
# Lengths and silences around every threshold of the rules, in milliseconds.
SPEECH_MS = st.one_of(st.integers(60, 1500), st.integers(1190, 1210), st.integers(2900, 3100), st.integers(60, 9000))
SILENCE_MS = st.one_of(st.integers(180, 1200), st.integers(990, 1010), st.integers(180, 6000))


@st.composite
def conversations(draw: st.DrawFn, people: int = 2, most: int = 9) -> list[Ipu]:
    """At most `most` units of each person."""
    units = []
    for who in PEOPLE[:people]:
        at = draw(st.integers(0, 8000))
        for length, silence in draw(st.lists(st.tuples(SPEECH_MS, SILENCE_MS), max_size=most)):
            units.append(Ipu(who, Span(at * MILLISECOND, (at + length) * MILLISECOND)))
            at += length + silence
    return units


@st.composite
def worded(draw: st.DrawFn, people: int = 3) -> tuple[list[Ipu], list[Words]]:
    units = draw(conversations(people))
    words = [
        Words(
            at=unit.span.end + 6400,
            who=unit.who,
            span=unit.span,
            count=draw(st.integers(1, 12)),
            acknowledgement=draw(st.booleans()),
            question=draw(st.booleans()),
            logistics=draw(st.booleans()),
        )
        for unit in units
        if draw(st.booleans())
    ]
    return units, words


def end_of(units: list[Ipu]) -> int:
    return max((unit.span.end for unit in units), default=0)


def transfers(talk: Conversation) -> list[tuple[str, str, int, int, bool, bool]]:
    return [(t.after, t.who, t.onset, t.offset, t.too_soon, t.over) for t in talk.transfers]


@relaxed
@given(worded())
def test_every_unit_is_in_exactly_one_turn_and_one_persons_spans_never_overlap(
    given_talk: tuple[list[Ipu], list[Words]],
) -> None:
    units, words = given_talk
    talk = converse(units, words)
    for who in PEOPLE:
        placed = sorted(unit for turn in talk.turns if turn.who == who for unit in turn.units)
        assert placed == sorted(unit.span for unit in units if unit.who == who)
        assert all(one.end <= next_one.start for one, next_one in pairwise(placed))


@relaxed
@given(worded(), st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(given_talk: tuple[list[Ipu], list[Words]], random: object) -> None:
    units, words = given_talk
    expected = converse(units, words)
    random.shuffle(units)  # type: ignore[attr-defined]
    random.shuffle(words)  # type: ignore[attr-defined]
    assert converse(units, words) == expected


@relaxed
@given(worded())
def test_transfers_alternate_and_over_implies_too_soon_implies_a_share(
    given_talk: tuple[list[Ipu], list[Words]],
) -> None:
    talk = converse(*given_talk)
    takers = [t.who for t in talk.transfers]
    assert all(one != next_one for one, next_one in pairwise(takers))
    for t in talk.transfers:
        assert t.too_soon or not t.over
        assert t.after_share or not t.too_soon
        assert t.fto in (None, t.offset)
        assert not t.too_soon or "?" not in (t.who, t.after)


@relaxed
@given(worded(), st.integers(0, 60_000), st.integers(0, 60_000))
def test_a_certain_transfer_is_still_certain_later(
    given_talk: tuple[list[Ipu], list[Words]], one: int, other: int
) -> None:
    units, words = given_talk
    words = [w for w in words if w.acknowledgement]  # the count of a unit in progress may still change
    early, late = sorted((one * MILLISECOND, other * MILLISECOND))
    before = [(t.after, t.who, t.onset) for t in converse(units, words, now=early).transfers]
    after = [(t.after, t.who, t.onset) for t in converse(units, words, now=late).transfers]
    assert after[: len(before)] == before


@relaxed
@given(conversations(3), st.integers(1, 100))
def test_silence_at_the_end_changes_nothing_before_it(units: list[Ipu], seconds: int) -> None:
    end = end_of(units)
    soon = converse(units, now=end + DEFAULTS.resume)
    late = converse(units, now=end + DEFAULTS.resume + as_samples(seconds))
    assert soon == late
    over = converse(units)
    assert over.transfers[: len(late.transfers)] == late.transfers


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=20)
@given(conversations(3, most=4), st.sampled_from([0, LAG]))
@example([Ipu(who, Span(0, as_samples(s))) for who, s in (("Ana", 0.9), ("Ben", 2.5), ("Cleo", 4.0))], 0)
def test_the_tracker_reports_the_transfers_of_the_finished_conversation(units: list[Ipu], lag: int) -> None:
    tracker = Live(lag=lag)
    end = (end_of(units) + DEFAULTS.resume + lag) // HOP * HOP + 2 * HOP
    told = run(tracker, units, lag, end)
    whole = converse(units, now=end - lag).transfers
    assert [(t.after, t.who, t.onset) for t in told] == [(t.after, t.who, t.onset) for t in whole]
    for taken in told:
        then = converse(units, now=taken.at - lag)
        assert (taken.after, taken.who, taken.onset, taken.fto, taken.too_soon, taken.over) in transfers(then)
        before = converse(units, now=taken.at - HOP - lag)
        assert (taken.who, taken.onset) not in [(t.who, t.onset) for t in before.transfers]


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=20)
@given(worded(), st.integers(0, 2000))
def test_the_tracker_reports_the_transfers_that_the_words_so_far_allow(
    given_talk: tuple[list[Ipu], list[Words]], late_ms: int
) -> None:
    units, words = given_talk
    words = [replace(w, at=w.span.end + late_ms * MILLISECOND) for w in words]
    end = (end_of(units) + as_samples(4)) // HOP * HOP
    for taken in run(Live(), units, 0, end, words):
        then = converse(units, [w for w in words if w.at <= taken.at], now=taken.at)
        assert (taken.after, taken.who, taken.onset, taken.fto, taken.too_soon, taken.over) in transfers(then)


@relaxed
@given(st.lists(st.tuples(st.integers(200, 2900), st.integers(1000, 4000)), min_size=1, max_size=6))
def test_a_failed_bid_is_an_overlap_within_a_turn_and_does_not_take_the_floor(bids: list[tuple[int, int]]) -> None:
    """Ana never pauses; each of Ben's bids is under three seconds, and she talks on for two more after the last."""
    at, ben = 500, []
    for length, silence in bids:
        ben.append(Ipu("Ben", Span(at * MILLISECOND, (at + length) * MILLISECOND)))
        at += length + silence
    ana = Ipu("Ana", Span(0, (at + 2000) * MILLISECOND))
    talk = converse([ana, *ben])
    assert talk.transfers == ()
    assert [overlap.kind for overlap in talk.overlaps] == ["within"] * len(ben)
    assert run(Live(), [ana, *ben], 0, ana.span.end // HOP * HOP + 2 * RATE // HOP * HOP) == []


SECONDS = st.integers(0, 40_000).map(lambda ms: ms * MILLISECOND)


@st.composite
def nonsense(draw: st.DrawFn) -> list[Event]:
    """Impossible events: ends before onsets, voices that never stop, names that change, sound lost anywhere."""
    events: list[Event] = []
    for _ in range(draw(st.integers(0, 25))):
        at, who = draw(SECONDS), draw(st.sampled_from(PEOPLE))
        span = Span(draw(st.integers(0, at)), at)
        kind = draw(st.sampled_from(["voice on", "voice off", "on", "speech", "words", "gap"]))
        if kind == "voice on":
            events.append(VoiceOn(at=at, onset=span.start))
        elif kind == "voice off":
            events.append(VoiceOff(at=at, end=span.start))
        elif kind == "on":
            events.append(SpeechOn(at=at, who=who, onset=span.start, confidence=0.5))
        elif kind == "speech":
            events.append(Speech(at=at, who=who, span=span, confidence=0.5))
        elif kind == "gap":
            events.append(AudioGap(at=at, span=span, reason="lost"))
        else:
            events.append(Words(at=at, who=who, span=span, count=1, acknowledgement=draw(st.booleans())))
    return sorted(events, key=lambda e: e.at)


@relaxed
@given(nonsense(), st.sampled_from([0, LAG]))
def test_for_any_events_the_tracker_goes_on_and_reports_only_valid_transfers(events: list[Event], lag: int) -> None:
    tracker = Live(lag=lag)
    for now in range(0, 120 * RATE, 5 * HOP):  # long enough for the past to be settled
        while events and events[0].at <= now:
            tracker.heard(events.pop(0))
        for taken in tracker.at(now):
            assert taken.who != taken.after
            assert 0 <= taken.onset <= taken.at == now
            assert taken.too_soon or not taken.over
        assert 0 <= tracker.speech.silence <= now


def run(tracker: Live, units: list[Ipu], lag: int, end: int, words: Sequence[Words] = ()) -> list[FloorTaken]:
    """Delivers every event `lag` late, and words at their `at`; ticks every hop up to `end`."""
    events: list[Event] = [*words]
    for who, span in ((u.who, u.span) for u in units):
        events.append(SpeechOn(at=span.start + lag, who=who, onset=span.start, confidence=1.0))
        events.append(Speech(at=span.end + lag, who=who, span=span, confidence=1.0))
    events.sort(key=lambda e: e.at)
    told: list[FloorTaken] = []
    for now in range(0, end + 1, HOP):
        while events and events[0].at <= now:
            tracker.heard(events.pop(0))
        told += tracker.at(now)
    return told


@relaxed
@given(worded())
def test_talk_and_overlap_agree_with_every_pair_of_units(given_talk: tuple[list[Ipu], list[Words]]) -> None:
    units, words = given_talk
    talk = converse(units, words)
    found = statistics(talk, PEOPLE, words=words)
    for who in PEOPLE:
        assert found[f"talk_s.{who}"].value == as_seconds(sum(u.span.duration for u in units if u.who == who))
    overlap = {"turn turn": 0, "turn aside": 0, "aside aside": 0}
    placed = [
        (turn.who, "turn" if turn.kind == "turn" else "aside", unit) for turn in talk.turns for unit in turn.units
    ]
    for (who, kind, unit), (other, other_kind, other_unit) in combinations(placed, 2):
        if who != other:
            overlap[" ".join(sorted((kind, other_kind), reverse=True))] += (unit & other_unit).duration
    assert found["overlap_between_s"].value == as_seconds(overlap["turn turn"])
    assert found["overlap_within_s"].value == as_seconds(overlap["turn aside"])
