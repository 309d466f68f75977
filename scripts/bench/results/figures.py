"""The figures reported for a score, each with its name, unit and target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from scripts.bench.kinds import CALLS, CALLS_ONE, CHANNELS, GAME, GAME_ONE, ONE, ROOMS, SESSION, SESSION_ONE
from scripts.bench.results.scores import Score
from scripts.bench.results.tables import figure

CERTAINTY = 1.96  # standard normal deviate of a two-sided 95% interval


@dataclass(frozen=True, slots=True)
class Figure:
    """`of` returns None if there was nothing to measure. `reach` holds the target for each kind of take.

    `out_of`: the whole that a count is part of, shown beside it.
    """

    name: str  # in JSON
    title: str  # in the table
    short: str  # column heading
    of: Callable[[Score], float | None]
    digits: int = 3
    reach: dict[str, str] = field(default_factory=dict)
    out_of: Callable[[Score], int] | None = None

    def shown(self, score: Score) -> str:
        text = figure(self.of(score), self.digits)
        return text if self.out_of is None or text == "-" else f"{text} of {self.out_of(score)}"


def median(errors: Sequence[float]) -> float | None:
    return round(float(np.median(np.abs(errors))), 4) if len(errors) else None


def ninetieth(errors: Sequence[float]) -> float | None:
    return round(float(np.percentile(np.abs(errors), 90)), 4) if len(errors) else None


def middle(errors: Sequence[float]) -> float | None:
    """The median signed error: positive if too long."""
    return round(float(np.median(errors)), 4) if len(errors) else None


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """The 95% interval of a share (Wilson 1927); None for a share of nothing."""
    if not whole:
        return None
    z = CERTAINTY**2 / whole
    middle_of_it = (part / whole + z / 2) / (1 + z)
    half = (z * (part / whole) * (1 - part / whole) + (z / 2) ** 2) ** 0.5 / (1 + z)
    return round(max(0.0, middle_of_it - half), 4), round(min(1.0, middle_of_it + half), 4)


def interval(k: int, n: int) -> str:
    """k of n as a share with its 95% interval."""
    found = wilson(k, n)
    return "-" if found is None else f"{k / n:.2f} ({found[0]:.2f} to {found[1]:.2f}; {k} of {n})"


def _transfers(score: Score) -> int:
    return len(score.fto) + score.missed


def _each(kinds: Sequence[str], target: str) -> dict[str, str]:
    return dict.fromkeys(kinds, target)


_MADE, _CALLS_ONE, _SESSION = (ONE, CHANNELS), (CALLS_ONE, ROOMS), (SESSION, SESSION_ONE)

FIGURES = (
    Figure("who_spoke", "who spoke, correct frames of speech", "who", lambda s: share(s.frames_right, s.frames),
           reach={ONE: ">= 0.965", CHANNELS: ">= 0.970", CALLS: ">= 0.940", **_each(_CALLS_ONE, ">= 0.900"),
                  GAME: ">= 0.930", GAME_ONE: ">= 0.920", **_each(_SESSION, ">= 0.850")}),
    Figure("silence_right", "silence, correct frames", "silence", lambda s: share(s.silent_right, s.silent_frames),
           reach={**_each((CALLS, *_CALLS_ONE), ">= 0.950"), **_each((GAME, GAME_ONE), ">= 0.940")}),
    Figure("double_precision", "two at once, frames: precision", "two p",
           lambda s: share(s.double_right, s.double_told), reach=_each(_MADE, ">= 0.700")),
    Figure("double_recall", "  recall", "two r", lambda s: share(s.double_right, s.double_frames),
           reach=_each(_MADE, ">= 0.750")),
    Figure("overlaps_found", "overlaps of 0.5 s found", "overlaps", lambda s: s.overlaps_found if s.overlaps else None,
           0, out_of=lambda s: s.overlaps),
    Figure("overlaps_invented", "  invented", "inv.", lambda s: s.overlaps_invented, 0),
    Figure("fto_median_s", "FTO error, median, s", "FTO", lambda s: median(s.fto),
           reach={ONE: "<= 0.040", CHANNELS: "<= 0.030"}),
    Figure("fto_p90_s", "FTO error, 90th percentile, s", "p90", lambda s: ninetieth(s.fto),
           reach={ONE: "<= 0.150", CHANNELS: "<= 0.100"}),
    Figure("fto_bias_s", "FTO error, signed median, s", "bias", lambda s: middle(s.fto)),
    Figure("transfers_missed", "transfers missed", "missed", lambda s: s.missed if _transfers(s) else None, 0,
           _each(_MADE, "<= 10 of 494"), _transfers),
    Figure("transfers_invented", "  invented", "inv.", lambda s: s.invented if _transfers(s) else None, 0),
    Figure("pause_median_s", "pause length error, median, s", "pause", lambda s: median(s.pauses)),
    Figure("pause_p90_s", "pause length error, 90th percentile, s", "p90", lambda s: ninetieth(s.pauses)),
    Figure("pauses_lost", "  pauses not heard, share", "lost",
           lambda s: share(s.pauses_lost, s.pauses_lost + len(s.pauses)), reach=_each(_MADE, "<= 0.080")),
    Figure("gap_median_s", "gap length error, median, s", "gap", lambda s: median(s.gaps)),
    Figure("gap_p90_s", "gap length error, 90th percentile, s", "p90", lambda s: ninetieth(s.gaps)),
    Figure("gaps_lost", "  gaps not heard, share", "lost", lambda s: share(s.gaps_lost, s.gaps_lost + len(s.gaps))),
    Figure("backchannels_taken", "backchannels taken for turns", "bc",
           lambda s: s.backchannels_taken if s.backchannels else None, 0, out_of=lambda s: s.backchannels),
)  # fmt: skip

_SHOWN = (
    "who_spoke", "silence_right", "double_precision", "double_recall", "fto_median_s", "fto_p90_s", "transfers_missed",
    "transfers_invented", "pause_median_s", "pauses_lost", "gap_median_s",
)  # fmt: skip
GROUPED = tuple(each for each in FIGURES if each.name in _SHOWN)


def figures(score: Score) -> dict[str, float | None]:
    """All figures by name, with the wholes of the counts."""
    wholes = {"transfers": _transfers(score), "overlaps": score.overlaps, "backchannels": score.backchannels}
    return {each.name: each.of(score) for each in FIGURES} | wholes | too_soon(score)


def too_soon(score: Score) -> dict[str, float | None]:
    """Recall and precision of "too soon", with the ends of their 95% intervals."""
    out: dict[str, float | None] = {"too_soon": score.soon, "too_soon_told": score.soon_told}
    for name, whole in (("recall", score.soon), ("precision", score.soon_told)):
        low, high = wilson(score.soon_found, whole) or (None, None)
        out |= {
            f"too_soon_{name}": share(score.soon_found, whole),
            f"too_soon_{name}_low": low,
            f"too_soon_{name}_high": high,
        }
    return out
