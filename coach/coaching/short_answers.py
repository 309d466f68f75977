"""A short yes or no to the coach, of at most three words.

Pure. After the rising tone (`coach.coaching.asking`) the coach waits for "yes", "yes please", "go ahead" and the like.
An answer counts only if nothing else was said. "Yeah", "okay" and "mm-hm" alone are no yes: people often end a story
with them.

>>> answer_in("Yes, please."), answer_in("Um. Go ahead."), answer_in("No, thank you.")
('yes', 'yes', 'no')
>>> answer_in("Yeah."), answer_in("Yes, and then he left."), answer_in("Ja, bitte!", "de")
(None, None, 'yes')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Answer = Literal["yes", "no"]

MOST_WORDS = 3

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class _Language:
    """Lower case. `courtesy` may surround an answer; `please` is a yes if nothing but courtesy stands beside it.

    `word` is the yes that leaves no doubt.
    """

    word: str
    yes: frozenset[str]
    no: frozenset[str]
    please: frozenset[str]
    courtesy: frozenset[str]


_LANGUAGES = {
    "en": _Language(
        word="yes",
        yes=frozenset(
            {"yes", "yes do", "yes sure", "yes go ahead", "yes go on", "yes of course", "of course", "certainly", "do"}
            | {"sure", "sure go ahead", "sure go on", "go ahead", "go on"}
        ),
        no=frozenset(
            {"no", "nope", "not now", "no not now", "not yet", "no not yet", "rather not", "later", "maybe later"}
        ),
        please=frozenset({"please"}),
        courtesy=frozenset({"thanks", "thank", "you", "okay", "ok", "yeah", "oh", "well", "um", "uh", "er", "hm"}),
    ),
    "de": _Language(
        word="ja",
        yes=frozenset(
            {"ja", "ja gern", "ja gerne", "ja klar", "ja sicher", "ja natürlich", "gern", "gerne", "sehr gern"}
            | {"sehr gerne", "klar", "sicher", "natürlich", "nur zu", "ja nur zu"}
        ),
        no=frozenset(
            {"nein", "nee", "nicht jetzt", "jetzt nicht", "nein jetzt nicht", "nein nicht jetzt", "noch nicht"}
            | {"lieber nicht", "nein lieber nicht", "später", "nein später"}
        ),
        please=frozenset({"bitte"}),
        courtesy=frozenset({"danke", "okay", "ok", "ach", "na", "oh", "ähm", "äh", "hm"}),
    ),
}  # fmt: skip


def answer_in(text: str, language: str = "en") -> Answer | None:
    """The answer that `text` consists of; None if it says anything else, or if `language` has no answers.

    `language` is a two-letter code.
    """
    vocabulary = _LANGUAGES.get(language)
    words = _WORD.findall(text.lower())
    if vocabulary is None or not 0 < len(words) <= MOST_WORDS:
        return None
    fillers = vocabulary.courtesy | vocabulary.please
    said = [word for i, word in enumerate(words) if word not in fillers and words[i - 1 : i] != [word]]
    phrase = " ".join(said)
    if phrase in vocabulary.no:
        return "no"
    if phrase in vocabulary.yes:
        return "yes"
    return "yes" if not said and vocabulary.please.intersection(words) else None


def consent_in(text: str, language: str = "en") -> Answer | None:
    """As `answer_in`, but a yes must hold the word yes itself: "sure", "please" and "go ahead" are said for much else.

    >>> consent_in("Yes, sure."), consent_in("Sure."), consent_in("Bitte!", "de"), consent_in("Not now.")
    ('yes', None, None, 'no')
    """
    answer = answer_in(text, language)
    if answer == "yes" and _LANGUAGES[language].word not in _WORD.findall(text.lower()):
        return None
    return answer
