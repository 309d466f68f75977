"""Runs of about 110 words of one person's sharing, and what the sum of their doubts means: the numbers of `runs.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from training.corpus import FOLDS, Stretch, bare, fold_of
from training.depth import Judged

Array = NDArray[Any]

WORDS = 110  # about what 45 s of talk hold
FLOOR = 0.02  # heat that the surest run is taken to have
_CERTAIN = 0.999


@dataclass(frozen=True, slots=True)
class MadeRun:
    """Some stretches of one person in a row: their group, their heat, and whether all of them are event level."""

    group: str
    heat: float
    event: bool


def made_runs(talk: Sequence[Stretch], judged: Judged) -> list[MadeRun]:
    """Spoken conversations cut into runs: each person's labelled stretches in a row until WORDS are reached."""
    found: list[MadeRun] = []
    open_runs: dict[tuple[str, str], tuple[int, float, bool]] = {}
    for place, p, inner in zip(judged.labelled, judged.p, judged.inner, strict=True):
        stretch = talk[place]
        if not stretch.spoken:
            continue
        key = (stretch.group, stretch.who)
        words, heat, event = open_runs.get(key, (0, 0.0, True))
        words += len(bare(stretch.text).split())
        heat -= log(1 - min(float(p), _CERTAIN))
        event = event and not inner
        if words >= WORDS:
            found.append(MadeRun(stretch.group, heat, event))
            words, heat, event = 0, 0.0, True
        open_runs[key] = (words, heat, event)
    return found


def fit_heat(runs: Sequence[MadeRun]) -> tuple[float, float]:
    """OFFSET and SLOPE of logit P(all event) = OFFSET − SLOPE · ln(heat + FLOOR)."""
    heat = np.array([[log(run.heat + FLOOR)] for run in runs])
    model = LogisticRegression(C=10.0).fit(heat, [run.event for run in runs])
    return float(model.intercept_[0]), float(-model.coef_[0, 0])


def cross_validated(runs: Sequence[MadeRun]) -> tuple[Array, Array]:
    """P(all event) of every run by numbers that never saw its conversation, and what is true of it."""
    folds = np.array([fold_of(run.group) for run in runs])
    p = np.zeros(len(runs))
    for held in range(FOLDS):
        offset, slope = fit_heat([run for run, fold in zip(runs, folds, strict=True) if fold != held])
        for k in np.flatnonzero(folds == held):
            p[k] = 1 / (1 + np.exp(-(offset - slope * log(runs[k].heat + FLOOR))))
    return p, np.array([run.event for run in runs])


def precision_at(p: Array, true: Array, recall: float) -> tuple[float, float]:
    """The precision at the highest threshold that reaches `recall`, and that threshold."""
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(true[order])
    k = int(np.searchsorted(hits, recall * true.sum()))
    return float(hits[k] / (k + 1)), float(p[order[k]])
