"""The holder of an experience: a word for a feeling counts only if the grammar binds it to the speaker.

    I was just so  scared            a state: search left over bridges (copulas, auxiliaries, asides) for the subject
    ^     ·  ·     ^
    She said I was scared of her     the nearest subject decides
    it makes me    angry             "me" after make, leave, drive … is the speaker
    I went home and felt  empty      a verb without a subject takes the subject of the clause
    felt so empty                    no subject: elided, and weaker evidence
    it was scary                     impersonal: somebody's experience, usually the speaker's

The functions take tokens without asides ("really", "kind of", "I guess") and idioms: see `without_asides` and
`without_idioms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from coach.meaning.lexicon import PhraseMatcher, section, sections
from coach.meaning.tokens import MARKS, PAUSE, STOP, word_set

OWN, ELIDED, IMPERSONAL, OTHER, NOBODY = "own", "elided", "impersonal", "other", "nobody"

STRUCK = "·"  # stands in place of an idiom; nothing binds across it
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingConfig:
    """How many tokens back a holder is searched."""

    subject: int = 9  # from a state or a verb to its subject: the largest distance in examples read by hand
    clause: int = 14  # from "and" to the subject of its clause
    noun: int = 6  # from a noun to "I", "my" or another person


_CONFIG = BindingConfig()


def without_idioms(stream: Sequence[str]) -> tuple[str, ...]:
    """`stream` with every idiom replaced by STRUCK."""
    return _replaced(stream, section("idioms", "struck"), (STRUCK,))


def without_asides(stream: Sequence[str]) -> tuple[str, ...]:
    """`stream` without asides, and without filler "like" and the commas around asides."""
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


def _replaced(stream: Sequence[str], phrases: PhraseMatcher, by: tuple[str, ...]) -> tuple[str, ...]:
    out: list[str] = []
    place = 0
    while place < len(stream):
        taken = phrases.at(stream, place)
        out.extend(by if taken else (stream[place],))
        place += taken or 1
    return tuple(out)


def state_holder(stream: Sequence[str], place: int) -> str:
    """The holder of the state at `place`: "scared" in "I was scared" is OWN. Needs a copula or a verb of becoming."""
    linked = False
    for step in range(place - 1, max(-1, place - 1 - _CONFIG.subject), -1):
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
        step = max(-1, place - 1 - _CONFIG.subject)
    felt = linked and stream[step + 1] in _FEEL and (step < 0 or stream[step] == STOP)
    if felt:
        return OWN  # the same elided "I" as in `verb_holder`
    return ELIDED if step < 0 and (linked or place == 0) else NOBODY


def verb_holder(stream: Sequence[str], place: int) -> str:
    """The subject of the verb at `place`: "dread" in "I have come to dread it" is OWN. NOBODY if it is not a verb.

    A verb at the start of a stretch ("felt so empty") lacks its subject, which in speech is nearly always "I".
    """
    if place == 0:
        return OWN if stream[place] in _FEEL else NOBODY
    if stream[place - 1] in _FEEL:
        return NOBODY
    for step in range(place - 1, max(-1, place - 1 - _CONFIG.subject), -1):
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
    """The holder of the noun at `place`: OWN if "I", "me" or "my" is the nearest person shortly before it."""
    for step in range(place - 1, max(-1, place - 1 - _CONFIG.noun), -1):
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
    """The holder that the word at `step` names; None if it names no subject."""
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
    """All states of one word. In a list ("tired, angry and sad") each binds through the others."""
    words: set[str] = set()
    for file in ("feelings", "energy", "judgements", "mourning", "impulses"):
        for part in sections(file):
            if part.binding == "state":
                words |= part.phrases.single_words
    return frozenset(words)


def _subject_before(stream: Sequence[str], place: int) -> str:
    for step in range(place - 1, max(-1, place - 1 - _CONFIG.clause), -1):
        token = stream[step]
        if token == STOP:
            return NOBODY
        if token in _SPEAKER:
            return OWN
        if token in ("he", "she", "they", "you", "who"):
            return OTHER
    return NOBODY
