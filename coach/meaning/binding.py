"""Whose inner life is it? A word of feeling counts only where grammar ties it to the speaker.

    I was just so  scared            state: walk left over bridges (copulas, auxiliaries, asides) to the subject
    ^     ·  ·     ^
    She said I was scared of her     the nearest subject decides
    it makes me    angry             "me" after make, leave, drive … is the speaker
    I went home and felt  empty      a verb without its own subject takes the clause's
    felt so empty                    nobody is named: elided, weaker
    it was scary                     impersonal: somebody's experience, most often the speaker's

Everything works on a *lean* stream: tokens without asides ("really", "kind of", "I guess") and with idioms struck out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from coach.meaning.lexicon import Phrases, section, sections
from coach.meaning.tokens import MARKS, PAUSE, STOP, word_set

OWN, ELIDED, IMPERSONAL, OTHER, NOBODY = "own", "elided", "impersonal", "other", "nobody"

STRUCK = "·"  # stands where an idiom was; nothing binds across it
_LINKS = word_set(
    "am is are was were be been being feel feels felt feeling get gets got gotten getting become became becoming "
    "grew growing stay stayed remain remained seem seems seemed end ended turned went left make makes made making "
    "sit sat find found"
)
_FEEL = word_set("feel feels felt feeling")
_BRIDGES = _LINKS | word_set(
    "have has had having do did does would will could can may might must should not going to used start starts started "
    "starting begin began keep keeps kept come came try tried trying more as both either neither nor or and a up of "
    "always like huge big real total complete massive little bit"
)
_SPEAKER = word_set("i we")
_THINGS = word_set("it this that which what there everything everyone's life")
_PEOPLE = word_set("he she they you who people everyone everybody someone somebody anyone anybody nobody")
_CAUSE = word_set(
    "make makes made making leave leaves left leaving drive drives drove driving keep keeps kept get gets got getting "
    "let lets help helps helped helping turn turned have had see saw find found"
)
_NOT_OWN = word_set("his her their your our the's")
_REACH = 9  # tokens: the farthest a subject was found from its word in hand-read examples
_CLAUSE = 14  # tokens: how far back a verb after "and" looks for the subject of its clause


def struck(stream: Sequence[str]) -> tuple[str, ...]:
    """`stream` with every idiom replaced by STRUCK."""
    return _replaced(stream, section("idioms", "struck"), (STRUCK,))


def lean(stream: Sequence[str]) -> tuple[str, ...]:
    """`stream` without asides, nor the "like" and the commas that pad them."""
    bare = _replaced(stream, section("asides", "aside"), ())
    out: list[str] = []
    for token in bare:
        if token in MARKS and (not out or out[-1] in MARKS):
            continue
        if (
            token == "like"
            and out
            and (out[-1] in MARKS or out[-1] in ("am", "was", "is", "were", "are", "and", "but"))
        ):
            continue
        out.append(token)
    return tuple(out)


def _replaced(stream: Sequence[str], phrases: Phrases, by: tuple[str, ...]) -> tuple[str, ...]:
    out: list[str] = []
    place = 0
    while place < len(stream):
        taken = phrases.at(stream, place)
        out.extend(by if taken else (stream[place],))
        place += taken or 1
    return tuple(out)


def state_holder(stream: Sequence[str], place: int) -> str:
    """Whose state the word at `place` is: "scared" in "I was scared" is OWN. Needs a copula or a verb of becoming."""
    linked = False
    for step in range(place - 1, max(-1, place - 1 - _REACH), -1):
        token = stream[step]
        if token in (STOP, STRUCK):
            break
        holder = _holder(stream, step)
        if holder is not None:
            return holder if linked or token in ("me", "myself") else NOBODY
        if token == "and" and linked:
            return _subject_before(stream, step)
        if token not in _BRIDGES and token != PAUSE and token not in _states():
            return OTHER if linked else NOBODY
        linked = linked or token in _LINKS
    else:
        step = max(-1, place - 1 - _REACH)
    felt = linked and stream[step + 1] in _FEEL and (step < 0 or stream[step] == STOP)
    if felt:
        return OWN  # the same elided "I" as in `verb_holder`
    return ELIDED if step < 0 and (linked or place == 0) else NOBODY


def verb_holder(stream: Sequence[str], place: int) -> str:
    """Who does the verb at `place`: "dread" in "I have come to dread it" is OWN; "like" in "I feel like" is no verb.

    "Felt so empty": in speech the first word goes first, and it is nearly always "I".
    """
    if place == 0:
        return OWN if stream[place] in _FEEL else NOBODY
    if stream[place - 1] in _FEEL:
        return NOBODY
    for step in range(place - 1, max(-1, place - 1 - _REACH), -1):
        token = stream[step]
        holder = _holder(stream, step)
        if holder is not None:
            return holder
        if token in ("and", "but"):
            return _subject_before(stream, step)
        if token not in _BRIDGES and token != PAUSE:
            break
    return NOBODY


def noun_holder(stream: Sequence[str], place: int) -> str:
    """Whose the noun at `place` is: the speaker's if I, me or my comes shortly before it, and nobody else does."""
    for step in range(place - 1, max(-1, place - 7), -1):
        token = stream[step]
        if token in (STOP, STRUCK):
            return NOBODY
        if token in ("i", "my", "me", "myself", "we"):
            return OWN
        if token in _PEOPLE or token in _NOT_OWN:
            return OTHER
    after = stream[place + 1 : place + 3]
    return OWN if "me" in after else NOBODY


def _holder(stream: Sequence[str], step: int) -> str | None:
    """Whom the word at `step` names as subject; None when it names nobody."""
    token = stream[step]
    if token in _SPEAKER:
        return OWN
    if token in ("me", "myself"):  # "it makes me", "leaves me", "I find myself"
        return OWN if any(word in _CAUSE for word in stream[max(0, step - 2) : step]) else NOBODY
    if token in _PEOPLE:
        return OTHER
    return IMPERSONAL if token in _THINGS else None


@cache
def _states() -> frozenset[str]:
    """All states of one word: in a list, "tired, angry and sad", they bind through one another."""
    words: set[str] = set()
    for file in ("feelings", "energy", "judgements", "mourning", "impulses"):
        for part in sections(file):
            if part.binding == "state":
                words |= part.phrases.single_words
    return frozenset(words)


def _subject_before(stream: Sequence[str], place: int) -> str:
    for step in range(place - 1, max(-1, place - 1 - _CLAUSE), -1):
        token = stream[step]
        if token == STOP:
            return NOBODY
        if token in _SPEAKER:
            return OWN
        if token in ("he", "she", "they", "you", "who"):
            return OTHER
    return NOBODY
