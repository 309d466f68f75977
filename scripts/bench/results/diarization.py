"""Diarization without enrolment: each system's result, run time and error.

The error is the DER of pyannote.metrics, overlap included: seconds of missed speech, false alarm and confusion, divided
by seconds of speech. The collar is the total width excluded around every reference boundary, so 0.25 excludes an eighth
of a second on either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from coach.conversation import Ipu
from coach.core.span import RATE, Span
from scripts.bench.results.mapping import annotation
from scripts.bench.results.scores import within
from scripts.bench.results.tables import figure, table
from scripts.simulate.truth import Truth

COLLARS = (0.0, 0.25)  # seconds


@dataclass(frozen=True, slots=True)
class Errors:
    """Seconds of speech, missed speech, false alarm and confusion for one collar. Errors can be added."""

    total: float = 0.0
    missed: float = 0.0
    false: float = 0.0
    confused: float = 0.0

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.total + other.total,
            self.missed + other.missed,
            self.false + other.false,
            self.confused + other.confused,
        )

    @property
    def rate(self) -> float | None:
        return (self.missed + self.false + self.confused) / self.total if self.total else None


def errors(truth: Truth, found: Iterable[Ipu], collar: float) -> Errors:
    """Computed by pyannote.metrics with its optimal mapping, overlap included, where the truth leaves nothing out."""
    from pyannote.core import Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    scored = truth.scored
    whole = Timeline([_segment(scored)])
    told = DiarizationErrorRate(collar=collar, skip_overlap=False)(
        annotation(within(truth.speech, scored)),
        annotation(within(found, scored)),
        uem=whole.extrude(Timeline(map(_segment, truth.left_out))) if truth.left_out else whole,
        detailed=True,
    )
    return Errors(told["total"], told["missed detection"], told["false alarm"], told["confusion"])


def _segment(span: Span) -> Any:
    from pyannote.core import Segment

    return Segment(span.start / RATE, span.end / RATE)


def people_in(units: Sequence[Ipu]) -> int:
    return len({unit.who for unit in units})


@dataclass(frozen=True)
class Done:
    """A system's result on a take: `errors` per collar; `there` and `told`: the true and the found number of people."""

    take: str
    kind: str
    system: str
    errors: tuple[Errors, ...]
    there: int
    told: int
    seconds: float
    sound_s: float


def summary(done: list[Done], kind: str, note: str) -> str:
    """A row for each system; the shares are without a collar."""
    rows = []
    for system in dict.fromkeys(each.system for each in done):
        those = [each for each in done if each.system == system]
        seconds = sum(each.seconds for each in those) / sum(each.sound_s for each in those)
        counts = f"{sum(each.there == each.told for each in those)} of {len(those)}"
        sums = [sum((each.errors[i] for each in those), Errors()) for i in range(len(COLLARS))]
        rows.append([system, str(len(those)), *_shares(sums), counts, figure(seconds)])
    columns = ["", "n", *_COLUMNS, "count correct", "CPU s/s"]
    minutes = sum({each.take: each.sound_s for each in done}.values()) / 60
    return table(f"{kind}, {minutes:.1f} minutes{note}", columns, rows)


def each_take(done: Iterable[Done]) -> str:
    """A row for each recording."""
    rows = [
        [f"{each.take}, {each.kind}", each.system, *_shares(each.errors), f"{each.told} for {each.there}"]
        for each in done
    ]
    return table("each recording", ["", "system", *_COLUMNS, "people"], rows) if rows else ""


_COLUMNS = (*(f"DER, collar {c:g}" for c in COLLARS), "missed", "false alarm", "confusion")


def _shares(errors_by_collar: Sequence[Errors]) -> list[str]:
    """The DER for each collar; missed speech, false alarm and confusion without one."""
    strict = errors_by_collar[0]
    parts = (strict.missed, strict.false, strict.confused)
    return [
        *(figure(each.rate) for each in errors_by_collar),
        *(figure(part / strict.total if strict.total else None) for part in parts),
    ]
