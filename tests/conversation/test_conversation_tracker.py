"""The tracker reports the transfers of the whole conversation, each once and as soon as it is certain."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from coach.conversation import Ipu, converse
from coach.conversation.tracker import CONFIG
from coach.core.events import UNKNOWN, AudioGap, Event, FloorTaken, Speech, SpeechOn, VoiceOff, VoiceOn, Words
from coach.core.span import RATE, Span, as_samples
from tests.conversation.live import Live

HOP = 320  # samples between two ticks


def on(who: str, onset: float, late: float = 0.0) -> SpeechOn:
    return SpeechOn(at=as_samples(onset + late), who=who, onset=as_samples(onset), confidence=0.9)


def spoken(who: str, start: float, end: float, late: float = 0.0) -> Speech:
    return Speech(at=as_samples(end + late), who=who, span=Span.seconds(start, end), confidence=0.9)


def units(*spans: tuple[str, float, float], late: float = 0.0) -> list[Event]:
    return [e for who, start, end in spans for e in (on(who, start, late), spoken(who, start, end, late))]


def run(tracker: Live, events: Iterable[Event], until: float) -> list[FloorTaken]:
    """Delivers the events at their `at`, and ticks every hop."""
    told: list[FloorTaken] = []
    waiting = sorted(events, key=lambda e: e.at)
    for now in range(0, as_samples(until) + 1, HOP):
        while waiting and waiting[0].at <= now:
            tracker.heard(waiting.pop(0))
        told += tracker.at(now)
    return told


def test_a_transfer_is_reported_once_after_1200_ms_of_the_new_speaker() -> None:
    told = run(Live(), units(("Ana", 0, 6), ("Ben", 6.5, 12)), until=20)
    assert len(told) == 1
    taken = told[0]
    assert (taken.who, taken.after, taken.onset, taken.fto) == ("Ben", "Ana", as_samples(6.5), as_samples(0.5))
    assert (taken.after_share, taken.too_soon, taken.over) == (True, True, False)
    assert 0 < taken.at - as_samples(6.5 + 1.2) <= HOP


def test_a_transfer_with_many_words_is_reported_earlier() -> None:
    said = Words(at=as_samples(7.3), who="Ben", span=Span.seconds(6.5, 7.2), count=6)
    told = run(Live(), [*units(("Ana", 0, 6), ("Ben", 6.5, 7.2)), said], until=20)
    assert [t.at for t in told] == [as_samples(7.5) + HOP]


def test_a_backchannel_is_never_reported_as_a_transfer() -> None:
    assert run(Live(), units(("Ana", 0, 6), ("Ben", 6.2, 7.0), ("Ana", 7.4, 12)), until=20) == []


def test_an_acknowledgement_at_its_start_delays_a_bid() -> None:
    mm_hm = Words(at=as_samples(7.0), who="Ben", span=Span.seconds(6.2, 6.6), count=1, acknowledgement=True)
    events = [*units(("Ana", 0, 6), ("Ben", 6.2, 6.6), ("Ben", 7.1, 12)), mm_hm]
    assert [t.onset for t in run(Live(), events, until=20)] == [as_samples(7.1)]


def test_words_that_come_after_the_report_do_not_repeat_it() -> None:
    mm_hm = Words(at=as_samples(9.0), who="Ben", span=Span.seconds(6.2, 6.6), count=1, acknowledgement=True)
    events = [*units(("Ana", 0, 6), ("Ben", 6.2, 6.6), ("Ben", 7.1, 12), ("Ana", 13, 16), ("Ben", 17, 20)), mm_hm]
    told = run(Live(), events, until=25)
    assert [(t.who, t.onset) for t in told] == [
        ("Ben", as_samples(6.2)),
        ("Ana", as_samples(13)),
        ("Ben", as_samples(17)),
    ]


def test_after_a_question_recognised_in_time_the_next_turn_is_an_answer() -> None:
    asked = Words(at=as_samples(6.4), who="Ana", span=Span.seconds(4, 6), count=6, question=True)
    told = run(Live(), [*units(("Ana", 0, 3.9), ("Ana", 4.1, 6), ("Ben", 6.2, 12)), asked], until=20)
    assert [(t.after_share, t.too_soon) for t in told] == [(True, False)]


def test_a_silence_with_lost_sound_is_not_measured() -> None:
    gap = AudioGap(at=as_samples(6.3), span=Span.seconds(6.1, 6.3), reason="overflow")
    told = run(Live(), [*units(("Ana", 0, 6), ("Ben", 6.5, 12)), gap], until=20)
    assert [t.too_soon for t in told] == [False]


def test_three_seconds_over_the_other_person_are_reported_with_the_overlap_so_far() -> None:
    told = run(Live(), units(("Ana", 0, 20), ("Ben", 8, 14)), until=25)
    assert [(t.who, t.onset, t.over) for t in told] == [("Ben", as_samples(8), True)]
    assert told[0].fto == as_samples(8) - told[0].at
    assert 0 <= told[0].at - as_samples(11) <= HOP


def test_a_transfer_without_an_fto_is_reported_with_the_plain_distance_and_is_not_too_soon() -> None:
    told = run(Live(), units(("Cleo", 0, 2), ("Ana", 2.5, 8.5), ("Ben", 9, 12)), until=15)
    assert [(t.after, t.who, t.fto, t.after_share, t.too_soon) for t in told] == [
        ("Cleo", "Ana", as_samples(0.5), False, False),
        ("Ana", "Ben", as_samples(0.5), True, False),
    ]


def test_the_tracker_waits_for_the_lag_of_hearing() -> None:
    """1.1 s of speech whose end is known 0.2 s later looks like 1.3 s, unless the lag is known."""
    events = units(("Ana", 0, 6), ("Ben", 6.2, 7.3), ("Ana", 7.6, 12), late=0.2)
    assert [t.who for t in run(Live(), events, until=20)] == ["Ben"]
    assert run(Live(lag=as_samples(0.2)), events, until=20) == []


def test_a_voice_that_stopped_no_longer_counts_as_speech() -> None:
    """The same late end, but hearing reports immediately that nobody speaks."""
    off = VoiceOff(at=as_samples(7.35), end=as_samples(7.3))
    events = units(("Ana", 0, 6), ("Ben", 6.2, 7.3), ("Ana", 7.6, 12), late=0.2)
    assert run(Live(), [*events, off], until=20) == []


def test_a_voice_that_is_back_within_the_join_goes_on() -> None:
    flicker = [VoiceOff(at=as_samples(7.05), end=as_samples(7.0)), VoiceOn(at=as_samples(7.15), onset=as_samples(7.1))]
    told = run(Live(), [on("Ana", 0), spoken("Ana", 0, 6), on("Ben", 6.2), *flicker], until=8)
    assert [t.who for t in told] == ["Ben"]


def test_a_voice_that_is_named_later_is_one_voice() -> None:
    events = [on(UNKNOWN, 0), on("Ana", 0.05, late=0.5), spoken("Ana", 0.05, 6), on("Ben", 6.5)]
    tracker = Live()
    told = run(tracker, events, until=8)
    assert [(t.after, t.who) for t in told] == [("Ana", "Ben")]
    assert tracker.speech.speaking == {"Ben"}


def test_speech_that_closes_under_another_name_belongs_to_that_person() -> None:
    tracker = Live()
    told = run(tracker, [on("Ben", 0), spoken("Ana", 0.02, 6), on("Ben", 6.5)], until=8)
    assert [(t.after, t.who, t.fto) for t in told] == [("Ana", "Ben", as_samples(0.5))]
    assert tracker.speech.speaking == {"Ben"}


def test_a_transfer_with_a_slightly_revised_onset_is_reported_once() -> None:
    events = [*units(("Ana", 0, 6)), on("Ben", 6.5), spoken("Ben", 6.53, 12)]
    told = run(Live(), events, until=20)
    assert [t.onset for t in told] == [as_samples(6.5)]


def test_a_turn_that_is_reported_late_does_not_hide_the_persons_next_turn() -> None:
    """Ben's 1.2 s are a turn, which is certain a second later; by then Ana's bid is open and he speaks again."""
    talk = (("Ana", 0, 3.1), ("Ben", 5.065, 6.265), ("Ana", 6.455, 7.66), ("Ben", 7.27, 10.3))
    told = run(Live(), units(*talk), until=15)
    assert [(t.who, t.onset) for t in told] == [
        ("Ben", as_samples(5.065)),
        ("Ana", as_samples(6.455)),
        ("Ben", as_samples(7.27)),
    ]


def test_events_that_are_not_about_speech_change_nothing() -> None:
    tracker = Live()
    tracker.heard(FloorTaken(at=0, who="A", after="B", onset=0, fto=0, after_share=False, too_soon=False, over=False))
    assert tracker.at(HOP) == []
    assert (tracker.floor, tracker.speech.speaking) == (None, frozenset())


# --------------------------------------------------------------------------------------------------------- views


def test_the_views_follow_the_talk() -> None:
    tracker = Live()
    run(tracker, [on("Ana", 1)], until=4)
    assert (tracker.floor, tracker.speech.speaking) == ("Ana", {"Ana"})
    tracker.heard(spoken("Ana", 1, 5))
    tracker.at(as_samples(5.5))
    assert (tracker.floor, tracker.speech.speaking) == ("Ana", frozenset())


def test_the_floor_stays_with_the_holder_while_a_bid_is_open() -> None:
    tracker = Live()
    run(tracker, [*units(("Ana", 0, 6)), on("Ben", 6.5)], until=7.5)
    assert (tracker.floor, tracker.speech.speaking) == ("Ana", {"Ben"})
    assert [t.who for t in tracker.at(as_samples(7.8))] == ["Ben"]
    assert tracker.floor == "Ben"


# ---------------------------------------------------------------------------------------------- the long session


@pytest.fixture(scope="module")
def a_long_talk() -> list[Ipu]:
    """Five minutes of talk: stories with pauses, short words, quick and slow answers, some overlap."""
    talk: list[Ipu] = []
    at = 0
    for story in range(20):
        who, other = ("Ana", "Ben") if story % 2 else ("Ben", "Ana")
        for piece in range(5):
            length = RATE * (1 + (story * 7 + piece * 3) % 4)
            talk.append(Ipu(who, Span(at, at + length)))
            if (story + piece) % 3 == 0:
                talk.append(Ipu(other, Span(at + RATE // 2, at + RATE)))
            at += length + RATE // 3
        at += RATE * ((story % 5) - 1) // 2
    return talk


def events_of(talk: list[Ipu]) -> list[Event]:
    return [
        event
        for ipu in talk
        for event in (
            SpeechOn(at=ipu.span.start, who=ipu.who, onset=ipu.span.start, confidence=1.0),
            Speech(at=ipu.span.end, who=ipu.who, span=ipu.span, confidence=1.0),
        )
    ]


def test_a_long_session_reports_all_transfers_and_keeps_only_the_recent_past(a_long_talk: list[Ipu]) -> None:
    end = max(ipu.span.end for ipu in a_long_talk)
    tracker = Live()
    told = run(tracker, events_of(a_long_talk), until=end / RATE)
    whole = converse(a_long_talk, now=end // HOP * HOP).transfers
    assert len(whole) > 12
    assert [(t.after, t.who, t.onset, t.fto) for t in told] == [(t.after, t.who, t.onset, t.offset) for t in whole]
    assert [(t.too_soon, t.over) for t in told] == [(t.too_soon, t.over) for t in whole]
    assert min(ipu.span.start for ipu in tracker.recent_units) > end - 4 * CONFIG.settled


def test_a_monologue_of_a_long_talk_keeps_its_turn_but_not_its_units() -> None:
    tracker = Live()
    for n in range(1200):
        tracker.heard(spoken("Ana", 3 * n, 3 * n + 2))
        tracker.at(as_samples(3 * n + 2) + HOP)
    tracker.heard(on("Ben", 3600))
    [taken] = tracker.at(as_samples(3602))
    assert (taken.since, taken.told) == (0, 1200 * 2 * RATE)
    assert len(tracker.recent_units) < 100


# ------------------------------------------------------------------- what must survive when the past is let go

# Ana's talk of 75 s, in units of 3 s; the past is settled for the first time at 75.6 s, when Ben begins.
LONG_TALK = [("Ana", 0.6, 3.0), *(("Ana", 4.0 * n, 4.0 * n + 3) for n in range(1, 19))]


def test_words_of_the_recent_past_are_kept() -> None:
    asked = Words(at=as_samples(75.4), who="Ana", span=Span.seconds(72, 75), count=6, question=True)
    events = [*units(*LONG_TALK, ("Ben", 75.7, 80)), asked]
    assert [(t.after_share, t.too_soon) for t in run(Live(), events, until=82)] == [(True, False)]


def test_gaps_of_the_recent_past_are_kept() -> None:
    gap = AudioGap(at=as_samples(75.4), span=Span.seconds(75.2, 75.3), reason="overflow")
    events = [*units(*LONG_TALK, ("Ben", 75.7, 80)), gap]
    assert [(t.after_share, t.too_soon) for t in run(Live(), events, until=82)] == [(True, False)]


def test_speech_still_in_progress_is_not_settled() -> None:
    """Ana's second unit is from 1.5 s to 130 s; Ben's interjections keep the tracker computing meanwhile."""
    asides = [("Ben", 3.0 * n, 3.0 * n + 0.4) for n in range(1, 42)]
    [taken] = run(Live(), units(("Ana", 0, 1), ("Ana", 1.5, 130), *asides, ("Ben", 131, 134)), until=135)
    assert (taken.who, taken.since, taken.told) == ("Ben", 0, as_samples(129.5))


def test_a_bid_that_stays_open_over_a_long_silence_is_not_settled() -> None:
    gap = AudioGap(at=as_samples(130), span=Span.seconds(129, 130), reason="suspended")
    mm_hm = Words(at=as_samples(77.2), who="Ana", span=Span.seconds(76.5, 76.8), count=1, acknowledgement=True)
    talk = units(*LONG_TALK, ("Ben", 75.2, 75.6), ("Ana", 76.5, 76.8), ("Ana", 132, 140), ("Ben", 141, 145))
    assert [(t.who, t.onset) for t in run(Live(), [*talk, mm_hm, gap], until=150)] == [("Ben", as_samples(141))]


def test_the_speech_just_before_the_settled_edge_is_still_seen() -> None:
    """Each "mm-hm" is just after Ana's speech, and is a backchannel even if the settled edge falls between the two."""
    ana = [("Ana", 0.4, 1.0), *(("Ana", 5.0 * n + 2, 5.0 * n + 5) for n in range(30))]
    ben = [("Ben", 5.0 * n + 5.2, 5.0 * n + 5.6) for n in range(30)]
    assert run(Live(), units(*ana, *ben), until=152) == []


