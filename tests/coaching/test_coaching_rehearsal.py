"""A rehearsal: the coach leaves room, invites at a pause, slows a rush and tolerates silence."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.coaching import Catalogue, Policy, Rehearsal, SharingRun, with_forms
from coach.core.errors import BadSetting
from coach.core.events import Cue, Hushed, Words
from coach.core.span import HOP, RATE, Span, as_samples, as_seconds

Build = Callable[..., Rehearsal]


@pytest.fixture
def rehearsal(catalogue: Catalogue) -> Build:
    def build(*, words_on: bool = True, **changes: object) -> Rehearsal:
        return Rehearsal(Policy(**changes), catalogue, "You", words_on=words_on)

    return build


class Telling:
    """One person's speech, based on the `Talk` of the other tests."""

    def __init__(self, talk) -> None:
        self.talk = talk

    def stretches(self, start: float, end: float, *, pause: float, rate: float, speech: float = 4.0) -> float:
        while start + speech <= end:
            self.says(start, start + speech, words=round(rate * speech))
            start += speech + pause
        return start - pause

    def says(self, start: float, end: float, *, words: int = 10, late: float = 0.3) -> Telling:
        self.talk.says("You", start, end)
        span = Span.seconds(start, end)
        self.talk.event(Words(at=as_samples(end + late), who="You", span=span, count=words, level="1"))
        return self

    def run(self, at: float, *, events: bool = True, story: int = 1) -> Telling:
        self.talk.estimate(at, who="You", events=events, story=story)
        return self

    def cues(self, coach: Rehearsal, until: float) -> list[Cue]:
        return self.talk.cues(coach, until)


@pytest.fixture
def telling(talk) -> Telling:
    return Telling(talk)


def given_at(cues: list[Cue]) -> list[tuple[str, float]]:
    return [(cue.kind, as_seconds(cue.at)) for cue in cues if cue.given]


def reasons(cues: list[Cue]) -> list[tuple[str, str | None]]:
    return [(cue.kind, cue.held_back) for cue in cues]


# ------------------------------------------------------------------------------------------------------- inward


def test_after_a_run_of_events_an_invitation_comes_two_and_a_half_seconds_into_the_pause(rehearsal, telling):
    (cue,) = telling.says(70, 80).run(80.3).cues(rehearsal(), 100)
    assert (cue.kind, cue.form, cue.to, cue.given) == ("inward", "spoken", "You", True)
    assert as_seconds(cue.at) == pytest.approx(82.5, abs=0.03)
    assert cue.because["told_s"] == 60.0


def test_once_the_language_is_known_cues_are_worded_in_it(rehearsal, telling):
    one, german = rehearsal(), Catalogue.load("de")
    one.speak(german)
    (cue,) = telling.says(70, 80).run(80.3).cues(one, 100)
    assert cue.text in german["inward"].wordings


def test_silence_alone_gives_no_cue_however_long_it_is(rehearsal, telling):
    assert telling.says(70, 80).run(80.3, events=False).cues(rehearsal(), 400) == []


def test_a_person_who_goes_on_within_the_pause_is_not_invited(rehearsal, telling):
    telling.says(70, 80).run(80.3).says(82.0, 90).run(90.3, events=False)
    assert telling.cues(rehearsal(), 120) == []


def test_a_person_who_turned_inward_unprompted_is_not_invited(rehearsal, telling):
    assert telling.says(70, 80).run(80.3).run(81.0, events=False).cues(rehearsal(), 100) == []


def test_late_words_are_awaited_for_at_most_four_seconds(rehearsal, new_talk):
    soon = Telling(new_talk()).says(70, 80, late=4.0).run(79).cues(rehearsal(), 100)
    assert given_at(soon) == [("inward", 84.0)]
    late = Telling(new_talk()).says(70, 80, late=9.0).run(79).cues(rehearsal(), 100)
    assert reasons(late) == [("inward", "words-late")]


def test_there_is_one_invitation_in_a_story(rehearsal, telling):
    telling.says(70, 80).run(80.3).says(220, 230).run(230.3)
    assert reasons(telling.cues(rehearsal(), 260)) == [("inward", None), ("inward", "same-story")]


def test_spoken_cues_are_at_least_two_minutes_apart(rehearsal, telling):
    telling.says(70, 80).run(80.3).says(120, 130).run(130.3, story=2).says(203, 210).run(210.3, story=3)
    assert reasons(telling.cues(rehearsal(), 240)) == [("inward", None), ("inward", "budget"), ("inward", None)]


def test_there_is_no_cue_in_the_first_minute(rehearsal, telling):
    telling.says(40, 50).run(50.3).says(51, 52)
    assert reasons(telling.cues(rehearsal(), 58)) == [("inward", "quiet-first")]


