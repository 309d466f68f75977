"""Writes trained weights to a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write(file: Path, table: Mapping[str, NDArray[Any]]) -> None:
    """Writes `table` in the format of `coach.core.resources.load_weights`, each array in its own type."""
    arrays: dict[str, Any] = dict(table)
    np.savez_compressed(file, **arrays)
