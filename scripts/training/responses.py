"""Trains response kinds on practitioners' acts, everyday answers and written examples, and cross-validates them.

The practitioners' data has five labels, of which "other" includes own stories, reassurance and acknowledgements.
Therefore the first step is trained on everything with those merged into "rest", and the second step splits the rest,
trained on data that distinguishes them. Every answer is used as typed and bare, with bare context. All sums run in a
fixed order on one thread, so training is reproducible on one machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from coach.meaning.encoder import WIDTH
from coach.meaning.log_linear import LogLinear
from coach.meaning.ngrams import NGRAMS
from coach.meaning.responses import (
    FIRST,
    SECOND,
    ResponseFeatures,
    likeliest,
    response_features,
    step_probabilities,
)
from scripts.training.corpus import EXAMPLES, FOLDS, bare, fold_of
from scripts.training.features import by_slot, encode, matrix, scores

Array = NDArray[Any]

PRACTICE, TALK, WRITTEN = "practitioners", "talk", "examples"
WEIGHT = {PRACTICE: 1.0, TALK: 0.3, WRITTEN: 0.3}  # several annotators labelled each practitioner's act
ENCODED, ENCODED_BEFORE = 0.05, 0.03  # scale of one encoder deviation relative to one listed feature
SEEN = 5  # n-grams with fewer occurrences in both copies together get no weight
STRENGTH, ROUNDS = 1.0, 150
KINDS = len(FIRST) + len(SECOND)

_ENCODED: dict[str, Array] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` answers `before`, both as typed; `response` is the human label, or None."""

    text: str
    before: str
    response: str
    group: str
    source: str


def read_answers(data: Path, examples: Path = EXAMPLES / "responses") -> list[Answer]:
    """Training data: `responses_train.jsonl`, answers in `depth_train.jsonl`, and the written examples."""
    talk = _lines(data / "depth_train.jsonl")
    places = {row["id"]: place for place, row in enumerate(talk)}
    found = []
    for row in _lines(data / "responses_train.jsonl"):
        before = before_in(talk, places[row["id"]])
        found.append(Answer(row["text"], before, row["response"], row["conversation"], PRACTICE))
    for place, row in enumerate(talk):
        if row["response"] and row["source"] != "AnnoMI":
            found.append(Answer(row["text"], before_in(talk, place), row["response"], row["conversation"], TALK))
    for file in sorted(examples.glob("*.jsonl")):
        for row in _lines(file):
            response = row["response"].replace("_", " ")
            found.append(Answer(row["text"], row["before"], response, f"{file.stem}:{row['group']}", WRITTEN))
    return found


def before_in(talk: Sequence[dict[str, Any]], place: int) -> str:
    """The other person's last consecutive stretches before the speaker at `place` began."""
    row = talk[place]
    same = [k for k in range(max(0, place - 40), place) if talk[k]["conversation"] == row["conversation"]]
    while same and talk[same[-1]]["who"] == row["who"]:
        same.pop()
    other = talk[same[-1]]["who"] if same else None
    said: list[str] = []
    while same and talk[same[-1]]["who"] == other:
        said.append(talk[same.pop()]["text"])
    return " ".join(reversed(said))


