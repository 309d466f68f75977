"""One stretch of talk, read: how deep, of what kind, and what it does towards the other.

Depth is judged by `depth.py`, with what the same person said before; kinds, judgements dressed as feelings and evidence
come from lists and grammar (`experience.py`). Levels are the codebook's: N no sharing, 1 event, 2 mixed, 3 experience.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from coach.meaning.depth import FAR_BEFORE, depth_model
from coach.meaning.dialogue_acts import is_acknowledgement, is_logistics, is_request
from coach.meaning.kinds import experience
from coach.meaning.non_personal import tells_elsewhere
from coach.meaning.questions import is_question
from coach.meaning.tokens import tokens, words_only

LANGUAGES = frozenset(("en",))
SENTENCE = 12  # words: what one clause takes, where nothing marks its end (spoken English, rounded)
UNMARKED = 22  # words: a sentence longer than this is taken to lack its marks
INNER_AT = 0.35  # p_experience from which the level is 2 or 3: the best F1 lies between .30 and .35
TOLD = 0.6  # share of level 1 in N and 1 from which it is told of one's own: what is no share must not feed a run
JUDGED = 0.2  # highest p of a judgement dressed as a feeling with nothing more inward: event level by definition

_END = re.compile(r"[.!?;…。！？]+|\n")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What `read` found in one stretch.

    `count` words in about `sentences` sentences. `acknowledgement`, `question`, `request` and `logistics` are what the
    stretch does; `elsewhere` says that it tells of a film, the news or a joke. `level` is "N", "1", "2" or "3" and
    `p_experience` how likely it tells the speaker's own inner experience; both are None in a language without a
    lexicon. `kinds` are names of kinds of experience, `faux` says that a judgement came dressed as a feeling, and
    `evidence` holds the words that made it so. `alone` are the log-odds of experience by these words alone: what the
    person's next stretches are read after; None where there are none.
    """

    count: int
    sentences: int
    acknowledgement: bool = False
    question: bool = False
    request: bool = False
    logistics: bool = False
    elsewhere: bool = False
    level: str | None = None
    p_experience: float | None = None
    kinds: tuple[str, ...] = ()
    faux: bool = False
    evidence: tuple[str, ...] = ()
    alone: float | None = None


class Reader:
    """Reads the stretches of several people in the order they came, each after what the same person said before."""

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._before: dict[str, deque[float]] = {}
        self._elsewhere = False  # whether the talk is of a film, the news or a joke, whoever speaks

    def read(self, who: str, text: str) -> Reading:
        """What `who` tells in this stretch; see `read`."""
        before = self._before.setdefault(who, deque(maxlen=FAR_BEFORE))
        reading = read(text, self._language, tuple(before), going_on=self._elsewhere)
        if reading.alone is not None:
            before.append(reading.alone)
            self._elsewhere = reading.elsewhere or (self._elsewhere and reading.question)  # who asks does not end it
        return reading


def read(text: str, language: str = "en", before: Sequence[float] = (), *, going_on: bool = False) -> Reading:
    """What one stretch of one person's talk tells, typed or recognised, with or without punctuation.

    `before` are `Reading.alone` of what the same person said before it, the last one last; `going_on` says that the
    talk before it was of a film, the news or a joke. `Reader` keeps both.

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
    depth = depth_model(language).judge(stream, found.features, before)
    only_judged = found.faux and all(words.startswith(("feel", "felt")) for words in found.evidence)
    p = min(depth.p, JUDGED) if only_judged else depth.p
    inner = p >= INNER_AT
    question = is_question(text, stream)
    request = is_request(stream)
    logistics = is_logistics(stream, inner)
    elsewhere = not inner and tells_elsewhere(stream, going_on=going_on)
    nothing, event, mixed, experienced = depth.levels
    if inner:
        level = "3" if experienced >= mixed else "2"
    else:
        no_share = question or request or logistics or elsewhere
        level = "1" if event >= TOLD * (nothing + event) and not no_share else "N"
    return Reading(
        count,
        sentences,
        question=question,
        request=request,
        logistics=logistics,
        elsewhere=elsewhere,
        level=level,
        p_experience=round(p, 3),
        kinds=found.kinds if inner else (),
        faux=found.faux,
        evidence=found.evidence or (depth.because if inner else ()),
        alone=depth.z,
    )


def sentence_count(text: str) -> int:
    """About how many sentences `text` holds: by its marks, and by length where marks are missing.

    >>> sentence_count("I went. She stayed."), sentence_count("so " * 36), sentence_count("")
    (2, 3, 0)
    """
    lengths = [len(_WORD.findall(part)) for part in _END.split(text)]
    return sum(1 if n <= UNMARKED else round(n / SENTENCE) for n in lengths if n)
