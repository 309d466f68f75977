"""The two trained classifiers: speech in a frame, and voice in a burst."""

from __future__ import annotations

import numpy as np
import pytest

from coach.vad.likeness import CONFIG, Burst, speech
from coach.vad.scenery import Scenery, Seen
from tests.vad.made_sound import ANA_ALONE, BEN_ALONE, hops_of, laid, loud_part, room


def seen_in(sound: np.ndarray) -> list[Seen]:
    scenery = Scenery()
    return [seen for heard in scenery.hops(np.array(hops_of(sound))) for seen in heard.seen] + scenery.rest()


def odds(seen: list[Seen]) -> float:
    burst = Burst()
    for sight, p in zip(seen, speech(seen), strict=True):
        burst.add(sight, float(p))
    return burst.voice_odds()


@pytest.mark.parametrize("who", [ANA_ALONE, BEN_ALONE])
def test_frames_of_a_voice_are_speech_and_those_of_the_room_are_not(who: tuple[float, float]) -> None:
    likely = speech(seen_in(laid(5.0, (2.0, loud_part(*who, at_least=2.0)))))
    assert likely.shape == (500,)
    assert likely[:195].max() < 0.5
    assert likely[205:380].mean() > 0.9
    assert likely[420:].max() < 0.5


def test_how_many_frames_are_asked_at_once_changes_no_bit() -> None:
    seen = seen_in(laid(3.0, (1.0, loud_part(*ANA_ALONE, at_least=1.5))))
    pairs = [speech(seen[n : n + 2]) for n in range(0, len(seen), 2)]
    assert np.concatenate(pairs).tolist() == speech(seen).tolist()


def test_no_frames_are_nothing() -> None:
    assert speech([]).tolist() == []


@pytest.mark.parametrize("who", [ANA_ALONE, BEN_ALONE])
def test_a_voice_is_like_a_voice_and_a_tap_is_not(who: tuple[float, float]) -> None:
    voice = seen_in(laid(4.0, (2.0, loud_part(*who, at_least=1.5))))[200:300]
    tap = seen_in(laid(4.0, (2.0, room(1.5, dbfs=-25))))[200:300]
    assert odds(voice) > 1.5
    assert odds(tap) < -3


def test_only_the_latest_second_of_a_burst_counts() -> None:
    tap = seen_in(laid(4.0, (2.0, room(1.5, dbfs=-25))))[200:300]
    voice = seen_in(laid(4.0, (2.0, loud_part(*ANA_ALONE, at_least=1.5))))[200 : 200 + CONFIG.longest]
    assert odds(tap + voice) == pytest.approx(odds(voice))