def _lines(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@dataclass(frozen=True, slots=True)
class Seen:
    """Features of some answers: `lists` (n, f, named by `listed`), `runs` (n, slots), `encoded` (n, 768); and which are
    acknowledgements (n,), which a rule decides."""

    listed: tuple[str, ...]
    lists: sparse.csr_matrix
    runs: sparse.csr_matrix
    encoded: Array
    acknowledges: Array

    def rows(self, chosen: Array) -> Seen:
        return Seen(self.listed, self.lists[chosen], self.runs[chosen], self.encoded[chosen], self.acknowledges[chosen])


def seen(looks: Sequence[ResponseFeatures], listed: Sequence[str] | None = None) -> Seen:
    """The features in `looks` as matrices. Features are named by those found, unless given."""
    names = tuple(listed) if listed is not None else tuple(sorted({name for each in looks for name in each.listed}))
    column = {name: k for k, name in enumerate(names)}
    lists = [{column[name]: value for name, value in each.listed.items() if name in column} for each in looks]
    runs = matrix([by_slot(each.ngrams) for each in looks], NGRAMS.slots)
    encode((text for each in looks for text in (each.said, each.before)), _ENCODED)
    vectors = np.array([np.concatenate([_ENCODED[each.said], _ENCODED[each.before]]) for each in looks], np.float32)
    rule = np.array(["acknowledges" in each.listed for each in looks])
    return Seen(names, matrix(lists, len(names)), runs, vectors, rule)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Every answer typed and bare: features, step-one class, step-two class (−1: not used), fold and weight."""

    seen: Seen
    first: Array
    second: Array
    fold: Array
    weight: Array

    def fit(self, without: int | None = None) -> dict[str, Array]:
        """The arrays of `responses.npz`, from all rows or those outside fold `without`; examples belong to no fold."""
        chosen = np.arange(len(self.fold)) if without is None else np.flatnonzero(self.fold != without)
        taught = self.seen.rows(chosen)
        centre, spread = taught.encoded.mean(axis=0), np.maximum(taught.encoded.std(axis=0), 1e-6)
        worth = np.repeat([ENCODED, ENCODED_BEFORE], WIDTH)
        kept = np.flatnonzero(np.diff(taught.runs.tocsc().indptr) >= SEEN)
        vectors = sparse.csr_matrix((taught.encoded - centre) / spread * worth)
        everything = sparse.hstack([taught.lists, taught.runs[:, kept], vectors]).tocsr()
        weights = np.zeros((everything.shape[1], KINDS))
        intercept = np.zeros(KINDS)
        splits = np.flatnonzero(self.second[chosen] >= 0)
        for rows, classes, columns in (
            (np.arange(len(chosen)), self.first[chosen], slice(0, len(FIRST))),
            (splits, self.second[chosen][splits], slice(len(FIRST), KINDS)),
        ):
            model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=1e-3)
            model.fit(everything[rows], classes, sample_weight=self.weight[chosen][rows])
            weights[:, columns], intercept[columns] = model.coef_.T, model.intercept_
        lists, runs, encoded = np.split(weights, [len(taught.listed), len(taught.listed) + len(kept)])
        grams = np.zeros((NGRAMS.slots, KINDS))
        grams[kept] = runs
        step = np.maximum(np.abs(grams).max(axis=0), 1e-6) / 127
        return {
            "listed": np.array(taught.listed),
            "lists": lists.astype(np.float32),
            "grams": np.round(grams / step).astype(np.int8),
            "grams.step": step.astype(np.float32),
            "encoded": (encoded * worth[:, None]).astype(np.float16),
            "centre": centre.astype(np.float32),
            "spread": spread.astype(np.float32),
            "intercept": intercept.astype(np.float32),
            "sharpness": np.ones(2, np.float32),
        }


def lessons(answers: Sequence[Answer]) -> Lessons:
    """`answers` typed and bare."""
    looks = [response_features(way(answer.text), bare(answer.before)) for way in (str, bare) for answer in answers]
    rows = [*answers, *answers]
    first = [FIRST.index(row.response) if row.response in FIRST else FIRST.index("rest") for row in rows]
    second = [SECOND.index(row.response) if _splits(row) else -1 for row in rows]
    return Lessons(
        seen(looks),
        np.array(first),
        np.array(second),
        np.array([-1 if row.source == WRITTEN else fold_of(row.group) for row in rows]),
        np.array([WEIGHT[row.source] for row in rows]),
    )


def _splits(answer: Answer) -> bool:
    return answer.source != PRACTICE and answer.response in SECOND


def cross_validate(
    answers: Sequence[Answer], taught: Lessons, ways: dict[str, Callable[[str], str]], say: Callable[[str], None]
) -> dict[str, tuple[Array, Seen]]:
    """For each of `ways` of writing the scores (n, 8) of all answers but the examples, by weights that never saw their
    conversation, and the features."""
    judged = [answer for answer in answers if answer.source != WRITTEN]
    folds = np.array([fold_of(answer.group) for answer in judged])
    looks = {
        name: seen([response_features(way(a.text), bare(a.before)) for a in judged], taught.seen.listed)
        for name, way in ways.items()
    }
    score = {name: np.zeros((len(judged), KINDS)) for name in ways}
    for held in range(FOLDS):
        model = LogLinear.from_arrays(taught.fit(without=held))
        for name, found in looks.items():
            chosen = np.flatnonzero(folds == held)
            rows = found.rows(chosen)
            score[name][chosen] = scores(model, rows.lists, rows.runs, rows.encoded)
        say(f"responses: fold {held + 1} of {FOLDS}")
    return {name: (score[name], looks[name]) for name in ways}


def fit_sharpness(answers: Sequence[Answer], scores: Array) -> Array:
    """Maximum-likelihood scale factors of the two steps' scores (n, 8), on a grid of 0.05.

    The first is fitted on practitioners, the second on other talk.
    """
    judged = [answer for answer in answers if answer.source != WRITTEN]
    practice = [k for k, answer in enumerate(judged) if answer.source == PRACTICE]
    split = [k for k, answer in enumerate(judged) if _splits(answer)]
    found = []
    for step, rows in enumerate((practice, split)):
        names = (FIRST, SECOND)[step]
        true = [names.index(judged[k].response) if judged[k].response in names else len(FIRST) - 1 for k in rows]
        losses = []
        for factor in np.arange(0.3, 2.01, 0.05):
            shares = step_probabilities(scores[rows], np.array([factor, factor], np.float32))[step]
            losses.append((-np.log(shares[np.arange(len(rows)), true] + 1e-12).sum(), float(factor)))
        found.append(min(losses)[1])
    return np.array(found, np.float32)


def kinds(scores: Array, found: Seen, sharpness: Array) -> tuple[list[str], Array]:
    """The kind of every answer from `respond`, before it abstains, and its probability (n,)."""
    names, sure = [], []
    for first, second, rule in zip(*step_probabilities(scores, sharpness), found.acknowledges, strict=True):
        name, p = ("backchannel", 1.0) if rule else likeliest(first, second)
        names.append(name)
        sure.append(p)
    return names, np.array(sure)


def learn(answers: Sequence[Answer], say: Callable[[str], None]) -> dict[str, Array]:
    """The arrays of `responses.npz`, trained on everything; sharpness is fitted on cross-validated, bare text."""
    taught = lessons(answers)
    scores, _ = cross_validate(answers, taught, {"bare": bare}, say)["bare"]
    table = taught.fit()
    table["sharpness"] = fit_sharpness(answers, scores)
    return table
