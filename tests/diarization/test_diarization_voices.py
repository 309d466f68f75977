"""A voice is the middle of its crops, in storage too, and two voices of one person are told from two people's."""

from __future__ import annotations

import numpy as np
import pytest

from coach.diarization.voices import CONFIG, Voice, alike, learn_voice, stored_voice


def towards(axis: int, other: int, cosine: float) -> np.ndarray:
    """A point whose cosine with the point along `axis` is `cosine`, (192,)."""
    out = np.zeros(192)
    out[axis], out[other] = cosine, np.sqrt(1 - cosine**2)
    return out


def test_a_voice_is_the_middle_of_its_crops_and_of_unit_length() -> None:
    voice = learn_voice(np.stack([towards(0, 1, 0.8), towards(0, 2, 0.8)]))
    assert voice.centre.shape == (192,)
    assert voice.centre @ voice.centre == pytest.approx(1.0)
    assert voice.centre[1] == pytest.approx(voice.centre[2])
    assert voice.centre[0] > 0.8


def test_nothing_is_learnt_from_nothing() -> None:
    with pytest.raises(ValueError, match="one crop or more"):
        learn_voice(np.zeros((0, 192)))


def test_a_voice_is_the_same_after_storage() -> None:
    voice = learn_voice(towards(3, 4, 0.5)[None])
    again = stored_voice(voice.arrays())
    assert again is not None
    assert np.array_equal(again.centre, voice.centre)


@pytest.mark.parametrize("names", [(), ("mean", "deviation"), ("campplus", "mean"), ("colours",)])
def test_a_voice_that_another_method_learnt_is_told_from_ours(names: tuple[str, ...]) -> None:
    assert stored_voice({name: np.zeros(192) for name in names}) is None


@pytest.mark.parametrize(("cosine", "same"), [(CONFIG.alike + 0.02, True), (CONFIG.alike - 0.02, False), (-1.0, False)])
def test_voices_are_alike_if_they_are_near(cosine: float, same: bool) -> None:
    a, b = Voice(towards(0, 1, 1.0)), Voice(towards(0, 1, cosine))
    assert alike(a, b) is alike(b, a) is same


def test_the_two_made_people_are_not_alike(voices: dict[str, Voice]) -> None:
    assert not alike(voices["Ana"], voices["Ben"])
