"""A sound that keeps one colour is no voice, however its level swells; a voice over a hum remains one."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from coach.core.events import Event, Speech, VoiceOn
from coach.core.resources import asset
from coach.core.span import HOP, RATE
from coach.hearing import Ear

SECONDS = 8


def chord(*notes: float, tremolo: float, depth: float, partials: int = 1) -> np.ndarray:
    """(n,) float32: notes that swell and fade together `tremolo` times a second."""
    time = np.arange(SECONDS * RATE) / RATE
    tones = sum(np.sin(2 * np.pi * note * k * time) / k for note in notes for k in range(1, partials + 1))
    swell = 1 + depth * np.sin(2 * np.pi * tremolo * time)
    sound = np.asarray(tones * swell)
    return (0.24 * sound / np.abs(sound).max()).astype(np.float32)


def sentence() -> np.ndarray:
    """(n,) float32: eight seconds of the sample."""
    return np.asarray(soundfile.read(asset("sample.flac"), start=4 * RATE, frames=SECONDS * RATE, dtype="float32")[0])


def events_of(sound: np.ndarray) -> list[Event]:
    ear = Ear()
    rows = sound[: len(sound) // HOP * HOP].reshape(-1, HOP)
    return [event for told in ear.hops(rows) for event in told] + ear.finish()


def spoken(sound: np.ndarray) -> list[Speech]:
    return [event for event in events_of(sound) if isinstance(event, Speech)]


@pytest.mark.parametrize(("notes", "tremolo"), [((220, 277, 330), 3.0), ((220, 277, 330), 5.0), ((200,), 5.0)])
def test_a_trembling_chord_is_no_voice(notes: tuple[float, ...], tremolo: float) -> None:
    assert sum(event.span.duration for event in spoken(chord(*notes, tremolo=tremolo, depth=0.95))) < RATE


def test_a_trembling_chord_does_not_begin_again_and_again() -> None:
    begun = [event for event in events_of(chord(200, tremolo=8.0, depth=0.95)) if isinstance(event, VoiceOn)]
    assert len(begun) <= 2


def test_a_trembling_horn_with_overtones_is_a_voice_for_a_second_at_most() -> None:
    horn = chord(200, tremolo=8.0, depth=0.7, partials=8)
    assert sum(event.span.duration for event in spoken(horn)) <= RATE


def test_a_chord_after_a_sentence_is_not_the_rest_of_it() -> None:
    said = sentence()
    events = spoken(np.concatenate([said, chord(200, tremolo=5.0, depth=0.7)]))
    assert max(event.span.end for event in events) < len(said) + 1.5 * RATE


def test_a_voice_over_a_hum_is_heard() -> None:
    voice = sentence()
    time = np.arange(len(voice)) / RATE
    hum = 0.02 * sum(np.sin(2 * np.pi * 100 * k * time) / k for k in (1, 2, 3))
    alone, over = spoken(voice), spoken((voice + hum).astype(np.float32))
    assert sum(event.span.duration for event in over) > 0.8 * sum(event.span.duration for event in alone) > RATE
