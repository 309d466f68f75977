"""Timed turns: one shares, the other listens, a bowl sounds at half time, and cues fit the roles."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from coach.coaching import Catalogue, TurnsByClock, turn_questions
from coach.conversation import SpeechState
from coach.core.events import AudioGap, Cue, FloorTaken, Notice, VoiceOff, VoiceOn
from coach.core.span import HOP, RATE, Span, as_samples, as_seconds

MINUTES = 10
HALF = 5 * 60.0


@pytest.fixture
def turns(coach, catalogue: Catalogue) -> TurnsByClock:
    return TurnsByClock(coach(), catalogue, ("Ana", "Ben"), MINUTES * 60 * RATE)


def told(turns: TurnsByClock, until: float) -> list[object]:
    """The events and lines if nobody speaks."""
    out: list[object] = []
    for now in range(0, as_samples(until), HOP):
        out += turns.tick(SpeechState(now=now))
        out += [(as_seconds(now), line.text) for line in turns.lines()]
    return out


def test_the_first_named_shares_first(turns):
    assert turns.opening.text == "Ana shares first, and Ben listens."
    assert (turns.sharer, turns.listener) == ("Ana", "Ben")


def test_at_half_time_a_bowl_plays_and_the_roles_change(turns):
    bowl, notice, (said_at, line) = told(turns, HALF + 10)
    assert isinstance(bowl, Cue)
    assert (bowl.kind, bowl.form, bowl.to, bowl.given) == ("turn_over", "tone", None, True)
    assert as_seconds(bowl.at) == HALF
    assert isinstance(notice, Notice)
    assert notice.text == line == "Now Ben shares, and Ana listens."
    assert said_at == HALF
    assert (turns.sharer, turns.listener) == ("Ben", "Ana")


def test_once_the_language_is_known_the_roles_are_told_in_it(turns):
    german = Catalogue.load("de")
    turns.speak(german)
    _, _, (_, line) = told(turns, HALF + 10)
    assert line == german.line("turns_change", sharer="Ben", listener="Ana")


def test_at_the_end_a_second_bowl_plays_and_the_exercise_is_over(turns):
    told(turns, 2 * HALF - 1)
    assert not turns.over
    (bowl,) = turns.tick(SpeechState(now=as_samples(2 * HALF)))
    assert bowl.kind == "turn_over"
    assert turns.over
    assert turns.sharer is None
    assert turns.tick(SpeechState(now=as_samples(3 * HALF))) == []


def test_each_person_gets_their_own_question(catalogue):
    first, second = (line.text for line in turn_questions(catalogue, ("Ana", "Ben")))
    assert first.startswith("Ana, ")
    assert second.startswith("Ben, ")
    assert first.removeprefix("Ana") != second.removeprefix("Ben")


def test_the_clock_starts_when_the_talk_begins(turns):
    turns.begin(as_samples(60))
    assert told(turns, 60 + HALF - 1) == []
    assert len(turns.tick(SpeechState(now=as_samples(60 + HALF)))) == 2


SPEAKS = SpeechState().after(VoiceOn(at=as_samples(HALF - 1), onset=as_samples(HALF - 1)))


def said(turns: TurnsByClock, speech: SpeechState, seconds: float) -> list[str]:
    """The lines that are due at `seconds`."""
    turns.tick(speech.at(as_samples(seconds)))
    return [line.text for line in turns.lines()]


def test_the_line_after_the_bowl_waits_until_nobody_speaks(turns):
    assert said(turns, SPEAKS, HALF) == []
    silent = SPEAKS.after(VoiceOff(at=as_samples(HALF + 5.2), end=as_samples(HALF + 5)))
    assert said(turns, silent, HALF + 5.5) == []
    assert said(turns, silent, HALF + 6) == ["Now Ben shares, and Ana listens."]
    assert said(turns, silent, HALF + 6.02) == []


def test_the_line_is_not_spoken_during_the_other_persons_sharing(turns):
    assert said(turns, SPEAKS, HALF) == said(turns, SPEAKS, HALF + 20) == []
    silent = SPEAKS.after(VoiceOff(at=as_samples(HALF + 25.2), end=as_samples(HALF + 25)))
    assert said(turns, silent, HALF + 27) == []


def test_the_line_does_not_take_lost_sound_for_silence(turns):
    silent = SPEAKS.after(VoiceOff(at=as_samples(HALF - 0.2), end=as_samples(HALF - 0.4)))
    assert said(turns, silent, HALF) == []
    gap = AudioGap(at=as_samples(HALF + 5), span=Span.seconds(HALF, HALF + 5), reason="the microphone was away")
    back = silent.after(gap)
    assert said(turns, back, HALF + 5.02) == []
    assert said(turns, back, HALF + 5.98) == []
    assert said(turns, back, HALF + 6) == ["Now Ben shares, and Ana listens."]


# -------------------------------------------------------------------------------------------------------- the roles


def test_a_listener_who_starts_too_soon_hears_a_tone(turns, talk):
    (cue,) = talk.jumps_in(100).cues(turns, 110)
    assert (cue.kind, cue.to, cue.given) == ("too_soon", "Ben", True)


def test_the_sharer_may_take_the_floor_without_a_tone(turns, talk):
    assert talk.jumps_in(100, sharer="Ben", listener="Ana").cues(turns, 110) == []


@pytest.mark.parametrize(("who", "after", "answers"), [("Ana", "Ben", False), ("Ben", "Ana", True)])
def test_only_the_listener_can_answer_a_share(catalogue, who, after, answers):
    heard: list[FloorTaken] = []
    turns = TurnsByClock(SimpleNamespace(hear=heard.append), catalogue, ("Ana", "Ben"), MINUTES * 60 * RATE)
    turns.hear(FloorTaken(at=1, who=who, after=after, onset=0, fto=0, after_share=True, too_soon=True, over=False))
    assert [taken.after_share for taken in heard] == [answers]


def test_the_wrapped_coach_begins_ends_and_loses_its_recogniser_with_the_exercise(catalogue):
    asked: list[str] = []
    coach = SimpleNamespace(
        begin=lambda now: asked.append("begin"),
        lose_words=lambda: asked.append("lose words"),
        finish=lambda now: ["held back"],
    )
    turns = TurnsByClock(coach, catalogue, ("Ana", "Ben"), MINUTES * 60 * RATE)
    turns.begin(0)
    turns.lose_words()
    assert asked == ["begin", "lose words"]
    assert turns.finish(RATE) == ["held back"]


def test_after_half_time_the_other_person_listens(turns, talk):
    talk.jumps_in(HALF + 50, sharer="Ana", listener="Ben").jumps_in(HALF + 100, sharer="Ben", listener="Ana")
    too_soon = [cue for cue in talk.cues(turns, HALF + 120) if cue.kind == "too_soon"]
    assert [cue.to for cue in too_soon] == ["Ana"]


def test_an_invitation_is_for_the_sharer(turns, new_talk):
    assert [cue.to for cue in new_talk().says("Ana", 90, 100).estimate(99).cues(turns, 110)] == ["Ana"]


def test_the_listener_is_not_invited(turns, talk):
    assert talk.says("Ben", 90, 100).estimate(99, "Ben").cues(turns, 110) == []


def test_after_the_end_there_is_no_cue(turns, talk):
    talk.jumps_in(2 * HALF + 50).says("Ana", 2 * HALF + 60, 2 * HALF + 80).estimate(2 * HALF + 79)
    assert [cue.kind for cue in talk.cues(turns, 2 * HALF + 100)] == ["turn_over", "turn_over"]
