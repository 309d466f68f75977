"""Frames with context: each frame appears once, with its neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from coach.core.span import HOP
from coach.vad.scenery import AHEAD, SCENERY, Scenery, Seen
from tests.vad.made_sound import ANA_ALONE, RATE, hops_of, laid, loud_part, room

ROW = 1 + SCENERY.bands  # inputs for each offset: the level and the bands
UNDER_PEAK = len(SCENERY.offsets) * ROW  # where the inputs after them begin


def levels_in(seen: Seen) -> np.ndarray:
    """The inputs that are levels, one for each offset."""
    return seen.inputs[:UNDER_PEAK].reshape(-1, ROW)[:, 0]


def seen_at(scenery: Scenery, hop: np.ndarray) -> list[Seen]:
    (heard,) = scenery.hops(hop[None])
    return heard.seen


def seen_in(sound: np.ndarray) -> list[Seen]:
    scenery = Scenery()
    return [seen for heard in scenery.hops(np.array(hops_of(sound))) for seen in heard.seen] + scenery.rest()


def click(at_frame: int, frames: int = 100) -> np.ndarray:
    sound = room(frames / 100, dbfs=-70)
    sound[at_frame * 160 + 20 : at_frame * 160 + 140] += 0.3
    return sound


@pytest.mark.parametrize("hops", [1, 2, 4, 5, 6, 50])
def test_every_frame_is_seen_once_however_short_the_sound(hops: int) -> None:
    assert len(seen_in(room(hops * HOP / RATE))) == 2 * hops


def test_a_frame_is_seen_when_the_eight_after_it_were_heard() -> None:
    scenery = Scenery()
    counts = np.cumsum([len(seen_at(scenery, hop)) for hop in hops_of(room(1.0))])
    heard = 2 * np.arange(1, 51) - 1  # bands are 7.5 ms late: the last frame is not there yet
    assert counts.tolist() == np.maximum(heard - AHEAD, 0).tolist()


def test_the_surroundings_of_a_frame_lie_at_their_distances() -> None:
    seen = seen_in(click(50))
    assert max(range(100), key=lambda n: seen[n].row[0]) == 50
    for offset in SCENERY.offsets:
        levels = levels_in(seen[50 - offset])
        assert levels.argmax() == SCENERY.offsets.index(offset)


def test_the_probability_of_speech_in_a_frame_is_that_of_the_window_over_it() -> None:
    """It rises with the voice: at most a window and a bit before or after."""
    seen = seen_in(laid(4.0, (2.0, loud_part(*ANA_ALONE, at_least=1.5))))
    first = next(n for n, s in enumerate(seen) if s.voice >= 0.5)
    assert 200 - SCENERY.late <= first <= 200 + 3 * SCENERY.late


def test_a_soft_recording_is_raised_before_the_detector_hears_it() -> None:
    piece = loud_part(*ANA_ALONE, at_least=2.0) * np.float32(10 ** (-32 / 20))  # at -58 dBFS
    seen = seen_in(laid(5.0, (2.0, piece), dbfs=-95.0))
    assert np.mean([s.voice for s in seen[215:390]]) > 0.7


def test_what_is_kept_of_a_long_evening_is_no_more_than_of_a_short_one() -> None:
    """Looked at after whole windows of Silero's: eight hops are five of them."""
    scenery = Scenery()
    kept = []
    for n, hop in enumerate(hops_of(room(3.2)), start=1):
        seen_at(scenery, hop)
        if n % 40 == 0:
            kept.append(sum(len(each) for each in vars(scenery).values() if hasattr(each, "__len__")))
    assert len(kept) == 4
    assert len(set(kept)) == 1


def test_what_was_never_heard_is_no_surrounding() -> None:
    scenery = Scenery()
    for hop in hops_of(laid(2.0, (0.5, loud_part(*ANA_ALONE, at_least=1.4)))):
        seen_at(scenery, hop)
    scenery.rest()
    after = [seen for hop in hops_of(room(1.0)) for seen in seen_at(scenery, hop)]
    levels = levels_in(after[0]) * 20
    assert levels.max() < 9  # of the voice before the break nothing is left
    assert after[0].inputs[UNDER_PEAK] * 20 < -15  # but that it was louder is still known