def test_speech_that_is_never_closed_ends_where_the_voice_stopped() -> None:
    ana = [on("Ana", 0), VoiceOff(at=as_samples(3.1), end=as_samples(3)), on("Ana", 4), spoken("Ana", 4, 6)]
    [taken] = run(Live(), [*ana, on("Ben", 7)], until=9)
    assert (taken.since, taken.told) == (0, as_samples(5))


def test_one_persons_speech_does_not_close_a_voice_that_began_at_another_time() -> None:
    tracker = Live()
    run(tracker, [on("Ben", 0), spoken("Ana", 2, 4)], until=5)
    assert tracker.speech.speaking == {"Ben"}


def test_two_people_who_begin_and_end_together_do_not_confuse_the_live_floor() -> None:
    said = [("Ana", 0.4, 3.8), ("Ben", 0.4, 3.8), ("Ana", 4.0, 5.0), ("Ben", 4.0, 5.0), ("Ana", 5.4, 11.4)]
    said += [("Ben", 7.0, 9.0), ("Ben", 10.2, 16.2)]
    waiting: list[SpeechOn | Speech] = []
    for who, start, end in said:
        span = Span.seconds(start, end)
        waiting.append(SpeechOn(at=span.start + as_samples(0.5), who=who, onset=span.start, confidence=1.0))
        waiting.append(Speech(at=span.end + as_samples(0.2), who=who, span=span, confidence=1.0))
    waiting.sort(key=lambda event: event.at)
    tracker = Live(lag=as_samples(0.05))
    told = []
    for now in range(0, as_samples(20), 3 * HOP):
        while waiting and waiting[0].at <= now:
            tracker.heard(waiting.pop(0))
        told += tracker.at(now)
    assert [taken.who for taken in told][:1] == ["Ben"]
