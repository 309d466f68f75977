"""Feature matrices of many texts and their scores, shared by depth and responses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from coach.meaning.encoder import encoder
from coach.meaning.log_linear import LogLinear
from coach.meaning.ngrams import slot

Array = NDArray[Any]

BATCH = 32  # texts encoded together


def encode(texts: Iterable[str], known: dict[str, Array], tick: Callable[[int], None] | None = None) -> None:
    """Adds missing encoder vectors (384,) of `texts` to `known`, shortest text first.

    Encoding is by far the slowest step, so nothing is encoded twice. Each training uses a separate `known`, because the
    last bits of a vector depend on its batch, and sharing vectors would change the weights.
    """
    new = sorted({text for text in texts if text not in known}, key=lambda text: (len(text), text))
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        known.update(zip(batch, encoder().encode(*batch), strict=True))
        if tick is not None:
            tick(len(batch))


def by_slot(runs: Mapping[str, float]) -> dict[int, float]:
    """N-gram values by weight slot."""
    places: dict[int, float] = {}
    for run, value in runs.items():
        places[slot(run)] = places.get(slot(run), 0.0) + value
    return places


def matrix(rows: Sequence[Mapping[int, float]], columns: int) -> sparse.csr_matrix:
    """A matrix from rows of column-value pairs."""
    starts = np.cumsum([0, *(len(row) for row in rows)])
    places = [column for row in rows for column in sorted(row)]
    values = [row[column] for row in rows for column in sorted(row)]
    return sparse.csr_matrix((values, places, starts), shape=(len(rows), columns))


def scores(by: LogLinear, lists: sparse.csr_matrix, runs: sparse.csr_matrix, vectors: Array) -> Array:
    """`LogLinear.score` for a batch of n texts, (n, c)."""
    score = lists @ by.lists.astype(np.float64) + runs @ by.grams.astype(np.float64)
    score += (vectors - by.centre) / by.spread @ by.encoded.astype(np.float64) + by.intercept
    return np.asarray(score)
