"""A sound that keeps one colour is no voice, however its level swells; a voice over a hum remains one."""

from __future__ import annotations

import numpy as np
import pytest

from coach.core.span import RATE, Span
from coach.vad import Activity, Began, Stopped
from tests.vad.made_sound import chord, heard, sample

SENTENCE = Span.seconds(4.0, 12.0)


def sentence() -> np.ndarray:
    """(n,) float32: eight seconds of the sample."""
    return sample()[SENTENCE.start : SENTENCE.end]


def spoken(sound: np.ndarray) -> list[Span]:
    return [edge.span for edge in heard(Activity(), sound) if isinstance(edge, Stopped)]


def duration(spans: list[Span]) -> int:
    return sum(span.duration for span in spans)


@pytest.mark.parametrize(("notes", "tremolo"), [((220, 277, 330), 3.0), ((220, 277, 330), 5.0), ((200,), 5.0)])
def test_a_trembling_chord_is_no_voice(notes: tuple[float, ...], tremolo: float) -> None:
    assert duration(spoken(chord(*notes, tremolo=tremolo, depth=0.95))) < RATE


def test_a_trembling_chord_does_not_begin_again_and_again() -> None:
    begun = [edge for edge in heard(Activity(), chord(200, tremolo=8.0, depth=0.95)) if isinstance(edge, Began)]
    assert len(begun) <= 2


def test_a_trembling_horn_with_overtones_is_a_voice_for_a_second_at_most() -> None:
    horn = chord(200, tremolo=8.0, depth=0.7, partials=8)
    assert duration(spoken(horn)) <= RATE


def test_a_chord_after_a_sentence_is_not_the_rest_of_it() -> None:
    said = sentence()
    voices = spoken(np.concatenate([said, chord(200, tremolo=5.0, depth=0.7)]))
    assert max(span.end for span in voices) < len(said) + 1.5 * RATE


def test_a_voice_over_a_hum_is_heard() -> None:
    voice = sentence()
    time = np.arange(len(voice)) / RATE
    hum = 0.02 * sum(np.sin(2 * np.pi * 100 * k * time) / k for k in (1, 2, 3))
    alone, over = spoken(voice), spoken((voice + hum).astype(np.float32))
    assert duration(over) > 0.8 * duration(alone) > RATE
