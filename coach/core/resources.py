"""Files that ship with the coach: sounds in `audio_assets`, and trained weights.

The sounds are inside an installed package, or at the top of a checkout. The weights are beside the code that reads
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.core.errors import Missing

Weights = Mapping[str, NDArray[Any]]

SAMPLE_FILE = "sample.flac"  # the sample conversation, among the assets

_PACKAGE = Path(__file__).resolve().parents[1]


def asset(name: str) -> Path:
    """The path of the file `name` in `audio_assets`. Raises Missing if the installation is incomplete."""
    for folder in (_PACKAGE / "audio_assets", _PACKAGE.parent / "audio_assets"):
        if (folder / name).is_file():
            return folder / name
    raise _missing(name)


def packaged(package: str, *path: str) -> bytes:
    """The file at `path` inside `package`. Raises Missing when the installation is incomplete."""
    try:
        return files(package).joinpath(*path).read_bytes()
    except FileNotFoundError:
        raise _missing(path[-1]) from None


def load_weights(package: str, *path: str) -> Weights:
    """All arrays of the .npz file at `path` inside `package`, by name. Raises Missing, as `packaged` does."""
    with np.load(BytesIO(packaged(package, *path))) as stored:
        return dict(stored)


def _missing(name: str) -> Missing:
    return Missing(f"the file {name} is missing from this installation of the coach; reinstall the coach")
