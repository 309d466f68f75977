"""Crops are grouped into people: how many there are, in which order they first speak, and whom one knows."""

from __future__ import annotations

import numpy as np
import pytest

from coach.core.span import RATE
from coach.diarization.clustering import CONFIG, MOST_PEOPLE, find_voices, recognised
from coach.diarization.looks import Crop
from coach.diarization.voices import Voice, alike

STEP = RATE // 2


def person(number: int) -> np.ndarray:
    """The voice of a made person; those of any two are at right angles."""
    return np.eye(192)[number]


def near(voice: np.ndarray, rng: np.random.Generator, spread: float = 0.7) -> np.ndarray:
    """A crop of that voice. Two of one person have a cosine of about .7, as real ones."""
    noise = rng.normal(size=192)
    out = voice + spread * noise / np.linalg.norm(noise)
    return np.asarray(out / np.linalg.norm(out))


def talk(*who: int, alone: float = 1.0, seed: int = 1) -> list[Crop]:
    """Twice a second a crop of the person of that number."""
    rng = np.random.default_rng(seed)
    return [Crop(n * STEP, near(person(number), rng), alone) for n, number in enumerate(who)]


def turns(*people: int, length: int = 10, rounds: int = 3) -> tuple[int, ...]:
    """Crops of people who take turns of that many."""
    return tuple(number for _ in range(rounds) for number in people for _ in range(length))


def found(crops: list[Crop], people: int | None = None) -> list[int]:
    """The numbers of the people whose voices were found, in their order."""
    voices = find_voices(crops, people)
    assert all(voice.centre @ voice.centre == pytest.approx(1.0) for voice in voices)
    return [int(voice.centre.argmax()) for voice in voices]


@pytest.mark.parametrize("people", range(1, MOST_PEOPLE + 1))
def test_as_many_people_are_found_as_there_are_in_the_order_of_their_first_speech(people: int) -> None:
    order = tuple(np.random.default_rng(people).permutation(people).tolist())
    assert found(talk(*turns(*order))) == list(order)
    assert found(talk(*turns(*order)), people) == list(order)


def test_never_more_than_the_most() -> None:
    assert len(found(talk(*turns(*range(MOST_PEOPLE + 2))))) == MOST_PEOPLE


def test_who_speaks_little_is_found_if_it_is_enough() -> None:
    assert found(talk(*turns(0, length=40), *[1] * CONFIG.least)) == [0, 1]


def test_a_laugh_is_nobody() -> None:
    crops = talk(*turns(0, 1))
    laughs = [Crop(crops[-1].start + n * STEP, person(100 + n), 1.0) for n in range(3)]
    assert found(crops + laughs) == [0, 1]
    assert sorted(found(laughs + crops)) == [0, 1]


def test_the_number_of_people_that_is_given_is_obeyed_and_a_laugh_is_none_of_them() -> None:
    crops = talk(*turns(0, 1, 2))
    laugh = Crop(crops[-1].start + STEP, person(100), 1.0)
    assert found([*crops, laugh], 3) == [0, 1, 2]


def test_fewer_people_than_there_seem_to_be_are_found_when_one_says_so() -> None:
    assert len(found(talk(*turns(0, 1, 2)), 2)) == 2
    assert len(found(talk(*turns(0, 1)), 1)) == 1


def test_two_voices_that_are_nearly_one_are_two_when_one_says_so() -> None:
    rng = np.random.default_rng(3)
    twin = (person(0) * 0.7 + person(1) * 0.71).astype(float)
    crops = [Crop(n * STEP, near(person(0) if n // 10 % 2 else twin, rng, 0.8), 1.0) for n in range(60)]
    assert len(find_voices(crops)) == 1
    first, second = find_voices(crops, 2)
    assert first.centre @ twin > 0.9 > second.centre @ twin


def test_one_voice_of_which_a_second_shows_little_is_one_person() -> None:
    """As in a noisy room: two crops of one person are no nearer than those of two people elsewhere."""
    rng = np.random.default_rng(4)
    crops = [Crop(n * STEP, near(person(0), rng, 1.2), 1.0) for n in range(120)]
    assert len(find_voices(crops)) == 1
    assert found([*crops, *(Crop(c.start + 120 * STEP, near(person(1), rng, 1.2), 1.0) for c in crops)]) == [0, 1]


def test_crops_with_two_voices_at_once_do_not_count() -> None:
    rng = np.random.default_rng(2)
    both = (person(0) + person(1)) / np.sqrt(2)
    mixed = [Crop(n * STEP, near(both, rng, 0.1), CONFIG.alone - 0.1) for n in range(30)]
    assert found([*mixed, *talk(*turns(1, 0))]) == [1, 0]
    assert len(found(mixed)) == 1  # but if there is nothing else


def test_without_crops_there_is_nobody() -> None:
    assert find_voices([]) == []
    assert find_voices([], 2) == []


def test_of_one_crop_there_is_one_person() -> None:
    assert found(talk(5)) == [5]


def test_of_very_many_crops_all_people_are_found() -> None:
    assert found(talk(*turns(0, 1, 2, length=50, rounds=2 * CONFIG.most // 100))) == [0, 1, 2]


# ------------------------------------------------------------------------------------------------------- whom one knows


def voice(**parts: float) -> Voice:
    """A voice that is partly a, b or c's."""
    centre = np.zeros(192)
    for name, part in parts.items():
        centre["abcx".index(name)] = part
    return Voice(centre / np.linalg.norm(centre))


KNOWN = {"Ana": voice(a=1), "Ben": voice(b=1)}


def test_known_people_are_recognised_in_any_order() -> None:
    assert recognised([voice(b=1, x=0.3), voice(a=1, x=0.3)], KNOWN) == ["Ben", "Ana"]


def test_a_stranger_is_not_recognised() -> None:
    assert recognised([voice(c=1), voice(a=1, x=0.3)], KNOWN) == [None, "Ana"]
    assert recognised([voice(c=1)], {}) == [None]
    assert recognised([], KNOWN) == []


def test_nobody_is_two_voices_the_nearer_one_is_theirs() -> None:
    further, nearer = voice(a=1, x=0.6), voice(a=1, x=0.2)
    assert alike(further, KNOWN["Ana"])
    assert recognised([further, nearer], KNOWN) == [None, "Ana"]


def test_a_voice_between_two_people_is_the_nearer_one_s() -> None:
    assert recognised([voice(a=0.8, b=1)], KNOWN) == ["Ben"]
