"""Dialogue acts by lists of phrases, for languages that no grammar here reads: [talk] in their understood.toml.

Less sure than `questions` and `dialogue_acts`, and the same for each language:

    acknowledgement   the stretch consists of `acknowledgements`, hums and laughter only
    question          its last sentence begins with one of `questions` and does not end in a full stop, or it ends in a
                      question mark; but not if one of `contact` is before the mark ("…, you know?"), or if it holds
                      one of `rhetorical` ("who knows")
    request           its last sentence begins with one of `requests`, or begins or ends with one of `polite`
    excuses haste     it is short and holds one of `haste`: thanks, an apology, comfort, a warning

Words of `openers` ("and", "well") may come first. A last sentence of a few words leaves a question before it standing.

>>> acts = listed_acts("Ja, genau.", "de"), listed_acts("Und wie war das für dich?", "de"), listed_acts("Je dis.", "fr")
>>> acts[0].acknowledgement, acts[1].question, acts[2]
(True, True, None)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from coach.core.understood import TALK, Part, Phrases, understood, words_in
from coach.meaning.dialogue_acts import CONFIG, LAUGHTER_NOTE, acknowledges
from coach.meaning.lexicon import PhraseMatcher

_SENTENCE = re.compile(r"[^.!?…。！？;\n]*[.!?…。！？;\n]*")
_MARK, _EXCLAMATION, _FULL_STOP = re.compile(r"[?？]"), re.compile(r"[!！]"), re.compile(r"[.。]$")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedActs:
    """What a stretch is, as far as lists tell."""

    acknowledgement: bool = False
    question: bool = False
    request: bool = False
    excuses_haste: bool = False


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: Words
    asks: bool  # it ends in a question mark
    exclaims: bool
    states: bool  # it ends in a full stop


def listed_acts(text: str, language: str) -> ListedActs | None:
    """The acts of the stretch `text`; None if `language`, a two-letter code, has no lists for them."""
    lists = understood(language, TALK)
    if lists is None:
        return None
    said = _sentences(LAUGHTER_NOTE.sub(" ", text))
    words = tuple(word for sentence in said for word in sentence.words)
    if acknowledges(text, words, [_matcher(lists["acknowledgements"])]):
        return ListedActs(acknowledgement=True)
    latest = said[-1:]
    if len(said) > 1 and len(said[-1].words) <= CONFIG.afterthought:
        latest = said[-2:]
    return ListedActs(
        question=any(_asks(sentence, lists) for sentence in latest),
        request=any(_requests(sentence, lists) for sentence in latest),
        excuses_haste=len(words) <= CONFIG.hasty and any(_holds(words, phrase) for phrase in _split(lists["haste"])),
    )


def _sentences(text: str) -> list[_Sentence]:
    """The sentences of `text` that have words, in lower case."""
    found = []
    for match in _SENTENCE.finditer(text):
        if words := words_in(match.group()):
            marks = match.group()
            ends = (mark.search(marks) is not None for mark in (_MARK, _EXCLAMATION, _FULL_STOP))
            found.append(_Sentence(words, *ends))
    return found


def _asks(sentence: _Sentence, lists: Part) -> bool:
    if any(_holds(sentence.words, phrase) for phrase in _split(lists["rhetorical"])):
        return False
    words = _without_end(sentence.words, _split(lists["contact"]))
    begins = any(_begins(rest, lists["questions"]) for rest in _from_openers_on(words, lists))
    return (begins and not sentence.exclaims and not sentence.states) or (sentence.asks and words == sentence.words)


def _requests(sentence: _Sentence, lists: Part) -> bool:
    starts = _from_openers_on(sentence.words, lists)
    if any(_begins(rest, lists["requests"]) for rest in starts):
        return True
    words = starts[-1]
    return any(
        len(words) > len(phrase) and phrase in (words[: len(phrase)], words[-len(phrase) :])
        for phrase in _split(lists["polite"])
    )


def _from_openers_on(words: Words, lists: Part) -> list[Words]:
    """`words` from each place on at which a question or request may begin: the start, and after each opener there."""
    openers, starts = _matcher(lists["openers"]), [words]
    while starts[-1] and (taken := openers.at(starts[-1], 0)):
        starts.append(starts[-1][taken:])
    return starts


def _without_end(words: Words, phrases: Sequence[Words]) -> Words:
    """`words` without the longest of `phrases` at their end, unless nothing else is left."""
    taken = max((len(phrase) for phrase in phrases if words[-len(phrase) :] == phrase), default=0)
    return words[:-taken] if 0 < taken < len(words) else words


def _begins(words: Words, phrases: Phrases) -> bool:
    return any(words[: len(phrase)] == phrase for phrase in _split(phrases))


def _holds(words: Words, phrase: Words) -> bool:
    return any(words[place : place + len(phrase)] == phrase for place in range(len(words) - len(phrase) + 1))


@cache  # of each list of each language once, not for each stretch
def _split(phrases: Phrases) -> tuple[Words, ...]:
    return tuple(tuple(phrase.split()) for phrase in phrases)


@cache
def _matcher(phrases: Phrases) -> PhraseMatcher:
    return PhraseMatcher(_split(phrases))
