"""Judges runs of about 110 words of one person's sharing: a measure of the judge of depth, not of the cues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from scripts.training.corpus import FOLDS, Utterance, bare, fold_of
from scripts.training.depth import Judged

Array = NDArray[Any]

WORDS = 110  # about 45 s of talk
FLOOR = 0.02  # least heat of a run
_CERTAIN = 0.999


@dataclass(frozen=True, slots=True)
class MadeRun:
    """Consecutive stretches of one person: group, heat, and whether all are event level."""

    group: str
    heat: float
    event: bool


def run_places(talk: Sequence[Utterance], labelled: Sequence[int]) -> list[list[int]]:
    """Spoken conversations split into runs: each person's consecutive labelled stretches up to WORDS words.

    `labelled` and the result are indices in the talk.
    """
    found: list[list[int]] = []
    open_runs: dict[tuple[str, str], list[int]] = {}
    for place in labelled:
        stretch = talk[place]
        if stretch.spoken:
            run = open_runs.setdefault((stretch.group, stretch.who), [])
            run.append(place)
            if sum(len(bare(talk[k].text).split()) for k in run) >= WORDS:
                found.append(open_runs.pop((stretch.group, stretch.who)))
    return found


def made_runs(talk: Sequence[Utterance], judged: Judged) -> list[MadeRun]:
    """The runs of `run_places` with their judgements and labels."""
    at = {place: k for k, place in enumerate(judged.labelled)}
    found = []
    for run in run_places(talk, judged.labelled):
        heat = -sum(log(1 - min(float(judged.p[at[place]]), _CERTAIN)) for place in run)
        found.append(MadeRun(talk[run[0]].group, heat, not any(judged.inner[at[place]] for place in run)))
    return found


def fit_heat(runs: Sequence[MadeRun]) -> tuple[float, float]:
    """Offset and slope of logit P(all event) = offset − slope · ln(heat + FLOOR)."""
    heat = np.array([[log(run.heat + FLOOR)] for run in runs])
    model = LogisticRegression(C=10.0).fit(heat, [run.event for run in runs])
    return float(model.intercept_[0]), float(-model.coef_[0, 0])


def cross_validated(runs: Sequence[MadeRun]) -> tuple[Array, Array]:
    """Cross-validated P(all event) of every run, and its label."""
    folds = np.array([fold_of(run.group) for run in runs])
    p = np.zeros(len(runs))
    for held in range(FOLDS):
        offset, slope = fit_heat([run for run, fold in zip(runs, folds, strict=True) if fold != held])
        for k in np.flatnonzero(folds == held).tolist():
            p[k] = 1 / (1 + np.exp(-(offset - slope * log(runs[k].heat + FLOOR))))
    return p, np.array([run.event for run in runs])


def precision_at(p: Array, true: Array, recall: float) -> tuple[float, float]:
    """The precision at the highest threshold that reaches `recall`, and that threshold."""
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(true[order])
    k = int(np.searchsorted(hits, recall * true.sum()))
    return float(hits[k] / (k + 1)), float(p[order[k]])
