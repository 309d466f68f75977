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

from typing import Literal

from coach.core.understood import ANSWERS, together, understood, words_in

Answer = Literal["yes", "no"]

MOST_WORDS = 3  # a phrase of courtesy, such as "s'il te plaît", counts as one


def has_answers(language: str) -> bool:
    """Whether the coach understands a yes or no in `language`, a two-letter code."""
    return understood(language, ANSWERS) is not None


def answer_in(text: str, language: str = "en") -> Answer | None:
    """The answer that `text` consists of; None if it says anything else, or if `language` has no answers.

    `language` is a two-letter code.
    """
    vocabulary = understood(language, ANSWERS)
    if vocabulary is None:
        return None
    fillers = {*vocabulary["courtesy"], *vocabulary["please"]}
    words = together(words_in(text), fillers)
    if not 0 < len(words) <= MOST_WORDS:
        return None
    said = [word for i, word in enumerate(words) if word not in fillers and words[i - 1 : i] != [word]]
    phrase = " ".join(said)
    if phrase in vocabulary["no"]:
        return "no"
    if phrase in vocabulary["yes"]:
        return "yes"
    return "yes" if not said and set(vocabulary["please"]).intersection(words) else None


def consent_in(text: str, language: str = "en") -> Answer | None:
    """As `answer_in`, but a yes must hold one of the words that leave no doubt, in English only "yes".

    "Sure", "please" and "go ahead" are said for much else.

    >>> consent_in("Yes, sure."), consent_in("Sure."), consent_in("Bitte!", "de"), consent_in("Not now.")
    ('yes', None, None, 'no')
    """
    answer, vocabulary = answer_in(text, language), understood(language, ANSWERS)
    if answer == "yes" and vocabulary:
        certain = vocabulary["certain"]
        return answer if set(certain).intersection(together(words_in(text), certain)) else None
    return answer
