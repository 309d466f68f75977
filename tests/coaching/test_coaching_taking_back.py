"""Taking a yes back aloud: only with the whole command, and only whoever surely said it."""

from __future__ import annotations

import pytest

from coach.coaching import TakingBack
from coach.conversation import SpeechState
from coach.core.events import Event, Speech, Words
from coach.core.span import Span

PEOPLE = ("Ana", "Ben")
STOP = "Coach, stop listening."


def words(who: str, start: float, text: str, lasting: float = 1.2) -> Words:
    span = Span.seconds(start, start + lasting)
    return Words(at=span.end, who=who, span=span, count=len(text.split()), text=text)


def speech(who: str, start: float, end: float, sure: float = 0.97) -> Speech:
    span = Span.seconds(start, end)
    return Speech(at=span.end, who=who, span=span, confidence=sure)


def taken_back(*events: Event, language: str = "en") -> list[str]:
    """Who takes their yes back in these events."""
    listening, state, found = TakingBack(PEOPLE), SpeechState(), []
    for event in events:
        state = state.after(event)
        if (who := listening.hear(event, state, language)) is not None:
            found.append(who)
    return found


def test_whoever_says_it_takes_their_yes_back() -> None:
    assert taken_back(speech("Ben", 1.0, 2.2), words("Ben", 1.0, STOP)) == ["Ben"]


@pytest.mark.parametrize("text", ["Stop listening.", "Coach, no.", "No.", "Coach, stop listening to him."])
def test_nothing_that_may_belong_to_a_talk_takes_it_back(text: str) -> None:
    assert taken_back(speech("Ben", 1.0, 2.2), words("Ben", 1.0, text)) == []


@pytest.mark.parametrize(
    "heard",
    [
        [speech("Ben", 1.0, 2.2, sure=0.7)],
        [speech("Ben", 1.0, 2.2), speech("Ana", 1.5, 2.1)],
        [speech("Ben", 1.0, 2.2), speech("?", 1.5, 2.1)],
        [],
    ],
    ids=["by a name that is not sure", "under another's words", "under a stranger's words", "without speech"],
)
def test_it_is_not_sure_who_takes_it_back(heard: list[Event]) -> None:
    assert taken_back(*heard, words("Ben", 1.0, STOP)) == ["?"]


def test_a_short_word_of_the_other_makes_no_difference() -> None:
    assert taken_back(speech("Ben", 1.0, 2.2), speech("Ana", 1.9, 2.1), words("Ben", 1.0, STOP)) == ["Ben"]


def test_a_guest_takes_nobodys_yes_back() -> None:
    assert taken_back(speech("?", 1.0, 2.2), words("?", 1.0, STOP)) == ["?"]
    assert taken_back(speech("Cleo", 1.0, 2.2), words("Cleo", 1.0, STOP)) == ["?"]


def test_a_name_and_a_command_that_were_recognised_apart_are_one() -> None:
    name = [speech("Ben", 1.0, 1.5), words("Ben", 1.0, "Coach.", 0.5)]
    rest = [speech("Ben", 2.0, 3.0), words("Ben", 2.0, "Stop listening.", 1.0)]
    late = [speech("Ben", 2.6, 3.6), words("Ben", 2.6, "Stop listening.", 1.0)]
    other = [speech("Ana", 2.0, 3.0), words("Ana", 2.0, "Stop listening.", 1.0)]
    assert taken_back(*name, *rest) == ["Ben"]
    assert taken_back(*name, *late) == []
    assert taken_back(*name, *other) == ["?"]


def test_it_is_said_in_the_language_that_people_speak() -> None:
    heard = speech("Ana", 1.0, 2.2), words("Ana", 1.0, "Coach, hör nicht mehr zu.")
    assert taken_back(*heard, language="de") == ["Ana"]
    assert taken_back(*heard, language="en") == []
