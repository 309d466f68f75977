"""Diarization without enrolment: the number of voices, and who speaks when."""

from __future__ import annotations

import numpy as np
import pytest

from coach.hearing.unknown import LONGEST, VoicePiece, cut_pieces, find_voices, recognised
from coach.hearing.voices import Voice, cepstra
from tests.hearing.made_sound import alone, colours_of


def stretches(*spans: tuple[float, float]) -> list[VoicePiece]:
    """In the order given, as if spoken one after the other."""
    out: list[VoicePiece] = []
    first = 0
    for span in spans:
        bands = colours_of(*span)
        out += cut_pieces(first, bands)
        first += len(bands)
    return out


@pytest.fixture(scope="module")
def ana() -> list[VoicePiece]:
    return stretches(*alone("Ana", 2.5)[:6])


@pytest.fixture(scope="module")
def ben() -> list[VoicePiece]:
    return stretches(*alone("Ben", 2.5)[:6])


def in_turn(a: list[VoicePiece], b: list[VoicePiece]) -> list[VoicePiece]:
    """First one, then the other, and so on."""
    both = [each for pair in zip(a, b, strict=False) for each in pair]
    return [VoicePiece(1000 * i, each.bands) for i, each in enumerate(both)]


def test_two_voices_are_found_and_know_their_own_stretches(ana: list[VoicePiece], ben: list[VoicePiece]) -> None:
    found = find_voices(in_turn(ana, ben), 2)
    assert len(found) == 2
    for own, other, theirs in ((found[0], found[1], ana), (found[1], found[0], ben)):
        for stretch in theirs:
            x = cepstra(stretch.bands)
            assert own.likelihood(x).mean() > other.likelihood(x).mean()


def test_voices_come_in_the_order_in_which_they_first_speak(ana: list[VoicePiece], ben: list[VoicePiece]) -> None:
    first = find_voices(in_turn(ben, ana), 2)[0]
    second = find_voices(in_turn(ana, ben), 2)[0]
    x = cepstra(ben[0].bands)
    assert first.likelihood(x).mean() > second.likelihood(x).mean()


def test_the_order_of_stretches_changes_no_voice(ana: list[VoicePiece], ben: list[VoicePiece]) -> None:
    told = in_turn(ana, ben)
    one, other = find_voices(told, 2), find_voices(list(told), 2)
    assert all(np.array_equal(a.means, b.means) for a, b in zip(one, other, strict=True))


def test_one_person_alone_is_one_voice(ana: list[VoicePiece], ben: list[VoicePiece]) -> None:
    assert len(find_voices(ana, 2)) == 1
    assert len(find_voices(ben, 2)) == 1


def test_no_more_people_are_found_than_there_may_be(ana: list[VoicePiece], ben: list[VoicePiece]) -> None:
    assert len(find_voices(in_turn(ana, ben), 1)) == 1


def test_too_little_speech_is_nobody(ana: list[VoicePiece]) -> None:
    assert find_voices([], 2) == []
    assert find_voices([VoicePiece(0, ana[0].bands[:250])], 2) == []
    crumbs = [VoicePiece(i, ana[0].bands[:40]) for i in range(20)]
    assert find_voices(crumbs, 2) == []


def test_a_few_words_of_a_third_are_not_taken_for_the_second(ana: list[VoicePiece], ben: list[VoicePiece]) -> None:
    few = VoicePiece(10**6, ben[0].bands[:80])
    assert len(find_voices([*ana, few], 2)) == 1


@pytest.mark.parametrize(("frames", "parts"), [(10, 1), (300, 1), (440, 1), (460, 2), (1200, 4)])
def test_a_long_stretch_is_cut_into_even_parts_of_three_seconds(frames: int, parts: int) -> None:
    bands = np.arange(frames * 24, dtype=float).reshape(frames, 24)
    pieces = cut_pieces(50, bands)
    assert len(pieces) == parts
    assert np.array_equal(np.concatenate([piece.bands for piece in pieces]), bands)
    assert [piece.first for piece in pieces] == [50 + int(p.bands[0, 0]) // 24 for p in pieces]
    assert max(len(piece.bands) for piece in pieces) <= 1.5 * LONGEST


def test_nothing_is_cut_into_nothing() -> None:
    assert cut_pieces(0, np.zeros((0, 24))) == []


def higher(stretches: list[VoicePiece], bands: int) -> list[VoicePiece]:
    """Somebody else, who says the same: all resonances moved up by so many bands."""
    return [
        VoicePiece(s.first, np.concatenate([s.bands[:, :1].repeat(bands, 1), s.bands[:, :-bands]], 1))
        for s in stretches
    ]


def test_how_many_there_are_is_found_out(ana: list[VoicePiece], ben: list[VoicePiece]) -> None:
    assert len(find_voices(ana)) == 1
    assert len(find_voices(in_turn(ana, ben))) == 2
    assert len(find_voices(in_turn(in_turn(ana, ben), higher(ana, 3)[:1] + higher(ana, 3)))) == 3


def test_a_voice_is_known_again_by_what_it_says(
    ana: list[VoicePiece], ben: list[VoicePiece], voices: dict[str, Voice]
) -> None:
    told = in_turn(ana, ben)
    found = find_voices(told)
    assert recognised(told, found, voices) == ["Ana", "Ben"]
    assert recognised(told, found, {"Ben": voices["Ben"]}) == [None, "Ben"]
    assert recognised(told, found, {}) == [None, None]


def test_a_stranger_is_not_given_a_known_name(ana: list[VoicePiece], voices: dict[str, Voice]) -> None:
    assert recognised(ana, find_voices(ana), {"Ben": voices["Ben"]}) == [None]
