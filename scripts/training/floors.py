"""Baselines on the same folds: logistic regression on TF-IDF of words and letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from scripts.training.corpus import FOLDS, Utterance, bare, fold_of
from scripts.training.responses import Answer

Array = NDArray[Any]


def plain_classifier(strength: float) -> Any:
    """A logistic regression on lower-case n-grams of one to three words and two to five letters."""
    words = TfidfVectorizer(ngram_range=(1, 3), min_df=2, sublinear_tf=True, token_pattern=r"[^ ]+")
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)
    return make_pipeline(make_union(words, letters), LogisticRegression(C=strength, max_iter=200))


def floor_of_depth(talk: Sequence[Utterance], ways: Mapping[str, Callable[[Utterance], str]]) -> dict[str, Array]:
    """p of inner (n,) of every labelled stretch for each text variant; trained on bare text."""
    labelled = [stretch for stretch in talk if stretch.level]
    inner = np.array([stretch.level in ("2", "3") for stretch in labelled])
    folds = np.array([fold_of(stretch.group) for stretch in labelled])
    p = {name: np.zeros(len(labelled)) for name in ways}
    for held in range(FOLDS):
        learned, judged = (np.flatnonzero(which).tolist() for which in (folds != held, folds == held))
        model = plain_classifier(1.0).fit([bare(labelled[k].text) for k in learned], inner[learned])
        for name, way in ways.items():
            p[name][judged] = model.predict_proba([way(labelled[k]) for k in judged])[:, 1]
    return p


def floor_of_responses(answers: Sequence[Answer], ways: Mapping[str, Callable[[str], str]]) -> dict[str, Array]:
    """The kind of each answer (n,) for each text variant; trained on bare text."""
    true = np.array([answer.response for answer in answers])
    folds = np.array([fold_of(answer.group) for answer in answers])
    said = {name: np.empty(len(answers), object) for name in ways}
    for held in range(FOLDS):
        learned, judged = (np.flatnonzero(which).tolist() for which in (folds != held, folds == held))
        model = plain_classifier(3.0).fit([bare(answers[k].text) for k in learned], true[learned])
        for name, way in ways.items():
            said[name][judged] = model.predict([way(answers[k].text) for k in judged])
    return said
