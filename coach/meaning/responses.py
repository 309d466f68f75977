"""The kind of an answer to what another person has shared: reflection, question, advice, own story, reassurance …

    words ─┬─► lists and grammar: acknowledgement, question, request; repeated words; "you" and "I"  ─┐
           ├─► n-grams of the answer, of its beginning and of the beginning of its last sentence      ├─► kind
           └─► the encoder: a vector for the answer, and one for the talk before it                  ─┘

The model has two steps, because most of the labelled talk distinguishes only five kinds: first reflection, open
question, detail question, advice, or "rest"; then whether the rest is an own story, reassurance or something else. Two
kinds follow by rule: a mere acknowledgement is a backchannel, and "have you tried…?" is advice although it asks.

An uncertain answer is "other", so that nobody is credited with advice on a guess.
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
from coach.meaning.log_linear import LogLinear, floats, softmax
from coach.meaning.ngrams import ngrams, slot
from coach.meaning.questions import is_question, is_suggestion
from coach.meaning.reading import Reading
from coach.meaning.tokens import STOP, sentences, tokens, word_set, words_only

FIRST = ("reflection", "open question", "detail question", "advice", "rest")  # classes of the first step
SECOND = ("own story", "reassurance", "other")  # classes of the second step

_PLAIN = word_set(  # words that recur in any talk
    "i you he she it we they the a an and or but so to of in on at for with is are was were be been am have has had do "
    "does did not that this there what your my me just like really very um uh oh well okay yeah know think mean as if "
    "from about up out can could would will all one got get"
)
_YOU, _ME = word_set("you your yourself yours"), word_set("i my me mine myself")
_UNFINISHED = word_set("and but so to the of that or like because")


@dataclass(frozen=True, slots=True)
class ResponseConfig:
    """The probabilities from which a kind of answer is reported; below them the answer is "other"."""

    least: float = 0.3  # for every kind without a threshold of its own
    advice: float = 0.6  # precision about .75 on unseen talk, as for the next two
    own_story: float = 0.4
    reassurance: float = 0.4
    suggestion: float = 0.8  # p of a suggestion in the form of a question: advice by rule, too rare to be measured

    def threshold(self, kind: str) -> float:
        """The least probability, 0 to 1, at which an answer is reported as of this kind."""
        own = {"advice": self.advice, "own story": self.own_story, "reassurance": self.reassurance}
        return own.get(kind, self.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFeatureConfig:
    """How an answer becomes features. The weights that ship were trained with these numbers."""

    context: int = 60  # words of the other person's talk before the answer
    head: int = 4  # words at the beginning of a sentence whose n-grams are features of their own
    head_value: float = 0.7  # of those n-grams, relative to the n-grams of the whole answer
    few: int = 3  # words that are few
    many: int = 25  # words; more are more than most reflections and questions have
    share: float = 3.0  # by which the shares of "you" and "I" are multiplied, so that they weigh like other features


FEATURES = ResponseFeatureConfig()


@dataclass(frozen=True, slots=True)
class Response:
    """`kind` is one of the RESPONSES of events, `p` its probability, `because` the words with the most weight."""

    kind: str
    p: float
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseFeatures:
    """The input of the model: `listed` features by name, `ngrams` with their values, and two texts for the encoder.

    `said` is the answer, `before` the last words of the other person, as many as `context` says.
    """

    listed: Mapping[str, float]
    ngrams: Mapping[str, float]
    said: str
    before: str


@dataclass(frozen=True, slots=True)
class ResponseModel:
    """`words` has one class for each of FIRST and then of SECOND, and takes both encoder vectors, (768,).

    `sharpness` (2,) are the inverse temperatures that calibrate the probabilities of the two steps.
    """

    words: LogLinear
    sharpness: Floats

    def judge(
        self, features: ResponseFeatures, *, by: Encoder | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The probabilities of FIRST, (5,), and those of SECOND given "rest", (3,). `by` replaces the encoder."""
        vector = (by or encoder()).encode(features.said, features.before).reshape(-1)
        scores = self.words.ngram_scores(features.ngrams)
        return step_probabilities(self.words.score(features.listed, scores, vector), self.sharpness)

    def because(self, features: ResponseFeatures, column: int) -> tuple[str, ...]:
        """The three n-grams with the most weight for a class, strongest first, without the marks of beginnings."""
        weight: dict[str, float] = {}
        rest = [c for c in range(len(FIRST) + len(SECOND)) if c != column and (c < len(FIRST)) == (column < len(FIRST))]
        for ngram, value in features.ngrams.items():
            weights = self.words.grams[slot(ngram)]
            words = ngram.lstrip("^$")
            weight[words] = weight.get(words, 0.0) + value * float(weights[column] - weights[rest].mean())
        strongest = sorted((words for words in weight if weight[words] > 0), key=lambda w: (-weight[w], w))
        return tuple(strongest[:3])