def test_the_first_minute_counts_from_the_beginning_of_the_rehearsal(rehearsal, telling):
    coach = rehearsal()
    coach.begin(30 * RATE)
    assert reasons(telling.says(70, 80).run(80.3).cues(coach, 100)) == [("inward", "quiet-first")]


def test_a_hushed_rehearsal_gives_no_cue(rehearsal, telling):
    telling.talk.event(Hushed(at=as_samples(60), on=True))
    assert reasons(telling.says(70, 80).run(80.3).cues(rehearsal(), 100)) == [("inward", "hushed")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mode": "tones"}, "not-asked-for"),
        ({"mode": "none"}, "not-asked-for"),
        ({"disabled": frozenset({"inward"})}, "switched-off"),
    ],
)
def test_a_kind_that_is_switched_off_is_held_back_with_its_reason(rehearsal, telling, changes, reason):
    assert reasons(telling.says(70, 80).run(80.3).cues(rehearsal(**changes), 100)) == [("inward", reason)]


def test_a_kind_disabled_in_a_persons_own_cues_is_held_back_with_its_reason(telling):
    mine = Catalogue.load(override="[inward]\nenabled = false")
    coach = Rehearsal(Policy(), mine, "You", words_on=True)
    assert reasons(telling.says(70, 80).run(80.3).cues(coach, 100)) == [("inward", "switched-off")]


def test_a_reason_is_reported_once_in_a_story(rehearsal, telling):
    telling.says(20, 25).run(25.3).says(30, 35).run(35.3)
    assert reasons(telling.cues(rehearsal(), 50)) == [("inward", "quiet-first")]


def test_tones_have_the_budget_of_tones(catalogue, telling):
    quieter = with_forms(catalogue, as_tones=["inward"])
    telling.says(70, 80).run(80.3).says(100, 108).run(108.3, story=2)
    cues = telling.cues(Rehearsal(Policy(tone_every=28 * RATE), quieter, "You", words_on=True), 130)
    assert reasons(cues) == [("inward", None), ("inward", None)]


def test_one_cue_at_a_time(rehearsal, telling):
    end = telling.stretches(0, 62, pause=1.5, rate=2.5)
    end = telling.stretches(end + 1.0, 125, pause=0.2, rate=3.5)
    cues = telling.run(end + 0.3).cues(rehearsal(spoken_every=0), 150)
    assert reasons(cues) == [("slower", None), ("inward", "sounding")]


def test_an_invitation_as_a_tone_is_given_in_the_mode_with_tones_only(catalogue, telling):
    quieter = with_forms(catalogue, as_tones=["inward"])
    (cue,) = telling.says(70, 80).run(80.3).cues(Rehearsal(Policy(mode="tones"), quieter, "You", words_on=True), 100)
    assert (cue.kind, cue.form, cue.text, cue.given) == ("inward", "tone", "", True)


def test_a_misspelt_kind_is_not_taken_for_one_that_is_switched_off(rehearsal):
    with pytest.raises(BadSetting, match="inward"):
        rehearsal(disabled=frozenset({"inwards"}))


def test_an_invitation_does_not_ask_for_a_kind_that_was_mentioned(rehearsal, catalogue, telling):
    span = Span.seconds(10, 20)
    told = catalogue["inward"].toward
    for n in range(12):  # more often than there are wordings that ask for no particular kind
        start = 70 + 130 * n
        telling.says(start, start + 10).run(start + 10.3, story=n)
    telling.talk.event(Words(at=as_samples(20), who="You", span=span, count=20, level="3", kinds=("hopes", "needs")))
    texts = [cue.text for cue in telling.cues(rehearsal(), 70 + 130 * 12)]
    assert len(texts) == 12
    assert {told.get(text) for text in texts} & {"feelings", "dreams"}
    assert not {told.get(text) for text in texts} & {"hopes", "needs"}


# ------------------------------------------------------------------------------------------------------- slower


def test_the_cue_for_a_rush_comes_when_the_person_takes_a_breath(rehearsal, telling):
    end = telling.stretches(0, 62, pause=1.5, rate=2.5)
    end = telling.stretches(end + 1.0, 125, pause=0.2, rate=3.5)
    (cue,) = telling.cues(rehearsal(), 150)
    assert (cue.kind, cue.given) == ("slower", True)
    assert as_seconds(cue.at) == pytest.approx(end + 0.7, abs=0.05)
    assert cue.because["words_a_minute"] == 210
    assert cue.because["words_a_minute_at_first"] == 150


@pytest.mark.parametrize(("late", "cues"), [(2.0, 1), (5.0, 0)])
def test_the_cue_for_a_rush_waits_for_late_words_up_to_a_limit(rehearsal, telling, late, cues):
    end = telling.stretches(0, 62, pause=1.5, rate=2.5)
    telling.says(end + 1.0, end + 50.0, words=round(49 * 3.5), late=late)
    heard = telling.cues(rehearsal(), 200)
    assert given_at(heard) == [("slower", pytest.approx(end + 50.0 + late, abs=0.03))] * cues


