"""A logistic model of each recording that has learnt from all others."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

RIDGE = 0.3  # inverse strength


def left_out(rows: np.ndarray, label: ArrayLike, talk: ArrayLike, weight: np.ndarray | None = None) -> np.ndarray:
    """The probability (n,) that each `label` (n,) holds, from `rows` (n, figures), by a model of the other recordings.

    `talk` (n,) names the recordings; `weight` (n,) is what each case counts when it is learnt from.
    """
    label, talk = np.asarray(label), np.asarray(talk)
    out = np.zeros(len(rows))
    for name in np.unique(talk):
        others, own = talk != name, talk == name
        model = make_pipeline(StandardScaler(), LogisticRegression(C=RIDGE))
        counts = None if weight is None else weight[others]
        model.fit(rows[others], label[others], logisticregression__sample_weight=counts)
        out[own] = model.predict_proba(rows[own])[:, 1]
    return out
