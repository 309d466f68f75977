"""What the networks hear of a frame, of a crop and of a span."""

from __future__ import annotations

import numpy as np
import pytest

from coach.core.span import RATE, Span, as_samples
from coach.diarization import DEFAULT_SEGMENTATION
from coach.diarization.looks import NUMBERS, Crop, Look, voices_in
from coach.vad import FRAME

GRID = DEFAULT_SEGMENTATION

# ------------------------------------------------------------------------------------------------- frames of a look


def made(likely: np.ndarray, start: int = 0) -> Look:
    length = GRID.sees + GRID.step * (len(likely) - 1)
    return Look(start, start + length, likely)


def ramp(count: int) -> np.ndarray:
    """(count, 7): a voice that becomes likelier by a hundredth from frame to frame of the segmentation."""
    out = np.zeros((count, 7))
    out[:, 1] = np.arange(count) / 100
    out[:, 0] = 1 - out[:, 1]
    return out


@pytest.mark.parametrize("start", [0, 3 * RATE])
def test_the_probabilities_of_a_frame_are_those_around_its_middle(start: int) -> None:
    look = made(ramp(80), start)
    frames = start // FRAME + np.arange(10, 100)
    middles = (frames + 0.5) * FRAME - start
    expected = (middles - GRID.sees // 2) / GRID.step / 100
    assert look.at(frames)[:, 1] == pytest.approx(expected)
    assert look.voiced(frames) == pytest.approx(expected)


def test_beyond_the_window_the_first_and_the_last_probabilities_hold() -> None:
    look = made(ramp(80))
    assert look.at(np.array([-50, 0, 500]))[:, 1] == pytest.approx([0.0, 0.0, 0.79])


def test_the_probabilities_during_a_crop_are_their_mean() -> None:
    likely = np.zeros((240, 7))
    likely[:, 0] = 1.0
    begins = (RATE - GRID.sees // 2) // GRID.step
    likely[begins : begins + 30] = np.eye(7)[2]  # half a second from one second on
    look = made(likely)
    assert look.during(RATE)[2] == pytest.approx(0.5, abs=0.03)
    assert look.during(2 * RATE)[2] == 0.0
    assert look.during(RATE).sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("newest", "two"),
    [
        ([(1, 90)], False),
        ([(1, 60), (2, 30)], True),  # one after the other
        ([(1, 60), (4, 30)], True),  # both at once
        ([(1, 60), (0, 25), (2, 5)], False),  # too little of the second to be one
        ([(2, 30), (1, 90)], False),  # long past
    ],
)
def test_two_voices_are_those_of_the_newest_sound(newest: list[tuple[int, int]], two: bool) -> None:
    classes = [0] * 200 + [voice for voice, frames in newest for _ in range(frames)]
    assert made(np.eye(7)[classes]).two_voices() is two


# ----------------------------------------------------------------------------------------------- the voices of spans


def crops_at(*seconds: float) -> list[Crop]:
    """The n-th points along the n-th axis."""
    return [Crop(as_samples(at), np.eye(NUMBERS)[n], 1.0) for n, at in enumerate(seconds)]


def numbers(voices: np.ndarray) -> list[int]:
    return [int(voice.argmax()) for voice in voices]


def test_the_voices_of_spans_are_those_of_the_crops_that_lie_mostly_in_them() -> None:
    crops = crops_at(0.0, 0.5, 1.0, 1.5, 2.0)
    assert numbers(voices_in(crops, [Span.seconds(0.95, 2.4)])) == [2, 3]
    assert numbers(voices_in(crops, [Span.seconds(0.0, 1.0), Span.seconds(1.5, 2.5)])) == [0, 3]
    assert numbers(voices_in(crops, [Span.seconds(0.0, 0.7), Span.seconds(0.7, 1.2)])) == [0, 1]


def test_of_spans_too_short_for_a_crop_the_best_crops_count() -> None:
    crops = crops_at(0.0, 0.5, 1.0)
    assert numbers(voices_in(crops, [Span.seconds(1.5, 2.0)])) == [2]
    assert numbers(voices_in(crops, [Span.seconds(0.6, 0.9)])) == [0, 1]


def test_a_crop_that_only_touches_the_spans_may_be_anybodys() -> None:
    assert numbers(voices_in(crops_at(0.0), [Span.seconds(0.8, 3.0)])) == []
    assert numbers(voices_in(crops_at(0.0), [Span.seconds(0.9, 1.3)])) == []


def test_where_no_crop_is_there_is_no_voice() -> None:
    for crops in ([], crops_at(0.0, 0.5)):
        assert voices_in(crops, [Span.seconds(5.0, 9.0)]).shape == (0, NUMBERS)
    assert voices_in(crops_at(0.0), []).shape == (0, NUMBERS)