def test_there_is_no_cue_in_a_rush_without_a_breath(rehearsal, telling):
    end = telling.stretches(0, 62, pause=1.5, rate=2.5)
    telling.stretches(end + 1.0, 125, pause=0.2, rate=3.5)
    assert telling.cues(rehearsal(), 120) == []


def test_there_is_one_cue_per_rush(rehearsal, telling):
    end = telling.stretches(0, 62, pause=1.5, rate=2.5)
    end = telling.stretches(end + 1.0, 120, pause=0.2, rate=3.5)
    telling.stretches(end + 1.0, 300, pause=0.2, rate=3.5)
    assert reasons(telling.cues(rehearsal(), 330)) == [("slower", None), ("slower", "same-story")]


def test_a_second_rush_gets_another_cue(rehearsal, telling):
    end = telling.stretches(0, 62, pause=1.5, rate=2.5)
    end = telling.stretches(end + 1.0, 110, pause=0.2, rate=3.5)
    end = telling.stretches(end + 3.0, 190, pause=1.5, rate=2.5)
    telling.stretches(end + 1.0, 280, pause=0.2, rate=3.5)
    assert [cue.kind for cue in telling.cues(rehearsal(), 300) if cue.given] == ["slower", "slower"]


def test_without_words_pauses_alone_show_a_rush_and_there_is_no_invitation(rehearsal, talk):
    for start in range(0, 60, 6):
        talk.says("You", start, start + 4.5)
    for n in range(12):
        talk.says("You", 60 + 4.2 * n, 64 + 4.2 * n)
    cues = talk.cues(rehearsal(words_on=False), 150)
    assert [cue.kind for cue in cues] == ["slower"]
    assert "words_a_minute" not in cues[0].because


def test_after_the_recogniser_is_lost_pauses_alone_show_a_rush(rehearsal, talk):
    coach = rehearsal()
    coach.lose_words()
    for start in range(0, 60, 6):
        talk.says("You", start, start + 4.5)
    for n in range(12):
        talk.says("You", 60 + 4.2 * n, 64 + 4.2 * n)
    assert [cue.kind for cue in talk.cues(coach, 150)] == ["slower"]


# ---------------------------------------------------------------------------------------------------- whatever comes


@given(
    pauses=st.lists(st.floats(0.2, 12.0), min_size=5, max_size=60),
    estimates=st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_for_any_input_no_cue_starts_over_speech_or_exceeds_the_budget(pauses, estimates, catalogue, new_talk):
    telling, start = Telling(new_talk()), 1.0
    for n, pause in enumerate(pauses):
        telling.says(start, start + 5.0, words=10 + 10 * (n > 12)).run(start + 5.4, events=estimates[n], story=n // 4)
        start += 5.0 + pause
    cues = telling.cues(Rehearsal(Policy(), catalogue, "You", words_on=True), start + 10)
    spoken = [cue.at for cue in cues if cue.given]
    assert all(cue.given == (cue.held_back is None) for cue in cues)
    known = [Span(voice.start + HOP, voice.end) for voice in telling.talk.voices]  # a hop after its first sample
    assert all(at not in voice for at in spoken for voice in known)
    assert all(later - earlier >= Policy().spoken_every for earlier, later in pairwise(spoken))


def test_speech_before_the_beginning_does_not_count(rehearsal, catalogue, telling):
    coach = rehearsal(quiet_first=0)
    everything = tuple(set(catalogue["inward"].toward.values()))
    coach.hear(Words(at=1, who="You", span=Span(0, 1), count=20, level="3", kinds=everything))
    coach.begin(as_samples(1))
    for n in range(12):
        telling.says(70 + 130 * n, 80 + 130 * n).run(80.3 + 130 * n, story=n)
    texts = {cue.text for cue in telling.cues(coach, 70 + 130 * 12)}
    assert texts & set(catalogue["inward"].toward)


def test_the_first_minute_of_talk_is_measured_from_the_beginning(rehearsal, new_talk):
    coach, before, after = rehearsal(), Telling(new_talk()), Telling(new_talk())
    end = before.stretches(0, 62, pause=1.5, rate=2.5)
    before.cues(coach, end + 1)
    coach.begin(as_samples(end + 1))
    after.stretches(end + 1, 200, pause=0.2, rate=3.5)
    assert after.cues(coach, 220) == []


def test_an_earlier_estimate_is_forgotten_at_the_beginning(rehearsal, telling):
    coach = rehearsal(quiet_first=0)
    coach.consider(
        SharingRun(
            who="You", span=Span.seconds(0, 60), speech=60 * RATE, sentences=9, p_event=0.9, events=True, story=1
        )
    )
    coach.begin(0)
    assert telling.says(70, 80).cues(coach, 100) == []
