"""Formats errors of speech edges and false speech on noise, one line each."""

from __future__ import annotations

import numpy as np

from scripts.simulate.scenes import (
    runs,
)

SILENCE = 25  # frames; the shortest silence whose edges count
MISSED = 30  # frames


def errors(truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """(k, 2) signed errors of onset and offset, in frames."""
    got = runs(found, least=6) or [(-1000, -1000)]
    starts, ends = np.array(got).T
    return np.array(
        [
            (starts[np.abs(starts - a).argmin()] - a, ends[np.abs(ends - b).argmin()] - b)
            for a, b in runs(truth, SILENCE)
        ]
    )


def line(name: str, off: np.ndarray, gaps: np.ndarray) -> None:
    def two(x: np.ndarray) -> str:
        return f"{np.median(np.abs(x)) / 100:.3f} {np.percentile(np.abs(x), 90) / 100:.3f}"

    missed = (np.abs(off) > MISSED).any(axis=1).mean()
    print(f"{name:26} {len(off):4}  {two(off[:, 0]):>14} {two(off[:, 1]):>14} {two(gaps):>14} {missed:6.1%}")


def line_of_noise(name: str, row: np.ndarray) -> None:
    print(f"{name:26} {row[0]:7.1f} {row[1]:20.0f} {row[2]:14.0f}")
