"""Asked aloud, each by name: a short yes or no after the question counts, and nothing else does."""

from __future__ import annotations

import pytest

from coach.coaching.asked_aloud import CONFIG, AskedAloud
from coach.core.span import HOP, Span, as_samples, as_seconds

QUESTION_S = 3.0  # how long the coach takes to ask


class Table:
    """People who are asked; the coach speaks for `QUESTION_S` each time. `asked` are the seconds and the names."""

    def __init__(self, *people: str, language: str = "en") -> None:
        self.asking = AskedAloud(people, language)
        self.now, self.speaks_until = 0, 0
        self.whole = True  # the questions are heard to their end
        self.asked: list[tuple[float, str]] = []

    def waits(self, seconds: float, *, hearing: bool = False) -> None:
        until = self.now + as_samples(seconds)
        while self.now < until:
            self.now += HOP
            if self.now - HOP < self.speaks_until <= self.now:
                self.asking.ended(self.now, whole=self.whole)
            who = self.asking.tick(self.now, speaking=self.now < self.speaks_until, hearing=hearing)
            if who is not None:
                self.asked.append((round(as_seconds(self.now), 1), who))
                self.speaks_until = self.now + as_samples(QUESTION_S)

    def says(self, text: str, before_s: float = 0.5) -> tuple[str, str] | None:
        """`text`, whose sound began so long ago."""
        return self.asking.heard(text, Span(max(0, self.now - as_samples(before_s)), self.now))


def after_the_question(*people: str, language: str = "en") -> Table:
    table = Table(*people, language=language)
    table.waits(QUESTION_S + 1.0)
    return table


def test_each_person_is_asked_by_name_and_answers_for_themselves() -> None:
    table = after_the_question("Ana", "Ben")
    assert table.says("Yes.") == ("Ana", "yes")
    table.waits(QUESTION_S + 1.0)
    assert table.says("No, thank you.") == ("Ben", "no")
    assert [who for _, who in table.asked] == ["Ana", "Ben"]
    assert table.asking.person is None


def test_an_answer_is_understood_in_the_language_of_the_question() -> None:
    assert after_the_question("Ana", language="de").says("Ja, gerne.") == ("Ana", "yes")
    assert after_the_question("Ana").says("Ja, gerne.") is None


@pytest.mark.parametrize("text", ["Sure.", "Do.", "Go on.", "Go ahead.", "Of course.", "Please.", "Certainly."])
def test_a_yes_holds_the_word_yes(text: str) -> None:
    assert after_the_question("Ana").says(text) is None


@pytest.mark.parametrize("text", ["Klar.", "Sicher.", "Gern.", "Bitte.", "Natürlich.", "Nur zu."])
def test_a_german_yes_holds_the_word_ja(text: str) -> None:
    assert after_the_question("Ana", language="de").says(text) is None


def test_after_a_question_that_was_not_heard_to_its_end_nothing_is_an_answer_and_it_is_asked_again() -> None:
    table = Table("Ana", "Ben")
    table.whole = False
    table.waits(QUESTION_S + 0.5)
    assert [who for _, who in table.asked] == ["Ana", "Ana"]  # at once
    table.waits(QUESTION_S - 0.4, hearing=True)
    assert table.says("Yes.", before_s=0.0) is None
    table.waits(as_seconds(CONFIG.longest) - 1.0, hearing=True)  # whoever spoke over it speaks on
    assert [who for _, who in table.asked] == ["Ana", "Ana"]
    table.whole = True
    table.waits(QUESTION_S + 1.0)
    assert [who for _, who in table.asked] == ["Ana", "Ana", "Ben"]  # Ana is left to the tap
    assert table.says("Yes.") == ("Ben", "yes")


def test_the_end_of_a_question_to_somebody_who_has_tapped_meanwhile_opens_nothing_for_the_next() -> None:
    table = Table("Ana", "Ben")
    table.waits(1.0)
    table.asking.leave("Ana")
    table.waits(QUESTION_S - 0.5)
    assert [who for _, who in table.asked] == ["Ana", "Ben"]
    assert table.says("Yes.", before_s=0.1) is None


@pytest.mark.parametrize("text", ["Yeah.", "Yes, and then he left.", "Say yes, Ana.", "Hm.", "What was that?", ""])
def test_nothing_but_a_clear_answer_counts(text: str) -> None:
    table = after_the_question("Ana")
    assert table.says(text) is None
    assert table.asking.person == "Ana"


def test_what_begins_during_the_question_is_no_answer() -> None:
    table = after_the_question("Ana")
    assert table.says("Yes.", before_s=1.3) is None
    assert table.says("Yes.", before_s=1.1) == ("Ana", "yes")  # hearing may place it a little early


def test_nobody_has_answered_before_they_were_asked() -> None:
    table = Table("Ana")
    assert table.says("Yes.") is None
    table.waits(1.0)
    assert table.says("Yes.") is None  # the coach is still asking


def test_without_a_clear_answer_a_person_is_asked_once_more_and_then_left_to_tap() -> None:
    table = Table("Ana", "Ben")
    table.waits(2 * (QUESTION_S + as_seconds(CONFIG.patience)) + 1.0)
    assert [who for _, who in table.asked] == ["Ana", "Ana", "Ben"]
    first, second = table.asked[:2]
    assert second[0] - first[0] == pytest.approx(QUESTION_S + as_seconds(CONFIG.patience), abs=0.1)


def test_nobody_is_asked_again_while_an_answer_may_be_on_its_way_but_not_for_ever() -> None:
    table = after_the_question("Ana")
    table.waits(as_seconds(CONFIG.longest) - 2.0, hearing=True)
    assert len(table.asked) == 1
    table.waits(2.0, hearing=True)
    assert len(table.asked) == 2


def test_whoever_taps_is_not_asked_aloud_any_more() -> None:
    table = after_the_question("Ana", "Ben", "Cleo")
    table.asking.leave("Ben")
    table.asking.leave("Ana")
    table.waits(1.0)
    assert [who for _, who in table.asked] == ["Ana", "Cleo"]
    assert table.says("Yes.") is None  # Cleo is still being asked
