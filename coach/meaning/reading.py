"""The classification of one stretch of talk: its depth, kinds of experience and dialogue acts.

`depth.py` estimates the depth in the context of what the same person said before. Lists and grammar (`kinds.py`) give
the kinds of experience, faux feelings and the evidence. The levels are those of the codebook: N no sharing, 1 event,
2 mixed, 3 experience.

This takes weights, and grammar that is written for the language: it exists for LANGUAGES. In others, `listed_acts.py`
gives some dialogue acts.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from coach.meaning.depth import DEPTH, DepthModel, depth_model
from coach.meaning.dialogue_acts import excuses_haste, is_acknowledgement, is_logistics, is_request
from coach.meaning.kinds import experience
from coach.meaning.listed_acts import ListedActs, listed_acts
from coach.meaning.non_personal import is_non_personal
from coach.meaning.questions import is_question
from coach.meaning.tokens import tokens, words_only
from coach.meaning.unfinished import is_unfinished

LANGUAGES = frozenset(each.name for each in (files("coach.meaning") / "weights").iterdir() if each.is_dir())
_END = re.compile(r"[.!?;…。！？]+|\n")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingConfig:
    """The thresholds of `read` and of the sentence count."""

    inner: float = 0.35  # p_experience from which the level is 2 or 3; F1 is highest between .30 and .35
    event: float = 0.6  # p(1)/(p(N) + p(1)) from which the level is 1: stretches that are no share must not enter a run
    faux: float = 0.2  # the highest p_experience of a faux feeling without other evidence: event level by definition
    clause: int = 12  # words per sentence where end marks are missing (spoken English, rounded)
    unmarked: int = 22  # words: a longer sentence lacks its end marks


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of `read` for one stretch.

    The stretch has `count` words in about `sentences` sentences. `acknowledgement`, `question`, `request` and
    `logistics` are its dialogue acts; `elsewhere`: it is about a film, the news or a joke; `unfinished`: it breaks off
    in mid-clause; `excuses_haste`: it is thanks, an apology, comfort or a warning. `level` is "N", "1", "2" or "3";
    `p_experience` is the probability that the speaker shares inner experience; both are None for a language that is not
    among LANGUAGES. `kinds` names kinds of experience; `faux`: the stretch holds a judgement in the form of a feeling
    ("I feel that you …"); `evidence` holds the words behind the result. `alone` is the log-odds of inner from these
    words alone, the context of the person's next stretches, or None.
    """

    count: int
    sentences: int
    acknowledgement: bool = False
    question: bool = False
    request: bool = False
    logistics: bool = False
    elsewhere: bool = False
    unfinished: bool = False
    excuses_haste: bool = False
    level: str | None = None
    p_experience: float | None = None
    kinds: tuple[str, ...] = ()
    faux: bool = False
    evidence: tuple[str, ...] = ()
    alone: float | None = None


class Reader:
    """Reads the stretches of several people in order, each in the context of the same person's earlier ones."""

    def __init__(self, language: str = "en", depth: DepthModel | None = None) -> None:
        self._language, self._depth = language, depth
        self._before: dict[str, deque[float]] = {}
        self._elsewhere = False  # whether people are talking about a film, the news or a joke

    def read(self, who: str, text: str) -> Reading:
        """The reading of one stretch of `who`; see `coach.meaning.read`."""
        before = self._before.setdefault(who, deque(maxlen=DEPTH.context))
        reading = read(text, self._language, tuple(before), going_on=self._elsewhere, by=self._depth)
        if reading.alone is not None:
            before.append(reading.alone)
            self._elsewhere = reading.elsewhere or (self._elsewhere and reading.question)  # a question does not end it
        return reading


def read(
    text: str,
    language: str = "en",
    before: Sequence[float] = (),
    *,
    going_on: bool = False,
    config: ReadingConfig = ReadingConfig(),
    by: DepthModel | None = None,
) -> Reading:
    """Classify one stretch of one person's talk. It may be typed or recognised, with or without punctuation.

    `before` holds `Reading.alone` of the same person's earlier stretches, the latest last; `going_on`: the stretch
    before, of any person, was about a film, the news or a joke. `Reader` keeps track of both. `by` replaces the model
    of depth that ships.

    >>> read("mm-hm").acknowledgement, read("where did you put it").question
    (True, True)
    >>> read("I feel that you never help").faux
    True
    >>> read("es war sehr schön", "de").level is None
    True
    """
    count = len(_WORD.findall(text))
    sentences = sentence_count(text, config)
    if language not in LANGUAGES:
        acts = listed_acts(text, language) or ListedActs()
        return Reading(
            count,
            sentences,
            acknowledgement=acts.acknowledgement,
            question=acts.question,
            request=acts.request,
            excuses_haste=acts.excuses_haste,
        )
    stream = tokens(text)
    if not words_only(stream) or is_acknowledgement(text, stream):
        acknowledged = is_acknowledgement(text, stream)
        return Reading(count, sentences, acknowledgement=acknowledged, level="N", p_experience=0.0)
    found = experience(stream)
    depth = (by or depth_model(language)).judge(stream, found.features, before)
    only_faux = found.faux and all(words.startswith(("feel", "felt")) for words in found.evidence)
    p = min(depth.p, config.faux) if only_faux else depth.p
    inner = p >= config.inner
    question = is_question(text, stream)
    request = is_request(stream)
    logistics = is_logistics(stream, inner)
    elsewhere = not inner and is_non_personal(stream, going_on=going_on)
    nothing, event, mixed, experienced = depth.levels
    if inner:
        level = "3" if experienced >= mixed else "2"
    else:
        no_share = question or request or logistics or elsewhere
        level = "1" if event >= config.event * (nothing + event) and not no_share else "N"
    return Reading(
        count,
        sentences,
        question=question,
        request=request,
        logistics=logistics,
        elsewhere=elsewhere,
        unfinished=is_unfinished(stream),
        excuses_haste=excuses_haste(stream),
        level=level,
        p_experience=round(p, 3),
        kinds=found.kinds if inner else (),
        faux=found.faux,
        evidence=found.evidence or (depth.because if inner else ()),
        alone=depth.z,
    )


def sentence_count(text: str, config: ReadingConfig = ReadingConfig()) -> int:
    """The approximate number of sentences in `text`: by its end marks, and by length where they are missing.

    >>> sentence_count("I went. She stayed."), sentence_count("so " * 36), sentence_count("")
    (2, 3, 0)
    """
    lengths = [len(_WORD.findall(part)) for part in _END.split(text)]
    return sum(1 if n <= config.unmarked else round(n / config.clause) for n in lengths if n)
