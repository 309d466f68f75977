"""The embedding is a point of unit length, near others of the same voice."""

from __future__ import annotations

import kaldi_native_fbank as knf
import numpy as np
import pytest

from coach.core.span import RATE
from coach.diarization import DEFAULT_EMBEDDING, Embedding
from coach.diarization.embedding import filterbanks
from tests.diarization.conftest import RealTalk
from tests.vad.made_sound import ANA_ALONE, BEN_ALONE, said


@pytest.mark.parametrize("seconds", [0.5, 1.0, 3.99, 10.0])
def test_a_voice_has_unit_length(seconds: float) -> None:
    noise = np.random.default_rng(1).normal(size=(2, round(seconds * RATE))).astype(np.float32)
    told = Embedding().voices(noise)
    assert told.shape == (2, DEFAULT_EMBEDDING.numbers)
    assert (told**2).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("shape", [(RATE,), (1, 1, RATE), (1, RATE // 2 - 1), (1, 0)])
def test_any_other_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="crops of one length"):
        Embedding().voices(np.zeros(shape, np.float32))


def test_no_crops_have_no_voices() -> None:
    assert Embedding().voices(np.zeros((0, RATE), np.float32)).shape == (0, DEFAULT_EMBEDDING.numbers)


def seconds_of(sound: np.ndarray) -> np.ndarray:
    """The whole seconds of a sound, (n, RATE)."""
    return sound[: len(sound) // RATE * RATE].reshape(-1, RATE)


def nearness(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The cosine of each pair of crops (n, samples) and (m, samples), (n, m)."""
    embedding = Embedding()
    return np.asarray(embedding.voices(a) @ embedding.voices(b).T)


def test_how_many_crops_come_at_once_changes_no_voice() -> None:
    crops = seconds_of(said(*ANA_ALONE))
    alone = np.concatenate([Embedding().voices(crop[None]) for crop in crops])
    # far below the distance of two seconds of one voice, .3 and more
    assert (alone * Embedding().voices(crops)).sum(axis=1) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("starts", [[0], [8000, 0], [0, 8000, 16_160, 40_000], [100, 8000], []], ids=str)
def test_crops_that_share_sound_have_the_same_voices_as_apart(starts: list[int]) -> None:
    sound = said(*ANA_ALONE)
    apart = np.array([sound[start : start + RATE] for start in starts], np.float32).reshape(-1, RATE)
    assert np.array_equal(Embedding().voices_from(sound, starts, RATE), Embedding().voices(apart))


def test_sound_that_crops_share_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    bank = knf.OnlineFbank

    class Noting:
        def __init__(self, options: knf.FbankOptions) -> None:
            self._bank = bank(options)

        def accept_waveform(self, rate: int, sound: np.ndarray) -> None:
            looked_at.append(len(sound))
            self._bank.accept_waveform(rate, sound)

        def __getattr__(self, name: str) -> object:
            return getattr(self._bank, name)

    monkeypatch.setattr(knf, "OnlineFbank", Noting)
    Embedding().voices_from(said(*ANA_ALONE), [0, RATE // 2, 2 * RATE], RATE)
    assert sum(looked_at) < 2.6 * RATE, "a second and a half, and another second"


def test_two_pieces_of_one_made_voice_are_nearer_than_two_voices() -> None:
    ana, ben = (seconds_of(said(*alone)) for alone in (ANA_ALONE, BEN_ALONE))
    between = nearness(ana, ben).max()
    assert nearness(ana, ana).min() > between
    assert nearness(ben, ben).min() > between


def test_all_pieces_but_one_of_two_real_people_are_nearer_to_the_other_pieces_of_that_person(
    real_talk: RealTalk,
) -> None:
    piece = RATE * 3 // 2
    crops, whose = [], []
    first, second = real_talk.turns
    for who, other in ((first, second), (second, first)):
        alone = real_talk.speaking(who) & ~real_talk.speaking(other)
        starts, ends = np.flatnonzero(np.diff(alone, prepend=False, append=False)).reshape(-1, 2).T
        for start, end in zip(starts, ends, strict=True):
            crops += [real_talk.sound[at : at + piece] for at in range(start, end - piece + 1, piece)]
        whose += [who] * (len(crops) - len(whose))
    cosines = nearness(np.stack(crops), np.stack(crops))
    np.fill_diagonal(cosines, np.nan)
    same = np.equal.outer(whose, whose)
    assert whose.count(first) > 2
    assert whose.count(second) > 2
    nearer = [np.nanmean(row[own]) - row[~own].mean() > 0.1 for row, own in zip(cosines, same, strict=True)]
    assert sum(nearer) >= len(nearer) - 1


def test_a_louder_crop_through_the_same_microphone_is_the_same_voice() -> None:
    crops = seconds_of(said(*ANA_ALONE))[:2]
    assert np.diag(nearness(crops, crops * 0.5)) == pytest.approx(1.0, abs=1e-3)


def test_the_filterbanks_are_those_of_the_training() -> None:
    """The formula of Kaldi's fbank as torchaudio has it: floats of full scale 1.0, povey window, natural logarithm."""
    crop = said(*ANA_ALONE)[:RATE]
    starts = range(0, RATE - 400 + 1, 160)
    frames = np.stack([crop[start : start + 400] for start in starts]).astype(np.float64)
    frames -= frames.mean(axis=1, keepdims=True)
    frames -= 0.97 * np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    power = np.abs(np.fft.rfft(frames * np.hanning(400) ** 0.85, 512)) ** 2
    mel = 1127 * np.log1p(np.arange(257) * RATE / 512 / 700)
    edges = np.linspace(1127 * np.log1p(20 / 700), 1127 * np.log1p(8000 / 700), 82)[:, None]
    rising = (mel - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - mel) / (edges[2:] - edges[1:-1])
    filters = np.clip(np.minimum(rising, falling), 0, None)
    expected = np.log(np.maximum(power @ filters.T, np.finfo(np.float32).eps))
    assert filterbanks(crop[None])[0] == pytest.approx(expected - expected.mean(axis=0), abs=0.01)
