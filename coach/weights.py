"""What was learnt before the coach shipped: arrays by their names, in files inside its rooms."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = Mapping[str, NDArray[Any]]


def shipped(room: str, *path: str) -> Weights:
    """All arrays of the file at `path` inside the package `room`, as they were stored."""
    with files(room).joinpath(*path).open("rb") as file, np.load(file) as stored:
        return dict(stored)
