"""Voices enrolled from a sentence: distinguished, recognised as the same, and overlapping."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from coach.core.span import RATE
from coach.hearing.frames import BANDS, Bands
from coach.hearing.voices import Choir, Voice, alike, apart, cepstra, learn_voice, together
from tests.hearing.made_sound import ANA_SAYS, BEN_SAYS, alone, colours_of


@pytest.fixture(scope="module")
def colours() -> dict[str, np.ndarray]:
    said = {"Ana": colours_of(*ANA_SAYS), "Ben": colours_of(*BEN_SAYS)}
    later = {
        f"{who} later": np.concatenate([colours_of(*unit) for unit in alone(who, 3.0)[:3]]) for who in ("Ana", "Ben")
    }
    return said | later


def same(a: Voice, b: Voice) -> bool:
    return all(np.array_equal(getattr(a, part), getattr(b, part)) for part in ("weights", "means", "variances"))


def test_a_voice_learnt_at_the_check_in_is_known_again_later(
    voices: dict[str, Voice], colours: dict[str, np.ndarray]
) -> None:
    for who, other in (("Ana", "Ben"), ("Ben", "Ana")):
        x = cepstra(colours[f"{who} later"])
        margin = voices[who].likelihood(x) - voices[other].likelihood(x)
        assert margin.mean() > 2.0
        halves = margin[: len(margin) // 50 * 50].reshape(-1, 50).mean(axis=1)
        assert (halves > 0).mean() >= 0.95  # half a second is enough


def test_over_a_telephone_a_voice_has_its_colour_but_no_place(ana: np.ndarray) -> None:
    through = soxr.resample(soxr.resample(ana, RATE, 8000), 8000, RATE)
    wide, narrow = (learn_voice(Bands().hop(x)) for x in (ana, through))
    assert wide.place is not None
    assert narrow.place is None


def test_learning_the_same_sound_twice_gives_the_same_voice(colours: dict[str, np.ndarray]) -> None:
    assert same(learn_voice(colours["Ana"]), learn_voice(colours["Ana"].copy()))


def test_learning_leaves_the_worlds_dice_alone(colours: dict[str, np.ndarray]) -> None:
    np.random.seed(1)
    one = learn_voice(colours["Ana"])
    np.random.seed(2)
    assert same(one, learn_voice(colours["Ana"]))


def test_a_few_frames_are_still_a_voice(colours: dict[str, np.ndarray]) -> None:
    few = learn_voice(colours["Ana"][:30])
    assert len(few.weights) == 1
    assert np.isfinite(few.likelihood(cepstra(colours["Ben"]))).all()


def test_leaning_back_changes_nothing(colours: dict[str, np.ndarray]) -> None:
    softer = colours["Ana"] - 1.4  # 6 dB
    assert np.allclose(cepstra(softer), cepstra(colours["Ana"]))
    assert not np.allclose(cepstra(colours["Ana"][::-1]), cepstra(colours["Ana"]))


def test_two_people_are_apart_and_one_is_not(colours: dict[str, np.ndarray]) -> None:
    assert apart(colours["Ana"], colours["Ben"]) > 1.5
    assert apart(colours["Ana later"], colours["Ben later"]) > 1.5
    assert apart(colours["Ana"], colours["Ana later"]) < 1.0
    assert apart(colours["Ben"], colours["Ben later"]) < 1.0


def test_two_people_are_not_alike(colours: dict[str, np.ndarray]) -> None:
    assert not alike(colours["Ana"], colours["Ben"])
    assert not alike(colours["Ben later"], colours["Ana"])


def test_one_person_who_speaks_for_two_is_alike(colours: dict[str, np.ndarray]) -> None:
    """Different sentences of one person; each is as long as a check-in."""
    assert alike(colours["Ana"], colours["Ana later"])
    assert alike(colours["Ben"], colours["Ben later"])


def test_two_at_once_sound_like_the_two_together_and_like_neither(
    voices: dict[str, Voice], colours: dict[str, np.ndarray]
) -> None:
    n = min(len(colours["Ana later"]), len(colours["Ben later"]))
    mixed = cepstra(np.logaddexp(colours["Ana later"][:n], colours["Ben later"][:n]))
    both = together(voices["Ana"], voices["Ben"]).likelihood(mixed).mean()
    assert both > voices["Ana"].likelihood(mixed).mean()
    assert both > voices["Ben"].likelihood(mixed).mean()
    alone = cepstra(colours["Ana later"])
    assert together(voices["Ana"], voices["Ben"]).likelihood(alone).mean() < voices["Ana"].likelihood(alone).mean()


def test_two_together_are_the_same_each_time(voices: dict[str, Voice]) -> None:
    assert same(together(voices["Ana"], voices["Ben"]), together(voices["Ana"], voices["Ben"]))


def test_a_choir_asks_each_voice_alone(voices: dict[str, Voice], colours: dict[str, np.ndarray]) -> None:
    x = cepstra(colours["Ana"])[:50]
    pair = [voices["Ana"], voices["Ben"]]
    asked = Choir(pair).likelihood(x)
    assert asked.shape == (50, 2)
    for column, each in enumerate(pair):
        offset = x[:, None, :] - each.means
        normal = -0.5 * (np.log(2 * np.pi * each.variances) + offset**2 / each.variances).sum(axis=2)
        expected = np.log((each.weights * np.exp(normal)).sum(axis=1))
        # constants that are the same for every voice may be left out
        assert np.ptp(asked[:, column] - expected) < 1e-6
    own = [each.likelihood(x) for each in pair]
    assert np.allclose(asked, np.stack(own, axis=1))


def test_a_sound_like_nobodys_is_still_a_number(voices: dict[str, Voice]) -> None:
    assert np.isfinite(Choir(list(voices.values())).likelihood(np.full((1, 19), 1e3))).all()


def test_frames_drawn_from_a_voice_are_its_own(voices: dict[str, Voice]) -> None:
    drawn = voices["Ana"].drawn(500, np.random.default_rng(1))
    assert drawn.shape == (500, BANDS)
    x = cepstra(drawn)
    assert (voices["Ana"].likelihood(x) > voices["Ben"].likelihood(x)).mean() > 0.95
