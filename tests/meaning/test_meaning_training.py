"""Training is reproducible, and cross-validation never judges a conversation with its own weights."""

import numpy as np
import pytest

from scripts.training.corpus import Utterance, bare, fold_of, misheard, read_examples
from scripts.training.depth import WAYS, Judged, cross_validate, lessons, train
from scripts.training.lesson import same
from scripts.training.runs import WORDS, made_runs, precision_at

INNER = ["i was so scared", "i felt lonely", "i miss her", "i am ashamed of myself", "it hurts me"]
EVENT = ["we took the van", "he locked the gate", "she sold the boat", "they rang the shop", "i put the bins out"]


def talk() -> list[Utterance]:
    """Ten small conversations, half of each inner."""
    found = []
    for c in range(10):
        for k in range(2):
            for text, level in (
                (INNER[(c + k) % 5], "3"),
                (EVENT[(c + k) % 5], "1"),
                ("the rain comes", "N"),
                ("and i was sad", "2"),
            ):
                before = tuple(range(len(found) - len(found) % 8, len(found)))
                found.append(Utterance(text, f"c{c}", "A", "AnnoMI", level, before=before))
    return found


@pytest.fixture(scope="module")
def learned():
    taught = lessons(talk(), [])
    judged = cross_validate(talk(), taught, {"bare": WAYS["bare"]}, say=lambda what: None)["bare"]
    return taught, judged, train(taught, judged)


def test_the_same_input_gives_exactly_the_same_weights(learned):
    _, judged, table = learned
    again = train(lessons(talk(), []), judged)
    assert again.keys() == table.keys()
    assert all(np.array_equal(again[name], table[name]) for name in table)


@pytest.mark.parametrize(
    ("name", "rounding", "change"), [("past", 1e-6, 1e-2), ("encoded", 1e-5, 1e-2), ("grams", 1, 2), ("lists", 0, 1e-2)]
)
def test_weights_may_differ_from_stored_ones_by_rounding_and_no_more(learned, tmp_path, name, rounding, change):
    _, _, table = learned
    file = tmp_path / "depth.npz"
    np.savez_compressed(file, **table)
    largest = 1 if name == "grams" else np.abs(table[name]).max()

    def moved(by):
        return table | {name: (table[name] - np.sign(table[name]) * by * largest).astype(table[name].dtype)}

    assert same(moved(rounding), file)
    assert not same(moved(change), file)


def test_each_conversation_is_scored_by_weights_trained_without_it(learned):
    taught, _, _ = learned
    assert {fold_of(f"c{c}") for c in range(10)} == set(taught.fold.tolist())
    without = taught.fit(without=fold_of("c0"))
    assert not np.array_equal(without["grams"], taught.fit()["grams"])


def test_the_trained_weights_separate_inner_from_event(learned):
    _, judged, _ = learned
    assert judged.p[judged.inner].mean() > judged.p[~judged.inner].mean() + 0.3


def test_simulated_word_errors_are_reproducible_and_as_many_as_requested():
    text = "and then we drove the old van down to the sea " * 40
    wrong = misheard(text, 0.1, ["word"], "seed")
    assert wrong == misheard(text, 0.1, ["word"], "seed") != misheard(text, 0.1, ["word"], "other")
    assert misheard(text, 0.0, ["word"], "seed") == bare(text)
    right = sum(word != "word" for word in wrong.split())
    assert 0.90 <= right / len(bare(text).split()) <= 0.98


def test_each_run_belongs_to_one_person_and_ends_once_it_is_long_enough():
    long = "word " * (WORDS // 2)
    stretches = [Utterance(long, "c", who, "AnnoMI", "1") for who in ("A", "B", "A", "A", "B")]
    stretches.append(Utterance(long, "c", "A", "AnnoMI", "3"))
    stretches.append(Utterance(long * 2, "c", "A", "OffMyChest", "1"))
    n = len(stretches)
    inner = np.array([s.level == "3" for s in stretches])
    spoken = np.array([s.spoken for s in stretches])
    judged = Judged(list(range(n)), np.zeros((n, 4)), np.zeros(n), np.full(n, 0.5), inner, spoken, np.zeros((n, 5)))
    runs = made_runs(stretches, judged)
    assert [run.event for run in runs] == [True, True, False]  # A's first two, B's two, A's last two
    assert [run.heat for run in runs] == pytest.approx([2 * np.log(2)] * 3)


def test_precision_is_measured_at_the_threshold_with_enough_recall():
    p, true = np.array([0.9, 0.8, 0.7, 0.1]), np.array([True, False, True, True])
    assert precision_at(p, true, 0.3) == (1.0, 0.9)
    assert precision_at(p, true, 0.6) == (pytest.approx(2 / 3), 0.7)


def test_every_written_example_has_a_level_and_a_group():
    examples = read_examples()
    assert len(examples) > 100
    assert {example.level for example in examples} == {"N", "1", "2", "3"}
    assert all(example.group.count(":") == 1 for example in examples)
