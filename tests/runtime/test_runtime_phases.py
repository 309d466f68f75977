"""The phases before the talk run in order, each can be skipped with a key, and none overlaps the coach's voice."""

from __future__ import annotations

from coach.coaching.practice import CONFIG as PRACTICE
from coach.conversation import SpeechState
from coach.core.events import Event, VoiceOff, VoiceOn
from coach.core.span import HOP, RATE
from coach.runtime.phases import CONFIG, FirstWords, Guided, InTurn


class Voice:
    """The coach's voice; the test sets while it is busy."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.busy = False

    def say(self, kind: str, text: str) -> None:
        self.said.append((kind, text))


def hear(phase: Guided | InTurn, event: Event) -> None:
    phase.hear(event, SpeechState().after(event))


def until_done(phase: Guided | InTurn, start: int = 0) -> int:
    """The sample at which the phase is over if nothing is playing."""
    now = start
    while not phase.done:
        phase.tick(SpeechState(now=now))
        now += HOP
        assert now < start + 300 * RATE
    return now


def test_each_sentence_is_spoken_once_under_its_kind() -> None:
    voice = Voice()
    until_done(Guided("practice", ["one", "two"], voice))
    assert voice.said == [("practice", "one"), ("practice", "two")]


def test_a_phase_begins_a_breath_after_earlier_lines_end() -> None:
    voice = Voice()
    voice.busy = True
    guided = Guided("practice", ["one"], voice)
    guided.tick(SpeechState(now=0))
    assert voice.said == []
    assert guided.prompt == "one"
    voice.busy = False
    guided.tick(SpeechState(now=CONFIG.breath - HOP))
    assert voice.said == []
    guided.tick(SpeechState(now=CONFIG.breath))
    assert voice.said == [("practice", "one")]


def test_a_phase_begins_immediately_without_earlier_lines() -> None:
    voice = Voice()
    Guided("practice", ["one"], voice).tick(SpeechState(now=0))
    assert voice.said == [("practice", "one")]


def test_the_silence_after_a_sentence_counts_from_its_end() -> None:
    voice, now = Voice(), 0
    guided = Guided("practice", ["one"], voice)
    while not guided.done:
        voice.busy = 0 < now < 10 * RATE
        guided.tick(SpeechState(now=now))
        now += HOP
    assert now >= 10 * RATE + PRACTICE.short_silence


def test_a_sigh_does_not_end_the_guided_beginning() -> None:
    guided = Guided("practice", ["one"], Voice())
    guided.tick(SpeechState(now=0))
    hear(guided, VoiceOn(at=HOP, onset=0))
    assert not guided.done


def test_the_talk_begins_right_after_the_first_words() -> None:
    assert until_done(FirstWords("opening", "one two three", Voice())) < 3 * PRACTICE.word + RATE // 10


def test_a_person_who_speaks_during_the_first_words_begins_the_talk() -> None:
    voice = Voice()
    first = FirstWords("opening", "one two three", voice)
    hear(first, VoiceOn(at=0, onset=0))
    assert not first.done  # the line was not spoken yet
    first.tick(SpeechState(now=0))
    voice.busy = True
    hear(first, VoiceOn(at=HOP, onset=0))
    assert not first.done  # the coach may have heard its own voice
    voice.busy = False
    hear(first, VoiceOff(at=HOP, end=0))
    assert not first.done  # nobody began to speak
    hear(first, VoiceOn(at=HOP, onset=0))
    assert first.done


def test_phases_follow_one_another() -> None:
    voice = Voice()
    both = InTurn([Guided("practice", ["one"], voice), FirstWords("opening", "two", voice)])
    assert both.prompt == "one"
    until_done(both)
    assert voice.said == [("practice", "one"), ("opening", "two")]
    assert both.prompt == ""


def test_events_go_to_the_current_phase() -> None:
    both = InTurn([FirstWords("opening", "one", Voice()), Guided("practice", ["two"], Voice())])
    both.tick(SpeechState(now=0))
    hear(both, VoiceOn(at=HOP, onset=0))
    both.tick(SpeechState(now=HOP))
    assert both.prompt == "two"


def test_a_key_skips_only_the_current_phase() -> None:
    voice = Voice()
    both = InTurn([Guided("practice", ["one", "two"], voice), FirstWords("opening", "three", voice)])
    both.tick(SpeechState(now=0))
    both.skip(HOP)
    assert both.prompt == "three"
    assert not both.done
    both.skip(2 * HOP)
    assert both.done
    assert voice.said == [("practice", "one")]


def test_the_silence_after_a_sentence_is_kept() -> None:
    assert until_done(Guided("practice", ["one"], Voice())) >= PRACTICE.word + PRACTICE.short_silence
