"""The figures reported for a score, each with its name, unit and target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from scripts.bench.results.scores import Score


@dataclass(frozen=True, slots=True)
class Figure:
    """`of` returns None if there was nothing to measure. `reach` holds the target for each kind of take."""

    name: str  # in JSON
    title: str  # in the table
    short: str  # column heading
    of: Callable[[Score], float | None]
    digits: int = 3
    reach: dict[str, str] = field(default_factory=dict)


def median(errors: Sequence[float]) -> float | None:
    return round(float(np.median(np.abs(errors))), 4) if len(errors) else None


def ninetieth(errors: Sequence[float]) -> float | None:
    return round(float(np.percentile(np.abs(errors), 90)), 4) if len(errors) else None


def middle(errors: Sequence[float]) -> float | None:
    """The median signed error: positive if too long."""
    return round(float(np.median(errors)), 4) if len(errors) else None


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


FIGURES = (
    Figure("fto_median_s", "FTO error, median, s", "FTO", lambda s: median(s.fto),
           reach={"one microphone": "<= 0.060", "channels": "<= 0.030"}),
    Figure("fto_p90_s", "FTO error, 90th percentile, s", "p90", lambda s: ninetieth(s.fto),
           reach={"one microphone": "<= 0.200", "channels": "<= 0.100"}),
    Figure("fto_bias_s", "FTO error, signed median, s", "bias", lambda s: middle(s.fto)),
    Figure("transfers", "true transfers", "n", lambda s: len(s.fto) + s.missed or None, 0),
    Figure("transfers_missed", "  missed", "missed", lambda s: s.missed if s.fto or s.missed else None, 0,
           {"one microphone": "0", "channels": "0"}),
    Figure("transfers_invented", "  invented", "inv.", lambda s: s.invented if s.fto or s.missed else None, 0),
    Figure("pause_median_s", "pause length error, median, s", "pause", lambda s: median(s.pauses)),
    Figure("pause_p90_s", "pause length error, 90th percentile, s", "p90", lambda s: ninetieth(s.pauses)),
    Figure("pauses_lost", "  pauses not detected, share", "lost",
           lambda s: share(s.pauses_lost, s.pauses_lost + len(s.pauses))),
    Figure("gap_median_s", "gap length error, median, s", "gap", lambda s: median(s.gaps)),
    Figure("gap_p90_s", "gap length error, 90th percentile, s", "p90", lambda s: ninetieth(s.gaps)),
    Figure("gaps_lost", "  gaps not detected, share", "lost", lambda s: share(s.gaps_lost, s.gaps_lost + len(s.gaps))),
    Figure("who_spoke", "who spoke, correct frames of speech", "who", lambda s: share(s.frames_right, s.frames),
           reach={"one microphone": ">= 0.930", "channels": ">= 0.970"}),
    Figure("silence_right", "silence, correct frames", "silence", lambda s: share(s.silent_right, s.silent_frames)),
    Figure("overlaps", "true overlaps of 0.5 s", "n", lambda s: s.overlaps or None, 0),
    Figure("overlaps_found", "  found, share", "ovl", lambda s: share(s.overlaps_found, s.overlaps)),
    Figure("overlaps_invented", "  invented", "inv.", lambda s: s.overlaps_invented, 0),
    Figure("too_soon", "true too-soon transfers", "n", lambda s: s.soon or None, 0),
    Figure("too_soon_recall", "  recall", "soon r", lambda s: share(s.soon_found, s.soon),
           reach={"one microphone": ">= 0.900"}),
    Figure("too_soon_precision", "  precision", "soon p", lambda s: share(s.soon_found, s.soon_told),
           reach={"one microphone": ">= 0.950"}),
    Figure("backchannels", "true backchannels", "n", lambda s: s.backchannels or None, 0),
    Figure("backchannels_taken", "  taken for turns, share", "bc",
           lambda s: share(s.backchannels_taken, s.backchannels)),
)  # fmt: skip

_SHOWN = (
    "fto_median_s", "fto_p90_s", "transfers_missed", "transfers_invented", "pause_median_s", "gap_median_s",
    "who_spoke", "silence_right", "overlaps_found", "too_soon_recall", "too_soon_precision",
)  # fmt: skip
GROUPED = tuple(each for each in FIGURES if each.name in _SHOWN)


def figures(score: Score) -> dict[str, float | None]:
    """All figures, by name."""
    return {each.name: each.of(score) for each in FIGURES}
