"""The questions afterwards, and their answers shown in words, never figures."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from coach.core.errors import BadInput
from coach.review.afterwards import Questions, answered, noted_view
from coach.sessions.afterwards import Noted

QUESTIONS = Questions.load()
EVENING = datetime(2024, 5, 3, 21, 0, tzinfo=UTC)


def shown(noted: Noted) -> str:
    console = Console(file=io.StringIO(), width=80)
    console.print(noted_view(noted, QUESTIONS))
    return console.file.getvalue()


def test_there_are_four_lines_each_on_the_same_five_words():
    assert list(QUESTIONS.lines) == ["acceptance", "care", "respect", "room"]
    assert len(QUESTIONS.steps) == 5
    assert all(QUESTIONS.step(word) == place for place, word in enumerate(QUESTIONS.steps, 1))


@pytest.mark.parametrize("wrong", ["0", "6", "4.5", "very", "４x"])
def test_an_invalid_step_is_refused_with_the_valid_ones(wrong):
    with pytest.raises(BadInput, match=r"from 1 \(hardly\) to 5 \(fully\)"):
        QUESTIONS.step(wrong)


def test_only_what_was_answered_is_shown_in_the_order_of_the_lines():
    noted = Noted("Ana", EVENING, {"room": 5, "care": 1, "gone from the file": 3, "respect": 9}, "")
    assert list(answered(noted, QUESTIONS)) == [
        ("hardly", QUESTIONS.lines["care"]), ("fully", QUESTIONS.lines["room"])
    ]  # fmt: skip


def test_answers_are_shown_in_words_and_never_added_up():
    text = shown(Noted("Ana", EVENING, {"care": 2, "room": 5}, "the [red]river[/red] talk"))
    assert "a little  What mattered to me" in text
    assert "“the [red]river[/red] talk”" in text
    told = text.replace("2024-05-03 21:00", "")
    assert not any(character.isdigit() or character == "%" for character in told)
