"""Files of segments, read as `coach analyze` reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coach.review.imports import Segments, conversations


def segments(path: Path, people: Sequence[str] = ()) -> list[Segments]:
    """The segments of every conversation in a file; with `people`, only theirs, in this order."""
    return [each.taking(people) for each in conversations(path)]
