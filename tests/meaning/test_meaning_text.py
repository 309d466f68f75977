"""Tokenisation, and the invariants of the word lists."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.core.events import KINDS
from coach.meaning import read
from coach.meaning.binding import (
    ELIDED,
    IMPERSONAL,
    NOBODY,
    OTHER,
    OWN,
    noun_holder,
    state_holder,
    verb_holder,
    without_asides,
)
from coach.meaning.lexicon import PhraseMatcher, section, sections
from coach.meaning.tokens import tokens

TOKENS = [
    ("I'm", "i am"),
    ("im", "i am"),
    ("I’m", "i am"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("He's gone", "he is gone"),
    ("Ana's car", "ana car"),
    ("gonna", "going to"),
    ("I-I-I know", "i know"),
    ("I was, I was late", "i was late"),
    ("w- with him", "with him"),
    ("so [laughs] then", "so then"),
    ("so (laughing) then", "so then"),
    ("self-conscious", "self conscious"),
    ("Yes. No!", "yes . no ."),
    ("yes, no", "yes , no"),
    ("no, no", "no"),
]


@pytest.mark.parametrize(("text", "expected"), TOKENS)
def test_different_spellings_of_the_same_words_give_the_same_tokens(text, expected):
    assert " ".join(tokens(text)) == expected


def test_asides_and_fillers_are_skipped():
    assert without_asides(tokens("I was just um like really kind of scared")) == ("i", "was", "scared")
    assert "like" in without_asides(tokens("I like him"))


HOLDERS = [
    (state_holder, "i have not been scared", "scared", OWN),
    (state_holder, "we are not scared", "scared", OWN),
    (state_holder, "she was scared", "scared", OTHER),
    (state_holder, "my brother was scared", "scared", OTHER),
    (state_holder, "it was scary", "scary", IMPERSONAL),
    (state_holder, "it makes me angry", "angry", OWN),
    (state_holder, "i told a sad story", "sad", NOBODY),
    (state_holder, "she told me sad", "sad", NOBODY),
    (state_holder, "felt empty", "empty", OWN),
    (state_holder, "was empty", "empty", ELIDED),
    (state_holder, "he came home and felt empty", "empty", OTHER),
    (state_holder, "i came home and felt empty", "empty", OWN),
    (state_holder, "i left . the shop was empty", "empty", OTHER),
    (state_holder, "i felt tired , angry and sad", "sad", OWN),
    (verb_holder, "i have come to dread it", "dread", OWN),
    (verb_holder, "they dread it", "dread", OTHER),
    (verb_holder, "i know dogs dread it", "dread", NOBODY),
    (verb_holder, "i feel like that", "like", NOBODY),
    (noun_holder, "my old fear", "fear", OWN),
    (noun_holder, "their fear", "fear", OTHER),
    (noun_holder, "i saw his fear", "fear", OTHER),
    (noun_holder, "there is fear in me", "fear", OWN),
    (noun_holder, "i left . the fear of rain", "fear", NOBODY),
]


@pytest.mark.parametrize(("holder", "text", "word", "whose"), HOLDERS)
def test_a_word_belongs_to_the_subject_that_grammar_gives_it(holder, text, word, whose):
    stream = tuple(text.split())
    assert holder(stream, stream.index(word)) == whose


def test_the_longest_entry_wins():
    phrases = PhraseMatcher([("fed",), ("fed", "up"), ("up",)])
    assert [m.words for m in phrases.find(("fed", "up", "fed"))] == ["fed up", "fed"]


def test_every_list_states_its_source_and_its_purpose():
    folder = files("coach.meaning").joinpath("lexicons", "en")
    lists = [entry for entry in folder.iterdir() if entry.name.endswith(".txt")]
    assert len(lists) == len(KINDS) + 8
    for entry in lists:
        header = [line for line in entry.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        assert any("source:" in line for line in header), entry.name
        assert any("intent:" in line for line in header), entry.name


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_experience_has_words(kind):
    assert sum(len(part.phrases.single_words) for part in sections(kind)) >= 5


def test_a_list_that_does_not_ship_is_an_error():
    with pytest.raises(FileNotFoundError):
        section("nothing", "said")


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_gives_the_same_result_twice(text):
    first = read(text)
    assert first == read(text)
    assert first.sentences >= 0
    assert first.p_experience is not None
    assert 0.0 <= first.p_experience <= 1.0
    assert not (first.acknowledgement and (first.question or first.kinds))
