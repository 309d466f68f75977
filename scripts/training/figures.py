"""The figures of docs/depth.md, from cross-validated judgements and human labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from coach.meaning.kinds import experience
from coach.meaning.reading import ReadingConfig
from coach.meaning.tokens import tokens
from scripts.training.corpus import KINDS, LEVELS, Utterance
from scripts.training.depth import Judged

Array = NDArray[Any]


def part(judged: Judged, chosen: Array) -> Judged:
    """The judgements selected by the mask `chosen` (n,)."""
    rows = np.flatnonzero(chosen)
    kept = (each[rows] for each in (judged.levels, judged.z, judged.p, judged.inner, judged.spoken, judged.before))
    return Judged([judged.labelled[k] for k in rows], *kept)


def auc(judged: Judged, source: str | None = None, talk: Sequence[Utterance] = ()) -> float:
    """AUC of inner levels (2, 3) against the rest, on the spoken part or on one source."""
    chosen = judged.spoken
    if source is not None:
        chosen = np.array([talk[place].source == source for place in judged.labelled])
    return float(roc_auc_score(judged.inner[chosen], judged.p[chosen]))


def f1(judged: Judged) -> float:
    """F1 of inner on the spoken part at `ReadingConfig.inner`."""
    return float(f1_score(judged.inner[judged.spoken], judged.p[judged.spoken] >= ReadingConfig().inner))


def four_levels(talk: Sequence[Utterance], judged: Judged) -> float:
    """Kappa of the four levels on the spoken part, decided as in `read`."""
    said, true = [], []
    for k in np.flatnonzero(judged.spoken):
        nothing, event, mixed, experienced = judged.levels[k]
        if judged.p[k] >= ReadingConfig().inner:
            said.append("3" if experienced >= mixed else "2")
        else:
            said.append("1" if event >= ReadingConfig().event * (nothing + event) else "N")
        true.append(talk[judged.labelled[k]].level)
    return float(cohen_kappa_score(true, said, labels=list(LEVELS)))


def calibration(judged: Judged, bins: int = 10) -> tuple[list[tuple[float, float, int]], float]:
    """Rows of (mean p, share inner, count) for tenths of p on the spoken part, and the expected calibration error."""
    p, inner = judged.p[judged.spoken], judged.inner[judged.spoken]
    place = np.minimum((p * bins).astype(int), bins - 1)
    rows = [
        (float(p[place == b].mean()), float(inner[place == b].mean()), int((place == b).sum()))
        for b in range(bins)
        if (place == b).any()
    ]
    return rows, sum(count * abs(mean - share) for mean, share, count in rows) / len(p)


def kinds(
    talk: Sequence[Utterance], judged: Judged, way: Callable[[Utterance], str]
) -> dict[str, tuple[float, float, int]]:
    """Precision, recall and count of each kind in the judged talk, in the text variant `way`."""
    said = []
    for place, p in zip(judged.labelled, judged.p, strict=True):
        said.append(set(experience(tokens(way(talk[place]))).kinds) if p >= ReadingConfig().inner else set())
    found = {}
    for kind in KINDS:
        true = [kind in talk[place].kinds for place in judged.labelled]
        hits = sum(kind in s and t for s, t in zip(said, true, strict=True))
        named = sum(kind in s for s in said)
        found[kind] = (hits / max(1, named), hits / max(1, sum(true)), sum(true))
    return found