def respond(text: str, before: str = "", config: ResponseConfig = ResponseConfig()) -> Response:
    """The kind of the answer `text` to `before`, which another person said. Both may be typed or recognised.

    >>> respond("mm-hm").kind, respond("What was that like for you?", "My father died in May.").kind
    ('backchannel', 'open question')
    """
    stream = tokens(text)
    if is_acknowledgement(text, stream):
        return Response("backchannel", 1.0)
    features = response_features(text, before)
    if not features.said:
        return Response("other", 1.0)
    if is_suggestion(stream):
        return Response("advice", config.suggestion)
    model = response_model()
    kind, p = likeliest(*model.judge(features))
    if reported(kind, p, config) != kind:
        return Response("other", round(1 - p, 3))
    column = FIRST.index(kind) if kind in FIRST else len(FIRST) + SECOND.index(kind)
    return Response(kind, round(p, 3), model.because(features, column))


def likeliest(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[str, float]:
    """The likeliest kind after both steps, and its probability, from the output of `ResponseModel.judge`.

    >>> likeliest(np.array([0.1, 0.1, 0.1, 0.1, 0.6]), np.array([0.7, 0.2, 0.1]))
    ('own story', 0.42)
    """
    probabilities = [*first[:-1], *(first[-1] * second)]
    names = (*FIRST[:-1], *SECOND)
    best = int(np.argmax(first))
    if FIRST[best] == "rest":
        best = len(FIRST) - 1 + int(np.argmax(second))
    return names[best], round(float(probabilities[best]), 6)


def reported(kind: str, p: float, config: ResponseConfig = ResponseConfig()) -> str:
    """The kind that is reported if the likeliest one is `kind` with the probability `p`: `kind` itself, or "other"."""
    return kind if kind == "other" or p >= config.threshold(kind) else "other"


def response_features(text: str, before: str = "") -> ResponseFeatures:
    """The features of the answer `text` to `before`."""
    stream = tokens(text)
    words = words_only(stream)
    earlier = words_only(tokens(before))[-FEATURES.context :]
    return ResponseFeatures(
        listed=_listed(text, stream, words, earlier),
        ngrams=_ngrams(stream, words),
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
        "few words": len(words) <= FEATURES.few,
        "many words": len(words) > FEATURES.many,
        "words of the other": len(own & set(earlier)) / max(1, len(own)),
        "you": any(word in _YOU for word in words),
        "i": any(word in _ME for word in words),
        "share of you": FEATURES.share * sum(word in _YOU for word in words) / n,
        "share of i": FEATURES.share * sum(word in _ME for word in words) / n,
        "unfinished": bool(words) and words[-1] in _UNFINISHED,
        "cut off": text.rstrip().endswith("-"),
        "nothing before": not earlier,
        "words before": min(log1p(len(earlier)) / 3, 2.0),
    }
    return {name: float(value) for name, value in found.items() if value}


def _ngrams(stream: Sequence[str], words: Sequence[str]) -> dict[str, float]:
    """The n-grams of the answer, of its beginning (marked "^") and of its last sentence's beginning ("$")."""
    found = dict(ngrams(words)) if words else {}
    parts = [("^", words[: FEATURES.head])]
    if STOP in stream and words:
        parts.append(("$", sentences(stream)[-1][: FEATURES.head]))
    for mark, part in parts:
        if part:
            found.update({mark + ngram: FEATURES.head_value * value for ngram, value in ngrams(part).items()})
    return found


def step_probabilities(
    score: NDArray[np.float64], sharpness: Floats
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The probabilities of FIRST, (…, 5), and of SECOND, (…, 3), from scores (…, 8) and `sharpness` (2,)."""
    cut = len(FIRST)
    return softmax(score[..., :cut] * sharpness[0]), softmax(score[..., cut:] * sharpness[1])


@cache
def response_model(language: str = "en") -> ResponseModel:
    """The model that ships for `language`."""
    table = load_weights("coach.meaning", "weights", language, "responses.npz")
    return ResponseModel(LogLinear.from_arrays(table), floats(table, "sharpness"))


class Answers:
    """Classifies each stretch, in order, as an answer to what another person has just shared."""

    def __init__(self) -> None:
        self._said: deque[tuple[str, str, bool]] = deque(
            maxlen=2 * FEATURES.context
        )  # who, text, whether it is a share

    def hear(self, who: str, text: str, reading: Reading) -> Response | None:
        """The kind of the answer `text`, with its `reading`; None if nobody else has just shared anything."""
        before = self._last_shared_by_another(who)
        sharing = reading.level in ("1", "2", "3")
        self._said.append((who, text, sharing))
        if reading.level is None or before is None:
            return None
        return respond(text, before)

    def _last_shared_by_another(self, who: str) -> str | None:
        """The last words of the person who spoke last, other than `who`; None if none of them is a share."""
        other = next((name for name, _, _ in reversed(self._said) if name != who), None)
        if other is None:
            return None
        words, shared, texts = 0, False, []
        for name, text, sharing in reversed(self._said):
            if name == other and words < FEATURES.context:
                texts.append(text)
                shared = shared or sharing
                words += len(text.split())
        return " ".join(reversed(texts)) if shared else None
