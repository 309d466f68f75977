"""Whether recognised words break off in the middle of a clause."""

import pytest

from coach.meaning import read

BREAKS_OFF = [
    "so I went home and then I",
    "We drove up on Friday because.",
    "She said that it was my",
    "and he put it on the",
    "it was just",
    "I told him that and I'm",
    "there were a lot of",
    "We left at seven. And.",
]
MAY_BE_OVER = [
    "so I went home",
    "so do I",
    "he is taller than I",
    "I told her I would be there, so",
    "and that's what I came with",
    "I really don't want to",
    "we stayed there for a while",
    "they really did it, didn't they?",
    "it was sort of",
    "yes I am",
    "and",
    "",
]


@pytest.mark.parametrize("text", BREAKS_OFF)
def test_words_that_need_another_word_break_off(text):
    assert read(text).unfinished


@pytest.mark.parametrize("text", MAY_BE_OVER)
def test_words_that_can_end_a_sentence_do_not(text):
    assert not read(text).unfinished


def test_a_recogniser_s_full_stop_changes_nothing():
    assert read("we went up to my.").unfinished
    assert not read("we went up to my place.").unfinished
