"""How somebody answers what another has shared: says it back, asks, advises, tells their own story, consoles.

    words ─┬─► is it an acknowledgement, a question, a request; whose words come back; "you" and "I"   ─┐
           ├─► one to three words in a row; the same at the beginning and in the last sentence  ├─► which kind
           └─► the encoder: what the answer is like, and what the talk before it was like                ─┘

Two steps, because the talk that we learn from tells only five kinds apart: first reflection, open question, detail
question, advice or none of them, then whether "none of them" is an own story, reassurance or something else. What is an
acknowledgement from end to end is a backchannel by rule. "Have you tried…?" is advice although it asks, by rule.

What is unsure is called "other": nobody is told that they gave advice on a guess.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log1p

import numpy as np
from numpy.typing import NDArray

from coach.core.resources import load_weights
from coach.meaning.dialogue_acts import is_acknowledgement, is_request
from coach.meaning.encoder import Encoder, Floats, encoder
from coach.meaning.log_linear import Weighing, floats, shares, unpacked
from coach.meaning.ngrams import grams, slot
from coach.meaning.questions import is_question, is_suggestion
from coach.meaning.reading import Reading
from coach.meaning.tokens import STOP, sentences, tokens, word_set, words_only

FIRST = ("reflection", "open question", "detail question", "advice", "rest")
SECOND = ("own story", "reassurance", "other")
RESPONSES = (*FIRST[:-1], *SECOND[:-1], "backchannel", "other")
SURE = 0.3  # probability below which a kind is not told, and the response is "other"
SURE_OF = {"advice": 0.6, "own story": 0.4, "reassurance": 0.4}  # with precision about .75 on unseen talk
BEFORE = 60  # words of the other's talk that a response is judged by
SUGGESTED = 0.8  # p of a suggestion that asks: advice by definition; too rare in labelled talk to be measured
_HEAD = 4  # words at a beginning that say what a sentence does
_HEAD_WORTH = 0.7  # of a beginning against the whole
_LONG = 25  # words: more than a reflection or a question mostly takes

_PLAIN = word_set(  # words that come back in any talk
    "i you he she it we they the a an and or but so to of in on at for with is are was were be been am have has had do "
    "does did not that this there what your my me just like really very um uh oh well okay yeah know think mean as if "
    "from about up out can could would will all one got get"
)
_YOU, _ME = word_set("you your yourself yours"), word_set("i my me mine myself")
_UNFINISHED = word_set("and but so to the of that or like because")


@dataclass(frozen=True, slots=True)
class Response:
    """`kind` is one of RESPONSES and `p` how likely it is; `because` are the words that spoke most for it."""

    kind: str
    p: float
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looks:
    """What the model sees: `listed` features by name, `runs` of words, and what the encoder reads of both people."""

    listed: Mapping[str, float]
    runs: Mapping[str, float]
    said: str
    before: str


@dataclass(frozen=True, slots=True)
class ResponseModel:
    """`words` weighs what is listed, runs of words and both vectors of the encoder (768,) for each of FIRST and then
    of SECOND; `sharpness` (2,) makes the two steps' probabilities as sure as they should be."""

    words: Weighing
    sharpness: Floats

    def judge(self, looks: Looks, *, by: Encoder | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The probabilities of FIRST, (5,), and of SECOND where it is none of the first four, (3,)."""
        vector = (by or encoder()).encode(looks.said, looks.before).reshape(-1)
        return both_steps(self.words.score(looks.listed, self.words.toward(looks.runs), vector), self.sharpness)

    def because(self, looks: Looks, column: int) -> tuple[str, ...]:
        """The runs of words that spoke most for a column, strongest first, beginnings written as the words alone."""
        worth: dict[str, float] = {}
        rest = [c for c in range(len(FIRST) + len(SECOND)) if c != column and (c < len(FIRST)) == (column < len(FIRST))]
        for run, value in looks.runs.items():
            weights = self.words.grams[slot(run)]
            words = run.lstrip("^$")
            worth[words] = worth.get(words, 0.0) + value * float(weights[column] - weights[rest].mean())
        told = sorted((words for words in worth if worth[words] > 0), key=lambda w: (-worth[w], w))
        return tuple(told[:3])


def respond(text: str, before: str = "") -> Response:
    """The kind of the answer `text` to `before`, which another person said; typed or recognised.

    >>> respond("mm-hm").kind, respond("What was that like for you?", "My father died in May.").kind
    ('backchannel', 'open question')
    """
    stream = tokens(text)
    if is_acknowledgement(text, stream):
        return Response("backchannel", 1.0)
    looks = look(text, before)
    if not looks.said:
        return Response("other", 1.0)
    if is_suggestion(stream):
        return Response("advice", SUGGESTED)
    model = response_model()
    kind, p = told(*model.judge(looks))
    if doubted(kind, p) != kind:
        return Response("other", round(1 - p, 3))
    column = FIRST.index(kind) if kind in FIRST else len(FIRST) + SECOND.index(kind)
    return Response(kind, round(p, 3), model.because(looks, column))


def told(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[str, float]:
    """The likeliest kind of both steps together, and its probability.

    >>> told(np.array([0.1, 0.1, 0.1, 0.1, 0.6]), np.array([0.7, 0.2, 0.1]))
    ('own story', 0.42)
    """
    shares = [*first[:-1], *(first[-1] * second)]
    names = (*FIRST[:-1], *SECOND)
    best = int(np.argmax(first))
    if FIRST[best] == "rest":
        best = len(FIRST) - 1 + int(np.argmax(second))
    return names[best], round(float(shares[best]), 6)


def doubted(kind: str, p: float) -> str:
    """What is told of an answer whose likeliest kind is `kind` with probability `p`: "other" where that is unsure."""
    return kind if kind == "other" or p >= SURE_OF.get(kind, SURE) else "other"


def look(text: str, before: str = "") -> Looks:
    """The features of the answer `text` to `before`."""
    stream = tokens(text)
    words = words_only(stream)
    earlier = words_only(tokens(before))[-BEFORE:]
    return Looks(
        listed=_listed(text, stream, words, earlier),
        runs=_runs(stream, words),
        said=" ".join(words),
        before=" ".join(earlier),
    )


def _listed(text: str, stream: Sequence[str], words: Sequence[str], earlier: Sequence[str]) -> dict[str, float]:
    n = max(1, len(words))
    marked = any(mark in text for mark in ".?!")
    asks = is_question(text, stream)
    own = set(words) - _PLAIN
    found: dict[str, float] = {
        "asks": asks,
        "asks, unmarked": asks and marked and "?" not in text,
        "mark": "?" in text,
        "mark at the end": text.rstrip().endswith("?"),
        "mark inside": "?" in text and not text.rstrip().endswith("?"),
        "marked": marked,
        "acknowledges": is_acknowledgement(text, stream),
        "requests": is_request(stream),
        "words": min(log1p(len(words)) / 3, 2.0),
        "one word": len(words) <= 1,
        "few words": len(words) <= 3,
        "many words": len(words) > _LONG,
        "words of the other": len(own & set(earlier)) / max(1, len(own)),
        "you": any(word in _YOU for word in words),
        "i": any(word in _ME for word in words),
        "share of you": 3 * sum(word in _YOU for word in words) / n,
        "share of i": 3 * sum(word in _ME for word in words) / n,
        "unfinished": bool(words) and words[-1] in _UNFINISHED,
        "cut off": text.rstrip().endswith("-"),
        "nothing before": not earlier,
        "words before": min(log1p(len(earlier)) / 3, 2.0),
    }
    return {name: float(value) for name, value in found.items() if value}


def _runs(stream: Sequence[str], words: Sequence[str]) -> dict[str, float]:
    """Runs of words of the whole, of its beginning ("^") and of its last sentence's ("$"), with their worth."""
    found = dict(grams(words)) if words else {}
    parts = [("^", words[:_HEAD])]
    if STOP in stream and words:
        parts.append(("$", sentences(stream)[-1][:_HEAD]))
    for mark, part in parts:
        if part:
            found.update({mark + run: _HEAD_WORTH * value for run, value in grams(part).items()})
    return found


def both_steps(score: NDArray[np.float64], sharpness: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities of FIRST and of SECOND from scores (…, 8)."""
    cut = len(FIRST)
    return shares(score[..., :cut] * sharpness[0]), shares(score[..., cut:] * sharpness[1])


@cache
def response_model(language: str = "en") -> ResponseModel:
    """The weights that ship for `language`."""
    table = load_weights("coach.meaning", "weights", language, "responses.npz")
    return ResponseModel(unpacked(table), floats(table, "sharpness"))


class Answers:
    """Says of each stretch, in the order they came, how it answers what others had just shared."""

    def __init__(self) -> None:
        self._said: deque[tuple[str, str, bool]] = deque(maxlen=2 * BEFORE)  # who, text, is it sharing

    def hear(self, who: str, text: str, reading: Reading) -> Response | None:
        """The response that `text`, read as `reading`, is; None where nobody else has just shared anything."""
        before = self._others(who)
        sharing = reading.level in ("1", "2", "3")
        self._said.append((who, text, sharing))
        if reading.level is None or before is None:
            return None
        return respond(text, before)

    def _others(self, who: str) -> str | None:
        """The last BEFORE words of whoever spoke last but `who`; None where no stretch among them shares anything."""
        other = next((name for name, _, _ in reversed(self._said) if name != who), None)
        if other is None:
            return None
        words, shared, texts = 0, False, []
        for name, text, sharing in reversed(self._said):
            if name == other and words < BEFORE:
                texts.append(text)
                shared = shared or sharing
                words += len(text.split())
        return " ".join(reversed(texts)) if shared else None
