"""How the bench of thinking pauses judges."""

from __future__ import annotations

import numpy as np
import pytest

from scripts.bench.mid_thought import Case, learnt, rule, within


def case(talk: str, went_on: bool, words: bool = False) -> Case:
    return Case(talk, went_on, words, (0.0,), None)


FOUND = [case("a", True, True), case("a", False), case("b", True), case("b", False, True)]


def test_only_silences_of_the_same_recording_are_compared() -> None:
    assert within(FOUND, np.array([0.2, 0.1, 0.9, 0.8])) == 1.0
    assert within(FOUND, np.array([0.1, 0.2, 0.9, 0.8])) == 0.5
    assert within(FOUND, np.full(4, 0.3)) == 0.5


def test_a_model_learns_nothing_of_the_recording_that_it_judges() -> None:
    """What tells the kinds apart in one recording says the opposite in the other: each is judged by the other."""
    rows = np.array([[1.0], [0.0], [0.0], [1.0]])
    assert within(FOUND, learnt(FOUND, rows)) == 0.0
    assert within(FOUND, learnt(FOUND, np.array([[1.0], [0.0], [1.0], [0.0]]))) == 1.0


def test_how_often_people_go_on_in_one_recording_says_nothing_of_another() -> None:
    often = [case("a", True)] * 9 + [case("a", False)] + FOUND[2:]
    p = learnt(often, np.zeros((12, 1)))
    assert p[10:] == pytest.approx([0.5, 0.5], abs=0.01)


def test_a_rule_is_right_and_finds_by_the_labels() -> None:
    _, right, found = rule("words", FOUND, [each.words for each in FOUND])
    assert right.startswith("0.50")
    assert right.endswith("1 of 2)")
    assert found.startswith("0.50")
    assert found.endswith("1 of 2)")
