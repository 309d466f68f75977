"""Voice commands to the coach: "coach, quiet", "coach, go on", and "coach, stop listening".

Pure. People who address the coach say its name, then the command, and nothing else in that sentence. People who talk
about a coach say more. A command therefore counts only if it is the last sentence spoken and consists of the name, the
command and perhaps a few words of courtesy:

    "Coach, quiet."                        quiet
    "Hm. Okay, couch. Quite, please."      quiet: recognisers often mishear "coach"
    "My coach, quiet as ever, went on."    no command
    "The coach said quiet."                no command

>>> wish_in("Yes. Coach, be quiet, please.")
'quiet'
>>> wish_in("Coach, you can go on now.")
'go on'
>>> wish_in("Coach, stop listening."), wish_in("Coach, please stop listening to him.")
('stop', None)
>>> wish_in("I told the coach to go on.") is None
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from coach.core import events
from coach.core.span import RATE
from coach.core.understood import COMMANDS, Part, together, understood, words_in

TOGETHER = RATE  # samples of silence, under which a name and its command, each recognised alone, are one

Wish = Literal["quiet", "go on", "stop"]
Words = tuple[str, ...]

_SENTENCE = re.compile(r"[.!?…]+")


@dataclass(frozen=True, slots=True)
class _Language:
    """The commands in one language, with the spellings that recognisers return; lower case, split into words."""

    names: frozenset[str]
    quiet: frozenset[Words]
    go_on: frozenset[Words]
    stop: frozenset[Words]  # somebody no longer agrees; whole sentences, because it erases …
    stop_names: frozenset[str]  # … and only after these names, so that no sentence about people or things does
    courtesy: frozenset[str]  # words and phrases that may surround a command

    @classmethod
    def of(cls, phrases: Part) -> _Language:
        """The commands among the `phrases` of understood.toml."""
        quiet, go_on, stop = (
            frozenset(tuple(each.split()) for each in phrases[key]) for key in ("quiet", "go_on", "stop")
        )
        names, stop_names, courtesy = (frozenset(phrases[key]) for key in ("names", "stop_names", "courtesy"))
        return cls(names, quiet, go_on, stop, stop_names, courtesy)


def has_commands(language: str) -> bool:
    """Whether the coach understands commands in `language`, a two-letter code."""
    return understood(language, COMMANDS) is not None


def as_one(before: events.Words | None, words: events.Words) -> str | None:
    """The words of two spans as one text, if a name and its command may be divided between them; otherwise None.

    `before` may be another speaker's, as names are not always right.
    """
    if before is None or words.span.start - before.span.end >= TOGETHER:
        return None
    return f"{before.text or ''}. {words.text or ''}"


def wish_in(text: str, language: str = "en") -> Wish | None:
    """The command at the end of `text`; None if there is none, or if `language` has no commands.

    `language` is a two-letter code.
    """
    phrases = understood(language, COMMANDS)
    if phrases is None:
        return None
    vocabulary = _Language.of(phrases)
    sentences = [words for sentence in _SENTENCE.split(text) if (words := _words(sentence, vocabulary))]
    for latest in (sentences[-1:], sentences[-2:]):  # a recogniser may end a sentence after the name
        if (wish := _wish([word for sentence in latest for word in sentence], vocabulary)) is not None:
            return wish
    return None


def _words(sentence: str, vocabulary: _Language) -> list[str]:
    """The words of `sentence` without courtesy and without immediate repeats ("coach, coach, quiet, quiet")."""
    pieces = together(words_in(sentence), vocabulary.courtesy | vocabulary.names | vocabulary.stop_names)
    words = [word for word in pieces if word not in vocabulary.courtesy]
    return [word for i, word in enumerate(words) if words[i - 1 : i] != [word]]


def _wish(words: list[str], vocabulary: _Language) -> Wish | None:
    """The command, if `words` is a name followed by a command. A "quiet coach" is part of a train."""
    if not words or words[0] not in vocabulary.names:
        return None
    wish = tuple(words[1:])
    if wish in vocabulary.stop:
        return "stop" if words[0] in vocabulary.stop_names else None
    return "quiet" if wish in vocabulary.quiet else "go on" if wish in vocabulary.go_on else None
