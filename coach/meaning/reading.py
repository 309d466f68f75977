"""One stretch of talk, read: how deep, of what kind, and what it does towards the other.

The probability is a logistic sum of the features of `experience.py`, weighted by the `weights.toml` beside the word
lists. The signs of the word features are set by the definitions (a feeling bound to the speaker can only speak for
experience, a judgement dressed as one only against it); their sizes were fitted to labelled talk. Levels are the
codebook's: N no sharing, 1 event, 2 mixed, 3 experience.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from coach.meaning.experience import experience
from coach.meaning.moves import is_acknowledgement, is_logistics, is_request
from coach.meaning.questions import is_question
from coach.meaning.tokens import tokens, words_only

LANGUAGES = frozenset(("en",))
SENTENCE = 12  # words: what one clause takes, where nothing marks its end (spoken English, rounded)
UNMARKED = 22  # words: a sentence longer than this is taken to lack its marks
INNER_AT = 0.5  # p_experience from which the level is 2 or 3

_END = re.compile(r"[.!?;…。！？]+|\n")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What `read` found in one stretch.

    `count` words in about `sentences` sentences. `acknowledgement`, `question`, `request` and `logistics` are what the
    stretch does. `level` is "N", "1", "2" or "3" and `p_experience` how likely it tells the speaker's own inner
    experience; both are None in a language without a lexicon. `kinds` are names of kinds of experience, `faux` says
    that a judgement came dressed as a feeling, and `evidence` holds the words that made it so.
    """

    count: int
    sentences: int
    acknowledgement: bool = False
    question: bool = False
    request: bool = False
    logistics: bool = False
    level: str | None = None
    p_experience: float | None = None
    kinds: tuple[str, ...] = ()
    faux: bool = False
    evidence: tuple[str, ...] = ()


def read(text: str, language: str = "en") -> Reading:
    """What one stretch of one person's talk tells, typed or recognised, with or without punctuation.

    >>> read("mm-hm").acknowledgement, read("where did you put it").question
    (True, True)
    >>> read("I feel that you never help").faux
    True
    >>> read("es war sehr schön", "de").level is None
    True
    """
    count = len(_WORD.findall(text))
    sentences = sentence_count(text)
    if language not in LANGUAGES:
        return Reading(count, sentences)
    stream = tokens(text)
    if not words_only(stream) or is_acknowledgement(text, stream):
        acknowledged = is_acknowledgement(text, stream)
        return Reading(count, sentences, acknowledgement=acknowledged, level="N", p_experience=0.0)
    found = experience(stream)
    weights = _weights(language)
    p = _logistic(found.features, weights["experience"])
    inner = p >= INNER_AT
    question = is_question(text, stream)
    request = is_request(stream)
    logistics = is_logistics(stream, inner)
    if inner:
        level = "3" if _logistic(found.features, weights["experience_alone"]) >= INNER_AT else "2"
    else:
        told = bool(found.evidence) or _logistic(found.features, weights["told"]) >= weights["told"]["at"]
        level = "1" if told and not (question or request or logistics) else "N"
    return Reading(
        count,
        sentences,
        question=question,
        request=request,
        logistics=logistics,
        level=level,
        p_experience=round(p, 3),
        kinds=found.kinds if inner else (),
        faux=found.faux,
        evidence=found.evidence,
    )


def sentence_count(text: str) -> int:
    """About how many sentences `text` holds: by its marks, and by length where marks are missing.

    >>> sentence_count("I went. She stayed."), sentence_count("so " * 36), sentence_count("")
    (2, 3, 0)
    """
    lengths = [len(_WORD.findall(part)) for part in _END.split(text)]
    return sum(1 if n <= UNMARKED else round(n / SENTENCE) for n in lengths if n)


@cache
def _weights(language: str) -> Mapping[str, Mapping[str, float]]:
    source = files("coach.meaning").joinpath("lexicons", language, "weights.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(source)
    return {name: table for name, table in tables.items() if isinstance(table, dict)}


def _logistic(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    z = weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + exp(-z))
