"""Asking the coach aloud to be quiet, or to go on: "coach, quiet", "coach, go on".

Pure: text in, answer out. Somebody who speaks to the coach says its name and what it is to do, and nothing else in that
sentence; somebody who speaks of a coach says more. So a sentence counts only when it is a name and a wish as a whole,
but for words of courtesy, and only when it is the last that was said:

    "Coach, quiet."                        quiet
    "Hm. Okay, couch. Quite, please."      quiet: recognisers know few coaches
    "My coach, quiet as ever, went on."    nothing
    "The coach said quiet."                nothing

>>> wish_in("Yes. Coach, be quiet, please.")
'quiet'
>>> wish_in("Coach, you can go on now.")
'go on'
>>> wish_in("I told the coach to go on.") is None
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Wish = Literal["quiet", "go on"]
Words = tuple[str, ...]

_SENTENCE = re.compile(r"[.!?…]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class _Language:
    """How it is said in one language, in every spelling that recognisers give it; lower case, words apart."""

    names: frozenset[str]
    quiet: frozenset[Words]
    go_on: frozenset[Words]
    courtesy: frozenset[str]  # what may stand around it


def _phrases(*phrases: str) -> frozenset[Words]:
    return frozenset(tuple(phrase.split()) for phrase in phrases)


_LANGUAGES = {
    "en": _Language(
        names=frozenset(
            {"coach", "couch", "coaches", "couches", "coat", "coats", "coke", "goat", "koch"}
            | {"poach", "roach", "kosh", "cotch", "boach", "colch", "cote", "code", "codes", "cout", "couts", "goats"}
        ),
        quiet=_phrases(
            *("quiet", "quite", "quiet down", "quite down", "quiet town", "keep quiet", "stay quiet"),
            *("be quiet", "be quite", "he quiet", "me quiet", "hush", "silence"),
        ),
        go_on=_phrases("go on", "go one", "going", "goin", "go ahead", "carry on", "you can go on", "you may go on"),
        courtesy=frozenset({"please", "now", "okay", "ok", "hey", "hi", "thanks", "um", "uh", "er", "hm", "so"}),
    ),
    "de": _Language(
        names=frozenset({"coach", "couch", "coachs", "kotsch", "kutsch"}),
        quiet=_phrases("ruhe", "ruhig", "still", "stille", "leise", "sei still", "sei ruhig", "sei leise"),
        go_on=_phrases("weiter", "mach weiter", "geh weiter", "du kannst weitermachen", "weitermachen"),
        courtesy=frozenset({"bitte", "jetzt", "okay", "ok", "hey", "hallo", "danke", "ähm", "äh", "hm", "so"}),
    ),
}  # fmt: skip


def wish_in(text: str, language: str = "en") -> Wish | None:
    """What the coach is asked for at the end of `text`; None for anything else, and where it knows no words for it."""
    spoken = _LANGUAGES.get(language)
    if spoken is None:
        return None
    said = [words for sentence in _SENTENCE.split(text.lower()) if (words := _said(sentence, spoken))]
    for latest in (said[-1:], said[-2:]):  # a recogniser may end a sentence after the name
        if (wish := _wish([word for sentence in latest for word in sentence], spoken)) is not None:
            return wish
    return None


def _said(sentence: str, spoken: _Language) -> list[str]:
    """Its words without courtesy, and each that is said twice only once: "coach, coach, quiet, quiet"."""
    words = [word for word in _WORD.findall(sentence) if word not in spoken.courtesy]
    return [word for i, word in enumerate(words) if words[i - 1 : i] != [word]]


def _wish(words: list[str], spoken: _Language) -> Wish | None:
    """What is asked for when `words` are a name and then a wish: a "quiet coach" is part of a train."""
    if not words or words[0] not in spoken.names:
        return None
    wish = tuple(words[1:])
    return "quiet" if wish in spoken.quiet else "go on" if wish in spoken.go_on else None
