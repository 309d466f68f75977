"""One microphone per person: crosstalk is predicted and subtracted, the wearer's voice is not."""

from __future__ import annotations

import numpy as np

from coach.core.events import Speech
from coach.core.span import MILLISECOND, RATE, Span, as_samples
from coach.diarization.channels import ChannelEar
from coach.diarization.crosstalk import Crosstalk
from tests.vad.made_sound import heard as events_of
from tests.vad.made_sound import hops_of, laid, room

LEAK = 10.0  # dB
WAY = 2 * MILLISECOND  # samples that sound takes from one person to the other's microphone
LEARNT_S = 7.0  # seconds after which both have spoken for a while


def leaked(own: np.ndarray, *others: np.ndarray, echo: float = 0.5) -> np.ndarray:
    """One's own sound and what comes over of the others': later, weaker, and once more 15 ms after, off a wall."""
    heard = own.copy()
    for other in others:
        for delay, gain in ((WAY, 1.0), (WAY + 15 * MILLISECOND, echo)):
            heard += np.float32(gain * 10 ** (-LEAK / 20)) * np.roll(other, delay)
    return heard


def cleaned(crosstalk: Crosstalk, *channels: np.ndarray) -> np.ndarray:
    return np.concatenate([crosstalk.hop(hop) for hop in hops_of(np.stack(channels, axis=1))])


def decibels(sound: np.ndarray, start: float, end: float) -> float:
    piece = sound[as_samples(start) : as_samples(end)].astype(np.float64)
    return float(10 * np.log10((piece**2).mean()))


