"""The linear discriminant between voices, and what it says about unknown voices."""

from __future__ import annotations

import numpy as np
import pytest

from coach.hearing.attribution import Attribution
from coach.hearing.discriminant import DIRECTIONS, REACH, between, nearness, place, projected, replaced, settled
from coach.hearing.familiarity import APART, GLIMPSE, Familiarity
from coach.hearing.voices import Voice, cepstra, learn_voice
from tests.hearing.made_sound import ANA_SAYS, BEN_SAYS, alone, colours_of

ANA, BEN = frozenset(["Ana"]), frozenset(["Ben"])
MIDDLE = np.zeros(DIRECTIONS)
FAR = 4.0 * np.sqrt(between())  # four times as far off as people usually are


def later(who: str) -> np.ndarray:
    return colours_of(*alone(who, 3.0)[0])


def test_a_frame_needs_all_its_neighbours() -> None:
    x = np.random.default_rng(0).normal(size=(50, 19))
    assert projected(x).shape == (50 - 2 * REACH, DIRECTIONS)
    assert projected(x[: 2 * REACH]).shape == (0, DIRECTIONS)


def test_other_weights_replace_the_shipped_ones_until_the_block_ends() -> None:
    x = np.random.default_rng(0).normal(size=(30, 19))
    shipped = projected(x)
    with replaced(np.zeros((11 * 19, DIRECTIONS)), np.ones(DIRECTIONS)):
        assert not projected(x).any()
        assert (between() == 1).all()
    assert np.array_equal(projected(x), shipped)


def test_a_person_lies_where_they_lay_at_the_check_in() -> None:
    places = np.array([place(cepstra(colours_of(*said))) for said in (ANA_SAYS, BEN_SAYS)])
    for own, who in enumerate(("Ana", "Ben")):
        near = nearness(projected(cepstra(later(who))), places)
        assert (near.argmax(axis=1) == own).mean() > 0.8  # of fifths of a second
        halves = near[: len(near) // 50 * 50].reshape(-1, 50, 2).mean(axis=1)
        assert (halves.argmax(axis=1) == own).all()


def test_a_short_sentence_leaves_the_places_nearer_to_each_other() -> None:
    one, other = settled([MIDDLE, FAR])
    assert 0 < ((one - other) ** 2).sum() < (FAR**2).sum()
    assert np.allclose(one + other, FAR)


def test_a_voice_keeps_its_place_on_the_way_to_the_disk() -> None:
    voice = learn_voice(colours_of(*ANA_SAYS))
    again = Voice(**voice.arrays())
    assert again.place is not None
    assert np.array_equal(again.place, place(cepstra(colours_of(*ANA_SAYS))))
    assert "place" not in Voice(voice.weights, voice.means, voice.variances).arrays()


@pytest.mark.parametrize("frames", [GLIMPSE, 10 * GLIMPSE])
def test_whoever_sounds_as_they_did_is_no_stranger(frames: int) -> None:
    familiarity = Familiarity({"Ana": MIDDLE})
    assert [familiarity.hear(MIDDLE, ANA) for _ in range(frames)][-1] > 0.95


def test_a_stranger_is_doubted_the_more_the_longer_they_speak() -> None:
    familiarity = Familiarity({"Ana": MIDDLE})
    doubt = [familiarity.hear(FAR, ANA) for _ in range(200)]
    assert doubt[0] > 0.8  # a hundredth of a second is nobody's
    assert doubt == sorted(doubt, reverse=True)
    assert doubt[-1] < 0.01


def test_after_a_silence_or_another_voice_a_person_is_trusted_anew() -> None:
    familiarity = Familiarity({"Ana": MIDDLE, "Ben": FAR})
    assert [familiarity.hear(FAR, ANA) for _ in range(200)][-1] < 0.01
    assert familiarity.hear(FAR, BEN) > 0.8
    assert [familiarity.hear(FAR, ANA) for _ in range(200)][-1] < 0.01
    for _ in range(APART - 1):
        assert familiarity.hear(None, ANA) < 0.01
    familiarity.hear(None, ANA)
    assert familiarity.hear(MIDDLE, ANA) > 0.95


def test_two_at_once_are_no_strangers() -> None:
    familiarity = Familiarity({"Ana": MIDDLE, "Ben": FAR})
    assert [familiarity.hear(10 * FAR, ANA | BEN) for _ in range(200)][-1] == 1.0


def test_a_voice_that_nobody_learnt_is_given_with_doubt_and_a_known_one_is_not() -> None:
    both = {"Ana": learn_voice(colours_of(*ANA_SAYS)), "Ben": learn_voice(colours_of(*BEN_SAYS))}
    for people, strangers, low, high in ((both, True, 0.9, 1.0), ({"Ana": both["Ana"]}, True, 0.0, 0.5)):
        attribution = Attribution(people, strangers)
        said = later("Ben")[:250]
        found = attribution.hop(said, (True,) * len(said)) + attribution.flush()
        last = [max(answer.confidence.values()) for answer in found[-50:]]
        assert low <= min(last)
        assert max(last) <= high


def test_in_another_room_nobody_is_taken_for_a_stranger() -> None:
    attribution = Attribution({"Ana": learn_voice(colours_of(*ANA_SAYS))})
    said = later("Ben")
    found = attribution.hop(said, (True,) * len(said)) + attribution.flush()
    assert {answer.confidence["Ana"] for answer in found} == {1.0}
