"""The networks hear the sound that they should: windows, crops in them, and where both lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from coach.core.span import HOP, RATE, Span, as_samples, shared
from coach.diarization import Embedding, Segmentation
from coach.diarization.looks import Look
from coach.diarization.timetable import CONFIG as TIMETABLE
from coach.diarization.timetable import Due
from coach.diarization.windows import CONFIG, Windows
from coach.vad import FRAME
from tests.vad.made_sound import ANA_ALONE, BEN_ALONE, hops_of, laid, said

SPOKEN = (Span(RATE, 3 * RATE), Span(5 * RATE, 7 * RATE))


@pytest.fixture(scope="module")
def spoken() -> np.ndarray:
    """Eight seconds: one voice from 1 to 3, another from 5 to 7."""
    return laid(8.0, (1.0, said(*ANA_ALONE)[: 2 * RATE]), (5.0, said(*BEN_ALONE)[: 2 * RATE]))


def looks(windows: Windows, sound: np.ndarray) -> list[Look]:
    """What is heard at each step of the grid."""
    out = []
    for n, hop in enumerate(hops_of(sound), start=1):
        windows.hop(hop)
        if n * HOP % TIMETABLE.step == 0:
            out.append(windows.look(n * HOP - TIMETABLE.ahead))
    return out


# --------------------------------------------------------------------------------------------------------- windows


def test_a_window_is_the_last_five_seconds(spoken: np.ndarray) -> None:
    (*_, last) = looks(Windows(), spoken)
    assert (last.start, last.end) == (3 * RATE, 8 * RATE)
    (told,) = Segmentation().windows(spoken[None, 3 * RATE :])
    assert np.array_equal(last.likely, np.exp(told.astype(np.float64)))


def test_a_window_at_the_beginning_is_what_there_is_and_a_second_at_least(spoken: np.ndarray) -> None:
    one, two = looks(Windows(), spoken)[:2]
    assert (one.start, one.end) == (0, RATE)
    assert (two.start, two.end) == (0, 2 * RATE)
    windows = Windows()
    for hop in hops_of(spoken[: RATE // 2]):
        windows.hop(hop)
    half = windows.look(RATE // 2)
    assert (half.start, half.end) == (-RATE // 2, RATE // 2)
    filled = np.concatenate([np.zeros(RATE // 2, np.float32), spoken[: RATE // 2]])
    assert np.array_equal(half.likely, np.exp(Segmentation().windows(filled[None])[0].astype(np.float64)))


def test_a_window_does_not_reach_across_missing_sound(spoken: np.ndarray) -> None:
    windows = Windows()
    looks(windows, spoken)
    windows.skip_to(60 * RATE)
    for hop in hops_of(spoken[RATE : 3 * RATE]):
        windows.hop(hop)
    look = windows.look(62 * RATE)
    assert (look.start, look.end) == (60 * RATE, 62 * RATE)
    assert np.array_equal(look.likely, np.exp(Segmentation().windows(spoken[None, RATE : 3 * RATE])[0].astype(float)))
    assert [crop.start for crop in look.crops] == [61 * RATE - CONFIG.between, 61 * RATE]


# ----------------------------------------------------------------------------------------------------------- crops


def test_the_newest_crop_is_the_second_before_the_frames_that_are_judged(spoken: np.ndarray) -> None:
    (*_, last) = looks(Windows(), spoken[: 7 * RATE])
    crop = last.crops[-1]
    ends = 7 * RATE - TIMETABLE.ahead
    assert crop.span == Span(ends - RATE, ends)
    assert crop.middle == (ends - RATE / 2) / FRAME
    (voice,) = Embedding().voices(spoken[None, ends - RATE : ends])
    assert crop.voice @ voice == pytest.approx(1.0, abs=1e-5)
    assert crop.voice @ crop.voice == pytest.approx(1.0, abs=1e-5)
    assert crop.alone > 0.9


def test_crops_are_looked_at_only_where_somebody_speaks(spoken: np.ndarray) -> None:
    windows = Windows()
    looks(windows, spoken)
    starts = [crop.start for crop in windows.crops]
    assert min(b - a for a, b in pairwise(starts)) == CONFIG.between
    in_speech = [max(shared([crop.span], [s]) for s in SPOKEN) for crop in windows.crops]
    assert min(in_speech) >= CONFIG.voiced * RATE - as_samples(0.1)
    assert any(share == RATE for share in in_speech)


def test_the_crops_of_a_look_lie_within_its_window(spoken: np.ndarray) -> None:
    windows = Windows()
    heard = looks(windows, spoken)
    for look in heard:
        assert all(look.start <= crop.start and crop.span.end <= look.end for crop in look.crops)
    assert len(windows.crops) > len(heard[-1].crops) > 0
    assert windows.crops[0].start < heard[-1].start


def test_no_crop_holds_sound_that_was_not_heard(spoken: np.ndarray) -> None:
    windows = Windows()
    windows.skip_to(10 * RATE)
    for hop in hops_of(spoken[RATE : RATE + as_samples(0.9)]):
        windows.hop(hop)
    assert windows.look(10 * RATE + as_samples(0.9)).crops == ()


def test_crops_are_forgotten_after_a_while(spoken: np.ndarray) -> None:
    windows = Windows(replace(CONFIG, remembered=3 * RATE))
    looks(windows, spoken)
    newest = windows.crops[-1].start
    assert windows.crops[0].start >= newest - 3 * RATE > RATE


def test_without_voices_there_are_no_crops(spoken: np.ndarray) -> None:
    deaf, other = Windows(voices=False), Windows()
    for look, whole in zip(looks(deaf, spoken[: 3 * RATE]), looks(other, spoken[: 3 * RATE]), strict=True):
        assert look.crops == ()
        assert np.array_equal(look.likely, whole.likely)
    assert deaf.crops == ()
    assert other.crops


# --------------------------------------------------------------------------------------------------- what is foreseen


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """How many windows and crops the networks were given at once, each time."""
    given: dict[str, list[int]] = {"windows": [], "crops": []}
    windows, voices = Segmentation.windows, Embedding.voices_from

    def noted_windows(network: Segmentation, sounds: np.ndarray) -> np.ndarray:
        given["windows"].append(len(sounds))
        return windows(network, sounds)

    def noted_voices(network: Embedding, sound: np.ndarray, starts: Sequence[int], length: int) -> np.ndarray:
        given["crops"].append(len(starts))
        return voices(network, sound, starts, length)

    monkeypatch.setattr(Segmentation, "windows", noted_windows)
    monkeypatch.setattr(Embedding, "voices_from", noted_voices)
    return given


def due(*seconds: float, close: bool = False) -> list[Due]:
    return [Due(as_samples(at), as_samples(at) - TIMETABLE.ahead, close) for at in seconds]


def same(one: Look, other: Look) -> bool:
    if (one.start, one.end) != (other.start, other.end) or not np.array_equal(one.likely, other.likely):
        return False
    pairs = zip(one.crops, other.crops, strict=True)
    return all(a.start == b.start and a.alone == b.alone and np.array_equal(a.voice, b.voice) for a, b in pairs)


def heard_until(second: int, sound: np.ndarray) -> Windows:
    windows = Windows()
    looks(windows, sound[: second * RATE])
    return windows


def test_what_is_foreseen_is_heard_in_batches_and_is_the_same(
    spoken: np.ndarray, batches: dict[str, list[int]]
) -> None:
    expected = looks(Windows(), spoken)[5:]
    windows = heard_until(5, spoken)
    for given in batches.values():
        given.clear()
    windows.foresee(np.array(hops_of(spoken[5 * RATE :])), due(6, 7, 8), close=False)
    assert batches["windows"] == [3]
    assert len(batches["crops"]) == 1
    assert batches["crops"][0] > 3
    found = []
    for n, hop in enumerate(hops_of(spoken[5 * RATE :]), start=1):
        windows.hop(hop)
        if n * HOP % TIMETABLE.step == 0:
            found.append(windows.look(5 * RATE + n * HOP - TIMETABLE.ahead))
    assert all(map(same, found, expected))
    assert len(found) == len(expected) == 3
    assert (batches["windows"], len(batches["crops"])) == ([3], 1), "nothing is heard twice"


def test_what_was_not_foreseen_is_heard_when_it_is_asked_for(spoken: np.ndarray) -> None:
    windows, other = heard_until(5, spoken), heard_until(5, spoken)
    windows.foresee(np.array(hops_of(spoken[5 * RATE :])), due(6, 7.5), close=False)
    for each in (windows, other):
        for hop in hops_of(spoken[5 * RATE : 7 * RATE]):
            each.hop(hop)
    assert same(windows.look(7 * RATE - TIMETABLE.ahead), other.look(7 * RATE - TIMETABLE.ahead))


def test_what_was_foreseen_of_sound_that_never_came_is_forgotten(spoken: np.ndarray) -> None:
    windows, other = heard_until(5, spoken), Windows()
    windows.foresee(np.array(hops_of(spoken[5 * RATE :])), due(6, 7, 8), close=False)
    for each in (windows, other):
        each.skip_to(5 * RATE)
        for hop in hops_of(spoken[RATE : 3 * RATE]):
            each.hop(hop)
    before, fresh = (each.look(7 * RATE - TIMETABLE.ahead) for each in (windows, other))
    assert np.array_equal(before.likely, fresh.likely)
    assert all(np.array_equal(a.voice, b.voice) for a, b in zip(before.crops[-2:], fresh.crops, strict=True))


@pytest.mark.parametrize(("close", "more"), [(True, [1]), (False, [])])
def test_windows_half_a_second_apart_are_foreseen_only_while_two_voices_are_heard(
    close: bool, more: list[int], spoken: np.ndarray, batches: dict[str, list[int]]
) -> None:
    windows = heard_until(5, spoken)
    batches["windows"].clear()
    half = [*due(5.5, close=True), *due(6), *due(6.5, close=True)]  # by the sixth second one voice is heard
    windows.foresee(np.array(hops_of(spoken[5 * RATE : 7 * RATE])), half, close=close)
    assert batches["windows"] == [1, *more]
