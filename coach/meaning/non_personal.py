"""Whether somebody tells of their own life at all, or of a film, a book, the news, a match or a joke.

Such talk may last for minutes, in the past tense and full of people, and reads like what happened to somebody. It is
known by how it opens, and goes on as long as the speaker keeps out of it:

    "there's this film where a nurse moves to the coast"   opens: a word from the list
    "and then she finds the letters in the attic"          goes on: nobody's "I" in it
    "I watched it with the sound off, I think"             goes on: an onlooker's "I" is not one's own life
    "my mother had an attic like that"                     over, until it opens again

A stretch in which the speaker is there ("that film made me think of my father") is never one of these.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.meaning.lexicon import section
from coach.meaning.tokens import word_set, words_only

OPENINGS = ("story", "news", "joke")
_OWN = word_set("i me my mine myself we us our ours ourselves")
_JEST = 20  # words: in a longer stretch "I'm only joking" takes back one thing of many
_WORDS_FOR_ONE = 16  # words of an opening stretch that outweigh one "I" in it ("I was in bed and this film comes on…")


def tells_elsewhere(stream: Sequence[str], *, going_on: bool = False) -> bool:
    """Whether the tokens `stream` tell of something that is not the speaker's life; `going_on`: the talk before did."""
    words = words_only(tuple(stream))
    if len(words) <= _JEST and _found("jest", words):
        return True
    own = _own_words(words)
    if any(_found(name, words) for name in OPENINGS):
        return own * _WORDS_FOR_ONE <= len(words)
    return going_on and bool(words) and own == 0


def _found(name: str, words: Sequence[str]) -> bool:
    return next(section("elsewhere", name).find(words), None) is not None


def _own_words(words: Sequence[str]) -> int:
    """How often the speaker is in it, not counting "I watched", "I think", "my favourite"."""
    watched = {k for match in section("elsewhere", "audience").find(words) for k in range(match.start, match.end)}
    return sum(word in _OWN for k, word in enumerate(words) if k not in watched)
