"""The guided beginning: real silences, a minute or two, and its own words."""

from __future__ import annotations

import pytest

from coach.coaching import Catalogue
from coach.coaching.entries import count_words
from coach.coaching.practice import CONFIG, Practice, length
from coach.core.span import HOP, RATE
from tests.made_language import SHIPPING

VERDICTS = {
    "en": {"good", "great", "well", "should", "must", "try", "calm", "perfect", "wonderful", "proud", "why"},
    "de": {"gut", "toll", "super", "solltest", "musst", "versuche", "perfekt", "wunderbar", "stolz", "warum"},
}  # fmt: skip


def said(practice: Practice, *, until: float, sounds: float | None = None) -> list[tuple[float, str]]:
    """(seconds, sentence) of all sentences; each one plays for so many seconds, or there is no voice."""
    told: list[tuple[float, str]] = []
    sounding_until = 0
    for now in range(0, int(until * RATE), HOP):
        text = practice.tick(now, speaking=now < sounding_until)
        if text is not None:
            told.append((now / RATE, text))
            sounding_until = now + int((sounds or 0) * RATE)
    return told


@pytest.fixture(params=SHIPPING)
def sentences(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return Catalogue.load(request.param)["practice"].wordings


def test_the_practice_takes_between_one_and_two_minutes(sentences):
    assert 60 * RATE <= length(sentences) <= 120 * RATE


def test_a_large_part_of_the_practice_is_silence(sentences):
    silent = length(sentences) - sum(CONFIG.word * count_words(each) for each in sentences)
    assert silent >= 0.4 * length(sentences)


@pytest.mark.parametrize("language", SHIPPING)
def test_the_practice_praises_nobody_and_gives_no_verdict(language):
    catalogue = Catalogue.load(language)
    kinds = ("practice", "opening", "turns_begin", "turns_change", "turns_question", "summary_told", "summary_untold")
    words = {w.strip("…,.?:").lower() for kind in kinds for text in catalogue[kind].wordings for w in text.split()}
    assert not words & VERDICTS[language]


@pytest.mark.parametrize("language", SHIPPING)
def test_no_sentence_is_too_long_to_follow(language):
    catalogue = Catalogue.load(language)
    for kind in ("practice", "opening", "turns_begin", "turns_change", "turns_question"):
        assert all(count_words(text) <= 25 for text in catalogue[kind].wordings)


def test_the_first_sentence_is_due_immediately_and_the_others_follow_in_order():
    told = said(Practice(["one two", "three"]), until=60)
    assert told[0] == (0.0, "one two")
    assert [text for _, text in told] == ["one two", "three"]


def test_after_an_ellipsis_the_silence_is_long_and_counts_from_the_end_of_the_voice():
    (_, _), (second, _), (third, _) = said(Practice(["a…", "b", "c"]), until=60, sounds=5.0)
    assert second == pytest.approx(5.0 + CONFIG.long_silence / RATE, abs=0.05)
    assert third - second == pytest.approx(5.0 + CONFIG.short_silence / RATE, abs=0.05)


def test_without_a_voice_a_sentence_is_shown_for_the_time_that_it_takes_to_say():
    (_, _), (second, _) = said(Practice(["one two three four", "b"]), until=60)
    assert second == pytest.approx((4 * CONFIG.word + CONFIG.short_silence) / RATE, abs=0.05)


def test_the_practice_includes_the_last_silence():
    practice = Practice(["only…"])
    said(practice, until=(CONFIG.word + CONFIG.long_silence) / RATE - 0.5)
    assert not practice.done
    assert practice.prompt == "only…"
    practice.tick(CONFIG.word + CONFIG.long_silence, speaking=False)
    assert practice.done
    assert practice.prompt == ""


def test_no_more_sentences_are_due_after_a_skip():
    practice = Practice(["a", "b"])
    practice.tick(0, speaking=False)
    practice.skip()
    assert practice.done
    assert practice.prompt == ""
    assert practice.tick(60 * RATE, speaking=False) is None
