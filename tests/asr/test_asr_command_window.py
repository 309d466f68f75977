"""The latest speech is recognised as soon as it ends; a name and a command after a pause form one utterance."""

from __future__ import annotations

from coach.asr import CommandWindow
from coach.conversation import SpeechState
from coach.core.events import Event, VoiceOff, VoiceOn
from coach.core.span import Span, as_samples

FOUND, SILENT = as_samples(0.1), as_samples(0.2)


def read(*voices: tuple[float, float]) -> list[tuple[float, float] | None]:
    """The span to recognise at the end of each voice (start, end), in seconds."""
    events: list[Event] = []
    for voice in (Span.seconds(*each) for each in voices):
        events.append(VoiceOn(at=voice.start + FOUND, onset=voice.start))
        events.append(VoiceOff(at=voice.end + SILENT, end=voice.end))
    told = heard(events)
    assert told[::2] == [None] * len(voices)
    return [None if span is None else (span.start_s, span.end_s) for span in told[1::2]]


def heard(events: list[Event]) -> list[Span | None]:
    """The spans to recognise after each event."""
    window, speech, out = CommandWindow(), SpeechState(), []
    for event in events:
        speech = speech.after(event)
        out.append(window.hear(event, speech))
    return out


def test_a_few_words_are_recognised_with_padding() -> None:
    assert read((1, 2)) == [(0.9, 2.1)]
    assert read((0, 2)) == [(0, 2.1)]


def test_two_voices_less_than_a_second_apart_are_recognised_together() -> None:
    assert read((1, 1.4), (2.3, 2.8)) == [(0.9, 1.5), (0.9, 2.9)]
    assert read((1, 1.4), (2.4, 2.8)) == [(0.9, 1.5), (2.3, 2.9)]


def test_long_talk_is_skipped_until_there_is_a_second_of_silence() -> None:
    assert read((1, 5), (5.5, 6.5), (7, 7.5), (8.5, 9.5)) == [None, None, None, (8.4, 9.6)]
    assert read((1, 2.5), (3, 3.5), (4, 4.5)) == [(0.9, 2.6), (0.9, 3.6), None]


def test_a_noise_is_not_recognised_and_does_not_separate_two_voices() -> None:
    assert read((1, 1), (1.2, 1.3)) == [None, None]
    assert read((1, 1.4), (1.6, 1.6), (1.8, 2.2)) == [(0.9, 1.5), None, (0.9, 2.3)]


def test_the_span_does_not_reach_beyond_the_sound_heard_so_far() -> None:
    voice = [VoiceOn(at=as_samples(1.1), onset=as_samples(1)), VoiceOff(at=as_samples(2.05), end=as_samples(2))]
    assert heard(voice)[-1] == Span.seconds(0.9, 2.05)


def test_a_voice_that_began_before_listening_did_is_not_recognised() -> None:
    assert heard([VoiceOff(at=as_samples(2.2), end=as_samples(2))]) == [None]
