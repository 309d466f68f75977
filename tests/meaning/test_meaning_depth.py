"""The shipped weights on hard, hand-written sentences that were not used for training."""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from coach.meaning import Reader, read
from coach.meaning.depth import context_features, log_odds
from coach.meaning.encoder import encoder
from coach.meaning.ngrams import ngrams, slot
from coach.meaning.tokens import tokens, words_only
from coach.meaning.wordpieces import WORD_PIECES, pieces

FROZEN = [json.loads(line) for line in Path(__file__).with_name("frozen_depth.jsonl").read_text("utf-8").splitlines()]
FLOOR = 0.90  # measured: .932
WEIGHTS = files("coach.meaning").joinpath("weights", "en")


def p(text: str) -> float:
    reading = read(text)
    assert reading.p_experience is not None
    return reading.p_experience


def ranked_right() -> float:
    """The AUC: the share of pairs of an inner and another frozen sentence in which the inner one has the higher p."""
    inner = np.array([p(row["text"]) for row in FROZEN if row["level"] in ("2", "3")])
    rest = np.array([p(row["text"]) for row in FROZEN if row["level"] in ("N", "1")])
    return float((inner[:, None] > rest[None]).mean() + 0.5 * (inner[:, None] == rest[None]).mean())


def rounding() -> float:
    """The largest difference between two vectors of the same words.

    The order of summation depends on the processor and on other sentences in the batch. The tolerance is float32's last
    bit for each product of the longest sum, with numbers of about 1. A changed order of words differs by a thousand
    times as much.
    """
    products = len(encoder().layers[0].narrow)
    return products * float(np.finfo(np.float32).eps)


def test_hard_sentences_outside_the_training_data_are_distinguished():
    assert len(FROZEN) >= 150
    assert ranked_right() >= FLOOR


@pytest.mark.parametrize("name", ["frozen_depth.jsonl", "frozen_responses.jsonl"])
def test_no_hard_sentence_is_in_the_training_data(name):
    def said(folder: Path, pattern: str) -> set[tuple[str, ...]]:
        return {
            words_only(tokens(json.loads(line)["text"]))
            for file in folder.rglob(pattern)
            for line in file.read_text("utf-8").splitlines()
        }

    learned = said(Path(__file__).parents[2] / "scripts" / "training" / "examples", "*.jsonl")
    assert len(learned) > 2000
    short = 3  # words: "mm", "oh no" are said by anybody
    assert not {words for words in said(Path(__file__).parent, name) if len(words) > short} & learned


def test_the_files_that_ship_are_small():
    assert sum(file.stat().st_size for file in Path(str(WEIGHTS)).iterdir()) < 5e6


def test_case_and_punctuation_make_no_difference_to_the_encoder():
    said, bare = "I was SO scared, honestly.", "i was so scared honestly"
    assert pieces(said, encoder().rows) == pieces(bare, encoder().rows)
    first, second = encoder().encode(said, bare)
    assert np.allclose(first, second, rtol=0, atol=rounding())


def test_a_sentence_is_encoded_the_same_alone_and_among_others():
    alone = encoder().encode("the lock was broken")[0]
    among = encoder().encode("i felt small", "the lock was broken", "yes")[1]
    assert np.allclose(alone, among, rtol=0, atol=rounding())


def test_sentences_with_similar_meanings_are_nearer_than_others():
    sad, gutted, van = encoder().encode("i was heartbroken", "i was devastated", "i parked the van")
    assert np.linalg.norm(sad - gutted) < 0.95 * np.linalg.norm(sad - van)


def test_the_encoder_depends_on_the_order_of_words():
    left, right = encoder().encode("she hurt me", "me hurt she")
    assert np.abs(left - right).max() > 1000 * rounding()


def test_unknown_words_become_known_pieces_and_long_texts_are_truncated():
    rows = encoder().rows
    assert len(pieces("zzyzxq", rows)) > 3
    assert pieces("ñ", rows) == pieces("", rows)
    assert len(pieces("word " * 500, rows)) == WORD_PIECES.longest


def test_a_fragment_is_more_likely_inner_after_inner_talk_than_after_errands():
    fragment = "and that is how it is you know every day"
    inward, outward = Reader(), Reader()
    for text in ("I feel so lonely in this house", "I'm scared that I will never be loved", "I miss him so much"):
        inward.read("Ana", text)
    for text in ("We took the van to the shop", "He put the boxes in the back", "Then the man closed the gate"):
        outward.read("Ana", text)
    after_inner, after_errands = inward.read("Ana", fragment), outward.read("Ana", fragment)
    assert after_inner.p_experience > after_errands.p_experience
    assert after_inner.alone == after_errands.alone


def test_another_persons_earlier_talk_changes_nothing():
    reader = Reader()
    reader.read("Ben", "I feel so lonely in this house")
    assert reader.read("Ana", "and we went home then") == read("and we went home then")


def test_an_acknowledgement_in_between_does_not_hide_the_earlier_talk():
    with_nod, without = Reader(), Reader()
    for reader in (with_nod, without):
        reader.read("Ana", "I feel so lonely in this house")
    with_nod.read("Ana", "mm-hm")
    assert with_nod.read("Ana", "and so it goes") == without.read("Ana", "and so it goes")


def test_a_reader_of_another_language_gives_no_depth():
    reading = Reader("de").read("Ana", "ich war so traurig")
    assert (reading.level, reading.p_experience, reading.alone, reading.kinds) == (None, None, None, ())


@pytest.mark.parametrize(("before", "expected"), [([], [1, 2, 0, 0, 1]), ([-1.0, -3.0], [1, 2, -3, -2, 0])])
def test_the_context_is_the_last_stretch_and_the_mean_of_the_last_six(before, expected):
    assert context_features(2.0, before).tolist() == expected
    assert context_features(2.0, [9.0, *[-1.0] * 6]).tolist() == [1, 2, -1, -1, 0]


def test_the_n_grams_have_the_same_total_weight_for_any_length_of_text():
    for text in ("i", "i felt small", "so we went and we went and we sang"):
        assert sum(value**2 for value in ngrams(text.split()).values()) == pytest.approx(1)
    assert slot("i felt") == 57519


def test_log_odds_are_finite():
    assert log_odds(1.0) == pytest.approx(30, abs=0.01)
    assert log_odds(0.0) == pytest.approx(-30)
