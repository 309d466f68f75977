"""Whether a stretch breaks off in the middle of a clause: its speaker was in mid-thought.

    unfinished    "and then I"   "because the"   "we went up to my"   "it was just"   "and I'm"
    may be over   "so"   "I know that"   "the one I came with"   "I want to"   "…you know"

Only words that nearly always need another word after them count: a recogniser ends every stretch with a full stop, and
many prepositions and auxiliaries can end a sentence. "So" and "or" are left out, because speakers let a turn trail off
with them.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.meaning.tokens import sentences, word_set

_OPENS = word_set(  # a conjunction, article, possessive or preposition that something must follow
    "and but because if although unless whether than the a an my your our their its every of into onto"
)
_SUBJECTS = word_set("i we he she they")
_ENDS_WITH_SUBJECT = word_set("do does did am are is was were have has had can could would should will as than nor not")
_JUST = word_set("just even only really very quite such")
_VERB_BEFORE_JUST = word_set("am is are was were be been i you we he she they it not to")
_SUBJECT_VERBS = frozenset((("i", "am"), ("i", "will"), ("we", "are"), ("we", "will"), ("they", "will")))
_BEFORE_THAT = word_set("as like than what where how who so yes yeah no if whether think know sure less chance that")
_COMPLETE = frozenset((("kind", "of"), ("sort", "of")))


def is_unfinished(stream: Sequence[str]) -> bool:
    """Whether the tokens `stream` end where a clause cannot end.

    >>> from coach.meaning.tokens import tokens
    >>> [is_unfinished(tokens(text)) for text in ("so I went home and then I", "it is my", "so do I", "I know him")]
    [True, True, False, False]
    """
    said = sentences(stream)
    words = said[-1] if said else ()
    if len(words) == 1 and len(said) > 1:
        words = (*said[-2], *words)  # "We left. And": the recogniser made a sentence of it
    if len(words) < 2:  # one word alone is no clause
        return False
    before, last = words[-2], words[-1]
    if last in _OPENS:
        return (before, last) not in _COMPLETE
    if last in _SUBJECTS:
        return before not in _ENDS_WITH_SUBJECT
    if last in _JUST:
        return before in _VERB_BEFORE_JUST
    return (before, last) in _SUBJECT_VERBS and not _BEFORE_THAT & set(words[-3:-2])
