"""Comparison of two sessions: matched figures with their uncertainty, without a verdict."""

from __future__ import annotations

import io
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from coach.conversation.measures.intervals import of_share
from coach.core.events import Speech
from coach.core.settings import Settings
from coach.core.span import Span, as_samples
from coach.review import analyse_events
from coach.review.compare import compared, comparison, interval_of_difference


def speech(who: str, start: float, end: float) -> Speech:
    return Speech(at=as_samples(end + 0.2), who=who, span=Span.seconds(start, end), confidence=1.0)


def talk(pauses, teller="Ana", listener="Ben"):
    """A session with shares of eight seconds, and answers after these pauses."""
    return [
        event
        for n, pause in enumerate(pauses)
        for event in (speech(teller, n * 30, n * 30 + 8), speech(listener, n * 30 + 8 + pause, n * 30 + 11 + pause))
    ]


def looked_at(events, name="session 1", *, people=("Ana", "Ben"), pause=2.0):
    return analyse_events(
        events, name=name, duration=as_samples(600), channels=1, people=people, words=False,
        settings=Settings(pause=pause).as_dict(),
    )  # fmt: skip


def shown(earlier, later, width=80) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(comparison(earlier, later, ("3 May 2024", "10 May 2024")))
    return console.file.getvalue()


def row_of(title, earlier, later):
    return next(row for row in compared(earlier, later) if row.title == title)


QUICK = looked_at(talk([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]))
SLOW = looked_at(talk([2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8]), "session 2")
LIKE_QUICK = looked_at(talk([0.1, 0.2, 0.3, 0.5, 0.6, 0.6, 0.7, 0.8]), "session 3")


def test_each_figure_is_shown_next_to_the_other_with_count_and_interval():
    lines = shown(QUICK, SLOW).splitlines()
    begun = next(n for n, line in enumerate(lines) if line.startswith("Pause before"))
    assert "0.45 s  n 8" in lines[begun]
    assert "2.5 s  n 8" in lines[begun]
    assert "2.0 s longer" in lines[begun]
    assert "0.10 to 0.80 s" in lines[begun + 1]
    assert "2.1 to 2.8 s" in lines[begun + 1]
    assert "beyond chance" in lines[begun + 1]


def test_a_decrease_is_detected_like_an_increase():
    lines = shown(SLOW, QUICK).splitlines()
    begun = next(n for n, line in enumerate(lines) if line.startswith("Pause before"))
    assert "2.0 s shorter" in lines[begun]
    assert "beyond chance" in lines[begun + 1]


def test_a_small_difference_of_few_answers_may_be_chance():
    text = shown(QUICK, LIKE_QUICK)
    assert "0.10 s longer" in text
    assert "may be chance" in text
    assert "beyond chance" not in text.split("n: from")[0]


def test_equal_figures_are_called_the_same():
    assert "the same" in shown(QUICK, looked_at(talk([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]), "session 2"))
    assert "longer" not in shown(QUICK, looked_at(talk([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]), "session 2"))


def test_shares_differ_by_points():
    half = looked_at(talk([0.1, 0.2, 0.3, 0.4, 2.5, 2.6, 2.7, 2.8]), "session 2")
    assert "50 points less" in shown(QUICK, half)
    assert "50 points more" in shown(half, QUICK)


def test_too_soon_is_not_compared_between_different_target_breaths():
    other = looked_at(talk([0.1, 0.2, 0.3]), "session 2", pause=1.0)
    text = shown(QUICK, other)
    assert "different breath" in text
    assert "breath 1 s" in text
    assert "different breath" not in shown(QUICK, SLOW)


def test_people_are_compared_with_themselves_and_never_with_each_other():
    titles = [row.title for row in compared(QUICK, SLOW)]
    assert "Pause before answering, Ben" in titles
    with_ced = looked_at(talk([1.0, 1.5], listener="Ced"), "session 2", people=("Ana", "Ced"))
    titles = [row.title for row in compared(QUICK, with_ced)]
    assert not any(title.endswith((", Ben", ", Ced")) for title in titles)
    assert any(title.endswith(", Ana") for title in titles)
    assert "not the same people" in shown(QUICK, with_ced)
    assert "not the same people" not in shown(QUICK, SLOW)


def test_a_figure_that_only_one_session_has_is_shown_without_a_difference():
    alone = looked_at([speech("Ana", 0, 8), speech("Ben", 9, 11)], "session 2")
    row = row_of("Silence inside a turn", looked_at([speech("Ana", 0, 8), speech("Ana", 8.5, 12)]), alone)
    assert row.later["value"] is None
    assert "–" in shown(QUICK, alone)


def test_figures_are_those_of_the_analysis():
    row = row_of("Answered sooner than your breath", QUICK, SLOW)
    assert (row.earlier, row.later) == (QUICK["statistics"]["too_soon_share"], SLOW["statistics"]["too_soon_share"])


@pytest.mark.parametrize("pair", [(QUICK, SLOW), (SLOW, QUICK)])
def test_the_comparison_says_nothing_of_better_or_worse_and_fits_80_by_40(pair):
    text = shown(*pair)
    assert "More is neither better nor worse." in " ".join(text.split())
    for judging in ("score", "should", "best", "improve", "interruption"):
        assert judging not in text.lower()
    assert len(text.splitlines()) <= 40
    assert max(map(len, text.splitlines())) <= 80


def test_names_that_look_like_markup_are_shown_as_they_are():
    one = looked_at(talk([1.0, 2.0], teller="[b]Al"), people=("[b]Al", "Ben"))
    assert "[b]Al" in shown(one, one)


# ---------------------------------------------------------------------------------------- intervals of differences


def share(hits: int, n: int) -> dict:
    low, high = of_share(hits, n)
    return {"value": hits / n, "n": n, "unit": "share", "low": low, "high": high}


def test_for_two_shares_the_interval_is_newcombes():
    """Newcombe's example: 56 of 70 minus 48 of 80 has the interval 0.0524 to 0.3339 (method 10, no correction)."""
    low, high = interval_of_difference(share(48, 80), share(56, 70))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_a_figure_without_an_interval_leaves_none_for_the_difference():
    assert interval_of_difference({"value": 1.0, "n": 2, "unit": "s"}, share(1, 2)) is None


def figure(value: int, below: int, above: int) -> dict[str, Any]:
    """A figure in whole milliseconds, as figures are stored."""
    low, high = (value - below) / 1000, (value + above) / 1000
    return {"value": value / 1000, "n": 9, "unit": "s", "low": low, "high": high}


FIGURES = st.builds(figure, st.integers(-5000, 5000), st.integers(0, 3000), st.integers(0, 3000))


@given(FIGURES, FIGURES)
def test_the_interval_contains_the_difference_and_is_reversed_with_it(one, other):
    low, high = interval_of_difference(one, other)
    assert low <= other["value"] - one["value"] <= high
    back = interval_of_difference(other, one)
    assert back == pytest.approx((-high, -low))


@given(FIGURES, FIGURES)
def test_two_disjoint_intervals_are_a_real_difference(one, other):
    """The width of the interval is at most the sum of the two widths, and at least that sum divided by √2."""
    low, high = interval_of_difference(one, other)
    if other["low"] > one["high"]:
        assert low > 0
    assert high - low <= (one["high"] - one["low"] + other["high"] - other["low"]) + 1e-9
    assert high - low >= (one["high"] - one["low"] + other["high"] - other["low"]) / sqrt(2) - 1e-9