def two(ana: np.ndarray, ben: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ana at 0.5 and 7, Ben at 3.5 and 9 s: of her second time, the last half second is his as well."""
    hers = laid(13.0, (0.5, ana), (7.0, ana), dbfs=-70)
    his = laid(13.0, (3.5, ben), (9.0, ben), dbfs=-70)
    return hers, his


def test_the_others_voice_is_taken_out_and_ones_own_is_left(ana: np.ndarray, ben: np.ndarray) -> None:
    hers, his = two(ana, ben)
    heard = leaked(hers, his), leaked(his, hers)
    clean = cleaned(Crosstalk(2), *heard)
    assert decibels(heard[1], 7.2, 8.8) - decibels(clean[:, 1], 7.2, 8.8) > 10  # hers in his
    assert decibels(heard[0], 10.0, 11.4) - decibels(clean[:, 0], 10.0, 11.4) > 10  # his in hers
    for column, span in ((0, (7.2, 8.8)), (1, (10.0, 11.4))):
        assert abs(decibels(heard[column], *span) - decibels(clean[:, column], *span)) < 1.0


def test_where_nothing_leaks_hardly_anything_is_changed(ana: np.ndarray, ben: np.ndarray) -> None:
    hers, his = two(ana, ben)
    clean = cleaned(Crosstalk(2), hers, his)
    for column, sound in enumerate((hers, his)):
        assert decibels(clean[:, column] - sound, 0, 13) < decibels(sound, 0, 13) - 30


def test_no_hop_becomes_louder(ana: np.ndarray, ben: np.ndarray) -> None:
    heard = np.stack([leaked(hers, his) for hers, his in (two(ana, ben), two(ana, ben)[::-1])], axis=1)
    crosstalk = Crosstalk(2)
    for hop in hops_of(heard):
        assert ((crosstalk.hop(hop) ** 2).sum(axis=0) <= (hop**2).sum(axis=0) * 1.0001).all()


def test_noise_that_two_microphones_share_is_not_learnt_as_a_leak(ana: np.ndarray, ben: np.ndarray) -> None:
    """Nothing leaks; a filter that took the shared noise out of his microphone would put her voice into it."""
    noise = room(13.0, dbfs=-40, seed=3)
    hers = laid(13.0, (1.0, ana), (4.5, ana), (8.0, ana), dbfs=-90) + noise
    his = laid(13.0, (8.0, ben), dbfs=-90) + noise
    clean = cleaned(Crosstalk(2), hers, his)
    assert decibels(clean[:, 1] - his, 8.0, 10.4) < decibels(hers, 8.0, 10.4) - 18


def test_a_voice_is_not_foretold_from_its_own_leak(ana: np.ndarray) -> None:
    """Ben never speaks: her voice arrives in his microphone with no delay at all, so that it could be."""
    hers = laid(13.0, (0.5, ana), (4.0, ana), (8.0, ana), dbfs=-70)
    clean = cleaned(Crosstalk(2), hers, hers * np.float32(0.3))
    assert abs(decibels(hers, 8.0, 10.4) - decibels(clean[:, 0], 8.0, 10.4)) < 0.5


def test_three_people_are_taken_out_of_one_another(ana: np.ndarray, ben: np.ndarray) -> None:
    hers, his = two(ana, ben)
    third = room(13.0, dbfs=-70, seed=8)
    heard = leaked(hers, his), leaked(his, hers), leaked(third, hers, his)
    clean = cleaned(Crosstalk(3), *heard)
    for start, end in ((7.2, 8.8), (10.0, 11.4)):
        assert decibels(heard[2], start, end) - decibels(clean[:, 2], start, end) > 10


def test_one_microphone_alone_is_left_as_it_is(ana: np.ndarray) -> None:
    hers = laid(4.0, (0.5, ana))
    assert (cleaned(Crosstalk(1), hers)[:, 0] == hers).all()


# -------------------------------------------------------------------------------------------------- and what is heard


def test_with_a_leak_of_ten_decibels_everybody_speaks_when_they_speak_and_only_then(
    ana: np.ndarray, ben: np.ndarray
) -> None:
    hers, his = two(ana, ben)
    units = units_after(LEARNT_S - 0.1, leaked(hers, his), leaked(his, hers))
    for who, begins, piece in (("Ana", 7.0, ana), ("Ben", 9.0, ben)):
        (unit,) = units[who]
        assert abs(unit.start - as_samples(begins)) <= as_samples(0.03)
        assert abs(unit.end - as_samples(begins) - len(piece)) <= as_samples(0.05)  # an end under another's voice


def test_a_soft_word_under_a_voice_that_leaks_louder_than_it_is_heard(ana: np.ndarray, ben: np.ndarray) -> None:
    word = ben[: as_samples(0.6)] * np.float32(0.2)  # 14 dB under hers, which comes over 10 dB under itself
    hers, his = laid(13.0, (0.5, ana), (3.2, ana), (8.0, ana), dbfs=-70), laid(13.0, (9.0, word), dbfs=-70)
    (unit,) = units_after(8.5, leaked(hers, his), leaked(his, hers))["Ben"]
    assert abs(unit.start - 9 * RATE) <= as_samples(0.05)
    assert abs(unit.end - 9 * RATE - len(word)) <= as_samples(0.05)


def test_a_stop_in_ones_words_is_no_end_of_them_because_the_other_speaks(ana: np.ndarray, ben: np.ndarray) -> None:
    stopped = ana.copy()
    stopped[as_samples(1.0) : as_samples(1.12)] = 0
    hers, his = laid(13.0, (8.0, stopped), dbfs=-70), laid(13.0, (8.0, ben), dbfs=-70)
    assert len(units_after(7.5, hers, his)["Ana"]) == 1


def units_after(second: float, *channels: np.ndarray) -> dict[str, list[Span]]:
    """The units of each person that begin after a second."""
    events = events_of(ChannelEar({"Ana": 0, "Ben": 1}), np.stack(channels, axis=1))
    speech = [event for event in events if isinstance(event, Speech) and event.span.start > as_samples(second)]
    return {who: [event.span for event in speech if event.who == who] for who in ("Ana", "Ben")}
