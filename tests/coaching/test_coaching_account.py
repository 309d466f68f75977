"""A rehearsal's account: counts and names, no score."""

from __future__ import annotations

import pytest

from coach.coaching import Account, Catalogue, account, account_figures, spoken_account
from coach.core.events import KINDS, AudioGap, Event, Speech, Words
from coach.core.span import Span, as_samples
from tests.made_language import SHIPPING


def says(start: float, end: float) -> Speech:
    span = Span.seconds(start, end)
    return Speech(at=span.end, who="You", span=span, confidence=1.0)


def reads(start: float, end: float, level: str | None, *kinds: str) -> Words:
    span = Span.seconds(start, end)
    return Words(at=span.end, who="You", span=span, count=20, level=level, kinds=kinds)


def said(told: Account) -> list[str]:
    return [line.text for line in spoken_account(told, Catalogue.load())]


ROUND: list[Event] = [
    says(0, 10),
    reads(0, 10, "1"),
    says(11, 21),
    reads(11, 21, "1"),
    reads(21, 22, "N"),
    says(30, 36),
    reads(30, 36, "3", "hopes", "feelings"),
    says(38, 45),
    reads(38, 45, "1"),
]


def test_kinds_are_named_in_the_order_of_the_codebook():
    assert account(ROUND).kinds == ("feelings", "hopes")
    assert account(ROUND).untold == tuple(kind for kind in KINDS if kind not in ("feelings", "hopes"))


def test_the_longest_stretch_of_events_ends_when_inner_experience_is_shared():
    assert account(ROUND).events == as_samples(20)
    inner = next(event for event in ROUND if isinstance(event, Words) and event.level == "3")
    late = [*(event for event in ROUND if event is not inner), inner]  # words may come late
    assert account(late).events == as_samples(20)


def test_pauses_are_counted_from_two_seconds():
    told = account(ROUND)
    assert told.long_pauses == 2
    assert told.longest_pause == as_samples(9)
    assert told.speech == as_samples(33)
    assert told.silence == pytest.approx(12 / 45)


def test_a_pause_in_which_sound_was_lost_is_not_measured():
    lost = AudioGap(at=as_samples(30), span=Span.seconds(22, 29), reason="lost")
    assert account([*ROUND, lost]).longest_pause == as_samples(2)


def test_a_stop_closure_is_not_a_pause():
    assert account([says(0, 5), says(5.1, 10)]).silence == 0


def test_without_words_no_kinds_of_experience_are_claimed():
    told = account([says(0, 10), says(15, 20), reads(0, 10, None)])
    assert (told.kinds, told.untold, told.events) == (None, None, None)
    assert said(told) == ["Your longest pause lasted 5 seconds."]
    assert account_figures(told, Catalogue.load())["told"] == "not known"


def test_a_person_who_said_nothing_has_an_empty_account():
    told = account([])
    assert (told.speech, told.long_pauses, told.silence) == (0, 0, 0.0)
    assert said(told) == []


def test_the_spoken_summary_names_the_kinds_mentioned_those_not_mentioned_and_the_lengths():
    assert said(account(ROUND)) == [
        "In what you told there were: feelings, hopes.",
        "These did not come up: needs, impulses, thoughts, energy, dreams, mourning.",
        "The longest stretch of events lasted 20 seconds.",
        "Your longest pause lasted 9 seconds.",
    ]


def test_a_stretch_of_events_of_a_few_seconds_is_not_worth_a_sentence():
    told = account([says(0, 8), reads(0, 8, "1"), says(9, 12), reads(9, 12, "2", "needs")])
    assert not any("events" in sentence for sentence in said(told))
    assert account_figures(told, Catalogue.load())["longest stretch of events"] == "8 s"


@pytest.mark.parametrize("language", SHIPPING)
def test_every_language_names_the_eight_kinds(language):
    catalogue = Catalogue.load(language)
    everything = Account(speech=0, kinds=KINDS, events=0, long_pauses=0, longest_pause=0, silence=0.0)
    (line,) = spoken_account(everything, catalogue)
    assert all(name in line.text for name in catalogue["experience"].wordings)
    assert len(set(catalogue["experience"].wordings)) == len(KINDS)


def test_the_shown_summary_has_a_figure_for_each_thing():
    assert account_figures(account(ROUND), Catalogue.load()) == {
        "told": "feelings, hopes",
        "not told": "needs, impulses, thoughts, energy, dreams, mourning",
        "longest stretch of events": "20 s",
        "speech": "33 s",
        "pauses of 2 s or more": "2",
        "longest pause": "9 s",
        "silence": "27% of the time",
    }
