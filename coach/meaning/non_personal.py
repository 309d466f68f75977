"""Non-personal talk: about a film, a book, the news, a match or a joke rather than the speaker's own life.

Such talk may last for minutes. It is in the past tense and full of people, so it looks like an account of events. It
starts with a word from a list, and continues while the speaker does not appear in it:

    "there's this film where a nurse moves to the coast"   starts: a word from the list
    "and then she finds the letters in the attic"          continues: it has no "I"
    "I watched it with the sound off, I think"             continues: this "I" is only a spectator
    "my mother had an attic like that"                     ends, until it starts again

A stretch in which the speaker appears ("that film made me think of my father") is personal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.meaning.lexicon import section
from coach.meaning.tokens import word_set, words_only

OPENINGS = ("story", "news", "joke")
_OWN = word_set("i me my mine myself we us our ours ourselves")


@dataclass(frozen=True, slots=True, kw_only=True)
class NonPersonalConfig:
    """Lengths in words for `is_non_personal`."""

    jest: int = 20  # the longest stretch that "I'm only joking" takes back; in a longer one it takes back a part
    per_own: int = 16  # of a starting stretch that outweigh one "I" in it ("I was in bed and this film comes on …")


def is_non_personal(
    stream: Sequence[str], *, going_on: bool = False, config: NonPersonalConfig = NonPersonalConfig()
) -> bool:
    """Whether the tokens `stream` are not about the speaker's life; `going_on`: the talk before was not either."""
    words = words_only(tuple(stream))
    if len(words) <= config.jest and _found("jest", words):
        return True
    own = _own_words(words)
    if any(_found(name, words) for name in OPENINGS):
        return own * config.per_own <= len(words)
    return going_on and bool(words) and own == 0


def _found(name: str, words: Sequence[str]) -> bool:
    return next(section("elsewhere", name).find(words), None) is not None


def _own_words(words: Sequence[str]) -> int:
    """The number of words for the speaker, except in "I watched", "I think", "my favourite"."""
    watched = {k for match in section("elsewhere", "audience").find(words) for k in range(match.start, match.end)}
    return sum(word in _OWN for k, word in enumerate(words) if k not in watched)
