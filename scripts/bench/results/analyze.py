"""How fast `coach analyze` is, and how much memory it needs, beside the targets."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.bench.results.tables import Row

FACTOR_TARGET = 15.0  # x real time, with words or without
MEMORY_TARGET = 1000.0  # MB


@dataclass(frozen=True)
class Run:
    """One process: seconds of audio, wall time and processor time, and peak memory in MB."""

    sound_s: float
    wall_s: float
    processor_s: float
    memory_mb: float


def rows(name: str, runs: Sequence[Run]) -> list[Row]:
    """The table's figures for the case `name`: medians of its runs, and the most memory that any of them took."""
    sound = runs[0].sound_s
    wall = statistics.median(each.wall_s for each in runs)
    processor = statistics.median(each.processor_s for each in runs)
    memory = max(each.memory_mb for each in runs)
    note = f"{sound:.0f} s in {wall:.1f} s, {processor:.1f} s of processor"
    return [
        Row(name, sound / wall, "x real time", f">= {FACTOR_TARGET:.0f}", note),
        Row("", memory, "MB at most", f"<= {MEMORY_TARGET:.0f}"),
    ]
