"""Speaker attribution with two synthetic voices far apart, so that only the rules decide."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach.hearing.attribution import LAG, Attribution, Decided
from coach.hearing.voices import CEPSTRA, Voice

ANA, BEN = frozenset(["Ana"]), frozenset(["Ben"])
SPREAD = 0.5


def voice(seed: int) -> Voice:
    """Three sounds, each a point in cepstra with a little spread."""
    rng = np.random.default_rng(seed)
    shape = (3, CEPSTRA - 1)
    return Voice(np.full(3, 1 / 3), rng.normal(size=shape) * 2.0, np.full(shape, SPREAD))


VOICES = {"Ana": voice(1), "Ben": voice(2)}


def says(who: str, frames: int, seed: int = 0) -> np.ndarray:
    return VOICES[who].drawn(frames, np.random.default_rng(seed))


def at_once(frames: int) -> np.ndarray:
    return np.logaddexp(says("Ana", frames, 5), says("Ben", frames, 6))


def decided(*pieces: np.ndarray | int, step: int = 2, people: tuple[str, ...] = ("Ana", "Ben")) -> list[Decided]:
    """The answer for each frame; a number is so many frames of silence."""
    attribution = Attribution({who: VOICES[who] for who in people})
    bands = np.concatenate([np.zeros((p, 24)) if isinstance(p, int) else p for p in pieces])
    active = [not isinstance(p, int) for p in pieces for _ in range(p if isinstance(p, int) else len(p))]
    out: list[Decided] = []
    for n in range(0, len(bands), step):
        out += attribution.hop(bands[n : n + step], tuple(active[n : n + step]))
    return out + attribution.flush()


def who_in(answers: list[Decided]) -> list[frozenset[str]]:
    return [answer.who for answer in answers]


def share_of(answers: list[Decided], who: frozenset[str]) -> float:
    return sum(answer.who == who for answer in answers) / len(answers)


@pytest.mark.parametrize(("name", "who"), [("Ana", ANA), ("Ben", BEN)])
def test_a_voice_alone_is_given_to_its_person(name: str, who: frozenset[str]) -> None:
    assert set(who_in(decided(says(name, 200)))) == {who}


def test_the_people_may_change_with_no_silence_between() -> None:
    found = who_in(decided(says("Ana", 150), says("Ben", 150)))
    change = found.index(BEN)
    assert abs(change - 150) <= 5
    assert set(found[change:]) == {BEN}
    assert share_of(decided(says("Ana", 150), says("Ben", 150))[:145], ANA) == 1.0


def test_a_voice_does_not_come_out_of_silence_as_two() -> None:
    answers = who_in(decided(says("Ana", 150), 100, at_once(10), says("Ben", 150)))
    assert set(answers[250:]) == {BEN}


def test_one_odd_syllable_changes_nobody() -> None:
    assert set(who_in(decided(says("Ana", 100), says("Ben", 8), says("Ana", 100)))) == {ANA}


def test_half_a_second_of_the_other_between_two_silences_is_the_others() -> None:
    found = decided(says("Ana", 100), 20, says("Ben", 40), 20, says("Ana", 100))
    assert set(who_in(found[120:160])) == {BEN}
    assert share_of(found[:100], ANA) == share_of(found[180:], ANA) == 1.0


def test_two_at_once_are_both_heard_from_when_the_second_began() -> None:
    found = decided(says("Ana", 150), at_once(70), says("Ben", 150))
    both = frozenset(["Ana", "Ben"])
    assert share_of(found[:140], ANA) == 1.0
    assert share_of(found[158:212], both) == 1.0
    assert share_of(found[228:], BEN) == 1.0


def test_a_short_odd_stretch_is_not_two_at_once() -> None:
    assert set(who_in(decided(says("Ana", 100), at_once(6), says("Ana", 100)))) == {ANA}


def test_one_person_alone_is_certain() -> None:
    assert decided(says("Ben", 100), people=("Ana",)) == [Decided(ANA, {"Ana": 1.0})] * 100


def test_sureness_grows_with_what_was_heard() -> None:
    heard_for = [decided(says("Ana", frames))[-1].confidence["Ana"] for frames in (1, 6, 100)]
    assert heard_for == sorted(heard_for)
    assert heard_for[0] < 0.8  # one frame says little, however clear it is
    assert heard_for[2] > 0.95


def test_whoever_is_taken_to_speak_is_likelier_to_than_not() -> None:
    found = decided(says("Ana", 100), at_once(50), 30, says("Ben", 100))
    assert all(0.5 <= answer.confidence[name] <= 1.0 for answer in found[-100:] for name in answer.who)


def test_the_second_of_two_at_once_is_sure_although_the_first_may_have_stopped() -> None:
    found = decided(says("Ana", 100), at_once(60), says("Ben", 100))
    assert min(answer.confidence["Ben"] for answer in found if answer.who >= BEN) > 0.8


def test_the_answer_comes_within_half_a_second_of_the_sound() -> None:
    attribution = Attribution(VOICES)
    bands = says("Ana", 200)
    answers = [len(attribution.hop(bands[n : n + 2], (True, True))) for n in range(0, 200, 2)]
    assert 0.3 <= LAG / 100 <= 0.5
    assert sum(answers[: LAG // 2]) == 0
    assert sum(answers) == 200 - LAG
    assert len(attribution.flush()) == LAG


def test_a_voice_is_not_heard_in_silence() -> None:
    """Sound that is not speech says nothing, so it cannot give the silence to the one whom the room resembles."""
    attribution = Attribution(VOICES)
    attribution.hop(says("Ana", 100), (True,) * 100)
    found = attribution.hop(says("Ben", 100), (False,) * 100) + attribution.flush()
    assert set(who_in(found)) == {ANA}


@settings(max_examples=12)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(1, 9))
def test_every_frame_is_answered_once_however_the_sound_arrives(lengths: list[int], step: int) -> None:
    pieces = [(says("Ana", n), says("Ben", n), at_once(n), n)[i % 4] for i, n in enumerate(lengths)]
    found = decided(*pieces, step=step)
    assert len(found) == sum(lengths)
    assert who_in(found) == who_in(decided(*pieces, step=2))


@given(
    ahead=st.integers(1, 60),
    late=st.integers(0, 12),
    pieces=st.lists(st.tuples(st.sampled_from(["Ana", "Ben", ""]), st.integers(1, 60)), min_size=1, max_size=6),
    flushes=st.sets(st.integers(0, 100), max_size=4),
)
@example(ahead=60, late=0, pieces=[("Ana", 15), ("", 12), ("Ben", 15), ("", 5), ("Ana", 9)], flushes={30})
@settings(max_examples=30)
def test_what_is_known_beforehand_of_the_sound_changes_no_answer(
    ahead: int, late: int, pieces: list[tuple[str, int]], flushes: set[int]
) -> None:
    """`late`: hops by which activity is known after the sound, which breaks off too soon and begins anew."""
    sound = np.concatenate([says(who, 2 * n) if who else np.zeros((2 * n, 24)) for who, n in pieces])
    to_come = np.concatenate([sound, says("Ben", 40)])
    active = np.repeat([bool(who) for who, _ in pieces], [2 * n for _, n in pieces]).tolist()
    told = []
    for expects in (False, True):
        attribution = Attribution(VOICES)
        out: list[Decided] = []
        for again, n in product((False, True), range(0, len(sound), 2)):
            if expects and not again and n % (2 * ahead) == 0:
                attribution.expect(to_come[n : n + 2 * ahead])
            known = n - 2 * late
            out += attribution.hop(sound[n : n + 2], tuple(active[known : known + 2]) if known >= 0 else ())
            if n // 2 in flushes:
                out += attribution.flush()
            if n + 2 >= len(sound):
                out += attribution.interrupt()
        told.append(out)
    assert who_in(told[0]) == who_in(told[1])
    for plain, foreseen in zip(*told, strict=True):
        assert foreseen.confidence == pytest.approx(plain.confidence)
